/*
 * What does EL2 see of the interrupt controller's and the timers' virtual state?  The status registers that follow from
 * list registers, what EL1 sees of those, and offsets of EL1's counter.  Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define LR_PENDING(id, priority) (ICH_LR_PENDING | ICH_LR_GROUP | field_put(ICH_LR_PRIORITY, priority) | (id))
#define LR_ACTIVE(id, priority) (ICH_LR_ACTIVE | ICH_LR_GROUP | field_put(ICH_LR_PRIORITY, priority) | (id))

static const unsigned lr_enc[] = { ENC_ICH_LR0_EL2, ENC_ICH_LR1_EL2, ENC_ICH_LR2_EL2, ENC_ICH_LR3_EL2 };

static void clear(void)
{
	for (size_t i = 0; i < COUNT(lr_enc); i++)
		visible_write(lr_enc[i], 0);
	set(ICH_AP0R0_EL2, 0);
	set(ICH_AP1R0_EL2, 0);
	set(ICH_HCR_EL2, 0);
	set(ICH_VMCR_EL2, field_put(ICH_VMCR_VPMR, 0xf8) | ICH_VMCR_VENG1);
}

/* QEMU 10.0 asserts VGRP0D while group 1 is disabled, not group 0. */
static uint64_t misr(void)
{
	uint64_t value = get(ICH_MISR_EL2);

	if (!visible_bare())
		return value;
	value &= ~ICH_MISR_VGRP0D;
	if ((get(ICH_HCR_EL2) & ICH_HCR_VGRP0DIE) && !(get(ICH_VMCR_EL2) & ICH_VMCR_VENG0))
		value |= ICH_MISR_VGRP0D;
	return value;
}

static void show_status(void)
{
	visible_value("MISR", misr());
	visible_value("EISR", get(ICH_EISR_EL2));
	visible_value("ELRSR", get(ICH_ELRSR_EL2));
}

static void read_back(void)
{
	static const uint64_t values[] = {
		LR_PENDING(40, 0x80),
		LR_ACTIVE(41, 0x10) | ICH_LR_HW | field_put(ICH_LR_PINTID, 40),
		ICH_LR_EOI | 42,
		LR_PENDING(43, 0xf8) & ~ICH_LR_GROUP,
		LR_PENDING(8191, 0) | ICH_LR_ACTIVE,
	};

	visible_prefix("list registers");
	set(ICH_HCR_EL2, ICH_HCR_EN);
	for (size_t i = 0; i < COUNT(values); i++) {
		visible_write(lr_enc[i % 4], values[i]);
		visible_value("LR", visible_read(lr_enc[i % 4]));
	}
	show_status();
	clear();
}

/*
 * Each reason of a maintenance interrupt, asked for with and without its condition. Whether ICH_MISR_EL2 shows them while
 * ICH_HCR_EL2.En is clear, IHI0069 leaves open.
 */
static void maintenance(void)
{
	static const struct {
		const char *name;
		uint64_t hcr, vmcr, lr[2];
	} cases[] = {
		{ "underflow", ICH_HCR_EN | ICH_HCR_UIE, ICH_VMCR_VENG1, { LR_PENDING(40, 0), 0 } },
		{ "no underflow",
		  ICH_HCR_EN | ICH_HCR_UIE,
		  ICH_VMCR_VENG1,
		  { LR_PENDING(40, 0), LR_ACTIVE(41, 0) } },
		{ "none pending", ICH_HCR_EN | ICH_HCR_NPIE, ICH_VMCR_VENG1, { LR_ACTIVE(40, 0), 0 } },
		{ "one pending", ICH_HCR_EN | ICH_HCR_NPIE, ICH_VMCR_VENG1, { LR_PENDING(40, 0), 0 } },
		{ "EOI", ICH_HCR_EN, ICH_VMCR_VENG1, { ICH_LR_EOI | 40, LR_PENDING(41, 0) } },
		{ "EOI of an active one", ICH_HCR_EN, ICH_VMCR_VENG1, { LR_ACTIVE(40, 0) | ICH_LR_EOI, 0 } },
		{ "EOIcount",
		  ICH_HCR_EN | ICH_HCR_LRENPIE | field_put(ICH_HCR_EOICOUNT, 3),
		  ICH_VMCR_VENG1,
		  { 0, 0 } },
		{ "EOIcount not asked for",
		  ICH_HCR_EN | field_put(ICH_HCR_EOICOUNT, 3),
		  ICH_VMCR_VENG1,
		  { 0, 0 } },
		{ "group 0 enabled", ICH_HCR_EN | ICH_HCR_VGRP0EIE, ICH_VMCR_VENG0, { 0, 0 } },
		{ "group 0 disabled", ICH_HCR_EN | ICH_HCR_VGRP0DIE, ICH_VMCR_VENG1, { 0, 0 } },
		{ "group 1 enabled", ICH_HCR_EN | ICH_HCR_VGRP1EIE, ICH_VMCR_VENG1, { 0, 0 } },
		{ "group 1 disabled", ICH_HCR_EN | ICH_HCR_VGRP1DIE, ICH_VMCR_VENG0, { 0, 0 } },
		{ "all",
		  ICH_HCR_EN | BITS(7, 1) | field_put(ICH_HCR_EOICOUNT, 1),
		  ICH_VMCR_VENG1,
		  { ICH_LR_EOI | 40, 0 } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		visible_prefix("maintenance %s", cases[i].name);
		for (unsigned n = 0; n < 2; n++)
			visible_write(lr_enc[n], cases[i].lr[n]);
		set(ICH_VMCR_EL2, cases[i].vmcr | field_put(ICH_VMCR_VPMR, 0xf8));
		set(ICH_HCR_EL2, cases[i].hcr);
		show_status();
		clear();
	}
}

/* EL1 acknowledges and ends what EL2 put into a list register. */
static void at_el1(void)
{
	set(HCR_EL2, visible_hcr() | HCR_IMO | HCR_FMO);
	set(ICH_HCR_EL2, ICH_HCR_EN);
	set(ICH_LR0_EL2, LR_PENDING(40, 0x80));
	set(ICH_LR1_EL2, LR_PENDING(41, 0x40));
	set(ICH_LR2_EL2, LR_PENDING(42, 0xf0));
	isb();
	visible_prefix("virtual interface");
	visible_outcome("ISR", visible_try(INSN_MRS(ENC_ISR_EL1, 0), AT_EL1, 0, 0), true);
	visible_outcome("HPPIR1", visible_try(INSN_MRS(ENC_ICC_HPPIR1_EL1, 0), AT_EL1, 0, 0), true);
	visible_outcome("interrupt", visible_try(INSN_ISB, AT_EL1 & ~PSTATE_I, 0, 0), false);
	visible_outcome("IAR1", visible_try(INSN_MRS(ENC_ICC_IAR1_EL1, 0), AT_EL1, 0, 0), true);
	visible_value("LR1", get(ICH_LR1_EL2));
	visible_value("AP1R0", get(ICH_AP1R0_EL2));
	visible_outcome("RPR", visible_try(INSN_MRS(ENC_ICC_RPR_EL1, 0), AT_EL1, 0, 0), true);
	visible_outcome("HPPIR1", visible_try(INSN_MRS(ENC_ICC_HPPIR1_EL1, 0), AT_EL1, 0, 0), true);
	visible_outcome("EOIR1", visible_try(INSN_MSR(ENC_ICC_EOIR1_EL1, 0), AT_EL1, 41, 0), false);
	visible_value("LR1", get(ICH_LR1_EL2));
	visible_value("AP1R0", get(ICH_AP1R0_EL2));
	visible_outcome("PMR", visible_try(INSN_MSR(ENC_ICC_PMR_EL1, 0), AT_EL1, 0x80, 0), false);
	visible_value("VMCR", get(ICH_VMCR_EL2) & (ICH_VMCR_VENG1 | ICH_VMCR_VPMR));
	visible_outcome("ISR", visible_try(INSN_MRS(ENC_ISR_EL1, 0), AT_EL1, 0, 0), true);
	visible_outcome("IAR1", visible_try(INSN_MRS(ENC_ICC_IAR1_EL1, 0), AT_EL1, 0, 0), true);
	visible_outcome("IGRPEN1", visible_try(INSN_MSR(ENC_ICC_IGRPEN1_EL1, 0), AT_EL1, 0, 0), false);
	visible_value("VMCR", get(ICH_VMCR_EL2) & (ICH_VMCR_VENG1 | ICH_VMCR_VPMR));
	visible_outcome("EOIR1 of nothing", visible_try(INSN_MSR(ENC_ICC_EOIR1_EL1, 0), AT_EL1, 60, 0),
			false);
	show_status();
	clear();
	visible_reset_controls();
}

void topic_gic(void)
{
	visible_value("VTR", get(ICH_VTR_EL2) &
				     (ICH_VTR_LISTREGS | ICH_VTR_IDBITS | ICH_VTR_PREBITS | ICH_VTR_PRIBITS));
	visible_value("ICC_SRE_EL2", get(ICC_SRE_EL2));
	clear();
	read_back();
	maintenance();
	at_el1();
}

/* --- timers --- */

static uint64_t now(void)
{
	isb();
	return read_sysreg(CNTPCT_EL0);
}

/* The counter goes on while this runs: it was read before. */
static bool is_since(uint64_t value, uint64_t before)
{
	return value - before <= now() - before;
}

static uint64_t at_el1_read(unsigned enc)
{
	return visible_try(INSN_MRS(enc, 0), AT_EL1, 0, 0)->x[0];
}

/*
 * The timer is on and not expired, and then expires while EL2 runs. Under firn the reads of ACTLR_EL2 trap, which brings
 * ISTATUS; an emulator may be late with it, but not by a hundred seconds.
 */
static uint64_t status_after_expiry(unsigned ctl, unsigned cval)
{
	uint64_t hz = read_sysreg(CNTFRQ_EL0), due = read_sysreg(CNTPCT_EL0) + hz / 100, status;

	visible_write(cval, due);
	do {
		visible_read(ENC_ACTLR_EL2);
		status = visible_read(ctl);
	} while (!(status & CNT_CTL_ISTATUS) && read_sysreg(CNTPCT_EL0) < due + 100 * hz);
	return status;
}

/*
 * ISTATUS of a timer that has expired and of one that has not, as each name shows it. EL2's names for EL1's timers are
 * memory under FEAT_NV2: hardware does not keep ISTATUS up to date there while EL2 runs, but a visit to EL1 brings it.
 */
static void timer(const char *name, unsigned ctl, unsigned cval, bool of_el1)
{
	visible_prefix("timer %s", name);
	if (!visible_done(visible_try(INSN_MRS(ctl, 0), AT_EL2, 0, 0)))
		return;
	visible_write(cval, 0);
	visible_write(ctl, CNT_CTL_ENABLE | CNT_CTL_IMASK);
	if (of_el1)
		visible_try(INSN_ISB, AT_EL1, 0, 0);
	visible_value("expired", visible_read(ctl));
	visible_write(cval, ~UINT64_C(0) >> 1);
	if (of_el1)
		visible_try(INSN_ISB, AT_EL1, 0, 0);
	visible_value("not expired", visible_read(ctl));
	visible_value("expires at EL2", status_after_expiry(ctl, cval));
	visible_write(ctl, CNT_CTL_IMASK);
	visible_value("off",
		      visible_read(ctl) & ~CNT_CTL_ISTATUS); /* ISTATUS is UNKNOWN while the timer is off */
	visible_write(cval, 0);
	visible_write(ctl, 0);
}

/* EL1's names for the same timers. */
static void timer_of_el1(const char *name, unsigned ctl, unsigned cval)
{
	visible_prefix("timer of EL1 %s", name);
	visible_try(INSN_MSR(cval, 0), AT_EL1, 0, 0);
	visible_try(INSN_MSR(ctl, 0), AT_EL1, CNT_CTL_ENABLE | CNT_CTL_IMASK, 0);
	visible_value("expired", at_el1_read(ctl));
	visible_try(INSN_MSR(cval, 0), AT_EL1, ~UINT64_C(0) >> 1, 0);
	visible_value("not expired", at_el1_read(ctl));
	visible_try(INSN_MSR(ctl, 0), AT_EL1, 0, 0);
}

static void offsets(void)
{
	static const uint64_t values[] = { 0, UINT64_C(1) << 40, UINT64_C(0xffffff0000000000) };

	visible_prefix("counter");
	for (size_t i = 0; i < COUNT(values); i++) {
		uint64_t before;

		set(CNTVOFF_EL2, values[i]);
		before = now();
		visible_value("CNTVCT at EL1", is_since(at_el1_read(ENC_CNTVCT_EL0) + values[i], before));
		visible_value("CNTPCT at EL1", is_since(at_el1_read(ENC_CNTPCT_EL0), before));
		/* EL2 itself has no offset with E2H=1 */
		visible_value("CNTVCT at EL2",
			      is_since(get(CNTVCT_EL0) + (visible_vhe() ? 0 : values[i]), before));
	}
	set(CNTVOFF_EL2, 0);
}

/* A timer programmed by EL2 through its name for EL1's timer is the one that EL1 sees, and the reverse. */
static void names(void)
{
	unsigned ctl = visible_vhe() ? ENC_CNTV_CTL_EL02 : ENC_CNTV_CTL_EL0;
	unsigned cval = visible_vhe() ? ENC_CNTV_CVAL_EL02 : ENC_CNTV_CVAL_EL0;

	visible_prefix("timer names");
	visible_write(cval, 0x123456789);
	visible_write(ctl, CNT_CTL_IMASK);
	visible_value("CVAL at EL1", at_el1_read(ENC_CNTV_CVAL_EL0));
	visible_value("CTL at EL1", at_el1_read(ENC_CNTV_CTL_EL0) & ~CNT_CTL_ISTATUS);
	visible_try(INSN_MSR(ENC_CNTV_CVAL_EL0, 0), AT_EL1, 0xabcdef, 0);
	visible_value("CVAL at EL2", visible_read(cval));
	visible_write(ctl, 0);
}

void topic_timer(void)
{
	timer("CNTHP", ENC_CNTHP_CTL_EL2, ENC_CNTHP_CVAL_EL2, false);
	timer("CNTHV", ENC_CNTHV_CTL_EL2, ENC_CNTHV_CVAL_EL2, false);
	timer("CNTP", ENC_CNTP_CTL_EL0, ENC_CNTP_CVAL_EL0, !visible_vhe());
	timer("CNTV", ENC_CNTV_CTL_EL0, ENC_CNTV_CVAL_EL0, !visible_vhe());
	if (visible_vhe()) {
		timer("CNTP_EL02", ENC_CNTP_CTL_EL02, ENC_CNTP_CVAL_EL02, true);
		timer("CNTV_EL02", ENC_CNTV_CTL_EL02, ENC_CNTV_CVAL_EL02, true);
	}
	timer_of_el1("CNTP", ENC_CNTP_CTL_EL0, ENC_CNTP_CVAL_EL0);
	timer_of_el1("CNTV", ENC_CNTV_CTL_EL0, ENC_CNTV_CVAL_EL0);
	offsets();
	names();
}
