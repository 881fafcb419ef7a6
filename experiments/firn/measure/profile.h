/*
 * Where do L0's instructions go?  For each of firn's functions and each purpose, from how often each instruction was executed.
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_PROFILE_H
#define EXPERIMENTS_FIRN_MEASURE_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "experiments/firn/measure/outside.h"

/* Where firn's code is while it runs, by its ELF file. False after one line on stderr. */
bool profile_text(uint64_t *start, uint64_t *bytes);

/*
 * Instructions of one operation: an object with "by_function" and "by_purpose", the largest first. New memory; NULL after one line
 * on stderr.
 */
struct cJSON *profile_make(const struct outside_counts *counts, int64_t operations);

#endif
