/*
 * What does SCTLR_EL2.EE = 1 make big-endian?  EL2's own data and tables, and the descriptors of stage 2; those of EL1's stage 1,
 * and EL1's data, are SCTLR_EL1.EE's, EL0's data is SCTLR_EL1.E0E's.  Reads: visible.h, tables.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"
#include "tests/guests/visible/tables.h"
#include "tests/guests/visible/visible.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define LDR UINT32_C(0xf9400000) /* ldr x0, [x0] */
#define STR UINT32_C(0xf9000001) /* str x1, [x0] */
#define PATTERN UINT64_C(0x0102030405060708)

static const struct {
	const char *name;
	uint32_t word;
	bool load;
} accesses[] = {
	{ "ldr x0", LDR, true },  { "ldrh w0", 0x79400000, true }, { "ldrb w0", 0x39400000, true },
	{ "str x1", STR, false }, { "str w1", 0xb9000001, false },
};

enum area {
	GOOD = 128,
	INVALID,
	NO_AF,
	READ_ONLY,
	LARGE,
	DIRTY,
};

/* Input addresses of stage 2. */
static const struct {
	const char *name;
	enum area area;
	unsigned level;
	uint64_t descriptor; /* besides the address */
} areas[] = {
	{ "good", GOOD, 3, DESC_PAGE | S2_NORMAL | S2AP | DESC_AF },
	{ "invalid", INVALID, 3, 0 },
	{ "no AF", NO_AF, 2, DESC_BLOCK | S2_NORMAL | S2AP },
	{ "read only", READ_ONLY, 3, DESC_PAGE | S2_NORMAL | S2AP_READ | DESC_AF },
	{ "address size", LARGE, 2, DESC_BLOCK | S2_NORMAL | S2AP | DESC_AF | TOO_LARGE },
	{ "DBM", DIRTY, 3, DESC_PAGE | S2_NORMAL | S2AP_READ | DESC_AF | DESC_DBM },
};

static const uint64_t *el2_tables;

static const struct outcome *run_big(uint32_t insn, uint64_t pstate, uint64_t x0, uint64_t x1)
{
	return visible_run_big(visible_code(pstate, insn), pstate, x0, x1, el2_tables);
}

static uint64_t *make_stage2(void)
{
	uint64_t *root = rt_page();

	tables_map_ram(root, S2_NORMAL | S2AP);
	for (size_t i = 0; i < COUNT(areas); i++) {
		uint64_t target = (uint64_t)visible_scratch & ~(BIT(39 - 9 * areas[i].level) - 1);

		*tables_descriptor(root, AREA(areas[i].area) | OFFSET, areas[i].level) =
			areas[i].descriptor ? target | areas[i].descriptor : 0;
	}
	return root;
}

/* Two pages of EL1's stage 1: RAM, and where stage 2 has nothing. */
static uint64_t *make_stage1(void)
{
	const uint64_t normal = S1_ATTR(1) | S1_INNER | DESC_AF | DESC_PAGE;
	uint64_t *root = rt_page();

	tables_map_ram(root, S1_ATTR(1) | S1_INNER | S1_UXN);
	*tables_descriptor(root, AREA(GOOD) | OFFSET, 3) = (uint64_t)visible_scratch | normal;
	*tables_descriptor(root, AREA(INVALID) | OFFSET, 3) =
		(AREA(INVALID) | (OFFSET & ~(PAGE_SIZE - 1))) | normal;
	return root;
}

/* What each access reads, or leaves in memory. */
static void data(const char *order, const char *level, uint64_t pstate)
{
	volatile uint64_t *at = visible_scratch;

	visible_prefix("endian data %s %s", order, level);
	for (size_t i = 0; i < COUNT(accesses); i++) {
		*at = PATTERN;
		visible_outcome(accesses[i].name, run_big(accesses[i].word, pstate, (uint64_t)at, ~PATTERN),
				accesses[i].load);
		visible_value("memory", *at);
	}
}

static void all_data(void)
{
	static const struct {
		const char *name;
		uint64_t sctlr;
	} orders[] = {
		{ "neither", 0 },
		{ "E0E", SCTLR_E0E },
		{ "EE", SCTLR_EE },
		{ "both", SCTLR_EE | SCTLR_E0E },
	};

	data("EE", "EL2", AT_EL2);
	for (size_t i = 0; i < COUNT(orders); i++) {
		set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN | orders[i].sctlr);
		data(orders[i].name, "EL1", AT_EL1);
		data(orders[i].name, "EL0", AT_EL0);
	}
	set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN);
}

static void run_at(const char *name, unsigned enc, uint64_t va)
{
	uint64_t code = visible_code(AT_EL2, INSN_MSR(enc, 0), INSN_ISB, INSN_MRS(ENC_PAR_EL1, 0));

	visible_par(name, visible_run_big(code, AT_EL2, va, 0, el2_tables)->x[0]);
}

static void stage2_faults(const uint64_t *root)
{
	tables_stage2_on(root, 0);
	for (size_t i = 0; i < COUNT(areas); i++) {
		uint64_t at = AREA(areas[i].area) | OFFSET;

		visible_prefix("endian stage 2 %s", areas[i].name);
		visible_outcome("ldr", run_big(LDR, AT_EL1, at, 0), false);
		visible_outcome("str", run_big(STR, AT_EL1, at, 0), false);
		run_at("S12E1R", ENC_AT_S12E1R, at);
	}
}

/* An entry of big-endian tables, in this program's order. */
static uint64_t entry(const uint64_t *root, uint64_t address)
{
	const volatile uint64_t *table = root;
	unsigned level = 1;

	for (; level < 3; level++)
		table = (const volatile uint64_t *)(__builtin_bswap64(
							    table[address >> (39 - 9 * level) & 511]) &
						    BITS(47, 12));
	return __builtin_bswap64(table[address >> PAGE_SHIFT & 511]);
}

/* FEAT_HAFDBS: what hardware writes is big-endian too. */
static void updates(const uint64_t *root)
{
	uint64_t at = AREA(DIRTY) | OFFSET;

	tables_stage2_on(root, VTCR_HA | VTCR_HD);
	visible_prefix("endian stage 2 dirty state");
	visible_value("before", entry(root, at) & (DESC_AF | S2AP));
	visible_outcome("str", run_big(STR, AT_EL1, at, 0), false);
	visible_value("after", entry(root, at) & (DESC_AF | S2AP));
}

static void at_both_stages(const char *name, const uint64_t *stage1, uint64_t sctlr)
{
	tables_stage1_on((uint64_t)stage1, sctlr);
	visible_prefix("endian stage 1 %s", name);
	run_at("S1E1R", ENC_AT_S1E1R, AREA(GOOD) | OFFSET);
	run_at("S12E1R", ENC_AT_S12E1R, AREA(GOOD) | OFFSET);
	run_at("S12E1R, not in stage 2", ENC_AT_S12E1R, AREA(INVALID) | OFFSET);
}

static void both_stages(const char *name, const uint64_t *stage1, uint64_t sctlr)
{
	at_both_stages(name, stage1, sctlr);
	visible_outcome("ldr", run_big(LDR, AT_EL1, AREA(GOOD) | OFFSET, 0), false);
	visible_outcome("ldr, not in stage 2", run_big(LDR, AT_EL1, AREA(INVALID) | OFFSET, 0), false);
}

void topic_endian(void)
{
	uint64_t *stage2 = make_stage2(), *stage1 = make_stage1();
	uint64_t *big2 = tables_big_endian(stage2, 1), *big1 = tables_big_endian(stage1, 1);

	el2_tables = tables_big_endian((const uint64_t *)(get(TTBR0_EL2) & BITS(47, 12)), 1);
	all_data();
	stage2_faults(big2);
	/* With the wrong order there is nothing, not even for the first fetch. */
	visible_prefix("endian stage 2 in the other order");
	tables_stage2_on(stage2, 0);
	visible_outcome("little", run_big(LDR, AT_EL1, AREA(GOOD) | OFFSET, 0), false);
	tables_stage2_on(big2, 0);
	visible_outcome("big", visible_try(LDR, AT_EL1, AREA(GOOD) | OFFSET, 0), false);
	updates(big2);
	tables_stage2_on(big2, 0);
	both_stages("little", stage1, 0);
	both_stages("big", big1, SCTLR_EE);
	/* EL1 would have no vectors: no run. */
	at_both_stages("little, EE", stage1, SCTLR_EE);
	at_both_stages("big, no EE", big1, 0);
}
