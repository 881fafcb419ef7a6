/*
 * Which LPIs of L1's GIC are pending, where, and how are they configured?  An LPI is edge-triggered, in Group 1 and never
 * active: a list register holds it as pending only, and the acknowledge ends it.  Priority and enable are in a table in L1's memory, of
 * which there is a copy: it is read when L1 says so (INV, INVALL), when an LPI is mapped and when LPIs are enabled.
 * Pending state is L0's alone while LPIs are enabled; before and after, it is what L1's table says.  Reads: state.h.
 * Next: lpi.c, lists.h, its.h.
 *
 * n is an INTID less INTID_FIRST_LPI, below VGIC_LPIS.
 */
#ifndef NV_GIC_LPI_H
#define NV_GIC_LPI_H

#include "nv/arch/bits.h"
#include "nv/gic/state.h"

#define VGIC_INTID_BITS 14 /* the fewest with LPIs; GICD_TYPER.num_LPIs says that there are only VGIC_LPIS */
#define GICR_PENDBASER_PTZ BIT(62)

/* No LPI is pending, and none enabled: of what the vCPUs share. */
void vgic_lpi_reset(struct vgic_dist *d);

/* GICR_PROPBASER and GICR_PENDBASER. Without effect while LPIs are enabled, where a write is UNPREDICTABLE. */
void vgic_lpi_set_propbaser(struct vgic_cpu *c, uint64_t value);
void vgic_lpi_set_pendbaser(struct vgic_cpu *c, uint64_t value);

/*
 * GICR_CTLR.EnableLPIs of vcpu becomes 1: the tables are read, that of the pending ones only without PTZ, which a write of
 * GICR_PENDBASER says for one time. It becomes 0: what is pending is in the table again when GICR_CTLR.RWP is 0.
 */
void vgic_lpi_enable(struct vgic_dist *d, unsigned vcpu);
void vgic_lpi_disable(struct vgic_dist *d, unsigned vcpu);

/* The table's byte of one LPI, or of all of them, may have changed. */
void vgic_lpi_configure(struct vgic_dist *d, unsigned n);
void vgic_lpi_configure_all(struct vgic_dist *d);

/* Becomes pending at vcpu, unless LPIs are not enabled there; is no more pending there; goes elsewhere if it is. */
void vgic_lpi_set(struct vgic_dist *d, unsigned vcpu, unsigned n);
void vgic_lpi_clear(struct vgic_dist *d, unsigned vcpu, unsigned n);
void vgic_lpi_move(struct vgic_dist *d, unsigned from, unsigned to, unsigned n);
void vgic_lpi_move_all(struct vgic_dist *d, unsigned from, unsigned to);

/* For lists.c. The first LPI from *n on that could be signalled to vcpu and is in no list register; false: none. */
bool vgic_lpi_next(const struct vgic_dist *d, unsigned vcpu, unsigned *n);
unsigned vgic_lpi_priority(const struct vgic_dist *d, unsigned n);
/* n leaves vcpu's pending ones. What a list register for it holds. */
uint64_t vgic_lpi_take(struct vgic_dist *d, unsigned vcpu, unsigned n);
/* What hardware left of it. */
void vgic_lpi_fold(struct vgic_dist *d, unsigned vcpu, uint64_t lr);

#endif
