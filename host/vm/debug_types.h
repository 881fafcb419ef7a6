/* What does L0 remember of a vCPU's debug registers?  Written by host/world/debug.c alone.  Next: host/world/debug.h. */
#ifndef HOST_VM_DEBUG_TYPES_H
#define HOST_VM_DEBUG_TYPES_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu_debug {
	uint64_t
		busy; /* what hardware's MDSCR_EL1 has for vEL2, 0 while that is of no consequence; nv mode: SS and MDE */
	uint64_t mdcr, mdcr_guest_context; /* MDCR_EL2 while vEL2 runs, and for its guest as L1 asks for it */
	bool translated; /* hardware's breakpoints and watchpoints are those for vEL2, L1's are in breaks */
	bool hidden;	 /* nv mode: hardware's MDSCR_EL1 is the one for vEL2, L1's is l1_mdscr */
	uint64_t l1_mdscr;
};

/* L1's breakpoints and watchpoints, while hardware does not have them as they are; and what else is between vCPUs. */
struct vcpu_breaks {
	uint64_t bvr[16], bcr[16], wvr[16], wcr[16];
	bool oslk;	       /* the OS Lock of hardware */
	uint64_t claims;       /* DBGCLAIMCLR_EL1: the CLAIM tags that are set */
	uint64_t dtrrx, dtrtx; /* of the channel to a debugger */
};

#endif
