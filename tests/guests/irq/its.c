/* How are commands given to the ITS, and LPIs taken?  Reads: its.h.  Next: lpi.c. */
#include "tests/guests/irq/its.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"

#define GICR_CTLR 0x0
#define GICR_CTLR_RWP BIT(3)
#define GICR_PROPBASER 0x70
#define GICR_PENDBASER 0x78
#define GICR_CACHEABLE BITS(9, 7)
#define INTID_BITS 14
#define GITS_CACHEABLE BITS(61, 59)
#define GITS_BASER_64K field_put(BITS(9, 8), 2)
#define INNER_SHAREABLE BIT(10)
#define GITS_CTLR_QUIESCENT BIT(31)
#define TABLES 8
#define PAGES_64K 16

volatile uint64_t *its_queue;
volatile uint8_t *its_config;
volatile uint8_t lpi_taken[ITS_LPIS], lpi_taken_by[ITS_LPIS];
volatile uint32_t lpi_order[ITS_LPIS], lpi_orders;

static uint8_t *pending[ITS_CPUS];
static uint32_t cwriter;
static volatile bool stop, ready, hold, held;
static volatile uint32_t second_highest; /* while held */

static uint64_t read64(uint64_t address)
{
	uint64_t value;

	__asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static void write64(uint64_t address, uint64_t value)
{
	__asm__ volatile("str %0, [%1]" ::"r"(value), "r"(address) : "memory");
}

uint64_t its_frame(void)
{
	return rt_machine()->gicd + GIC_ITS_OFFSET;
}

uint64_t its_read64(uint64_t offset)
{
	return read64(its_frame() + offset);
}

void its_write64(uint64_t offset, uint64_t value)
{
	write64(its_frame() + offset, value);
}

/* --- commands --- */

void its_put(uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3)
{
	volatile uint64_t *at = its_queue + cwriter / 8;

	at[0] = w0;
	at[1] = w1;
	at[2] = w2;
	at[3] = w3;
	cwriter = (cwriter + 32) % ITS_QUEUE_BYTES;
}

void its_put_event(enum its_command c, uint32_t device, uint32_t event, uint32_t collection)
{
	its_put((uint64_t)device << 32 | c, event, collection, 0);
}

/* The ITT has to be empty: it is new each time. */
void its_map_device(uint32_t device, unsigned event_bits)
{
	uint64_t entry = field_get(BITS(7, 4), its_read64(GITS_TYPER)) + 1;
	uint64_t pages = ((entry << event_bits) + 4095) / 4096;

	its_put((uint64_t)device << 32 | MAPD, event_bits - 1, ITS_VALID | (uint64_t)rt_pages(pages, 4096),
		0);
}

void its_map_collection(uint32_t collection, unsigned cpu)
{
	its_put(MAPC, 0, ITS_VALID | (uint64_t)cpu << 16 | collection, 0);
}

void its_map_event(uint32_t device, uint32_t event, uint32_t lpi, uint32_t collection)
{
	its_put((uint64_t)device << 32 | MAPTI, (uint64_t)lpi << 32 | event, collection, 0);
}

void its_run(void)
{
	for (uint64_t cpu = 0; cpu < ITS_CPUS; cpu++)
		its_put(SYNC, 0, cpu << 16, 0);
	dsb(sy);
	its_write64(GITS_CWRITER, cwriter);
	while (its_read64(GITS_CREADR) != cwriter)
		;
}

/* --- on and off --- */

void its_memory(void)
{
	its_config = rt_pages(PAGES_64K, 65536);
	its_queue = rt_pages(ITS_QUEUE_PAGES, 65536);
	for (unsigned i = 0; i < ITS_CPUS; i++)
		pending[i] = rt_pages(PAGES_64K, 65536);
	for (unsigned i = 0; i < ITS_LPIS; i++)
		its_config[i] = LPI_ENABLED | LPI_PRIORITY;
}

void its_off(void)
{
	mmio_write(its_frame() + GITS_CTLR, 0);
	while (!(mmio_read(its_frame() + GITS_CTLR) & GITS_CTLR_QUIESCENT))
		;
}

void its_on(void)
{
	its_off();
	for (unsigned n = 0; n < TABLES; n++) /* Type 0: there is no such table */
		if (field_get(BITS(58, 56), its_read64(GITS_BASER + 8 * n)))
			its_write64(GITS_BASER + 8 * n, (uint64_t)rt_pages(PAGES_64K, 65536) | ITS_VALID |
								GITS_CACHEABLE | INNER_SHAREABLE |
								GITS_BASER_64K);
	its_write64(GITS_CBASER, (uint64_t)its_queue | ITS_VALID | GITS_CACHEABLE | INNER_SHAREABLE |
					 (ITS_QUEUE_PAGES - 1));
	its_write64(GITS_CWRITER, 0);
	cwriter = 0;
	mmio_write(its_frame() + GITS_CTLR, 1);
}

void lpis_on(unsigned self)
{
	uint64_t rd = gic_redistributor(self);

	gic_on();
	write64(rd + GICR_PROPBASER,
		(uint64_t)its_config | (INTID_BITS - 1) | INNER_SHAREABLE | GICR_CACHEABLE);
	write64(rd + GICR_PENDBASER, (uint64_t)pending[self] | INNER_SHAREABLE | GICR_CACHEABLE);
	mmio_write(rd + GICR_CTLR, 1);
}

void lpis_disable(unsigned cpu)
{
	mmio_write(gic_redistributor(cpu) + GICR_CTLR, 0);
	while (mmio_read(gic_redistributor(cpu) + GICR_CTLR) & GICR_CTLR_RWP)
		;
	dsb(sy);
}

void lpis_enable(unsigned cpu)
{
	dsb(sy);
	mmio_write(gic_redistributor(cpu) + GICR_CTLR, 1);
}

void lpi_pend_in_table(unsigned cpu, uint32_t lpi)
{
	pending[cpu][lpi / 8] |= (uint8_t)(1U << lpi % 8);
}

bool lpi_is_in_table(unsigned cpu, uint32_t lpi)
{
	return *(volatile uint8_t *)&pending[cpu][lpi / 8] >> lpi % 8 & 1;
}

/* --- what comes --- */

void lpis_take(unsigned self)
{
	for (uint32_t intid = gic_take(); intid != 1023; intid = gic_take()) {
		if (intid < ITS_FIRST_LPI || intid >= ITS_FIRST_LPI + ITS_LPIS)
			rt_fail("INTID %u came", intid);
		lpi_order[lpi_orders++ % ITS_LPIS] = intid;
		lpi_taken_by[intid - ITS_FIRST_LPI] = (uint8_t)self;
		dsb(ishst);
		lpi_taken[intid - ITS_FIRST_LPI]++;
	}
}

void lpis_forget(void)
{
	for (unsigned i = 0; i < ITS_LPIS; i++)
		lpi_taken[i] = 0;
	lpi_orders = 0;
}

static void second(unsigned self)
{
	lpis_on(self);
	ready = true;
	while (!stop) {
		if (hold)
			second_highest = (uint32_t)read_sysreg(ICC_HPPIR1_EL1);
		else
			lpis_take(self);
		held = hold;
	}
}

static void hold_second(bool on)
{
	hold = on;
	while (held != on)
		__asm__ volatile("yield");
}

void lpis_hold_second(void)
{
	hold_second(true);
}

void lpis_wait_second(uint32_t lpi)
{
	while (second_highest != lpi)
		__asm__ volatile("yield");
}

void lpis_let_second(void)
{
	hold_second(false);
}

void lpis_start_second(void)
{
	stop = ready = false;
	if (smp_start(1, second))
		rt_fail("CPU_ON");
	while (!ready)
		__asm__ volatile("yield");
}

void lpis_stop_second(void)
{
	stop = true;
	smp_join();
}
