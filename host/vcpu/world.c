/*
 * How is one world exchanged for the other?  Every line below is on the path of a nested hypercall: registers that both
 * worlds share (general purpose, FP, TPIDR_EL0, TPIDR_EL1, PAR_EL1, SP_EL0, the debug registers) are L1's to switch.
 * Reads: world.h, nv/translate.h.  Next: run.c, host/interrupt/timer.c, host/interrupt/nested_gic.c.
 */
#include "host/vcpu/world.h"

#include "host/cpu/features.h"
#include "host/cpu/sysreg.h"
#include "host/interrupt/nested_gic.h"
#include "host/interrupt/timer.h"
#include "host/memory/shadow.h"
#include "host/report/trace.h"
#include "host/vcpu/debug.h"
#include "host/vcpu/fp.h"
#include "host/vm/queue.h"
#include "host/vm/vgic_hw.h"
#include "host/vm/vm.h"
#include "nv/translate.h"

/* EL1 registers of the guest context that hardware holds under the _EL12 name and the VNCR page in a slot. */
#define GUEST_EL1_REGISTERS(X) \
	X(SCTLR)               \
	X(CPACR)               \
	X(TTBR0)               \
	X(TTBR1) X(TCR) X(ESR) X(FAR) X(AFSR0) X(AFSR1) X(MAIR) X(AMAIR) X(VBAR) X(CONTEXTIDR) X(ELR) X(SPSR)

/* EL2 registers of L1 that hardware holds in the EL1 twin, in the same format when E2H=1. */
#define VEL2_TWINS(X) \
	X(SCTLR) X(TTBR0) X(TTBR1) X(TCR) X(MAIR) X(AMAIR) X(VBAR) X(CONTEXTIDR) X(AFSR0) X(AFSR1)

/* EL2 registers of L1 that hardware holds in the EL1 twin whatever E2H is, since exceptions write them. */
#define VEL2_REDIRECTED(X) X(ESR) X(FAR) X(ELR) X(SPSR)

/* What L0 needs in every world: traps of what L1 does not see, and of what L0 must see first. */
#define HCR_BASE                                                                                   \
	(HCR_E2H | HCR_RW | HCR_VM | HCR_IMO | HCR_FMO | HCR_AMO | HCR_SWIO | HCR_TSC | HCR_TID3 | \
	 HCR_TIDCP | HCR_TLOR | HCR_TERR)
#define CPTR_BASE (CPTR_TTA | CPTR_TAM)
/* CNTPOFF_EL2 is always what it has to be: host/interrupt/timer.c. */
#define CNTHCTL_BASE CNTHCTL_ECV

/*
 * HCR_EL2.VSE: an SError of hardware's that L0 passes on (hcr), which waits for vEL2 while L1 routes those of its guest there, or
 * one that L1 gives its guest. Hardware clears the bit when it delivers the SError or ESB defers it.
 */
bool world_serror_is_vel2s(const struct vcpu *v)
{
	return vncr_read(v->nv.page, SLOT_HCR_EL2) & (HCR_AMO | HCR_TGE);
}

static __attribute__((cold)) void drop_own_serror(struct vcpu *v)
{
	if (v->serror_loaded && !(read_sysreg(HCR_EL2) & HCR_VSE))
		v->hcr &= ~HCR_VSE;
	v->serror_loaded = false;
}

/* Gives hcr for this world without VSE if there is no SError for it, and loads the syndrome if there is. */
static __attribute__((cold)) uint64_t load_serror(struct vcpu *v, uint64_t hcr, enum world world)
{
	const struct vncr_page *p = v->nv.page;
	bool guest = world == WORLD_GUEST;

	drop_own_serror(v);
	v->serror_loaded = (v->hcr & HCR_VSE) && !(guest && world_serror_is_vel2s(v));
	if (!v->serror_loaded && !(guest && (nv_guest_hcr(0, vncr_read(p, SLOT_HCR_EL2)) & HCR_VSE)))
		return hcr & ~HCR_VSE;
	if (v->nv.has_ras)
		write_sysreg(VSESR_EL2, v->serror_loaded ? v->serror_esr & ESR_SERROR_ISS :
							   vncr_read(p, SLOT_VSESR_EL2));
	return hcr;
}

void world_pend_serror(struct vcpu *v, uint64_t esr)
{
	v->hcr |= HCR_VSE;
	v->serror_esr = esr;
	write_sysreg(HCR_EL2, load_serror(v, read_sysreg(HCR_EL2) | HCR_VSE, v->world));
}

/* HCR_EL2 of hardware in both worlds. */
static uint64_t hcr_vel2(const struct vcpu *v)
{
	return nv_vel2_hcr(v->hcr, v->nv.mode, v->vel2_is_vhe);
}

static uint64_t hcr_guest(const struct vcpu *v)
{
	return nv_guest_hcr(v->hcr, vncr_read(v->nv.page, SLOT_HCR_EL2));
}

void world_load_vel2_controls(struct vcpu *v)
{
	/* Without NV2, what NV1 alone lets through to hardware's EL1 registers is trapped by the older controls. */
	bool all_traps = !v->vel2_is_vhe && v->nv.mode == NV_MODE_V83;
	uint64_t hcr = hcr_vel2(v);

	if (__builtin_expect((hcr & HCR_VSE) != 0, 0))
		hcr = load_serror(v, hcr, WORLD_VEL2);
	write_sysreg(HCR_EL2, hcr);
	write_sysreg(VTTBR_EL2, vm_vttbr_vel2(v->vm));
	write_sysreg(VTCR_EL2, vm_vtcr(v->vm));
	write_sysreg(CPTR_EL2, CPTR_BASE | v->fpen | (all_traps ? CPTR_TCPAC : 0));
	write_sysreg(CNTHCTL_EL2, v->timers.cnthctl);
	write_sysreg(MDCR_EL2, v->debug.mdcr);
	write_sysreg(VPIDR_EL2, cpu_features()->midr);
	write_sysreg(VMPIDR_EL2, v->mpidr);
	if (v->fgt_loaded) {
		write_sysreg(HFGRTR_EL2, 0);
		write_sysreg(HFGWTR_EL2, 0);
		write_sysreg(HFGITR_EL2, 0);
		write_sysreg(HDFGRTR_EL2, 0);
		write_sysreg(HDFGWTR_EL2, 0);
		v->fgt_loaded = false;
	}
}

/* Fine-grained traps of L1. Bits of negative polarity stay 0: they guard features that L1 does not see. */
static void load_guest_fgt(struct vcpu *v)
{
	const struct vncr_page *p = v->nv.page;
	uint64_t r = vncr_read(p, SLOT_HFGRTR_EL2), w = vncr_read(p, SLOT_HFGWTR_EL2);
	uint64_t i = vncr_read(p, SLOT_HFGITR_EL2);
	uint64_t dr = vncr_read(p, SLOT_HDFGRTR_EL2), dw = vncr_read(p, SLOT_HDFGWTR_EL2);

	if (!(r | w | i | dr | dw))
		return;
	write_sysreg(HFGRTR_EL2, r & HFGRTR_SHOWN);
	write_sysreg(HFGWTR_EL2, w & HFGWTR_SHOWN);
	write_sysreg(HFGITR_EL2, i & HFGITR_SHOWN);
	write_sysreg(HDFGRTR_EL2, dr & HDFGRTR_SHOWN);
	write_sysreg(HDFGWTR_EL2, dw & HDFGWTR_SHOWN);
	v->fgt_loaded = true;
}

void world_load_guest_controls(struct vcpu *v)
{
	const struct vncr_page *p = v->nv.page;
	uint64_t hcr = hcr_guest(v);
	bool l1_stage2 = vncr_read(p, SLOT_HCR_EL2) & (HCR_VM | HCR_DC);
	bool e2h = v->vel2_is_vhe;

	if (__builtin_expect((hcr & HCR_VSE) != 0, 0))
		hcr = load_serror(v, hcr, WORLD_GUEST);
	write_sysreg(HCR_EL2, hcr);
	write_sysreg(VTTBR_EL2, l1_stage2 ? shadow_vttbr(v) : vm_vttbr_guest(v->vm));
	if (l1_stage2)
		write_sysreg(VTCR_EL2, shadow_vtcr(v));
	write_sysreg(CPTR_EL2, nv_guest_cptr(CPTR_BASE, v->nv.reg[SR_CPTR_EL2], e2h) &
				       (~(CPACR_FPEN | CPACR_ZEN) | v->fpen));
	write_sysreg(CNTHCTL_EL2, nv_guest_cnthctl(CNTHCTL_BASE, v->nv.reg[SR_CNTHCTL_EL2], e2h) &
					  (~(CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN) | v->timers.direct));
	write_sysreg(MDCR_EL2, v->debug.mdcr_guest | (__builtin_expect(v->el0_only, 0) ? MDCR_TDE : 0));
	write_sysreg(VPIDR_EL2, vncr_read(p, SLOT_VPIDR_EL2));
	write_sysreg(VMPIDR_EL2, vncr_read(p, SLOT_VMPIDR_EL2));
	if (v->nv.has_fgt)
		load_guest_fgt(v);
}

uint64_t world_read_cptr(const struct vcpu *v)
{
	return (v->nv.reg[SR_CPTR_EL2] & NV_CPTR_NOT_IN_CPACR) | read_sysreg(CPACR_EL12);
}

uint64_t world_read_cnthctl(const struct vcpu *v)
{
	return (v->nv.reg[SR_CNTHCTL_EL2] & ~NV_CNTHCTL_IN_CNTKCTL) |
	       (read_sysreg(CNTKCTL_EL12) & NV_CNTHCTL_IN_CNTKCTL);
}

/* Registers of vEL2 that L1 can write without a trap. With E2H=0 all but the redirected ones trap: nothing to save. */
static void save_vel2_twins(struct vcpu *v)
{
	uint64_t *reg = v->nv.reg;

	if (!v->vel2_is_vhe)
		return;
#define X(name) reg[SR_##name##_EL2] = read_sysreg(name##_EL12);
	VEL2_TWINS(X)
#undef X
	reg[SR_CPTR_EL2] = world_read_cptr(v);
	reg[SR_CNTHCTL_EL2] = world_read_cnthctl(v);
}

static void load_vel2_twins_nvhe(const struct nv_state *l1)
{
	const uint64_t *reg = l1->reg;

	write_sysreg(SCTLR_EL12, nv_sctlr_el2_as_el1(reg[SR_SCTLR_EL2]));
	write_sysreg(TCR_EL12, nv_tcr_el2_as_el1(reg[SR_TCR_EL2]));
	write_sysreg(TTBR0_EL12, nv_ttbr0_el2_as_el1(reg[SR_TTBR0_EL2]));
	write_sysreg(CPACR_EL12, nv_cptr_el2_as_cpacr(reg[SR_CPTR_EL2], nv_has_sve(l1)));
	write_sysreg(MAIR_EL12, reg[SR_MAIR_EL2]);
	write_sysreg(AMAIR_EL12, reg[SR_AMAIR_EL2]);
	write_sysreg(VBAR_EL12, reg[SR_VBAR_EL2]);
	write_sysreg(AFSR0_EL12, reg[SR_AFSR0_EL2]);
	write_sysreg(AFSR1_EL12, reg[SR_AFSR1_EL2]);
}

static void load_vel2_twins(struct vcpu *v)
{
	const uint64_t *reg = v->nv.reg;

	if (!v->vel2_is_vhe) {
		load_vel2_twins_nvhe(&v->nv);
		return;
	}
#define X(name) write_sysreg(name##_EL12, reg[SR_##name##_EL2]);
	VEL2_TWINS(X)
#undef X
	write_sysreg(CPACR_EL12, reg[SR_CPTR_EL2]);
	write_sysreg(CNTKCTL_EL12, reg[SR_CNTHCTL_EL2]);
}

/*
 * L1's SPSR_EL2 is hardware's SPSR_EL1, or, where v->keeps_spsr says so, what nv_spsr_el2 makes of that and of the value that is
 * kept. While vEL2 is not loaded, the file has what hardware had.
 */
static uint64_t spsr_of_raw(const struct vcpu *v, uint64_t raw)
{
	return __builtin_expect(v->keeps_spsr, 0) ? nv_spsr_el2(raw, v->spsr_el2) : raw;
}

static uint64_t raw_of_spsr(struct vcpu *v, uint64_t value)
{
	if (__builtin_expect(!v->keeps_spsr, 1))
		return value;
	v->spsr_el2 = value;
	return NV_SPSR_KEPT;
}

uint64_t world_read_spsr_el2(const struct vcpu *v)
{
	return spsr_of_raw(v, read_sysreg(SPSR_EL12));
}

void world_write_spsr_el2(struct vcpu *v, uint64_t value)
{
	write_sysreg(SPSR_EL12, raw_of_spsr(v, value));
}

/* HCR_EL2.{NV1,NV2} have changed, or are about to. */
static void follow_spsr(struct vcpu *v)
{
	uint64_t *file = &v->nv.reg[SR_SPSR_EL2], value;
	bool loaded = v->world == WORLD_VEL2;

	value = spsr_of_raw(v, loaded ? read_sysreg(SPSR_EL12) : *file);
	v->keeps_spsr = !v->vel2_is_vhe && v->nv.mode == NV_MODE_V83;
	*file = raw_of_spsr(v, value);
	if (loaded)
		write_sysreg(SPSR_EL12, *file);
}

static void save_vel2(struct vcpu *v)
{
	uint64_t *reg = v->nv.reg;

	save_vel2_twins(v);
#define X(name) reg[SR_##name##_EL2] = read_sysreg(name##_EL12);
	VEL2_REDIRECTED(X)
#undef X
	reg[SR_SP_EL2] = read_sysreg(SP_EL1);
}

static void load_vel2(struct vcpu *v)
{
	const uint64_t *reg = v->nv.reg;

	load_vel2_twins(v);
#define X(name) write_sysreg(name##_EL12, reg[SR_##name##_EL2]);
	VEL2_REDIRECTED(X)
#undef X
	write_sysreg(SP_EL1, reg[SR_SP_EL2]);
}

/*
 * HCR_EL2.TGE of an L1 with E2H=0: EL1 is not used, its stage 1 is off, and what EL0 takes goes to vEL2. Hardware takes it to
 * EL1, whose vectors are therefore put where nothing is mapped, the last 2 KiB of physical addresses: their fetch aborts to L0
 * (world_forward_el0). What EL0 cannot change is not saved.
 */
#define VECTORS_BYTES UINT64_C(0x800)
#define VECTOR_IN_GROUP (VECTORS_BYTES / 4 - 1)

static uint64_t el0_only_vbar(void)
{
	return BIT(cpu_features()->pa_bits) - VECTORS_BYTES;
}

static void load_el0_only(const struct nv_state *l1)
{
	const struct vncr_page *p = l1->page;

	write_sysreg(SCTLR_EL12, vncr_read(p, SLOT_SCTLR_EL1) & ~SCTLR_M);
	write_sysreg(CPACR_EL12, vncr_read(p, SLOT_CPACR_EL1) | (nv_has_sve(l1) ? 0 : CPACR_ZEN));
	write_sysreg(VBAR_EL12, el0_only_vbar());
}

/*
 * CNTKCTL_EL1 has no slot; with E2H=0 vEL2 has no use for hardware's, so the guest's stays there. Gives MDSCR_EL1 as far as it may
 * concern vEL2: debug_at_vel2.
 */
static uint64_t save_guest_el1(struct vcpu *v)
{
	struct vncr_page *p = v->nv.page;
	uint64_t mdscr = read_sysreg(MDSCR_EL1);

	if (v->el0_only)
		return mdscr;
#define X(name) vncr_write(p, SLOT_##name##_EL1, read_sysreg(name##_EL12));
	GUEST_EL1_REGISTERS(X)
#undef X
	vncr_write(p, SLOT_SP_EL1, read_sysreg(SP_EL1));
	if (v->vel2_is_vhe)
		v->nv.reg[SR_CNTKCTL_EL1] = read_sysreg(CNTKCTL_EL12);
	if (v->nv.mode == NV_MODE_V84)
		vncr_write(p, SLOT_MDSCR_EL1, mdscr);
	return mdscr;
}

static void load_guest_el1(struct vcpu *v)
{
	const struct vncr_page *p = v->nv.page;

#define X(name) write_sysreg(name##_EL12, vncr_read(p, SLOT_##name##_EL1));
	GUEST_EL1_REGISTERS(X)
#undef X
	write_sysreg(SP_EL1, vncr_read(p, SLOT_SP_EL1));
	if (v->vel2_is_vhe)
		write_sysreg(CNTKCTL_EL12, v->nv.reg[SR_CNTKCTL_EL1]);
	if (v->nv.mode == NV_MODE_V84)
		write_sysreg(MDSCR_EL1, vncr_read(p, SLOT_MDSCR_EL1));
	v->el0_only = !v->vel2_is_vhe && nv_tge(&v->nv);
	if (v->el0_only)
		load_el0_only(&v->nv);
}

/* A virtual SError that hardware has delivered, or ESB deferred, is no longer pending in L1's HCR_EL2 either. */
static __attribute__((cold)) void drop_serror(struct vcpu *v, uint64_t l1_hcr)
{
	if ((nv_guest_hcr(0, l1_hcr) & HCR_VSE) && !(read_sysreg(HCR_EL2) & HCR_VSE))
		vncr_write(v->nv.page, SLOT_HCR_EL2, l1_hcr & ~HCR_VSE);
}

static void save_pending_serror(struct vcpu *v)
{
	uint64_t hcr = vncr_read(v->nv.page, SLOT_HCR_EL2);

	if (__builtin_expect((hcr & HCR_VSE) != 0, 0))
		drop_serror(v, hcr);
}

/*
 * DISR_EL1 is VDISR_EL2 of hardware at EL1. L1's HCR_EL2.AMO gives its guest one of its own, L1's VDISR_EL2; without it the guest
 * has that of vEL2. Hardly ever is one of them not 0: as long as both are, nothing is exchanged.
 */
static bool has_own_disr(const struct vcpu *v)
{
	return v->nv.has_ras && (vncr_read(v->nv.page, SLOT_HCR_EL2) & HCR_AMO);
}

static __attribute__((cold)) void disr_to_guest(struct vcpu *v)
{
	if (!has_own_disr(v))
		return;
	v->nv.reg[SR_DISR_EL1] = read_sysreg(VDISR_EL2);
	write_sysreg(VDISR_EL2, vncr_read(v->nv.page, SLOT_VDISR_EL2));
	v->disr_is_guests = true;
}

static __attribute__((cold)) void disr_to_vel2(struct vcpu *v)
{
	if (!has_own_disr(v))
		return;
	vncr_write(v->nv.page, SLOT_VDISR_EL2, read_sysreg(VDISR_EL2));
	write_sysreg(VDISR_EL2, v->disr_is_guests ? v->nv.reg[SR_DISR_EL1] : 0);
	v->disr_is_guests = false;
}

void world_to_vel2(struct vcpu *v)
{
	uint64_t mdscr = save_guest_el1(v);

	save_pending_serror(v);
	if (__builtin_expect((v->disr_is_guests | read_sysreg(VDISR_EL2)) != 0, 0))
		disr_to_vel2(v);
	if (v->zcr_is_guests)
		fp_zcr_to_vel2(v);
	timer_to_vel2(v);
	if (v->l2_gic)
		nested_gic_to_vel2(v);
	else
		nested_gic_no_traps(v);
	load_vel2(v);
	v->world = WORLD_VEL2;
	world_load_vel2_controls(v);
	if (__builtin_expect((mdscr & NV_MDSCR_ACTIVE) != 0, 0))
		debug_refresh(v);
}

void world_to_guest(struct vcpu *v)
{
	save_vel2(v);
	if (__builtin_expect((read_sysreg(VDISR_EL2) | vncr_read(v->nv.page, SLOT_VDISR_EL2)) != 0, 0))
		disr_to_guest(v);
	if (v->fpen & CPACR_ZEN)
		fp_zcr_to_guest(v);
	timer_to_guest(v);
	if (vncr_read(v->nv.page, SLOT_HCR_EL2) & (HCR_IMO | HCR_FMO | HCR_TGE))
		nested_gic_to_guest(v);
	else
		nested_gic_traps(v);
	if (__builtin_expect(v->debug.busy != 0, 0))
		debug_to_guest(v);
	load_guest_el1(v);
	v->world = WORLD_GUEST;
	world_load_guest_controls(v);
}

void world_follow_e2h(struct vcpu *v)
{
	uint64_t hcr = nv_hcr_with_fixed_e2h(&v->nv, vncr_read(v->nv.page, SLOT_HCR_EL2));
	bool e2h = hcr & HCR_E2H;

	vncr_write(v->nv.page, SLOT_HCR_EL2, hcr);
	if (e2h == v->vel2_is_vhe)
		return;
	if (v->fpen & CPACR_ZEN)
		fp_park(v); /* nv_has_sve may have changed */
	save_vel2_twins(v);
	if (e2h)
		v->nv.reg[SR_CNTKCTL_EL1] = read_sysreg(CNTKCTL_EL12);
	else
		write_sysreg(CNTKCTL_EL12, v->nv.reg[SR_CNTKCTL_EL1]);
	timer_follow_e2h(v, e2h);
	follow_spsr(v);
	load_vel2_twins(v);
	world_load_vel2_controls(v);
	if (e2h)
		world_decide_mode(v);
}

void world_set_mode(struct vcpu *v, enum nv_mode mode)
{
	bool vel2 = v->world == WORLD_VEL2;
	uint64_t mdscr = vel2 ? debug_l1_mdscr(v) : read_sysreg(MDSCR_EL1);

	v->nv.undecided = false;
	if (v->nv.mode == mode)
		return;
	if (v->fpen & CPACR_ZEN)
		fp_park(v); /* nv_has_sve may change */
	if (vel2)
		debug_to_guest(v);
	timer_follow_mode(v, mode);
	debug_reset(v);
	/* At vEL2 MDSCR_EL1 is in the page in one mode and in hardware in the other. */
	if (vel2)
		write_sysreg(MDSCR_EL1, mdscr);
	vncr_write(v->nv.page, SLOT_MDSCR_EL1, mdscr);
	follow_spsr(v);
	world_load_controls(v);
	if (vel2)
		debug_refresh(v);
}

void world_decide_mode(struct vcpu *v)
{
	world_set_mode(v, nv_wanted_mode(&v->nv));
}

/* queue_hcr may have changed. */
static void follow_sched(struct vcpu *v)
{
	v->hcr = HCR_BASE | queue_hcr | (v->hcr & HCR_VSE);
}

void world_load_controls(struct vcpu *v)
{
	follow_sched(v);
	if (v->world == WORLD_VEL2) {
		world_load_vel2_controls(v);
	} else {
		save_pending_serror(v);
		world_load_guest_controls(v);
	}
}

/* CNTKCTL_EL1 of an L1 with E2H=0 is in hardware in both worlds. */
void world_save(struct vcpu *v)
{
	if (v->world == WORLD_VEL2) {
		save_vel2(v);
	} else {
		(void)save_guest_el1(v);
		save_pending_serror(v);
	}
	drop_own_serror(v);
	if (!v->vel2_is_vhe)
		v->nv.reg[SR_CNTKCTL_EL1] = read_sysreg(CNTKCTL_EL12);
}

void world_load(struct vcpu *v)
{
	follow_sched(v);
	if (v->world == WORLD_VEL2)
		load_vel2(v);
	else
		load_guest_el1(v);
	if (!v->vel2_is_vhe)
		write_sysreg(CNTKCTL_EL12, v->nv.reg[SR_CNTKCTL_EL1]);
	if (v->world == WORLD_VEL2)
		world_load_vel2_controls(v);
	else
		world_load_guest_controls(v);
}

static void take(struct vcpu *v, enum nv_from from, enum nv_vector vector)
{
	bool vel2 = v->world == WORLD_VEL2;
	struct nv_target to = {
		.vbar = read_sysreg(VBAR_EL12),
		.sctlr = read_sysreg(SCTLR_EL12),
		.may_set_pan = !vel2 || (v->vel2_is_vhe && nv_tge(&v->nv)),
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
	if (__builtin_expect(v->trace != NULL, 0))
		trace_exception(v);
}

void world_take_abort(struct vcpu *v, enum nv_from from, uint64_t esr, uint64_t far)
{
	world_take_sync(v, from, esr);
	write_sysreg(FAR_EL12, far);
}

void world_take_async(struct vcpu *v, enum nv_from from, enum nv_vector vector)
{
	take(v, from, vector);
	if (__builtin_expect(v->trace != NULL, 0))
		trace_exception(v);
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
	uint64_t offset = v->pc - el0_only_vbar(), esr, far;

	if (!v->el0_only || v->world != WORLD_GUEST || offset >= VECTORS_BYTES)
		return false;
	offset &= VECTOR_IN_GROUP;
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
