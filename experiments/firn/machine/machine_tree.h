/*
 * How does L0 learn which VM to make?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_MACHINE_TREE_H
#define EXPERIMENTS_FIRN_MACHINE_MACHINE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/firn/machine/devices.h"

/* A file in L0's physical memory. */
struct vm_module {
	uint64_t pa;
	uint64_t bytes; /* 0: there is none */
};

#define COMPATIBLE_MAX 64 /* characters */

/* One that L1 finds below its own /chosen. */
struct l1_module {
	struct vm_module file;
	const char *compatible; /* before multiboot,module; NULL: nothing */
	const char *bootargs;	/* or NULL */
};

struct vm_node {
	unsigned count;		  /* VMs that are all alike */
	const char *mode;	  /* "nv" or "nv2" */
	const char *virtual_time; /* NULL: as without the property */
	const char *e2h;	  /* the same */
	const char *bootargs;
	bool markers;	 /* L1 and L2 may mark positions in the ledger */
	unsigned resets; /* of L1 within ten seconds that end it; 0: it may have any number */
	uint32_t cpus;
	uint64_t memory; /* bytes of RAM that L1 gets */
	struct vm_module kernel;
	struct vm_module ramdisk;
	const struct l1_module *l1_module; /* so many */
	size_t l1_modules;
	const struct devices *devices; /* of all of them */
	struct vm_module trace;	       /* L0's rings of events (traces/ring.h) */
	uint64_t trace_events;
};

/* The device tree in a file, in new memory.  NULL after one line on stderr. */
void *machine_tree_read(const char *path);

/* Physical address and size of the first bank of RAM.  False after one line on stderr. */
bool machine_tree_ram(const void *tree, uint64_t *base, uint64_t *size);

/* A memory file with a copy of tree that has vm added as /chosen/vm@0 and so on; -1 after one line on stderr. */
int machine_tree_with_vm(const void *tree, const struct vm_node *vm);

#endif
