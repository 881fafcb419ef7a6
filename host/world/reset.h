/* How does a vCPU begin?  Next: reset.c. */
#ifndef HOST_WORLD_RESET_H
#define HOST_WORLD_RESET_H

#include "host/vm/vcpu.h"

/* Prints one line that says which vCPU it is and where it was. For panic. v may be NULL. */
void vcpu_describe(const struct vcpu *v);

/* Gives v the state of a PE at EL2 out of reset, with pc = entry (an L1 IPA; the MMU is off) and X0 = x0. */
void vcpu_reset(struct vcpu *v, l1_ipa_t entry, uint64_t x0);

/* Prepares v for its first vcpu_reset: allocates the FP state and the ledger. False when out of memory. */
bool vcpu_init(struct vcpu *v, struct vm *vm, unsigned index, enum nv_mode mode, enum nv_e2h_choice e2h);

#endif
