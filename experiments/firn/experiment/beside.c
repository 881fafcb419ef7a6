/* Which published number belongs to one of ours?  The experiment's file says so.  Reads: published.h, summary.h. */
#include "experiments/firn/experiment/beside.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/definition_words.h"
#include "experiments/firn/tool/complain.h"

const struct published_row *beside_row(const struct published *published, const struct comparison *c,
				       const struct counterpart *counterpart, size_t b)
{
	const struct published_row wanted = { .source = c->source,
					      .table = c->table,
					      .system = counterpart->system,
					      .config = counterpart->config,
					      .benchmark = c->benchmarks.name[b],
					      .metric = c->metric };

	return published_find(published, &wanted);
}

bool beside_is(const struct comparison *c, const struct counterpart *counterpart, size_t b,
	       const struct cell *cell)
{
	const char *const *at = cell->run->at;

	return names_have(&counterpart->guests, at[AXIS_GUEST]) &&
	       strcmp(counterpart->mode, at[AXIS_MODE]) == 0 &&
	       strcmp(c->workloads.name[b], at[AXIS_WORKLOAD]) == 0;
}

const struct published_row *beside_cell(const struct published *published, const struct experiment *e,
					const struct cell *cell, const char *value)
{
	for (size_t i = 0; i < e->comparisons; i++) {
		const struct comparison *c = &e->comparison[i];

		if (strcmp(c->value, value) != 0)
			continue;
		for (size_t k = 0; k < c->counterparts; k++)
			for (size_t b = 0; b < c->benchmarks.count; b++)
				if (beside_is(c, &c->counterpart[k], b, cell))
					return beside_row(published, c, &c->counterpart[k], b);
	}
	return NULL;
}

bool beside_number(const struct published_row *row, double *out)
{
	char *end;

	if (!row)
		return false;
	*out = strtod(row->value, &end);
	return end != row->value && !*end;
}

bool beside_check(const struct published *published, const struct experiment *e)
{
	for (size_t i = 0; i < e->comparisons; i++) {
		const struct comparison *c = &e->comparison[i];

		for (size_t k = 0; k < c->counterparts; k++) {
			bool found = false;

			for (size_t b = 0; b < c->benchmarks.count; b++)
				found |= beside_row(published, c, &c->counterpart[k], b) != NULL;
			if (!found)
				return !complain(
					STATUS_FAILED,
					"%s: expected a row of %s: nothing there is of '%s', '%s', '%s', metric '%s'",
					e->file, published->rows.name, c->source, c->counterpart[k].system,
					c->counterpart[k].config, c->metric);
		}
	}
	return true;
}
