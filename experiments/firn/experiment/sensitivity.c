/*
 * How much does a number depend on the run lengths?  What a guest does beside the operation, a tick above all, falls into one stretch or
 * the other by chance; a whole number of traps is one without.  Reads: summary.h.  Next: report.c.
 */
#define _GNU_SOURCE
#include "experiments/firn/experiment/sensitivity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"

#define GROUPS_MOST 500
#define SIZES_LEAST 3
#define SIZES_SHOWN 6

static const char *const values[] = { "traps_per_op", "l0_instructions_per_op" };
#define VALUES (sizeof(values) / sizeof(values[0]))

/* Runs that differ in their size alone. */
struct group {
	const struct cell *first;
	const struct cell **cell;
	size_t cells;
};

static bool is_alike(const struct run *a, const struct run *b)
{
	for (unsigned i = 0; i < AXIS_REPETITION; i++)
		if (i != AXIS_SIZE && strcmp(a->at[i], b->at[i]) != 0)
			return false;
	return a->block->engine == b->block->engine;
}

static size_t make_groups(struct group groups[GROUPS_MOST], const struct summary *summary)
{
	size_t count = 0;

	for (size_t i = 0; i < summary->cells; i++) {
		const struct cell *cell = &summary->cell[i];
		size_t g = count;

		if (!summary_value(cell, values[0]).there)
			continue;
		while (g > 0 && !is_alike(groups[g - 1].first->run, cell->run)) /* most often the last one */
			g--;
		if (!g && count == GROUPS_MOST)
			break;
		if (!g) {
			groups[count] = (struct group){ .first = cell };
			g = ++count;
		}
		groups[g - 1].cell = grow(groups[g - 1].cell, groups[g - 1].cells + 1, sizeof(cell));
		groups[g - 1].cell[groups[g - 1].cells++] = cell;
	}
	return count;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Least, median and most over the sizes. */
static void spread(const struct group *group, const char *value, double out[3])
{
	double *numbers = grow(NULL, group->cells, sizeof(double));

	for (size_t i = 0; i < group->cells; i++)
		numbers[i] = summary_value(group->cell[i], value).value;
	qsort(numbers, group->cells, sizeof(double), by_size);
	out[0] = numbers[0];
	out[1] = numbers[group->cells / 2];
	out[2] = numbers[group->cells - 1];
	free(numbers);
}

/* "1,2; 3,4": the sizes at which traps are a whole number. New memory. */
static char *whole_sizes(const struct group *group)
{
	char *out = text("%s", "");
	size_t count = 0;

	for (size_t i = 0; i < group->cells; i++) {
		double traps = summary_value(group->cell[i], values[0]).value;
		char *longer;

		if (fabs(traps - round(traps)) > 1e-9 || count == SIZES_SHOWN)
			continue;
		longer = text("%s%s%s", out, count++ ? "; " : "", group->cell[i]->run->at[AXIS_SIZE]);
		free(out);
		out = longer;
	}
	if (count)
		return out;
	free(out);
	return text("none");
}

static void add_row(struct document *d, const char *align, const struct group *group)
{
	const char *const *at = group->first->run->at;
	char number[3 * VALUES][64], *sizes = text("%zu", group->cells), *whole = whole_sizes(group);

	for (unsigned v = 0; v < VALUES; v++) {
		double numbers[3];

		spread(group, values[v], numbers);
		for (unsigned k = 0; k < 3; k++) {
			struct estimate e = { .value = numbers[k], .there = true, .exact = true };

			estimate_text(number[3 * v + k], sizeof(number[0]), &e);
		}
	}
	document_row(d, align,
		     (const char *const[]){ at[AXIS_GUEST], at[AXIS_MODE], at[AXIS_WORKLOAD], sizes,
					    number[0], number[1], number[2], number[3], number[4], number[5],
					    whole, NULL });
	free(sizes);
	free(whole);
}

void sensitivity_part(struct document *d, const struct summary *summary)
{
	static const char align[] = "lllrrrrrrrl";
	struct group *groups = grow(NULL, GROUPS_MOST, sizeof(*groups));
	size_t count = make_groups(groups, summary);
	bool begun = false;

	for (size_t g = 0; g < count; g++) {
		if (groups[g].cells >= SIZES_LEAST) {
			if (!begun) {
				document_heading(d, "How much numbers depend on the run lengths");
				document_paragraph(
					d,
					"What a guest does beside the operation falls into one stretch or the other. Where traps are a "
					"whole number, nothing did.");
				document_table(d, align,
					       (const char *const[]){ "guest", "mode", "workload", "sizes",
								      "traps: least", "median", "most",
								      "L0: least", "median", "most",
								      "whole at", NULL });
			}
			begun = true;
			add_row(d, align, &groups[g]);
		}
		free(groups[g].cell);
	}
	if (begun)
		document_table_end(d);
	free(groups);
}
