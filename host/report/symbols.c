/*
 * Which function is at an address of L0?  The build writes the table from the first link of the image and puts it into the
 * second, behind everything else, so that it moves nothing.  Reads: symbols.h.
 */
#include "host/report/symbols.h"

#include <stddef.h>

struct firn_symbol {
	uint64_t address;
	uint32_t name; /* offset in firn_symbol_names */
	uint32_t pad;
};

/* Sorted by address. Weak: the first link has none. */
extern const struct firn_symbol firn_symbols[] __attribute__((weak));
extern const uint64_t firn_symbol_count __attribute__((weak));
extern const char firn_symbol_names[] __attribute__((weak));
extern const char text_start[], text_end[];

const char *symbol_name(uint64_t address, uint64_t *offset)
{
	uint64_t low = 0, high;

	if (!&firn_symbol_count || address < (uint64_t)text_start || address >= (uint64_t)text_end)
		return NULL;
	high = firn_symbol_count;
	while (high - low > 1) {
		uint64_t middle = (low + high) / 2;

		if (firn_symbols[middle].address <= address)
			low = middle;
		else
			high = middle;
	}
	if (!high || firn_symbols[low].address > address)
		return NULL;
	*offset = address - firn_symbols[low].address;
	return &firn_symbol_names[firn_symbols[low].name];
}
