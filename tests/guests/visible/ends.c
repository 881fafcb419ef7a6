/*
 * How does an instruction end that L0 may have to carry out?  As any other: PSTATE.BTYPE is 0 behind it, and a software step
 * has taken one step. And how does an exception that EL2 takes to itself end, whose handler leaves SPSR_EL2 alone?
 * Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define BTYPE_1 (UINT64_C(1) << 10)
#define INSN_NOP UINT32_C(0xd503201f)
#define INSN_LDR_W1_X0 UINT32_C(0xb9400001)
#define INSN_STR_W1_X0 UINT32_C(0xb9000001)
#define SMCCC_UNKNOWN 0xc4ff1234
#define UARTFR 0x18
#define UARTIMSC 0x38

static const struct end {
	const char *name;
	uint32_t insn;
	bool el2_only;
	uint64_t x0; /* an offset into the UART for loads and stores */
} ends[] = {
	{ "nop", INSN_NOP, false, 0 },
	{ "ID register", INSN_MRS(ENC_ID_AA64MMFR0_EL1, 0), false, 0 },
	{ "SGI", INSN_MSR(ENC_ICC_SGI1R_EL1, 0), false, 0 },
	{ "SMC", INSN_SMC(0), false, SMCCC_UNKNOWN },
	{ "load", INSN_LDR_W1_X0, false, UARTFR },
	{ "store", INSN_STR_W1_X0, false, UARTIMSC },
	{ "TLBI ALLE1", INSN_MSR(ENC_TLBI_ALLE1, 0), true, 0 },
	{ "AT S1E2R", INSN_MSR(ENC_AT_S1E2R, 0), true, 0 },
	{ "HCR_EL2", INSN_MRS(ENC_HCR_EL2, 0), true, 0 },
	{ "CNTHCTL_EL2", INSN_MRS(ENC_CNTHCTL_EL2, 0), true, 0 },
	{ "MDCR_EL2", INSN_MRS(ENC_MDCR_EL2, 0), true, 0 },
};

static uint64_t x0_of(const struct end *e)
{
	bool device = e->insn == INSN_LDR_W1_X0 || e->insn == INSN_STR_W1_X0;

	return device ? rt_machine()->uart + e->x0 : e->x0;
}

/* QEMU 10.0 carries out an SMC to its own PSCI and leaves BTYPE. */
static void btype(const struct end *e, uint64_t level)
{
	const struct outcome *o = visible_try(e->insn, level | BTYPE_1, x0_of(e), 0);
	bool qemu = visible_bare() && e->insn == INSN_SMC(0);

	visible_value(e->name, visible_done(o) ? (qemu ? 0 : o->pstate & PSTATE_BTYPE) : ~UINT64_C(0));
}

/*
 * The step exception of EL1, which has its debug exceptions for itself, comes behind the instruction. Its ISV tells whether the
 * step began before the last ERET, and that may be L0's.
 */
static void step(const struct end *e)
{
	uint64_t code = visible_code(AT_EL1, e->insn, INSN_NOP);
	struct outcome o = *visible_run(code, (AT_EL1 & ~PSTATE_D) | PSTATE_SS, x0_of(e), 0);

	o.x[10] &= ~ESR_STEP_ISV;
	visible_outcome(e->name, &o, false);
}

/* A vector for a synchronous exception of the same level, which does nothing at all. */
extern const char untouched_vectors[];
__asm__(".text\n\t.balign 2048\nuntouched_vectors:\n\t.skip 0x200\n\teret\n\t.balign 2048\n");

static uint64_t level_behind_svc(uint64_t spsr)
{
	uint64_t before = read_sysreg(VBAR_EL2), level;

	__asm__ volatile("msr	vbar_el2, %1\n\t"
			 "msr	spsr_el2, %3\n\t"
			 "isb\n\t"
			 "svc	#0\n\t"
			 "mrs	%0, CurrentEL\n\t"
			 "msr	vbar_el2, %2\n\t"
			 "isb"
			 : "=&r"(level)
			 : "r"(untouched_vectors), "r"(before), "r"(spsr)
			 : "memory");
	return level;
}

/* Whatever SPSR_EL2 was before: also what hardware would report of EL1. */
static void untouched(void)
{
	static const uint64_t before[] = { 0, SPSR_M_EL1H | PSTATE_DAIF, SPSR_M_EL1T | PSTATE_DAIF,
					   SPSR_M_EL2H | PSTATE_DAIF,
					   SPSR_M_EL1H | PSTATE_DAIF | PSTATE_NZCV };

	visible_prefix("SPSR_EL2 untouched");
	for (unsigned i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		visible_value("CurrentEL", level_behind_svc(before[i]));
}

void topic_ends(void)
{
	const unsigned count = sizeof(ends) / sizeof(ends[0]);

	untouched();
	visible_prefix("BTYPE at EL1 behind");
	for (unsigned i = 0; i < count; i++)
		if (!ends[i].el2_only)
			btype(&ends[i], AT_EL1);
	visible_prefix("BTYPE at EL2 behind");
	for (unsigned i = 0; i < count; i++)
		btype(&ends[i], AT_EL2);
	visible_prefix("step at EL1 over");
	write_sysreg(OSLAR_EL1, 0);
	write_sysreg(MDSCR_EL1, MDSCR_SS | MDSCR_KDE);
	isb();
	for (unsigned i = 0; i < count; i++)
		if (!ends[i].el2_only)
			step(&ends[i]);
	write_sysreg(MDSCR_EL1, 0);
	isb();
}
