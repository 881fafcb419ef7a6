/*
 * Are comma-separated values read as RFC 4180 has them, and is each error told with its line? Tests experiments/firn/tool/csv.c.
 */
#define _GNU_SOURCE
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/csv.h"
#include "tests/unit/experiments/firn/experiment/said.h"

void register_experiments_csv(void);

static void cells_as_they_stand(void)
{
	struct csv csv;

	CU_ASSERT_FATAL(csv_parse(&csv, "f", "a,b,c\n1,\"x, \"\"y\"\"\n\",\r\n,,3\r\n\"\",\" \",z"));
	CU_ASSERT_EQUAL(csv.columns, 3);
	CU_ASSERT_EQUAL(csv.rows, 3);
	CU_ASSERT_STRING_EQUAL(csv_cell(&csv, 0, 0), "1");
	CU_ASSERT_STRING_EQUAL(csv_cell(&csv, 0, 1), "x, \"y\"\n");
	CU_ASSERT_STRING_EQUAL(csv_cell(&csv, 0, 2), "");
	CU_ASSERT_STRING_EQUAL(csv_cell(&csv, 1, 2), "3");
	CU_ASSERT_STRING_EQUAL(csv_cell(&csv, 2, 0), "");
	CU_ASSERT_STRING_EQUAL(csv_cell(&csv, 2, 2), "z");
	CU_ASSERT_EQUAL(csv.line[2], 4); /* a cell before it has two lines */
	CU_ASSERT_EQUAL(csv_column(&csv, "c"), 2);
	CU_ASSERT_EQUAL(csv_column(&csv, "d"), -1);
	csv_free(&csv);
}

static void errors_with_their_line(void)
{
	static const struct {
		const char *bytes, *message;
	} rows[] = {
		{ "", "f:1: expected a line with the names" },
		{ "a,b\n1\n", "f:2: expected 2 cells as in the first line, found 1" },
		{ "a,b\n1,2\n1,2,3\n", "f:3: expected 2 cells as in the first line, found 3" },
		{ "a\n\n\"x\n\ny", "f:3: expected a closing quote" },
		{ "a\n\"x\"\"", "f:2: expected a closing quote" },
		{ "a\n\"x\"y\n", "f:2: expected a comma or the end of the line" },
	};
	struct csv csv;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		said_begin();
		CU_ASSERT_FALSE(csv_parse(&csv, "f", rows[i].bytes));
		CU_ASSERT(said_one_line(rows[i].message));
	}
}

static void printed_and_read_again(void)
{
	static const char *const cells[] = { "plain", "", "a,b", "\"", "two\nlines", "\r" };
	struct csv csv;
	char *bytes = NULL;
	size_t size;
	FILE *out = open_memstream(&bytes, &size);

	fputs("cell\n", out);
	for (size_t i = 0; i < 6; i++) {
		csv_print(out, cells[i]);
		fputs("\n", out);
	}
	fclose(out);
	CU_ASSERT_FATAL(csv_parse(&csv, "f", bytes) && csv.rows == 6);
	for (size_t i = 0; i < 6; i++)
		CU_ASSERT_STRING_EQUAL(csv_cell(&csv, i, 0), cells[i]);
	csv_free(&csv);
	free(bytes);
}

void register_experiments_csv(void)
{
	CU_pSuite suite = CU_add_suite("experiments/csv", NULL, NULL);

	CU_add_test(suite, "cells as they stand", cells_as_they_stand);
	CU_add_test(suite, "errors with their line", errors_with_their_line);
	CU_add_test(suite, "printed and read again", printed_and_read_again);
}
