/* How do messages of the machine's devices become interrupts?  Reads: its.h. Registers: Arm IHI0069. */
#include "host/core/its.h"

#include <libfdt.h>
#include <string.h>

#include "host/core/gic.h"
#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "host/core/places.h"
#include "host/machine/cpu.h"
#include "host/machine/fdt.h"
#include "host/machine/reg.h"
#include "host/machine/spinlock.h"
#include "host/machine/sysreg.h"
#include "host/report/print.h"
#include "nv/arch/intid.h"
#include "nv/arch/its.h"

#define GITS_CTLR 0x0000
#define GITS_TYPER 0x0008
#define GITS_CBASER 0x0080
#define GITS_CWRITER 0x0088
#define GITS_CREADR 0x0090
#define GITS_BASER 0x0100
#define GITS_BYTES 0x20000
#define TRANSLATER_FRAME 0x10000

#define CTLR_ENABLED BIT(0)
#define CTLR_QUIESCENT BIT(31)
#define TYPER_ITT_ENTRY_SIZE BITS(7, 4)
#define BASE_CACHED (ITS_VALID | BIT(59) * 7 | BIT(10)) /* Valid; write-back, allocating; inner shareable */
#define BASER_TYPE BITS(58, 56)
#define BASER_DEVICES 1
#define BASER_COLLECTIONS 4
#define BASER_PAGE_SIZE BITS(9, 8)
#define BASERS 8
#define TABLE_BYTES \
	UINT64_C(0x10000) /* of devices and collections: entries of 8 bytes for more than a bus has */
#define COMMANDS 128	  /* a page */
#define READR BITS(19, 5)
#define TRIES 10000000

/* A byte of the configuration table. L0's own timers and IPIs, whose priority is 0xa0, come first however many messages there are. */
#define LPI_CONFIG 0xb1
#define LPI_ENABLE 1
#define LPI_BITS 14 /* of an INTID */
#define CONFIG_BYTES ((UINT64_C(1) << LPI_BITS) - INTID_FIRST_LPI)

static struct {
	volatile uint8_t *regs;
	pa_t pa;
	uint32_t phandle;
	uint64_t typer;
	struct its_command *commands;
	unsigned next; /* command */
	uint8_t *config;
	unsigned mapped; /* LPIs */
	const char *why_not;
	bool started;
	struct spinlock lock; /* of the commands: boot is alone, and takes none */
} its = { .why_not = "the machine has no GICv3 ITS", .lock = SPINLOCK_INIT(RANK_ITS) };

/* --- commands --- */

/* False: the ITS does not carry it out. */
static bool send(struct its_command c)
{
	uint64_t after;

	its.commands[its.next] = c;
	its.next = (its.next + 1) % COMMANDS;
	after = its.next * sizeof(c);
	dsb_sy();
	*reg64(its.regs, GITS_CWRITER) = after;
	for (unsigned i = 0; i < TRIES; i++)
		if ((*reg64(its.regs, GITS_CREADR) & (READR | 1)) == after)
			return true;
	return false;
}

static uint64_t rdbase(unsigned index)
{
	return its_rdbase(its.typer, gic_redistributor(index), gic_redistributor_typer(index));
}

/* --- tables --- */

static void *zeroes(uint64_t bytes)
{
	pa_t pa;

	if (!memory_alloc(bytes, bytes, &pa))
		return NULL;
	return memset(pa_to_va(pa), 0, bytes);
}

/* The page size that the register keeps may be another one than it is given. */
static bool set_baser(unsigned n)
{
	static const uint64_t page[] = { 0x1000, 0x4000, 0x10000, 0x10000 };
	volatile uint64_t *reg = reg64(its.regs, GITS_BASER + 8 * n);
	uint64_t type = field_get(BASER_TYPE, *reg);
	void *table;

	if (type != BASER_DEVICES && type != BASER_COLLECTIONS)
		return true;
	table = zeroes(TABLE_BYTES);
	if (!table)
		return false;
	*reg = 0;
	*reg = BASE_CACHED | va_to_pa(table).val |
	       (TABLE_BYTES / page[field_get(BASER_PAGE_SIZE, *reg)] - 1) | (*reg & BASER_PAGE_SIZE);
	return true;
}

static bool make_tables(void)
{
	for (unsigned n = 0; n < BASERS; n++)
		if (!set_baser(n))
			return false;
	its.commands = zeroes(PAGE_SIZE);
	its.config = zeroes(CONFIG_BYTES);
	if (!its.commands || !its.config)
		return false;
	*reg64(its.regs, GITS_CBASER) = BASE_CACHED | va_to_pa(its.commands).val;
	*reg64(its.regs, GITS_CWRITER) = 0;
	return true;
}

static const char *start_cpu(unsigned index)
{
	void *pending = zeroes(TABLE_BYTES);

	if (!pending)
		return "no memory left for tables of LPIs; start QEMU with a larger -m";
	if (!gic_enable_lpis(index, va_to_pa(its.config), LPI_BITS, va_to_pa(pending)))
		return "the machine's redistributors have no LPIs";
	return send(its_mapc((uint16_t)index, rdbase(index))) && send(its_sync(rdbase(index))) ?
		       NULL :
		       "the ITS does not answer";
}

static const char *start(void)
{
	const char *wrong = NULL;

	*reg32(its.regs, GITS_CTLR) = 0;
	for (unsigned i = 0; !(*reg32(its.regs, GITS_CTLR) & CTLR_QUIESCENT); i++)
		if (i == TRIES)
			return "the ITS does not answer";
	its.typer = *reg64(its.regs, GITS_TYPER);
	if (!make_tables())
		return "no memory left for the ITS's tables; start QEMU with a larger -m";
	dsb_sy();
	*reg32(its.regs, GITS_CTLR) = (uint32_t)CTLR_ENABLED;
	for (unsigned i = 0; i < cpu_count() && !wrong; i++)
		wrong = start_cpu(i);
	return wrong;
}

/* An ITS is a child of the GIC. */
static int find(const void *fdt)
{
	return fdt_compatible(fdt, "arm,gic-v3-its");
}

const char *its_start(const void *fdt)
{
	int node = find(fdt);
	uint64_t base, size;

	if (its.started || node < 0 || !fdt_reg(fdt, node, 0, &base, &size))
		return its.why_not;
	its.started = true;
	places_enter_device(fdt, "the ITS", base, size, GITS_BYTES);
	its.regs = mmu_map_device((pa_t){ base }, GITS_BYTES);
	its.pa.val = base;
	its.phandle = fdt_get_phandle(fdt, node);
	its.why_not = start();
	return its.why_not;
}

uint32_t its_phandle(void)
{
	return its.phandle;
}

pa_t its_doorbell(void)
{
	return (pa_t){ its.why_not ? 0 : its.pa.val + TRANSLATER_FRAME };
}

bool its_map(uint32_t device, unsigned count, unsigned index, uint32_t *lpi)
{
	uint64_t entry = field_get(TYPER_ITT_ENTRY_SIZE, its.typer) + 1;
	unsigned bits = 1;
	void *itt;

	while (1U << bits < count)
		bits++;
	itt = zeroes((entry << bits) < PAGE_SIZE ? PAGE_SIZE : entry << bits);
	if (!itt || its.mapped + count > ITS_LPIS || !send(its_mapd(device, bits, va_to_pa(itt))))
		return false;
	*lpi = INTID_FIRST_LPI + its.mapped;
	memset(&its.config[its.mapped], LPI_CONFIG, count);
	dsb_sy();
	for (unsigned i = 0; i < count; i++)
		if (!send(its_mapti(device, i, *lpi + i, (uint16_t)index)) || !send(its_inv(device, i)))
			return false;
	its.mapped += count;
	return send(its_sync(rdbase(index)));
}

/* Without GITS_CTLR.Enabled no message becomes an interrupt. */
static __attribute__((cold)) void give_up(void)
{
	if (its.why_not)
		return;
	its.why_not = "the ITS does not carry out commands";
	*reg32(its.regs, GITS_CTLR) = 0;
	print("firn: %s; no device's messages come any more\n", its.why_not);
}

void its_enable(uint32_t lpi, unsigned count, unsigned index, bool enabled)
{
	spin_lock(&its.lock);
	for (unsigned i = 0; i < count; i++)
		its.config[lpi - INTID_FIRST_LPI + i] = enabled ? LPI_CONFIG : LPI_CONFIG & ~LPI_ENABLE;
	if (!its.why_not && !(send(its_invall((uint16_t)index)) && send(its_sync(rdbase(index)))))
		give_up();
	spin_unlock(&its.lock);
}
