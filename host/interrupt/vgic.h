/*
 * How do the decisions of nv/gic/lists.c get into the list registers, and how do the CPUs of a VM agree on them?  One lock per
 * VM around its distributor and all its redistributors; a vCPU's list registers are touched by its own CPU only.
 * Next: vgic.c.
 */
#ifndef HOST_INTERRUPT_VGIC_H
#define HOST_INTERRUPT_VGIC_H

#include "host/vm/vcpu.h"

/* Brings the GIC of a VM, with all its vCPUs allocated, into its reset state. */
void vgic_init(struct vm *vm);

/* At CPU_ON: the CPU interface of v out of reset. */
void vgic_reset(struct vcpu *v);

/* When v is switched off, on its CPU: nothing of its interface stays in hardware. */
void vgic_drop(struct vcpu *v);

/* The input line of an interrupt of L1: a PPI of vcpu, or an SPI. From any CPU. */
void vgic_set_level(struct vm *vm, unsigned vcpu, uint32_t intid, bool level);

/* On v's own CPU: PPI vintid is pending and linked to physical interrupt pintid, which is active. And the end of it. */
void vgic_link_hw(struct vcpu *v, uint32_t vintid, uint32_t pintid);
void vgic_unlink_hw(struct vcpu *v, uint32_t vintid);
/* Its ICH_LR<n>_EL2.State, in hardware or as it would be there. */
uint64_t vgic_linked_state(const struct vcpu *v, uint32_t vintid);
/* Its line as it is now: see vgic_sample. */
bool vgic_sample_hw(struct vcpu *v, uint32_t vintid, bool level);

/* Physical SPI intid of an assigned device is active: it is L1's now. From any CPU. */
void vgic_link_spi_hw(struct vm *vm, uint32_t intid);

/* A message of a device of L1's to its ITS. From any CPU. The LPI that it is there; 0: L1 has none for it. */
uint32_t vgic_message(struct vm *vm, uint32_t device, uint32_t event);

/* A write to ICC_DIR_EL1 that trapped, or what amounts to one. On v's own CPU. */
void vgic_deactivate(struct vcpu *v, uint32_t intid);

/* A write of value to r, one of ICC_SGI1R_EL1, ICC_ASGI1R_EL1 and ICC_SGI0R_EL1. */
void vgic_send_sgi(struct vcpu *v, enum sysreg r, uint64_t value);

/*
 * Puts the virtual CPU interface of vEL2 into hardware, and takes it out. Whoever has the list registers in between leaves
 * them empty, as gic_init_cpu and vgic_put do.
 */
void vgic_load(struct vcpu *v);
void vgic_put(struct vcpu *v);

/* While loaded, before each entry: takes notice of what changed. While put: would the interface signal an IRQ (an FIQ)? */
void vgic_fill_changed(struct vcpu *v);
enum vgic_signal vgic_signal_changed(struct vcpu *v);

static inline bool vgic_is_changed(const struct vcpu *v)
{
	return __atomic_load_n(&v->vgic.dirty, __ATOMIC_ACQUIRE);
}

static inline void vgic_fill(struct vcpu *v)
{
	if (vgic_is_changed(v))
		vgic_fill_changed(v);
}

static inline enum vgic_signal vgic_signal(struct vcpu *v)
{
	if (__atomic_load_n(&v->vgic.stale, __ATOMIC_ACQUIRE))
		return vgic_signal_changed(v);
	return (enum vgic_signal)v->vgic.signal;
}

/* Nothing to signal, and nothing changed since that was worked out. */
static inline bool vgic_is_quiet(const struct vcpu *v)
{
	return !__atomic_load_n(&v->vgic.stale, __ATOMIC_ACQUIRE) && v->vgic.signal == VGIC_NOTHING;
}

/* The maintenance interrupt came while loaded: list registers have room, or a level has to be looked at again. */
void vgic_refill(struct vcpu *v);

/* While put: an access to a Group 0 or (group1) Group 1 register of the interface. False: no such register. */
bool vgic_interface_access(struct vcpu *v, enum sysreg r, bool group1, bool is_read, uint64_t *value);

/*
 * While loaded: the interrupts of these groups, as enables of ICH_VMCR_EL2, are not signalled, and both groups' registers trap: what
 * the one acknowledges depends on what is pending in the other. And the end of that, which vgic_put brings too.
 */
void vgic_hold(struct vcpu *v, uint64_t groups);
void vgic_release(struct vcpu *v);

/* While loaded: registers of the interface trap, by these bits of ICH_HCR_EL2; 0 ends that. */
void vgic_trap(struct vcpu *v, uint64_t traps);

/* While put: what it would signal has to be worked out again. */
static inline void vgic_forget_signal(struct vcpu *v)
{
	v->vgic.stale = true;
}

/* A register access at an offset in GICD, or in GICR of vCPU owner, executed by v. */
uint64_t vgic_mmio_read(struct vcpu *v, bool gicr, unsigned owner, uint64_t offset, unsigned size);
void vgic_mmio_write(struct vcpu *v, bool gicr, unsigned owner, uint64_t offset, unsigned size,
		     uint64_t value);

/* In the frames of the ITS. False: the write has to be executed again, see vits_write. */
uint64_t vgic_its_read(struct vcpu *v, uint64_t offset, unsigned size);
bool vgic_its_write(struct vcpu *v, uint64_t offset, unsigned size, uint64_t value);

#endif
