/* Which physical addresses does the device tree give to whom?  Reads: places.h.  Next: host/core/pages.c. */
#include "host/core/places.h"

#include <stddef.h>

#include "host/machine/fdt.h"
#include "host/report/panic.h"
#include "nv/arch/bits.h"

#define MAX_PLACES 160
#define MAX_RAM 32
#define LINEAR_END BIT(47)

struct place {
	uint64_t base, size;
	const char *owner;
	bool is_module;
};

static struct place places[MAX_PLACES];
static unsigned count;

static bool wraps(uint64_t base, uint64_t size)
{
	return base + size < base;
}

/* Neither wraps. */
static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a < b + b_size && b < a + a_size;
}

static const struct place *find(uint64_t base, uint64_t size)
{
	for (unsigned i = 0; i < count; i++)
		if (overlap(places[i].base, places[i].size, base, size))
			return &places[i];
	return NULL;
}

/* --- RAM --- */

struct ram {
	unsigned count;
	struct place piece[MAX_RAM];
	uint64_t end;
};

static void check_piece(uint64_t base, uint64_t size, void *context)
{
	struct ram *ram = context;
	const struct place *other = find(base, size);

	if (base + size > ram->end)
		stop("the device tree has memory up to %lx, but this CPU addresses %lx bytes; give less",
		     base + size, ram->end);
	if (other)
		stop("the device tree has memory at %lx, where %s is at %lx", base, other->owner,
		     other->base);
	if (ram->count == MAX_RAM)
		stop("the device tree has memory in more than %u pieces", MAX_RAM);
	for (unsigned i = 0; i < ram->count; i++)
		if (overlap(ram->piece[i].base, ram->piece[i].size, base, size))
			stop("the device tree has the memory at %lx twice", base);
	ram->piece[ram->count++] = (struct place){ .base = base, .size = size };
}

void places_check_memory(const void *fdt, uint64_t fdt_pa, uint64_t end)
{
	struct ram ram = { .end = end < LINEAR_END ? end : LINEAR_END };

	fdt_each_memory(fdt, check_piece, &ram);
	if (!ram.count)
		stop("the device tree has no memory node");
	if (!places_is_ram(fdt, fdt_pa, fdt_bytes(fdt)))
		stop("the device tree is at %lx, which is not in the memory that it names", fdt_pa);
}

struct question {
	uint64_t base, size;
	bool is_inside, is_touched;
};

static void ask(uint64_t base, uint64_t size, void *context)
{
	struct question *q = context;

	q->is_inside |= q->base >= base && q->base - base < size && size - (q->base - base) >= q->size;
	q->is_touched |= wraps(q->base, q->size) || overlap(base, size, q->base, q->size);
}

bool places_is_ram(const void *fdt, uint64_t base, uint64_t size)
{
	struct question q = { .base = base, .size = size };

	fdt_each_memory(fdt, ask, &q);
	return q.is_inside;
}

bool places_touches_ram(const void *fdt, uint64_t base, uint64_t size)
{
	struct question q = { .base = base, .size = size };

	fdt_each_memory(fdt, ask, &q);
	return q.is_touched;
}

/* --- who is where --- */

static void enter(struct place p)
{
	const struct place *other = find(p.base, p.size);

	if (other)
		stop("%s: it is at %lx, where %s is already; put it elsewhere", p.owner, p.base,
		     other->owner);
	if (count == MAX_PLACES)
		panic("more than %u places", MAX_PLACES);
	places[count++] = p;
}

void places_enter(const char *owner, uint64_t base, uint64_t size)
{
	enter((struct place){ base, size, owner, false });
}

void places_enter_device(const void *fdt, const char *owner, uint64_t base, uint64_t size, uint64_t least)
{
	if (size < least || wraps(base, size) || base + size > LINEAR_END ||
	    places_touches_ram(fdt, base, size))
		stop("%s: %lx bytes at %lx cannot be its registers", owner, size, base);
	enter((struct place){ base, size, owner, false });
}

void places_enter_module(const char *name, uint64_t base, uint64_t size)
{
	for (unsigned i = 0; i < count; i++)
		if (places[i].is_module && places[i].base == base && places[i].size == size)
			return;
	enter((struct place){ base, size, name, true });
}
