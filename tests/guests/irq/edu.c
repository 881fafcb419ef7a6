/*
 * Does a device that moves data reach what is its VM's, and nothing else?  QEMU's "edu" is assigned: it copies up to 4 KiB between memory
 * and a buffer of its own, and sends a message when it is told to. Lines "= WHAT ..." say what each address gave; L0's own lines say what
 * it refused (tests/qemu/devices compares both).  Reads: irq.h, its.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/irq/irq.h"
#include "tests/guests/irq/its.h"

/* L1's map, docs/device-tree.md */
#define WINDOW UINT64_C(0x10000000)
#define WINDOW_END UINT64_C(0x18000000)
#define ECAM UINT64_C(0x3f000000)

#define DEVICE_ID (1U << 3) /* device 1, function 0 */
#define CONFIG (ECAM + (DEVICE_ID << 12))
#define COMMAND 0x04
#define COMMAND_MEMORY 2
#define COMMAND_MASTER 4
#define BAR0 0x10
#define CAPABILITIES 0x34
#define EDU_BYTES 0x100000U
#define PLACE (WINDOW + 0x300000)
#define ANOTHER (WINDOW + 0x700000)
#define OUTSIDE_WINDOW WINDOW_END

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

#define MSI 5
#define MSI_ENABLE (1U << 16)
#define EVENT 3U
#define LPI 8200U
#define ROUNDS 20
#define CUT_AFTER 64

static uint64_t bar;
static uint32_t *page, *copy;

static uint32_t config(unsigned offset)
{
	return mmio_read(CONFIG + offset);
}

static void set_config(unsigned offset, uint32_t value)
{
	mmio_write(CONFIG + offset, value);
}

static void place_at(uint64_t address)
{
	set_config(BAR0, (uint32_t)address);
	bar = address;
}

static void set_u64(uint64_t offset, uint64_t value)
{
	__asm__ volatile("str %0, [%1]" ::"r"(value), "r"(bar + offset) : "memory");
}

/* It takes 100 ms of the machine's time. */
static void move(uint64_t from, uint64_t to, uint64_t bytes, bool to_memory)
{
	dsb(sy);
	set_u64(EDU_FROM, from);
	set_u64(EDU_TO, to);
	set_u64(EDU_COUNT, bytes);
	set_u64(EDU_START, 1 | (to_memory ? EDU_TO_MEMORY : 0));
	while (mmio_read(bar + EDU_START) & 1)
		;
	dsb(sy);
}

/* --- configuration space --- */

static void configuration(void)
{
	unsigned others = 0;

	for (unsigned devfn = 0; devfn < 256; devfn++)
		others += devfn != DEVICE_ID && mmio_read(ECAM + (devfn << 12)) != ~0U;
	rt_print("= function 0x%x, others %u\n", config(0), others);
	set_config(BAR0, ~0U);
	rt_print("= BAR 0x%x, next 0x%x\n", config(BAR0), config(BAR0 + 4));
	set_config(0, 0);
	set_config(0x2c, 0);
	set_config(COMMAND, ~0U);
	rt_print("= still 0x%x, command 0x%x, pin 0x%x\n", config(0), config(COMMAND) & 0xffff,
		 config(0x3c) >> 8 & 0xff);
	set_config(COMMAND, 0);
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
	read_from("configuration", ECAM);
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

static unsigned find(unsigned id)
{
	unsigned offset = config(CAPABILITIES) & 0xff;

	for (unsigned n = 0; offset && n < 48; n++, offset = config(offset) >> 8 & 0xff)
		if ((config(offset) & 0xff) == id)
			return offset;
	rt_fail("no capability %u", id);
}

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
	unsigned msi = find(MSI), before;
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
	set_config(COMMAND, COMMAND_MEMORY);
	copy[0] = 1;
	move(EDU_BUFFER, (uint64_t)copy, 4, true);
	rt_print("= without bus mastering: %s\n", copy[0] == 1 ? "nothing" : "something");
	set_config(COMMAND, COMMAND_MEMORY | COMMAND_MASTER);
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
	set_config(COMMAND, COMMAND_MEMORY | COMMAND_MASTER);
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
	unsigned msi = find(MSI);

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

#define SMMU UINT64_C(0x09050000)
#define SMMU_BYTES 0x20000U
#define SMMU_CR0 0x20
#define SMMU_CR0ACK 0x24
#define SMMU_CR1 0x28
#define SMMU_STRTAB_BASE 0x80
#define SMMU_STRTAB_BASE_CFG 0x88
#define SMMU_CMDQ_BASE 0x90
#define SMMU_CMDQ_PROD 0x98
#define SMMU_CMDQ_CONS 0x9c
#define SMMU_EVENTQ_BASE 0xa0
#define SMMU_EVENTQ_PROD 0x100a8
#define SMMU_EVENTQ_CONS 0x100ac
#define SMMU_GERROR 0x60
#define SMMU_GERRORN 0x64
#define ENABLED 0xdU /* SMMUEN, EVENTQEN, CMDQEN */
#define QUEUE_LOG2 6

/* Pages as the device sees them. */
#define IOVA_PAGE UINT64_C(0x10000)
#define IOVA_COPY UINT64_C(0x11000)
#define IOVA_OUTSIDE UINT64_C(0x12000)
#define IOVA_ITS UINT64_C(0x13000)
#define ASID UINT64_C(5)
#define PTE_PAGE UINT64_C(0x743) /* AF, inner shareable, read and write at any level, a page */
#define TABLE 3

static struct {
	uint64_t *streams, *context, *level1, *level2, *level3, *commands, *events;
	uint32_t prod, seen;
} smmu;

static void smmu_write64(uint64_t offset, uint64_t value)
{
	__asm__ volatile("str %0, [%1]" ::"r"(value), "r"(SMMU + offset) : "memory");
}

static void smmu_command(uint64_t word0, uint64_t word1)
{
	unsigned slot = smmu.prod % (1U << QUEUE_LOG2);

	smmu.commands[2UL * slot] = word0;
	smmu.commands[2UL * slot + 1] = word1;
	smmu.prod = (smmu.prod + 1) % (2U << QUEUE_LOG2);
	dsb(sy);
	mmio_write(SMMU + SMMU_CMDQ_PROD, smmu.prod);
}

static void smmu_sync(void)
{
	smmu_command(0x46, 0);
	while (mmio_read(SMMU + SMMU_CMDQ_CONS) != smmu.prod)
		;
}

static void smmu_map(uint64_t iova, uint64_t address)
{
	smmu.level3[iova >> 12] = address ? address | PTE_PAGE : 0;
	dsb(sy);
}

/* A context of 39 bits, with ASID 5, whose faults are recorded. */
static void smmu_tables(void)
{
	smmu.streams = rt_pages(4, 16384);
	smmu.context = rt_page();
	smmu.level1 = rt_page();
	smmu.level2 = rt_page();
	smmu.level3 = rt_page();
	smmu.commands = rt_page();
	smmu.events = rt_page();
	smmu.level1[0] = (uint64_t)smmu.level2 | TABLE;
	smmu.level2[0] = (uint64_t)smmu.level3 | TABLE;
	smmu.context[0] = 25 | 1 << 8 | 1 << 10 | 3 << 12 | BIT(30) | BIT(31) | UINT64_C(2) << 32 | BIT(41) |
			  BIT(45) | BIT(46) | ASID << 48;
	smmu.context[1] = (uint64_t)smmu.level1;
	smmu.context[3] = 0xff;
	smmu.streams[8UL * DEVICE_ID] = 1 | 5 << 1 | (uint64_t)smmu.context;
	smmu.streams[8UL * DEVICE_ID + 1] = BIT(2) | BIT(4) | 3 << 6;
	smmu_map(IOVA_PAGE, (uint64_t)page);
	smmu_map(IOVA_COPY, (uint64_t)copy);
	smmu_map(IOVA_OUTSIDE, UINT64_C(0x1000));
	smmu_map(IOVA_ITS, its_frame() + GITS_TRANSLATER - 0x40);
}

static void smmu_on(void)
{
	mmio_write(SMMU + SMMU_CR0, 0);
	mmio_write(SMMU + SMMU_CR1, 0xd75);
	smmu_write64(SMMU_STRTAB_BASE, (uint64_t)smmu.streams);
	mmio_write(SMMU + SMMU_STRTAB_BASE_CFG, 8);
	smmu_write64(SMMU_CMDQ_BASE, (uint64_t)smmu.commands | QUEUE_LOG2);
	mmio_write(SMMU + SMMU_CMDQ_PROD, 0);
	mmio_write(SMMU + SMMU_CMDQ_CONS, 0);
	smmu_write64(SMMU_EVENTQ_BASE, (uint64_t)smmu.events | QUEUE_LOG2);
	mmio_write(SMMU + SMMU_EVENTQ_PROD, 0);
	mmio_write(SMMU + SMMU_EVENTQ_CONS, 0);
	mmio_write(SMMU + SMMU_GERRORN, mmio_read(SMMU + SMMU_GERROR));
	smmu.prod = smmu.seen = 0;
	dsb(sy);
	mmio_write(SMMU + SMMU_CR0, ENABLED);
	smmu_command(4, 31);
	smmu_command(0x30, 0);
	smmu_sync();
}

/* Events since the last time. */
static void show_events(const char *what)
{
	uint32_t prod = mmio_read(SMMU + SMMU_EVENTQ_PROD), events = (prod - smmu.seen) % (2U << QUEUE_LOG2);
	const uint64_t *e = smmu.events + 4UL * (smmu.seen % (1U << QUEUE_LOG2));

	dsb(sy);
	if (events)
		rt_print("= %s: %u events, 0x%lx of stream %lu at 0x%lx\n", what, events, e[0] & 0xff,
			 e[0] >> 32, e[2] < 0x100000 ? e[2] : UINT64_C(0xfff00000));
	else
		rt_print("= %s: no event\n", what);
	smmu.seen = prod;
	mmio_write(SMMU + SMMU_EVENTQ_CONS, prod);
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
	smmu_command(0x12 | ASID << 48, iova | 1);
	smmu_sync();
}

static void message_through_tables(void)
{
	unsigned msi = find(MSI);

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
			smmu_write64(random64() % 32 * 8, random64());
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
	smmu_tables();
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
	smmu_command(3 | (uint64_t)DEVICE_ID << 32, 1);
	smmu_sync();
	copy[0] = 1;
	move(EDU_BUFFER, IOVA_COPY, 4, true);
	move(EDU_BUFFER, (uint64_t)copy, 4, true);
	rt_print("= without an entry: %s\n", copy[0] == 1 ? "nothing" : "something");
	mmio_write(SMMU + SMMU_CR0, 0);
	inside();
}

void irq_edu_garbage(void)
{
	begin();
	smmu_tables();
	garbage();
	mmio_write(SMMU + SMMU_CR0, 0);
	smmu_write64(0x40, UINT64_C(0x80001000) << 32); /* GBPA: nothing is refused */
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
		rt_print("= after the reset: BAR 0x%x, command 0x%x, registers 0x%x\n", config(BAR0),
			 config(COMMAND) & 0xffff, mmio_read(PLACE));
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
