/*
 * Whose are debug exceptions?  Steps, breakpoints and watchpoints at EL2, EL1 and EL0, with EL1 and with EL2 as the debug target
 * (MDCR_EL2.TDE, HCR_EL2.TGE), and what is left of one level's at another.  Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define INSN_NOP UINT32_C(0xd503201f)
#define INSN_LDR_X1_X0 UINT32_C(0xf9400001)
#define OPEN(level) ((level) & ~PSTATE_D)
#define CONTROL(hmc, ssc, pmc) \
	(UINT64_C(1) | (uint64_t)(pmc) << 1 | (uint64_t)(hmc) << 13 | (uint64_t)(ssc) << 14)
#define BREAKPOINT(hmc, ssc, pmc) (CONTROL(hmc, ssc, pmc) | UINT64_C(0xf) << 5)
#define WATCHPOINT(hmc, ssc, pmc) (CONTROL(hmc, ssc, pmc) | UINT64_C(3) << 3 | UINT64_C(0xff) << 5)

static const struct level {
	const char *name;
	uint64_t pstate;
} levels[] = { { "EL2", AT_EL2 }, { "EL1", AT_EL1 }, { "EL0", AT_EL0 } };
#define LEVELS (sizeof(levels) / sizeof(levels[0]))

/* HCR_EL2.TGE, by which all of EL0's exceptions are EL2's, and EL1 is no level to return to. */
static bool tge;

/* HMC, SSC, PMC: EL1 and EL0 in each way, EL2 with them, and EL2 alone. */
static const uint8_t where[][3] = { { 0, 0, 1 }, { 0, 0, 2 }, { 0, 0, 3 }, { 0, 1, 3 }, { 1, 0, 1 },
				    { 1, 0, 3 }, { 1, 1, 1 }, { 1, 3, 0 }, { 1, 3, 1 }, { 1, 3, 3 } };

static void mdscr(uint64_t value)
{
	write_sysreg(MDSCR_EL1, value);
	isb();
}

/* With HCR_EL2.{E2H,TGE} = {1,1} EL0 finds the pages where visible_map_for_el0 has put them. */
static bool is_mapped(const struct level *level)
{
	return tge && visible_vhe() && level->pstate == AT_EL0;
}

static uint64_t code_of(const struct level *level)
{
	return is_mapped(level) ? VISIBLE_EL0_VA : (uint64_t)visible_page;
}

static uint64_t data_of(const struct level *level)
{
	return is_mapped(level) ? VISIBLE_EL0_VA + sizeof(visible_page) : (uint64_t)visible_scratch;
}

/* Does the second of three instructions at the level hit? */
static void try_breakpoint(const struct level *level, uint64_t control)
{
	visible_code(level->pstate, INSN_NOP, INSN_NOP, INSN_NOP);
	write_sysreg(DBGBVR0_EL1, code_of(level) + 4);
	write_sysreg(DBGBCR0_EL1, control);
	isb();
	visible_outcome("breakpoint", visible_run(code_of(level), OPEN(level->pstate), 0, 0), false);
	visible_value("DBGBCR0_EL1", read_sysreg(DBGBCR0_EL1) & (CONTROL(1, 3, 3) | UINT64_C(0xf) << 5));
	write_sysreg(DBGBCR0_EL1, 0);
	isb();
}

static void try_watchpoint(const struct level *level, uint64_t control)
{
	visible_code(level->pstate, INSN_NOP, INSN_LDR_X1_X0, INSN_NOP);
	write_sysreg(DBGWVR0_EL1, data_of(level));
	write_sysreg(DBGWCR0_EL1, control);
	isb();
	visible_outcome("watchpoint", visible_run(code_of(level), OPEN(level->pstate), data_of(level), 0),
			false);
	write_sysreg(DBGWCR0_EL1, 0);
	isb();
}

static void breaks(const struct level *level, const char *target)
{
	for (unsigned i = 0; i < sizeof(where) / sizeof(where[0]); i++) {
		const uint8_t *w = where[i];

		visible_prefix("%s, %s, HMC %lx SSC %lx PMC %lx", target, level->name, (uint64_t)w[0],
			       (uint64_t)w[1], (uint64_t)w[2]);
		try_breakpoint(level, BREAKPOINT(w[0], w[1], w[2]));
		try_watchpoint(level, WATCHPOINT(w[0], w[1], w[2]));
	}
}

/* A step over the first of two instructions, or the exception at once without SS. */
static void steps(const struct level *level, const char *target)
{
	uint64_t open = OPEN(level->pstate);

	visible_prefix("%s, %s, step", target, level->name);
	visible_code(level->pstate, INSN_NOP, INSN_NOP);
	visible_outcome("SS", visible_run(code_of(level), open | PSTATE_SS, 0, 0), false);
	visible_outcome("no SS", visible_run(code_of(level), open, 0, 0), false);
	visible_outcome("D", visible_run(code_of(level), level->pstate | PSTATE_SS, 0, 0), false);
}

/* HCR_EL2.HCD: the exception of an UNDEFINED HVC comes before the step is done. EL1's vectors then report by SMC. */
static void step_of_hvc(const char *target)
{
	const uint64_t hcr = visible_hcr() | (tge ? HCR_TGE : 0);

	visible_prefix("%s, HVC with HCD", target);
	set_el1(VBAR, (uint64_t)visible_el1_vectors_smc);
	set(HCR_EL2, hcr | HCR_HCD | HCR_TSC);
	mdscr(MDSCR_SS | MDSCR_KDE);
	for (const struct level *l = levels; l < levels + LEVELS; l++)
		if (!tge || l->pstate == AT_EL2)
			visible_outcome(l->name, visible_try(INSN_HVC(1), OPEN(l->pstate) | PSTATE_SS, 0, 0),
					false);
	mdscr(0);
	write_sysreg(HCR_EL2, hcr); /* visible_write ends with an HVC */
	isb();
	set_el1(VBAR, (uint64_t)visible_el1_vectors);
}

/* With the debug exceptions of target in MDSCR_EL1, at each level that the target has. */
static void all(const char *target)
{
	for (const struct level *l = levels; l < levels + LEVELS; l++) {
		if (tge && l->pstate == AT_EL1)
			continue;
		mdscr(MDSCR_KDE | MDSCR_MDE);
		breaks(l, target);
		mdscr(MDSCR_SS | MDSCR_KDE);
		steps(l, target);
		mdscr(MDSCR_SS);
		steps(l, "no KDE");
		mdscr(0);
	}
	step_of_hvc(target);
	visible_prefix("%s", target);
	visible_value("MDSCR_EL1", read_sysreg(MDSCR_EL1));
}

/* What EL1 leaves in MDSCR_EL1, the breakpoints and the watchpoints is not EL2's, which does not look at them. */
static void left_by_el1(void)
{
	static const uint32_t insn[] = { INSN_MSR(ENC_MDSCR_EL1, 0), INSN_ISB };
	uint64_t code = visible_words(AT_EL1, insn, 2);

	visible_prefix("left by EL1");
	visible_outcome("EL1", visible_run(code, AT_EL1, MDSCR_SS | MDSCR_KDE | MDSCR_MDE, 0), false);
	visible_value("MDSCR_EL1", read_sysreg(MDSCR_EL1) & (MDSCR_SS | MDSCR_KDE | MDSCR_MDE));
	__asm__ volatile("msr	daifclr, #8\n\tnop\n\tnop\n\tmsr	daifset, #8" ::: "memory");
	visible_value("EL2 goes on", 1);
	mdscr(0);
}

void topic_debug(void)
{
	write_sysreg(OSLAR_EL1, 0);
	left_by_el1();
	all("target EL1");
	set(MDCR_EL2, get(MDCR_EL2) | MDCR_TDE);
	isb();
	all("target EL2");
	set(MDCR_EL2, get(MDCR_EL2) & ~MDCR_TDE);
	visible_map_for_el0();
	tge = true;
	set(HCR_EL2, visible_hcr() | HCR_TGE);
	isb();
	all("target EL2 by TGE");
	tge = false;
	set(HCR_EL2, visible_hcr());
	isb();
	visible_prefix("OS Lock");
	write_sysreg(OSLAR_EL1, 1);
	isb();
	visible_value("OSLSR_EL1", read_sysreg(OSLSR_EL1) & OSLSR_OSLK);
	write_sysreg(OSLAR_EL1, 0);
	isb();
	visible_value("OSLSR_EL1", read_sysreg(OSLSR_EL1) & OSLSR_OSLK);
}
