/*
 * Four virtual timers of L1 on two of hardware, and when does which fire?  Next: timer.c.
 *
 * With E2H=1 the hardware EL1 timers are L1's EL2 timers while vEL2 runs, and its EL1 timers while the guest context
 * runs. With E2H=0 they are L1's EL1 timers in both. Timers that are not in hardware at the moment are watched with L0's
 * own EL2 timer: their lines into L1's GIC are what the architecture says at each look, and the next look is the trap
 * that ends the run of the vCPU or the deadline, whichever comes first.
 */
#ifndef HOST_TIMER_H
#define HOST_TIMER_H

#include "host/vcpu/vcpu.h"

/* Their parts of the exchange of worlds. */
void timer_to_vel2(struct vcpu *v);
void timer_to_guest(struct vcpu *v);

/*
 * After a trap of vEL2 that stays there, in nv2 mode: L1 may have written to its EL1 timers, which are memory to it then.
 */
void timer_refresh(struct vcpu *v);

/* A trapped access to a timer of L1 through its EL2 name, or to an EL1 timer. Values as the register has them. */
uint64_t timer_read(struct vcpu *v, enum sysreg r);
void timer_write(struct vcpu *v, enum sysreg r, uint64_t value);
/* CNTPCT_EL0 of the world that is loaded. */
uint64_t timer_counter(const struct vcpu *v);

/* Is intid one of hardware's EL1 timers, or L0's own?  Then the interrupt is handled: acknowledged already, dropped here. */
bool timer_interrupt(struct vcpu *v, uint32_t intid);

/* Moves the format change of E2H along: see world_follow_e2h. */
void timer_follow_e2h(struct vcpu *v, bool is_vhe);

/* vEL2 with E2H=0 goes on in this mode: its EL1 virtual timer moves between hardware (nv) and the VNCR page (nv2). */
void timer_follow_mode(struct vcpu *v, enum nv_mode mode);

/* Is this interrupt of L1's GIC a timer that hardware holds while the guest context runs? */
bool timer_is_linked(uint32_t l1_intid);

/* L1 linked an interrupt of its guest to such a timer: makes hardware's active, so that its deactivation is theirs. */
void timer_link(struct vcpu *v, uint32_t l1_intid);

/*
 * All four out of hardware, whose timers are off then, and back. timers.next is the first deadline; lines that are due by now
 * are high in L1's GIC.
 */
void timer_park(struct vcpu *v);
void timer_unpark(struct vcpu *v);

/* The scheduler of this CPU looks again at this time. And: L0's own timer fired while nobody's registers are loaded. */
void timer_sched(struct cpu *cpu, uint64_t at);
void timer_expired(struct cpu *cpu);

#endif
