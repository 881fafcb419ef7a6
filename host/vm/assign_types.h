/* What does a VM keep of a device of the machine that is its own?  Next: host/create/assign.h. */
#ifndef HOST_VM_ASSIGN_TYPES_H
#define HOST_VM_ASSIGN_TYPES_H

#include <stdint.h>

#include "nv/arch/addr.h"

#define ASSIGN_MAX 4 /* devices of a VM */
#define ASSIGN_SPIS 4
#define ASSIGN_CLOCKS 4

struct assigned {
	const void *fdt; /* the machine's tree, and the node in it */
	int node;
	pa_t pa; /* the L1 IPA too */
	uint64_t size;
	volatile uint8_t *regs;
	unsigned spis, clocks;
	uint32_t spi[ASSIGN_SPIS]; /* INTIDs, in L1's GIC too */
	uint32_t clock_hz[ASSIGN_CLOCKS];
};

#endif
