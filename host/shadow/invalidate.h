/* What leaves the shadow, and the TLBs with it?  What a TLBI of L1 names, and what L0 takes back.  Next: invalidate.c. */
#ifndef HOST_SHADOW_INVALIDATE_H
#define HOST_SHADOW_INVALIDATE_H

#include "host/vm/vcpu.h"

/* A TLBI for the EL1&0 regime of L1's guest: op is not an nXS form. vEL2 is loaded. */
void shadow_tlbi(struct vcpu *v, enum sysreg op, uint64_t operand);

/*
 * For page logs: no shadow leaf maps any of size bytes from l1_ipa on, or none allows to write there, and no TLB does. Work in
 * proportion to size and to those leaves.
 */
void shadow_unmap_l1(struct vm *vm, l1_ipa_t l1_ipa, uint64_t size);
void shadow_protect_l1(struct vm *vm, l1_ipa_t l1_ipa, uint64_t size);

/* All trees of the VM are empty, and no TLB knows anything of them. */
void shadow_forget(struct vm *vm);

#endif
