/*
 * Which interrupts of L1's GIC are timers that hardware has?  A link between the two: hardware's is active as long as L1, or its guest,
 * has not deactivated its own.  Next: links.c; timer.c for L1's links, nested_gic.c for those of its guest.
 */
#ifndef HOST_INTERRUPT_LINKS_H
#define HOST_INTERRUPT_LINKS_H

#include "host/vm/vcpu.h"

/* INTIDs of L1's four timers in its GIC, by enum nv_timer_id, and of hardware's two in the machine's. */
extern const uint8_t timer_l1_intid[NV_TIMERS];
uint32_t timer_hw_intid(enum hw_timer t);

/* Is this interrupt of L1's GIC a timer that hardware holds while the guest context runs? */
bool timer_is_linked(uint32_t l1_intid);

/* L1 linked an interrupt of its guest to such a timer: makes hardware's active, so that its deactivation is theirs. */
void timer_link(struct vcpu *v, uint32_t l1_intid);

#endif
