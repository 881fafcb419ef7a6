/*
 * When does a timer fire?  As TimerConditionMet and the offsets of DDI0487: in 64 bits that wrap around.  Next:
 * host/interrupt/timer.c.
 */
#ifndef NV_TIMER_H
#define NV_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/fields.h"

/* CNT<x>_CTL and CNT<x>_CVAL */
struct nv_timer {
	uint64_t ctl, cval;
};

#define NV_TIMER_NEVER UINT64_MAX

/*
 * When is the condition of a timer met whose counter is offset behind the one that now was read from?  In ticks of that one:
 * now when it is met already, NV_TIMER_NEVER when the timer is off or hardware's counter does not get there.
 */
static inline uint64_t nv_timer_expires(struct nv_timer t, uint64_t now, uint64_t offset)
{
	uint64_t own = now - offset, left = t.cval - own;

	if (!(t.ctl & CNT_CTL_ENABLE))
		return NV_TIMER_NEVER;
	if (own >= t.cval)
		return now;
	return left > NV_TIMER_NEVER - now ? NV_TIMER_NEVER : now + left;
}

/* The offset of the physical counter for EL1 and EL0: CNTPOFF_EL2 has an effect with CNTHCTL_EL2.ECV = 1 only. */
static inline uint64_t nv_cntpoff(uint64_t cnthctl, uint64_t cntpoff, bool has_ecv)
{
	return has_ecv && (cnthctl & CNTHCTL_ECV) ? cntpoff : 0;
}

#endif
