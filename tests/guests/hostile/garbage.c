/*
 * What does L2 meet when L1's control registers hold garbage?  All of them at once, one run after the other, and each run
 * ends with an exception that L1 takes.  Reads: hostile.h.
 */
#include "tests/guests/hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROUNDS 400

static const unsigned registers[] = {
	ENC_MDCR_EL2,	    ENC_CPTR_EL2,	ENC_CNTHCTL_EL2,   ENC_CNTVOFF_EL2,    ENC_CNTHP_CTL_EL2,
	ENC_CNTHP_CVAL_EL2, ENC_CNTHP_TVAL_EL2, ENC_CNTHV_CTL_EL2, ENC_CNTHV_CVAL_EL2, ENC_HSTR_EL2,
	ENC_VTCR_EL2,	    ENC_VTTBR_EL2,	ENC_VPIDR_EL2,	   ENC_VMPIDR_EL2,     ENC_HPFAR_EL2,
	ENC_TPIDR_EL2,	    ENC_SP_EL1,		ENC_ACTLR_EL2,	   ENC_HACR_EL2,       ENC_ICH_HCR_EL2,
	ENC_ICH_VMCR_EL2,   ENC_ICH_AP0R0_EL2,	ENC_ICH_AP1R0_EL2, ENC_ICH_LR0_EL2,    ENC_ICH_LR1_EL2,
	ENC_ICH_LR2_EL2,    ENC_ICH_LR3_EL2,	ENC_ICH_LR15_EL2,  ENC_ICH_AP1R3_EL2,  ENC_ICH_MISR_EL2,
	ENC_ICC_SRE_EL2,    ENC_HFGRTR_EL2,	ENC_HFGWTR_EL2,	   ENC_HFGITR_EL2,     ENC_HDFGRTR_EL2,
	ENC_HDFGWTR_EL2,    ENC_HAFGRTR_EL2,	ENC_HCRX_EL2,	   ENC_VNCR_EL2,       ENC_CNTPOFF_EL2,
	ENC_VSTTBR_EL2,	    ENC_VSTCR_EL2,
};

/* EL1's and EL0's, by the names that this L1 has for them. */
static const unsigned e2h0[] = {
	ENC_SCTLR_EL1,	   ENC_TCR_EL1,	       ENC_TTBR0_EL1,	 ENC_TTBR1_EL1,	    ENC_MAIR_EL1,
	ENC_CPACR_EL1,	   ENC_CNTKCTL_EL1,    ENC_CNTP_CTL_EL0, ENC_CNTP_CVAL_EL0, ENC_CNTV_CTL_EL0,
	ENC_CNTV_CVAL_EL0, ENC_CONTEXTIDR_EL1, ENC_VBAR_EL1,
};
static const unsigned e2h1[] = {
	ENC_SCTLR_EL12,	    ENC_TCR_EL12,	 ENC_TTBR0_EL12,    ENC_TTBR1_EL12,	ENC_MAIR_EL12,
	ENC_CPACR_EL12,	    ENC_CNTKCTL_EL12,	 ENC_CNTP_CTL_EL02, ENC_CNTP_CVAL_EL02, ENC_CNTV_CTL_EL02,
	ENC_CNTV_CVAL_EL02, ENC_CONTEXTIDR_EL12, ENC_VBAR_EL12,
};

/*
 * E2H stays, since this program is translated by it; HCD would let EL1 loop in its own vectors, which is a case of its own
 * (endless.c); RW is RAO.
 */
static uint64_t garbage_hcr(unsigned round)
{
	return (hostile_garbage(round) & ~(HCR_HCD | HCR_E2H)) | visible_hcr();
}

static void fill_all(unsigned round)
{
	for (size_t i = 0; i < COUNT(registers); i++)
		visible_write(registers[i], hostile_garbage(round < 4 ? round : 4));
}

static void clear_all(void)
{
	write_sysreg(HCR_EL2, visible_hcr());
	isb();
	for (size_t i = 0; i < COUNT(registers); i++)
		if (registers[i] != ENC_MDCR_EL2)
			visible_write(registers[i], 0);
	visible_reset_controls();
}

/* With EL1 as it was; a pending virtual interrupt or SError may come first, when its run lets it. */
static void controls_only(void)
{
	static const uint32_t code[] = { INSN_MRS(ENC_ICC_IAR1_EL1, 0), INSN_MSR(ENC_ICC_EOIR1_EL1, 0),
					 INSN_MSR(ENC_ICC_DIR_EL1, 0), INSN_MRS(ENC_CNTVCT_EL0, 0),
					 INSN_WFE };
	unsigned lower = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t pstate = round % 3 == 0 ? AT_EL1 & ~PSTATE_DAIF : round % 3 == 1 ? AT_EL1 : AT_EL0;
		const struct outcome *o;

		fill_all(round);
		set(HCR_EL2, garbage_hcr(round));
		isb();
		o = visible_run(visible_words(pstate, code, COUNT(code)), pstate, 0, 0);
		lower += o->vector >= RT_LOWER_SYNC;
		hostile_check(o->vector >= RT_SYNC && o->vector < 12, "garbage in EL2's controls", round, o);
		clear_all();
	}
	rt_print("# %u of %u rounds came from below\n", lower, ROUNDS);
}

/*
 * EL1's own registers too, but for SCTLR_EL1.M: with a stage 1 of garbage EL1 would take exceptions to itself for ever. Without
 * it the first fetch meets an empty stage 2, after L0 has loaded it all.
 */
static void all_of_el1(void)
{
	const unsigned *names = visible_vhe() ? e2h1 : e2h0;
	uint64_t *empty = rt_page();

	for (unsigned round = 0; round < ROUNDS; round++) {
		const struct outcome *o;

		for (size_t i = 0; i < COUNT(e2h0); i++)
			visible_write(names[i], hostile_garbage(round < 4 ? round : 4));
		set_el1(SCTLR, get_el1(SCTLR) & ~SCTLR_M);
		set(VTCR_EL2, VTCR_RES1 | field_put(VTCR_T0SZ, 25) | field_put(VTCR_SL0, 1));
		set(VTTBR_EL2, (uint64_t)empty);
		set(HCR_EL2, visible_hcr() | HCR_VM);
		isb();
		o = visible_try(INSN_ISB, AT_EL1, 0, 0);
		hostile_check(hostile_abort_at_el2(o), "garbage in EL1's registers", round, o);
		clear_all();
	}
}

void case_garbage(void)
{
	controls_only();
	all_of_el1();
	hostile_check(visible_done(visible_try(INSN_ISB, AT_EL1, 0, 0)), "L2 does not run any more", 0, NULL);
}

/* HCR_EL2.E2H back and forth, with accesses and visits to EL1 in between; EL2's translation is off. */
void case_e2h(void)
{
	for (unsigned round = 0; round < 500; round++) {
		const struct outcome *o;

		write_sysreg(HCR_EL2, HCR_RW | (hostile_random() & HCR_E2H));
		isb();
		if (round % 3 == 0)
			visible_reset_controls();
		visible_write(ENC_CONTEXTIDR_EL1, round);
		hostile_check((visible_read(ENC_CONTEXTIDR_EL1) & BITS(31, 0)) == round, "CONTEXTIDR_EL1",
			      round, NULL);
		if (visible_vhe())
			hostile_check(get(CONTEXTIDR_EL2) == round, "CONTEXTIDR_EL2 by its other name", round,
				      NULL);
		visible_reset_controls();
		o = visible_try(INSN_MRS(ENC_CONTEXTIDR_EL1, 0), AT_EL1, 0, 0);
		hostile_check(visible_done(o) && (visible_vhe() || o->x[0] == round), "EL1's CONTEXTIDR_EL1",
			      round, o);
	}
	write_sysreg(HCR_EL2, HCR_RW);
	isb();
}
