/* Does L1 see each feature that firn can give it, and none other? */
#include <CUnit/CUnit.h>

#include "nv/idreg.h"

void register_nv_idreg(void);

static void an_all_ones_machine_shows_only_what_is_known(void)
{
	/* FP and AdvSIMD are signed: 0xf says that there is none. */
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64PFR0_EL1, UINT64_MAX, true), 0x1101000001ff0111);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64PFR1_EL1, UINT64_MAX, true), 0x21);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64DFR0_EL1, UINT64_MAX, true), 0x000000f0f0f0f008);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64ISAR0_EL1, UINT64_MAX, true), 0x0221111110212120);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64ISAR1_EL1, UINT64_MAX, true), 0x0011211100311002);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64ISAR2_EL1, UINT64_MAX, true), 0x0000000000100000);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR0_EL1, UINT64_MAX, true), 0x21000211ff110125);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR1_EL1, UINT64_MAX, true), 0x0001003010201122);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR2_EL1, UINT64_MAX, true), 0x1001000110100011);
}

static void features_that_hardware_lacks_are_not_made_up(void)
{
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64PFR0_EL1, 0, true), 0x0000000001000111);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64PFR1_EL1, 0, true), 0);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64DFR0_EL1, 0, true), 0);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64ISAR0_EL1, 0, true), 0);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64ISAR1_EL1, 0, true), 0);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR0_EL1, 0, true), 0x0000021100000000);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR1_EL1, 0, true), 0);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR2_EL1, 0, true), 0);
}

/* TGran4 and TGran64: 0 is there, 0xf is not, 1 is with FEAT_LPA2, which is hidden. TGran16: 1 is there, 0 is
 * not. */
static void granules_keep_their_presence_and_lose_lpa2(void)
{
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR0_EL1, 0x10200000, true) & 0xfff00000, 0x00100000);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR0_EL1, 0x0f100000, true) & 0xfff00000, 0x0f100000);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR0_EL1, 0xf0000000, true) & 0xfff00000, 0xf0000000);
}

static void physical_addresses_have_at_most_48_bits(void)
{
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR0_EL1, 2, true) & 0xf, 2);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR0_EL1, 6, true) & 0xf, 5);
}

static void vhe_is_hidden_from_a_vm_without_it(void)
{
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR1_EL1, 0x100, true), 0x100);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR1_EL1, 0x100, false), 0);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR1_EL1, 0x121, false), 0x021);
}

static void nested_virtualization_is_hidden(void)
{
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR2_EL1, 0x0f000000, true), 0);
	CU_ASSERT_EQUAL(nv_id_value(SR_ID_AA64MMFR4_EL1, UINT64_MAX, true), 0);
}

static bool has_known_features(enum sysreg r)
{
	return r == SR_ID_AA64PFR0_EL1 || r == SR_ID_AA64PFR1_EL1 || r == SR_ID_AA64DFR0_EL1 ||
	       r == SR_ID_AA64ISAR0_EL1 || r == SR_ID_AA64ISAR1_EL1 || r == SR_ID_AA64ISAR2_EL1 ||
	       r == SR_ID_AA64MMFR0_EL1 || r == SR_ID_AA64MMFR1_EL1 || r == SR_ID_AA64MMFR2_EL1;
}

static void all_other_id_registers_read_as_zero(void)
{
	for (enum sysreg r = SR_NONE + 1; r < SR_COUNT; r++)
		if (sysreg_info[r].access == VEL2_ID && !has_known_features(r))
			CU_ASSERT_EQUAL(nv_id_value(r, UINT64_MAX, true), 0);
}

void register_nv_idreg(void)
{
	CU_pSuite s = CU_add_suite("nv/idreg", NULL, NULL);

	CU_ADD_TEST(s, an_all_ones_machine_shows_only_what_is_known);
	CU_ADD_TEST(s, features_that_hardware_lacks_are_not_made_up);
	CU_ADD_TEST(s, granules_keep_their_presence_and_lose_lpa2);
	CU_ADD_TEST(s, physical_addresses_have_at_most_48_bits);
	CU_ADD_TEST(s, vhe_is_hidden_from_a_vm_without_it);
	CU_ADD_TEST(s, nested_virtualization_is_hidden);
	CU_ADD_TEST(s, all_other_id_registers_read_as_zero);
}
