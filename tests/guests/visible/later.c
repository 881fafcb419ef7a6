/*
 * What do features do that not every CPU has and that need little of EL2?  FEAT_RNG, FEAT_WFxT, FEAT_AFP with FEAT_RPRES, FEAT_TIDCP1,
 * FEAT_PAN3. Each is tried where the ID registers show it.  Reads: visible.h, tables.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"
#include "tests/guests/visible/tables.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ENC_RNDR SYSREG_ENC(3, 3, 2, 4, 0)
#define ENC_RNDRRS SYSREG_ENC(3, 3, 2, 4, 1)
#define ENC_FPCR SYSREG_ENC(3, 3, 4, 4, 0)
#define ENC_IMPDEF SYSREG_ENC(3, 3, 15, 0, 0)
#define INSN_WFET_X0 UINT32_C(0xd5031000)
#define INSN_WFIT_X0 UINT32_C(0xd5031020)
#define INSN_FMOV_S0_W0 UINT32_C(0x1e270000)
#define INSN_FMOV_W0_S0 UINT32_C(0x1e260000)
#define INSN_FRECPE_S0_S0 UINT32_C(0x5ea1d800)
#define INSN_ADD_X0_X0_4096 UINT32_C(0x91400400)
#define INSN_CMP_X1_X0 UINT32_C(0xeb00003f)
#define INSN_BLO_BACK_3 UINT32_C(0x54ffffa3) /* to the third instruction before it */
#define INSN_LDR_X1_X0 UINT32_C(0xf9400001)
#define INSN_STR_X1_X0 UINT32_C(0xf9000001)

static const struct level {
	const char *name;
	uint64_t pstate;
} levels[] = {
	{ "EL2", AT_EL2 },
	{ "EL1", AT_EL1 },
	{ "EL0", AT_EL0 },
};

/* EL1 keeps nothing from EL0 but what is in more. */
static void open_el0(uint64_t more)
{
	set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN | SCTLR_UCT | SCTLR_NTWI | SCTLR_NTWE | more);
	set_el1(CNTKCTL, CNTHCTL_EL0PCTEN | CNTHCTL_EL0VCTEN);
	isb();
}

static void random_numbers(void)
{
	for (size_t i = 0; i < COUNT(levels); i++) {
		visible_prefix("later %s", levels[i].name);
		visible_outcome("rndr", visible_try(INSN_MRS(ENC_RNDR, 0), levels[i].pstate, 0, 0), false);
		visible_outcome("rndrrs", visible_try(INSN_MRS(ENC_RNDRRS, 0), levels[i].pstate, 0, 0),
				false);
		visible_outcome("rndr:w", visible_try(INSN_MSR(ENC_RNDR, 0), levels[i].pstate, 0, 0), false);
	}
}

/* A time-out that is past, and one that comes: until then again and again, since the wait may end for any reason. */
static void timed_waits(void)
{
	for (size_t i = 0; i < COUNT(levels); i++) {
		uint64_t pstate = levels[i].pstate,
			 code = visible_code(pstate, INSN_MRS(ENC_CNTVCT_EL0, 0), INSN_ADD_X0_X0_4096,
					     INSN_WFIT_X0, INSN_MRS(ENC_CNTVCT_EL0, 1), INSN_CMP_X1_X0,
					     INSN_BLO_BACK_3);

		visible_prefix("later %s", levels[i].name);
		visible_outcome("wfit until later", visible_run(code, pstate, 0, 0), false);
		visible_outcome("wfit", visible_try(INSN_WFIT_X0, pstate, 0, 0), false);
		visible_outcome("wfet", visible_try(INSN_WFET_X0, pstate, 0, 0), false);
	}
}

/* TWI sends a WFIT that would wait to EL2, TWE a WFET; QEMU's WFET is over at once. A time-out that is past has nothing to trap. */
static void trapped_waits(const char *what, uint64_t timeout)
{
	set(HCR_EL2, visible_hcr() | HCR_TWI | HCR_TWE);
	isb();
	for (size_t i = 1; i < COUNT(levels); i++) {
		visible_prefix("later trapped, %s %s", what, levels[i].name);
		visible_outcome("wfit", visible_try(INSN_WFIT_X0, levels[i].pstate, timeout, 0), false);
		visible_outcome("wfet", visible_try(INSN_WFET_X0, levels[i].pstate, timeout, 0), false);
	}
	set(HCR_EL2, visible_hcr());
	isb();
}

/* FPCR.{FIZ,AH,NEP} are one register's for all levels; with AH an estimate of FRECPE has 12 bits where FEAT_RPRES says so. */
static void alternate_floating_point(void)
{
	for (uint64_t fpcr = 0; fpcr < 8; fpcr++) {
		visible_write(ENC_FPCR, fpcr);
		for (size_t i = 0; i < COUNT(levels); i++) {
			uint64_t pstate = levels[i].pstate;

			visible_prefix("later FPCR %lx %s", fpcr, levels[i].name);
			visible_outcome("fpcr", visible_try(INSN_MRS(ENC_FPCR, 0), pstate, 0, 0), true);
			visible_outcome("frecpe",
					visible_run(visible_code(pstate, INSN_FMOV_S0_W0, INSN_FRECPE_S0_S0,
								 INSN_FMOV_W0_S0),
						    pstate, 0x40400000, 0),
					true);
		}
	}
	visible_write(ENC_FPCR, 0);
}

static void implementation_defined(const char *what)
{
	for (size_t i = 0; i < COUNT(levels); i++) {
		visible_prefix("later TIDCP %s %s", what, levels[i].name);
		visible_outcome("read", visible_try(INSN_MRS(ENC_IMPDEF, 0), levels[i].pstate, 0, 0), false);
		visible_outcome("write", visible_try(INSN_MSR(ENC_IMPDEF, 0), levels[i].pstate, 0, 0), false);
	}
}

/* EL0 in EL2's own regime, where SCTLR_EL2 is the one that counts. */
static void implementation_defined_with_tge(const char *what)
{
	if (!visible_vhe())
		return;
	set(HCR_EL2, visible_hcr() | HCR_TGE);
	isb();
	(void)visible_code(AT_EL0, INSN_MRS(ENC_IMPDEF, 0));
	visible_prefix("later TIDCP %s", what);
	visible_outcome("TGE", visible_run(VISIBLE_EL0_VA, AT_EL0, 0, 0), false);
	set(HCR_EL2, visible_hcr());
	isb();
}

static void tidcp(void)
{
	uint64_t el2 = get(SCTLR_EL2);

	visible_bit_of_sctlr("later TIDCP", SCTLR_TIDCP);
	implementation_defined("0");
	implementation_defined_with_tge("0");
	open_el0(SCTLR_TIDCP);
	implementation_defined("of EL1");
	implementation_defined_with_tge("of EL1");
	set(HCR_EL2, visible_hcr() | HCR_TIDCP);
	isb();
	implementation_defined("of EL1 and EL2");
	set(HCR_EL2, visible_hcr());
	open_el0(0);
	if (!visible_vhe())
		return;
	set(SCTLR_EL2, el2 | SCTLR_TIDCP);
	isb();
	implementation_defined("of EL2's EL0");
	implementation_defined_with_tge("of EL2's EL0");
	set(SCTLR_EL2, el2);
	isb();
}

static void access_with_pan(const char *name, uint32_t insn, uint64_t va)
{
	visible_outcome(name, visible_try(insn, AT_EL1 | PSTATE_PAN, va, 0), false);
}

static void at_with_pan(const char *name, unsigned enc, uint64_t va)
{
	uint64_t code = visible_code(AT_EL2, INSN_MSR(enc, 0), INSN_ISB, INSN_MRS(ENC_PAR_EL1, 0));

	visible_par(name, visible_run(code, AT_EL2 | PSTATE_PAN, va, 0)->x[0]);
}

/* Pages of EL1 that EL0 may execute or not, read or not, with EPAN 0 and 1; by EL1 itself and by AT. */
static void epan(void)
{
	uint64_t *root = rt_page();

	visible_bit_of_sctlr("later EPAN", SCTLR_EPAN);
	tables_map_ram(root, S1_ATTR(1) | S1_INNER | DESC_AF | S1_UXN);
	for (uint64_t i = 0; i < 8; i++)
		*tables_descriptor(root, AREA(16) | i * PAGE_SIZE, 3) =
			(uint64_t)visible_scratch | DESC_PAGE | DESC_AF | S1_ATTR(1) | S1_INNER | S1_PXN |
			(i & 1 ? S1_UXN : 0) | (i & 2 ? S1_EL0 : 0) | (i & 4 ? S1_READ_ONLY : 0);
	for (uint64_t on = 0; on < 2; on++) {
		tables_stage1_on((uint64_t)root, on ? SCTLR_EPAN : 0);
		for (uint64_t i = 0; i < 8; i++) {
			uint64_t va = AREA(16) | i * PAGE_SIZE;

			visible_prefix("later EPAN %lx page %lx", on, i);
			access_with_pan("load", INSN_LDR_X1_X0, va);
			access_with_pan("store", INSN_STR_X1_X0, va);
			visible_outcome("load without PAN", visible_try(INSN_LDR_X1_X0, AT_EL1, va, 0),
					false);
			at_with_pan("S1E1RP", ENC_AT_S1E1RP, va);
			at_with_pan("S1E1WP", ENC_AT_S1E1WP, va);
			at_with_pan("S1E1R", ENC_AT_S1E1R, va);
		}
	}
}

void topic_later(void)
{
	uint64_t isar2 = get(ID_AA64ISAR2_EL1), mmfr1 = get(ID_AA64MMFR1_EL1);

	visible_map_for_el0();
	open_el0(0);
	visible_value("nothing but this", 0);
	if (field_get(ID_AA64ISAR0_RNDR, get(ID_AA64ISAR0_EL1)))
		random_numbers();
	if (field_get(ID_AA64ISAR2_WFXT, isar2)) {
		timed_waits();
		trapped_waits("past", 0);
		trapped_waits("far", UINT64_MAX);
	}
	if (field_get(ID_AA64MMFR1_AFP, mmfr1))
		alternate_floating_point();
	if (field_get(ID_AA64MMFR1_TIDCP1, mmfr1))
		tidcp();
	if (field_get(ID_AA64MMFR1_PAN, mmfr1) >= 3)
		epan();
}
