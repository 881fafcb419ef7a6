/* What does L0 remember of a vCPU's timers?  Next: timer.h. */
#ifndef HOST_TIMER_TYPES_H
#define HOST_TIMER_TYPES_H

#include <stdbool.h>
#include <stdint.h>

/* Hardware's two EL1 timers. */
enum hw_timer {
	HW_TIMER_V, /* CNTV */
	HW_TIMER_P, /* CNTP */
	HW_TIMERS
};

struct vcpu_timers {
	uint32_t linked
		[HW_TIMERS];	 /* INTID in L1's GIC whose deactivation deactivates hardware's, 0 for none */
	bool expired[HW_TIMERS]; /* L1's EL2 timer fired while its guest ran: pending in L1's GIC already */
	bool watching;		 /* L0's own timer is armed for one that hardware does not hold */
};

#endif
