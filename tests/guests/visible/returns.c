/*
 * Where does an ERET at EL2 go, with which PSTATE?  What the first instruction behind it reports in SPSR; an illegal return
 * stays at EL2 with PSTATE.IL set and takes an Illegal Execution state exception.  Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define EC_OF(o) field_get(ESR_EC, (o)->esr)

static void legal(const char *name, uint64_t mode)
{
	static const uint64_t bits[] = { 0,	     BIT(31),	 BIT(30),    BIT(29),	 BIT(28),
					 PSTATE_PAN, PSTATE_UAO, PSTATE_DIT, PSTATE_SSBS };

	visible_prefix("return to %s", name);
	for (unsigned i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		visible_outcome("", visible_try(INSN_UDF, mode | bits[i], 0, 0), false);
	visible_outcome("with IL", visible_try(INSN_UDF, mode | PSTATE_IL, 0, 0), false);
	/* MDSCR_EL1.SS is clear: the bit has no effect, and is 0 afterwards. */
	visible_outcome("with SS", visible_try(INSN_UDF, mode | PSTATE_SS, 0, 0), false);
	visible_outcome("unmasked", visible_try(INSN_UDF, mode & ~PSTATE_DAIF, 0, 0), false);
}

/*
 * SSBS, BTYPE, UAO and DIT are UNKNOWN after an illegal return (SetPSTATEFromPSR). The vector shows that the level and the
 * stack pointer are those of before, EL2h. PAN is reinstated like the flags; QEMU 10.0 keeps the old one.
 */
static void illegal(const char *name, uint64_t pstate)
{
	const struct outcome *o = visible_run(visible_code(AT_EL2, INSN_UDF), pstate, 0, 0);
	uint64_t seen;

	visible_prefix("illegal return");
	if (o->vector != RT_SYNC || EC_OF(o) != EC_ILL) {
		visible_outcome(name, o, false);
		return;
	}
	seen = o->pstate & SPSR_COMPARED & ~(PSTATE_SSBS | PSTATE_BTYPE | PSTATE_UAO | PSTATE_DIT);
	if (visible_bare())
		seen = (seen & ~PSTATE_PAN) | (pstate & PSTATE_PAN);
	visible_value(name, seen);
	visible_value("esr", o->esr);
	visible_value("elr", visible_relative(o->pc));
}

/* SPSR_EL2 of an exception from EL1 and from EL2, seen through a chain: HVC at EL1, ERET, HVC at EL1. */
static void chain(void)
{
	const struct outcome *o = visible_try(INSN_HVC(1), AT_EL1 | BIT(30), 0, 0);
	uint64_t pc = o->pc, pstate = o->pstate;

	visible_prefix("chain");
	visible_outcome("first", o, false);
	visible_outcome("second", visible_run(pc, pstate, 0, 0), false);
}

/* Whatever a run changed in EL1's own exception state is there when EL2 looks, and the reverse. */
static void state_of_el1(void)
{
	visible_prefix("EL1 state");
	set_el1(ELR, 0x123456789abc);
	set_el1(SPSR, AT_EL0 | BIT(29));
	set_el1(ESR, 0xf2000123);
	set_el1(FAR, 0xfedcba9876543210);
	visible_outcome("elr read at EL1", visible_try(INSN_MRS(ENC_ELR_EL1, 0), AT_EL1, 0, 0), true);
	visible_outcome("spsr read at EL1", visible_try(INSN_MRS(ENC_SPSR_EL1, 0), AT_EL1, 0, 0), true);
	visible_outcome("esr read at EL1", visible_try(INSN_MRS(ENC_ESR_EL1, 0), AT_EL1, 0, 0), true);
	visible_outcome("far read at EL1", visible_try(INSN_MRS(ENC_FAR_EL1, 0), AT_EL1, 0, 0), true);
	visible_outcome("udf", visible_try(INSN_UDF, AT_EL1, 0, 0), false);
	visible_value("esr", get_el1(ESR));
	visible_value("elr", visible_relative(get_el1(ELR)));
	visible_value("spsr", get_el1(SPSR) & SPSR_COMPARED);
	visible_try(INSN_MSR(ENC_TPIDR_EL1, 0), AT_EL1, 0x1122334455667788, 0);
	visible_value("tpidr", get(TPIDR_EL1));
	visible_try(INSN_MSR(ENC_CONTEXTIDR_EL1, 0), AT_EL1, 0x99aabbcc, 0);
	visible_value("contextidr", get_el1(CONTEXTIDR));
	visible_try(INSN_MSR(ENC_CNTKCTL_EL1, 0), AT_EL1, 0x2a5, 0);
	visible_value("cntkctl", get_el1(CNTKCTL) & BITS(9, 0));
	visible_try(INSN_MSR(ENC_MAIR_EL1, 0), AT_EL1, 0x0123456789abcdef, 0);
	visible_value("mair", get_el1(MAIR));
	visible_try(UINT32_C(0x9100001f), AT_EL1, 0x777770, 0); /* mov sp, x0 */
	visible_value("sp", get(SP_EL1));
	visible_try(INSN_MSR(ENC_MDSCR_EL1, 0), AT_EL1, MDSCR_TDCC, 0);
	visible_value("mdscr", get(MDSCR_EL1) & MDSCR_TDCC);
	set(VPIDR_EL2, 0x12345678);
	set(VMPIDR_EL2, MPIDR_RES1 | UINT64_C(0x8700050403));
	visible_outcome("midr", visible_try(INSN_MRS(ENC_MIDR_EL1, 0), AT_EL1, 0, 0), true);
	visible_outcome("mpidr", visible_try(INSN_MRS(ENC_MPIDR_EL1, 0), AT_EL1, 0, 0), true);
}

void topic_returns(void)
{
	legal("EL0", AT_EL0);
	legal("EL1t", AT_EL1T);
	legal("EL1h", AT_EL1);
	legal("EL2t", AT_EL2T);
	legal("EL2h", AT_EL2);
	illegal("EL3h", 0xd | PSTATE_DAIF);
	illegal("EL3t", 0xc | PSTATE_DAIF);
	illegal("EL0h", 0x1 | PSTATE_DAIF);
	illegal("M[1]", 0xb | PSTATE_DAIF);
	illegal("AArch32 at EL2", 0x1a | PSTATE_DAIF);
	illegal("AArch32 at EL1", 0x13 | PSTATE_DAIF);
	illegal("flags and DAIF",
		0xd | BIT(31) | BIT(28) | PSTATE_PAN | PSTATE_A | PSTATE_D | PSTATE_F | PSTATE_I);
	illegal("SS", 0xd | PSTATE_SS | PSTATE_DAIF);
	set(HCR_EL2, visible_hcr() | HCR_TGE);
	isb();
	illegal("EL1h under TGE", AT_EL1);
	illegal("EL1t under TGE", AT_EL1T);
	visible_reset_controls();
	chain();
	state_of_el1();
}
