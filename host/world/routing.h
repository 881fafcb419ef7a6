/*
 * Which interrupts of its own does L1 not route to vEL2?  With HCR_EL2.{TGE,IMO} = {0,0} a physical IRQ has EL1 as its target and is
 * not taken at EL2, whatever PSTATE.I is; FMO is the same for FIQs. Hardware has vEL2 at EL1, where the list registers would
 * signal them. While one of those is pending it is held back: its group is disabled in hardware's interface, and what L1
 * would see of that traps.  Next: routing.c.
 */
#ifndef HOST_WORLD_ROUTING_H
#define HOST_WORLD_ROUTING_H

#include "host/vm/vcpu.h"
#include "nv/translate.h"

/* Before an entry of vEL2 with list registers in use: holds back what is to be, and lets go what is not. */
__attribute__((cold)) void routing_follow(struct vcpu *v);

/* vEL2 is about to enter its guest context, and something waited for that: lets everything go, and decides the mode. */
__attribute__((cold)) void routing_settle(struct vcpu *v);

/* Out of reset, behind world_reset. */
void routing_reset(struct vcpu *v);

/*
 * An access of vEL2 to r that trapped because something is held back: ISR_EL1, or a register of the interface. False: it did not,
 * or there is no such access.
 */
__attribute__((cold)) bool routing_access(struct vcpu *v, enum sysreg r, bool is_read, uint64_t *value);

/* With no group held back: is there anything to follow? Hardly ever. */
static inline bool routing_may_hold(const struct vcpu *v)
{
	return __builtin_expect(!nv_routes_all(vncr_get(&v->nv.file, SR_HCR_EL2)), 0);
}

#endif
