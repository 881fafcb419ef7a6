/*
 * With what was something measured?  Enough of it to measure it again.
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_PROVENANCE_H
#define EXPERIMENTS_FIRN_MEASURE_PROVENANCE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "experiments/firn/machine/guests.h"

/*
 * An object: firn's commit, QEMU's version, the seed, the SHA-256 of the L0 image; with a guest also of its kernel, and of the
 * initramfs where it has one. boots_l2: that guest boots a Linux of its own with kvm-guest, so of what that needs as well. What
 * cannot be read is left out: a run says itself that it is missing. The caller deletes it.
 */
cJSON *provenance(const struct guest *guest, bool boots_l2);

#endif
