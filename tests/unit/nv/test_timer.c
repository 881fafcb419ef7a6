/* Does a timer fire when DDI0487 says so (TimerConditionMet, and the offsets of D12), in 64 bits that wrap around? */
#include <CUnit/CUnit.h>

#include "nv/timer.h"

void register_nv_timer(void);

#define ENABLE 1
#define IMASK 2
#define TOP UINT64_MAX

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

void register_nv_timer(void)
{
	CU_pSuite s = CU_add_suite("nv/timer", NULL, NULL);

	CU_ADD_TEST(s, the_condition_is_met_from_the_compare_value_on);
	CU_ADD_TEST(s, a_timer_that_is_off_is_never_met);
	CU_ADD_TEST(s, cntpoff_needs_feat_ecv_and_its_enable);
}
