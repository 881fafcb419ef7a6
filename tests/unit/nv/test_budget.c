/* How often may something happen that others pay for?  As nv/budget.h says: so many times in a period that begins with the first one. */
#include <CUnit/CUnit.h>

#include "nv/budget.h"

#define PERIOD 100
#define MOST 3

void register_nv_budget(void);

static bool spend(struct budget *b, uint64_t now)
{
	return budget_spend(b, now, PERIOD, MOST);
}

static void the_next_one_waits_for_the_end(void)
{
	struct budget b = { 0 };

	CU_ASSERT_TRUE(spend(&b, 1000));
	CU_ASSERT_TRUE(spend(&b, 1001));
	CU_ASSERT_TRUE(spend(&b, 1099));
	CU_ASSERT_FALSE(spend(&b, 1099));
	CU_ASSERT_EQUAL(budget_end(&b, PERIOD), 1100);
	CU_ASSERT_FALSE(spend(&b, 1099));
	CU_ASSERT_TRUE(spend(&b, 1100));
	CU_ASSERT_EQUAL(budget_end(&b, PERIOD), 1200);
}

/* Who comes late has a period of its own, and no more than one. */
static void nothing_is_saved(void)
{
	struct budget b = { 0 };

	CU_ASSERT_TRUE(spend(&b, 0));
	for (unsigned i = 0; i < MOST; i++)
		CU_ASSERT_TRUE(spend(&b, 100000));
	CU_ASSERT_FALSE(spend(&b, 100000));
}

/* However many there are, the count does not come round. */
static void it_does_not_overflow(void)
{
	struct budget b = { .since = 0, .spent = UINT32_MAX };

	CU_ASSERT_FALSE(spend(&b, 1));
	CU_ASSERT_FALSE(spend(&b, 1));
	CU_ASSERT_EQUAL(b.spent, UINT32_MAX);
}

void register_nv_budget(void)
{
	CU_pSuite s = CU_add_suite("nv/budget", NULL, NULL);

	CU_ADD_TEST(s, the_next_one_waits_for_the_end);
	CU_ADD_TEST(s, nothing_is_saved);
	CU_ADD_TEST(s, it_does_not_overflow);
}
