/* What do the read-only ICH registers of vEL2 say?  Reads: ich.h. */
#include "nv/gic/ich.h"

#include <stdbool.h>

#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"

static uint64_t lr(const struct vncr_file *file, unsigned n)
{
	return vncr_get_nth(file, SR_ICH_LR0_EL2, n);
}

/* An empty list register whose EOI is to be reported. */
static bool has_eoi(uint64_t v)
{
	return (v & (ICH_LR_STATE | ICH_LR_HW | ICH_LR_EOI)) == ICH_LR_EOI;
}

uint64_t nv_ich_eisr(const struct vncr_file *file, unsigned lrs)
{
	uint64_t eisr = 0;

	for (unsigned n = 0; n < lrs; n++)
		if (has_eoi(lr(file, n)))
			eisr |= BIT(n);
	return eisr;
}

uint64_t nv_ich_elrsr(const struct vncr_file *file, unsigned lrs)
{
	uint64_t elrsr = 0;

	for (unsigned n = 0; n < lrs; n++)
		if (!(lr(file, n) & ICH_LR_STATE) && !has_eoi(lr(file, n)))
			elrsr |= BIT(n);
	return elrsr;
}

/* What is reported only where ICH_HCR_EL2 asks for it. */
static __attribute__((noinline)) uint64_t misr_asked_for(const struct vncr_file *file, unsigned lrs,
							 uint64_t hcr)
{
	uint64_t vmcr = vncr_get(file, SR_ICH_VMCR_EL2), misr = 0;
	unsigned valid = 0, pending = 0;

	for (unsigned n = 0; n < lrs; n++) {
		valid += (lr(file, n) & ICH_LR_STATE) != 0;
		pending += field_get(ICH_LR_STATE, lr(file, n)) == 1;
	}
	misr |= (hcr & ICH_HCR_UIE) && valid <= 1 ? ICH_MISR_U : 0;
	misr |= (hcr & ICH_HCR_LRENPIE) && (hcr & ICH_HCR_EOICOUNT) ? ICH_MISR_LRENP : 0;
	misr |= (hcr & ICH_HCR_NPIE) && !pending ? ICH_MISR_NP : 0;
	misr |= (hcr & ICH_HCR_VGRP0EIE) && (vmcr & ICH_VMCR_VENG0) ? ICH_MISR_VGRP0E : 0;
	misr |= (hcr & ICH_HCR_VGRP0DIE) && !(vmcr & ICH_VMCR_VENG0) ? ICH_MISR_VGRP0D : 0;
	misr |= (hcr & ICH_HCR_VGRP1EIE) && (vmcr & ICH_VMCR_VENG1) ? ICH_MISR_VGRP1E : 0;
	misr |= (hcr & ICH_HCR_VGRP1DIE) && !(vmcr & ICH_VMCR_VENG1) ? ICH_MISR_VGRP1D : 0;
	return misr;
}

/* Linux reads it at each exit of its guest, mostly without having asked for anything. */
uint64_t nv_ich_misr(const struct vncr_file *file, unsigned lrs)
{
	uint64_t hcr = vncr_get(file, SR_ICH_HCR_EL2), misr = 0;

	for (unsigned n = 0; n < lrs; n++)
		misr |= has_eoi(lr(file, n)) ? ICH_MISR_EOI : 0;
	return hcr & ICH_HCR_IE ? misr | misr_asked_for(file, lrs, hcr) : misr;
}

bool nv_ich_maintenance(const struct vncr_file *file, unsigned lrs)
{
	return (vncr_get(file, SR_ICH_HCR_EL2) & ICH_HCR_EN) && nv_ich_misr(file, lrs);
}

uint64_t nv_ich_vtr(uint64_t hw_vtr, unsigned lrs)
{
	uint64_t kept =
		hw_vtr & (ICH_VTR_TDS | ICH_VTR_A3V | ICH_VTR_IDBITS | ICH_VTR_PREBITS | ICH_VTR_PRIBITS);

	return kept | ICH_VTR_NV4 | field_put(ICH_VTR_LISTREGS, lrs - 1);
}

uint64_t nv_lr_for_hardware(uint64_t l1_lr, bool linked)
{
	uint64_t v = l1_lr & (ICH_LR_STATE | ICH_LR_HW | ICH_LR_GROUP | ICH_LR_PRIORITY | ICH_LR_VINTID);

	if (!(l1_lr & ICH_LR_HW))
		return v | (l1_lr & ICH_LR_EOI);
	/* Pending and active with HW = 1 is not allowed (IHI0069, ICH_LR<n>_EL2.State): the link is what has to go. */
	if (linked && (l1_lr & ICH_LR_STATE) != ICH_LR_STATE)
		return v | (l1_lr & ICH_LR_PINTID);
	return (v & ~ICH_LR_HW) | ICH_LR_EOI;
}

uint64_t nv_lr_from_hardware(uint64_t l1_lr, uint64_t hw_lr)
{
	return (l1_lr & ~ICH_LR_STATE) | (hw_lr & ICH_LR_STATE);
}
