/*
 * What is different between two results?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_COMPARE_H
#define EXPERIMENTS_FIRN_EXPERIMENT_COMPARE_H

#include "experiments/firn/tool/csv.h"

/*
 * Lays two summaries beside each other, row by row, and prints every number that differs. values: names of the columns that are
 * compared, separated by commas, or NULL for the traps and instructions. exact: less is a difference too. An exit status: 0 where
 * nothing is worse, and with exact where nothing differs and no row is missing; 1 after one line on stderr.
 */
int compare_summaries(const struct csv *old, const struct csv *new, const char *values, bool exact);

#endif
