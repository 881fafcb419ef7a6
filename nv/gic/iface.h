/*
 * What does an access to a Group 0 or Group 1 register of L1's CPU interface do while hardware has another interface
 * loaded?  With HCR_EL2.IMO and FMO of L1 different, its guest reaches L1's list registers with the one group's registers,
 * which hardware answers, and L1's own interface with the other's, which are answered here.  Next: iface.c.
 */
#ifndef NV_GIC_IFACE_H
#define NV_GIC_IFACE_H

#include "nv/arch/sysreg.h"
#include "nv/gic/state.h"

/*
 * An MRS (is_read) or MSR of r, a register of Group 0 or (group1) of Group 1, by the PE of vcpu; vmcr, ap0r and ap1r are saved and the
 * list registers folded. False: there is no such register. *value is what is written, or what was read.
 */
bool vgic_iface_access(struct vgic_dist *d, unsigned vcpu, enum sysreg r, bool group1, bool is_read,
		       uint64_t *value);

#endif
