/*
 * Which hardware TLB entries and shadow tables does a TLBI of vEL2 name?  vEL2's own translations have a VMID of
 * hardware's EL1&0 regime, which is loaded while L1 runs; its guests' have those of the shadow tables.
 * Reads: tlbi.h.  Next: shadow_invalidate.c.
 */
#include "host/memory/tlbi.h"

#include "host/cpu/sysreg.h"
#include "host/memory/shadow.h"
#include "host/vm/tlb.h"
#include "host/vm/vm.h"
#include "nv/translate.h"
#include "shadow-s2/inval.h"

/* An invalidation of the EL2 (or EL2&0) regime of L1: entries of the VMID that is loaded now. */
static void tlbi_vel2(const struct vcpu *v, enum sysreg op, uint64_t operand)
{
	switch (op) {
	case SR_TLBI_VAE2:
	case SR_TLBI_VAE2IS:
	case SR_TLBI_VAE2OS:
	case SR_TLBI_VALE2:
	case SR_TLBI_VALE2IS:
	case SR_TLBI_VALE2OS:
		/* With E2H=0 the operand has no ASID. */
		tlbi_stage1(v->vel2_is_vhe ? SR_TLBI_VAE1IS : SR_TLBI_VAAE1IS, operand);
		break;
	default:
		tlbi_stage1(op, operand);
		break;
	}
}

/* Which translations does the operation name, whatever HCR_EL2.{E2H,TGE} are? */
enum tlbi_regime {
	REGIME_EL2,    /* EL2, or EL2&0: encoded with op1 = 4 */
	REGIME_STAGE2, /* stage 2, or both stages, of EL1&0: op1 = 4 too */
	REGIME_EL1,    /* stage 1 of EL1&0, or of EL2&0 with HCR_EL2.{E2H,TGE} = {1,1} */
};

static enum tlbi_regime regime_of(enum sysreg op)
{
	if (s2_is_stage2_tlbi(op))
		return REGIME_STAGE2;
	return (sysreg_info[op].enc & SYSREG_ENC(0, 7, 0, 0, 0)) == SYSREG_ENC(0, 4, 0, 0, 0) ? REGIME_EL2 :
												REGIME_EL1;
}

/* The nXS forms (CRn = 9) wait for less; waiting for all, as the plain ones (CRn = 8) do, is allowed. */
static enum sysreg without_nxs(enum sysreg op)
{
	return (enum sysreg)sysreg_index[sysreg_info[op].enc & ~SYSREG_ENC(0, 0, 1, 0, 0)];
}

void tlbi_emulate(struct vcpu *v, enum sysreg op, uint64_t operand)
{
	enum tlbi_regime regime;

	op = without_nxs(op);
	regime = regime_of(op);
	dsb_ishst();
	if (regime == REGIME_EL2 || (regime == REGIME_EL1 && v->vel2_is_vhe && nv_tge(&v->nv)))
		tlbi_vel2(v, op, operand);
	else
		shadow_tlbi(v, op, operand);
	dsb_ish();
}
