/* What does a walk read, and how does it end?  Reads: shadow-s2/walk.h. */
#include <CUnit/CUnit.h>

#include "shadow-s2/walk.h"
#include "tests/unit/shadow-s2/vtcr.h"

void register_shadow_s2_walk(void);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Descriptors of stage 2. */
#define TABLE 3
#define PAGE 3
#define BLOCK 1
#define AF 0x400
#define R 0x40
#define W 0x80
#define NORMAL 0x3c
#define RWX (AF | R | W | NORMAL)
#define DBM (UINT64_C(1) << 51)
#define CONTIGUOUS (UINT64_C(1) << 52)
#define XNX(n) ((uint64_t)(n) << 53)

#define LEVEL_1_4K (25 | SL0(1) | PS(5))
#define LEVEL_0_4K (16 | SL0(2) | PS(5))
#define BASE UINT64_C(0x80000000)

static const struct s2_access reads = { .write = false };
static const struct s2_access writes = { .write = true };
static const struct s2_access fetches = { .fetch = true };

/* Walks ipa with what stands in d, one after the other. */
static enum s2_step walk(struct s2_walk *w, const struct s2_geometry *g, uint64_t ipa, struct s2_access a,
			 const uint64_t *d)
{
	enum s2_step step = s2_begin(w, g, (l2_ipa_t){ ipa }, a);

	while (step == S2_NEXT)
		step = s2_feed(w, *d++);
	return step;
}

/* One page at level 3 below a table at level 2, 4 KiB granule. */
static enum s2_step walk_page(struct s2_walk *w, uint64_t vtcr, struct s2_access a, uint64_t leaf)
{
	static struct s2_geometry g;
	const uint64_t d[] = { 0x1000 | TABLE, leaf };

	g = s2_geometry(&everything, BASE, 34 | SL0(0) | PS(5) | vtcr);
	return walk(w, &g, 0x1234, a, d);
}

/* --- where descriptors are --- */

static void the_slots_of_a_walk(void)
{
	static const struct {
		uint64_t vtcr, ipa;
		uint64_t slot[5]; /* 0: no more */
	} row[] = {
		{ LEVEL_1_4K, 0x7fffffffff, { BASE + 0xff8, 0x100000 + 0xff8, 0x200000 + 0xff8 } },
		{ LEVEL_0_4K, 0x8040201000, { BASE + 8, 0x100000 + 8, 0x200000 + 8, 0x300000 + 8 } },
		/* concatenated: the index has 9 + 4 bits */
		{ 21 | SL0(1) | PS(5), 0x7ffc0000000, { BASE + 0xfff8, 0x100000, 0x200000 } },
		{ 30 | SL0(0) | PS(5), 0x3ffe00000, { BASE + 0xfff8, 0x100000 } },
		{ 39 | SL0(3) | PS(5), 0x1ffffff, { BASE + 0xfff8 } },
		{ 12 | DS | SL2 | PS(6),
		  0xf000000001000,
		  { BASE + 0x78, 0x100000, 0x200000, 0x300000, 0x400000 + 8 } },
		{ 12 | DS | SL0(2) | PS(6),
		  0xfff8000000000,
		  { BASE + 0xfff8, 0x100000, 0x200000, 0x300000 } },
		{ TG0_16K | 16 | SL0(2) | PS(5),
		  0xffffffffffff,
		  { BASE + 0x7ff8, 0x100000 + 0x3ff8, 0x200000 + 0x3ff8 } },
		{ TG0_16K | 12 | DS | SL0(3) | PS(6),
		  0x8000000004000,
		  { BASE + 0x80, 0x100000, 0x200000, 0x300000 + 8 } },
		{ TG0_16K | 24 | SL0(1) | PS(5), 0xfffe000000, { BASE + 0x3fff8, 0x100000 } },
		{ TG0_64K | 22 | SL0(1) | PS(5), 0x3ffe0010000, { BASE + 0xfff8, 0x100000 + 8 } },
		{ TG0_64K | 12 | SL0(2) | PS(6),
		  0xfffffffff0000,
		  { BASE + 0x1ff8, 0x100000 + 0xfff8, 0x200000 + 0xfff8 } },
		{ TG0_64K | 18 | SL0(1) | PS(5), 0x3fffe0000000, { BASE + 0xffff8, 0x100000 } },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_geometry g = s2_geometry(&everything, BASE, row[i].vtcr);
		struct s2_walk w;
		enum s2_step step = s2_begin(&w, &g, (l2_ipa_t){ row[i].ipa }, reads);
		unsigned n = 0;

		for (; step == S2_NEXT && n < 5; n++) {
			CU_ASSERT_EQUAL(s2_slot(&w).val, row[i].slot[n]);
			step = s2_feed(&w, (n + 1) * UINT64_C(0x100000) | RWX | PAGE);
		}
		CU_ASSERT_EQUAL(step, S2_LEAF);
		CU_ASSERT(n == 5 || row[i].slot[n] == 0);
	}
}

/* --- leaves --- */

static void a_leaf_maps_what_its_level_spans(void)
{
	static const struct {
		uint64_t vtcr, ipa;
		unsigned tables; /* before the leaf */
		unsigned shift;
		uint64_t address; /* of a leaf whose address bits are all ones, in 48 bits */
	} row[] = {
		{ LEVEL_1_4K, 0x123456789, 0, 30, 0xffffe3456789 },
		{ LEVEL_1_4K, 0x123456789, 1, 21, 0xffffffe56789 },
		{ LEVEL_1_4K, 0x123456789, 2, 12, 0xfffffffff789 },
		{ TG0_16K | 24 | SL0(1) | PS(5), 0x123456789, 0, 25, 0xffffff456789 },
		{ TG0_16K | 24 | SL0(1) | PS(5), 0x123456789, 1, 14, 0xffffffffe789 },
		{ TG0_64K | 24 | SL0(1) | PS(5), 0x123456789, 0, 29, 0xffffe3456789 },
		{ TG0_64K | 24 | SL0(1) | PS(5), 0x123456789, 1, 16, 0xffffffff6789 },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_cpu cpu = everything;
		struct s2_geometry g;
		struct s2_walk w;
		bool page = row[i].shift <= 16;
		uint64_t d[3] = { TABLE, TABLE, TABLE };

		cpu.pa_bits = 48;
		g = s2_geometry(&cpu, BASE, row[i].vtcr);
		/* Bits below the address of a block are RES0; they do not become address. */
		d[row[i].tables] = UINT64_C(0xfffffffff000) | RWX | (page ? PAGE : BLOCK);
		CU_ASSERT_EQUAL_FATAL(walk(&w, &g, row[i].ipa, reads, d), S2_LEAF);
		CU_ASSERT_EQUAL(w.leaf.shift, row[i].shift);
		CU_ASSERT_EQUAL(w.leaf.l1_ipa.val, row[i].address);
		CU_ASSERT_EQUAL(w.update, 0);
	}
}

static void addresses_of_52_bits(void)
{
	static const struct {
		uint64_t vtcr, descriptor, address;
		unsigned shift;
	} row[] = {
		/* DS: [49:48] in place, [51:50] in [9:8] */
		{ 42 | DS | SL0(0) | PS(6), UINT64_C(0x3000000200000) | 0x300 | RWX | BLOCK, 0xf000000200000,
		  21 },
		{ 42 | DS | SL0(0) | PS(6), UINT64_C(0x1000000200000) | 0x200 | RWX | BLOCK, 0x9000000200000,
		  21 },
		{ 16 | DS | SL0(2) | PS(6), UINT64_C(0x2008000000000) | 0x100 | RWX | BLOCK, 0x6008000000000,
		  39 },
		{ TG0_16K | 38 | DS | SL0(1) | PS(6), UINT64_C(0x3000002000000) | 0x300 | RWX | BLOCK,
		  0xf000002000000, 25 },
		{ TG0_16K | 27 | DS | SL0(2) | PS(6), UINT64_C(0x1001000000000) | RWX | BLOCK,
		  0x1001000000000, 36 },
		/* without DS these bits are RES0, and [9:8] are SH */
		{ 42 | SL0(0) | PS(6), UINT64_C(0x3000000200000) | 0x300 | RWX | BLOCK, 0x200000, 21 },
		/* 64 KiB: [51:48] in [15:12] */
		{ TG0_64K | 34 | SL0(1) | PS(6), 0x20000000 | 0xf000 | RWX | BLOCK, 0xf000020000000, 29 },
		{ TG0_64K | 21 | SL0(2) | PS(6), UINT64_C(0x40000000000) | 0x5000 | RWX | BLOCK,
		  0x5040000000000, 42 },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_geometry g = s2_geometry(&everything, BASE, row[i].vtcr);
		struct s2_walk w;

		CU_ASSERT_EQUAL_FATAL(walk(&w, &g, 0, reads, &row[i].descriptor), S2_LEAF);
		CU_ASSERT_EQUAL(w.leaf.l1_ipa.val, row[i].address);
		CU_ASSERT_EQUAL(w.leaf.shift, row[i].shift);
	}
}

static void the_next_table_has_52_bits_too(void)
{
	static const struct {
		uint64_t vtcr, descriptor, slot;
	} row[] = {
		{ 33 | DS | SL0(1) | PS(6), UINT64_C(0x3000000001000) | 0x300 | TABLE, 0xf000000001000 },
		{ TG0_16K | 38 | DS | SL0(1) | PS(6), UINT64_C(0x2000000004000) | 0x100 | TABLE,
		  0x6000000004000 },
		{ TG0_64K | 34 | SL0(1) | PS(6), 0x10000 | 0xa000 | TABLE, 0xa000000010000 },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_geometry g = s2_geometry(&everything, BASE, row[i].vtcr);
		struct s2_walk w;

		CU_ASSERT_EQUAL(s2_begin(&w, &g, (l2_ipa_t){ 0 }, reads), S2_NEXT);
		CU_ASSERT_EQUAL(s2_feed(&w, row[i].descriptor), S2_NEXT);
		CU_ASSERT_EQUAL(s2_slot(&w).val, row[i].slot);
	}
}

/* A hint: the leaf is what one descriptor maps. */
static void the_contiguous_bit_changes_nothing(void)
{
	struct s2_walk w;

	CU_ASSERT_EQUAL_FATAL(walk_page(&w, 0, reads, CONTIGUOUS | 0x5000 | RWX | PAGE), S2_LEAF);
	CU_ASSERT_EQUAL(w.leaf.l1_ipa.val, 0x5234);
	CU_ASSERT_EQUAL(w.leaf.shift, 12);
}

static void ignored_and_reserved_bits_change_nothing(void)
{
	const uint64_t ignored = UINT64_C(0xff87000000000800); /* [63:55], [50:48], [11] */
	struct s2_walk plain, w;

	CU_ASSERT_EQUAL(walk_page(&plain, 0, reads, 0x5000 | RWX | PAGE), S2_LEAF);
	CU_ASSERT_EQUAL(walk_page(&w, 0, reads, ignored | 0x5000 | RWX | PAGE), S2_LEAF);
	CU_ASSERT_EQUAL(w.leaf.l1_ipa.val, plain.leaf.l1_ipa.val);
	CU_ASSERT_EQUAL(w.leaf.memattr, plain.leaf.memattr);
	CU_ASSERT_EQUAL(w.leaf.sh, plain.leaf.sh);
	CU_ASSERT(w.leaf.read && w.leaf.write && w.leaf.exec_el0 && w.leaf.exec_el1);
}

static void memattr_and_shareability_are_the_descriptors(void)
{
	struct s2_walk w;

	for (unsigned n = 0; n < 64; n++) {
		CU_ASSERT_EQUAL_FATAL(
			walk_page(&w, SH0(3), reads, AF | R | PAGE | (n & 15) << 2 | (n >> 4) << 8), S2_LEAF);
		CU_ASSERT_EQUAL(w.leaf.memattr, (n & 15));
		CU_ASSERT_EQUAL(w.leaf.sh, n >> 4);
	}
	/* With DS bits [9:8] are address, and the shareability is VTCR_EL2.SH0 for all. */
	CU_ASSERT_EQUAL_FATAL(walk_page(&w, DS | SH0(2) | PS(6), reads, 0x300 | RWX | PAGE), S2_LEAF);
	CU_ASSERT_EQUAL(w.leaf.sh, 2);
}

/* With FWB the reserved 100 means not cached, and bit 3 nothing. */
static void with_fwb_memattr_has_another_form(void)
{
	static const uint8_t memattr[] = { 0x10, 0x11, 0x12, 0x13, 0x15, 0x15, 0x16, 0x17 };

	for (unsigned n = 0; n < 16; n++) {
		struct s2_geometry g = s2_geometry(&everything, BASE, LEVEL_1_4K);
		uint64_t d = AF | R | BLOCK | n << 2;
		struct s2_walk w;

		g.fwb = true;
		CU_ASSERT_EQUAL_FATAL(walk(&w, &g, 0, reads, &d), S2_LEAF);
		CU_ASSERT_EQUAL(w.leaf.memattr, memattr[n % 8]);
	}
}

/* --- permissions --- */

static void xn_with_and_without_xnx(void)
{
	static const struct {
		unsigned xn;
		bool xnx, el1, el0;
	} row[] = {
		{ 0, true, true, true },    { 1, true, false, true },	{ 2, true, false, false },
		{ 3, true, true, false },   { 0, false, true, true },	{ 1, false, true, true },
		{ 2, false, false, false }, { 3, false, false, false },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_cpu cpu = everything;
		struct s2_geometry g;
		struct s2_walk w;
		uint64_t d = XNX(row[i].xn) | RWX | BLOCK;

		cpu.xnx = row[i].xnx;
		g = s2_geometry(&cpu, BASE, LEVEL_1_4K);
		CU_ASSERT_EQUAL_FATAL(walk(&w, &g, 0, reads, &d), S2_LEAF);
		CU_ASSERT_EQUAL(w.leaf.exec_el1, row[i].el1);
		CU_ASSERT_EQUAL(w.leaf.exec_el0, row[i].el0);
		CU_ASSERT_EQUAL(walk(&w, &g, 0, fetches, &d), row[i].el1 ? S2_LEAF : S2_FAULT);
		CU_ASSERT_EQUAL(walk(&w, &g, 0, (struct s2_access){ .fetch = true, .el0 = true }, &d),
				row[i].el0 ? S2_LEAF : S2_FAULT);
	}
}

static void what_is_executable_need_not_be_readable(void)
{
	struct s2_walk w;

	CU_ASSERT_EQUAL(walk_page(&w, 0, fetches, AF | NORMAL | PAGE), S2_LEAF);
	CU_ASSERT(w.leaf.exec_el1 && w.leaf.exec_el0 && !w.leaf.read && !w.leaf.write);
	CU_ASSERT_EQUAL(walk_page(&w, 0, reads, AF | NORMAL | PAGE), S2_FAULT);
	CU_ASSERT_EQUAL(w.fsc, 0x0f);
}

static void each_access_needs_its_own_permission(void)
{
	static const struct {
		struct s2_access access;
		uint64_t descriptor;
		enum s2_step step;
	} row[] = {
		{ { .write = false }, R, S2_LEAF },
		{ { .write = false }, W, S2_FAULT },
		{ { .write = true }, R, S2_FAULT },
		{ { .write = true }, W, S2_LEAF }, /* write-only memory */
		{ { .s1_walk = true }, R, S2_LEAF },
		{ { .s1_walk = true }, W, S2_FAULT },
		{ { .s1_walk = true, .write = true }, R, S2_FAULT },
		{ { .s1_walk = true, .write = true }, W, S2_FAULT },
		{ { .s1_walk = true, .write = true }, R | W, S2_LEAF },
		{ { .s1_walk = true }, R | XNX(2), S2_LEAF },
		{ { .fetch = true }, R | W | XNX(2), S2_FAULT },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_walk w;

		CU_ASSERT_EQUAL(walk_page(&w, 0, row[i].access, AF | NORMAL | PAGE | row[i].descriptor),
				row[i].step);
		if (row[i].step == S2_FAULT)
			CU_ASSERT_EQUAL(w.fsc, 0x0f);
	}
}

static void ptw_protects_device_memory_from_walks_only(void)
{
	const struct s2_access protected = { .s1_walk = true, .protect_walk = true };
	const struct s2_access other = { .protect_walk = true };
	struct s2_walk w;

	for (unsigned memattr = 0; memattr < 16; memattr++) {
		uint64_t d = AF | R | W | PAGE | memattr << 2;

		CU_ASSERT_EQUAL(walk_page(&w, 0, protected, d), memattr < 4 ? S2_FAULT : S2_LEAF);
		CU_ASSERT_EQUAL(walk_page(&w, 0, other, d), S2_LEAF);
		CU_ASSERT_EQUAL(walk_page(&w, 0, (struct s2_access){ .s1_walk = true }, d), S2_LEAF);
	}
}

/* --- access flag and dirty state --- */

static void hardware_updates_of_a_descriptor(void)
{
	static const struct {
		uint64_t vtcr;
		struct s2_access access;
		uint64_t before, after; /* after 0: a fault */
		uint32_t fsc;
	} row[] = {
		{ 0, { .write = false }, R, 0, 0x0b },
		{ HD, { .write = false }, R, 0, 0x0b },
		{ HA, { .write = false }, R, R | AF, 0 },
		{ HA, { .write = false }, R | AF, R | AF, 0 },
		{ HA, { .write = true }, R | DBM, 0, 0x0f }, /* no dirty state: DBM is not looked at */
		{ HA | HD, { .write = true }, R | DBM, R | W | AF | DBM, 0 },
		{ HA | HD, { .write = true }, R | W | AF | DBM, R | W | AF | DBM, 0 },
		{ HA | HD, { .write = true }, R | AF, 0, 0x0f },
		{ HA | HD, { .write = false }, R | DBM, R | AF | DBM, 0 }, /* a read does not make dirty */
		{ HA | HD, { .fetch = true }, R | AF | DBM, R | AF | DBM, 0 },
		{ HA | HD, { .s1_walk = true, .write = true }, R | AF | DBM, R | W | AF | DBM, 0 },
		{ HA | HD, { .s1_walk = true, .write = true }, AF | DBM, 0, 0x0f },
		{ HA | HD, { .fetch = true }, R | XNX(2), 0, 0x0f },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_walk w;
		enum s2_step step = walk_page(&w, row[i].vtcr, row[i].access, NORMAL | PAGE | row[i].before);

		CU_ASSERT_EQUAL(step, row[i].after ? S2_LEAF : S2_FAULT);
		if (step == S2_FAULT) {
			CU_ASSERT_EQUAL(w.fsc, row[i].fsc);
			continue;
		}
		CU_ASSERT_EQUAL(w.update, row[i].before == row[i].after ? 0 : NORMAL | PAGE | row[i].after);
		/* What may be cached is what the descriptor says now: a clean page stays read-only. */
		CU_ASSERT_EQUAL(w.leaf.write, !!(row[i].after & W));
	}
}

/* --- faults --- */

static void invalid_descriptors_fault_at_their_level(void)
{
	static const struct {
		uint64_t vtcr;
		int first; /* level */
		uint32_t fsc[5];
	} row[] = {
		{ LEVEL_0_4K, 0, { 0x04, 0x05, 0x06, 0x07 } },
		{ 12 | DS | SL2 | PS(6), -1, { 0x2b, 0x04, 0x05, 0x06, 0x07 } },
		{ TG0_16K | 16 | SL0(2) | PS(5), 1, { 0x05, 0x06, 0x07 } },
		{ TG0_64K | 16 | SL0(2) | PS(5), 1, { 0x05, 0x06, 0x07 } },
	};
	static const uint64_t invalid[] = { 0, 2, UINT64_C(0xfffffffffffffffe),
					    UINT64_C(0xfffffffffffffffc) };

	for (unsigned i = 0; i < COUNT(row); i++)
		for (int level = row[i].first; level <= 3; level++)
			for (unsigned n = 0; n < COUNT(invalid); n++) {
				struct s2_geometry g = s2_geometry(&everything, BASE, row[i].vtcr);
				uint64_t d[5] = { TABLE, TABLE, TABLE, TABLE, TABLE };
				struct s2_walk w;

				d[level - row[i].first] = invalid[n];
				CU_ASSERT_EQUAL(walk(&w, &g, 0, reads, d), S2_FAULT);
				CU_ASSERT_EQUAL(w.fsc, row[i].fsc[level - row[i].first]);
			}
}

static void blocks_only_where_the_granule_has_them(void)
{
	static const struct {
		uint64_t vtcr;
		int first, block; /* level of the first table; first level with blocks */
	} row[] = {
		{ LEVEL_0_4K, 0, 1 },
		{ 16 | DS | SL0(2) | PS(6), 0, 0 },
		{ 12 | DS | SL2 | PS(6), -1, 0 },
		{ TG0_16K | 16 | SL0(2) | PS(5), 1, 2 },
		{ TG0_16K | 12 | DS | SL0(3) | PS(6), 0, 1 },
		{ TG0_64K | 16 | SL0(2) | PS(5), 1, 1 },
	};
	static const uint32_t translation_fault[] = { 0x2b, 0x04, 0x05, 0x06, 0x07 };

	for (unsigned i = 0; i < COUNT(row); i++)
		for (int level = row[i].first; level <= 3; level++) {
			struct s2_geometry g = s2_geometry(&everything, BASE, row[i].vtcr);
			bool allowed = level >= row[i].block && level < 3;
			uint64_t d[5] = { TABLE, TABLE, TABLE, TABLE, TABLE };
			struct s2_walk w;

			d[level - row[i].first] = RWX | BLOCK;
			CU_ASSERT_EQUAL(walk(&w, &g, 0, reads, d), allowed ? S2_LEAF : S2_FAULT);
			if (!allowed)
				CU_ASSERT_EQUAL(w.fsc, translation_fault[level + 1]);
		}
}

static void addresses_beyond_ps_are_address_size_faults(void)
{
	static const struct {
		uint64_t vtcr, ipa, descriptor[3];
		uint32_t fsc; /* 0xff: none */
	} row[] = {
		{ 25 | SL0(1) | PS(0), 0, { UINT64_C(0xc0000000) | RWX | BLOCK }, 0xff },
		{ 25 | SL0(1) | PS(0), 0, { UINT64_C(0x100000000) | RWX | BLOCK }, 0x01 },
		{ 25 | SL0(1) | PS(0), 0, { UINT64_C(0x100000000) | TABLE }, 0x01 },
		{ 25 | SL0(1) | PS(0), 0, { TABLE, UINT64_C(0x100000000) | TABLE }, 0x02 },
		{ 25 | SL0(1) | PS(0), 0, { TABLE, TABLE, UINT64_C(0x100000000) | PAGE | RWX }, 0x03 },
		{ 25 | SL0(1) | PS(1), 0, { UINT64_C(0x100000000) | RWX | BLOCK }, 0xff },
		/* found before the access flag is */
		{ 25 | SL0(1) | PS(0), 0, { UINT64_C(0x100000000) | BLOCK }, 0x01 },
		{ 12 | DS | SL2 | PS(5), 0, { UINT64_C(0x1000000000000) | TABLE }, 0x29 },
		{ 12 | DS | SL2 | PS(5), 0, { 0x100 | TABLE }, 0x29 },
		{ 16 | DS | SL0(2) | PS(5), 0, { 0x100 | TABLE }, 0x00 },
		/* the 64 KiB granule has [51:48] in [15:12] on a 52-bit CPU, also when PS is less */
		{ TG0_64K | 22 | SL0(1) | PS(5), 0, { 0x1000 | RWX | BLOCK }, 0x02 },
		{ TG0_64K | 22 | SL0(1) | PS(5), 0, { 0x1000 | TABLE }, 0x02 },
		{ TG0_64K | 22 | SL0(1) | PS(6), 0, { 0x1000 | RWX | BLOCK }, 0xff },
		/* a block of 512 GiB or 4 TiB that begins below the end of the output and reaches beyond */
		{ 16 | DS | SL0(2) | PS(0), 0xffffffff, { RWX | BLOCK }, 0xff },
		{ 16 | DS | SL0(2) | PS(0), 0x100000000, { RWX | BLOCK }, 0x00 },
		{ TG0_64K | 16 | SL0(2) | PS(2), 0xffffffffff, { RWX | BLOCK }, 0xff },
		{ TG0_64K | 16 | SL0(2) | PS(2), 0x10000000000, { RWX | BLOCK }, 0x01 },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_geometry g = s2_geometry(&everything, BASE, row[i].vtcr);
		struct s2_walk w;

		CU_ASSERT_EQUAL(walk(&w, &g, row[i].ipa, reads, row[i].descriptor),
				row[i].fsc == 0xff ? S2_LEAF : S2_FAULT);
		if (row[i].fsc != 0xff)
			CU_ASSERT_EQUAL(w.fsc, row[i].fsc);
	}
}

static void what_faults_before_the_first_descriptor(void)
{
	static const struct {
		uint64_t vttbr, vtcr, ipa;
		uint32_t fsc;
	} row[] = {
		{ BASE, LEVEL_1_4K, UINT64_C(1) << 39, 0x04 },
		{ BASE, LEVEL_1_4K, UINT64_C(1) << 55, 0x04 },
		{ BASE, 0 | SL0(1) | PS(5), 0, 0x04 },			 /* T0SZ 0 */
		{ BASE, 63 | SL0(1) | PS(5), 0, 0x04 },			 /* T0SZ 63 */
		{ UINT64_C(0x100000000), 25 | SL0(1) | PS(0), 0, 0x00 }, /* the base is out of range */
		{ UINT64_C(0x100000000), 25 | SL0(1) | PS(0), UINT64_C(1) << 39,
		  0x04 },				    /* and so is the IPA */
		{ 1 << 2, 12 | DS | SL2 | PS(5), 0, 0x00 }, /* level 0, although the walk would begin at -1 */
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		struct s2_geometry g = s2_geometry(&everything, row[i].vttbr, row[i].vtcr);
		struct s2_walk w;

		CU_ASSERT_EQUAL(s2_begin(&w, &g, (l2_ipa_t){ row[i].ipa }, reads), S2_FAULT);
		CU_ASSERT_EQUAL(w.fsc, row[i].fsc);
	}
}

static void access_flag_and_permission_faults_name_the_level(void)
{
	for (unsigned level = 0; level <= 3; level++) {
		struct s2_geometry g = s2_geometry(&everything, BASE, 16 | DS | SL0(2) | PS(6));
		uint64_t d[4] = { TABLE, TABLE, TABLE, TABLE };
		struct s2_walk w;

		d[level] = R | W | (level == 3 ? PAGE : BLOCK);
		CU_ASSERT_EQUAL(walk(&w, &g, 0, reads, d), S2_FAULT);
		CU_ASSERT_EQUAL(w.fsc, 0x08 + level);
		d[level] = AF | R | (level == 3 ? PAGE : BLOCK);
		CU_ASSERT_EQUAL(walk(&w, &g, 0, writes, d), S2_FAULT);
		CU_ASSERT_EQUAL(w.fsc, 0x0c + level);
		/* The access flag comes first. */
		d[level] = R | (level == 3 ? PAGE : BLOCK);
		CU_ASSERT_EQUAL(walk(&w, &g, 0, writes, d), S2_FAULT);
		CU_ASSERT_EQUAL(w.fsc, 0x08 + level);
	}
}

static void a_descriptor_that_cannot_be_read_is_an_external_abort_on_the_walk(void)
{
	static const uint32_t fsc[] = { 0x13, 0x14, 0x15, 0x16, 0x17 };
	struct s2_geometry g = s2_geometry(&everything, BASE, 12 | DS | SL2 | PS(6));

	for (unsigned n = 0; n < 5; n++) {
		struct s2_walk w;

		CU_ASSERT_EQUAL(s2_begin(&w, &g, (l2_ipa_t){ 0 }, reads), S2_NEXT);
		for (unsigned i = 0; i < n; i++)
			CU_ASSERT_EQUAL(s2_feed(&w, TABLE), S2_NEXT);
		CU_ASSERT_EQUAL(s2_unreadable(&w), S2_FAULT);
		CU_ASSERT_EQUAL(w.fsc, fsc[n]);
	}
}

/* The table that points at itself is a page in the end. */
static void a_cycle_ends(void)
{
	struct s2_geometry g = s2_geometry(&everything, BASE, LEVEL_0_4K);
	uint64_t d[] = { BASE | TABLE | RWX, BASE | TABLE | RWX, BASE | TABLE | RWX, BASE | TABLE | RWX, 0 };
	struct s2_walk w;

	CU_ASSERT_EQUAL(walk(&w, &g, 0, reads, d), S2_LEAF);
	CU_ASSERT_EQUAL(w.leaf.l1_ipa.val, BASE);
}

void register_shadow_s2_walk(void)
{
	CU_pSuite s = CU_add_suite("shadow-s2/walk", NULL, NULL);

	CU_ADD_TEST(s, the_slots_of_a_walk);
	CU_ADD_TEST(s, a_leaf_maps_what_its_level_spans);
	CU_ADD_TEST(s, addresses_of_52_bits);
	CU_ADD_TEST(s, the_next_table_has_52_bits_too);
	CU_ADD_TEST(s, the_contiguous_bit_changes_nothing);
	CU_ADD_TEST(s, ignored_and_reserved_bits_change_nothing);
	CU_ADD_TEST(s, memattr_and_shareability_are_the_descriptors);
	CU_ADD_TEST(s, with_fwb_memattr_has_another_form);
	CU_ADD_TEST(s, xn_with_and_without_xnx);
	CU_ADD_TEST(s, what_is_executable_need_not_be_readable);
	CU_ADD_TEST(s, each_access_needs_its_own_permission);
	CU_ADD_TEST(s, ptw_protects_device_memory_from_walks_only);
	CU_ADD_TEST(s, hardware_updates_of_a_descriptor);
	CU_ADD_TEST(s, invalid_descriptors_fault_at_their_level);
	CU_ADD_TEST(s, blocks_only_where_the_granule_has_them);
	CU_ADD_TEST(s, addresses_beyond_ps_are_address_size_faults);
	CU_ADD_TEST(s, what_faults_before_the_first_descriptor);
	CU_ADD_TEST(s, access_flag_and_permission_faults_name_the_level);
	CU_ADD_TEST(s, a_descriptor_that_cannot_be_read_is_an_external_abort_on_the_walk);
	CU_ADD_TEST(s, a_cycle_ends);
}
