/* Whose are the debug exceptions of vEL2?  Reads: debug.h. */
#include "nv/debug.h"

#include "nv/translate.h"

bool nv_debug_target_is_el2(const struct nv_state *l1)
{
	return nv_tge(l1) || (vncr_get(&l1->file, SR_MDCR_EL2) & MDCR_TDE);
}

uint64_t nv_mdscr_at_vel2(uint64_t l1_mdscr, const struct nv_state *l1)
{
	if (!nv_debug_target_is_el2(l1))
		return l1_mdscr & ~(uint64_t)NV_MDSCR_ACTIVE;
	return l1_mdscr | (nv_tge(l1) ? MDSCR_TDCC : 0);
}

/* SSC: 0b10 is Secure state only, and 0b11 both where HMC is 1. */
static bool is_for_this_state(uint64_t ssc, bool hmc)
{
	return ssc != 2 && (ssc != 3 || hmc);
}

static bool matches_el2(uint64_t ssc, bool hmc, uint64_t pmc)
{
	return hmc && !(ssc == 2 && pmc == 0); /* that one is EL3 only */
}

uint64_t nv_debug_control_at_vel2(uint64_t control)
{
	uint64_t ssc = field_get(DBGCR_SSC, control), pmc = field_get(DBGCR_PMC, control);
	bool hmc = control & DBGCR_HMC, here = is_for_this_state(ssc, hmc);
	uint64_t levels = here ? (pmc & DBGCR_PMC_EL0) | (matches_el2(ssc, hmc, pmc) ? DBGCR_PMC_EL1 : 0) : 0;

	control &= ~(DBGCR_SSC | DBGCR_PMC | DBGCR_HMC);
	return levels ? control | field_put(DBGCR_PMC, levels) : control & ~(uint64_t)DBGCR_E;
}

bool nv_debug_is_enabled_at_vel2(uint64_t l1_mdscr, bool target_is_el2, uint64_t pstate)
{
	return target_is_el2 && (l1_mdscr & MDSCR_KDE) && !(pstate & PSTATE_D);
}
