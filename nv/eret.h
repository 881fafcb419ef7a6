/*
 * Where does an ERET executed at vEL2 go?  The checks of an illegal exception return and the two kinds of target.
 * Next: access.h.
 */
#ifndef NV_ERET_H
#define NV_ERET_H

#include <stdbool.h>
#include <stdint.h>

enum nv_eret_to {
	NV_ERET_VEL2,	       /* vEL2, or EL0 with HCR_EL2.{E2H,TGE} = {1,1}: the same world */
	NV_ERET_GUEST_CONTEXT, /* EL1 or EL0 of the guest context */
	NV_ERET_ILLEGAL,       /* stays at vEL2 with PSTATE.IL set */
};

struct nv_eret {
	enum nv_eret_to to;
	uint64_t pstate; /* in hardware's terms: EL2h is EL1h */
};

/*
 * AArch64.ExceptionReturn with SPSR_EL2 = spsr, executed at vEL2 in the (hardware's terms) state pstate, under L1's own
 * HCR_EL2 = l1_hcr. L1 sees neither EL3 nor AArch32.
 */
struct nv_eret nv_exception_return(uint64_t spsr, uint64_t pstate, uint64_t l1_hcr);

#endif
