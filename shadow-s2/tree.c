/* Where are the shadow entries kept?  Reads: tree.h.  Next: rmap.h, inval.c. */
#include "shadow-s2/tree.h"

#include <string.h>

#include "nv/arch/bits.h"
#include "shadow-s2/rmap.h"

#define LAST_LEVEL 3
#define STRIDE 9
#define MAX_IA_BITS_AT_0 48
#define TOP_OF_LEVEL_1 39

#define DESC_VALID BIT(0)
#define DESC_TABLE BIT(1)
#define DESC_ADDRESS BITS(47, 12)
#define DESC_S2AP_WRITE BIT(7)
#define DESC_L1_SIZE BITS(58, 55) /* ignored by hardware: the code of the size of L1's leaf, plus one */

/* --- sizes of L1's leaves --- */

/* log2 of the bytes that a leaf of the 4, 16 or 64 KiB granule maps, in growing order. The index is the code. */
static const uint8_t l1_sizes[] = { 12, 14, 16, 21, 25, 29, 30, 36, 39, 42 };
#define L1_SIZES (sizeof(l1_sizes) / sizeof(l1_sizes[0]))

static unsigned size_code(unsigned l1_shift)
{
	unsigned code = 0;

	while (code < L1_SIZES && l1_sizes[code] != l1_shift)
		code++;
	return code;
}

bool s2_size_is_known(unsigned l1_shift)
{
	return size_code(l1_shift) < L1_SIZES;
}

static uint32_t size_bit(uint64_t leaf)
{
	return UINT32_C(1) << (field_get(DESC_L1_SIZE, leaf) - 1);
}

/* --- shape --- */

static unsigned level_shift(int level)
{
	return PAGE_SHIFT + STRIDE * (unsigned)(LAST_LEVEL - level);
}

void s2_pool_shape(struct s2_pool *p, unsigned pa_bits)
{
	p->ia_bits = pa_bits;
	/* VTCR_EL2.SL0 = 2 is not allowed with fewer than 44 bits: a wider table at level 1 has to do. */
	p->root_level = pa_bits > MAX_IA_BITS_AT_0 ? -1 : pa_bits >= 44 ? 0 : 1;
	p->root_tables =
		p->root_level < 1 || pa_bits <= TOP_OF_LEVEL_1 ? 1 : 1U << (pa_bits - TOP_OF_LEVEL_1);
}

static size_t bucket_count(uint32_t tables)
{
	size_t n = 1;

	while (n < (size_t)tables * S2_ENTRIES / 2)
		n *= 2;
	return n;
}

/* Each array begins at a multiple of 8. */
static size_t rounded(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

size_t s2_pool_overhead(uint32_t tables, unsigned trees)
{
	size_t leaves = (size_t)tables * S2_ENTRIES;

	return leaves * (sizeof(struct s2_link) + sizeof(l1_ipa_t)) +
	       rounded(trees * sizeof(struct s2_tree)) + rounded(tables * sizeof(struct s2_table)) +
	       rounded(bucket_count(tables) * sizeof(uint32_t));
}

static void *take(char **memory, size_t size)
{
	void *taken = *memory;

	*memory += rounded(size);
	return taken;
}

/* Every table begins as a free one that nothing links to. */
static void init_table(struct s2_pool *p, uint32_t i)
{
	p->table[i] = (struct s2_table){ .tree = S2_NONE, .parent = S2_NONE, .newer = p->free };
	p->free = i;
	p->free_tables++;
}

static void init_tree(struct s2_pool *p, unsigned tree)
{
	uint32_t root = tree * p->root_tables;

	p->tree[tree] = (struct s2_tree){ .root = root, .tables = S2_NONE };
	p->table[root] = (struct s2_table){
		.tree = tree, .parent = S2_NONE, .level = (int8_t)p->root_level, .live = true
	};
}

void s2_pool_init(struct s2_pool *p, uint64_t *entry, pa_t pa, void *memory, uint32_t tables, unsigned trees)
{
	char *at = memory;

	p->entry = entry;
	p->pa = pa.val;
	p->tables = tables;
	p->trees = trees;
	p->l1_ipa = take(&at, (size_t)tables * S2_ENTRIES * sizeof(l1_ipa_t));
	p->link = take(&at, (size_t)tables * S2_ENTRIES * sizeof(struct s2_link));
	p->table = take(&at, tables * sizeof(struct s2_table));
	p->tree = take(&at, trees * sizeof(struct s2_tree));
	p->buckets = (uint32_t)bucket_count(tables);
	p->bucket = take(&at, p->buckets * sizeof(uint32_t));
	p->free = p->oldest = p->newest = S2_NONE;
	p->free_tables = 0;
	p->evictions = 0;
	for (unsigned i = 0; i <= LAST_LEVEL; i++)
		p->leaves[i] = 0;
	s2_rmap_init(p);
	for (uint32_t i = tables; i-- > trees * p->root_tables;)
		init_table(p, i);
	for (unsigned i = 0; i < trees; i++)
		init_tree(p, i);
}

pa_t s2_root(const struct s2_pool *p, unsigned tree)
{
	return (pa_t){ p->pa + p->tree[tree].root * PAGE_SIZE };
}

/* --- entries --- */

/* A concatenated root is one table with more entries. */
static uint32_t slot_of(const struct s2_pool *p, int level, uint64_t ipa)
{
	uint64_t index = (ipa & (BIT(p->ia_bits) - 1)) >> level_shift(level);

	return (uint32_t)(level == p->root_level ? index : index % S2_ENTRIES);
}

static uint32_t slots_of(const struct s2_pool *p, uint32_t table)
{
	return p->table[table].parent == S2_NONE ? p->root_tables * S2_ENTRIES : S2_ENTRIES;
}

static uint64_t *entry_at(const struct s2_pool *p, uint32_t table, uint32_t slot)
{
	return &p->entry[(uint64_t)table * S2_ENTRIES + slot];
}

/* Hardware walks the tables meanwhile: an entry changes in one piece. */
static void set_entry(uint64_t *entry, uint64_t value)
{
	__atomic_store_n(entry, value, __ATOMIC_RELEASE);
}

static bool is_table(uint64_t entry, int level)
{
	return (entry & DESC_VALID) && (entry & DESC_TABLE) && level < LAST_LEVEL;
}

static uint32_t child_of(const struct s2_pool *p, uint64_t entry)
{
	return (uint32_t)(((entry & DESC_ADDRESS) - p->pa) >> PAGE_SHIFT);
}

/* The L2 IPA that the entry of a table maps first. */
static uint64_t ipa_of(const struct s2_pool *p, uint32_t table, uint32_t slot)
{
	uint64_t ipa = 0;

	for (; table != S2_NONE; table = p->table[table].parent) {
		ipa |= (uint64_t)slot << level_shift(p->table[table].level);
		slot = p->table[table].slot;
	}
	return ipa;
}

static void flush_add(struct s2_flush *f, uint64_t ipa)
{
	if (f->count == S2_FLUSH_MAX)
		f->all = true;
	else
		f->ipa[f->count++].val = ipa;
}

/* --- tables --- */

static void link_in(struct s2_pool *p, uint32_t i)
{
	struct s2_table *t = &p->table[i];
	struct s2_tree *tree = &p->tree[t->tree];

	t->older = p->newest;
	t->newer = S2_NONE;
	*(p->newest == S2_NONE ? &p->oldest : &p->table[p->newest].newer) = i;
	p->newest = i;
	t->previous = S2_NONE;
	t->next = tree->tables;
	if (tree->tables != S2_NONE)
		p->table[tree->tables].previous = i;
	tree->tables = i;
}

static void link_out(struct s2_pool *p, uint32_t i)
{
	struct s2_table *t = &p->table[i];

	*(t->older == S2_NONE ? &p->oldest : &p->table[t->older].newer) = t->newer;
	*(t->newer == S2_NONE ? &p->newest : &p->table[t->newer].older) = t->older;
	*(t->previous == S2_NONE ? &p->tree[t->tree].tables : &p->table[t->previous].next) = t->next;
	if (t->next != S2_NONE)
		p->table[t->next].previous = t->previous;
}

/* A table has n leaves more, modulo 2^32. */
static void count_leaves(struct s2_pool *p, uint32_t table, uint32_t n)
{
	const struct s2_table *t = &p->table[table];

	p->tree[t->tree].leaves += n;
	if (t->level > 0)
		p->leaves[t->level] += n;
}

/* A table below slot of parent. */
static uint32_t new_table(struct s2_pool *p, uint32_t parent, uint32_t slot)
{
	uint32_t i = p->free;

	if (i == S2_NONE)
		return S2_NONE;
	p->free = p->table[i].newer;
	p->free_tables--;
	p->table[i] = (struct s2_table){ .tree = p->table[parent].tree,
					 .parent = parent,
					 .slot = slot,
					 .level = (int8_t)(p->table[parent].level + 1),
					 .live = true };
	link_in(p, i);
	p->table[parent].used++;
	p->table[parent].children++;
	set_entry(entry_at(p, parent, slot), (p->pa + i * PAGE_SIZE) | DESC_TABLE | DESC_VALID);
	return i;
}

/* A table goes, which nothing points to any more. Its entries are zeroed now, its leaves in the reverse map stay dead. */
static void free_table(struct s2_pool *p, uint32_t i)
{
	struct s2_table *t = &p->table[i];
	uint64_t *entry = entry_at(p, i, 0);

	link_out(p, i);
	count_leaves(p, i, (uint32_t)(t->children - t->used));
	if (t->used)
		memset(entry, 0, S2_ENTRIES * sizeof(*entry));
	t->live = false;
	t->used = t->children = 0;
	t->newer = p->free;
	p->free = i;
	p->free_tables++;
}

static void clear_entry(struct s2_pool *p, uint32_t table, uint32_t slot)
{
	set_entry(entry_at(p, table, slot), 0);
	p->table[table].used--;
}

static void remove_leaf(struct s2_pool *p, uint32_t table, uint32_t slot, struct s2_flush *f)
{
	flush_add(f, ipa_of(p, table, slot));
	s2_rmap_remove(p, table, slot);
	clear_entry(p, table, slot);
	count_leaves(p, table, UINT32_MAX);
}

/* A table and all below it go. */
static void remove_table(struct s2_pool *p, uint32_t i, struct s2_flush *f)
{
	struct s2_table *t = &p->table[i];

	clear_entry(p, t->parent, t->slot);
	p->table[t->parent].children--;
	if (t->used > t->children)
		f->all = true;
	else
		flush_add(f, ipa_of(p, t->parent, t->slot));
	for (uint32_t n = 0; t->children; n++) {
		uint64_t entry = *entry_at(p, i, n);

		if (is_table(entry, t->level))
			remove_table(p, child_of(p, entry), f);
	}
	free_table(p, i);
}

/* --- mapping --- */

static enum s2_map_result set_leaf(struct s2_pool *p, uint32_t table, const struct s2_mapping *m,
				   struct s2_flush *f)
{
	uint32_t slot = slot_of(p, m->level, m->ipa.val);
	uint64_t *entry = entry_at(p, table, slot);
	uint64_t leaf = m->descriptor | field_put(DESC_L1_SIZE, size_code(m->l1_shift) + 1);
	l1_ipa_t first = { m->l1_ipa.val & (~UINT64_C(0) << level_shift(m->level)) };

	if (*entry == leaf)
		return S2_UNCHANGED;
	if (is_table(*entry, m->level)) {
		remove_table(p, child_of(p, *entry), f);
		return S2_BREAK;
	}
	if (*entry) {
		remove_leaf(p, table, slot, f);
		return S2_BREAK;
	}
	s2_rmap_add(p, table, slot, m->level, first);
	p->table[table].used++;
	count_leaves(p, table, 1);
	/* All the way up: a table may still have the bit of a leaf that is gone while the root lost it. */
	for (; table != S2_NONE; table = p->table[table].parent)
		p->table[table].sizes |= size_bit(leaf);
	set_entry(entry, leaf);
	return S2_MAPPED;
}

enum s2_map_result s2_map(struct s2_pool *p, unsigned tree, const struct s2_mapping *m, struct s2_flush *f)
{
	uint32_t table = p->tree[tree].root;

	for (int level = p->root_level; level < m->level; level++) {
		uint32_t slot = slot_of(p, level, m->ipa.val);
		uint64_t entry = *entry_at(p, table, slot);

		if (is_table(entry, level)) {
			table = child_of(p, entry);
			continue;
		}
		if (entry) {
			remove_leaf(p, table, slot, f);
			return S2_BREAK;
		}
		table = new_table(p, table, slot);
		if (table == S2_NONE)
			return S2_FULL;
	}
	return set_leaf(p, table, m, f);
}

/* The table that holds the entry of level for ipa, or the leaf above it: where a walk for ipa ends. *level becomes its. */
static uint32_t descend(const struct s2_pool *p, unsigned tree, uint64_t ipa, int *level)
{
	uint32_t table = p->tree[tree].root;

	for (int at = p->root_level;; at++) {
		uint64_t entry = *entry_at(p, table, slot_of(p, at, ipa));

		if (at == *level || !is_table(entry, at)) {
			*level = at;
			return table;
		}
		table = child_of(p, entry);
	}
}

void s2_map_around(struct s2_pool *p, unsigned tree, const struct s2_mapping *m, unsigned shift)
{
	int level = m->level;
	uint32_t table = descend(p, tree, m->ipa.val, &level), slot = slot_of(p, level, m->ipa.val);
	unsigned span = level_shift(level);
	uint64_t mask = ~UINT64_C(0) << shift, first = m->l1_ipa.val & mask;
	uint64_t leaf = *entry_at(p, table, slot) & (mask | ~(~UINT64_C(0) << span));
	uint32_t leaves = UINT32_C(1) << (shift - span), added = 0;

	slot &= ~(leaves - 1);
	for (uint64_t n = 0; n < leaves; n++, slot++) {
		if (*entry_at(p, table, slot))
			continue;
		s2_rmap_add(p, table, slot, level, (l1_ipa_t){ first + (n << span) });
		set_entry(entry_at(p, table, slot), leaf + (n << span));
		added++;
	}
	p->table[table].used = (uint16_t)(p->table[table].used + added);
	count_leaves(p, table, added);
}

bool s2_find(const struct s2_pool *p, unsigned tree, l2_ipa_t ipa, uint64_t *descriptor, int *level)
{
	uint32_t table;

	*level = LAST_LEVEL;
	table = descend(p, tree, ipa.val, level);
	*descriptor = *entry_at(p, table, slot_of(p, *level, ipa.val));
	return *descriptor & DESC_VALID;
}

/* --- unmapping --- */

/*
 * Has a table a leaf, its own or below it, that was made from an L1 leaf of this size?  sizes may remember one that is gone, and
 * forgets it here: each is looked for once.
 */
static bool holds(struct s2_pool *p, uint32_t table, unsigned code)
{
	struct s2_table *t = &p->table[table];
	uint32_t bit = UINT32_C(1) << code;

	if (!(t->sizes & bit))
		return false;
	for (uint32_t slot = 0; slot < S2_ENTRIES; slot++) {
		uint64_t entry = *entry_at(p, table, slot);

		if (entry &&
		    (is_table(entry, t->level) ? holds(p, child_of(p, entry), code) : size_bit(entry) == bit))
			return true;
	}
	t->sizes &= ~bit;
	return false;
}

/* Was a leaf in the aligned region of 2^shift bytes around ipa made from an L1 leaf that is this region? */
static bool is_l1_leaf(struct s2_pool *p, unsigned tree, uint64_t ipa, unsigned code)
{
	unsigned shift = l1_sizes[code];
	int wanted = LAST_LEVEL, level;
	uint32_t table, slot, slots;

	while (wanted > p->root_level && level_shift(wanted - 1) <= shift)
		wanted--;
	level = wanted;
	table = descend(p, tree, ipa, &level);
	slot = slot_of(p, level, ipa);
	slots = level == wanted && shift > level_shift(level) ? 1U << (shift - level_shift(level)) : 1;
	slot &= ~(slots - 1);
	for (; slots; slots--, slot++) {
		uint64_t entry = *entry_at(p, table, slot);

		if (entry && (is_table(entry, level) ? holds(p, child_of(p, entry), code) :
						       size_bit(entry) == UINT32_C(1) << code))
			return true;
	}
	return false;
}

/* log2 of the size of the largest leaf of L1's that is known to map ipa. */
static unsigned l1_leaf_shift(struct s2_pool *p, unsigned tree, uint64_t ipa)
{
	uint32_t sizes = p->table[p->tree[tree].root].sizes;

	for (unsigned code = L1_SIZES; --code;)
		if ((sizes & (UINT32_C(1) << code)) && is_l1_leaf(p, tree, ipa, code))
			return l1_sizes[code];
	return PAGE_SHIFT;
}

/* Removes what maps [first, last] in a table whose first address is base. */
static void unmap_in(struct s2_pool *p, uint32_t table, uint64_t base, uint64_t first, uint64_t last,
		     struct s2_flush *f)
{
	int level = p->table[table].level;
	uint64_t span = BIT(level_shift(level));
	uint32_t from = first > base ? (uint32_t)((first - base) / span) : 0, slots = slots_of(p, table);

	for (uint32_t slot = from; slot < slots && base + slot * span <= last && p->table[table].used;
	     slot++) {
		uint64_t entry = *entry_at(p, table, slot), at = base + slot * span;
		uint32_t child;

		if (!entry)
			continue;
		if (!is_table(entry, level)) {
			remove_leaf(p, table, slot, f);
			continue;
		}
		child = child_of(p, entry);
		if (first > at || last < at + (span - 1))
			unmap_in(p, child, at, first, last, f);
		if (!p->table[child].used || (first <= at && last >= at + (span - 1)))
			remove_table(p, child, f);
	}
}

void s2_unmap(struct s2_pool *p, unsigned tree, l2_ipa_t ipa, uint64_t size, struct s2_flush *f)
{
	uint64_t space = BIT(p->ia_bits) - 1, first = ipa.val, last = first + (size - 1), whole;

	if (first > space)
		return;
	if (last < first || last > space)
		last = space;
	whole = BIT(l1_leaf_shift(p, tree, first)) - 1;
	if (last > (first | whole)) /* another leaf */
		last |= BIT(l1_leaf_shift(p, tree, last)) - 1;
	else
		last = first | whole;
	first &= ~whole;
	unmap_in(p, p->tree[tree].root, 0, first, last, f);
	if (!p->tree[tree].leaves)
		p->table[p->tree[tree].root].sizes = 0;
}

/* The root may hold leaves of its own (level 1). */
static void clear_root(struct s2_pool *p, uint32_t root)
{
	uint64_t *entry = entry_at(p, root, 0);

	count_leaves(p, root, (uint32_t)(p->table[root].children - p->table[root].used));
	for (uint32_t n = 0; p->table[root].used; n++)
		if (entry[n])
			clear_entry(p, root, n);
	p->table[root].children = 0;
	p->table[root].sizes = 0;
}

void s2_clear(struct s2_pool *p, unsigned tree)
{
	struct s2_tree *t = &p->tree[tree];

	if (p->table[t->root].used)
		clear_root(p, t->root);
	while (t->tables != S2_NONE)
		free_table(p, t->tables);
}

/* --- by L1 IPA --- */

/* Leaves of the first tree that has one in the range are removed, or keep all but write permission. */
static bool restrict_l1(struct s2_pool *p, struct s2_rmap_range range, bool remove, unsigned *tree,
			struct s2_flush *f)
{
	uint32_t of = S2_NONE, leaf;

	while ((leaf = s2_rmap_next(p, &range, of)) != S2_NONE) {
		uint32_t table = s2_rmap_table(p, leaf), slot = leaf - table * S2_ENTRIES;

		of = p->table[table].tree;
		if (remove) {
			remove_leaf(p, table, slot, f);
		} else {
			flush_add(f, ipa_of(p, table, slot));
			set_entry(&p->entry[leaf], p->entry[leaf] & ~DESC_S2AP_WRITE);
		}
	}
	*tree = of;
	return of != S2_NONE;
}

bool s2_unmap_l1(struct s2_pool *p, l1_ipa_t l1_ipa, uint64_t size, unsigned *tree, struct s2_flush *f)
{
	return restrict_l1(p, s2_rmap_range(l1_ipa, size, false), true, tree, f);
}

bool s2_protect_l1(struct s2_pool *p, l1_ipa_t l1_ipa, uint64_t size, unsigned *tree, struct s2_flush *f)
{
	return restrict_l1(p, s2_rmap_range(l1_ipa, size, true), false, tree, f);
}

/* --- eviction --- */

unsigned s2_evict(struct s2_pool *p, struct s2_flush *f)
{
	uint32_t i = p->oldest;
	unsigned tree;

	while (p->table[i].children)
		i = p->table[i].newer;
	tree = p->table[i].tree;
	remove_table(p, i, f);
	p->evictions++;
	return tree;
}
