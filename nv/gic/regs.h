/*
 * What does L1 read and write in the frames of its GICv3 distributor and redistributors?  One Security state (GICD_CTLR.DS
 * is RAO/WI), affinity routing always on, LPIs (lpi.h), no message-based SPIs.  Reads: state.h.  Next: regs.c.
 */
#ifndef NV_GIC_REGS_H
#define NV_GIC_REGS_H

#include "nv/gic/state.h"

#define VGIC_GICD_SIZE UINT64_C(0x10000)
#define VGIC_GICR_SIZE UINT64_C(0x20000) /* of one vCPU: RD_base and SGI_base */

/*
 * An access by vcpu at offset in the distributor; size is log2 of its bytes. An access of a size or alignment that the
 * register does not have is RAZ/WI, and so is a reserved offset.
 */
uint64_t vgic_gicd_read(const struct vgic_dist *d, unsigned vcpu, uint64_t offset, unsigned size);
void vgic_gicd_write(struct vgic_dist *d, unsigned vcpu, uint64_t offset, unsigned size, uint64_t value);

/* The same in the redistributor of vCPU owner. */
uint64_t vgic_gicr_read(const struct vgic_dist *d, unsigned owner, uint64_t offset, unsigned size);
void vgic_gicr_write(struct vgic_dist *d, unsigned owner, uint64_t offset, unsigned size, uint64_t value);

#endif
