/* What does the operand of a TLBI instruction name?  Reads: shadow-s2/inval.h. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "shadow-s2/inval.h"
#include "tests/unit/shadow-s2/choices.h"
#include "tests/unit/shadow-s2/seed.h"

void register_shadow_s2_inval(void);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const enum sysreg by_ipa[] = { SR_TLBI_IPAS2E1,	SR_TLBI_IPAS2E1IS,  SR_TLBI_IPAS2E1OS,
				      SR_TLBI_IPAS2LE1, SR_TLBI_IPAS2LE1IS, SR_TLBI_IPAS2LE1OS };
static const enum sysreg by_range[] = { SR_TLBI_RIPAS2E1,  SR_TLBI_RIPAS2E1IS,	SR_TLBI_RIPAS2E1OS,
					SR_TLBI_RIPAS2LE1, SR_TLBI_RIPAS2LE1IS, SR_TLBI_RIPAS2LE1OS };
static const enum sysreg of_vmid[] = { SR_TLBI_VMALLS12E1, SR_TLBI_VMALLS12E1IS, SR_TLBI_VMALLS12E1OS };
static const enum sysreg of_all[] = { SR_TLBI_ALLE1, SR_TLBI_ALLE1IS, SR_TLBI_ALLE1OS };
static const enum sysreg of_stage1[] = {
	SR_TLBI_VMALLE1,  SR_TLBI_VMALLE1IS, SR_TLBI_VAE1,    SR_TLBI_VAE1IS,
	SR_TLBI_ASIDE1IS, SR_TLBI_VAALE1,    SR_TLBI_RVAE1IS, SR_TLBI_VALE1OS
};

static struct s2_geometry with_granule(unsigned shift, bool ds)
{
	struct s2_cpu cpu = {
		.pa_bits = 52, .granule_16k = true, .granule_64k = true, .lpa2_4k = true, .lpa2_16k = true
	};
	uint64_t tg0 = shift == 12 ? 0 : shift == 14 ? 2 : 1;

	return s2_geometry(&cpu, 0, tg0 << 14 | (uint64_t)ds << 32 | 6 << 16);
}

static void which_instructions_are_about_a_stage_2(void)
{
	unsigned count = 0;

	for (unsigned op = 0; op < SR_COUNT; op++)
		count += s2_is_stage2_tlbi((enum sysreg)op);
	CU_ASSERT_EQUAL(count, COUNT(by_ipa) + COUNT(by_range) + COUNT(of_vmid) + COUNT(of_all));
	for (unsigned i = 0; i < COUNT(by_ipa); i++)
		CU_ASSERT(s2_is_stage2_tlbi(by_ipa[i]) && s2_is_stage2_tlbi(by_range[i]));
	for (unsigned i = 0; i < COUNT(of_vmid); i++)
		CU_ASSERT(s2_is_stage2_tlbi(of_vmid[i]) && s2_is_stage2_tlbi(of_all[i]));
	for (unsigned i = 0; i < COUNT(of_stage1); i++)
		CU_ASSERT_FALSE(s2_is_stage2_tlbi(of_stage1[i]));
}

/* By the names: what ends in IS or OS names other PEs too, whether it has nXS or not. */
static void which_instructions_are_local(void)
{
	for (unsigned op = 0; op < SR_COUNT; op++) {
		const char *name = sysreg_info[op].name;
		size_t length = strlen(name);

		if (sysreg_info[op].access != SYS_TLBI)
			continue;
		if (strcmp(name + length - 3, "NXS") == 0)
			length -= 3;
		CU_ASSERT_EQUAL(s2_tlbi_is_local((enum sysreg)op),
				strncmp(name + length - 2, "IS", 2) != 0 &&
					strncmp(name + length - 2, "OS", 2) != 0);
	}
}

static void a_range_of_stage_1_is_all_of_it_for_a_guest(void)
{
	CU_ASSERT_EQUAL(s2_tlbi_without_range(SR_TLBI_RVAE1), SR_TLBI_VMALLE1);
	CU_ASSERT_EQUAL(s2_tlbi_without_range(SR_TLBI_RVAALE1), SR_TLBI_VMALLE1);
	CU_ASSERT_EQUAL(s2_tlbi_without_range(SR_TLBI_RVALE1IS), SR_TLBI_VMALLE1IS);
	CU_ASSERT_EQUAL(s2_tlbi_without_range(SR_TLBI_RVAAE1OS), SR_TLBI_VMALLE1IS);
	CU_ASSERT_EQUAL(s2_tlbi_without_range(SR_TLBI_VAE1), SR_TLBI_VAE1);
	CU_ASSERT_EQUAL(s2_tlbi_without_range(SR_TLBI_VALE1OS), SR_TLBI_VALE1OS);
	CU_ASSERT_EQUAL(s2_tlbi_without_range(SR_TLBI_ASIDE1IS), SR_TLBI_ASIDE1IS);
	CU_ASSERT_EQUAL(s2_tlbi_without_range(SR_TLBI_RIPAS2E1IS), SR_TLBI_RIPAS2E1IS);
}

static void whole_vmids_and_stage_1_need_no_operand(void)
{
	struct s2_geometry g = with_granule(12, false);
	const uint64_t any[] = { 0, UINT64_MAX, 0x8000000012345678 };

	for (unsigned n = 0; n < COUNT(any); n++) {
		for (unsigned i = 0; i < COUNT(of_vmid); i++) {
			CU_ASSERT_EQUAL(s2_inval_decode(&g, of_vmid[i], any[n]).scope, S2_INVAL_VMID);
			CU_ASSERT_EQUAL(s2_inval_decode(&g, of_all[i], any[n]).scope, S2_INVAL_ALL);
		}
		for (unsigned i = 0; i < COUNT(of_stage1); i++)
			CU_ASSERT_EQUAL(s2_inval_decode(&g, of_stage1[i], any[n]).scope, S2_INVAL_STAGE1);
	}
}

/* IPA[51:12] in [39:0]; TTL in [47:44]: a granule and, if L1 uses that granule, the level of the leaf. */
static void an_ipa_names_a_page_or_the_leaf_of_the_hint(void)
{
	static const struct {
		unsigned granule;
		bool ds;
		uint64_t ttl, ipa, first, size;
	} row[] = {
		{ 12, false, 0x0, 0x123456789000, 0x123456789000, 0x1000 },
		{ 12, false, 0x1, 0x123456789000, 0x123456789000, 0x1000 }, /* no granule, so no hint */
		{ 12, false, 0x3, 0x123456789000, 0x123456789000, 0x1000 },
		{ 12, false, 0x7, 0x123456789000, 0x123456789000, 0x1000 },
		{ 12, false, 0x6, 0x123456789000, 0x123456600000, 0x200000 },
		{ 12, false, 0x5, 0x123456789000, 0x123440000000, 0x40000000 },
		{ 12, false, 0x4, 0x123456789000, 0x123456789000, 0x1000 }, /* level 0: reserved without DS */
		{ 12, false, 0x9, 0x123456789000, 0x123456789000, 0x1000 }, /* of another granule */
		{ 12, false, 0xe, 0x123456789000, 0x123456789000, 0x1000 },
		{ 12, true, 0x6, 0xf23456789000, 0xf23456600000, 0x200000 },
		{ 12, true, 0x0, 0xfedcba9876000, 0xfedcba9876000, 0x1000 }, /* 52 bits */
		{ 14, false, 0x0, 0x123456789000, 0x123456788000, 0x4000 },
		{ 14, false, 0xb, 0x123456789000, 0x123456788000, 0x4000 },
		{ 14, false, 0xa, 0x123456789000, 0x123456000000, 0x2000000 },
		{ 14, false, 0x9, 0x123456789000, 0x123456788000,
		  0x4000 }, /* no blocks at level 1 without DS */
		{ 14, true, 0x9, 0x123456789000, 0x123000000000, 0x1000000000 },
		{ 16, false, 0x0, 0x123456789000, 0x123456780000, 0x10000 },
		{ 16, false, 0xf, 0x123456789000, 0x123456780000, 0x10000 },
		{ 16, false, 0xe, 0x123456789000, 0x123440000000, 0x20000000 },
		{ 16, false, 0xd, 0x123456789000, 0x100000000000, 0x40000000000 },
		{ 16, false, 0xa, 0x123456789000, 0x123456780000, 0x10000 },
	};

	for (unsigned i = 0; i < COUNT(row); i++)
		for (unsigned op = 0; op < COUNT(by_ipa); op++) {
			struct s2_geometry g = with_granule(row[i].granule, row[i].ds);
			struct s2_inval what =
				s2_inval_decode(&g, by_ipa[op], row[i].ttl << 44 | row[i].ipa >> 12);

			CU_ASSERT_EQUAL(what.scope, S2_INVAL_RANGE);
			CU_ASSERT_EQUAL(what.ipa.val, row[i].first);
			CU_ASSERT_EQUAL(what.size, row[i].size);
		}
}

/* [36:0] base, [43:39] NUM, [45:44] SCALE, [47:46] TG: (NUM + 1) * 2^(5 * SCALE + 1) granules. */
static void a_range_has_a_base_and_a_size(void)
{
	static const struct {
		unsigned granule;
		bool ds;
		uint64_t tg, base, num, scale, first, size;
	} row[] = {
		{ 12, false, 1, 0x80000, 0, 0, 0x80000000, 0x2000 },
		{ 12, false, 1, 0x80001, 0, 0, 0x80001000, 0x2000 },
		{ 12, false, 1, 0x80000, 31, 0, 0x80000000, 0x40000 },
		{ 12, false, 1, 0x80000, 0, 1, 0x80000000, 0x40000 },
		{ 12, false, 1, 0x80000, 4, 2, 0x80000000, 0x2800000 },
		{ 12, false, 1, 0x80000, 31, 3, 0x80000000, 0x200000000 },
		{ 12, true, 1, 0x8000, 0, 0, 0x80000000, 0x2000 }, /* the base in units of 64 KiB */
		{ 12, true, 1, 0x1fffffffff, 0, 0, 0x1fffffffff0000, 0x2000 },
		{ 14, false, 2, 0x20000, 3, 1, 0x80000000, 0x400000 },
		{ 14, true, 2, 0x8000, 3, 1, 0x80000000, 0x400000 },
		{ 16, false, 3, 0x8000, 0, 3, 0x80000000, 0x100000000 },
		{ 16, false, 3, 0x8000, 31, 3, 0x80000000, 0x2000000000 },
	};

	for (unsigned i = 0; i < COUNT(row); i++)
		for (unsigned n = 0; n < COUNT(by_range) * 4; n++) {
			struct s2_geometry g = with_granule(row[i].granule, row[i].ds);
			uint64_t operand = row[i].base | row[i].num << 39 | row[i].scale << 44 |
					   row[i].tg << 46 | (uint64_t)(n % 4) << 37; /* TTL */
			struct s2_inval what = s2_inval_decode(&g, by_range[n / 4], operand);

			CU_ASSERT_EQUAL(what.scope, S2_INVAL_RANGE);
			CU_ASSERT_EQUAL(what.ipa.val, row[i].first);
			CU_ASSERT_EQUAL(what.size, row[i].size);
		}
}

static void a_range_of_another_granule_names_nothing(void)
{
	static const unsigned shifts[] = { 12, 14, 16 };

	for (unsigned n = 0; n < COUNT(shifts); n++)
		for (uint64_t tg = 0; tg < 4; tg++) {
			struct s2_geometry g = with_granule(shifts[n], false);

			CU_ASSERT_EQUAL(s2_inval_decode(&g, SR_TLBI_RIPAS2E1IS, tg << 46 | 0x1234).scope,
					tg == n + 1 ? S2_INVAL_RANGE : S2_INVAL_NOTHING);
		}
}

/* Whatever L1 writes: no range is empty, none wraps round, none is larger than the largest that can be named. */
static void any_operand_names_a_range_that_makes_sense(void)
{
	struct choices c = { .state = seed_state(seed_first()) };

	for (unsigned i = 0; i < 100000; i++) {
		struct s2_geometry g = with_granule(12 + 2 * (unsigned)choose(&c, 3), chance(&c, 50));
		uint64_t operand = i ? choose_bytes(&c, 8) : UINT64_MAX;
		struct s2_inval ipa = s2_inval_decode(&g, by_ipa[choose(&c, 6)], operand);
		struct s2_inval range = s2_inval_decode(&g, by_range[choose(&c, 6)], operand);
		uint64_t named = (operand << 12) & UINT64_C(0xffffffffff000);

		CU_ASSERT(ipa.scope == S2_INVAL_RANGE && ipa.size >= PAGE_SIZE &&
			  ipa.size <= UINT64_C(1) << 42);
		CU_ASSERT(ipa.ipa.val <= named && named - ipa.ipa.val < ipa.size);
		if (range.scope == S2_INVAL_RANGE)
			CU_ASSERT(range.size && range.size <= UINT64_C(1) << 37 &&
				  range.ipa.val + range.size > range.ipa.val);
	}
}

void register_shadow_s2_inval(void)
{
	CU_pSuite s = CU_add_suite("shadow-s2/inval", NULL, NULL);

	CU_ADD_TEST(s, which_instructions_are_about_a_stage_2);
	CU_ADD_TEST(s, which_instructions_are_local);
	CU_ADD_TEST(s, a_range_of_stage_1_is_all_of_it_for_a_guest);
	CU_ADD_TEST(s, whole_vmids_and_stage_1_need_no_operand);
	CU_ADD_TEST(s, an_ipa_names_a_page_or_the_leaf_of_the_hint);
	CU_ADD_TEST(s, a_range_has_a_base_and_a_size);
	CU_ADD_TEST(s, a_range_of_another_granule_names_nothing);
	CU_ADD_TEST(s, any_operand_names_a_range_that_makes_sense);
}
