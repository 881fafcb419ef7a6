/*
 * How much does a number depend on the run lengths n1 and n2?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_SENSITIVITY_H
#define EXPERIMENTS_FIRN_EXPERIMENT_SENSITIVITY_H

#include "experiments/firn/experiment/document.h"
#include "experiments/firn/experiment/summary.h"

/*
 * A table of those runs that were measured with three sizes or more: traps and instructions of L0 for one operation, the least, the median
 * and the most over the sizes, and the sizes at which traps are a whole number. Nothing where there are none.
 */
void sensitivity_part(struct document *document, const struct summary *summary);

#endif
