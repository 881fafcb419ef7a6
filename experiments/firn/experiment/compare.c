/* What is different between two results?  Measured runs are exact, so a difference of one is one.  Reads: csv.h. */
#include "experiments/firn/experiment/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/table.h"

/* What tells a row from the others. Axes behind the size are newer than some folders: of a file without one it is empty in each row. */
static const char *const identity[] = { "engine", "guest", "mode", "cpu",     "workload",
					"size",	  "smp",   "vms",  "deferred" };
#define NEEDED 6
#define IDENTITY (sizeof(identity) / sizeof(identity[0]))

static const char usual[] =
	"traps_per_op,l0_instructions_per_op,l1_instructions_per_op,l2_instructions_per_op";

/* The columns of both files for something; -1 where there is none. */
struct columns {
	int old, new;
};

struct comparing {
	const struct csv *old, *new;
	struct columns id[IDENTITY];
	struct table table;
	size_t compared, worse, better, missing, added;
};

static struct columns column(const struct comparing *c, const char *name)
{
	return (struct columns){ csv_column(c->old, name), csv_column(c->new, name) };
}

/* False after one line on stderr. */
static bool find_identity(struct comparing *c)
{
	for (size_t i = 0; i < IDENTITY; i++) {
		c->id[i] = column(c, identity[i]);
		if (i < NEEDED && (c->id[i].old < 0 || c->id[i].new < 0))
			return !complain(STATUS_FAILED,
					 "%s:1: expected the column '%s', as summary.csv has it",
					 c->id[i].old < 0 ? c->old->name : c->new->name, identity[i]);
	}
	return true;
}

static const char *identity_cell(const struct csv *csv, size_t row, int column)
{
	return column < 0 ? "" : csv_cell(csv, row, (size_t)column);
}

static bool is_same_run(const struct comparing *c, size_t old_row, size_t new_row)
{
	for (size_t i = 0; i < IDENTITY; i++)
		if (strcmp(identity_cell(c->old, old_row, c->id[i].old),
			   identity_cell(c->new, new_row, c->id[i].new)) != 0)
			return false;
	return true;
}

/* The row of the new file that is this one of the old, most often the one in the same place; rows if there is none. */
static size_t find_row(const struct comparing *c, size_t old_row)
{
	if (old_row < c->new->rows && is_same_run(c, old_row, old_row))
		return old_row;
	for (size_t row = 0; row < c->new->rows; row++)
		if (is_same_run(c, old_row, row))
			return row;
	return c->new->rows;
}

/* "small-vhe nv2 max hypercall 1000,2000", in new memory. */
static char *row_name(const struct comparing *c, size_t old_row)
{
	char *name = text("%s", csv_cell(c->old, old_row, (size_t)c->id[1].old));

	for (size_t i = 2; i < IDENTITY; i++) {
		const char *word = identity_cell(c->old, old_row, c->id[i].old);
		char *longer = text("%s%s%s", name, *word ? " " : "", word);

		free(name);
		name = longer;
	}
	return name;
}

/* A row of the table, which begins with its first. */
static void tell(struct comparing *c, bool bad, const char *const cells[])
{
	if (!c->table.rows)
		table_add(&c->table, TABLE_FAINT,
			  (const char *const[]){ "old", "new", "change", "number", "run" });
	table_add(&c->table, bad ? TABLE_BOLD : TABLE_PLAIN, cells);
}

/* What is absent on both sides is equal; on one side it is a difference. */
static void compare_cells(struct comparing *c, size_t old_row, const char *value, const char *a,
			  const char *b)
{
	double x = strtod(a, NULL), y = strtod(b, NULL);
	char change[48], *name;

	c->compared++;
	if (strcmp(a, b) == 0)
		return;
	if (!*b || y > x)
		c->worse++;
	else
		c->better++;
	if (*a && *b)
		snprintf(change, sizeof(change), "%+.3f", y - x);
	else
		snprintf(change, sizeof(change), "-");
	name = row_name(c, old_row);
	tell(c, !*b || y > x, (const char *const[]){ *a ? a : "-", *b ? b : "-", change, value, name });
	free(name);
}

static void compare_column(struct comparing *c, const char *value)
{
	struct columns at = column(c, value);

	if (at.old < 0 && at.new < 0)
		return;
	for (size_t row = 0; row < c->old->rows; row++) {
		size_t other = find_row(c, row);

		if (other < c->new->rows)
			compare_cells(c, row, value, at.old < 0 ? "" : csv_cell(c->old, row, (size_t)at.old),
				      at.new < 0 ? "" : csv_cell(c->new, other, (size_t)at.new));
	}
}

static void find_missing(struct comparing *c)
{
	for (size_t row = 0; row < c->old->rows; row++)
		if (find_row(c, row) == c->new->rows) {
			char *name = row_name(c, row);

			c->missing++;
			tell(c, true, (const char *const[]){ "there", "missing", "", "", name });
			free(name);
		}
	c->added = c->new->rows + c->missing - c->old->rows;
}

static bool has_common(const struct comparing *c)
{
	for (size_t row = 0; row < c->old->rows; row++)
		if (find_row(c, row) < c->new->rows)
			return true;
	return false;
}

/* Numbers of different runs say nothing about each other. Always STATUS_FAILED. */
static int nothing_in_common(const struct comparing *c)
{
	return complain(STATUS_FAILED,
			"%s and %s have no run in common (of %zu and %zu), so there is nothing to compare",
			c->old->name, c->new->name, c->old->rows, c->new->rows);
}

static int verdict(const struct comparing *c, bool exact)
{
	bool bad = c->worse || c->missing || (exact && (c->better || c->added));

	printf("%zu numbers compared: %zu worse, %zu better; %zu rows missing, %zu new\n", c->compared,
	       c->worse, c->better, c->missing, c->added);
	if (!bad)
		return 0;
	return complain(STATUS_FAILED, "%s %s %s", c->new->name,
			exact ? "is not exactly like" : "is worse than", c->old->name);
}

int compare_summaries(const struct csv *old, const struct csv *new, const char *values, bool exact)
{
	struct comparing c = { .old = old, .new = new, .table = { .align = "rrrll" } };
	char **value = NULL;
	size_t count = option_list("--value", values ? values : usual, &value);

	if (!count || !find_identity(&c)) {
		free(value);
		return STATUS_FAILED;
	}
	if (!has_common(&c)) {
		free(value);
		return nothing_in_common(&c);
	}
	find_missing(&c);
	for (size_t i = 0; i < count; i++) {
		if (csv_column(old, value[i]) < 0 && csv_column(new, value[i]) < 0 && values) {
			complain(STATUS_FAILED, "neither file has the column '%s'", value[i]);
			free(value);
			return STATUS_FAILED;
		}
		compare_column(&c, value[i]);
	}
	free(value);
	if (c.table.rows)
		table_print(&c.table);
	return verdict(&c, exact);
}
