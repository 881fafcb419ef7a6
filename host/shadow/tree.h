/*
 * What is a tree of the shadow stage 2?  There is one for each stage 2 of L1 that was in use lately, and a pool that their tables come
 * from; all of a VM's are under one lock.  Next: tree.c, trees.h.
 */
#ifndef HOST_SHADOW_TREE_H
#define HOST_SHADOW_TREE_H

#include "host/machine/spinlock.h"
#include "host/vm/vcpu.h"
#include "host/vm/vm.h"
#include "shadow-s2/geometry.h"
#include "shadow-s2/tree.h"

/* More than a VM has vCPUs, so that there is always one that no vCPU runs on. */
#define TREES 16
_Static_assert(TREES > VM_MAX_VCPUS, "a tree for each vCPU, and one to take");

/* What distinguishes two stages 2 of L1. CnP is left out: it is a promise about other PEs, not about what is translated. */
struct regime {
	uint64_t vttbr, vtcr;
	uint64_t fwb; /* HCR_EL2.FWB, in its place */
};

struct shadow_tree {
	struct regime l1;      /* what it is the shadow of, if used */
	uint64_t vttbr;	       /* hardware's */
	uint64_t last_entered; /* when a vCPU came to it last, in shadow.entries */
	struct s2_geometry geometry;
	uint16_t l1_vmid;
	uint8_t index;
	bool used;
};

struct shadow {
	struct spinlock lock; /* around the pool, and around TLB maintenance that belongs to a change of it */
	struct s2_pool pool;
	struct s2_cpu l1_cpu;
	uint64_t vtcr;
	uint64_t l1_hcr;  /* bits of HCR_EL2 that are in struct regime and that L1 has: FWB, or none */
	unsigned trees;	  /* taken so far: the first ones */
	uint64_t entries; /* times that a vCPU changed its tree */
	struct shadow_tree tree[TREES];
};

/* The stage 2 that L1 has in VTTBR_EL2, VTCR_EL2 and HCR_EL2 now; the shape of it; is t, which is used, its shadow? */
struct regime shadow_regime(const struct vcpu *v);
struct s2_geometry shadow_geometry(const struct shadow *s, struct regime r);
bool shadow_is_for(const struct shadow_tree *t, struct regime r);

/* The lock is held. No TLB knows what f says has left t; they may hold both stages as one. */
void shadow_flush(const struct shadow_tree *t, const struct s2_flush *f);

/* The lock is held. Nothing is left of t, in the tables or in a TLB. */
void shadow_empty(struct shadow *s, const struct shadow_tree *t);

#endif
