/*
 * Which function of L1 is at an address?  Linux carries its symbols in its own image (kallsyms.c); of other guests the ELF
 * file is read.
 */
#ifndef EXPERIMENTS_FIRN_TRACE_SYMBOLS_H
#define EXPERIMENTS_FIRN_TRACE_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/firn/machine/machine.h"

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

/*
 * The symbols of the guest that config starts, as lines "address T name", sorted: those that hold an address of the set,
 * and those that follow them and so say where they end. elf, if not NULL, is the file to take them from; entry_pc
 * is where the guest began; vectors holds what was seen of VBAR_EL2 (nvhe.h). New memory, "" when there are none; NULL after one line on stderr.
 */
char *symbols_for(const struct machine_config *config, const char *elf, uint64_t entry_pc,
		  const struct addresses *wanted, const struct addresses *vectors);

#endif
