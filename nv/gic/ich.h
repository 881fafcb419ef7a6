/*
 * What do ICH_MISR_EL2, ICH_EISR_EL2 and ICH_ELRSR_EL2 read as, given the list registers that L1 wrote?  And what of L1's
 * virtual CPU interface state may reach hardware?  Next: translate.h.
 */
#ifndef NV_GIC_ICH_H
#define NV_GIC_ICH_H

#include <stdbool.h>
#include <stdint.h>

#include "vncr/file.h"

/* What asks for a maintenance interrupt, besides EOIs of list registers. */
#define ICH_HCR_IE                                                                            \
	(ICH_HCR_UIE | ICH_HCR_LRENPIE | ICH_HCR_NPIE | ICH_HCR_VGRP0EIE | ICH_HCR_VGRP0DIE | \
	 ICH_HCR_VGRP1EIE | ICH_HCR_VGRP1DIE)

/*
 * As the GIC architecture (IHI0069) defines them, for a virtual CPU interface with lrs list registers. ICH_HCR_EL2.En has
 * no part in ICH_MISR_EL2, only in whether the maintenance interrupt is signalled.
 */
uint64_t nv_ich_misr(const struct vncr_file *file, unsigned lrs);
bool nv_ich_maintenance(const struct vncr_file *file, unsigned lrs);
uint64_t nv_ich_eisr(const struct vncr_file *file, unsigned lrs);
uint64_t nv_ich_elrsr(const struct vncr_file *file, unsigned lrs);

/* ICH_VTR_EL2 for an L1 that sees lrs list registers of hardware's (at least one): GICv3, no GICv4, no local SErrors. */
uint64_t nv_ich_vtr(uint64_t hw_vtr, unsigned lrs);

/*
 * A list register of L1 for hardware. An interrupt that L1 linked to one of its own (HW = 1) keeps the link only when
 * linked is set: its INTID is a timer's whose physical interrupt L0 keeps for this vCPU, or an assigned device's. Otherwise it
 * becomes an unlinked one whose EOI makes hardware's maintenance interrupt; L0 carries out the deactivation then.
 */
uint64_t nv_lr_for_hardware(uint64_t l1_lr, bool linked);

/* The list register as L1 must read it: what hardware changed (State) in L1's own value. */
uint64_t nv_lr_from_hardware(uint64_t l1_lr, uint64_t hw_lr);

#endif
