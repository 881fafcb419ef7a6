/*
 * What runs on a machine that has no firn?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_PEER_H
#define EXPERIMENTS_FIRN_MACHINE_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "experiments/firn/machine/config.h"
#include "experiments/firn/machine/image.h"

/* Beyond L1's memory, where another kernel is L0. */
#define PEER_MEMORY (UINT64_C(1) << 30)

/*
 * config->mode is one of peers[]. kernel and ramdisk are L1's, of which bootargs is the command line, and become those that the
 * machine boots. Returns its command line, in new memory; NULL after one line on stderr.
 */
char *peer_take_over(struct image *kernel, struct image *ramdisk, const char *bootargs,
		     const struct machine_config *config);

#endif
