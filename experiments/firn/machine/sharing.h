/*
 * How many VMs, vCPUs and CPUs?  The options that firn run and firn record have for it.
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_SHARING_H
#define EXPERIMENTS_FIRN_MACHINE_SHARING_H

#include <stdbool.h>

#include "experiments/firn/machine/machine.h"

struct sharing_given {
	const char *smp, *cpus, *vms, *virtual_time, *e2h;
};

#define SHARING_OPTIONS(given)                                                                               \
	{ "--e2h", &(given).e2h, NULL }, { "--smp", &(given).smp, NULL }, { "--cpus", &(given).cpus, NULL }, \
		{ "--vms", &(given).vms, NULL },                                                             \
	{                                                                                                    \
		"--virtual-time", &(given).virtual_time, NULL                                                \
	}

/* Option words to machine. False after one line on stderr. */
bool sharing_understand(const struct sharing_given *given, struct machine_config *config);

#endif
