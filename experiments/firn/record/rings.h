/*
 * How are L0's rings of events read, in the order of time?
 */
#ifndef EXPERIMENTS_FIRN_RECORD_RINGS_H
#define EXPERIMENTS_FIRN_RECORD_RINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "traces/ring.h"

struct rings {
	struct trace_area *area; /* shared with L0 */
	uint64_t area_bytes;
	/* Gets each record, of all CPUs in order of time. */
	void (*take)(void *context, unsigned cpu, const struct trace_record *record);
	void *context;
	struct ring_end {
		uint64_t tail;	     /* what is before it has been taken */
		int kept_fd;	     /* with several rings: a file with everything that was in this one */
		const uint8_t *kept; /* mapped, when all is there */
		uint64_t kept_bytes; /* what is in it; the ring's offsets are the file's */
	} end[TRACE_MAX_CPUS];
	uint64_t taken; /* records */
	int error;	/* errno of a file that could not be written */
	bool damaged;	/* L0 put something else there than this program knows */
};

/* take and context are set, and area will be before anything else is called but rings_close. False with errno. */
bool rings_open(struct rings *rings, const char *folder);

/* Has L0 set them up? */
bool rings_are_ready(const struct rings *rings);

/* Makes room for L0: takes what is there now, or, with several rings, keeps it. From any thread, one at a time. */
void rings_empty(struct rings *rings);

/* From any thread meanwhile. True: records that were taken. False, with several rings: bytes that were kept. */
bool rings_so_far(const struct rings *rings, uint64_t *count);

/* L0 has ended: takes all that is left. */
void rings_finish(struct rings *rings);

void rings_close(struct rings *rings);

#endif
