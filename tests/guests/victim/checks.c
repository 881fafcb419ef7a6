/*
 * What does L1 have that its L2 cannot touch?  Its registers, its interface to the interrupt controller, its memory, its timer's
 * interrupts in time, and the time for a loop of its own with debug exceptions unmasked.  Reads: victim.h.
 */
#include "tests/guests/victim/victim.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"
#include "tests/guests/visible/visible.h"

#define GICR_FRAME UINT64_C(0x10000) /* RD_base, then SGI_base */
#define GICR_IGROUPR0 0x80
#define GICR_ISENABLER0 0x100
#define GICR_IPRIORITYR 0x400
#define GICD_CTLR_ENABLE UINT32_C(0x12) /* ARE_NS, EnableGrp1A */
#define PRIORITY 0x80
#define LOOP 500 /* instructions */
#define PER_MILLION UINT64_C(1000000)

// clang-format off
/* name, bits that count */
#define REGISTERS(X) \
	X(HCR_EL2, ~HCR_VSE) X(VBAR_EL2, ALL) X(SCTLR_EL2, ALL) X(TCR_EL2, ALL) X(TTBR0_EL2, ALL) X(MAIR_EL2, ALL) \
	X(CPTR_EL2, ALL) X(MDCR_EL2, ALL) X(CNTHCTL_EL2, ALL) X(CNTVOFF_EL2, ALL) X(VTTBR_EL2, ALL) X(VTCR_EL2, ALL) \
	X(TPIDR_EL2, ALL) X(VPIDR_EL2, ALL) X(VMPIDR_EL2, ALL) X(HSTR_EL2, ALL) X(ACTLR_EL2, ALL) \
	X(CNTHP_CTL_EL2, CNT_CTL_SHOWN) X(CurrentEL, ALL) X(DAIF, ALL) X(SPSel, ALL) \
	X(S3_0_C4_C6_0, ALL) /* ICC_PMR_EL1 */ X(S3_0_C12_C12_7, ALL) /* ICC_IGRPEN1_EL1 */ \
	X(S3_0_C12_C12_4, ICC_CTLR_SHOWN) /* ICC_CTLR_EL1 */ X(S3_0_C12_C11_3, ALL) /* ICC_RPR_EL1 */ \
	X(S3_4_C12_C9_5, ALL) /* ICC_SRE_EL2 */
// clang-format on
#define ALL (~UINT64_C(0))

static const char *const names[] = {
#define X(name, mask) #name,
	REGISTERS(X)
#undef X
};
#define COUNT (sizeof(names) / sizeof(names[0]))

uint64_t checks_late_max, checks_quantum;
static uint64_t expected[COUNT], due, ticks, latest, slowest, code_sum;
static const uint32_t *code;
static uint64_t *data; /* between two pages of L1's */
static const uint64_t *start;

static void read_registers(uint64_t *v)
{
#define X(name, mask) *v++ = read_sysreg(name) & (mask);
	REGISTERS(X)
#undef X
}

/* --- memory --- */

static uint64_t guard(unsigned i)
{
	return i * UINT64_C(0x9e3779b97f4a7c15) ^ UINT64_C(0x5eed);
}

static bool guards_hold(unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		if (start[i] != guard(i) || start[i + 1024] != guard(i))
			return false;
	return true;
}

static uint64_t sum_of(const uint32_t *words)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < CODE_WORDS; i++)
		sum = (sum ^ words[i]) * UINT64_C(0x100000001b3);
	return sum;
}

/* --- the timer --- */

static volatile uint32_t *reg(uint64_t address)
{
	return (volatile uint32_t *)address;
}

void checks_next_tick(void)
{
	due = read_sysreg(CNTPCT_EL0) + checks_quantum + victim_below((unsigned)checks_quantum);
	write_sysreg(CNTHP_CVAL_EL2, due);
	write_sysreg(CNTHP_CTL_EL2, CNT_CTL_ENABLE);
	isb();
}

void checks_no_tick_soon(void)
{
	if ((int64_t)(due - read_sysreg(CNTPCT_EL0)) < (int64_t)checks_quantum / 2)
		checks_next_tick();
}

static void gic_on(void)
{
	const struct rt_machine *m = rt_machine();
	uint64_t sgi = m->gicr + GICR_FRAME;

	*reg(m->gicd) = GICD_CTLR_ENABLE;
	*reg(sgi + GICR_IGROUPR0) = ~0U;
	*reg(sgi + GICR_IPRIORITYR + (m->timer_hyp_intid & ~3U)) = PRIORITY * 0x01010101U;
	*reg(sgi + GICR_ISENABLER0) = UINT32_C(1) << m->timer_hyp_intid;
	write_sysreg(S3_4_C12_C9_5, 0xf); /* ICC_SRE_EL2 */
	write_sysreg(S3_0_C4_C6_0, 0xf0); /* ICC_PMR_EL1 */
	write_sysreg(S3_0_C12_C12_7, 1);  /* ICC_IGRPEN1_EL1 */
	isb();
}

void checks_tick(void)
{
	uint64_t intid = read_sysreg(S3_0_C12_C12_0), late; /* ICC_IAR1_EL1 */

	if (intid != rt_machine()->timer_hyp_intid)
		rt_fail("victim: INTID %lu instead of the timer", intid);
	late = read_sysreg(CNTPCT_EL0) - due;
	if (late > checks_late_max)
		rt_fail("victim: its timer's interrupt is %ld ticks late", late);
	latest = late > latest ? late : latest;
	ticks++;
	checks_next_tick();
	write_sysreg(S3_0_C12_C12_1, intid); /* ICC_EOIR1_EL1 */
	isb();
}

/* --- all of it --- */

void checks_start(uint32_t *hostile_code)
{
	uint64_t *pages = rt_pages(3, DATA_BYTES);

	code = hostile_code;
	start = pages;
	data = pages + 512;
	for (unsigned i = 0; i < 512; i++)
		pages[i] = pages[i + 1024] = guard(i);
	write_sysreg(TPIDR_EL2, UINT64_C(0x7e57ab1e0badcafe));
	write_sysreg(VBAR_EL2, (uint64_t)victim_vectors);
	gic_on();
}

uint64_t checks_data(void)
{
	return (uint64_t)data;
}

void checks_code(void)
{
	code_sum = sum_of(code);
}

void checks_before(void)
{
	checks_next_tick();
	read_registers(expected);
}

/* Nothing of debug's is taken here, where MDCR_EL2.TDE is clear: a step, a breakpoint or a watchpoint would end the program. */
static void own_time(void)
{
	uint64_t from = read_sysreg(CNTPCT_EL0), n = LOOP / 2, took;

	if (!(read_sysreg(MDCR_EL2) & MDCR_TDE))
		__asm__ volatile("msr daifclr, #8");
	__asm__ volatile("1:\tsubs %0, %0, #1\n\tb.ne 1b" : "+r"(n)::"cc");
	__asm__ volatile("msr daifset, #8");
	took = read_sysreg(CNTPCT_EL0) - from;
	if (took > checks_late_max)
		rt_fail("victim: a loop of its own took %lu ticks", took);
	slowest = took > slowest ? took : slowest;
}

void checks_after(bool whole)
{
	static unsigned part;
	uint64_t now[COUNT];

	own_time();
	read_registers(now);
	for (unsigned n = 0; n < COUNT; n++)
		if (now[n] != expected[n])
			rt_fail("victim: %s is 0x%lx, not 0x%lx", names[n], now[n], expected[n]);
	if (read_sysreg(CNTHP_CVAL_EL2) != due)
		rt_fail("victim: CNTHP_CVAL_EL2 is 0x%lx, not 0x%lx", read_sysreg(CNTHP_CVAL_EL2), due);
	part = (part + 64) % 512;
	if (!guards_hold(whole ? 0 : part, whole ? 512 : part + 64))
		rt_fail("victim: memory beside L2's is another");
	if (whole && sum_of(code) != code_sum)
		rt_fail("victim: memory that L2 may not write is another");
}

void checks_totals(void)
{
	uint64_t hz = read_sysreg(CNTFRQ_EL0);

	rt_print("# %lu timer interrupts, the latest after %lu us, the slowest loop %lu us\n", ticks,
		 latest * PER_MILLION / hz, slowest * PER_MILLION / hz);
	if (!ticks)
		rt_fail("victim: no timer interrupt at all");
}
