/* What does L1 learn of its machine?  The device tree that L0 writes for it.  Next: dtb.c. */
#ifndef HOST_CREATE_DTB_H
#define HOST_CREATE_DTB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/vm/vm.h"

/* A file in L1's RAM that is for whoever L1 boots. */
struct dtb_module {
	l1_ipa_t start;
	uint64_t bytes;
	const void *compatible; /* its strings, one behind the other */
	int compatible_bytes;
	const char *bootargs; /* NULL: none */
};

struct dtb_boot {
	const char *bootargs;  /* NULL: none */
	l1_ipa_t initrd_start; /* start == end: none */
	l1_ipa_t initrd_end;
	struct dtb_module module[VM_MAX_MODULES];
	unsigned modules;
};

/* Writes the tree for vm into buffer. False if it does not fit. */
bool dtb_write(const struct vm *vm, const struct dtb_boot *boot, void *buffer, size_t bytes);

#endif
