/* How does L0 reach the console of the machine?  Reads: uart.h. Registers: Arm DDI0183. */
#include "host/machine/uart.h"

#define UARTDR (0x00 / 4)
#define UARTFR (0x18 / 4)
#define UARTIMSC (0x38 / 4)
#define FR_RXFE (1U << 4)
#define FR_TXFF (1U << 5)
#define INT_RX (1U << 4)
#define INT_RT (1U << 6)

static volatile uint32_t *regs;
static uint32_t intid;

void uart_init(volatile void *registers, uint32_t interrupt)
{
	regs = registers;
	intid = interrupt;
}

void uart_putc(char c)
{
	if (!regs)
		return;
	while (regs[UARTFR] & FR_TXFF)
		;
	regs[UARTDR] = (uint8_t)c;
}

bool uart_getc(uint8_t *c)
{
	if (!regs || (regs[UARTFR] & FR_RXFE))
		return false;
	*c = (uint8_t)regs[UARTDR];
	return true;
}

void uart_enable_input(void)
{
	if (regs)
		regs[UARTIMSC] = INT_RX | INT_RT;
}

uint32_t uart_intid(void)
{
	return intid;
}
