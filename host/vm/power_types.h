/* Is a vCPU on?  Written by host/run/power.c alone.  Next: host/run/power.h. */
#ifndef HOST_VM_POWER_TYPES_H
#define HOST_VM_POWER_TYPES_H

#include <stdbool.h>

struct vcpu_power {
	bool on; /* as PSCI says it; other CPUs ask */
};

#endif
