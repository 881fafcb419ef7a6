/* How does a VM use a device of the machine that is its own?  Reads: assigned.h.  Next: host/interrupt/vgic.c. */
#include "host/device/assigned.h"

#include "host/core/gic.h"
#include "host/core/reach.h"
#include "host/interrupt/vgic.h"
#include "host/machine/cpu.h"
#include "host/vm/vm.h"

#define WORD_LOG2 2 /* registers of these devices have 32 bits */

static struct vm *owner[VGIC_INTIDS]; /* of an SPI */

/* --- interrupts --- */

bool assigned_has(uint32_t intid)
{
	return intid >= VGIC_BANK && intid < VGIC_INTIDS && owner[intid];
}

void assigned_own(struct vm *vm, uint32_t intid)
{
	owner[intid] = vm;
}

void assigned_enable(struct vm *vm)
{
	for (unsigned i = 0; i < vm->assigned_count; i++)
		for (unsigned k = 0; k < vm->assigned[i].spis; k++)
			gic_enable(vm->assigned[i].spi[k], vm->first_cpu % cpu_count());
}

void assigned_disable(struct vm *vm)
{
	for (unsigned i = 0; i < vm->assigned_count; i++)
		for (unsigned k = 0; k < vm->assigned[i].spis; k++)
			gic_disable(vm->assigned[i].spi[k]);
}

bool assigned_interrupt(uint32_t intid)
{
	if (!assigned_has(intid))
		return false;
	vgic_link_spi_hw(owner[intid], intid);
	return true;
}

/* --- for L1's guest --- */

bool assigned_access(const struct vm *vm, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value)
{
	for (unsigned i = 0; i < vm->assigned_count; i++) {
		const struct assigned *a = &vm->assigned[i];
		uint64_t offset = ipa.val - a->pa.val;

		if (ipa.val < a->pa.val || offset >= a->size)
			continue;
		if (size_log2 != WORD_LOG2 || offset % BIT(WORD_LOG2))
			return false;
		return write ? reach_store(a->regs + offset, size_log2, *value) :
			       reach_load(a->regs + offset, size_log2, value);
	}
	return false;
}
