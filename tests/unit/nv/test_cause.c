/* Is each trap laid to whom it is due?  Control bits and syndromes are the Arm ARM's. */
#include <CUnit/CUnit.h>

#include "nv/cause.h"
#include "tests/unit/nv/exits.h"

void register_nv_cause(void);

static struct nv_cause of(uint64_t esr, bool from_vel2)
{
	return nv_cause(&l1, &(struct nv_exit){ .esr = esr, .from_vel2 = from_vel2 });
}

static void is(struct nv_cause c, enum nv_cause_kind kind, enum sysreg reg, uint64_t mask)
{
	CU_ASSERT_EQUAL(c.kind, kind);
	CU_ASSERT_EQUAL(c.control.reg, reg);
	CU_ASSERT_EQUAL(c.control.mask, mask);
}

static void what_is_of_el2_traps_because_of_the_architecture(void)
{
	fresh(E2H);
	is(of(SYS64(3, 4, 1, 1, 0, 0), true), NV_CAUSE_ARCHITECTURE, SR_HCR_EL2, 1UL << 42); /* HCR_EL2 */
	is(of(SYS64(3, 5, 1, 0, 0, 0), true), NV_CAUSE_ARCHITECTURE, SR_HCR_EL2, 1UL << 42); /* SCTLR_EL12 */
	is(of(CLASS(0x1a), true), NV_CAUSE_ARCHITECTURE, SR_HCR_EL2, 1UL << 42);	     /* ERET */
	is(of(SYS64(1, 4, 8, 7, 0, 0), true), NV_CAUSE_ARCHITECTURE, SR_HCR_EL2, 1UL << 42); /* TLBI ALLE2 */
	is(of(CLASS(0x16), false), NV_CAUSE_ARCHITECTURE, SR_NONE, 0);
}

static void what_l0_keeps_for_itself_is_its_own(void)
{
	fresh(E2H);
	is(of(CLASS(0x17), true), NV_CAUSE_L0, SR_HCR_EL2, TSC);
	is(of(SYS64(3, 0, 0, 4, 0, 1), true), NV_CAUSE_L0, SR_HCR_EL2, TID3);
	is(of(SYS64(3, 0, 0, 4, 0, 1), false), NV_CAUSE_L0, SR_HCR_EL2, TID3);
	is(of(CLASS(0x24), false), NV_CAUSE_L0, SR_HCR_EL2, VM);
	is(of(CLASS(0x01), true), NV_CAUSE_L0, SR_HCR_EL2, TWI); /* WFI */
	is(of(CLASS(0x01), false), NV_CAUSE_L0, SR_HCR_EL2, TWI);
	is(of(SYS64(1, 0, 8, 7, 0, 0), true), NV_CAUSE_L0, SR_HCR_EL2, 1UL << 25); /* TLBI VMALLE1: TTLB */
	fresh(0);
	is(of(SYS64(3, 0, 2, 0, 0, 0), true), NV_CAUSE_L0, SR_HCR_EL2, TVM); /* TTBR0_EL1 of an nVHE L1 */
	is(of(SYS64(3, 0, 12, 0, 0, 0), true), NV_CAUSE_ARCHITECTURE, SR_HCR_EL2,
	   1UL << 43); /* VBAR_EL1: NV1 */
}

static void what_l1_asked_for_names_its_bit(void)
{
	fresh(VM | TVM | TWI | TID3 | TSC);
	is(of(SYS64(3, 0, 2, 0, 0, 0), false), NV_CAUSE_L1, SR_HCR_EL2, TVM);
	is(of(SYS64(3, 0, 0, 4, 0, 1), false), NV_CAUSE_L1, SR_HCR_EL2, TID3);
	is(of(CLASS(0x17), false), NV_CAUSE_L1, SR_HCR_EL2, TSC);
	is(of(CLASS(0x01), false), NV_CAUSE_L1, SR_HCR_EL2, TWI);
	is(of(CLASS(0x09), false), NV_CAUSE_L1, SR_HCR_EL2, 1UL << 41);	 /* API */
	is(of(CLASS(0x27), false), NV_CAUSE_L1, SR_HCRX_EL2, 1UL << 10); /* MCE2 */
	vncr_write(&l1.file.page, 0x1c0, 1UL << 29);			 /* HFGWTR_EL2.SCTLR_EL1 */
	vncr_write(&l1.file.page, 0x078, VM | RW);
	is(of(SYS64(3, 0, 1, 0, 0, 0), false), NV_CAUSE_L1, SR_HFGWTR_EL2, 1UL << 29);
	vncr_write(&l1.file.page, 0x078, VM | TGE | RW);
	is(of(CLASS(0x3c), false), NV_CAUSE_L1, SR_HCR_EL2, TGE);
}

static void a_control_has_the_name_of_its_field(void)
{
	fresh(VM | TVM);
	CU_ASSERT_STRING_EQUAL(of(SYS64(3, 0, 2, 0, 0, 0), false).control.name, "HCR_TVM");
	CU_ASSERT_STRING_EQUAL(of(CLASS(0x1a), true).control.name, "HCR_NV");
}

void register_nv_cause(void)
{
	CU_pSuite s = CU_add_suite("nv/cause", NULL, NULL);

	CU_ADD_TEST(s, what_is_of_el2_traps_because_of_the_architecture);
	CU_ADD_TEST(s, what_l0_keeps_for_itself_is_its_own);
	CU_ADD_TEST(s, what_l1_asked_for_names_its_bit);
	CU_ADD_TEST(s, a_control_has_the_name_of_its_field);
}
