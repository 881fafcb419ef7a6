/*
 * What did an experiment's file want to have shown that none of its results has?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_ABSENT_H
#define EXPERIMENTS_FIRN_EXPERIMENT_ABSENT_H

#include "experiments/firn/experiment/document.h"
#include "experiments/firn/experiment/summary.h"

/*
 * A line on stderr for each plot, ratio, estimate and comparison with a value that no result has, though there are results that
 * it is of. How many. Bounds say it themselves.
 */
size_t absent_print(const struct experiment *experiment, const struct summary *summary);

/* The same in the report; nothing where nothing is absent. */
void absent_part(struct document *document, const struct experiment *experiment,
		 const struct summary *summary);

#endif
