/*
 * Do random tables translate as the architecture says, alone and in a shadow?  FIRN_CASES table sets for each granule, from
 * FIRN_SEED on, which is printed and replays: case n of seed s is case 0 of seed s + n.  Reads: cases.h.
 */
#include <CUnit/CUnit.h>
#include <stdio.h>

#include "tests/unit/shadow-s2/cases.h"
#include "tests/unit/shadow-s2/seed.h"

void register_shadow_s2_property(void);

#define CASES 10000

static void check(enum case_granule granule, const char *name)
{
	uint64_t seed = seed_first(), cases = seed_cases(CASES);
	struct case_counts counts = { 0 };

	printf("%s: %llu table sets from FIRN_SEED=%llu on", name, (unsigned long long)cases,
	       (unsigned long long)seed);
	for (uint64_t i = 0; i < cases; i++) {
		struct choices c = { .state = seed_state(seed + i) };
		const char *wrong = case_check(&c, granule, &counts);

		if (wrong) {
			printf("\n%s; again with FIRN_SEED=%llu FIRN_CASES=1\n", wrong,
			       (unsigned long long)(seed + i));
			CU_FAIL(wrong);
			return;
		}
	}
	printf(": %llu accesses, %llu faults of L1, %llu leaves, %llu in the shadow\n",
	       (unsigned long long)counts.accesses, (unsigned long long)counts.l1_faults,
	       (unsigned long long)counts.leaves, (unsigned long long)counts.mapped);
	if (cases < CASES)
		return;
	CU_ASSERT(counts.leaves > counts.accesses / 10);
	CU_ASSERT(counts.mapped > counts.accesses / 40);
	CU_ASSERT(counts.l1_faults > counts.accesses / 10);
}

static void random_4k_tables_translate_as_the_architecture_says(void)
{
	check(CASE_4K, "4 KiB granule");
}

static void random_16k_tables_translate_as_the_architecture_says(void)
{
	check(CASE_16K, "16 KiB granule");
}

static void random_64k_tables_translate_as_the_architecture_says(void)
{
	check(CASE_64K, "64 KiB granule");
}

void register_shadow_s2_property(void)
{
	CU_pSuite s = CU_add_suite("shadow-s2: random tables", NULL, NULL);

	CU_ADD_TEST(s, random_4k_tables_translate_as_the_architecture_says);
	CU_ADD_TEST(s, random_16k_tables_translate_as_the_architecture_says);
	CU_ADD_TEST(s, random_64k_tables_translate_as_the_architecture_says);
}
