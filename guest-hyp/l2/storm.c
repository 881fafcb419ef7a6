/* What do vCPUs of L2 send each other?  virtual_ipi, storm.  Reads: l2.h, payload.h. */
#include "guest-hyp/l2/payload.h"

#define DELAYS 40
#define LOST_SECONDS 60 /* an interrupt of a storm that has not come by then */

void virtual_ipis(uint64_t n)
{
	uint64_t before;

	while (n--) {
		before = vcpus[1].irqs;
		send_sgi(L2_SGI_IPI, 1);
		while (vcpus[1].irqs == before)
			relax();
	}
}

/* Asleep or awake; SGIs of the others are taken meanwhile. */
void take_timer(struct vcpu *v, uint64_t microseconds, bool asleep)
{
	uint64_t now = read_sysreg(CNTVCT_EL0), hz = read_sysreg(CNTFRQ_EL0);

	v->timers_set = v->timers_set + 1;
	write_sysreg(CNTV_CVAL_EL0, now + hz / 1000000 * microseconds);
	write_sysreg(daif, asleep ? PSTATE_DAIF : 0);
	write_sysreg(CNTV_CTL_EL0, 1);
	isb();
	while (v->timers_taken != v->timers_set) {
		if (asleep)
			__asm__ volatile("wfi" ::: "memory");
		write_sysreg(daif, 0);
		isb();
		relax();
		write_sysreg(daif, asleep ? PSTATE_DAIF : 0);
		if (read_sysreg(CNTVCT_EL0) - now > LOST_SECONDS * hz)
			finish(L2_NO_INTERRUPT, v->timers_taken);
	}
	write_sysreg(daif, 0);
}

/* Timer by timer, for it costs the other vCPUs less than to look all the time. */
void wait_for(volatile uint64_t *count, uint64_t value)
{
	uint64_t start = read_sysreg(CNTVCT_EL0);

	while (*count != value) {
		take_timer(&vcpus[self()], NAP, true);
		if (read_sysreg(CNTVCT_EL0) - start > LOST_SECONDS * read_sysreg(CNTFRQ_EL0))
			finish(L2_NO_INTERRUPT, *count);
	}
}

/*
 * An SGI that comes while the one before it is pending is the same one to the architecture, so none is sent before that was
 * taken. Delays and receivers change from round to round.
 */
static void storm_round(struct vcpu *v, uint64_t me)
{
	uint64_t to = (me + 1 + v->rounds % (l2->cpus - 1)) % l2->cpus;

	v->sent[to] = v->sent[to] + 1;
	dsb(sy);
	send_sgi(L2_SGI_STORM + me, to);
	take_timer(v, v->rounds * 7 % DELAYS, v->rounds % 2);
	wait_for(&vcpus[to].taken[me], v->sent[to]);
	v->rounds = v->rounds + 1;
}

void storm_until(uint64_t goal)
{
	uint64_t me = self();

	while (vcpus[me].rounds != goal)
		storm_round(&vcpus[me], me);
}

void storm(uint64_t goal)
{
	vcpus[0].goal = goal;
	storm_until(goal);
	for (uint64_t k = 1; k < l2->cpus; k++)
		while (vcpus[k].rounds != goal)
			take_timer(&vcpus[0], NAP, true);
}

/* Sent, set and taken are the same numbers for every vCPU. */
void check_storm(void)
{
	for (uint64_t k = 0; k < l2->cpus; k++) {
		struct vcpu *v = &vcpus[k];

		for (uint64_t from = 0; from < l2->cpus; from++) {
			if (v->taken[from] != vcpus[from].sent[k])
				finish(L2_EXTRA_INTERRUPTS, v->taken[from]);
			l2->value += v->taken[from];
		}
		if (v->timers_taken != v->timers_set || v->timers_taken < l2->n1 + l2->n2)
			finish(L2_EXTRA_INTERRUPTS, v->timers_taken);
		l2->value += v->timers_taken;
	}
}
