/*
 * What does L0 remember of the list registers that L1 wrote for its guest?  Written by host/interrupt/nested_gic.c alone.
 * Next: host/interrupt/nested_gic.h; nv/gic/state.h for L1's own GIC.
 */
#ifndef HOST_VM_GIC_TYPES_H
#define HOST_VM_GIC_TYPES_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu_nested_gic {
	bool loaded;	  /* the list registers of hardware are these */
	bool maintenance; /* the level of L1's maintenance interrupt */
	bool split;	  /* loaded, but not for both groups */
	uint32_t used;	  /* which of them are not empty in hardware: one bit each */
	uint64_t routed;  /* HCR_EL2.{TGE,IMO,FMO} of L1 when loaded was set */
};

#endif
