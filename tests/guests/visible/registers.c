/*
 * What does EL2 read back after it wrote a register?  Each row is written with four patterns in the bits under its mask
 * and read back by the same name; then by the other name that reaches it, with E2H=1.  Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

/*
 * Which bits of a register are changed and compared, with E2H=0 and with E2H=1; 0 in both: only read, to see that it is
 * UNDEFINED. Left out are bits of features that L1 does not see, bits that would take the ground from under this program
 * (its own translation), and IMPLEMENTATION DEFINED registers.
 */
struct row {
	const char *name;
	unsigned enc;
	uint64_t e2h0, e2h1;
};

#define ROW(name, mask0, mask1)                 \
	{                                       \
#name, ENC_##name, mask0, mask1 \
	}
#define BOTH(name, mask) ROW(name, mask, mask)
#define ALIAS(name, mask) ROW(name, 0, mask) /* UNDEFINED with E2H=0 */

/* Without AArch32 TID0 is RES0 and RW is RAO; TGE and E2H would change the regime under this program. QEMU 10.0 has no FIEN. */
#define HCR_MASK                                                                                            \
	((BITS(30, 0) & ~(HCR_TID0 | HCR_TGE)) | HCR_APK | HCR_API | HCR_CD | HCR_ID | HCR_TERR | HCR_TEA | \
	 HCR_TID4 | HCR_TICAB | HCR_TOCU | HCR_TTLBIS | HCR_TTLBOS)
#define SCTLR_SIGNING (SCTLR_ENIA | SCTLR_ENIB | SCTLR_ENDA | SCTLR_ENDB)
/* Alignment checks, SP alignment, FEAT_LSE2, instruction cache, speculation, FEAT_BTI, FEAT_PAuth; with E2H=1 the bits of EL0 too. */
#define SCTLR_MASK0 (SCTLR_A | SCTLR_SA | SCTLR_NAA | SCTLR_I | SCTLR_DSSBS | SCTLR_EL2_BT | SCTLR_SIGNING)
#define SCTLR_MASK1                                                                                  \
	(SCTLR_A | SCTLR_SA | SCTLR_SA0 | SCTLR_NAA | SCTLR_I | SCTLR_DZE | SCTLR_UCT | SCTLR_NTWI | \
	 SCTLR_NTWE | SCTLR_SPAN | SCTLR_E0E | SCTLR_UCI | SCTLR_BT0 | SCTLR_BT1 | SCTLR_DSSBS |     \
	 SCTLR_SIGNING)
#define SCTLR_EL1_MASK (SCTLR_MASK1 | SCTLR_M | SCTLR_C | SCTLR_UMA | SCTLR_WXN | SCTLR_EE)
#define TCR_MASK0 (TCR_EL2_TBI | TCR_EL2_TBID | TCR_EL2_HA | TCR_EL2_HD | TCR_EL2_HPD | TCR_EL2_HWU)
#define TCR_MASK1                                                                                          \
	(TCR_T1SZ | TCR_A1 | TCR_IRGN1 | TCR_ORGN1 | TCR_SH1 | TCR_TG1 | TCR_AS | TCR_TBI0 | TCR_TBI1 |    \
	 TCR_TBID0 | TCR_TBID1 | TCR_HA | TCR_HD | TCR_HPD0 | TCR_HPD1 | TCR_HWU0 | TCR_HWU1 | TCR_E0PD0 | \
	 TCR_E0PD1)
#define TCR_EL1_MASK \
	(TCR_MASK1 | TCR_T0SZ | TCR_EPD0 | TCR_EPD1 | TCR_IRGN0 | TCR_ORGN0 | TCR_SH0 | TCR_TG0 | TCR_IPS)
#define TTBR_MASK (TTBR_ASID | BITS(47, 5) | TTBR_CNP)
#define VBAR_MASK BITS(47, 11)
#define MAIR_UNUSED BITS(63, 16) /* the attributes 0 and 1 are this program's */
#define CNTHCTL_MASK0 BITS(7, 0)
#define CNTHCTL_MASK1 BITS(11, 0)
#define MDCR_MASK \
	(MDCR_TDE | MDCR_TDA | MDCR_TDOSA | MDCR_TDRA | MDCR_TPM | MDCR_TPMCR | MDCR_HPME | MDCR_HPMD)
/* One page size, and what 48 bits of physical address need. */
#define VTCR_MASK                                                                                   \
	(VTCR_T0SZ | VTCR_SL0 | VTCR_IRGN0 | VTCR_ORGN0 | VTCR_SH0 | VTCR_TG0 | VTCR_PS | VTCR_VS | \
	 VTCR_HA | VTCR_HD | VTCR_HWU)
#define VTTBR_MASK (VTTBR_VMID | BITS(47, 5) | VTTBR_CNP)
#define HPFAR_MASK BITS(39, 4) /* 48 bits */
#define TIMER_MASK (CNT_CTL_ENABLE | CNT_CTL_IMASK)
#define AP_MASK BITS(31, 0)
/* Five priority bits; binary points below the minimum, VFIQEn and VAckCtl are fixed by the implementation. */
#define VMCR_MASK (ICH_VMCR_VENG0 | ICH_VMCR_VENG1 | ICH_VMCR_VCBPR | ICH_VMCR_VEOIM | BITS(31, 27))
#define ICH_HCR_MASK \
	(BITS(7, 0) | ICH_HCR_TC | ICH_HCR_TALL0 | ICH_HCR_TALL1 | ICH_HCR_TDIR | ICH_HCR_EOICOUNT)
#define SPSR_MASK SPSR_COMPARED
#define DISR_MASK (DISR_A | ESR_SERROR_ISS)
#define MDSCR_MASK (MDSCR_TDCC | MDSCR_KDE | MDSCR_MDE)

static const struct row rows[] = {
	BOTH(HCR_EL2, HCR_MASK),
	ROW(SCTLR_EL2, SCTLR_MASK0, SCTLR_MASK1),
	ROW(TCR_EL2, TCR_MASK0, TCR_MASK1),
	BOTH(TTBR1_EL2, TTBR_MASK),
	BOTH(MAIR_EL2, MAIR_UNUSED),
	BOTH(VBAR_EL2, VBAR_MASK),
	BOTH(CONTEXTIDR_EL2, BITS(31, 0)),
	ROW(CPTR_EL2, CPTR_NVHE_TFP | CPTR_TCPAC, CPACR_FPEN | CPTR_TCPAC),
	ROW(CNTHCTL_EL2, CNTHCTL_MASK0, CNTHCTL_MASK1),
	BOTH(CNTVOFF_EL2, ALL_BITS),
	BOTH(CNTHP_CTL_EL2, TIMER_MASK),
	BOTH(CNTHP_CVAL_EL2, ALL_BITS),
	BOTH(CNTHV_CTL_EL2, TIMER_MASK),
	BOTH(CNTHV_CVAL_EL2, ALL_BITS),
	BOTH(MDCR_EL2, MDCR_MASK),
	BOTH(VTCR_EL2, VTCR_MASK),
	BOTH(VTTBR_EL2, VTTBR_MASK),
	BOTH(VPIDR_EL2, BITS(31, 0)),
	BOTH(VMPIDR_EL2, MPIDR_AFFINITY | MPIDR_MT | MPIDR_U),
	BOTH(ESR_EL2, BITS(31, 0)),
	BOTH(FAR_EL2, ALL_BITS),
	BOTH(ELR_EL2, ALL_BITS),
	BOTH(SPSR_EL2, SPSR_MASK),
	BOTH(HPFAR_EL2, HPFAR_MASK),
	BOTH(HCRX_EL2, HCRX_FNXS | HCRX_FGTNXS | HCRX_CMOW | HCRX_MCE2 | HCRX_MSCEN),
	BOTH(VSESR_EL2, ESR_SERROR_ISS),
	BOTH(VDISR_EL2, DISR_MASK),
	BOTH(DISR_EL1, DISR_MASK),
	BOTH(ERRIDR_EL1, 0),
	BOTH(TPIDR_EL2, ALL_BITS),
	BOTH(SP_EL1, ALL_BITS),
	BOTH(TPIDR_EL1, ALL_BITS),
	BOTH(TPIDR_EL0, ALL_BITS),
	BOTH(TPIDRRO_EL0, ALL_BITS),
	BOTH(PAR_EL1, BITS(63, 56) | BITS(47, 12)),
	BOTH(CSSELR_EL1, BITS(3, 1)),
	BOTH(MDSCR_EL1, MDSCR_MASK),
	BOTH(ICH_HCR_EL2, ICH_HCR_MASK),
	BOTH(ICH_VMCR_EL2, VMCR_MASK),
	BOTH(ICH_AP0R0_EL2, AP_MASK),
	BOTH(ICH_AP1R0_EL2, AP_MASK),
	/* EL1 names: the EL1 register with E2H=0, the EL2 one with E2H=1 */
	ROW(SCTLR_EL1, SCTLR_EL1_MASK, SCTLR_MASK1),
	ROW(TCR_EL1, TCR_EL1_MASK, TCR_MASK1),
	ROW(TTBR0_EL1, TTBR_MASK, 0),
	BOTH(TTBR1_EL1, TTBR_MASK),
	ROW(MAIR_EL1, ALL_BITS, MAIR_UNUSED),
	BOTH(VBAR_EL1, VBAR_MASK),
	BOTH(CONTEXTIDR_EL1, BITS(31, 0)),
	BOTH(CPACR_EL1, CPACR_FPEN),
	BOTH(ESR_EL1, BITS(31, 0)),
	BOTH(FAR_EL1, ALL_BITS),
	BOTH(ELR_EL1, ALL_BITS),
	BOTH(SPSR_EL1, SPSR_MASK),
	ROW(CNTKCTL_EL1, BITS(9, 0), CNTHCTL_MASK1),
	BOTH(CNTP_CTL_EL0, TIMER_MASK),
	BOTH(CNTP_CVAL_EL0, ALL_BITS),
	BOTH(CNTV_CTL_EL0, TIMER_MASK),
	BOTH(CNTV_CVAL_EL0, ALL_BITS),
	/* EL12 and EL02 names: the EL1 and EL0 registers with E2H=1 */
	ALIAS(SCTLR_EL12, SCTLR_EL1_MASK),
	ALIAS(TCR_EL12, TCR_EL1_MASK),
	ALIAS(TTBR0_EL12, TTBR_MASK),
	ALIAS(TTBR1_EL12, TTBR_MASK),
	ALIAS(MAIR_EL12, ALL_BITS),
	ALIAS(VBAR_EL12, VBAR_MASK),
	ALIAS(CONTEXTIDR_EL12, BITS(31, 0)),
	ALIAS(CPACR_EL12, CPACR_FPEN),
	ALIAS(ESR_EL12, BITS(31, 0)),
	ALIAS(FAR_EL12, ALL_BITS),
	ALIAS(ELR_EL12, ALL_BITS),
	ALIAS(SPSR_EL12, SPSR_MASK),
	ALIAS(CNTKCTL_EL12, BITS(9, 0)),
	ALIAS(CNTP_CTL_EL02, TIMER_MASK),
	ALIAS(CNTP_CVAL_EL02, ALL_BITS),
	ALIAS(CNTV_CTL_EL02, TIMER_MASK),
	ALIAS(CNTV_CVAL_EL02, ALL_BITS),
	/* names that no register has, or none that can be read or written */
	{ "S3_4_C11_C0_0", SYSREG_ENC(3, 4, 11, 0, 0), 0, 0 },
	{ "S3_4_C1_C5_5", SYSREG_ENC(3, 4, 1, 5, 5), 0, 0 },
	{ "S3_5_C6_C5_1", SYSREG_ENC(3, 5, 6, 5, 1), 0, 0 },
	{ "SP_EL2", ENC_SP_EL2, 0, 0 },
	{ "ICC_SGI1R_EL1", ENC_ICC_SGI1R_EL1, 0, 0 },
};

/* Of the debug pair FEAT_PMUv3's, FEAT_SPE's and FEAT_TRBE's bits are hidden too. */
#define DEBUG_FINE BITS(11, 0)
static const struct row fine_rows[] = {
	BOTH(HFGRTR_EL2, ~FINE_HIDDEN),
	BOTH(HFGWTR_EL2, HFGWTR_POSITIVE & ~FINE_HIDDEN),
	BOTH(HFGITR_EL2, BITS(54, 0)),
	BOTH(HDFGRTR_EL2, DEBUG_FINE & ~HDFGWTR_OSLAR_EL1),
	BOTH(HDFGWTR_EL2, DEBUG_FINE & ~(HDFGRTR_DBGAUTHSTATUS | HDFGRTR_OSLSR_EL1)),
};

static const uint64_t patterns[] = { 0, ~UINT64_C(0), UINT64_C(0x5555555555555555),
				     UINT64_C(0xaaaaaaaaaaaaaaaa) };
#define PATTERNS (sizeof(patterns) / sizeof(patterns[0]))

/*
 * Write by one name, read by another (or the same), restore: in one go, since an exception between would change ESR_EL2
 * and its like. IL and SS in SPSR_EL2 are values like others as long as no ERET looks at them.
 */
static void write_read(const char *name, unsigned to, unsigned from, uint64_t mask)
{
	uint64_t before = visible_read(to);
	uint64_t code =
		visible_code(AT_EL2, INSN_MSR(to, 0), INSN_ISB, INSN_MRS(from, 0), INSN_MSR(to, 1), INSN_ISB);

	for (unsigned i = 0; i < PATTERNS; i++) {
		const struct outcome *o =
			visible_run(code, AT_EL2, (before & ~mask) | (patterns[i] & mask), before);

		if (visible_done(o))
			visible_value(name, o->x[0] & mask);
		else
			visible_outcome(name, o, false);
	}
}

static void show_row(const struct row *row)
{
	uint64_t mask = visible_vhe() ? row->e2h1 : row->e2h0;

	if (mask)
		write_read(row->name, row->enc, row->enc, mask);
	else if (!(visible_vhe() && row->enc == ENC_TTBR0_EL1))
		visible_outcome(row->name, visible_try(INSN_MRS(row->enc, 0), AT_EL2, 0, 0), false);
}

/* With E2H=1 the EL1 name and the EL2 name are one register, and the EL12 name another. */
struct pair {
	const char *name;
	unsigned el2, el1, el12;
	uint64_t mask;
};

#define PAIR(name, el2, el1, el12, mask)                     \
	{                                                    \
		name, ENC_##el2, ENC_##el1, ENC_##el12, mask \
	}
static const struct pair pairs[] = {
	PAIR("SCTLR", SCTLR_EL2, SCTLR_EL1, SCTLR_EL12, SCTLR_MASK1),
	PAIR("TCR", TCR_EL2, TCR_EL1, TCR_EL12, TCR_MASK1),
	PAIR("TTBR1", TTBR1_EL2, TTBR1_EL1, TTBR1_EL12, TTBR_MASK),
	PAIR("MAIR", MAIR_EL2, MAIR_EL1, MAIR_EL12, MAIR_UNUSED),
	PAIR("VBAR", VBAR_EL2, VBAR_EL1, VBAR_EL12, VBAR_MASK),
	PAIR("CONTEXTIDR", CONTEXTIDR_EL2, CONTEXTIDR_EL1, CONTEXTIDR_EL12, BITS(31, 0)),
	PAIR("CPACR", CPTR_EL2, CPACR_EL1, CPACR_EL12, CPACR_FPEN),
	PAIR("ESR", ESR_EL2, ESR_EL1, ESR_EL12, BITS(31, 0)),
	PAIR("FAR", FAR_EL2, FAR_EL1, FAR_EL12, ALL_BITS),
	PAIR("ELR", ELR_EL2, ELR_EL1, ELR_EL12, ALL_BITS),
	PAIR("SPSR", SPSR_EL2, SPSR_EL1, SPSR_EL12, SPSR_MASK),
	PAIR("CNTKCTL", CNTHCTL_EL2, CNTKCTL_EL1, CNTKCTL_EL12, BITS(9, 0)),
	PAIR("CNTP_CTL", CNTHP_CTL_EL2, CNTP_CTL_EL0, CNTP_CTL_EL02, TIMER_MASK),
	PAIR("CNTP_CVAL", CNTHP_CVAL_EL2, CNTP_CVAL_EL0, CNTP_CVAL_EL02, ALL_BITS),
	PAIR("CNTV_CTL", CNTHV_CTL_EL2, CNTV_CTL_EL0, CNTV_CTL_EL02, TIMER_MASK),
	PAIR("CNTV_CVAL", CNTHV_CVAL_EL2, CNTV_CVAL_EL0, CNTV_CVAL_EL02, ALL_BITS),
};

/*
 * Two registers get different values; then each is read by every name it has. With E2H=0 the EL2 register keeps its value
 * and the EL1 name is the other one.
 */
static void show_pair(const struct pair *p)
{
	unsigned other = visible_vhe() ? p->el12 : p->el1;
	uint64_t own = visible_read(p->el2), others = visible_read(other);
	uint64_t first = (own & ~p->mask) | (patterns[2] & p->mask),
		 second = (others & ~p->mask) | (patterns[3] & p->mask);
	const struct outcome *o;

	/* A run has two arguments; the value to restore is the third. */
	visible_write(ENC_TPIDR_EL0, own);
	o = visible_run(visible_code(AT_EL2, INSN_MRS(ENC_TPIDR_EL0, 5), INSN_MSR(other, 1),
				     INSN_MSR(p->el2, 0), INSN_ISB, INSN_MRS(p->el1, 2), INSN_MRS(p->el2, 3),
				     INSN_MRS(other, 4), INSN_MSR(p->el2, 5), INSN_ISB),
			AT_EL2, first, second);
	visible_prefix("names %s", p->name);
	visible_value("EL1", o->x[2] & p->mask);
	visible_value("EL2", o->x[3] & p->mask);
	visible_value("other", o->x[4] & p->mask);
	visible_write(other, others);
}

/* The modes that an EL2 vCPU at hardware EL1 could confuse: EL1 and EL2 in SPSR_EL2.M. */
static void show_modes(void)
{
	static const uint64_t modes[] = { AT_EL0, AT_EL1T, AT_EL1, AT_EL2T, AT_EL2 };

	visible_prefix("registers");
	for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		uint64_t code = visible_code(AT_EL2, INSN_MSR(ENC_SPSR_EL2, 0), INSN_MRS(ENC_SPSR_EL2, 0));

		visible_value("SPSR_EL2.M", visible_run(code, AT_EL2, modes[i], 0)->x[0] & SPSR_MASK);
	}
	visible_value("CurrentEL",
		      visible_run(visible_code(AT_EL2, INSN_MRS(SYSREG_ENC(3, 0, 4, 2, 2), 0)), AT_EL2, 0, 0)
			      ->x[0]);
	visible_value("CurrentEL.EL2t",
		      visible_run(visible_code(AT_EL2, INSN_MRS(SYSREG_ENC(3, 0, 4, 2, 2), 0)), AT_EL2T, 0, 0)
			      ->x[0]);
	visible_value("SPSel",
		      visible_run(visible_code(AT_EL2, INSN_MRS(SYSREG_ENC(3, 0, 4, 2, 0), 0)), AT_EL2, 0, 0)
			      ->x[0]);
	visible_value("DAIF",
		      visible_run(visible_code(AT_EL2, INSN_MRS(SYSREG_ENC(3, 3, 4, 2, 1), 0)), AT_EL2, 0, 0)
			      ->x[0]);
}

void topic_registers(void)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		show_row(&rows[i]);
	for (unsigned i = 0; visible_fgt() && i < sizeof(fine_rows) / sizeof(fine_rows[0]); i++)
		show_row(&fine_rows[i]);
	for (unsigned i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		show_pair(&pairs[i]);
	show_modes();
}
