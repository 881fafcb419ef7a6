/*
 * Does the plugin know from EL2's registers alone who runs and why it stopped?  Tests experiments/plugin/levels.c, with values as the
 * architecture has them (DDI0487: SPSR_EL2, HCR_EL2, VTTBR_EL2, VBAR_EL2, ESR_EL2, and A64's main encoding table).
 */
#include <CUnit/CUnit.h>

#include "experiments/plugin/levels.h"
#include "experiments/plugin/outside.h"

void register_plugin_levels(void);

#define NV (UINT64_C(1) << 42)
#define TGE (UINT64_C(1) << 27)
#define EL0T 0x0u
#define EL1H 0x5u
#define EL2H 0x9u
#define AARCH32_USER 0x10u
#define AARCH32_SVC 0x13u
#define L1_TREE UINT64_C(0x0001000045406001) /* VMID 1, CnP */
#define L2_TREE UINT64_C(0x000300004553d001)

static void an_l1_is_known_by_its_stage_2(void)
{
	struct trees trees = { .count = 0 };

	CU_ASSERT_EQUAL(level_beside(&trees, EL1H, 0, L1_TREE), LEDGER_L2_EL1); /* nobody nests */
	CU_ASSERT_EQUAL(level_beside(&trees, EL1H, NV, L1_TREE), LEDGER_VEL2);
	CU_ASSERT_EQUAL(level_beside(&trees, EL0T, NV, L1_TREE), LEDGER_L1_EL0);
	CU_ASSERT_EQUAL(level_beside(&trees, EL1H, 0, L1_TREE), LEDGER_L1_EL1);
	CU_ASSERT_EQUAL(level_beside(&trees, EL0T, 0, L1_TREE), LEDGER_L1_EL0);
	CU_ASSERT_EQUAL(level_beside(&trees, EL1H, 0, L1_TREE ^ UINT64_C(5) << 48), LEDGER_L1_EL1);
	CU_ASSERT_EQUAL(level_beside(&trees, EL1H, 0, L2_TREE), LEDGER_L2_EL1);
	CU_ASSERT_EQUAL(level_beside(&trees, EL0T, 0, L2_TREE), LEDGER_L2_EL0);
	CU_ASSERT_EQUAL(level_beside(&trees, AARCH32_USER, 0, L2_TREE), LEDGER_L2_EL0);
	CU_ASSERT_EQUAL(level_beside(&trees, AARCH32_SVC, 0, L2_TREE), LEDGER_L2_EL1);
}

static void l0_has_user_space_of_its_own(void)
{
	struct trees trees = { .count = 0 };

	CU_ASSERT_EQUAL(level_beside(&trees, EL2H, 0, 0), LEDGER_L0);
	CU_ASSERT_EQUAL(level_beside(&trees, EL2H, NV, L1_TREE), LEDGER_L0);
	CU_ASSERT_EQUAL(level_beside(&trees, EL0T, TGE, 0), LEDGER_L0);
	CU_ASSERT_EQUAL(trees.count, 0);
}

static void many_l1s_and_still_the_last(void)
{
	struct trees trees = { .count = 0 };

	for (uint64_t n = 1; n <= 2 * TREES_MOST; n++)
		CU_ASSERT_EQUAL(level_beside(&trees, EL1H, NV, n << 12), LEDGER_VEL2);
	CU_ASSERT_EQUAL(level_beside(&trees, EL1H, 0, (uint64_t)2 * TREES_MOST << 12), LEDGER_L1_EL1);
	CU_ASSERT_EQUAL(level_beside(&trees, EL1H, 0, 1 << 12), LEDGER_L2_EL1);
}

static void el2_is_not_vel2(void)
{
	CU_ASSERT_TRUE(is_at_el2(0x3c9));
	CU_ASSERT_FALSE(is_at_el2(0x3c5));
	CU_ASSERT_FALSE(is_at_el2(0x3c0));
	CU_ASSERT_FALSE(is_at_el2(0x1a)); /* AArch32's Hyp mode has M[4] */
}

static void sixteen_vectors(void)
{
	const uint64_t vbar = UINT64_C(0xffff8000800e0000);

	for (uint64_t at = 0; at < 0x1000; at += 4)
		CU_ASSERT_EQUAL(is_vector(vbar + at, vbar), at < 0x800 && at % 0x80 == 0);
	CU_ASSERT_FALSE(is_vector(vbar - 0x80, vbar));
}

static void reasons_of_the_ledger(void)
{
	CU_ASSERT_EQUAL(reason_taken(0x480, 0), LEDGER_IRQ);
	CU_ASSERT_EQUAL(reason_taken(0x500, 0), LEDGER_FIQ);
	CU_ASSERT_EQUAL(reason_taken(0x580, 0), LEDGER_SERROR);
	CU_ASSERT_EQUAL(reason_taken(0x680, 0), LEDGER_IRQ);
	CU_ASSERT_EQUAL(reason_taken(0x400, 0x5a000000), 0x16);			 /* HVC #0 */
	CU_ASSERT_EQUAL(reason_taken(0x400, 0x5a004d4b), (uint32_t)LEDGER_MARK); /* HVC #0x4d4b */
	CU_ASSERT_EQUAL(reason_taken(0x400, 0x5e004d4b), 0x17);			 /* SMC: no mark */
	CU_ASSERT_EQUAL(reason_taken(0x400, 0x68000000), 0x1a);			 /* ERET */
	CU_ASSERT_EQUAL(reason_taken(0x400, 0x06000000), (uint32_t)LEDGER_WFI);
	CU_ASSERT_EQUAL(reason_taken(0x400, 0x06000001), (uint32_t)LEDGER_WFE);
	CU_ASSERT_EQUAL(reason_taken(0x400, 0x93800046), 0x24); /* a data abort */
	/* MRS and MSR of a register: one row, and the next; Rt does not matter. */
	CU_ASSERT_EQUAL(reason_taken(0x400, 0x62300002) | 1, reason_taken(0x400, 0x62300003) | 1);
	CU_ASSERT_EQUAL(reason_taken(0x400, 0x62300003), reason_taken(0x400, 0x623000a3));
	/* S3_7_C15_C15_7, which nobody names. */
	CU_ASSERT_EQUAL(reason_taken(0x400, 0x623ffc1f), UINT32_MAX);
}

static void only_computing_is_safe(void)
{
	static const struct {
		uint32_t insn;
		bool faults;
	} rows[] = {
		{ 0x91000400, false }, /* ADD X0, X0, #1 */
		{ 0x90000000, false }, /* ADRP X0 */
		{ 0xaa0103e0, false }, /* MOV X0, X1 */
		{ 0x9b017c00, false }, /* MUL X0, X0, X1 */
		{ 0xf9400000, true },  /* LDR X0, [X0] */
		{ 0xa9007be0, true },  /* STP X0, X30, [SP] */
		{ 0xd4000002, true },  /* HVC #0 */
		{ 0xd53ce100, true },  /* MRS X0, CNTHCTL_EL2 */
		{ 0x4ea11c20, true },  /* MOV V0.16B, V1.16B: CPTR_EL2 */
		{ 0xd65f03c0, true },  /* RET: a pointer may be signed or not aligned */
		{ 0x04e00000, true },  /* SVE */
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CU_ASSERT_EQUAL(may_fault(rows[i].insn), rows[i].faults);
	CU_ASSERT_FALSE(may_fault(OUTSIDE_MARK));
}

static void three_erets(void)
{
	CU_ASSERT_TRUE(is_eret(0xd69f03e0));
	CU_ASSERT_TRUE(is_eret(0xd69f0bff));
	CU_ASSERT_TRUE(is_eret(0xd69f0fff));
	CU_ASSERT_FALSE(is_eret(0xd65f03c0));
	CU_ASSERT_FALSE(is_eret(0xd6bf03e0)); /* DRPS */
}

void register_plugin_levels(void)
{
	CU_pSuite suite = CU_add_suite("experiments/plugin/levels", NULL, NULL);

	CU_add_test(suite, "an L1 is known by its stage 2", an_l1_is_known_by_its_stage_2);
	CU_add_test(suite, "L0 has user space of its own", l0_has_user_space_of_its_own);
	CU_add_test(suite, "many L1s, and still the last", many_l1s_and_still_the_last);
	CU_add_test(suite, "EL2 is not vEL2", el2_is_not_vel2);
	CU_add_test(suite, "sixteen vectors", sixteen_vectors);
	CU_add_test(suite, "reasons of the ledger", reasons_of_the_ledger);
	CU_add_test(suite, "only computing is safe", only_computing_is_safe);
	CU_add_test(suite, "three ERETs", three_erets);
}
