/* Which VMs does the device tree of L0 ask for?  The binding is described in docs/device-tree.md.  Next: binding.c. */
#ifndef HOST_CREATE_BINDING_H
#define HOST_CREATE_BINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "host/vm/vm.h"
#include "nv/arch/addr.h"
#include "nv/state.h"

/* A file that the boot loader put into memory. bytes is 0 when there is none. */
struct vm_module {
	pa_t pa;
	uint64_t bytes;
	const char *bootargs; /* NULL: none */
};

/* One that L1 finds in its own tree. */
struct vm_l1_module {
	struct vm_module file;
	const void *compatible; /* its strings, one behind the other */
	int compatible_bytes;
};

struct vm_config {
	const char *name; /* of the node, for messages */
	enum nv_mode mode;
	enum nv_e2h_choice e2h;
	bool markers;
	bool time_stops;	 /* L1's counters stop while a vCPU wants a CPU and has none */
	unsigned list_registers; /* that L1 sees */
	unsigned resets;	 /* within ten seconds that end the VM; 0: it may have any number */
	uint32_t cpus;		 /* 0: all that the machine has */
	uint64_t memory;	 /* bytes; 0: half of the machine's */
	struct vm_module kernel, ramdisk;
	struct vm_l1_module l1_module[VM_MAX_MODULES];
	unsigned l1_modules;
	const char *assign; /* paths of devices, one behind the other; NULL: none */
	int assign_bytes;
};

/*
 * Reads what the tree asks for into at most max entries of config; returns how many. Stops the machine with a message
 * when a node is wrong, or when there is none.
 */
unsigned binding_read(const void *fdt, struct vm_config *config, unsigned max);

#endif
