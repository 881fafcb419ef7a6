/*
 * Which symbols does a Linux image carry?
 */
#ifndef EXPERIMENTS_FIRN_RECORD_KALLSYMS_H
#define EXPERIMENTS_FIRN_RECORD_KALLSYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/firn/trace/symbols.h"

/* Adds the functions of an uncompressed arm64 image. False: it has no table that can be read. */
bool kallsyms_read(struct symbols *symbols, const uint8_t *image, size_t bytes);

#endif
