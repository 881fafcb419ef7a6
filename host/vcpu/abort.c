/* What follows from a stage-2 abort?  Reads: abort.h.  Next: host/memory/shadow_fill.c, host/vm/mmio.c. */
#include "host/vcpu/abort.h"

#include "host/cpu/sysreg.h"
#include "host/memory/shadow.h"
#include "host/memory/watch.h"
#include "host/report/ring.h"
#include "host/vcpu/world.h"
#include "host/vm/mmio.h"
#include "nv/abort.h"

#define ZERO_REGISTER 31

/*
 * HPFAR_EL2 is UNKNOWN after a stage-2 permission fault outside a walk of stage 1; then hardware is asked to translate the
 * address again, as far as stage 1 goes. What passed stage 1 for any access at any level can be read at EL1 without PAN. False:
 * stage 1 has changed meanwhile, or a page of its tables has left the shadow. PAR_EL1 is the guest's.
 */
static bool page_by_at(uint64_t far, uint64_t *page)
{
	uint64_t kept = read_sysreg(PAR_EL1), par;

	at_s1e1r(far);
	isb();
	par = read_sysreg(PAR_EL1);
	write_sysreg(PAR_EL1, kept);
	*page = par & PAR_PA;
	return !(par & PAR_F);
}

/*
 * The page from HPFAR_EL2, the offset in it from FAR_EL2. For S1PTW the offset is of no use. False: it is not known, but will
 * be when the access is made again and faults again.
 */
static bool faulting_ipa(uint64_t esr, uint64_t far, uint64_t *ipa)
{
	if (nv_abort_has_no_ipa(esr)) {
		if (!page_by_at(far, ipa))
			return false;
	} else {
		*ipa = field_get(HPFAR_FIPA, read_sysreg(HPFAR_EL2)) << PAGE_SHIFT;
	}
	if (!(esr & ESR_S1PTW))
		*ipa |= far & (PAGE_SIZE - 1);
	return true;
}

static __attribute__((cold)) void take_abort(struct vcpu *v, uint64_t esr, uint64_t far, uint32_t fsc,
					     bool to_l1)
{
	bool same = !to_l1 && !vcpu_is_at_el0(v);

	if (to_l1)
		world_to_vel2(v);
	world_take_abort(v, same ? NV_FROM_SAME : NV_FROM_LOWER, nv_abort_syndrome(esr, same, fsc), far);
}

/* Nothing answers at this address: a synchronous External abort, to EL1, or to vEL2 when L1 asks for it. */
static __attribute__((cold)) void external_abort(struct vcpu *v, uint64_t esr, uint64_t far)
{
	bool to_l1 = v->world == WORLD_GUEST && nv_abort_external_is_vel2s(&v->nv);

	take_abort(v, esr, far, nv_abort_external_fsc(esr), to_l1);
}

/* An abort that no stage 2 made. */
static __attribute__((cold)) void other_abort(struct vcpu *v, uint64_t esr, uint64_t far, enum nv_abort kind)
{
	if (kind == NV_ABORT_PC_ALIGNMENT)
		world_take_abort(v, vcpu_is_at_el0(v) ? NV_FROM_LOWER : NV_FROM_SAME,
				 NV_ABORT_PC_ALIGNMENT_ESR, v->pc);
	else if (kind == NV_ABORT_ALIGNMENT)
		take_abort(v, esr, far, FSC_ALIGNMENT, false);
	else
		external_abort(v, esr, far);
}

/* Is it a fault of a stage 2, of a known address?  If it is not, it is taken; if that is not known, it comes again. */
static bool is_at_ipa(struct vcpu *v, uint64_t esr, uint64_t far, uint64_t *ipa)
{
	enum nv_abort kind = nv_abort_kind(esr, v->pc);

	if (__builtin_expect(kind == NV_ABORT_STAGE2, 1))
		return faulting_ipa(esr, far, ipa);
	other_abort(v, esr, far, kind);
	return false;
}

static uint64_t extend(uint64_t value, uint64_t esr)
{
	unsigned bits = 8U << field_get(ESR_SAS, esr);

	if (bits < 64 && (esr & ESR_SSE) && (value & BIT(bits - 1)))
		value |= ~UINT64_C(0) << bits;
	return esr & ESR_SF ? value : value & 0xffffffff;
}

/* The access that ESR_EL2 describes, carried out on one of L1's devices. False when there is none, or no description. */
static bool device_access(struct vcpu *v, uint64_t esr, l1_ipa_t ipa)
{
	unsigned rt = (unsigned)field_get(ESR_SRT, esr), size = (unsigned)field_get(ESR_SAS, esr);
	bool write = esr & ESR_WNR;
	uint64_t value = 0;
	enum mmio done;

	if (nv_abort_is_fetch(esr) || !(esr & ESR_ISV) || (esr & ESR_S1PTW))
		return false;
	if (write && rt != ZERO_REGISTER)
		value = v->gp.x[rt] & (~UINT64_C(0) >> (64 - (8U << size)));
	done = mmio_access(v, ipa, write, size, &value);
	if (done != MMIO_DONE)
		return done == MMIO_AGAIN;
	if (!write && rt != ZERO_REGISTER)
		v->gp.x[rt] = extend(value, esr);
	TRACE(v, kvm_mmio, .type = write ? 2 : 1, .len = 1U << size, .gpa = ipa.val, .val = value);
	vcpu_end_instruction(v);
	return true;
}

void abort_of_l1(struct vcpu *v, uint64_t esr)
{
	uint64_t far = read_sysreg(FAR_EL2), contiguous;
	l1_ipa_t ipa;
	pa_t pa;

	if (!is_at_ipa(v, esr, far, &ipa.val))
		return;
	if (vm_translate(v->vm, ipa, &pa, &contiguous))
		watch_fault(v->vm, ipa, nv_abort_is_permission(esr));
	else if (!device_access(v, esr, ipa))
		external_abort(v, esr, far);
}

/* L1's own stage 2 refused the access: it sees the abort as hardware would have reported it. */
static void fault_of_l1(struct vcpu *v, uint64_t esr, uint64_t far, l2_ipa_t ipa,
			const struct shadow_out *out)
{
	world_to_vel2(v);
	v->nv.reg[SR_HPFAR_EL2] = field_put(HPFAR_FIPA, ipa.val >> PAGE_SHIFT);
	world_take_abort(v, NV_FROM_LOWER, nv_abort_of_l1_stage2(esr, out->fsc), far);
}

void abort_of_l2(struct vcpu *v, uint64_t esr)
{
	uint64_t far = read_sysreg(FAR_EL2);
	struct shadow_out out = { .fsc = 0 };
	enum shadow_result result;
	l2_ipa_t ipa;

	if (!is_at_ipa(v, esr, far, &ipa.val))
		return;
	TRACE(v, kvm_guest_fault, .vcpu_pc = v->pc, .hsr = esr, .hxfar = far, .ipa = ipa.val);
	result = shadow_fault(v, ipa, esr, &out);
	TRACE(v, firn_shadow_fault, .l2_ipa = ipa.val,
	      .l1_ipa = result == SHADOW_L1_FAULT ? 0 : out.l1_ipa.val, .result = result,
	      .fsc = result == SHADOW_L1_FAULT ? out.fsc : 0);
	switch (result) {
	case SHADOW_RETRY:
		return;
	case SHADOW_L1_FAULT:
		fault_of_l1(v, esr, far, ipa, &out);
		return;
	case SHADOW_L1_DEVICE:
		if (!device_access(v, esr, out.l1_ipa))
			external_abort(v, esr, far);
		return;
	}
}
