/*
 * Which shadow leaves map this page of L1?  A hash table of lists of leaves, by the L1 IPA and the size of what they map.
 * Internal to shadow-s2.
 *
 * A table that is given up as a whole leaves its leaves in their lists, where they are dead: live is clear, or the entry is
 * no leaf. They are taken out when somebody comes across them or when their place in the table gets a new leaf, so that
 * neither giving up a table nor using it again costs anything for each leaf.  Next: rmap.c.
 */
#ifndef SHADOW_S2_RMAP_H
#define SHADOW_S2_RMAP_H

#include "shadow-s2/pool.h"

void s2_rmap_init(struct s2_pool *p);

/* A leaf that maps l1_ipa (its first address) at level comes; goes. */
void s2_rmap_add(struct s2_pool *p, uint32_t table, uint32_t slot, int level, l1_ipa_t l1_ipa);
void s2_rmap_remove(struct s2_pool *p, uint32_t table, uint32_t slot);

/* The table of a leaf; concatenated root tables are one. */
uint32_t s2_rmap_table(const struct s2_pool *p, uint32_t leaf);

/* A question about a range of L1 IPAs, answered leaf by leaf. */
struct s2_rmap_range {
	uint64_t first, last; /* L1 IPAs */
	bool writable;	      /* only leaves with write permission */
	uint64_t at;	      /* the block to look for */
	int level;
	bool begun;    /* its list from next on */
	uint32_t next; /* a leaf, S2_NONE */
};

struct s2_rmap_range s2_rmap_range(l1_ipa_t l1_ipa, uint64_t size, bool writable);

/*
 * The next live leaf that maps something in the range, of tree (S2_NONE: of any); S2_NONE: there is none. Meanwhile no other
 * leaf may be removed than the one returned last.
 */
uint32_t s2_rmap_next(struct s2_pool *p, struct s2_rmap_range *r, uint32_t tree);

#endif
