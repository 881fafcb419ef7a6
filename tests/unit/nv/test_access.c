/* Does a trapped register of vEL2 live where L1's HCR_EL2.E2H and features put it? */
#include <CUnit/CUnit.h>
#include <string.h>

#include "nv/access.h"
#include "nv/idreg.h"

void register_nv_access(void);

#define E2H (1UL << 34)

static struct nv_state l1;

static void fresh(uint64_t hcr)
{
	l1 = (struct nv_state){ .has_vhe = true, .has_fgt = true };
	vncr_write(&l1.file.page, 0x078, hcr);
}

static enum nv_place read_of(enum sysreg r)
{
	return nv_vel2_access(&l1, r, true).place;
}

static enum nv_place write_of(enum sysreg r)
{
	return nv_vel2_access(&l1, r, false).place;
}

static enum nv_place guest_reads(enum sysreg r)
{
	return nv_guest_context_access(&l1, r, true).place;
}

static enum nv_place guest_writes(enum sysreg r)
{
	return nv_guest_context_access(&l1, r, false).place;
}

static void deferred_registers_are_stored_in_both_modes(void)
{
	fresh(0);
	CU_ASSERT_EQUAL(read_of(SR_HCR_EL2), NV_PLACE_STORED);
	CU_ASSERT_EQUAL(write_of(SR_VTTBR_EL2), NV_PLACE_STORED);
	CU_ASSERT_EQUAL(write_of(SR_ICH_LR3_EL2), NV_PLACE_STORED);
	CU_ASSERT_EQUAL(write_of(SR_SP_EL1), NV_PLACE_STORED);
}

static void el12_names_exist_with_e2h_only(void)
{
	fresh(0);
	CU_ASSERT_EQUAL(read_of(SR_SCTLR_EL12), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(read_of(SR_CNTV_CTL_EL02), NV_PLACE_UNDEFINED);
	fresh(E2H);
	CU_ASSERT_EQUAL(read_of(SR_SCTLR_EL12), NV_PLACE_STORED);
	CU_ASSERT_EQUAL(nv_vel2_access(&l1, SR_SCTLR_EL12, true).reg, SR_SCTLR_EL1);
	CU_ASSERT_EQUAL(nv_vel2_access(&l1, SR_CNTV_CTL_EL02, true).reg, SR_CNTV_CTL_EL0);
	CU_ASSERT_EQUAL(read_of(SR_CNTKCTL_EL12), NV_PLACE_STORED);
	CU_ASSERT_EQUAL(read_of(SR_CNTP_TVAL_EL02), NV_PLACE_TIMER);
}

static void el1_names_that_trap_without_e2h_are_the_guests(void)
{
	fresh(0);
	CU_ASSERT_EQUAL(write_of(SR_SCTLR_EL1), NV_PLACE_STORED);
	CU_ASSERT_EQUAL(write_of(SR_VBAR_EL1), NV_PLACE_STORED);
	CU_ASSERT_EQUAL(write_of(SR_CNTP_TVAL_EL0), NV_PLACE_TIMER);
	CU_ASSERT_EQUAL(write_of(SR_CNTV_TVAL_EL0), NV_PLACE_TIMER);
	CU_ASSERT_EQUAL(read_of(SR_CNTVCT_EL0), NV_PLACE_COUNTER);
	CU_ASSERT_EQUAL(write_of(SR_CNTVOFF_EL2), NV_PLACE_OFFSET);
}

static void el2_names_of_hardwares_el1_registers(void)
{
	fresh(0);
	CU_ASSERT_EQUAL(write_of(SR_SCTLR_EL2), NV_PLACE_TWIN);
	CU_ASSERT_EQUAL(write_of(SR_CPTR_EL2), NV_PLACE_TWIN);
	CU_ASSERT_EQUAL(read_of(SR_ESR_EL2), NV_PLACE_REDIRECTED);
	CU_ASSERT_EQUAL(write_of(SR_SPSR_EL2), NV_PLACE_REDIRECTED);
}

static void read_only_registers_cannot_be_written(void)
{
	fresh(E2H);
	CU_ASSERT_EQUAL(read_of(SR_ICH_MISR_EL2), NV_PLACE_ICH_STATUS);
	CU_ASSERT_EQUAL(write_of(SR_ICH_MISR_EL2), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(read_of(SR_ID_AA64PFR0_EL1), NV_PLACE_ID);
	CU_ASSERT_EQUAL(write_of(SR_ID_AA64PFR0_EL1), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(write_of(SR_RVBAR_EL2), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(read_of(SR_ICC_SGI1R_EL1), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(write_of(SR_ICC_SGI1R_EL1), NV_PLACE_SGI);
}

/* HCR_EL2.NV traps CFP, DVP and CPP RCTX at EL1; ID_AA64ISAR1_EL1.SPECRES is bits 43 to 40. */
static void prediction_restriction_is_there_with_its_feature(void)
{
	static const enum sysreg insn[] = { SR_CFP_RCTX, SR_DVP_RCTX, SR_CPP_RCTX };
	struct nv_state shown = { 0 };

	for (unsigned i = 0; i < 3; i++) {
		shown.file.reg[SR_ID_AA64ISAR1_EL1] = 0xfUL << 44;
		CU_ASSERT_EQUAL(nv_vel2_access(&shown, insn[i], false).place, NV_PLACE_UNDEFINED);
		shown.file.reg[SR_ID_AA64ISAR1_EL1] = 1UL << 40;
		CU_ASSERT_EQUAL(nv_vel2_access(&shown, insn[i], false).place, NV_PLACE_PREDICTION);
		CU_ASSERT_EQUAL(nv_vel2_access(&shown, insn[i], true).place, NV_PLACE_UNDEFINED);
	}
	CU_ASSERT_EQUAL(nv_vel2_access(&shown, SR_COSP_RCTX, false).place, NV_PLACE_UNDEFINED);
}

static void registers_of_hidden_features_are_undefined(void)
{
	static const enum sysreg hidden[] = {
		SR_VNCR_EL2,   SR_VSTTBR_EL2,  SR_HCRX_EL2, SR_CNTPOFF_EL2, SR_VSESR_EL2,
		SR_ZCR_EL2,    SR_ZCR_EL12,    SR_SMCR_EL2, SR_SP_EL2,	    SR_SCXTNUM_EL2,
		SR_DACR32_EL2, SR_MPAMHCR_EL2, SR_PMCR_EL0,
	};

	fresh(E2H);
	for (unsigned i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		CU_ASSERT_EQUAL(read_of(hidden[i]), NV_PLACE_UNDEFINED);
}

static void vhe_and_fgt_registers_need_their_feature(void)
{
	fresh(0);
	CU_ASSERT_EQUAL(read_of(SR_TTBR1_EL2), NV_PLACE_TWIN);
	CU_ASSERT_EQUAL(read_of(SR_CNTHV_CTL_EL2), NV_PLACE_TIMER);
	CU_ASSERT_EQUAL(read_of(SR_HFGRTR_EL2), NV_PLACE_STORED);
	l1.has_vhe = l1.has_fgt = false;
	CU_ASSERT_EQUAL(read_of(SR_TTBR1_EL2), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(read_of(SR_CNTHV_CTL_EL2), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(read_of(SR_HFGRTR_EL2), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(read_of(SR_CNTHP_CTL_EL2), NV_PLACE_TIMER);
}

/* PMMIR_EL1 comes with FEAT_PMUv3p4, ID_AA64DFR0_EL1.PMUVer of 5; L0 traps them of vEL2 and of the guest context. */
static void performance_monitors_need_their_feature(void)
{
	fresh(E2H);
	CU_ASSERT_EQUAL(guest_reads(SR_PMCR_EL0), NV_PLACE_UNDEFINED);
	l1.has_pmu = true;
	l1.file.reg[SR_ID_AA64DFR0_EL1] = 4UL << 8;
	CU_ASSERT_EQUAL(read_of(SR_PMCR_EL0), NV_PLACE_PMU);
	CU_ASSERT_EQUAL(write_of(SR_PMINTENSET_EL1), NV_PLACE_PMU);
	CU_ASSERT_EQUAL(guest_reads(SR_PMEVCNTR30_EL0), NV_PLACE_PMU);
	CU_ASSERT_EQUAL(guest_writes(SR_PMCCFILTR_EL0), NV_PLACE_PMU);
	CU_ASSERT_EQUAL(read_of(SR_PMMIR_EL1), NV_PLACE_UNDEFINED);
	l1.file.reg[SR_ID_AA64DFR0_EL1] = 5UL << 8;
	CU_ASSERT_EQUAL(read_of(SR_PMMIR_EL1), NV_PLACE_PMU);
}

static void ras_and_sve_registers_need_their_feature(void)
{
	fresh(E2H);
	CU_ASSERT_EQUAL(read_of(SR_VDISR_EL2), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(read_of(SR_ERRIDR_EL1), NV_PLACE_UNDEFINED);
	l1.has_ras = l1.has_sve = true;
	CU_ASSERT_EQUAL(read_of(SR_VDISR_EL2), NV_PLACE_STORED);
	CU_ASSERT_EQUAL(write_of(SR_VSESR_EL2), NV_PLACE_STORED);
	/* No error records: ERRIDR_EL1.NUM is 0, and the registers of a record are UNDEFINED. */
	CU_ASSERT_EQUAL(read_of(SR_ERRIDR_EL1), NV_PLACE_ID);
	CU_ASSERT_EQUAL(write_of(SR_ERRIDR_EL1), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(read_of(SR_ERXSTATUS_EL1), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(write_of(SR_ZCR_EL2), NV_PLACE_TWIN);
	CU_ASSERT_EQUAL(nv_vel2_access(&l1, SR_ZCR_EL12, true).reg, SR_ZCR_EL1);
	vncr_write(&l1.file.page, 0x078, 0);
	l1.mode = NV_MODE_V83;
	CU_ASSERT_EQUAL(write_of(SR_ZCR_EL2), NV_PLACE_UNDEFINED);
}

/* What an ID register shows when it has a feature, as the Arm manual gives it: the field begins at bit lsb and has this value at least. */
// clang-format off
static const struct {
	enum sysreg_feature feature;
	enum sysreg id;
	unsigned lsb, least;
} shown_by[] = {
	{ FEAT_VHE, SR_ID_AA64MMFR1_EL1, 8, 1 },
	{ FEAT_FGT, SR_ID_AA64MMFR0_EL1, 56, 1 },
	{ FEAT_FGT2, SR_ID_AA64MMFR0_EL1, 56, 2 },
	{ FEAT_ECV, SR_ID_AA64MMFR0_EL1, 60, 1 },
	{ FEAT_ECV_POFF, SR_ID_AA64MMFR0_EL1, 60, 2 },
	{ FEAT_RAS, SR_ID_AA64PFR0_EL1, 28, 1 },
	{ FEAT_RASv1p1, SR_ID_AA64PFR0_EL1, 28, 2 },
	{ FEAT_RASv2, SR_ID_AA64PFR0_EL1, 28, 3 },
	{ FEAT_SVE, SR_ID_AA64PFR0_EL1, 32, 1 },
	{ FEAT_PAN2, SR_ID_AA64MMFR1_EL1, 20, 2 },
	{ FEAT_TLBIOS, SR_ID_AA64ISAR0_EL1, 56, 1 },
	{ FEAT_TLBIRANGE, SR_ID_AA64ISAR0_EL1, 56, 2 },
	{ FEAT_SPECRES, SR_ID_AA64ISAR1_EL1, 40, 1 },
	{ FEAT_SPECRES2, SR_ID_AA64ISAR1_EL1, 40, 2 },
	{ FEAT_DPB, SR_ID_AA64ISAR1_EL1, 0, 1 },
	{ FEAT_DPB2, SR_ID_AA64ISAR1_EL1, 0, 2 },
	{ FEAT_CCIDX, SR_ID_AA64MMFR2_EL1, 20, 1 },
	{ FEAT_AA32EL1, SR_ID_AA64PFR0_EL1, 4, 2 },
	{ FEAT_AIE, SR_ID_AA64MMFR3_EL1, 24, 1 },
	{ FEAT_AMUv1, SR_ID_AA64PFR0_EL1, 44, 1 },
	{ FEAT_AMUv1p1, SR_ID_AA64PFR0_EL1, 44, 2 },
	{ FEAT_ATS1A, SR_ID_AA64ISAR2_EL1, 60, 1 },
	{ FEAT_BRBE, SR_ID_AA64DFR0_EL1, 52, 1 },
	{ FEAT_CSV2_2, SR_ID_AA64PFR0_EL1, 56, 2 },
	{ FEAT_GCS, SR_ID_AA64PFR1_EL1, 44, 1 },
	{ FEAT_GICv3_NMI, SR_ID_AA64PFR1_EL1, 36, 1 }, /* FEAT_NMI, without which there is none */
	{ FEAT_HCX, SR_ID_AA64MMFR1_EL1, 40, 1 },
	{ FEAT_LOR, SR_ID_AA64MMFR1_EL1, 16, 1 },
	{ FEAT_LS64_ACCDATA, SR_ID_AA64ISAR1_EL1, 60, 3 },
	{ FEAT_MPAM, SR_ID_AA64PFR0_EL1, 40, 1 },
	{ FEAT_MTE, SR_ID_AA64PFR1_EL1, 8, 1 },
	{ FEAT_MTE2, SR_ID_AA64PFR1_EL1, 8, 2 },
	{ FEAT_NV2, SR_ID_AA64MMFR2_EL1, 24, 2 },
	{ FEAT_PAuth, SR_ID_AA64ISAR1_EL1, 4, 1 },
	{ FEAT_PFAR, SR_ID_AA64PFR1_EL1, 60, 1 },
	{ FEAT_PMUv3, SR_ID_AA64DFR0_EL1, 8, 1 },
	{ FEAT_PMUv3p4, SR_ID_AA64DFR0_EL1, 8, 5 },
	{ FEAT_RNG, SR_ID_AA64ISAR0_EL1, 60, 1 },
	{ FEAT_S1PIE, SR_ID_AA64MMFR3_EL1, 8, 1 },
	{ FEAT_S1POE, SR_ID_AA64MMFR3_EL1, 16, 1 },
	{ FEAT_S2PIE, SR_ID_AA64MMFR3_EL1, 12, 1 },
	{ FEAT_S2POE, SR_ID_AA64MMFR3_EL1, 20, 1 },
	{ FEAT_SCTLR2, SR_ID_AA64MMFR3_EL1, 4, 1 },
	{ FEAT_SEL2, SR_ID_AA64PFR0_EL1, 36, 1 },
	{ FEAT_SME, SR_ID_AA64PFR1_EL1, 24, 1 },
	{ FEAT_SPE, SR_ID_AA64DFR0_EL1, 32, 1 },
	{ FEAT_SPEv1p2, SR_ID_AA64DFR0_EL1, 32, 3 },
	{ FEAT_TCR2, SR_ID_AA64MMFR3_EL1, 0, 1 },
	{ FEAT_THE, SR_ID_AA64PFR1_EL1, 48, 1 },
	{ FEAT_TRBE, SR_ID_AA64DFR0_EL1, 44, 1 },
	{ FEAT_TRF, SR_ID_AA64DFR0_EL1, 40, 1 },
	{ FEAT_XS, SR_ID_AA64ISAR1_EL1, 56, 1 },
};
// clang-format on

#define SHOWN_BY (sizeof(shown_by) / sizeof(shown_by[0]))

/* An L1 on a machine that has everything. */
static void fresh_with_all(uint64_t hcr)
{
	fresh(hcr);
	l1.mode = NV_MODE_V84;
	l1.has_ecv = l1.has_ras = l1.has_sve = l1.has_pmu = true;
	l1.file.reg[SR_ID_AA64DFR0_EL1] = nv_id_value(SR_ID_AA64DFR0_EL1, UINT64_MAX, NV_E2H_FREE);
	l1.file.reg[SR_ID_AA64ISAR1_EL1] = nv_id_value(SR_ID_AA64ISAR1_EL1, UINT64_MAX, NV_E2H_FREE);
	l1.file.reg[SR_ID_AA64MMFR1_EL1] = nv_id_value(SR_ID_AA64MMFR1_EL1, UINT64_MAX, NV_E2H_FREE);
}

static bool is_anywhere(enum sysreg r)
{
	return read_of(r) != NV_PLACE_UNDEFINED || write_of(r) != NV_PLACE_UNDEFINED;
}

static void a_register_is_there_if_the_id_registers_show_its_feature(void)
{
	for (unsigned i = 0; i < SHOWN_BY; i++) {
		uint64_t id = nv_id_value(shown_by[i].id, UINT64_MAX, NV_E2H_FREE);
		bool shown = (id >> shown_by[i].lsb & 15) >= shown_by[i].least;

		for (enum sysreg r = 1; r < SR_COUNT; r++) {
			const struct sysreg_info *info = &sysreg_info[r];

			if (info->feature != shown_by[i].feature || info->place == NV_PLACE_UNDEFINED)
				continue;
			fresh_with_all(info->access == VEL2_BY_NV1 ? 0 : E2H);
			CU_ASSERT_EQUAL(is_anywhere(r), shown);
			CU_ASSERT(shown || (guest_reads(r) == NV_PLACE_UNDEFINED &&
					    guest_writes(r) == NV_PLACE_UNDEFINED));
		}
	}
}

static void every_feature_is_one_of_an_id_register(void)
{
	for (enum sysreg r = 1; r < SR_COUNT; r++) {
		unsigned known = sysreg_info[r].feature == FEAT_BASE;

		for (unsigned i = 0; i < SHOWN_BY; i++)
			known += shown_by[i].feature == sysreg_info[r].feature;
		CU_ASSERT_EQUAL(known, 1);
	}
}

/* A machine without FEAT_XS says UNDEFINED itself. */
static void tlbi_nxs_is_carried_out(void)
{
	fresh_with_all(0);
	CU_ASSERT_EQUAL(write_of(SR_TLBI_VAE2ISNXS), NV_PLACE_TLBI);
	CU_ASSERT_EQUAL(write_of(SR_TLBI_ALLE1NXS), NV_PLACE_TLBI);
}

/* Whatever hardware keeps in the page for L1 must be found there by the trap handler too, if L1 may see it at all. */
static void no_el2_register_of_the_page_lives_elsewhere(void)
{
	fresh(E2H);
	for (unsigned r = 1; r < SR_COUNT; r++) {
		enum nv_place place;

		if (sysreg_info[r].access != VEL2_MEMORY)
			continue;
		place = read_of(r);
		/* In nv mode nothing but L0's own wish traps MDSCR_EL1, which is hardware's there. */
		CU_ASSERT(place == NV_PLACE_STORED || place == NV_PLACE_OFFSET ||
			  place == NV_PLACE_UNDEFINED || (r == SR_MDSCR_EL1 && place == NV_PLACE_DEBUG));
		CU_ASSERT_NOT_EQUAL(sysreg_info[r].slot, NO_SLOT);
	}
}

static void mdscr_el1_is_in_its_slot_in_nv2_mode(void)
{
	fresh(0);
	CU_ASSERT_EQUAL(write_of(SR_MDSCR_EL1), NV_PLACE_DEBUG);
	l1.mode = NV_MODE_V84;
	CU_ASSERT_EQUAL(write_of(SR_MDSCR_EL1), NV_PLACE_STORED);
	CU_ASSERT_EQUAL(write_of(SR_DBGBVR0_EL1), NV_PLACE_DEBUG);
}

static void at_with_a_is_of_a_feature_that_no_l1_sees(void)
{
	fresh(E2H);
	CU_ASSERT_EQUAL(write_of(SR_AT_S1E1R), NV_PLACE_AT);
	CU_ASSERT_EQUAL(write_of(SR_AT_S1E1A), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(write_of(SR_AT_S1E2A), NV_PLACE_UNDEFINED);
}

/* What HCR_EL2.TID3, ICH_HCR_EL2.{TC,TALL0,TALL1,TDIR} and CNTHCTL_EL2 trap for L0; all else is hardware's or nobody's. */
static void what_l0_traps_of_the_guest_has_its_place(void)
{
	static const enum sysreg sgi[] = { SR_ICC_SGI1R_EL1, SR_ICC_ASGI1R_EL1, SR_ICC_SGI0R_EL1 };
	static const enum sysreg timer[] = { SR_CNTP_CTL_EL0, SR_CNTP_CVAL_EL0, SR_CNTP_TVAL_EL0 };
	static const enum sysreg interface[] = { SR_ICC_IAR1_EL1,  SR_ICC_EOIR0_EL1,   SR_ICC_BPR1_EL1,
						 SR_ICC_AP1R0_EL1, SR_ICC_IGRPEN0_EL1, SR_ICC_CTLR_EL1,
						 SR_ICC_PMR_EL1,   SR_ICC_RPR_EL1 };

	fresh(0);
	CU_ASSERT_EQUAL(guest_reads(SR_ID_AA64PFR0_EL1), NV_PLACE_ID);
	CU_ASSERT_EQUAL(guest_writes(SR_ID_AA64PFR0_EL1), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(guest_reads(SR_CNTPCT_EL0), NV_PLACE_COUNTER);
	CU_ASSERT_EQUAL(guest_writes(SR_CNTPCT_EL0), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(guest_reads(SR_CNTPCTSS_EL0), NV_PLACE_COUNTER);
	CU_ASSERT_EQUAL(guest_reads(SR_ICC_DIR_EL1), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(guest_writes(SR_ICC_DIR_EL1), NV_PLACE_DIR);
	for (unsigned i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(guest_reads(sgi[i]), NV_PLACE_UNDEFINED);
		CU_ASSERT_EQUAL(guest_writes(sgi[i]), NV_PLACE_SGI);
		CU_ASSERT_EQUAL(guest_reads(timer[i]), NV_PLACE_TIMER);
		CU_ASSERT_EQUAL(guest_writes(timer[i]), NV_PLACE_TIMER);
		CU_ASSERT_EQUAL(nv_guest_context_access(&l1, timer[i], true).reg, timer[i]);
	}
	for (unsigned i = 0; i < sizeof(interface) / sizeof(interface[0]); i++) {
		CU_ASSERT_EQUAL(guest_reads(interface[i]), NV_PLACE_INTERFACE);
		CU_ASSERT_EQUAL(guest_writes(interface[i]), NV_PLACE_INTERFACE);
	}
}

static void the_guest_has_nothing_of_el2(void)
{
	fresh(E2H);
	CU_ASSERT_EQUAL(guest_reads(SR_ERRIDR_EL1), NV_PLACE_UNDEFINED);
	l1.has_ras = true;
	CU_ASSERT_EQUAL(guest_reads(SR_ERRIDR_EL1), NV_PLACE_ID);
	CU_ASSERT_EQUAL(guest_writes(SR_ERRIDR_EL1), NV_PLACE_UNDEFINED);
	for (enum sysreg r = 0; r < SR_COUNT; r++)
		if (sysreg_info[r].access == VEL2_REDIRECT || sysreg_info[r].access == VEL2_ALIAS ||
		    sysreg_info[r].access == SYS_TLBI || sysreg_info[r].access == SYS_AT) {
			CU_ASSERT_EQUAL(guest_reads(r), NV_PLACE_UNDEFINED);
			CU_ASSERT_EQUAL(guest_writes(r), NV_PLACE_UNDEFINED);
		}
	CU_ASSERT_EQUAL(guest_writes(SR_HCR_EL2), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(guest_writes(SR_ICC_SRE_EL2), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(guest_reads(SR_ICH_LR0_EL2), NV_PLACE_UNDEFINED);
	CU_ASSERT_EQUAL(guest_reads(SR_SCTLR_EL1), NV_PLACE_UNDEFINED);
}

void register_nv_access(void)
{
	CU_pSuite s = CU_add_suite("nv/access", NULL, NULL);

	CU_ADD_TEST(s, deferred_registers_are_stored_in_both_modes);
	CU_ADD_TEST(s, el12_names_exist_with_e2h_only);
	CU_ADD_TEST(s, el1_names_that_trap_without_e2h_are_the_guests);
	CU_ADD_TEST(s, el2_names_of_hardwares_el1_registers);
	CU_ADD_TEST(s, read_only_registers_cannot_be_written);
	CU_ADD_TEST(s, prediction_restriction_is_there_with_its_feature);
	CU_ADD_TEST(s, registers_of_hidden_features_are_undefined);
	CU_ADD_TEST(s, vhe_and_fgt_registers_need_their_feature);
	CU_ADD_TEST(s, performance_monitors_need_their_feature);
	CU_ADD_TEST(s, ras_and_sve_registers_need_their_feature);
	CU_ADD_TEST(s, a_register_is_there_if_the_id_registers_show_its_feature);
	CU_ADD_TEST(s, every_feature_is_one_of_an_id_register);
	CU_ADD_TEST(s, tlbi_nxs_is_carried_out);
	CU_ADD_TEST(s, no_el2_register_of_the_page_lives_elsewhere);
	CU_ADD_TEST(s, what_l0_traps_of_the_guest_has_its_place);
	CU_ADD_TEST(s, the_guest_has_nothing_of_el2);
	CU_ADD_TEST(s, mdscr_el1_is_in_its_slot_in_nv2_mode);
	CU_ADD_TEST(s, at_with_a_is_of_a_feature_that_no_l1_sees);
}
