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

/* What follows from an abort of the shadow stage 2 at ipa, with ESR_EL2 = esr: AArch64.S2Translate on L1's tables. */
enum shadow_result shadow_fault(struct vcpu *v, l2_ipa_t ipa, uint64_t esr, struct shadow_out *out);

#endif
