/* How does a VM use PCI functions of the machine that are its own?  Reads: pci.h.  Next: pci_messages.c, pci_smmu.c, nv/pci/config.c. */
#include "host/device/pci.h"

#include <stddef.h>

#include "host/core/reach.h"
#include "host/core/smmu.h"
#include "host/device/flood.h"
#include "host/device/pci_messages.h"
#include "host/device/pci_smmu.h"
#include "host/interrupt/timer.h"
#include "host/machine/cpu.h"
#include "host/machine/sysreg.h"
#include "host/report/pause.h"
#include "host/shadow/invalidate.h"
#include "nv/arch/bits.h"

#define FUNCTION_BYTES 4096U
#define WORD_LOG2 2

/* Of the machine's functions. */
#define COMMAND_ON (PCI_COMMAND_MEMORY | PCI_COMMAND_INTX_OFF)

static void set_config(const struct pci_function *f, unsigned offset, uint32_t value)
{
	reach_write32(f->config, offset, value);
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

/* --- reset --- */

/* At the addresses that L0 has given it, or at none. */
static void set_bars(const struct pci_function *f, bool on)
{
	for (unsigned n = 0; n < PCI_BARS; n++) {
		uint64_t bus = on ? f->bar[n].bus : 0;

		if (!f->shown.bar[n].size)
			continue;
		set_config(f, PCI_BAR0 + 4 * n, (uint32_t)bus);
		if (f->shown.bar[n].is_64)
			set_config(f, PCI_BAR0 + 4 * (n + 1), (uint32_t)(bus >> 32));
	}
}

/* It decodes, and masters nothing. */
static void set_up(const struct pci_function *f)
{
	set_bars(f, true);
	set_config(f, PCI_COMMAND, COMMAND_ON);
	pci_set_up_messages(f);
}

/* L1, and its guest, find nothing of it, and no driver's registers are there either. */
static void take_away(struct vm *vm, struct pci_function *f)
{
	vpci_reset(&f->shown);
	follow_bars(vm, f);
	set_config(f, PCI_COMMAND, PCI_COMMAND_INTX_OFF);
}

/* A byte of its registers, which are there for that long, and for L0 alone. The load has the store done. */
static void write_register(const struct pci_function *f, const struct pci_reset_step *s)
{
	volatile uint8_t *at = f->bar[s->bar].regs + s->offset;
	uint64_t value;

	set_bars(f, true);
	set_config(f, PCI_COMMAND, COMMAND_ON);
	(void)reach_store(at, 0, s->set);
	(void)reach_load(at, 0, &value);
	set_config(f, PCI_COMMAND, PCI_COMMAND_INTX_OFF);
	set_bars(f, false);
}

/* False: the reset has no more steps. */
static bool next_step(struct pci_function *f)
{
	struct pci_reset_step s;

	if (!pci_reset_step(&f->shown.reset, f->steps, &s))
		return false;
	f->steps++;
	if (s.is_in_bar)
		write_register(f, &s);
	else
		set_config(f, s.offset, (reach_read32(f->config, s.offset) & s.keep) | s.set);
	f->ready_at = read_sysreg(CNTPCT_EL0) + read_sysreg(CNTFRQ_EL0) * s.ms / 1000;
	return true;
}

/* What was in it is lost, when is_over. A function that cannot be reset is as it was. */
static void begin_steps(struct pci_function *f)
{
	f->steps = 0;
	(void)next_step(f);
}

static bool is_over(struct pci_function *f)
{
	return read_sysreg(CNTPCT_EL0) >= f->ready_at && !next_step(f);
}

/* For L1: no access of it to memory is under way any more when this is done. */
static void begin_reset(struct vm *vm, unsigned n)
{
	struct pci_function *f = &vm->pci.function[n];

	take_away(vm, f);
	f->is_away = true;
	pci_follow_stream(vm, n);
	begin_steps(f);
}

/* As after a reset of the VM, for L1's SMMU is as it was. */
static void end_reset(struct vm *vm, unsigned n)
{
	struct pci_function *f = &vm->pci.function[n];

	f->is_away = false;
	set_up(f);
	pci_follow_stream(vm, n);
}

/* Is there something?  Until its reset is over L1 reads all ones, by which it knows. */
static bool answers(struct vm *vm, unsigned n)
{
	struct pci_function *f = &vm->pci.function[n];

	if (f->is_away && is_over(f))
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
		pci_follow_messages(f);
}

static uint32_t read_config(struct pci_function *f, uint32_t offset, unsigned size_log2)
{
	unsigned pending = vpci_pending_at(&f->shown);

	if (pending && offset / 4 == pending / 4)
		vpci_set_pending(&f->shown, reach_read32(f->config, pending));
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
		pci_follow_vector(f, vector);
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

/* --- the end of a period --- */

static void end_periods(struct vm *vm, struct cpu *cpu)
{
	uint64_t of_messages, of_faults;

	spin_lock(&vm->pci.lock);
	of_messages = budget_end(&vm->pci.messages, flood_period());
	of_faults = budget_end(&vm->pci.faults, flood_period());
	if (clock_now() >= of_messages)
		pci_release(vm);
	else if (pci_is_holding(vm))
		flood_look_by(cpu, of_messages);
	if (clock_now() >= of_faults)
		pci_allow(vm);
	else if (pci_is_refused(vm))
		flood_look_by(cpu, of_faults);
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
		.stage2 = pci_stage2(vm),
	});
}

void pci_begin(struct vm *vm)
{
	if (!vm->pci.count)
		return;
	spin_lock(&vm->pci.lock);
	pci_release(vm);
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
	set_bars(f, false);
	begin_steps(f);
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

bool pci_is_ready(struct vm *vm)
{
	bool all = true;

	if (!vm->pci.count)
		return true;
	spin_lock(&vm->pci.lock);
	for (unsigned i = 0; i < vm->pci.count; i++)
		all &= is_over(&vm->pci.function[i]);
	spin_unlock(&vm->pci.lock);
	return all;
}
