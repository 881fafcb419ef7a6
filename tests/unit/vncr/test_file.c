/* Is the page laid out as the architecture lays it out, and does each register hold what was put there? */
#include <CUnit/CUnit.h>
#include <string.h>

#include "nv/arch/sysreg.h"
#include "vncr/file.h"

void register_vncr_file(void);

/* The VNCR_EL2 offsets that the Arm manual gives; count registers from the named one on, 8 bytes apart. */
// clang-format off
static const struct {
	uint16_t offset;
	enum sysreg first;
	unsigned count;
} layout[] = {
	{ 0x020, SR_VTTBR_EL2, 1 },
	{ 0x030, SR_VSTTBR_EL2, 1 },
	{ 0x040, SR_VTCR_EL2, 1 },
	{ 0x048, SR_VSTCR_EL2, 1 },
	{ 0x050, SR_VMPIDR_EL2, 1 },
	{ 0x060, SR_CNTVOFF_EL2, 1 },
	{ 0x078, SR_HCR_EL2, 1 },
	{ 0x080, SR_HSTR_EL2, 1 },
	{ 0x088, SR_VPIDR_EL2, 1 },
	{ 0x090, SR_TPIDR_EL2, 1 },
	{ 0x0a0, SR_HCRX_EL2, 1 },
	{ 0x0b0, SR_VNCR_EL2, 1 },
	{ 0x100, SR_CPACR_EL1, 1 },
	{ 0x108, SR_CONTEXTIDR_EL1, 1 },
	{ 0x110, SR_SCTLR_EL1, 1 },
	{ 0x118, SR_ACTLR_EL1, 1 },
	{ 0x120, SR_TCR_EL1, 1 },
	{ 0x128, SR_AFSR0_EL1, 1 },
	{ 0x130, SR_AFSR1_EL1, 1 },
	{ 0x138, SR_ESR_EL1, 1 },
	{ 0x140, SR_MAIR_EL1, 1 },
	{ 0x148, SR_AMAIR_EL1, 1 },
	{ 0x158, SR_MDSCR_EL1, 1 },
	{ 0x160, SR_SPSR_EL1, 1 },
	{ 0x168, SR_CNTV_CVAL_EL0, 1 },
	{ 0x170, SR_CNTV_CTL_EL0, 1 },
	{ 0x178, SR_CNTP_CVAL_EL0, 1 },
	{ 0x180, SR_CNTP_CTL_EL0, 1 },
	{ 0x188, SR_SCXTNUM_EL1, 1 },
	{ 0x190, SR_TFSR_EL1, 1 },
	{ 0x1a0, SR_HDFGRTR2_EL2, 1 },
	{ 0x1a8, SR_CNTPOFF_EL2, 1 },
	{ 0x1b0, SR_HDFGWTR2_EL2, 1 },
	{ 0x1b8, SR_HFGRTR_EL2, 1 },
	{ 0x1c0, SR_HFGWTR_EL2, 1 },
	{ 0x1c8, SR_HFGITR_EL2, 1 },
	{ 0x1d0, SR_HDFGRTR_EL2, 1 },
	{ 0x1d8, SR_HDFGWTR_EL2, 1 },
	{ 0x1e0, SR_ZCR_EL1, 1 },
	{ 0x1e8, SR_HAFGRTR_EL2, 1 },
	{ 0x1f0, SR_SMCR_EL1, 1 },
	{ 0x1f8, SR_SMPRIMAP_EL2, 1 },
	{ 0x200, SR_TTBR0_EL1, 1 },
	{ 0x210, SR_TTBR1_EL1, 1 },
	{ 0x220, SR_FAR_EL1, 1 },
	{ 0x230, SR_ELR_EL1, 1 },
	{ 0x240, SR_SP_EL1, 1 },
	{ 0x250, SR_VBAR_EL1, 1 },
	{ 0x270, SR_TCR2_EL1, 1 },
	{ 0x290, SR_PIRE0_EL1, 1 },
	{ 0x2a0, SR_PIR_EL1, 1 },
	{ 0x2a8, SR_POR_EL1, 1 },
	{ 0x2c0, SR_HFGRTR2_EL2, 1 },
	{ 0x2c8, SR_HFGWTR2_EL2, 1 },
	{ 0x310, SR_HFGITR2_EL2, 1 },
	{ 0x400, SR_ICH_LR0_EL2, 16 },
	{ 0x480, SR_ICH_AP0R0_EL2, 4 },
	{ 0x4a0, SR_ICH_AP1R0_EL2, 4 },
	{ 0x4c0, SR_ICH_HCR_EL2, 1 },
	{ 0x4c8, SR_ICH_VMCR_EL2, 1 },
	{ 0x500, SR_VDISR_EL2, 1 },
	{ 0x508, SR_VSESR_EL2, 1 },
	{ 0x800, SR_PMBLIMITR_EL1, 1 },
	{ 0x810, SR_PMBPTR_EL1, 1 },
	{ 0x820, SR_PMBSR_EL1, 1 },
	{ 0x828, SR_PMSCR_EL1, 1 },
	{ 0x830, SR_PMSEVFR_EL1, 1 },
	{ 0x838, SR_PMSICR_EL1, 1 },
	{ 0x840, SR_PMSIRR_EL1, 1 },
	{ 0x848, SR_PMSLATFR_EL1, 1 },
	{ 0x880, SR_TRFCR_EL1, 1 },
	{ 0x8d0, SR_GCSCR_EL1, 1 },
	{ 0x900, SR_MPAM1_EL1, 1 },
	{ 0x930, SR_MPAMHCR_EL2, 1 },
	{ 0x938, SR_MPAMVPMV_EL2, 1 },
	{ 0x940, SR_MPAMVPM0_EL2, 8 },
};
// clang-format on

static void slots_are_at_the_manual_s_offsets(void)
{
	unsigned registers = 0, slots = 0;

	for (unsigned i = 0; i < sizeof(layout) / sizeof(layout[0]); i++)
		for (unsigned n = 0; n < layout[i].count; n++, registers++)
			CU_ASSERT_EQUAL(sysreg_info[layout[i].first + n].slot, layout[i].offset + 8 * n);
	for (unsigned r = 0; r < SR_COUNT; r++)
		slots += sysreg_info[r].slot != NO_SLOT;
	CU_ASSERT_EQUAL(slots, registers);
}

static void no_two_registers_share_a_slot(void)
{
	unsigned char used[VNCR_PAGE_BYTES / 8] = { 0 };

	for (unsigned r = 1; r < SR_COUNT; r++)
		if (sysreg_info[r].slot != NO_SLOT)
			CU_ASSERT_EQUAL(used[sysreg_info[r].slot / 8]++, 0);
}

static void slot_constants_are_those_of_the_rows(void)
{
	CU_ASSERT_EQUAL(SLOT_HCR_EL2, 0x078);
	CU_ASSERT_EQUAL(SLOT_ICH_LR15_EL2, 0x478);
	CU_ASSERT_EQUAL(SLOT_SCTLR_EL2, NO_SLOT);
}

static void a_slot_holds_what_was_written_and_nothing_else_changes(void)
{
	static struct vncr_page page, expected;

	memset(&page, 0xa5, sizeof(page));
	expected = page;
	vncr_write(&page, 0xff8, 0x0123456789abcdef);
	vncr_write(&page, 0x000, 1);
	CU_ASSERT_EQUAL(vncr_read(&page, 0xff8), 0x0123456789abcdef);
	CU_ASSERT_EQUAL(vncr_read(&page, 0x000), 1);
	expected.slot[511] = 0x0123456789abcdef;
	expected.slot[0] = 1;
	CU_ASSERT_EQUAL(memcmp(&page, &expected, sizeof(page)), 0);
}

/* HCR_EL2's slot is 0x078; SCTLR_EL2 and ID_AA64PFR0_EL1 have none. */
static void a_register_is_in_its_slot_or_in_the_file(void)
{
	static struct vncr_file file, before;

	memset(&file, 0xa5, sizeof(file));
	before = file;
	vncr_set(&file, SR_HCR_EL2, 0x1234);
	CU_ASSERT_EQUAL(vncr_read(&file.page, 0x078), 0x1234);
	CU_ASSERT_EQUAL(vncr_get(&file, SR_HCR_EL2), 0x1234);
	CU_ASSERT_EQUAL(memcmp(file.reg, before.reg, sizeof(file.reg)), 0);
	before = file;
	vncr_set(&file, SR_SCTLR_EL2, 0x5678);
	CU_ASSERT_EQUAL(vncr_get(&file, SR_SCTLR_EL2), 0x5678);
	CU_ASSERT_EQUAL(vncr_get(&file, SR_ID_AA64PFR0_EL1), 0xa5a5a5a5a5a5a5a5);
	CU_ASSERT_EQUAL(memcmp(&file.page, &before.page, sizeof(file.page)), 0);
}

static void every_register_has_a_home_of_its_own(void)
{
	static struct vncr_file file;

	for (enum sysreg r = 1; r < SR_COUNT; r++)
		vncr_set(&file, r, 0xabc000 + r);
	for (enum sysreg r = 1; r < SR_COUNT; r++)
		CU_ASSERT_EQUAL(vncr_get(&file, r), 0xabc000 + r);
}

static void numbered_registers_are_those_of_their_names(void)
{
	static struct vncr_file file;

	vncr_set(&file, SR_ICH_LR15_EL2, 15);
	vncr_set(&file, SR_ICH_AP0R3_EL2, 3);
	CU_ASSERT_EQUAL(vncr_get_nth(&file, SR_ICH_LR0_EL2, 15), 15);
	CU_ASSERT_EQUAL(vncr_get_nth(&file, SR_ICH_AP0R0_EL2, 3), 3);
	vncr_set_nth(&file, SR_ICH_AP1R0_EL2, 2, 2);
	CU_ASSERT_EQUAL(vncr_get(&file, SR_ICH_AP1R2_EL2), 2);
	CU_ASSERT_EQUAL(vncr_words(&file)[0x478 / 8], 15);
	CU_ASSERT_EQUAL(vncr_base(&file), (uint64_t)vncr_words(&file));
}

void register_vncr_file(void)
{
	CU_pSuite s = CU_add_suite("vncr/file", NULL, NULL);

	CU_ADD_TEST(s, slots_are_at_the_manual_s_offsets);
	CU_ADD_TEST(s, no_two_registers_share_a_slot);
	CU_ADD_TEST(s, slot_constants_are_those_of_the_rows);
	CU_ADD_TEST(s, a_slot_holds_what_was_written_and_nothing_else_changes);
	CU_ADD_TEST(s, a_register_is_in_its_slot_or_in_the_file);
	CU_ADD_TEST(s, every_register_has_a_home_of_its_own);
	CU_ADD_TEST(s, numbered_registers_are_those_of_their_names);
}
