/* Whose trap is it?  Reads: forward.h for the controls of L1.  Next: deliver.c, eret.c, access.c. */
#include "nv/decide.h"

#include "nv/access.h"
#include "nv/arch/firn_abi.h"
#include "nv/forward.h"
#include "nv/pauth.h"
#include "nv/translate.h"

static uint64_t l1_hcr(const struct nv_state *l1)
{
	return vncr_get(&l1->file, SR_HCR_EL2);
}

static enum nv_verdict undefined(const struct nv_state *l1, const struct nv_exit *e)
{
	(void)l1;
	(void)e;
	return NV_UNDEFINED;
}

static enum nv_verdict wfx(const struct nv_state *l1, const struct nv_exit *e)
{
	uint64_t control = e->esr & ESR_WFX_TI ? HCR_TWE : HCR_TWI;

	return !e->from_vel2 && (l1_hcr(l1) & control) ? NV_REFLECT : NV_SKIP;
}

/* HCR_EL2.HCD disables HVC at EL2 and at EL1. From vEL2 the exception is taken to vEL2 itself. */
static enum nv_verdict hvc(const struct nv_state *l1, const struct nv_exit *e)
{
	if (e->call == FIRN_HVC_MARK)
		return NV_MARK;
	if (e->call == FIRN_HVC_LOG)
		return NV_LOG;
	if (e->call == FIRN_HVC_SWITCH)
		return NV_SWITCH;
	return l1_hcr(l1) & HCR_HCD ? NV_UNDEFINED : NV_REFLECT;
}

static enum nv_verdict smc(const struct nv_state *l1, const struct nv_exit *e)
{
	return !e->from_vel2 && (l1_hcr(l1) & HCR_TSC) ? NV_REFLECT : NV_SMC;
}

static enum nv_verdict eret(const struct nv_state *l1, const struct nv_exit *e)
{
	if ((e->esr & ESR_ERET_AUTH) && nv_pauth_level(l1) == NV_PAUTH_NONE) /* ERETAA, ERETAB */
		return NV_UNDEFINED;
	return e->from_vel2 ? NV_ERET : NV_REFLECT; /* L2's traps only by HFGITR_EL2.ERET of L1 */
}

/* What L1's own EL0 may have, as L1 said in hardware's CNTKCTL_EL1, and traps all the same while time stops for L1. */
static bool is_physical_time(enum sysreg r)
{
	return r == SR_CNTPCT_EL0 || r == SR_CNTPCTSS_EL0 || r == SR_CNTP_CTL_EL0 || r == SR_CNTP_CVAL_EL0 ||
	       r == SR_CNTP_TVAL_EL0;
}

/* What EL0 has of the debug registers. With HCR_EL2.TGE, as at L1's own EL0, MDCR_EL2.TDA counts as 1. */
static bool is_dcc(enum sysreg r)
{
	return r == SR_MDCCSR_EL0 || r == SR_DBGDTR_EL0 || r == SR_DBGDTRRX_EL0;
}

static enum nv_verdict unlisted_of_guest_context(const struct nv_state *l1, const struct nv_exit *e)
{
	return nv_l1_traps_unlisted(l1, (uint32_t)(e->esr & ESR_ISS), e->from_el0) ? NV_REFLECT :
										     NV_UNDEFINED;
}

static enum nv_verdict sysreg_of_guest_context(const struct nv_state *l1, const struct nv_exit *e,
					       enum sysreg r)
{
	bool is_read = e->esr & ESR_SYS64_READ;

	if (nv_l1_traps_sysreg(l1, r, is_read, e->from_el0))
		return NV_REFLECT;
	return nv_guest_context_access(l1, r, is_read).place == NV_PLACE_UNDEFINED ? NV_UNDEFINED :
										     NV_SYSREG_GUEST_CONTEXT;
}

/* What vEL2's own EL0 reaches and L0 traps for itself. PMUSERENR_EL0 has said yes: hardware looks at it first. */
static bool is_open_to_el0(enum sysreg r)
{
	return is_physical_time(r) || sysreg_info[r].place == NV_PLACE_PMU;
}

static enum nv_verdict sysreg_of_l1s_el0(enum sysreg r)
{
	if (is_dcc(r))
		return NV_REFLECT;
	return is_open_to_el0(r) ? NV_SYSREG : NV_UNDEFINED;
}

static enum nv_verdict sysreg(const struct nv_state *l1, const struct nv_exit *e)
{
	enum sysreg r;

	if (e->from_vel2 && !e->from_el0) /* whatever it is */
		return NV_SYSREG;
	r = sysreg_from_iss((uint32_t)(e->esr & ESR_ISS));
	if (e->from_vel2)
		return sysreg_of_l1s_el0(r);
	return r == SR_NONE ? unlisted_of_guest_context(l1, e) : sysreg_of_guest_context(l1, e, r);
}

static enum nv_verdict abort_low(const struct nv_state *l1, const struct nv_exit *e)
{
	return !e->from_vel2 && (l1_hcr(l1) & (HCR_VM | HCR_DC)) ? NV_SHADOW : NV_MEMORY;
}

/* Traps that hardware takes in the guest context only because L1's control was merged into L0's. */
static enum nv_verdict l1_asked(const struct nv_state *l1, const struct nv_exit *e)
{
	(void)l1;
	return e->from_vel2 ? NV_UNDEFINED : NV_REFLECT;
}

/* The same of debug exceptions. */
static enum nv_verdict debug(const struct nv_state *l1, const struct nv_exit *e)
{
	(void)l1;
	return e->from_vel2 ? NV_UNDEFINED : NV_DEBUG;
}

/*
 * CPTR_EL2 of L1 is merged into L0's for the guest context; vEL2 itself is under CPACR_EL1 of hardware. With TGE = 0, FPEN =
 * 0b01 traps nothing.
 */
static enum nv_verdict fp(const struct nv_state *l1, const struct nv_exit *e)
{
	uint64_t cptr = vncr_get(&l1->file, SR_CPTR_EL2);
	bool asked = nv_e2h(l1) ? !(field_get(CPACR_FPEN, cptr) & 1) : cptr & CPTR_NVHE_TFP;

	return !e->from_vel2 && asked ? NV_REFLECT : NV_FP;
}

/* The same for ZEN, and TZ with E2H=0. */
static enum nv_verdict sve(const struct nv_state *l1, const struct nv_exit *e)
{
	if (!nv_has_sve(l1))
		return NV_UNDEFINED;
	return !e->from_vel2 && nv_l1_traps_sve(l1) ? NV_REFLECT : NV_SVE;
}

/*
 * A Memory Copy or Memory Set instruction that met registers of another implementation. HCRX_EL2.MCE2 brings it from EL1: what L1 asks
 * for its guest, and what may still be loaded while vEL2 runs, which has such exceptions itself.
 */
static enum nv_verdict copy(const struct nv_state *l1, const struct nv_exit *e)
{
	(void)l1;
	(void)e;
	return NV_REFLECT;
}

/* An access to the VNCR page that aborts is reported as a data abort from EL2: the page is L0's to map. */
static enum nv_verdict never(const struct nv_state *l1, const struct nv_exit *e)
{
	(void)l1;
	(void)e;
	return NV_STOP;
}

static enum nv_verdict (*const by_class[64])(const struct nv_state *, const struct nv_exit *) = {
	[EC_WFX] = wfx,
	[EC_FP] = fp,
	[EC_PAC] = l1_asked,
	[EC_SVE] = sve,
	[EC_SVC64] = l1_asked,
	[EC_HVC64] = hvc,
	[EC_SMC64] = smc,
	[EC_SYS64] = sysreg,
	[EC_ERET] = eret,
	[EC_IABT_LOW] = abort_low,
	[EC_DABT_LOW] = abort_low,
	[EC_DABT_CUR] = never,
	[EC_MOPS] = copy,
	[EC_BREAKPT_LOW] = debug,
	[EC_SOFTSTP_LOW] = debug,
	[EC_WATCHPT_LOW] = debug,
	[EC_BRK64] = l1_asked,
};

enum nv_verdict nv_decide(const struct nv_state *l1, const struct nv_exit *e)
{
	unsigned class = (unsigned)field_get(ESR_EC, e->esr);

	return by_class[class] ? by_class[class](l1, e) : undefined(l1, e);
}
