/*
 * Does EL2's own timer interrupt it, also while a hostile VM runs beside it?  Counts some interrupts at EL2 and says so, and what part
 * of the CPU it had, which is true where an instruction takes a tick. bootargs "vhe=0|1".
 *
 * With "storm=sleep|suspend" it is the hostile one, and has an interrupt to wait for all the time.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define TICKS 20
#define TURN 1000  /* instructions between two looks */
#define SHORT 5000 /* ticks: another one has just begun to run */
#define PSCI_CPU_SUSPEND 0xc4000001
#define GICR_FRAME UINT64_C(0x10000) /* RD_base, then SGI_base */
#define GICR_WAKER 0x14
#define GICR_WAKER_SLEEP BIT(1)
#define GICR_WAKER_CHILDREN BIT(2)
#define GICR_IGROUPR0 0x80
#define GICR_ISENABLER0 0x100
#define GICR_IPRIORITYR 0x400
#define GICD_CTLR_ENABLE UINT32_C(0x12) /* ARE_NS, EnableGrp1A */

static volatile unsigned ticks;

static volatile uint32_t *reg(uint64_t address)
{
	return (volatile uint32_t *)address;
}

static uint64_t period;

static void next_tick(void)
{
	write_sysreg(CNTHP_TVAL_EL2, period);
	write_sysreg(CNTHP_CTL_EL2, CNT_CTL_ENABLE);
}

static bool on_irq(struct rt_frame *frame, unsigned vector)
{
	uint64_t intid = read_sysreg(S3_0_C12_C12_0); /* ICC_IAR1_EL1 */

	(void)frame;
	(void)vector;
	if (intid != rt_machine()->timer_hyp_intid)
		rt_fail("INTID %lu instead of the timer", intid);
	write_sysreg(CNTHP_CTL_EL2, 0);
	write_sysreg(S3_0_C12_C12_1, intid); /* ICC_EOIR1_EL1 */
	isb();
	ticks++;
	next_tick();
	return true;
}

static void gic_on(void)
{
	const struct rt_machine *m = rt_machine();
	uint64_t sgi = m->gicr + GICR_FRAME;

	*reg(m->gicd) = GICD_CTLR_ENABLE;
	*reg(m->gicr + GICR_WAKER) &= ~(uint32_t)GICR_WAKER_SLEEP;
	while (*reg(m->gicr + GICR_WAKER) & GICR_WAKER_CHILDREN)
		;
	*reg(sgi + GICR_IGROUPR0) = ~0U;
	*reg(sgi + GICR_IPRIORITYR + (m->timer_hyp_intid & ~3U)) = 0x80808080;
	*reg(sgi + GICR_ISENABLER0) = UINT32_C(1) << m->timer_hyp_intid;
	write_sysreg(S3_4_C12_C9_5, 0xf);		       /* ICC_SRE_EL2 */
	write_sysreg(S3_0_C4_C6_0, 0xf0);		       /* ICC_PMR_EL1 */
	write_sysreg(S3_0_C12_C12_7, 1);		       /* ICC_IGRPEN1_EL1 */
	write_sysreg(HCR_EL2, read_sysreg(HCR_EL2) | HCR_IMO); /* physical interrupts come to EL2 */
	isb();
}

static inline void take_interrupts(void)
{
	__asm__ volatile("msr daifclr, #2\n\tnop\n\tmsr daifset, #2" ::: "memory");
}

/* Wakes as soon as another one has got the CPU, for next to nothing. */
static _Noreturn void storm_of_sleep(void)
{
	rt_print("# nothing but short sleeps from here\n");
	period = SHORT;
	for (;;) {
		__asm__ volatile("wfi");
		take_interrupts();
	}
}

/* Waits for what is there already. */
static _Noreturn void storm_of_suspend(void)
{
	rt_print("# nothing but CPU_SUSPEND from here\n");
	period = 0;
	next_tick();
	for (;;)
		(void)rt_psci(PSCI_CPU_SUSPEND, 0, 0, 0);
}

static void watch(void)
{
	uint64_t began = read_sysreg(CNTPCT_EL0), turns = 0, ended;

	for (; ticks < TICKS; turns++) {
		uint64_t n = TURN / 2;

		take_interrupts();
		__asm__ volatile("1:\tsubs %0, %0, #1\n\tb.ne 1b" : "+r"(n)::"cc");
	}
	ended = read_sysreg(CNTPCT_EL0);
	rt_print("witness saw %u ticks\n", ticks);
	rt_print("# witness had %lu of 1000\n", turns * TURN * 1000 / (ended - began));
}

void guest_main(void)
{
	char vhe[4], storm[8] = "";

	rt_arg("vhe", vhe, sizeof(vhe));
	write_sysreg(HCR_EL2, HCR_RW | (vhe[0] == '1' ? HCR_E2H : 0));
	isb();
	write_sysreg(CPTR_EL2, vhe[0] == '1' ? CPACR_FPEN : CPTR_NVHE_RES1);
	isb();
	rt_set_hook(RT_IRQ, on_irq);
	gic_on();
	period = read_sysreg(CNTFRQ_EL0) / 100;
	next_tick();
	rt_arg("storm", storm, sizeof(storm));
	if (strcmp(storm, "sleep") == 0)
		storm_of_sleep();
	if (strcmp(storm, "suspend") == 0)
		storm_of_suspend();
	watch();
}
