/* Which translations does a TLBI or an AT of vEL2 name?  By the names of the instructions, as their descriptions in DDI 0487 have it. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "nv/regime.h"

void register_nv_regime(void);

#define VM 1UL
#define DC (1UL << 12)
#define TGE (1UL << 27)
#define E2H (1UL << 34)
#define PAN (1UL << 22)

static struct nv_state l1 = { .has_vhe = true };

static void with(uint64_t hcr)
{
	vncr_write(&l1.file.page, 0x078, hcr);
}

/* Starts with TLBI_RVAE2, and so on? Range and other forms of one name are told apart by what follows. */
static bool is(const char *name, const char *start)
{
	return strncmp(name, start, strlen(start)) == 0;
}

static bool names_el2(const char *name)
{
	return is(name, "TLBI_ALLE2") || is(name, "TLBI_VAE2") || is(name, "TLBI_VALE2") ||
	       is(name, "TLBI_RVAE2") || is(name, "TLBI_RVALE2");
}

/* Stage 2, or both stages, whatever E2H and TGE are. */
static bool names_stage2(const char *name)
{
	return is(name, "TLBI_IPAS2") || is(name, "TLBI_RIPAS2") || is(name, "TLBI_VMALLS12E1") ||
	       is(name, "TLBI_ALLE1");
}

static bool is_nxs(const char *name)
{
	return strcmp(name + strlen(name) - 3, "NXS") == 0;
}

/* The same name without NXS. */
static bool is_plain_of(enum sysreg op, enum sysreg nxs)
{
	const char *plain = sysreg_info[op].name, *name = sysreg_info[nxs].name;
	size_t length = strlen(name) - (is_nxs(name) ? 3 : 0);

	return strlen(plain) == length && strncmp(plain, name, length) == 0;
}

static void each_tlbi(uint64_t hcr)
{
	bool host = (hcr & (E2H | TGE)) == (E2H | TGE);

	with(hcr);
	for (enum sysreg op = 0; op < SR_COUNT; op++) {
		const char *name = sysreg_info[op].name;
		struct nv_tlbi t;

		if (sysreg_info[op].access != SYS_TLBI)
			continue;
		t = nv_tlbi(&l1, op);
		CU_ASSERT_EQUAL(t.of_vel2, names_el2(name) || (host && !names_stage2(name)));
		if (!names_el2(name))
			CU_ASSERT_TRUE(is_plain_of(t.op, op));
	}
}

static void a_tlbi_names_vel2_its_guest_or_stage_2(void)
{
	each_tlbi(0);
	each_tlbi(E2H);
	each_tlbi(TGE);
	each_tlbi(E2H | TGE);
}

/* What does it on EL1&0, with E2H=0, where the operand has no ASID, and with E2H=1. On one CPU or on all, as before. */
static const struct {
	enum sysreg op, without_asid, with_asid;
} of_el2[] = {
	{ SR_TLBI_ALLE2, SR_TLBI_VMALLE1, SR_TLBI_VMALLE1 },
	{ SR_TLBI_ALLE2IS, SR_TLBI_VMALLE1IS, SR_TLBI_VMALLE1IS },
	{ SR_TLBI_ALLE2OS, SR_TLBI_VMALLE1OS, SR_TLBI_VMALLE1OS },
	{ SR_TLBI_ALLE2ISNXS, SR_TLBI_VMALLE1IS, SR_TLBI_VMALLE1IS },
	{ SR_TLBI_VAE2, SR_TLBI_VAAE1, SR_TLBI_VAE1 },
	{ SR_TLBI_VAE2IS, SR_TLBI_VAAE1IS, SR_TLBI_VAE1IS },
	{ SR_TLBI_VAE2OS, SR_TLBI_VAAE1OS, SR_TLBI_VAE1OS },
	{ SR_TLBI_VAE2OSNXS, SR_TLBI_VAAE1OS, SR_TLBI_VAE1OS },
	{ SR_TLBI_VALE2, SR_TLBI_VAALE1, SR_TLBI_VALE1 },
	{ SR_TLBI_VALE2NXS, SR_TLBI_VAALE1, SR_TLBI_VALE1 },
	{ SR_TLBI_VALE2IS, SR_TLBI_VAALE1IS, SR_TLBI_VALE1IS },
	{ SR_TLBI_VALE2OS, SR_TLBI_VAALE1OS, SR_TLBI_VALE1OS },
	{ SR_TLBI_RVAE2, SR_TLBI_RVAAE1, SR_TLBI_RVAE1 },
	{ SR_TLBI_RVAE2IS, SR_TLBI_RVAAE1IS, SR_TLBI_RVAE1IS },
	{ SR_TLBI_RVAE2OS, SR_TLBI_RVAAE1OS, SR_TLBI_RVAE1OS },
	{ SR_TLBI_RVALE2, SR_TLBI_RVAALE1, SR_TLBI_RVALE1 },
	{ SR_TLBI_RVALE2IS, SR_TLBI_RVAALE1IS, SR_TLBI_RVALE1IS },
	{ SR_TLBI_RVALE2OS, SR_TLBI_RVAALE1OS, SR_TLBI_RVALE1OS },
};

static void what_names_el2_has_one_of_el1_in_its_place(void)
{
	for (unsigned i = 0; i < sizeof(of_el2) / sizeof(of_el2[0]); i++) {
		with(0);
		CU_ASSERT_EQUAL(nv_tlbi(&l1, of_el2[i].op).op, of_el2[i].without_asid);
		with(E2H);
		CU_ASSERT_EQUAL(nv_tlbi(&l1, of_el2[i].op).op, of_el2[i].with_asid);
	}
}

static const struct {
	enum sysreg op;
	bool el2, both, write, el0, pan;
} at[] = {
	{ .op = SR_AT_S1E1R },
	{ .op = SR_AT_S1E1W, .write = true },
	{ .op = SR_AT_S1E0R, .el0 = true },
	{ .op = SR_AT_S1E0W, .el0 = true, .write = true },
	{ .op = SR_AT_S1E1RP, .pan = true },
	{ .op = SR_AT_S1E1WP, .pan = true, .write = true },
	{ .op = SR_AT_S1E2R, .el2 = true },
	{ .op = SR_AT_S1E2W, .el2 = true, .write = true },
	{ .op = SR_AT_S12E1R, .both = true },
	{ .op = SR_AT_S12E1W, .both = true, .write = true },
	{ .op = SR_AT_S12E0R, .both = true, .el0 = true },
	{ .op = SR_AT_S12E0W, .both = true, .el0 = true, .write = true },
};

static void each_at(uint64_t hcr, uint64_t pstate)
{
	bool host = (hcr & (E2H | TGE)) == (E2H | TGE);

	with(hcr);
	for (unsigned i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		struct nv_at is = nv_at(&l1, at[i].op, pstate);

		CU_ASSERT_EQUAL(is.of_vel2, at[i].el2 || host);
		CU_ASSERT_EQUAL(is.stage2, at[i].both && !host && (hcr & (VM | DC)));
		CU_ASSERT_EQUAL(is.access.write, at[i].write);
		CU_ASSERT_EQUAL(is.access.el0, at[i].el0);
		CU_ASSERT_EQUAL(is.access.pan, at[i].pan && (pstate & PAN));
	}
}

static void an_at_is_an_access_of_a_level_through_the_stages_it_names(void)
{
	static const uint64_t hcr[] = { 0, VM, DC, TGE, E2H, E2H | VM, E2H | TGE, E2H | TGE | VM };

	for (unsigned i = 0; i < sizeof(hcr) / sizeof(hcr[0]); i++) {
		each_at(hcr[i], 0);
		each_at(hcr[i], PAN);
	}
}

void register_nv_regime(void)
{
	CU_pSuite s = CU_add_suite("nv/regime", NULL, NULL);

	CU_ADD_TEST(s, a_tlbi_names_vel2_its_guest_or_stage_2);
	CU_ADD_TEST(s, what_names_el2_has_one_of_el1_in_its_place);
	CU_ADD_TEST(s, an_at_is_an_access_of_a_level_through_the_stages_it_names);
}
