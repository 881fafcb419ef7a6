/*
 * In which order do the traps of one operation come, on one L0 and on another?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_SEQUENCES_H
#define EXPERIMENTS_FIRN_EXPERIMENT_SEQUENCES_H

#include "experiments/firn/experiment/document.h"
#include "experiments/firn/experiment/summary.h"

/*
 * A table for each two cells that differ in nothing but their mode and have a "sequence" (firn stat --outside): traps that both have
 * stand in one line. Nothing where there are no such.
 */
void sequences_part(struct document *document, const struct summary *summary);

#endif
