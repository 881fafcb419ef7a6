/* Are encodings those of the assembler, and do the projections of the register list agree with each other? */
#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <string.h>

#include "nv/arch/sysreg.h"

void register_nv_sysreg(void);

/* Instruction words of MRS, MSR and system instructions with x0, as GNU as makes them. */
// clang-format off
static const struct {
	enum sysreg reg;
	uint32_t word;
} assembled[] = {
	{ SR_MIDR_EL1, 0xd5380000 },
	{ SR_MPIDR_EL1, 0xd53800a0 },
	{ SR_CTR_EL0, 0xd53b0020 },
	{ SR_ID_AA64PFR0_EL1, 0xd5380400 },
	{ SR_ID_AA64MMFR2_EL1, 0xd5380740 },
	{ SR_ID_PFR0_EL1, 0xd5380100 },
	{ SR_MVFR2_EL1, 0xd5380340 },
	{ SR_SCTLR_EL1, 0xd5381000 },
	{ SR_ACTLR_EL1, 0xd5381020 },
	{ SR_CPACR_EL1, 0xd5381040 },
	{ SR_TTBR1_EL1, 0xd5382020 },
	{ SR_TCR_EL1, 0xd5382040 },
	{ SR_SPSR_EL1, 0xd5384000 },
	{ SR_ELR_EL1, 0xd5384020 },
	{ SR_SP_EL0, 0xd5384100 },
	{ SR_ESR_EL1, 0xd5385200 },
	{ SR_FAR_EL1, 0xd5386000 },
	{ SR_PAR_EL1, 0xd5387400 },
	{ SR_MAIR_EL1, 0xd538a200 },
	{ SR_VBAR_EL1, 0xd538c000 },
	{ SR_TPIDR_EL0, 0xd53bd040 },
	{ SR_CNTKCTL_EL1, 0xd538e100 },
	{ SR_CNTVCT_EL0, 0xd53be040 },
	{ SR_CNTP_CVAL_EL0, 0xd53be240 },
	{ SR_CNTV_CTL_EL0, 0xd53be320 },
	{ SR_ICC_PMR_EL1, 0xd5384600 },
	{ SR_ICC_SGI1R_EL1, 0xd538cba0 },
	{ SR_ICC_DIR_EL1, 0xd538cb20 },
	{ SR_ICC_IAR1_EL1, 0xd538cc00 },
	{ SR_MDSCR_EL1, 0xd5300240 },
	{ SR_OSLAR_EL1, 0xd5301080 },
	{ SR_DBGBVR15_EL1, 0xd5300f80 },
	{ SR_DBGWCR0_EL1, 0xd53000e0 },
	{ SR_PMCR_EL0, 0xd53b9c00 },
	{ SR_PMEVCNTR30_EL0, 0xd53bebc0 },
	{ SR_PMEVTYPER30_EL0, 0xd53befc0 },
	{ SR_HCR_EL2, 0xd53c1100 },
	{ SR_CPTR_EL2, 0xd53c1140 },
	{ SR_HSTR_EL2, 0xd53c1160 },
	{ SR_VTTBR_EL2, 0xd53c2100 },
	{ SR_VTCR_EL2, 0xd53c2140 },
	{ SR_VNCR_EL2, 0xd53c2200 },
	{ SR_HFGRTR_EL2, 0xd53c1180 },
	{ SR_HFGITR_EL2, 0xd53c11c0 },
	{ SR_HDFGWTR_EL2, 0xd53c31a0 },
	{ SR_HAFGRTR_EL2, 0xd53c31c0 },
	{ SR_SP_EL1, 0xd53c4100 },
	{ SR_ESR_EL2, 0xd53c5200 },
	{ SR_HPFAR_EL2, 0xd53c6080 },
	{ SR_VSESR_EL2, 0xd53c5260 },
	{ SR_ICH_HCR_EL2, 0xd53ccb00 },
	{ SR_ICH_VMCR_EL2, 0xd53ccbe0 },
	{ SR_ICH_LR15_EL2, 0xd53ccde0 },
	{ SR_CNTHCTL_EL2, 0xd53ce100 },
	{ SR_CNTVOFF_EL2, 0xd53ce060 },
	{ SR_CNTHV_CVAL_EL2, 0xd53ce340 },
	{ SR_SCTLR_EL12, 0xd53d1000 },
	{ SR_CNTKCTL_EL12, 0xd53de100 },
	{ SR_CNTV_CTL_EL02, 0xd53de320 },
	{ SR_CNTP_CVAL_EL02, 0xd53de240 },
	{ SR_APIAKEYLO_EL1, 0xd5382100 },
	{ SR_ZCR_EL2, 0xd53c1200 },
	{ SR_TRBLIMITR_EL1, 0xd5389b00 },
	{ SR_MPAMVPM7_EL2, 0xd53ca6e0 },
	{ SR_AT_S1E1R, 0xd5087800 },
	{ SR_AT_S12E0W, 0xd50c78e0 },
	{ SR_TLBI_VMALLE1, 0xd508871f },
	{ SR_TLBI_VAE1IS, 0xd5088320 },
	{ SR_TLBI_RVAALE1OS, 0xd50885e0 },
	{ SR_TLBI_ALLE1IS, 0xd50c839f },
	{ SR_TLBI_VMALLS12E1OS, 0xd50c81df },
	{ SR_TLBI_IPAS2E1IS, 0xd50c8020 },
	{ SR_TLBI_RIPAS2LE1, 0xd50c84c0 },
	{ SR_TLBI_VALE2, 0xd50c87a0 },
	{ SR_DC_ZVA, 0xd50b7420 },
	{ SR_DC_ISW, 0xd5087640 },
	{ SR_DC_CIVAC, 0xd50b7e20 },
	{ SR_DC_CVADP, 0xd50b7d20 },
	{ SR_IC_IALLUIS, 0xd508711f },
	{ SR_IC_IVAU, 0xd50b7520 },
};
// clang-format on

static void encodings_are_the_assembler_s(void)
{
	for (unsigned i = 0; i < sizeof(assembled) / sizeof(assembled[0]); i++)
		CU_ASSERT_EQUAL(sysreg_info[assembled[i].reg].enc, assembled[i].word >> 5 & 0xffff);
}

/* ESR_EL2.ISS of EC 0x18: Op0 [21:20], Op2 [19:17], Op1 [16:14], CRn [13:10], Rt [9:5], CRm [4:1], Direction
 * [0]. */
static uint32_t iss(uint32_t op0, uint32_t op1, uint32_t crn, uint32_t crm, uint32_t op2, uint32_t rt,
		    uint32_t read)
{
	return op0 << 20 | op2 << 17 | op1 << 14 | crn << 10 | rt << 5 | crm << 1 | read;
}

static void a_syndrome_names_its_register_whatever_rt_and_direction_are(void)
{
	CU_ASSERT_EQUAL(sysreg_from_iss(iss(3, 4, 1, 1, 0, 0, 0)), SR_HCR_EL2);
	CU_ASSERT_EQUAL(sysreg_from_iss(iss(3, 4, 1, 1, 0, 31, 1)), SR_HCR_EL2);
	CU_ASSERT_EQUAL(sysreg_from_iss(iss(3, 5, 14, 3, 2, 7, 1)), SR_CNTV_CVAL_EL02);
	CU_ASSERT_EQUAL(sysreg_from_iss(iss(1, 4, 8, 3, 6, 31, 0)), SR_TLBI_VMALLS12E1IS);
	CU_ASSERT_EQUAL(sysreg_from_iss(iss(3, 0, 0, 3, 7, 1, 1)), SR_ID_RES_3_0_0_3_7);
	CU_ASSERT_EQUAL(sysreg_from_iss(iss(2, 0, 0, 15, 6, 1, 0)), SR_DBGWVR15_EL1);
}

static void an_unlisted_syndrome_is_none(void)
{
	CU_ASSERT_EQUAL(sysreg_from_iss(iss(3, 0, 15, 0, 0, 0, 1)), SR_NONE);
	CU_ASSERT_EQUAL(sysreg_from_iss(iss(0, 0, 0, 0, 0, 0, 0)), SR_NONE);
	CU_ASSERT_EQUAL(sysreg_from_iss(0x1ffffff), SR_NONE);
}

static void index_and_rows_agree(void)
{
	unsigned listed = 0;

	for (unsigned enc = 0; enc < SYSREG_ENCODINGS; enc++) {
		enum sysreg r = sysreg_from_enc((uint16_t)enc);

		if (r == SR_NONE)
			continue;
		CU_ASSERT_EQUAL(sysreg_info[r].enc, enc);
		listed++;
	}
	CU_ASSERT_EQUAL(listed, SR_COUNT - 1);
}

/* An alias has the encoding of what it names but for op1, which is 5. */
static void aliases_differ_from_what_they_name_in_op1_only(void)
{
	for (unsigned r = 1; r < SR_COUNT; r++) {
		const struct sysreg_info *info = &sysreg_info[r];

		if (info->access != VEL2_ALIAS)
			continue;
		CU_ASSERT_EQUAL(info->enc >> 11 & 7, 5);
		CU_ASSERT_EQUAL(info->enc & 0xc7ff, sysreg_info[info->rel].enc & 0xc7ff);
		CU_ASSERT_EQUAL(info->write_mask, sysreg_info[info->rel].write_mask);
		CU_ASSERT_EQUAL(info->place, sysreg_info[info->rel].place);
		CU_ASSERT_EQUAL(info->feature, sysreg_info[info->rel].feature);
	}
}

/*
 * The EL2 registers that an EL1 name reaches with E2H=1, so that vEL2, which runs at EL1, has them in hardware's EL1 ones. Those that an
 * exception writes are there with E2H=0 too: FEAT_NV2 redirects these four.
 */
static const enum sysreg twins[] = { SR_SCTLR_EL2, SR_TTBR0_EL2,      SR_TTBR1_EL2, SR_TCR_EL2,
				     SR_MAIR_EL2,  SR_AMAIR_EL2,      SR_VBAR_EL2,  SR_AFSR0_EL2,
				     SR_AFSR1_EL2, SR_CONTEXTIDR_EL2, SR_CPTR_EL2,  SR_CNTHCTL_EL2,
				     SR_ZCR_EL2 };
static const enum sysreg redirected[] = { SR_ESR_EL2, SR_FAR_EL2, SR_ELR_EL2, SR_SPSR_EL2 };

static unsigned count_of(const enum sysreg *list, size_t count, enum sysreg r)
{
	unsigned found = 0;

	for (size_t i = 0; i < count; i++)
		found += list[i] == r;
	return found;
}

#define COUNT_OF(list, r) count_of(list, sizeof(list) / sizeof((list)[0]), r)

static void rows_have_the_places_of_their_sub_lists(void)
{
	static const enum sysreg by_hand[] = { SR_CPTR_EL2, SR_CNTHCTL_EL2, SR_ZCR_EL2 };
#define X(name) SR_##name##_EL2,
	static const enum sysreg in_twins[] = { SYSREG_TWINS(X) }, in_redirected[] = { SYSREG_REDIRECTED(X) };
#undef X

	for (enum sysreg r = 1; r < SR_COUNT; r++) {
		CU_ASSERT_EQUAL(sysreg_info[r].place == NV_PLACE_TWIN, COUNT_OF(twins, r));
		CU_ASSERT_EQUAL(COUNT_OF(in_twins, r) + COUNT_OF(by_hand, r), COUNT_OF(twins, r));
		CU_ASSERT_EQUAL(sysreg_info[r].place == NV_PLACE_REDIRECTED, COUNT_OF(redirected, r));
		CU_ASSERT_EQUAL(sysreg_info[r].access == VEL2_REDIRECT, COUNT_OF(redirected, r));
		CU_ASSERT_EQUAL(COUNT_OF(in_redirected, r), COUNT_OF(redirected, r));
	}
}

/* What a guest and its hypervisor may have different values of in hardware's EL1, and FEAT_NV2 has a slot for. */
static void the_guest_keeps_all_of_el1_that_l1_uses_itself(void)
{
	static const enum sysreg expected[] = {
		SR_SCTLR_EL1, SR_CPACR_EL1, SR_TTBR0_EL1, SR_TTBR1_EL1, SR_TCR_EL1,
		SR_ESR_EL1,   SR_FAR_EL1,   SR_AFSR0_EL1, SR_AFSR1_EL1, SR_MAIR_EL1,
		SR_AMAIR_EL1, SR_VBAR_EL1,  SR_ELR_EL1,	  SR_SPSR_EL1,	SR_CONTEXTIDR_EL1,
	};
#define X(name) SR_##name##_EL1,
	static const enum sysreg kept[] = { SYSREG_GUEST_CONTEXT_EL1(X) };
#undef X

	for (enum sysreg r = 1; r < SR_COUNT; r++)
		CU_ASSERT_EQUAL(COUNT_OF(kept, r), COUNT_OF(expected, r));
}

/* SP_EL1 apart, a register that is in the EL2 space has EL2 in its name, and nothing else has. */
static void op1_4_is_el2(void)
{
	for (unsigned r = 1; r < SR_COUNT; r++) {
		const struct sysreg_info *info = &sysreg_info[r];
		bool el2_name = strstr(info->name, "_EL2") != NULL || !strncmp(info->name, "SPSR_", 5);

		if (info->enc >> 14 == 1 || r == SR_SP_EL1 || r == SR_SP_EL2 || r == SR_SPSR_EL1 ||
		    r == SR_SPSR_EL12)
			continue;
		CU_ASSERT_EQUAL((info->enc >> 11 & 7) == 4, el2_name);
	}
}

static void the_whole_id_space_is_listed(void)
{
	for (uint32_t crm = 1; crm <= 7; crm++)
		for (uint32_t op2 = 0; op2 <= 7; op2++) {
			enum sysreg r = sysreg_from_iss(iss(3, 0, 0, crm, op2, 0, 1));

			CU_ASSERT_NOT_EQUAL(r, SR_NONE);
			CU_ASSERT_EQUAL(sysreg_info[r].access, VEL2_ID);
			CU_ASSERT_EQUAL(sysreg_info[r].write_mask, 0);
		}
}

static void reset_values_are_the_architecture_s(void)
{
	static const struct {
		enum sysreg reg;
		uint64_t value;
	} row[] = {
		{ SR_HCR_EL2, 0x80000000 }, { SR_CPTR_EL2, 0x33ff },	 { SR_SCTLR_EL2, 0x30c50830 },
		{ SR_TCR_EL2, 0x80800000 }, { SR_VTCR_EL2, 0x80000000 }, { SR_OSLSR_EL1, 0xa },
		{ SR_ICC_SRE_EL2, 0xf },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		CU_ASSERT_EQUAL(sysreg_info[row[i].reg].reset, row[i].value);
}

void register_nv_sysreg(void)
{
	CU_pSuite s = CU_add_suite("nv/sysreg", NULL, NULL);

	CU_ADD_TEST(s, encodings_are_the_assembler_s);
	CU_ADD_TEST(s, a_syndrome_names_its_register_whatever_rt_and_direction_are);
	CU_ADD_TEST(s, an_unlisted_syndrome_is_none);
	CU_ADD_TEST(s, index_and_rows_agree);
	CU_ADD_TEST(s, aliases_differ_from_what_they_name_in_op1_only);
	CU_ADD_TEST(s, rows_have_the_places_of_their_sub_lists);
	CU_ADD_TEST(s, the_guest_keeps_all_of_el1_that_l1_uses_itself);
	CU_ADD_TEST(s, op1_4_is_el2);
	CU_ADD_TEST(s, the_whole_id_space_is_listed);
	CU_ADD_TEST(s, reset_values_are_the_architecture_s);
}
