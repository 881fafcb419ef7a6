/* Where are the performance monitors of a vCPU?  Written by host/world/pmu.c alone.  Next: host/world/pmu.h. */
#ifndef HOST_VM_PMU_TYPES_H
#define HOST_VM_PMU_TYPES_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu_pmu {
	bool loaded; /* hardware's registers are L1's; else they are in the file, and none counts */
	bool counts; /* nv_pmu_counts, also while parked. Loaded as well: L1's filters are in the file, hardware's are for the world */
	bool line;   /* the interrupt's level in L1's GIC */
	bool held;   /* the physical interrupt is active, and so without effect */
	uint64_t mdcr_vel2,
		mdcr_guest_context; /* what of hardware's MDCR_EL2 is about counters, with L0's traps */
};

#endif
