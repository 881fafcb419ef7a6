/*
 * How long are vectors at each level, and who traps SVE?  CPTR_EL2.{ZEN,TZ}, CPACR_EL1.ZEN, ZCR_EL2 and ZCR_EL1.  With E2H=0 in nv
 * mode firn shows no SVE, and the topic is empty.  Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

static void el2_allows(bool zen)
{
	set(CPTR_EL2,
	    visible_vhe() ? CPACR_FPEN | (zen ? CPACR_ZEN : 0) : CPTR_NVHE_RES1 & ~(zen ? CPTR_NVHE_TZ : 0));
	isb();
}

static void set_zcr(uint64_t el2, uint64_t el1)
{
	set(ZCR_EL2, el2);
	set_el1(ZCR, el1);
	isb();
}

/* ZCR_EL2 limits both, and ZCR_EL1 what is below EL2. */
static void lengths(void)
{
	static const uint8_t len[] = { 0, 1, 3, 7, 15 };

	for (unsigned i = 0; i < sizeof(len); i++) {
		for (unsigned j = 0; j < sizeof(len); j++) {
			set_zcr(len[i], len[j]);
			visible_prefix("sve lengths %lx %lx", (uint64_t)len[i], (uint64_t)len[j]);
			visible_outcome("EL2", visible_try(INSN_RDVL, AT_EL2, 0, 0), true);
			visible_outcome("EL1", visible_try(INSN_RDVL, AT_EL1, 0, 0), true);
			visible_outcome("EL2 again", visible_try(INSN_RDVL, AT_EL2, 0, 0), true);
			visible_value("ZCR_EL2", get(ZCR_EL2));
			visible_value("ZCR_EL1", visible_read(EL1_ENC(ZCR)));
			if (visible_vhe())
				visible_value("EL1's name", get(ZCR_EL1));
		}
	}
}

/* What EL1 writes to its register is what EL2 finds there. */
static void written_by_el1(void)
{
	set_zcr(3, 0);
	visible_prefix("sve written by EL1");
	visible_outcome("rdvl",
			visible_run(visible_code(AT_EL1, INSN_MSR(ENC_ZCR_EL1, 0), INSN_ISB, INSN_RDVL),
				    AT_EL1, 1, 0),
			true);
	visible_value("ZCR_EL1", visible_read(EL1_ENC(ZCR)));
	visible_value("ZCR_EL2", get(ZCR_EL2));
}

static void traps(const char *what)
{
	visible_prefix("sve %s", what);
	visible_outcome("rdvl EL1", visible_try(INSN_RDVL, AT_EL1, 0, 0), false);
	visible_outcome("rdvl EL0", visible_try(INSN_RDVL, AT_EL0, 0, 0), false);
	visible_outcome("zcr:r EL1", visible_try(INSN_MRS(ENC_ZCR_EL1, 0), AT_EL1, 0, 0), false);
	visible_outcome("zcr:w EL1", visible_try(INSN_MSR(ENC_ZCR_EL1, 0), AT_EL1, 0, 0), false);
	visible_outcome("fmov EL1", visible_try(INSN_FMOV, AT_EL1, 0, 0), false);
	visible_outcome("rdvl EL2", visible_try(INSN_RDVL, AT_EL2, 0, 0), false);
}

static void controls(void)
{
	static const uint8_t zen[] = { 0, 1, 2, 3 };

	for (unsigned i = 0; i < sizeof(zen); i++) {
		el2_allows(true);
		set_el1(CPACR, CPACR_FPEN | field_put(CPACR_ZEN, zen[i]));
		visible_prefix("sve");
		visible_value("CPACR_EL1.ZEN", zen[i]);
		traps("by CPACR_EL1");
		if (!visible_vhe())
			continue;
		set_el1(CPACR, CPACR_FPEN | CPACR_ZEN);
		set(CPTR_EL2, CPACR_FPEN | field_put(CPACR_ZEN, zen[i]));
		traps("by CPTR_EL2");
	}
	set_el1(CPACR, CPACR_FPEN | CPACR_ZEN);
	el2_allows(false);
	traps("off at EL2");
	set(CPTR_EL2, visible_vhe() ? CPACR_ZEN : (CPTR_NVHE_RES1 & ~CPTR_NVHE_TZ) | CPTR_NVHE_TFP);
	isb();
	traps("on without FP");
}

/* While an interrupt is pending that is not taken at EL2. */
static void beside_an_interrupt(void)
{
	el2_allows(true);
	set_zcr(7, 3);
	visible_prefix("sve beside an interrupt that is not routed");
	visible_hold();
	visible_outcome("rdvl EL2", visible_try(INSN_RDVL, AT_EL2, 0, 0), true);
	visible_value("ZCR_EL2", get(ZCR_EL2));
	visible_outcome("fmov EL2", visible_try(INSN_FMOV, AT_EL2, 0, 0), false);
	set(ZCR_EL2, 1);
	isb();
	visible_outcome("rdvl EL2", visible_try(INSN_RDVL, AT_EL2, 0, 0), true);
	visible_outcome("rdvl EL1", visible_try(INSN_RDVL, AT_EL1, 0, 0), true);
	visible_outcome("rdvl EL2", visible_try(INSN_RDVL, AT_EL2, 0, 0), true);
	visible_let_go();
}

void topic_sve(void)
{
	if (!field_get(ID_AA64PFR0_SVE, get(ID_AA64PFR0_EL1))) {
		visible_outcome("ZCR_EL2", visible_try(INSN_MRS(ENC_ZCR_EL2, 0), AT_EL2, 0, 0), false);
		visible_outcome("rdvl", visible_try(INSN_RDVL, AT_EL1, 0, 0), false);
		return;
	}
	el2_allows(true);
	set_el1(CPACR, CPACR_FPEN | CPACR_ZEN);
	visible_value("ID_AA64ZFR0_EL1", get(ID_AA64ZFR0_EL1));
	lengths();
	written_by_el1();
	controls();
	beside_an_interrupt();
}
