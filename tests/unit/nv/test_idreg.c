/* Does L1 see each feature that firn can give it, and none other? */
#include <CUnit/CUnit.h>

#include "nv/idreg.h"

void register_nv_idreg(void);

/*
 * What L1 sees of a machine whose ID registers are all ones, and of one where they are 0. FP and AdvSIMD are signed: 0xf says that
 * there is none. The granules of stage 2 are the walker's, not the machine's.
 */
static const struct {
	enum sysreg reg;
	uint64_t of_ones, of_zeroes;
} extreme[] = {
	{ SR_ID_AA64PFR0_EL1, 0x1101000121ff0111, 0x0000000001000111 },
	{ SR_ID_AA64PFR1_EL1, 0x21, 0 },
	{ SR_ID_AA64ZFR0_EL1, 0x0110110100210021, 0 },
	{ SR_ID_AA64DFR0_EL1, 0x100000f0f0f0f60a, 0 },
	{ SR_ID_AA64ISAR0_EL1, 0x1221111110212120, 0 },
	{ SR_ID_AA64ISAR1_EL1, 0x0111211111311552, 0 },
	{ SR_ID_AA64ISAR2_EL1, 0x0000000000115112, 0 },
	{ SR_ID_AA64MMFR0_EL1, 0x21000222ff110125, 0x0000022200000000 },
	{ SR_ID_AA64MMFR1_EL1, 0x0111113010302122, 0 },
	{ SR_ID_AA64MMFR2_EL1, 0x1201011110111011, 0 },
	{ SR_ID_AA64MMFR3_EL1, 0x1000000000000000, 0 },
};

#define EXTREMES (sizeof(extreme) / sizeof(extreme[0]))

static void an_all_ones_machine_shows_only_what_is_known(void)
{
	for (unsigned i = 0; i < EXTREMES; i++)
		CU_ASSERT_EQUAL(nv_id_value(extreme[i].reg, UINT64_MAX, NV_E2H_FREE), extreme[i].of_ones);
}

static void features_that_hardware_lacks_are_not_made_up(void)
{
	for (unsigned i = 0; i < EXTREMES; i++)
		CU_ASSERT_EQUAL(nv_id_value(extreme[i].reg, 0, NV_E2H_FREE), extreme[i].of_zeroes);
}

/*
 * TGran4 and TGran64: 0 is there, 0xf is not, 1 of TGran4 is with FEAT_LPA2. TGran16: 1 is there, 2 with FEAT_LPA2, 0 is not.
 * TGran*_2: 1 is not there, 2 is, 3 with FEAT_LPA2. PARange: 5 is 48 bits, 6 is 52.
 */
static void addresses_of_52_bits_come_with_lpa2_of_the_4k_stage_2(void)
{
	static const struct {
		uint64_t hw, l1;
	} row[] = {
		{ 0x033310201126, 0x032310200126 }, /* everything: -cpu max */
		{ 0x022200101126, 0x022200100125 }, /* no FEAT_LPA2: -cpu max,lpa2=off */
		{ 0x000010201126, 0x032310200126 }, /* stage 2 has what stage 1 has */
		{ 0x000000101126, 0x022200100125 },
		{ 0x023300201126, 0x022200100125 }, /* FEAT_LPA2 for 16 KiB only */
		{ 0x033310201125, 0x022200100125 }, /* 48 bits */
		{ 0x000000100122, 0x022200100122 }, /* 40 bits */
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR0_EL1, row[i].hw, NV_E2H_FREE), row[i].l1);
}

static void granules_of_stage_1_are_hardwares(void)
{
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR0_EL1, 0x0f000000, NV_E2H_FREE) & 0xfff00000, 0x0f000000);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR0_EL1, 0xf0100000, NV_E2H_FREE) & 0xfff00000, 0xf0100000);
}

static void vhe_is_hidden_from_a_vm_without_it(void)
{
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR1_EL1, 0x100, NV_E2H_FREE), 0x100);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR1_EL1, 0x100, NV_E2H_IS_0), 0);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR1_EL1, 0x121, NV_E2H_IS_0), 0x021);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR1_EL1, 0x121, NV_E2H_IS_1), 0x121);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR4_EL1, 0, NV_E2H_IS_1),
			0x0e000000); /* E2H0: not implemented */
}

static void nested_virtualization_is_hidden(void)
{
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR2_EL1, 0x0f000000, NV_E2H_FREE), 0);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR4_EL1, UINT64_MAX, NV_E2H_FREE), 0);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR4_EL1, UINT64_MAX, NV_E2H_IS_0), 0);
}

static bool has_known_features(enum sysreg r)
{
	return r == SR_ID_AA64PFR0_EL1 || r == SR_ID_AA64PFR1_EL1 || r == SR_ID_AA64ZFR0_EL1 ||
	       r == SR_ID_AA64DFR0_EL1 || r == SR_ID_AA64ISAR0_EL1 || r == SR_ID_AA64ISAR1_EL1 ||
	       r == SR_ID_AA64ISAR2_EL1 || r == SR_ID_AA64MMFR0_EL1 || r == SR_ID_AA64MMFR1_EL1 ||
	       r == SR_ID_AA64MMFR2_EL1 || r == SR_ID_AA64MMFR3_EL1;
}

static void all_other_id_registers_read_as_zero(void)
{
	for (enum sysreg r = SR_NONE + 1; r < SR_COUNT; r++)
		if (sysreg_info[r].access == VEL2_ID && !has_known_features(r))
			CU_ASSERT_EQUAL(nv_id_value(r, UINT64_MAX, NV_E2H_FREE), 0);
}

/* SVE is [35:32] of ID_AA64PFR0_EL1; E2H is HCR_EL2[34]. */
static void sve_is_hidden_where_zcr_el1_cannot_be_had(void)
{
	static const struct {
		enum nv_mode mode;
		uint64_t hcr;
		bool has_sve, seen;
	} row[] = {
		{ NV_MODE_V84, 0, true, true },		  { NV_MODE_V84, 1UL << 34, true, true },
		{ NV_MODE_V83, 0, true, false },	  { NV_MODE_V83, 1UL << 34, true, true },
		{ NV_MODE_V84, 1UL << 34, false, false },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		static struct nv_state l1;

		l1 = (struct nv_state){ .mode = row[i].mode, .has_vhe = true, .has_sve = row[i].has_sve };
		vncr_set(&l1.file, SR_HCR_EL2, row[i].hcr);
		l1.file.reg[SR_ID_AA64PFR0_EL1] = 0x1101000111110111;
		l1.file.reg[SR_ID_AA64ZFR0_EL1] = 0x21;
		l1.file.reg[SR_ID_AA64PFR1_EL1] = 0x21;
		CU_ASSERT_EQUAL(nv_id_read(&l1, SR_ID_AA64PFR0_EL1),
				row[i].seen ? 0x1101000111110111 : 0x1101000011110111);
		CU_ASSERT_EQUAL(nv_id_read(&l1, SR_ID_AA64ZFR0_EL1), row[i].seen ? 0x21 : 0);
		CU_ASSERT_EQUAL(nv_id_read(&l1, SR_ID_AA64PFR1_EL1), 0x21);
	}
}

void register_nv_idreg(void)
{
	CU_pSuite s = CU_add_suite("nv/idreg", NULL, NULL);

	CU_ADD_TEST(s, an_all_ones_machine_shows_only_what_is_known);
	CU_ADD_TEST(s, features_that_hardware_lacks_are_not_made_up);
	CU_ADD_TEST(s, addresses_of_52_bits_come_with_lpa2_of_the_4k_stage_2);
	CU_ADD_TEST(s, granules_of_stage_1_are_hardwares);
	CU_ADD_TEST(s, vhe_is_hidden_from_a_vm_without_it);
	CU_ADD_TEST(s, nested_virtualization_is_hidden);
	CU_ADD_TEST(s, all_other_id_registers_read_as_zero);
	CU_ADD_TEST(s, sve_is_hidden_where_zcr_el1_cannot_be_had);
}
