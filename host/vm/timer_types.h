/*
 * What does L0 remember of a vCPU's timers?  Written by host/interrupt/timer.c, with links.c and timer_state.h, its parts.
 * Next: host/interrupt/timer.h.
 */
#ifndef HOST_VM_TIMER_TYPES_H
#define HOST_VM_TIMER_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/timer.h"

/* Hardware's two EL1 timers. */
enum hw_timer {
	HW_TIMER_V, /* CNTV */
	HW_TIMER_P, /* CNTP */
	HW_TIMERS
};

/* All that decides over the EL1 timers while they are in the VNCR page (E2H=0: what their copies in hardware were). */
struct page_timers {
	struct nv_timer timer[HW_TIMERS];
	uint64_t cntvoff, cntpoff;
};

struct vcpu_timers {
	uint32_t linked[HW_TIMERS]; /* INTID in L1's GIC for which hardware's is active, 0 for none */
	uint32_t high;		    /* of L1's four timers, one bit each: the line into L1's GIC is high */
	struct page_timers seen;    /* at the last look, which holds until one of these is another one, */
	uint64_t
		seen_until; /* or until then: the status of a timer changes. In ticks of hardware's counter */
	uint64_t next;	    /* while parked: when the first of them fires */
	uint64_t offset;    /* of L1's counters from hardware's: time that passed without the vCPU */
	uint64_t cval;	    /* with an offset: CVAL of the physical timer in hardware, as L1 means it */
	uint64_t direct;  /* CNTHCTL_EL2.{EL1PCTEN,EL1PTEN} that L0 lets L1 have: none when its time stops */
	uint64_t cnthctl; /* CNTHCTL_EL2 of hardware while vEL2 runs, */
	uint64_t open;	  /* and when it comes back from its guest: see nv_timer_cnthctl */
	uint64_t look_after; /* ticks for which vEL2 may go without a look at its timers */
};

#endif
