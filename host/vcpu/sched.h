/*
 * Which vCPU runs where, and for how long?  Every CPU takes the runnable vCPU that has run least, gives it a time slice, and
 * looks again when the slice is over, when the vCPU waits (WFI, PSCI CPU_SUSPEND) or yields (WFE), or when another CPU
 * pokes it. What L0 does for a vCPU is its time too. While there are no more vCPUs than CPUs nothing of this runs: no
 * slices, and WFI and WFE do not trap.  Next: sched.c, park.h.
 */
#ifndef HOST_SCHED_H
#define HOST_SCHED_H

#include "host/vcpu/vcpu.h"

/* HCR_EL2 bits that sharing CPUs needs: {TWI, TWE}, and {FB, BSU} since a vCPU's own TLB entries may be on other CPUs. */
extern uint64_t sched_hcr;

void sched_init(void);
/* v becomes known, and is off. */
void sched_add(struct vcpu *v);
/* v, reset, is on from now. */
void sched_on(struct vcpu *v);

/* On the CPU of v, with v->resched set: what runs next, loaded. Often v. */
__attribute__((cold)) struct vcpu *sched_next(struct vcpu *v);

/* v is to wait for an interrupt, or to let others run once. Takes effect at the end of the exit. */
__attribute__((cold)) void sched_wait(struct vcpu *v);
__attribute__((cold)) void sched_yield(struct vcpu *v);

/* Something came up for v: it comes to L0 if it runs elsewhere, and stops waiting. From any CPU; no lock of RANK_SCHED. */
__attribute__((cold)) void sched_wake(struct vcpu *v);

/* All vCPUs of the VM come to sched_next, which switches them off: vm->stopping is set. */
void sched_stop_vm(struct vm *vm);
/* v ends on this CPU. Does not return. */
_Noreturn void sched_off(struct vcpu *v);

/* A CPU without a vCPU: waits for one, and runs it. */
_Noreturn void sched_run(void);

/* The IPI and the slice's end, as the exit path sees them. */
__attribute__((cold)) void sched_poked(struct vcpu *v);

#endif
