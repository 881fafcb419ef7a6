/* Who runs next, in exact order?  Times are ticks; a slice has 100. Reads: nv/share.h. */
#include <CUnit/CUnit.h>
#include <stddef.h>
#include <string.h>

#include "nv/share.h"

#define SLICE 100

void register_share(void);

static struct shares all;
static struct share e[4];
static uint64_t now;

static void begin(unsigned count)
{
	memset(&all, 0, sizeof(all));
	memset(e, 0, sizeof(e));
	all.slice = SLICE;
	now = 1000;
	for (unsigned i = 0; i < count; i++) {
		CU_ASSERT(shares_add(&all, &e[i]));
		share_join(&all, &e[i], 0, now);
	}
}

/* CPU 0 takes the best: its number, or -1. */
static int take(void)
{
	struct share *best = shares_best_but(&all, NULL, 0);

	if (!best)
		return -1;
	share_take(&all, best, 0, now);
	return (int)(best - e);
}

static void leave(int i, enum share_state state)
{
	share_charge(&e[i], now);
	e[i].state = state;
}

/* i runs so long and is preempted, if another one is better: who runs then. */
static int run(int i, uint64_t ticks)
{
	now += ticks;
	share_charge(&e[i], now);
	if (!shares_instead(&all, &e[i], 0, false))
		return i;
	e[i].state = SHARE_RUNNABLE;
	e[i].since = now;
	return take();
}

/* Where all have had the same, nothing changes. */
static void equal_turns(void)
{
	static const int expected[] = { 0, 1, 2, 2, 0, 1, 1, 0, 2, 2 };
	int i;

	begin(3);
	i = take();
	for (unsigned n = 0; n < sizeof(expected) / sizeof(expected[0]); n++) {
		CU_ASSERT_EQUAL(i, expected[n]);
		i = run(i, SLICE);
	}
}

/* One that runs half a slice at a time is taken again until it has had as much. */
static void short_turns(void)
{
	begin(2);
	CU_ASSERT_EQUAL(take(), 0);
	CU_ASSERT_EQUAL(run(0, 50), 1);
	CU_ASSERT_EQUAL(run(1, 100), 0);
	CU_ASSERT_EQUAL(run(0, 20), 0);
	CU_ASSERT_EQUAL(run(0, 40), 1);
	CU_ASSERT_EQUAL(e[0].runtime, 110);
	CU_ASSERT_EQUAL(e[1].runtime, 100);
}

/* Off and on again is not a new life. */
static void off_and_on(void)
{
	begin(2);
	CU_ASSERT_EQUAL(take(), 0);
	now += 30;
	leave(0, SHARE_OFF);
	CU_ASSERT_EQUAL(take(), 1);
	share_join(&all, &e[0], 0, now);
	CU_ASSERT_EQUAL(e[0].runtime, 30);
	CU_ASSERT_EQUAL(run(1, 20), 1);
	CU_ASSERT_EQUAL(run(1, 20), 0);
}

/* Two that switch each other on and off have no more than a third one that only runs, and each of them half of that. */
static void on_off_storm(void)
{
	uint64_t had[3] = { 0 };

	begin(3);
	leave(1, SHARE_OFF);
	for (unsigned n = 0; n < 3000; n++) {
		int i = take();
		uint64_t before;

		CU_ASSERT_FATAL(i >= 0);
		if (i < 0)
			return;
		before = e[i].runtime;

		now += i == 2 ? SLICE : 3;
		if (i == 2) {
			leave(i, SHARE_RUNNABLE);
		} else {
			share_join(&all, &e[1 - i], 0, now);
			leave(i, SHARE_OFF);
		}
		had[i] += e[i].runtime - before;
	}
	CU_ASSERT(had[2] + 2 * SLICE >= had[0]);
	CU_ASSERT(had[2] + 2 * SLICE >= had[1]);
}

/* Whoever is switched on for the first time begins where the others are, also after a long time without slices. */
static void join_late(void)
{
	begin(1);
	CU_ASSERT_EQUAL(take(), 0);
	now += 1000000;
	CU_ASSERT(shares_add(&all, &e[1]));
	share_join(&all, &e[1], 0, now);
	CU_ASSERT_EQUAL(e[1].runtime, 1000000);
	share_charge(&e[0], now);
	CU_ASSERT_PTR_NULL(shares_instead(&all, &e[0], 0, false));
	CU_ASSERT_EQUAL(run(0, 1), 1);
}

/* Who has waited for long is a slice ahead and not more, however long another one ran without being changed. */
static void wake_late(void)
{
	begin(2);
	CU_ASSERT_EQUAL(take(), 0);
	leave(0, SHARE_WAITING);
	e[0].wake_at = SHARE_NEVER;
	CU_ASSERT_EQUAL(take(), 1);
	for (unsigned n = 0; n < 50; n++)
		CU_ASSERT_EQUAL(run(1, SLICE), 1);
	share_wake(&all, &e[0], now);
	CU_ASSERT_EQUAL(e[0].runtime, e[1].runtime - SLICE);
	CU_ASSERT_EQUAL(run(1, 0), 0);
	CU_ASSERT_EQUAL(run(0, SLICE), 0);
	CU_ASSERT_EQUAL(run(0, 1), 1);
}

/* Waking does not give back what was had. */
static void wake_soon(void)
{
	begin(2);
	CU_ASSERT_EQUAL(take(), 0);
	now += 90;
	leave(0, SHARE_WAITING);
	share_wake(&all, &e[0], now);
	CU_ASSERT_EQUAL(e[0].runtime, 90);
	CU_ASSERT_EQUAL(take(), 1);
	CU_ASSERT_EQUAL(run(1, 90), 1); /* equal, and it is here */
	CU_ASSERT_EQUAL(run(1, 1), 0);
}

static void wake_due(void)
{
	begin(3);
	for (int i = 0; i < 3; i++)
		leave(i, SHARE_WAITING);
	e[0].wake_at = 1010;
	e[1].wake_at = 1005;
	e[2].wake_at = 1001;
	e[2].home = 1;
	CU_ASSERT_EQUAL(shares_first_wake(&all, 0), 1005);
	CU_ASSERT_EQUAL(shares_first_wake(&all, 1), 1001);
	CU_ASSERT_EQUAL(shares_first_wake(&all, 2), SHARE_NEVER);
	shares_wake_due(&all, 0, 1009);
	CU_ASSERT_EQUAL(e[0].state, SHARE_WAITING);
	CU_ASSERT_EQUAL(e[1].state, SHARE_RUNNABLE);
	CU_ASSERT_EQUAL(e[1].since, 1009);
	CU_ASSERT_EQUAL(e[2].state, SHARE_WAITING);
	CU_ASSERT_EQUAL(shares_first_wake(&all, 0), 1010);
}

/* The one of two equals that was on this CPU; else the first. */
static void home(void)
{
	begin(2);
	e[1].home = 1;
	CU_ASSERT_PTR_EQUAL(shares_best_but(&all, NULL, 0), &e[0]);
	CU_ASSERT_PTR_EQUAL(shares_best_but(&all, NULL, 1), &e[1]);
	CU_ASSERT_PTR_EQUAL(shares_best_but(&all, NULL, 2), &e[0]);
	CU_ASSERT_PTR_EQUAL(shares_best_but(&all, &e[0], 0), &e[1]);
	share_take(&all, &e[0], 1, now);
	CU_ASSERT_EQUAL(e[0].home, 1);
}

/* WFE: another one runs, also one that has had more; then this one again. */
static void yields(void)
{
	begin(2);
	e[1].runtime = 500;
	CU_ASSERT_EQUAL(take(), 0);
	now += 10;
	share_charge(&e[0], now);
	CU_ASSERT_PTR_EQUAL(shares_instead(&all, &e[0], 0, true), &e[1]);
	CU_ASSERT_EQUAL(e[0].runtime, 501);
	e[0].state = SHARE_RUNNABLE;
	CU_ASSERT_EQUAL(take(), 1);
	CU_ASSERT_EQUAL(run(1, 2), 0);
}

static void none(void)
{
	begin(1);
	CU_ASSERT_EQUAL(take(), 0);
	CU_ASSERT_EQUAL(take(), -1);
	share_charge(&e[0], now + 7);
	CU_ASSERT_PTR_NULL(shares_instead(&all, &e[0], 0, true));
	CU_ASSERT_EQUAL(share_runtime(&e[0], now + 10), 10);
	leave(0, SHARE_OFF);
	CU_ASSERT_EQUAL(share_runtime(&e[0], now + 100), e[0].runtime);
}

static void full(void)
{
	static struct share many[SHARES_MAX + 1];

	begin(0);
	for (unsigned i = 0; i < SHARES_MAX; i++)
		CU_ASSERT(shares_add(&all, &many[i]));
	CU_ASSERT_FALSE(shares_add(&all, &many[SHARES_MAX]));
}

void register_share(void)
{
	CU_pSuite suite = CU_add_suite("nv/share", NULL, NULL);

	CU_add_test(suite, "equal turns", equal_turns);
	CU_add_test(suite, "short turns add up", short_turns);
	CU_add_test(suite, "off and on keeps what was had", off_and_on);
	CU_add_test(suite, "two that switch each other on and off", on_off_storm);
	CU_add_test(suite, "one that joins late begins where the others are", join_late);
	CU_add_test(suite, "one that wakes late is a slice ahead", wake_late);
	CU_add_test(suite, "one that wakes soon has had what it had", wake_soon);
	CU_add_test(suite, "who wakes when", wake_due);
	CU_add_test(suite, "equals: who was here", home);
	CU_add_test(suite, "WFE", yields);
	CU_add_test(suite, "nobody else", none);
	CU_add_test(suite, "as many as there can be", full);
}
