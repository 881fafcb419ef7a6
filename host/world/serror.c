/* Whose SError is pending, and where?  Reads: serror.h.  Next: controls.c. */
#include "host/world/serror.h"

#include "host/machine/sysreg.h"
#include "nv/translate.h"

void world_reset_serror(struct vcpu *v)
{
	v->serror = (struct vcpu_serror){ 0 };
}

/*
 * HCR_EL2.VSE: an SError of hardware's that L0 passes on (pending), which waits for vEL2 while L1 routes those of its guest there,
 * or one that L1 gives its guest. Hardware clears the bit when it delivers the SError or ESB defers it.
 */
bool world_serror_is_vel2s(const struct vcpu *v)
{
	return vncr_get(&v->nv.file, SR_HCR_EL2) & (HCR_AMO | HCR_TGE);
}

void world_drop_own_serror(struct vcpu *v)
{
	if (v->serror.loaded && !(read_sysreg(HCR_EL2) & HCR_VSE))
		v->serror.pending = 0;
	v->serror.loaded = false;
}

uint64_t world_load_serror(struct vcpu *v, uint64_t hcr, enum world world)
{
	const struct vncr_file *file = &v->nv.file;
	bool guest_context = world == WORLD_GUEST_CONTEXT;

	world_drop_own_serror(v);
	v->serror.loaded = v->serror.pending && !(guest_context && world_serror_is_vel2s(v));
	if (!v->serror.loaded &&
	    !(guest_context && (nv_guest_context_hcr(0, vncr_get(file, SR_HCR_EL2)) & HCR_VSE)))
		return hcr & ~HCR_VSE;
	if (v->nv.has_ras)
		write_sysreg(VSESR_EL2, v->serror.loaded ? v->serror.esr & ESR_SERROR_ISS :
							   vncr_get(file, SR_VSESR_EL2));
	return hcr;
}

void world_keep_serror(struct vcpu *v, uint64_t esr)
{
	v->serror.pending = HCR_VSE;
	v->serror.esr = esr;
}

void world_drop_serror(struct vcpu *v, uint64_t l1_hcr)
{
	if ((nv_guest_context_hcr(0, l1_hcr) & HCR_VSE) && !(read_sysreg(HCR_EL2) & HCR_VSE))
		vncr_set(&v->nv.file, SR_HCR_EL2, l1_hcr & ~HCR_VSE);
}

/*
 * DISR_EL1 is VDISR_EL2 of hardware at EL1. L1's HCR_EL2.AMO gives its guest one of its own, L1's VDISR_EL2; without it the guest
 * has that of vEL2. Hardly ever is one of them not 0: as long as both are, nothing is exchanged.
 */
static bool has_own_disr(const struct vcpu *v)
{
	return v->nv.has_ras && (vncr_get(&v->nv.file, SR_HCR_EL2) & HCR_AMO);
}

void world_disr_to_guest_context(struct vcpu *v)
{
	if (!has_own_disr(v))
		return;
	vncr_set(&v->nv.file, SR_DISR_EL1, read_sysreg(VDISR_EL2));
	write_sysreg(VDISR_EL2, vncr_get(&v->nv.file, SR_VDISR_EL2));
	v->serror.disr_is_guest_contexts = true;
}

void world_disr_to_vel2(struct vcpu *v)
{
	if (!has_own_disr(v))
		return;
	vncr_set(&v->nv.file, SR_VDISR_EL2, read_sysreg(VDISR_EL2));
	write_sysreg(VDISR_EL2, v->serror.disr_is_guest_contexts ? vncr_get(&v->nv.file, SR_DISR_EL1) : 0);
	v->serror.disr_is_guest_contexts = false;
}
