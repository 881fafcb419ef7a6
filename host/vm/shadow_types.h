/* What does L0 remember of a vCPU's shadow stage 2?  Written by host/shadow/trees.c alone.  Next: host/shadow/trees.h. */
#ifndef HOST_VM_SHADOW_TYPES_H
#define HOST_VM_SHADOW_TYPES_H

struct shadow_tree;

struct shadow_vcpu {
	struct shadow_tree
		*tree; /* the last one that its guest context ran on; nobody else gives it another meaning */
};

#endif
