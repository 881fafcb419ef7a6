/*
 * How does a register of vEL2 look in the format of the EL1 register that hardware uses for it?  With E2H=1 the two
 * formats agree; an nVHE L1 (E2H=0) has its own. Also the controls that L0 merges with its own for the guest
 * context. Next: decide.h.
 */
#ifndef NV_TRANSLATE_H
#define NV_TRANSLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/state.h"

/* SCTLR_EL2, TCR_EL2, TTBR0_EL2 and CPTR_EL2 of an L1 with E2H=0 as SCTLR_EL1, TCR_EL1, TTBR0_EL1 and CPACR_EL1. */
uint64_t nv_sctlr_el2_as_el1(uint64_t sctlr_el2);
uint64_t nv_tcr_el2_as_el1(uint64_t tcr_el2);
uint64_t nv_ttbr0_el2_as_el1(uint64_t ttbr0_el2);
/* Where L1 has no FEAT_SVE, hardware's, if it has it, is left open here: it traps to L0, as what is UNDEFINED. */
uint64_t nv_cptr_el2_as_cpacr(uint64_t cptr_el2, bool has_sve);

/* Of those that SYSREG_TWINS_OF_ALL has, each: what hardware's EL1 register has to be while E2H is 0. */
static inline uint64_t nv_twin_as_el1(enum sysreg el2, uint64_t value)
{
	switch (el2) {
	case SR_SCTLR_EL2:
		return nv_sctlr_el2_as_el1(value);
	case SR_TCR_EL2:
		return nv_tcr_el2_as_el1(value);
	case SR_TTBR0_EL2:
		return nv_ttbr0_el2_as_el1(value);
	default:
		return value;
	}
}

/*
 * The syndrome at EL2 of an exception that EL0 would take to EL1, and takes to EL2 because of HCR_EL2.TGE: AArch64.AdvSIMDFPAccessTrap and
 * SVEAccessTrap report it as one for an unknown reason then.
 */
uint64_t nv_esr_with_tge(uint64_t esr);

/*
 * Bits of CPTR_EL2 and CNTHCTL_EL2 that their EL1 twins do not have: with E2H=1 L1 reaches the rest through CPACR_EL1
 * and CNTKCTL_EL1 without a trap, these only through the EL2 name.
 */
#define NV_CPTR_NOT_IN_CPACR (CPTR_TCPAC | CPTR_TAM)
#define NV_CNTHCTL_IN_CNTKCTL                                                                     \
	(CNTHCTL_EL0PCTEN | CNTHCTL_EL0VCTEN | CNTHCTL_EVNTEN | CNTHCTL_EVNTDIR | CNTHCTL_EVNTI | \
	 CNTHCTL_EL0VTEN | CNTHCTL_EL0PTEN | CNTHCTL_EVNTIS)

/*
 * HCR_EL2, CPTR_EL2 (E2H format), CNTHCTL_EL2 (E2H format) and MDCR_EL2 for hardware while L1's guest context runs: what L0
 * needs (base) and what L1 asks for. MDCR_EL2's traps only: what it says of counters is left as in base (nv_pmu_mdcr).
 */
uint64_t nv_guest_context_hcr(uint64_t base, uint64_t l1_hcr);
uint64_t nv_guest_context_cptr(uint64_t base, uint64_t l1_cptr, bool l1_e2h);
uint64_t nv_guest_context_cnthctl(uint64_t base, uint64_t l1_cnthctl, bool l1_e2h);
uint64_t nv_guest_context_mdcr(uint64_t base, uint64_t l1_mdcr);

/*
 * HCRX_EL2. What vEL2 needs is that EL1 has FEAT_MOPS; what of L1's may stay loaded while vEL2 runs has no effect there, or one that
 * L0 makes good: an exception that MCE2 routes to L0 is vEL2's, a fault that CMOW makes of L0's stage 2 is one of a write.
 * FnXS is not loaded: whoever may not wait for some accesses may as well, and vEL2 must.
 */
#define NV_HCRX_OF_VEL2 HCRX_MSCEN

static inline uint64_t nv_guest_context_hcrx(uint64_t l1_hcrx)
{
	return l1_hcrx & HCRX_SHOWN & ~HCRX_FNXS;
}

static inline bool nv_hcrx_suits_vel2(uint64_t hcrx)
{
	return (hcrx & HCRX_SHOWN & ~(HCRX_MCE2 | HCRX_CMOW | HCRX_FGTNXS | HCRX_FNXS)) == NV_HCRX_OF_VEL2;
}

/* HCR_EL2 of L1 with the E2H that is fixed for it: RES0 without FEAT_VHE, RES1 without FEAT_E2H0. */
static inline uint64_t nv_hcr_with_fixed_e2h(const struct nv_state *l1, uint64_t l1_hcr)
{
	if (!l1->has_vhe)
		return l1_hcr & ~HCR_E2H;
	return l1->e2h_is_res1 ? l1_hcr | HCR_E2H : l1_hcr;
}

/*
 * HCR_EL2 for hardware while vEL2 runs: what L0 needs (base) and NV, AT and TTLB in both modes; nothing of FEAT_PAuth traps at EL2. With E2H=0 the EL1 names are
 * another world's registers: NV1; and without NV2 the older controls trap what NV1 alone lets through.
 */
static inline uint64_t nv_vel2_hcr(uint64_t base, enum nv_mode mode, bool e2h)
{
	uint64_t hcr = base | HCR_NV | HCR_AT | HCR_TTLB | HCR_APK | HCR_API;

	if (mode == NV_MODE_V84)
		hcr |= HCR_NV2;
	if (!e2h)
		hcr |= HCR_NV1 | (mode == NV_MODE_V84 ? 0 : HCR_TVM | HCR_TRVM);
	return hcr;
}

/* Does this L1 run with E2H=1 now?  HCR_EL2.E2H is RES0 for an L1 without FEAT_VHE. */
static inline bool nv_e2h(const struct nv_state *l1)
{
	return l1->has_vhe && (vncr_get(&l1->file, SR_HCR_EL2) & HCR_E2H);
}

/*
 * Does a vCPU that is to run in nv2 mode begin in nv mode?  With HCR_EL2.{NV2,NV1} set L1's write of E2H is one to memory, and
 * so are those behind it to EL1 names, which mean registers of vEL2 by then. Where L1 can choose E2H, NV2 therefore waits until
 * L1 has E2H=1, enters its guest context, or uses SVE, which nv mode does not have with E2H=0. From then on it is set for good.
 */
static inline bool nv_begins_undecided(const struct nv_state *l1, enum nv_mode wanted)
{
	return wanted == NV_MODE_V84 && l1->has_vhe && !l1->e2h_is_res1;
}

/* The mode that the vCPU runs in, or is to. */
static inline enum nv_mode nv_wanted_mode(const struct nv_state *l1)
{
	return l1->undecided ? NV_MODE_V84 : l1->mode;
}

/*
 * Has this L1 FEAT_SVE now?  Not with E2H=0 in nv mode: nothing traps its name ZCR_EL1 there, and hardware's register of that
 * name is ZCR_EL2 to it.
 */
static inline bool nv_has_sve(const struct nv_state *l1)
{
	return l1->has_sve && (nv_wanted_mode(l1) == NV_MODE_V84 || nv_e2h(l1));
}

/* Does CPTR_EL2 of L1 trap SVE of its guest?  With E2H=1 and TGE=0, ZEN = 0b01 traps nothing. */
static inline bool nv_l1_traps_sve(const struct nv_state *l1)
{
	uint64_t cptr = vncr_get(&l1->file, SR_CPTR_EL2);

	return nv_e2h(l1) ? !(field_get(CPACR_ZEN, cptr) & 1) : cptr & CPTR_NVHE_TZ;
}

/*
 * The groups whose interrupts L1's HCR_EL2 does not route to EL2, as their enables in ICH_VMCR_EL2: with one Security state FIQs are
 * Group 0's and IRQs Group 1's. The routing tables of D1.3.6 of DDI0487: what has EL1 as its target is not taken at EL2.
 */
static inline uint64_t nv_unrouted_groups(uint64_t l1_hcr)
{
	if (l1_hcr & HCR_TGE)
		return 0;
	return (l1_hcr & HCR_FMO ? 0 : ICH_VMCR_VENG0) | (l1_hcr & HCR_IMO ? 0 : ICH_VMCR_VENG1);
}

/* ICH_HCR_EL2's traps of the registers of those groups: they are L1's own interface's, while its list registers are loaded. */
static inline uint64_t nv_traps_of_groups(uint64_t groups)
{
	return (groups & ICH_VMCR_VENG0 ? ICH_HCR_TALL0 : 0) | (groups & ICH_VMCR_VENG1 ? ICH_HCR_TALL1 : 0);
}

/* None of them, as a test that is cheap on the way to vEL2. */
static inline bool nv_routes_all(uint64_t l1_hcr)
{
	return (l1_hcr & HCR_TGE) || (l1_hcr & (HCR_IMO | HCR_FMO)) == (HCR_IMO | HCR_FMO);
}

/*
 * What of these groups, as enables of ICH_VMCR_EL2, has to be held back from vEL2 while its interface is these list registers? vmcr has the
 * enables that L1 wrote. None without a pending interrupt of theirs. Both groups when the highest priority pending interrupt (4.8 of
 * IHI0069; the lowest list register of equals) is of theirs: the interface signals no other one then, and acknowledges none.
 */
uint64_t nv_groups_to_hold(const uint64_t *lr, unsigned count, uint64_t vmcr, uint64_t unrouted);

static inline bool nv_tge(const struct nv_state *l1)
{
	return vncr_get(&l1->file, SR_HCR_EL2) & HCR_TGE;
}

#endif
