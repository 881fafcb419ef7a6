/*
 * Which vCPUs want a CPU, and which CPU is to look for one?  The states of all vCPUs under one lock, with nv/share.h, which decides.
 * What runs is changed elsewhere: host/run/sched.h.  Next: queue.c.
 */
#ifndef HOST_VM_QUEUE_H
#define HOST_VM_QUEUE_H

#include "host/vm/vcpu.h"

/* HCR_EL2 bits that sharing CPUs needs: {TWI, TWE}, and {FB, BSU} since a vCPU's own TLB entries may be on other CPUs. */
extern uint64_t queue_hcr;

void queue_init(void);
/* v becomes known, and is off. */
void queue_add(struct vcpu *v);
/* v, reset, is on from now. */
void queue_on(struct vcpu *v);

/* Something came up for v: it comes to L0 if it runs elsewhere, and stops waiting. From any CPU; no lock of RANK_SCHED. */
__attribute__((cold)) void queue_wake(struct vcpu *v);

/* All vCPUs of the VM come to sched_next, which switches them off: vm->stopping is set. */
void queue_stop_vm(struct vm *vm);

/* The IPI and the slice's end, as the exit path sees them. */
__attribute__((cold)) void queue_poked(struct vcpu *v);

/* The CPU of v is to look for what runs next, at the end of the exit. From any CPU. */
__attribute__((cold)) void queue_look(struct vcpu *v);

/* v is to wait for an interrupt, to let others run once, or to be off. Takes effect at the end of the exit. */
__attribute__((cold)) void queue_leave(struct vcpu *v, enum vcpu_leave leave);

/* --- for the switch; *look: when this CPU has to look again, if only for that --- */

/* The best is cpu's, and runs or is to be loaded. NULL: cpu is idle. */
struct vcpu *queue_take(struct cpu *cpu, uint64_t *look);

/* The CPU of v looks now, for this reason. */
enum vcpu_leave queue_looks(struct vcpu *v);

/* v, whose slice is over, or whose CPU was poked: does another one run now? */
bool queue_is_preempted(struct vcpu *v, bool yields, uint64_t *look);

/*
 * Hardware holds nothing of v any more, which is off, wants to run again, or waits, until wake_at at the latest. Every tick of a CPU
 * that is not idle is somebody's: who leaves pays until now, and the next one from then on. Who is preempted has paid until that was
 * decided, so that it is the next one that pays for the change: one that wakes all the time takes its own time, not that of those
 * whom it interrupts.
 */
void queue_put(struct vcpu *v, enum share_state state);
void queue_wait(struct vcpu *v, uint64_t wake_at);
void queue_preempt(struct vcpu *v);

/* Nobody ran on cpu until now. */
void queue_idled(struct cpu *cpu);

#endif
