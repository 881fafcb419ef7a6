/* Is each number that has a bound within it?  Reads: definition.h, summary.h.  Next: report.c. */
#define _GNU_SOURCE
#include "experiments/firn/experiment/bounds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"

/* A number of a result, or the sum of an object's. False where there is neither. */
static bool number_of(const struct cell *cell, const char *name, double *out)
{
	struct estimate one = summary_value(cell, name);
	const cJSON *object = one.there ? NULL : summary_object(cell, name), *item;

	*out = one.value;
	if (one.there)
		return true;
	*out = 0;
	cJSON_ArrayForEach(item, object)
		*out += cJSON_IsNumber(item) ? item->valuedouble : 0;
	return object != NULL;
}

/* Of the repetitions, how many are not what the first one is. */
static double differing(const struct cell *cell)
{
	double count = 0;

	for (size_t i = 1; i < cell->results; i++)
		count += !cJSON_Compare(cell->result[0], cell->result[i], true);
	return count;
}

/* "a + b - c". False where a part of it is missing. */
static bool sum_of(const struct cell *cell, const char *value, double *out)
{
	char *words = text("%s", value), *rest = words, *word;
	double sign = 1, number;
	bool good = true;

	*out = 0;
	while (good && (word = strsep(&rest, " "))) {
		if (strcmp(word, "+") == 0 || strcmp(word, "-") == 0) {
			sign = *word == '-' ? -1 : 1;
			continue;
		}
		good = number_of(cell, word, &number);
		*out += sign * number;
	}
	free(words);
	return good;
}

/* Of the first cell of that guest, mode and workload that has it. */
static bool value_at(const struct summary *summary, const struct bound *bound, const char *mode,
		     const char *workload, double *out)
{
	for (size_t i = 0; i < summary->cells; i++) {
		const struct cell *cell = &summary->cell[i];
		const char *const *at = cell->run->at;

		if (strcmp(at[AXIS_GUEST], bound->guest) != 0 || strcmp(at[AXIS_MODE], mode) != 0 ||
		    strcmp(at[AXIS_WORKLOAD], workload) != 0 || !cell->results)
			continue;
		if (strcmp(bound->value, "differ") == 0) {
			*out = differing(cell);
			return cell->results > 1;
		}
		if (sum_of(cell, bound->value, out))
			return true;
	}
	return false;
}

bool bound_value(const struct bound *bound, const struct summary *summary, double *out)
{
	double other;

	if (!value_at(summary, bound, bound->mode, bound->workload, out))
		return false;
	if (bound->less) {
		if (!value_at(summary, bound, bound->mode, bound->less, &other))
			return false;
		*out -= other;
	}
	if (bound->over) {
		if (!value_at(summary, bound, bound->over, bound->workload, &other) || !(other > 0))
			return false;
		*out /= other;
	}
	return true;
}

/* The first cell of that guest, mode and workload; NULL: none is in this run, of which a quick one leaves much out. */
static const struct cell *cell_at(const struct summary *summary, const char *guest, const char *mode,
				  const char *workload)
{
	for (size_t i = 0; i < summary->cells; i++) {
		const char *const *at = summary->cell[i].run->at;

		if (strcmp(at[AXIS_GUEST], guest) == 0 && strcmp(at[AXIS_MODE], mode) == 0 &&
		    strcmp(at[AXIS_WORKLOAD], workload) == 0)
			return &summary->cell[i];
	}
	return NULL;
}

/* Is all there that it is made of?  Then a value that is not there is one that results do not have. */
static bool is_measured(const struct bound *b, const struct summary *summary)
{
	const struct cell *cells[] = { cell_at(summary, b->guest, b->mode, b->workload),
				       cell_at(summary, b->guest, b->mode, b->less ? b->less : b->workload),
				       cell_at(summary, b->guest, b->over ? b->over : b->mode, b->workload) };

	for (unsigned i = 0; i < 3; i++)
		if (!cells[i] || !cells[i]->results)
			return false;
	return true;
}

static bool is_wanted(const struct bound *bound, const struct summary *summary)
{
	return cell_at(summary, bound->guest, bound->mode, bound->workload) != NULL;
}

/* A row as words. */
struct row {
	char measured[64];
	const char *most, *verdict;
	bool beyond;
};

static struct row row_of(const struct bound *bound, const struct summary *summary)
{
	struct row row = { .most = bound->most ? bound->most : "-", .verdict = "" };
	struct estimate value = { .there = bound_value(bound, summary, &value.value), .exact = true };

	estimate_text(row.measured, sizeof(row.measured), &value);
	if (!value.there) {
		row.beyond = is_measured(bound, summary);
		row.verdict = row.beyond ? "NO RESULT HAS THAT NUMBER" : "not measured";
	} else if (bound->most) {
		row.beyond = value.value > strtod(bound->most, NULL);
		row.verdict = row.beyond ? "BEYOND THE BOUND" : "ok";
	}
	return row;
}

size_t bounds_print(const struct experiment *e, const struct summary *summary)
{
	size_t beyond = 0;

	if (e->bounds)
		printf("%-58s %12s %10s\n", "per operation of L2, unless said otherwise", "measured",
		       "at most");
	for (size_t i = 0; i < e->bounds; i++) {
		struct row row = row_of(&e->bound[i], summary);

		if (!is_wanted(&e->bound[i], summary))
			continue;
		printf("%-58s %12s %10s  %s%s%s\n", e->bound[i].title, row.measured, row.most, row.verdict,
		       *row.verdict && *e->bound[i].note ? " " : "", e->bound[i].note);
		beyond += row.beyond;
	}
	return beyond;
}

void bounds_part(struct document *d, const struct experiment *e, const struct summary *summary)
{
	static const char align[] = "lrrll";

	if (!e->bounds)
		return;
	document_heading(d, "Numbers and their bounds");
	document_table(d, align, (const char *const[]){ "what", "measured", "at most", "", "", NULL });
	for (size_t i = 0; i < e->bounds; i++) {
		struct row row = row_of(&e->bound[i], summary);

		if (!is_wanted(&e->bound[i], summary))
			continue;
		document_row(d, align,
			     (const char *const[]){ e->bound[i].title, row.measured, row.most, row.verdict,
						    e->bound[i].note, NULL });
	}
	document_table_end(d);
}
