/* Does an exception arrive as AArch64.TakeException says?  Expected values are worked out by hand from the Arm ARM. */
#include <CUnit/CUnit.h>

#include "nv/deliver.h"

void register_nv_deliver(void);

#define EL0T 0x0
#define EL1T 0x4
#define EL1H 0x5
#define EL2T 0x8
#define EL2H 0x9
#define A32_USER 0x10
#define DAIF 0x3c0
#define PAN (1UL << 22)
#define UAO (1UL << 23)
#define SS (1UL << 21)
#define IL (1UL << 20)
#define NZCV 0xf0000000
#define BTYPE 0xc00
#define SSBS 0x1000
#define SCTLR_SPAN_BIT (1UL << 23)
#define SCTLR_DSSBS_BIT (1UL << 44)

static void each_source_has_its_vector(void)
{
	static const struct {
		enum nv_from from;
		uint64_t pstate;
		enum nv_vector vector;
		uint64_t offset;
	} row[] = {
		// clang-format off
		{ NV_FROM_SAME, EL1T, NV_VECTOR_SYNC, 0x000 },   { NV_FROM_SAME, EL1T, NV_VECTOR_SERROR, 0x180 },
		{ NV_FROM_SAME, EL1H, NV_VECTOR_SYNC, 0x200 },   { NV_FROM_SAME, EL1H, NV_VECTOR_IRQ, 0x280 },
		{ NV_FROM_LOWER, EL0T, NV_VECTOR_SYNC, 0x400 },  { NV_FROM_LOWER, EL1H, NV_VECTOR_FIQ, 0x500 },
		{ NV_FROM_LOWER, EL1T, NV_VECTOR_IRQ, 0x480 },   { NV_FROM_LOWER, A32_USER, NV_VECTOR_SYNC, 0x600 },
		{ NV_FROM_LOWER, A32_USER, NV_VECTOR_IRQ, 0x680 },
		// clang-format on
	};
	struct nv_target to = { .vbar = 0xffff800012345000, .sctlr = SCTLR_SPAN_BIT, .is_vel2 = true };

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct nv_exception e =
			nv_take_exception(&to, row[i].from, row[i].vector, 0x1000, row[i].pstate);

		CU_ASSERT_EQUAL(e.pc, 0xffff800012345000 + row[i].offset);
		CU_ASSERT_EQUAL(e.elr, 0x1000);
	}
}

static void the_low_bits_of_vbar_do_not_count(void)
{
	struct nv_target to = { .vbar = 0x80007ff };

	CU_ASSERT_EQUAL(nv_take_exception(&to, NV_FROM_LOWER, NV_VECTOR_SYNC, 0, EL0T).pc, 0x8000400);
}

static void vel2_sees_itself_as_el2_in_spsr(void)
{
	struct nv_target vel2 = { .is_vel2 = true }, el1 = { .is_vel2 = false };

	CU_ASSERT_EQUAL(nv_take_exception(&vel2, NV_FROM_SAME, NV_VECTOR_SYNC, 0, EL1H | NZCV).spsr,
			EL2H | NZCV);
	CU_ASSERT_EQUAL(nv_take_exception(&vel2, NV_FROM_SAME, NV_VECTOR_SYNC, 0, EL1T).spsr, EL2T);
	CU_ASSERT_EQUAL(nv_take_exception(&vel2, NV_FROM_LOWER, NV_VECTOR_SYNC, 0, EL1H).spsr, EL1H);
	CU_ASSERT_EQUAL(nv_take_exception(&vel2, NV_FROM_LOWER, NV_VECTOR_SYNC, 0, EL0T).spsr, EL0T);
	CU_ASSERT_EQUAL(nv_take_exception(&el1, NV_FROM_SAME, NV_VECTOR_SYNC, 0, EL1H).spsr, EL1H);
}

/* An exception from vEL2 leaves EL1t or EL1h in hardware's register: whatever L1 has written itself, it is told from that. */
static void an_exception_of_vel2_is_told_from_what_l1_wrote(void)
{
	static const uint64_t written[] = { 0, EL0T, EL1H | DAIF, EL2H | NZCV, A32_USER, ~UINT64_C(0) };

	for (unsigned i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		CU_ASSERT_EQUAL(nv_spsr_el2(NV_SPSR_KEPT, written[i]), written[i]);
		CU_ASSERT_EQUAL(nv_spsr_el2(EL1H | NZCV, written[i]), EL2H | NZCV);
		CU_ASSERT_EQUAL(nv_spsr_el2(EL1T, written[i]), EL2T);
	}
}

static void pstate_is_masked_and_the_step_and_illegal_bits_are_clear(void)
{
	struct nv_target to = { .sctlr = SCTLR_SPAN_BIT };
	struct nv_exception e = nv_take_exception(&to, NV_FROM_LOWER, NV_VECTOR_SYNC, 0,
						  EL0T | NZCV | SS | IL | UAO | BTYPE | SSBS);

	CU_ASSERT_EQUAL(e.pstate, NZCV | DAIF | EL1H);
	CU_ASSERT_EQUAL(e.spsr, EL0T | NZCV | SS | IL | UAO | BTYPE | SSBS);
}

static void pan_is_set_only_where_span_says_so(void)
{
	struct nv_target to = { .may_set_pan = true };

	CU_ASSERT_EQUAL(nv_take_exception(&to, NV_FROM_LOWER, NV_VECTOR_SYNC, 0, EL0T).pstate,
			PAN | DAIF | EL1H);
	to.sctlr = SCTLR_SPAN_BIT;
	CU_ASSERT_EQUAL(nv_take_exception(&to, NV_FROM_LOWER, NV_VECTOR_SYNC, 0, EL0T).pstate, DAIF | EL1H);
	CU_ASSERT_EQUAL(nv_take_exception(&to, NV_FROM_LOWER, NV_VECTOR_SYNC, 0, EL0T | PAN).pstate,
			PAN | DAIF | EL1H);
	to = (struct nv_target){ .may_set_pan = false };
	CU_ASSERT_EQUAL(nv_take_exception(&to, NV_FROM_LOWER, NV_VECTOR_SYNC, 0, EL0T).pstate, DAIF | EL1H);
}

static void ssbs_comes_from_sctlr(void)
{
	struct nv_target to = { .sctlr = SCTLR_SPAN_BIT | SCTLR_DSSBS_BIT };

	CU_ASSERT_EQUAL(nv_take_exception(&to, NV_FROM_LOWER, NV_VECTOR_SYNC, 0, EL0T).pstate,
			SSBS | DAIF | EL1H);
}

void register_nv_deliver(void)
{
	CU_pSuite s = CU_add_suite("nv/deliver", NULL, NULL);

	CU_ADD_TEST(s, each_source_has_its_vector);
	CU_ADD_TEST(s, the_low_bits_of_vbar_do_not_count);
	CU_ADD_TEST(s, vel2_sees_itself_as_el2_in_spsr);
	CU_ADD_TEST(s, an_exception_of_vel2_is_told_from_what_l1_wrote);
	CU_ADD_TEST(s, pstate_is_masked_and_the_step_and_illegal_bits_are_clear);
	CU_ADD_TEST(s, pan_is_set_only_where_span_says_so);
	CU_ADD_TEST(s, ssbs_comes_from_sctlr);
}
