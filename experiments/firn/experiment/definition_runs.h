/*
 * Which blocks of runs does an experiment's file have?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_RUNS_H
#define EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_RUNS_H

#include "experiments/firn/experiment/definition.h"
#include "experiments/firn/experiment/markup.h"

/*
 * Adds one, as it is in a quick run or in a whole one; what the file says of the other is looked at as well. False after one line on
 * stderr.
 */
bool take_runs(struct experiment *e, const struct markup_node *node, bool quick);
void free_block(struct block *block);

#endif
