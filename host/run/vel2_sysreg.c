/*
 * What does a system register access of L1 do that trapped?  nv/access.c says where the register lives; here it is read and
 * written there.  Reads: vel2_sysreg.h.  Next: host/run/tlbi.c, host/run/at.c.
 */
#include "host/run/vel2_sysreg.h"

#include "host/interrupt/nested_gic.h"
#include "host/interrupt/timer.h"
#include "host/interrupt/timer_sysreg.h"
#include "host/interrupt/vgic.h"
#include "host/machine/site.h"
#include "host/machine/sysreg.h"
#include "host/record/trace.h"
#include "host/run/at.h"
#include "host/run/tlbi.h"
#include "host/world/controls.h"
#include "host/world/debug.h"
#include "host/world/fp.h"
#include "host/world/pmu.h"
#include "host/world/routing.h"
#include "host/world/world.h"
#include "nv/access.h"
#include "nv/idreg.h"
#include "nv/translate.h"

#define ZERO_REGISTER 31

static uint64_t read_twin(const struct vcpu *v, enum sysreg r)
{
	if (!v->world.vel2_is_vhe && r != SR_ZCR_EL2)
		return vncr_get(&v->nv.file, r);
	switch (r) {
#define X(name)               \
	case SR_##name##_EL2: \
		return read_sysreg(name##_EL12);
		SYSREG_TWINS(X)
#undef X
	case SR_CPTR_EL2:
		return world_read_cptr(v);
	case SR_ZCR_EL2:
		return fp_read_zcr(v);
	case SR_CNTHCTL_EL2:
		return world_read_cnthctl(v);
	default:
		return vncr_get(&v->nv.file, r);
	}
}

static void write_twin_vhe(enum sysreg r, uint64_t value)
{
	switch (r) {
#define X(name)                                   \
	case SR_##name##_EL2:                     \
		write_sysreg(name##_EL12, value); \
		return;
		SYSREG_TWINS(X)
#undef X
	case SR_CPTR_EL2:
		write_sysreg(CPACR_EL12, value);
		return;
	case SR_CNTHCTL_EL2:
		write_sysreg(CNTKCTL_EL12, value & NV_CNTHCTL_IN_CNTKCTL);
		return;
	default:
		return;
	}
}

/* The other ones have no effect on vEL2 while E2H is 0. */
static void write_twin_nvhe(const struct nv_state *l1, enum sysreg r, uint64_t value)
{
	switch (r) {
#define X(name)                                                      \
	case SR_##name##_EL2:                                        \
		write_sysreg(name##_EL12, nv_twin_as_el1(r, value)); \
		return;
		SYSREG_TWINS_OF_ALL(X)
#undef X
	case SR_CPTR_EL2:
		write_sysreg(CPACR_EL12, nv_cptr_el2_as_cpacr(value, nv_has_sve(l1)));
		return;
	default:
		return;
	}
}

static void write_twin(struct vcpu *v, enum sysreg r, uint64_t value)
{
	vncr_set(&v->nv.file, r, value);
	if (r == SR_ZCR_EL2)
		fp_write_zcr(v);
	else if (v->world.vel2_is_vhe)
		write_twin_vhe(r, value);
	else
		write_twin_nvhe(&v->nv, r, value);
}

static uint64_t read_redirected(const struct vcpu *v, enum sysreg r)
{
	if (r == SR_SPSR_EL2)
		return world_read_spsr_el2(v);
	switch (r) {
#define X(name)               \
	case SR_##name##_EL2: \
		return read_sysreg(name##_EL12);
		SYSREG_REDIRECTED(X)
#undef X
	default:
		return 0;
	}
}

static void write_redirected(struct vcpu *v, enum sysreg r, uint64_t value)
{
	if (r == SR_SPSR_EL2) {
		world_write_spsr_el2(v, value);
		return;
	}
	switch (r) {
#define X(name)                                   \
	case SR_##name##_EL2:                     \
		write_sysreg(name##_EL12, value); \
		return;
		SYSREG_REDIRECTED(X)
#undef X
	default:
		return;
	}
}

/* What the counters did may need other traps. */
static void follow_pmu(struct vcpu *v)
{
	if (debug_follow_pmu(v))
		world_load_controls(v);
}

/*
 * vEL2 wrote MDCR_EL2. Linux does so at each exit and entry of its guest, and most often changes nothing but what is trapped from
 * there.
 */
static __attribute__((noinline)) void follow_mdcr(struct vcpu *v, uint64_t changes)
{
	if (__builtin_expect((changes & MDCR_COUNTERS) != 0, 0))
		pmu_follow_mdcr(v);
	if (__builtin_expect((changes & (MDCR_COUNTERS | MDCR_TDE)) != 0, 0))
		debug_refresh(v);
	debug_follow_traps(v);
}

/* A register that the file has. HCR_EL2 and MDCR_EL2 say how vEL2 itself runs, too. */
static void write_stored(struct vcpu *v, enum sysreg r, uint64_t value)
{
	const struct sysreg_info *info = &sysreg_info[r];
	uint64_t mdcr = vncr_get(&v->nv.file, SR_MDCR_EL2);

	value = (value & info->write_mask) | (info->reset & ~info->write_mask);
	vncr_set(&v->nv.file, r, value);
	if (r == SR_HCR_EL2) {
		world_follow_e2h(v);
		debug_refresh(v);
	} else if (r == SR_MDCR_EL2) {
		follow_mdcr(v, value ^ mdcr);
	}
}

/* Debug registers and performance monitors, apart from the places that are met often. */
static __attribute__((cold, noinline)) uint64_t read_monitor(struct vcpu *v, struct nv_access a)
{
	uint64_t value;

	if (a.place == NV_PLACE_DEBUG)
		return debug_read(v, a.reg);
	value = pmu_read(v, a.reg);
	follow_pmu(v);
	return value;
}

static __attribute__((cold, noinline)) void write_monitor(struct vcpu *v, struct nv_access a, uint64_t value)
{
	if (a.place == NV_PLACE_DEBUG) {
		debug_write(v, a.reg, value);
		return;
	}
	pmu_write(v, a.reg, value);
	follow_pmu(v);
}

/* Not part of sysreg_emulate, whose frame is for what is met often. */
static __attribute__((noinline)) uint64_t read_computed(struct vcpu *v, struct nv_access a)
{
	switch (a.place) {
	case NV_PLACE_ICH_STATUS:
		return nested_gic_status(v, a.reg);
	case NV_PLACE_ICC_SRE:
		return ICC_SRE_SRE | ICC_SRE_DFB | ICC_SRE_DIB | ICC_SRE_ENABLE;
	case NV_PLACE_TIMER:
		return timer_read(v, a.reg);
	case NV_PLACE_COUNTER:
		return timer_counter(v, a.reg);
	case NV_PLACE_DEBUG:
	case NV_PLACE_PMU:
		return read_monitor(v, a);
	default: /* there is nothing to read */
		return 0;
	}
}

static uint64_t read_place(struct vcpu *v, struct nv_access a)
{
	switch (a.place) {
	case NV_PLACE_STORED:
	case NV_PLACE_OFFSET:
		return vncr_get(&v->nv.file, a.reg);
	case NV_PLACE_ID:
		return nv_id_read(&v->nv, a.reg);
	case NV_PLACE_TWIN:
		return read_twin(v, a.reg);
	case NV_PLACE_REDIRECTED:
		return read_redirected(v, a.reg);
	default:
		return read_computed(v, a);
	}
}

/* What any context of a VM trained is not used for any: more than L1 asks for, by which of the three it likes. */
static void restrict_prediction(void)
{
	cfp_rctx(RCTX_ALL_OF_EL1);
	cfp_rctx(RCTX_ALL_OF_EL0);
	dvp_rctx(RCTX_ALL_OF_EL1);
	dvp_rctx(RCTX_ALL_OF_EL0);
	cpp_rctx(RCTX_ALL_OF_EL1);
	cpp_rctx(RCTX_ALL_OF_EL0);
	dsb_nsh();
	isb();
}

static __attribute__((noinline)) void write_place(struct vcpu *v, struct nv_access a, uint64_t value)
{
	switch (a.place) {
	case NV_PLACE_STORED:
		write_stored(v, a.reg, value);
		return;
	case NV_PLACE_OFFSET:
		vncr_set(&v->nv.file, a.reg, value);
		timer_refresh(v);
		return;
	case NV_PLACE_TWIN:
		write_twin(v, a.reg, value);
		return;
	case NV_PLACE_REDIRECTED:
		write_redirected(v, a.reg, value);
		return;
	case NV_PLACE_TIMER:
		timer_write(v, a.reg, value);
		return;
	case NV_PLACE_SGI:
		vgic_send_sgi(v, a.reg, value);
		return;
	case NV_PLACE_DIR:
		vgic_deactivate(v, (uint32_t)(value & ICC_IAR_INTID));
		return;
	case NV_PLACE_TLBI:
		tlbi_emulate(v, a.reg, value);
		return;
	case NV_PLACE_AT:
		at_emulate(v, a.reg, value);
		return;
	case NV_PLACE_PREDICTION:
		restrict_prediction();
		return;
	case NV_PLACE_DEBUG:
	case NV_PLACE_PMU:
		write_monitor(v, a, value);
		return;
	case NV_PLACE_ICC_SRE: /* all its bits are RAO/WI */
	case NV_PLACE_UNDEFINED:
	case NV_PLACE_ID:
	case NV_PLACE_ICH_STATUS:
	case NV_PLACE_COUNTER:
	case NV_PLACE_INTERFACE:
		return;
	}
}

static enum trace_place place_told(struct nv_access a)
{
	switch (a.place) {
	case NV_PLACE_UNDEFINED:
		return TRACE_PLACE_UNDEFINED;
	case NV_PLACE_STORED:
		return sysreg_info[a.reg].slot == NO_SLOT ? TRACE_PLACE_FILE : TRACE_PLACE_PAGE;
	case NV_PLACE_TWIN:
	case NV_PLACE_REDIRECTED:
	case NV_PLACE_DEBUG:
	case NV_PLACE_PMU:
		return TRACE_PLACE_HARDWARE;
	case NV_PLACE_ID:
		return TRACE_PLACE_ID;
	case NV_PLACE_TIMER:
	case NV_PLACE_COUNTER:
		return TRACE_PLACE_TIMER;
	case NV_PLACE_SGI:
		return TRACE_PLACE_INTERRUPT;
	case NV_PLACE_TLBI:
		return TRACE_PLACE_TLBI;
	case NV_PLACE_AT:
		return TRACE_PLACE_AT;
	default:
		return TRACE_PLACE_COMPUTED;
	}
}

static __attribute__((cold)) bool held_back(struct vcpu *v, enum sysreg r, bool is_read, unsigned rt)
{
	uint64_t value = vcpu_x(v, rt);

	if (!routing_access(v, r, is_read, &value))
		return false;
	if (is_read)
		vcpu_set_x(v, rt, value);
	return true;
}

static __attribute__((cold)) bool through_interface(struct vcpu *v, enum sysreg r, bool is_read, unsigned rt)
{
	uint64_t value = vcpu_x(v, rt);

	if (!nested_gic_direct_access(v, r, is_read, &value))
		return false;
	if (is_read)
		vcpu_set_x(v, rt, value);
	return true;
}

static struct nv_access access_of(const struct vcpu *v, enum sysreg r, bool is_read)
{
	return __builtin_expect(v->world.loaded == WORLD_VEL2, 1) ?
		       nv_vel2_access(&v->nv, r, is_read) :
		       nv_guest_context_access(&v->nv, r, is_read);
}

/* Which register and which way ESR_EL2 still says. */
static void tell_access(struct vcpu *v, uint64_t place, uint64_t reg, uint64_t value)
{
	uint32_t iss = (uint32_t)(read_sysreg(ESR_EL2) & ESR_ISS);
	struct nv_access a = { .place = (enum nv_place)place, .reg = (enum sysreg)reg };

	if (trace_wants(v, TRACE_kvm_sys_access))
		trace_sys_access(v, sysreg_from_iss(iss), !(iss & ESR_SYS64_READ), place_told(a), value);
}

/* Not part of run_exit, which other exits take as well. */
__attribute__((noinline)) bool sysreg_emulate(struct vcpu *v, enum sysreg r, uint32_t iss)
{
	bool is_read = iss & ESR_SYS64_READ;
	unsigned rt = (unsigned)field_get(ESR_SYS64_RT, iss);
	struct nv_access a;
	uint64_t value;

	if (r == SR_NONE)
		return false;
	a = access_of(v, r, is_read);
	if (a.place == NV_PLACE_UNDEFINED)
		return held_back(v, r, is_read, rt);
	if (a.place == NV_PLACE_INTERFACE)
		return through_interface(v, r, is_read, rt);
	value = is_read ? read_place(v, a) : vcpu_x(v, rt);
	if (is_read)
		vcpu_set_x(v, rt, value);
	else
		write_place(v, a, value);
	SITE_CALL(v->trace.cpu, tell_access, v, a.place, a.reg, value);
	return true;
}
