/*
 * What did the plugin count?  It sees a machine from outside (experiments/plugin), whatever L0 is.
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_OUTSIDE_H
#define EXPERIMENTS_FIRN_MEASURE_OUTSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/firn/measure/ledger.h"
#include "experiments/plugin/outside.h"

struct cJSON;

struct outside_counts {
	struct ledger ledger;
	struct outside_step *step; /* the last traps before the third mark */
	size_t steps;
	uint64_t text;
	int64_t *word; /* from text on, for each instruction: how often */
	size_t words;
};

/* An open file for the plugin, -1 after one line on stderr. */
int outside_open(void);

/* When the machine has ended. False after one line on stderr. */
bool outside_read(struct outside_counts *counts, int fd);
void outside_free(struct outside_counts *counts);

/*
 * The traps of the last operation before the third mark, one text each: level, reason, instructions of L0. traps: of one operation;
 * an operation begins with an exit of L2. New memory; an empty list where there is none such.
 */
struct cJSON *outside_sequence(const struct outside_counts *counts, int64_t traps);

#endif
