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
#define SCRATCH ((uint64_t)visible_scratch)

/* HMC, SSC, PMC: EL1 and EL0 in each way, EL2 with them, and EL2 alone. */
static const uint8_t where[][3] = { { 0, 0, 1 }, { 0, 0, 2 }, { 0, 0, 3 }, { 0, 1, 3 }, { 1, 0, 1 },
				    { 1, 0, 3 }, { 1, 1, 1 }, { 1, 3, 0 }, { 1, 3, 1 }, { 1, 3, 3 } };

static void mdscr(uint64_t value)
{
	write_sysreg(MDSCR_EL1, value);
	isb();
}

/* Does the second of three instructions at the level hit? */
static void try_breakpoint(const char *name, uint64_t level, uint64_t control)
{
	uint64_t code = visible_code(level, INSN_NOP, INSN_NOP, INSN_NOP);

	write_sysreg(DBGBVR0_EL1, code + 4);
	write_sysreg(DBGBCR0_EL1, control);
	isb();
	visible_outcome(name, visible_run(code, OPEN(level), 0, 0), false);
	visible_value("DBGBCR0_EL1", read_sysreg(DBGBCR0_EL1) & (CONTROL(1, 3, 3) | UINT64_C(0xf) << 5));
	write_sysreg(DBGBCR0_EL1, 0);
	isb();
}

static void try_watchpoint(const char *name, uint64_t level, uint64_t control)
{
	uint64_t code = visible_code(level, INSN_NOP, INSN_LDR_X1_X0, INSN_NOP);

	write_sysreg(DBGWVR0_EL1, SCRATCH);
	write_sysreg(DBGWCR0_EL1, control);
	isb();
	visible_outcome(name, visible_run(code, OPEN(level), SCRATCH, 0), false);
	write_sysreg(DBGWCR0_EL1, 0);
	isb();
}

static void breaks(const char *target)
{
	for (unsigned i = 0; i < sizeof(where) / sizeof(where[0]); i++) {
		const uint8_t *w = where[i];

		visible_prefix("%s, HMC %lx SSC %lx PMC %lx", target, (uint64_t)w[0], (uint64_t)w[1],
			       (uint64_t)w[2]);
		try_breakpoint("breakpoint at EL2", AT_EL2, BREAKPOINT(w[0], w[1], w[2]));
		try_breakpoint("breakpoint at EL1", AT_EL1, BREAKPOINT(w[0], w[1], w[2]));
		try_watchpoint("watchpoint at EL2", AT_EL2, WATCHPOINT(w[0], w[1], w[2]));
		try_watchpoint("watchpoint at EL1", AT_EL1, WATCHPOINT(w[0], w[1], w[2]));
	}
}

/* A step over each of two instructions, or the exception at once without SS. */
static void steps(const char *target)
{
	uint64_t code;

	visible_prefix("%s, step", target);
	code = visible_code(AT_EL2, INSN_NOP, INSN_NOP);
	visible_outcome("EL2", visible_run(code, OPEN(AT_EL2) | PSTATE_SS, 0, 0), false);
	visible_outcome("EL2 without SS", visible_run(code, OPEN(AT_EL2), 0, 0), false);
	visible_outcome("EL2 with D", visible_run(code, AT_EL2 | PSTATE_SS, 0, 0), false);
	code = visible_code(AT_EL1, INSN_NOP, INSN_NOP);
	visible_outcome("EL1", visible_run(code, OPEN(AT_EL1) | PSTATE_SS, 0, 0), false);
	visible_outcome("EL1 without SS", visible_run(code, OPEN(AT_EL1), 0, 0), false);
	visible_outcome("EL1 with D", visible_run(code, AT_EL1 | PSTATE_SS, 0, 0), false);
}

/* With the debug exceptions of target in MDSCR_EL1. */
static void all(const char *target)
{
	mdscr(MDSCR_KDE | MDSCR_MDE);
	breaks(target);
	mdscr(MDSCR_SS | MDSCR_KDE);
	steps(target);
	mdscr(MDSCR_SS);
	steps("no KDE");
	mdscr(0);
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
	isb();
	visible_prefix("OS Lock");
	write_sysreg(OSLAR_EL1, 1);
	isb();
	visible_value("OSLSR_EL1", read_sysreg(OSLSR_EL1) & OSLSR_OSLK);
	write_sysreg(OSLAR_EL1, 0);
	isb();
	visible_value("OSLSR_EL1", read_sysreg(OSLSR_EL1) & OSLSR_OSLK);
}
