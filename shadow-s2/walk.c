/* What does L1's stage 2 say of an L2 IPA?  Reads: walk.h, geometry.h.  Next: combine.c. */
#include "shadow-s2/walk.h"

#include "nv/arch/bits.h"
#include "nv/arch/fields.h"

#define FINAL_LEVEL 3

#define DESC_VALID BIT(0)
#define DESC_TABLE BIT(1) /* at level 3: a page */
#define DESC_MEMATTR BITS(5, 2)
#define DESC_S2AP_READ BIT(6)
#define DESC_S2AP_WRITE BIT(7)
#define DESC_SH BITS(9, 8)
#define DESC_AF BIT(10)
#define DESC_DBM BIT(51)
#define DESC_XN BITS(54, 53)
#define DESC_XN_ONE BIT(54) /* without FEAT_XNX */

static uint32_t fsc_at(uint32_t type, int level)
{
	if (level >= 0)
		return type | (uint32_t)level;
	return type == FSC_TRANSLATION	? FSC_TRANSLATION_MINUS_1 :
	       type == FSC_ADDRESS_SIZE ? FSC_ADDRESS_SIZE_MINUS_1 :
					  FSC_EXTERNAL_WALK_MINUS_1;
}

static enum s2_step fault(struct s2_walk *w, uint32_t type, int level)
{
	w->fsc = fsc_at(type, level);
	return S2_FAULT;
}

enum s2_step s2_begin(struct s2_walk *w, const struct s2_geometry *g, l2_ipa_t ipa, struct s2_access access)
{
	*w = (struct s2_walk){ .geometry = g, .ipa = ipa, .access = access };
	if (!g->valid || ipa.val >> g->ia_bits)
		return fault(w, FSC_TRANSLATION, 0);
	if (!g->base_in_range)
		return fault(w, FSC_ADDRESS_SIZE, 0);
	w->level = g->start_level;
	w->table = g->table_base;
	w->top_shift = g->ia_bits;
	return S2_NEXT;
}

/* AArch64.S2SLTTEntryAddress: the index into concatenated tables may exceed what one table has. */
l1_ipa_t s2_slot(const struct s2_walk *w)
{
	unsigned shift = s2_level_shift(w->geometry, w->level);
	uint64_t index = (w->ipa.val & ((UINT64_C(1) << w->top_shift) - 1)) >> shift;

	return (l1_ipa_t){ w->table + index * sizeof(uint64_t) };
}

/* The address in a descriptor whose bits below shift are not address bits. */
static uint64_t output_address(const struct s2_geometry *g, uint64_t d, unsigned shift)
{
	if (g->ds)
		return (d & BITS(49, 0) & (~UINT64_C(0) << shift)) | (field_get(BITS(9, 8), d) << 50);
	if (g->lpa)
		return (d & BITS(47, 0) & (~UINT64_C(0) << shift)) | (field_get(BITS(15, 12), d) << 48);
	return d & BITS(47, 0) & (~UINT64_C(0) << shift);
}

static bool is_leaf(const struct s2_walk *w, uint64_t d)
{
	return w->level == FINAL_LEVEL || !(d & DESC_TABLE);
}

static bool is_allowed(const struct s2_walk *w, uint64_t d)
{
	if (!(d & DESC_VALID))
		return false;
	if (w->level == FINAL_LEVEL)
		return d & DESC_TABLE;
	return (d & DESC_TABLE) || w->level >= w->geometry->block_level;
}

/*
 * AArch64.S2ApplyFWBMemAttrs: 00xx Device, 0101 Non-cacheable, 0110 write-back, 0111 as stage 1 says. The reserved 0100 means
 * Non-cacheable there, and bit 3 nothing.
 */
static uint8_t memattr_of(const struct s2_geometry *g, uint64_t d)
{
	uint64_t memattr = field_get(DESC_MEMATTR, d);

	if (!g->fwb)
		return (uint8_t)memattr;
	memattr &= 7;
	return (uint8_t)((memattr == 4 ? 5 : memattr) | S2_MEMATTR_FWB);
}

/* XN[1:0] with FEAT_XNX: 00 none, 01 not EL1, 10 neither, 11 not EL0. Unlike in AArch32, execution needs no read access. */
static void decode_leaf(struct s2_walk *w, uint64_t d)
{
	const struct s2_geometry *g = w->geometry;
	uint64_t xn = field_get(DESC_XN, d);
	struct s2_leaf *leaf = &w->leaf;

	leaf->shift = s2_level_shift(g, w->level);
	leaf->l1_ipa.val =
		output_address(g, d, leaf->shift) | (w->ipa.val & ((UINT64_C(1) << leaf->shift) - 1));
	leaf->memattr = memattr_of(g, d);
	leaf->sh = g->ds ? g->ds_sh : (uint8_t)field_get(DESC_SH, d);
	leaf->read = d & DESC_S2AP_READ;
	leaf->write = d & DESC_S2AP_WRITE;
	leaf->exec_el1 = g->xnx ? xn == 0 || xn == 3 : !(d & DESC_XN_ONE);
	leaf->exec_el0 = g->xnx ? xn < 2 : !(d & DESC_XN_ONE);
}

/* AArch64.S2CheckPermissions. */
static bool is_permitted(const struct s2_walk *w)
{
	const struct s2_leaf *leaf = &w->leaf;
	const struct s2_access *a = &w->access;

	if (a->s1_walk) {
		if (a->protect_walk && !(leaf->memattr & 0xc))
			return false;
		return leaf->read && (!a->write || leaf->write);
	}
	if (a->fetch)
		return a->el0 ? leaf->exec_el0 : leaf->exec_el1;
	return a->write ? leaf->write : leaf->read;
}

/* AArch64.S2SetAF, AArch64.S2SetDirty: what hardware would make of d for this access. */
static uint64_t updated(const struct s2_walk *w, uint64_t d)
{
	if (w->geometry->ha)
		d |= DESC_AF;
	if (w->geometry->hd && (d & DESC_DBM) && w->access.write)
		d |= DESC_S2AP_WRITE;
	return d;
}

static enum s2_step feed_leaf(struct s2_walk *w, uint64_t d)
{
	uint64_t after = updated(w, d);

	decode_leaf(w, after);
	/* A block may be larger than what VTCR_EL2.PS allows, and begin below its end. */
	if (w->leaf.l1_ipa.val >> w->geometry->oa_bits)
		return fault(w, FSC_ADDRESS_SIZE, w->level);
	if (!(after & DESC_AF))
		return fault(w, FSC_ACCESS, w->level);
	if (!is_permitted(w))
		return fault(w, FSC_PERMISSION, w->level);
	w->update = after == d ? 0 : after;
	return S2_LEAF;
}

enum s2_step s2_feed(struct s2_walk *w, uint64_t d)
{
	const struct s2_geometry *g = w->geometry;
	uint64_t address;

	if (!is_allowed(w, d))
		return fault(w, FSC_TRANSLATION, w->level);
	if (is_leaf(w, d))
		return feed_leaf(w, d);
	address = output_address(g, d, g->granule_shift);
	if (address >> g->oa_bits)
		return fault(w, FSC_ADDRESS_SIZE, w->level);
	w->top_shift = s2_level_shift(g, w->level);
	w->table = address;
	w->level++;
	return S2_NEXT;
}

enum s2_step s2_unreadable(struct s2_walk *w)
{
	return fault(w, FSC_EXTERNAL_WALK, w->level);
}
