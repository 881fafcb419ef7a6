/*
 * Is each of L1's timers where DDI0487 has it, does it fire when that says so (TimerConditionMet, and the offsets of D12), in 64 bits
 * that wrap around, and does L0 get to know?
 */
#include <CUnit/CUnit.h>

#include "nv/timer.h"

void register_nv_timer(void);

#define ENABLE 1
#define IMASK 2
#define ISTATUS 4
#define TOP UINT64_MAX
#define WITH(name, n) for (unsigned name = 0; name < (n); name++)

static void the_condition_is_met_from_the_compare_value_on(void)
{
	static const struct {
		uint64_t cval, now, offset, at;
	} row[] = {
		{ 100, 99, 0, 100 },
		{ 100, 100, 0, 100 },
		{ 100, 101, 0, 101 }, /* in the past: now */
		{ 0, 0, 0, 0 },
		{ 100, 1000, 950, 1050 },	  /* its counter shows 50 */
		{ 100, 1000, 900, 1000 },	  /* shows 100 */
		{ 100, 10, (uint64_t)-50, 50 },	  /* an offset below 0: its counter is ahead and shows 60 */
		{ 100, 60, (uint64_t)-50, 60 },	  /* shows 110 */
		{ TOP, 1000, 0, TOP },		  /* the end of time */
		{ TOP, 1000, 1, NV_TIMER_NEVER }, /* hardware's counter wraps before */
		{ 5, 0, 1, 0 },			  /* shows TOP */
		{ 0x8000000000000000, 1, 0, 0x8000000000000000 },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		CU_ASSERT_EQUAL(
			nv_timer_expires((struct nv_timer){ ENABLE, row[i].cval }, row[i].now, row[i].offset),
			row[i].at);
}

/* IMASK holds the interrupt back, not the condition (ISTATUS). */
static void a_timer_that_is_off_is_never_met(void)
{
	CU_ASSERT_EQUAL(nv_timer_expires((struct nv_timer){ 0, 0 }, 7, 0), NV_TIMER_NEVER);
	CU_ASSERT_EQUAL(nv_timer_expires((struct nv_timer){ IMASK, 0 }, 7, 0), NV_TIMER_NEVER);
	CU_ASSERT_EQUAL(nv_timer_expires((struct nv_timer){ ENABLE | IMASK, 0 }, 7, 0), 7);
}

static void cntpoff_needs_feat_ecv_and_its_enable(void)
{
	CU_ASSERT_EQUAL(nv_cntpoff(1UL << 12, 55, true), 55);
	CU_ASSERT_EQUAL(nv_cntpoff(0, 55, true), 0);
	CU_ASSERT_EQUAL(nv_cntpoff(1UL << 12, 55, false), 0);
}

/*
 * Every combination of the bits of CTL, whatever was written to the others, with a timer that is due before, at and after now, behind
 * offsets of both signs.
 */
static void the_line_is_enable_and_not_imask_and_istatus(void)
{
	static const uint64_t offsets[] = { 0, 1000, (uint64_t)-1000 };
	static const int64_t due_in[] = { -500, 0, 500 };
	const uint64_t now = 100000;

	WITH(ctl, 16)
	WITH(o, 3)
	WITH(d, 3)
	{
		struct nv_timer t = { ctl | (ctl & 8 ? ~UINT64_C(15) : 0),
				      now - offsets[o] + (uint64_t)due_in[d] };
		struct nv_timer_look is = nv_timer_look(t, now, offsets[o]);
		bool on = ctl & ENABLE, masked = ctl & IMASK, met = on && due_in[d] <= 0;
		uint64_t later = on && !met ? now + 500 : NV_TIMER_NEVER;

		CU_ASSERT_EQUAL(is.ctl, (ctl & (ENABLE | IMASK)) | (met ? ISTATUS : 0));
		CU_ASSERT_EQUAL(is.line, met && !masked);
		CU_ASSERT_EQUAL(is.status, later);
		CU_ASSERT_EQUAL(is.rises, masked ? NV_TIMER_NEVER : later);
		CU_ASSERT_EQUAL(nv_timer_is_high(is.ctl), is.line);
	}
}

/* --- places --- */

static struct nv_timer_world world(unsigned bits)
{
	return (struct nv_timer_world){ bits & 1, bits & 2, bits & 4 ? NV_MODE_V84 : NV_MODE_V83 };
}

/* Of each kind, virtual and physical, hardware has the one that the plain names mean to what runs. */
static void hardware_has_the_timer_of_the_plain_name(void)
{
	WITH(w, 8)
	WITH(kind, 2)
	{
		bool el2 = !world(w).in_guest_context && world(w).e2h;
		enum nv_timer_place el1_place = nv_timer_place(world(w), NV_TIMER_EL1_V + kind);
		enum nv_timer_place el2_place = nv_timer_place(world(w), NV_TIMER_EL2_V + kind);

		CU_ASSERT_EQUAL(el1_place == NV_TIMER_WATCHED, el2);
		CU_ASSERT_EQUAL(el2_place == NV_TIMER_WATCHED, !el2);
	}
}

/* A timer that the program reaches in hardware without a trap is held there; one that is memory to it or traps is not. */
static void only_what_vel2_reaches_in_hardware_is_held(void)
{
	WITH(w, 8)
	WITH(id, NV_TIMERS)
	{
		struct nv_timer_world in = world(w);
		uint64_t cnthctl = nv_timer_cnthctl(in, 3 << 10, true, false, true);
		enum nv_timer_place place = nv_timer_place(in, id);
		bool nv1_memory = !in.e2h && in.mode == NV_MODE_V84;
		bool traps = id == NV_TIMER_EL1_P && !(cnthctl & 1 << 11); /* EL1PTEN */

		if (place == NV_TIMER_WATCHED)
			continue;
		CU_ASSERT_EQUAL(place == NV_TIMER_HELD, in.in_guest_context || !(nv1_memory || traps));
	}
}

/* --- names --- */

static void every_name_is_a_part_of_one_timer(void)
{
	static const enum sysreg names[NV_TIMERS][3] = {
		[NV_TIMER_EL1_V] = { SR_CNTV_CTL_EL0, SR_CNTV_CVAL_EL0, SR_CNTV_TVAL_EL0 },
		[NV_TIMER_EL1_P] = { SR_CNTP_CTL_EL0, SR_CNTP_CVAL_EL0, SR_CNTP_TVAL_EL0 },
		[NV_TIMER_EL2_V] = { SR_CNTHV_CTL_EL2, SR_CNTHV_CVAL_EL2, SR_CNTHV_TVAL_EL2 },
		[NV_TIMER_EL2_P] = { SR_CNTHP_CTL_EL2, SR_CNTHP_CVAL_EL2, SR_CNTHP_TVAL_EL2 },
	};

	WITH(id, NV_TIMERS)
	WITH(part, 3)
	{
		struct nv_timer_name n = nv_timer_name(names[id][part]);

		CU_ASSERT_EQUAL(n.id, id);
		CU_ASSERT_EQUAL(n.part, part);
	}
}

/* TVAL is signed, 32 bits, and a view of CVAL: what is written to one is in the other. */
static void tval_is_cval_from_now_on(void)
{
	struct nv_timer t = { ENABLE, 77 };

	t = nv_timer_set(t, NV_TIMER_TVAL, 0xffffffff00000005, 1000);
	CU_ASSERT_EQUAL(t.cval, 1005);
	CU_ASSERT_EQUAL(nv_timer_get(t, NV_TIMER_TVAL, 1000), 5);
	t = nv_timer_set(t, NV_TIMER_TVAL, 0xfffffffe, 1000);
	CU_ASSERT_EQUAL(t.cval, 998);
	CU_ASSERT_EQUAL(nv_timer_get(t, NV_TIMER_TVAL, 1000), 0xfffffffe);
	CU_ASSERT_EQUAL(t.ctl, ENABLE);
	t = nv_timer_set(t, NV_TIMER_CVAL, TOP, 1000);
	CU_ASSERT_EQUAL(nv_timer_get(t, NV_TIMER_CVAL, 1000), TOP);
	t = nv_timer_set(t, NV_TIMER_CTL, TOP, 1000);
	CU_ASSERT_EQUAL(t.ctl, ENABLE | IMASK); /* ISTATUS is read-only */
	CU_ASSERT_EQUAL(nv_timer_get(t, NV_TIMER_CTL, 1000), ENABLE | IMASK);
	CU_ASSERT_EQUAL(nv_timer_get(t, NV_TIMER_CTL, TOP), ENABLE | IMASK | ISTATUS);
}

/* --- traps --- */

#define EL1PCTEN (1UL << 10)
#define EL1PTEN (1UL << 11)
#define ECV (1UL << 12)
#define EL1TVT (1UL << 13)
#define EL1TVCT (1UL << 14)
#define EL1NVPCT (1UL << 15)
#define EL1NVVCT (1UL << 16)

static void vel2_has_the_traps_that_it_needs(void)
{
	static const struct {
		bool e2h;
		enum nv_mode mode;
		bool traps, poff, open;
		uint64_t cnthctl;
	} row[] = {
		{ true, NV_MODE_V83, true, true, false, EL1PCTEN | EL1PTEN },
		{ true, NV_MODE_V84, true, true, true, EL1PCTEN | EL1PTEN },
		{ true, NV_MODE_V84, true, true, false, EL1PCTEN | EL1PTEN | EL1NVPCT | EL1NVVCT },
		{ true, NV_MODE_V84, false, false, false, EL1PCTEN | EL1PTEN },
		{ false, NV_MODE_V83, true, false, false, EL1PCTEN },
		{ false, NV_MODE_V83, true, true, false, 0 },
		{ false, NV_MODE_V84, true, false, false, EL1PCTEN | EL1TVT | EL1TVCT },
		{ false, NV_MODE_V84, true, true, true, EL1TVT | EL1TVCT },
		{ false, NV_MODE_V84, false, false, false, EL1PCTEN },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct nv_timer_world w = { false, row[i].e2h, row[i].mode };

		CU_ASSERT_EQUAL(
			nv_timer_cnthctl(w, EL1PCTEN | EL1PTEN, row[i].traps, row[i].poff, row[i].open),
			ECV | row[i].cnthctl);
		/* a VM whose time stops */
		CU_ASSERT_EQUAL(nv_timer_cnthctl(w, 0, row[i].traps, row[i].poff, row[i].open),
				ECV | (row[i].cnthctl & ~(EL1PCTEN | EL1PTEN)));
	}
}

/* Memory that decides over a line and that vEL2 may write without a trap: L0 has to look by itself. */
static void memory_without_a_trap_is_unseen(void)
{
	WITH(w, 8)
	WITH(bits, 8)
	{
		struct nv_timer_world in = world(w);
		bool traps = bits & 1, open = bits & 2, on = bits & 4;
		uint64_t cnthctl = nv_timer_cnthctl(in, EL1PCTEN | EL1PTEN, traps, false, open);
		uint64_t needed = in.e2h ? EL1NVPCT | EL1NVVCT : EL1TVT;
		bool timers = (cnthctl & needed) != needed, offsets = on;

		CU_ASSERT_EQUAL(nv_timer_is_unseen(in, traps, open, on),
				!in.in_guest_context && in.mode == NV_MODE_V84 && (timers || offsets));
	}
}

static void a_write_to_cval_wins_over_hardware(void)
{
	const struct nv_timer copied = { ENABLE, 100 };
	struct nv_timer t;

	t = nv_timer_merge((struct nv_timer){ ENABLE | IMASK | ISTATUS, 200 }, copied, copied);
	CU_ASSERT_EQUAL(t.cval, 200);
	CU_ASSERT_EQUAL(t.ctl, ENABLE | IMASK);
	t = nv_timer_merge((struct nv_timer){ 0, 100 }, (struct nv_timer){ ENABLE | ISTATUS, 300 }, copied);
	CU_ASSERT_EQUAL(t.cval, 300); /* by TVAL */
	CU_ASSERT_EQUAL(t.ctl, 0);
}

void register_nv_timer(void)
{
	CU_pSuite s = CU_add_suite("nv/timer", NULL, NULL);

	CU_ADD_TEST(s, the_condition_is_met_from_the_compare_value_on);
	CU_ADD_TEST(s, a_timer_that_is_off_is_never_met);
	CU_ADD_TEST(s, cntpoff_needs_feat_ecv_and_its_enable);
	CU_ADD_TEST(s, the_line_is_enable_and_not_imask_and_istatus);
	CU_ADD_TEST(s, hardware_has_the_timer_of_the_plain_name);
	CU_ADD_TEST(s, only_what_vel2_reaches_in_hardware_is_held);
	CU_ADD_TEST(s, every_name_is_a_part_of_one_timer);
	CU_ADD_TEST(s, tval_is_cval_from_now_on);
	CU_ADD_TEST(s, vel2_has_the_traps_that_it_needs);
	CU_ADD_TEST(s, memory_without_a_trap_is_unseen);
	CU_ADD_TEST(s, a_write_to_cval_wins_over_hardware);
}
