/*
 * What is one measurement, and which text is it as JSON?
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_RESULT_H
#define EXPERIMENTS_FIRN_MEASURE_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "experiments/firn/measure/measure.h"

#define LATENCY_QUANTILES 64

/*
 * How late L2's handler was, in counter ticks, over samples interrupts, by nearest rank: the percentiles that a table has, and all that
 * L2 said, so many hundredths of a per cent each.
 */
struct latency {
	unsigned long long min, p50, p90, p99, max, samples;
	unsigned quantiles;
	unsigned long long hundredths[LATENCY_QUANTILES], ticks[LATENCY_QUANTILES];
};

struct result {
	const char *guest, *mode, *cpu, *workload;
	uint64_t iterations[2];
	struct cost cost;
	bool with_s2;		  /* what the shadow stage 2 did is asked for too */
	struct cJSON *sequence;	  /* counted from outside: the traps of one operation; NULL: not asked for */
	struct cJSON *profile;	  /* where L0's instructions go; NULL: not asked for */
	struct latency latency;	  /* irq_latency; 0 samples: not measured */
	struct cJSON *provenance; /* with what, and the command that measures it again; NULL: not asked for */
};

/* A list of one object for each result, with a newline at the end.  New memory. */
char *results_as_json(const struct result *results, size_t count);

/* The same as comma-separated values, a row for each, below the names of the columns. */
char *results_as_csv(const struct result *results, size_t count);

#endif
