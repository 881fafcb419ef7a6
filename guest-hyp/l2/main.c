/*
 * What does L2 do?  One workload, twice, between markers; then it checks itself.  The operations are defined in l2.h.
 * Next: payload.h.
 */
#include "guest-hyp/l2/payload.h"
#include "nv/arch/firn_abi.h"

#define SWITCH 1000 /* microseconds: longer than a hypervisor polls before it gives the CPU away */

void l2_main(struct l2_params *params);

/* Where L0 does not take markers this is one more PSCI_VERSION. */
static void mark(void)
{
	register uint64_t x0 __asm__("x0") = L2_PSCI_VERSION;

	__asm__ volatile("hvc %1" : "+r"(x0) : "i"(FIRN_HVC_MARK) : "x1", "x2", "x3", "memory");
}

/* Operations first to first + n - 1 of the workload. */
static void run(uint64_t first, uint64_t n)
{
	switch (l2->workload) {
	case L2_hypercall:
		hypercalls(n);
		break;
	case L2_device_io:
		device_reads(first, n);
		break;
	case L2_device_notify:
		device_writes(n);
		break;
	case L2_eoi:
		raised_interrupts(n);
		break;
	case L2_eoi_alone:
		eois_alone(first, n);
		break;
	case L2_ipi_self:
		self_ipis(n);
		break;
	case L2_timer:
		timer_interrupts(n);
		break;
	case L2_wfi_timer:
		wfi_timers(n, 20);
		break;
	case L2_vm_switch:
		wfi_timers(n, SWITCH);
		break;
	case L2_irq_latency:
		late_timers(first, n);
		break;
	case L2_device_irq:
		device_interrupts(n);
		break;
	case L2_vm_life:
		vm_lives(n);
		break;
	case L2_idreg:
		id_reads(n);
		break;
	case L2_page_touch:
	case L2_mapped_touch:
	case L2_block_touch:
	case L2_dirty_log:
		touch_pages(first, n);
		break;
	case L2_sparse_touch:
	case L2_random_touch:
		touch_elsewhere(first, n);
		break;
	case L2_page_unmap:
		unmap_pages(first, n);
		break;
	case L2_flush_pages:
	case L2_flush_blocks:
		flushes(n);
		break;
	case L2_virtual_ipi:
		virtual_ipis(n);
		break;
	case L2_storm:
		storm(first + n);
		break;
	case L2_cpu_off:
		lives(first, n);
		break;
	default:
		finish(L2_BAD_VALUE, l2->workload);
	}
}

/* Other VMs on this CPU do the same, from before the first mark to behind the last. */
static bool is_shared(void)
{
	return l2->workload == L2_vm_switch || l2->workload == L2_irq_latency;
}

/* The INTID that the workload is about, or one that never comes. */
static uint64_t workload_intid(void)
{
	switch (l2->workload) {
	case L2_eoi:
		return L2_SGI_EOI;
	case L2_ipi_self:
	case L2_virtual_ipi:
		return L2_SGI_IPI;
	case L2_timer:
	case L2_wfi_timer:
	case L2_vm_switch:
	case L2_irq_latency:
		return l2->timer_intid;
	case L2_device_irq:
		return l2->uart_intid;
	default:
		return 0;
	}
}

static _Noreturn void secondary(struct vcpu *v)
{
	if (l2->workload == L2_cpu_off)
		live(v);
	take_interrupts();
	v->ready = 1;
	for (;;) {
		if (l2->workload == L2_storm)
			storm_until(vcpus[0].goal);
		relax();
	}
}

static void start_secondaries(void)
{
	uint64_t result;

	for (uint64_t k = 1; k < l2->cpus && l2->workload != L2_cpu_off; k++) {
		result = cpu_on(k);
		if (result)
			finish(L2_NO_CPU, result);
		while (!vcpus[k].ready)
			relax();
	}
}

static void check(void)
{
	uint64_t all = is_shared() ? l2_interrupts(l2->n1, l2->n2) : l2->n1 + l2->n2;

	switch (l2->workload) {
	case L2_page_touch:
	case L2_mapped_touch:
	case L2_block_touch:
	case L2_dirty_log:
	case L2_sparse_touch:
	case L2_random_touch:
		check_pages();
		return;
	case L2_eoi_alone:
		check_eois();
		return;
	case L2_storm:
		check_storm();
		return;
	case L2_virtual_ipi:
		if (vcpus[1].irqs != all)
			finish(L2_EXTRA_INTERRUPTS, vcpus[1].irqs);
		return;
	default:
		if (workload_intid() && vcpus[0].irqs != all)
			finish(L2_EXTRA_INTERRUPTS, vcpus[0].irqs);
		if (l2->workload == L2_irq_latency)
			report_latency();
	}
}

void l2_main(struct l2_params *params)
{
	if (self())
		secondary(&vcpus[self()]);
	l2 = params;
	expect_interrupt(workload_intid());
	if (workload_intid() || counts_apart())
		take_interrupts();
	start_secondaries();
	touch_all();
	touch_samples();
	if (l2->workload == L2_device_irq)
		uart_begin();
	if (l2->workload == L2_eoi_alone)
		acknowledge_all();
	if (l2->workload == L2_dirty_log)
		clean_pages();
	if (is_shared())
		run(0, l2->n1);
	mark();
	run(0, l2->n1);
	mark();
	run(l2->n1, l2->n2);
	mark();
	if (is_shared())
		run(0, l2->n1);
	if (l2->workload == L2_device_irq)
		uart_end();
	check();
	finish(L2_OK, 0);
}
