/*
 * Which files does L1 find in its RAM besides its kernel and initramfs?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_MODULES_H
#define EXPERIMENTS_FIRN_MACHINE_MODULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/firn/machine/image.h"
#include "experiments/firn/machine/machine_tree.h"
#include "experiments/firn/tool/options.h"

#define MODULES_MAX 8 /* as docs/device-tree.md has it */

struct modules {
	struct image image[MODULES_MAX];
	struct l1_module node[MODULES_MAX]; /* but for where they are, which modules_place() says */
	char *words[MODULES_MAX];	    /* that node points into */
	size_t count;
};

/* Is each word as it should be, and are there not too many? False after one line on stderr: the command line is wrong. */
bool modules_check(const struct option_words *words);

/* Opens what each word names: FILE[,compatible=WORD][,bootargs=TEXT].  False after one line on stderr; close them either way. */
bool modules_open(struct modules *modules, const struct option_words *words);

/* Bytes that all of them take, each from a multiple of block on. */
uint64_t modules_bytes(const struct modules *modules, uint64_t block);

/* They are in L0's physical memory from pa on, each at a multiple of block. */
void modules_place(struct modules *modules, uint64_t pa, uint64_t block);

void modules_close(struct modules *modules);

#endif
