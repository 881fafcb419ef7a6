/*
 * What did the shadow stage 2 do, and what is in it?
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_S2_H
#define EXPERIMENTS_FIRN_MEASURE_S2_H

#include <stddef.h>

#include "experiments/firn/measure/result.h"

/* A number of struct s2_cost: its name for tables and JSON, and the group that it is in. */
struct s2_number {
	const char *group, *name;
	int64_t value;
};

#define S2_NUMBERS (LEDGER_S2_FAULTS + LEDGER_S2_INVALIDATIONS + 10)

/* Fills in all S2_NUMBERS of them; those of a group follow each other. */
void s2_numbers(const struct s2_cost *cost, struct s2_number numbers[S2_NUMBERS]);

/* Prints what firn stat --s2 adds for the results of one guest and workload: a column for each mode. */
void s2_table_print(const struct result *results, size_t modes);

#endif
