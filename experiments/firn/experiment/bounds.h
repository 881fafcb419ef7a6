/*
 * Is each number of an experiment that has a bound within it?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_BOUNDS_H
#define EXPERIMENTS_FIRN_EXPERIMENT_BOUNDS_H

#include "experiments/firn/experiment/document.h"
#include "experiments/firn/experiment/summary.h"

/* False where a result that it needs is missing. */
bool bound_value(const struct bound *bound, const struct summary *summary, double *out);

/*
 * A row for each bound on stdout: what, how much, at most, and whether. Nothing where there are none. How many are beyond; what was not
 * measured is not.
 */
size_t bounds_print(const struct experiment *experiment, const struct summary *summary);

/* The same in the report. */
void bounds_part(struct document *document, const struct experiment *experiment,
		 const struct summary *summary);

#endif
