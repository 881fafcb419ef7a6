/*
 * Which published number belongs to one of ours?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_BESIDE_H
#define EXPERIMENTS_FIRN_EXPERIMENT_BESIDE_H

#include "experiments/firn/experiment/definition.h"
#include "experiments/firn/experiment/published.h"
#include "experiments/firn/experiment/summary.h"

/* The row for benchmark number b of a comparison on that machine; NULL where the paper has none. */
const struct published_row *beside_row(const struct published *published, const struct comparison *comparison,
				       const struct counterpart *counterpart, size_t b);

/* The same for a cell and a value of ours, of any comparison of the experiment. */
const struct published_row *beside_cell(const struct published *published,
					const struct experiment *experiment, const struct cell *cell,
					const char *value);

/* Does this cell stand beside that machine and benchmark? */
bool beside_is(const struct comparison *comparison, const struct counterpart *counterpart, size_t b,
	       const struct cell *cell);

/* The number, if it is one. */
bool beside_number(const struct published_row *row, double *out);

/* Every source and benchmark that the file names has to exist. False after one line on stderr. */
bool beside_check(const struct published *published, const struct experiment *experiment);

#endif
