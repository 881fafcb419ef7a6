/* Does a trap go to L1 exactly when one of L1's own controls asks for it? Expected values are the Arm manual's. */
#include <CUnit/CUnit.h>
#include <stdbool.h>

#include "nv/forward.h"

void register_nv_forward(void);

static struct nv_state l1;

#define TGE BIT(27)
#define E2H BIT(34)

/* CNTHCTL_EL2 is set so that it asks for nothing in either format. */
static void fresh(uint64_t hcr)
{
	l1 = (struct nv_state){ .has_vhe = true, .has_fgt = true };
	vncr_set(&l1.file, SR_CNTHCTL_EL2, 0xc03);
	vncr_set(&l1.file, SR_HCR_EL2, hcr);
}

static bool reads(enum sysreg r)
{
	return nv_l1_traps_sysreg(&l1, r, true, false);
}

static bool writes(enum sysreg r)
{
	return nv_l1_traps_sysreg(&l1, r, false, false);
}

/* One bit of a control register and an access that it traps, in the directions given. */
struct row {
	enum sysreg control;
	uint64_t value;
	enum sysreg r;
	bool read, write;
};

// clang-format off
static const struct row coarse[] = {
	{ SR_HCR_EL2, BIT(16), SR_REVIDR_EL1, true, true },        /* TID1 */
	{ SR_HCR_EL2, BIT(16), SR_AIDR_EL1, true, true },
	{ SR_HCR_EL2, BIT(16), SR_MIDR_EL1, false, false },
	{ SR_HCR_EL2, BIT(17), SR_CTR_EL0, true, true },           /* TID2 */
	{ SR_HCR_EL2, BIT(17), SR_CSSELR_EL1, true, true },
	{ SR_HCR_EL2, BIT(17), SR_CCSIDR_EL1, true, true },
	{ SR_HCR_EL2, BIT(18), SR_ID_AA64PFR0_EL1, true, true },   /* TID3 */
	{ SR_HCR_EL2, BIT(18), SR_MVFR0_EL1, true, true },
	{ SR_HCR_EL2, BIT(18), SR_ID_RES_3_0_0_7_7, true, true },
	{ SR_HCR_EL2, BIT(18), SR_REVIDR_EL1, false, false },
	{ SR_HCR_EL2, BIT(21), SR_ACTLR_EL1, true, true },         /* TACR */
	{ SR_HCR_EL2, BIT(22), SR_DC_ISW, true, true },            /* TSW */
	{ SR_HCR_EL2, BIT(22), SR_DC_CIVAC, false, false },
	{ SR_HCR_EL2, BIT(23), SR_DC_IVAC, true, true },           /* TPCP */
	{ SR_HCR_EL2, BIT(23), SR_DC_CVAC, true, true },
	{ SR_HCR_EL2, BIT(23), SR_DC_CVAU, false, false },
	{ SR_HCR_EL2, BIT(24), SR_DC_CVAU, true, true },           /* TPU */
	{ SR_HCR_EL2, BIT(24), SR_IC_IALLUIS, true, true },
	{ SR_HCR_EL2, BIT(24), SR_DC_CVAC, false, false },
	{ SR_HCR_EL2, BIT(25), SR_TLBI_VMALLE1, true, true },      /* TTLB */
	{ SR_HCR_EL2, BIT(25), SR_TLBI_RVALE1OS, true, true },
	{ SR_HCR_EL2, BIT(26), SR_SCTLR_EL1, false, true },        /* TVM */
	{ SR_HCR_EL2, BIT(26), SR_CONTEXTIDR_EL1, false, true },
	{ SR_HCR_EL2, BIT(26), SR_VBAR_EL1, false, false },
	{ SR_HCR_EL2, BIT(28), SR_DC_ZVA, true, true },            /* TDZ */
	{ SR_HCR_EL2, BIT(30), SR_TTBR1_EL1, true, false },        /* TRVM */
	{ SR_HCR_EL2, BIT(36), SR_ERRIDR_EL1, true, true },        /* TERR */
	{ SR_HCR_EL2, BIT(36), SR_ERXSTATUS_EL1, true, true },
	{ SR_HCR_EL2, BIT(36), SR_DISR_EL1, false, false },
	{ SR_HCR_EL2, BIT(49), SR_CCSIDR_EL1, true, true },        /* TID4: TID2 without CTR_EL0 */
	{ SR_HCR_EL2, BIT(49), SR_CCSIDR2_EL1, true, true },
	{ SR_HCR_EL2, BIT(49), SR_CLIDR_EL1, true, true },
	{ SR_HCR_EL2, BIT(49), SR_CSSELR_EL1, true, true },
	{ SR_HCR_EL2, BIT(49), SR_CTR_EL0, false, false },
	{ SR_HCR_EL2, BIT(50), SR_IC_IALLUIS, true, true },        /* TICAB */
	{ SR_HCR_EL2, BIT(50), SR_IC_IALLU, false, false },
	{ SR_HCR_EL2, BIT(50), SR_IC_IVAU, false, false },
	{ SR_HCR_EL2, BIT(52), SR_IC_IVAU, true, true },           /* TOCU: TPU without IC IALLUIS */
	{ SR_HCR_EL2, BIT(52), SR_IC_IALLU, true, true },
	{ SR_HCR_EL2, BIT(52), SR_DC_CVAU, true, true },
	{ SR_HCR_EL2, BIT(52), SR_IC_IALLUIS, false, false },
	{ SR_HCR_EL2, BIT(52), SR_DC_CVAC, false, false },
	{ SR_HCR_EL2, BIT(54), SR_TLBI_VMALLE1IS, true, true },    /* TTLBIS */
	{ SR_HCR_EL2, BIT(54), SR_TLBI_RVAALE1IS, true, true },
	{ SR_HCR_EL2, BIT(54), SR_TLBI_VMALLE1, false, false },
	{ SR_HCR_EL2, BIT(54), SR_TLBI_VMALLE1OS, false, false },
	{ SR_HCR_EL2, BIT(55), SR_TLBI_VMALLE1OS, true, true },    /* TTLBOS */
	{ SR_HCR_EL2, BIT(55), SR_TLBI_RVAALE1OS, true, true },
	{ SR_HCR_EL2, BIT(55), SR_TLBI_VMALLE1, false, false },
	{ SR_HCR_EL2, BIT(55), SR_TLBI_VMALLE1IS, false, false },
	{ SR_HCR_EL2, BIT(4), SR_ICC_SGI1R_EL1, true, true },      /* IMO */
	{ SR_HCR_EL2, BIT(3), SR_ICC_SGI0R_EL1, true, true },      /* FMO */
	{ SR_HCR_EL2, BIT(3), SR_ICC_DIR_EL1, false, false },
	{ SR_HCR_EL2, BIT(27), SR_MDSCR_EL1, true, true },         /* TGE: as MDCR_EL2.{TDRA,TDOSA,TDA} */
	{ SR_CPTR_EL2, BIT(31), SR_CPACR_EL1, true, true },        /* TCPAC */
	{ SR_MDCR_EL2, BIT(9), SR_DBGBVR15_EL1, true, true },      /* TDA */
	{ SR_MDCR_EL2, BIT(9), SR_MDSCR_EL1, true, true },
	{ SR_MDCR_EL2, BIT(9), SR_MDCCSR_EL0, true, true },
	{ SR_MDCR_EL2, BIT(9), SR_OSLAR_EL1, false, false },
	{ SR_MDCR_EL2, BIT(10), SR_OSLAR_EL1, true, true },        /* TDOSA */
	{ SR_MDCR_EL2, BIT(10), SR_OSDLR_EL1, true, true },
	{ SR_MDCR_EL2, BIT(10), SR_MDSCR_EL1, false, false },
	{ SR_MDCR_EL2, BIT(11), SR_MDRAR_EL1, true, true },        /* TDRA */
	{ SR_MDCR_EL2, BIT(8), SR_MDRAR_EL1, true, true },         /* TDE counts as all three */
	{ SR_MDCR_EL2, BIT(8), SR_OSLSR_EL1, true, true },
	{ SR_MDCR_EL2, BIT(8), SR_DBGWCR0_EL1, true, true },
	{ SR_MDCR_EL2, BIT(27), SR_DBGDTR_EL0, true, true },       /* TDCC */
	{ SR_MDCR_EL2, BIT(27), SR_MDSCR_EL1, false, false },
	{ SR_MDCR_EL2, BIT(6), SR_PMCCNTR_EL0, true, true },       /* TPM */
	{ SR_MDCR_EL2, BIT(6), SR_PMCR_EL0, true, true },
	{ SR_MDCR_EL2, BIT(6), SR_PMEVTYPER30_EL0, true, true },
	{ SR_MDCR_EL2, BIT(6), SR_PMMIR_EL1, true, true },
	{ SR_MDCR_EL2, BIT(5), SR_PMCR_EL0, true, true },          /* TPMCR */
	{ SR_MDCR_EL2, BIT(5), SR_PMSELR_EL0, false, false },
	{ SR_MDCR_EL2, BIT(17), SR_PMCR_EL0, false, false },       /* HPMD */
	{ SR_ICH_HCR_EL2, BIT(10), SR_ICC_PMR_EL1, true, true },   /* TC */
	{ SR_ICH_HCR_EL2, BIT(10), SR_ICC_DIR_EL1, true, true },
	{ SR_ICH_HCR_EL2, BIT(10), SR_ICC_SGI1R_EL1, true, true },
	{ SR_ICH_HCR_EL2, BIT(10), SR_ICC_IAR1_EL1, false, false },
	{ SR_ICH_HCR_EL2, BIT(11), SR_ICC_IGRPEN0_EL1, true, true }, /* TALL0 */
	{ SR_ICH_HCR_EL2, BIT(11), SR_ICC_IAR1_EL1, false, false },
	{ SR_ICH_HCR_EL2, BIT(12), SR_ICC_IAR1_EL1, true, true },  /* TALL1 */
	{ SR_ICH_HCR_EL2, BIT(12), SR_ICC_AP1R3_EL1, true, true },
	{ SR_ICH_HCR_EL2, BIT(14), SR_ICC_DIR_EL1, true, true },   /* TDIR */
	{ SR_ICH_HCR_EL2, BIT(14), SR_ICC_PMR_EL1, false, false },
	{ SR_HSTR_EL2, 0xbfef, SR_SCTLR_EL1, false, false },       /* AArch32 only */
};

static const struct row fine[] = {
	{ SR_HFGRTR_EL2, BIT(0), SR_AFSR0_EL1, true, false },
	{ SR_HFGRTR_EL2, BIT(9), SR_CCSIDR_EL1, true, false },
	{ SR_HFGRTR_EL2, BIT(12), SR_CPACR_EL1, true, false },
	{ SR_HFGWTR_EL2, BIT(12), SR_CPACR_EL1, false, true },
	{ SR_HFGRTR_EL2, BIT(14), SR_CTR_EL0, true, false },
	{ SR_HFGRTR_EL2, BIT(25), SR_MIDR_EL1, true, false },
	{ SR_HFGWTR_EL2, BIT(29), SR_SCTLR_EL1, false, true },
	{ SR_HFGWTR_EL2, BIT(35), SR_TPIDR_EL0, false, true },
	{ SR_HFGRTR_EL2, BIT(38), SR_VBAR_EL1, true, false },
	{ SR_HFGWTR_EL2, BIT(39), SR_ICC_IGRPEN0_EL1, false, true },
	{ SR_HFGWTR_EL2, BIT(39), SR_ICC_IGRPEN1_EL1, false, true },
	{ SR_HFGRTR_EL2, BIT(40), SR_ERRIDR_EL1, true, false },
	{ SR_HFGWTR_EL2, BIT(41), SR_ERRSELR_EL1, false, true },
	{ SR_HFGWTR_EL2, BIT(49), SR_ERXADDR_EL1, false, true },
	{ SR_HFGITR_EL2, BIT(0), SR_IC_IALLUIS, true, true },
	{ SR_HFGITR_EL2, BIT(11), SR_DC_ZVA, true, true },
	{ SR_HFGITR_EL2, BIT(12), SR_AT_S1E1R, true, true },
	{ SR_HFGITR_EL2, BIT(18), SR_TLBI_VMALLE1OS, true, true },
	{ SR_HFGITR_EL2, BIT(29), SR_TLBI_VAE1IS, true, true },
	{ SR_HFGITR_EL2, BIT(38), SR_TLBI_RVAE1, true, true },
	{ SR_HFGITR_EL2, BIT(47), SR_TLBI_VAALE1, true, true },
	{ SR_HFGITR_EL2, BIT(48), SR_CFP_RCTX, true, true },
	{ SR_HFGITR_EL2, BIT(54), SR_DC_CVAC, true, true },
	{ SR_HDFGRTR_EL2, BIT(0), SR_DBGBCR3_EL1, true, false },
	{ SR_HDFGRTR_EL2, BIT(1), SR_DBGBVR3_EL1, true, false },
	{ SR_HDFGWTR_EL2, BIT(2), SR_DBGWCR3_EL1, false, true },
	{ SR_HDFGWTR_EL2, BIT(3), SR_DBGWVR3_EL1, false, true },
	{ SR_HDFGWTR_EL2, BIT(4), SR_MDSCR_EL1, false, true },
	{ SR_HDFGWTR_EL2, BIT(8), SR_OSLAR_EL1, false, true },
	{ SR_HDFGRTR_EL2, BIT(9), SR_OSLSR_EL1, true, false },
	{ SR_HDFGRTR_EL2, BIT(11), SR_OSDLR_EL1, true, false },
	{ SR_HDFGRTR_EL2, BIT(12), SR_PMEVCNTR5_EL0, true, false },
	{ SR_HDFGRTR_EL2, BIT(12), SR_PMXEVCNTR_EL0, true, false },
	{ SR_HDFGWTR_EL2, BIT(13), SR_PMEVTYPER5_EL0, false, true },
	{ SR_HDFGWTR_EL2, BIT(14), SR_PMCCFILTR_EL0, false, true },
	{ SR_HDFGRTR_EL2, BIT(15), SR_PMCCNTR_EL0, true, false },
	{ SR_HDFGRTR_EL2, BIT(16), SR_PMCNTENCLR_EL0, true, false },
	{ SR_HDFGWTR_EL2, BIT(17), SR_PMINTENSET_EL1, false, true },
	{ SR_HDFGWTR_EL2, BIT(18), SR_PMOVSCLR_EL0, false, true },
	{ SR_HDFGRTR_EL2, BIT(19), SR_PMSELR_EL0, true, false },
	{ SR_HDFGWTR_EL2, BIT(20), SR_PMSWINC_EL0, false, true },
	{ SR_HDFGWTR_EL2, BIT(21), SR_PMCR_EL0, false, true },
	{ SR_HDFGRTR_EL2, BIT(22), SR_PMMIR_EL1, true, false },
	{ SR_HDFGWTR_EL2, BIT(57), SR_PMUSERENR_EL0, false, true },
	{ SR_HDFGRTR_EL2, BIT(58), SR_PMCEID0_EL0, true, false },
};

/* FIEN of 0 asks for it, and TERR whatever that is. */
static void injection_traps_until_it_is_allowed(void)
{
	fresh(0);
	CU_ASSERT_TRUE(reads(SR_ERXPFGF_EL1) && writes(SR_ERXPFGCTL_EL1));
	fresh(BIT(47));
	CU_ASSERT_FALSE(reads(SR_ERXPFGF_EL1) || writes(SR_ERXPFGCTL_EL1));
	fresh(BIT(47) | BIT(36));
	CU_ASSERT_TRUE(reads(SR_ERXPFGF_EL1) && writes(SR_ERXPFGCTL_EL1));
	fresh(BIT(47));
	vncr_set(&l1.file, SR_HFGRTR_EL2, BIT(46));
	CU_ASSERT_TRUE(reads(SR_ERXPFGF_EL1));
}

/* Controls of features that L1 does not see are RES0, also those that trap when they are 0. */
static const struct row hidden[] = {
	{ SR_HCR_EL2, BIT(35), SR_LORC_EL1, false, false },        /* TLOR */
	{ SR_HCR_EL2, BIT(42) | BIT(43), SR_VBAR_EL1, false, false }, /* NV, NV1 */
	{ SR_HCR_EL2, BIT(42), SR_SCTLR_EL2, false, false },
	{ SR_HCR_EL2, BIT(44), SR_AT_S1E1R, false, false },        /* AT */
	{ SR_HCR_EL2, 0, SR_SCXTNUM_EL1, false, false },           /* EnSCXT */
	{ SR_MDCR_EL2, BIT(14), SR_PMSCR_EL1, false, false },      /* TPMS */
	{ SR_MDCR_EL2, BIT(19), SR_TRFCR_EL1, false, false },      /* TTRF */
	{ SR_CPTR_EL2, BIT(30), SR_AMCR_EL0, false, false },       /* TAM */
	{ SR_HFGRTR_EL2, 0, SR_PIR_EL1, false, false },            /* nPIR_EL1 */
};
// clang-format on

static void check(const struct row *row, unsigned rows, uint64_t hcr)
{
	for (; rows; rows--, row++) {
		fresh(hcr);
		CU_ASSERT_FALSE(row->value && reads(row->r));
		CU_ASSERT_FALSE(row->value && writes(row->r));
		vncr_set(&l1.file, row->control, vncr_get(&l1.file, row->control) | row->value);
		CU_ASSERT_EQUAL(reads(row->r), row->read);
		CU_ASSERT_EQUAL(writes(row->r), row->write);
	}
}

#define CHECK(rows, hcr) check(rows, sizeof(rows) / sizeof((rows)[0]), hcr)

static void each_control_traps_its_registers(void)
{
	CHECK(coarse, 0);
	CHECK(coarse, E2H);
}

static void fine_grained_traps_have_a_bit_for_each_register(void)
{
	CHECK(fine, 0);
	CHECK(fine, E2H);
}

static void fine_grained_traps_need_the_feature(void)
{
	for (unsigned i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		fresh(0);
		l1.has_fgt = false;
		vncr_set(&l1.file, fine[i].control, fine[i].value);
		CU_ASSERT_FALSE(reads(fine[i].r));
		CU_ASSERT_FALSE(writes(fine[i].r));
	}
}

static void controls_that_l1_does_not_see_ask_for_nothing(void)
{
	CHECK(hidden, 0);
	CHECK(hidden, E2H);
}

/* HCR_EL2.TTLB 25 and HFGITR_EL2, whose bit is that of the plain form; HCRX_EL2.FGTnXS 4 is about the latter. */
static void tlbi_nxs_is_trapped_as_the_plain_one(void)
{
	static const struct {
		enum sysreg nxs, plain;
		unsigned bit;
	} rows[] = {
		{ SR_TLBI_VMALLE1NXS, SR_TLBI_VMALLE1, 42 },
		{ SR_TLBI_VAE1NXS, SR_TLBI_VAE1, 43 },
		{ SR_TLBI_VAALE1NXS, SR_TLBI_VAALE1, 47 },
		{ SR_TLBI_RVAE1NXS, SR_TLBI_RVAE1, 38 },
		{ SR_TLBI_VMALLE1ISNXS, SR_TLBI_VMALLE1IS, 28 },
		{ SR_TLBI_ASIDE1ISNXS, SR_TLBI_ASIDE1IS, 30 },
		{ SR_TLBI_VAE1OSNXS, SR_TLBI_VAE1OS, 19 },
		{ SR_TLBI_RVAALE1OSNXS, SR_TLBI_RVAALE1OS, 27 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fresh(0);
		CU_ASSERT_FALSE(writes(rows[i].nxs));
		vncr_set(&l1.file, SR_HFGITR_EL2, BIT(rows[i].bit));
		CU_ASSERT_TRUE(writes(rows[i].nxs) && writes(rows[i].plain));
		CU_ASSERT_EQUAL(nv_l1_sysreg_control(&l1, rows[i].nxs, false, false).mask, BIT(rows[i].bit));
		vncr_set(&l1.file, SR_HCRX_EL2, BIT(4));
		CU_ASSERT_FALSE(writes(rows[i].nxs));
		CU_ASSERT_TRUE(writes(rows[i].plain));
		vncr_set(&l1.file, SR_HCR_EL2, BIT(25));
		CU_ASSERT_TRUE(writes(rows[i].nxs));
	}
}

/* APK 40 lets the guest have its keys, of which HFGRTR_EL2 and HFGWTR_EL2 have a bit for each pair: 4 to 8. */
static void keys_are_trapped_unless_apk_is_set(void)
{
	static const struct {
		enum sysreg low, high;
		unsigned bit;
	} keys[] = {
		{ SR_APDAKEYLO_EL1, SR_APDAKEYHI_EL1, 4 }, { SR_APDBKEYLO_EL1, SR_APDBKEYHI_EL1, 5 },
		{ SR_APGAKEYLO_EL1, SR_APGAKEYHI_EL1, 6 }, { SR_APIAKEYLO_EL1, SR_APIAKEYHI_EL1, 7 },
		{ SR_APIBKEYLO_EL1, SR_APIBKEYHI_EL1, 8 },
	};

	for (unsigned i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		fresh(0);
		CU_ASSERT_TRUE(reads(keys[i].low) && writes(keys[i].low));
		CU_ASSERT_TRUE(reads(keys[i].high) && writes(keys[i].high));
		fresh(BIT(40));
		CU_ASSERT_FALSE(reads(keys[i].low) || writes(keys[i].high));
		vncr_set(&l1.file, SR_HFGRTR_EL2, BIT(keys[i].bit));
		CU_ASSERT_TRUE(reads(keys[i].low) && reads(keys[i].high));
		CU_ASSERT_FALSE(writes(keys[i].low));
		vncr_set(&l1.file, SR_HFGWTR_EL2, BIT(keys[i].bit));
		CU_ASSERT_TRUE(writes(keys[i].low) && writes(keys[i].high));
	}
}

/* CNTHCTL_EL2: EL1PCTEN and EL1PCEN are bits 0 and 1 with E2H=0; EL1PCTEN and EL1PTEN bits 10 and 11 with E2H=1. */
static void check_timer(uint64_t hcr, uint64_t cnthctl, bool counter, bool timer)
{
	fresh(hcr);
	vncr_set(&l1.file, SR_CNTHCTL_EL2, cnthctl);
	CU_ASSERT_EQUAL(reads(SR_CNTPCT_EL0), counter);
	CU_ASSERT_EQUAL(writes(SR_CNTP_CTL_EL0), timer);
	CU_ASSERT_EQUAL(nv_l1_traps_sysreg(&l1, SR_CNTP_TVAL_EL0, true, true), timer);
	CU_ASSERT_FALSE(reads(SR_CNTVCT_EL0));
	CU_ASSERT_FALSE(writes(SR_CNTV_CTL_EL0));
}

static void timer_controls_follow_e2h(void)
{
	check_timer(0, 0, true, true);
	check_timer(0, 0x1, false, true);
	check_timer(0, 0x2, true, false);
	check_timer(0, 0xc00, true, true);
	check_timer(E2H, 0, true, true);
	check_timer(E2H, 0x400, false, true);
	check_timer(E2H, 0x800, true, false);
	check_timer(E2H, 0x3, true, true);
}

/* FEAT_ECV: EL1TVT 13 and EL1TVCT 14, in both formats. */
static void the_virtual_timer_traps_with_feat_ecv(void)
{
	for (unsigned e2h = 0; e2h < 2; e2h++) {
		fresh(e2h ? E2H : 0);
		vncr_set(&l1.file, SR_CNTHCTL_EL2, 1UL << 13);
		CU_ASSERT_TRUE(reads(SR_CNTV_TVAL_EL0));
		CU_ASSERT_TRUE(writes(SR_CNTV_CTL_EL0));
		CU_ASSERT_FALSE(reads(SR_CNTVCT_EL0));
		vncr_set(&l1.file, SR_CNTHCTL_EL2, 1UL << 14);
		CU_ASSERT_TRUE(reads(SR_CNTVCT_EL0));
		CU_ASSERT_TRUE(reads(SR_CNTVCTSS_EL0));
		CU_ASSERT_FALSE(writes(SR_CNTV_CVAL_EL0));
	}
}

/* E2H is RES0 for an L1 without FEAT_VHE. */
static void without_vhe_the_layout_is_that_of_e2h_0(void)
{
	fresh(E2H);
	l1.has_vhe = false;
	vncr_set(&l1.file, SR_CNTHCTL_EL2, 0x3);
	CU_ASSERT_FALSE(reads(SR_CNTPCT_EL0));
	CU_ASSERT_FALSE(writes(SR_CNTP_CVAL_EL0));
}

static void el0_of_l1_itself_is_not_trapped(void)
{
	fresh(E2H | TGE | BIT(17));
	vncr_set(&l1.file, SR_HFGRTR_EL2, BIT(35));
	CU_ASSERT_FALSE(nv_l1_traps_sysreg(&l1, SR_CTR_EL0, true, true));
	CU_ASSERT_FALSE(nv_l1_traps_sysreg(&l1, SR_TPIDR_EL0, true, true));
	vncr_set(&l1.file, SR_HCR_EL2, E2H | BIT(17));
	CU_ASSERT_TRUE(nv_l1_traps_sysreg(&l1, SR_CTR_EL0, true, true));
	CU_ASSERT_TRUE(nv_l1_traps_sysreg(&l1, SR_TPIDR_EL0, true, true));
}

/* S3_<op1>_C11/C15_... and S1_<op1>_C11/C15_... are IMPLEMENTATION DEFINED. */
static void tidcp_traps_the_implementation_defined_space(void)
{
	const uint32_t s3_0_c15_c0_0 = 3 << 20 | 15 << 10,
		       s1_7_c11_c15_7 = 1 << 20 | 7 << 17 | 7 << 14 | 11 << 10;
	const uint32_t s3_0_c14_c5_0 = 3 << 20 | 14 << 10 | 5 << 1;

	fresh(0);
	CU_ASSERT_FALSE(nv_l1_traps_unlisted(&l1, s3_0_c15_c0_0, false));
	vncr_set(&l1.file, SR_HCR_EL2, BIT(20));
	CU_ASSERT_TRUE(nv_l1_traps_unlisted(&l1, s3_0_c15_c0_0, false));
	CU_ASSERT_TRUE(nv_l1_traps_unlisted(&l1, s3_0_c15_c0_0 | 1, false));
	CU_ASSERT_TRUE(nv_l1_traps_unlisted(&l1, s1_7_c11_c15_7, false));
	CU_ASSERT_FALSE(nv_l1_traps_unlisted(&l1, s3_0_c14_c5_0, false));
	/* TRCVICTLR S2_1_C0_C0_2: L1 sees no trace unit, so that CPTR_EL2.TTA is RES0 for it */
	vncr_set(&l1.file, SR_CPTR_EL2, BIT(20) | BIT(28));
	CU_ASSERT_FALSE(nv_l1_traps_unlisted(&l1, 2 << 20 | 2 << 17 | 1 << 14, false));
}

static void eret_and_svc_are_trapped_by_hfgitr(void)
{
	fresh(0);
	CU_ASSERT_FALSE(nv_l1_traps_eret(&l1));
	vncr_set(&l1.file, SR_HFGITR_EL2, BIT(51));
	CU_ASSERT_TRUE(nv_l1_traps_eret(&l1));
	CU_ASSERT_FALSE(nv_l1_traps_svc(&l1, false));
	vncr_set(&l1.file, SR_HFGITR_EL2, BIT(52));
	CU_ASSERT_TRUE(nv_l1_traps_svc(&l1, true));
	CU_ASSERT_FALSE(nv_l1_traps_svc(&l1, false));
	vncr_set(&l1.file, SR_HFGITR_EL2, BIT(53));
	CU_ASSERT_FALSE(nv_l1_traps_svc(&l1, true));
	CU_ASSERT_TRUE(nv_l1_traps_svc(&l1, false));
	vncr_set(&l1.file, SR_HFGITR_EL2, BIT(51) | BIT(52) | BIT(53));
	vncr_set(&l1.file, SR_HCR_EL2, E2H | TGE);
	CU_ASSERT_FALSE(nv_l1_traps_svc(&l1, true));
	l1.has_fgt = false;
	CU_ASSERT_FALSE(nv_l1_traps_eret(&l1));
}

static void every_register_and_any_control_value_gives_an_answer(void)
{
	fresh(0);
	for (unsigned i = 0; i < sizeof(l1.file.page.slot) / sizeof(l1.file.page.slot[0]); i++)
		l1.file.page.slot[i] = UINT64_MAX;
	for (enum sysreg r = SR_NONE; r < SR_COUNT; r++) {
		(void)nv_l1_traps_sysreg(&l1, r, true, true);
		(void)nv_l1_traps_sysreg(&l1, r, false, false);
	}
	CU_ASSERT_FALSE(nv_l1_traps_sysreg(&l1, SR_NONE, true, false));
}

void register_nv_forward(void)
{
	CU_pSuite s = CU_add_suite("nv/forward", NULL, NULL);

	CU_ADD_TEST(s, each_control_traps_its_registers);
	CU_ADD_TEST(s, injection_traps_until_it_is_allowed);
	CU_ADD_TEST(s, fine_grained_traps_have_a_bit_for_each_register);
	CU_ADD_TEST(s, fine_grained_traps_need_the_feature);
	CU_ADD_TEST(s, controls_that_l1_does_not_see_ask_for_nothing);
	CU_ADD_TEST(s, tlbi_nxs_is_trapped_as_the_plain_one);
	CU_ADD_TEST(s, keys_are_trapped_unless_apk_is_set);
	CU_ADD_TEST(s, timer_controls_follow_e2h);
	CU_ADD_TEST(s, the_virtual_timer_traps_with_feat_ecv);
	CU_ADD_TEST(s, without_vhe_the_layout_is_that_of_e2h_0);
	CU_ADD_TEST(s, el0_of_l1_itself_is_not_trapped);
	CU_ADD_TEST(s, tidcp_traps_the_implementation_defined_space);
	CU_ADD_TEST(s, eret_and_svc_are_trapped_by_hfgitr);
	CU_ADD_TEST(s, every_register_and_any_control_value_gives_an_answer);
}
