/*
 * Who may copy and set memory by instructions, and who takes an exception of theirs?  FEAT_MOPS with HCRX_EL2.{MSCEn,MCE2} and
 * SCTLR_ELx.MSCEn at each level, and the bits of HCRX_EL2 that are there.  Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
/* [X0]!, X1!, X2 for SET, [X0]!, [X1]!, X2! for CPY and CPYF. */
#define INSN_SETP UINT32_C(0x19c20420)
#define INSN_SETM UINT32_C(0x19c24420)
#define INSN_SETE UINT32_C(0x19c28420)
#define INSN_CPYFP UINT32_C(0x19010440)
#define INSN_CPYFM UINT32_C(0x19410440)
#define INSN_CPYFE UINT32_C(0x19810440)
#define INSN_CPYP UINT32_C(0x1d010440)
#define INSN_CPYM UINT32_C(0x1d410440)
#define INSN_CPYE UINT32_C(0x1d810440)
#define INSN_MOV_X2_301 UINT32_C(0xd28025a2)
#define BYTES 301
#define FROM 512 /* of visible_scratch, to its beginning */

/* The registers of another implementation: the flags say that it was not this one that began. */
#define STRANGE BIT(29) /* PSTATE.C */

static const struct level {
	const char *name;
	uint64_t pstate;
} levels[] = {
	{ "EL2", AT_EL2 },
	{ "EL1", AT_EL1 },
	{ "EL0", AT_EL0 },
};

static uint64_t sum_of_scratch(void)
{
	const uint8_t *bytes = (const uint8_t *)visible_scratch;
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof(visible_scratch); i++)
		sum = sum * 31 + bytes[i];
	return sum;
}

static void fill_scratch(void)
{
	uint8_t *bytes = (uint8_t *)visible_scratch;

	for (size_t i = 0; i < sizeof(visible_scratch); i++)
		bytes[i] = (uint8_t)(i * 7 >> 2);
}

/* What came of it, where the registers are then, and what is in memory. */
static void show(const char *name, const struct outcome *o, uint64_t to, uint64_t from)
{
	visible_outcome(name, o, false);
	if (!visible_done(o))
		return;
	visible_value("to", o->x[0] - to);
	visible_value("from", o->x[1] - from);
	visible_value("size", o->x[2]);
	visible_value("memory", sum_of_scratch());
	memset(visible_scratch, 0, sizeof(visible_scratch));
}

/* at: where code and scratch are for that level. */
static void each_kind(uint64_t pstate, uint64_t code_at, uint64_t at)
{
	uint64_t code = visible_code(pstate, INSN_MOV_X2_301, INSN_SETP, INSN_SETM, INSN_SETE);

	fill_scratch();
	show("set", visible_run(code_at ? code_at : code, pstate, at + 3, BYTES), at + 3, BYTES);
	fill_scratch();
	code = visible_code(pstate, INSN_MOV_X2_301, INSN_CPYFP, INSN_CPYFM, INSN_CPYFE);
	show("copy forward", visible_run(code_at ? code_at : code, pstate, at, at + FROM + 5), at,
	     at + FROM + 5);
	fill_scratch();
	code = visible_code(pstate, INSN_MOV_X2_301, INSN_CPYP, INSN_CPYM, INSN_CPYE);
	show("move up", visible_run(code_at ? code_at : code, pstate, at + 9, at), at + 9, at);
	fill_scratch();
	show("move down", visible_run(code_at ? code_at : code, pstate, at, at + 9), at, at + 9);
	memset(visible_scratch, 0, sizeof(visible_scratch));
}

/* The main and the last instruction alone, with the flags of another implementation. */
static void strange(uint64_t pstate, uint64_t code_at, uint64_t at)
{
	static const struct {
		const char *name;
		uint32_t insn;
	} insns[] = {
		{ "setm", INSN_SETM },	 { "sete", INSN_SETE }, { "cpyfm", INSN_CPYFM },
		{ "cpyfe", INSN_CPYFE }, { "cpym", INSN_CPYM }, { "cpye", INSN_CPYE },
	};

	for (size_t i = 0; i < COUNT(insns); i++) {
		uint64_t code = visible_code(pstate, INSN_MOV_X2_301, insns[i].insn);

		visible_outcome(insns[i].name,
				visible_run(code_at ? code_at : code, pstate | STRANGE, at, at + FROM),
				false);
	}
}

static void open_el0(bool on)
{
	set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN | (on ? SCTLR_MSCEN : 0));
	isb();
}

static void each_level(const char *what)
{
	for (size_t i = 0; i < COUNT(levels); i++) {
		visible_prefix("copies %s %s", what, levels[i].name);
		each_kind(levels[i].pstate, 0, (uint64_t)visible_scratch);
		strange(levels[i].pstate, 0, (uint64_t)visible_scratch);
	}
}

/* HCRX_EL2 for what EL2 runs; EL2 itself needs nothing of it. */
static void each_control(void)
{
	static const struct {
		const char *name;
		uint64_t hcrx;
	} controls[] = {
		{ "off", 0 },
		{ "MSCEn", HCRX_MSCEN },
		{ "MCE2", HCRX_MCE2 },
		{ "MSCEn MCE2", HCRX_MSCEN | HCRX_MCE2 },
	};

	for (size_t i = 0; i < COUNT(controls); i++) {
		set(HCRX_EL2, controls[i].hcrx);
		open_el0(false);
		each_level(controls[i].name);
		open_el0(true);
		visible_prefix("copies %s, EL0 open", controls[i].name);
		each_kind(AT_EL0, 0, (uint64_t)visible_scratch);
		strange(AT_EL0, 0, (uint64_t)visible_scratch);
	}
}

/* EL0 in EL2's own regime, where SCTLR_EL2 is the one that counts and HCRX_EL2 does not; with E2H=0, EL0 without an EL1. */
static void with_tge(void)
{
	uint64_t el2 = get(SCTLR_EL2), code = visible_vhe() ? VISIBLE_EL0_VA : 0,
		 at = visible_vhe() ? VISIBLE_EL0_VA + PAGE_SIZE : (uint64_t)visible_scratch;

	for (uint64_t n = 0; n < 8; n++) {
		set(SCTLR_EL2, n & 1 && visible_vhe() ? el2 | SCTLR_MSCEN : el2);
		open_el0(n & 2);
		set(HCRX_EL2, n & 4 ? HCRX_MSCEN | HCRX_MCE2 : 0);
		set(HCR_EL2, visible_hcr() | HCR_TGE);
		isb();
		visible_prefix("copies TGE %lx", n);
		each_kind(AT_EL0, code, at);
		strange(AT_EL0, code, at);
		set(HCR_EL2, visible_hcr());
		set(SCTLR_EL2, el2);
		isb();
	}
}

static void hcrx_bits(void)
{
	static const uint64_t bits[] = { HCRX_FNXS, HCRX_FGTNXS, HCRX_CMOW,
					 HCRX_MCE2, HCRX_MSCEN,	 HCRX_CMOW | HCRX_MCE2 | HCRX_MSCEN };

	visible_prefix("copies HCRX_EL2");
	visible_outcome("read at EL1", visible_try(INSN_MRS(ENC_HCRX_EL2, 0), AT_EL1, 0, 0), false);
	visible_outcome("write at EL1", visible_try(INSN_MSR(ENC_HCRX_EL2, 0), AT_EL1, 0, 0), false);
	for (size_t i = 0; i < COUNT(bits); i++) {
		set(HCRX_EL2, bits[i]);
		visible_value("is", get(HCRX_EL2));
		set(HCRX_EL2, 0);
		visible_value("is", get(HCRX_EL2));
	}
}

void topic_copies(void)
{
	bool mops = field_get(ID_AA64ISAR2_MOPS, get(ID_AA64ISAR2_EL1));
	bool hcx = field_get(ID_AA64MMFR1_HCX, get(ID_AA64MMFR1_EL1));

	visible_map_for_el0();
	visible_prefix("copies");
	visible_value("FEAT_HCX", hcx);
	visible_value("FEAT_MOPS", mops);
	visible_outcome("at EL2", visible_try(INSN_SETP, AT_EL2, (uint64_t)visible_scratch, 8), false);
	if (!hcx) {
		visible_outcome("HCRX_EL2", visible_try(INSN_MRS(ENC_HCRX_EL2, 0), AT_EL2, 0, 0), false);
		return;
	}
	hcrx_bits();
	if (!mops)
		return;
	visible_bit_of_sctlr("copies MSCEn", SCTLR_MSCEN);
	visible_bit_of_sctlr("copies CMOW", SCTLR_CMOW);
	each_control();
	with_tge();
}
