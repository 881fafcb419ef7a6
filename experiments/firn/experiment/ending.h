/*
 * What is kept of a run that has ended, wherever it was executed?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_ENDING_H
#define EXPERIMENTS_FIRN_EXPERIMENT_ENDING_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "experiments/firn/experiment/matrix.h"
#include "experiments/firn/experiment/store.h"
#include "experiments/firn/tool/progress.h"

/* Has the store a good result of it already?  And how many of all have one? */
bool ending_known(const struct store *store, const struct run *run);
size_t endings_known(const struct matrix *matrix, const struct store *store);

/* What goes to the store of a run whose last step printed output (or NULL). NULL where that is no result. */
cJSON *ending_result(const struct run *run, const char *output);

/* The first thing that firn said in errors, else how the process with this wait status ended. New memory. */
char *ending_reason(const char *errors, int status);

/*
 * Keeps that a run failed, with its log (errors, then output, which may be NULL), counts it and says so. False after one line on
 * stderr: the store cannot be written.
 */
bool ending_failed(struct store *store, struct progress *progress, const struct run *run, const char *why,
		   const char *errors, const char *output);

#endif
