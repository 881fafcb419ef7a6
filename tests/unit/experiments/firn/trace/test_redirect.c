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
	for (uint32_t iss = 0; iss <= ESR_ISS; iss += 2)
		if (strcmp(sysreg_info[sysreg_from_iss(iss)].name, name) == 0)
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

/* A set, a register, and which accesses to it do not trap then (is). */
struct row {
	const char *set, *name, *without_trap;
};

static const struct row of_neve[] = {
	/* VM system registers: trap control, thread ID, execution control. */
	{ "neve", "HCR_EL2", "RWrw" },
	{ "neve", "HPFAR_EL2", "RWrw" },
	{ "neve", "VTTBR_EL2", "RWrw" },
	{ "neve", "TPIDR_EL2", "RWrw" },
	{ "neve", "SP_EL1", "RWrw" },
	{ "neve", "SCTLR_EL1", "RWrw" },
	{ "neve", "SCTLR_EL12", "RWrw" }, /* the same register for a VHE L1 */
	/* Hypervisor control registers: redirected, redirected for VHE, redirected or trapped, trapped on writes. */
	{ "neve", "ESR_EL2", "RWrw" },
	{ "neve", "VBAR_EL2", "RWrw" },
	{ "neve", "TTBR1_EL2", "RW" },
	{ "neve", "TCR_EL2", "RWr" },
	{ "neve", "TTBR0_EL2", "RWr" },
	{ "neve", "CPTR_EL2", "Rr" },
	{ "neve", "CNTHCTL_EL2", "Rr" },
	/* The GIC's. */
	{ "neve", "ICH_LR0_EL2", "Rr" },
	{ "neve", "ICH_MISR_EL2", "Rr" },
	/* In none of the tables. */
	{ "neve", "ICC_SRE_EL2", "" },
	{ "neve", "CNTHP_CTL_EL2", "" },
};

static const struct row of_nv2[] = {
	{ "nv2", "ICH_LR0_EL2", "RWrw" }, { "nv2", "ICH_MISR_EL2", "" }, { "nv2", "VBAR_EL2", "" },
	{ "nv2", "HPFAR_EL2", "" },	  { "nv2", "SCTLR_EL1", "rw" },	 { "nv2", "SCTLR_EL12", "RW" },
};

static const struct row of_names[] = {
	{ "VTTBR_EL2", "VTTBR_EL2", "RWrw" },
	{ "VTTBR_EL2:R", "VTTBR_EL2", "Rr" },
	{ "VTTBR_EL2:W,HCR_EL2", "VTTBR_EL2", "Ww" },
	{ "VTTBR_EL2:W,neve", "VTTBR_EL2", "RWrw" },
	{ "HCR_EL2", "VTTBR_EL2", "" },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void check(const struct row *row, size_t rows)
{
	for (size_t i = 0; i < rows; i++)
		CU_ASSERT(is(row[i].set, row[i].name, row[i].without_trap));
}

static void neve_by_table(void)
{
	check(of_neve, COUNT(of_neve));
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
	check(of_nv2, COUNT(of_nv2));
}

static void by_name(void)
{
	check(of_names, COUNT(of_names));
}

static void eret_that_stays(void)
{
	struct redirect nv3, nv2;
	struct step s = { .has_eret = true, .exit.l1_hcr_el2 = HCR_E2H };

	CU_ASSERT(redirect_parse(&nv3, "nv3") && redirect_parse(&nv2, "nv2"));
	s.eret.to = NV_ERET_VEL2;
	CU_ASSERT(redirect_has(&nv3, &s) && !redirect_has(&nv2, &s));
	s.eret.to = NV_ERET_GUEST_CONTEXT;
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

/* No register, so that a recording of either mode can be asked. */
static void gicv4(void)
{
	struct redirect alone, with;

	CU_ASSERT(redirect_parse(&alone, "gicv4") && redirect_parse(&with, "nv2,gicv4"));
	CU_ASSERT(alone.gicv4 && !alone.registers);
	CU_ASSERT(with.gicv4 && with.registers && with.nv2);
	CU_ASSERT(is("gicv4", "ICH_LR0_EL2", ""));
}

void register_experiments_redirect(void)
{
	CU_pSuite suite = CU_add_suite("experiments/redirect", NULL, NULL);

	CU_add_test(suite, "NEVE, table by table", neve_by_table);
	CU_add_test(suite, "NEVE beside FEAT_NV2", neve_beside_nv2);
	CU_add_test(suite, "registers by name", by_name);
	CU_add_test(suite, "an ERET that stays in vEL2", eret_that_stays);
	CU_add_test(suite, "a TLBI of vEL2's own translations", tlbi_of_its_own);
	CU_add_test(suite, "gicv4 is no register", gicv4);
}
