/*
 * What does L2 do?  One workload, twice, between markers; then it checks itself.  The operations are defined
 * in l2.h. No pointer may be stored in initialised data: the image is not relocated.
 */
#include "guest-hyp/l2/l2.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "nv/arch/firn_abi.h"

#include <stdbool.h>
#include <stddef.h>

#define GICD_CTLR 0x0
#define GICD_CTLR_ARE_GRP1 0x12
#define GICR_WAKER 0x14
#define GICR_WAKER_PROCESSOR_SLEEP 0x2
#define GICR_WAKER_CHILDREN_ASLEEP 0x4
#define GICR_SGI_FRAME 0x10000
#define GICR_IGROUPR0 (GICR_SGI_FRAME + 0x80)
#define GICR_ISENABLER0 (GICR_SGI_FRAME + 0x100)
#define GICR_ISPENDR0 (GICR_SGI_FRAME + 0x200)
#define GICR_STRIDE UINT64_C(0x20000)
#define UARTDR 0x000
#define UARTIMSC 0x038
#define UARTICR 0x044
#define UART_TX UINT32_C(0x20) /* the transmit FIFO has room */
#define SPIN_MAX 50000000
#define NO_VCPU 0x100 /* an affinity that there is not */
#define NAP 500	      /* microseconds: longer than an SGI takes, even emulated */
#define DELAYS 40
#define SWITCH 1000	/* microseconds: longer than a hypervisor polls before it gives the CPU away */
#define LOST_SECONDS 60 /* an interrupt of a storm that has not come by then */

void l2_main(struct l2_params *params);
void l2_exception(uint64_t esr);
void l2_irq(uint64_t now);

static struct l2_params *l2;
static uint64_t intid_expected;

/*
 * What a vCPU tells the others. Only that one writes it: the MMU is off, and exclusives need not work on Device memory.
 */
static struct vcpu {
	volatile uint64_t irqs; /* taken and completed so far */
	volatile uint64_t ready;
	volatile uint64_t rounds, goal; /* storm */
	volatile uint64_t timers_set, timers_taken;
	volatile uint64_t sent[L2_CPUS_MAX], taken[L2_CPUS_MAX]; /* SGIs, by the other vCPU */
} vcpus[L2_CPUS_MAX];

static uint64_t self(void)
{
	return field_get(MPIDR_AFF0, read_sysreg(MPIDR_EL1));
}

static uint64_t call3(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;
	register uint64_t x3 __asm__("x3") = c;

	__asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"memory");
	return x0;
}

static uint64_t call(uint64_t function, uint64_t argument)
{
	return call3(function, argument, 0, 0);
}

/* Where L0 does not take markers this is one more PSCI_VERSION. */
static void mark(void)
{
	register uint64_t x0 __asm__("x0") = L2_PSCI_VERSION;

	__asm__ volatile("hvc %1" : "+r"(x0) : "i"(FIRN_HVC_MARK) : "x1", "x2", "x3", "memory");
}

static _Noreturn void finish(enum l2_status status, uint64_t detail)
{
	l2->detail = detail;
	l2->status = status;
	dsb(sy);
	for (;;)
		call(L2_PSCI_SYSTEM_OFF, 0);
}

static volatile uint32_t *reg32(uint64_t address)
{
	return (volatile uint32_t *)address;
}

void l2_exception(uint64_t esr)
{
	finish(L2_EXCEPTION, esr);
}

static void timer_off(void)
{
	write_sysreg(CNTV_CTL_EL0, 0);
	isb(); /* the line falls before the interrupt is completed */
}

/* One more of those asked for, else it is one too many. The sender may go on as soon as it sees the new count. */
static void count_one_of(uint64_t intid, volatile uint64_t *taken, uint64_t asked_for)
{
	if (*taken + 1 != asked_for)
		finish(L2_EXTRA_INTERRUPTS, intid << 48 | asked_for);
	*taken = *taken + 1;
}

/* Several interrupts are wanted, each so often. */
static bool counts_apart(void)
{
	return l2->workload == L2_storm || l2->workload == L2_cpu_off;
}

static void count_storm(struct vcpu *v, uint64_t intid)
{
	uint64_t sender = intid - L2_SGI_STORM;

	if (intid == l2->timer_intid) {
		timer_off();
		count_one_of(intid, &v->timers_taken, v->timers_set);
	} else if (sender < l2->cpus) {
		count_one_of(intid, &v->taken[sender], vcpus[sender].sent[self()]);
	} else {
		finish(L2_WRONG_INTERRUPT, intid);
	}
}

static uint64_t *samples(void)
{
	return (uint64_t *)L2_SAMPLES;
}

static void count_one(uint64_t intid, uint64_t now)
{
	if (intid != intid_expected)
		finish(L2_WRONG_INTERRUPT, intid);
	if (l2->workload == L2_irq_latency)
		samples()[vcpus[0].irqs] = now - read_sysreg(CNTV_CVAL_EL0);
	if (intid == l2->timer_intid)
		timer_off();
	else if (intid == l2->uart_intid)
		*reg32(L2_UART + UARTICR) = UART_TX;
}

/* now: CNTVCT_EL0 as the vector found it. */
void l2_irq(uint64_t now)
{
	uint64_t intid = read_sysreg(ICC_IAR1_EL1);
	struct vcpu *v = &vcpus[self()];

	if (counts_apart())
		count_storm(v, intid);
	else
		count_one(intid, now);
	write_sysreg(ICC_EOIR1_EL1, intid);
	isb();
	v->irqs = v->irqs + 1;
}

static void wait_for_irq(uint64_t before)
{
	for (unsigned spin = 0; vcpus[0].irqs == before; spin++)
		if (spin == SPIN_MAX)
			finish(L2_NO_INTERRUPT, before);
}

/* Enables the SGIs and PPIs of mask. */
static void gic_setup(uint32_t mask)
{
	uint64_t gicr = l2->gicr + self() * GICR_STRIDE;

	write_sysreg(ICC_SRE_EL1, 7);
	isb();
	write_sysreg(ICC_CTLR_EL1, 0);
	write_sysreg(ICC_PMR_EL1, 0xf0);
	write_sysreg(ICC_IGRPEN1_EL1, 1);
	isb();
	if (!l2->gicr)
		return;
	*reg32(gicr + GICR_WAKER) = *reg32(gicr + GICR_WAKER) & ~UINT32_C(GICR_WAKER_PROCESSOR_SLEEP);
	while (*reg32(gicr + GICR_WAKER) & GICR_WAKER_CHILDREN_ASLEEP)
		;
	*reg32(gicr + GICR_IGROUPR0) = ~UINT32_C(0);
	*reg32(gicr + GICR_ISENABLER0) = mask;
	*reg32(l2->gicd + GICD_CTLR) = GICD_CTLR_ARE_GRP1;
	dsb(sy);
}

static void hypercalls(uint64_t n)
{
	uint64_t version;

	while (n--) {
		version = call(L2_PSCI_VERSION, 0);
		if (version >> 16 != 1)
			finish(L2_BAD_VALUE, version);
	}
}

static void device_reads(uint64_t first, uint64_t n)
{
	volatile uint32_t *device = reg32(L2_DEVICE);
	uint32_t value;

	for (uint64_t k = first; k < first + n; k++) {
		value = *device;
		if (value != (uint32_t)(L2_DEVICE_VALUE + k))
			finish(L2_BAD_VALUE, value);
	}
}

static void raised_interrupts(uint64_t n)
{
	uint64_t before;

	while (n--) {
		before = vcpus[0].irqs;
		if (l2->gicr)
			*reg32(l2->gicr + GICR_ISPENDR0) = UINT32_C(1) << L2_SGI_EOI;
		else
			call(L2_CALL_RAISE, L2_SGI_EOI);
		wait_for_irq(before);
	}
}

/* To the vCPU with the affinity 0.0.0.target. */
static void send_sgi(uint64_t intid, uint64_t target)
{
	write_sysreg(ICC_SGI1R_EL1, field_put(ICC_SGIR_INTID, intid) | BIT(target));
	isb();
}

static void self_ipis(uint64_t n)
{
	uint64_t before;

	while (n--) {
		before = vcpus[0].irqs;
		send_sgi(L2_SGI_IPI, 0);
		wait_for_irq(before);
	}
}

static void timer_interrupts(uint64_t n)
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

/* Delays that have nothing in common with anything that L1 does periodically. */
static void late_timers(uint64_t first, uint64_t n)
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

/* Before the first mark, so that no page of them is new afterwards. */
static void touch_samples(void)
{
	for (uint64_t k = 0; l2->workload == L2_irq_latency && k < l2->n1 + l2->n2; k++)
		samples()[k] = 0;
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

static void report_latency(void)
{
	static const uint8_t percent[L2_LATENCIES] = {
		[L2_MIN] = 0, [L2_P50] = 50, [L2_P90] = 90, [L2_P99] = 99, [L2_MAX] = 100
	};
	uint64_t *values = samples() + l2->n1, rank;

	sort(values, l2->n2);
	for (unsigned k = 0; l2->n2 && k < L2_LATENCIES; k++) {
		rank = (l2->n2 * percent[k] + 99) / 100; /* from 1 */
		l2->latency[k] = values[rank ? rank - 1 : 0];
	}
}

/* Long enough for L1 to find nothing to do before it fires. */
static void wfi_timers(uint64_t n, uint64_t microseconds)
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

static void device_interrupts(uint64_t n)
{
	uint64_t before;

	while (n--) {
		before = vcpus[0].irqs;
		*reg32(L2_UART + UARTDR) = '.';
		wait_for_irq(before);
	}
}

/* The hint lets an emulator that runs one CPU at a time go on to the next. */
static void relax(void)
{
	__asm__ volatile("yield" ::: "memory");
}

static void virtual_ipis(uint64_t n)
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
static void take_timer(struct vcpu *v, uint64_t microseconds, bool asleep)
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
static void wait_for(volatile uint64_t *count, uint64_t value)
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

static void storm_until(uint64_t goal)
{
	uint64_t me = self();

	while (vcpus[me].rounds != goal)
		storm_round(&vcpus[me], me);
}

static void storm(uint64_t goal)
{
	vcpus[0].goal = goal;
	storm_until(goal);
	for (uint64_t k = 1; k < l2->cpus; k++)
		while (vcpus[k].rounds != goal)
			take_timer(&vcpus[0], NAP, true);
}

/* Sent, set and taken are the same numbers for every vCPU. */
static void check_storm(void)
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

/* What the workload is about, at the GIC. */
static uint32_t workload_mask(void)
{
	if (counts_apart())
		return (uint32_t)((BIT(l2->cpus) - 1) << L2_SGI_STORM | BIT(l2->timer_intid));
	return UINT32_C(1) << intid_expected;
}

static void take_interrupts(void)
{
	gic_setup(workload_mask());
	write_sysreg(daif, 0);
}

/* With the next timer interrupt pending, and its timer on. */
static void leave_timer(void)
{
	write_sysreg(daif, PSTATE_DAIF);
	write_sysreg(CNTV_CVAL_EL0, 0);
	write_sysreg(CNTV_CTL_EL0, 1);
	isb();
	for (unsigned spin = 0; !(read_sysreg(ISR_EL1) & ISR_I); spin++)
		if (spin == SPIN_MAX)
			finish(L2_NO_INTERRUPT, 0);
}

/* From CPU_ON to CPU_OFF. */
static _Noreturn void live(struct vcpu *v)
{
	uint64_t ctl = read_sysreg(CNTV_CTL_EL0);

	if (ctl & CNT_CTL_ENABLE)
		finish(L2_BAD_VALUE, ctl);
	take_interrupts();
	take_timer(v, 0, false);
	v->rounds = v->rounds + 1;
	wait_for(&v->taken[0], v->rounds);
	leave_timer();
	finish(L2_NO_CPU, call(L2_PSCI_CPU_OFF, 0));
}

static uint64_t affinity_info(uint64_t affinity)
{
	return call3(L2_PSCI_AFFINITY_INFO, affinity, 0, 0);
}

static uint64_t cpu_on(uint64_t affinity)
{
	return call3(L2_PSCI_CPU_ON, affinity, L2_IMAGE, L2_PARAMS);
}

static void expect(uint64_t result, uint64_t wanted)
{
	if (result != wanted)
		finish(L2_BAD_VALUE, result);
}

static void lives(uint64_t first, uint64_t n)
{
	for (uint64_t k = first; k < first + n; k++) {
		expect(affinity_info(1), L2_IS_OFF);
		expect(cpu_on(1), 0);
		wait_for(&vcpus[1].rounds, k + 1);
		expect(affinity_info(1), L2_IS_ON);
		expect(cpu_on(1), L2_ALREADY_ON);
		vcpus[0].sent[1] = k + 1;
		dsb(sy);
		send_sgi(L2_SGI_STORM, 1);
		while (affinity_info(1) != L2_IS_OFF)
			take_timer(&vcpus[0], NAP, true);
	}
	expect(affinity_info(NO_VCPU), L2_INVALID_PARAMETERS);
	expect(cpu_on(NO_VCPU), L2_INVALID_PARAMETERS);
}

static void id_reads(uint64_t n)
{
	uint64_t value;

	while (n--) {
		value = read_sysreg(ID_AA64PFR0_EL1);
		if (l2->value && value != l2->value)
			finish(L2_BAD_VALUE, value);
		l2->value = value;
	}
}

static volatile uint8_t *page(uint64_t k)
{
	return (volatile uint8_t *)(L2_PAGES + k * L2_PAGE_SIZE);
}

static uint8_t page_byte(uint64_t k)
{
	return (uint8_t)(k % 251 + 1);
}

static void touch_pages(uint64_t first, uint64_t n)
{
	for (uint64_t k = first; k < first + n; k++)
		*page(k) = page_byte(k);
}

static void check_pages(void)
{
	for (uint64_t k = 0; k < l2->n1 + l2->n2; k++)
		if (*page(k) != page_byte(k))
			finish(L2_BAD_VALUE, L2_PAGES + k * L2_PAGE_SIZE);
}

extern const volatile char l2_end[] __attribute__((visibility("hidden"))); /* link.ld */

/* No page that a workload uses is a new one to its hypervisor: those of the image, and what it got besides. */
static void touch_all(void)
{
	for (uint64_t at = L2_IMAGE; at < (uint64_t)l2_end; at += L2_PAGE_SIZE)
		(void)*(const volatile char *)at;
	for (uint64_t k = 0; k < l2->pages; k++)
		*page(k) = page_byte(k);
}

/* What is unmapped is never the page that is read. */
static void unmap_pages(uint64_t first, uint64_t n)
{
	for (uint64_t k = first; k < first + n; k++) {
		*reg32(L2_UNMAP) = (uint32_t)k;
		if (*page(k + 1) != page_byte(k + 1))
			finish(L2_BAD_VALUE, L2_PAGES + (k + 1) * L2_PAGE_SIZE);
	}
}

static void flushes(uint64_t n)
{
	while (n--)
		*reg32(L2_FLUSH) = 0;
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
	case L2_eoi:
		raised_interrupts(n);
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
	case L2_idreg:
		id_reads(n);
		break;
	case L2_page_touch:
	case L2_mapped_touch:
	case L2_block_touch:
		touch_pages(first, n);
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

/* What the machine was left with raises no interrupt; what it is left with ends its line and is quiet. */
static void uart_begin(void)
{
	*reg32(L2_UART + UARTICR) = UART_TX;
	*reg32(L2_UART + UARTIMSC) = UART_TX;
}

static void uart_end(void)
{
	*reg32(L2_UART + UARTIMSC) = 0;
	*reg32(L2_UART + UARTDR) = '\n';
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
	uint64_t all = l2->n1 + l2->n2 + (l2->workload == L2_vm_switch ? 2 * l2->n1 : 0);

	switch (l2->workload) {
	case L2_page_touch:
	case L2_mapped_touch:
	case L2_block_touch:
		check_pages();
		return;
	case L2_storm:
		check_storm();
		return;
	case L2_virtual_ipi:
		if (vcpus[1].irqs != all)
			finish(L2_EXTRA_INTERRUPTS, vcpus[1].irqs);
		return;
	default:
		if (intid_expected && vcpus[0].irqs != all)
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
	intid_expected = workload_intid();
	if (intid_expected || counts_apart())
		take_interrupts();
	start_secondaries();
	touch_all();
	touch_samples();
	if (l2->workload == L2_device_irq)
		uart_begin();
	if (l2->workload == L2_vm_switch)
		wfi_timers(l2->n1, SWITCH);
	mark();
	run(0, l2->n1);
	mark();
	run(l2->n1, l2->n2);
	mark();
	if (l2->workload == L2_vm_switch)
		wfi_timers(l2->n1, SWITCH);
	if (l2->workload == L2_device_irq)
		uart_end();
	check();
	finish(L2_OK, 0);
}
