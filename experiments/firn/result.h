/*
 * What is one measurement, and which text is it as JSON?
 */
#ifndef EXPERIMENTS_FIRN_RESULT_H
#define EXPERIMENTS_FIRN_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "experiments/firn/measure.h"

struct result {
	const char *guest, *mode, *cpu, *workload;
	uint64_t iterations[2];
	struct cost cost;
	bool with_s2; /* what the shadow stage 2 did is asked for too */
};

/* A list of one object for each result, with a newline at the end.  New memory. */
char *results_as_json(const struct result *results, size_t count);

#endif
