/* Where does an ERET executed at vEL2 go?  Reads: eret.h.  Next: access.c. */
#include "nv/eret.h"

#include "nv/arch/fields.h"

/* Reinstated even by an illegal return: SetPSTATEFromPSR. */
#define PSTATE_ALWAYS (PSTATE_NZCV | PSTATE_PAN | PSTATE_DAIF)
/* Reinstated by a legal return to AArch64, of the features that L1 sees. */
#define PSTATE_LEGAL \
	(PSTATE_ALWAYS | PSTATE_IL | PSTATE_SS | PSTATE_SSBS | PSTATE_BTYPE | PSTATE_UAO | PSTATE_DIT)

/* IllegalExceptionReturn, for a PE whose highest level is EL2 and whose every level is AArch64. */
static bool is_illegal(uint64_t spsr, uint64_t l1_hcr)
{
	uint64_t el = field_get(SPSR_M_EL, spsr);

	if (spsr & (SPSR_NRW | SPSR_M_RES0))
		return true;
	if (el == 3 || (el == 0 && (spsr & SPSR_M_SP)))
		return true;
	return el == 1 && (l1_hcr & HCR_TGE);
}

struct nv_eret nv_exception_return(uint64_t spsr, uint64_t pstate, uint64_t l1_hcr)
{
	bool in_vel2_regime;
	struct nv_eret r;
	uint64_t mode = field_get(SPSR_M_EL, spsr);

	if (is_illegal(spsr, l1_hcr)) {
		r.to = NV_ERET_ILLEGAL;
		r.pstate = (spsr & PSTATE_ALWAYS) | (pstate & ~(PSTATE_ALWAYS | PSTATE_SS | PSTATE_BTYPE)) |
			   PSTATE_IL;
		return r;
	}
	r.pstate = (spsr & (PSTATE_LEGAL | SPSR_M_SP)) | field_put(SPSR_M_EL, mode == 2 ? 1 : mode);
	in_vel2_regime = mode == 2 || (mode == 0 && (l1_hcr & HCR_E2H) && (l1_hcr & HCR_TGE));
	r.to = in_vel2_regime ? NV_ERET_VEL2 : NV_ERET_GUEST_CONTEXT;
	return r;
}
