/*
 * Four virtual timers of L1 on two of hardware, and when does which fire?  Next: timer.c.
 *
 * With E2H=1 the hardware EL1 timers are L1's EL2 timers while vEL2 runs, and its EL1 timers while the guest context
 * runs. With E2H=0 they are L1's EL1 timers in both. Timers that are not in hardware at the moment are watched with L0's
 * own EL2 timer: their lines into L1's GIC are what the architecture says at each look, and the next look is the trap
 * that ends the run of the vCPU or the deadline, whichever comes first.
 */
#ifndef HOST_INTERRUPT_TIMER_H
#define HOST_INTERRUPT_TIMER_H

#include "host/vm/vcpu.h"

/* Out of reset, off. time_stops: the VM's counters stand still while the vCPU has no CPU. */
void timer_reset(struct vcpu *v, bool time_stops);

/* Their parts of the exchange of worlds. */
void timer_to_vel2(struct vcpu *v);
void timer_to_guest_context(struct vcpu *v);

/*
 * After a trap of vEL2 that stays there, in nv2 mode, and after each write to an offset: L1 may have written to its EL1 timers
 * and their offsets, which are memory to it then.
 */
void timer_refresh(struct vcpu *v);

/* Takes back from L1's GIC what is pending there for a timer in hardware whose line has fallen since. */
void timer_sample_links(struct vcpu *v);

static inline bool timer_has_links(const struct vcpu *v)
{
	return v->timers.linked[HW_TIMER_V] | v->timers.linked[HW_TIMER_P];
}

static inline void timer_sample(struct vcpu *v)
{
	if (timer_has_links(v))
		timer_sample_links(v);
}

/* L1 is about to look at its GIC: its timers' lines are what they are now. */
void timer_observe(struct vcpu *v);

/* L1 has written to the memory of a timer: hardware, the lines and the next look follow. */
void timer_written(struct vcpu *v, enum nv_timer_id id);

/* Is intid one of hardware's EL1 timers, or L0's own?  Then the interrupt is handled: acknowledged already, dropped here. */
bool timer_interrupt(struct vcpu *v, uint32_t intid);

/*
 * Where a timer is depends on L1's E2H and on v's mode. Before one of them changes, the pair that hardware has goes to memory;
 * behind that hardware gets the pair that is to be there now. See world_follow_e2h and world_set_mode.
 */
void timer_save(struct vcpu *v);
void timer_follow_e2h(struct vcpu *v);
void timer_follow_mode(struct vcpu *v);

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
