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

static void messages(void)
{
	unsigned msi = find(MSI), before;
	uint64_t translater = its_frame() + GITS_TRANSLATER;

	its_memory();
	its_on();
	lpis_on(0);
	its_map_device(DEVICE_ID, 4);
	its_map_collection(0, 0);
	its_map_event(DEVICE_ID, EVENT, LPI, 0);
	its_run();
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
