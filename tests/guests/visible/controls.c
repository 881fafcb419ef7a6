/*
 * What does each bit of EL2's controls do, at EL2 itself, at EL1, and at EL0 with HCR_EL2.TGE = 0 and 1?  One bit after the other is
 * turned over, under every name that reaches it, and a list of instructions is tried at each level; what comes out otherwise than
 * before is printed.  Debug and SVE have topics of their own.  Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define GUARDED_VA UINT64_C(0x6040000000)
#define INSN_NOP UINT32_C(0xd503201f)
#define INSN_PACIASP UINT32_C(0xd503233f)
#define INSN_BTI_C UINT32_C(0xd503245f)
#define INSN_BTI_J UINT32_C(0xd503249f)
#define LDR_X1_X0 UINT32_C(0xf9400001)
#define LDAR_X1_X0 UINT32_C(0xc8dffc01)
#define MSR_DAIFSET UINT32_C(0xd50342df)
#define MSR_SPSEL_1 UINT32_C(0xd50041bf)

enum level {
	EL2,
	EL1,
	EL0,
	EL0_TGE,
	LEVELS
};
static const char *const level_name[LEVELS] = { "EL2", "EL1", "EL0", "EL0 TGE" };

static const struct probe {
	const char *name;
	uint32_t insn;
	uint64_t offset; /* from the data page, for x0 */
	bool needs_mmu;	 /* QEMU does not check alignment of an EL1 without MMU below a stage 2 */
} probes[] = {
	{ "ldr", LDR_X1_X0, 0, false },
	{ "ldr +1", LDR_X1_X0, 1, true },
	{ "ldar +4", LDAR_X1_X0, 4, true },
	{ "ldar +12", LDAR_X1_X0, 12, true },
	{ "ldr tagged", LDR_X1_X0, UINT64_C(0xa5) << 56, false },
	{ "ctr", INSN_MRS(ENC_CTR_EL0, 0), 0, false },
	{ "dczid", INSN_MRS(ENC_DCZID_EL0, 0), 0, false },
	{ "dc zva", INSN_MSR(ENC_DC_ZVA, 0), 0, false },
	{ "dc cvau", INSN_MSR(ENC_DC_CVAU, 0), 0, false },
	{ "dc civac", INSN_MSR(ENC_DC_CIVAC, 0), 0, false },
	{ "ic ivau", INSN_MSR(ENC_IC_IVAU, 0), 0, false },
	{ "wfe", INSN_WFE, 0, false },
	{ "msr daifset", MSR_DAIFSET, 0, false },
	{ "cntvct", INSN_MRS(ENC_CNTVCT_EL0, 0), 0, false },
	{ "cntpct", INSN_MRS(ENC_CNTPCT_EL0, 0), 0, false },
	{ "cntfrq", INSN_MRS(ENC_CNTFRQ_EL0, 0), 0, false },
	{ "cntv_ctl", INSN_MRS(ENC_CNTV_CTL_EL0, 0), 0, false },
	{ "cntp_ctl", INSN_MRS(ENC_CNTP_CTL_EL0, 0), 0, false },
	{ "cntp_tval", INSN_MRS(ENC_CNTP_TVAL_EL0, 0), 0, false },
	{ "fmov", INSN_FMOV, 0, false },
	{ "midr", INSN_MRS(ENC_MIDR_EL1, 0), 0, false },
	{ "aidr", INSN_MRS(ENC_AIDR_EL1, 0), 0, false },
	{ "ccsidr", INSN_MRS(ENC_CCSIDR_EL1, 0), 0, false },
	{ "pfr0", INSN_MRS(ENC_ID_AA64PFR0_EL1, 0), 0, false },
	{ "ttbr0:r", INSN_MRS(ENC_TTBR0_EL1, 0), 0, false },
	{ "far:w", INSN_MSR(ENC_FAR_EL1, 0), 0, false },
	{ "cpacr:r", INSN_MRS(ENC_CPACR_EL1, 0), 0, false },
	{ "actlr", INSN_MRS(ENC_ACTLR_EL1, 0), 0, false },
	{ "erridr", INSN_MRS(ENC_ERRIDR_EL1, 0), 0, false },
	{ "tlbi", INSN_MSR(ENC_TLBI_VMALLE1, 0), 0, false },
	{ "dc isw", INSN_MSR(ENC_DC_ISW, 31), 0, false },
	{ "tpidr_el0:w", INSN_MSR(ENC_TPIDR_EL0, 0), 0, false },
	{ "msr spsel", MSR_SPSEL_1, 0, false },
	{ "cfp rctx", INSN_MSR(SYSREG_ENC(1, 3, 7, 3, 4), 31), 0, false },
	{ "impdef", INSN_MRS(SYSREG_ENC(3, 3, 15, 0, 0), 0), 0, false },
	{ "hvc", INSN_HVC(5), 0, false },
	{ "svc", INSN_SVC(5), 0, false },
	{ "smc", INSN_SMC(5), 0, false },
};

static uint64_t base[LEVELS][COUNT(probes)];

/* 0 for a run that went well; else the vector, of EL1 if its bit 7 is set, and the syndrome, which an interrupt does not have. */
static uint64_t seen(const struct outcome *o)
{
	if (visible_done(o))
		return 0;
	if (o->vector == RT_LOWER_SYNC && field_get(ESR_EC, o->esr) == EC_HVC64 &&
	    (o->esr & ESR_IMM16) == IMM_VECTOR)
		return BIT(63) | o->x[9] << 56 | o->x[10];
	return (uint64_t)o->vector << 56 | o->esr;
}

static const struct outcome *try_at(enum level level, const struct probe *p)
{
	static const uint64_t pstate[LEVELS] = { AT_EL2, AT_EL1, AT_EL0, AT_EL0 };
	bool mapped = level == EL0_TGE && visible_vhe();
	uint64_t code = visible_code(pstate[level], p->insn);
	uint64_t data = mapped ? VISIBLE_EL0_VA + 4096 : (uint64_t)visible_scratch;

	return visible_run(mapped ? VISIBLE_EL0_VA : code, pstate[level], data + p->offset, 0);
}

/* Every probe at every level; hcr is HCR_EL2 without TGE. The first time the outcomes are kept. */
static void try_all(const char *name, uint64_t bit, uint64_t hcr, bool keep)
{
	for (enum level level = 0; level < LEVELS; level++) {
		set(HCR_EL2, hcr | (level == EL0_TGE ? HCR_TGE : 0));
		visible_prefix("controls %s %lx %s", name, bit, level_name[level]);
		(void)get(CPTR_EL2); /* a trap, where HCR_EL2 is memory */
		for (size_t i = 0; i < COUNT(probes); i++) {
			uint64_t now;

			if (probes[i].needs_mmu && !(level == EL2 || (level == EL0_TGE && visible_vhe())))
				continue;
			now = seen(try_at(level, &probes[i]));

			if (keep || now != base[level][i])
				visible_value(probes[i].name, now);
			if (keep)
				base[level][i] = now;
		}
	}
}

/*
 * Bits with E2H=0 and with E2H=1. Left out: what takes the ground from under this program (M, C, EE, WXN, the formats of addresses),
 * bits of features that L1 does not see, and DC, which is a stage 2.
 */
static const struct control {
	const char *name;
	unsigned enc;
	uint64_t e2h0, e2h1;
} controls[] = {
	{ "SCTLR_EL2", ENC_SCTLR_EL2, SCTLR_A | SCTLR_SA | SCTLR_NAA | SCTLR_I | SCTLR_IESB | SCTLR_EL2_BT,
	  SCTLR_A | SCTLR_SA | SCTLR_SA0 | SCTLR_NAA | SCTLR_UMA | SCTLR_ENRCTX | SCTLR_I | SCTLR_DZE |
		  SCTLR_UCT | SCTLR_NTWI | SCTLR_NTWE | SCTLR_IESB | SCTLR_SPAN | SCTLR_UCI | SCTLR_BT0 |
		  SCTLR_BT1 },
	{ "SCTLR_EL1 for EL2", ENC_SCTLR_EL1, 0,
	  SCTLR_A | SCTLR_NAA | SCTLR_UMA | SCTLR_DZE | SCTLR_UCT | SCTLR_NTWE | SCTLR_UCI },
	{ "TCR_EL2", ENC_TCR_EL2, TCR_EL2_TBI | TCR_EL2_HA | TCR_EL2_HPD,
	  TCR_TBI0 | TCR_TBI1 | TCR_HA | TCR_HPD0 | TCR_HPD1 | TCR_A1 | TCR_E0PD0 | TCR_E0PD1 },
	{ "TCR_EL1 for EL2", ENC_TCR_EL1, 0, TCR_TBI0 | TCR_E0PD0 },
	{ "CPTR_EL2", ENC_CPTR_EL2, CPTR_NVHE_TFP | CPTR_TCPAC, CPACR_FPEN | CPTR_TCPAC },
	{ "CPACR_EL1 for EL2", ENC_CPACR_EL1, 0, CPACR_FPEN },
	{ "CNTHCTL_EL2", ENC_CNTHCTL_EL2, CNTHCTL_NVHE_EL1PCTEN | CNTHCTL_NVHE_EL1PCEN,
	  CNTHCTL_EL0PCTEN | CNTHCTL_EL0VCTEN | CNTHCTL_EL0VTEN | CNTHCTL_EL0PTEN | CNTHCTL_EL1PCTEN |
		  CNTHCTL_EL1PTEN },
	{ "CNTKCTL_EL1 for EL2", ENC_CNTKCTL_EL1, 0,
	  CNTHCTL_EL0PCTEN | CNTHCTL_EL0VCTEN | CNTHCTL_EL0VTEN | CNTHCTL_EL0PTEN },
	{ "HSTR_EL2", ENC_HSTR_EL2, 0xffff & ~(BIT(4) | BIT(14)), 0xffff & ~(BIT(4) | BIT(14)) },
	{ "HACR_EL2", ENC_HACR_EL2, BITS(1, 0), BITS(1, 0) },
};

/* And EL1's, by the name that it has at EL2. */
static const struct el1_control {
	const char *name;
	unsigned e2h0, e2h1;
	uint64_t bits;
} el1_controls[] = {
	{ "SCTLR_EL1", ENC_SCTLR_EL1, ENC_SCTLR_EL12,
	  SCTLR_A | SCTLR_NAA | SCTLR_UMA | SCTLR_DZE | SCTLR_UCT | SCTLR_NTWI | SCTLR_NTWE | SCTLR_UCI |
		  SCTLR_ENRCTX },
	{ "CPACR_EL1", ENC_CPACR_EL1, ENC_CPACR_EL12, CPACR_FPEN },
	{ "CNTKCTL_EL1", ENC_CNTKCTL_EL1, ENC_CNTKCTL_EL12,
	  CNTHCTL_EL0PCTEN | CNTHCTL_EL0VCTEN | CNTHCTL_EL0VTEN | CNTHCTL_EL0PTEN },
};

#define HCR_BITS                                                                                            \
	(HCR_TID1 | HCR_TID2 | HCR_TID3 | HCR_TIDCP | HCR_TACR | HCR_TSW | HCR_TPCP | HCR_TPU | HCR_TTLB |  \
	 HCR_TVM | HCR_TRVM | HCR_TDZ | HCR_TSC | HCR_TWE | HCR_TEA | HCR_TERR | HCR_FB | HCR_CD | HCR_ID | \
	 HCR_PTW | HCR_AMO | HCR_TID4 | HCR_TICAB | HCR_TOCU | HCR_TTLBIS | HCR_TTLBOS)

static void each_bit(const char *name, unsigned enc, uint64_t bits)
{
	uint64_t before = visible_read(enc);

	for (; bits; bits &= bits - 1) {
		visible_write(enc, before ^ (bits & -bits));
		isb();
		try_all(name, (uint64_t)__builtin_ctzll(bits), visible_hcr(), false);
		set(HCR_EL2, visible_hcr());
		visible_write(enc, before);
		isb();
	}
}

/* FEAT_BTI at EL2, in a guarded page: SCTLR_EL2.BT, or BT1, says whether PACIASP is a target of any branch. */
static void landings(void)
{
	static const uint32_t target[] = { INSN_NOP, INSN_PACIASP, INSN_BTI_C, INSN_BTI_J };
	const uint64_t bt = visible_vhe() ? SCTLR_BT1 : SCTLR_EL2_BT, before = get(SCTLR_EL2);
	uint64_t *root = (uint64_t *)(get(TTBR0_EL2) & BITS(47, 12));
	uint64_t *middle = rt_page(), *last = rt_page();

	last[0] = (uint64_t)visible_page | 3 | BIT(10) | BIT(7) | BITS(9, 8) | 1 << 2 | BIT(50);
	middle[0] = (uint64_t)last | 3;
	root[GUARDED_VA >> 30] = (uint64_t)middle | 3;
	dsb(ish);
	isb();
	for (uint64_t on = 0; on < 2; on++) {
		set(SCTLR_EL2, on ? before | bt : before & ~bt);
		for (uint64_t btype = 0; btype < 4; btype++) {
			visible_prefix("controls BT %lx BTYPE %lx", on, btype);
			for (size_t i = 0; i < COUNT(target); i++) {
				(void)visible_code(AT_EL2, target[i], INSN_NOP);
				visible_value(
					"landing",
					seen(visible_run(GUARDED_VA, AT_EL2 | field_put(PSTATE_BTYPE, btype),
							 0, 0)));
			}
		}
	}
	set(SCTLR_EL2, before);
}

void topic_controls(void)
{
	bool vhe = visible_vhe();

	visible_map_for_el0();
	try_all("as they are", 0, visible_hcr(), true);
	for (size_t i = 0; i < COUNT(controls); i++)
		each_bit(controls[i].name, controls[i].enc, vhe ? controls[i].e2h1 : controls[i].e2h0);
	for (size_t i = 0; i < COUNT(el1_controls); i++)
		each_bit(el1_controls[i].name, vhe ? el1_controls[i].e2h1 : el1_controls[i].e2h0,
			 el1_controls[i].bits);
	for (uint64_t bits = HCR_BITS; bits; bits &= bits - 1)
		try_all("HCR_EL2", (uint64_t)__builtin_ctzll(bits), visible_hcr() | (bits & -bits), false);
	set(HCR_EL2, visible_hcr());
	landings();
}
