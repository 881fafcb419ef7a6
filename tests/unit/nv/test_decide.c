/* Does each trap get the owner that the architecture gives it?  ESR values and control bits are the Arm ARM's. */
#include <CUnit/CUnit.h>

#include "nv/decide.h"
#include "tests/unit/nv/exits.h"

#include "nv/arch/firn_abi.h"

void register_nv_decide(void);

static enum nv_verdict from_vel2(uint64_t esr)
{
	return nv_decide(&l1, &(struct nv_exit){ .esr = esr, .from_vel2 = true });
}

static enum nv_verdict from_guest(uint64_t esr)
{
	return nv_decide(&l1, &(struct nv_exit){ .esr = esr });
}

static void hvc_is_l1s_unless_l1_disabled_it(void)
{
	fresh(VM);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x16)), NV_REFLECT);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x16)), NV_REFLECT);
	fresh(VM | HCD);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x16)), NV_UNDEFINED);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x16)), NV_UNDEFINED);
	CU_ASSERT_EQUAL(nv_decide(&l1, &(struct nv_exit){ .esr = CLASS(0x16), .call = FIRN_HVC_MARK }),
			NV_MARK);
	CU_ASSERT_EQUAL(nv_decide(&l1, &(struct nv_exit){ .esr = CLASS(0x16), .call = FIRN_HVC_LOG }),
			NV_LOG);
	CU_ASSERT_EQUAL(nv_decide(&l1, &(struct nv_exit){ .esr = CLASS(0x16), .call = FIRN_HVC_SWITCH }),
			NV_SWITCH);
}

static void smc_reaches_l0_unless_l1_traps_it(void)
{
	fresh(VM);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x17)), NV_SMC);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x17)), NV_SMC);
	fresh(VM | TSC);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x17)), NV_REFLECT);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x17)), NV_SMC); /* TSC does not apply at EL2 */
}

static void waits_follow_their_own_control(void)
{
	fresh(VM | TWI);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x01)), NV_REFLECT);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x01) | 1), NV_SKIP);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x01)), NV_SKIP);
	fresh(VM | TWE);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x01)), NV_SKIP);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x01) | 1), NV_REFLECT);
}

static void eret_is_emulated_for_vel2_only(void)
{
	fresh(VM);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x1a)), NV_ERET);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x1a) | 2), NV_UNDEFINED); /* ERETAA */
	CU_ASSERT_EQUAL(from_guest(CLASS(0x1a)), NV_REFLECT);
	l1.file.reg[SR_ID_AA64ISAR1_EL1] = 1UL << 8; /* API: FEAT_PAuth */
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x1a) | 2), NV_ERET);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x1a) | 3), NV_ERET);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x1a) | 3), NV_REFLECT);
}

static void a_register_trap_is_l1s_when_its_control_is_set(void)
{
	uint64_t write_sctlr = SYS64(3UL, 0UL, 1UL, 0UL, 0UL, 0UL), read_sctlr = write_sctlr | 1;
	uint64_t read_pfr0 = SYS64(3UL, 0UL, 0UL, 4UL, 0UL, 1UL);

	fresh(VM | TVM);
	CU_ASSERT_EQUAL(from_guest(write_sctlr), NV_REFLECT);
	CU_ASSERT_EQUAL(from_guest(read_sctlr), NV_UNDEFINED); /* nothing of L0's traps it */
	CU_ASSERT_EQUAL(from_guest(read_pfr0), NV_SYSREG_GUEST_CONTEXT);
	fresh(VM | TID3);
	CU_ASSERT_EQUAL(from_guest(read_pfr0), NV_REFLECT);
	CU_ASSERT_EQUAL(from_vel2(read_pfr0), NV_SYSREG);
	CU_ASSERT_EQUAL(
		nv_decide(&l1, &(struct nv_exit){ .esr = read_pfr0, .from_vel2 = true, .from_el0 = true }),
		NV_UNDEFINED);
}

static void an_unknown_register_is_undefined(void)
{
	fresh(VM);
	CU_ASSERT_EQUAL(from_guest(SYS64(3UL, 7UL, 15UL, 15UL, 7UL, 1UL)), NV_UNDEFINED);
}

static void aborts_go_to_the_stage_2_that_is_loaded(void)
{
	fresh(VM);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x24)), NV_SHADOW);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x20)), NV_SHADOW);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x24)), NV_MEMORY);
	fresh(0);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x24)), NV_MEMORY);
	fresh(1UL << 12); /* HCR_EL2.DC behaves as if VM were set */
	CU_ASSERT_EQUAL(from_guest(CLASS(0x24)), NV_SHADOW);
}

static void what_l1_does_not_see_is_undefined(void)
{
	fresh(VM);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x19)), NV_UNDEFINED); /* FEAT_SVE */
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x1d)), NV_UNDEFINED);	/* FEAT_SME */
	CU_ASSERT_EQUAL(from_guest(CLASS(0x03)), NV_UNDEFINED); /* AArch32 */
}

/* L0 lets vEL2 and its guest sign; what traps, L1's HCR_EL2.API traps, by being 0. */
static void a_trap_of_pointer_authentication_is_l1s(void)
{
	fresh(VM);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x09)), NV_REFLECT);
	CU_ASSERT_EQUAL(from_guest(SYS64(3UL, 0UL, 2UL, 1UL, 0UL, 1UL)), NV_REFLECT); /* APIAKEYLO_EL1 */
	fresh(VM | 1UL << 40);							      /* APK */
	CU_ASSERT_EQUAL(from_guest(SYS64(3UL, 0UL, 2UL, 1UL, 0UL, 1UL)), NV_UNDEFINED);
}

/* HCRX_EL2.MCE2 brings it from the guest's EL1; at vEL2 it is an exception of vEL2's own. */
static void a_memory_copy_exception_is_l1s(void)
{
	fresh(VM);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x27)), NV_REFLECT);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x27)), NV_REFLECT);
}

static void debug_traps_of_the_guest_are_l1s(void)
{
	fresh(VM);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x3c)), NV_REFLECT);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x30)), NV_DEBUG);
}

/* CPTR_EL2: FPEN is [21:20] with E2H=1, where 0b00 and 0b10 trap EL1 and EL0; TFP is 10 with E2H=0. Else L0 asked. */
static void an_fp_trap_is_l1s_when_its_cptr_says_so(void)
{
	fresh(VM | 1UL << 34);
	l1.has_vhe = true;
	for (uint64_t fpen = 0; fpen < 4; fpen++) {
		vncr_set(&l1.file, SR_CPTR_EL2, fpen << 20);
		CU_ASSERT_EQUAL(from_guest(CLASS(0x07)), fpen & 1 ? NV_FP : NV_REFLECT);
		CU_ASSERT_EQUAL(from_vel2(CLASS(0x07)), NV_FP);
	}
	fresh(VM);
	vncr_set(&l1.file, SR_CPTR_EL2, 1UL << 10);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x07)), NV_REFLECT);
	vncr_set(&l1.file, SR_CPTR_EL2, 0);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x07)), NV_FP);
}

/* CPTR_EL2: ZEN is [17:16] with E2H=1, where 0b00 and 0b10 trap EL1 and EL0; TZ is 8 with E2H=0. Else L0 asked. */
static void an_sve_trap_is_l1s_when_its_cptr_says_so(void)
{
	fresh(VM | 1UL << 34);
	l1.has_sve = true;
	for (uint64_t zen = 0; zen < 4; zen++) {
		vncr_set(&l1.file, SR_CPTR_EL2, zen << 16);
		CU_ASSERT_EQUAL(from_guest(CLASS(0x19)), zen & 1 ? NV_SVE : NV_REFLECT);
		CU_ASSERT_EQUAL(from_vel2(CLASS(0x19)), NV_SVE);
	}
	fresh(VM);
	l1.has_sve = true;
	l1.mode = NV_MODE_V84;
	vncr_set(&l1.file, SR_CPTR_EL2, 1UL << 8);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x19)), NV_REFLECT);
	vncr_set(&l1.file, SR_CPTR_EL2, 0);
	CU_ASSERT_EQUAL(from_guest(CLASS(0x19)), NV_SVE);
	l1.mode = NV_MODE_V83; /* hidden with E2H=0 there */
	CU_ASSERT_EQUAL(from_guest(CLASS(0x19)), NV_UNDEFINED);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x19)), NV_UNDEFINED);
}

static void an_abort_on_the_vncr_page_is_l0s_bug(void)
{
	fresh(VM);
	CU_ASSERT_EQUAL(from_vel2(CLASS(0x25)), NV_STOP);
}

void register_nv_decide(void)
{
	CU_pSuite s = CU_add_suite("nv/decide", NULL, NULL);

	CU_ADD_TEST(s, hvc_is_l1s_unless_l1_disabled_it);
	CU_ADD_TEST(s, smc_reaches_l0_unless_l1_traps_it);
	CU_ADD_TEST(s, waits_follow_their_own_control);
	CU_ADD_TEST(s, eret_is_emulated_for_vel2_only);
	CU_ADD_TEST(s, a_register_trap_is_l1s_when_its_control_is_set);
	CU_ADD_TEST(s, an_unknown_register_is_undefined);
	CU_ADD_TEST(s, aborts_go_to_the_stage_2_that_is_loaded);
	CU_ADD_TEST(s, what_l1_does_not_see_is_undefined);
	CU_ADD_TEST(s, an_fp_trap_is_l1s_when_its_cptr_says_so);
	CU_ADD_TEST(s, an_sve_trap_is_l1s_when_its_cptr_says_so);
	CU_ADD_TEST(s, a_trap_of_pointer_authentication_is_l1s);
	CU_ADD_TEST(s, a_memory_copy_exception_is_l1s);
	CU_ADD_TEST(s, debug_traps_of_the_guest_are_l1s);
	CU_ADD_TEST(s, an_abort_on_the_vncr_page_is_l0s_bug);
}
