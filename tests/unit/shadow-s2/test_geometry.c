/* Which VTCR_EL2 and VTTBR_EL2 describe a stage 2, and which one?  Reads: shadow-s2/geometry.h. */
#include <CUnit/CUnit.h>

#include "shadow-s2/geometry.h"
#include "tests/unit/shadow-s2/vtcr.h"

void register_shadow_s2_geometry(void);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct s2_cpu with_pa_bits(unsigned bits)
{
	struct s2_cpu cpu = everything;

	cpu.pa_bits = bits;
	return cpu;
}

/* A start level and the T0SZ that it is allowed with: DDI0487, the tables "T0SZ and SL" of each granule, stage 2. */
struct start {
	uint64_t vtcr; /* TG0, SL0, SL2, DS */
	int level;
	unsigned t0sz_min, t0sz_max;
};

/* Each T0SZ with each SL is in a row, and so has that level, or is in none, and then everything faults. */
static void check_starts(const struct s2_cpu *cpu, uint64_t tg0, const struct start *row, unsigned rows)
{
	static const uint64_t sizes[] = { 0, DS };

	for (uint64_t n = 0; n < 64 * 4 * 2 * 2; n++) {
		uint64_t vtcr = tg0 | n % 64 | SL0(n / 64 % 4) | (n & 256 ? SL2 : 0) | sizes[n / 512] | PS(6);
		struct s2_geometry g = s2_geometry(cpu, 0, vtcr);
		int level = -2;

		for (unsigned i = 0; i < rows; i++)
			if ((vtcr & ~(PS(7) | 0x3f)) == row[i].vtcr && n % 64 >= row[i].t0sz_min &&
			    n % 64 <= row[i].t0sz_max)
				level = row[i].level;
		CU_ASSERT_EQUAL(g.valid, level != -2);
		if (g.valid) {
			CU_ASSERT_EQUAL(g.start_level, level);
			CU_ASSERT_EQUAL(g.ia_bits, 64 - n % 64);
		}
	}
}

/* SL2 is RES0 where DS is 0 or has no effect. */
#define EITHER_SL2(vtcr, level, min, max)     \
	{ vtcr, level, min, max },            \
	{                                     \
		(vtcr) | SL2, level, min, max \
	}

static void starts_of_the_4k_granule(void)
{
	static const struct start row[] = {
		EITHER_SL2(SL0(2), 0, 16, 24),	   EITHER_SL2(SL0(1), 1, 21, 33),
		EITHER_SL2(SL0(0), 2, 30, 42),	   EITHER_SL2(SL0(3), 3, 39, 48),
		{ DS | SL2 | SL0(0), -1, 12, 15 }, { DS | SL0(2), 0, 12, 24 },
		{ DS | SL0(1), 1, 21, 33 },	   { DS | SL0(0), 2, 30, 42 },
		{ DS | SL0(3), 3, 39, 48 },
	};

	check_starts(&everything, TG0_4K, row, COUNT(row));
}

static void starts_of_the_16k_granule(void)
{
	static const struct start row[] = {
		EITHER_SL2(TG0_16K | SL0(2), 1, 16, 27),      EITHER_SL2(TG0_16K | SL0(1), 2, 24, 38),
		EITHER_SL2(TG0_16K | SL0(0), 3, 35, 48),      EITHER_SL2(DS | TG0_16K | SL0(3), 0, 12, 16),
		EITHER_SL2(DS | TG0_16K | SL0(2), 1, 13, 27), EITHER_SL2(DS | TG0_16K | SL0(1), 2, 24, 38),
		EITHER_SL2(DS | TG0_16K | SL0(0), 3, 35, 48),
	};

	check_starts(&everything, TG0_16K, row, COUNT(row));
}

/* DS has no effect with the 64 KiB granule. */
static void starts_of_the_64k_granule(void)
{
	static const struct start row[] = {
		EITHER_SL2(TG0_64K | SL0(2), 1, 12, 21),      EITHER_SL2(TG0_64K | SL0(1), 2, 18, 34),
		EITHER_SL2(TG0_64K | SL0(0), 3, 31, 47),      EITHER_SL2(DS | TG0_64K | SL0(2), 1, 12, 21),
		EITHER_SL2(DS | TG0_64K | SL0(1), 2, 18, 34), EITHER_SL2(DS | TG0_64K | SL0(0), 3, 31, 47),
	};

	check_starts(&everything, TG0_64K, row, COUNT(row));
}

static void without_small_tables_t0sz_ends_at_39(void)
{
	static const struct start of_4k[] = {
		EITHER_SL2(SL0(2), 0, 16, 24), EITHER_SL2(SL0(1), 1, 21, 33),
		EITHER_SL2(SL0(0), 2, 30, 39), { DS | SL2 | SL0(0), -1, 12, 15 },
		{ DS | SL0(2), 0, 12, 24 },    { DS | SL0(1), 1, 21, 33 },
		{ DS | SL0(0), 2, 30, 39 },
	};
	static const struct start of_64k[] = {
		EITHER_SL2(TG0_64K | SL0(2), 1, 12, 21),      EITHER_SL2(TG0_64K | SL0(1), 2, 18, 34),
		EITHER_SL2(TG0_64K | SL0(0), 3, 31, 39),      EITHER_SL2(DS | TG0_64K | SL0(2), 1, 12, 21),
		EITHER_SL2(DS | TG0_64K | SL0(1), 2, 18, 34), EITHER_SL2(DS | TG0_64K | SL0(0), 3, 31, 39),
	};
	struct s2_cpu cpu = everything;

	cpu.small_tables = false;
	check_starts(&cpu, TG0_4K, of_4k, COUNT(of_4k));
	check_starts(&cpu, TG0_64K, of_64k, COUNT(of_64k));
}

/* The input is never larger than PARange; the top level needs a PE that has use for it. */
static void a_small_cpu_refuses_large_inputs_and_top_levels(void)
{
	static const struct {
		unsigned pa_bits;
		uint64_t vtcr;
		bool valid;
	} row[] = {
		{ 32, 32 | SL0(1), true },
		{ 32, 31 | SL0(1), false },
		{ 36, 28 | SL0(1), true },
		{ 36, 27 | SL0(1), false },
		{ 40, 24 | SL0(1), true },
		{ 40, 24 | SL0(2), false }, /* level 0 needs 44 bits */
		{ 42, 22 | SL0(1), true },
		{ 42, 22 | SL0(2), false },
		{ 44, 20 | SL0(2), true },
		{ 44, 19 | SL0(2), false },
		{ 48, 16 | SL0(2), true },
		{ 48, 15 | SL0(2), false },
		{ 52, 16 | SL0(2), true },
		{ 52, 15 | SL0(2), false }, /* without DS, 48 bits */
		{ 48, 16 | DS | SL0(2), true },
		{ 48, 12 | DS | SL2, false },
		{ 40, TG0_16K | 27 | SL0(2), false },
		{ 42, TG0_16K | 27 | SL0(2), true },
		{ 48, TG0_16K | 16 | SL0(2), true },
		{ 48, TG0_16K | 16 | DS | SL0(3), false },
		{ 52, TG0_16K | 16 | DS | SL0(3), true },
		{ 42, TG0_64K | 22 | SL0(2), false },
		{ 42, TG0_64K | 22 | SL0(1), true },
		{ 44, TG0_64K | 20 | SL0(2), true },
		{ 48, TG0_64K | 15 | SL0(2), false },
		{ 48, TG0_64K | 16 | SL0(2), true },
		{ 52, TG0_64K | 12 | SL0(2), true },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_cpu cpu = with_pa_bits(row[i].pa_bits);

		CU_ASSERT_EQUAL(s2_geometry(&cpu, 0, row[i].vtcr).valid, row[i].valid);
	}
}

static void features_that_the_cpu_lacks_have_no_effect(void)
{
	struct s2_cpu none = { .pa_bits = 48 };
	struct s2_geometry g = s2_geometry(&none, 0, TG0_64K | 24 | SL0(1) | DS | HA | HD);

	CU_ASSERT_EQUAL(g.granule_shift, 12);
	CU_ASSERT_EQUAL(s2_geometry(&none, 0, TG0_16K).granule_shift, 12);
	CU_ASSERT_FALSE(g.ds || g.lpa || g.ha || g.hd || g.xnx);
	g = s2_geometry(&everything, 0, TG0_4K | 24 | SL0(1) | DS | HA | HD);
	CU_ASSERT(g.ds && g.ha && g.hd && g.xnx && !g.lpa);
	CU_ASSERT_FALSE(s2_geometry(&everything, 0, 24 | SL0(1) | HD).hd); /* HD without HA is ignored */
	CU_ASSERT_EQUAL(s2_geometry(&everything, 0, TG0_4K | TG0_16K | TG0_64K).granule_shift,
			12); /* reserved */
}

static void outputs_are_as_wide_as_ps_and_the_cpu_allow(void)
{
	static const struct {
		unsigned pa_bits;
		uint64_t vtcr;
		unsigned oa_bits;
	} row[] = {
		{ 48, PS(0), 32 },
		{ 48, PS(1), 36 },
		{ 48, PS(2), 40 },
		{ 48, PS(3), 42 },
		{ 48, PS(4), 44 },
		{ 48, PS(5), 48 },
		{ 48, PS(6), 48 },
		{ 40, PS(5), 40 },
		{ 52, PS(6), 48 },
		{ 52, PS(6) | DS, 52 },
		{ 52, PS(5) | DS, 48 },
		{ 52, PS(6) | TG0_16K, 48 },
		{ 52, PS(6) | TG0_16K | DS, 52 },
		{ 52, PS(6) | TG0_64K, 52 },
		{ 52, PS(5) | TG0_64K, 48 },
		{ 52, PS(2) | TG0_64K, 40 },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_cpu cpu = with_pa_bits(row[i].pa_bits);

		CU_ASSERT_EQUAL(s2_geometry(&cpu, 0, row[i].vtcr).oa_bits, row[i].oa_bits);
	}
}

/* The base is aligned to the size of the table, or of the tables side by side, and to 64 bytes where it has 52 bits. */
static void the_base_is_aligned_to_what_the_walk_starts_at(void)
{
	static const struct {
		uint64_t vtcr, base;
	} row[] = {
		{ 24 | SL0(1) | PS(6), 0xffffffffe000 },	    /* 2 tables of 4 KiB */
		{ 21 | SL0(1) | PS(6), 0xffffffff0000 },	    /* 16 */
		{ 25 | SL0(1) | PS(6), 0xfffffffff000 },	    /* one */
		{ 33 | SL0(1) | PS(6), 0xfffffffffff0 },	    /* two entries */
		{ 33 | SL0(1) | PS(6) | DS, 0xfffffffffffc0 },	    /* the same, with a 52-bit base */
		{ 12 | SL2 | PS(6) | DS, 0xfffffffffff80 },	    /* 16 entries at level -1 */
		{ TG0_16K | 16 | SL0(2) | PS(6), 0xffffffff8000 },  /* 2 tables of 16 KiB */
		{ TG0_64K | 19 | SL0(1) | PS(6), 0xffffffff80000 }, /* 8 tables of 64 KiB */
		{ TG0_64K | 19 | SL0(1) | PS(5), 0xfffffff80000 },
		{ TG0_64K | 34 | SL0(1) | PS(5), 0xfffffffffff0 },
		{ TG0_64K | 34 | SL0(1) | PS(6), 0xfffffffffffc0 },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_geometry g = s2_geometry(&everything, UINT64_C(0xffffffffffffffff), row[i].vtcr);

		CU_ASSERT(g.valid);
		CU_ASSERT_EQUAL(g.table_base, row[i].base);
	}
}

static void a_base_beyond_the_output_size_is_out_of_range(void)
{
	CU_ASSERT(s2_geometry(&everything, 0x0000fffff000, 24 | SL0(1) | PS(0)).base_in_range);
	CU_ASSERT_FALSE(s2_geometry(&everything, 0x000100000000, 24 | SL0(1) | PS(0)).base_in_range);
	CU_ASSERT(s2_geometry(&everything, 0x000100000000, 24 | SL0(1) | PS(1)).base_in_range);
	/* Bits [5:2] are [51:48] of it with DS, whatever PS is; with 64 KiB only if PS says 52 bits. */
	CU_ASSERT_FALSE(s2_geometry(&everything, 1 << 2, 24 | SL0(1) | DS | PS(5)).base_in_range);
	CU_ASSERT(s2_geometry(&everything, 1 << 2, 24 | SL0(1) | DS | PS(6)).base_in_range);
	CU_ASSERT(s2_geometry(&everything, 1 << 2, TG0_64K | 24 | SL0(1) | PS(5)).base_in_range);
	CU_ASSERT_EQUAL(s2_geometry(&everything, 1 << 2, TG0_64K | 24 | SL0(1) | PS(5)).table_base, 0);
	CU_ASSERT_EQUAL(s2_geometry(&everything, 1 << 2, TG0_64K | 24 | SL0(1) | PS(6)).table_base,
			UINT64_C(1) << 48);
}

static void blocks_begin_at_the_level_of_the_granule(void)
{
	static const struct {
		unsigned pa_bits;
		uint64_t vtcr;
		int level;
	} row[] = {
		{ 48, TG0_4K, 1 },  { 52, TG0_4K, 1 },	{ 52, TG0_4K | DS, 0 },
		{ 48, TG0_16K, 2 }, { 52, TG0_16K, 2 }, { 52, TG0_16K | DS, 1 },
		{ 48, TG0_64K, 2 }, { 52, TG0_64K, 1 }, { 52, TG0_64K | PS(5), 1 },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_cpu cpu = with_pa_bits(row[i].pa_bits);

		CU_ASSERT_EQUAL(s2_geometry(&cpu, 0, row[i].vtcr).block_level, row[i].level);
	}
}

static void an_entry_spans_what_its_level_and_granule_say(void)
{
	static const struct {
		unsigned granule_shift;
		int level;
		unsigned shift;
	} row[] = {
		{ 12, 3, 12 }, { 12, 2, 21 }, { 12, 1, 30 }, { 12, 0, 39 }, { 12, -1, 48 }, { 14, 3, 14 },
		{ 14, 2, 25 }, { 14, 1, 36 }, { 14, 0, 47 }, { 16, 3, 16 }, { 16, 2, 29 },  { 16, 1, 42 },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_geometry g = { .granule_shift = row[i].granule_shift };

		CU_ASSERT_EQUAL(s2_level_shift(&g, row[i].level), row[i].shift);
	}
}

static void a_vmid_has_8_bits_unless_vs_says_16(void)
{
	CU_ASSERT_EQUAL(s2_vmid(UINT64_C(0xabcd000000001001), 0), 0xcd);
	CU_ASSERT_EQUAL(s2_vmid(UINT64_C(0xabcd000000001001), VS), 0xabcd);
	CU_ASSERT_EQUAL(s2_vmid(UINT64_C(0x0000ffffffffffff), VS), 0);
}

void register_shadow_s2_geometry(void)
{
	CU_pSuite s = CU_add_suite("shadow-s2/geometry", NULL, NULL);

	CU_ADD_TEST(s, starts_of_the_4k_granule);
	CU_ADD_TEST(s, starts_of_the_16k_granule);
	CU_ADD_TEST(s, starts_of_the_64k_granule);
	CU_ADD_TEST(s, without_small_tables_t0sz_ends_at_39);
	CU_ADD_TEST(s, a_small_cpu_refuses_large_inputs_and_top_levels);
	CU_ADD_TEST(s, features_that_the_cpu_lacks_have_no_effect);
	CU_ADD_TEST(s, outputs_are_as_wide_as_ps_and_the_cpu_allow);
	CU_ADD_TEST(s, the_base_is_aligned_to_what_the_walk_starts_at);
	CU_ADD_TEST(s, a_base_beyond_the_output_size_is_out_of_range);
	CU_ADD_TEST(s, blocks_begin_at_the_level_of_the_granule);
	CU_ADD_TEST(s, an_entry_spans_what_its_level_and_granule_say);
	CU_ADD_TEST(s, a_vmid_has_8_bits_unless_vs_says_16);
}
