/* Does a signed pointer become what Auth of the Arm manual makes of it?  Levels: ID_AA64ISAR1_EL1.API. */
#include <CUnit/CUnit.h>

#include "nv/pauth.h"

void register_nv_pauth(void);

static const struct s1_cpu cpu = {
	.granule_4k = true, .granule_64k = true, .small_tables = true, .lpa2_4k = true, .large_va = true
};

/* T0SZ [5:0], T1SZ [21:16], TG0 [15:14] = 1 and TG1 [31:30] = 3 for 64 KiB, TBI0 37, TBI1 38, TBID0 51, TBID1 52, DS 59. */
static void the_code_is_where_tcr_says(void)
{
	static const struct {
		uint64_t tcr, pointer;
		unsigned top, bottom;
	} row[] = {
		{ 25 | 16 << 16, 0, 63, 39 },
		{ 25 | 16 << 16, 1UL << 55, 63, 48 },
		{ 25 | 1UL << 37, 0, 54, 39 },
		{ 25 | 1UL << 38, 0, 63, 39 },
		{ 25 | 1UL << 37 | 1UL << 51, 0, 63, 39 },
		{ 25 | 1UL << 37 | 1UL << 52, 0, 54, 39 },
		{ 20 << 16 | 1UL << 38, 1UL << 55, 54, 44 },
		{ 20 << 16 | 3UL << 37 | 1UL << 52, 1UL << 55, 63, 44 },
		{ 0, 0, 63, 48 },	      /* out of bounds: the nearest that is in them */
		{ 63, 0, 63, 16 },	      /* FEAT_TTST */
		{ 63 | 1 << 14, 0, 63, 17 },  /* of 64 KiB pages */
		{ 12 | 1 << 14, 0, 63, 52 },  /* FEAT_LVA */
		{ 12 | 1UL << 59, 0, 63, 52 } /* FEAT_LPA2 */
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct s1_regime regime = { .tcr = row[i].tcr };
		struct nv_pac_layout l = nv_pac_layout(&cpu, &regime, row[i].pointer);

		CU_ASSERT_EQUAL(l.top, row[i].top);
		CU_ASSERT_EQUAL(l.bottom, row[i].bottom);
	}
}

static void bit_55_says_what_the_code_took_the_place_of(void)
{
	const struct nv_pac_layout tagged = { 54, 39 }, untagged = { 63, 48 };

	CU_ASSERT_EQUAL(nv_pac_original(tagged, 0x5a2f12b456789abc), 0x5a00003456789abc);
	CU_ASSERT_EQUAL(nv_pac_original(tagged, 0x5aaf12b456789abc), 0x5affffb456789abc);
	CU_ASSERT_EQUAL(nv_pac_original(untagged, 0x5a2f12b456789abc), 0x000012b456789abc);
	CU_ASSERT_EQUAL(nv_pac_original(untagged, 0x5aaf12b456789abc), 0xffff12b456789abc);
}

struct row {
	unsigned level;
	struct nv_pac_layout layout;
	uint64_t pointer, pac;
	bool key_b, good;
	uint64_t result;
};

static void check(const struct row *row, unsigned rows)
{
	for (; rows; rows--, row++) {
		uint64_t result = 0;

		CU_ASSERT_EQUAL(nv_pac_authenticate(row->level, row->layout, row->pointer, row->pac,
						    row->key_b, &result),
				row->good);
		CU_ASSERT(!row->good || result == row->result);
	}
}

#define TAGGED         \
	{              \
		54, 48 \
	}
#define UNTAGGED       \
	{              \
		63, 48 \
	}

/* FEAT_PAuth: the code is there as it is, and a wrong one leaves 01 or 10 in bits 62 and 61, or 54 and 53 below a tag. */
static void a_code_that_is_inserted(void)
{
	static const struct row row[] = {
		{ 1, UNTAGGED, 0x1234123456789abc, 0x12b4000000000000, false, true, 0x0000123456789abc },
		{ 1, UNTAGGED, 0x12b4123456789abc, 0x1234000000000000, true, true, 0xffff123456789abc },
		{ 1, UNTAGGED, 0x1235123456789abc, 0x1234000000000000, false, true, 0x2000123456789abc },
		{ 2, UNTAGGED, 0x1235123456789abc, 0x1234000000000000, true, true, 0x4000123456789abc },
		{ 1, UNTAGGED, 0x12b5123456789abc, 0x1234000000000000, false, true, 0xbfff123456789abc },
		{ 1, TAGGED, 0x5a34123456789abc, 0xffb4000000000000, false, true, 0x5a00123456789abc },
		{ 1, TAGGED, 0x5a35123456789abc, 0xff34000000000000, false, true, 0x5a20123456789abc },
		{ 1, TAGGED, 0x5a35123456789abc, 0xff34000000000000, true, true, 0x5a40123456789abc },
	};

	check(row, sizeof(row) / sizeof(row[0]));
}

/* FEAT_PAuth2: the code was added by EOR. FEAT_FPACCOMBINE: what is then no extension of bit 55 is an exception. */
static void a_code_that_is_added(void)
{
	static const struct row row[] = {
		{ 3, UNTAGGED, 0x1234123456789abc, 0x12b4000000000000, false, true, 0x0000123456789abc },
		{ 3, UNTAGGED, 0x1234123456789abc, 0x1334000000000000, false, true, 0x0100123456789abc },
		{ 4, UNTAGGED, 0x1234123456789abc, 0x1334000000000000, false, true, 0x0100123456789abc },
		{ 5, UNTAGGED, 0x1234123456789abc, 0x1334000000000000, false, false, 0 },
		{ 5, UNTAGGED, 0x1234123456789abc, 0x1234000000000000, false, true, 0x0000123456789abc },
		{ 5, UNTAGGED, 0xedcb123456789abc, 0x1234000000000000, true, true, 0xffff123456789abc },
		{ 5, TAGGED, 0x5a34123456789abc, 0x1234000000000000, false, true, 0x5a00123456789abc },
		{ 5, TAGGED, 0x5a34123456789abc, 0x1235000000000000, false, false, 0 },
	};

	check(row, sizeof(row) / sizeof(row[0]));
}

/* PACGA gives bits 63 to 32: below them nothing can be wrong. */
static void what_pacga_does_not_give_is_taken_for_right(void)
{
	static const struct row row[] = {
		{ 1, { 63, 24 }, 0x123456789abcdef0, 0x1234567800000000, false, true, 0x0000000000bcdef0 },
		{ 5, { 63, 24 }, 0x123456789abcdef0, 0x1234567800000000, false, true, 0x0000000000bcdef0 },
		{ 5, { 63, 24 }, 0x123456789abcdef0, 0x1234567900000000, false, false, 0 },
	};

	check(row, sizeof(row) / sizeof(row[0]));
}

/* The three fields, of which hardware has one. */
static void the_level_is_that_of_any_algorithm(void)
{
	static struct nv_state l1;

	CU_ASSERT_EQUAL(nv_pauth_level(&l1), NV_PAUTH_NONE);
	l1.file.reg[SR_ID_AA64ISAR1_EL1] = 1UL << 4;
	CU_ASSERT_EQUAL(nv_pauth_level(&l1), 1);
	l1.file.reg[SR_ID_AA64ISAR1_EL1] = 5UL << 8;
	CU_ASSERT_EQUAL(nv_pauth_level(&l1), NV_PAUTH_FPACCOMBINE);
	l1.file.reg[SR_ID_AA64ISAR1_EL1] = 0;
	l1.file.reg[SR_ID_AA64ISAR2_EL1] = 3UL << 12;
	CU_ASSERT_EQUAL(nv_pauth_level(&l1), NV_PAUTH_2);
	CU_ASSERT_EQUAL(nv_pac_fail_esr(false), 0x72000000);
	CU_ASSERT_EQUAL(nv_pac_fail_esr(true), 0x72000001);
}

void register_nv_pauth(void)
{
	CU_pSuite s = CU_add_suite("nv/pauth", NULL, NULL);

	CU_ADD_TEST(s, the_code_is_where_tcr_says);
	CU_ADD_TEST(s, bit_55_says_what_the_code_took_the_place_of);
	CU_ADD_TEST(s, a_code_that_is_inserted);
	CU_ADD_TEST(s, a_code_that_is_added);
	CU_ADD_TEST(s, what_pacga_does_not_give_is_taken_for_right);
	CU_ADD_TEST(s, the_level_is_that_of_any_algorithm);
}
