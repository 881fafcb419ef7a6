/*
 * Which exits are there only because L1's time stands still while L0 records?  CNTVOFF_EL2 moves the virtual counter. The physical
 * one has no offset that works everywhere, so accesses to it and to its timer trap, and are carried out here as hardware would.
 * Reads: quiet.h, host/report/pause.h.  Next: host/run/traced.S.
 */
#include "host/record/quiet.h"

#include "host/core/features.h"
#include "host/core/mmu.h"
#include "host/machine/sysreg.h"
#include "host/report/pause.h"
#include "nv/arch/fields.h"
#include "nv/timer.h"
#include "nv/translate.h"

#define NANOSECONDS UINT64_C(1000000000)
#define BRANCH UINT32_C(0x14000000)
#define BRANCH_IMM26 UINT32_C(0x03ffffff)

/* --- the beginning --- */

static uint64_t rest;

/* In ticks of a counter of which QEMU's -icount makes a nanosecond of each instruction. */
static uint64_t ticks_of(uint32_t instructions)
{
	return instructions * read_sysreg(CNTFRQ_EL0) / NANOSECONDS;
}

static void tell_instructions(enum pause_piece piece, const uint32_t instructions[2])
{
	paused.ticks[piece] = ticks_of(instructions[0]);
	paused.before[piece] = ticks_of(instructions[1]);
}

static void patch(const struct site_row *row)
{
	uint32_t *at = pa_to_va(va_to_pa(row->at));

	*at = BRANCH | ((uint32_t)(row->stub - row->at) & BRANCH_IMM26);
	dc_civac((uint64_t)at);
}

void quiet_start(struct quiet_instructions i)
{
	tell_instructions(PAUSE_SITE, pause_site_instructions);
	for (unsigned piece = PAUSE_EXIT; piece < PAUSE_PIECES; piece++)
		tell_instructions(piece, i.traced[piece - PAUSE_EXIT]);
	rest = ticks_of(i.rest);
	paused.cntp_cval = read_sysreg(CNTP_CVAL_EL02);
	paused.cnthctl = read_sysreg(CNTHCTL_EL2);
	mmu_alias_text(true);
	for (const struct site_row *row = site_table; row < site_table_end; row++)
		patch(row);
	dsb_ish(); /* what was cleaned is there before instruction caches look */
	mmu_alias_text(false);
	ic_ialluis();
	dsb_ish();
	isb();
	paused.on = 1;
}

/* --- an exit --- */

/* The control that lets L1 have the register; 0: it is none of these. */
static uint64_t lets_through(enum sysreg r)
{
	switch (r) {
	case SR_CNTPCT_EL0:
	case SR_CNTPCTSS_EL0:
		return CNTHCTL_EL1PCTEN;
	case SR_CNTP_CTL_EL0:
	case SR_CNTP_CVAL_EL0:
	case SR_CNTP_TVAL_EL0:
		return CNTHCTL_EL1PTEN;
	default:
		return 0;
	}
}

/* Hardware's timer, as if its compare value were not later. */
static struct nv_timer timer(void)
{
	return (struct nv_timer){ read_sysreg(CNTP_CTL_EL02), paused.cntp_cval };
}

/* The physical counter of what ran, with the offset that hardware has for it. */
static uint64_t count(void)
{
	bool has_offset = cpu_features()->ecv_poff;

	return paused.now - nv_cntpoff(paused.cnthctl, has_offset ? read_sysreg(CNTPOFF_EL2) : 0, has_offset);
}

static uint64_t read(enum sysreg r)
{
	struct nv_timer_name n = nv_timer_name(r);

	if (lets_through(r) == CNTHCTL_EL1PCTEN)
		return count();
	return n.part == NV_TIMER_CTL ? timer().ctl : nv_timer_get(timer(), n.part, count());
}

static void write(enum sysreg r, uint64_t value)
{
	struct nv_timer t = nv_timer_set(timer(), nv_timer_name(r).part, value, count());

	paused.cntp_cval = t.cval;
	write_sysreg(CNTP_CTL_EL02, t.ctl);
}

/* Carries it out, at the time at which hardware would have. */
static void do_access(struct vcpu *v, enum sysreg r, uint64_t iss)
{
	unsigned rt = (unsigned)field_get(ESR_SYS64_RT, iss);

	paused.now = v->ledger.entered_l0 - paused.stolen - paused.before[PAUSE_QUIET];
	if (iss & ESR_SYS64_READ)
		vcpu_set_x(v, rt, read(r));
	else
		write(r, vcpu_x(v, rt));
	vcpu_end_instruction(v);
	v->ledger.book->now.entries--;
}

/* When v was entered, nothing was stolen yet of what this exit may steal. */
static bool is_noted;

bool quiet_exit(struct vcpu *v, bool is_sync, uint64_t esr)
{
	enum sysreg r = SR_NONE;

	if (is_sync && field_get(ESR_EC, esr) == EC_SYS64)
		r = sysreg_from_iss((uint32_t)(esr & ESR_ISS));
	if (!is_noted)
		v->ledger.left_l0 -= paused.stolen;
	is_noted = lets_through(r) & paused.cnthctl;
	if (is_noted) {
		do_access(v, r, esr);
		return true;
	}
	v->ledger.entered_l0 -= paused.stolen;
	paused.now = v->ledger.entered_l0;
	return false;
}

uint64_t quiet_rest(void)
{
	return rest;
}
