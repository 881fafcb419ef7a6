/*
 * How are two modes shown side by side?
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_STAT_TABLE_H
#define EXPERIMENTS_FIRN_MEASURE_STAT_TABLE_H

#include <stddef.h>

#include "experiments/firn/measure/result.h"

#define MAX_MODES 4

/* Prints the results of one guest and workload, which differ in their mode: a column for each. */
void stat_table_print(const struct result *results, size_t modes);

#endif
