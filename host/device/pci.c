/* How does a VM use PCI functions of the machine that are its own?  Reads: pci.h.  Next: nv/pci/config.c, host/core/smmu.c. */
#include "host/device/pci.h"

#include <stddef.h>

#include "host/core/its.h"
#include "host/core/reach.h"
#include "host/core/smmu.h"
#include "host/interrupt/timer.h"
#include "host/interrupt/vgic.h"
#include "host/machine/cpu.h"
#include "host/machine/sysreg.h"
#include "host/report/pause.h"
#include "host/report/print.h"
#include "host/shadow/invalidate.h"
#include "nv/arch/bits.h"

#define FUNCTION_BYTES 4096U
#define DEVFN(n) (((n) + 1U) << 3) /* of L1's function n */
#define WORD_LOG2 2

/* Of the machine's functions. */
#define COMMAND_ON (PCI_COMMAND_MEMORY | PCI_COMMAND_INTX_OFF)
#define PERIODS_PER_SECOND 200 /* of a budget */
#define FLR_PER_SECOND 10      /* a function may take 100 ms for its reset */
#define MSI_ADDRESS 4
#define MSI_ENABLE BIT(16)
#define MSIX_ENABLE BIT(31)
#define MSIX_MASK BIT(30)
#define MSIX_ENTRY 16
#define MSIX_DATA 8
#define MSIX_CONTROL 12

static struct {
	struct vm *vm;
	uint8_t function, vector;
} owner[ITS_LPIS];

static void set_config(const struct pci_function *f, unsigned offset, uint32_t value)
{
	reach_write32(f->config, offset, value);
}

/* --- messages --- */

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

static uint64_t period(void)
{
	return read_sysreg(CNTFRQ_EL0) / PERIODS_PER_SECOND;
}

static void look_by(struct cpu *cpu, uint64_t at)
{
	if (at < cpu->held_until)
		cpu->held_until = at;
	if (at < cpu->timer.sched)
		timer_sched(cpu, at);
}

/* How often has that been? */
static uint64_t hold(struct vm *vm, struct pci_function *f, struct cpu *cpu)
{
	f->held = true;
	its_enable(f->lpi, f->shown.vectors, vm->pci.cpu, false);
	look_by(cpu, budget_end(&vm->pci.messages, period()));
	return ++vm->pci.floods;
}

/* Does it take the time of another VM, once too often?  Nobody else is hurt by what a VM's functions do while it runs itself, or nobody does. */
static bool is_too_much(struct vm *vm, const struct cpu *cpu)
{
	return cpu->vcpu && cpu->vcpu->vm != vm &&
	       !budget_spend(&vm->pci.messages, clock_now(), period(), PCI_MESSAGES_MAX);
}

/* With the lock held. */
static void release(struct vm *vm)
{
	for (unsigned i = 0; i < vm->pci.count; i++) {
		struct pci_function *f = &vm->pci.function[i];

		if (f->held)
			its_enable(f->lpi, f->shown.vectors, vm->pci.cpu, true);
		f->held = false;
	}
}

static bool is_holding(const struct vm *vm)
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
	release(vm);
	spin_unlock(&vm->pci.lock);
}

#define DIGITS(n) #n
#define NUMBER(n) DIGITS(n)

static __attribute__((cold)) void tell_flood(const struct vm *vm, uint16_t rid, const char *what,
					     uint64_t times)
{
	if (!(times & (times - 1)))
		print("firn: VM %u: PCI function %02x.%u %s (%lu times so far)\n", vm->index, rid >> 3,
		      rid & 7, what, times);
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
		vgic_message(vm, DEVFN(owner[n].function), m.data);
	if (is_too_much(vm, cpu) && !f->held)
		floods = hold(vm, f, cpu);
	spin_unlock(&vm->pci.lock);
	if (floods)
		tell_flood(vm, f->rid,
			   "has sent more than " NUMBER(
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
static void follow_msix(const struct pci_function *f, unsigned vector)
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
		set_config(f, offset, 0);
		return;
	}
	set_config(f, offset + MSI_ADDRESS, (uint32_t)m.address);
	set_config(f, offset + MSI_ADDRESS + 4,
		   f->shown.msi_64 ? (uint32_t)(m.address >> 32) : 0); /* or the data */
	if (f->shown.msi_64)
		set_config(f, offset + MSI_ADDRESS + 8, 0);
	set_config(f, offset, (uint32_t)MSI_ENABLE);
}

/* What L1 masks is masked in the function, so that what it says of pending ones is true. */
static void follow_messages(const struct pci_function *f)
{
	if (f->is_away)
		return;
	for (unsigned n = 0; f->shown.msix && n < f->shown.vectors; n++)
		follow_msix(f, n);
	if (f->shown.msi)
		follow_msi(f);
}

/* All of them masked. */
static void set_up_messages(const struct pci_function *f)
{
	follow_messages(f);
	if (f->shown.msix)
		set_config(f, f->shown.msix, (uint32_t)MSIX_ENABLE);
}

/* --- BARs --- */

static bool is_in_window(uint64_t ipa, uint64_t bytes)
{
	return ipa >= VM_PCI_WINDOW_BASE && ipa - VM_PCI_WINDOW_BASE < VM_PCI_WINDOW_SIZE &&
	       bytes <= VM_PCI_WINDOW_SIZE - (ipa - VM_PCI_WINDOW_BASE);
}

/* The pieces of a BAR on both sides of the table's pages. */
static void each_piece(const struct vm *vm, const struct pci_function *f, unsigned n,
		       void (*act)(const struct stage2 *s, l1_ipa_t ipa, pa_t pa, uint64_t size))
{
	const struct pci_bar *b = &f->bar[n];
	uint64_t size = f->shown.bar[n].size, from = 0;

	for (uint64_t at = 0; at <= size; at += PAGE_SIZE) {
		if (at < size && !vpci_is_table_page(&f->shown, n, at))
			continue;
		if (at > from)
			act(&vm->stage2, (l1_ipa_t){ b->at.val + from }, (pa_t){ b->pa.val + from },
			    at - from);
		from = at + PAGE_SIZE;
	}
}

/* Where one of two BARs in one place has gone, the other one is. */
static void open_again(struct vm *vm, uint64_t ipa, uint64_t size)
{
	for (unsigned i = 0; i < vm->pci.count; i++)
		for (unsigned n = 0; n < PCI_BARS; n++) {
			const struct pci_function *f = &vm->pci.function[i];
			const struct pci_bar *b = &f->bar[n];

			if (b->is_open && b->at.val < ipa + size && ipa < b->at.val + f->shown.bar[n].size)
				each_piece(vm, f, n, stage2_open);
		}
}

static void follow_bar(struct vm *vm, struct pci_function *f, unsigned n)
{
	struct pci_bar *b = &f->bar[n];
	uint64_t ipa = 0;
	bool opens = vpci_bar_at(&f->shown, n, &ipa) && is_in_window(ipa, f->shown.bar[n].size);

	if (b->is_open && (!opens || ipa != b->at.val)) {
		each_piece(vm, f, n, stage2_close);
		shadow_unmap_l1(vm, b->at, f->shown.bar[n].size);
		b->is_open = false;
		open_again(vm, b->at.val, f->shown.bar[n].size);
	}
	if (!opens || b->is_open)
		return;
	b->at.val = ipa;
	b->is_open = true;
	each_piece(vm, f, n, stage2_open);
}

static void follow_bars(struct vm *vm, struct pci_function *f)
{
	for (unsigned n = 0; n < PCI_BARS; n++)
		if (f->shown.bar[n].size)
			follow_bar(vm, f, n);
}

static void follow_master(const struct pci_function *f)
{
	set_config(f, PCI_COMMAND, COMMAND_ON | (vpci_is_master(&f->shown) ? PCI_COMMAND_MASTER : 0));
}

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

static struct smmu_stage2 stage2_of(const struct vm *vm)
{
	return (struct smmu_stage2){ vm->stage2.device_root, stage2_ipa_bits(), smmu_output_bits(),
				     vm->stage2.device_vmid };
}

/* The machine's entry follows L1's. */
static void follow_stream(struct vm *vm, unsigned n)
{
	const struct vsmmu_memory m = memory_of(vm);
	const struct smmu_stage2 s2 = stage2_of(vm);
	struct pci_function *f = &vm->pci.function[n];
	bool was_translated = f->translated;
	struct smmu_ste entry = vsmmu_entry(&vm->pci.smmu, &m, DEVFN(n), &s2, &f->translated);

	if (f->refused || f->is_away)
		entry = smmu_ste_abort();
	smmu_change(f->stream, &entry);
	if (f->translated != was_translated)
		follow_messages(f);
}

/* --- reset --- */

static void set_bar(const struct pci_function *f, unsigned n, uint64_t bus)
{
	set_config(f, PCI_BAR0 + 4 * n, (uint32_t)bus);
	if (f->shown.bar[n].is_64)
		set_config(f, PCI_BAR0 + 4 * (n + 1), (uint32_t)(bus >> 32));
}

/* It decodes, at the addresses that L0 has given it, and masters nothing. */
static void set_up(const struct pci_function *f)
{
	for (unsigned n = 0; n < PCI_BARS; n++)
		if (f->shown.bar[n].size)
			set_bar(f, n, f->bar[n].bus);
	set_config(f, PCI_COMMAND, COMMAND_ON);
	set_up_messages(f);
}

/* L1, and its guest, find nothing of it, and no driver's registers are there either. */
static void take_away(struct vm *vm, struct pci_function *f)
{
	vpci_reset(&f->shown);
	follow_bars(vm, f);
	set_config(f, PCI_COMMAND, PCI_COMMAND_INTX_OFF);
}

/* What was in it is lost. It is there again after 100 ms (PCI Express, "Function Level Reset"). */
static uint64_t reset_function(const struct pci_function *f)
{
	unsigned control = f->shown.pcie + PCIE_DEVCTL;

	if (vpci_can_reset(&f->shown))
		set_config(f, control, (reach_read32(f->config, control) & 0xffff) | PCIE_DEVCTL_FLR);
	return read_sysreg(CNTPCT_EL0) + read_sysreg(CNTFRQ_EL0) / FLR_PER_SECOND;
}

/* For L1: no access of it to memory is under way any more when this is done. */
static void begin_reset(struct vm *vm, unsigned n)
{
	struct pci_function *f = &vm->pci.function[n];

	take_away(vm, f);
	f->is_away = true;
	follow_stream(vm, n);
	f->ready_at = reset_function(f);
}

/* As after a reset of the VM, for L1's SMMU is as it was. */
static void end_reset(struct vm *vm, unsigned n)
{
	struct pci_function *f = &vm->pci.function[n];

	f->is_away = false;
	set_up(f);
	follow_stream(vm, n);
}

/* Is there something?  Until its reset is over L1 reads all ones, by which it knows. */
static bool answers(struct vm *vm, unsigned n)
{
	const struct pci_function *f = &vm->pci.function[n];

	if (f->is_away && read_sysreg(CNTPCT_EL0) >= f->ready_at)
		end_reset(vm, n);
	return !f->is_away;
}

/* --- accesses --- */

static uint64_t ones(unsigned size_log2)
{
	return ~UINT64_C(0) >> (64 - (8U << size_log2));
}

static void write_config(struct vm *vm, unsigned n, uint32_t offset, unsigned size_log2, uint32_t value)
{
	struct pci_function *f = &vm->pci.function[n];
	unsigned what = vpci_write(&f->shown, offset, size_log2, value);

	if (what & VPCI_RESETS)
		begin_reset(vm, n);
	if (what & VPCI_DECODES)
		follow_bars(vm, f);
	if (what & VPCI_MASTERS)
		follow_master(f);
	if (what & VPCI_MESSAGES)
		follow_messages(f);
}

static uint32_t read_config(struct pci_function *f, uint32_t offset, unsigned size_log2)
{
	if (vpci_can_reset(&f->shown) && offset / 4 == (f->shown.pcie + PCIE_DEVCTL) / 4)
		vpci_set_pending(&f->shown, reach_read32(f->config, f->shown.pcie + PCIE_DEVCTL));
	return vpci_read(&f->shown, offset, size_log2);
}

static void config_access(struct vm *vm, uint64_t at, bool write, unsigned size_log2, uint64_t *value)
{
	unsigned devfn = (unsigned)(at / FUNCTION_BYTES), n = devfn / 8 - 1;
	uint32_t offset = (uint32_t)(at % FUNCTION_BYTES);
	bool is_there =
		devfn && devfn % 8 == 0 && n < vm->pci.count && size_log2 <= WORD_LOG2 && answers(vm, n);

	if (write && is_there)
		write_config(vm, n, offset, size_log2, (uint32_t)*value);
	else if (!write)
		*value = is_there ? read_config(&vm->pci.function[n], offset, size_log2) : ones(size_log2);
}

/* Which of the VM's BARs is open there? */
static struct pci_function *find(struct vm *vm, uint64_t ipa, unsigned *bar, uint64_t *offset)
{
	for (unsigned i = 0; i < vm->pci.count; i++)
		for (*bar = 0; *bar < PCI_BARS; ++*bar) {
			const struct pci_bar *b = &vm->pci.function[i].bar[*bar];

			*offset = ipa - b->at.val;
			if (b->is_open && ipa >= b->at.val &&
			    *offset < vm->pci.function[i].shown.bar[*bar].size)
				return &vm->pci.function[i];
		}
	return NULL;
}

static void table_access(struct pci_function *f, uint64_t offset, bool write, unsigned size_log2,
			 uint64_t *value)
{
	unsigned vector;

	if (!write) {
		*value = vpci_table_read(&f->shown, offset, size_log2);
		return;
	}
	vector = vpci_table_write(&f->shown, offset, size_log2, *value);
	if (vector < f->shown.vectors)
		follow_msix(f, vector);
}

/*
 * What traps: the table of MSI-X, and other registers of its pages, which are the function's. Where that does not answer, nothing does, as
 * in the pages beside it, which L1 has without a trap.
 */
static bool bar_access(struct vm *vm, uint64_t ipa, bool write, unsigned size_log2, uint64_t *value)
{
	unsigned bar;
	uint64_t offset;
	struct pci_function *f = find(vm, ipa, &bar, &offset);

	if (f && vpci_is_table(&f->shown, bar, offset, BIT(size_log2))) {
		table_access(f, offset, write, size_log2, value);
		return true;
	}
	if (!f || !vpci_is_table_page(&f->shown, bar, offset) || offset % BIT(size_log2)) {
		if (!write)
			*value = ones(size_log2);
		return true;
	}
	return write ? reach_store(f->bar[bar].regs + offset, size_log2, *value) :
		       reach_load(f->bar[bar].regs + offset, size_log2, value);
}

bool pci_access(struct vm *vm, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value)
{
	uint64_t offset = ipa.val - VM_PCI_ECAM_BASE;
	bool is_config = ipa.val >= VM_PCI_ECAM_BASE && offset < VM_PCI_ECAM_SIZE, answered = true;

	if (!vm->pci.count || !(is_config || is_in_window(ipa.val, BIT(size_log2))))
		return false;
	spin_lock(&vm->pci.lock);
	if (is_config)
		config_access(vm, offset, write, size_log2, value);
	else
		answered = bar_access(vm, ipa.val, write, size_log2, value);
	spin_unlock(&vm->pci.lock);
	return answered;
}

/* --- L1's SMMU --- */

#define AT_ONCE 64 /* commands, or fewer of those that take long */
#define LONG 16

static void follow_streams(struct vm *vm)
{
	for (unsigned n = 0; n < vm->pci.count; n++)
		follow_stream(vm, n);
}

/* Which function has that stream of L1's?  As many as there are: none. */
static unsigned function_of(const struct vm *vm, uint32_t stream)
{
	unsigned n = 0;

	while (n < vm->pci.count && DEVFN(n) != stream)
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
			follow_stream(vm, n);
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

	vsmmu_event(&vm->pci.smmu, &m, e, DEVFN(n));
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
	    budget_spend(&vm->pci.faults, clock_now(), period(), PCI_FAULTS_MAX))
		return 0;
	vm->pci.function[n].refused = true;
	follow_stream(vm, n);
	look_by(this_cpu(), budget_end(&vm->pci.faults, period()));
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
		tell_flood(vm, vm->pci.function[n].rid,
			   "has had more than " NUMBER(
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

static bool is_refused(const struct vm *vm)
{
	for (unsigned i = 0; i < vm->pci.count; i++)
		if (vm->pci.function[i].refused)
			return true;
	return false;
}

static void allow(struct vm *vm)
{
	for (unsigned n = 0; n < vm->pci.count; n++)
		if (vm->pci.function[n].refused) {
			vm->pci.function[n].refused = false;
			follow_stream(vm, n);
		}
}

static void end_periods(struct vm *vm, struct cpu *cpu)
{
	uint64_t of_messages, of_faults;

	spin_lock(&vm->pci.lock);
	of_messages = budget_end(&vm->pci.messages, period());
	of_faults = budget_end(&vm->pci.faults, period());
	if (clock_now() >= of_messages)
		release(vm);
	else if (is_holding(vm))
		look_by(cpu, of_messages);
	if (clock_now() >= of_faults)
		allow(vm);
	else if (is_refused(vm))
		look_by(cpu, of_faults);
	spin_unlock(&vm->pci.lock);
}

__attribute__((cold)) void pci_look(struct cpu *cpu)
{
	struct vm *vm;

	if (clock_now() < cpu->held_until)
		return;
	cpu->held_until = TIMER_NEVER;
	for (unsigned i = 0; (vm = vm_get(i)) != NULL; i++)
		if (vm->pci.count)
			end_periods(vm, cpu);
}

/* --- beginning and end --- */

static void begin(struct vm *vm, struct pci_function *f)
{
	vpci_reset(&f->shown);
	set_up(f);
	(void)smmu_attach(&(struct smmu_device){
		.stream = f->stream,
		.rid = f->rid,
		.vm = vm->index,
		.stage2 = stage2_of(vm),
	});
}

void pci_begin(struct vm *vm)
{
	if (!vm->pci.count)
		return;
	spin_lock(&vm->pci.lock);
	release(vm);
	for (unsigned i = 0; i < vm->pci.count; i++)
		begin(vm, &vm->pci.function[i]);
	spin_unlock(&vm->pci.lock);
}

/* What it had from its owner goes with the reset; without one it decodes nothing and masters nothing, which is all that can be done. */
static void end(struct vm *vm, struct pci_function *f)
{
	f->translated = f->refused = f->is_away = false;
	take_away(vm, f);
	smmu_detach(f->stream);
	for (unsigned n = 0; n < PCI_BARS; n++)
		if (f->shown.bar[n].size)
			set_bar(f, n, 0);
	vm->pci.ready_at = reset_function(f);
}

void pci_end(struct vm *vm)
{
	if (!vm->pci.count)
		return;
	spin_lock(&vm->pci.lock);
	for (unsigned i = 0; i < vm->pci.count; i++)
		end(vm, &vm->pci.function[i]);
	vsmmu_reset(&vm->pci.smmu);
	spin_unlock(&vm->pci.lock);
}

bool pci_is_ready(const struct vm *vm)
{
	return !vm->pci.count || read_sysreg(CNTPCT_EL0) >= vm->pci.ready_at;
}
