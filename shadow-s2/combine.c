/* What may a shadow entry allow?  Reads: combine.h.  Next: tree.c. */
#include "shadow-s2/combine.h"

#include "nv/arch/bits.h"
#include "nv/arch/fields.h"

#define DESC_VALID BIT(0)
#define DESC_TABLE BIT(1)
#define DESC_MEMATTR BITS(5, 2)
#define DESC_S2AP_READ BIT(6)
#define DESC_S2AP_WRITE BIT(7)
#define DESC_SH BITS(9, 8)
#define DESC_AF BIT(10)
#define DESC_ADDRESS BITS(47, 12)
#define DESC_XN BITS(54, 53)

#define XN_NONE 0
#define XN_NOT_EL1 1
#define XN_BOTH 2
#define XN_NOT_EL0 3

#define MEMATTR_OUTER BITS(3, 2)
#define MEMATTR_INNER BITS(1, 0)
#define NON_CACHEABLE 1
#define SH_NON 0

static bool is_device(uint8_t memattr)
{
	return !(memattr & MEMATTR_OUTER);
}

/* Of two cacheabilities (1 none, 2 write-through, 3 write-back) the smaller; 0 is reserved, and taken for none. */
static uint8_t least_cacheable(uint64_t a, uint64_t b)
{
	uint64_t least = a < b ? a : b;

	return (uint8_t)(least ? least : NON_CACHEABLE);
}

#define FWB_NON_CACHEABLE 5
#define FWB_WRITE_BACK 6
#define FWB_AS_STAGE_1 7

/* A memattr in the form of HCR_EL2.FWB = 1, which has no write-through: what is not write-back is not cached. */
static uint8_t with_fwb(uint8_t memattr)
{
	if (memattr & S2_MEMATTR_FWB)
		return memattr;
	if (is_device(memattr))
		return memattr | S2_MEMATTR_FWB;
	return (memattr == S2_MEMATTR_WB ? FWB_AS_STAGE_1 : FWB_NON_CACHEABLE) | S2_MEMATTR_FWB;
}

/* In the form of HCR_EL2.FWB = 1 the smaller value wins: Device types, Non-cacheable, write-back, what stage 1 says. */
static uint8_t combine_with_fwb(uint8_t a, uint8_t b)
{
	a = with_fwb(a);
	b = with_fwb(b);
	return a < b ? a : b;
}

/* S2CombineS1MemAttrs: Device wins over Normal, and its type with the lower number over the others. */
static uint8_t combine_memattr(uint8_t a, uint8_t b)
{
	if ((a | b) & S2_MEMATTR_FWB)
		return combine_with_fwb(a, b);
	if (is_device(a) && is_device(b))
		return a < b ? a : b;
	if (is_device(a) || is_device(b))
		return is_device(a) ? a : b;
	return (uint8_t)(field_put(MEMATTR_OUTER, least_cacheable(field_get(MEMATTR_OUTER, a),
								  field_get(MEMATTR_OUTER, b))) |
			 field_put(MEMATTR_INNER, least_cacheable(field_get(MEMATTR_INNER, a),
								  field_get(MEMATTR_INNER, b))));
}

/* EffectiveShareability: memory that nothing caches is outer shareable. */
static uint8_t effective_sh(uint8_t memattr, uint8_t sh)
{
	bool uncached = memattr == (FWB_NON_CACHEABLE | S2_MEMATTR_FWB) || memattr == S2_MEMATTR_NC;

	return is_device(memattr) || uncached ? S2_SH_OUTER : sh;
}

/* The wider domain; the reserved value counts as outer shareable. */
static uint8_t combine_sh(uint8_t a, uint8_t b)
{
	bool outer = a == S2_SH_OUTER || a == 1 || b == S2_SH_OUTER || b == 1;

	return outer ? S2_SH_OUTER : a == S2_SH_INNER || b == S2_SH_INNER ? S2_SH_INNER : SH_NON;
}

struct s2_attributes s2_leaf_attributes(const struct s2_leaf *leaf)
{
	return (struct s2_attributes){ leaf->memattr, leaf->sh,	      leaf->read,
				       leaf->write,   leaf->exec_el1, leaf->exec_el0 };
}

struct s2_attributes s2_combine(struct s2_attributes l1, struct s2_attributes l0)
{
	struct s2_attributes both = {
		.memattr = combine_memattr(l1.memattr, l0.memattr),
		.read = l1.read && l0.read,
		.write = l1.write && l0.write,
		.exec_el1 = l1.exec_el1 && l0.exec_el1,
		.exec_el0 = l1.exec_el0 && l0.exec_el0,
	};

	both.sh = effective_sh(both.memattr, combine_sh(l1.sh, l0.sh));
	return both;
}

static uint64_t execute_never(struct s2_attributes a, bool xnx)
{
	if (!a.exec_el1 && !a.exec_el0)
		return XN_BOTH;
	if (a.exec_el1 && a.exec_el0)
		return XN_NONE;
	return !xnx ? XN_BOTH : a.exec_el0 ? XN_NOT_EL1 : XN_NOT_EL0;
}

uint64_t s2_descriptor(struct s2_attributes a, pa_t pa, bool is_page, bool xnx)
{
	return (pa.val & DESC_ADDRESS) | field_put(DESC_MEMATTR, a.memattr & 0xf) | field_put(DESC_SH, a.sh) |
	       field_put(DESC_XN, execute_never(a, xnx)) | (a.read ? DESC_S2AP_READ : 0) |
	       (a.write ? DESC_S2AP_WRITE : 0) | DESC_AF | DESC_VALID | (is_page ? DESC_TABLE : 0);
}

/* MAIR's four bits of a cacheability: 0100 none, 10xx and 00xx write-through, the rest write-back. */
static uint64_t cacheability_of_mair(uint64_t nibble)
{
	return nibble == 4 ? NON_CACHEABLE : (nibble & 4) ? 3 : 2;
}

/* And the way back, with stage 1's allocation hints and its word on being transient (only with a hint: 0100 is another thing). */
static uint64_t mair_of_cacheability(uint64_t cacheability, uint64_t s1_nibble)
{
	uint64_t hints = s1_nibble & 3, lasting = s1_nibble & 8 || !hints ? 8 : 0;

	return cacheability == NON_CACHEABLE ? 4 : lasting | (cacheability == 3 ? 4 : 0) | hints;
}

/* The MemAttr (plain form) that leaf leaves of what stage 1 said (plain form too). */
static uint8_t after_stage2(uint8_t s1, const struct s2_leaf *leaf)
{
	if (!(leaf->memattr & S2_MEMATTR_FWB))
		return combine_memattr(s1, leaf->memattr);
	switch (leaf->memattr & 0xf) {
	case FWB_AS_STAGE_1:
		return s1;
	case FWB_WRITE_BACK:
		return S2_MEMATTR_WB;
	case FWB_NON_CACHEABLE:
		return is_device(s1) ? s1 : S2_MEMATTR_NC;
	default:
		return combine_memattr(s1, leaf->memattr & 0xf);
	}
}

/* The allocation hints of stage 1; where it had no cacheable memory to hint at, read and write, not transient. */
static uint64_t hints(uint64_t s1_nibble, bool s1_cached)
{
	return s1_cached && s1_nibble != 4 ? s1_nibble : 0xb;
}

uint64_t s2_par(uint64_t par, const struct s2_leaf *leaf)
{
	uint64_t attr = field_get(PAR_ATTR, par), outer = attr >> 4, inner = attr & 0xf;
	uint8_t s1 = outer ? (uint8_t)(cacheability_of_mair(outer) << 2 | cacheability_of_mair(inner)) :
			     (uint8_t)(inner >> 2);
	uint8_t both = after_stage2(s1, leaf);
	uint8_t sh = effective_sh(both, combine_sh((uint8_t)field_get(PAR_SH, par), leaf->sh));

	if (is_device(both))
		attr = (uint64_t)both << 2;
	else
		attr = mair_of_cacheability(field_get(MEMATTR_OUTER, both), hints(outer, outer)) << 4 |
		       mair_of_cacheability(field_get(MEMATTR_INNER, both), hints(inner, outer));
	par = field_set(PAR_ATTR, par, attr);
	par = field_set(PAR_SH, par, sh);
	return (par & ~PAR_PA) | (leaf->l1_ipa.val & PAR_PA);
}
