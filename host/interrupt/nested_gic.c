/*
 * How do the list registers that L1 wrote for its guest get into hardware and back?  Reads: nested_gic.h.
 * Next: host/interrupt/vgic.c, which owns the list registers while vEL2 runs.
 */
#include "host/interrupt/nested_gic.h"

#include "host/core/features.h"
#include "host/core/ich.h"
#include "host/interrupt/links.h"
#include "host/interrupt/vgic.h"
#include "host/machine/sysreg.h"
#include "host/vm/vm.h"
#include "nv/arch/intid.h"
#include "nv/gic/ich.h"
#include "nv/translate.h"

#define ICH_HCR_TRAPS (ICH_HCR_TC | ICH_HCR_TALL0 | ICH_HCR_TALL1 | ICH_HCR_TDIR)
/* What of L1's ICH_HCR_EL2 hardware may see. */
#define ICH_HCR_FROM_L1 (ICH_HCR_EN | ICH_HCR_IE | ICH_HCR_TRAPS | ICH_HCR_EOICOUNT)

static uint64_t l1_lr(const struct vcpu *v, unsigned n)
{
	return vncr_get_nth(&v->nv.file, SR_ICH_LR0_EL2, n);
}

void nested_gic_reset(struct vcpu *v)
{
	v->nested_gic = (struct vcpu_nested_gic){ 0 };
}

/* --- list registers --- */

static bool links_physical(const struct vcpu *v, uint64_t lr)
{
	uint32_t pintid = (uint32_t)field_get(ICH_LR_PINTID, lr);

	return (lr & ICH_LR_HW) && (timer_is_linked(pintid) || vgic_spi_is_linked(&v->vm->vgic, pintid));
}

/*
 * The value of L1's list register n for hardware. A link to a timer's interrupt, or to the one of an assigned device that is L1's
 * to deactivate, is made real.
 */
static uint64_t prepare_lr(struct vcpu *v, uint64_t lr)
{
	uint64_t hw;

	if (!(lr & (ICH_LR_STATE | ICH_LR_EOI)) || ((lr & ICH_LR_HW) && !(lr & ICH_LR_STATE)))
		return 0;
	hw = nv_lr_for_hardware(lr, links_physical(v, lr));
	if ((hw & ICH_LR_HW) && field_get(ICH_LR_PINTID, hw) < INTID_FIRST_SPI)
		timer_link(v, (uint32_t)field_get(ICH_LR_PINTID, hw));
	return hw;
}

static void load_used_lrs(struct vcpu *v)
{
	for (unsigned n = 0; n < v->vm->l1_lrs; n++) {
		uint64_t lr = prepare_lr(v, l1_lr(v, n));

		if (!lr)
			continue;
		v->nested_gic.used |= (uint32_t)BIT(n);
		ich_write_lr(n, lr);
	}
}

/* Most entries find all list registers empty in the page; in hardware they are. */
static inline void load_lrs(struct vcpu *v)
{
	unsigned lrs = v->vm->l1_lrs;
	uint64_t any = 0;

	for (unsigned n = 0; n < lrs; n++)
		any |= l1_lr(v, n);
	if (any)
		load_used_lrs(v);
}

/* An interrupt of L1 that its guest has completed is no longer active in L1's own GIC. */
static void save_lr(struct vcpu *v, unsigned n)
{
	uint64_t before = l1_lr(v, n);
	uint64_t after;

	if (!(before & ICH_LR_STATE))
		return;
	after = nv_lr_from_hardware(before, ich_read_lr(n));
	vncr_set_nth(&v->nv.file, SR_ICH_LR0_EL2, n, after);
	if (!(before & ICH_LR_HW) || (after & ICH_LR_STATE))
		return;
	ich_write_lr(n, 0); /* its EOI may be L0's own wish */
	vgic_deactivate(v, (uint32_t)field_get(ICH_LR_PINTID, before));
}

static unsigned lowest(uint32_t bits)
{
	return (unsigned)__builtin_ctz(bits);
}

void nested_gic_sync(struct vcpu *v)
{
	for (uint32_t used = v->nested_gic.used; used; used &= used - 1)
		save_lr(v, lowest(used));
}

/* Hardware's list registers are left empty, as vgic_load and load_lrs expect them. */
static void save_lrs(struct vcpu *v)
{
	nested_gic_sync(v);
	for (uint32_t used = v->nested_gic.used; used; used &= used - 1)
		ich_write_lr(lowest(used), 0);
	v->nested_gic.used = 0;
}

/* --- one group only --- */

#define BOTH_GROUPS (HCR_IMO | HCR_FMO)

/* With HCR_EL2.TGE everything goes to vEL2, and the list registers signal nothing. */
static void load_split(struct vcpu *v, uint64_t hcr)
{
	v->nested_gic.split = true;
	if (v->nested_gic.routed & HCR_TGE) {
		write_sysreg(ICH_HCR_EL2, hcr & ~ICH_HCR_EN);
		return;
	}
	write_sysreg(ICH_VMCR_EL2,
		     vncr_get(&v->nv.file, SR_ICH_VMCR_EL2) & ~nv_unrouted_groups(v->nested_gic.routed));
	write_sysreg(ICH_HCR_EL2, hcr | nv_traps_of_groups(nv_unrouted_groups(v->nested_gic.routed)));
	vgic_forget_signal(v); /* what is pending for the guest itself has to be worked out */
}

static void save_split(struct vcpu *v, uint64_t vmcr)
{
	uint64_t mask = nv_unrouted_groups(v->nested_gic.routed);

	v->nested_gic.split = false;
	vncr_set(&v->nv.file, SR_ICH_VMCR_EL2,
		 (vmcr & ~mask) | (vncr_get(&v->nv.file, SR_ICH_VMCR_EL2) & mask));
}

/* What L1's own interface signals to its guest is a virtual interrupt of hardware, next to those that L1 made pending. */
static void signal_guest_context(struct vcpu *v, enum vgic_signal signal)
{
	uint64_t hcr = read_sysreg(HCR_EL2) & ~(HCR_VI | HCR_VF);

	hcr |= nv_guest_context_hcr(v->controls.hcr, vncr_get(&v->nv.file, SR_HCR_EL2)) & (HCR_VI | HCR_VF);
	if (signal != VGIC_NOTHING)
		hcr |= signal == VGIC_IRQ ? HCR_VI : HCR_VF;
	write_sysreg(HCR_EL2, hcr);
}

bool nested_gic_is_for_vel2(const struct vcpu *v, enum vgic_signal signal)
{
	uint64_t group = signal == VGIC_IRQ ? ICH_VMCR_VENG1 : ICH_VMCR_VENG0;

	return signal != VGIC_NOTHING && !(nv_unrouted_groups(vncr_get(&v->nv.file, SR_HCR_EL2)) & group);
}

void nested_gic_signal_guest_context(struct vcpu *v, enum vgic_signal signal)
{
	if (v->nested_gic.split)
		signal_guest_context(v, signal);
}

bool nested_gic_direct_access(struct vcpu *v, enum sysreg r, bool is_read, uint64_t *value)
{
	return v->nested_gic.split &&
	       vgic_interface_access(v, r, nv_unrouted_groups(v->nested_gic.routed) == ICH_VMCR_VENG1,
				     is_read, value);
}

/* --- the exchange --- */

static void load_ap(const struct vcpu *v)
{
	const struct vncr_file *file = &v->nv.file;
	unsigned words = v->vm->ap_words;

	write_sysreg(ICH_AP0R0_EL2, vncr_get(file, SR_ICH_AP0R0_EL2));
	write_sysreg(ICH_AP1R0_EL2, vncr_get(file, SR_ICH_AP1R0_EL2));
	for (unsigned i = 1; i < words; i++)
		ich_write_ap(i, vncr_get_nth(file, SR_ICH_AP0R0_EL2, i),
			     vncr_get_nth(file, SR_ICH_AP1R0_EL2, i));
}

static void save_ap(struct vcpu *v)
{
	struct vncr_file *file = &v->nv.file;
	unsigned words = v->vm->ap_words;

	vncr_set(file, SR_ICH_AP0R0_EL2, read_sysreg(ICH_AP0R0_EL2));
	vncr_set(file, SR_ICH_AP1R0_EL2, read_sysreg(ICH_AP1R0_EL2));
	for (unsigned i = 1; i < words; i++) {
		uint64_t ap0r = 0, ap1r = 0;

		ich_read_ap(i, &ap0r, &ap1r);
		vncr_set_nth(file, SR_ICH_AP0R0_EL2, i, ap0r);
		vncr_set_nth(file, SR_ICH_AP1R0_EL2, i, ap1r);
	}
}

void nested_gic_load(struct vcpu *v)
{
	const struct vncr_file *file = &v->nv.file;
	uint64_t hcr = vncr_get(file, SR_ICH_HCR_EL2) & ICH_HCR_FROM_L1;

	load_lrs(v);
	load_ap(v);
	write_sysreg(ICH_VMCR_EL2, vncr_get(file, SR_ICH_VMCR_EL2));
	write_sysreg(ICH_HCR_EL2, hcr);
	v->nested_gic.routed = vncr_get(file, SR_HCR_EL2) & (BOTH_GROUPS | HCR_TGE);
	v->nested_gic.loaded = true;
	if (v->nested_gic.routed != BOTH_GROUPS)
		load_split(v, hcr);
}

void nested_gic_to_guest_context(struct vcpu *v)
{
	vgic_put(v);
	nested_gic_load(v);
}

static void set_maintenance(struct vcpu *v, bool level)
{
	if (level == v->nested_gic.maintenance)
		return;
	v->nested_gic.maintenance = level;
	vgic_set_level(v->vm, v->index, VM_INTID_MAINTENANCE, level);
}

/* Does a list register of L1 ask for EOI maintenance? */
static bool has_eoi(struct vcpu *v)
{
	uint64_t any = 0;

	for (unsigned n = 0; n < v->vm->l1_lrs; n++)
		any |= l1_lr(v, n);
	return any & ICH_LR_EOI;
}

static void resample(struct vcpu *v)
{
	set_maintenance(v, nv_ich_maintenance(&v->nv.file, v->vm->l1_lrs));
}

void nested_gic_traps(struct vcpu *v)
{
	uint64_t traps = vncr_get(&v->nv.file, SR_ICH_HCR_EL2) & ICH_HCR_TRAPS;

	if (traps)
		vgic_trap(v, traps);
}

void nested_gic_no_traps(struct vcpu *v)
{
	if (v->vgic.l1_traps)
		vgic_trap(v, 0);
}

void nested_gic_save(struct vcpu *v)
{
	struct vncr_file *file = &v->nv.file;
	uint64_t hcr = vncr_get(file, SR_ICH_HCR_EL2) & ~ICH_HCR_EOICOUNT;
	uint64_t vmcr = read_sysreg(ICH_VMCR_EL2);

	if (v->nested_gic.used)
		save_lrs(v);
	save_ap(v);
	if (v->nested_gic.split)
		save_split(v, vmcr);
	else
		vncr_set(file, SR_ICH_VMCR_EL2, vmcr);
	vncr_set(file, SR_ICH_HCR_EL2, hcr | (read_sysreg(ICH_HCR_EL2) & ICH_HCR_EOICOUNT));
}

void nested_gic_to_vel2(struct vcpu *v)
{
	bool had_lrs = v->nested_gic.used;

	nested_gic_save(v);
	v->nested_gic.loaded = false;
	if (v->nested_gic.maintenance || (vncr_get(&v->nv.file, SR_ICH_HCR_EL2) & ICH_HCR_IE) ||
	    (had_lrs && has_eoi(v)))
		resample(v);
	vgic_load(v);
}

bool nested_gic_has_pending(struct vcpu *v)
{
	uint64_t hcr = vncr_get(&v->nv.file, SR_HCR_EL2);

	if (hcr & (HCR_VI | HCR_VF | HCR_VSE))
		return true;
	for (unsigned n = 0; n < v->vm->l1_lrs; n++)
		if (l1_lr(v, n) & ICH_LR_PENDING)
			return vncr_get(&v->nv.file, SR_ICH_HCR_EL2) & ICH_HCR_EN;
	return false;
}

/* --- maintenance --- */

void nested_gic_refresh(struct vcpu *v)
{
	if (v->nested_gic.maintenance || (vncr_get(&v->nv.file, SR_ICH_HCR_EL2) & ICH_HCR_IE))
		resample(v);
}

/*
 * Some of the reasons are L0's: the EOI of an interrupt whose link to one of L1's was not made real. What is left is L1's. It
 * may have to wait there, masked or of low priority, and hardware must not repeat it meanwhile: its reasons are taken
 * away from hardware until the next exchange.
 */
void nested_gic_maintenance(struct vcpu *v)
{
	nested_gic_sync(v);
	if (!read_sysreg(ICH_MISR_EL2))
		return;
	set_maintenance(v, true);
	write_sysreg(ICH_HCR_EL2, read_sysreg(ICH_HCR_EL2) & ~ICH_HCR_IE);
	for (uint32_t used = v->nested_gic.used; used; used &= used - 1)
		if (!(ich_read_lr(lowest(used)) & ICH_LR_STATE))
			ich_write_lr(lowest(used), 0);
}

uint64_t nested_gic_status(const struct vcpu *v, enum sysreg r)
{
	unsigned lrs = v->vm->l1_lrs;

	switch (r) {
	case SR_ICH_MISR_EL2:
		return nv_ich_misr(&v->nv.file, lrs);
	case SR_ICH_EISR_EL2:
		return nv_ich_eisr(&v->nv.file, lrs);
	case SR_ICH_ELRSR_EL2:
		return nv_ich_elrsr(&v->nv.file, lrs);
	default:
		return nv_ich_vtr(cpu_features()->ich_vtr, lrs);
	}
}
