/*
 * How are the runs of an experiment carried out on a Slurm cluster?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_SLURM_H
#define EXPERIMENTS_FIRN_EXPERIMENT_SLURM_H

#include "experiments/firn/experiment/matrix.h"
#include "experiments/firn/experiment/store.h"

/*
 * Like runner_run: what the store has no good result of becomes job arrays, of which at most `jobs` tasks run at a time (0: as many
 * as Slurm likes). A run that ends without a result is submitted again, twice at most. about: with what it is measured, as the
 * store has it; a result of a node that has something else is none. A job that an earlier firn left is gathered first.
 */
bool slurm_run(const struct matrix *matrix, struct store *store, const char *name, size_t jobs,
	       const cJSON *about, size_t *failed);

#endif
