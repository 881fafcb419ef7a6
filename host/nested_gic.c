/*
 * How do the list registers that L1 wrote for its guest get into hardware and back?  Reads: nested_gic.h.
 * Next: host/vm/vgic_hw.c, which owns the list registers while vEL2 runs.
 */
#include "host/nested_gic.h"

#include "host/cpu/features.h"
#include "host/gic/gic.h"
#include "host/ich.h"
#include "host/sysreg.h"
#include "host/timer.h"
#include "host/vm/vgic_hw.h"
#include "nv/gic.h"

/* The maintenance interrupt in L1's GIC, as its device tree says. */
#define L1_MAINTENANCE_INTID 25

#define ICH_HCR_TRAPS (ICH_HCR_TC | ICH_HCR_TALL0 | ICH_HCR_TALL1 | ICH_HCR_TDIR)
/* What of L1's ICH_HCR_EL2 hardware may see. */
#define ICH_HCR_FROM_L1                                                                                    \
	(ICH_HCR_EN | ICH_HCR_UIE | ICH_HCR_LRENPIE | ICH_HCR_NPIE | ICH_HCR_VGRP0EIE | ICH_HCR_VGRP0DIE | \
	 ICH_HCR_VGRP1EIE | ICH_HCR_VGRP1DIE | ICH_HCR_TRAPS | ICH_HCR_EOICOUNT)

static uint64_t *lr_slot(struct vcpu *v, unsigned n)
{
	return &v->nv.page->slot[SLOT_ICH_LR0_EL2 / 8 + n];
}

static bool links_timer(uint64_t lr)
{
	return (lr & ICH_LR_HW) && timer_is_linked((uint32_t)field_get(ICH_LR_PINTID, lr));
}

/* The value of L1's list register n for hardware; a link to a timer's interrupt is made real. */
static uint64_t prepare_lr(struct vcpu *v, uint64_t lr)
{
	bool linked = links_timer(lr);

	if (!(lr & (ICH_LR_STATE | ICH_LR_EOI)))
		return 0;
	if (linked && (lr & ICH_LR_STATE))
		timer_link(v, (uint32_t)field_get(ICH_LR_PINTID, lr));
	return nv_lr_for_hardware(lr, linked);
}

/* Most entries find all list registers empty, in the page and in hardware. */
static void load_lrs(struct vcpu *v)
{
	unsigned lrs = cpu_features()->lr_count;
	uint64_t any = v->l2_lrs;

	for (unsigned n = 0; n < lrs; n++)
		any |= *lr_slot(v, n);
	if (!any)
		return;
	v->l2_lrs = 0;
	for (unsigned n = 0; n < lrs; n++) {
		uint64_t lr = prepare_lr(v, *lr_slot(v, n));

		v->l2_lrs |= lr;
		ich_write_lr(n, lr);
	}
}

/* An interrupt of L1 that its guest has completed is no longer active in L1's own GIC. */
static void save_lr(struct vcpu *v, unsigned n)
{
	uint64_t before = *lr_slot(v, n);
	uint64_t after;

	if (!(before & ICH_LR_STATE))
		return;
	after = nv_lr_from_hardware(before, ich_read_lr(n));
	*lr_slot(v, n) = after;
	if ((before & ICH_LR_HW) && !(after & ICH_LR_STATE))
		vgic_deactivate(v, (uint32_t)field_get(ICH_LR_PINTID, before));
}

void nested_gic_sync(struct vcpu *v)
{
	unsigned lrs = cpu_features()->lr_count;

	if (!v->l2_lrs)
		return;
	for (unsigned n = 0; n < lrs; n++)
		save_lr(v, n);
}

/* Hardware's list registers are left empty, as vgic_load and load_lrs expect them. */
static void save_lrs(struct vcpu *v)
{
	unsigned lrs = cpu_features()->lr_count;

	if (!v->l2_lrs)
		return;
	nested_gic_sync(v);
	for (unsigned n = 0; n < lrs; n++)
		ich_write_lr(n, 0);
	v->l2_lrs = 0;
}

void nested_gic_to_guest(struct vcpu *v)
{
	const struct vncr_page *p = v->nv.page;

	vgic_put(v);
	load_lrs(v);
	write_sysreg(ICH_AP0R0_EL2, vncr_read(p, SLOT_ICH_AP0R0_EL2));
	write_sysreg(ICH_AP1R0_EL2, vncr_read(p, SLOT_ICH_AP1R0_EL2));
	write_sysreg(ICH_VMCR_EL2, vncr_read(p, SLOT_ICH_VMCR_EL2));
	write_sysreg(ICH_HCR_EL2, vncr_read(p, SLOT_ICH_HCR_EL2) & ICH_HCR_FROM_L1);
	v->l2_gic = true;
}

void nested_gic_traps(struct vcpu *v)
{
	v->vgic.l1_traps = vncr_read(v->nv.page, SLOT_ICH_HCR_EL2) & ICH_HCR_TRAPS;
	if (v->vgic.l1_traps)
		write_sysreg(ICH_HCR_EL2, v->vgic.hcr | v->vgic.l1_traps);
}

void nested_gic_no_traps(struct vcpu *v)
{
	if (!v->vgic.l1_traps)
		return;
	v->vgic.l1_traps = 0;
	write_sysreg(ICH_HCR_EL2, v->vgic.hcr);
}

void nested_gic_maintenance(struct vcpu *v)
{
	v->maintenance_held = true;
	nested_gic_set_maintenance(v, true);
}

void nested_gic_to_vel2(struct vcpu *v)
{
	struct vncr_page *p = v->nv.page;
	bool maintenance = read_sysreg(ICH_MISR_EL2);
	uint64_t hcr = vncr_read(p, SLOT_ICH_HCR_EL2) & ~ICH_HCR_EOICOUNT;

	save_lrs(v);
	vncr_write(p, SLOT_ICH_AP0R0_EL2, read_sysreg(ICH_AP0R0_EL2));
	vncr_write(p, SLOT_ICH_AP1R0_EL2, read_sysreg(ICH_AP1R0_EL2));
	vncr_write(p, SLOT_ICH_VMCR_EL2, read_sysreg(ICH_VMCR_EL2));
	vncr_write(p, SLOT_ICH_HCR_EL2, hcr | (read_sysreg(ICH_HCR_EL2) & ICH_HCR_EOICOUNT));
	if (maintenance || v->l1_maintenance)
		nested_gic_set_maintenance(v, maintenance);
	v->l2_gic = false;
	vgic_load(v);
	if (v->maintenance_held) {
		v->maintenance_held = false;
		gic_deactivate(gic_intid_maintenance());
	}
}

void nested_gic_set_maintenance(struct vcpu *v, bool level)
{
	v->l1_maintenance = level;
	vgic_set_level(v->vm, v->index, L1_MAINTENANCE_INTID, level);
}

void nested_gic_resample(struct vcpu *v)
{
	nested_gic_set_maintenance(v, nv_ich_misr(v->nv.page, cpu_features()->lr_count));
}

uint64_t nested_gic_status(const struct vcpu *v, enum sysreg r)
{
	unsigned lrs = cpu_features()->lr_count;

	switch (r) {
	case SR_ICH_MISR_EL2:
		return nv_ich_misr(v->nv.page, lrs);
	case SR_ICH_EISR_EL2:
		return nv_ich_eisr(v->nv.page, lrs);
	case SR_ICH_ELRSR_EL2:
		return nv_ich_elrsr(v->nv.page, lrs);
	default:
		return cpu_features()->ich_vtr;
	}
}
