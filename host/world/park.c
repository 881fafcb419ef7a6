/*
 * How does a vCPU leave hardware to another one, and come back?  Reads: park.h. Next: world.c for the registers of its two
 * worlds, host/interrupt/timer.c and host/interrupt/nested_gic.c.
 */
#include "host/world/park.h"

#include "host/core/features.h"
#include "host/interrupt/nested_gic.h"
#include "host/interrupt/timer.h"
#include "host/interrupt/vgic.h"
#include "host/machine/cpu.h"
#include "host/machine/sysreg.h"
#include "host/vm/vm.h"
#include "host/world/debug.h"
#include "host/world/fp.h"
#include "host/world/pmu.h"
#include "host/world/world.h"

/* Registers that L1's worlds share: theirs to exchange, L0's only between vCPUs. */
// clang-format off
#define SHARED(X) \
	X(tpidr_el0, TPIDR_EL0) X(tpidrro_el0, TPIDRRO_EL0) X(tpidr_el1, TPIDR_EL1) X(par, PAR_EL1) X(sp_el0, SP_EL0) \
	X(mdscr, MDSCR_EL1) X(mdccint, MDCCINT_EL1) X(csselr, CSSELR_EL1) X(actlr, ACTLR_EL1) X(osdlr, OSDLR_EL1)
#define KEYS(X) \
	X(apia_lo, APIAKEYLO_EL1) X(apia_hi, APIAKEYHI_EL1) X(apib_lo, APIBKEYLO_EL1) X(apib_hi, APIBKEYHI_EL1) \
	X(apda_lo, APDAKEYLO_EL1) X(apda_hi, APDAKEYHI_EL1) X(apdb_lo, APDBKEYLO_EL1) X(apdb_hi, APDBKEYHI_EL1) \
	X(apga_lo, APGAKEYLO_EL1) X(apga_hi, APGAKEYHI_EL1)
// clang-format on

/* --- what both worlds share --- */

static void save_shared(struct vcpu_shared *s)
{
#define X(member, name) s->member = read_sysreg(name);
	SHARED(X)
#undef X
	if (cpu_features()->ras)
		s->vdisr = read_sysreg(VDISR_EL2);
	if (cpu_features()->pmu)
		s->pmuserenr = read_sysreg(PMUSERENR_EL0);
	if (!cpu_features()->pauth)
		return;
#define X(member, name) s->member = read_sysreg(name);
	KEYS(X)
#undef X
}

static void load_shared(const struct vcpu_shared *s)
{
#define X(member, name) write_sysreg(name, s->member);
	SHARED(X)
#undef X
	if (cpu_features()->ras)
		write_sysreg(VDISR_EL2, s->vdisr);
	if (cpu_features()->pmu)
		write_sysreg(PMUSERENR_EL0, s->pmuserenr);
	if (!cpu_features()->pauth)
		return;
#define X(member, name) write_sysreg(name, s->member);
	KEYS(X)
#undef X
}

/* --- TLBs --- */

/*
 * vCPUs of one VM share VMIDs, and each may have entries of its own that it invalidates on its own CPU only: they must not
 * meet on one CPU. Nor may v meet those that it left here, and has invalidated on another CPU since.
 */
static void separate_tlbs(struct vcpu *v)
{
	struct cpu *cpu = v->queue.cpu;
	struct vcpu **last = &cpu->last_of_vm[v->vm->index];

	if (*last && (*last != v || v->queue.was_on != cpu)) {
		tlbi_alle1();
		dsb_nsh();
		isb();
	}
	*last = v;
	v->queue.was_on = cpu;
}

/* --- performance monitors, of who uses them --- */

static void pmu_leave(struct vcpu *v)
{
	pmu_park(v);
	(void)debug_follow_pmu(v);
}

static void pmu_come(struct vcpu *v)
{
	pmu_unpark(v);
	(void)debug_follow_pmu(v);
}

/* --- the two ways --- */

void park(struct vcpu *v)
{
	world_save(v);
	save_shared(&v->shared);
	debug_save(v);
	fp_park(v);
	if (v->pmu.loaded)
		pmu_leave(v);
	timer_park(v);
	if (v->nested_gic.loaded)
		nested_gic_save(v);
	else
		vgic_put(v);
	write_sysreg(ICH_HCR_EL2, 0);
}

void park_reset(struct vcpu *v)
{
	v->shared = (struct vcpu_shared){ 0 };
}

void unpark(struct vcpu *v)
{
	write_sysreg(VNCR_EL2, vncr_base(&v->nv.file));
	write_sysreg(VTCR_EL2, v->vm->vtcr);
	write_sysreg(HSTR_EL2, 0);
	separate_tlbs(v);
	load_shared(&v->shared);
	debug_load(v);
	timer_unpark(v);
	if (v->nested_gic.loaded)
		nested_gic_load(v);
	else
		vgic_load(v);
	if (v->pmu.counts)
		pmu_come(v);
	world_load(v);
}

bool park_has_wakeup(struct vcpu *v)
{
	if (vgic_signal(v) != VGIC_NOTHING)
		return true;
	return v->nested_gic.loaded && nested_gic_has_pending(v);
}
