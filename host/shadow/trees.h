/*
 * Which tables does hardware walk while L2 runs?  Trees of shadow-s2/tree.h, one for each stage 2 of L1 that was in use
 * lately, shared by the vCPUs of a VM and filled by faults.  Next: trees.c, fill.h.
 */
#ifndef HOST_SHADOW_TREES_H
#define HOST_SHADOW_TREES_H

#include "host/vm/vcpu.h"
#include "host/vm/vm.h"

/* Memory and VMIDs for a VM's shadow tables. False: not enough of one of them. */
bool shadow_create(struct vm *vm);

/*
 * VTTBR_EL2 and VTCR_EL2 of hardware for L1's VTTBR_EL2 and VTCR_EL2 as they are now. On v's own CPU, with HCR_EL2 of the guest context
 * and to load VTTBR_EL2: what TLBs were to forget of it before that, they have forgotten.
 */
uint64_t shadow_vttbr(struct vcpu *v);
uint64_t shadow_vtcr(const struct vcpu *v);

/* The same of VTTBR_EL2 when L1 has no stage 2. All of its VMIDs share one of hardware's then. */
void shadow_use_flat(struct vcpu *v);
static inline uint64_t shadow_vttbr_flat(struct vcpu *v)
{
	if (__builtin_expect(v->shadow.flat != SHADOW_FLAT_USED ||
				     v->shadow.flat_vttbr != vncr_get(&v->nv.file, SR_VTTBR_EL2),
			     0))
		shadow_use_flat(v);
	return vm_vttbr_guest_context(v->vm);
}

/* The part of *s2 that describes the VM as it is. */
void shadow_describe(const struct vm *vm, struct ledger_s2 *s2);

#endif
