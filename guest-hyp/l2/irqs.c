/* Which interrupts does L2 take that are no timer's?  eoi, eoi_alone, ipi_self, device_irq.  Reads: l2.h, payload.h. */
#include "guest-hyp/l2/payload.h"

#define GICR_ISPENDR0 (GICR_SGI_FRAME + 0x200)
#define GICR_IPRIORITYR0 (GICR_SGI_FRAME + 0x400)
#define PRIORITY UINT32_C(0x80)
#define PRIORITY_STEP UINT32_C(8) /* of the five bits that every implementation has */
#define ALL_MASKED 0x3c0	  /* DAIF */
#define UARTDR 0x000
#define UARTIMSC 0x038

static void raise(uint64_t intid)
{
	if (l2->gicr)
		*reg32(l2->gicr + GICR_ISPENDR0) = UINT32_C(1) << intid;
	else
		call(L2_CALL_RAISE, intid);
}

void raised_interrupts(uint64_t n)
{
	uint64_t before;

	while (n--) {
		before = vcpus[0].irqs;
		raise(L2_SGI_EOI);
		wait_for_irq(before);
	}
}

/*
 * A hypervisor without a redistributor for L2 has such priorities by itself (l2.h). Words, since a byte's store in a loop may have a
 * form that a hypervisor cannot emulate.
 */
static void set_priorities(void)
{
	_Static_assert(L2_SGI_EOI == 3 && L2_EOIS == 3,
		       "the last byte of the first register, two of the second");

	if (!l2->gicr)
		return;
	*reg32(l2->gicr + GICR_IPRIORITYR0) = PRIORITY << 24;
	*reg32(l2->gicr + GICR_IPRIORITYR0 + 4) = (PRIORITY - PRIORITY_STEP) | (PRIORITY - 2 * PRIORITY_STEP)
										       << 8;
}

/* The next is acknowledged while those before it are active, which only a more urgent one can be. */
void acknowledge_all(void)
{
	uint64_t intid = 0;

	if (l2->n1 + l2->n2 > L2_EOIS)
		finish(L2_BAD_VALUE, l2->n1 + l2->n2);
	take_interrupts();
	write_sysreg(daif, ALL_MASKED);
	set_priorities();
	for (uint64_t k = 0; k < L2_EOIS; k++) {
		raise(L2_SGI_EOI + k);
		for (unsigned spin = 0; spin < SPIN_MAX && intid != L2_SGI_EOI + k; spin++)
			intid = read_sysreg(ICC_IAR1_EL1);
		if (intid != L2_SGI_EOI + k)
			finish(L2_NO_INTERRUPT, k);
	}
}

void eois_alone(uint64_t first, uint64_t n)
{
	while (n--)
		write_sysreg(ICC_EOIR1_EL1, L2_SGI_EOI + L2_EOIS - 1 - first++);
	isb();
}

/* Each write has ended its interrupt: the running priority is that of those that are left. */
void check_eois(void)
{
	uint64_t left = L2_EOIS - l2->n1 - l2->n2;

	if (read_sysreg(ICC_RPR_EL1) != (left ? PRIORITY - (left - 1) * PRIORITY_STEP : 0xff))
		finish(L2_BAD_VALUE, read_sysreg(ICC_RPR_EL1));
}

void self_ipis(uint64_t n)
{
	uint64_t before;

	while (n--) {
		before = vcpus[0].irqs;
		send_sgi(L2_SGI_IPI, 0);
		wait_for_irq(before);
	}
}

/* What the machine was left with raises no interrupt; what it is left with ends its line and is quiet. */
void uart_begin(void)
{
	*reg32(L2_UART + UARTICR) = UART_TX;
	*reg32(L2_UART + UARTIMSC) = UART_TX;
}

void device_interrupts(uint64_t n)
{
	uint64_t before;

	while (n--) {
		before = vcpus[0].irqs;
		*reg32(L2_UART + UARTDR) = '.';
		wait_for_irq(before);
	}
}

void uart_end(void)
{
	*reg32(L2_UART + UARTIMSC) = 0;
	*reg32(L2_UART + UARTDR) = '\n';
}
