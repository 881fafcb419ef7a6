/* Which exits are there only because L1's time stands still while L0 records?  Next: quiet.c, host/report/pause.h. */
#ifndef HOST_RECORD_QUIET_H
#define HOST_RECORD_QUIET_H

#include <stdbool.h>
#include <stdint.h>

#include "host/vm/vcpu.h"

/*
 * Instructions of assembly that is above this floor: of the pieces of host/run/traced.S, from PAUSE_EXIT on, those around and in front
 * (enum pause_piece); and those of an exit and its entry that are behind the last clock that L0 can read, or in front of the first.
 */
struct quiet_instructions {
	const uint32_t (*traced)[2];
	uint32_t rest;
};

/* What L0 records takes no time from now on. The only CPU, before a vCPU has run. */
void quiet_start(struct quiet_instructions i);

/*
 * At each exit of v: its times become those of the clock that stands still. True: it was an access to the physical counter or its timer,
 * which without recording does not trap; it is carried out, and not counted.
 */
bool quiet_exit(struct vcpu *v, bool is_sync, uint64_t esr);

/* The rest of quiet_start, in ticks: an exit takes so much more than from its time to the end of run_exit. */
uint64_t quiet_rest(void);

#endif
