/*
 * Are the published numbers whole, and is a damaged row told with its line? Tests experiments/firn/experiment/published.c on the
 * files of experiments/published and on broken ones.
 */
#define _GNU_SOURCE
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/experiment/published.h"
#include "tests/unit/experiments/firn/experiment/said.h"

void register_experiments_published(void);

static void those_of_the_project(void)
{
	const struct published_row wanted = { .source = "NEVE SOSP 2017",
					      .system = "ARMv8.3 nested",
					      .config = "VHE L1",
					      .benchmark = "hypercall",
					      .metric = "traps" };
	const struct published_row *row;
	struct published p;

	CU_ASSERT_FATAL(published_read(&p, "experiments/published"));
	row = published_find(&p, &wanted);
	CU_ASSERT_FATAL(row != NULL);
	CU_ASSERT_STRING_EQUAL(row->value, "82"); /* as NEVE's table 7 has it */
	CU_ASSERT_STRING_EQUAL(row->table, "7");
	for (size_t i = 0; i < p.count; i++)
		CU_ASSERT(published_citation(&p, p.row[i].source) != NULL && *p.row[i].quality);
	published_free(&p);
}

static void write_file(const char *folder, const char *name, const char *contents)
{
	char path[64];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	CU_ASSERT_FATAL(out != NULL);
	fputs(contents, out);
	fclose(out);
}

#define HEAD "source,table,system,config,benchmark,metric,value,quality\n"

static void damaged_ones(void)
{
	static const struct {
		const char *rows, *message;
	} damaged[] = {
		{ "source,table\n", "rows.csv:1: expected the column 'source' as number 1 of 8" },
		{ HEAD "A,,s,,b,m,1,good\nB,,s,,b,m,1,good\n", "rows.csv:3: expected a source of" },
		{ HEAD "A,,s,,b,m,,good\n", "rows.csv:2: expected something in the column 'value'" },
		{ HEAD "A,,s,,b,m,1,\n", "rows.csv:2: expected something in the column 'quality'" },
	};
	char folder[] = "/tmp/firn-unit.XXXXXX", command[64];
	struct published p;

	CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
	write_file(folder, "sources.csv", "source,citation\nA,a book\n");
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		write_file(folder, "rows.csv", damaged[i].rows);
		said_begin();
		CU_ASSERT_FALSE(published_read(&p, folder));
		CU_ASSERT(said_one_line(damaged[i].message));
	}
	snprintf(command, sizeof(command), "rm -r %s", folder);
	CU_ASSERT_EQUAL(system(command), 0);
}

void register_experiments_published(void)
{
	CU_pSuite suite = CU_add_suite("experiments/published", NULL, NULL);

	CU_add_test(suite, "those of the project", those_of_the_project);
	CU_add_test(suite, "damaged ones", damaged_ones);
}
