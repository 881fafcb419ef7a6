/* How do TLBs forget what a VMID had?  Next: tlb.c, host/run/tlbi.h. */
#ifndef HOST_VM_TLB_H
#define HOST_VM_TLB_H

#include <stdint.h>

#include "host/machine/sysreg.h"
#include "nv/arch/sysreg.h"

/*
 * A stage-1 invalidation for hardware's EL1&0 regime with the VMID of VTTBR_EL2. op is one of the plain EL1 forms (not nXS); of
 * others all of the VMID's stage 1 is invalidated. A local form is local: whoever comes to another CPU, or back, meets nothing there
 * that it has not (separate_tlbs, host/world/park.c). All CPUs are in one inner shareable domain. The caller has the barriers.
 * A range is what TCR_EL1 makes of the operand, so that has to be loaded as well.
 */
void tlbi_stage1(enum sysreg op, uint64_t operand);

/*
 * TLBI instructions name the VMID of VTTBR_EL2. Returns what it was; the caller gives it back with tlbi_leave_vmid, which
 * waits until the invalidations are done.
 */
static inline uint64_t tlbi_enter_vmid(uint64_t vttbr)
{
	uint64_t before = read_sysreg(VTTBR_EL2);

	dsb_ishst();
	write_sysreg(VTTBR_EL2, vttbr);
	isb();
	return before;
}

static inline void tlbi_leave_vmid(uint64_t before)
{
	dsb_ish();
	write_sysreg(VTTBR_EL2, before);
	isb();
}

#endif
