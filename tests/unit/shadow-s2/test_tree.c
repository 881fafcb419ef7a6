/*
 * Which entries does a tree have after a step, and what does the step cost?  Single steps first, then FIRN_CASES / 100 runs of
 * random ones from FIRN_SEED on.  Reads: shadow-s2/tree.h, model.h.
 */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shadow-s2/tree.h"
#include "tests/unit/shadow-s2/model.h"
#include "tests/unit/shadow-s2/seed.h"

void register_shadow_s2_tree(void);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define TREES 2
#define POOL_PA UINT64_C(0x80000000)
#define KIB UINT64_C(0x400)
#define MIB UINT64_C(0x100000)
#define GIB UINT64_C(0x40000000)
#define LEAF 0x7ff /* page: with all of what a descriptor has below the address */
#define STEPS 300
#define CASES 20000

static struct s2_pool pool;

static void new_pool(unsigned pa_bits, uint32_t tables)
{
	static uint64_t *entry;
	static void *memory;

	free(entry);
	free(memory);
	memset(&pool, 0, sizeof(pool));
	s2_pool_shape(&pool, pa_bits);
	tables += TREES * pool.root_tables;
	entry = aligned_alloc(PAGE_SIZE * pool.root_tables, (tables + pool.root_tables - 1) /
								    pool.root_tables * pool.root_tables *
								    PAGE_SIZE);
	memory = malloc(s2_pool_overhead(tables, TREES));
	if (!entry || !memory)
		abort();
	memset(entry, 0, tables * PAGE_SIZE);
	s2_pool_init(&pool, entry, (pa_t){ POOL_PA }, memory, tables, TREES);
}

static enum s2_map_result map_once(unsigned tree, uint64_t ipa, uint64_t l1_ipa, int level, unsigned l1_shift,
				   struct s2_flush *f)
{
	uint64_t first = l1_ipa & (~UINT64_C(0) << (39 - 9 * level));
	struct s2_mapping m = {
		{ ipa }, { l1_ipa }, first | (level == 3 ? LEAF : LEAF & ~2), level, l1_shift
	};

	return s2_map(&pool, tree, &m, f);
}

static void map(unsigned tree, uint64_t ipa, uint64_t l1_ipa, int level, unsigned l1_shift)
{
	struct s2_flush f = { 0 };

	CU_ASSERT_EQUAL_FATAL(map_once(tree, ipa, l1_ipa, level, l1_shift, &f), S2_MAPPED);
}

static bool is_mapped(unsigned tree, uint64_t ipa)
{
	uint64_t descriptor;
	int level;

	return s2_find(&pool, tree, (l2_ipa_t){ ipa }, &descriptor, &level);
}

static struct s2_flush unmap(unsigned tree, uint64_t ipa, uint64_t size)
{
	struct s2_flush f = { 0 };

	s2_unmap(&pool, tree, (l2_ipa_t){ ipa }, size, &f);
	return f;
}

static void the_shape_holds_every_ipa_of_the_cpu(void)
{
	static const struct {
		unsigned pa_bits;
		int level;
		unsigned tables;
	} row[] = { { 32, 1, 1 }, { 36, 1, 1 }, { 40, 1, 2 }, { 42, 1, 8 },
		    { 44, 0, 1 }, { 48, 0, 1 }, { 52, -1, 1 } };

	for (unsigned i = 0; i < COUNT(row); i++) {
		uint64_t last = (UINT64_C(1) << row[i].pa_bits) - PAGE_SIZE;

		new_pool(row[i].pa_bits, 8);
		CU_ASSERT_EQUAL(pool.root_level, row[i].level);
		CU_ASSERT_EQUAL(pool.root_tables, row[i].tables);
		CU_ASSERT_EQUAL(s2_root(&pool, 1).val, POOL_PA + row[i].tables * PAGE_SIZE);
		map(1, last, 0, 3, 12);
		map(1, 0, 0, 3, 12);
		CU_ASSERT(is_mapped(1, last) && is_mapped(1, 0) && !is_mapped(0, last) && !is_mapped(0, 0));
		unmap(1, last, PAGE_SIZE);
		CU_ASSERT(!is_mapped(1, last) && is_mapped(1, 0));
	}
}

static void a_mapping_is_found_as_it_was_made(void)
{
	uint64_t descriptor;
	int level;

	new_pool(48, 8);
	map(0, 0x40001234, 0x80000234, 3, 12);
	map(0, 0x40212345, 0x80212345, 2, 21);
	map(0, 0x80000000, 0xc0000000, 1, 30);
	CU_ASSERT(s2_find(&pool, 0, (l2_ipa_t){ 0x40001fff }, &descriptor, &level) && level == 3);
	CU_ASSERT_EQUAL(descriptor & 0x7fffffffffffff, 0x80000000 | LEAF);
	CU_ASSERT(s2_find(&pool, 0, (l2_ipa_t){ 0x40200000 }, &descriptor, &level) && level == 2);
	CU_ASSERT_EQUAL(descriptor & 0x7fffffffffffff, 0x80200000 | (LEAF & ~2));
	CU_ASSERT(s2_find(&pool, 0, (l2_ipa_t){ 0xbfffffff }, &descriptor, &level) && level == 1);
	CU_ASSERT_FALSE(is_mapped(0, 0x40002000) || is_mapped(0, 0x40400000) || is_mapped(0, 0xc0000000));
	CU_ASSERT_EQUAL(pool.tree[0].leaves, 3);
}

static void the_same_again_changes_nothing(void)
{
	struct s2_flush f = { 0 };

	new_pool(48, 8);
	map(0, 0x1000, 0x5000, 3, 12);
	CU_ASSERT_EQUAL(map_once(0, 0x1000, 0x5000, 3, 12, &f), S2_UNCHANGED);
	CU_ASSERT(f.count == 0 && !f.all);
}

/* An entry of the shadow at each level, and the leaf of L1 that it was made from, which may be larger. */
static const struct {
	int level;
	unsigned l1_shift;
} leaves[] = { { 3, 12 }, { 3, 14 }, { 3, 21 }, { 2, 21 }, { 2, 25 }, { 2, 30 }, { 1, 30 }, { 1, 39 } };

/* Break before make: whatever differs is gone before the new entry is there, and it is said what to flush. */
static void what_is_in_the_way_is_broken_first(void)
{
	uint64_t ipa = 0x40000000, old = 0x80000000, new = 0xc0000000;

	for (unsigned i = 0; i < COUNT(leaves); i++)
		for (unsigned n = 0; n < COUNT(leaves); n++) {
			struct s2_flush f = { 0 };

			new_pool(48, 8);
			map(0, ipa, old, leaves[i].level, leaves[i].l1_shift);
			CU_ASSERT_EQUAL(map_once(0, ipa, new, leaves[n].level, leaves[n].l1_shift, &f),
					S2_BREAK);
			CU_ASSERT_FALSE(is_mapped(0, ipa));
			CU_ASSERT(f.all || (f.count > 0 && f.ipa[0].val == ipa));
			CU_ASSERT_EQUAL(map_once(0, ipa, new, leaves[n].level, leaves[n].l1_shift, &f),
					S2_MAPPED);
		}
}

/* A page of 64 KiB of L1's, of which the shadow has two pages already: one of it, and one that L1 has forgotten to invalidate. */
static void what_is_around_in_l1s_leaf_comes_along(void)
{
	struct s2_mapping m = { .ipa = { 0x400081234 },
				.l1_ipa = { 0x80041234 },
				.descriptor = 0x80041000 | LEAF,
				.level = 3,
				.l1_shift = 16 };
	struct s2_flush f = { 0 };
	uint64_t descriptor;
	int level;

	new_pool(48, 8);
	map(0, 0x400083000, 0x80043000, 3, 16);
	map(0, 0x40008f000, 0x123000, 3, 12);
	map(0, 0x400092000, 0x80052000, 3, 16); /* another one of L1's */
	CU_ASSERT_EQUAL(s2_map(&pool, 0, &m, &f), S2_MAPPED);
	s2_map_around(&pool, 0, &m, 16);
	for (uint64_t at = 0; at < 64 * KIB; at += PAGE_SIZE) {
		CU_ASSERT(s2_find(&pool, 0, (l2_ipa_t){ 0x400080000 + at }, &descriptor, &level));
		CU_ASSERT_EQUAL(descriptor & 0x7fffffffffffff,
				(at == 0xf000 ? 0x123000 : 0x80040000 + at) | LEAF);
	}
	CU_ASSERT(!is_mapped(0, 0x40007f000) && !is_mapped(0, 0x400090000));
	CU_ASSERT_EQUAL(pool.leaves[3], 17);
	CU_ASSERT_EQUAL(s2_map(&pool, 0, &m, &f), S2_UNCHANGED);
	f = unmap(0, 0x400080000, PAGE_SIZE);
	CU_ASSERT(!f.all && f.count == 16);
	for (uint64_t at = 0; at < 64 * KIB; at += PAGE_SIZE)
		CU_ASSERT_FALSE(is_mapped(0, 0x400080000 + at));
	CU_ASSERT_EQUAL(pool.leaves[3], 1);
}

/* --- unmapping --- */

/* What a leaf of L1 can have: blocks and pages of the three granules, the largest ones with FEAT_LPA2 or FEAT_LPA. */
static const unsigned l1_shifts[] = { 12, 14, 16, 21, 25, 29, 30, 36, 39, 42 };

static void a_leaf_goes_whole(unsigned l1_shift, int level)
{
	uint64_t size = UINT64_C(1) << l1_shift, span = UINT64_C(1) << (39 - 9 * level), first = 4 * size;

	new_pool(48, 16);
	map(0, first, 0, level, l1_shift);
	map(0, first + size - span, size - span, level, l1_shift);
	map(0, first - span, 0, level, l1_shift);
	map(0, first + size, 0, level, l1_shift);
	unmap(0, first + size / 2, PAGE_SIZE);
	CU_ASSERT_FALSE(is_mapped(0, first) || is_mapped(0, first + size - span));
	CU_ASSERT(is_mapped(0, first - span) && is_mapped(0, first + size));
}

/* Leaves of the shadow may be smaller than L1's: what was made from one leaf of L1's goes together. */
static void all_that_was_made_from_a_leaf_goes_with_it(void)
{
	for (unsigned i = 0; i < COUNT(l1_shifts); i++)
		for (int level = 1; level <= 3; level++)
			if (l1_shifts[i] > (unsigned)(39 - 9 * level))
				a_leaf_goes_whole(l1_shifts[i], level);
}

static void a_range_ends_where_it_says(void)
{
	static const struct {
		uint64_t first, size;
		unsigned gone; /* of pages 0 to 9, from first_gone on */
		unsigned first_gone;
	} row[] = {
		{ 0x3000, 0x1000, 1, 3 },
		{ 0x3000, 0x3000, 3, 3 },
		{ 0, 0x1000, 1, 0 },
		{ 0x9000, 0x1000, 1, 9 },
		{ 0x3fff, 1, 1, 3 },
		{ 0x3fff, 2, 2, 3 },
		{ 0, GIB, 10, 0 },
		{ 0x4000, UINT64_MAX, 6, 4 },
		{ UINT64_C(1) << 48, UINT64_MAX, 0, 0 },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		new_pool(48, 8);
		for (unsigned page = 0; page < 10; page++)
			map(0, page * PAGE_SIZE, page * PAGE_SIZE, 3, 12);
		unmap(0, row[i].first, row[i].size);
		for (unsigned page = 0; page < 10; page++)
			CU_ASSERT_EQUAL(is_mapped(0, page * PAGE_SIZE),
					page < row[i].first_gone || page >= row[i].first_gone + row[i].gone);
	}
}

/* L0 took the last page of a tree away; the table that it was in stays, and is used again. */
static void sizes_of_leaves_are_known_after_a_tree_was_empty(void)
{
	struct s2_flush f = { 0 };
	unsigned tree;

	new_pool(48, 8);
	map(0, 0x40000000, 0x80000000, 3, 21);
	CU_ASSERT(s2_unmap_l1(&pool, (l1_ipa_t){ 0x80000000 }, PAGE_SIZE, &tree, &f));
	unmap(0, 0, PAGE_SIZE);
	map(0, 0x40000000, 0x80000000, 3, 21);
	map(0, 0x40001000, 0x80001000, 3, 21);
	unmap(0, 0x40001000, PAGE_SIZE);
	CU_ASSERT_FALSE(is_mapped(0, 0x40000000) || is_mapped(0, 0x40001000));
}

static void what_is_removed_is_flushed_by_address_while_it_is_little(void)
{
	struct s2_flush f;

	new_pool(48, 8);
	for (unsigned page = 0; page < 20; page++)
		map(0, page * PAGE_SIZE, page * PAGE_SIZE, 3, 12);
	f = unmap(0, 0x2000, 0x2000);
	CU_ASSERT(!f.all && f.count == 2 && f.ipa[0].val == 0x2000 && f.ipa[1].val == 0x3000);
	f = unmap(0, 0, GIB);
	CU_ASSERT(f.all);
	f = unmap(0, 0, GIB);
	CU_ASSERT(!f.all && !f.count);
}

static void a_clear_takes_one_tree(void)
{
	static const struct {
		uint64_t ipa, l1_ipa;
		int level;
		unsigned l1_shift;
	} row[] = { { 0x1000, 0x1000, 3, 12 },
		    { 0x40000000, 0x40000000, 2, 30 },
		    { UINT64_C(0xff80000000), 0x80000000, 1, 30 } };

	new_pool(40, 16);
	for (unsigned tree = 0; tree < TREES; tree++)
		for (unsigned i = 0; i < COUNT(row); i++)
			map(tree, row[i].ipa, row[i].l1_ipa, row[i].level, row[i].l1_shift);
	s2_clear(&pool, 1);
	CU_ASSERT_EQUAL(pool.tree[1].leaves, 0);
	CU_ASSERT_EQUAL(pool.tree[0].leaves, COUNT(row));
	for (unsigned i = 0; i < COUNT(row); i++)
		CU_ASSERT(!is_mapped(1, row[i].ipa) && is_mapped(0, row[i].ipa));
}

/* --- by L1 IPA --- */

#define L1_PAGE UINT64_C(0x80005000)

/* Where each tree has L1_PAGE, in a block too; and what is not it. */
static const uint64_t page_at[] = { 0x1000, 0x7000, 0x200000 }, others_at[] = { 0x8000, GIB };

static void map_page_in_every_tree(void)
{
	new_pool(48, 16);
	for (unsigned n = 0; n < TREES; n++) {
		map(n, 0x1000, L1_PAGE, 3, 12);
		map(n, 0x7000, L1_PAGE, 3, 12);
		map(n, 0x200000, 0x80000000, 2, 21);
		map(n, 0x8000, L1_PAGE + PAGE_SIZE, 3, 12);
		map(n, GIB, GIB * 3, 1, 30);
	}
}

/* Each tree is told of once, with all of its leaves that have the page. */
static void restrict_page(bool (*restriction)(struct s2_pool *, l1_ipa_t, uint64_t, unsigned *,
					      struct s2_flush *))
{
	struct s2_flush f = { 0 };
	unsigned tree, found = 0;

	while (restriction(&pool, (l1_ipa_t){ L1_PAGE }, PAGE_SIZE, &tree, &f)) {
		CU_ASSERT_FALSE(found & 1U << tree);
		found |= 1U << tree;
		CU_ASSERT(!f.all && f.count == COUNT(page_at));
		f.count = 0;
	}
	CU_ASSERT_EQUAL(found, (1U << TREES) - 1);
}

static void a_page_of_l1_goes_from_every_tree_and_address(void)
{
	map_page_in_every_tree();
	restrict_page(s2_unmap_l1);
	for (unsigned n = 0; n < TREES; n++) {
		for (unsigned i = 0; i < COUNT(page_at); i++)
			CU_ASSERT_FALSE(is_mapped(n, page_at[i]));
		for (unsigned i = 0; i < COUNT(others_at); i++)
			CU_ASSERT(is_mapped(n, others_at[i]));
	}
}

static uint64_t descriptor_of(unsigned tree, uint64_t ipa)
{
	uint64_t descriptor = 0;
	int level;

	s2_find(&pool, tree, (l2_ipa_t){ ipa }, &descriptor, &level);
	return descriptor;
}

#define WRITE (1U << 7) /* S2AP[1] */

/* What write permission is taken from stays mapped, and is not found a second time. */
static void a_page_of_l1_can_only_be_read_from_every_tree_and_address(void)
{
	map_page_in_every_tree();
	restrict_page(s2_protect_l1);
	for (unsigned n = 0; n < TREES; n++) {
		for (unsigned i = 0; i < COUNT(page_at); i++)
			CU_ASSERT_EQUAL(descriptor_of(n, page_at[i]) & (LEAF & ~2), LEAF & ~2 & ~WRITE);
		for (unsigned i = 0; i < COUNT(others_at); i++)
			CU_ASSERT(descriptor_of(n, others_at[i]) & WRITE);
		CU_ASSERT_EQUAL(pool.tree[n].leaves, COUNT(page_at) + COUNT(others_at));
	}
}

static void each_of_many_leaves_of_a_page_is_seen_once(void)
{
	struct s2_flush f = { 0 };
	unsigned tree, found;

	new_pool(48, 16);
	for (unsigned n = 0; n < S2_ENTRIES; n++)
		map(n % TREES, n * PAGE_SIZE, L1_PAGE, 3, 12);
	for (found = 0; s2_protect_l1(&pool, (l1_ipa_t){ 0x80000000 }, MIB, &tree, &f); found++)
		CU_ASSERT(f.all);
	CU_ASSERT_EQUAL(found, TREES);
	for (unsigned n = 0; n < S2_ENTRIES; n++)
		CU_ASSERT_FALSE(descriptor_of(n % TREES, n * PAGE_SIZE) & WRITE);
}

static void leaves_are_counted_by_size(void)
{
	new_pool(48, 16);
	map(0, GIB, 0, 1, 30);
	map(0, 0x200000, 0, 2, 21);
	map(1, 0x400000, 0, 2, 21);
	map(1, 0x1000, 0, 3, 12);
	CU_ASSERT(pool.leaves[1] == 1 && pool.leaves[2] == 2 && pool.leaves[3] == 1);
	unmap(1, 0x400000, PAGE_SIZE);
	CU_ASSERT(pool.leaves[1] == 1 && pool.leaves[2] == 1 && pool.leaves[3] == 1);
	s2_clear(&pool, 0);
	CU_ASSERT(pool.leaves[1] == 0 && pool.leaves[2] == 0 && pool.leaves[3] == 1);
	s2_clear(&pool, 1);
	CU_ASSERT_EQUAL(pool.leaves[3], 0);
}

/* --- a pool that is full --- */

static void the_oldest_table_of_leaves_is_given_up(void)
{
	struct s2_flush f = { 0 };
	uint64_t ipa = 0;

	new_pool(48, 5);
	while (map_once(0, ipa, ipa, 3, 12, &f) == S2_MAPPED)
		ipa += 2 * MIB;
	CU_ASSERT_EQUAL(ipa, 3 * 2 * MIB); /* two tables above, three of pages */
	CU_ASSERT_EQUAL(s2_evict(&pool, &f), 0);
	CU_ASSERT(f.all || f.count);
	CU_ASSERT(!is_mapped(0, 0) && is_mapped(0, 2 * MIB) && is_mapped(0, 4 * MIB));
	CU_ASSERT_EQUAL(map_once(0, ipa, ipa, 3, 12, &f), S2_MAPPED);
	CU_ASSERT_EQUAL(pool.evictions, 1);
}

/* Each of the three levels of a mapping may find the pool full; it is there after three evictions at most. */
static void a_full_pool_is_never_an_error(void)
{
	new_pool(48, 5);
	for (uint64_t n = 0; n < 2000; n++) {
		uint64_t ipa = scatter(n) & ((UINT64_C(1) << 48) - PAGE_SIZE);
		unsigned tries = 0;

		for (;;) {
			struct s2_flush f = { 0 };

			if (map_once(n % TREES, ipa, ipa, 3, 12, &f) == S2_MAPPED)
				break;
			s2_evict(&pool, &f);
			CU_ASSERT_FATAL(++tries <= 3);
		}
		CU_ASSERT(is_mapped(n % TREES, ipa));
	}
}

static void sizes_that_a_leaf_of_l1_can_have(void)
{
	unsigned known = 0;

	for (unsigned shift = 0; shift < 64; shift++)
		known += s2_size_is_known(shift);
	CU_ASSERT_EQUAL(known, COUNT(l1_shifts));
	for (unsigned i = 0; i < COUNT(l1_shifts); i++)
		CU_ASSERT(s2_size_is_known(l1_shifts[i]));
}

static void a_pools_overhead_keeps_alignment(void)
{
	for (uint32_t tables = 1; tables < 40; tables++)
		for (unsigned trees = 1; trees < 5; trees++)
			CU_ASSERT_EQUAL(s2_pool_overhead(tables, trees) % 8, 0);
}

static void random_steps_leave_what_they_must(void)
{
	uint64_t seed = seed_first(), cases = seed_cases(CASES), runs = cases / 100 + !(cases / 100);
	struct model_counts n = { 0 };

	printf("%llu times %u steps from FIRN_SEED=%llu on", (unsigned long long)runs, STEPS,
	       (unsigned long long)seed);
	for (uint64_t i = 0; i < runs; i++) {
		struct choices c = { .state = seed_state(seed + i) };
		const char *wrong = model_check(&c, STEPS, &n);

		if (wrong) {
			printf("\n%s; again with FIRN_SEED=%llu FIRN_CASES=1\n", wrong,
			       (unsigned long long)(seed + i));
			CU_FAIL(wrong);
			return;
		}
	}
	printf(": %llu mapped, %llu with them, %llu unchanged, %llu broken, %llu evictions, %llu leaves gone\n",
	       (unsigned long long)n.mapped, (unsigned long long)n.around, (unsigned long long)n.unchanged,
	       (unsigned long long)n.broken, (unsigned long long)n.evicted, (unsigned long long)n.vanished);
	if (runs >= 100)
		CU_ASSERT(n.mapped > 20 * runs && n.around > 20 * runs && n.evicted > 5 * runs &&
			  n.broken > runs && n.vanished > 20 * runs);
}

void register_shadow_s2_tree(void)
{
	CU_pSuite s = CU_add_suite("shadow-s2/tree", NULL, NULL);

	CU_ADD_TEST(s, the_shape_holds_every_ipa_of_the_cpu);
	CU_ADD_TEST(s, a_mapping_is_found_as_it_was_made);
	CU_ADD_TEST(s, the_same_again_changes_nothing);
	CU_ADD_TEST(s, what_is_in_the_way_is_broken_first);
	CU_ADD_TEST(s, what_is_around_in_l1s_leaf_comes_along);
	CU_ADD_TEST(s, all_that_was_made_from_a_leaf_goes_with_it);
	CU_ADD_TEST(s, a_range_ends_where_it_says);
	CU_ADD_TEST(s, sizes_of_leaves_are_known_after_a_tree_was_empty);
	CU_ADD_TEST(s, what_is_removed_is_flushed_by_address_while_it_is_little);
	CU_ADD_TEST(s, a_clear_takes_one_tree);
	CU_ADD_TEST(s, a_page_of_l1_goes_from_every_tree_and_address);
	CU_ADD_TEST(s, a_page_of_l1_can_only_be_read_from_every_tree_and_address);
	CU_ADD_TEST(s, each_of_many_leaves_of_a_page_is_seen_once);
	CU_ADD_TEST(s, leaves_are_counted_by_size);
	CU_ADD_TEST(s, the_oldest_table_of_leaves_is_given_up);
	CU_ADD_TEST(s, a_full_pool_is_never_an_error);
	CU_ADD_TEST(s, sizes_that_a_leaf_of_l1_can_have);
	CU_ADD_TEST(s, a_pools_overhead_keeps_alignment);
	CU_ADD_TEST(s, random_steps_leave_what_they_must);
}
