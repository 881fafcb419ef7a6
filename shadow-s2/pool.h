/*
 * What is in memory of the shadow entries?  A pool of tables with what is known of each, its trees, and the links of the reverse
 * map.  Changed by tree.c and rmap.c alone.
 */
#ifndef SHADOW_S2_POOL_H
#define SHADOW_S2_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"

#define S2_ENTRIES 512
#define S2_NONE UINT32_MAX /* no table, no leaf */

/* What is known of a table beside its entries. */
struct s2_table {
	uint32_t tree;
	uint32_t parent; /* table that points here; S2_NONE for a root */
	uint32_t slot;	 /* and which of its entries does */
	uint32_t sizes;	 /* sizes of L1 leaves that the leaves at or below it were made from: 1 << code */
	uint32_t older, newer;	 /* all tables but roots by age; free tables by newer alone */
	uint32_t previous, next; /* the tables of its tree */
	uint16_t used;		 /* entries that are not 0 */
	uint16_t children;	 /* of them, tables */
	int8_t level;
	bool live;
};

struct s2_tree {
	uint32_t root;	 /* index of the first of its root tables */
	uint32_t tables; /* first of the others, S2_NONE */
	uint32_t leaves;
};

/* Where the reverse map has a leaf: the leaves of one L1 IPA block are a list. Index: table * S2_ENTRIES + entry. */
struct s2_link {
	uint32_t next;
	uint32_t previous; /* a leaf; or, with S2_LINK_HEAD, a bucket */
};

struct s2_pool {
	uint64_t *entry; /* all tables */
	uint64_t pa;	 /* where hardware finds them */
	struct s2_table *table;
	struct s2_link *link;
	l1_ipa_t *l1_ipa; /* what a linked leaf maps */
	uint32_t *bucket;
	uint32_t buckets; /* a power of two */
	uint32_t tables;
	struct s2_tree *tree;
	unsigned trees;
	unsigned root_tables; /* concatenated root tables of each tree: 1 to 16, a power of two */
	int root_level;
	unsigned ia_bits;
	uint32_t free;
	uint32_t oldest, newest;
	uint32_t free_tables;
	uint64_t evictions;
	uint32_t leaves[4]; /* of all trees, by level: [1] 1 GiB, [2] 2 MiB, [3] 4 KiB */
};

#endif
