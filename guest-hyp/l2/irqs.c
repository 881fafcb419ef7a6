/* Which interrupts does L2 take that are no timer's?  eoi, ipi_self, device_irq.  Reads: l2.h, payload.h. */
#include "guest-hyp/l2/payload.h"

#define GICR_ISPENDR0 (GICR_SGI_FRAME + 0x200)
#define UARTDR 0x000
#define UARTIMSC 0x038

void raised_interrupts(uint64_t n)
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
