/*
 * Is each timer one timer under all its names, and is its interrupt its level?  Written at EL2 and read back at EL2, EL1 and EL0, with
 * no exception between where no trap is named; and what GICR_ISPENDR0 says when the line rises and falls.  Reads: visible.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/visible/visible.h"

#define GICR_ISPENDR0 0x10200
#define FAR_AWAY (UINT64_C(1) << 62)
#define SOME_TICKS UINT64_C(0x40000000) /* for TVAL */
#define OFFSET (UINT64_C(1) << 40)
#define TRIES 100000

/* A name of a timer, and the plain one that the level below EL2 has for it. */
struct timer {
	const char *name;
	unsigned ctl, cval, tval, low_ctl, low_cval, low_tval;
	unsigned intid;
	bool el1, vhe; /* EL1's timer; a name for E2H=1 only */
};

#define NAMES(n, level) ENC_##n##_CTL_##level, ENC_##n##_CVAL_##level, ENC_##n##_TVAL_##level
static const struct timer timers[] = {
	{ "CNTHP", NAMES(CNTHP, EL2), NAMES(CNTP, EL0), 26, false, false },
	{ "CNTHV", NAMES(CNTHV, EL2), NAMES(CNTV, EL0), 28, false, false },
	{ "CNTP", NAMES(CNTP, EL0), NAMES(CNTP, EL0), 30, true, false },
	{ "CNTV", NAMES(CNTV, EL0), NAMES(CNTV, EL0), 27, true, false },
	{ "CNTP_EL02", NAMES(CNTP, EL02), NAMES(CNTP, EL0), 30, true, true },
	{ "CNTV_EL02", NAMES(CNTV, EL02), NAMES(CNTV, EL0), 27, true, true },
};

/* With E2H=1 the plain names at EL2 are EL2's timers. */
static bool is_el1s(const struct timer *t)
{
	return t->el1 && (t->vhe || !visible_vhe());
}

static unsigned intid_of(const struct timer *t)
{
	if (!t->el1 || is_el1s(t))
		return t->intid;
	return t->intid == 30 ? 26 : 28;
}

/* How long something took does not matter: the counter was read before it and behind it. */
static bool is_between(uint64_t value, uint64_t first, uint64_t last)
{
	return value - first <= last - first;
}

/* What TVAL showed of this CVAL: 32 bits of a difference. */
static bool is_tval(uint64_t tval, uint64_t cval, uint64_t first, uint64_t last)
{
	return !(tval >> 32) && (uint32_t)(tval - (cval - last)) <= (uint32_t)(last - first);
}

static uint64_t now(void)
{
	isb();
	return read_sysreg(CNTPCT_EL0);
}

/* --- names --- */

/* A trap to whatever is above: what was written to memory has its effect then at the latest. */
#define TRAP INSN_MRS(ENC_ACTLR_EL2, 9)

static const struct outcome *at_el2(const uint32_t *insn, unsigned count, uint64_t x0, uint64_t x1)
{
	return visible_run(visible_words(AT_EL2, insn, count), AT_EL2, x0, x1);
}
#define AT_EL2_RUN(x0, x1, ...)                   \
	at_el2((const uint32_t[]){ __VA_ARGS__ }, \
	       sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t), x0, x1)

static void round_trip(const struct timer *t)
{
	const struct outcome *o;
	uint64_t before;

	o = AT_EL2_RUN(0x123456789, CNT_CTL_IMASK, INSN_MSR(t->cval, 0), INSN_MSR(t->ctl, 1), INSN_ISB,
		       INSN_MRS(t->cval, 2), INSN_MRS(t->ctl, 3), TRAP, INSN_MRS(t->cval, 4),
		       INSN_MRS(t->ctl, 5));
	visible_value("CVAL", o->x[2]);
	visible_value("CTL", o->x[3]);
	visible_value("CVAL behind a trap", o->x[4]);
	visible_value("CTL behind a trap", o->x[5]);
	o = AT_EL2_RUN(0, ~UINT64_C(0), INSN_MSR(t->cval, 0), INSN_MSR(t->ctl, 1), TRAP, INSN_MRS(t->ctl, 2));
	visible_value("CTL of ones", o->x[2]);
	before = now();
	o = AT_EL2_RUN(SOME_TICKS, CNT_CTL_ENABLE | CNT_CTL_IMASK, INSN_MSR(t->ctl, 1), INSN_MSR(t->tval, 0),
		       TRAP, INSN_MRS(t->cval, 2), INSN_MRS(ENC_CNTPCT_EL0, 3), INSN_MRS(t->tval, 4),
		       INSN_MRS(t->ctl, 5));
	visible_value("CVAL of TVAL", is_between(o->x[2] - SOME_TICKS, before, o->x[3]));
	visible_value("TVAL", is_tval(o->x[4], o->x[2], o->x[3], now()));
	visible_value("CTL beside it", o->x[5] & ~CNT_CTL_ISTATUS); /* it may have expired since */
	before = now();
	o = AT_EL2_RUN(before + SOME_TICKS, 0, INSN_MSR(t->cval, 0), TRAP, INSN_MRS(t->tval, 2));
	visible_value("TVAL of CVAL", is_tval(o->x[2], before + SOME_TICKS, before, now()));
	visible_write(t->ctl, 0);
}

static uint64_t at_level(uint64_t pstate, unsigned enc)
{
	return visible_try(INSN_MRS(enc, 0), pstate, 0, 0)->x[0];
}

/* What EL2 writes is what the level below reads, and the reverse; the EL2 names' values stay out of its sight. */
static void other_level(const struct timer *t, const char *level, uint64_t pstate, bool same)
{
	uint64_t before;

	visible_prefix("timers %s at %s", t->name, level);
	visible_write(t->cval, 0xfedcba987);
	visible_write(t->ctl, CNT_CTL_IMASK);
	visible_value("CVAL", at_level(pstate, t->low_cval) == 0xfedcba987);
	visible_value("CTL", same ? at_level(pstate, t->low_ctl) : 0);
	visible_try(INSN_MSR(t->low_cval, 0), pstate, 0x13579bdf, 0);
	visible_value("CVAL, back", visible_read(t->cval));
	before = now();
	visible_try(INSN_MSR(t->low_tval, 0), pstate, SOME_TICKS, 0);
	visible_value("TVAL, back", is_between(visible_read(t->cval) - SOME_TICKS, before, now()));
	visible_try(INSN_MSR(t->low_ctl, 0), pstate, CNT_CTL_ENABLE | CNT_CTL_IMASK, 0);
	visible_value("CTL, back", visible_read(t->ctl));
	visible_try(INSN_MSR(t->low_ctl, 0), pstate, 0, 0);
	visible_try(INSN_MSR(t->low_cval, 0), pstate, 0, 0);
	visible_write(t->ctl, 0);
	visible_write(t->cval, 0);
}

/* EL0 below EL1, and EL2's own EL0 (HCR_EL2.TGE), which has the timers that EL2 has under these names with E2H=1. */
static void levels(const struct timer *t)
{
	bool vhe = visible_vhe();

	other_level(t, "EL1", AT_EL1, is_el1s(t));
	set_el1(CNTKCTL, CNTHCTL_EL0PTEN | CNTHCTL_EL0VTEN);
	other_level(t, "EL0", AT_EL0, is_el1s(t));
	set_el1(CNTKCTL, vhe ? 0 : CNTHCTL_EL0PTEN | CNTHCTL_EL0VTEN);
	if (vhe)
		set(CNTHCTL_EL2, get(CNTHCTL_EL2) | CNTHCTL_EL0PTEN | CNTHCTL_EL0VTEN);
	set(HCR_EL2, visible_hcr() | HCR_TGE);
	other_level(t, "EL0 of EL2", AT_EL0, is_el1s(t) != vhe);
	visible_reset_controls();
}

/* --- lines --- */

static uint64_t is_pending(unsigned intid)
{
	const volatile uint32_t *r = (const volatile uint32_t *)(rt_machine()->gicr + GICR_ISPENDR0);

	return *r >> intid & 1;
}

/* An emulator may be late with what has expired: it is waited for. What has fallen is gone at once. */
static void show_pending(const struct timer *t, const char *what, bool rises)
{
	unsigned intid = intid_of(t);

	for (unsigned i = 0; rises && i < TRIES && !is_pending(intid); i++)
		;
	visible_value(what, is_pending(intid));
}

static void lines(const struct timer *t)
{
	AT_EL2_RUN(0, CNT_CTL_ENABLE, INSN_MSR(t->cval, 0), INSN_MSR(t->ctl, 1));
	show_pending(t, "expired", true);
	visible_value("CTL", visible_read(t->ctl));
	visible_write(t->ctl, CNT_CTL_ENABLE | CNT_CTL_IMASK);
	show_pending(t, "masked", false);
	visible_value("CTL of it", visible_read(t->ctl));
	visible_write(t->ctl, CNT_CTL_ENABLE);
	show_pending(t, "open", true);
	visible_write(t->cval, FAR_AWAY);
	show_pending(t, "moved", false);
	visible_value("CTL of it", visible_read(t->ctl));
	visible_write(t->tval, 0);
	show_pending(t, "moved back", true);
	visible_write(t->ctl, 0);
	show_pending(t, "off", false);
	visible_write(t->cval, 0);
}

/* --- CNTVOFF_EL2 --- */

/* Without FEAT_ECV nothing traps the virtual counter: an offset in memory has its effect at the next trap. */
static uint32_t trap_without_ecv(void)
{
	return field_get(ID_AA64MMFR0_ECV, get(ID_AA64MMFR0_EL1)) ? INSN_ISB : TRAP;
}

static void counter_at_el2(void)
{
	uint64_t before = now();
	const struct outcome *o =
		AT_EL2_RUN(OFFSET, 0, INSN_MSR(ENC_CNTVOFF_EL2, 0), INSN_ISB, trap_without_ecv(),
			   INSN_MRS(ENC_CNTVCT_EL0, 2), INSN_MRS(ENC_CNTPCT_EL0, 3));

	visible_prefix("timers offset");
	visible_value("CNTVCT_EL0 at EL2",
		      is_between(o->x[2] + (visible_vhe() ? 0 : OFFSET), before, o->x[3]));
	set(CNTVOFF_EL2, 0);
}

/* The line of EL1's virtual timer falls and rises with it, and no other one does. */
static void offset(const struct timer *t)
{
	uint64_t due = read_sysreg(CNTPCT_EL0);

	AT_EL2_RUN(due, CNT_CTL_ENABLE, INSN_MSR(t->cval, 0), INSN_MSR(t->ctl, 1));
	show_pending(t, "expired", true);
	set(CNTVOFF_EL2, due);
	show_pending(t, "with an offset", false);
	visible_value("CTL of it", visible_read(t->ctl));
	set(CNTVOFF_EL2, 0);
	show_pending(t, "without", true);
	visible_write(t->ctl, 0);
	show_pending(t, "off", false);
	visible_write(t->cval, 0);
}

void topic_timers(void)
{
	counter_at_el2();
	for (unsigned i = 0; i < sizeof(timers) / sizeof(timers[0]); i++) {
		const struct timer *t = &timers[i];

		if (t->vhe && !visible_vhe())
			continue;
		visible_prefix("timers %s", t->name);
		round_trip(t);
		lines(t);
		visible_prefix("timers %s offset", t->name);
		offset(t);
		levels(t);
	}
}
