/*
 * What came out of each run, with its repetitions together?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_SUMMARY_H
#define EXPERIMENTS_FIRN_EXPERIMENT_SUMMARY_H

#include "experiments/firn/experiment/matrix.h"
#include "experiments/firn/experiment/statistics.h"
#include "experiments/firn/experiment/store.h"

/* The runs that differ in nothing but the repetition. */
struct cell {
	const struct run *run; /* the first of them */
	const cJSON **result;  /* of those that went well */
	size_t results, failed, missing;
};

struct summary {
	struct cell *cell; /* in the order of the runs */
	size_t cells;
};

/* It points into the matrix and the store. */
void summary_make(struct summary *summary, const struct matrix *matrix, const struct store *store);
void summary_free(struct summary *summary);

/* Number `name` of a cell: "traps_per_op", or "s2.faults" where a dot leads into an object. Not there: .there is false. */
struct estimate summary_value(const struct cell *cell, const char *name);

/* The object of that name of its first result, or NULL. */
const cJSON *summary_object(const struct cell *cell, const char *name);

/* The array of that name of its first result, or NULL. */
const cJSON *summary_array(const struct cell *cell, const char *name);

/* The cell that differs from this one only in that axis has `name`; NULL if there is none. */
const struct cell *summary_beside(const struct summary *summary, const struct cell *cell, enum axis axis,
				  const char *name);

/* All of it as comma-separated values, in new memory: the axes, then each number that any result has but for traps by reason. */
char *summary_csv(const struct summary *summary);

/* "1071", "20.722", "12 (11 to 14)"; "-" where there is none. Returns out. */
char *estimate_text(char *out, size_t size, const struct estimate *estimate);

#endif
