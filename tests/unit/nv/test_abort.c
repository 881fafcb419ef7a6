/* What does an abort of hardware's stage 2 become?  Expected values from the ISS encodings of ESR_ELx in DDI 0487, by hand. */
#include <CUnit/CUnit.h>

#include "nv/abort.h"

void register_nv_abort(void);

#define DABT_LOW 0x92000000UL
#define DABT_CUR 0x96000000UL
#define IABT_LOW 0x82000000UL
#define IABT_CUR 0x86000000UL
#define ISV (1UL << 24)
#define SAS_WORD (2UL << 22)
#define SSE (1UL << 21)
#define SRT(n) ((uint64_t)(n) << 16)
#define SF (1UL << 15)
#define AR (1UL << 14)
#define CM (1UL << 8)
#define S1PTW (1UL << 7)
#define WNR (1UL << 6)

static void the_kind_follows_from_the_status_code(void)
{
	for (uint64_t fsc = 0; fsc < 64; fsc++) {
		/* address size, translation, access flag, permission; address size and translation at level -1 */
		bool stage2 = fsc < 16 || fsc == 0x29 || fsc == 0x2b;
		enum nv_abort kind = nv_abort_kind(DABT_LOW | fsc, 2);

		if (stage2)
			CU_ASSERT_EQUAL(kind, NV_ABORT_STAGE2);
		if (fsc == 0x21)
			CU_ASSERT_EQUAL(kind, NV_ABORT_ALIGNMENT);
		if ((fsc >= 0x10 && fsc < 0x18) || fsc == 0x30 || fsc == 0x31 || fsc == 0x35)
			CU_ASSERT_EQUAL(kind, NV_ABORT_EXTERNAL);
		CU_ASSERT_EQUAL(nv_abort_is_permission(DABT_LOW | fsc), fsc >= 12 && fsc < 16);
	}
}

static void a_fetch_from_an_odd_address_is_a_pc_alignment_fault(void)
{
	for (unsigned low = 0; low < 8; low++)
		CU_ASSERT_EQUAL(nv_abort_kind(IABT_LOW | 7, 0x1000 + low),
				low % 4 ? NV_ABORT_PC_ALIGNMENT : NV_ABORT_STAGE2);
	CU_ASSERT_EQUAL(NV_ABORT_PC_ALIGNMENT_ESR, 0x8a000000);
}

static void hpfar_is_unknown_after_a_permission_fault_but_of_a_walk(void)
{
	CU_ASSERT_FALSE(nv_abort_has_no_ipa(DABT_LOW | 7));
	CU_ASSERT_FALSE(nv_abort_has_no_ipa(DABT_LOW | 11));
	CU_ASSERT_TRUE(nv_abort_has_no_ipa(DABT_LOW | 15));
	CU_ASSERT_FALSE(nv_abort_has_no_ipa(DABT_LOW | S1PTW | 15));
}

static void who_takes_it_has_its_own_class_and_no_description(void)
{
	const uint64_t described = ISV | SAS_WORD | SSE | SRT(3) | SF | AR;

	CU_ASSERT_EQUAL(nv_abort_syndrome(DABT_LOW | described | WNR | 7, true, 0x10), DABT_CUR | WNR | 0x10);
	CU_ASSERT_EQUAL(nv_abort_syndrome(DABT_LOW | described | 7, false, 0x10), DABT_LOW | 0x10);
	CU_ASSERT_EQUAL(nv_abort_syndrome(DABT_LOW | CM | WNR | S1PTW | 7, true, 0x21),
			DABT_CUR | CM | WNR | 0x21);
	CU_ASSERT_EQUAL(nv_abort_syndrome(IABT_LOW | 7, true, 0x10), IABT_CUR | 0x10);
	CU_ASSERT_EQUAL(nv_abort_syndrome(IABT_LOW | S1PTW | 7, false, 0x15), IABT_LOW | 0x15);
}

static void nothing_there_is_external_on_the_access_or_on_the_walk(void)
{
	CU_ASSERT_EQUAL(nv_abort_external_fsc(DABT_LOW | 6), 0x10);
	CU_ASSERT_EQUAL(nv_abort_external_fsc(DABT_LOW | S1PTW | 6), 0x16);
	CU_ASSERT_EQUAL(nv_abort_external_fsc(IABT_LOW | S1PTW | 5), 0x15);
}

static void tea_routes_it(void)
{
	struct nv_state l1 = { 0 };

	CU_ASSERT_FALSE(nv_abort_external_is_vel2s(&l1));
	vncr_write(&l1.file.page, 0x78, 1UL << 37); /* HCR_EL2.TEA */
	CU_ASSERT_TRUE(nv_abort_external_is_vel2s(&l1));
	vncr_write(&l1.file.page, 0x78, ~(1UL << 37));
	CU_ASSERT_FALSE(nv_abort_external_is_vel2s(&l1));
}

static void a_fault_of_l1s_stage_2_keeps_the_description_but_for_a_walk_that_meets_nothing(void)
{
	const uint64_t described = ISV | SAS_WORD | SSE | SRT(3) | SF | AR,
		       esr = DABT_LOW | WNR | described | 7;

	CU_ASSERT_EQUAL(nv_abort_of_l1_stage2(esr, 5), DABT_LOW | WNR | described | 5);
	CU_ASSERT_EQUAL(nv_abort_of_l1_stage2(esr, 0x2b), DABT_LOW | WNR | described | 0x2b);
	for (uint32_t fsc = 0x13; fsc <= 0x17; fsc++)
		CU_ASSERT_EQUAL(nv_abort_of_l1_stage2(esr, fsc), DABT_LOW | WNR | fsc);
	CU_ASSERT_EQUAL(nv_abort_of_l1_stage2(IABT_LOW | S1PTW | 7, 15), IABT_LOW | S1PTW | 15);
}

void register_nv_abort(void)
{
	CU_pSuite s = CU_add_suite("nv/abort", NULL, NULL);

	CU_ADD_TEST(s, the_kind_follows_from_the_status_code);
	CU_ADD_TEST(s, a_fetch_from_an_odd_address_is_a_pc_alignment_fault);
	CU_ADD_TEST(s, hpfar_is_unknown_after_a_permission_fault_but_of_a_walk);
	CU_ADD_TEST(s, who_takes_it_has_its_own_class_and_no_description);
	CU_ADD_TEST(s, nothing_there_is_external_on_the_access_or_on_the_walk);
	CU_ADD_TEST(s, tea_routes_it);
	CU_ADD_TEST(s, a_fault_of_l1s_stage_2_keeps_the_description_but_for_a_walk_that_meets_nothing);
}
