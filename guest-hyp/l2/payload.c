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
#define UARTDR 0x000
#define UARTIMSC 0x038
#define UARTICR 0x044
#define UART_TX UINT32_C(0x20) /* the transmit FIFO has room */
#define SPIN_MAX 50000000

void l2_main(struct l2_params *params);
void l2_exception(uint64_t esr);
void l2_irq(void);

static struct l2_params *l2;
static volatile uint64_t irqs; /* taken so far */
static uint64_t intid_expected;

static uint64_t call(uint64_t function, uint64_t argument)
{
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = argument;

	__asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1)::"x2", "x3", "memory");
	return x0;
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

void l2_irq(void)
{
	uint64_t intid = read_sysreg(ICC_IAR1_EL1);

	if (intid != intid_expected)
		finish(L2_WRONG_INTERRUPT, intid);
	if (intid == l2->timer_intid) {
		write_sysreg(CNTV_CTL_EL0, 0);
		isb(); /* the line falls before the interrupt is completed */
	}
	if (intid == l2->uart_intid)
		*reg32(L2_UART + UARTICR) = UART_TX;
	irqs = irqs + 1;
	write_sysreg(ICC_EOIR1_EL1, intid);
	isb();
}

static void wait_for_irq(uint64_t before)
{
	for (unsigned spin = 0; irqs == before; spin++)
		if (spin == SPIN_MAX)
			finish(L2_NO_INTERRUPT, irqs);
}

static void gic_setup(void)
{
	write_sysreg(ICC_SRE_EL1, 7);
	isb();
	write_sysreg(ICC_CTLR_EL1, 0);
	write_sysreg(ICC_PMR_EL1, 0xf0);
	write_sysreg(ICC_IGRPEN1_EL1, 1);
	isb();
	if (!l2->gicr)
		return;
	*reg32(l2->gicr + GICR_WAKER) = *reg32(l2->gicr + GICR_WAKER) & ~UINT32_C(GICR_WAKER_PROCESSOR_SLEEP);
	while (*reg32(l2->gicr + GICR_WAKER) & GICR_WAKER_CHILDREN_ASLEEP)
		;
	*reg32(l2->gicr + GICR_IGROUPR0) = ~UINT32_C(0);
	*reg32(l2->gicr + GICR_ISENABLER0) = UINT32_C(1) << intid_expected;
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
		before = irqs;
		if (l2->gicr)
			*reg32(l2->gicr + GICR_ISPENDR0) = UINT32_C(1) << L2_SGI_EOI;
		else
			call(L2_CALL_RAISE, L2_SGI_EOI);
		wait_for_irq(before);
	}
}

static void self_ipis(uint64_t n)
{
	uint64_t mpidr = read_sysreg(MPIDR_EL1), before;
	uint64_t sgi = field_put(ICC_SGIR_INTID, L2_SGI_IPI) | BIT(mpidr & 15) |
		       field_put(ICC_SGIR_AFF1, field_get(MPIDR_AFF1, mpidr)) |
		       field_put(ICC_SGIR_AFF2, field_get(MPIDR_AFF2, mpidr)) |
		       field_put(ICC_SGIR_AFF3, field_get(MPIDR_AFF3, mpidr));

	while (n--) {
		before = irqs;
		write_sysreg(ICC_SGI1R_EL1, sgi);
		isb();
		wait_for_irq(before);
	}
}

static void timer_interrupts(uint64_t n)
{
	uint64_t before;

	while (n--) {
		before = irqs;
		write_sysreg(CNTV_TVAL_EL0, 0);
		write_sysreg(CNTV_CTL_EL0, 1);
		isb();
		wait_for_irq(before);
	}
}

/* Long enough for L1 to find nothing to do before it fires. */
static void wfi_timers(uint64_t n)
{
	uint64_t delay = read_sysreg(CNTFRQ_EL0) / 50000, before;

	while (n--) {
		before = irqs;
		write_sysreg(CNTV_CVAL_EL0, read_sysreg(CNTVCT_EL0) + delay);
		write_sysreg(CNTV_CTL_EL0, 1);
		isb();
		/* Masked from the look to the WFI, so that the interrupt cannot come in between. */
		write_sysreg(daif, PSTATE_DAIF);
		while (irqs == before) {
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
		before = irqs;
		*reg32(L2_UART + UARTDR) = '.';
		wait_for_irq(before);
	}
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

static void touch_all(void)
{
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
		wfi_timers(n);
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
		return L2_SGI_IPI;
	case L2_timer:
	case L2_wfi_timer:
		return l2->timer_intid;
	case L2_device_irq:
		return l2->uart_intid;
	default:
		return 0;
	}
}

void l2_main(struct l2_params *params)
{
	l2 = params;
	intid_expected = workload_intid();
	if (intid_expected) {
		gic_setup();
		write_sysreg(daif, 0);
	}
	touch_all();
	if (l2->workload == L2_device_irq)
		uart_begin();
	mark();
	run(0, l2->n1);
	mark();
	run(l2->n1, l2->n2);
	mark();
	if (l2->workload == L2_device_irq)
		uart_end();
	if (l2->workload == L2_page_touch || l2->workload == L2_mapped_touch ||
	    l2->workload == L2_block_touch)
		check_pages();
	if (intid_expected && irqs != l2->n1 + l2->n2)
		finish(L2_EXTRA_INTERRUPTS, irqs);
	finish(L2_OK, 0);
}
