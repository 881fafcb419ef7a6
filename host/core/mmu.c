/*
 * What does L0 see of the machine?  Stage 1 of EL2&0, high half only: the low half, which boot needed, is empty
 * afterwards.  Reads: mmu.h, host/machine/layout.h.  Next: pages.c.
 */
#include "host/core/mmu.h"

#include <stddef.h>

#include "host/machine/fdt.h"
#include "host/machine/sysreg.h"
#include "host/report/panic.h"
#include "nv/arch/bits.h"
#include "nv/arch/fields.h"

#define ENTRIES 512
#define LEVELS 4
/* Tables for the linear map come from a fixed pool, since the page allocator needs the map first. */
#define POOL_TABLES 64

#define DESC_VALID BIT(0)
#define DESC_TABLE BIT(1) /* at level 3: page */
#define DESC_ATTR BITS(4, 2)
#define DESC_RO BIT(7)
#define DESC_SH_INNER (UINT64_C(3) << 8)
#define DESC_AF BIT(10)
#define DESC_PXN BIT(53)
#define DESC_UXN BIT(54)
#define DESC_ADDRESS BITS(47, 12)

#define NORMAL (field_put(DESC_ATTR, MAIR_NORMAL) | DESC_SH_INNER | DESC_AF | DESC_UXN)
#define DEVICE (field_put(DESC_ATTR, MAIR_DEVICE) | DESC_AF | DESC_UXN | DESC_PXN)
#define TEXT (NORMAL | DESC_RO)
#define RODATA (NORMAL | DESC_RO | DESC_PXN)
#define DATA (NORMAL | DESC_PXN)

#define STACK_PAGES 4
#define STACK_STRIDE (UINT64_C(8) * PAGE_SIZE)

extern char image_start[], text_end[], rodata_end[], image_end[];

uint64_t image_pa, mmu_root_pa;

static uint64_t pool[POOL_TABLES][ENTRIES] __attribute__((aligned(4096)));
static unsigned pool_used;
static char stacks[MAX_CPUS][2][STACK_PAGES * PAGE_SIZE] __attribute__((aligned(4096)));

pa_t va_to_pa(const void *va)
{
	uint64_t a = (uint64_t)va;

	return (pa_t){ a >= IMAGE_VA ? a - IMAGE_VA + image_pa : a - LINEAR_VA };
}

static uint64_t *new_table(void)
{
	if (pool_used == POOL_TABLES)
		stop("the memory and the devices of the device tree lie in too many pieces; L0 has %u tables to map them",
		     POOL_TABLES);
	return pool[pool_used++];
}

/* A table of the pool, from the descriptor that points to it. */
static uint64_t *table_of(uint64_t desc)
{
	return (uint64_t *)((desc & DESC_ADDRESS) - image_pa + IMAGE_VA);
}

static uint64_t *root(void)
{
	if (!pool_used)
		mmu_root_pa = va_to_pa(new_table()).val;
	return pool[0];
}

static unsigned shift_of(unsigned level)
{
	return PAGE_SHIFT + 9 * (LEVELS - 1 - level);
}

/* One leaf at va, as large as alignment and size allow; returns its size. */
static uint64_t map_one(uint64_t va, uint64_t pa, uint64_t size, uint64_t attributes)
{
	uint64_t *table = root();

	for (unsigned level = 0;; level++) {
		uint64_t bytes = BIT(shift_of(level));
		uint64_t *slot = &table[va >> shift_of(level) & (ENTRIES - 1)];

		if (level >= 1 && !(*slot & DESC_VALID) && size >= bytes && !((va | pa) & (bytes - 1))) {
			*slot = pa | attributes | DESC_VALID | (level == LEVELS - 1 ? DESC_TABLE : 0);
			return bytes;
		}
		if (!(*slot & DESC_VALID))
			*slot = va_to_pa(new_table()).val | DESC_VALID | DESC_TABLE;
		table = table_of(*slot);
	}
}

static void map(uint64_t va, uint64_t pa, uint64_t size, uint64_t attributes)
{
	while (size) {
		uint64_t done = map_one(va, pa, size, attributes);

		va += done;
		pa += done;
		size -= done;
	}
}

static void map_image(const char *from, const char *to, uint64_t attributes)
{
	map((uint64_t)from, va_to_pa(from).val, (uint64_t)(to - from), attributes);
}

/* Without the image, whose text would be writable here. */
static void map_ram(uint64_t base, uint64_t size, void *unused)
{
	uint64_t end = base + size, image_end_pa = va_to_pa(image_end).val;

	(void)unused;
	if (image_pa >= end || image_end_pa <= base) {
		map(LINEAR_VA + base, base, size, DATA);
		return;
	}
	map(LINEAR_VA + base, base, image_pa - base, DATA);
	map(LINEAR_VA + image_end_pa, image_end_pa, end - image_end_pa, DATA);
}

void mmu_init(void)
{
	map_image(image_start, text_end, TEXT);
	map_image(text_end, rodata_end, RODATA);
	map_image(rodata_end, image_end, DATA);
	dsb_ish();
	mmu_switch_root(mmu_root_pa, image_pa);
}

static uint64_t *leaf_of(uint64_t va)
{
	uint64_t *table = root();

	for (unsigned level = 0;; level++) {
		uint64_t *slot = &table[va >> shift_of(level) & (ENTRIES - 1)];

		if (level == LEVELS - 1 || !(*slot & DESC_TABLE))
			return slot;
		table = table_of(*slot);
	}
}

void mmu_alias_text(bool there)
{
	uint64_t va = LINEAR_VA + image_pa, bytes = (uint64_t)(text_end - image_start);

	if (there)
		map(va, image_pa, bytes, DATA);
	for (uint64_t page = va; !there && page < va + bytes; page += PAGE_SIZE)
		*leaf_of(page) = 0;
	dsb_ish();
	tlbi_alle2();
	dsb_ish();
	isb();
}

void mmu_map_memory(const void *fdt)
{
	fdt_each_memory(fdt, map_ram, NULL);
	dsb_ish();
	isb();
}

volatile void *mmu_map_device(pa_t pa, uint64_t size)
{
	uint64_t from = pa.val & ~(PAGE_SIZE - 1);

	map(LINEAR_VA + from, from, (pa.val + size - from + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1), DEVICE);
	dsb_ish();
	isb();
	return pa_to_va(pa);
}

uint64_t mmu_map_stack(unsigned cpu, unsigned which)
{
	uint64_t va = STACKS_VA + (2 * cpu + which) * STACK_STRIDE + PAGE_SIZE;

	map(va, va_to_pa(stacks[cpu][which]).val, sizeof(stacks[cpu][which]), DATA);
	dsb_ish();
	isb();
	return va + sizeof(stacks[cpu][which]);
}
