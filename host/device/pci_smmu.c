/* How is L1's SMMU that of its PCI functions?  Reads: pci_smmu.h.  Next: nv/smmu/virtual.c, host/core/smmu.c. */
#include "host/device/pci_smmu.h"

#include <stddef.h>

#include "host/core/smmu.h"
#include "host/device/flood.h"
#include "host/device/pci_messages.h"
#include "host/interrupt/vgic.h"
#include "host/machine/cpu.h"
#include "host/report/pause.h"

/* --- the stream --- */

static bool read_l1(const void *vm, l1_ipa_t ipa, uint64_t *value)
{
	return vm_read_u64(vm, ipa, value);
}

static bool read_pair(const void *vm, l1_ipa_t ipa, uint64_t value[2])
{
	return vm_read_pair(vm, ipa, value);
}

static bool write_l1(const void *vm, l1_ipa_t ipa, uint64_t value)
{
	return vm_write_u64(vm, ipa, value);
}

static bool message(const void *vm, l1_ipa_t ipa, uint32_t value)
{
	return vm_write_u32(vm, ipa, value);
}

static struct vsmmu_memory memory_of(const struct vm *vm)
{
	return (struct vsmmu_memory){ read_l1, read_pair, write_l1, message, vm };
}

struct smmu_stage2 pci_stage2(const struct vm *vm)
{
	return (struct smmu_stage2){ vm->stage2.device_root, stage2_ipa_bits(), smmu_output_bits(),
				     vm->stage2.device_vmid };
}

/* The machine's entry follows L1's. */
void pci_follow_stream(struct vm *vm, unsigned n)
{
	const struct vsmmu_memory m = memory_of(vm);
	const struct smmu_stage2 s2 = pci_stage2(vm);
	struct pci_function *f = &vm->pci.function[n];
	bool was_translated = f->translated;
	struct smmu_ste entry = vsmmu_entry(&vm->pci.smmu, &m, PCI_L1_DEVFN(n), &s2, &f->translated);

	if (f->refused || f->is_away)
		entry = smmu_ste_abort();
	smmu_change(f->stream, &entry);
	if (f->translated != was_translated)
		pci_follow_messages(f);
}

/* --- L1's SMMU --- */

#define AT_ONCE 64 /* commands, or fewer of those that take long */
#define LONG 16

static void follow_streams(struct vm *vm)
{
	for (unsigned n = 0; n < vm->pci.count; n++)
		pci_follow_stream(vm, n);
}

/* Which function has that stream of L1's?  As many as there are: none. */
static unsigned function_of(const struct vm *vm, uint32_t stream)
{
	unsigned n = 0;

	while (n < vm->pci.count && PCI_L1_DEVFN(n) != stream)
		n++;
	return n;
}

static void forget_contexts(const struct vm *vm, uint32_t stream)
{
	unsigned n = function_of(vm, stream);
	struct smmu_command c;

	if (n == vm->pci.count)
		return;
	c = smmu_cfgi_contexts(vm->pci.function[n].stream);
	smmu_forward(&c);
}

static void carry_out(struct vm *vm, const struct vsmmu_memory *m, const struct vsmmu_order *o)
{
	unsigned n;

	switch (o->act) {
	case VSMMU_STREAM:
		n = function_of(vm, o->stream);
		if (n < vm->pci.count)
			pci_follow_stream(vm, n);
		return;
	case VSMMU_ALL_STREAMS:
		follow_streams(vm);
		return;
	case VSMMU_CONTEXTS:
		forget_contexts(vm, o->stream);
		return;
	case VSMMU_FORWARD:
		smmu_forward(&o->forward);
		return;
	case VSMMU_SYNC:
		smmu_wait();
		vsmmu_synced(&vm->pci.smmu, m, o);
		return;
	case VSMMU_ERROR:
	case VSMMU_NOTHING:
	case VSMMU_IDLE:
		return;
	}
}

/* An edge. */
static void interrupt(struct vm *vm, uint32_t intid)
{
	vgic_set_level(vm, 0, intid, true);
	vgic_set_level(vm, 0, intid, false);
}

/* What is new of events and errors. */
static void tell(struct vm *vm, const struct vsmmu_memory *m)
{
	unsigned wires = vsmmu_tell(&vm->pci.smmu, m);

	if (wires & VSMMU_WIRE_EVENT)
		interrupt(vm, VM_INTID_SMMU_EVENT);
	if (wires & VSMMU_WIRE_ERROR)
		interrupt(vm, VM_INTID_SMMU_ERROR);
}

/* What waits for the machine's SMMU, for each of a VM's functions even, takes longest. */
static unsigned cost(enum vsmmu_act act)
{
	return act == VSMMU_STREAM || act == VSMMU_ALL_STREAMS || act == VSMMU_SYNC ? LONG : 1;
}

/* False: there are more. */
static bool run_commands(struct vm *vm)
{
	const struct vsmmu_memory m = memory_of(vm);
	struct vsmmu_order o;
	unsigned spent = 0;

	do {
		vsmmu_next(&vm->pci.smmu, &m, vm->stage2.device_vmid, &o);
		carry_out(vm, &m, &o);
		spent += cost(o.act);
	} while (o.act != VSMMU_IDLE && o.act != VSMMU_ERROR && spent < AT_ONCE);
	tell(vm, &m);
	return o.act == VSMMU_IDLE || o.act == VSMMU_ERROR;
}

bool pci_smmu_access(struct vm *vm, uint64_t offset, bool write, unsigned size_log2, uint64_t *value)
{
	bool done = true;
	unsigned what;

	spin_lock(&vm->pci.lock);
	if (write) {
		what = vsmmu_write(&vm->pci.smmu, offset, size_log2, *value);
		if (what & VSMMU_STREAMS)
			follow_streams(vm);
		if (what & VSMMU_COMMANDS)
			done = run_commands(vm);
	} else {
		*value = vsmmu_read(&vm->pci.smmu, offset, size_log2);
	}
	spin_unlock(&vm->pci.lock);
	return done;
}

static void put_event(struct vm *vm, const struct smmu_event *e, unsigned n)
{
	const struct vsmmu_memory m = memory_of(vm);

	vsmmu_event(&vm->pci.smmu, &m, e, PCI_L1_DEVFN(n));
	tell(vm, &m);
}

/* Whose function that is translated by L1 has the stream?  As many as there are: nobody's. */
static unsigned translated_by(const struct vm *vm, uint32_t stream)
{
	unsigned n = 0;

	while (n < vm->pci.count && (vm->pci.function[n].stream != stream || !vm->pci.function[n].translated))
		n++;
	return n;
}

/* It is L1's business, whose guest may cause it, but L0's time: how often has it been too much? */
static uint64_t refuse_if_too_much(struct vm *vm, unsigned n)
{
	if (vm->pci.function[n].refused ||
	    budget_spend(&vm->pci.faults, clock_now(), flood_period(), PCI_FAULTS_MAX))
		return 0;
	vm->pci.function[n].refused = true;
	pci_follow_stream(vm, n);
	flood_look_by(this_cpu(), budget_end(&vm->pci.faults, flood_period()));
	return ++vm->pci.floods;
}

static bool tell_l1(struct vm *vm, const struct smmu_event *e, uint32_t stream)
{
	uint64_t floods = 0;
	unsigned n;

	spin_lock(&vm->pci.lock);
	n = translated_by(vm, stream);
	if (n < vm->pci.count) {
		put_event(vm, e, n);
		floods = refuse_if_too_much(vm, n);
	}
	spin_unlock(&vm->pci.lock);
	if (floods)
		flood_tell(vm, vm->pci.function[n].rid,
			   "has had more than " FLOOD_NUMBER(
				   PCI_FAULTS_MAX) " faults in 5 ms that are L1's: it is refused for so long",
			   floods);
	return n < vm->pci.count;
}

bool pci_smmu_event(const struct smmu_event *e)
{
	uint32_t stream = smmu_event_decode(e).stream;
	struct vm *vm;

	if (!vsmmu_is_l1s(e))
		return false;
	for (unsigned i = 0; (vm = vm_get(i)) != NULL; i++)
		if (vm->pci.has_smmu && tell_l1(vm, e, stream))
			return true;
	return false;
}

/* --- the end of a period --- */

bool pci_is_refused(const struct vm *vm)
{
	for (unsigned i = 0; i < vm->pci.count; i++)
		if (vm->pci.function[i].refused)
			return true;
	return false;
}

void pci_allow(struct vm *vm)
{
	for (unsigned n = 0; n < vm->pci.count; n++)
		if (vm->pci.function[n].refused) {
			vm->pci.function[n].refused = false;
			pci_follow_stream(vm, n);
		}
}
