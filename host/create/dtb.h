/* What does L1 learn of its machine?  The device tree that L0 writes for it.  Next: dtb.c. */
#ifndef HOST_CREATE_DTB_H
#define HOST_CREATE_DTB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/vm/vm.h"

struct dtb_boot {
	const char *bootargs;  /* NULL: none */
	l1_ipa_t initrd_start; /* start == end: none */
	l1_ipa_t initrd_end;
};

/* Writes the tree for vm into buffer. False if it does not fit. */
bool dtb_write(const struct vm *vm, const struct dtb_boot *boot, void *buffer, size_t bytes);

#endif
