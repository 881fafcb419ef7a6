/* Which of L1's devices is at an address that its stage 2 does not map?  Reads: mmio.h. */
#include "host/device/mmio.h"

#include "host/device/assigned.h"
#include "host/device/pci.h"
#include "host/device/pci_smmu.h"
#include "host/device/pl011.h"
#include "host/interrupt/timer.h"
#include "host/interrupt/vgic.h"
#include "host/vm/vm.h"
#include "nv/gic/regs.h"

#define WORD_LOG2 2
#define WORD_BYTES UINT64_C(4)

/* Is [ipa, ipa + bytes) within size bytes from base?  Its offset there. */
static inline bool within(uint64_t ipa, uint64_t bytes, uint64_t base, uint64_t size, uint64_t *offset)
{
	*offset = ipa - base;
	return ipa >= base && *offset < size && size - *offset >= bytes;
}

static void gic_access(struct vcpu *v, bool gicr, uint64_t offset, bool write, unsigned size_log2,
		       uint64_t *value)
{
	unsigned owner = gicr ? (unsigned)(offset / VGIC_GICR_SIZE) : v->index;

	timer_observe(v);
	if (gicr)
		offset %= VGIC_GICR_SIZE;
	if (write)
		vgic_mmio_write(v, gicr, owner, offset, size_log2, *value);
	else
		*value = vgic_mmio_read(v, gicr, owner, offset, size_log2);
}

static enum mmio its_access(struct vcpu *v, uint64_t offset, bool write, unsigned size_log2, uint64_t *value)
{
	if (write)
		return vgic_its_write(v, offset, size_log2, *value) ? MMIO_DONE : MMIO_AGAIN;
	*value = vgic_its_read(v, offset, size_log2);
	return MMIO_DONE;
}

/* Its bus has 32 bits: a wider access is two, and a narrower load gets its part of a register. */
static void uart_access(struct vm *vm, uint64_t offset, bool write, unsigned size_log2, uint64_t *value)
{
	bool two = size_log2 > WORD_LOG2;

	if (write) {
		pl011_write(vm, offset, (uint32_t)*value);
		if (two)
			pl011_write(vm, offset + WORD_BYTES, (uint32_t)(*value >> 32));
		return;
	}
	*value = pl011_read(vm, offset & ~(WORD_BYTES - 1)) >> 8 * (offset % WORD_BYTES);
	if (two)
		*value |= (uint64_t)pl011_read(vm, offset + WORD_BYTES) << 32;
	else
		*value &= ~UINT64_C(0) >> (64 - (8U << size_log2));
}

static enum mmio smmu_access(struct vm *vm, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value)
{
	if (!vm->pci.has_smmu)
		return MMIO_NONE;
	return pci_smmu_access(vm, ipa.val - VM_SMMU_BASE, write, size_log2, value) ? MMIO_DONE : MMIO_AGAIN;
}

#define FRAME UINT64_C(0x10000)
#define FRAME_OF(ipa) ((ipa) / FRAME)

_Static_assert(VGIC_GICD_SIZE == FRAME && VITS_SIZE == 2 * FRAME && VM_SMMU_SIZE == 2 * FRAME,
	       "the cases below are all of their frames");

/* The frames that are one device's whole; what is elsewhere may be a device of the machine. */
static enum mmio frame_access(struct vcpu *v, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value)
{
	switch (FRAME_OF(ipa.val)) {
	case FRAME_OF(VM_GICD_BASE):
		gic_access(v, false, ipa.val - VM_GICD_BASE, write, size_log2, value);
		return MMIO_DONE;
	case FRAME_OF(VM_ITS_BASE):
	case FRAME_OF(VM_ITS_BASE) + 1:
		return its_access(v, ipa.val - VM_ITS_BASE, write, size_log2, value);
	case FRAME_OF(VM_SMMU_BASE):
	case FRAME_OF(VM_SMMU_BASE) + 1:
		return smmu_access(v->vm, ipa, write, size_log2, value);
	default:
		return assigned_access(v->vm, ipa, write, size_log2, value) ||
				       pci_access(v->vm, ipa, write, size_log2, value) ?
			       MMIO_DONE :
			       MMIO_NONE;
	}
}

enum mmio mmio_access(struct vcpu *v, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value)
{
	uint64_t bytes = BIT(size_log2), offset;

	if (within(ipa.val, bytes, VM_GICR_BASE, VGIC_GICR_SIZE * v->vm->nvcpus, &offset)) {
		gic_access(v, true, offset, write, size_log2, value);
		return MMIO_DONE;
	}
	if (within(ipa.val, bytes, VM_UART_BASE, VM_UART_SIZE, &offset)) {
		uart_access(v->vm, offset, write, size_log2, value);
		return MMIO_DONE;
	}
	return FRAME - ipa.val % FRAME < bytes ? MMIO_NONE : frame_access(v, ipa, write, size_log2, value);
}
