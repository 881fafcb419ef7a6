/*
 * What do EL1's memory accesses and EL2's AT instructions meet when EL2 has a stage 2?  Faults of every kind at every
 * level, with syndrome and addresses; what hardware updates in descriptors; the results of AT.  Reads: visible.h, tables.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"
#include "tests/guests/visible/tables.h"

static uint64_t *stage2, *stage1;

static void stage2_on(uint64_t more_vtcr)
{
	tables_stage2_on(stage2, more_vtcr);
}

/* --- input addresses with a fault of each kind: one GiB each, at the end of its block --- */

enum area {
	INVALID_1 = 128,
	INVALID_2,
	INVALID_3,
	RESERVED_3,
	NO_AF_1,
	NO_AF_2,
	NO_AF_3,
	NONE_1,
	NONE_2,
	NONE_3,
	READ_1,
	READ_2,
	READ_3,
	WRITE_3,
	LARGE_1,
	LARGE_2,
	LARGE_3,
	LARGE_TABLE,
	XN_0, /* four of them */
	XN_3 = XN_0 + 3,
	HA_3,
	DBM_3,
	GOOD_3,
	DEVICE_3,
};

static void map_area(enum area area, unsigned level, uint64_t attributes)
{
	uint64_t target = (uint64_t)visible_scratch & ~(BIT(39 - 9 * level) - 1);
	uint64_t type = level == 3 ? DESC_PAGE : DESC_BLOCK;
	uint64_t address = AREA(area) | (level == 3 ? OFFSET & ~(PAGE_SIZE - 1) : 0);

	*tables_descriptor(stage2, address, level) = target | type | S2_NORMAL | attributes;
}

static void map_areas(void)
{
	static const uint64_t access[] = { S2AP_NONE, S2AP_READ };

	stage2 = rt_page();
	tables_map_ram(stage2, S2_NORMAL | S2AP);
	(void)tables_descriptor(stage2, AREA(INVALID_2), 2);
	(void)tables_descriptor(stage2, AREA(INVALID_3) | OFFSET, 3);
	*tables_descriptor(stage2, AREA(RESERVED_3) | OFFSET, 3) =
		(uint64_t)visible_scratch | DESC_BLOCK | DESC_AF | S2AP;
	for (unsigned level = 1; level <= 3; level++) {
		map_area(NO_AF_1 + level - 1, level, S2AP);
		for (unsigned i = 0; i < 2; i++)
			map_area((i ? READ_1 : NONE_1) + level - 1, level, access[i] | DESC_AF);
		map_area(LARGE_1 + level - 1, level, S2AP | DESC_AF | TOO_LARGE);
	}
	map_area(WRITE_3, 3, S2AP_WRITE | DESC_AF);
	*tables_descriptor(stage2, AREA(LARGE_TABLE), 1) = TOO_LARGE | DESC_TABLE;
	for (unsigned xn = 0; xn < 4; xn++) {
		map_area(XN_0 + xn, 3, S2AP | DESC_AF);
		*tables_descriptor(stage2, AREA(XN_0 + xn) | OFFSET, 3) &= ~BITS(47, 12);
		*tables_descriptor(stage2, AREA(XN_0 + xn) | OFFSET, 3) |=
			(uint64_t)visible_page | field_put(S2_XN, xn);
	}
	map_area(HA_3, 3, S2AP);
	map_area(DBM_3, 3, S2AP_READ | DESC_DBM | DESC_AF);
	map_area(GOOD_3, 3, S2AP | DESC_AF);
	map_area(DEVICE_3, 3, S2AP | DESC_AF);
	*tables_descriptor(stage2, AREA(DEVICE_3) | OFFSET, 3) &= ~S2_NORMAL;
	dsb(ish);
}

static const struct {
	const char *name;
	enum area area;
} faults[] = {
	{ "invalid level 1", INVALID_1 },
	{ "invalid level 2", INVALID_2 },
	{ "invalid level 3", INVALID_3 },
	{ "reserved level 3", RESERVED_3 },
	{ "no AF level 1", NO_AF_1 },
	{ "no AF level 2", NO_AF_2 },
	{ "no AF level 3", NO_AF_3 },
	{ "no access level 1", NONE_1 },
	{ "no access level 2", NONE_2 },
	{ "no access level 3", NONE_3 },
	{ "read only level 1", READ_1 },
	{ "read only level 2", READ_2 },
	{ "read only level 3", READ_3 },
	{ "write only level 3", WRITE_3 },
	{ "address size level 1", LARGE_1 },
	{ "address size level 2", LARGE_2 },
	{ "address size level 3", LARGE_3 },
	{ "address size of a table", LARGE_TABLE },
	{ "good", GOOD_3 },
	{ "device", DEVICE_3 },
};

/* Sizes, signs and registers that the syndrome tells; forms without a syndrome of their own (ISV 0). */
static const struct {
	const char *name;
	uint32_t word;
} accesses[] = {
	{ "ldr x1", 0xf9400001 },
	{ "ldr w5", 0xb9400005 },
	{ "ldrh w1", 0x79400001 },
	{ "ldrb w30", 0x3940001e },
	{ "ldrsb w1", 0x39c00001 },
	{ "ldrsh x1", 0x79800001 },
	{ "ldrsw x1", 0xb9800001 },
	{ "ldr xzr", 0xf940001f },
	{ "ldar x1", 0xc8dffc01 },
	{ "ldp x1, x2", 0xa9400801 },
	{ "ldr x1, post", 0xf8408401 },
	{ "str x1", 0xf9000001 },
	{ "strb wzr", 0x3900001f },
	{ "stlr w1", 0x889ffc01 },
	{ "stp x1, x2", 0xa9000801 },
	{ "dc zva", INSN_MSR(ENC_DC_ZVA, 0) }, /* the others are no accesses to QEMU */
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Does stage 2 refuse a read, a write?  The level that does, or 0. */
static unsigned refused(enum area area, bool write)
{
	if (area >= NONE_1 && area <= NONE_3)
		return area - NONE_1 + 1;
	if (write && area >= READ_1 && area <= READ_3)
		return area - READ_1 + 1;
	return !write && area == WRITE_3 ? 3 : 0;
}

/* S2AP says nothing of a fetch. Where stage 2 allows one there is no code. */
static bool may_fetch(enum area area)
{
	return (area >= NONE_1 && area <= READ_3) || area == WRITE_3 || area >= XN_0;
}

static void all_faults(void)
{
	for (size_t f = 0; f < COUNT(faults); f++) {
		visible_prefix("stage 2 %s", faults[f].name);
		for (size_t a = 0; a < COUNT(accesses); a++)
			visible_outcome(
				accesses[a].name,
				visible_try(accesses[a].word, AT_EL1, AREA(faults[f].area) | OFFSET, 0),
				false);
		if (!may_fetch(faults[f].area))
			visible_outcome("br",
					visible_try(INSN_BR_X0, AT_EL1, AREA(faults[f].area) | OFFSET, 0),
					false);
		visible_outcome("EL0 ldr x1",
				visible_try(accesses[0].word, AT_EL0, AREA(faults[f].area) | OFFSET, 0),
				false);
	}
	visible_prefix("stage 2");
	visible_outcome("input too large", visible_try(accesses[0].word, AT_EL1, BIT(39), 0), false);
	visible_outcome("fetch, input too large", visible_try(INSN_BR_X0, AT_EL1, BIT(39), 0), false);
}

static void execute_never(void)
{
	for (uint64_t xn = 0; xn < 4; xn++) {
		uint64_t at = (AREA(XN_0 + xn) | OFFSET) & ~(PAGE_SIZE - 1);

		visible_prefix("stage 2 XN %lx", xn);
		visible_code(AT_EL1, INSN_ISB);
		visible_outcome("EL1", visible_run(at, AT_EL1, 0, 0), false);
		visible_code(AT_EL0, INSN_ISB);
		visible_outcome("EL0", visible_run(at, AT_EL0, 0, 0), false);
	}
}

/* Tables that hardware cannot start with. */
static void roots(void)
{
	static const struct {
		const char *name;
		uint64_t set, clear, vttbr;
	} cases[] = {
		{ "SL0 3", VTCR_SL0, 0, 0 },
		{ "SL0 2, too low a start for 39 bits", BIT(7), VTCR_SL0, 0 },
		{ "SL0 0, too high a start for 39 bits", 0, VTCR_SL0, 0 },
		{ "root too large", 0, 0, TOO_LARGE },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		set(VTCR_EL2, (tables_vtcr() & ~cases[i].clear) | cases[i].set);
		set(VTTBR_EL2,
		    (cases[i].vttbr ? cases[i].vttbr : (uint64_t)stage2) | field_put(VTTBR_VMID, 2 + i));
		isb();
		tables_flush();
		visible_prefix("stage 2 root");
		visible_outcome(cases[i].name, visible_try(INSN_ISB, AT_EL1, 0, 0), false);
	}
}

/* FEAT_HAFDBS: VTCR_EL2.{HA,HD} let hardware set AF and, where DBM is set, S2AP[1]. */
static void updates(void)
{
	const uint64_t *af = tables_descriptor(stage2, AREA(HA_3) | OFFSET, 3),
		       *dbm = tables_descriptor(stage2, AREA(DBM_3) | OFFSET, 3);

	visible_prefix("stage 2 updates");
	visible_outcome("store, DBM but no HD",
			visible_try(accesses[11].word, AT_EL1, AREA(DBM_3) | OFFSET, 0), false);
	stage2_on(VTCR_HA | VTCR_HD);
	visible_outcome("load, no AF", visible_try(accesses[0].word, AT_EL1, AREA(HA_3) | OFFSET, 0), false);
	visible_value("AF", *(volatile const uint64_t *)af & (DESC_AF | S2AP));
	visible_outcome("load, DBM", visible_try(accesses[0].word, AT_EL1, AREA(DBM_3) | OFFSET, 0), false);
	visible_value("S2AP", *(volatile const uint64_t *)dbm & (DESC_AF | S2AP));
	visible_outcome("store, DBM", visible_try(accesses[11].word, AT_EL1, AREA(DBM_3) | OFFSET, 0), false);
	visible_value("S2AP", *(volatile const uint64_t *)dbm & (DESC_AF | S2AP));
}

/* --- EL1's stage 1 on top --- */

enum page {
	P_GOOD = 300,
	P_READ_ONLY,
	P_EL0,
	P_EL0_READ,
	P_NO_AF,
	P_XN,
	P_DEVICE,
	P_INVALID,
	P_S2_INVALID,
	P_S2_READ,
	P_S2_LARGE
};
#define PAGE_VA(n) (AREA(n) | OFFSET)

static void map_va(enum page page, uint64_t target, uint64_t attributes)
{
	*tables_descriptor(stage1, PAGE_VA(page), 3) = (target & BITS(47, 12)) | DESC_PAGE | attributes;
}

static void map_stage1(void)
{
	const uint64_t normal = S1_ATTR(1) | S1_INNER | DESC_AF;
	const uint64_t scratch = (uint64_t)visible_scratch;

	stage1 = rt_page();
	tables_map_ram(stage1, S1_ATTR(1) | S1_INNER | S1_UXN);
	map_va(P_GOOD, scratch, normal | S1_PXN);
	map_va(P_READ_ONLY, scratch, normal | S1_READ_ONLY);
	map_va(P_EL0, scratch, normal | S1_EL0);
	map_va(P_EL0_READ, scratch, normal | S1_EL0 | S1_READ_ONLY);
	map_va(P_NO_AF, scratch, normal & ~DESC_AF);
	map_va(P_XN, scratch, normal | S1_PXN | S1_UXN);
	map_va(P_DEVICE, scratch, S1_ATTR(0) | DESC_AF);
	(void)tables_descriptor(stage1, PAGE_VA(P_INVALID), 3);
	map_va(P_S2_INVALID, AREA(INVALID_3) | OFFSET, normal);
	map_va(P_S2_READ, AREA(READ_3) | OFFSET, normal);
	map_va(P_S2_LARGE, AREA(LARGE_3) | OFFSET, normal);
}

static const struct {
	const char *name;
	enum page page;
} pages[] = {
	{ "good", P_GOOD },
	{ "read only", P_READ_ONLY },
	{ "EL0", P_EL0 },
	{ "EL0 read only", P_EL0_READ },
	{ "no AF", P_NO_AF },
	{ "execute never", P_XN },
	{ "device", P_DEVICE },
	{ "invalid", P_INVALID },
	{ "stage 2 invalid", P_S2_INVALID },
	{ "stage 2 read only", P_S2_READ },
	{ "stage 2 address size", P_S2_LARGE },
};

static void both_stages(void)
{
	static const unsigned chosen[] = { 0, 2, 11 };

	tables_stage1_on((uint64_t)stage1, 0);
	for (size_t p = 0; p < COUNT(pages); p++) {
		visible_prefix("both stages %s", pages[p].name);
		for (size_t a = 0; a < COUNT(chosen); a++)
			visible_outcome(
				accesses[chosen[a]].name,
				visible_try(accesses[chosen[a]].word, AT_EL1, PAGE_VA(pages[p].page), 0),
				false);
		visible_outcome(
			"str x1 with PAN",
			visible_try(accesses[11].word, AT_EL1 | PSTATE_PAN, PAGE_VA(pages[p].page), 0),
			false);
	}
	visible_prefix("both stages");
	visible_outcome("fetch execute never",
			visible_try(INSN_BR_X0, AT_EL1, PAGE_VA(P_XN) & ~UINT64_C(3), 0), false);
	visible_outcome("fetch stage 2 invalid",
			visible_try(INSN_BR_X0, AT_EL1, PAGE_VA(P_S2_INVALID) & ~UINT64_C(3), 0), false);
}

/* EL1's table is where stage 2 has a fault: S1PTW. */
static void table_walks(void)
{
	static const enum area where[] = { INVALID_1, INVALID_2, INVALID_3,  NO_AF_3,
					   NONE_3,    LARGE_3,	 LARGE_TABLE };

	for (size_t i = 0; i < COUNT(where); i++) {
		tables_stage1_on((AREA(where[i]) | OFFSET) & ~(PAGE_SIZE - 1), 0);
		visible_prefix("walk %s", where[i] >= NONE_3 ? "other" : "missing");
		visible_outcome("", visible_try(INSN_ISB, AT_EL1, 0, 0), false);
	}
	tables_stage1_on((uint64_t)stage1, 0);
	*tables_descriptor(stage1, AREA(400) | OFFSET, 2) = AREA(INVALID_3) | DESC_TABLE;
	tables_flush();
	visible_prefix("walk of the last level");
	visible_outcome("ldr", visible_try(accesses[0].word, AT_EL1, AREA(400) | OFFSET, 0), false);
	visible_outcome("str", visible_try(accesses[11].word, AT_EL1, AREA(400) | OFFSET, 0), false);
	*tables_descriptor(stage1, AREA(400) | OFFSET, 2) = 0;
	visible_reset_controls();
}

void topic_stage2(void)
{
	map_areas();
	map_stage1();
	stage2_on(0);
	all_faults();
	execute_never();
	roots();
	stage2_on(0);
	updates();
	stage2_on(0);
	both_stages();
	table_walks();
}

/* --- AT --- */

static void run_at(const char *name, unsigned enc, uint64_t va, uint64_t pstate)
{
	uint64_t code = visible_code(AT_EL2, INSN_MSR(enc, 0), INSN_ISB, INSN_MRS(ENC_PAR_EL1, 0));
	const struct outcome *o;

	o = visible_run(code, AT_EL2 | pstate, va, 0);
	if (visible_done(o))
		visible_par(name, o->x[0]);
	else
		visible_outcome(name, o, false);
}

/*
 * A permission fault of stage 2, met by an AT of both stages. QEMU 10.0 does not survive that on bare hardware
 * (do_ats_write, "!res.cacheattrs.is_s2_format"), so there the value is what the architecture says: F, FST, S, and the bit
 * that is RES1.
 */
static void run_at_permission(const char *name, unsigned enc, uint64_t va, unsigned level)
{
	if (visible_bare())
		visible_value(name, PAR_F | field_put(PAR_FST, FSC_PERMISSION | level) | PAR_S | PAR_RES1);
	else
		run_at(name, enc, va, 0);
}

static void all_forms(uint64_t va, bool s2_read_only)
{
	run_at("S1E1R", ENC_AT_S1E1R, va, 0);
	run_at("S1E1W", ENC_AT_S1E1W, va, 0);
	run_at("S1E0R", ENC_AT_S1E0R, va, 0);
	run_at("S1E0W", ENC_AT_S1E0W, va, 0);
	run_at("S1E1RP", ENC_AT_S1E1RP, va, 0);
	run_at("S1E1WP with PAN", ENC_AT_S1E1WP, va, PSTATE_PAN);
	run_at("S1E1RP with PAN", ENC_AT_S1E1RP, va, PSTATE_PAN);
	run_at("S12E1R", ENC_AT_S12E1R, va, 0);
	if (s2_read_only)
		run_at_permission("S12E1W", ENC_AT_S12E1W, va, 3);
	else
		run_at("S12E1W", ENC_AT_S12E1W, va, 0);
	run_at("S12E0R", ENC_AT_S12E0R, va, 0);
	run_at("S12E0W", ENC_AT_S12E0W, va, 0);
}

static void at_pages(const char *what, bool with_stage2)
{
	for (size_t p = 0; p < COUNT(pages); p++) {
		visible_prefix("at %s %s", what, pages[p].name);
		all_forms(PAGE_VA(pages[p].page), with_stage2 && pages[p].page == P_S2_READ);
	}
	visible_prefix("at %s RAM", what);
	all_forms((uint64_t)visible_scratch, false);
	visible_prefix("at %s beyond the VA", what);
	all_forms(BIT(45), false);
}

static void at_area(const char *name, unsigned enc, enum area area, bool write)
{
	unsigned level = refused(area, write);

	if (level)
		run_at_permission(name, enc, AREA(area) | OFFSET, level);
	else
		run_at(name, enc, AREA(area) | OFFSET, 0);
}

/* With stage 1 off a VA is an IPA. */
static void at_stage2_only(void)
{
	set_el1(SCTLR, SCTLR_EL1_RES1);
	isb();
	for (size_t f = 0; f < COUNT(faults); f++) {
		visible_prefix("at stage 2 only %s", faults[f].name);
		run_at("S1E1R", ENC_AT_S1E1R, AREA(faults[f].area) | OFFSET, 0);
		at_area("S12E1R", ENC_AT_S12E1R, faults[f].area, false);
		at_area("S12E1W", ENC_AT_S12E1W, faults[f].area, true);
		at_area("S12E0W", ENC_AT_S12E0W, faults[f].area, true);
	}
}

static void at_el2(void)
{
	visible_prefix("at EL2's own regime");
	run_at("S1E2R", ENC_AT_S1E2R, (uint64_t)visible_scratch, 0);
	run_at("S1E2W", ENC_AT_S1E2W, (uint64_t)visible_scratch, 0);
	run_at("S1E2R unmapped", ENC_AT_S1E2R, AREA(INVALID_1), 0);
	run_at("S1E2R device", ENC_AT_S1E2R, rt_machine()->uart, 0);
	run_at("S1E2R beyond the VA", ENC_AT_S1E2R, BIT(45), 0);
	if (!visible_vhe())
		return;
	set(HCR_EL2, visible_hcr() | HCR_TGE);
	isb();
	visible_prefix("at under TGE");
	run_at("S1E1R", ENC_AT_S1E1R, (uint64_t)visible_scratch, 0);
	run_at("S1E0R", ENC_AT_S1E0R, (uint64_t)visible_scratch, 0);
	run_at("S1E1R unmapped", ENC_AT_S1E1R, AREA(INVALID_1), 0);
	set(HCR_EL2, visible_hcr());
	isb();
}

/* HCR_EL2.DC: with stage 1 off EL1's memory is Normal write-back. */
static void at_default_cacheable(void)
{
	set_el1(SCTLR, SCTLR_EL1_RES1);
	visible_prefix("at stage 1 off");
	run_at("S1E1R", ENC_AT_S1E1R, (uint64_t)visible_scratch, 0);
	run_at("S12E1R", ENC_AT_S12E1R, (uint64_t)visible_scratch, 0);
	set(VTCR_EL2, tables_vtcr());
	set(VTTBR_EL2, (uint64_t)stage2 | field_put(VTTBR_VMID, 1));
	set(HCR_EL2, visible_hcr() | HCR_DC);
	isb();
	tables_flush();
	visible_prefix("at with DC");
	run_at("S1E1R", ENC_AT_S1E1R, (uint64_t)visible_scratch, 0);
	run_at("S12E1R", ENC_AT_S12E1R, (uint64_t)visible_scratch, 0);
	run_at("S12E1W stage 2 invalid", ENC_AT_S12E1W, AREA(INVALID_2), 0);
}

void topic_at(void)
{
	map_areas();
	map_stage1();
	at_el2();
	tables_stage1_on((uint64_t)stage1, 0);
	at_pages("stage 1 only", false);
	stage2_on(0);
	at_pages("both stages", true);
	at_stage2_only();
	visible_reset_controls();
	at_default_cacheable();
}
