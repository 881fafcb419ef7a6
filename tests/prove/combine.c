/* Does a shadow entry ever allow more than either stage?  Reads: shadow-s2/combine.h. */
#include "shadow-s2/combine.h"

#include "tests/prove/prove.h"

void prove_combine(void);
void prove_combine_is_commutative(void);
void prove_descriptor(void);
void prove_par(void);

/* What the walker leaves: MemAttr of either form, without the reserved values of the one with FWB. */
static struct s2_attributes any_attributes(void)
{
	struct s2_attributes a = { any_u8(), any_u8(), any_bool(), any_bool(), any_bool(), any_bool() };

	assume(a.sh < 4 && a.memattr < 0x18 && a.memattr != 0x14);
	return a;
}

static bool is_device(uint8_t memattr)
{
	return !(memattr & 0xc);
}

/* Non, inner, outer; the reserved value is taken for outer. */
static unsigned width(uint8_t sh)
{
	return sh == 0 ? 0 : sh == 3 ? 1 : 2;
}

/* How much a cache may do: 0 nothing (and reserved values), then write-through, then write-back. */
static unsigned outer(uint8_t memattr)
{
	if (memattr & S2_MEMATTR_FWB)
		return (memattr & 7) >= 6 ? 2 : 0;
	return memattr >> 2 < 2 ? 0 : (unsigned)(memattr >> 2) - 1;
}

static unsigned inner(uint8_t memattr)
{
	if (memattr & S2_MEMATTR_FWB)
		return outer(memattr);
	return (memattr & 3) < 2 ? 0 : (unsigned)(memattr & 3) - 1;
}

static void check_not_more(struct s2_attributes both, struct s2_attributes one)
{
	always(!both.read || one.read);
	always(!both.write || one.write);
	always(!both.exec_el1 || one.exec_el1);
	always(!both.exec_el0 || one.exec_el0);
	always(!is_device(one.memattr) || is_device(both.memattr));
	always(!is_device(one.memattr) || (both.memattr & 3) <= (one.memattr & 3));
	always(is_device(one.memattr) || is_device(both.memattr) ||
	       (outer(both.memattr) <= outer(one.memattr) && inner(both.memattr) <= inner(one.memattr)));
	always(width(both.sh) >= width(one.sh));
}

void prove_combine(void)
{
	struct s2_attributes l1 = any_attributes(), l0 = any_attributes(), both = s2_combine(l1, l0);

	check_not_more(both, l1);
	check_not_more(both, l0);
	/* And no less: what both allow is allowed. */
	always(both.read == (l1.read && l0.read) && both.write == (l1.write && l0.write));
	always(both.exec_el1 == (l1.exec_el1 && l0.exec_el1) &&
	       both.exec_el0 == (l1.exec_el0 && l0.exec_el0));
	always(is_device(both.memattr) == (is_device(l1.memattr) || is_device(l0.memattr)));
	always((both.memattr & S2_MEMATTR_FWB) == ((l1.memattr | l0.memattr) & S2_MEMATTR_FWB));
	/* It is a value that the next stage can be combined with. */
	always(both.sh < 4 && both.memattr < 0x18 && both.memattr != 0x14);
}

void prove_combine_is_commutative(void)
{
	struct s2_attributes a = any_attributes(), b = any_attributes(), ab = s2_combine(a, b),
			     ba = s2_combine(b, a);

	always(ab.memattr == ba.memattr && ab.sh == ba.sh);
	always(ab.read == ba.read && ab.write == ba.write && ab.exec_el1 == ba.exec_el1 &&
	       ab.exec_el0 == ba.exec_el0);
}

/* Hardware reads from the descriptor what the attributes say, but for execution that it cannot give to one level alone. */
void prove_descriptor(void)
{
	struct s2_attributes a = any_attributes();
	pa_t pa = { any_u64() };
	bool is_page = any_bool(), xnx = any_bool();
	uint64_t d = s2_descriptor(a, pa, is_page, xnx), xn = d >> 53 & 3;
	bool el1 = xnx ? xn == 0 || xn == 3 : xn < 2, el0 = xnx ? xn < 2 : xn < 2;

	always((d & 1) == 1 && (d >> 1 & 1) == is_page && (d >> 10 & 1) == 1);
	always((d >> 6 & 1) == a.read && (d >> 7 & 1) == a.write);
	always(!el1 || a.exec_el1);
	always(!el0 || a.exec_el0);
	always(!(a.exec_el1 && a.exec_el0) || (el1 && el0));
	always(!xnx || (el1 == a.exec_el1 && el0 == a.exec_el0));
	always((d >> 2 & 15) == (a.memattr & 15) && (d >> 8 & 3) == a.sh);
	always((d & UINT64_C(0xfffffffff000)) == (pa.val & UINT64_C(0xfffffffff000)));
	/* Nothing else: no bit that hardware, or the tree, takes for something. */
	always((d & ~UINT64_C(0x0060fffffffff7ff)) == 0);
}

/* PAR_EL1 never says Normal of what a stage says is Device, but where L1 forces it with FWB. */
void prove_par(void)
{
	struct s2_attributes a = any_attributes();
	struct s2_leaf leaf = { .l1_ipa = { any_u64() }, .memattr = a.memattr, .sh = a.sh };
	uint64_t before = any_u64(), after = s2_par(before, &leaf);

	always(!is_device(leaf.memattr) || after >> 60 == 0);
	always(before >> 60 != 0 || after >> 60 == 0 || leaf.memattr == (6 | S2_MEMATTR_FWB));
	always((after & UINT64_C(0xffffffffff000)) == (leaf.l1_ipa.val & UINT64_C(0xffffffffff000)));
	always((after & UINT64_C(0xf0000000000e7f)) == (before & UINT64_C(0xf0000000000e7f)));
}
