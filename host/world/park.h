/*
 * How does a vCPU leave hardware to another one, and come back?  Everything of it that hardware holds goes to its struct
 * vcpu and its VNCR page, whichever of its worlds is loaded.  Next: park.c, host/run/sched.h.
 */
#ifndef HOST_WORLD_PARK_H
#define HOST_WORLD_PARK_H

#include "host/vm/vcpu.h"

/* Out of this CPU. Nothing of v interrupts it any more. */
void park(struct vcpu *v);

/* Into this CPU: v->queue.cpu is set. Also the first time after vcpu_reset. */
void unpark(struct vcpu *v);

/* Out of reset, while parked. */
void park_reset(struct vcpu *v);

/* While parked: is there something that ends a WFI? */
bool park_has_wakeup(struct vcpu *v);

#endif
