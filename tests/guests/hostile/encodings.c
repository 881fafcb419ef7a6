/*
 * What does every system register and every system instruction do, that an encoding can name?  Each gives a value, or is
 * UNDEFINED; nothing else.  Reads: hostile.h.
 */
#include "tests/guests/hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

/* op0 = 2 and 3 are registers; op0 = 1 are instructions. */
#define FIRST_REGISTER SYSREG_ENC(2, 0, 0, 0, 0)
#define FIRST_INSTRUCTION SYSREG_ENC(1, 0, 0, 0, 0)

/*
 * A class of its own instead of 0: with FEAT_IDST for reads of the identification space (op0 = 3, op1 = 0, 1, 3, CRn = 0);
 * for SVE and SME while CPACR_EL1 does not enable them, which hardware checks before it can be told that L1 has neither;
 * and what EL1 keeps from EL0.
 */
static bool has_own_class(const struct outcome *o, unsigned enc, uint64_t pstate)
{
	uint64_t class = field_get(ESR_EC, pstate == AT_EL2 ? o->esr : o->x[10]);
	bool id = (enc & SYSREG_ENC(3, 2, 15, 0, 0)) == SYSREG_ENC(3, 0, 0, 0, 0) ||
		  (enc & SYSREG_ENC(3, 7, 15, 0, 0)) == SYSREG_ENC(3, 3, 0, 0, 0);

	return (class == EC_SYS64 && (id || pstate == AT_EL0)) || class == EC_SVE || class == EC_SME;
}

/* To EL0 nearly all is UNDEFINED: what is not op1 = 3 is tried in samples. */
static bool is_tried(unsigned enc, uint64_t pstate)
{
	return pstate != AT_EL0 || (enc >> 11 & 7) == 3 || enc % 13 == 0;
}

static void read_all(const char *where, uint64_t pstate)
{
	unsigned values = 0, undefined = 0;

	for (unsigned enc = FIRST_REGISTER; enc < SYSREG_ENCODINGS; enc++) {
		const struct outcome *o;
		bool done;

		if (!is_tried(enc, pstate))
			continue;
		o = visible_try(INSN_MRS(enc, 0), pstate, 0, 0);
		done = visible_done(o);
		hostile_check(done || hostile_undefined(o, pstate) || has_own_class(o, enc, pstate),
			      "read of an encoding", enc, o);
		values += done;
		undefined += !done;
	}
	rt_print("# %s: %u read, %u undefined\n", where, values, undefined);
	hostile_check(values > 5 && undefined > 20, "implausible number of registers", values, NULL);
}

/* By L1 and by its guest, with L1's stage 2 on for the latter. */
void case_encodings(void)
{
	uint64_t vttbr = hostile_stage2();

	read_all("EL2", AT_EL2);
	set(VTTBR_EL2, vttbr);
	set(HCR_EL2, visible_hcr() | HCR_VM | HCR_IMO | HCR_FMO);
	isb();
	read_all("EL1", AT_EL1);
	read_all("EL0", AT_EL0);
}

/*
 * A register that holds its reader's own ground is written with what it holds. All others with garbage, and then restored,
 * in one go. MDSCR_EL1 and the debug registers would make the next instruction a debug exception, which is one more
 * outcome; DAIF and SPSel change how the run ends.
 */
static bool is_own_ground(unsigned enc, bool el2)
{
	switch (enc) {
	case SYSREG_ENC(3, 0, 4, 2, 0): /* SPSel */
	case SYSREG_ENC(3, 3, 4, 2, 1): /* DAIF */
	case SYSREG_ENC(3, 3, 4, 2, 2): /* SVCR */
	case SYSREG_ENC(3, 0, 4, 3, 0): /* ALLINT */
	case ENC_SCTLR_EL1:
	case ENC_TCR_EL1:
	case ENC_TTBR0_EL1:
	case ENC_TTBR1_EL1:
	case ENC_MAIR_EL1:
	case ENC_VBAR_EL1:
	case ENC_MDSCR_EL1:
		return true;
	case ENC_HCR_EL2:
	case ENC_SCTLR_EL2:
	case ENC_TCR_EL2:
	case ENC_TTBR0_EL2:
	case ENC_MAIR_EL2:
	case ENC_VBAR_EL2:
		return el2;
	default:
		return false;
	}
}

static void write_all(const char *where, uint64_t pstate)
{
	unsigned written = 0;

	for (unsigned enc = FIRST_REGISTER; enc < SYSREG_ENCODINGS; enc++) {
		bool own = is_own_ground(enc, pstate == AT_EL2), readable;
		const struct outcome *o;
		uint64_t before, value;

		if (!is_tried(enc, pstate))
			continue;
		o = visible_try(INSN_MRS(enc, 0), pstate, 0, 0);
		readable = visible_done(o);
		before = o->x[0];
		value = own ? before : hostile_garbage(enc % 8);
		if (own && !readable)
			continue;
		o = visible_run(readable ? visible_code(pstate, INSN_MSR(enc, 0), INSN_ISB, INSN_MSR(enc, 1),
							INSN_ISB) :
					   visible_code(pstate, INSN_MSR(enc, 0), INSN_ISB),
				pstate, value, before);
		hostile_check(visible_done(o) || hostile_undefined(o, pstate) ||
				      has_own_class(o, enc, pstate),
			      "write of an encoding", enc, o);
		written += visible_done(o);
	}
	rt_print("# %s: %u written\n", where, written);
	hostile_check(written > 5, "implausible number of registers", written, NULL);
}

/* SGIs that garbage in ICC_SGI1R_EL1 sends stay pending: nothing is enabled. */
void case_writes(void)
{
	write_all("EL2", AT_EL2);
	visible_reset_controls();
	write_all("EL1", AT_EL1);
	visible_reset_controls();
	write_all("EL0", AT_EL0);
}

/* TLBI, AT, DC and IC have CRn 7, 8 and 9; the rest is nothing, or PSTATE. */
static bool has_operands(unsigned enc)
{
	unsigned crn = enc >> 7 & 15;

	return crn >= 7 && crn <= 9;
}

/* By address, DC and IC may fault: at EL2 in EL2's own translation, below in EL1's or in stage 2. */
static bool is_abort(const struct outcome *o)
{
	uint64_t class = field_get(ESR_EC, o->esr);

	return hostile_abort_at_el1(o) || class == EC_DABT_CUR || class == EC_DABT_LOW;
}

static void run_all(const char *where, uint64_t pstate)
{
	unsigned executed = 0;

	for (unsigned enc = FIRST_INSTRUCTION; enc < FIRST_REGISTER; enc++)
		for (unsigned n = 0; n < (has_operands(enc) ? 3 : 1); n++) {
			/* zero, all ones, and a page of this program */
			uint64_t x0 = n == 2 ? (uint64_t)visible_scratch : hostile_garbage(n);
			const struct outcome *o = visible_try(INSN_MSR(enc, 0), pstate, x0, 0);

			hostile_check(visible_done(o) || hostile_undefined(o, pstate) || is_abort(o) ||
					      has_own_class(o, enc, pstate),
				      "system instruction", enc, o);
			executed += visible_done(o);
		}
	rt_print("# %s: %u executed\n", where, executed);
	hostile_check(executed > 2, "implausible number of instructions", executed, NULL);
}

void case_instructions(void)
{
	uint64_t vttbr = hostile_stage2();

	run_all("EL2", AT_EL2);
	set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN | SCTLR_UCI | SCTLR_UCT | SCTLR_DZE);
	set(VTTBR_EL2, vttbr);
	set(HCR_EL2, visible_hcr() | HCR_VM);
	isb();
	run_all("EL2 with a stage 2", AT_EL2);
	run_all("EL1", AT_EL1);
	run_all("EL0", AT_EL0);
}
