/*
 * How many VMs, vCPUs and CPUs?  The options that firn run and firn record have for it.
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_SHARING_H
#define EXPERIMENTS_FIRN_MACHINE_SHARING_H

#include <stdbool.h>

#include "experiments/firn/machine/machine.h"
#include "experiments/firn/tool/options.h"

struct sharing_given {
	const char *smp, *cpus, *vms, *virtual_time, *e2h;
};

#define SHARING_OPTIONS(given)                                                                         \
	OPTION("--e2h", &(given).e2h), OPTION("--smp", &(given).smp), OPTION("--cpus", &(given).cpus), \
		OPTION("--vms", &(given).vms), OPTION("--virtual-time", &(given).virtual_time)

/* Option words to machine. False after one line on stderr. */
bool sharing_understand(const struct sharing_given *given, struct machine_config *config);

#endif
