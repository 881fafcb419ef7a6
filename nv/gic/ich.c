/* What do the read-only ICH registers of vEL2 say?  Reads: ich.h. */
#include "nv/gic/ich.h"

#include <stdbool.h>

#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"

_Static_assert(ICH_MISR_U == ICH_HCR_UIE && ICH_MISR_LRENP == ICH_HCR_LRENPIE &&
		       ICH_MISR_NP == ICH_HCR_NPIE && ICH_MISR_VGRP0E == ICH_HCR_VGRP0EIE &&
		       ICH_MISR_VGRP0D == ICH_HCR_VGRP0DIE && ICH_MISR_VGRP1E == ICH_HCR_VGRP1EIE &&
		       ICH_MISR_VGRP1D == ICH_HCR_VGRP1DIE,
	       "a condition is where its enable is");

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

/* What is so of the list registers, each in the place of its enable: hardly ever asked for. */
static __attribute__((noinline)) uint64_t of_list_registers(const struct vncr_file *file, unsigned lrs)
{
	unsigned valid = 0, pending = 0;

	for (unsigned n = 0; n < lrs; n++) {
		valid += (lr(file, n) & ICH_LR_STATE) != 0;
		pending += field_get(ICH_LR_STATE, lr(file, n)) == 1;
	}
	return (valid <= 1 ? ICH_MISR_U : 0) | (pending ? 0 : ICH_MISR_NP);
}

/* And of the interface. */
static uint64_t of_groups(uint64_t vmcr)
{
	return (vmcr & ICH_VMCR_VENG0 ? ICH_MISR_VGRP0E : ICH_MISR_VGRP0D) |
	       (vmcr & ICH_VMCR_VENG1 ? ICH_MISR_VGRP1E : ICH_MISR_VGRP1D);
}

/* Everything but EOI has its enable in ICH_HCR_EL2, in the same place. Linux reads it at each exit of its guest. */
uint64_t nv_ich_misr(const struct vncr_file *file, unsigned lrs)
{
	uint64_t hcr = vncr_get(file, SR_ICH_HCR_EL2), any = 0, eoi, is;

	for (unsigned n = 0; n < lrs; n++)
		any |= lr(file, n);
	eoi = (any & ICH_LR_EOI) && nv_ich_eisr(file, lrs) ? ICH_MISR_EOI : 0;
	if (!(hcr & ICH_HCR_IE))
		return eoi;
	is = of_groups(vncr_get(file, SR_ICH_VMCR_EL2));
	if (hcr & (ICH_HCR_UIE | ICH_HCR_NPIE))
		is |= of_list_registers(file, lrs);
	if (hcr & ICH_HCR_EOICOUNT)
		is |= ICH_MISR_LRENP;
	return eoi | (hcr & ICH_HCR_IE & is);
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
