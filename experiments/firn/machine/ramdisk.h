/*
 * What is in L1's initramfs?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_RAMDISK_H
#define EXPERIMENTS_FIRN_MACHINE_RAMDISK_H

#include <stdbool.h>

#include "experiments/firn/machine/config.h"
#include "experiments/firn/machine/image.h"

/*
 * Opens it; it has no name then if anything is behind it.  kernel: L1's own, which its L2 gets too.  image->bytes stays 0 where
 * there is none.  False after one line on stderr.
 */
bool ramdisk_open(struct image *image, const struct image *kernel, const struct machine_config *config);

#endif
