/* Why did hardware take this exception to EL2 at all?  Reads: cause.h, forward.h.  Next: decide.c. */
#include "nv/cause.h"

#include "nv/arch/firn_abi.h"

#define BECAUSE(kind, register, field, name) ((struct nv_cause){ kind, { SR_##register, field, name } })
#define ARCHITECTURE(register, field) BECAUSE(NV_CAUSE_ARCHITECTURE, register, field, #field)
#define L0(register, field) BECAUSE(NV_CAUSE_L0, register, field, #field)
#define L1(register, field) BECAUSE(NV_CAUSE_L1, register, field, #field)

static const struct nv_cause unknown = { NV_CAUSE_UNKNOWN, { SR_NONE, 0, 0 } };

static uint64_t l1_hcr(const struct nv_state *l1)
{
	return vncr_get(&l1->file, SR_HCR_EL2);
}

static struct nv_cause by_l1(struct nv_control control)
{
	return (struct nv_cause){ NV_CAUSE_L1, control };
}

/* A name of EL1 or EL0 that traps from vEL2: with E2H=0 it is another register, which L0 must keep for L1's guest. */
static struct nv_cause vel2_el1_name(enum sysreg r, bool is_read)
{
	switch (r) {
	case SR_VBAR_EL1:
	case SR_ELR_EL1:
	case SR_SPSR_EL1:
		return ARCHITECTURE(HCR_EL2, HCR_NV1);
	case SR_CPACR_EL1:
		return L0(CPTR_EL2, CPTR_TCPAC);
	case SR_CNTP_CTL_EL0:
	case SR_CNTP_CVAL_EL0:
	case SR_CNTP_TVAL_EL0:
		return L0(CNTHCTL_EL2, CNTHCTL_EL1PTEN);
	default:
		return is_read ? L0(HCR_EL2, HCR_TRVM) : L0(HCR_EL2, HCR_TVM);
	}
}

/* A write of PMCR_EL0 always, the others while a counter can count or hardware does not have them: host/world/pmu.h. */
static struct nv_cause by_l0_of_counters(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	return r == SR_PMCR_EL0 && !is_read && l1->has_fgt ? L0(HDFGWTR_EL2, HDFGWTR_PMCR_EL0) :
							     L0(MDCR_EL2, MDCR_TPM);
}

/* Instructions of EL2 have op1 = 4; those of EL1 are trapped by a control of their own. */
static bool is_el2_instruction(enum sysreg r)
{
	return field_get(SYSREG_ENC_OP1, sysreg_info[r].enc) == 4;
}

static struct nv_cause vel2_sysreg(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	switch ((enum sysreg_access)sysreg_info[r].access) {
	case VEL2_MEMORY:
		if (field_get(SYSREG_ENC_OP1, sysreg_info[r].enc) < 4)
			return vel2_el1_name(r, is_read);
		return ARCHITECTURE(HCR_EL2, HCR_NV);
	case VEL2_ALIAS:
	case VEL2_REDIRECT:
	case VEL2_TRAP:
		return ARCHITECTURE(HCR_EL2, HCR_NV);
	case VEL2_BY_NV1:
		return vel2_el1_name(r, is_read);
	case VEL2_ID:
		return L0(HCR_EL2, HCR_TID3);
	case SYS_TLBI:
		return is_el2_instruction(r) ? ARCHITECTURE(HCR_EL2, HCR_NV) : L0(HCR_EL2, HCR_TTLB);
	case SYS_AT:
		return is_el2_instruction(r) ? ARCHITECTURE(HCR_EL2, HCR_NV) : L0(HCR_EL2, HCR_AT);
	case VEL2_DIRECT:
		if (sysreg_info[r].place == NV_PLACE_SGI)
			return L0(HCR_EL2, HCR_IMO);
		if (sysreg_info[r].place == NV_PLACE_PMU)
			return by_l0_of_counters(l1, r, is_read);
		return (struct nv_cause){ NV_CAUSE_L0, { SR_NONE, 0, 0 } };
	case SYS_OTHER: /* prediction restriction */
		return ARCHITECTURE(HCR_EL2, HCR_NV);
	case SYS_CACHE:
		break;
	}
	return (struct nv_cause){ NV_CAUSE_L0, { SR_NONE, 0, 0 } };
}

static struct nv_cause guest_context_sysreg(const struct nv_state *l1, enum sysreg r, const struct nv_exit *e)
{
	bool is_read = e->esr & ESR_SYS64_READ;
	struct nv_control control = nv_l1_sysreg_control(l1, r, is_read, e->from_el0);

	if (control.reg != SR_NONE)
		return by_l1(control);
	if (sysreg_info[r].access == VEL2_ID)
		return L0(HCR_EL2, HCR_TID3);
	if (sysreg_info[r].place == NV_PLACE_SGI)
		return L0(HCR_EL2, HCR_IMO);
	if (sysreg_info[r].place == NV_PLACE_PMU)
		return by_l0_of_counters(l1, r, is_read);
	return (struct nv_cause){ NV_CAUSE_L0, { SR_NONE, 0, 0 } };
}

static struct nv_cause sysreg(const struct nv_state *l1, const struct nv_exit *e)
{
	enum sysreg r = sysreg_from_iss((uint32_t)(e->esr & ESR_ISS));
	struct nv_control control;

	if (r != SR_NONE)
		return e->from_vel2 ? vel2_sysreg(l1, r, e->esr & ESR_SYS64_READ) :
				      guest_context_sysreg(l1, r, e);
	control = e->from_vel2 ? (struct nv_control){ SR_NONE, 0, 0 } :
				 nv_l1_unlisted_control(l1, (uint32_t)(e->esr & ESR_ISS), e->from_el0);
	return control.reg == SR_NONE ? (struct nv_cause){ NV_CAUSE_L0, { SR_NONE, 0, 0 } } : by_l1(control);
}

/* L0 sets TWI and TWE itself while vCPUs share CPUs (host/run/sched.c). */
static struct nv_cause wfx(const struct nv_state *l1, const struct nv_exit *e)
{
	bool wfe = e->esr & ESR_WFX_TI;

	if (e->from_vel2 || !(l1_hcr(l1) & (wfe ? HCR_TWE : HCR_TWI)))
		return wfe ? L0(HCR_EL2, HCR_TWE) : L0(HCR_EL2, HCR_TWI);
	return wfe ? L1(HCR_EL2, HCR_TWE) : L1(HCR_EL2, HCR_TWI);
}

struct nv_cause nv_cause(const struct nv_state *l1, const struct nv_exit *e)
{
	if (e->call == FIRN_HVC_MARK)
		return (struct nv_cause){ NV_CAUSE_L0, { SR_NONE, 0, 0 } };
	switch (field_get(ESR_EC, e->esr)) {
	case EC_WFX:
		return wfx(l1, e);
	case EC_FP:
		return nv_decide(l1, e) == NV_REFLECT ? L1(CPTR_EL2, CPACR_FPEN) : L0(CPTR_EL2, CPACR_FPEN);
	case EC_SVC64:
		return e->from_el0 ? L1(HFGITR_EL2, HFGITR_SVC_EL0) : L1(HFGITR_EL2, HFGITR_SVC_EL1);
	case EC_HVC64:
		return (struct nv_cause){ NV_CAUSE_ARCHITECTURE, { SR_NONE, 0, 0 } };
	case EC_SMC64:
		return !e->from_vel2 && (l1_hcr(l1) & HCR_TSC) ? L1(HCR_EL2, HCR_TSC) : L0(HCR_EL2, HCR_TSC);
	case EC_SYS64:
		return sysreg(l1, e);
	case EC_ERET:
		return e->from_vel2 ? ARCHITECTURE(HCR_EL2, HCR_NV) : L1(HFGITR_EL2, HFGITR_ERET);
	case EC_PAC:
		return L1(HCR_EL2, HCR_API);
	case EC_MOPS:
		return L1(HCRX_EL2, HCRX_MCE2);
	case EC_IABT_LOW:
	case EC_DABT_LOW:
		return L0(HCR_EL2, HCR_VM);
	case EC_BREAKPT_LOW:
	case EC_SOFTSTP_LOW:
	case EC_WATCHPT_LOW:
	case EC_BRK64:
		return l1_hcr(l1) & HCR_TGE ? L1(HCR_EL2, HCR_TGE) : L1(MDCR_EL2, MDCR_TDE);
	default:
		return unknown;
	}
}
