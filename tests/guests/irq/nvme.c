/*
 * Is a device at work stopped by what L1 takes from it, and L0 by nothing that the device does not answer?  QEMU's "nvme", of which one
 * command is used: Identify, whose 4 KiB it writes to memory while vCPUs go on. Names as in NVM Express 1.4.  Reads: irq.h, pci.h, l2.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"
#include "tests/guests/irq/l2.h"
#include "tests/guests/irq/pci.h"

#define PLACE (PCI_WINDOW + 0x400000)
#define NVME_CC 0x14
#define NVME_CSTS 0x1c
#define NVME_AQA 0x24
#define NVME_ASQ 0x28
#define NVME_ACQ 0x30
#define NVME_SQ_TAIL 0x1000
#define NVME_CQ_HEAD 0x1004
#define CC_ON (1U | 6U << 16 | 4U << 20)
#define CSTS_READY 1U
#define CSTS_FATAL 2U
#define IDENTIFY 6U
#define CNS_CONTROLLER 1
#define ENTRIES 64U
#define COMMAND_WORDS 16
#define COMPLETION_WORDS 4
#define DEVCTL 8
#define DEVCTL_FLR 0x8000
#define PAGE_WORDS 1024
#define PATTERN 0x0ddba11U
#define MARK_EL0 UINT64_C(0xe10e10e10e10e10)
#define MARK_EL1 UINT64_C(0xe11e11e11e11e11)

/* As the controller has them behind L1's SMMU. */
#define IOVA_PAGE UINT64_C(0x10000)
#define IOVA_COMMANDS UINT64_C(0x20000)
#define IOVA_COMPLETIONS UINT64_C(0x21000)

#define ROUNDS 40
#define RESETS 3
#define BEHIND 3 /* commands that begin and end after something */

static volatile uint32_t *commands, *completions, *page, *another;
static unsigned tail, head, phase;
static uint64_t to; /* where Identify's data goes, for the controller */
static volatile bool stop, gone;
static volatile uint64_t done;

static uint32_t reg(unsigned offset)
{
	return mmio_read(PLACE + offset);
}

static void configure(void)
{
	pci_set_config(0, PCI_BAR0, (uint32_t)PLACE);
	pci_set_config(0, PCI_BAR0 + 4, 0);
	pci_set_config(0, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

static void wait_ready(uint32_t ready)
{
	while ((reg(NVME_CSTS) & CSTS_READY) != ready)
		;
}

/* From reset, with its queues where it finds them. */
static void start(uint64_t commands_at, uint64_t completions_at)
{
	mmio_write(PLACE + NVME_CC, 0);
	wait_ready(0);
	for (unsigned i = 0; i < ENTRIES * COMPLETION_WORDS; i++)
		completions[i] = 0;
	tail = head = 0;
	phase = 1;
	mmio_write(PLACE + NVME_AQA, (ENTRIES - 1) << 16 | (ENTRIES - 1));
	mmio_write64(PLACE + NVME_ASQ, commands_at);
	mmio_write64(PLACE + NVME_ACQ, completions_at);
	mmio_write(PLACE + NVME_CC, CC_ON);
	wait_ready(CSTS_READY);
}

static void begin(void)
{
	if (!commands) {
		commands = rt_page();
		completions = rt_page();
		page = rt_page();
		another = rt_page();
	}
	configure();
	start((uint64_t)commands, (uint64_t)completions);
	to = (uint64_t)page;
}

/* One command from its beginning to its end. Its status; ~0: the controller is not there any more. */
static uint32_t identify(void)
{
	volatile uint32_t *c = commands + tail * COMMAND_WORDS,
			  *answer = completions + head * COMPLETION_WORDS;

	for (unsigned i = 0; i < COMMAND_WORDS; i++)
		c[i] = 0;
	c[0] = IDENTIFY | tail << 16;
	c[6] = (uint32_t)to;
	c[7] = (uint32_t)(to >> 32);
	c[10] = CNS_CONTROLLER;
	tail = (tail + 1) % ENTRIES;
	dsb(sy);
	mmio_write(PLACE + NVME_SQ_TAIL, tail);
	while ((answer[3] >> 16 & 1) != phase)
		if (reg(NVME_CSTS) & CSTS_FATAL)
			return ~0U;
	head = (head + 1) % ENTRIES;
	phase ^= !head;
	mmio_write(PLACE + NVME_CQ_HEAD, head);
	return answer[3] >> 17;
}

/* Again and again, at EL2 or at EL1. */
static void work(void)
{
	while (!stop && !gone) {
		if (identify() == ~0U)
			gone = true;
		done++;
	}
}

static void work_at_l1(unsigned self)
{
	(void)self;
	work();
}

static void work_at_l2(unsigned self)
{
	(void)self;
	if (!l2_call(work))
		rt_fail("L2's controller: ESR_EL2 0x%lx", read_sysreg(ESR_EL2));
}

static void work_begins(void (*f)(unsigned self))
{
	stop = gone = false;
	done = 0;
	dsb(sy);
	if (smp_start(1, f))
		rt_fail("CPU_ON");
}

static void work_ends(void)
{
	stop = true;
	smp_join();
}

static void fill(volatile uint32_t *p)
{
	for (unsigned i = 0; i < PAGE_WORDS; i++)
		p[i] = PATTERN + i;
	dsb(sy);
}

static bool is_full(volatile const uint32_t *p)
{
	for (unsigned i = 0; i < PAGE_WORDS; i++)
		if (p[i] != PATTERN + i)
			return false;
	return true;
}

/* Something has arrived in one of two pages that were full. */
static void wait_for_data(volatile const uint32_t *p, volatile const uint32_t *q)
{
	while (is_full(p) && is_full(q))
		if (gone)
			rt_fail("the controller has stopped");
}

/* Commands that begin from now on have ended. */
static void wait_for_commands(void)
{
	uint64_t end = done + BEHIND;

	while (done < end)
		if (gone)
			rt_fail("the controller has stopped");
}

/* --- registers that do not answer --- */

static unsigned aborts;
static uint64_t probed;

static bool skip(struct rt_frame *frame, unsigned vector)
{
	(void)vector;
	if (field_get(ESR_EC, frame->esr) != EC_DABT_CUR || (frame->esr & ESR_DFSC) != FSC_EXTERNAL ||
	    frame->far != probed)
		return false;
	aborts++;
	frame->pc += 4;
	return true;
}

static void load_and_store(uint64_t at, unsigned size_log2)
{
	uint64_t value;

	probed = at;
	switch (size_log2) {
	case 0:
		__asm__ volatile("ldrb %w0, [%1]\n\tstrb wzr, [%1]" : "=&r"(value) : "r"(at) : "memory");
		return;
	case 1:
		__asm__ volatile("ldrh %w0, [%1]\n\tstrh wzr, [%1]" : "=&r"(value) : "r"(at) : "memory");
		return;
	case 2:
		__asm__ volatile("ldr %w0, [%1]\n\tstr wzr, [%1]" : "=&r"(value) : "r"(at) : "memory");
		return;
	default:
		__asm__ volatile("ldr %0, [%1]\n\tstr xzr, [%1]" : "=&r"(value) : "r"(at) : "memory");
	}
}

/* What L0's own exceptions use, and has to give back. */
static void mark(void)
{
	write_sysreg(TPIDR_EL0, MARK_EL0);
	write_sysreg(TPIDR_EL1, MARK_EL1);
	isb();
}

static void expect_mark(const char *what)
{
	if (read_sysreg(TPIDR_EL0) != MARK_EL0 || read_sysreg(TPIDR_EL1) != MARK_EL1)
		rt_fail("%s: TPIDR_EL0 0x%lx, TPIDR_EL1 0x%lx", what, read_sysreg(TPIDR_EL0),
			read_sysreg(TPIDR_EL1));
}

static void probe(const char *what, uint64_t at)
{
	mark();
	aborts = 0;
	for (unsigned size_log2 = 0; size_log2 < 4; size_log2++)
		load_and_store(at, size_log2);
	expect_mark(what);
	rt_print("= %s: %u aborts of 8\n", what, aborts);
}

static void load_at_l2(void)
{
	mark();
	(void)mmio_read(probed);
}

/* L1 has it routed to itself, which QEMU does with none that it makes itself: this one is L0's. */
static void probe_at_l2(const char *what, uint64_t at)
{
	uint64_t esr;

	write_sysreg(HCR_EL2, read_sysreg(HCR_EL2) | HCR_TEA);
	probed = at;
	if (l2_call(load_at_l2))
		rt_fail("%s: its guest has had no abort", what);
	esr = read_sysreg(ESR_EL2);
	expect_mark(what);
	rt_print("= %s, of its guest's: class 0x%lx, status 0x%lx, at 0x%lx\n", what, field_get(ESR_EC, esr),
		 esr & ESR_DFSC, read_sysreg(FAR_EL2) - PLACE);
}

/* The table of MSI-X is in a page with nothing else, and so are its pending bits. L1 has the page of these without a trap. */
void irq_nvme_holes(void)
{
	unsigned msix;
	uint64_t table, pending;

	begin();
	msix = pci_find(0, PCI_CAP_MSIX);
	table = PLACE + (pci_config(0, msix + 4) & ~7U);
	pending = PLACE + (pci_config(0, msix + 8) & ~7U);
	rt_set_hook(RT_SYNC, skip);
	probe("registers", PLACE + 8);
	probe("behind the table", table + 0x800);
	probe("behind the pending bits", pending + 0x800);
	l2_memory(PLACE);
	probe_at_l2("behind the table", table + 0x800);
	fill(page);
	rt_print("= then: status %u, %s\n", identify(), is_full(page) ? "nothing" : "data");
}

/* --- reset --- */

static void reset(void)
{
	unsigned express = pci_find(0, PCI_CAP_EXPRESS);

	mmio_write(PCI_ECAM + (PCI_DEVICE(0) << 12) + express + DEVCTL, DEVCTL_FLR);
}

/* It is at work when it is reset. */
static void reset_at_work(void)
{
	bool kept;

	fill(page);
	work_begins(work_at_l1);
	wait_for_data(page, page);
	reset();
	fill(page);
	work_ends();
	while (pci_config(0, 0) == ~0U)
		;
	kept = is_full(page);
	rt_print("= after the reset: BAR 0x%x, command 0x%x, registers 0x%x, memory %s\n",
		 pci_config(0, PCI_BAR0) & ~15U, pci_config(0, PCI_COMMAND) & 0xffff, reg(NVME_CC),
		 kept ? "as it was" : "another");
	configure();
	rt_print("= configuration 0x%x, status 0x%x\n", reg(NVME_CC), reg(NVME_CSTS));
}

void irq_nvme_reset(void)
{
	for (unsigned i = 0; i < RESETS; i++) {
		begin();
		fill(page);
		rt_print("= status %u, %s\n", identify(), is_full(page) ? "nothing" : "data");
		reset_at_work();
	}
	begin();
	fill(page);
	rt_print("= status %u, %s\n", identify(), is_full(page) ? "nothing" : "data");
}

/* --- pages that go --- */

/* Its tables have the page, then another one or none; the SMMU is told in each way that there is. Faults are no events. */
static void behind_smmu(void)
{
	smmu_tables(0, false);
	smmu_map(IOVA_COMMANDS, (uint64_t)commands);
	smmu_map(IOVA_COMPLETIONS, (uint64_t)completions);
	smmu_map(IOVA_PAGE, (uint64_t)page);
	smmu_on();
	start(IOVA_COMMANDS, IOVA_COMPLETIONS);
	to = IOVA_PAGE;
}

static bool loses(unsigned round, bool to_another)
{
	smmu_map(IOVA_PAGE, (uint64_t)page);
	smmu_forget(IOVA_PAGE, 0);
	fill(page);
	wait_for_data(page, page);
	smmu_map(IOVA_PAGE, to_another ? (uint64_t)another : 0);
	smmu_forget(IOVA_PAGE, round);
	fill(page);
	fill(another);
	if (to_another)
		wait_for_data(another, page);
	wait_for_commands();
	return is_full(page);
}

static void unmap(void (*f)(unsigned self))
{
	unsigned kept = 0;

	begin();
	behind_smmu();
	work_begins(f);
	for (unsigned round = 0; round < ROUNDS; round++)
		kept += loses(round / 2, round % 2);
	work_ends();
	rt_print("= pages that nothing arrived in: %u of %u\n", kept, ROUNDS);
	smmu_off();
}

void irq_nvme_unmap(void)
{
	unmap(work_at_l1);
}

void irq_nvme_l2(void)
{
	l2_memory(PLACE);
	unmap(work_at_l2);
}
