/*
 * What do instructions of FEAT_PAuth do at each level?  Keys, SCTLR_ELx.{EnIA,EnIB,EnDA,EnDB}, what TCR_ELx says of tags,
 * HCR_EL2.{API,APK}, and the returns ERETAA and ERETAB.  Reads: visible.h.
 *
 * Pointers and modifiers are constants, since a code depends on each of their bits. A return to one that is signed wrongly goes nowhere:
 * FAR_ELx, or the exception of FEAT_FPACCOMBINE, shows where.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define INSN_PACIA UINT32_C(0xdac10020) /* x0, x1 */
#define INSN_PACIB UINT32_C(0xdac10420)
#define INSN_PACIA_SP UINT32_C(0xdac103e0) /* x0, sp */
#define INSN_PACIB_SP UINT32_C(0xdac107e0)
#define INSN_PACGA UINT32_C(0x9ac13000) /* x0, x0, x1 */
#define INSN_ERETAA UINT32_C(0xd69f0bff)
#define INSN_ERETAB UINT32_C(0xd69f0fff)
#define INSN_EOR_BIT_50 UINT32_C(0xd24e0000) /* eor x0, x0, #1 << 50 */
#define INSN_NOP UINT32_C(0xd503201f)

#define ENABLED (SCTLR_ENIA | SCTLR_ENIB | SCTLR_ENDA | SCTLR_ENDB)
#define MODIFIER UINT64_C(0x0123456789abcdef)

static const struct level {
	const char *name;
	uint64_t pstate;
} levels[] = {
	{ "EL2", AT_EL2 },
	{ "EL1", AT_EL1 },
	{ "EL0", AT_EL0 },
};

static const struct insn {
	const char *name;
	uint32_t sign, check;
} signs[] = {
	{ "ia", INSN_PACIA, UINT32_C(0xdac11020) },
	{ "ib", INSN_PACIB, UINT32_C(0xdac11420) },
	{ "da", UINT32_C(0xdac10820), UINT32_C(0xdac11820) },
	{ "db", UINT32_C(0xdac10c20), UINT32_C(0xdac11c20) },
};

/* Of both halves, with a tag, and with bits between that extend nothing. */
static const uint64_t pointers[] = {
	0x0000005012345678, 0x0000123456789abc, 0xffff923456789abc, 0x5a00123456789abc,
	0x5a7f923456789abc, 0xa5ff923456789abc, 0x0011223344556677, ~UINT64_C(0),
};

#define KEYS(X)          \
	X(APIAKEYLO_EL1) \
	X(APIAKEYHI_EL1) \
	X(APIBKEYLO_EL1) \
	X(APIBKEYHI_EL1) \
	X(APDAKEYLO_EL1) X(APDAKEYHI_EL1) X(APDBKEYLO_EL1) X(APDBKEYHI_EL1) X(APGAKEYLO_EL1) X(APGAKEYHI_EL1)

static void keys(void)
{
	uint64_t value = UINT64_C(0x0f1e2d3c4b5a6978);

	visible_prefix("signing key");
#define X(name)                          \
	set(name, value);                \
	visible_value(#name, get(name)); \
	value = value * 0x5851f42d4c957f2d + 1;
	KEYS(X)
#undef X
	/* The keys have no level. */
	visible_prefix("signing key at EL1");
#define X(name) visible_outcome(#name, visible_try(INSN_MRS(ENC_##name, 0), AT_EL1, 0, 0), true);
	KEYS(X)
#undef X
	visible_outcome("at EL0", visible_try(INSN_MRS(ENC_APIAKEYLO_EL1, 0), AT_EL0, 0, 0), false);
}

/* Each pointer is signed, authenticated, and authenticated after a change. */
static void pointers_of(uint64_t pstate, uint64_t code_at)
{
	for (size_t i = 0; i < COUNT(signs); i++)
		for (size_t n = 0; n < COUNT(pointers); n++) {
			const char *name = signs[i].name;
			uint64_t code = visible_code(pstate, signs[i].sign);

			code = code_at ? code_at : code;
			visible_outcome(name, visible_run(code, pstate, pointers[n], MODIFIER), true);
			(void)visible_code(pstate, signs[i].sign, signs[i].check);
			visible_outcome(name, visible_run(code, pstate, pointers[n], MODIFIER), true);
			(void)visible_code(pstate, signs[i].sign, INSN_EOR_BIT_50, signs[i].check);
			visible_outcome(name, visible_run(code, pstate, pointers[n], MODIFIER), true);
		}
}

static void each_level(const char *what)
{
	for (size_t i = 0; i < COUNT(levels); i++) {
		visible_prefix("signing %s %s", what, levels[i].name);
		pointers_of(levels[i].pstate, 0);
		visible_outcome("generic", visible_try(INSN_PACGA, levels[i].pstate, pointers[0], MODIFIER),
				true);
	}
}

static void enable(uint64_t el2, uint64_t bits)
{
	set(SCTLR_EL2, el2 | bits);
	set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN | bits);
	isb();
}

/* What of TCR_ELx ignores the tag of which pointers, in the format that it has; EL1's is that of E2H=1. */
static const struct tags {
	const char *name;
	uint64_t e2h0, e2h1;
} tags[] = {
	{ "no tags", 0, 0 },
	{ "tags", TCR_EL2_TBI, TCR_TBI0 | TCR_TBI1 },
	{ "tags of data", TCR_EL2_TBI | TCR_EL2_TBID, TCR_TBI0 | TCR_TBI1 | TCR_TBID0 | TCR_TBID1 },
	{ "tags of one half", 0, TCR_TBI1 },
	{ "tags of the other", TCR_EL2_TBI, TCR_TBI0 | TCR_TBID1 },
};

static void with_tags(const struct tags *t, uint64_t el2_tcr)
{
	set(TCR_EL2, el2_tcr | (visible_vhe() ? t->e2h1 : t->e2h0));
	set_el1(TCR, field_put(TCR_T0SZ, 20) | field_put(TCR_T1SZ, 28) | t->e2h1);
	isb();
}

static void each_tag(uint64_t el2_tcr)
{
	for (size_t i = 0; i < COUNT(tags); i++) {
		with_tags(&tags[i], el2_tcr);
		each_level(tags[i].name);
	}
	with_tags(&tags[0], el2_tcr);
}

/* EL0 in EL2's own regime. */
static void with_tge(uint64_t el2)
{
	if (!visible_vhe())
		return;
	for (unsigned on = 0; on < 2; on++) {
		enable(el2, on ? ENABLED : 0);
		set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN);
		set(HCR_EL2, (visible_hcr() & ~(HCR_API | HCR_APK)) | HCR_TGE);
		isb();
		visible_prefix("signing TGE %lx", (unsigned long)on);
		pointers_of(AT_EL0, VISIBLE_EL0_VA);
		set(HCR_EL2, visible_hcr());
	}
	enable(el2, ENABLED);
}

/* --- HCR_EL2.{API,APK} --- */

static void traps(uint64_t el2)
{
	static const struct {
		const char *name;
		uint64_t clear, set;
	} controls[] = {
		{ "API=0", HCR_API, 0 },
		{ "APK=0", HCR_APK, 0 },
		{ "both 0", HCR_API | HCR_APK, 0 },
		{ "both 0, TGE", HCR_API | HCR_APK, HCR_TGE },
	};

	for (size_t c = 0; c < COUNT(controls); c++)
		for (unsigned on = 0; on < 2; on++) {
			enable(el2, on ? ENABLED : 0);
			for (size_t i = 0; i < COUNT(levels); i++) {
				uint64_t pstate = levels[i].pstate;

				if ((controls[c].set & HCR_TGE) && (visible_vhe() || pstate == AT_EL1))
					continue;
				set(HCR_EL2, (visible_hcr() & ~controls[c].clear) | controls[c].set);
				isb();
				visible_prefix("signing %s enabled %lx %s", controls[c].name,
					       (unsigned long)on, levels[i].name);
				visible_outcome("pacia", visible_try(INSN_PACIA, pstate, pointers[1], 1),
						true);
				visible_outcome("pacga", visible_try(INSN_PACGA, pstate, pointers[1], 1),
						true);
				if ((controls[c].clear & HCR_API) && on && pstate == AT_EL1)
					visible_outcome("eretaa", visible_try(INSN_ERETAA, pstate, 0, 0),
							false);
				visible_outcome("read",
						visible_try(INSN_MRS(ENC_APIAKEYLO_EL1, 3), pstate, 0, 0),
						false);
				visible_outcome("write",
						visible_try(INSN_MSR(ENC_APGAKEYHI_EL1, 0), pstate,
							    get(APGAKEYHI_EL1), 0),
						false);
				set(HCR_EL2, visible_hcr());
			}
		}
	enable(el2, ENABLED);
}

/* --- ERETAA and ERETAB --- */

static const struct eret {
	const char *name;
	uint32_t sign, change, insn;
} erets[] = {
	{ "A", INSN_PACIA_SP, INSN_NOP, INSN_ERETAA },
	{ "A changed", INSN_PACIA_SP, INSN_EOR_BIT_50, INSN_ERETAA },
	{ "B as A", INSN_PACIB_SP, INSN_NOP, INSN_ERETAA },
	{ "unsigned A", INSN_NOP, INSN_NOP, INSN_ERETAA },
	{ "B", INSN_PACIB_SP, INSN_NOP, INSN_ERETAB },
	{ "B changed", INSN_PACIB_SP, INSN_EOR_BIT_50, INSN_ERETAB },
	{ "A as B", INSN_PACIA_SP, INSN_NOP, INSN_ERETAB },
	{ "unsigned B", INSN_NOP, INSN_NOP, INSN_ERETAB },
};

/* To a constant, with SP_EL0 as the modifier, where nothing is mapped: what is shown is where it went. */
static void eret_to_nowhere(const struct eret *e, uint64_t from, uint64_t to, uint64_t pointer)
{
	bool el2 = field_get(SPSR_M_EL, from) == 2;
	uint64_t code;

	write_sysreg(SP_EL0, MODIFIER & ~UINT64_C(15));
	code = el2 ? visible_code(from, INSN_MSR(ENC_SPSR_EL2, 1), e->sign, e->change,
				  INSN_MSR(ENC_ELR_EL2, 0), e->insn) :
		     visible_code(from, INSN_MSR(ENC_SPSR_EL1, 1), e->sign, e->change,
				  INSN_MSR(ENC_ELR_EL1, 0), e->insn);
	visible_outcome(e->name, visible_run(code, from, pointer, to), false);
}

#define ILLEGAL (SPSR_M_EL2H | BIT(1))

/*
 * Left out is what a branch leaves of an address that nothing is at: of a tag QEMU takes nothing away in an illegal return, other than
 * BranchAddr; and a bit 55, which with E2H=0 says nothing at EL2, is extended by the EL1 that vEL2 is.
 */
static bool is_comparable(uint64_t to, uint64_t pointer)
{
	if (to == ILLEGAL && pointer >> 56 && ~pointer >> 56)
		return false;
	return visible_vhe() || field_get(SPSR_M_EL, to) != 2 || !(pointer & BIT(55));
}

static void each_eret(const char *what)
{
	static const uint64_t from[] = { AT_EL2T, AT_EL1T }, to[] = { AT_EL2, AT_EL1, AT_EL0, ILLEGAL };

	for (size_t f = 0; f < COUNT(from); f++)
		for (size_t t = f; t < COUNT(to); t++)
			for (size_t n = 0; n < 6; n++) {
				if (!is_comparable(to[t], pointers[n]))
					continue;
				visible_prefix("signing %s eret %lx to %lx, %lx", what, from[f], to[t],
					       pointers[n]);
				for (size_t i = 0; i < COUNT(erets); i++)
					eret_to_nowhere(&erets[i], from[f], to[t], pointers[n]);
			}
}

/* To where there is code, by a stack pointer of its own: SP_EL2 with AT_EL2. */
static void eret_to_code(void)
{
	static const uint64_t from[] = { AT_EL2, AT_EL2T }, to[] = { AT_EL2, AT_EL2T, AT_EL1, AT_EL0 };

	visible_prefix("signing good eret");
	write_sysreg(SP_EL0, (uint64_t)visible_scratch + 1024);
	for (size_t f = 0; f < COUNT(from); f++)
		for (size_t t = 0; t < COUNT(to); t++)
			for (size_t i = 0; i < COUNT(erets); i += 4) {
				uint64_t code = visible_code(to[t], INSN_MSR(ENC_SPSR_EL2, 1), erets[i].sign,
							     INSN_MSR(ENC_ELR_EL2, 0), erets[i].insn);

				visible_outcome(erets[i].name, visible_run(code, from[f], code + 16, to[t]),
						false);
			}
}

/* HFGITR_EL2.ERET comes before HCR_EL2.API. */
static void fine(void)
{
	if (!visible_fgt())
		return;
	visible_prefix("signing HFGITR_EL2.ERET");
	for (unsigned api = 0; api < 2; api++) {
		set(HCR_EL2, visible_hcr() & (api ? ALL_BITS : ~HCR_API));
		set(HFGITR_EL2, HFGITR_ERET);
		isb();
		visible_outcome("eretaa", visible_try(INSN_ERETAA, AT_EL1, 0, 0), false);
		visible_outcome("eretab", visible_try(INSN_ERETAB, AT_EL1, 0, 0), false);
		visible_outcome("eretaa at EL0", visible_try(INSN_ERETAA, AT_EL0, 0, 0), false);
		set(HFGITR_EL2, 0);
	}
	set(HCR_EL2, visible_hcr());
	isb();
}

void topic_signing(void)
{
	uint64_t el2 = get(SCTLR_EL2), tcr = get(TCR_EL2);
	bool there = (get(ID_AA64ISAR1_EL1) & (ID_AA64ISAR1_APA | ID_AA64ISAR1_API)) ||
		     (get(ID_AA64ISAR2_EL1) & ID_AA64ISAR2_APA3);

	visible_prefix("signing");
	visible_value("FEAT_PAuth", there);
	if (!there)
		return;
	visible_map_for_el0();
	visible_bit_of_sctlr("signing EnIA", SCTLR_ENIA);
	visible_bit_of_sctlr("signing EnIB", SCTLR_ENIB);
	visible_bit_of_sctlr("signing EnDA", SCTLR_ENDA);
	visible_bit_of_sctlr("signing EnDB", SCTLR_ENDB);
	keys();
	each_level("off");
	enable(el2, ENABLED);
	each_tag(tcr);
	with_tge(el2);
	traps(el2);
	for (size_t i = 0; i < COUNT(tags); i++) {
		with_tags(&tags[i], tcr);
		each_eret(tags[i].name);
		eret_to_code();
	}
	fine();
	enable(el2, 0);
	each_eret("off");
	set(TCR_EL2, tcr);
	set(SCTLR_EL2, el2);
}
