/*
 * How many VMs, vCPUs and CPUs, and is there a shell?  What firn run and firn record ask in the same way.
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

/* Can this guest, with --kernel and --initrd or NULL, do what is given: exec, its add and with_qemu?  False after one line on stderr. */
bool sharing_has_shell(const struct machine_config *config, const char *exec, const char *kernel,
		       const char *initrd);

#endif
