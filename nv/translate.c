/* How does a register of vEL2 look in hardware's EL1 format?  Reads: translate.h.  Next: decide.c. */
#include "nv/translate.h"

/* SCTLR_EL2 with E2H=0 has no EL0 below it: only what both formats share is taken over. BT is where BT1 is. */
#define SCTLR_SHARED                                                                                       \
	(SCTLR_M | SCTLR_A | SCTLR_C | SCTLR_SA | SCTLR_I | SCTLR_WXN | SCTLR_EE | SCTLR_EIS | SCTLR_EOS | \
	 SCTLR_IESB | SCTLR_DSSBS | SCTLR_NAA | SCTLR_EL2_BT | SCTLR_ENIA | SCTLR_ENIB | SCTLR_ENDA |      \
	 SCTLR_ENDB)

uint64_t nv_sctlr_el2_as_el1(uint64_t sctlr_el2)
{
	return (sctlr_el2 & SCTLR_SHARED) | SCTLR_EL1_RES1 | SCTLR_SPAN;
}

/*
 * Fields that move by as many bits move together, since an exchange of worlds does this. There is no second range, but pointers with bit
 * 55 set are signed as others are: T1SZ, TBI1 and TBID1 say where.
 */
uint64_t nv_tcr_el2_as_el1(uint64_t tcr_el2)
{
	uint64_t tcr = tcr_el2 & (TCR_T0SZ | TCR_IRGN0 | TCR_ORGN0 | TCR_SH0 | TCR_TG0);

	tcr |= TCR_EPD1;
	tcr |= (tcr_el2 & (TCR_T0SZ | TCR_EL2_PS)) << 16;     /* T1SZ, IPS */
	tcr |= (tcr_el2 & (TCR_EL2_TBI | TCR_EL2_HPD)) << 17; /* TBI0, HPD0 */
	/* TBI1, HA, HD, HWU0nn */
	tcr |= (tcr_el2 & (TCR_EL2_TBI | TCR_EL2_HA | TCR_EL2_HD | TCR_EL2_HWU)) << 18;
	tcr |= (tcr_el2 & TCR_EL2_TBID) << 22 | (tcr_el2 & TCR_EL2_TBID) << 23; /* TBID0, TBID1 */
	tcr |= (tcr_el2 & TCR_EL2_DS) << 27;
	return tcr;
}

uint64_t nv_ttbr0_el2_as_el1(uint64_t ttbr0_el2)
{
	return ttbr0_el2 & (TTBR_BADDR | TTBR_CNP);
}

uint64_t nv_cptr_el2_as_cpacr(uint64_t cptr_el2, bool has_sve)
{
	return (cptr_el2 & CPTR_NVHE_TFP ? 0 : CPACR_FPEN) |
	       (has_sve && (cptr_el2 & CPTR_NVHE_TZ) ? 0 : CPACR_ZEN);
}

uint64_t nv_esr_with_tge(uint64_t esr)
{
	uint64_t class = field_get(ESR_EC, esr);

	return class == EC_FP || class == EC_SVE ? field_put(ESR_EC, EC_UNKNOWN) | ESR_IL : esr;
}

/*
 * What of L1's HCR_EL2 has its effect below vEL2 and needs nothing but hardware's own check. Traps of features that L1 does
 * not see are left out, as nv/forward.c leaves them out: the bit is RES0 for L1.
 */
#define HCR_FROM_L1                                                                                          \
	(HCR_SHOWN & (HCR_SWIO | HCR_PTW | HCR_FB | HCR_BSU | HCR_DC | HCR_TWI | HCR_TWE | HCR_TID0 |        \
		      HCR_TID1 | HCR_TID2 | HCR_TID3 | HCR_TIDCP | HCR_TACR | HCR_TSW | HCR_TPCP | HCR_TPU | \
		      HCR_TTLB | HCR_TVM | HCR_TDZ | HCR_TRVM | HCR_TEA | HCR_HCD | HCR_TID4 | HCR_TICAB |   \
		      HCR_APK | HCR_API | HCR_TOCU | HCR_TTLBIS | HCR_TTLBOS))
/* These say something of a stage 2: of the shadow of L1's, never of L0's own. */
#define HCR_FROM_L1_WITH_STAGE2 (HCR_SHOWN & (HCR_CD | HCR_ID | HCR_FWB))

/* A virtual exception is enabled by the bit that routes its physical one, and with TGE none is. */
static uint64_t virtual_exceptions(uint64_t l1_hcr)
{
	uint64_t enabled = 0;

	if (l1_hcr & HCR_TGE)
		return 0;
	enabled |= l1_hcr & HCR_IMO ? HCR_VI : 0;
	enabled |= l1_hcr & HCR_FMO ? HCR_VF : 0;
	enabled |= l1_hcr & HCR_AMO ? HCR_VSE : 0;
	return l1_hcr & enabled;
}

/* A function, so that the usual guest, which has a stage 2, does not pay for a second mask. */
static __attribute__((cold, noinline)) uint64_t without_stage2(uint64_t of_l1)
{
	return of_l1 & ~HCR_FROM_L1_WITH_STAGE2;
}

uint64_t nv_guest_context_hcr(uint64_t base, uint64_t l1_hcr)
{
	uint64_t of_l1 = l1_hcr & (HCR_FROM_L1 | HCR_FROM_L1_WITH_STAGE2);

	if (__builtin_expect(!(l1_hcr & (HCR_VM | HCR_DC)), 0))
		of_l1 = without_stage2(of_l1);
	if (l1_hcr & (HCR_VI | HCR_VF | HCR_VSE))
		of_l1 |= virtual_exceptions(l1_hcr);
	return base | of_l1;
}

uint64_t nv_guest_context_cptr(uint64_t base, uint64_t l1_cptr, bool l1_e2h)
{
	uint64_t enabled = l1_e2h ? l1_cptr : nv_cptr_el2_as_cpacr(l1_cptr, true);

	base &= ~(CPACR_FPEN | CPACR_ZEN);
	return base | (enabled & (CPACR_FPEN | CPACR_ZEN)) | (l1_cptr & CPTR_TCPAC);
}

static uint64_t cnthctl_of_nvhe(uint64_t cnthctl_el2)
{
	return (cnthctl_el2 & CNTHCTL_NVHE_EL1PCTEN ? CNTHCTL_EL1PCTEN : 0) |
	       (cnthctl_el2 & CNTHCTL_NVHE_EL1PCEN ? CNTHCTL_EL1PTEN : 0);
}

uint64_t nv_guest_context_cnthctl(uint64_t base, uint64_t l1_cnthctl, bool l1_e2h)
{
	uint64_t enabled = l1_e2h ? l1_cnthctl : cnthctl_of_nvhe(l1_cnthctl);

	base &= ~(CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN);
	return base | (enabled & (CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN)) |
	       (l1_cnthctl & (CNTHCTL_EL1TVT | CNTHCTL_EL1TVCT));
}

/* The others are about counters: nv_pmu_mdcr. */
uint64_t nv_guest_context_mdcr(uint64_t base, uint64_t l1_mdcr)
{
	return base | (l1_mdcr & MDCR_SHOWN & ~(uint64_t)MDCR_COUNTERS);
}

uint64_t nv_groups_to_hold(const uint64_t *lr, unsigned count, uint64_t vmcr, uint64_t unrouted)
{
	uint64_t best = ~UINT64_C(0), best_group = 0, pending = 0;

	for (unsigned n = 0; n < count; n++) {
		uint64_t group = lr[n] & ICH_LR_GROUP ? ICH_VMCR_VENG1 : ICH_VMCR_VENG0;

		if (!(lr[n] & ICH_LR_PENDING))
			continue;
		pending |= group;
		/* Pending and active: it cannot be the next one. */
		if (lr[n] & ICH_LR_ACTIVE || !(vmcr & group) || field_get(ICH_LR_PRIORITY, lr[n]) >= best)
			continue;
		best = field_get(ICH_LR_PRIORITY, lr[n]);
		best_group = group;
	}
	if (!(pending & unrouted))
		return 0;
	return best_group & unrouted ? ICH_VMCR_VENG0 | ICH_VMCR_VENG1 : unrouted;
}
