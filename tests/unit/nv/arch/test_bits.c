/* Do masks, and values in them, come out as the Arm manual's [hi:lo] says? */
#include <CUnit/CUnit.h>

#include "nv/arch/bits.h"

void register_nv_arch_bits(void);

static void bits_are_inclusive_at_both_ends(void)
{
	CU_ASSERT_EQUAL(BITS(0, 0), 1);
	CU_ASSERT_EQUAL(BITS(31, 26), 0xfc000000);
	CU_ASSERT_EQUAL(BITS(63, 0), UINT64_MAX);
	CU_ASSERT_EQUAL(BITS(63, 48), 0xffff000000000000);
	CU_ASSERT_EQUAL(BIT(63), 0x8000000000000000);
}

static void a_field_is_read_at_its_lowest_bit(void)
{
	CU_ASSERT_EQUAL(field_get(BITS(31, 26), 0x5a000000), 0x16);
	CU_ASSERT_EQUAL(field_get(BITS(63, 60), 0xf000000000000001), 0xf);
	CU_ASSERT_EQUAL(field_get(BITS(63, 0), UINT64_MAX), UINT64_MAX);
}

static void a_value_too_large_for_its_field_loses_its_high_bits(void)
{
	CU_ASSERT_EQUAL(field_put(BITS(7, 4), 0x3), 0x30);
	CU_ASSERT_EQUAL(field_put(BITS(7, 4), 0x13), 0x30);
	CU_ASSERT_EQUAL(field_put(BITS(63, 60), 0xff), 0xf000000000000000);
}

static void setting_a_field_leaves_the_others(void)
{
	CU_ASSERT_EQUAL(field_set(BITS(7, 4), 0xabcd, 0x1), 0xab1d);
	CU_ASSERT_EQUAL(field_set(BITS(63, 48), UINT64_MAX, 0), 0x0000ffffffffffff);
}

void register_nv_arch_bits(void)
{
	CU_pSuite s = CU_add_suite("nv/arch/bits", NULL, NULL);

	CU_ADD_TEST(s, bits_are_inclusive_at_both_ends);
	CU_ADD_TEST(s, a_field_is_read_at_its_lowest_bit);
	CU_ADD_TEST(s, a_value_too_large_for_its_field_loses_its_high_bits);
	CU_ADD_TEST(s, setting_a_field_leaves_the_others);
}
