/*
 * Which functions does this guest have, and where?  Linux carries its symbols in its own image (kallsyms.c); of other guests the
 * ELF file is read.
 */
#ifndef EXPERIMENTS_FIRN_RECORD_GUEST_SYMBOLS_H
#define EXPERIMENTS_FIRN_RECORD_GUEST_SYMBOLS_H

#include "experiments/firn/machine/machine.h"
#include "experiments/firn/trace/symbols.h"

/*
 * The symbols of the guest that config starts, as lines "address T name", sorted: those that hold an address of the set,
 * and those that follow them and so say where they end. elf, if not NULL, is the file to take them from; entry_pc
 * is where the guest began; vectors holds what was seen of VBAR_EL2 (nvhe.h). New memory, "" when there are none; NULL after one line on stderr.
 */
char *symbols_for(const struct machine_config *config, const char *elf, uint64_t entry_pc,
		  const struct addresses *wanted, const struct addresses *vectors);

#endif
