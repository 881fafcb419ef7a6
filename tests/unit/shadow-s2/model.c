/* Does a pool of shadow trees hold what it must, and nothing else?  Reads: model.h. */
#include "tests/unit/shadow-s2/model.h"

#include <stdlib.h>
#include <string.h>

#include "nv/arch/bits.h"
#include "shadow-s2/combine.h"
#include "shadow-s2/inval.h"
#include "shadow-s2/tree.h"
#include "tests/unit/shadow-s2/reference.h"

#define TREES 3
#define OBEDIENT \
	0 /* the tree whose L1 invalidates what it changes; in the others it forgets to, and then more than named may go */
#define MAX_TABLES (16 * TREES + 32)
#define MAX_ENTRIES 4096
#define MAX_LEAVES 64
#define POOL_PA UINT64_C(0x7000000000)
#define RAM_PA UINT64_C(0x100000000000) /* in which bit L1's addresses and the machine's differ */
#define SOFTWARE_BITS BITS(58, 55)
#define LINK_HEAD UINT32_C(0x80000000)

/* A region of 2^shift bytes. */
struct region {
	uint64_t first;
	unsigned shift;
};

/* What L1 has in its own tables. */
struct l1_leaf {
	struct region ipa;
	uint64_t l1_ipa;
	struct s2_attributes attributes;
};

/* What must be in the shadow. */
struct entry {
	unsigned tree;
	struct region ipa, l1; /* l1: the L2 IPAs of the leaf of L1's that it was made from */
	uint64_t l1_ipa, descriptor;
	int level;
};

struct model {
	struct choices *c;
	struct s2_pool pool;
	struct s2_geometry geometry[TREES];
	struct l1_leaf leaf[TREES][MAX_LEAVES];
	unsigned leaves[TREES];
	struct entry entry[MAX_ENTRIES];
	unsigned entries;
	struct model_counts *counts;
};

/* Which entries of a tree a step may take away, and which it must. */
struct claim {
	unsigned tree;
	bool everything;
	bool by_l1_ipa;
	uint64_t first, last; /* L2 IPAs, or L1 IPAs: entries that touch them must go */
	uint64_t low, high;   /* entries that touch these L2 IPAs may go */
};

#define NOTHING UINT64_MAX /* as first or low: no address */

static unsigned level_shift(int level)
{
	return (unsigned)(39 - 9 * level);
}

static uint64_t last_of(struct region r)
{
	return r.first + (BIT(r.shift) - 1);
}

static bool touches(struct region r, uint64_t first, uint64_t last)
{
	return r.first <= last && first <= last_of(r);
}

/* --- what is gone --- */

static bool is_there(const struct model *m, const struct entry *e)
{
	uint64_t descriptor;
	int level;

	return s2_find(&m->pool, e->tree, (l2_ipa_t){ e->ipa.first }, &descriptor, &level) &&
	       level == e->level && (descriptor & ~SOFTWARE_BITS) == e->descriptor;
}

static bool is_flushed(const struct entry *e, const struct s2_flush *f)
{
	for (unsigned i = 0; i < f->count; i++)
		if (touches(e->ipa, f->ipa[i].val, f->ipa[i].val))
			return true;
	return f->all;
}

static bool must_go(const struct entry *e, const struct claim *claim)
{
	if (e->tree != claim->tree)
		return false;
	if (claim->everything)
		return true;
	if (claim->by_l1_ipa)
		return touches((struct region){ e->l1_ipa, e->ipa.shift }, claim->first, claim->last);
	return touches(e->l1, claim->first, claim->last);
}

static bool may_go(const struct entry *e, const struct claim *claim)
{
	return must_go(e, claim) || (e->tree == claim->tree && touches(e->ipa, claim->low, claim->high));
}

/* Entries that are not there any more leave the list. */
static const char *settle(struct model *m, const struct claim *claim, const struct s2_flush *f,
			  unsigned flushed_tree)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < m->entries; i++) {
		const struct entry *e = &m->entry[i];

		if (is_there(m, e)) {
			if (claim && must_go(e, claim))
				return "an entry survives that was named";
			m->entry[kept++] = *e;
			continue;
		}
		if (claim && !may_go(e, claim))
			return "an entry is gone that was not named";
		if (f && (e->tree != flushed_tree || !is_flushed(e, f)))
			return "an entry is gone and its TLB entries are not flushed";
		m->counts->vanished++;
	}
	m->entries = kept;
	return NULL;
}

/* --- invariants of the pool --- */

struct census {
	uint32_t tables, leaves, free;
	uint8_t seen[MAX_TABLES];
};

static uint64_t entry_of(const struct s2_pool *p, uint32_t table, uint32_t slot)
{
	return p->entry[(uint64_t)table * S2_ENTRIES + slot];
}

static bool is_table(uint64_t descriptor, int level)
{
	return (descriptor & 3) == 3 && level < 3;
}

/* A table and all below it; sizes becomes what the leaves at or below it were made from. */
static const char *count_table(const struct s2_pool *p, uint32_t table, unsigned tree, int level,
			       struct census *census, uint32_t *sizes)
{
	bool root = p->tree[tree].root == table;
	uint32_t slots = root ? p->root_tables * S2_ENTRIES : S2_ENTRIES, used = 0, children = 0, below = 0;
	const struct s2_table *t = &p->table[table];
	const char *wrong;

	if (table >= p->tables || census->seen[table]++ || !t->live || t->tree != tree || t->level != level)
		return "a table is not what its parent takes it for";
	for (uint32_t slot = 0; slot < slots; slot++) {
		uint64_t d = entry_of(p, table, slot);

		used += d != 0;
		if (is_table(d, level)) {
			uint32_t child = (uint32_t)(((d & BITS(47, 12)) - p->pa) >> 12);

			children++;
			if (child >= p->tables || p->table[child].parent != table ||
			    p->table[child].slot != slot)
				return "a table does not know its parent";
			if ((wrong = count_table(p, child, tree, level + 1, census, &below)))
				return wrong;
		} else if (d) {
			census->leaves++;
			below |= 1U << (((d & SOFTWARE_BITS) >> 55) - 1);
			if (p->link[table * S2_ENTRIES + slot].previous == S2_NONE)
				return "a leaf is not in the reverse map";
		}
	}
	if (t->used != used || t->children != children)
		return "a table does not know how many entries it has";
	if (below & ~t->sizes)
		return "a table does not know the sizes of L1's leaves below it";
	*sizes |= below;
	census->tables += !root;
	return NULL;
}

static const char *count_lists(const struct s2_pool *p, struct census *census)
{
	uint32_t aged = 0, of_trees = 0, live = census->tables;

	for (uint32_t i = p->oldest, before = S2_NONE; i != S2_NONE;
	     before = i, i = p->table[i].newer, aged++)
		if (aged > live || p->table[i].older != before || !p->table[i].live)
			return "the list of tables by age is broken";
	for (unsigned tree = 0; tree < p->trees; tree++)
		for (uint32_t i = p->tree[tree].tables; i != S2_NONE; i = p->table[i].next, of_trees++)
			if (of_trees > live || p->table[i].tree != tree)
				return "the list of tables of a tree is broken";
	for (uint32_t i = p->free; i != S2_NONE; i = p->table[i].newer, census->free++) {
		if (census->free > p->tables || p->table[i].live || census->seen[i])
			return "the list of free tables is broken";
		for (uint32_t slot = 0; slot < S2_ENTRIES; slot++)
			if (entry_of(p, i, slot))
				return "a free table is not empty";
	}
	if (aged != live || of_trees != live || census->free != p->free_tables ||
	    live + census->free + p->trees * p->root_tables != p->tables)
		return "a table is lost";
	return NULL;
}

/* Each linked leaf is in one list, with links that agree; every leaf is linked, and others are dead. */
static const char *count_reverse_map(const struct s2_pool *p, uint32_t leaves)
{
	uint32_t roots = p->trees * p->root_tables, listed = 0, linked = 0;

	for (uint32_t b = 0; b < p->buckets; b++)
		for (uint32_t i = p->bucket[b], before = b | LINK_HEAD; i != S2_NONE;
		     before = i, i = p->link[i].next, listed++) {
			uint32_t table = i / S2_ENTRIES;
			const struct s2_table *t =
				&p->table[table < roots ? table - table % p->root_tables : table];

			if (i >= p->tables * S2_ENTRIES || p->link[i].previous != before)
				return "a list of the reverse map is broken";
			if (t->live && (p->entry[i] & 1) && (t->level == 3 || !(p->entry[i] & 2)))
				leaves--;
		}
	for (uint32_t i = 0; i < p->tables * S2_ENTRIES; i++)
		linked += p->link[i].previous != S2_NONE;
	if (linked != listed)
		return "a link is in no list";
	return leaves ? "the reverse map lacks a leaf" : NULL;
}

static const char *check_pool(const struct model *m)
{
	const struct s2_pool *p = &m->pool;
	struct census census = { 0 };
	uint32_t leaves = 0, sizes = 0;
	const char *wrong;

	for (unsigned tree = 0; tree < TREES; tree++) {
		if ((wrong = count_table(p, p->tree[tree].root, tree, p->root_level, &census, &sizes)))
			return wrong;
		if (p->tree[tree].leaves != census.leaves - leaves)
			return "a tree does not know how many leaves it has";
		leaves = census.leaves;
	}
	if (census.leaves != m->entries)
		return "the shadow has a leaf that nobody made";
	if ((wrong = count_lists(p, &census)))
		return wrong;
	return count_reverse_map(p, census.leaves);
}

/* --- what hardware sees --- */

static bool read_pool(void *context, uint64_t address, uint64_t *value)
{
	const struct s2_pool *p = context;

	if (address < p->pa || address >= p->pa + p->tables * PAGE_SIZE)
		return false;
	*value = p->entry[(address - p->pa) / 8];
	return true;
}

static struct ref_translation hardware(struct model *m, unsigned tree, uint64_t ipa)
{
	static const uint64_t sl[] = { BIT(33) | BIT(32) /* SL2, DS */, 2 << 6, 1 << 6 };
	struct ref_cpu cpu = { .pa_max = 52, .have_xnx = true, .have_lpa2_4k = true };
	struct ref_regs regs = { .vttbr = s2_root(&m->pool, tree).val };
	struct ref_memory memory = { &m->pool, read_pool, NULL };

	regs.vtcr = (64 - m->pool.ia_bits) | sl[m->pool.root_level + 1] | 6 << 16;
	return ref_s2_translate(&cpu, &regs, &memory, ipa, (struct ref_access){ .fetch = true });
}

/* Where the machine has what L1 has at an address. The pool's tables are below. */
static pa_t pa_of(uint64_t l1_ipa)
{
	return (pa_t){ (RAM_PA ^ l1_ipa) & (BIT(48) - 1) };
}

static const struct entry *find_entry(const struct model *m, unsigned tree, uint64_t ipa)
{
	for (unsigned i = 0; i < m->entries; i++)
		if (m->entry[i].tree == tree && touches(m->entry[i].ipa, ipa, ipa))
			return &m->entry[i];
	return NULL;
}

static bool find_touched(const struct model *m, const struct entry *e)
{
	for (unsigned i = 0; i < m->entries; i++)
		if (m->entry[i].tree == e->tree && touches(m->entry[i].ipa, e->ipa.first, last_of(e->ipa)))
			return true;
	return false;
}

/* An address is reachable exactly if an entry of the list covers it, and there. All entries allow execution. */
static const char *probe(struct model *m, unsigned tree, uint64_t ipa)
{
	struct ref_translation t = hardware(m, tree, ipa);
	const struct entry *e = find_entry(m, tree, ipa);

	if (t.fault == REF_EXTERNAL || t.fault == REF_ADDRESS_SIZE)
		return "hardware leaves the tables";
	if ((t.fault == REF_NONE) != (e != NULL))
		return e ? "an address is not reachable that should be" :
			   "an address is reachable that should not be";
	if (e && t.address != (pa_of(e->l1_ipa).val | (ipa - e->ipa.first)))
		return "an address is mapped to the wrong place";
	return NULL;
}

/* --- L1's tables --- */

/* Few addresses, close to each other and to both ends of blocks and of the address space. */
static uint64_t choose_address(struct model *m)
{
	struct choices *c = m->c;
	uint64_t space = BIT(m->pool.ia_bits) - 1, address = choose(c, 3) << 12;

	address |= choose(c, 3) << 14 | choose(c, 2) << 16 | choose(c, 3) << 21;
	if (chance(c, 40))
		address |= choose(c, 2) << 25 | choose(c, 2) << 29 | choose(c, 3) << 30;
	if (chance(c, 20))
		address |= choose(c, 2) << 36 | choose(c, 2) << 39 | choose(c, 2) << 42;
	if (chance(c, 20))
		address = ~address;
	return address & space;
}

/* log2 of a size that a leaf of the tree's granule has. */
static unsigned choose_shift(struct model *m, unsigned tree)
{
	const struct s2_geometry *g = &m->geometry[tree];

	for (;;) {
		unsigned shift = s2_level_shift(g, 3 - (int)choose(m->c, (uint64_t)(4 - g->block_level)));

		if (shift < m->pool.ia_bits)
			return shift;
	}
}

/* With 52-bit descriptors the bits of the shareability are address. */
static struct s2_attributes choose_attributes(struct model *m)
{
	uint8_t sh = m->pool.root_level < 0 ? 0 : S2_SH_INNER;

	return (struct s2_attributes){ S2_MEMATTR_WB, sh, chance(m->c, 80), chance(m->c, 50), true, true };
}

static int find_leaf(const struct model *m, unsigned tree, uint64_t ipa)
{
	for (unsigned i = 0; i < m->leaves[tree]; i++)
		if (touches(m->leaf[tree][i].ipa, ipa, ipa))
			return (int)i;
	return -1;
}

/* --- steps --- */

/* Which level L0 can map at: not larger than L1's leaf; its own memory may be in smaller pieces. */
static int choose_level(struct model *m, unsigned l1_shift)
{
	int level = 1 + (int)choose(m->c, 3);

	while (level_shift(level) > l1_shift)
		level++;
	return level;
}

static const char *evict(struct model *m)
{
	struct s2_flush f = { 0 };
	unsigned tree;
	struct entry gone = { 0 };
	const char *wrong;

	tree = s2_evict(&m->pool, &f);
	m->counts->evicted++;
	for (unsigned i = 0; i < m->entries; i++)
		if (!is_there(m, &m->entry[i])) {
			if (gone.level &&
			    (gone.level != m->entry[i].level ||
			     (gone.ipa.first ^ m->entry[i].ipa.first) >> level_shift(gone.level - 1)))
				return "an eviction took more than a table";
			gone = m->entry[i];
		}
	if ((wrong = settle(m, NULL, &f, tree)))
		return wrong;
	for (unsigned i = 0; i < m->entries; i++)
		if (gone.level && m->entry[i].level == gone.level && m->entry[i].tree == gone.tree &&
		    !((gone.ipa.first ^ m->entry[i].ipa.first) >> level_shift(gone.level - 1)))
			return "an eviction left a part of a table";
	return NULL;
}

static bool is_same(const struct entry *old, const struct entry *new)
{
	return old && old->descriptor == new->descriptor && old->level == new->level &&
	       old->l1.shift == new->l1.shift;
}

/* A shift for s2_map_around, or 0 for none; pa_of keeps every alignment. */
static unsigned choose_around(struct model *m, int level, unsigned l1_shift)
{
	unsigned shift = level_shift(level) + (unsigned)choose(m->c, S2_AROUND_BITS + 1);

	shift = shift < l1_shift ? shift : l1_shift;
	return shift > level_shift(level) ? shift : 0;
}

/* Now and then all around a new entry that nothing maps, but for blocks in whose place is a table, be it empty. */
static const char *map_around(struct model *m, const struct s2_mapping *map, struct entry new)
{
	unsigned around = choose_around(m, new.level, map->l1_shift);
	uint64_t inside = (BIT(around) - 1) & ~(BIT(new.ipa.shift) - 1), first = new.ipa.first & ~inside;
	struct entry one = new;

	if (!around)
		return NULL;
	s2_map_around(&m->pool, new.tree, map, around);
	for (uint64_t at = 0; at <= inside; at += BIT(new.ipa.shift)) {
		uint64_t descriptor;
		int level;

		one.ipa.first = first + at;
		one.l1_ipa = (new.l1_ipa & ~inside) + at;
		one.descriptor = (new.descriptor & ~inside) + at;
		if (one.ipa.first == new.ipa.first || find_touched(m, &one))
			continue;
		s2_find(&m->pool, one.tree, (l2_ipa_t){ one.ipa.first }, &descriptor, &level);
		if (level > new.level)
			continue;
		if (!is_there(m, &one))
			return "what is around a new entry is not mapped with it";
		m->counts->around++;
		m->entry[m->entries++] = one;
	}
	return NULL;
}

static const char *install(struct model *m, unsigned tree, const struct s2_mapping *map, struct entry new)
{
	const struct claim in_the_way = {
		.tree = tree, .first = NOTHING, .low = new.ipa.first, .high = last_of(new.ipa)
	};
	const struct claim none = { .tree = tree, .first = NOTHING, .low = NOTHING };

	for (unsigned tries = 0; tries < 16; tries++) {
		struct s2_flush f = { 0 };
		enum s2_map_result result = s2_map(&m->pool, tree, map, &f);
		const char *wrong;

		if (result == S2_FULL) {
			if ((wrong = settle(m, &none, NULL, tree)) || (wrong = evict(m)))
				return wrong;
			continue;
		}
		if ((result == S2_UNCHANGED) != is_same(find_entry(m, tree, new.ipa.first), &new))
			return "a mapping is said to be there and is not, or the other way round";
		if (result == S2_UNCHANGED) {
			m->counts->unchanged++;
			return NULL;
		}
		/* What overlaps goes, before the new entry comes. */
		for (unsigned i = 0; result == S2_MAPPED && i < m->entries; i++)
			if (m->entry[i].tree == tree &&
			    touches(m->entry[i].ipa, new.ipa.first, last_of(new.ipa)))
				return "an entry is written over another";
		if ((wrong = settle(m, &in_the_way, &f, tree)))
			return wrong;
		if (result == S2_MAPPED) {
			m->counts->mapped++;
			m->entry[m->entries++] = new;
			return map_around(m, map, new);
		}
		m->counts->broken++;
	}
	return "a mapping is not made in 16 tries";
}

/* L2 touches an address that L1 maps. */
static const char *fault(struct model *m, unsigned tree)
{
	uint64_t ipa = choose_address(m);
	const struct l1_leaf *leaf;
	struct entry new = { .tree = tree };
	struct s2_mapping map;
	const char *wrong;
	int i;

	if (m->leaves[tree] && chance(m->c, 70)) {
		leaf = &m->leaf[tree][choose(m->c, m->leaves[tree])];
		ipa = leaf->ipa.first + choose_address(m) % BIT(leaf->ipa.shift);
	}
	if ((i = find_leaf(m, tree, ipa)) < 0 || m->entries + (1U << S2_AROUND_BITS) > MAX_ENTRIES)
		return NULL;
	leaf = &m->leaf[tree][i];
	new.level = choose_level(m, leaf->ipa.shift);
	new.ipa = (struct region){ ipa & ~(BIT(level_shift(new.level)) - 1), level_shift(new.level) };
	new.l1 = leaf->ipa;
	new.l1_ipa = leaf->l1_ipa + (new.ipa.first - leaf->ipa.first);
	new.descriptor = s2_descriptor(leaf->attributes, pa_of(new.l1_ipa), new.level == 3, true);
	map = (struct s2_mapping){ { ipa },
				   { leaf->l1_ipa + (ipa - leaf->ipa.first) },
				   new.descriptor,
				   new.level,
				   leaf->ipa.shift };
	if ((wrong = install(m, tree, &map, new)))
		return wrong;
	return probe(m, tree, ipa);
}

static const char *unmap(struct model *m, unsigned tree, enum sysreg op, uint64_t operand, struct claim claim)
{
	struct s2_inval what = s2_inval_decode(&m->geometry[tree], op, operand);
	struct s2_flush f = { 0 };

	if (what.scope != S2_INVAL_RANGE)
		return "an invalidation by IPA is taken for another";
	if (tree != OBEDIENT) {
		claim.low = 0;
		claim.high = UINT64_MAX;
	}
	s2_unmap(&m->pool, tree, what.ipa, what.size, &f);
	return settle(m, &claim, &f, tree);
}

/* TLBI IPAS2E1 and its like for one address: the leaf of L1's that maps it, and what a hint adds. */
static const char *tlbi_ipa(struct model *m, unsigned tree, uint64_t ipa)
{
	static const enum sysreg ops[] = { SR_TLBI_IPAS2E1,  SR_TLBI_IPAS2E1IS,	 SR_TLBI_IPAS2E1OS,
					   SR_TLBI_IPAS2LE1, SR_TLBI_IPAS2LE1IS, SR_TLBI_IPAS2LE1OS };
	const struct s2_geometry *g = &m->geometry[tree];
	uint64_t size = BIT(g->granule_shift), operand = ipa >> 12, ttl = 0;
	struct claim claim = { .tree = tree };

	if (chance(m->c, 50)) { /* a hint of L1's own granule, of whatever level */
		int level = (int)choose(m->c, 4);

		ttl = (uint64_t)((g->granule_shift - 10) / 2) << 2 | (uint64_t)level;
		if (level >= g->block_level)
			size = BIT(s2_level_shift(g, level));
	}
	claim.first = ipa & ~(BIT(g->granule_shift) - 1);
	claim.last = claim.first + (BIT(g->granule_shift) - 1);
	claim.low = ipa & ~(size - 1);
	claim.high = claim.low + (size - 1);
	return unmap(m, tree, ops[choose(m->c, 6)], operand | ttl << 44, claim);
}

static const char *tlbi_range(struct model *m, unsigned tree, uint64_t ipa)
{
	static const enum sysreg ops[] = { SR_TLBI_RIPAS2E1,  SR_TLBI_RIPAS2E1IS,  SR_TLBI_RIPAS2E1OS,
					   SR_TLBI_RIPAS2LE1, SR_TLBI_RIPAS2LE1IS, SR_TLBI_RIPAS2LE1OS };
	const struct s2_geometry *g = &m->geometry[tree];
	unsigned unit = g->ds ? 16 : g->granule_shift;
	uint64_t num = choose(m->c, 32), scale = choose(m->c, 4), operand;
	struct claim claim = { .tree = tree, .first = ipa & ~(BIT(unit) - 1) };

	/* 52-bit operands begin at multiples of 64 KiB: far enough to have ipa in the range. */
	if (claim.first + (((num + 1) << (5 * scale + 1)) << g->granule_shift) <= ipa)
		num = 31;
	operand = ipa >> unit | num << 39 | scale << 44 | (uint64_t)((g->granule_shift - 10) / 2) << 46;
	operand |= choose(m->c, 4) << 37; /* TTL */
	claim.last = claim.first + (((num + 1) << (5 * scale + 1)) << g->granule_shift) - 1;
	claim.low = claim.first;
	claim.high = claim.last;
	return unmap(m, tree, ops[choose(m->c, 6)], operand | choose(m->c, 2) << 48, claim);
}

/*
 * L1 writes a descriptor, and so loses what was in its place or a part of it. It should have invalidated that before: the
 * obedient one does.
 */
static const char *l1_map(struct model *m, unsigned tree)
{
	unsigned shift = choose_shift(m, tree), kept = 0;
	struct l1_leaf new = { .ipa = { choose_address(m) & ~(BIT(shift) - 1), shift },
			       .attributes = choose_attributes(m) };
	const char *wrong = NULL;

	new.l1_ipa = choose_address(m) & ~(BIT(shift) - 1);
	for (unsigned i = 0; i < m->leaves[tree] && !wrong; i++) {
		const struct l1_leaf old = m->leaf[tree][i];

		if (kept == MAX_LEAVES - 1 || touches(old.ipa, new.ipa.first, last_of(new.ipa)))
			wrong = tree == OBEDIENT ? tlbi_ipa(m, tree, old.ipa.first) : NULL;
		else
			m->leaf[tree][kept++] = old;
	}
	m->leaf[tree][kept++] = new;
	m->leaves[tree] = kept;
	return wrong;
}

/* L1 takes a leaf away or changes its attributes, and says so, or not. */
static const char *l1_change(struct model *m, unsigned tree)
{
	uint64_t ipa = choose_address(m);
	int i;

	if (m->leaves[tree] && chance(m->c, 70))
		ipa = m->leaf[tree][choose(m->c, m->leaves[tree])].ipa.first;
	if ((i = find_leaf(m, tree, ipa)) >= 0) {
		if (chance(m->c, 50))
			m->leaf[tree][i].attributes = choose_attributes(m);
		else
			m->leaf[tree][i] = m->leaf[tree][--m->leaves[tree]];
	}
	if (tree != OBEDIENT && chance(m->c, 15))
		return NULL;
	return chance(m->c, 30) ? tlbi_range(m, tree, ipa) : tlbi_ipa(m, tree, ipa);
}

static const char *clear(struct model *m, unsigned tree)
{
	s2_clear(&m->pool, tree);
	return settle(m, &(struct claim){ .tree = tree, .everything = true, .low = NOTHING }, NULL, tree);
}

/* Some pages of L1, few most often. */
static struct claim claim_pages(struct model *m, uint64_t *size)
{
	struct claim claim = { .by_l1_ipa = true,
			       .first = choose_address(m) & ~(PAGE_SIZE - 1),
			       .low = NOTHING };

	*size = PAGE_SIZE * (1 + choose(m->c, chance(m->c, 70) ? 4 : 2048));
	claim.last = claim.first + (*size - 1);
	return claim;
}

/* L0 takes pages away from L1: one tree after the other has none of their leaves left, until none has. */
static const char *l0_unmap(struct model *m)
{
	uint64_t size;
	struct claim claim = claim_pages(m, &size);
	const char *wrong;

	for (unsigned times = 0; times <= TREES; times++) {
		struct s2_flush f = { 0 };
		unsigned before = m->entries, tree;

		if (!s2_unmap_l1(&m->pool, (l1_ipa_t){ claim.first }, size, &tree, &f)) {
			for (claim.tree = 0; claim.tree < TREES; claim.tree++)
				if ((wrong = settle(m, &claim, NULL, 0)))
					return wrong;
			return m->entries == before ?
				       NULL :
				       "what L0 took away is gone, but it was not told from where";
		}
		claim.tree = tree;
		if ((wrong = settle(m, &claim, &f, tree)))
			return wrong;
		if (m->entries == before)
			return "an invalidation by L1 IPA says that it found something, and did not";
	}
	return "an invalidation by L1 IPA does not end";
}

#define WRITE BIT(7)

/* L0 wants to see writes to pages: the leaves keep all but write permission. */
static const char *protect_tree(struct model *m, const struct claim *claim, const struct s2_flush *f)
{
	bool found = false;

	for (unsigned i = 0; i < m->entries; i++) {
		struct entry *e = &m->entry[i];

		if (must_go(e, claim) && (e->descriptor & WRITE)) {
			if (!is_flushed(e, f))
				return "an entry is read-only and its TLB entries are not flushed";
			e->descriptor &= ~WRITE;
			found = true;
		}
		if (!is_there(m, e))
			return "write permission is taken from the wrong entries";
	}
	return found ? NULL : "an entry is said to be protected, and was so before";
}

static const char *l0_protect(struct model *m)
{
	uint64_t size;
	struct claim claim = claim_pages(m, &size);
	const char *wrong;

	for (unsigned times = 0; times <= TREES; times++) {
		struct s2_flush f = { 0 };

		if (!s2_protect_l1(&m->pool, (l1_ipa_t){ claim.first }, size, &claim.tree, &f)) {
			for (claim.tree = 0; claim.tree < TREES; claim.tree++)
				for (unsigned i = 0; i < m->entries; i++)
					if (must_go(&m->entry[i], &claim) && (m->entry[i].descriptor & WRITE))
						return "an entry is still writable";
			return NULL;
		}
		if ((wrong = protect_tree(m, &claim, &f)))
			return wrong;
	}
	return "a protection by L1 IPA does not end";
}

static const char *step(struct model *m)
{
	unsigned tree = (unsigned)choose(m->c, TREES);

	m->counts->steps++;
	switch (choose(m->c, 20)) {
	case 0:
	case 1:
	case 2:
		return l1_map(m, tree);
	case 3:
	case 4:
	case 5:
		return l1_change(m, tree);
	case 6:
		return tlbi_ipa(m, tree, choose_address(m));
	case 7:
		return tlbi_range(m, tree, choose_address(m));
	case 8:
		return l0_unmap(m);
	case 9:
		return m->pool.oldest == S2_NONE ? NULL : evict(m);
	case 10:
		return chance(m->c, 20) ? clear(m, tree) : NULL;
	case 11:
		return l0_protect(m);
	case 12:
		return probe(m, tree, choose_address(m));
	default:
		return fault(m, tree);
	}
}

/* --- a pool --- */

static void new_pool(struct model *m)
{
	static const uint8_t pa_bits[] = { 36, 40, 42, 44, 48, 52 };
	static uint64_t *entry;
	static void *memory;
	struct s2_pool *p = &m->pool;
	uint32_t tables;

	s2_pool_shape(p, pa_bits[choose(m->c, sizeof(pa_bits))]);
	tables = TREES * p->root_tables + 5 + (uint32_t)choose(m->c, 27);
	if (!entry) {
		entry = aligned_alloc(16 * PAGE_SIZE, MAX_TABLES * PAGE_SIZE);
		memory = malloc(s2_pool_overhead(MAX_TABLES, TREES));
	}
	if (!entry || !memory || tables > MAX_TABLES)
		abort();
	memset(entry, 0, tables * PAGE_SIZE);
	memset(memory, 0xa5, s2_pool_overhead(tables, TREES));
	s2_pool_init(p, entry, (pa_t){ POOL_PA }, memory, tables, TREES);
	for (unsigned i = 0; i < TREES; i++) {
		static const uint64_t tg0[] = { 0, 0, 2, 1 };
		struct s2_cpu cpu = { 52, true, true, true, true, true, true, true, true };
		bool ds = p->ia_bits == 52 || chance(m->c, 20); /* without, L1 has 48 bits */

		m->geometry[i] =
			s2_geometry(&cpu, 0, tg0[choose(m->c, 4)] << 14 | (ds ? BIT(32) : 0) | 6 << 16);
	}
}

const char *model_check(struct choices *c, unsigned steps, struct model_counts *counts)
{
	static struct model m;
	const char *wrong = NULL;

	memset(&m, 0, sizeof(m));
	m.c = c;
	m.counts = counts;
	new_pool(&m);
	for (unsigned i = 0; i < steps && !wrong && (!c->bytes || c->left); i++) {
		wrong = step(&m);
		if (!wrong && i % 16 == 15)
			wrong = check_pool(&m);
	}
	return wrong ? wrong : check_pool(&m);
}
