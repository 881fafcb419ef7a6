/*
 * Under which controls of EL2 does each of L1's worlds run?  HCR_EL2 and its like: registers of hardware that are neither vEL2's nor its
 * guest's, of what L0 needs and what L1 asks for.  Next: controls.c.
 */
#ifndef HOST_WORLD_CONTROLS_H
#define HOST_WORLD_CONTROLS_H

#include "host/vm/vcpu.h"

/* A vCPU is reset, its registers are: what of them a CPU without a feature needs another value of. */
void world_reset_controls(struct vcpu *v);

/* Those of the world that is loaded, queue_hcr as it is now. */
void world_load_controls(struct vcpu *v);

/* Those of one world: while it is being loaded, or for AT, which needs the other one's for a moment. */
void world_load_vel2_controls(struct vcpu *v);
void world_load_guest_context_controls(struct vcpu *v);

/* v comes to this CPU, before the first of those: HCRX_EL2 and fine-grained traps of another one are taken away. */
void world_meet_controls(struct vcpu *v);

/* vEL2 is loaded, and an interrupt is held back: WFI and ISR_EL1 trap, until its controls are loaded again. */
__attribute__((cold)) void world_trap_held(struct vcpu *v);

/* An SError with this syndrome is pending for v until v takes or defers it. */
__attribute__((cold)) void world_pend_serror(struct vcpu *v, uint64_t esr);

#endif
