/*
 * How are the runs of an experiment carried out, several at a time?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_RUNNER_H
#define EXPERIMENTS_FIRN_EXPERIMENT_RUNNER_H

#include "experiments/firn/experiment/matrix.h"
#include "experiments/firn/experiment/store.h"

#define JOBS_MOST 64

/*
 * Executes those runs that the store has no good result of, `jobs` at a time, each in processes of its own. One that fails is
 * recorded with what it said, and the others go on. *failed: how many. False after one line on stderr: the store cannot be
 * written, or a signal asks firn to stop; what has ended is in the store then.
 */
bool runner_run(const struct matrix *matrix, struct store *store, const char *name, size_t jobs,
		size_t *failed);

#endif
