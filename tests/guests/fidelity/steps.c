/*
 * What is a step?  A system register by one of its names at one of the levels, an exception or a return, a bit of one of EL2's
 * controls, an address translation, the GIC, a timer, a debug event. What would take the ground from under this program, or is free
 * to differ, is left out here, and why.  Reads: steps.h.  Next: memory.c, interrupts.c, operations.c.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/fidelity/steps.h"

#define FAR_FUTURE (UINT64_C(1) << 56)
#define ENC_IMPDEF_EL0 SYSREG_ENC(3, 3, 15, 0, 0)
#define ENC_IMPDEF_EL1 SYSREG_ENC(3, 0, 11, 0, 0)
#define FPCR_MODES (BITS(2, 0) | BITS(26, 22)) /* FIZ, AH and NEP; RMode, FZ, DN and AHP */

const uint64_t steps_levels[3] = { AT_EL0, AT_EL1, AT_EL2 };
const char *const steps_level_names[3] = { "EL0", "EL1", "EL2" };

uint64_t steps_value(struct chance *c)
{
	static const uint64_t fixed[] = { 0, ~UINT64_C(0), 1, UINT64_C(0xaaaaaaaaaaaaaaaa),
					  UINT64_C(0x5555555555555555) };

	switch (chance_of(c, 3)) {
	case 0:
		return fixed[chance_of(c, COUNT(fixed))];
	case 1:
		return BIT(chance_of(c, 64));
	default:
		return chance_any(c);
	}
}

/* --- what was seen --- */

uint64_t steps_mixed(uint64_t a, uint64_t b)
{
	return (a ^ b) * UINT64_C(0x100000001b3) + (a >> 29);
}

static uint64_t of_exception(unsigned vector, uint64_t esr, uint64_t elr, uint64_t spsr, uint64_t far)
{
	uint64_t seen = steps_mixed(vector, visible_relative(elr));

	/* ESR_ELx is written by synchronous exceptions only, and a step's ISV tells who stepped: docs/hypercall.md. */
	if (vector % 4 == 0)
		seen = steps_mixed(
			seen, esr & ~(field_get(ESR_EC, esr) / 2 == EC_SOFTSTP_LOW / 2 ? ESR_STEP_ISV : 0));
	if (vector % 4 == 0 && visible_has_far(esr))
		seen = steps_mixed(seen, visible_relative(far));
	/* An illegal return reinstates PAN like the flags; QEMU 10.0 keeps the old one. */
	if (vector % 4 == 0 && field_get(ESR_EC, esr) == EC_ILL)
		spsr &= ~PSTATE_PAN;
	return steps_mixed(seen, spsr & SPSR_COMPARED);
}

static bool is_of_el1(const struct outcome *o)
{
	return o->vector == RT_LOWER_SYNC && field_get(ESR_EC, o->esr) == EC_HVC64 &&
	       (o->esr & ESR_IMM16) == IMM_VECTOR;
}

uint64_t steps_seen(const char *name, const struct outcome *o, bool x0, bool verbose)
{
	uint64_t seen;

	if (verbose)
		visible_outcome(name, o, x0);
	if (visible_done(o))
		return x0 ? steps_mixed(1, o->x[0]) : 1;
	if (is_of_el1(o))
		return of_exception((unsigned)o->x[9] + 16, o->x[10], o->x[11], o->x[12], o->x[13]);
	seen = of_exception(o->vector, o->esr, o->pc, o->pstate, o->far);
	return visible_has_hpfar(o) ?
		       steps_mixed(seen, visible_relative(field_get(HPFAR_FIPA, o->hpfar) << 12)) :
		       seen;
}

/* --- registers --- */

/* Values that are kept where they are written, and are not what this program stands on. */
// clang-format off
static const struct reg {
	const char *name;
	unsigned enc;
	uint64_t mask; /* bits that are compared, and written */
	bool own;      /* with E2H=1 it is, at EL2, what this program stands on */
} regs[] = {
#define R(name, mask) { #name, ENC_##name, (mask), false }
#define OWN(name, mask) { #name, ENC_##name, (mask), true }
#define ALL (~UINT64_C(0))
	OWN(TTBR0_EL1, ALL),
	OWN(TTBR1_EL1, ALL),
	OWN(MAIR_EL1, ALL),
	OWN(FAR_EL1, ALL),
	OWN(ESR_EL1, BITS(31, 0)),
	OWN(ELR_EL1, BITS(47, 2)),
	OWN(CONTEXTIDR_EL1, BITS(31, 0)),
	R(TPIDR_EL1, ALL),
	R(TPIDR_EL0, ALL),
	R(TPIDRRO_EL0, ALL),
	R(FPCR, FPCR_MODES),
	R(FPSR, BIT(27) | BIT(7) | BITS(4, 0)),
	R(RNDR, 0),
	R(RNDRRS, 0),
	R(IMPDEF_EL0, 0),
	R(IMPDEF_EL1, 0),
	R(CCSIDR2_EL1, 0),
	R(PAR_EL1, 0),
	R(CSSELR_EL1, 0),
	R(AFSR0_EL1, 0),
	R(AFSR1_EL1, 0),
	R(AMAIR_EL1, 0),
	R(ACTLR_EL1, 0),
	R(TTBR0_EL12, ALL),
	R(FAR_EL12, ALL),
	R(ELR_EL12, BITS(47, 2)),
	R(CONTEXTIDR_EL12, BITS(31, 0)),
	R(TPIDR_EL2, ALL),
	R(FAR_EL2, 0),
	R(HPFAR_EL2, 0),
	R(HACR_EL2, 0),
	R(VTTBR_EL2, BITS(47, 12)),
	R(VPIDR_EL2, BITS(31, 0)),
	R(VMPIDR_EL2, BITS(7, 0)),
	R(CNTVOFF_EL2, ALL),
	R(HSTR_EL2, 0),
	R(VBAR_EL1, 0),
	R(SPSR_EL1, 0),
	R(CNTV_CVAL_EL0, ALL),
	R(CNTP_CVAL_EL0, ALL),
	R(CNTHP_CVAL_EL2, ALL),
	R(CNTV_CVAL_EL02, ALL),
	R(CNTP_CVAL_EL02, ALL),
	R(CNTHV_CVAL_EL2, ALL),
	R(CNTFRQ_EL0, 0),
	R(CNTVCT_EL0, 0),
	R(CNTPCT_EL0, 0),
	R(CNTV_CTL_EL0, 0),
	R(CNTP_TVAL_EL0, 0),
	R(SCTLR_EL1, 0),
	R(TCR_EL1, 0),
	R(CPACR_EL1, 0),
	R(CPACR_EL12, 0),
	R(SCTLR_EL12, 0),
	R(CNTKCTL_EL12, 0),
	R(TCR_EL2, 0),
	R(MAIR_EL2, 0),
	R(VBAR_EL2, 0),
	R(VTCR_EL2, 0),
	R(CPTR_EL2, 0),
	R(MDCR_EL2, 0),
	R(HFGRTR_EL2, 0),
	R(ACTLR_EL2, 0),
	R(AFSR0_EL2, 0),
	R(AMAIR_EL2, 0),
	R(VSESR_EL2, 0),
	R(VDISR_EL2, 0),
	R(DISR_EL1, 0),
	R(MDSCR_EL1, 0),
	R(DBGBCR0_EL1, 0),
	R(OSDLR_EL1, 0),
	R(DBGPRCR_EL1, 0),
	R(DBGCLAIMSET_EL1, 0),
	R(MDRAR_EL1, 0),
	R(DBGDTR_EL0, 0),
	R(CTR_EL0, 0),
	R(DCZID_EL0, BITS(3, 0)),
	R(RVBAR_EL2, 0),
	R(MIDR_EL1, 0),
	R(MPIDR_EL1, 0),
	R(REVIDR_EL1, 0),
	R(AIDR_EL1, 0),
	R(CCSIDR_EL1, 0),
	R(CLIDR_EL1, 0),
	R(ID_AA64ZFR0_EL1, 0),
	R(ID_PFR0_EL1, 0),
	R(MVFR0_EL1, 0),
	R(ERRIDR_EL1, 0),
	R(ISR_EL1, 0),
	R(MDCCSR_EL0, 0),
	R(OSLSR_EL1, 0),
	R(DBGBVR0_EL1, BITS(47, 2)),
	R(DBGBVR1_EL1, BITS(47, 2)),
	R(DBGWVR0_EL1, BITS(47, 3)),
	R(ICC_PMR_EL1, BITS(7, 3)),
	R(ICC_SRE_EL1, 0),
	R(ICC_CTLR_EL1, 0),
	R(ICC_HPPIR1_EL1, 0),
	R(ICC_RPR_EL1, 0),
	R(ICH_VTR_EL2, 0),
	R(ICH_MISR_EL2, 0),
	R(ICH_ELRSR_EL2, 0),
	R(ICH_EISR_EL2, 0),
	R(ICH_VMCR_EL2, 0),
	R(ICH_LR0_EL2, 0),
#undef R
#undef OWN
};
// clang-format on

/* RAM is not at the same place in every machine. */
static bool is_address(unsigned enc)
{
	return enc == ENC_ELR_EL1 || enc == ENC_ELR_EL12 || enc == ENC_FAR_EL1 || enc == ENC_FAR_EL12;
}

/* Reads are compared where something can be: a mask of 0 compares only whether, and where, the access traps. */
static uint64_t step_register(struct chance *c, bool verbose)
{
	const struct reg *r = &regs[chance_of(c, COUNT(regs))];
	unsigned level = chance_of(c, 3);
	uint64_t mask = r->own && level == 2 && visible_vhe() ? 0 : r->mask, value = steps_value(c) & mask;
	bool write = mask && chance_of(c, 2);
	const struct outcome *o;
	struct outcome masked;

	/* CNTVOFF_EL2 by memory has its effect on lines within a millisecond: docs/interrupts.md. It is written to be read. */
	o = visible_try(write ? INSN_MSR(r->enc, 0) : INSN_MRS(r->enc, 0), steps_levels[level], value, 0);
	masked = *o;
	if (visible_done(o))
		masked.x[0] = is_address(r->enc) ? visible_relative(masked.x[0] & mask) : masked.x[0] & mask;
	visible_prefix("%s %s at %s %lx", write ? "write" : "read", r->name, steps_level_names[level], value);
	return steps_seen("", &masked, !write, verbose);
}

/* --- exceptions and returns --- */

static uint64_t step_exception(struct chance *c, bool verbose)
{
	static const uint32_t insns[] = { INSN_UDF,  INSN_SVC(7), INSN_HVC(7), INSN_SMC(7), INSN_BRK(7),
					  INSN_ERET, INSN_FMOV,	  INSN_ESB,    INSN_WFE,    INSN_ISB,
					  LDR_X1_X0, STR_X1_X0,	  INSN_BR_X0 };
	static const uint64_t flags[] = { 0,	      BIT(31),	   BIT(30),   BIT(29),	  BIT(28),
					  PSTATE_PAN, PSTATE_SSBS, PSTATE_IL, PSTATE_NZCV };
	unsigned i = chance_of(c, COUNT(insns)), level = chance_of(c, 3);
	uint64_t pstate = steps_levels[level] | flags[chance_of(c, COUNT(flags))],
		 offset = chance_of(c, 2) ? 0 : chance_of(c, 16);

	/* An SMC that does not trap is the firmware's, and an ERET goes anywhere: step_return. */
	if ((insns[i] == INSN_SMC(7) && level != 0 && !(level == 1 && get(HCR_EL2) & HCR_TSC)) ||
	    (insns[i] == INSN_ERET && level != 0))
		i = 0;
	visible_prefix("instruction %lx at %s PSTATE %lx", (uint64_t)insns[i], steps_level_names[level],
		       pstate);
	/* QEMU does not check alignment at an EL1 without its MMU. */
	return steps_seen("", visible_try(insns[i], pstate, SCRATCH + (level == 2 ? offset : 0), 0), false,
			  verbose);
}

/* Legal returns are compared whole; of an illegal one much is UNKNOWN, and that it is one is compared. */
static uint64_t step_return(struct chance *c, bool verbose)
{
	uint64_t flags = chance_any(c) &
			 (PSTATE_NZCV | PSTATE_PAN | PSTATE_SSBS | PSTATE_DIT | PSTATE_DAIF | PSTATE_IL);
	uint64_t pstate = chance_of(c, 2) ? steps_levels[chance_of(c, 3)] | flags :
					    (chance_any(c) & SPSR_M) | PSTATE_DAIF;
	const struct outcome *o = visible_run(visible_code(AT_EL2, INSN_UDF), pstate, 0, 0);

	visible_prefix("return to %lx", pstate);
	if (field_get(ESR_EC, o->esr) == EC_ILL && o->vector < RT_LOWER_SYNC) {
		if (verbose)
			visible_outcome("illegal", o, false);
		return 2;
	}
	return steps_seen("", o, false, verbose);
}

/* --- controls --- */

/* Without SCTLR_EL2.EPAN: EL0 may execute the pages that this program is on, as far as they say, and PSTATE.PAN stays after an exception. */
static const struct control {
	const char *name;
	unsigned enc;
	uint64_t e2h0, e2h1;
} controls[] = {
#define HCR_BITS                                                                                          \
	(HCR_TID0 | HCR_TID1 | HCR_TID2 | HCR_TID3 | HCR_TACR | HCR_TSW | HCR_TPCP | HCR_TPU | HCR_TTLB | \
	 HCR_TVM | HCR_TRVM | HCR_TDZ | HCR_TERR | HCR_TEA | HCR_FWB | HCR_AMO | HCR_TWI | HCR_TWE |      \
	 HCR_TSC | HCR_TIDCP | HCR_CD | HCR_ID | HCR_FB | HCR_TGE | HCR_TID4 | HCR_TICAB | HCR_TOCU |     \
	 HCR_TTLBIS | HCR_TTLBOS)
#define MDCR_BITS (MDCR_TDA | MDCR_TDOSA | MDCR_TDRA | MDCR_TDE | MDCR_TDCC)
#define SCTLR_BITS (SCTLR_A | SCTLR_SA | SCTLR_NAA | SCTLR_IESB | SCTLR_DSSBS)
	{ "HCR_EL2", ENC_HCR_EL2, HCR_BITS, HCR_BITS },
	{ "CPTR_EL2", ENC_CPTR_EL2, CPTR_NVHE_TFP | CPTR_TCPAC, CPACR_FPEN | CPTR_TCPAC },
	{ "MDCR_EL2", ENC_MDCR_EL2, MDCR_BITS, MDCR_BITS },
	{ "CNTHCTL_EL2", ENC_CNTHCTL_EL2,
	  CNTHCTL_NVHE_EL1PCTEN | CNTHCTL_NVHE_EL1PCEN | CNTHCTL_EL1TVT | CNTHCTL_EL1TVCT,
	  BITS(1, 0) | CNTHCTL_EL0VTEN | CNTHCTL_EL0PTEN | CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN |
		  CNTHCTL_EL1TVT | CNTHCTL_EL1TVCT },
	{ "SCTLR_EL2", ENC_SCTLR_EL2, SCTLR_BITS,
	  SCTLR_BITS | SCTLR_UCT | SCTLR_UCI | SCTLR_DZE | SCTLR_UMA | SCTLR_NTWI | SCTLR_NTWE | SCTLR_TIDCP |
		  SCTLR_ENRCTX },
	{ "HFGRTR_EL2", ENC_HFGRTR_EL2, HFGRTR_SHOWN, HFGRTR_SHOWN },
	{ "HFGWTR_EL2", ENC_HFGWTR_EL2, HFGWTR_SHOWN, HFGWTR_SHOWN },
	{ "HFGITR_EL2", ENC_HFGITR_EL2, HFGITR_SHOWN, HFGITR_SHOWN },
	{ "HDFGRTR_EL2", ENC_HDFGRTR_EL2, HDFGRTR_SHOWN, HDFGRTR_SHOWN },
	{ "HDFGWTR_EL2", ENC_HDFGWTR_EL2, HDFGWTR_SHOWN, HDFGWTR_SHOWN },
};

static uint64_t step_control(struct chance *c, bool verbose)
{
	const struct control *k = &controls[chance_of(c, COUNT(controls))];
	uint64_t bits = visible_vhe() ? k->e2h1 : k->e2h0, bit;
	unsigned n = chance_of(c, 64);

	while (!(bits & BIT(n)))
		n = (n + 1) % 64;
	bit = visible_read(k->enc) ^ BIT(n);
	visible_write(k->enc, bit);
	(void)get(MDCR_EL2); /* a trap, where HCR_EL2 is memory */
	visible_prefix("%s becomes", k->name);
	if (verbose)
		visible_value("", bit & bits);
	return visible_read(k->enc) & bits;
}

/* --- translation --- */

static uint64_t step_translate(struct chance *c, bool verbose)
{
	static const struct {
		const char *name;
		unsigned enc;
	} at[] = { { "AT S1E1R", ENC_AT_S1E1R },    { "AT S1E1W", ENC_AT_S1E1W },
		   { "AT S1E0R", ENC_AT_S1E0R },    { "AT S1E2R", ENC_AT_S1E2R },
		   { "AT S1E2W", ENC_AT_S1E2W },    { "TLBI ALLE1", ENC_TLBI_ALLE1 },
		   { "TLBI VAE1", ENC_TLBI_VAE1 },  { "TLBI VMALLE1IS", ENC_TLBI_VMALLE1IS },
		   { "TLBI ALLE2", ENC_TLBI_ALLE2 } };
	unsigned i = chance_of(c, COUNT(at)), level = chance_of(c, 3);
	uint64_t address = chance_of(c, 2) ? SCRATCH : BIT(38) + chance_any(c) % BIT(37);
	const struct outcome *o = visible_try(INSN_MSR(at[i].enc, 0), steps_levels[level], address, 0);
	uint64_t seen, par;

	visible_prefix("%s at %s", at[i].name, steps_level_names[level]);
	seen = steps_seen("", o, false, verbose);
	if (i >= 5 || !visible_done(o))
		return seen;
	par = read_sysreg(PAR_EL1);
	if (verbose)
		visible_par("PAR_EL1", par);
	return steps_mixed(seen, par & PAR_F ? par : visible_relative(par & BITS(47, 12)));
}

/* --- interrupts and timers --- */

static volatile uint32_t *gicr_sgi(uint32_t offset)
{
	return (volatile uint32_t *)(rt_machine()->gicr + 0x10000 + offset);
}

/* Private interrupts that this program makes pending: SGIs 1 to 7. Their state is in registers of both kinds. */
#define OWN_SGIS UINT32_C(0xfe)

static uint64_t step_gic(struct chance *c, bool verbose)
{
	static const uint16_t offsets[] = { 0x100, 0x180, 0x200, 0x280, 0x300, 0x380, 0x080 };
	uint32_t offset = offsets[chance_of(c, COUNT(offsets))], value = (uint32_t)chance_any(c) & OWN_SGIS;
	uint64_t seen;

	visible_prefix("GICR_SGI %lx of %lx", (uint64_t)offset, (uint64_t)value);
	/* One active at a time: tests/fidelity/deviations has the other case. */
	if (offset == 0x300) {
		*gicr_sgi(0x380) = OWN_SGIS;
		value &= ~value + 1;
	}
	if (chance_of(c, 3) == 0)
		write_sysreg(S3_0_C12_C11_5, (uint64_t)chance_of(c, 8) << 24 | 1); /* ICC_SGI1R_EL1 */
	else
		*gicr_sgi(offset) = value;
	dsb(sy);
	isb();
	seen = *gicr_sgi(0x100) & OWN_SGIS;
	seen = steps_mixed(seen, *gicr_sgi(0x200) & OWN_SGIS);
	seen = steps_mixed(seen, *gicr_sgi(0x300) & OWN_SGIS);
	seen = steps_mixed(seen, *gicr_sgi(0x080) & OWN_SGIS);
	if (verbose)
		visible_value("enabled, pending, active", (uint64_t)(*gicr_sgi(0x100) & OWN_SGIS) << 32 |
								  (*gicr_sgi(0x200) & OWN_SGIS) << 16 |
								  (*gicr_sgi(0x300) & OWN_SGIS));
	return seen;
}

/* Far in the past or far in the future, so that no speed matters; the status and the line. */
static uint64_t step_timer(struct chance *c, bool verbose)
{
	static const struct {
		const char *name;
		unsigned ctl, cval;
		bool vhe_only;
	} timers[] = { { "CNTP", ENC_CNTP_CTL_EL0, ENC_CNTP_CVAL_EL0, false },
		       { "CNTV", ENC_CNTV_CTL_EL0, ENC_CNTV_CVAL_EL0, false },
		       { "CNTHP", ENC_CNTHP_CTL_EL2, ENC_CNTHP_CVAL_EL2, false },
		       { "CNTP EL02", ENC_CNTP_CTL_EL02, ENC_CNTP_CVAL_EL02, true },
		       { "CNTV EL02", ENC_CNTV_CTL_EL02, ENC_CNTV_CVAL_EL02, true } };
	unsigned i = chance_of(c, COUNT(timers));
	uint64_t ctl = chance_of(c, 4), cval = chance_of(c, 2) ? 0 : FAR_FUTURE, seen;

	if (timers[i].vhe_only && !visible_vhe())
		i = 2;
	visible_write(ENC_CNTVOFF_EL2, 0);
	visible_write(timers[i].cval, cval);
	visible_write(timers[i].ctl, ctl);
	(void)get(MDCR_EL2); /* a trap, where the timer is memory */
	seen = steps_mixed(visible_read(timers[i].ctl), visible_read(timers[i].cval));
	visible_prefix("%s CTL %lx CVAL %lx", timers[i].name, ctl, cval);
	if (verbose)
		visible_value("CTL", visible_read(timers[i].ctl));
	return seen;
}

/* --- debug events --- */

static uint64_t step_debug(struct chance *c, bool verbose)
{
	static const uint64_t mdscr[] = { 0, MDSCR_SS, MDSCR_SS | MDSCR_KDE, MDSCR_MDE,
					  MDSCR_MDE | MDSCR_KDE };
	static const uint16_t where[] = {
		1 << 1, 2 << 1, 3 << 1, 1 << 13 | 1 << 1, 1 << 13 | 3 << 14, 1 << 13 | 3 << 1
	};
	unsigned m = chance_of(c, COUNT(mdscr)), w = chance_of(c, COUNT(where)), level = chance_of(c, 3);
	uint64_t pstate = (steps_levels[level] & ~(chance_of(c, 2) ? PSTATE_D : 0)) |
			  (chance_of(c, 2) ? PSTATE_SS : 0),
		 seen;
	uint64_t code = visible_code(steps_levels[level], INSN_NOP, LDR_X1_X0, INSN_NOP);

	write_sysreg(DBGBVR0_EL1, code + 4);
	write_sysreg(DBGBCR0_EL1, chance_of(c, 2) ? UINT64_C(0x1e1) | where[w] : 0);
	write_sysreg(DBGWVR0_EL1, SCRATCH);
	write_sysreg(DBGWCR0_EL1, chance_of(c, 2) ? UINT64_C(0x1ff9) | where[w] : 0);
	write_sysreg(MDSCR_EL1, mdscr[m]);
	isb();
	visible_prefix("debug at %s MDSCR %lx where %lx PSTATE %lx", steps_level_names[level], mdscr[m],
		       (uint64_t)where[w], pstate);
	seen = steps_seen("", visible_run(code, pstate, SCRATCH, 0), false, verbose);
	write_sysreg(MDSCR_EL1, 0);
	write_sysreg(DBGBCR0_EL1, 0);
	write_sysreg(DBGWCR0_EL1, 0);
	write_sysreg(DBGBVR0_EL1, 0); /* its address is free to differ */
	write_sysreg(DBGWVR0_EL1, 0);
	isb();
	return seen;
}

/* --- all of them --- */

uint64_t steps_take(struct chance *c, bool verbose)
{
	static uint64_t (*const kinds[])(struct chance * c, bool verbose) = {
		step_register,	      step_register,  step_exception, step_return,    step_control,
		step_control,	      step_translate, step_gic,	      step_timer,     step_debug,
		step_access,	      step_access,    step_at,	      step_wait,      step_interrupt,
		step_timer_interrupt, step_virtual,   step_operation, step_operation, step_float,
		step_el1_control,
	};

	unsigned kind = chance_of(c, COUNT(kinds));

	if (verbose)
		rt_print("# a step of kind %u\n", kind);
	return kinds[kind](c, verbose);
}

void steps_reset(void)
{
	static const unsigned zero[] = { ENC_TTBR0_EL1,	     ENC_FAR_EL1,	 ENC_ESR_EL1,
					 ENC_ELR_EL1,	     ENC_CONTEXTIDR_EL1, ENC_TPIDR_EL1,
					 ENC_TPIDR_EL0,	     ENC_TPIDRRO_EL0,	 ENC_TPIDR_EL2,
					 ENC_CNTV_CTL_EL0,   ENC_CNTP_CTL_EL0,	 ENC_CNTHP_CTL_EL2,
					 ENC_CNTV_CVAL_EL0,  ENC_CNTP_CVAL_EL0,	 ENC_CNTHP_CVAL_EL2,
					 ENC_DBGBVR0_EL1,    ENC_DBGBVR1_EL1,	 ENC_DBGWVR0_EL1,
					 ENC_FAR_EL12,	     ENC_ELR_EL12,	 ENC_CONTEXTIDR_EL12,
					 ENC_CNTV_CTL_EL02,  ENC_CNTP_CTL_EL02,	 ENC_CNTV_CVAL_EL02,
					 ENC_CNTP_CVAL_EL02, ENC_CNTHV_CVAL_EL2, ENC_ICC_PMR_EL1 };
	static uint64_t sctlr;

	visible_reset_controls();
	if (!sctlr)
		sctlr = read_sysreg(SCTLR_EL2);
	write_sysreg(SCTLR_EL2, sctlr);
	write_sysreg(OSLAR_EL1, 0);
	visible_write(ENC_FPCR, 0);
	visible_write(ENC_FPSR, 0);
	set_el1(CNTKCTL, 0);
	/* With E2H=1 some names are EL2's own translation, which is left alone. */
	for (size_t i = 0; i < COUNT(zero); i++)
		if (!(visible_vhe() && (zero[i] == ENC_TTBR0_EL1 || zero[i] == ENC_ELR_EL1)))
			visible_write(zero[i], 0);
	memory_reset();
	interrupts_reset();
	*gicr_sgi(0x180) = OWN_SGIS;
	*gicr_sgi(0x280) = OWN_SGIS;
	*gicr_sgi(0x380) = OWN_SGIS;
	dsb(sy);
	isb();
}

/* --- known to differ --- */

static bool is_called(const char *name, const char *this)
{
	while (*name && *name == *this) {
		name++;
		this ++;
	}
	return *name == *this;
}

uint64_t known_deviation(const char *name)
{
	if (is_called(name, "ldtr")) /* LDTR X1, [X0] at EL2 */
		return steps_seen("", visible_try(UINT32_C(0xf8400801), AT_EL2, SCRATCH, 0), false, false);
	if (is_called(name, "pan")) /* SPSR_EL2.PAN of a return to EL3 */
		return visible_run(visible_code(AT_EL2, INSN_UDF), PSTATE_DAIF | PSTATE_PAN | 0xd, 0, 0)
			       ->pstate &
		       PSTATE_PAN;
	if (is_called(name, "active"))
		return interrupts_many_active();
	return ~UINT64_C(0);
}
