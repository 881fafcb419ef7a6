/*
 * How does one measurement come about?
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_RUN_H
#define EXPERIMENTS_FIRN_MEASURE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/firn/machine/guests.h"
#include "experiments/firn/measure/result.h"

/* What is to be measured. */
struct measurement {
	const struct guest *guest;
	const struct workload *workload;
	const char *mode, *cpu;
	uint64_t iterations[2]; /* the second one 0: the workload's own; the first may be */
	unsigned smp;		/* 0: as many CPUs as the workload needs */
	unsigned vms;		/* that share a CPU; 0: as many as the workload has */
	uint64_t patience;
	bool verbose;
	bool disk;	 /* L1 has one, whatever the workload */
	bool s2;	 /* with what the shadow stage 2 did */
	bool outside;	 /* counted by the plugin: always where no firn is L0 */
	bool profile;	 /* and where L0's instructions go */
	bool provenance; /* with what it is measured with */
};

/*
 * Runs a machine to its end. label: for a terminal, what is measured. False after messages on stderr; what result has is to be
 * given to result_free either way.
 */
bool measurement_run(const struct measurement *what, const char *label, struct result *result);

/* What result has before it is measured: which one it is, and with what it is measured. */
void measurement_identify(const struct measurement *what, struct result *result);

void result_free(struct result *result);

#endif
