/*
 * Which accesses would NEVE and FEAT_NV2 keep from trapping? Tests experiments/firn/trace/redirect.c.
 */
#include <CUnit/CUnit.h>
#include <string.h>

#include "experiments/firn/trace/redirect.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"
#include "nv/eret.h"

void register_experiments_redirect(void);

/* ESR_EL2.ISS of an access to a register: the search is the other way round than what is tested. */
static uint64_t iss_of(const char *name)
{
	for (unsigned r = 1; r < SR_COUNT; r++)
		for (uint32_t iss = 0; strcmp(sysreg_info[r].name, name) == 0 && iss <= ESR_ISS; iss += 2)
			if (sysreg_enc_from_iss(iss) == sysreg_info[r].enc)
				return iss;
	CU_FAIL("no such register");
	return 0;
}

/* An access of vEL2 that trapped. */
static struct step access_of(const char *name, bool is_read, bool e2h)
{
	return (struct step){ .exit.ret = 2,
			      .exit.esr_ec = EC_SYS64,
			      .exit.from_vel2 = 1,
			      .exit.esr_el2 = iss_of(name) | (is_read ? ESR_SYS64_READ : 0),
			      .exit.l1_hcr_el2 = e2h ? HCR_E2H : 0 };
}

/* Do a VHE and a non-VHE L1 read and write it without a trap?  Letters of "RWrw": read, write; small: non-VHE. */
static bool is(const char *set, const char *name, const char *without_trap)
{
	struct redirect redirect;

	if (!redirect_parse(&redirect, set))
		return false;
	for (unsigned i = 0; i < 4; i++) {
		struct step s = access_of(name, i % 2 == 0, i < 2);

		if (redirect_has(&redirect, &s) != (strchr(without_trap, "RWrw"[i]) != NULL))
			return false;
	}
	return true;
}

static void neve_by_table(void)
{
	/* VM system registers: trap control, thread ID, execution control. */
	CU_ASSERT(is("neve", "HCR_EL2", "RWrw"));
	CU_ASSERT(is("neve", "HPFAR_EL2", "RWrw"));
	CU_ASSERT(is("neve", "VTTBR_EL2", "RWrw"));
	CU_ASSERT(is("neve", "TPIDR_EL2", "RWrw"));
	CU_ASSERT(is("neve", "SP_EL1", "RWrw"));
	CU_ASSERT(is("neve", "SCTLR_EL1", "RWrw"));
	CU_ASSERT(is("neve", "SCTLR_EL12", "RWrw")); /* the same register for a VHE L1 */
	/* Hypervisor control registers: redirected, redirected for VHE, redirected or trapped, trapped on writes. */
	CU_ASSERT(is("neve", "ESR_EL2", "RWrw"));
	CU_ASSERT(is("neve", "VBAR_EL2", "RWrw"));
	CU_ASSERT(is("neve", "TTBR1_EL2", "RW"));
	CU_ASSERT(is("neve", "TCR_EL2", "RWr"));
	CU_ASSERT(is("neve", "TTBR0_EL2", "RWr"));
	CU_ASSERT(is("neve", "CPTR_EL2", "Rr"));
	CU_ASSERT(is("neve", "CNTHCTL_EL2", "Rr"));
	/* The GIC's. */
	CU_ASSERT(is("neve", "ICH_LR0_EL2", "Rr"));
	CU_ASSERT(is("neve", "ICH_MISR_EL2", "Rr"));
	/* In none of the tables. */
	CU_ASSERT(is("neve", "ICC_SRE_EL2", ""));
	CU_ASSERT(is("neve", "CNTHP_CTL_EL2", ""));
}

/* FEAT_NV2 is what became of NEVE: it keeps in memory what NEVE did, without two registers that hypervisors hardly use. */
static void neve_beside_nv2(void)
{
	unsigned in_memory = 0;

	for (unsigned r = 1; r < SR_COUNT; r++) {
		if (redirect_neve((enum sysreg)r) != NEVE_MEMORY)
			continue;
		in_memory++;
		if (r != SR_HACR_EL2 && r != SR_HPFAR_EL2)
			CU_ASSERT_NOT_EQUAL(sysreg_info[r].slot, NO_SLOT);
	}
	CU_ASSERT_EQUAL(in_memory, 10 + 16);
	CU_ASSERT(is("nv2", "ICH_LR0_EL2", "RWrw"));
	CU_ASSERT(is("nv2", "ICH_MISR_EL2", ""));
	CU_ASSERT(is("nv2", "VBAR_EL2", ""));
	CU_ASSERT(is("nv2", "HPFAR_EL2", ""));
	CU_ASSERT(is("nv2", "SCTLR_EL1", "rw"));
	CU_ASSERT(is("nv2", "SCTLR_EL12", "RW"));
}

static void by_name(void)
{
	CU_ASSERT(is("VTTBR_EL2", "VTTBR_EL2", "RWrw"));
	CU_ASSERT(is("VTTBR_EL2:R", "VTTBR_EL2", "Rr"));
	CU_ASSERT(is("VTTBR_EL2:W,HCR_EL2", "VTTBR_EL2", "Ww"));
	CU_ASSERT(is("VTTBR_EL2:W,neve", "VTTBR_EL2", "RWrw"));
	CU_ASSERT(is("HCR_EL2", "VTTBR_EL2", ""));
}

static void eret_that_stays(void)
{
	struct redirect nv3, nv2;
	struct step s = { .has_eret = true, .exit.l1_hcr_el2 = HCR_E2H };

	CU_ASSERT(redirect_parse(&nv3, "nv3") && redirect_parse(&nv2, "nv2"));
	s.eret.to = NV_ERET_VEL2;
	CU_ASSERT(redirect_has(&nv3, &s) && !redirect_has(&nv2, &s));
	s.eret.to = NV_ERET_GUEST;
	CU_ASSERT(!redirect_has(&nv3, &s));
}

static void tlbi_of_its_own(void)
{
	struct redirect nv3, nv2;
	struct step s = access_of("TLBI_VAALE1IS", false, true);

	CU_ASSERT(redirect_parse(&nv3, "nv3") && redirect_parse(&nv2, "nv2"));
	CU_ASSERT(!redirect_has(&nv3, &s)); /* of its guest */
	s.exit.l1_hcr_el2 |= HCR_TGE;
	CU_ASSERT(redirect_has(&nv3, &s) && !redirect_has(&nv2, &s));
}

void register_experiments_redirect(void)
{
	CU_pSuite suite = CU_add_suite("experiments/redirect", NULL, NULL);

	CU_add_test(suite, "NEVE, table by table", neve_by_table);
	CU_add_test(suite, "NEVE beside FEAT_NV2", neve_beside_nv2);
	CU_add_test(suite, "registers by name", by_name);
	CU_add_test(suite, "an ERET that stays in vEL2", eret_that_stays);
	CU_add_test(suite, "a TLBI of vEL2's own translations", tlbi_of_its_own);
}
