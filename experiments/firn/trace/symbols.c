/* Which function of L1 is at an address?  Reads: symbols.h. */
#include "experiments/firn/trace/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"

/* --- addresses --- */

/* Where the address is, or the empty slot where it would be: at most half of the slots are in use. */
static size_t place_of(const struct addresses *set, uint64_t address)
{
	size_t at = (size_t)(address * UINT64_C(0x9e3779b97f4a7c15)) & (set->slots - 1);

	while (set->slot[at] && set->slot[at] != address)
		at = (at + 1) & (set->slots - 1);
	return at;
}

static void rehash(struct addresses *set)
{
	struct addresses old = *set;

	set->slots = old.slots ? old.slots * 2 : 1024;
	set->slot = grow(NULL, set->slots, sizeof(set->slot[0]));
	memset(set->slot, 0, set->slots * sizeof(set->slot[0]));
	for (size_t i = 0; i < old.slots; i++)
		if (old.slot[i])
			set->slot[place_of(set, old.slot[i])] = old.slot[i];
	free(old.slot);
}

/* 0 is no address, and what an empty slot has. */
void addresses_add(struct addresses *set, uint64_t address)
{
	size_t at;

	if (!address)
		return;
	if (2 * set->count >= set->slots)
		rehash(set);
	at = place_of(set, address);
	set->count += !set->slot[at];
	set->slot[at] = address;
}

void addresses_free(struct addresses *set)
{
	free(set->slot);
	*set = (struct addresses){ .slot = NULL };
}

/* --- symbols --- */

/* The name is copied. symbols_sort before the next symbols_find. */
void symbols_add(struct symbols *symbols, uint64_t address, const char *name)
{
	if (symbols->count == symbols->room) {
		symbols->room = symbols->room ? symbols->room * 2 : 1024;
		symbols->symbol = grow(symbols->symbol, symbols->room, sizeof(symbols->symbol[0]));
	}
	symbols->symbol[symbols->count++] = (struct symbol){ address, text("%s", name) };
}

/* Of several names for one address the first in the alphabet that does not begin with an underscore, if there is one. */
static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if ((x->name[0] == '_') != (y->name[0] == '_'))
		return x->name[0] == '_' ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* One symbol for each address. */
void symbols_sort(struct symbols *symbols)
{
	size_t kept = 0;

	if (symbols->count)
		qsort(symbols->symbol, symbols->count, sizeof(symbols->symbol[0]), by_address);
	for (size_t i = 0; i < symbols->count; i++) {
		if (kept && symbols->symbol[kept - 1].address == symbols->symbol[i].address)
			free(symbols->symbol[i].name);
		else
			symbols->symbol[kept++] = symbols->symbol[i];
	}
	symbols->count = kept;
}

void symbols_free(struct symbols *symbols)
{
	for (size_t i = 0; i < symbols->count; i++)
		free(symbols->symbol[i].name);
	free(symbols->symbol);
	*symbols = (struct symbols){ .symbol = NULL };
}

/* The last one that does not begin after the address, however far before it; NULL if there is none. */
const struct symbol *symbols_find(const struct symbols *symbols, uint64_t address)
{
	size_t low = 0, high = symbols->count;

	if (!high || address < symbols->symbol[0].address)
		return NULL;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (symbols->symbol[middle].address <= address)
			low = middle;
		else
			high = middle;
	}
	return &symbols->symbol[low];
}
