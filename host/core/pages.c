/*
 * Which physical memory is free?  A short list of free ranges, from which VMs take their RAM once, and a list of single
 * pages, which come and go.  Reads: pages.h.
 */
#include "host/core/pages.h"

#include <libfdt.h>
#include <string.h>

#include "host/core/mmu.h"
#include "host/core/places.h"
#include "host/machine/fdt.h"
#include "host/machine/spinlock.h"
#include "host/report/panic.h"

#define MAX_RANGES 64
/* Single pages are taken from the ranges in pieces of this size. */
#define CHUNK (UINT64_C(1) << 20)

struct range {
	uint64_t base, end;
};

struct free_page {
	struct free_page *next;
};

extern char image_start[], image_end[];

static struct range ranges[MAX_RANGES];
static unsigned range_count;
static struct free_page *free_pages;
static uint64_t total;
static struct spinlock lock = SPINLOCK_INIT(RANK_PAGES);

static void add_range(uint64_t base, uint64_t size, void *unused)
{
	(void)unused;
	if (range_count == MAX_RANGES)
		return;
	ranges[range_count++] = (struct range){ base, base + size };
	total += size;
}

/* Takes [base, end) out of range i, which may leave a second one. */
static void cut(unsigned i, uint64_t base, uint64_t end)
{
	struct range r = ranges[i];

	if (base >= r.end || end <= r.base)
		return;
	ranges[i].end = base > r.base ? base : r.base;
	if (end < r.end && range_count < MAX_RANGES)
		ranges[range_count++] = (struct range){ end, r.end };
}

static void reserve(uint64_t base, uint64_t size)
{
	uint64_t end = (base + size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);

	base &= ~(PAGE_SIZE - 1);
	if (end < base) /* all that there is behind it */
		end = UINT64_MAX;
	for (unsigned i = range_count; i-- > 0;)
		cut(i, base, end);
}

static void keep(const char *what, uint64_t base, uint64_t size)
{
	places_enter(what, base, size);
	reserve(base, size);
}

/*
 * The "reg" of a module has two cells of address and two of size even where the node above does not say so: QEMU's
 * guest-loader gives /chosen no #size-cells, whose default is 1.
 */
static void reserve_modules(const void *fdt, int node)
{
	int child, bytes;

	fdt_for_each_subnode(child, fdt, node) {
		const fdt64_t *reg = fdt_getprop(fdt, child, "reg", &bytes);

		if (reg && bytes == 2 * (int)sizeof(*reg))
			reserve(fdt64_ld(&reg[0]), fdt64_ld(&reg[1]));
		reserve_modules(fdt, child);
	}
}

static void reserve_regions(const void *fdt, int node)
{
	uint64_t base, size;
	int child;

	fdt_for_each_subnode(child, fdt, node) {
		for (unsigned i = 0; fdt_reg(fdt, child, i, &base, &size); i++)
			reserve(base, size);
	}
}

void pages_init(const void *fdt)
{
	uint64_t base, size;
	int node;

	fdt_each_memory(fdt, add_range, NULL);
	keep("firn itself", va_to_pa(image_start).val, (uint64_t)(image_end - image_start));
	keep("the device tree", va_to_pa(fdt).val, fdt_totalsize(fdt));
	for (int i = 0; i < fdt_num_mem_rsv(fdt); i++)
		if (fdt_get_mem_rsv(fdt, i, &base, &size) == 0)
			reserve(base, size);
	node = fdt_path_offset(fdt, "/reserved-memory");
	if (node >= 0)
		reserve_regions(fdt, node);
	node = fdt_path_offset(fdt, "/chosen");
	if (node >= 0)
		reserve_modules(fdt, node);
}

static bool take(unsigned i, uint64_t size, uint64_t align, pa_t *out)
{
	/* From the top, so that the large aligned pieces at the bottom stay whole for as long as may be. */
	uint64_t base;

	if (ranges[i].end - ranges[i].base < size)
		return false;
	base = (ranges[i].end - size) & ~(align - 1);
	if (base < ranges[i].base)
		return false;
	out->val = base;
	cut(i, base, base + size);
	return true;
}

static bool alloc_locked(uint64_t size, uint64_t align, pa_t *out)
{
	size = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	if (align < PAGE_SIZE)
		align = PAGE_SIZE;
	for (unsigned i = 0; i < range_count; i++)
		if (take(i, size, align, out))
			return true;
	return false;
}

bool memory_alloc(uint64_t size, uint64_t align, pa_t *out)
{
	bool done;

	spin_lock(&lock);
	done = alloc_locked(size, align, out);
	spin_unlock(&lock);
	return done;
}

static void push(pa_t page)
{
	struct free_page *p = pa_to_va(page);

	p->next = free_pages;
	free_pages = p;
}

static void refill(void)
{
	pa_t chunk;

	if (!alloc_locked(CHUNK, PAGE_SIZE, &chunk))
		return;
	for (uint64_t at = CHUNK; at; at -= PAGE_SIZE)
		push((pa_t){ chunk.val + at - PAGE_SIZE });
}

pa_t page_alloc(void)
{
	struct free_page *p;

	spin_lock(&lock);
	if (!free_pages)
		refill();
	p = free_pages;
	if (p)
		free_pages = p->next;
	spin_unlock(&lock);
	if (!p)
		return (pa_t){ 0 };
	memset(p, 0, PAGE_SIZE);
	return va_to_pa(p);
}

void page_free(pa_t page)
{
	spin_lock(&lock);
	push(page);
	spin_unlock(&lock);
}

uint64_t memory_total(void)
{
	return total;
}

uint64_t memory_left(void)
{
	uint64_t left = 0;

	for (unsigned i = 0; i < range_count; i++)
		left += ranges[i].end - ranges[i].base;
	return left;
}
