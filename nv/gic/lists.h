/*
 * Which interrupts of L1's GIC belong in the list registers of the CPU that runs vEL2, what does hardware leave of them, and
 * what would the CPU interface signal without them?  host/interrupt/vgic.c moves them to and from hardware.
 *
 * What a list register holds is held nowhere else.  Filling moves the pending latch and the active state of an interrupt into the
 * list register; folding moves back what hardware left of them.  So the state outside may be changed at any time by another
 * CPU and is never overwritten by a list register that comes back.  Reads: state.h, lpi.h.  Next: lists.c.
 */
#ifndef NV_GIC_LISTS_H
#define NV_GIC_LISTS_H

#include "nv/gic/state.h"

/*
 * State out of reset. The fields vcpus, lr_count, preempt_bits, priority_mask, cpu[], lpi.read, lpi.write
 * and lpi.memory are set by the caller before.
 */
void vgic_reset_dist(struct vgic_dist *d);
/* The redistributor (private interrupts) of one vCPU, awake as firmware leaves it; affinity as in GICR_TYPER. */
void vgic_reset_redist(struct vgic_cpu *c, uint32_t affinity);
/* The CPU interface of one vCPU, at CPU_ON; firmware wakes its redistributor. */
void vgic_reset_interface(struct vgic_cpu *c);

/*
 * The list registers in c->lr (as hardware left them, those in lr_used) go back into the state outside; afterwards
 * lr_used is 0. eoi_count is ICH_HCR_EL2.EOIcount: EOIs of active interrupts that were in no list register.
 */
void vgic_fold(struct vgic_dist *d, unsigned vcpu, unsigned eoi_count);

/* Chooses what goes into the list registers and sets lr, lr_used, hcr; clears dirty. List registers are folded. */
void vgic_choose(struct vgic_dist *d, unsigned vcpu);

/* What the interface (not loaded; vmcr, ap0r, ap1r saved) would signal to the PE now. Clears stale. */
enum vgic_signal vgic_would(struct vgic_dist *d, unsigned vcpu);

/* For iface.c: an interrupt that is pending and enabled, and whether the interface signals it. */
struct vgic_pending {
	uint32_t intid;
	unsigned priority;
	bool group1;
};
bool vgic_highest(const struct vgic_dist *d, unsigned vcpu, struct vgic_pending *highest);
bool vgic_preempts(const struct vgic_dist *d, unsigned vcpu, const struct vgic_pending *p);
/* The priority bits that count for preemption. VBPR0 gives Group 1's too when CBPR is set. */
unsigned vgic_preemption_mask(uint64_t vmcr, bool group1);

#endif
