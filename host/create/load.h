/* How do the kernel and the ramdisk get into the RAM of a VM?  As docs of the arm64 boot protocol have it.  Next: load.c. */
#ifndef HOST_CREATE_LOAD_H
#define HOST_CREATE_LOAD_H

#include "host/create/binding.h"
#include "host/vm/vm.h"

/* Checks the modules that c names. Stops the machine when one is unfit. */
struct load load_plan(const struct vm *vm, const struct vm_config *c);

/*
 * Copies the next piece of what l has, at most 256 KiB, so that whoever else wants the CPU does not wait for all of it. True: that
 * was the last one, the device tree.
 */
bool load_piece(const struct vm *vm, const struct vm_config *c, struct load *l);

#endif
