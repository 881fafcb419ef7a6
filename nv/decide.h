/*
 * Whose trap is it, and what is to be done?  A pure function from L1's view and the captured syndrome to a verdict;
 * host/run/run.c acts on it.  Next: decide.c, then deliver.h and eret.h.
 */
#ifndef NV_DECIDE_H
#define NV_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/state.h"

/* What the hardware said, captured once per exit. */
struct nv_exit {
	uint64_t esr;	/* ESR_EL2 */
	bool from_vel2; /* the vEL2 world was loaded */
	bool from_el0;
	uint64_t call; /* one of firn's own that the VM may make (FIRN_HVC_MARK and so on), else 0 */
};

enum nv_verdict {
	NV_REFLECT,   /* the exception is L1's: take it to vEL2 with the same syndrome */
	NV_UNDEFINED, /* UNDEFINED to the EL1 (or vEL2) of the world that runs */
	NV_SKIP,      /* L0 asked for nothing here: go on after the instruction */
	NV_FP,	      /* the first use of the FP registers since L0 gave them to another vCPU */
	NV_SVE,	      /* the same of the SVE registers */
	NV_ERET,      /* an ERET of vEL2 */
	NV_SMC,	      /* a call to the firmware that L0 is for L1 */
	NV_SYSREG,    /* a system register or instruction that L0 emulates for vEL2 */
	NV_SYSREG_GUEST_CONTEXT, /* one that L0 emulates for the guest context: L1 did not ask for its trap (nv_guest_context_access) */
	NV_MEMORY, /* an abort of L0's own stage 2: a device of L1, or nothing there */
	NV_SHADOW, /* an abort of the shadow stage 2 */
	NV_MARK,   /* the marker hypercall */
	NV_LOG,	   /* the hypercall about page logs */
	NV_SWITCH, /* the hypercall that changes the mode */
	NV_DEBUG,  /* a debug exception that is L1's, as NV_REFLECT */
	NV_STOP,   /* cannot happen unless L0 is wrong */
};

enum nv_verdict nv_decide(const struct nv_state *l1, const struct nv_exit *e);

#endif
