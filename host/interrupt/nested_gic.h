/*
 * How do the list registers that L1 wrote for its guest get into hardware and back?  Next: nested_gic.c, nv/gic/ich.h.
 *
 * HCR_EL2.IMO and FMO of L1 each give one group of its guest's interface to the list registers; with both clear the guest has
 * L1's own interface and nothing here runs. With one of them set the guest reaches L1's own interface with the registers
 * of the other group: those trap (ICH_HCR_EL2.TALL0 or TALL1), and its interrupts come as HCR_EL2.VI or VF of hardware.
 */
#ifndef HOST_INTERRUPT_NESTED_GIC_H
#define HOST_INTERRUPT_NESTED_GIC_H

#include "host/vm/vcpu.h"

/* Out of reset: nothing of it is in hardware. */
void nested_gic_reset(struct vcpu *v);

/* The virtual CPU interface of the guest context is L1's (HCR_EL2.IMO or FMO set by L1): exchange it. */
void nested_gic_to_guest_context(struct vcpu *v);

/*
 * The guest uses L1's own interface, HCR_EL2.{IMO,FMO} clear: L1's traps in ICH_HCR_EL2 are in force all the same, from here
 * until nested_gic_no_traps.
 */
void nested_gic_traps(struct vcpu *v);
void nested_gic_no_traps(struct vcpu *v);
void nested_gic_to_vel2(struct vcpu *v);

/* The same without L1's own interface, between vCPUs. And: while saved, may something of it end a WFI? */
void nested_gic_save(struct vcpu *v);
void nested_gic_load(struct vcpu *v);
bool nested_gic_has_pending(struct vcpu *v);

/* Takes notice of interrupts that L2 has completed since it was entered, while its list registers stay in hardware. */
void nested_gic_sync(struct vcpu *v);

/* Hardware's maintenance interrupt, while its list registers are L1's: L1's is raised, unless the reason was L0's own. */
__attribute__((cold)) void nested_gic_maintenance(struct vcpu *v);

/* While vEL2 runs: the level of L1's maintenance interrupt follows what L1 wrote to the VNCR page. */
void nested_gic_refresh(struct vcpu *v);

/* L1's own interface signals this while its guest runs: is it an exception to vEL2? Else it becomes pending for the guest itself. */
bool nested_gic_is_for_vel2(const struct vcpu *v, enum vgic_signal signal);
void nested_gic_signal_guest_context(struct vcpu *v, enum vgic_signal signal);

/* A register of the group that is not the list registers'. False: it is not one of those. */
bool nested_gic_direct_access(struct vcpu *v, enum sysreg r, bool is_read, uint64_t *value);

/* ICH_VTR_EL2, ICH_MISR_EL2, ICH_EISR_EL2 and ICH_ELRSR_EL2 as L1 reads them. */
uint64_t nested_gic_status(const struct vcpu *v, enum sysreg r);

#endif
