/*
 * Under which controls of EL2 does each of L1's worlds run?  HCR_EL2 and its like: registers of hardware that are neither vEL2's nor its
 * guest's, of what L0 needs and what L1 asks for.  Next: controls.c.
 */
#ifndef HOST_WORLD_CONTROLS_H
#define HOST_WORLD_CONTROLS_H

#include "host/vm/vcpu.h"

/* Those of the world that is loaded, queue_hcr as it is now. */
void world_load_controls(struct vcpu *v);

/* Those of one world: while it is being loaded, or for AT, which needs the other one's for a moment. */
void world_load_vel2_controls(struct vcpu *v);
void world_load_guest_controls(struct vcpu *v);

/* queue_hcr may have changed: v->hcr follows. */
void world_follow_queue(struct vcpu *v);

#endif
