/* What follows from a stage-2 abort?  Reads: abort.h.  Next: host/shadow/fill.c, access.c. */
#include "host/run/abort.h"

#include "host/machine/site.h"
#include "host/machine/sysreg.h"
#include "host/report/ring.h"
#include "host/run/access.h"
#include "host/run/at.h"
#include "host/shadow/fill.h"
#include "host/shadow/watch.h"
#include "host/world/world.h"
#include "nv/abort.h"
#include "nv/insn.h"

/*
 * HPFAR_EL2 is UNKNOWN after a stage-2 permission fault outside a walk of stage 1; then hardware is asked to translate the
 * address again, as far as stage 1 goes. What passed stage 1 for any access at any level can be read at EL1 without PAN. False:
 * stage 1 has changed meanwhile.
 */
static bool page_by_at(struct vcpu *v, uint64_t far, uint64_t *page)
{
	uint64_t par = at_stage1(v, (struct s1_access){ 0 }, far);

	*page = par & PAR_PA;
	return !(par & PAR_F);
}

/*
 * The page from HPFAR_EL2, the offset in it from FAR_EL2. For S1PTW the offset is of no use. False: it is not known, but will
 * be when the access is made again and faults again.
 */
static bool faulting_ipa(struct vcpu *v, uint64_t esr, uint64_t far, uint64_t *ipa)
{
	if (nv_abort_has_no_ipa(esr)) {
		if (!page_by_at(v, far, ipa))
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
	bool to_l1 = v->world.loaded == WORLD_GUEST_CONTEXT && nv_abort_external_is_vel2s(&v->nv);

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
		return faulting_ipa(v, esr, far, ipa);
	other_abort(v, esr, far, kind);
	return false;
}

/* L1's own stage 2 refused the access: it sees the abort as hardware would have reported it. */
static inline __attribute__((always_inline)) void fault_of_l1(struct vcpu *v, uint64_t esr, uint64_t far,
							      l2_ipa_t ipa, uint32_t fsc)
{
	shadow_keep_refused(v, ipa, esr);
	world_to_vel2(v);
	vncr_set(&v->nv.file, SR_HPFAR_EL2, field_put(HPFAR_FIPA, ipa.val >> PAGE_SHIFT));
	world_take_abort(v, NV_FROM_LOWER, nv_abort_of_l1_stage2(esr, fsc), far);
}

/* The instruction has to be read. What it accesses beside the address that faulted can have a fault of its own. */
static __attribute__((cold)) void undescribed_access(struct vcpu *v, uint64_t esr, uint64_t far, l1_ipa_t ipa)
{
	struct access_fault fault;
	enum access_result result;

	if (esr & ESR_CM) { /* cache maintenance: L0's devices have no cache */
		vcpu_end_instruction(v);
		return;
	}
	result = access_by_instruction(v, esr, far, ipa, &fault);
	esr = nv_abort_undescribed(esr, fault.write);
	switch (result) {
	case ACCESS_DONE:
		return;
	case ACCESS_NONE:
		external_abort(v, esr, fault.far);
		return;
	case ACCESS_FAULT:
		take_abort(v, esr, fault.far, fault.fsc, false);
		return;
	case ACCESS_L1_FAULT:
		fault_of_l1(v, esr, fault.far, fault.ipa, fault.fsc);
		return;
	}
}

/* The access that ESR_EL2 describes, carried out on one of L1's devices. False when there is none. */
static bool device_access(struct vcpu *v, uint64_t esr, uint64_t far, l1_ipa_t ipa)
{
	unsigned rt = (unsigned)field_get(ESR_SRT, esr), size = (unsigned)field_get(ESR_SAS, esr);
	bool write = esr & ESR_WNR, reversed;
	uint64_t value = 0;
	enum mmio done;

	if (nv_abort_is_fetch(esr) || (esr & ESR_S1PTW))
		return false;
	if (!(esr & ESR_ISV) || (ipa.val & (BIT(size) - 1))) {
		undescribed_access(v, esr, far, ipa);
		return true;
	}
	reversed = access_is_big_endian(v);
	if (write)
		value = nv_insn_extend(vcpu_x(v, rt), size, false, true);
	if (write && reversed)
		value = access_reversed(value, size);
	done = access_device(v, ipa, write, size, &value);
	if (done != MMIO_DONE)
		return done == MMIO_AGAIN;
	if (!write) {
		value = reversed ? access_reversed(value, size) : value;
		vcpu_set_x(v, rt, nv_insn_extend(value, size, esr & ESR_SSE, esr & ESR_SF));
	}
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
	else if (!device_access(v, esr, far, ipa))
		external_abort(v, esr, far);
}

static void tell_fault(struct vcpu *v, uint64_t esr, uint64_t far, uint64_t ipa)
{
	TRACE(v, kvm_guest_fault, .vcpu_pc = v->pc, .hsr = esr, .hxfar = far, .ipa = ipa);
}

static void tell_shadow_fault(struct vcpu *v, uint64_t ipa, uint64_t found, uint64_t result)
{
	const struct shadow_out *out = (const void *)found;

	TRACE(v, firn_shadow_fault, .l2_ipa = ipa, .l1_ipa = result == SHADOW_L1_FAULT ? 0 : out->l1_ipa.val,
	      .result = (uint32_t)result, .fsc = result == SHADOW_L1_FAULT ? out->fsc : 0);
}

static bool is_told_at_ipa(struct vcpu *v, uint64_t esr, uint64_t far, uint64_t *ipa)
{
	if (!is_at_ipa(v, esr, far, ipa))
		return false;
	SITE_CALL(v->trace.cpu, tell_fault, v, esr, far, *ipa);
	return true;
}

/* One function, and one copy of all that fills the shadow, for a fault and for what is ahead of one: at ipa, where that is known. */
static __attribute__((noinline)) void access_of_l2(struct vcpu *v, uint64_t esr, bool ahead, l2_ipa_t ipa)
{
	uint64_t far = read_sysreg(FAR_EL2);
	struct shadow_out out = { .fsc = 0 };
	enum shadow_result result;

	if (!ahead && !is_told_at_ipa(v, esr, far, &ipa.val))
		return;
	result = shadow_fault(v, ipa, esr, ahead, &out);
	if (ahead)
		return;
	SITE_CALL_WITH(v->trace.cpu, tell_shadow_fault, v, ipa.val, &out, result, out);
	switch (result) {
	case SHADOW_RETRY:
		return;
	case SHADOW_L1_FAULT:
		fault_of_l1(v, esr, far, ipa, out.fsc);
		return;
	case SHADOW_L1_DEVICE:
		if (!device_access(v, esr, far, out.l1_ipa))
			external_abort(v, esr, far);
		return;
	}
}

void abort_of_l2(struct vcpu *v, uint64_t esr)
{
	access_of_l2(v, esr, false, (l2_ipa_t){ 0 });
}

void abort_before_l2(struct vcpu *v)
{
	struct shadow_refused r;

	if (shadow_is_made_again(v, &r))
		access_of_l2(v, r.esr, true, r.ipa);
}
