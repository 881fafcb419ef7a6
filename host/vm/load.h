/* How do the kernel and the ramdisk get into the RAM of a VM?  As docs of the arm64 boot protocol have it.  Next: load.c. */
#ifndef HOST_VM_LOAD_H
#define HOST_VM_LOAD_H

#include "host/vm/binding.h"
#include "host/vm/vm.h"

struct loaded {
	l1_ipa_t entry; /* of the kernel */
	l1_ipa_t dtb;	/* X0 there */
};

/* Checks the modules that c names, copies them and writes the device tree. Stops the machine when one is unfit. */
struct loaded load_modules(const struct vm *vm, const struct vm_config *c);

#endif
