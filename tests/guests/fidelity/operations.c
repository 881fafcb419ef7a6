/*
 * What do instructions do that are no registers?  Cache and TLB maintenance under every trap of it (FEAT_EVT's among them), at each
 * level; floating point with the modes of FEAT_AFP and FEAT_RPRES; and the bits of EL1's own controls that are for EL0, which
 * meet EL2's.  Reads: steps.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/fidelity/steps.h"

#define ENC_IMPDEF_SYS SYSREG_ENC(1, 0, 11, 0, 0)
#define INSN_FMOV_S0_W0 UINT32_C(0x1e270000)
#define INSN_FMOV_W0_S0 UINT32_C(0x1e260000)

/* --- maintenance --- */

/* What x0 is to them. */
enum operand {
	NOTHING,
	ADDRESS,
	PAGE, /* ASID 0 */
};

static const struct operation {
	const char *name;
	unsigned enc;
	enum operand operand;
} operations[] = {
#define O(name, operand)                     \
	{                                    \
#name, ENC_##name, (operand) \
	}
	O(IC_IALLUIS, NOTHING),	    O(IC_IALLU, NOTHING),	 O(IC_IVAU, ADDRESS),
	O(DC_IVAC, ADDRESS),	    O(DC_ISW, NOTHING),		 O(DC_CSW, NOTHING),
	O(DC_CISW, NOTHING),	    O(DC_ZVA, ADDRESS),		 O(DC_CVAC, ADDRESS),
	O(DC_CVAU, ADDRESS),	    O(DC_CVAP, ADDRESS),	 O(DC_CVADP, ADDRESS),
	O(DC_CIVAC, ADDRESS),	    O(CFP_RCTX, NOTHING),	 O(DVP_RCTX, NOTHING),
	O(CPP_RCTX, NOTHING),	    O(COSP_RCTX, NOTHING), /* FEAT_SPECRES2 */
	O(IMPDEF_SYS, NOTHING),	    O(TLBI_VMALLE1, NOTHING),	 O(TLBI_VMALLE1IS, NOTHING),
	O(TLBI_VMALLE1OS, NOTHING), O(TLBI_VAE1, PAGE),		 O(TLBI_VAE1IS, PAGE),
	O(TLBI_VAE1OS, PAGE),	    O(TLBI_VALE1IS, PAGE),	 O(TLBI_VALE1OS, PAGE),
	O(TLBI_VAAE1IS, PAGE),	    O(TLBI_VAAE1OS, PAGE),	 O(TLBI_ASIDE1, NOTHING),
	O(TLBI_ASIDE1IS, NOTHING),  O(TLBI_ASIDE1OS, NOTHING),	 O(TLBI_RVAE1, PAGE),
	O(TLBI_RVAE1IS, PAGE),	    O(TLBI_RVAE1OS, PAGE),	 O(TLBI_RVAALE1IS, PAGE),
	O(TLBI_RVAALE1OS, PAGE),    O(TLBI_IPAS2E1IS, PAGE),	 O(TLBI_IPAS2E1OS, PAGE),
	O(TLBI_RIPAS2LE1IS, PAGE),  O(TLBI_VMALLS12E1, NOTHING), O(TLBI_VMALLS12E1OS, NOTHING),
	O(TLBI_ALLE1, NOTHING),	    O(TLBI_ALLE1OS, NOTHING),	 O(TLBI_ALLE2OS, NOTHING),
	O(TLBI_VAE2IS, PAGE),	    O(TLBI_RVAE2OS, PAGE),	 O(TLBI_VAE1ISNXS, PAGE), /* FEAT_XS */
	O(TLBI_VAE1NXS, PAGE),	    O(TLBI_VAE2OSNXS, PAGE),
#undef O
};

uint64_t step_operation(struct chance *c, bool verbose)
{
	const struct operation *o = &operations[chance_of(c, COUNT(operations))];
	unsigned level = chance_of(c, 3);
	uint64_t x0 = o->operand == ADDRESS ? SCRATCH : o->operand == PAGE ? SCRATCH >> 12 : 0;

	visible_prefix("%s at %s", o->name, steps_level_names[level]);
	return steps_seen("", visible_try(INSN_MSR(o->enc, 0), steps_levels[level], x0, 0), false, verbose);
}

/* --- floating point --- */

/* An operand that is normal, denormal, a NaN, or any; FPCR is what steps have made of it. */
uint64_t step_float(struct chance *c, bool verbose)
{
	static const uint32_t words[] = {
		0x5ea1d800, /* frecpe s0, s0 */
		0x7ea1d800, /* frsqrte s0, s0 */
		0x1e200800, /* fmul s0, s0, s0 */
		0x1e202800, /* fadd s0, s0, s0 */
		0x1e20c000, /* fabs s0, s0 */
		0x1e214000, /* fneg s0, s0 */
	};
	static const uint32_t operands[] = { 0x40400000, 1, 0x80000001, 0x7f800001, 0xffc00000 };
	uint32_t word = words[chance_of(c, COUNT(words))];
	unsigned level = chance_of(c, 3);
	uint64_t x0 = chance_of(c, 2) ? operands[chance_of(c, COUNT(operands))] : chance_any(c) & BITS(31, 0);

	visible_prefix("%lx of %lx at %s", (uint64_t)word, x0, steps_level_names[level]);
	return steps_seen("",
			  visible_run(visible_code(steps_levels[level], INSN_FMOV_S0_W0, word,
						   INSN_FMOV_W0_S0, INSN_MRS(ENC_FPSR, 1)),
				      steps_levels[level], x0, 0),
			  true, verbose);
}

/* --- EL1's controls --- */

/* Those of EL1 that say what EL0 may, and how EL1 itself is entered and accesses: by the _EL12 names with E2H=1. */
uint64_t step_el1_control(struct chance *c, bool verbose)
{
	static const struct {
		const char *name;
		unsigned enc, enc_vhe;
		uint64_t bits;
	} controls[] = {
		{ "SCTLR_EL1", ENC_SCTLR_EL1, ENC_SCTLR_EL12,
		  SCTLR_UCT | SCTLR_UCI | SCTLR_DZE | SCTLR_UMA | SCTLR_NTWI | SCTLR_NTWE | SCTLR_TIDCP |
			  SCTLR_EPAN | SCTLR_ENRCTX | SCTLR_SPAN | SCTLR_IESB | SCTLR_DSSBS | SCTLR_BT0 |
			  SCTLR_BT1 },
		{ "CPACR_EL1", ENC_CPACR_EL1, ENC_CPACR_EL12, CPACR_FPEN },
		{ "CNTKCTL_EL1", ENC_CNTKCTL_EL1, ENC_CNTKCTL_EL12,
		  CNTHCTL_EL0PCTEN | CNTHCTL_EL0VCTEN | CNTHCTL_EL0VTEN | CNTHCTL_EL0PTEN },
	};
	unsigned i = chance_of(c, COUNT(controls)), n = chance_of(c, 64),
		 enc = visible_vhe() ? controls[i].enc_vhe : controls[i].enc;

	while (!(controls[i].bits & BIT(n)))
		n = (n + 1) % 64;
	visible_write(enc, visible_read(enc) ^ BIT(n));
	visible_prefix("%s becomes", controls[i].name);
	if (verbose)
		visible_value("", visible_read(enc) & controls[i].bits);
	return visible_read(enc) & controls[i].bits;
}
