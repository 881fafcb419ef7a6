/* Do the E2H=0 formats of vEL2 mean the same in EL1's format, and do L1's controls reach hardware? */
#include <CUnit/CUnit.h>

#include "nv/translate.h"

void register_nv_translate(void);

static void tcr_el2_fields_move_to_their_places_in_tcr_el1(void)
{
	static const struct {
		uint64_t el2, el1;
	} row[] = {
		{ 0x10, 0x100010 },	      /* T0SZ, as T1SZ too */
		{ 0x3500, 0x3500 },	      /* IRGN0, ORGN0, SH0 */
		{ 1UL << 14, 1UL << 14 },     /* TG0 */
		{ 5UL << 16, 5UL << 32 },     /* PS -> IPS */
		{ 1UL << 20, 3UL << 37 },     /* TBI -> TBI0, TBI1 */
		{ 1UL << 21, 1UL << 39 },     /* HA */
		{ 1UL << 22, 1UL << 40 },     /* HD */
		{ 1UL << 24, 1UL << 41 },     /* HPD -> HPD0 */
		{ 1UL << 29, 3UL << 51 },     /* TBID -> TBID0, TBID1 */
		{ 1UL << 32, 1UL << 59 },     /* DS */
		{ 1UL << 23 | 1UL << 31, 0 }, /* RES1 of TCR_EL2 only */
	};
	const uint64_t epd1 = 1UL << 23; /* there is no TTBR1_EL2 */

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		CU_ASSERT_EQUAL(nv_tcr_el2_as_el1(row[i].el2), row[i].el1 | epd1);
}

static void sctlr_el2_keeps_what_both_formats_share(void)
{
	uint64_t all = nv_sctlr_el2_as_el1(~0UL), none = nv_sctlr_el2_as_el1(0);

	CU_ASSERT_EQUAL(all & ~none, 1UL << 0 | 1UL << 1 | 1UL << 2 | 1UL << 3 | 1UL << 6 | 1UL << 12 |
					     1UL << 19 | 1UL << 21 | 1UL << 36 | 1UL << 25 | 1UL << 44 |
					     1UL << 13 | 1UL << 27 | 3UL << 30); /* EnDB, EnDA, EnIB, EnIA */
	CU_ASSERT(none & 1UL << 23);		     /* SPAN: EL2 with E2H=0 never sets PAN */
	CU_ASSERT(!(none & (1UL << 26 | 1UL << 9))); /* nothing is granted to an EL0 */
}

static void a_twin_is_translated_if_its_format_is_another_one(void)
{
	static const enum sysreg same[] = { SR_MAIR_EL2, SR_AMAIR_EL2, SR_VBAR_EL2, SR_AFSR0_EL2,
					    SR_AFSR1_EL2 };

	CU_ASSERT_EQUAL(nv_twin_as_el1(SR_SCTLR_EL2, ~0UL), nv_sctlr_el2_as_el1(~0UL));
	CU_ASSERT_EQUAL(nv_twin_as_el1(SR_TCR_EL2, ~0UL), nv_tcr_el2_as_el1(~0UL));
	CU_ASSERT_EQUAL(nv_twin_as_el1(SR_TTBR0_EL2, ~0UL), nv_ttbr0_el2_as_el1(~0UL));
	for (unsigned i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		CU_ASSERT_EQUAL(nv_twin_as_el1(same[i], 0x123456789abcdef0), 0x123456789abcdef0);
}

/* CPTR_EL2.TZ is RES1 without FEAT_SVE. */
static void cptr_el2_tfp_and_tz_trap_as_fpen_0_and_zen_0(void)
{
	CU_ASSERT_EQUAL(nv_cptr_el2_as_cpacr(0x33ff, true), 3UL << 20);
	CU_ASSERT_EQUAL(nv_cptr_el2_as_cpacr(0x33ff | 1UL << 10, true), 0);
	CU_ASSERT_EQUAL(nv_cptr_el2_as_cpacr(0x32ff, true), 3UL << 20 | 3UL << 16);
	CU_ASSERT_EQUAL(nv_cptr_el2_as_cpacr(0x32ff | 1UL << 10, true), 3UL << 16);
	CU_ASSERT_EQUAL(nv_cptr_el2_as_cpacr(0x33ff | 1UL << 10, false),
			3UL << 16); /* no EC 0x19 for an L1 without SVE */
}

/* APK 40, API 41, NV 42, NV1 43, AT 44, NV2 45, TTLB 25, TVM 26, TRVM 30; NV1 only where the EL1 names are not vEL2's own. */
static void hcr_el2_of_vel2_in_both_modes(void)
{
	const uint64_t base = 1UL << 31 | 1UL << 4, always = base | 7UL << 40 | 1UL << 44 | 1UL << 25;

	CU_ASSERT_EQUAL(nv_vel2_hcr(base, NV_MODE_V84, true), always | 1UL << 45);
	CU_ASSERT_EQUAL(nv_vel2_hcr(base, NV_MODE_V83, true), always);
	CU_ASSERT_EQUAL(nv_vel2_hcr(base, NV_MODE_V84, false), always | 1UL << 45 | 1UL << 43);
	CU_ASSERT_EQUAL(nv_vel2_hcr(base, NV_MODE_V83, false), always | 1UL << 43 | 1UL << 26 | 1UL << 30);
}

/* FnXS 3, FGTnXS 4, CMOW 9, MCE2 10, MSCEn 11. vEL2 has MSCEn, of which HCRX_EL2 deprives EL1 only. FnXS lets it wait for less. */
static void hcrx_el2_of_both_worlds(void)
{
	CU_ASSERT_EQUAL(nv_guest_context_hcrx(~0UL), 7UL << 9 | 1UL << 4);
	CU_ASSERT_EQUAL(NV_HCRX_OF_VEL2, 1UL << 11);
	CU_ASSERT(nv_hcrx_suits_vel2(1UL << 11));
	CU_ASSERT(nv_hcrx_suits_vel2(7UL << 9));
	CU_ASSERT(!nv_hcrx_suits_vel2(0));
	CU_ASSERT(!nv_hcrx_suits_vel2(3UL << 9));
	CU_ASSERT(nv_hcrx_suits_vel2(1UL << 11 | 3UL << 3));
}

/* Only an L1 that can choose E2H can write EL1 names that have just changed their meaning. */
static void nv2_waits_where_l1_chooses_e2h(void)
{
	const struct nv_state free = { .has_vhe = true }, is_0 = { .has_vhe = false },
			      is_1 = { .has_vhe = true, .e2h_is_res1 = true };

	CU_ASSERT(nv_begins_undecided(&free, NV_MODE_V84));
	CU_ASSERT(!nv_begins_undecided(&is_0, NV_MODE_V84));
	CU_ASSERT(!nv_begins_undecided(&is_1, NV_MODE_V84));
	CU_ASSERT(!nv_begins_undecided(&free, NV_MODE_V83));
	for (uint64_t hcr = 0; hcr <= 3UL << 34; hcr += 1UL << 34) { /* E2H and a neighbour */
		CU_ASSERT_EQUAL(nv_hcr_with_fixed_e2h(&free, hcr), hcr);
		CU_ASSERT_EQUAL(nv_hcr_with_fixed_e2h(&is_0, hcr), hcr & 1UL << 35);
		CU_ASSERT_EQUAL(nv_hcr_with_fixed_e2h(&is_1, hcr), hcr | 1UL << 34);
	}
}

/* An undecided L1 is shown what it has when it is decided. */
static void an_undecided_l1_has_what_nv2_mode_has(void)
{
	struct nv_state l1 = { .has_vhe = true, .has_sve = true, .mode = NV_MODE_V83 };

	CU_ASSERT(!nv_has_sve(&l1));
	CU_ASSERT_EQUAL(nv_wanted_mode(&l1), NV_MODE_V83);
	l1.undecided = true;
	CU_ASSERT(nv_has_sve(&l1));
	CU_ASSERT_EQUAL(nv_wanted_mode(&l1), NV_MODE_V84);
}

/* TGE 27, IMO 4, FMO 3; VENG0 0, VENG1 1 of ICH_VMCR_EL2. */
static void an_interrupt_with_el1_as_its_target_is_not_taken_at_el2(void)
{
	static const struct {
		uint64_t hcr, groups;
	} row[] = {
		{ 0, 3 },	 { 1UL << 4, 1 },  { 1UL << 3, 2 },
		{ 3UL << 3, 0 }, { 1UL << 27, 0 }, { 1UL << 34, 3 },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		CU_ASSERT_EQUAL(nv_unrouted_groups(row[i].hcr), row[i].groups);
		CU_ASSERT_EQUAL(nv_routes_all(row[i].hcr), row[i].groups == 0);
	}
	for (uint64_t groups = 0; groups < 4; groups++)
		CU_ASSERT_EQUAL(nv_traps_of_groups(groups), groups << 11); /* TALL0 11, TALL1 12 */
}

/* In a list register: pending 62, active 63, group 60, priority from 48 on. */
#define PENDING(group, priority) (1UL << 62 | (group) << 60 | (priority) << 48)
static void what_is_not_routed_is_held_and_all_behind_it(void)
{
	static const struct {
		uint64_t lr[3], vmcr, unrouted, held;
	} row[] = {
		{ { 0 }, 3, 3, 0 },
		{ { PENDING(0UL, 0x80UL) }, 3, 2, 0 },
		{ { PENDING(1UL, 0x80UL) }, 3, 1, 0 },
		{ { PENDING(1UL, 0x80UL) }, 3, 2, 3 },
		{ { PENDING(0UL, 0x80UL) }, 3, 1, 3 },
		{ { PENDING(0UL, 0x80UL) }, 2, 1, 1 },	/* its group is disabled */
		{ { 1UL << 63 | 1UL << 60 }, 3, 2, 0 }, /* active */
		{ { PENDING(1UL, 0x80UL), PENDING(0UL, 0x80UL) }, 3, 2, 3 },
		{ { PENDING(0UL, 0x80UL), PENDING(1UL, 0x80UL) }, 3, 2, 2 },
		{ { PENDING(0UL, 0x88UL), PENDING(1UL, 0x80UL) }, 3, 2, 3 },
		{ { PENDING(0UL, 0x88UL), 0, PENDING(1UL, 0x80UL) }, 1, 2, 2 },
		{ { PENDING(0UL, 0x88UL), PENDING(1UL, 0x80UL) | 1UL << 63 }, 3, 2, 2 },
		{ { PENDING(0UL, 0x88UL), PENDING(1UL, 0x80UL) }, 3, 3, 3 },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		CU_ASSERT_EQUAL(nv_groups_to_hold(row[i].lr, 3, row[i].vmcr, row[i].unrouted), row[i].held);
}
#undef PENDING

/* EC 0x07 and 0x19 become 0 with IL; traps of other kinds keep their syndrome. */
static void with_tge_an_fp_trap_of_el1_is_for_an_unknown_reason(void)
{
	const uint64_t unknown = 1UL << 25;

	CU_ASSERT_EQUAL(nv_esr_with_tge(0x07UL << 26 | 1UL << 25 | 0x1e00000), unknown);
	CU_ASSERT_EQUAL(nv_esr_with_tge(0x19UL << 26 | 1UL << 25), unknown);
	for (uint64_t class = 0; class < 64; class ++)
		if (class != 0x07 && class != 0x19)
			CU_ASSERT_EQUAL(nv_esr_with_tge(class << 26 | 0x123), class << 26 | 0x123);
}

static void l1_cannot_switch_off_what_l0_needs(void)
{
	uint64_t base = 1UL << 34 | 1UL << 31 | 1UL << 0 | 1UL << 19;

	CU_ASSERT_EQUAL(nv_guest_context_hcr(base, 0), base);
	CU_ASSERT_EQUAL(nv_guest_context_hcr(base, 1UL << 26), base | 1UL << 26);
	CU_ASSERT_EQUAL(nv_guest_context_hcr(base, 1UL << 37), base | 1UL << 37); /* TEA */
	CU_ASSERT_EQUAL(nv_guest_context_hcr(base, 1UL << 29), base | 1UL << 29); /* HCD */
	for (unsigned bit = 49; bit <= 55;
	     bit++) /* TID4, TICAB, TOCU, TTLBIS, TTLBOS; not AMVOFFEN and EnSCXT */
		CU_ASSERT_EQUAL(nv_guest_context_hcr(base, 1UL << bit),
				bit == 51 || bit == 53 ? base : base | 1UL << bit);
	/* TGE, NV, NV1, NV2, AT and E2H of L1 are its own business. */
	CU_ASSERT_EQUAL(nv_guest_context_hcr(base, 1UL << 27 | 0xfUL << 42), base);
}

/* HCR_EL2.{CD,ID,FWB} have an effect on stage 2 only, which L1 has with VM = 1, and with DC = 1, which implies it. */
static void controls_of_a_stage_2_need_one(void)
{
	const uint64_t cd_id_fwb = 3UL << 32 | 1UL << 46, vm = 1UL << 0, dc = 1UL << 12;

	CU_ASSERT_EQUAL(nv_guest_context_hcr(vm, cd_id_fwb), vm);
	CU_ASSERT_EQUAL(nv_guest_context_hcr(vm, cd_id_fwb | vm), vm | cd_id_fwb);
	CU_ASSERT_EQUAL(nv_guest_context_hcr(vm, cd_id_fwb | dc), vm | cd_id_fwb | dc);
}

/* D1.3 of DDI0487: a virtual interrupt is enabled by the routing of its physical one, and by TGE = 0. VF 6, VI 7, VSE 8. */
static void a_virtual_interrupt_needs_the_routing_of_its_physical_one(void)
{
	const uint64_t virtual = 7UL << 6, tge = 1UL << 27;

	for (uint64_t routing = 0; routing < 8; routing++) { /* FMO 3, IMO 4, AMO 5 */
		uint64_t hcr = nv_guest_context_hcr(0, virtual | routing << 3);

		CU_ASSERT_EQUAL(hcr & virtual, routing << 6);
		CU_ASSERT_EQUAL(nv_guest_context_hcr(0, virtual | routing << 3 | tge) & virtual, 0);
		CU_ASSERT_EQUAL(nv_guest_context_hcr(0, routing << 3) & virtual, 0);
	}
}

static void fp_trap_of_either_format_reaches_hardware(void)
{
	CU_ASSERT_EQUAL(nv_guest_context_cptr(1UL << 28, 3UL << 20, true), 3UL << 20 | 1UL << 28);
	CU_ASSERT_EQUAL(nv_guest_context_cptr(1UL << 28, 1UL << 20, true), 1UL << 20 | 1UL << 28);
	CU_ASSERT_EQUAL(nv_guest_context_cptr(0, 1UL << 16, true), 1UL << 16);	   /* ZEN */
	CU_ASSERT_EQUAL(nv_guest_context_cptr(0, 1UL << 10 | 1UL << 8, false), 0); /* TFP, TZ */
	CU_ASSERT_EQUAL(nv_guest_context_cptr(0, 1UL << 10, false), 3UL << 16);
	CU_ASSERT_EQUAL(nv_guest_context_cptr(0, 1UL << 8, false), 3UL << 20);
	CU_ASSERT_EQUAL(nv_guest_context_cptr(0, 1UL << 8 | 1UL << 31, false), 3UL << 20 | 1UL << 31);
}

static void counter_traps_of_either_format_reach_hardware(void)
{
	uint64_t base = 1UL << 10 | 1UL << 11;

	CU_ASSERT_EQUAL(nv_guest_context_cnthctl(base, 1UL << 10, true), 1UL << 10);
	CU_ASSERT_EQUAL(nv_guest_context_cnthctl(base, 1UL << 11, true), 1UL << 11);
	CU_ASSERT_EQUAL(nv_guest_context_cnthctl(base, 1UL << 0, false), 1UL << 10);
	CU_ASSERT_EQUAL(nv_guest_context_cnthctl(base, 1UL << 1, false), 1UL << 11);
	CU_ASSERT_EQUAL(nv_guest_context_cnthctl(base, 0, false), 0);
	/* FEAT_ECV, the same bits in both formats: EL1TVT 13, EL1TVCT 14. ECV 12 is L0's: CNTPOFF_EL2 is never in vain. */
	CU_ASSERT_EQUAL(nv_guest_context_cnthctl(base | 1UL << 12, 3UL << 13, true), 7UL << 12);
	CU_ASSERT_EQUAL(nv_guest_context_cnthctl(base, 3UL << 13, false), 3UL << 13);
}

static void e2h_is_res0_without_vhe(void)
{
	struct nv_state l1 = { 0 };

	vncr_write(&l1.file.page, 0x078, 1UL << 34);
	CU_ASSERT_FALSE(nv_e2h(&l1));
	l1.has_vhe = true;
	CU_ASSERT_TRUE(nv_e2h(&l1));
}

void register_nv_translate(void)
{
	CU_pSuite s = CU_add_suite("nv/translate", NULL, NULL);

	CU_ADD_TEST(s, tcr_el2_fields_move_to_their_places_in_tcr_el1);
	CU_ADD_TEST(s, hcr_el2_of_vel2_in_both_modes);
	CU_ADD_TEST(s, with_tge_an_fp_trap_of_el1_is_for_an_unknown_reason);
	CU_ADD_TEST(s, an_interrupt_with_el1_as_its_target_is_not_taken_at_el2);
	CU_ADD_TEST(s, what_is_not_routed_is_held_and_all_behind_it);
	CU_ADD_TEST(s, hcrx_el2_of_both_worlds);
	CU_ADD_TEST(s, nv2_waits_where_l1_chooses_e2h);
	CU_ADD_TEST(s, an_undecided_l1_has_what_nv2_mode_has);
	CU_ADD_TEST(s, sctlr_el2_keeps_what_both_formats_share);
	CU_ADD_TEST(s, a_twin_is_translated_if_its_format_is_another_one);
	CU_ADD_TEST(s, cptr_el2_tfp_and_tz_trap_as_fpen_0_and_zen_0);
	CU_ADD_TEST(s, l1_cannot_switch_off_what_l0_needs);
	CU_ADD_TEST(s, a_virtual_interrupt_needs_the_routing_of_its_physical_one);
	CU_ADD_TEST(s, controls_of_a_stage_2_need_one);
	CU_ADD_TEST(s, fp_trap_of_either_format_reaches_hardware);
	CU_ADD_TEST(s, counter_traps_of_either_format_reach_hardware);
	CU_ADD_TEST(s, e2h_is_res0_without_vhe);
}
