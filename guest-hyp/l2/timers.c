/* When does L2's virtual timer interrupt it?  timer, wfi_timer, vm_switch, irq_latency.  Reads: l2.h, payload.h. */
#include "guest-hyp/l2/payload.h"

void timer_interrupts(uint64_t n)
{
	uint64_t before;

	while (n--) {
		before = vcpus[0].irqs;
		write_sysreg(CNTV_TVAL_EL0, 0);
		write_sysreg(CNTV_CTL_EL0, 1);
		isb();
		wait_for_irq(before);
	}
}

/* Long enough for L1 to find nothing to do before it fires. */
void wfi_timers(uint64_t n, uint64_t microseconds)
{
	uint64_t delay = read_sysreg(CNTFRQ_EL0) / 1000000 * microseconds, before;

	while (n--) {
		before = vcpus[0].irqs;
		write_sysreg(CNTV_CVAL_EL0, read_sysreg(CNTVCT_EL0) + delay);
		write_sysreg(CNTV_CTL_EL0, 1);
		isb();
		/* Masked from the look to the WFI, so that the interrupt cannot come in between. */
		write_sysreg(daif, PSTATE_DAIF);
		while (vcpus[0].irqs == before) {
			__asm__ volatile("wfi" ::: "memory");
			write_sysreg(daif, 0);
			isb();
			write_sysreg(daif, PSTATE_DAIF);
		}
		write_sysreg(daif, 0);
	}
}

/* Before the first mark, so that no page of them is new afterwards. */
void touch_samples(void)
{
	for (uint64_t k = 0; l2->workload == L2_irq_latency && k < l2_interrupts(l2->n1, l2->n2); k++)
		samples()[k] = 0;
}

/* Delays that have nothing in common with anything that L1 does periodically. */
void late_timers(uint64_t first, uint64_t n)
{
	uint64_t microsecond = read_sysreg(CNTFRQ_EL0) / 1000000, before;

	for (uint64_t k = first; k < first + n; k++) {
		before = vcpus[0].irqs;
		write_sysreg(CNTV_CVAL_EL0, read_sysreg(CNTVCT_EL0) + microsecond * (20 + k * 7 % 41));
		write_sysreg(CNTV_CTL_EL0, 1);
		isb();
		wait_for_irq(before);
	}
}

/* Shell's. */
static void sort(uint64_t *values, uint64_t count)
{
	for (uint64_t gap = count / 2; gap; gap /= 2)
		for (uint64_t i = gap; i < count; i++) {
			uint64_t value = values[i], at = i;

			for (; at >= gap && values[at - gap] > value; at -= gap)
				values[at] = values[at - gap];
			values[at] = value;
		}
}

/* Of the interrupts between the second mark and the third. */
void report_latency(void)
{
	uint64_t *values = samples() + 2 * l2->n1, rank;

	sort(values, l2->n2);
	for (unsigned k = 0; l2->n2 && k < L2_LATENCIES; k++) {
		rank = (l2->n2 * l2_quantile(k) + 9999) / 10000; /* from 1 */
		l2->latency[k] = values[rank ? rank - 1 : 0];
	}
}
