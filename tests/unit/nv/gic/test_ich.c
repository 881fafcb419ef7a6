/* Do ICH_MISR_EL2, ICH_EISR_EL2 and ICH_ELRSR_EL2 follow from the list registers as IHI0069 says? */
#include <CUnit/CUnit.h>
#include <string.h>

#include "nv/gic/ich.h"

void register_nv_gic_ich(void);

#define LR(n) (0x400 + 8 * (n))
#define HCR 0x4c0
#define VMCR 0x4c8
#define PENDING (1UL << 62)
#define ACTIVE (2UL << 62)
#define HW (1UL << 61)
#define EOI (1UL << 41)

static struct vncr_file file;

static void fresh(uint64_t hcr)
{
	memset(&file, 0, sizeof(file));
	vncr_write(&file.page, HCR, hcr);
}

static void eisr_names_empty_list_registers_that_ask_for_eoi(void)
{
	fresh(1);
	vncr_write(&file.page, LR(0), EOI | 32);
	vncr_write(&file.page, LR(1), EOI | PENDING | 33);
	vncr_write(&file.page, LR(2), EOI | HW | 34); /* with HW set the bit is part of pINTID */
	vncr_write(&file.page, LR(3), 35);
	CU_ASSERT_EQUAL(nv_ich_eisr(&file, 4), 0x1);
	CU_ASSERT_EQUAL(nv_ich_elrsr(&file, 4), 0xc);
}

static void only_implemented_list_registers_are_looked_at(void)
{
	fresh(1);
	vncr_write(&file.page, LR(4), EOI);
	CU_ASSERT_EQUAL(nv_ich_eisr(&file, 4), 0);
	CU_ASSERT_EQUAL(nv_ich_elrsr(&file, 2), 0x3);
}

/* ICH_HCR_EL2.En = 0: "does not signal any maintenance interrupts"; the conditions of ICH_MISR_EL2 do not name En. */
static void nothing_is_signalled_while_the_interface_is_off(void)
{
	fresh(1 << 1);
	CU_ASSERT_EQUAL(nv_ich_misr(&file, 4), 1 << 1);
	CU_ASSERT_FALSE(nv_ich_maintenance(&file, 4));
	fresh(1 | 1 << 1);
	CU_ASSERT_TRUE(nv_ich_maintenance(&file, 4));
	fresh(1);
	CU_ASSERT_FALSE(nv_ich_maintenance(&file, 4));
	vncr_write(&file.page, LR(1), EOI | 32);
	CU_ASSERT_TRUE(nv_ich_maintenance(&file, 4));
	CU_ASSERT_FALSE(nv_ich_maintenance(&file, 1));
}

static void each_condition_needs_its_own_enable(void)
{
	fresh(1);
	vncr_write(&file.page, HCR, 1 | 5UL << 27);
	CU_ASSERT_EQUAL(nv_ich_misr(&file, 4), 0);
	for (unsigned bit = 1; bit < 8; bit++) {
		uint64_t vmcr[] = { 0, 1, 2, 3 };

		for (unsigned i = 0; i < 4; i++) {
			fresh(1 | 1UL << bit | 5UL << 27);
			vncr_write(&file.page, VMCR, vmcr[i]);
			CU_ASSERT_EQUAL(nv_ich_misr(&file, 4) & ~(1UL << bit), 0);
		}
	}
}

static void every_implemented_list_register_counts(void)
{
	for (unsigned lrs = 1; lrs <= 16; lrs++) {
		fresh(1 | 1 << 1 | 1 << 3);
		for (unsigned n = 0; n < 16; n++)
			vncr_write(&file.page, (uint16_t)LR(n), PENDING | n);
		CU_ASSERT_EQUAL(nv_ich_misr(&file, lrs), lrs == 1 ? 1 << 1 : 0);
		CU_ASSERT_EQUAL(nv_ich_elrsr(&file, lrs), 0);
		vncr_write(&file.page, (uint16_t)LR(lrs - 1), EOI);
		CU_ASSERT_EQUAL(nv_ich_eisr(&file, lrs), 1UL << (lrs - 1));
		vncr_write(&file.page, (uint16_t)LR(lrs - 1), 0);
		CU_ASSERT_EQUAL(nv_ich_elrsr(&file, lrs), 1UL << (lrs - 1));
	}
}

/* ICH_VTR_EL2: ListRegs [4:0], TDS [19], nV4 [20], A3V [21], SEIS [22], IDbits [25:23], PREbits [28:26], PRIbits [31:29] */
static void vtr_shows_the_list_registers_given_and_no_gicv4(void)
{
	uint64_t hw = 4UL << 29 | 4UL << 26 | 1UL << 23 | 1UL << 22 | 1UL << 21 | 1UL << 19 | 15;

	CU_ASSERT_EQUAL(nv_ich_vtr(hw, 1),
			4UL << 29 | 4UL << 26 | 1UL << 23 | 1UL << 21 | 1UL << 20 | 1UL << 19 | 0);
	CU_ASSERT_EQUAL(nv_ich_vtr(hw, 4) & 0x1f, 3);
	CU_ASSERT_EQUAL(nv_ich_vtr(hw, 16) & 0x1f, 15);
}

static void underflow_is_one_or_no_valid_list_register(void)
{
	fresh(1 | 1 << 1);
	CU_ASSERT_EQUAL(nv_ich_misr(&file, 4), 1 << 1);
	vncr_write(&file.page, LR(0), PENDING);
	CU_ASSERT_EQUAL(nv_ich_misr(&file, 4), 1 << 1);
	vncr_write(&file.page, LR(3), ACTIVE);
	CU_ASSERT_EQUAL(nv_ich_misr(&file, 4), 0);
}

static void no_pending_means_state_pending_only(void)
{
	fresh(1 | 1 << 3);
	vncr_write(&file.page, LR(0), ACTIVE);
	vncr_write(&file.page, LR(1), ACTIVE | PENDING);
	CU_ASSERT_EQUAL(nv_ich_misr(&file, 4), 1 << 3);
	vncr_write(&file.page, LR(2), PENDING);
	CU_ASSERT_EQUAL(nv_ich_misr(&file, 4), 0);
}

static void eoi_count_and_group_enables_are_reported_when_asked(void)
{
	fresh(1 | 1 << 2 | 3UL << 27);
	CU_ASSERT_EQUAL(nv_ich_misr(&file, 4), 1 << 2);
	fresh(1 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7);
	CU_ASSERT_EQUAL(nv_ich_misr(&file, 4), 1 << 5 | 1 << 7);
	vncr_write(&file.page, VMCR, 1);
	CU_ASSERT_EQUAL(nv_ich_misr(&file, 4), 1 << 4 | 1 << 7);
	vncr_write(&file.page, VMCR, 3);
	CU_ASSERT_EQUAL(nv_ich_misr(&file, 4), 1 << 4 | 1 << 6);
}

static void a_link_to_hardware_survives_only_for_interrupts_that_l0_keeps(void)
{
	uint64_t lr = PENDING | HW | 1UL << 60 | 0xa0UL << 48 | 27UL << 32 | 27;

	CU_ASSERT_EQUAL(nv_lr_for_hardware(lr, true), lr);
	/* L0 has to hear of the end of any other, to end it in L1's own GIC. */
	CU_ASSERT_EQUAL(nv_lr_for_hardware(lr, false), PENDING | EOI | 1UL << 60 | 0xa0UL << 48 | 27);
	CU_ASSERT_EQUAL(nv_lr_for_hardware(PENDING | ACTIVE | HW | 27UL << 32 | 27, true),
			PENDING | ACTIVE | EOI | 27);
	CU_ASSERT_EQUAL(nv_lr_for_hardware(PENDING | EOI | 40, false), PENDING | EOI | 40);
}

static void only_the_state_comes_back_from_hardware(void)
{
	uint64_t lr = PENDING | HW | 27UL << 32 | 27;

	CU_ASSERT_EQUAL(nv_lr_from_hardware(lr, ACTIVE | 99), (lr & ~PENDING) | ACTIVE);
	CU_ASSERT_EQUAL(nv_lr_from_hardware(lr, 0), lr & ~PENDING);
}

void register_nv_gic_ich(void)
{
	CU_pSuite s = CU_add_suite("nv/gic/ich", NULL, NULL);

	CU_ADD_TEST(s, eisr_names_empty_list_registers_that_ask_for_eoi);
	CU_ADD_TEST(s, only_implemented_list_registers_are_looked_at);
	CU_ADD_TEST(s, nothing_is_signalled_while_the_interface_is_off);
	CU_ADD_TEST(s, each_condition_needs_its_own_enable);
	CU_ADD_TEST(s, every_implemented_list_register_counts);
	CU_ADD_TEST(s, vtr_shows_the_list_registers_given_and_no_gicv4);
	CU_ADD_TEST(s, underflow_is_one_or_no_valid_list_register);
	CU_ADD_TEST(s, no_pending_means_state_pending_only);
	CU_ADD_TEST(s, eoi_count_and_group_enables_are_reported_when_asked);
	CU_ADD_TEST(s, a_link_to_hardware_survives_only_for_interrupts_that_l0_keeps);
	CU_ADD_TEST(s, only_the_state_comes_back_from_hardware);
}
