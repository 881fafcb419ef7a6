/*
 * How do events get from a running machine into a file?  A thread takes them out of L0's rings (traces/ring.h) while the
 * guest runs, adds what L0 left to this side (enrich.c) and makes pages of them; at the end the pages become a
 * trace.dat file.
 */
#ifndef EXPERIMENTS_FIRN_RECORD_RECORDING_H
#define EXPERIMENTS_FIRN_RECORD_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "experiments/firn/machine/machine.h"
#include "experiments/firn/record/tail.h"
#include "experiments/firn/record/trigger.h"
#include "experiments/firn/trace/symbols.h"
#include "traces/format.h"

struct recording;

/* What of all that happens is wanted. With a tail or a trigger the machine has one CPU: of several, the order is known at the end. */
struct recording_wish {
	bool between_marks;	/* what lies between the first and the last mark of a workload only */
	struct span tail;	/* of that the end only; none: all of it */
	struct trigger trigger; /* when it happens, the recording is to end: with that step, */
	struct span after;	/* and so much behind it */
};

/* What was recorded. */
struct recording_sum {
	uint64_t events;	    /* in the file */
	uint64_t made, lost;	    /* by L0, and of these */
	uint64_t ticks;		    /* of the counter, in L0's making of the events */
	uint64_t scans, scan_ticks; /* looking for changed registers */
	uint64_t counter_hz;
	uint64_t entry_pc;		   /* where the first vCPU began */
	const struct addresses *addresses; /* of L1's code, until recording_free */
	const struct addresses *vectors;   /* values of VBAR_EL2, likewise */
	bool has_area;			   /* L0 found the rings */
	bool triggered;
};

/*
 * folder: where the events may be kept until the file is written. When the recording has ended because of its trigger, the waits of
 * tool/child.h end too. NULL after one line on stderr.
 */
struct recording *recording_start(const struct machine *machine, const char *folder,
				  const struct recording_wish *wish);

/*
 * How much there is so far; from any thread while the machine runs. True: events. False, with several CPUs, whose events are counted
 * at the end: bytes.
 */
bool recording_so_far(const struct recording *recording, uint64_t *count);

/* Takes what is left; the machine has ended, but its memory is still there. A failure is told by recording_write. */
void recording_stop(struct recording *recording, struct recording_sum *sum);

/* After recording_stop: writes the file. symbols: lines "address T name". False after one line on stderr. */
bool recording_write(struct recording *recording, int fd, const char *name, const char *about,
		     const char *symbols);

void recording_free(struct recording *recording);

#endif
