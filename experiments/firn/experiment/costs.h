/*
 * How many cycles might that be?  An estimate from counts, by what others published: never a measurement.
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_COSTS_H
#define EXPERIMENTS_FIRN_EXPERIMENT_COSTS_H

#include <stdbool.h>
#include <stddef.h>

#include "experiments/firn/experiment/definition.h"
#include "experiments/firn/experiment/published.h"
#include "experiments/firn/experiment/store.h"

#define COST_ASSUMED "assumed"		   /* in place of a source */
#define ESTIMATE_OBJECT "estimated_cycles" /* of a result; a member for each model */

/* What one of something costs, as it stands in experiments/published/costs.csv. */
struct cost_row {
	const char *name;
	double cycles;
	const struct published_row *row; /* NULL: assumed */
	const char *why;
};

struct costs {
	struct csv csv;
	struct cost_row *cost;
	size_t count;
};

/*
 * costs.csv of a folder, or of the one that belongs to firn (NULL). Each number is either that of a row of published (or inside
 * the range that stands there), or says that it is assumed, and why. False after one line on stderr with file and line.
 */
bool costs_read(struct costs *costs, const struct published *published, const char *folder);
void costs_free(struct costs *costs);

/* NULL where there is none. */
const struct cost_row *costs_find(const struct costs *costs, const char *name);

/* Every cost that the models of an experiment name has to exist. False after one line on stderr. */
bool costs_check(const struct costs *costs, const struct experiment *experiment);

/* Adds to each good result, in memory alone, what each model makes of it: none where a number of it is missing. */
void costs_apply(const struct costs *costs, const struct experiment *experiment, struct store *store);

#endif
