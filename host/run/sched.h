/*
 * Which vCPU runs where, and for how long?  Every CPU takes the runnable vCPU that has run least, gives it a time slice, and
 * looks again when the slice is over, when the vCPU waits (WFI, PSCI CPU_SUSPEND) or yields (WFE), or when another CPU
 * pokes it. What L0 does for a vCPU is its time too. While there are no more vCPUs than CPUs nothing of this runs: no
 * slices, and WFI and WFE do not trap.  Next: sched.c, host/vm/queue.h, host/world/park.h.
 */
#ifndef HOST_RUN_SCHED_H
#define HOST_RUN_SCHED_H

#include "host/vm/vcpu.h"

/* On the CPU of v, with v->queue.resched set: what runs next, loaded. Often v. */
__attribute__((cold)) struct vcpu *sched_next(struct vcpu *v);

/* On a CPU without a vCPU: waits for one, loaded then. */
struct vcpu *sched_first(void);

#endif
