/*
 * What does L0 remember of what hardware's EL1 and EL2 registers hold of a vCPU?  Each struct is written by the file that it
 * names, alone.  Next: host/world/world.h.
 */
#ifndef HOST_VM_WORLD_TYPES_H
#define HOST_VM_WORLD_TYPES_H

#include <stdbool.h>
#include <stdint.h>

/* Whose EL1&0 state the hardware holds. */
enum world {
	WORLD_VEL2,	     /* L1 at vEL2, or at EL0 below it with HCR_EL2.{E2H,TGE} = {1,1} */
	WORLD_GUEST_CONTEXT, /* EL1 or EL0 of L2, or of L1's own kernel while L1's HCR_EL2.VM is 0 */
};

/* host/world/world.c */
struct vcpu_world {
	enum world loaded;
	bool vel2_is_vhe; /* the E2H that the loaded (or last loaded) vEL2 state was translated for */
	bool keeps_spsr;  /* SPSR_EL1 of hardware is not L1's SPSR_EL2 as it is: spsr_el2 may be */
	bool el0_only; /* the guest context is EL0 below an E2H=0 vEL2 with HCR_EL2.TGE: see world_forward_el0 */
	uint64_t spsr_el2; /* of L1, see keeps_spsr */
};

/* host/world/serror.c */
struct vcpu_serror {
	uint64_t esr;		     /* the syndrome of the SError that L0 passes on */
	bool loaded;		     /* hardware's HCR_EL2.VSE is that one */
	bool disr_is_guest_contexts; /* VDISR_EL2 of hardware is the guest context's, while that runs */
	uint64_t pending;	     /* HCR_VSE while there is one, else 0 */
};

/* host/world/controls.c */
struct vcpu_controls {
	uint64_t hcr;	    /* L0's own HCR_EL2 in both worlds; serror.pending is in it */
	uint64_t vel2_hcr;  /* HCR_EL2 of hardware at vEL2 */
	uint64_t vel2_cptr; /* and CPTR_EL2, but for fp.fpen */
	uint64_t l1_hcrx;   /* HCRX_EL2 of hardware is what this value of L1's makes it */
	uint8_t left; /* of the guest context: some HFG*_EL2 or HDFG*_EL2 that is not 0, filters of counters */
};

/* host/world/routing.c */
struct vcpu_routing {
	bool unsettled; /* nv.undecided, or interrupts are held back: for the next entry of the guest */
};

/* host/world/park.c: registers that L1's two worlds share, and so L0 exchanges between vCPUs only. */
struct vcpu_shared {
	uint64_t tpidr_el0, tpidrro_el0, tpidr_el1, par, sp_el0, mdscr, mdccint, csselr, actlr, osdlr, vdisr,
		pmuserenr;
	uint64_t apia_lo, apia_hi, apib_lo, apib_hi, apda_lo, apda_hi, apdb_lo, apdb_hi, apga_lo, apga_hi;
};

#endif
