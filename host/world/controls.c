/* Under which controls of EL2 does each of L1's worlds run?  Reads: controls.h, nv/translate.h.  Next: world.c, serror.c. */
#include "host/world/controls.h"

#include "host/core/features.h"
#include "host/machine/sysreg.h"
#include "host/report/pause.h"
#include "host/shadow/trees.h"
#include "host/vm/queue.h"
#include "host/vm/vm.h"
#include "host/world/pmu.h"
#include "host/world/serror.h"
#include "nv/translate.h"

/* What L0 needs in every world: traps of what L1 does not see, and of what L0 must see first. */
#define HCR_BASE                                                                                   \
	(HCR_E2H | HCR_RW | HCR_VM | HCR_IMO | HCR_FMO | HCR_AMO | HCR_SWIO | HCR_TSC | HCR_TID3 | \
	 HCR_TIDCP | HCR_TLOR | HCR_TERR)
#define CPTR_BASE (CPTR_TTA | CPTR_TAM)
/* CNTPOFF_EL2 is always what it has to be: host/interrupt/timer.c. */
#define CNTHCTL_BASE CNTHCTL_ECV

/* What makes a counter count: host/world/pmu.h. */
#define HDFGWTR_BASE HDFGWTR_PMCR_EL0
/* controls.left */
#define LEFT_FGT 1
#define LEFT_FILTERS 2

/* queue_hcr, the SError that L0 passes on, or what vEL2's depends on may have changed. */
static void follow(struct vcpu *v)
{
	v->controls.hcr = HCR_BASE | queue_hcr | v->serror.pending;
	v->controls.vel2_hcr = nv_vel2_hcr(v->controls.hcr, v->nv.mode, v->world.vel2_is_vhe);
	/* Without NV2, what NV1 alone lets through to hardware's EL1 registers is trapped by the older controls: TVM is one. */
	v->controls.vel2_cptr = CPTR_BASE | (v->controls.vel2_hcr & HCR_TVM ? CPTR_TCPAC : 0);
}

static __attribute__((cold)) uint64_t load_serror(struct vcpu *v, uint64_t hcr, enum world world)
{
	hcr = world_load_serror(v, hcr, world);
	follow(v);
	return hcr;
}

static uint64_t hcr_guest_context(const struct vcpu *v)
{
	return nv_guest_context_hcr(v->controls.hcr, vncr_get(&v->nv.file, SR_HCR_EL2));
}

/* As if it were L1's: the CPU has one, or it is as vEL2's always (world_reset_controls). */
static void load_hcrx(struct vcpu *v, uint64_t l1_hcrx)
{
	write_sysreg(HCRX_EL2, nv_guest_context_hcrx(l1_hcrx));
	v->controls.l1_hcrx = l1_hcrx;
}

/* What the guest context left that is not vEL2's. */
static void take_back(struct vcpu *v)
{
	if (v->controls.left & LEFT_FGT) {
		write_sysreg(HFGRTR_EL2, 0);
		write_sysreg(HFGWTR_EL2, 0);
		write_sysreg(HFGITR_EL2, 0);
		write_sysreg(HDFGRTR_EL2, 0);
		write_sysreg(HDFGWTR_EL2, HDFGWTR_BASE);
	}
	if (v->pmu.counts)
		pmu_follow_world(v);
	v->controls.left = 0;
}

static inline __attribute__((always_inline)) void load_vel2(struct vcpu *v, uint64_t hcr)
{
	const struct vm *vm = v->vm;

	write_sysreg(HCR_EL2, hcr);
	write_sysreg(VTTBR_EL2, vm_vttbr_vel2(vm));
	write_sysreg(VTCR_EL2, vm_vtcr(vm));
	write_sysreg(CPTR_EL2, v->controls.vel2_cptr | v->fp.fpen);
	clock_write_cnthctl(v->timers.cnthctl);
	write_sysreg(MDCR_EL2, v->debug.mdcr);
	write_sysreg(VPIDR_EL2, v->midr);
	write_sysreg(VMPIDR_EL2, v->mpidr);
	if (!nv_hcrx_suits_vel2(v->controls.l1_hcrx))
		load_hcrx(v, NV_HCRX_OF_VEL2);
	if (v->controls.left)
		take_back(v);
}

static __attribute__((cold, noinline)) void load_vel2_with_serror(struct vcpu *v)
{
	load_vel2(v, load_serror(v, v->controls.vel2_hcr, WORLD_VEL2));
}

void world_load_vel2_controls(struct vcpu *v)
{
	if (__builtin_expect((v->controls.vel2_hcr & HCR_VSE) != 0, 0))
		load_vel2_with_serror(v);
	else
		load_vel2(v, v->controls.vel2_hcr);
}

/* Fine-grained traps of L1. Bits of negative polarity stay 0: they guard features that L1 does not see. */
static void load_guest_context_fgt(struct vcpu *v)
{
	const struct vncr_file *file = &v->nv.file;
	uint64_t r = vncr_get(file, SR_HFGRTR_EL2), w = vncr_get(file, SR_HFGWTR_EL2);
	uint64_t i = vncr_get(file, SR_HFGITR_EL2);
	uint64_t dr = vncr_get(file, SR_HDFGRTR_EL2), dw = vncr_get(file, SR_HDFGWTR_EL2);

	if (!(r | w | i | dr | dw))
		return;
	write_sysreg(HFGRTR_EL2, r & HFGRTR_SHOWN);
	write_sysreg(HFGWTR_EL2, w & HFGWTR_SHOWN);
	write_sysreg(HFGITR_EL2, i & HFGITR_SHOWN);
	write_sysreg(HDFGRTR_EL2, dr & HDFGRTR_SHOWN);
	write_sysreg(HDFGWTR_EL2, (dw & HDFGWTR_SHOWN) | HDFGWTR_BASE);
	v->controls.left |= LEFT_FGT;
}

/* HPMD of hardware: counters count, by filters that are vEL2's as yet. */
static __attribute__((cold)) void load_filters(struct vcpu *v)
{
	pmu_follow_world(v);
	v->controls.left |= LEFT_FILTERS;
}

void world_load_guest_context_controls(struct vcpu *v)
{
	const struct vncr_file *file = &v->nv.file;
	uint64_t hcr = hcr_guest_context(v), mdcr;
	bool l1_stage2 = vncr_get(file, SR_HCR_EL2) & (HCR_VM | HCR_DC);
	bool e2h = v->world.vel2_is_vhe;

	if (__builtin_expect((hcr & HCR_VSE) != 0, 0))
		hcr = load_serror(v, hcr, WORLD_GUEST_CONTEXT);
	write_sysreg(HCR_EL2, hcr);
	write_sysreg(VTTBR_EL2, l1_stage2 ? shadow_vttbr(v) : shadow_vttbr_flat(v));
	if (l1_stage2)
		write_sysreg(VTCR_EL2, shadow_vtcr(v));
	write_sysreg(CPTR_EL2, nv_guest_context_cptr(CPTR_BASE, vncr_get(&v->nv.file, SR_CPTR_EL2), e2h) &
				       (~(CPACR_FPEN | CPACR_ZEN) | v->fp.fpen));
	clock_write_cnthctl(
		nv_guest_context_cnthctl(CNTHCTL_BASE, vncr_get(&v->nv.file, SR_CNTHCTL_EL2), e2h) &
		(~(CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN) | v->timers.direct));
	mdcr = v->debug.mdcr_guest_context | (__builtin_expect(v->world.el0_only, 0) ? MDCR_TDE : 0);
	write_sysreg(MDCR_EL2, mdcr);
	write_sysreg(VPIDR_EL2, vncr_get(file, SR_VPIDR_EL2));
	write_sysreg(VMPIDR_EL2, vncr_get(file, SR_VMPIDR_EL2));
	if (vncr_get(file, SR_HCRX_EL2) != v->controls.l1_hcrx)
		load_hcrx(v, vncr_get(file, SR_HCRX_EL2));
	load_guest_context_fgt(v); /* a CPU without them has 0 for L1 */
	if (__builtin_expect((mdcr & MDCR_HPMD) != 0, 0))
		load_filters(v);
}

void world_reset_controls(struct vcpu *v)
{
	if (!cpu_features()->hcx)
		vncr_set(&v->nv.file, SR_HCRX_EL2, NV_HCRX_OF_VEL2);
}

void world_meet_controls(struct vcpu *v)
{
	follow(v);
	v->controls.l1_hcrx = NV_HCRX_OF_VEL2;
	if (cpu_features()->hcx)
		load_hcrx(v, NV_HCRX_OF_VEL2);
	v->controls.left = cpu_features()->fgt ? LEFT_FGT : 0;
	take_back(v);
}

/* It is an event that ends WFI. */
void world_trap_held(struct vcpu *v)
{
	write_sysreg(HCR_EL2, read_sysreg(HCR_EL2) | HCR_TWI);
	if (cpu_features()->fgt) {
		v->controls.left |= LEFT_FGT;
		write_sysreg(HFGRTR_EL2, HFGRTR_ISR_EL1);
	}
}

void world_load_controls(struct vcpu *v)
{
	follow(v);
	if (v->world.loaded == WORLD_VEL2) {
		world_load_vel2_controls(v);
	} else {
		world_save_pending_serror(v);
		world_load_guest_context_controls(v);
	}
}

void world_pend_serror(struct vcpu *v, uint64_t esr)
{
	world_keep_serror(v, esr);
	write_sysreg(HCR_EL2, load_serror(v, read_sysreg(HCR_EL2) | HCR_VSE, v->world.loaded));
}
