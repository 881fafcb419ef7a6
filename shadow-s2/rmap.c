/* Which shadow leaves map this page of L1?  Reads: rmap.h. */
#include "shadow-s2/rmap.h"

#include <string.h>

#include "nv/arch/bits.h"

#define FIRST_LEAF_LEVEL 1
#define LAST_LEVEL 3
#define STRIDE 9
#define LINK_HEAD UINT32_C(0x80000000) /* in previous: a bucket, not a leaf */
#define DESC_VALID BIT(0)
#define DESC_TABLE BIT(1)
#define DESC_S2AP_WRITE BIT(7)
#define GOLDEN_RATIO UINT64_C(0x9e3779b97f4a7c15)

static unsigned level_shift(int level)
{
	return PAGE_SHIFT + STRIDE * (unsigned)(LAST_LEVEL - level);
}

/* The level is part of the key: pages and the block that they are in are in different lists. */
static uint32_t bucket_of(const struct s2_pool *p, int level, uint64_t l1_ipa)
{
	uint64_t key = ((l1_ipa >> level_shift(level)) << 2) | (uint64_t)level;

	return (uint32_t)((key * GOLDEN_RATIO) >> 32) & (p->buckets - 1);
}

void s2_rmap_init(struct s2_pool *p)
{
	_Static_assert(S2_NONE == UINT32_MAX, "all bytes are 0xff: millions of links are written in one go");
	memset(p->bucket, 0xff, p->buckets * sizeof(p->bucket[0]));
	memset(p->link, 0xff, (size_t)p->tables * S2_ENTRIES * sizeof(p->link[0]));
}

static bool is_linked(const struct s2_link *link)
{
	return link->previous != S2_NONE;
}

uint32_t s2_rmap_table(const struct s2_pool *p, uint32_t leaf)
{
	uint32_t table = leaf / S2_ENTRIES;

	return table < p->trees * p->root_tables ? table - table % p->root_tables : table;
}

static void unlink_leaf(struct s2_pool *p, uint32_t leaf)
{
	struct s2_link *link = &p->link[leaf];

	if (link->next != S2_NONE)
		p->link[link->next].previous = link->previous;
	if (link->previous & LINK_HEAD)
		p->bucket[link->previous & ~LINK_HEAD] = link->next;
	else
		p->link[link->previous].next = link->next;
	*link = (struct s2_link){ S2_NONE, S2_NONE };
}

void s2_rmap_add(struct s2_pool *p, uint32_t table, uint32_t slot, int level, l1_ipa_t l1_ipa)
{
	uint32_t leaf = table * S2_ENTRIES + slot, bucket = bucket_of(p, level, l1_ipa.val);
	struct s2_link *link = &p->link[leaf];

	if (is_linked(link))
		unlink_leaf(p, leaf);
	p->l1_ipa[leaf] = l1_ipa;
	link->next = p->bucket[bucket];
	link->previous = bucket | LINK_HEAD;
	if (link->next != S2_NONE)
		p->link[link->next].previous = leaf;
	p->bucket[bucket] = leaf;
}

void s2_rmap_remove(struct s2_pool *p, uint32_t table, uint32_t slot)
{
	unlink_leaf(p, table * S2_ENTRIES + slot);
}

struct s2_rmap_range s2_rmap_range(l1_ipa_t l1_ipa, uint64_t size, bool writable)
{
	return (struct s2_rmap_range){ .first = l1_ipa.val,
				       .last = l1_ipa.val + (size - 1),
				       .writable = writable,
				       .at = l1_ipa.val,
				       .level = LAST_LEVEL };
}

static bool is_live(const struct s2_pool *p, const struct s2_table *t, uint32_t leaf)
{
	uint64_t entry = p->entry[leaf];

	return t->live && (entry & DESC_VALID) && (t->level == LAST_LEVEL || !(entry & DESC_TABLE));
}

/* The live leaf of a list, from leaf on, that maps the block. Dead ones on the way are taken out. */
static uint32_t find(struct s2_pool *p, const struct s2_rmap_range *r, uint32_t leaf, uint64_t block,
		     uint32_t tree)
{
	while (leaf != S2_NONE) {
		const struct s2_table *t = &p->table[s2_rmap_table(p, leaf)];
		uint32_t next = p->link[leaf].next;

		if (!is_live(p, t, leaf))
			unlink_leaf(p, leaf);
		else if (t->level == r->level && p->l1_ipa[leaf].val == block &&
			 (tree == S2_NONE || t->tree == tree) &&
			 (!r->writable || (p->entry[leaf] & DESC_S2AP_WRITE)))
			return leaf;
		leaf = next;
	}
	return S2_NONE;
}

uint32_t s2_rmap_next(struct s2_pool *p, struct s2_rmap_range *r, uint32_t tree)
{
	for (; r->level >= FIRST_LEAF_LEVEL; r->level--, r->at = r->first) {
		uint64_t span = BIT(level_shift(r->level));

		for (;; r->at += span, r->begun = false) {
			uint64_t block = r->at & ~(span - 1);
			uint32_t list = r->begun ? r->next : p->bucket[bucket_of(p, r->level, block)];
			uint32_t leaf = find(p, r, list, block, tree);

			if (leaf != S2_NONE) {
				r->begun = true;
				r->next = p->link[leaf].next;
				return leaf;
			}
			if (r->last - block < span)
				break;
		}
		r->begun = false;
	}
	return S2_NONE;
}
