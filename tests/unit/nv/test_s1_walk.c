/* Does the walker of stage 1 give the PAR_EL1 of an AT?  Hardware says the same in tests/guests/s2_oracle. */
#include <CUnit/CUnit.h>

#include "nv/s1_walk.h"

void register_nv_s1_walk(void);

#define TABLE 0x40000000UL
#define M 1UL /* SCTLR_EL1.M */
#define BIT_(n) (1UL << (n))

/* PAR_EL1: F, FST, PTW, S; and of a translation NS (bit 9), SH (8:7), PA, ATTR. Bit 11 is RES1. */
#define FAULT(fst) (0x801UL | (fst) << 1)
#define FOUND(pa, sh, attr) (0xa00UL | (pa) | (uint64_t)(sh) << 7 | (uint64_t)(attr) << 56)
#define WB 0xffUL
#define INNER 3
#define OUTER 2

/* MAIR: 0 write-back, 1 Device-nGnRE, 2 Non-cacheable. */
#define MAIR 0x4404ffUL

/* TCR: T0SZ, T1SZ; TG0 4 KiB 0, 64 KiB 1, 16 KiB 2; TG1 4 KiB 2, 16 KiB 1, 64 KiB 3; IPS. */
#define TCR(t0sz, tg0, ips) ((t0sz) | (uint64_t)(tg0) << 14 | (uint64_t)(ips) << 32)
#define TCR_HIGH(t1sz, tg1) ((uint64_t)(t1sz) << 16 | (uint64_t)(tg1) << 30)

/* Descriptors. */
#define AF BIT_(10)
#define SH_INNER (3UL << 8)
#define EL0 BIT_(6)
#define READ_ONLY BIT_(7)
#define DBM BIT_(51)
#define PAGE(pa) ((pa) | AF | SH_INNER | 3)
#define BLOCK(pa) ((pa) | AF | SH_INNER | 1)
#define NEXT(pa) ((pa) | 3)

static const struct s1_cpu all = { .pa_bits = 52,
				   .granule_4k = true,
				   .granule_16k = true,
				   .granule_64k = true,
				   .lpa2_4k = true,
				   .lpa2_16k = true,
				   .large_va = true,
				   .small_tables = true,
				   .access_flag = true,
				   .dirty_state = true,
				   .hierarchy_off = true,
				   .e0pd = true,
				   .pan3 = true };
/* Armv8.0 with 40 bits. */
static const struct s1_cpu plain = { .pa_bits = 40, .granule_4k = true, .granule_64k = true };

static const struct s1_access load = { 0 }, store = { .write = true };

struct fed {
	uint64_t slot, descriptor;
};

/* PAR_EL1 after descriptors at the slots that the walk has to ask for, in order; 0 if it asks for another or too many. */
static uint64_t par_of(const struct s1_cpu *cpu, const struct s1_regime *r, struct s1_access a, uint64_t va,
		       const struct fed *fed)
{
	struct s1_walk w;
	enum s1_step step = s1_begin(&w, cpu, r, a, va);

	for (; step == S1_NEXT; fed++) {
		if (!fed->slot || s1_slot(&w) != fed->slot)
			return 0;
		step = s1_feed(&w, fed->descriptor);
	}
	return fed->slot ? 0 : w.par;
}

static void each_granule_and_level_translates(void)
{
	static const struct {
		uint64_t tcr, va, par;
		struct fed fed[6];
	} row[] = {
		/* 4 KiB, 48 bits: levels 0 to 3, 9 bits each. */
		{ TCR(16, 0, 5),
		  0x0000123456789abcUL,
		  FOUND(0x80009000UL, INNER, WB),
		  { { TABLE + 0x24 * 8, NEXT(0x50000000) },
		    { 0x50000000 + 0xd1 * 8, NEXT(0x50001000) },
		    { 0x50001000 + 0xb3 * 8, NEXT(0x50002000) },
		    { 0x50002000 + 0x189 * 8, PAGE(0x80009000) } } },
		/* 39 bits begin at level 1; blocks of 1 GiB and of 2 MiB. */
		{ TCR(25, 0, 5),
		  0x3456789abcUL,
		  FOUND(0x16789000UL + 0x80000000UL, INNER, WB),
		  { { TABLE + 0xd1 * 8, BLOCK(0x80000000) } } },
		{ TCR(25, 0, 5),
		  0x3456789abcUL,
		  FOUND(0x80189000UL, INNER, WB),
		  { { TABLE + 0xd1 * 8, NEXT(0x50000000) }, { 0x50000000 + 0xb3 * 8, BLOCK(0x80000000) } } },
		/* 16 KiB, 47 bits: level 1 to 3, 11 bits each; a block of 32 MiB. */
		{ TCR(17, 2, 5),
		  0x123456789abcUL,
		  FOUND(0x80789000UL, INNER, WB),
		  { { TABLE + 0x123 * 8, NEXT(0x50000000) },
		    { 0x50000000 + 0x22b * 8, BLOCK(0x80000000) } } },
		/* 64 KiB, 42 bits: level 2 and 3, 13 bits each. */
		{ TCR(22, 1, 5),
		  0x23456789abcUL,
		  FOUND(0x80009000UL, INNER, WB),
		  { { TABLE + 0x11a2 * 8, NEXT(0x50000000) },
		    { 0x50000000 + 0x1678 * 8, PAGE(0x80000000) } } },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct s1_regime r = { M, row[i].tcr, TABLE, 0, MAIR, false };

		CU_ASSERT_EQUAL(par_of(&all, &r, load, row[i].va, row[i].fed), row[i].par);
	}
}

/* 52 bits: the address bits above 47 are in [15:12] of the 64 KiB granule, in [9:8] and [49:48] with TCR.DS. */
static void addresses_of_52_bits_have_their_places(void)
{
	const struct s1_regime k64 = { M, TCR(22, 1, 6), TABLE, 0, MAIR, false };
	const struct s1_regime ds = { M, TCR(25, 0, 6) | BIT_(59) | 2UL << 12, TABLE, 0, MAIR, false };
	const struct fed in_64k[] = { { TABLE, BLOCK(0x80000000UL) | 0xaUL << 12 }, { 0, 0 } };
	const struct fed in_ds[] = { { TABLE, (0x3000080000000UL | AF | 1UL << 8 | 1) }, { 0, 0 } };

	CU_ASSERT_EQUAL(par_of(&all, &k64, load, 0, in_64k), FOUND(0xa000080000000UL, INNER, WB));
	/* Shareability is TCR.SH0's there. */
	CU_ASSERT_EQUAL(par_of(&all, &ds, load, 0, in_ds), FOUND(0x7000080000000UL, OUTER, WB));
}

static void five_levels_with_lpa2(void)
{
	const struct s1_regime r = { M, TCR(12, 0, 6) | BIT_(59) | 3UL << 12, TABLE | 0x4, 0, MAIR, false };
	const uint64_t base = 0x1000000000000UL | TABLE; /* TTBR bits [5:2] are address bits [51:48] */
	const struct fed fed[] = {
		{ base + 0xf * 8, NEXT(0x50000000) },  { 0x50000000 + 1 * 8, NEXT(0x50001000) },
		{ 0x50001000, NEXT(0x50002000) },      { 0x50002000, NEXT(0x50003000) },
		{ 0x50003000, 0x80000000UL | AF | 3 }, { 0, 0 }
	};

	CU_ASSERT_EQUAL(par_of(&all, &r, load, 0xf008000000000UL, fed), FOUND(0x80000000UL, INNER, WB));
	/* An entry of level -1 that is not there. */
	CU_ASSERT_EQUAL(
		par_of(&all, &r, load, 0xf008000000000UL, (struct fed[]){ { base + 0xf * 8, 0 }, { 0, 0 } }),
		FAULT(0x2b));
}

static void the_upper_half_is_ttbr1s(void)
{
	struct s1_regime r = { M, TCR(25, 0, 5) | TCR_HIGH(25, 2), 0, TABLE, MAIR, false };
	const struct fed fed[] = { { TABLE + 511 * 8, BLOCK(0x80000000) }, { 0, 0 } };
	const struct fed none[] = { { 0, 0 } };

	CU_ASSERT_EQUAL(par_of(&all, &r, load, ~0UL, fed), FOUND(0xbffff000UL, INNER, WB));
	/* Bit 55 says which half; all bits above the input address have to agree, but with TBI those of the top byte. */
	CU_ASSERT_EQUAL(par_of(&all, &r, load, 0x00ffffffffffffffUL, none), FAULT(4));
	r.tcr |= BIT_(38);
	CU_ASSERT_EQUAL(par_of(&all, &r, load, 0x00ffffffffffffffUL, fed), FOUND(0xbffff000UL, INNER, WB));
	CU_ASSERT_EQUAL(par_of(&all, &r, load, 0xffffff7fffffffffUL, none), FAULT(4));
	r.tcr |= BIT_(23); /* EPD1 */
	CU_ASSERT_EQUAL(par_of(&all, &r, load, ~0UL, none), FAULT(4));
	/* EL2 with E2H=0 has no upper half. */
	r.one_privilege = true;
	CU_ASSERT_EQUAL(par_of(&all, &r, load, ~0UL, none), FAULT(4));
}

static void sizes_out_of_bounds_fault(void)
{
	const struct fed none[] = { { 0, 0 } };
	const struct {
		const struct s1_cpu *cpu;
		uint64_t tcr;
	} row[] = {
		{ &all, TCR(15, 0, 5) },   /* 49 bits without DS */
		{ &all, TCR(11, 1, 6) },   /* 53 */
		{ &plain, TCR(15, 1, 2) }, /* no FEAT_LVA */
		{ &plain, TCR(40, 0, 2) }, /* no FEAT_TTST */
		{ &all, TCR(49, 0, 5) },   /* fewer than it allows */
		{ &all, TCR(48, 1, 5) },   /* with 64 KiB 47 is the most */
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct s1_regime r = { M, row[i].tcr, TABLE, 0, MAIR, false };

		CU_ASSERT_EQUAL(par_of(row[i].cpu, &r, load, 0, none), FAULT(4));
	}
}

static void faults_have_their_level(void)
{
	const struct s1_regime r = { M, TCR(16, 0, 1), TABLE, 0, MAIR, false }; /* IPS: 36 bits */
	const struct fed down[] = { { TABLE, NEXT(0x50000000) },
				    { 0x50000000, NEXT(0x50001000) },
				    { 0x50001000, NEXT(0x50002000) } };
	const struct {
		unsigned level;
		uint64_t descriptor, fst;
	} row[] = {
		{ 0, 0, 4 },
		{ 0, BLOCK(0x80000000), 4 }, /* no blocks at level 0 */
		{ 1, 2, 5 },
		{ 2, 0, 6 },
		{ 3, BLOCK(0x80000000), 7 }, /* reserved */
		{ 1, BLOCK(0x80000000) & ~AF, 9 },
		{ 3, PAGE(0x80000000) & ~AF, 0xb },
		{ 0, NEXT(1UL << 36), 0 },
		{ 2, BLOCK(1UL << 40), 2 },
		{ 3, PAGE(1UL << 47), 3 },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct fed fed[5] = { { 0, 0 } };
		unsigned n = 0;

		for (; n < row[i].level; n++)
			fed[n] = down[n];
		fed[n] = (struct fed){ n ? down[n - 1].descriptor & ~3UL : TABLE, row[i].descriptor };
		CU_ASSERT_EQUAL(par_of(&all, &r, load, 0, fed), FAULT(row[i].fst));
	}
}

static void permissions(void)
{
	const struct s1_access el0 = { .el0 = true }, el0_store = { .el0 = true, .write = true },
			       pan = { .pan = true };
	const uint64_t ok = FOUND(0x80000000UL, INNER, WB), refused = FAULT(0xd);
	const struct {
		uint64_t tcr, bits;
		bool one_privilege;
		struct s1_access access;
		uint64_t par;
	} row[] = {
		{ 0, 0, false, load, ok },
		{ 0, 0, false, store, ok },
		{ 0, READ_ONLY, false, load, ok },
		{ 0, READ_ONLY, false, store, refused },
		{ 0, 0, false, el0, refused },
		{ 0, EL0, false, el0, ok },
		{ 0, EL0 | READ_ONLY, false, el0_store, refused },
		{ 0, EL0, false, pan, refused },
		{ 0, 0, false, pan, ok },
		/* What hardware would make dirty is writable: HA and HD. */
		{ BIT_(39) | BIT_(40), READ_ONLY | DBM, false, store, ok },
		{ BIT_(40), READ_ONLY | DBM, false, store, refused },
		{ BIT_(39) | BIT_(40), READ_ONLY, false, store, refused },
		/* One privilege level: AP[1] says nothing. */
		{ 0, EL0, true, pan, ok },
		{ 0, EL0 | READ_ONLY, true, store, refused },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct s1_regime r = { M, TCR(25, 0, 5) | row[i].tcr, TABLE, 0, MAIR, row[i].one_privilege };
		const struct fed fed[] = { { TABLE, BLOCK(0x80000000) | row[i].bits }, { 0, 0 } };

		CU_ASSERT_EQUAL(par_of(&all, &r, row[i].access, 0, fed), row[i].par);
	}
}

/* APTable[0] takes EL0's access away, APTable[1] writes; TCR.HPD0 switches both off. TCR.E0PD0 keeps EL0 out. */
static void tables_and_tcr_take_permissions_away(void)
{
	const struct s1_access el0 = { .el0 = true };
	struct s1_regime r = { M, TCR(25, 0, 5), TABLE, 0, MAIR, false };
	struct fed fed[] = { { TABLE, NEXT(0x50000000) }, { 0x50000000, BLOCK(0x80000000) | EL0 }, { 0, 0 } };
	const struct fed none[] = { { 0, 0 } };

	CU_ASSERT_EQUAL(par_of(&all, &r, el0, 0, fed), FOUND(0x80000000UL, INNER, WB));
	fed[0].descriptor |= BIT_(61);
	CU_ASSERT_EQUAL(par_of(&all, &r, el0, 0, fed), FAULT(0xe));
	CU_ASSERT_EQUAL(par_of(&all, &r, store, 0, fed), FOUND(0x80000000UL, INNER, WB));
	fed[0].descriptor |= BIT_(62);
	CU_ASSERT_EQUAL(par_of(&all, &r, store, 0, fed), FAULT(0xe));
	CU_ASSERT_EQUAL(par_of(&all, &r, load, 0, fed), FOUND(0x80000000UL, INNER, WB));
	r.tcr |= BIT_(41);
	CU_ASSERT_EQUAL(par_of(&all, &r, store, 0, fed), FOUND(0x80000000UL, INNER, WB));
	CU_ASSERT_EQUAL(par_of(&plain, &r, store, 0, fed), FAULT(0xe));
	r.tcr |= BIT_(55);
	CU_ASSERT_EQUAL(par_of(&all, &r, el0, 0, none), FAULT(4));
	CU_ASSERT_EQUAL(par_of(&all, &r, load, 0, fed), FOUND(0x80000000UL, INNER, WB));
}

/*
 * FEAT_PAN3: with SCTLR.EPAN (57) and PAN, EL1 has nothing of what EL0 may execute, for which UXN (54) and UXNTable (60) are 0. It is
 * not asked whether EL0 may read it.
 */
static void epan_keeps_el1_from_what_el0_executes(void)
{
	const struct s1_access pan = { .pan = true }, pan_store = { .pan = true, .write = true },
			       el0 = { .el0 = true };
	const uint64_t ok = FOUND(0x80000000UL, INNER, WB), refused = FAULT(0xe), epan = BIT_(57),
		       uxn = BIT_(54), uxn_table = BIT_(60), hpd0 = BIT_(41);
	const struct {
		const struct s1_cpu *cpu;
		uint64_t sctlr, tcr, table, leaf;
		bool one_privilege;
		struct s1_access access;
		uint64_t par;
	} row[] = {
		{ &all, 0, 0, 0, 0, false, pan, ok },
		{ &all, epan, 0, 0, 0, false, pan, refused },
		{ &all, epan, 0, 0, 0, false, pan_store, refused },
		{ &all, epan, 0, 0, 0, false, load, ok },
		{ &all, epan, 0, 0, uxn, false, pan, ok },
		{ &all, epan, 0, 0, uxn | EL0, false, pan, refused },
		{ &all, epan, 0, 0, uxn | EL0, false, el0, ok },
		{ &all, epan, 0, uxn_table, 0, false, pan, ok },
		{ &all, epan, hpd0, uxn_table, 0, false, pan, refused },
		{ &all, epan, 0, 0, 0, true, pan, ok },
		{ &plain, epan, 0, 0, 0, false, pan, ok },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct s1_regime r = { M | row[i].sctlr,    TCR(25, 0, 5) | row[i].tcr, TABLE, 0, MAIR,
				       row[i].one_privilege };
		const struct fed fed[] = { { TABLE, NEXT(0x50000000) | row[i].table },
					   { 0x50000000, BLOCK(0x80000000) | row[i].leaf },
					   { 0, 0 } };

		CU_ASSERT_EQUAL(par_of(row[i].cpu, &r, row[i].access, 0, fed), row[i].par);
	}
}

/* TCR.HA: the access flag need not be set. Memory that nothing caches is outer shareable. */
static void access_flag_and_memory_types(void)
{
	struct s1_regime r = { M, TCR(25, 0, 5), TABLE, 0, MAIR, false };
	struct fed fed[] = { { TABLE, BLOCK(0x80000000) & ~AF }, { 0, 0 } };

	CU_ASSERT_EQUAL(par_of(&all, &r, load, 0, fed), FAULT(9));
	r.tcr |= BIT_(39);
	CU_ASSERT_EQUAL(par_of(&all, &r, load, 0, fed), FOUND(0x80000000UL, INNER, WB));
	CU_ASSERT_EQUAL(par_of(&plain, &r, load, 0, fed), FAULT(9));
	fed[0].descriptor |= 1 << 2;
	CU_ASSERT_EQUAL(par_of(&all, &r, load, 0, fed), FOUND(0x80000000UL, OUTER, 0x04UL));
	fed[0].descriptor += 1 << 2;
	CU_ASSERT_EQUAL(par_of(&all, &r, load, 0, fed), FOUND(0x80000000UL, OUTER, 0x44UL));
}

static void tables_that_cannot_be_read(void)
{
	const struct s1_regime r = { M, TCR(16, 0, 5), TABLE, 0, MAIR, false };
	struct s1_walk w;

	CU_ASSERT_EQUAL(s1_begin(&w, &all, &r, load, 0), S1_NEXT);
	CU_ASSERT_EQUAL(s1_unreadable(&w), S1_DONE);
	CU_ASSERT_EQUAL(w.par, FAULT(0x14));
	s1_begin(&w, &all, &r, load, 0);
	s1_feed(&w, NEXT(0x50000000));
	CU_ASSERT_EQUAL(s1_unreadable(&w), S1_DONE);
	CU_ASSERT_EQUAL(w.par, FAULT(0x15));
	/* A fault of stage 2 on the walk: PTW and S. */
	CU_ASSERT_EQUAL(s1_stage2_fault(&w, 0x06), S1_DONE);
	CU_ASSERT_EQUAL(w.par, FAULT(0x06) | BIT_(8) | BIT_(9));
}

static void without_stage_1_the_address_is_its_own(void)
{
	struct s1_regime r = { 0, TCR(25, 0, 5), TABLE, 0, MAIR, false };
	const struct fed none[] = { { 0, 0 } };

	CU_ASSERT_EQUAL(par_of(&plain, &r, load, 0xff12345678UL, none), FOUND(0xff12345000UL, OUTER, 0UL));
	CU_ASSERT_EQUAL(par_of(&plain, &r, load, 0x10000000000UL, none), FAULT(0));
	r.tcr |= BIT_(37); /* TBI0 */
	CU_ASSERT_EQUAL(par_of(&plain, &r, load, 0xab00000012345678UL, none),
			FOUND(0x12345000UL, OUTER, 0UL));
}

void register_nv_s1_walk(void)
{
	CU_pSuite s = CU_add_suite("nv/s1_walk", NULL, NULL);

	CU_ADD_TEST(s, each_granule_and_level_translates);
	CU_ADD_TEST(s, addresses_of_52_bits_have_their_places);
	CU_ADD_TEST(s, five_levels_with_lpa2);
	CU_ADD_TEST(s, the_upper_half_is_ttbr1s);
	CU_ADD_TEST(s, sizes_out_of_bounds_fault);
	CU_ADD_TEST(s, faults_have_their_level);
	CU_ADD_TEST(s, permissions);
	CU_ADD_TEST(s, tables_and_tcr_take_permissions_away);
	CU_ADD_TEST(s, epan_keeps_el1_from_what_el0_executes);
	CU_ADD_TEST(s, access_flag_and_memory_types);
	CU_ADD_TEST(s, tables_that_cannot_be_read);
	CU_ADD_TEST(s, without_stage_1_the_address_is_its_own);
}
