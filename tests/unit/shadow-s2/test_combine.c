/* What do two stages allow together, and what is it called in a descriptor and in PAR_EL1?  Reads: shadow-s2/combine.h. */
#include <CUnit/CUnit.h>

#include "shadow-s2/combine.h"
#include "tests/unit/shadow-s2/reference.h"

void register_shadow_s2_combine(void);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* MemAttr */
#define nGnRnE 0
#define nGnRE 1
#define nGRE 2
#define GRE 3
#define NC 5
#define WT 10
#define WB 15
#define WB_OUTER_NC_INNER 13

static struct s2_attributes memory(unsigned memattr, unsigned sh)
{
	return (struct s2_attributes){ (uint8_t)memattr, (uint8_t)sh, true, true, true, true };
}

static void the_weaker_memory_type_wins(void)
{
	static const struct {
		uint8_t a, b, both;
	} row[] = {
		{ WB, WB, WB },
		{ WB, WT, WT },
		{ WB, NC, NC },
		{ WT, NC, NC },
		{ WB, nGnRnE, nGnRnE },
		{ WB, GRE, GRE },
		{ NC, GRE, GRE },
		{ NC, nGnRE, nGnRE },
		{ GRE, nGRE, nGRE },
		{ nGRE, nGnRE, nGnRE },
		{ GRE, nGnRnE, nGnRnE },
		{ GRE, GRE, GRE },
		{ WB_OUTER_NC_INNER, WB, WB_OUTER_NC_INNER },
		{ WB_OUTER_NC_INNER, WT, 9 },
		{ 4, WB, NC } /* 01 00: outer none, inner reserved */,
		{ 8, WB, 9 },
		{ 7, 13, NC },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		CU_ASSERT_EQUAL(s2_combine(memory(row[i].a, 3), memory(row[i].b, 3)).memattr, row[i].both);
		CU_ASSERT_EQUAL(s2_combine(memory(row[i].b, 3), memory(row[i].a, 3)).memattr, row[i].both);
	}
}

static void the_wider_shareability_wins(void)
{
	static const struct {
		uint8_t a, b, both;
	} row[] = {
		{ 0, 0, 0 }, { 0, 3, 3 }, { 0, 2, 2 }, { 3, 3, 3 }, { 3, 2, 2 }, { 2, 2, 2 },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		CU_ASSERT_EQUAL(s2_combine(memory(WB, row[i].a), memory(WB, row[i].b)).sh, row[i].both);
		CU_ASSERT_EQUAL(s2_combine(memory(WB, row[i].b), memory(WB, row[i].a)).sh, row[i].both);
		/* What is not cached is outer shareable, whatever is said. */
		CU_ASSERT_EQUAL(s2_combine(memory(NC, row[i].a), memory(WB, row[i].b)).sh, 2);
		CU_ASSERT_EQUAL(s2_combine(memory(GRE, row[i].a), memory(WB, row[i].b)).sh, 2);
	}
}

/* All of both, after all of a stage 1, as the architecture's functions say. */
static void attributes_combine_as_the_architecture_says(void)
{
	static const unsigned s1[] = { 0x00, 0x04, 0x08, 0x0c, 0x44, 0x4f, 0xf4,
				       0xaa, 0xbb, 0xff, 0x77, 0x3f, 0xfe };

	for (unsigned n = 0; n < 1 << 12; n++) {
		unsigned a = n & 15, b = n >> 4 & 15, sa = n >> 8 & 3, sb = n >> 10;
		struct s2_attributes both = s2_combine(memory(a, sa), memory(b, sb));

		for (unsigned i = 0; i < COUNT(s1); i++) {
			struct ref_attributes first = ref_s1_decode_memattrs(s1[i], 3);
			struct ref_attributes l1 =
				ref_s2_combine_s1_memattrs(first, ref_s2_decode_memattrs(a, sa));
			struct ref_attributes l0 =
				ref_s2_combine_s1_memattrs(l1, ref_s2_decode_memattrs(b, sb));

			CU_ASSERT(ref_same_memattrs(
				l0, ref_s2_combine_s1_memattrs(
					    first, ref_s2_decode_memattrs(both.memattr, both.sh))));
		}
	}
}

static struct s2_attributes permissions(unsigned bits)
{
	return (struct s2_attributes){ WB, 3, bits & 1, bits & 2, bits & 4, bits & 8 };
}

static void nothing_is_allowed_that_either_stage_refuses(void)
{
	for (unsigned n = 0; n < 256; n++) {
		struct s2_attributes both = s2_combine(permissions(n & 15), permissions(n >> 4)),
				     as = permissions(n & n >> 4);

		CU_ASSERT(both.read == as.read && both.write == as.write && both.exec_el1 == as.exec_el1 &&
			  both.exec_el0 == as.exec_el0);
	}
}

/* S2AP, XN and the rest where the architecture has them. */
static void a_descriptor_says_what_the_attributes_are(void)
{
	static const struct {
		unsigned permissions; /* R 1, W 2, EL1 4, EL0 8 */
		bool xnx;
		uint64_t s2ap, xn;
	} row[] = {
		{ 0, true, 0, 2 },  { 1, true, 1, 2 },	{ 2, true, 2, 2 },  { 3, true, 3, 2 },
		{ 15, true, 3, 0 }, { 5, true, 1, 3 },	{ 9, true, 1, 1 },  { 13, true, 1, 0 },
		{ 12, true, 0, 0 }, { 4, true, 0, 3 },	{ 8, true, 0, 1 },  { 15, false, 3, 0 },
		{ 5, false, 1, 2 }, { 9, false, 1, 2 }, { 3, false, 3, 2 }, { 12, false, 0, 0 },
	};
	const pa_t pa = { UINT64_C(0xfffffffff000) };

	for (unsigned i = 0; i < COUNT(row); i++) {
		uint64_t d = s2_descriptor(permissions(row[i].permissions), pa, true, row[i].xnx);

		CU_ASSERT_EQUAL(d >> 6 & 3, row[i].s2ap);
		CU_ASSERT_EQUAL(d >> 53 & 3, row[i].xn);
	}
	CU_ASSERT_EQUAL(s2_descriptor(memory(WB, 3), pa, true, true),
			pa.val | 0x400 | 0x300 | 0xc0 | 0x3c | 3);
	CU_ASSERT_EQUAL(s2_descriptor(memory(nGnRE, 2), (pa_t){ 0x40000000 }, false, true),
			0x40000000 | 0x400 | 0x200 | 0xc0 | 0x04 | 1);
}

static void the_leafs_attributes_are_its_own(void)
{
	struct s2_leaf leaf = { .memattr = 9, .sh = 2, .read = true, .exec_el0 = true };
	struct s2_attributes a = s2_leaf_attributes(&leaf);

	CU_ASSERT(a.memattr == 9 && a.sh == 2 && a.read && !a.write && !a.exec_el1 && a.exec_el0);
}

/* --- PAR_EL1 --- */

/* Encodings of MAIR_ELx that need neither FEAT_XS nor FEAT_MTE, nor are UNPREDICTABLE. */
static bool is_mair(unsigned attr)
{
	if (attr >> 4 == 0)
		return attr % 4 == 0 && attr < 0x10;
	return (attr & 15) != 0;
}

static void check_par(bool fwb)
{
	for (unsigned n = 0; n < 1 << 16; n++) {
		unsigned attr = n & 255, memattr = n >> 8 & 15, s1_sh = n >> 12 & 3, sh = n >> 14;
		struct s2_leaf leaf = { .l1_ipa = { UINT64_C(0xabcde12345678) }, .sh = (uint8_t)sh };
		struct ref_translation stage2 = { .fwb = fwb, .memattr = memattr, .sh = sh };
		struct ref_attributes both;
		uint64_t par;

		/* The walker leaves no reserved value. */
		if (!is_mair(attr) || (fwb && (memattr > 7 || memattr == 4)))
			continue;
		leaf.memattr = (uint8_t)(memattr | (fwb ? S2_MEMATTR_FWB : 0));
		both = ref_after_s2(ref_s1_decode_memattrs(attr, s1_sh), &stage2);
		par = s2_par((uint64_t)attr << 56 | UINT64_C(0x1234567000) | 1 << 11 | s1_sh << 7, &leaf);
		CU_ASSERT_EQUAL(par >> 56, ref_encode_par_attrs(both));
		CU_ASSERT_EQUAL(par >> 7 & 3, ref_encode_par_sh(both));
		CU_ASSERT_EQUAL(par & UINT64_C(0xffffffffffe7f), UINT64_C(0xabcde12345000) | 1 << 11);
	}
}

static void par_has_the_attributes_of_both_stages(void)
{
	check_par(false);
}

static void par_has_the_attributes_of_both_stages_with_fwb(void)
{
	check_par(true);
}

/* With HCR_EL2.FWB: 0xx Device, 5 not cached, 6 write-back, 7 as stage 1 says. */
static void with_fwb_the_weaker_memory_type_wins(void)
{
	static const struct {
		uint8_t a, b, both;
	} row[] = {
		{ 0x17, 0x17, 0x17 }, { 0x17, 0x16, 0x16 },  { 0x17, 0x15, 0x15 }, { 0x16, 0x15, 0x15 },
		{ 0x17, 0x13, 0x13 }, { 0x13, 0x10, 0x10 },  { 0x16, 0x12, 0x12 }, { 0x17, WB, 0x17 },
		{ 0x16, WB, 0x16 },   { 0x17, NC, 0x15 },    { 0x17, WT, 0x15 },   { 0x17, nGRE, 0x12 },
		{ 0x11, WB, 0x11 },   { 0x13, nGnRE, 0x11 },
	};

	for (unsigned i = 0; i < COUNT(row); i++) {
		CU_ASSERT_EQUAL(s2_combine(memory(row[i].a, 3), memory(row[i].b, 3)).memattr, row[i].both);
		CU_ASSERT_EQUAL(s2_combine(memory(row[i].b, 3), memory(row[i].a, 3)).memattr, row[i].both);
		CU_ASSERT_EQUAL(s2_descriptor(memory(row[i].both, 3), (pa_t){ 0 }, true, true) >> 2 & 15,
				(row[i].both & 15u));
	}
}

void register_shadow_s2_combine(void)
{
	CU_pSuite s = CU_add_suite("shadow-s2/combine", NULL, NULL);

	CU_ADD_TEST(s, the_weaker_memory_type_wins);
	CU_ADD_TEST(s, the_wider_shareability_wins);
	CU_ADD_TEST(s, attributes_combine_as_the_architecture_says);
	CU_ADD_TEST(s, nothing_is_allowed_that_either_stage_refuses);
	CU_ADD_TEST(s, a_descriptor_says_what_the_attributes_are);
	CU_ADD_TEST(s, the_leafs_attributes_are_its_own);
	CU_ADD_TEST(s, par_has_the_attributes_of_both_stages);
	CU_ADD_TEST(s, par_has_the_attributes_of_both_stages_with_fwb);
	CU_ADD_TEST(s, with_fwb_the_weaker_memory_type_wins);
}
