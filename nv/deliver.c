/* What does a PE look like just after it took an exception?  Reads: deliver.h.  Next: eret.c. */
#include "nv/deliver.h"

#include "nv/arch/fields.h"

#define OFFSET_SAME_SP0 0x000
#define OFFSET_SAME_SPX 0x200
#define OFFSET_LOWER_A64 0x400
#define OFFSET_LOWER_A32 0x600

/* What an exception leaves of PSTATE; the rest becomes 0 or is set below. */
#define PSTATE_KEPT (PSTATE_NZCV | PSTATE_DIT | PSTATE_PAN)

/* A mode of hardware's EL1 as vEL2 must see it: EL1t and EL1h become EL2t and EL2h. */
static uint64_t spsr_as_el2(uint64_t spsr)
{
	if (field_get(SPSR_M_EL, spsr) != 1 || (spsr & SPSR_NRW))
		return spsr;
	return field_set(SPSR_M_EL, spsr, 2);
}

uint64_t nv_spsr_el2(uint64_t hw, uint64_t kept)
{
	return hw == NV_SPSR_KEPT ? kept : spsr_as_el2(hw);
}

static uint64_t vector_group(enum nv_from from, uint64_t pstate)
{
	if (from == NV_FROM_LOWER)
		return pstate & SPSR_NRW ? OFFSET_LOWER_A32 : OFFSET_LOWER_A64;
	return pstate & SPSR_M_SP ? OFFSET_SAME_SPX : OFFSET_SAME_SP0;
}

struct nv_exception nv_take_exception(const struct nv_target *to, enum nv_from from, enum nv_vector vector,
				      uint64_t pc, uint64_t pstate)
{
	struct nv_exception e = { .elr = pc, .spsr = pstate };

	if (to->is_vel2 && from == NV_FROM_SAME)
		e.spsr = spsr_as_el2(pstate);
	e.pc = (to->vbar & ~UINT64_C(0x7ff)) + vector_group(from, pstate) + vector;
	e.pstate = (pstate & PSTATE_KEPT) | PSTATE_DAIF | SPSR_M_EL1H;
	if (to->may_set_pan && !(to->sctlr & SCTLR_SPAN))
		e.pstate |= PSTATE_PAN;
	if (to->sctlr & SCTLR_DSSBS)
		e.pstate |= PSTATE_SSBS;
	return e;
}
