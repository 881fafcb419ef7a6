/* What does a fault of L2 add to the shadow?  Next: fill.c. */
#ifndef HOST_SHADOW_FILL_H
#define HOST_SHADOW_FILL_H

#include "host/vm/vcpu.h"

enum shadow_result {
	SHADOW_RETRY,	  /* L1 allows the access: the tables say so now, or L1 changed its own meanwhile */
	SHADOW_L1_FAULT,  /* L1's stage 2 refuses it, with out->fsc */
	SHADOW_L1_DEVICE, /* L1 allows it at out->l1_ipa, which is not RAM */
};

struct shadow_out {
	uint32_t fsc; /* ESR_EL2.DFSC or IFSC for L1 */
	l1_ipa_t l1_ipa;
};

/*
 * What follows from an abort of the shadow stage 2 at ipa, with ESR_EL2 = esr: AArch64.S2Translate on L1's tables. ahead: L2 is about to
 * make the access that ESR_EL2 told of, at the level of v->pstate. If L1 allows it the shadow has it then, as a TLB may, and nothing
 * else has changed: what the access alone may change is left to its fault, and so is what L1 refuses. The result means nothing.
 */
enum shadow_result shadow_fault(struct vcpu *v, l2_ipa_t ipa, uint64_t esr, bool ahead,
				struct shadow_out *out);

/* That was SHADOW_L1_FAULT: the access is kept for shadow_is_made_again. v->pc is its instruction. */
static inline void shadow_keep_refused(struct vcpu *v, l2_ipa_t ipa, uint64_t esr)
{
	v->shadow.refused = (struct shadow_refused){ v->shadow.tree, v->pc, esr, ipa };
}

/*
 * L1 goes back to the instruction of v->shadow.refused, and the guest context is loaded: is it the same guest?  Then *refused is what
 * it is about to access, once.
 */
bool shadow_is_made_again(struct vcpu *v, struct shadow_refused *refused);

#endif
