/*
 * Which function of L1 is at an address?  A table of names by address; a recording carries its own (trace_file.c).
 */
#ifndef EXPERIMENTS_FIRN_TRACE_SYMBOLS_H
#define EXPERIMENTS_FIRN_TRACE_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

/* A set of addresses. */
struct addresses {
	uint64_t *slot; /* 0: free; the address 0 is never in the set */
	size_t slots, count;
};

void addresses_add(struct addresses *set, uint64_t address);
void addresses_free(struct addresses *set);

struct symbol {
	uint64_t address;
	char *name;
};

/* Sorted by address once symbols_sort has been called. */
struct symbols {
	struct symbol *symbol;
	size_t count, room;
};

/* name is copied. */
void symbols_add(struct symbols *symbols, uint64_t address, const char *name);
void symbols_sort(struct symbols *symbols);
void symbols_free(struct symbols *symbols);

/* Bytes: what is farther behind a symbol is not in it. */
#define SYMBOL_FUNCTION_MAX 0x10000

/* The last symbol that is not behind address, or NULL. */
const struct symbol *symbols_find(const struct symbols *symbols, uint64_t address);

#endif
