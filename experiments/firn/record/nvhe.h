/*
 * Which function of an nVHE Linux is at an address of its hypervisor?  Linux maps that part of its image a second time, at an
 * address with random bits, so that no symbol of the image is there.
 */
#ifndef EXPERIMENTS_FIRN_RECORD_NVHE_H
#define EXPERIMENTS_FIRN_RECORD_NVHE_H

#include <stdbool.h>

#include "experiments/firn/trace/symbols.h"

/*
 * Adds to sorted symbols the functions of the hypervisor where they were seen to run. wanted: addresses of code; vectors: values of
 * VBAR_EL2. False, and nothing added, when no such place explains at least half of the addresses that have no symbol.
 */
bool nvhe_add_symbols(struct symbols *symbols, const struct addresses *wanted,
		      const struct addresses *vectors);

#endif
