/*
 * Where are the shadow entries kept?  In trees of tables in hardware's format (4 KiB granule), all out of one bounded pool
 * per VM, with what is needed to take away exactly what an invalidation names: for each leaf the size of L1's own leaf,
 * and a reverse map from L1 IPA to leaves.
 *
 * The tables are ordinary memory: who calls makes changes visible and invalidates TLBs (struct s2_flush says which
 * entries), and holds the VM's lock from the change until the TLBs are clean.  Next: pool.h, tree.c.
 */
#ifndef SHADOW_S2_TREE_H
#define SHADOW_S2_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nv/arch/addr.h"
#include "shadow-s2/pool.h"

/* TLB entries of one tree's VMID that have to go: those for these L2 IPAs, or all. */
#define S2_FLUSH_MAX 16 /* the pages of 4 KiB in one of 64 KiB */
struct s2_flush {
	bool all;
	unsigned count;
	l2_ipa_t ipa[S2_FLUSH_MAX];
};

/* A leaf to be. */
struct s2_mapping {
	l2_ipa_t ipa;	     /* any address in it */
	l1_ipa_t l1_ipa;     /* what that address translates to in L1's stage 2 */
	uint64_t descriptor; /* s2_descriptor, of the block or page that holds it */
	int level;	     /* 1: 1 GiB, 2: 2 MiB, 3: 4 KiB */
	unsigned l1_shift;   /* log2 of the size of L1's leaf: one of s2_size_is_known */
};

enum s2_map_result {
	S2_MAPPED,
	S2_UNCHANGED, /* it was there already, exactly so */
	S2_BREAK,     /* something else was there, and is gone now: flush, and call again */
	S2_FULL,      /* no table is free: s2_evict, flush, and call again */
};

/*
 * Shape of the trees for an L1 that sees pa_bits of physical address (ID_AA64MMFR0_EL1.PARange): root level and number of
 * concatenated root tables, so that every IPA fits that its VTCR_EL2 can allow. More than 48 bits need FEAT_LPA2.
 */
void s2_pool_shape(struct s2_pool *p, unsigned pa_bits);

/* Bytes of memory beside the tables that a pool of so many tables and trees needs. Multiple of 8. */
size_t s2_pool_overhead(uint32_t tables, unsigned trees);

/*
 * Makes a pool of empty trees, after s2_pool_shape. entry: tables * 4 KiB of zeroes, aligned to 4 KiB * root_tables, which
 * hardware finds at pa; memory: s2_pool_overhead bytes, aligned to 8. tables > trees * root_tables + 4.
 */
void s2_pool_init(struct s2_pool *p, uint64_t *entry, pa_t pa, void *memory, uint32_t tables, unsigned trees);

/* Where hardware finds the root of a tree. */
pa_t s2_root(const struct s2_pool *p, unsigned tree);

bool s2_size_is_known(unsigned l1_shift);

enum s2_map_result s2_map(struct s2_pool *p, unsigned tree, const struct s2_mapping *m, struct s2_flush *f);

/*
 * m is mapped: around it, what nothing maps yet of the 2^shift bytes that L1's leaf maps to memory in one piece, and that are aligned
 * to their size in all three address spaces, is mapped as well. No TLB has to know. shift: of more than one leaf of m->level, and of
 * 2^S2_AROUND_BITS at most.
 */
#define S2_AROUND_BITS 4
void s2_map_around(struct s2_pool *p, unsigned tree, const struct s2_mapping *m, unsigned shift);

/* The leaf that maps ipa: its descriptor and level. False: none. */
bool s2_find(const struct s2_pool *p, unsigned tree, l2_ipa_t ipa, uint64_t *descriptor, int *level);

/*
 * Removes every leaf that was made from an L1 leaf which maps an address from ipa on, for size bytes: so, at the ends, also
 * leaves outside that belong to the same block of L1's. size > 0; the range may be larger than the address space.
 */
void s2_unmap(struct s2_pool *p, unsigned tree, l2_ipa_t ipa, uint64_t size, struct s2_flush *f);

/* Removes all leaves of a tree, in time proportional to its tables. Flush all of its VMID. */
void s2_clear(struct s2_pool *p, unsigned tree);

/*
 * Removes leaves that map any of size bytes from l1_ipa on (multiples of 4 KiB), of one tree: *tree says which, f what to
 * flush. False: there are none left. Work in proportion to size and to the leaves removed.
 */
bool s2_unmap_l1(struct s2_pool *p, l1_ipa_t l1_ipa, uint64_t size, unsigned *tree, struct s2_flush *f);

/* The same for taking write permission away from the leaves that have it. */
bool s2_protect_l1(struct s2_pool *p, l1_ipa_t l1_ipa, uint64_t size, unsigned *tree, struct s2_flush *f);

/* Gives up the oldest table that has leaves only, of whatever tree. Returns the tree; f says what to flush in it. */
unsigned s2_evict(struct s2_pool *p, struct s2_flush *f);

#endif
