/* How does L0 ask the firmware below it to switch CPUs on and the machine off?  Next: psci.c. */
#ifndef HOST_MACHINE_PSCI_H
#define HOST_MACHINE_PSCI_H

#include <stdint.h>

#include "nv/arch/addr.h"

/* Reads the conduit from the tree. Until then, and without a /psci node, SMC. */
void psci_init(const void *fdt);

/* PSCI CPU_ON: mpidr's affinity fields, entry point, X0 there. 0 or a negative PSCI error. */
int64_t psci_cpu_on(uint64_t mpidr, pa_t entry, uint64_t x0);

_Noreturn void psci_system_off(void);

#endif
