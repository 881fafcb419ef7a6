/* Does each LPI of the ITS come once, and where it was sent?  Reads: irq.h. IHI0069 has the commands. */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"

#define FIRST 8192U
#define LPIS 1024U
#define GITS_CTLR 0x0
#define GITS_TYPER 0x8
#define GITS_CBASER 0x80
#define GITS_CWRITER 0x88
#define GITS_CREADR 0x90
#define GITS_TRANSLATER 0x10040
#define GICR_CTLR 0x0
#define GICR_PROPBASER 0x70
#define GICR_PENDBASER 0x78
#define PENDBASER_PTZ BIT(62)
#define VALID BIT(63)
#define INNER_SHAREABLE BIT(10)
#define CACHEABLE BITS(61, 59)
#define GICR_CACHEABLE BITS(9, 7)
#define QUEUE_PAGES 16
#define QUEUE_BYTES (QUEUE_PAGES * 4096U)
#define ENABLED 1
#define PRIORITY 0xa0
#define ABOVE 0x60

enum command {
	MOVI = 1,
	INT = 3,
	CLEAR = 4,
	SYNC = 5,
	MAPD = 8,
	MAPC = 9,
	MAPTI = 10,
	INV = 12,
	INVALL = 13,
	MOVALL = 14,
	DISCARD = 15
};

#define DEVICE 7

static volatile uint8_t taken[LPIS], taken_by[LPIS];
static volatile uint8_t *config;
static volatile uint64_t *queue;
static uint8_t *pending[2];
static uint32_t cwriter;
static volatile bool stop, ready;
static volatile uint32_t order[LPIS], orders;

static uint64_t its(void)
{
	return rt_machine()->gicd + GIC_ITS_OFFSET;
}

static void mmio_write64(uint64_t address, uint64_t value)
{
	__asm__ volatile("str %0, [%1]" ::"r"(value), "r"(address) : "memory");
}

static uint64_t mmio_read64(uint64_t address)
{
	uint64_t value;

	__asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

/* --- commands --- */

static void put(uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3)
{
	volatile uint64_t *at = queue + cwriter / 8;

	at[0] = w0;
	at[1] = w1;
	at[2] = w2;
	at[3] = w3;
	cwriter = (cwriter + 32) % QUEUE_BYTES;
}

static void put_event(enum command c, uint32_t event)
{
	put((uint64_t)DEVICE << 32 | c, event, 0, 0);
}

/* Runs what was put, and waits for it. */
static void run(void)
{
	put(SYNC, 0, 0, 0);
	put(SYNC, 0, UINT64_C(1) << 16, 0);
	dsb(sy);
	mmio_write64(its() + GITS_CWRITER, cwriter);
	while (mmio_read64(its() + GITS_CREADR) != cwriter)
		;
}

/* --- both vCPUs --- */

static void lpis_on(unsigned self)
{
	uint64_t rd = gic_redistributor(self);

	gic_on();
	mmio_write64(rd + GICR_PROPBASER, (uint64_t)config | 13 | INNER_SHAREABLE | GICR_CACHEABLE);
	mmio_write64(rd + GICR_PENDBASER,
		     (uint64_t)pending[self] | PENDBASER_PTZ | INNER_SHAREABLE | GICR_CACHEABLE);
	mmio_write(rd + GICR_CTLR, 1);
}

/* Everything that is pending here, in the order in which it comes. */
static void take_all(unsigned self)
{
	for (uint32_t intid = gic_take(); intid != 1023; intid = gic_take()) {
		if (intid < FIRST || intid >= FIRST + LPIS)
			rt_fail("INTID %u came", intid);
		order[orders++ % LPIS] = intid;
		taken_by[intid - FIRST] = (uint8_t)self;
		dsb(ishst);
		taken[intid - FIRST]++;
	}
}

static void second(unsigned self)
{
	lpis_on(self);
	ready = true;
	while (!stop)
		take_all(self);
}

static void forget(void)
{
	for (unsigned i = 0; i < LPIS; i++)
		taken[i] = 0;
	orders = 0;
}

/* LPIs from first on, that are wanted once and no others: the time is that of the second vCPU, which may share the CPU. */
static void expect_taken(const char *what, uint32_t first, uint32_t count, unsigned by)
{
	uint64_t end = read_sysreg(CNTPCT_EL0) + 20 * read_sysreg(CNTFRQ_EL0);
	unsigned sum;

	do {
		take_all(0);
		sum = 0;
		for (unsigned i = 0; i < count; i++)
			sum += taken[first + i] != 0;
	} while (sum < count && read_sysreg(CNTPCT_EL0) < end);
	for (unsigned i = 0; i < LPIS; i++) {
		bool wanted = i >= first && i < first + count;

		if (taken[i] != wanted || (wanted && by < 2 && taken_by[i] != by))
			rt_fail("%s: LPI %u taken %u times, by vCPU %u", what, FIRST + i, taken[i],
				taken_by[i]);
	}
	forget();
}

/* --- what is tried --- */

/* Each event for the vCPU of its number's lowest bit. */
static void map_all(void)
{
	put(MAPC, 0, VALID | 0, 0);
	put(MAPC, 0, VALID | UINT64_C(1) << 16 | 1, 0);
	put((uint64_t)DEVICE << 32 | MAPD, 9, VALID | (uint64_t)pending[0], 0);
	for (uint64_t i = 0; i < LPIS; i++)
		put((uint64_t)DEVICE << 32 | MAPTI, (FIRST + i) << 32 | i, i & 1, 0);
	run();
}

static void many(void)
{
	for (unsigned i = 0; i < LPIS; i++)
		put_event(INT, i);
	run();
	expect_taken("INT", 0, LPIS, 2);
	for (unsigned i = 0; i < LPIS; i++)
		if (taken_by[i] != (i & 1))
			rt_fail("INT: LPI %u taken by vCPU %u", FIRST + i, taken_by[i]);
}

static void move(void)
{
	for (unsigned i = 0; i < 64; i++)
		put((uint64_t)DEVICE << 32 | MOVI, i, 1, 0);
	for (unsigned i = 0; i < 64; i++)
		put_event(INT, i);
	run();
	expect_taken("MOVI", 0, 64, 1);
	/* Pending here, while IRQs are not taken: they go along. */
	for (unsigned i = 0; i < 64; i++)
		put((uint64_t)DEVICE << 32 | MOVI, i, 0, 0);
	for (unsigned i = 0; i < 64; i++)
		put_event(INT, i);
	run();
	put(MOVALL, 0, 0, UINT64_C(1) << 16);
	run();
	expect_taken("MOVALL", 0, 64, 1);
}

static void take_back(void)
{
	for (unsigned i = 0; i < 64; i++)
		put_event(INT, i);
	for (unsigned i = 0; i < 32; i++)
		put_event(CLEAR, i);
	run();
	expect_taken("CLEAR", 32, 32, 0);
	for (unsigned i = 0; i < 64; i++)
		put_event(INT, i);
	run();
	for (unsigned i = 32; i < 64; i++)
		put_event(DISCARD, i);
	run();
	for (unsigned i = 32; i < 64; i++)
		put_event(INT, i);
	run();
	expect_taken("DISCARD", 0, 32, 0);
	for (uint64_t i = 32; i < 64; i++)
		put((uint64_t)DEVICE << 32 | MAPTI, (FIRST + i) << 32 | i, 0, 0);
	run();
}

/* A disabled LPI waits; a priority makes the one that has it the first. */
static void reconfigure(void)
{
	for (unsigned i = 0; i < 16; i++) {
		config[i] = PRIORITY;
		put_event(INV, i);
		put_event(INT, i);
	}
	run();
	expect_taken("disabled", 0, 0, 0);
	for (unsigned i = 0; i < 16; i++)
		config[i] = ENABLED | (i == 9 ? ABOVE : PRIORITY);
	put(INVALL, 0, 0, 0);
	run();
	take_all(0);
	if (order[0] != FIRST + 9)
		rt_fail("LPI %u came first, not that of the highest priority", order[0]);
	expect_taken("INVALL", 0, 16, 0);
}

/* The first vCPU's store to GITS_TRANSLATER is device 0's. */
static void translate(void)
{
	put(MAPD, 3, VALID | (uint64_t)pending[0], 0);
	put((uint64_t)DEVICE << 32 | DISCARD, 1000, 0, 0);
	put(MAPTI, (uint64_t)(FIRST + 1000) << 32 | 5, 1, 0);
	run();
	mmio_write(its() + GITS_TRANSLATER, 5);
	expect_taken("GITS_TRANSLATER", 1000, 1, 1);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Whole pages of random commands, of which many mean something; registers as well. Whatever comes is taken. */
static void hostile(void)
{
	uint64_t state = 0x5eed;

	for (unsigned round = 0; round < 200; round++) {
		for (unsigned i = 0; i < QUEUE_BYTES / 8; i++)
			queue[i] = next_random(&state) & (i % 4 ? VALID | 0x2010f : UINT64_C(0x70000000f));
		for (unsigned i = 0; i < 20; i++)
			queue[next_random(&state) % (QUEUE_BYTES / 8)] = next_random(&state);
		dsb(sy);
		mmio_write64(its() + GITS_CWRITER, next_random(&state) & 0xffffe0);
		for (unsigned i = 0; i < 8; i++)
			mmio_write64(its() + (next_random(&state) & 0x1ff8), next_random(&state));
		mmio_write(its() + GITS_TRANSLATER, (uint32_t)next_random(&state) & 7);
		mmio_write64(its() + GITS_CBASER, (uint64_t)queue | VALID | (QUEUE_PAGES - 1));
		mmio_write(its() + GITS_CTLR, 1);
		while (gic_take() != 1023)
			;
	}
}

static void its_on(void)
{
	mmio_write(its() + GITS_CTLR, 0);
	mmio_write64(its() + 0x100, 0); /* GITS_BASER0 and 1: what was mapped is forgotten */
	mmio_write64(its() + 0x108, 0);
	mmio_write64(its() + GITS_CBASER,
		     (uint64_t)queue | VALID | CACHEABLE | INNER_SHAREABLE | (QUEUE_PAGES - 1));
	mmio_write64(its() + GITS_CWRITER, 0);
	cwriter = 0;
	mmio_write(its() + GITS_CTLR, 1);
}

void irq_lpi(void)
{
	config = rt_pages(16, 65536);
	queue = rt_pages(QUEUE_PAGES, 65536);
	for (unsigned i = 0; i < 2; i++)
		pending[i] = rt_pages(16, 65536);
	for (unsigned i = 0; i < LPIS; i++)
		config[i] = ENABLED | PRIORITY;
	if (!(mmio_read(rt_machine()->gicd + 4) & BIT(17)))
		rt_fail("GICD_TYPER says that there are no LPIs");
	lpis_on(0);
	if (smp_start(1, second))
		rt_fail("CPU_ON");
	while (!ready)
		__asm__ volatile("yield");
	its_on();
	map_all();
	many();
	move();
	take_back();
	reconfigure();
	translate();
	stop = true;
	smp_join();
	hostile();
	stop = ready = false;
	for (unsigned i = 0; i < LPIS; i++)
		config[i] = ENABLED | PRIORITY;
	its_on();
	while (gic_take() != 1023)
		;
	if (smp_start(1, second))
		rt_fail("CPU_ON after the random commands");
	while (!ready)
		__asm__ volatile("yield");
	map_all();
	/* What the random commands left pending comes now, at either vCPU. */
	put(INVALL, 0, 0, 0);
	run();
	for (unsigned i = 0; i < LPIS; i++)
		put_event(CLEAR, i);
	run();
	take_all(0);
	forget();
	many();
	stop = true;
	smp_join();
}
