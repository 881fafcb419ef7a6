/*
 * How do the list registers that L1 wrote for its guest get into hardware and back?  Next: nested_gic.c, nv/gic.h.
 */
#ifndef HOST_NESTED_GIC_H
#define HOST_NESTED_GIC_H

#include "host/vcpu.h"

/*
 * Hardware's maintenance interrupt in the guest context: L1's is raised. Hardware's stays active until the guest context is
 * left, for L1 may have its own disabled, and the line stays up as long as the list registers ask for it.
 */
void nested_gic_maintenance(struct vcpu *v);

/* The virtual CPU interface of the guest context is L1's (HCR_EL2.IMO or FMO set by L1): exchange it. */
void nested_gic_to_guest(struct vcpu *v);

/*
 * The guest uses L1's own interface, HCR_EL2.{IMO,FMO} clear: L1's traps in ICH_HCR_EL2 are in force all the same, from here
 * until nested_gic_no_traps.
 */
void nested_gic_traps(struct vcpu *v);
void nested_gic_no_traps(struct vcpu *v);
void nested_gic_to_vel2(struct vcpu *v);

/* Takes notice of interrupts that L2 has completed since it was entered, while its list registers stay in hardware. */
void nested_gic_sync(struct vcpu *v);

/* The level of L1's own maintenance interrupt: as given, or as the VNCR page says (vEL2 loaded). */
void nested_gic_set_maintenance(struct vcpu *v, bool level);
void nested_gic_resample(struct vcpu *v);

/* ICH_VTR_EL2, ICH_MISR_EL2, ICH_EISR_EL2 and ICH_ELRSR_EL2 as L1 reads them. */
uint64_t nested_gic_status(const struct vcpu *v, enum sysreg r);

#endif
