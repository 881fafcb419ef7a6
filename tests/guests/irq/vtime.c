/*
 * How much time does a VM with firn,virtual-time = "running" see pass?  As much as it has a CPU, also in its timers and in those of
 * its guest; bootargs "time=running". Another one sees all of it. Measured runs only: an instruction is a tick.  Reads: irq.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"

#define LOOPS UINT64_C(50000000) /* of two instructions each */
#define TIMERS 20
#define IN UINT64_C(1700000)  /* ticks: no divisor of a slice */
#define LATE UINT64_C(200000) /* much less than a slice */
#define OFFSET UINT64_C(123456789)
#define PPI_VIRTUAL_TIMER 27
#define AT_EL1_MASKED 0x3c5

extern const char vtime_guest[];

static uint64_t now(void)
{
	isb();
	return read_sysreg(CNTPCT_EL0);
}

static void spin(uint64_t loops)
{
	__asm__ volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r"(loops)::"cc");
}

static void check(const char *whose, uint64_t due)
{
	uint64_t late = now() - due;

	if (late > LATE)
		rt_fail("the timer of %s came %ld ticks late", whose, (int64_t)late);
}

static void own_timers(void)
{
	for (unsigned i = 0; i < TIMERS; i++) {
		uint64_t due = now() + IN;

		timer_at(due);
		while (gic_take() != rt_machine()->timer_hyp_intid)
			;
		check("EL2", due);
	}
}

/* The guest reads its two counters, an offset apart; its virtual timer, behind it too, interrupts EL2. */
static void timers_of_the_guest(void)
{
	uint64_t sgi = gic_redistributor(smp_self()) + 0x10000;

	mmio_write(sgi + 0x100, UINT32_C(1) << PPI_VIRTUAL_TIMER);
	write_sysreg(CNTVOFF_EL2, OFFSET);
	write_sysreg(CNTHCTL_EL2, CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN);
	for (unsigned i = 0; i < TIMERS; i++) {
		uint64_t due = now() + IN, apart;

		write_sysreg(S3_5_C14_C3_2, due - OFFSET); /* CNTV_CVAL_EL02 */
		write_sysreg(S3_5_C14_C3_1, CNT_CTL_ENABLE);
		apart = guest_visit((uint64_t)vtime_guest, AT_EL1_MASKED, OFFSET, 0);
		check("the guest", due);
		if (apart > OFFSET || apart < OFFSET - LATE)
			rt_fail("the guest's counters are %lu apart, not %lu", apart, OFFSET);
		if (gic_take() != PPI_VIRTUAL_TIMER)
			rt_fail("the guest was interrupted by something else");
		write_sysreg(S3_5_C14_C3_1, 0);
	}
}

void irq_vtime(void)
{
	char kind[16];
	bool running = rt_arg("time", kind, sizeof(kind)) && !strcmp(kind, "running");
	uint64_t begin = now();

	spin(LOOPS);
	rt_print("ticks per 1000 instructions %lu\n", (now() - begin) / (2 * LOOPS / 1000));
	if (!running) {
		spin(LOOPS * 2); /* beside the other one's timers */
		return;
	}
	rt_set_hook(RT_LOWER_IRQ, guest_comes_back);
	gic_on();
	own_timers();
	timers_of_the_guest();
}
