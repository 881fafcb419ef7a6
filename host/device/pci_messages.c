/* What does a message of a PCI function become?  Reads: pci_messages.h.  Next: nv/pci/config.c, host/core/its.c, host/interrupt/vgic.c. */
#include "host/device/pci_messages.h"

#include <stddef.h>

#include "host/core/its.h"
#include "host/core/reach.h"
#include "host/device/flood.h"
#include "host/interrupt/vgic.h"
#include "host/machine/cpu.h"
#include "host/machine/site.h"
#include "host/report/pause.h"
#include "host/report/ring.h"
#include "nv/arch/bits.h"
#include "nv/arch/intid.h"

#define MSI_ADDRESS 4
#define MSI_ENABLE BIT(16)
#define MSIX_ENABLE BIT(31)
#define MSIX_ENTRY 16
#define MSIX_DATA 8
#define MSIX_CONTROL 12

static struct {
	struct vm *vm;
	uint8_t function, vector;
} owner[ITS_LPIS];

void pci_own(struct vm *vm, const struct pci_function *f)
{
	for (unsigned n = 0; n < f->shown.vectors; n++) {
		owner[f->lpi - INTID_FIRST_LPI + n].vm = vm;
		owner[f->lpi - INTID_FIRST_LPI + n].function = (uint8_t)(f - vm->pci.function);
		owner[f->lpi - INTID_FIRST_LPI + n].vector = (uint8_t)n;
	}
}

static bool is_at_its(const struct pci_function *f, const struct vpci_message *m)
{
	return f->translated || m->address == VM_ITS_TRANSLATER;
}

/*
 * Does L1 want the message, at its ITS?  Anywhere else nobody waits for it. What an address of a stage 1 of L1's means the machine's SMMU
 * finds out: if that is not the ITS, the number of the vector is written there, to what is the VM's.
 */
static bool wanted(const struct pci_function *f, unsigned vector, struct vpci_message *m)
{
	return vpci_message(&f->shown, vector, m) && is_at_its(f, m);
}

/* --- too many of them --- */

/* How often has that been? */
static uint64_t hold(struct vm *vm, struct pci_function *f, struct cpu *cpu)
{
	f->held = true;
	its_enable(f->lpi, f->shown.vectors, vm->pci.cpu, false);
	flood_look_by(cpu, budget_end(&vm->pci.messages, flood_period()));
	return ++vm->pci.floods;
}

/* Does it take the time of another VM, once too often?  Nobody else is hurt by what a VM's functions do while it runs itself, or nobody does. */
static bool is_too_much(struct vm *vm, const struct cpu *cpu)
{
	return cpu->vcpu && cpu->vcpu->vm != vm &&
	       !budget_spend(&vm->pci.messages, clock_now(), flood_period(), PCI_MESSAGES_MAX);
}

/* With the lock held. */
void pci_release(struct vm *vm)
{
	for (unsigned i = 0; i < vm->pci.count; i++) {
		struct pci_function *f = &vm->pci.function[i];

		if (f->held)
			its_enable(f->lpi, f->shown.vectors, vm->pci.cpu, true);
		f->held = false;
	}
}

bool pci_is_holding(const struct vm *vm)
{
	for (unsigned i = 0; i < vm->pci.count; i++)
		if (vm->pci.function[i].held)
			return true;
	return false;
}

__attribute__((cold)) void pci_loaded(struct vm *vm, const struct cpu *cpu)
{
	if (!vm->pci.count || vm->pci.cpu != cpu->index)
		return;
	spin_lock(&vm->pci.lock);
	pci_release(vm);
	spin_unlock(&vm->pci.lock);
}

/* from: the function's VM, and which it is of L1's bus; as: the event and the LPI of L1's ITS. */
static void tell_message(struct vcpu *running, uint64_t lpi, uint64_t from, uint64_t as)
{
	TRACE(running, firn_message, .lpi = (uint32_t)lpi, .vm = (uint32_t)(from >> 32),
	      .function = (uint32_t)from, .event = (uint32_t)(as >> 32), .intid = (uint32_t)as);
}

static void give_message(struct vm *vm, unsigned function, uint32_t event, uint32_t lpi)
{
	uint64_t from = (uint64_t)vm->index << 32 | PCI_L1_DEVFN(function);
	uint64_t as = (uint64_t)event << 32 | vgic_message(vm, PCI_L1_DEVFN(function), event);
	struct vcpu *running = this_cpu()->vcpu;

	if (running)
		SITE_CALL(running->trace.cpu, tell_message, running, lpi, from, as);
}

/* It has been sent: a mask that has come since does not take it back. */
void pci_interrupt(uint32_t lpi)
{
	uint32_t n = lpi - INTID_FIRST_LPI;
	struct vpci_message m;
	struct vm *vm = n < ITS_LPIS ? owner[n].vm : NULL;
	struct cpu *cpu = this_cpu();
	struct pci_function *f;
	uint64_t floods = 0;

	if (!vm)
		return;
	spin_lock(&vm->pci.lock);
	f = &vm->pci.function[owner[n].function];
	if (!f->is_away && vpci_entry(&f->shown, owner[n].vector, &m) && is_at_its(f, &m))
		give_message(vm, owner[n].function, m.data, lpi);
	if (is_too_much(vm, cpu) && !f->held)
		floods = hold(vm, f, cpu);
	spin_unlock(&vm->pci.lock);
	if (floods)
		flood_tell(vm, f->rid,
			   "has sent more than " FLOOD_NUMBER(
				   PCI_MESSAGES_MAX) " messages in 5 ms of other VMs' time: they wait",
			   floods);
}

/* --- what they are in the function --- */

static void set_table(const struct pci_function *f, unsigned vector, unsigned offset, uint32_t value)
{
	reach_write32(f->bar[f->shown.table_bar].regs, f->shown.table_offset + vector * MSIX_ENTRY + offset,
		      value);
}

/* The number of the vector is the event, whatever L1 has: m->data is known when it comes. */
void pci_follow_vector(const struct pci_function *f, unsigned vector)
{
	struct vpci_message m;

	if (!wanted(f, vector, &m)) {
		set_table(f, vector, MSIX_CONTROL, 1);
		return;
	}
	set_table(f, vector, 0, (uint32_t)m.address);
	set_table(f, vector, 4, (uint32_t)(m.address >> 32));
	set_table(f, vector, MSIX_DATA, vector);
	set_table(f, vector, MSIX_CONTROL, 0);
}

static void follow_msi(const struct pci_function *f)
{
	unsigned offset = f->shown.msi;
	struct vpci_message m;

	if (!wanted(f, 0, &m)) {
		reach_write32(f->config, offset, 0);
		return;
	}
	reach_write32(f->config, offset + MSI_ADDRESS, (uint32_t)m.address);
	reach_write32(f->config, offset + MSI_ADDRESS + 4,
		      f->shown.msi_64 ? (uint32_t)(m.address >> 32) : 0); /* or the data */
	if (f->shown.msi_64)
		reach_write32(f->config, offset + MSI_ADDRESS + 8, 0);
	reach_write32(f->config, offset, (uint32_t)MSI_ENABLE);
}

/* What L1 masks is masked in the function, so that what it says of pending ones is true. */
void pci_follow_messages(const struct pci_function *f)
{
	if (f->is_away)
		return;
	for (unsigned n = 0; f->shown.msix && n < f->shown.vectors; n++)
		pci_follow_vector(f, n);
	if (f->shown.msi)
		follow_msi(f);
}

/* All of them masked. */
void pci_set_up_messages(const struct pci_function *f)
{
	pci_follow_messages(f);
	if (f->shown.msix)
		reach_write32(f->config, f->shown.msix, (uint32_t)MSIX_ENABLE);
}
