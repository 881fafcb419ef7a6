/* Is every illegal exception return of vEL2 caught, and every legal one sent to the right world? */
#include <CUnit/CUnit.h>

#include "nv/eret.h"

void register_nv_eret(void);

#define TGE (1UL << 27)
#define E2H (1UL << 34)
#define EL1H 0x5
#define IL (1UL << 20)
#define SS (1UL << 21)
#define NZCV 0xf0000000
#define DAIF 0x3c0

static void modes_go_where_the_architecture_says(void)
{
	static const struct {
		uint64_t spsr, hcr;
		enum nv_eret_to to;
		uint64_t mode;
	} row[] = {
		// clang-format off
		{ 0x9, 0, NV_ERET_VEL2, 0x5 },          { 0x8, 0, NV_ERET_VEL2, 0x4 },
		{ 0x9, E2H | TGE, NV_ERET_VEL2, 0x5 },  { 0x5, 0, NV_ERET_GUEST_CONTEXT, 0x5 },
		{ 0x4, E2H, NV_ERET_GUEST_CONTEXT, 0x4 },       { 0x0, 0, NV_ERET_GUEST_CONTEXT, 0x0 },
		{ 0x0, E2H, NV_ERET_GUEST_CONTEXT, 0x0 },       { 0x0, TGE, NV_ERET_GUEST_CONTEXT, 0x0 },
		{ 0x0, E2H | TGE, NV_ERET_VEL2, 0x0 },
		// clang-format on
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct nv_eret r = nv_exception_return(row[i].spsr, EL1H, row[i].hcr);

		CU_ASSERT_EQUAL(r.to, row[i].to);
		CU_ASSERT_EQUAL(r.pstate, row[i].mode);
	}
}

static void illegal_modes_set_il_and_stay(void)
{
	static const struct {
		uint64_t spsr, hcr;
	} row[] = {
		// clang-format off
		{ 0xd, 0 }, { 0xc, 0 },        /* EL3 is not there */
		{ 0x1, 0 },                    /* EL0 with SP_EL1 */
		{ 0x2, 0 }, { 0x6, 0 }, { 0xa, 0 }, { 0x7, 0 }, { 0xb, 0 }, /* M[1] set */
		{ 0x10, 0 }, { 0x13, 0 }, { 0x1a, 0 }, { 0x1f, 0 }, /* AArch32 */
		{ 0x5, TGE }, { 0x4, TGE | E2H }, /* EL1 under HCR_EL2.TGE */
		// clang-format on
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct nv_eret r = nv_exception_return(row[i].spsr, EL1H, row[i].hcr);

		CU_ASSERT_EQUAL(r.to, NV_ERET_ILLEGAL);
		CU_ASSERT_EQUAL(r.pstate, IL | EL1H);
	}
}

static void flags_and_masks_come_from_spsr_even_when_illegal(void)
{
	CU_ASSERT_EQUAL(nv_exception_return(0xd | NZCV | DAIF, EL1H, 0).pstate, NZCV | DAIF | IL | EL1H);
	CU_ASSERT_EQUAL(nv_exception_return(0xd, EL1H | NZCV | DAIF, 0).pstate, IL | EL1H);
}

static void il_and_ss_in_spsr_are_taken_over_by_a_legal_return(void)
{
	CU_ASSERT_EQUAL(nv_exception_return(0x9 | IL, EL1H, 0).pstate, IL | EL1H);
	CU_ASSERT_EQUAL(nv_exception_return(0x0 | SS, EL1H, 0).pstate, SS);
}

static void reserved_bits_of_spsr_do_not_reach_hardware(void)
{
	CU_ASSERT_EQUAL(nv_exception_return(~0xffUL, EL1H, 0).pstate & 0x0c0fc020, 0);
	CU_ASSERT_EQUAL(nv_exception_return(0xffffffff00000000 | 0x9, EL1H, 0).pstate, EL1H);
}

void register_nv_eret(void)
{
	CU_pSuite s = CU_add_suite("nv/eret", NULL, NULL);

	CU_ADD_TEST(s, modes_go_where_the_architecture_says);
	CU_ADD_TEST(s, illegal_modes_set_il_and_stay);
	CU_ADD_TEST(s, flags_and_masks_come_from_spsr_even_when_illegal);
	CU_ADD_TEST(s, il_and_ss_in_spsr_are_taken_over_by_a_legal_return);
	CU_ADD_TEST(s, reserved_bits_of_spsr_do_not_reach_hardware);
}
