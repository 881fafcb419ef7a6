/*
 * What does L1's stage 2 say of an L2 IPA?  A walker that never touches memory: it names the descriptor that it wants
 * (s2_slot) and is fed it (s2_feed) until it has a leaf or a fault.  Next: walk.c, combine.h.
 */
#ifndef SHADOW_S2_WALK_H
#define SHADOW_S2_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "shadow-s2/geometry.h"

/* In a memattr: it has the form of HCR_EL2.FWB = 1. */
#define S2_MEMATTR_FWB 0x10

struct s2_access {
	bool write;
	bool fetch;
	bool el0;
	bool s1_walk; /* of a descriptor of L2's stage 1; write: its update by hardware, which reads too */
	bool protect_walk; /* L1's HCR_EL2.PTW: a descriptor in Device memory is a permission fault */
};

/* A valid descriptor that maps an address. */
struct s2_leaf {
	l1_ipa_t l1_ipa; /* what the L2 IPA that was walked for translates to */
	unsigned shift;	 /* log2 of the bytes that the descriptor maps */
	uint8_t memattr; /* MemAttr[3:0], or with S2_MEMATTR_FWB what it means with HCR_EL2.FWB set: 0 to 3, 5, 6 or 7 */
	uint8_t sh;
	bool read, write;	 /* write is clear while hardware's dirty state could still set it */
	bool exec_el1, exec_el0; /* whatever read is */
};

struct s2_walk {
	const struct s2_geometry *geometry;
	l2_ipa_t ipa;
	struct s2_access access;
	int level;
	uint64_t table;	    /* L1 IPA of the table at level */
	unsigned top_shift; /* index bits at this level end below this bit */
	uint32_t fsc;	    /* after S2_FAULT: for ESR_EL2.ISS of L1 */
	uint64_t
		update; /* after S2_LEAF, if not 0: what hardware makes of the descriptor (AF, dirty state) */
	struct s2_leaf leaf; /* after S2_LEAF */
};

enum s2_step {
	S2_NEXT, /* read s2_slot and call s2_feed */
	S2_LEAF, /* w->leaf; if w->update is not 0, write it to s2_slot if that still holds what was fed, else feed again */
	S2_FAULT, /* w->fsc */
};

/* Begins AArch64.S2Translate for ipa. *g must outlive w. */
enum s2_step s2_begin(struct s2_walk *w, const struct s2_geometry *g, l2_ipa_t ipa, struct s2_access access);

/* L1 IPA of the descriptor that the walk is at, a multiple of 8. */
l1_ipa_t s2_slot(const struct s2_walk *w);

/* Goes on with the descriptor's value (in its logical byte order). Ends after at most five calls. */
enum s2_step s2_feed(struct s2_walk *w, uint64_t descriptor);

/*
 * May a TLB have the leaf that a walk ended with before the access is made?  If it allows that as it is: dirty state is for an access alone
 * to change, and an access flag is left to it too.
 */
static inline bool s2_is_allowed_ahead(const struct s2_walk *w)
{
	return !w->update;
}

/* The descriptor cannot be read or updated: nothing is at its address. w->fsc is an External abort on the walk. */
enum s2_step s2_unreadable(struct s2_walk *w);

#endif
