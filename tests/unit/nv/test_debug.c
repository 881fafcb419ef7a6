/*
 * Whose are the debug exceptions of vEL2?  Expected values are rows of the manual's table of the exception levels at which a
 * breakpoint or watchpoint matches (D2, by HMC, SSC and PMC or PAC), in Non-secure state.
 */
#include <CUnit/CUnit.h>

#include "nv/debug.h"

void register_debug(void);

/* Which of EL2, EL1 and EL0 does each valid combination match? The others are reserved. */
static const struct row {
	uint64_t hmc, ssc, pmc;
	bool el2, el1, el0;
} table[] = {
	{ 0, 0, 1, false, true, false },  { 0, 0, 2, false, false, true },  { 0, 0, 3, false, true, true },
	{ 0, 1, 1, false, true, false },  { 0, 1, 2, false, false, true },  { 0, 1, 3, false, true, true },
	{ 0, 2, 1, false, false, false }, { 0, 2, 2, false, false, false }, { 0, 2, 3, false, false, false },
	{ 1, 0, 1, true, true, false },	  { 1, 0, 3, true, true, true },    { 1, 1, 1, true, true, false },
	{ 1, 1, 3, true, true, true },	  { 1, 2, 0, false, false, false }, { 1, 2, 1, false, false, false },
	{ 1, 2, 3, false, false, false }, { 1, 3, 0, true, false, false },  { 1, 3, 1, true, true, false },
	{ 1, 3, 3, true, true, true },
};

static void test_control(void)
{
	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct row *r = &table[i];
		uint64_t others = DBGCR_E | UINT64_C(0xf) << 5 | UINT64_C(3) << 16;
		uint64_t v = nv_debug_control_at_vel2(others | r->hmc << 13 | r->ssc << 14 | r->pmc << 1);

		/* At hardware's EL1 in any state, which is what HMC and SSC of 0 say. */
		CU_ASSERT_EQUAL(v & (DBGCR_HMC | DBGCR_SSC), 0);
		CU_ASSERT_EQUAL((v & DBGCR_E) && (v >> 1 & 1), r->el2);
		CU_ASSERT_EQUAL((v & DBGCR_E) && (v >> 2 & 1), r->el0);
		CU_ASSERT_EQUAL(v & others & ~(uint64_t)DBGCR_E, others & ~(uint64_t)DBGCR_E);
	}
	CU_ASSERT_EQUAL(nv_debug_control_at_vel2(0x2000 | 3 << 14) & DBGCR_E, 0); /* off stays off */
}

static struct nv_state l1 = { .has_vhe = true };

static void set(uint64_t hcr, uint64_t mdcr)
{
	vncr_write(&l1.file.page, SLOT_HCR_EL2, hcr);
	l1.file.reg[SR_MDCR_EL2] = mdcr;
}

static void test_target(void)
{
	set(HCR_RW, 0);
	CU_ASSERT_FALSE(nv_debug_target_is_el2(&l1));
	CU_ASSERT_EQUAL(nv_mdscr_at_vel2(MDSCR_SS | MDSCR_MDE | MDSCR_KDE | MDSCR_TDCC, &l1),
			MDSCR_KDE | MDSCR_TDCC);
	set(HCR_RW | HCR_E2H, MDCR_TDA);
	CU_ASSERT_FALSE(nv_debug_target_is_el2(&l1));
	set(HCR_RW, MDCR_TDE);
	CU_ASSERT_TRUE(nv_debug_target_is_el2(&l1));
	CU_ASSERT_EQUAL(nv_mdscr_at_vel2(MDSCR_SS | MDSCR_MDE, &l1), MDSCR_SS | MDSCR_MDE);
	set(HCR_RW | HCR_TGE, 0);
	CU_ASSERT_TRUE(nv_debug_target_is_el2(&l1));
	CU_ASSERT_EQUAL(nv_mdscr_at_vel2(MDSCR_SS, &l1), MDSCR_SS | MDSCR_TDCC);
}

static void test_enabled(void)
{
	CU_ASSERT_TRUE(nv_debug_is_enabled_at_vel2(MDSCR_KDE, true, 0));
	CU_ASSERT_FALSE(nv_debug_is_enabled_at_vel2(MDSCR_KDE, true, PSTATE_D));
	CU_ASSERT_FALSE(nv_debug_is_enabled_at_vel2(MDSCR_SS, true, 0));
	CU_ASSERT_FALSE(nv_debug_is_enabled_at_vel2(MDSCR_KDE, false, 0));
}

void register_debug(void)
{
	CU_pSuite suite = CU_add_suite("nv/debug", NULL, NULL);

	CU_add_test(suite, "breakpoints and watchpoints at vEL2", test_control);
	CU_add_test(suite, "the debug target", test_target);
	CU_add_test(suite, "enabled at vEL2", test_enabled);
}
