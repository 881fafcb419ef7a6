/*
 * How is one world exchanged for the other?  Every line below is on the path of a nested hypercall: registers that both
 * worlds share (general purpose, FP, TPIDR_EL0, TPIDR_EL1, PAR_EL1, SP_EL0, the debug registers) are L1's to switch.
 * Reads: world.h, nv/translate.h.  Next: controls.c, host/interrupt/timer.c, host/interrupt/nested_gic.c.
 */
#include "host/world/world.h"

#include "host/core/features.h"
#include "host/interrupt/nested_gic.h"
#include "host/interrupt/timer.h"
#include "host/interrupt/vgic.h"
#include "host/machine/site.h"
#include "host/machine/sysreg.h"
#include "host/record/trace.h"
#include "host/world/controls.h"
#include "host/world/debug.h"
#include "host/world/fp.h"
#include "host/world/serror.h"
#include "nv/translate.h"

uint64_t world_read_cptr(const struct vcpu *v)
{
	return (vncr_get(&v->nv.file, SR_CPTR_EL2) & NV_CPTR_NOT_IN_CPACR) | read_sysreg(CPACR_EL12);
}

uint64_t world_read_cnthctl(const struct vcpu *v)
{
	return (vncr_get(&v->nv.file, SR_CNTHCTL_EL2) & ~NV_CNTHCTL_IN_CNTKCTL) |
	       (read_sysreg(CNTKCTL_EL12) & NV_CNTHCTL_IN_CNTKCTL);
}

/* Registers of vEL2 that L1 can write without a trap. With E2H=0 all but the redirected ones trap: nothing to save. */
static void save_vel2_twins(struct vcpu *v)
{
	struct vncr_file *file = &v->nv.file;

	if (!v->world.vel2_is_vhe)
		return;
#define X(name) vncr_set(file, SR_##name##_EL2, read_sysreg(name##_EL12));
	SYSREG_TWINS(X)
#undef X
	vncr_set(file, SR_CPTR_EL2, world_read_cptr(v));
	vncr_set(file, SR_CNTHCTL_EL2, world_read_cnthctl(v));
}

static void load_vel2_twins_nvhe(const struct nv_state *l1)
{
	const struct vncr_file *file = &l1->file;

#define X(name) write_sysreg(name##_EL12, nv_twin_as_el1(SR_##name##_EL2, vncr_get(file, SR_##name##_EL2)));
	SYSREG_TWINS_OF_ALL(X)
#undef X
	write_sysreg(CPACR_EL12, nv_cptr_el2_as_cpacr(vncr_get(file, SR_CPTR_EL2), nv_has_sve(l1)));
}

static void load_vel2_twins(struct vcpu *v)
{
	const struct vncr_file *file = &v->nv.file;

	if (!v->world.vel2_is_vhe) {
		load_vel2_twins_nvhe(&v->nv);
		return;
	}
#define X(name) write_sysreg(name##_EL12, vncr_get(file, SR_##name##_EL2));
	SYSREG_TWINS(X)
#undef X
	write_sysreg(CPACR_EL12, vncr_get(file, SR_CPTR_EL2));
	write_sysreg(CNTKCTL_EL12, vncr_get(file, SR_CNTHCTL_EL2));
}

/*
 * L1's SPSR_EL2 is hardware's SPSR_EL1, or, where keeps_spsr says so, what nv_spsr_el2 makes of that and of the value that is kept.
 * While vEL2 is not loaded, the file has what hardware had.
 */
static uint64_t raw_of_spsr(struct vcpu *v, uint64_t value)
{
	if (__builtin_expect(!v->world.keeps_spsr, 1))
		return value;
	v->world.spsr_el2 = value;
	return NV_SPSR_KEPT;
}

uint64_t world_read_spsr_el2(const struct vcpu *v)
{
	return vcpu_spsr_el2(v, read_sysreg(SPSR_EL12));
}

void world_write_spsr_el2(struct vcpu *v, uint64_t value)
{
	write_sysreg(SPSR_EL12, raw_of_spsr(v, value));
}

static bool keeps_spsr(const struct vcpu *v)
{
	return !v->world.vel2_is_vhe && v->nv.mode == NV_MODE_V83;
}

/* HCR_EL2.{NV1,NV2} have changed, or are about to. */
static void follow_spsr(struct vcpu *v)
{
	bool loaded = v->world.loaded == WORLD_VEL2;
	uint64_t raw = loaded ? read_sysreg(SPSR_EL12) : vncr_get(&v->nv.file, SR_SPSR_EL2);
	uint64_t value = vcpu_spsr_el2(v, raw);

	v->world.keeps_spsr = keeps_spsr(v);
	raw = raw_of_spsr(v, value);
	vncr_set(&v->nv.file, SR_SPSR_EL2, raw);
	if (loaded)
		write_sysreg(SPSR_EL12, raw);
}

static void save_vel2(struct vcpu *v)
{
	struct vncr_file *file = &v->nv.file;

	save_vel2_twins(v);
#define X(name) vncr_set(file, SR_##name##_EL2, read_sysreg(name##_EL12));
	SYSREG_REDIRECTED(X)
#undef X
	vncr_set(file, SR_SP_EL2, read_sysreg(SP_EL1));
}

static void load_vel2(struct vcpu *v)
{
	const struct vncr_file *file = &v->nv.file;

	load_vel2_twins(v);
#define X(name) write_sysreg(name##_EL12, vncr_get(file, SR_##name##_EL2));
	SYSREG_REDIRECTED(X)
#undef X
	write_sysreg(SP_EL1, vncr_get(file, SR_SP_EL2));
}

/*
 * HCR_EL2.TGE of an L1 with E2H=0: EL1 is not used, its stage 1 is off, and what EL0 takes goes to vEL2. Hardware takes it to
 * EL1, whose vectors are therefore put where nothing is mapped, the last 2 KiB of physical addresses: their fetch aborts to L0
 * (world_forward_el0). At EL1 hardware is only there. EL0 may branch there, and has an Instruction Abort. What EL0 cannot change
 * is not saved.
 */
#define VECTORS_BYTES UINT64_C(0x800)
#define VECTOR_IN_GROUP (VECTORS_BYTES / 4 - 1)

static uint64_t el0_only_vbar(void)
{
	return BIT(cpu_features()->pa_bits) - VECTORS_BYTES;
}

static void load_el0_only(const struct nv_state *l1)
{
	const struct vncr_file *file = &l1->file;

	write_sysreg(SCTLR_EL12, vncr_get(file, SR_SCTLR_EL1) & ~SCTLR_M);
	write_sysreg(CPACR_EL12, vncr_get(file, SR_CPACR_EL1) | (nv_has_sve(l1) ? 0 : CPACR_ZEN));
	write_sysreg(VBAR_EL12, el0_only_vbar());
}

/*
 * CNTKCTL_EL1 has no slot; with E2H=0 vEL2 has no use for hardware's, so the guest's stays there. Gives MDSCR_EL1 as far as it may
 * concern vEL2: debug_at_vel2.
 */
static uint64_t save_guest_context_el1(struct vcpu *v)
{
	struct vncr_file *file = &v->nv.file;
	uint64_t mdscr = read_sysreg(MDSCR_EL1);

	if (v->world.el0_only)
		return mdscr;
#define X(name) vncr_set(file, SR_##name##_EL1, read_sysreg(name##_EL12));
	SYSREG_GUEST_CONTEXT_EL1(X)
#undef X
	vncr_set(file, SR_SP_EL1, read_sysreg(SP_EL1));
	if (v->world.vel2_is_vhe)
		vncr_set(&v->nv.file, SR_CNTKCTL_EL1, read_sysreg(CNTKCTL_EL12));
	if (v->nv.mode == NV_MODE_V84)
		vncr_set(file, SR_MDSCR_EL1, mdscr);
	return mdscr;
}

static void load_guest_context_el1(struct vcpu *v)
{
	const struct vncr_file *file = &v->nv.file;

#define X(name) write_sysreg(name##_EL12, vncr_get(file, SR_##name##_EL1));
	SYSREG_GUEST_CONTEXT_EL1(X)
#undef X
	write_sysreg(SP_EL1, vncr_get(file, SR_SP_EL1));
	if (v->world.vel2_is_vhe)
		write_sysreg(CNTKCTL_EL12, vncr_get(&v->nv.file, SR_CNTKCTL_EL1));
	if (v->nv.mode == NV_MODE_V84)
		write_sysreg(MDSCR_EL1, vncr_get(file, SR_MDSCR_EL1));
	v->world.el0_only = !v->world.vel2_is_vhe && nv_tge(&v->nv);
	if (v->world.el0_only)
		load_el0_only(&v->nv);
}

void world_to_vel2(struct vcpu *v)
{
	uint64_t mdscr = save_guest_context_el1(v);

	world_save_pending_serror(v);
	if (__builtin_expect((v->serror.disr_is_guest_contexts | read_sysreg(VDISR_EL2)) != 0, 0))
		world_disr_to_vel2(v);
	if (v->fp.zcr_is_guest_contexts)
		fp_zcr_to_vel2(v);
	timer_to_vel2(v);
	if (v->nested_gic.loaded)
		nested_gic_to_vel2(v);
	else
		nested_gic_no_traps(v);
	load_vel2(v);
	v->world.loaded = WORLD_VEL2;
	world_load_vel2_controls(v);
	if (__builtin_expect((mdscr & NV_MDSCR_ACTIVE) != 0, 0))
		debug_refresh(v);
}

void world_to_guest_context(struct vcpu *v)
{
	save_vel2(v);
	if (__builtin_expect((read_sysreg(VDISR_EL2) | vncr_get(&v->nv.file, SR_VDISR_EL2)) != 0, 0))
		world_disr_to_guest_context(v);
	if (v->fp.fpen & CPACR_ZEN)
		fp_zcr_to_guest_context(v);
	timer_to_guest_context(v);
	if (vncr_get(&v->nv.file, SR_HCR_EL2) & (HCR_IMO | HCR_FMO | HCR_TGE))
		nested_gic_to_guest_context(v);
	else
		nested_gic_traps(v);
	if (__builtin_expect(v->debug.busy != 0, 0))
		debug_to_guest_context(v);
	load_guest_context_el1(v);
	v->world.loaded = WORLD_GUEST_CONTEXT;
	world_load_guest_context_controls(v);
}

void world_follow_e2h(struct vcpu *v)
{
	uint64_t hcr = nv_hcr_with_fixed_e2h(&v->nv, vncr_get(&v->nv.file, SR_HCR_EL2));
	bool e2h = hcr & HCR_E2H;

	vncr_set(&v->nv.file, SR_HCR_EL2, hcr);
	if (e2h == v->world.vel2_is_vhe)
		return;
	if (v->fp.fpen & CPACR_ZEN)
		fp_park(v); /* nv_has_sve may have changed */
	save_vel2_twins(v);
	if (e2h)
		vncr_set(&v->nv.file, SR_CNTKCTL_EL1, read_sysreg(CNTKCTL_EL12));
	else
		write_sysreg(CNTKCTL_EL12, vncr_get(&v->nv.file, SR_CNTKCTL_EL1));
	timer_save(v);
	v->world.vel2_is_vhe = e2h;
	timer_follow_e2h(v);
	follow_spsr(v);
	load_vel2_twins(v);
	world_load_controls(v);
	if (e2h)
		world_decide_mode(v);
}

void world_set_mode(struct vcpu *v, enum nv_mode mode)
{
	bool vel2 = v->world.loaded == WORLD_VEL2;
	uint64_t mdscr = vel2 ? debug_l1_mdscr(v) : read_sysreg(MDSCR_EL1);

	v->nv.undecided = false;
	if (v->nv.mode == mode)
		return;
	if (v->fp.fpen & CPACR_ZEN)
		fp_park(v); /* nv_has_sve may change */
	if (vel2)
		debug_to_guest_context(v);
	timer_save(v);
	v->nv.mode = mode;
	timer_follow_mode(v);
	debug_follow_mode(v);
	/* At vEL2 MDSCR_EL1 is in the page in one mode and in hardware in the other. */
	if (vel2)
		write_sysreg(MDSCR_EL1, mdscr);
	vncr_set(&v->nv.file, SR_MDSCR_EL1, mdscr);
	follow_spsr(v);
	world_load_controls(v);
	if (vel2)
		debug_refresh(v);
}

void world_decide_mode(struct vcpu *v)
{
	world_set_mode(v, nv_wanted_mode(&v->nv));
}

void world_undecide_mode(struct vcpu *v)
{
	world_set_mode(v, NV_MODE_V83);
	v->nv.undecided = true;
}

void world_reset(struct vcpu *v)
{
	v->nv.undecided = nv_begins_undecided(&v->nv, nv_wanted_mode(&v->nv));
	if (v->nv.undecided)
		v->nv.mode = NV_MODE_V83;
	v->world = (struct vcpu_world){ .loaded = WORLD_VEL2, .vel2_is_vhe = nv_e2h(&v->nv) };
	v->world.keeps_spsr = keeps_spsr(v);
}

/* CNTKCTL_EL1 of an L1 with E2H=0 is in hardware in both worlds. */
void world_save(struct vcpu *v)
{
	if (v->world.loaded == WORLD_VEL2) {
		save_vel2(v);
	} else {
		(void)save_guest_context_el1(v);
		world_save_pending_serror(v);
	}
	world_drop_own_serror(v);
	if (!v->world.vel2_is_vhe)
		vncr_set(&v->nv.file, SR_CNTKCTL_EL1, read_sysreg(CNTKCTL_EL12));
}

void world_load(struct vcpu *v)
{
	world_meet_controls(v);
	if (v->world.loaded == WORLD_VEL2)
		load_vel2(v);
	else
		load_guest_context_el1(v);
	if (!v->world.vel2_is_vhe)
		write_sysreg(CNTKCTL_EL12, vncr_get(&v->nv.file, SR_CNTKCTL_EL1));
	if (v->world.loaded == WORLD_VEL2)
		world_load_vel2_controls(v);
	else
		world_load_guest_context_controls(v);
}

static void take(struct vcpu *v, enum nv_from from, enum nv_vector vector)
{
	bool vel2 = v->world.loaded == WORLD_VEL2;
	struct nv_target to = {
		.vbar = read_sysreg(VBAR_EL12),
		.sctlr = read_sysreg(SCTLR_EL12),
		.may_set_pan = !vel2 || (v->world.vel2_is_vhe && nv_tge(&v->nv)),
		.is_vel2 = vel2,
	};
	struct nv_exception e = nv_take_exception(&to, from, vector, v->pc, v->pstate);

	write_sysreg(ELR_EL12, e.elr);
	if (vel2)
		world_write_spsr_el2(v, e.spsr);
	else
		write_sysreg(SPSR_EL12, e.spsr);
	v->pc = e.pc;
	v->pstate = e.pstate;
}

void world_take_sync(struct vcpu *v, enum nv_from from, uint64_t esr)
{
	take(v, from, NV_VECTOR_SYNC);
	write_sysreg(ESR_EL12, esr);
	SITE_CALL(v->trace.cpu, trace_exception, v, 0, 0, 0);
}

void world_take_abort(struct vcpu *v, enum nv_from from, uint64_t esr, uint64_t far)
{
	world_take_sync(v, from, esr);
	write_sysreg(FAR_EL12, far);
}

void world_take_async(struct vcpu *v, enum nv_from from, enum nv_vector vector)
{
	take(v, from, vector);
	SITE_CALL(v->trace.cpu, trace_exception, v, 0, 0, 0);
}

/* Does the exception leave an address in FAR_EL1? */
static bool has_far(uint64_t esr)
{
	uint64_t class = field_get(ESR_EC, esr);

	return class == EC_IABT_LOW || class == EC_DABT_LOW || class == EC_PC_ALIGN ||
	       class == EC_WATCHPT_LOW;
}

bool world_forward_el0(struct vcpu *v)
{
	uint64_t offset = (v->pc - el0_only_vbar()) & VECTOR_IN_GROUP, esr, far;

	if (!v->world.el0_only || v->world.loaded != WORLD_GUEST_CONTEXT || vcpu_is_at_el0(v))
		return false;
	esr = nv_esr_with_tge(read_sysreg(ESR_EL12));
	far = read_sysreg(FAR_EL12);
	v->pc = read_sysreg(ELR_EL12);
	v->pstate = read_sysreg(SPSR_EL12);
	world_to_vel2(v);
	if (offset != NV_VECTOR_SYNC)
		world_take_async(v, NV_FROM_LOWER, (enum nv_vector)offset);
	else if (has_far(esr))
		world_take_abort(v, NV_FROM_LOWER, esr, far);
	else
		world_take_sync(v, NV_FROM_LOWER, esr);
	return true;
}
