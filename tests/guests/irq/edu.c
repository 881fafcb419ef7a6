/*
 * Does a device that moves data reach what is its VM's, and nothing else?  QEMU's "edu" is assigned: it copies up to 4 KiB between memory
 * and a buffer of its own, and sends a message when it is told to. Lines "= WHAT ..." say what each address gave; L0's own lines say what
 * it refused (tests/qemu/devices compares both).  Reads: irq.h, its.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/irq/irq.h"
#include "tests/guests/irq/its.h"
#include "tests/guests/irq/l2.h"
#include "tests/guests/irq/pci.h"

#define DEVICE_ID PCI_DEVICE(0)
#define EDU_BYTES 0x100000U
#define PLACE (PCI_WINDOW + 0x300000)
#define ANOTHER (PCI_WINDOW + 0x700000)
#define OUTSIDE_WINDOW PCI_WINDOW_END

#define EDU_ID 0x00
#define EDU_INVERT 0x04
#define EDU_RAISE 0x60
#define EDU_LOWER 0x64
#define EDU_FROM 0x80
#define EDU_TO 0x88
#define EDU_COUNT 0x90
#define EDU_START 0x98
#define EDU_BUFFER 0x40000
#define EDU_TO_MEMORY 2
#define EDU_IS 0x010000edU

#define MSI_ENABLE (1U << 16)
#define EVENT 3U
#define LPI 8200U
#define ROUNDS 20
#define CUT_AFTER 64

static uint64_t bar;
static uint32_t *page, *copy;

static uint32_t config(unsigned offset)
{
	return pci_config(0, offset);
}

static void set_config(unsigned offset, uint32_t value)
{
	pci_set_config(0, offset, value);
}

static void place_at(uint64_t address)
{
	set_config(PCI_BAR0, (uint32_t)address);
	bar = address;
}

static void set_u64(uint64_t offset, uint64_t value)
{
	mmio_write64(bar + offset, value);
}

/* It takes 100 ms of the machine's time: what it reads and writes, it does at the end of them. */
static void begin_to_move(uint64_t from, uint64_t to, uint64_t bytes, bool to_memory)
{
	dsb(sy);
	set_u64(EDU_FROM, from);
	set_u64(EDU_TO, to);
	set_u64(EDU_COUNT, bytes);
	set_u64(EDU_START, 1 | (to_memory ? EDU_TO_MEMORY : 0));
}

static void end_of_move(void)
{
	while (mmio_read(bar + EDU_START) & 1)
		;
	dsb(sy);
}

static void move(uint64_t from, uint64_t to, uint64_t bytes, bool to_memory)
{
	begin_to_move(from, to, bytes, to_memory);
	end_of_move();
}

/* --- configuration space --- */

static void configuration(void)
{
	unsigned others = 0;

	for (unsigned devfn = 0; devfn < 256; devfn++)
		others += devfn != DEVICE_ID && mmio_read(PCI_ECAM + (devfn << 12)) != ~0U;
	rt_print("= function 0x%x, others %u\n", config(0), others);
	set_config(PCI_BAR0, ~0U);
	rt_print("= BAR 0x%x, next 0x%x\n", config(PCI_BAR0), config(PCI_BAR0 + 4));
	set_config(0, 0);
	set_config(0x2c, 0);
	set_config(PCI_COMMAND, ~0U);
	rt_print("= still 0x%x, command 0x%x, pin 0x%x\n", config(0), config(PCI_COMMAND) & 0xffff,
		 config(0x3c) >> 8 & 0xff);
	set_config(PCI_COMMAND, 0);
}

/* --- memory --- */

static void inside(void)
{
	for (unsigned i = 0; i < 1024; i++) {
		page[i] = 0x600d0000 + i;
		copy[i] = 0;
	}
	move((uint64_t)page, EDU_BUFFER, 4096, false);
	move(EDU_BUFFER, (uint64_t)copy, 4096, true);
	rt_print("= inside: %s\n", memcmp(page, copy, 4096) ? "lost" : "as it was");
}

/* What came of 16 bytes from an address: its buffer had a pattern before, which stays, or QEMU makes it zeroes. */
static void read_from(const char *what, uint64_t address)
{
	uint32_t seen = 0;

	move((uint64_t)page, EDU_BUFFER, 16, false);
	move(address, EDU_BUFFER, 16, false);
	copy[0] = ~0U;
	move(EDU_BUFFER, (uint64_t)copy, 16, true);
	for (unsigned i = 0; i < 4; i++)
		seen |= copy[i] == page[i] ? 0 : copy[i];
	rt_print("= read %s: %s\n", what, seen ? "something" : "nothing");
}

static void write_to(uint64_t address)
{
	move((uint64_t)page, EDU_BUFFER, 16, false);
	move(EDU_BUFFER, address, 16, true);
}

/* The VM has 32 MiB, as tests/qemu/lib.sh makes them. */
static void outside(void)
{
	uint64_t end = rt_machine()->ram + (UINT64_C(32) << 20);

	read_from("0", 0);
	read_from("GICD", 0x08000000);
	read_from("UART", 0x09000000);
	read_from("configuration", PCI_ECAM);
	read_from("behind RAM", end);
	read_from("RAM of L0", end + (UINT64_C(64) << 20));
	read_from("39 bits", (UINT64_C(1) << 39) - 16);
	read_from("40 bits", UINT64_C(1) << 39);
	read_from("48 bits", (UINT64_C(1) << 48) - 16);
	write_to(end);
	write_to(0x08000000);
	write_to(UINT64_C(1) << 39);
}

/* A BAR is a piece of the window that comes and goes: what the SMMU knew of it goes too. */
static void window(void)
{
	uint32_t id;

	move(PLACE, EDU_BUFFER, 4, false);
	move(EDU_BUFFER, (uint64_t)copy, 4, true);
	id = copy[0];
	place_at(ANOTHER);
	rt_print("= its own registers: 0x%x, elsewhere 0x%x\n", id, mmio_read(ANOTHER + EDU_ID));
	read_from("where they were", PLACE);
	move(ANOTHER, EDU_BUFFER, 4, false);
	move(EDU_BUFFER, (uint64_t)copy, 4, true);
	rt_print("= where they are: 0x%x\n", copy[0]);
	rt_print("= where they were, by a load: 0x%x\n", mmio_read(PLACE));
	place_at(OUTSIDE_WINDOW);
	rt_print("= nowhere, by a load: 0x%x\n", mmio_read(ANOTHER));
	place_at(PLACE);
	mmio_write(bar + EDU_INVERT, 0x12345678);
	rt_print("= back again: 0x%x\n", ~mmio_read(bar + EDU_INVERT));
}

/* --- messages --- */

/* Event EVENT of the device is LPI of this vCPU. */
static void map_message(void)
{
	its_memory();
	its_on();
	lpis_on(0);
	its_map_device(DEVICE_ID, 4);
	its_map_collection(0, 0);
	its_map_event(DEVICE_ID, EVENT, LPI, 0);
	its_run();
}

static void messages(void)
{
	unsigned msi = pci_find(0, PCI_CAP_MSI), before;
	uint64_t translater = its_frame() + GITS_TRANSLATER;

	map_message();
	set_config(msi + 4, (uint32_t)translater);
	set_config(msi + 8, (uint32_t)(translater >> 32));
	set_config(msi + 12, EVENT);
	mmio_write(bar + EDU_RAISE, 1);
	lpis_take(0);
	before = lpi_taken[LPI - ITS_FIRST_LPI];
	mmio_write(bar + EDU_LOWER, 1);
	set_config(msi, config(msi) | MSI_ENABLE);
	for (unsigned i = 0; i < ROUNDS; i++) {
		mmio_write(bar + EDU_RAISE, 1);
		while (lpi_taken[LPI - ITS_FIRST_LPI] == before + i)
			lpis_take(0);
		mmio_write(bar + EDU_LOWER, 1);
	}
	lpis_take(0);
	rt_print("= messages: %u while off, then %u of %u\n", before, lpi_taken[LPI - ITS_FIRST_LPI] - before,
		 ROUNDS);
	/* Somewhere else than the ITS: it does not come, and nothing of it is written. */
	set_config(msi + 4, (uint32_t)(uint64_t)copy);
	copy[0] = 0;
	mmio_write(bar + EDU_RAISE, 1);
	lpis_take(0);
	rt_print("= messages to RAM: %u, memory 0x%x\n", lpi_taken[LPI - ITS_FIRST_LPI] - before - ROUNDS,
		 copy[0]);
	mmio_write(bar + EDU_LOWER, 1);
}

/* --- the end of its access --- */

static void without_master(void)
{
	set_config(PCI_COMMAND, PCI_COMMAND_MEMORY);
	copy[0] = 1;
	move(EDU_BUFFER, (uint64_t)copy, 4, true);
	rt_print("= without bus mastering: %s\n", copy[0] == 1 ? "nothing" : "something");
	set_config(PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

static void cut_off(void)
{
	for (unsigned i = 0; i < CUT_AFTER; i++)
		move(0, EDU_BUFFER, 4, false);
	copy[0] = 1;
	move((uint64_t)page, EDU_BUFFER, 4, false);
	move(EDU_BUFFER, (uint64_t)copy, 4, true);
	rt_print("= cut off: %s\n", copy[0] == 1 ? "nothing" : "something");
}

static void begin(void)
{
	place_at(PLACE);
	set_config(PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	rt_print("= registers 0x%x\n", mmio_read(bar + EDU_ID));
	if (mmio_read(bar + EDU_ID) != EDU_IS)
		rt_fail("it is no edu");
	page = rt_page();
	copy = rt_page();
}

void irq_edu(void)
{
	configuration();
	begin();
	inside();
	outside();
	window();
	messages();
	without_master();
	inside();
	cut_off();
}

/* --- too many messages --- */

#define FLOODS_PER_SECOND 5 /* it takes a part of one */
#define FLOOD_PER_SECOND UINT64_C(100000)

static uint64_t in(uint64_t ticks)
{
	isb();
	return read_sysreg(CNTPCT_EL0) + ticks;
}

static void wait_until(uint64_t time)
{
	timer_at(time);
	__asm__ volatile("wfi" ::: "memory");
	(void)gic_take();
	timer_off();
}

static void spin_until(uint64_t time)
{
	while (in(0) < time)
		;
}

/* Its CPU is free between two of them, so that each one is taken: those that nobody takes are one. */
static void flood(unsigned self)
{
	uint64_t second = read_sysreg(CNTFRQ_EL0), end = in(second / FLOODS_PER_SECOND);

	(void)self;
	gic_on();
	spin_until(in(second / 20));
	while (in(0) < end) {
		mmio_write(bar + EDU_RAISE, 1);
		wait_until(in(second / FLOOD_PER_SECOND));
	}
}

static void set_message(uint64_t address)
{
	unsigned msi = pci_find(0, PCI_CAP_MSI);

	set_config(msi + 4, (uint32_t)address);
	set_config(msi + 8, (uint32_t)(address >> 32));
	set_config(msi + 12, EVENT);
	set_config(msi, address ? config(msi) | MSI_ENABLE : config(msi) & ~MSI_ENABLE);
}

/*
 * Another vCPU has them sent without end, all to nowhere in this VM's ITS; another VM runs beside. Then they come as before. This vCPU
 * is busy until the other one has a CPU of its own, and then leaves its own one, which takes the messages, to the other VM.
 */
void irq_edu_flood(void)
{
	uint64_t second = read_sysreg(CNTFRQ_EL0);

	begin();
	set_message(its_frame() + GITS_TRANSLATER);
	gic_on();
	smp_start(1, flood);
	spin_until(in(second / 50));
	wait_until(in(second / FLOODS_PER_SECOND));
	smp_join();
	set_message(0);
	mmio_write(bar + EDU_LOWER, 1);
	messages();
}

/* A timer that is always about to fire: where QEMU's CPUs take turns, until the next one, none has a long one. */
void irq_edu_beside(void)
{
	uint64_t second = read_sysreg(CNTFRQ_EL0), end = in(second / 2);

	gic_on();
	while (in(0) < end)
		timer_at(in(second / FLOOD_PER_SECOND));
	timer_off();
}

/* --- L1's own SMMU --- */

/* Pages as the device sees them. */
#define IOVA_PAGE UINT64_C(0x10000)
#define IOVA_COPY UINT64_C(0x11000)
#define IOVA_OUTSIDE UINT64_C(0x12000)
#define IOVA_ITS UINT64_C(0x13000)
#define GARBAGE_REGISTERS 32

static void smmu_pages(void)
{
	smmu_tables(0, true);
	smmu_map(IOVA_PAGE, (uint64_t)page);
	smmu_map(IOVA_COPY, (uint64_t)copy);
	smmu_map(IOVA_OUTSIDE, UINT64_C(0x1000));
	smmu_map(IOVA_ITS, its_frame() + GITS_TRANSLATER - 0x40);
}

/* Events since the last time. */
static void show_events(const char *what)
{
	const uint64_t *e;
	unsigned events = smmu_events(&e);

	if (events)
		rt_print("= %s: %u events, 0x%lx of stream %lu at 0x%lx\n", what, events, e[0] & 0xff,
			 e[0] >> 32, e[2] < 0x100000 ? e[2] : UINT64_C(0xfff00000));
	else
		rt_print("= %s: no event\n", what);
}

static void through_tables(void)
{
	for (unsigned i = 0; i < 1024; i++) {
		page[i] = 0x7ab1e000 + i;
		copy[i] = 0;
	}
	move(IOVA_PAGE, EDU_BUFFER, 4096, false);
	move(EDU_BUFFER, IOVA_COPY, 4096, true);
	rt_print("= through L1's tables: %s\n", memcmp(page, copy, 4096) ? "lost" : "as it was");
}

/* Into copy, by an address that L1's tables have. */
static void try_from(const char *what, uint64_t address)
{
	copy[0] = 0;
	move(IOVA_COPY, EDU_BUFFER, 16, false);
	move(address, EDU_BUFFER, 16, false);
	move(EDU_BUFFER, IOVA_COPY, 16, true);
	rt_print("= %s: %s\n", what, copy[0] ? "something" : "nothing");
	show_events(what);
}

static void unmap(uint64_t iova)
{
	smmu_map(iova, 0);
	smmu_forget(iova, 0);
}

static void message_through_tables(void)
{
	unsigned msi = pci_find(0, PCI_CAP_MSI);

	map_message();
	set_config(msi + 4, (uint32_t)IOVA_ITS + 0x40);
	set_config(msi + 8, 0);
	set_config(msi + 12, EVENT);
	set_config(msi, config(msi) | MSI_ENABLE);
	for (unsigned i = 0; i < ROUNDS; i++) {
		mmio_write(bar + EDU_RAISE, 1);
		while (lpi_taken[LPI - ITS_FIRST_LPI] == i)
			lpis_take(0);
		mmio_write(bar + EDU_LOWER, 1);
	}
	rt_print("= messages through L1's tables: %u of %u\n", lpi_taken[LPI - ITS_FIRST_LPI], ROUNDS);
}

static uint64_t random_state = 0x123456789abcdef;

static uint64_t random64(void)
{
	random_state ^= random_state << 13; /* xorshift64 */
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* Anything into registers, queues, tables and entries; the device tries them now and then. */
static void garbage(void)
{
	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < 512; i++) {
			smmu.commands[i] = random64() & (i % 2 ? ~UINT64_C(0) : UINT64_C(0xffffffff000000ff));
			smmu.context[i % 8] = random64();
			smmu.level1[i] = random64();
			smmu.streams[random64() % 2048] = random64() | 1;
		}
		smmu.streams[8UL * DEVICE_ID] = (random64() & ~UINT64_C(0xf)) | 0xb;
		smmu.streams[8UL * DEVICE_ID + 1] = round % 2 ? random64() : 0;
		for (unsigned i = 0; i < 100; i++)
			mmio_write64(SMMU + random64() % GARBAGE_REGISTERS * 8, random64());
		smmu_on();
		for (unsigned i = 0; i < 50; i++) {
			mmio_write(SMMU + SMMU_CMDQ_PROD, (uint32_t)random64());
			mmio_write(SMMU + SMMU_GERRORN, mmio_read(SMMU + SMMU_GERROR));
		}
		if (round % 8 == 0)
			move(random64() % 0x80000000, EDU_BUFFER, 16, false);
	}
}

void irq_edu_smmu(void)
{
	begin();
	inside();
	smmu_pages();
	smmu_on();
	through_tables();
	show_events("through L1's tables");
	try_from("an address of L1's that they do not have", (uint64_t)page);
	try_from("an address that they have, and the VM has not", IOVA_OUTSIDE);
	unmap(IOVA_PAGE);
	try_from("an address that they had", IOVA_PAGE);
	smmu_map(IOVA_PAGE, (uint64_t)page);
	through_tables();
	message_through_tables();
	smmu.streams[8UL * DEVICE_ID] = 0;
	smmu_command(CMD_CFGI_STE | (uint64_t)DEVICE_ID << 32, 1);
	smmu_sync();
	copy[0] = 1;
	move(EDU_BUFFER, IOVA_COPY, 4, true);
	move(EDU_BUFFER, (uint64_t)copy, 4, true);
	rt_print("= without an entry: %s\n", copy[0] == 1 ? "nothing" : "something");
	smmu_off();
	inside();
}

void irq_edu_garbage(void)
{
	begin();
	smmu_pages();
	garbage();
	smmu_off();
	mmio_write64(SMMU + 0x40, UINT64_C(0x80001000) << 32); /* GBPA: nothing is refused */
	inside();
}

/* --- a BAR that goes while the device writes to it --- */

#define RAM_BAR 2 /* of QEMU's "ivshmem-plain", function 1: memory */
#define RAM_PLACES (PCI_WINDOW + 0x1000000)
#define RAM_APART UINT64_C(0x100000)
#define BAR_ROUNDS 10 /* of 4 refused accesses each: fewer than cut it off */

static volatile uint32_t *ram_at(unsigned place)
{
	uint64_t at = RAM_PLACES + place * RAM_APART;

	pci_set_config(1, PCI_BAR0 + 4 * RAM_BAR, (uint32_t)at);
	return (volatile uint32_t *)at;
}

/* Was what the device wrote found where its target is now?  The target goes elsewhere meanwhile, or not. */
static bool arrives(bool moves)
{
	volatile uint32_t *target = ram_at(0);

	move((uint64_t)page, EDU_BUFFER, 16, false);
	*target = 0;
	begin_to_move(EDU_BUFFER, (uint64_t)target, 16, true);
	if (moves)
		target = ram_at(1);
	*target = 0;
	end_of_move();
	return *target == page[0];
}

void irq_edu_bar(void)
{
	unsigned there = 0, not_there = 0;

	begin();
	inside();
	pci_set_config(1, PCI_BAR0, (uint32_t)ANOTHER);
	pci_set_config(1, PCI_BAR0 + 4 * (RAM_BAR + 1), 0);
	pci_set_config(1, PCI_COMMAND, PCI_COMMAND_MEMORY);
	for (unsigned i = 0; i < BAR_ROUNDS; i++) {
		there += arrives(false);
		not_there += !arrives(true);
	}
	rt_print("= in a BAR: %u of %u, and %u of %u not, when it has gone\n", there, BAR_ROUNDS, not_there,
		 BAR_ROUNDS);
	inside();
}

/* --- L1's guest has it --- */

static uint64_t tried;

/* For its guest an address is that of its own page, or one of L1's. It has read into copy then, and written. */
static void try_at_l2(void)
{
	copy[0] = 0;
	move(IOVA_COPY, EDU_BUFFER, 16, false);
	move(tried, EDU_BUFFER, 16, false);
	move(EDU_BUFFER, IOVA_COPY, 16, true);
	move(IOVA_PAGE, EDU_BUFFER, 16, false);
	move(EDU_BUFFER, tried, 16, true);
}

static void l2_tries(const char *what, uint64_t address)
{
	const uint64_t *e;
	unsigned events;

	tried = address;
	if (!l2_call(try_at_l2))
		rt_fail("its guest: ESR_EL2 0x%lx", read_sysreg(ESR_EL2));
	events = smmu_events(&e);
	rt_print("= its guest, %s: %s, %u events\n", what, copy[0] == page[0] ? "as it was" : "nothing",
		 events);
	if (events && (e[0] != (0x10 | (uint64_t)DEVICE_ID << 32) || e[2] != address))
		rt_print("= 0x%lx at 0x%lx\n", e[0], e[2]);
}

/* Its buffer is zeroes behind a read that was refused. */
static void pattern(void)
{
	for (unsigned i = 0; i < 1024; i++)
		page[i] = 0x12000000 + i;
}

void irq_edu_l2(void)
{
	const struct rt_machine *m = rt_machine();
	uint32_t *secret;

	begin();
	secret = rt_page();
	secret[0] = 0x5ec2e7;
	smmu_pages();
	smmu_on();
	l2_memory(PLACE);
	pattern();
	l2_tries("its page", IOVA_PAGE);
	l2_tries("memory of L1's", (uint64_t)secret);
	l2_tries("L1's tables", (uint64_t)smmu.level3);
	l2_tries("the beginning of RAM", m->ram);
	l2_tries("behind RAM", m->ram + (UINT64_C(64) << 20));
	l2_tries("0", 0);
	l2_tries("GICD", 0x08000000);
	l2_tries("ITS", its_frame() + GITS_TRANSLATER - 0x40);
	l2_tries("UART", 0x09000000);
	l2_tries("SMMU", SMMU);
	l2_tries("its own registers", PLACE);
	l2_tries("configuration", PCI_ECAM);
	l2_tries("39 bits", (UINT64_C(1) << 39) - 16);
	l2_tries("40 bits", UINT64_C(1) << 39);
	l2_tries("48 bits", (UINT64_C(1) << 48) - 16);
	l2_tries("what L1 maps, and has not", IOVA_OUTSIDE);
	for (unsigned how = 0; how < 4; how++) {
		smmu_map(IOVA_PAGE + 0x4000, (uint64_t)page);
		l2_tries("a page more", IOVA_PAGE + 0x4000);
		smmu_map(IOVA_PAGE + 0x4000, 0);
		smmu_forget(IOVA_PAGE + 0x4000, how);
		l2_tries("without it", IOVA_PAGE + 0x4000);
	}
	rt_print("= memory of L1's: %s\n", secret[0] == 0x5ec2e7 ? "as it was" : "another");
	smmu_off();
	inside();
}

/* --- reset --- */

#define SYSTEM_RESET 0x84000009U
#define MARK UINT64_C(0xed0ed0ed0ed0ed0e)
#define MARK_OFFSET (UINT64_C(16) << 20)

/* RAM keeps what was written to it: the second time around is after the reset. */
void irq_edu_reset(void)
{
	volatile uint64_t *mark = (volatile uint64_t *)(rt_machine()->ram + MARK_OFFSET);
	bool again = *mark == MARK;

	if (again)
		rt_print("= after the reset: BAR 0x%x, command 0x%x, registers 0x%x\n", config(PCI_BAR0),
			 config(PCI_COMMAND) & 0xffff, mmio_read(PLACE));
	begin();
	inside();
	if (again)
		return;
	cut_off();
	*mark = MARK;
	dsb(sy);
	rt_psci(SYSTEM_RESET, 0, 0, 0);
	rt_fail("SYSTEM_RESET came back");
}
