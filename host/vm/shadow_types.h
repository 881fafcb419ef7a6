/* What does L0 remember of a vCPU's shadow stage 2?  Written by host/shadow/ alone.  Next: host/shadow/trees.h. */
#ifndef HOST_VM_SHADOW_TYPES_H
#define HOST_VM_SHADOW_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"

struct shadow_tree;

/* What may TLBs have, for a vCPU, of its guest context without a stage 2 of L1's? */
enum shadow_flat {
	SHADOW_FLAT_NOTHING, /* it was not loaded since all was invalidated */
	SHADOW_FLAT_USED,
	SHADOW_FLAT_STALE, /* what its CPU has to forget before it is loaded again */
};

/* An access that L1's stage 2 refused. */
struct shadow_refused {
	const struct shadow_tree *tree; /* NULL: there is none */
	uint64_t pc;			/* of its instruction, or SHADOW_NOT_REFUSED */
	uint64_t esr;			/* ESR_EL2 of the abort */
	l2_ipa_t ipa;
};
#define SHADOW_NOT_REFUSED 1 /* no instruction is there */

struct shadow_vcpu {
	struct shadow_tree
		*tree; /* the last one that its guest context ran on; nobody else gives it another meaning */
	bool stale;    /* its CPU has to forget stage 1 of that tree's VMID before it is loaded again */
	uint8_t flat;  /* enum shadow_flat; other vCPUs read it */
	uint64_t flat_vttbr; /* L1's VTTBR_EL2 with it: a VMID tags what TLBs have, without a stage 2 too */
	struct shadow_refused refused; /* the last one, until L1 has L2 make it again */
};

#endif
