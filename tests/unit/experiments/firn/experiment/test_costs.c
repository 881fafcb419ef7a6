/*
 * Is every cost that cycles are estimated from published, or said to be assumed? Tests experiments/firn/experiment/costs.c on the file
 * of experiments/published and on broken ones.
 */
#define _GNU_SOURCE
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/experiment/costs.h"
#include "tests/unit/experiments/firn/experiment/said.h"

void register_experiments_costs(void);

#define HEAD "cost,cycles,source,table,system,config,benchmark,why\n"
#define OF_NEVE "NEVE SOSP 2017,text §5,Armv8 hardware (X-Gene),,"

static void those_of_the_project(void)
{
	struct published p;
	struct costs c;
	unsigned assumed = 0;

	CU_ASSERT_FATAL(published_read(&p, "experiments/published"));
	CU_ASSERT_FATAL(costs_read(&c, &p, "experiments/published"));
	CU_ASSERT_EQUAL(costs_find(&c, "kvm_exit")->cycles, 2729); /* NEVE's table 1 */
	CU_ASSERT_STRING_EQUAL(costs_find(&c, "trap")->row->value, "68 to 76");
	CU_ASSERT_PTR_NULL(costs_find(&c, "magic"));
	for (size_t i = 0; i < c.count; i++) {
		CU_ASSERT(*c.cost[i].why);
		assumed += !c.cost[i].row;
	}
	CU_ASSERT_EQUAL(assumed, 1);
	costs_free(&c);
	published_free(&p);
}

static void damaged_ones(void)
{
	static const struct {
		const char *rows, *message;
	} damaged[] = {
		{ "cost,cycles\n", "costs.csv:1: expected the column 'source' as number 3 of 8" },
		{ "cost,cycles,source,table,system,config,benchmark,why,more\n",
		  "costs.csv:1: expected 8 columns, found '9'" },
		{ HEAD "t,many,assumed,,,,,so\n", "costs.csv:2: expected a number of cycles, found 'many'" },
		{ HEAD "t,-1,assumed,,,,,so\n", "costs.csv:2: expected a number of cycles, found '-1'" },
		{ HEAD "t,1,assumed,,,,,\n", "costs.csv:2: expected why it is this number, found ''" },
		{ HEAD "t,1,a friend,,,,,so\n", "costs.csv:2: expected a row of cycles in rows.csv" },
		{ HEAD "t,72," OF_NEVE "trap EL1 to EL2,so\nt,77," OF_NEVE "trap EL1 to EL2,so\n",
		  "costs.csv:3: expected 68 to 76, found '77'" },
		{ HEAD "t,64," OF_NEVE "return EL2 to EL1,so\n", "costs.csv:2: expected 65, found '64'" },
	};
	char folder[] = "/tmp/firn-costs-XXXXXX", path[64];
	struct published p;
	struct costs c;

	CU_ASSERT_FATAL(mkdtemp(folder) != NULL && published_read(&p, "experiments/published"));
	snprintf(path, sizeof(path), "%s/costs.csv", folder);
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		FILE *out = fopen(path, "w");

		CU_ASSERT_FATAL(out != NULL);
		fputs(damaged[i].rows, out);
		fclose(out);
		said_begin();
		CU_ASSERT_FALSE(costs_read(&c, &p, folder));
		CU_ASSERT(said_one_line(damaged[i].message));
	}
	unlink(path);
	rmdir(folder);
	published_free(&p);
}

void register_experiments_costs(void)
{
	CU_pSuite suite = CU_add_suite("experiments/costs", NULL, NULL);

	CU_add_test(suite, "those of the project", those_of_the_project);
	CU_add_test(suite, "damaged ones", damaged_ones);
}
