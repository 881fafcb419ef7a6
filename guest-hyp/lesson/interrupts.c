/*
 * How does an interrupt reach this level?  uart: of a device that L0 emulates.  tick: of a timer of hardware.
 */
#include "guest-hyp/lesson/lesson.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define UARTDR 0x000
#define UARTIMSC 0x038
#define UARTICR 0x044
#define UART_TX UINT32_C(0x20) /* the transmit FIFO has room */
#define TICK_PART 50000	       /* of a second */

static volatile uint64_t taken;

static void uart_write(uint64_t offset, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" ::"r"(value), "r"(rt_machine()->uart + offset) : "memory");
}

/* Acknowledge and end of an interrupt are accesses to the CPU interface, which is hardware's: they do not trap. */
static bool on_irq(struct rt_frame *frame, unsigned vector)
{
	uint64_t intid = read_sysreg(ICC_IAR1_EL1);

	(void)frame, (void)vector;
	if (intid == rt_machine()->uart_intid)
		uart_write(UARTICR, UART_TX);
	else if (intid == rt_machine()->timer_hyp_intid)
		write_sysreg(CNTP_CTL_EL0, 0);
	else
		return false;
	isb(); /* the line falls before the interrupt is completed */
	taken++;
	write_sysreg(ICC_EOIR1_EL1, intid);
	return true;
}

static void wait_for_irq(uint64_t before)
{
	while (taken == before)
		__asm__ volatile("yield");
}

static void begin(uint32_t ppis)
{
	rt_set_hook(RT_IRQ, on_irq);
	gic_on(0, ppis);
	write_sysreg(daif, PSTATE_DAIF & ~PSTATE_I);
}

static void end(void)
{
	write_sysreg(daif, PSTATE_DAIF);
}

void uart_begin(void)
{
	gic_enable_spi(rt_machine()->uart_intid);
	uart_write(UARTICR, UART_TX);
	uart_write(UARTIMSC, UART_TX);
	begin(0);
}

void uart_once(void)
{
	uint64_t before = taken;

	uart_write(UARTDR, '.');
	wait_for_irq(before);
}

void uart_end(void)
{
	end();
	uart_write(UARTIMSC, 0);
	uart_write(UARTDR, '\n');
}

void tick_begin(void)
{
	begin(UINT32_C(1) << rt_machine()->timer_hyp_intid);
}

/* With HCR_EL2.E2H = 1 the name CNTP_CVAL_EL0 is CNTHP_CVAL_EL2, and needs no trap to be so. */
void tick_once(void)
{
	uint64_t before = taken;

	write_sysreg(CNTP_CVAL_EL0, read_sysreg(CNTPCT_EL0) + read_sysreg(CNTFRQ_EL0) / TICK_PART);
	write_sysreg(CNTP_CTL_EL0, CNT_CTL_ENABLE);
	wait_for_irq(before);
}

void tick_end(void)
{
	end();
}
