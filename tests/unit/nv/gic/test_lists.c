/* Do the states of an interrupt and the list registers follow from each other as IHI0069 says? */
#include <CUnit/CUnit.h>
#include <string.h>

#include "nv/arch/fields.h"
#include "nv/gic/lists.h"
#include "nv/gic/regs.h"

void register_nv_gic_lists(void);

#define PENDING (1UL << 62)
#define ACTIVE (2UL << 62)
#define HW (1UL << 61)
#define GROUP1 (1UL << 60)
#define EOI (1UL << 41)
#define PRIO(p) ((uint64_t)(p) << 48)

#define HCR_EN 1UL
#define HCR_LRENPIE 4UL
#define HCR_NPIE 8UL
#define HCR_GROUP0_ON (1UL << 4) /* VGrp0EIE: it becomes enabled */
#define HCR_GROUP0_OFF (1UL << 5)
#define HCR_GROUP1_ON (1UL << 6)
#define HCR_GROUP1_OFF (1UL << 7)
#define HCR_TDIR (1UL << 14)

#define VENG1 2UL
#define VENG0 1UL
#define VPMR(p) ((uint64_t)(p) << 24)

#define BYTE 0
#define HALF 1
#define WORD 2
#define DOUBLE 3
#define SGI_BASE 0x10000UL

#define TIMER 27U
#define SPI 33U

static struct vgic_dist d;
static struct vgic_cpu cpu[3];

static bool no_memory(const void *memory, l1_ipa_t ipa, uint64_t *value)
{
	(void)memory;
	(void)ipa;
	(void)value;
	return false;
}

static bool no_write(const void *memory, l1_ipa_t ipa, uint64_t value)
{
	(void)memory;
	(void)ipa;
	(void)value;
	return false;
}

static void gicr(unsigned c, uint64_t offset, uint64_t value)
{
	vgic_gicr_write(&d, c, offset, WORD, value);
}

static void gicd(uint64_t offset, uint64_t value)
{
	vgic_gicd_write(&d, 0, offset, WORD, value);
}

/* Three vCPUs, as Linux leaves them: awake, all of Group 1, everything enabled at priority 0xa0. */
static void fresh(unsigned lrs)
{
	memset(&d, 0, sizeof(d));
	memset(cpu, 0, sizeof(cpu));
	d.vcpus = 3;
	d.lr_count = lrs;
	d.preempt_bits = 5;
	d.priority_mask = 0xf8;
	d.lpi.read = no_memory;
	d.lpi.write = no_write;
	for (unsigned i = 0; i < 3; i++) {
		d.cpu[i] = &cpu[i];
		vgic_reset_redist(&cpu[i], i);
	}
	vgic_reset_dist(&d);
	gicd(0x0, 0x3);
	for (unsigned i = 0; i < 3; i++) {
		gicr(i, 0x14, 0);
		gicr(i, SGI_BASE + 0x80, ~0U);
		gicr(i, SGI_BASE + 0x100, ~0U);
		for (unsigned n = 0; n < 32; n += 4)
			gicr(i, SGI_BASE + 0x400 + n, 0xa0a0a0a0);
		cpu[i].vmcr = VENG1 | VPMR(0xf0);
	}
	for (unsigned bank = 1; bank <= VGIC_SPI_BANKS; bank++) {
		gicd(0x80 + 4 * bank, ~0U);
		gicd(0x100 + 4 * bank, ~0U);
		for (unsigned n = 0; n < 32; n += 4)
			gicd(0x400 + 32 * bank + n, 0xa0a0a0a0);
	}
	d.kick = 0;
	for (unsigned i = 0; i < 3; i++)
		vgic_choose(&d, i);
}

static uint64_t lr_value(uint32_t intid)
{
	return GROUP1 | PRIO(0xa0) | intid;
}

static void a_pending_edge_becomes_a_list_register_and_is_gone_when_completed(void)
{
	fresh(4);
	vgic_sgi(&d, 1, 1, 3UL << 24 | 1); /* SGI 3 to Aff0 0 */
	CU_ASSERT_EQUAL(d.kick, 1);
	CU_ASSERT_TRUE(cpu[0].dirty);
	vgic_choose(&d, 0);
	CU_ASSERT_FALSE(cpu[0].dirty);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 1);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(3) | PENDING);
	cpu[0].lr[0] = lr_value(3); /* acknowledged and completed */
	vgic_fold(&d, 0, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0);
	CU_ASSERT_EQUAL(cpu[0].hcr, HCR_EN);
}

static void an_edge_that_comes_while_active_is_kept(void)
{
	fresh(4);
	vgic_sgi(&d, 1, 1, 3UL << 24 | 1);
	vgic_choose(&d, 0);
	cpu[0].lr[0] = lr_value(3) | ACTIVE; /* acknowledged in hardware */
	vgic_sgi(&d, 1, 1, 3UL << 24 | 1);
	vgic_fold(&d, 0, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(3) | PENDING | ACTIVE);
}

static void an_edge_not_yet_taken_survives_folding(void)
{
	fresh(4);
	vgic_sgi(&d, 1, 1, 3UL << 24 | 1);
	vgic_choose(&d, 0);
	vgic_fold(&d, 0, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(3) | PENDING);
}

static void a_level_is_pending_as_long_as_it_is_high(void)
{
	fresh(4);
	vgic_line(&d, 0, SPI, true);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(SPI) | PENDING | EOI);
	cpu[0].lr[0] = lr_value(SPI) | EOI; /* completed, and the line is still high */
	vgic_fold(&d, 0, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(SPI) | PENDING | EOI);
	vgic_fold(&d, 0, 0);
	vgic_line(&d, 0, SPI, false); /* falls before it is taken */
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0);
}

static void a_level_that_fell_while_active_needs_no_look_at_the_end(void)
{
	fresh(4);
	vgic_line(&d, 0, SPI, true);
	vgic_choose(&d, 0);
	cpu[0].lr[0] = lr_value(SPI) | ACTIVE | EOI;
	vgic_fold(&d, 0, 0);
	vgic_line(&d, 0, SPI, false);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(SPI) | ACTIVE);
}

static void a_linked_interrupt_carries_the_physical_one(void)
{
	fresh(4);
	vgic_link(&d, 0, TIMER, 30);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(TIMER) | PENDING | HW | 30UL << 32);
	cpu[0].lr[0] &= ~PENDING; /* completed: hardware deactivated 30 itself */
	vgic_fold(&d, 0, 0);
	CU_ASSERT_EQUAL(cpu[0].deactivate, 0);
	CU_ASSERT_EQUAL(cpu[0].bank.linked, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0);
}

/* A PPI is level-sensitive: without the physical interrupt its line says whether it is pending. Active it stays. */
static void after_unlinking_the_line_says_what_is_pending(void)
{
	fresh(4);
	vgic_link(&d, 0, TIMER, 27);
	vgic_choose(&d, 0);
	vgic_fold(&d, 0, 0);
	vgic_unlink(&d, 0, TIMER);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0);
	vgic_line(&d, 0, TIMER, true);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(TIMER) | PENDING | EOI);
}

/* The level of a linked PPI: it falls before the interrupt is taken, and while it is active. */
static void a_linked_interrupt_is_pending_while_its_line_is_high(void)
{
	const struct vgic_bank *bank = &cpu[0].bank;

	fresh(4);
	vgic_link(&d, 0, TIMER, 27);
	vgic_choose(&d, 0);
	vgic_fold(&d, 0, 0);
	CU_ASSERT_FALSE(vgic_sample(&d, 0, TIMER, true));
	CU_ASSERT_TRUE(vgic_pending_bits(&d, 0, bank) >> TIMER & 1);
	CU_ASSERT_TRUE(vgic_sample(&d, 0, TIMER, false));
	CU_ASSERT_FALSE(vgic_pending_bits(&d, 0, bank) >> TIMER & 1);
	CU_ASSERT_EQUAL(bank->linked, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0);

	vgic_link(&d, 0, TIMER, 27);
	vgic_choose(&d, 0);
	cpu[0].lr[0] = (cpu[0].lr[0] & ~PENDING) | ACTIVE;
	vgic_fold(&d, 0, 0);
	CU_ASSERT_TRUE(vgic_pending_bits(&d, 0, bank) >> TIMER & 1); /* and active: the line is high */
	CU_ASSERT_FALSE(vgic_sample(&d, 0, TIMER, false));
	CU_ASSERT_FALSE(vgic_pending_bits(&d, 0, bank) >> TIMER & 1);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(TIMER) | ACTIVE | HW | 27UL << 32);
}

static void an_active_interrupt_stays_active_when_unlinked(void)
{
	fresh(4);
	vgic_link(&d, 0, TIMER, 27);
	vgic_choose(&d, 0);
	cpu[0].lr[0] = (cpu[0].lr[0] & ~PENDING) | ACTIVE;
	vgic_fold(&d, 0, 0);
	vgic_unlink(&d, 0, TIMER);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(TIMER) | ACTIVE);
}

static void software_that_ends_a_linked_interrupt_ends_the_physical_one(void)
{
	fresh(4);
	vgic_link(&d, 0, TIMER, 27);
	vgic_choose(&d, 0);
	cpu[0].lr[0] ^= PENDING | ACTIVE;
	vgic_fold(&d, 0, 0);
	gicr(0, SGI_BASE + 0x380, 1U << TIMER); /* GICR_ICACTIVER0 */
	CU_ASSERT_EQUAL(cpu[0].deactivate, 1U << TIMER);
	CU_ASSERT_EQUAL(cpu[0].bank.linked, 0);
	cpu[0].deactivate = 0;
	vgic_link(&d, 0, TIMER, 27);
	gicr(0, SGI_BASE + 0x280, 1U << TIMER); /* GICR_ICPENDR0 */
	CU_ASSERT_EQUAL(cpu[0].deactivate, 1U << TIMER);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0);
}

static void another_cpu_ends_what_is_in_a_list_register(void)
{
	fresh(4);
	vgic_link(&d, 0, TIMER, 27);
	vgic_choose(&d, 0);
	cpu[0].lr[0] ^= PENDING | ACTIVE;
	gicr(0, SGI_BASE + 0x380, 1U << TIMER);
	CU_ASSERT_EQUAL(cpu[0].deactivate, 0);			     /* only its own CPU can */
	CU_ASSERT_TRUE((vgic_gicr_read(&d, 0, 0x0, WORD) & 8) != 0); /* RWP until it has */
	CU_ASSERT_TRUE((vgic_gicd_read(&d, 1, 0x0, WORD) & 1UL << 31) != 0);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, SGI_BASE + 0x300, WORD), 0);
	vgic_fold(&d, 0, 0);
	CU_ASSERT_EQUAL(cpu[0].deactivate, 1U << TIMER);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0x0, WORD) & 8, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0);
}

static void an_end_of_what_is_not_active_concerns_nobody(void)
{
	fresh(4);
	gicr(0, SGI_BASE + 0x380, ~0U); /* GICR_ICACTIVER0, and GICD_ICACTIVER1 */
	gicd(0x384, ~0U);
	for (unsigned i = 0; i < 3; i++)
		CU_ASSERT_FALSE(cpu[i].dirty);
	CU_ASSERT_EQUAL(d.kick, 0);
	gicr(0, SGI_BASE + 0x300, 1U << TIMER);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(TIMER) | ACTIVE);
	gicr(0, SGI_BASE + 0x380, 1U << (TIMER + 1)); /* another one */
	CU_ASSERT_FALSE(cpu[0].dirty);
	gicr(0, SGI_BASE + 0x380, 1U << TIMER);
	CU_ASSERT_TRUE(cpu[0].dirty);
}

static void linked_ones_are_never_pending_and_active_at_once(void)
{
	fresh(4);
	gicr(0, SGI_BASE + 0x300, 1U << TIMER); /* GICR_ISACTIVER0 */
	vgic_link(&d, 0, TIMER, 27);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(TIMER) | ACTIVE | HW | 27UL << 32);
}

/* --- SPIs of assigned devices --- */

#define DEVICE_BIT (1U << (SPI % 32))
#define LINKED_SPI (lr_value(SPI) | HW | (uint64_t)SPI << 32)

static void a_linked_spi_is_deactivated_by_its_list_register(void)
{
	fresh(4);
	vgic_link_spi(&d, SPI);
	CU_ASSERT_TRUE(vgic_spi_is_linked(&d, SPI));
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], LINKED_SPI | PENDING);
	cpu[0].lr[0] &= ~PENDING;
	vgic_fold(&d, 0, 0);
	CU_ASSERT_EQUAL(cpu[0].deactivate_spis, 0);
	CU_ASSERT_FALSE(vgic_spi_is_linked(&d, SPI));
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0);
}

/* The list register that hardware has emptied is not folded yet: the next one must not lose its link. */
static void a_linked_spi_that_comes_again_before_the_fold_stays_linked(void)
{
	fresh(4);
	vgic_link_spi(&d, SPI);
	vgic_choose(&d, 0);
	cpu[0].lr[0] &= ~PENDING;
	vgic_link_spi(&d, SPI);
	CU_ASSERT_FALSE(vgic_spi_is_linked(&d, SPI)); /* who ends the last one does not end the next one */
	vgic_fold(&d, 0, 0);
	CU_ASSERT_EQUAL(cpu[0].deactivate_spis, 0);
	CU_ASSERT_TRUE(vgic_spi_is_linked(&d, SPI));
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], LINKED_SPI | PENDING);
}

static void software_that_ends_a_linked_spi_ends_the_physical_one(void)
{
	fresh(4);
	vgic_link_spi(&d, SPI);
	vgic_choose(&d, 0);
	cpu[0].lr[0] ^= PENDING | ACTIVE;
	vgic_fold(&d, 0, 0);
	gicd(0x384, DEVICE_BIT); /* GICD_ICACTIVER1 */
	CU_ASSERT_EQUAL(cpu[0].deactivate_spis, DEVICE_BIT);
	cpu[0].deactivate_spis = 0;
	vgic_link_spi(&d, SPI);
	gicd(0x284, DEVICE_BIT); /* GICD_ICPENDR1 */
	CU_ASSERT_EQUAL(cpu[0].deactivate_spis, DEVICE_BIT);
	CU_ASSERT_FALSE(vgic_spi_is_linked(&d, SPI));
}

static void only_enabled_awake_and_in_an_enabled_group(void)
{
	static const struct {
		bool gicd;
		unsigned offset;
		uint32_t value;
	} off[] = {
		{ true, 0x0, 1 },		 /* GICD_CTLR: Group 1 off */
		{ false, 0x14, 2 },		 /* GICR_WAKER: asleep */
		{ false, 0x10180, 1U << TIMER }, /* GICR_ICENABLER0 */
	};

	for (unsigned i = 0; i < sizeof(off) / sizeof(off[0]); i++) {
		fresh(4);
		vgic_line(&d, 0, TIMER, true);
		if (off[i].gicd)
			gicd(off[i].offset, off[i].value);
		else
			gicr(0, off[i].offset, off[i].value);
		vgic_choose(&d, 0);
		CU_ASSERT_EQUAL(cpu[0].lr_used, 0);
		CU_ASSERT_EQUAL(vgic_would(&d, 0), VGIC_NOTHING);
		CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, SGI_BASE + 0x200, WORD), 1U << TIMER);
	}
}

static void an_active_interrupt_that_is_disabled_stays_in_a_list_register(void)
{
	fresh(4);
	vgic_line(&d, 0, TIMER, true);
	vgic_choose(&d, 0);
	cpu[0].lr[0] ^= PENDING | ACTIVE;
	vgic_fold(&d, 0, 0);
	gicr(0, SGI_BASE + 0x180, 1U << TIMER);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(TIMER) | ACTIVE | EOI);
}

static void the_highest_priorities_get_the_list_registers(void)
{
	fresh(2);
	vgic_gicr_write(&d, 0, SGI_BASE + 0x400 + 5, BYTE, 0x20);
	vgic_gicr_write(&d, 0, SGI_BASE + 0x400 + 9, BYTE, 0x43); /* 0x40: five bits */
	vgic_sgi(&d, 1, 1, 5UL << 24 | 1);
	vgic_sgi(&d, 1, 1, 7UL << 24 | 1);
	vgic_sgi(&d, 1, 1, 9UL << 24 | 1);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], GROUP1 | PENDING | PRIO(0x20) | 5);
	CU_ASSERT_EQUAL(cpu[0].lr[1], GROUP1 | PENDING | PRIO(0x40) | 9);
	CU_ASSERT_EQUAL(cpu[0].hcr, HCR_EN | HCR_NPIE | HCR_GROUP0_ON | HCR_GROUP1_OFF);
	cpu[0].lr[0] = 5;
	cpu[0].lr[1] = 9;
	vgic_fold(&d, 0, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 1);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(7) | PENDING);
	CU_ASSERT_EQUAL(cpu[0].hcr, HCR_EN);
}

static void a_pending_one_has_a_list_register_among_many_active_ones(void)
{
	fresh(2);
	for (unsigned i = 0; i < 3; i++)
		vgic_gicr_write(&d, 0, SGI_BASE + 0x400 + i, BYTE, 0x40 + 0x10 * i);
	gicr(0, SGI_BASE + 0x300, 7); /* SGIs 0 to 2 active */
	vgic_sgi(&d, 1, 1, 5UL << 24 | 1);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], GROUP1 | ACTIVE | PRIO(0x40));
	CU_ASSERT_EQUAL(cpu[0].lr[1], lr_value(5) | PENDING);
	CU_ASSERT_EQUAL(cpu[0].hcr,
			HCR_EN | HCR_NPIE | HCR_LRENPIE | HCR_TDIR | HCR_GROUP0_ON | HCR_GROUP1_OFF);
	/* One EOI without a list register: the running one of those outside. */
	vgic_fold(&d, 0, 1);
	CU_ASSERT_EQUAL(cpu[0].bank.active, 1U | 1U << 2);
}

/* SGIs 0 to 2 are of Group 0 at priorities 0, 8 and 0x10, SGIs 3 and 4 of Group 1 at 0x40 and 0x48; all are pending. */
static void five_of_two_groups(unsigned lrs, uint64_t enables)
{
	fresh(lrs);
	gicr(0, SGI_BASE + 0x80, ~7U);
	for (unsigned i = 0; i < 3; i++)
		vgic_gicr_write(&d, 0, SGI_BASE + 0x400 + i, BYTE, 8 * i);
	vgic_gicr_write(&d, 0, SGI_BASE + 0x403, BYTE, 0x40);
	vgic_gicr_write(&d, 0, SGI_BASE + 0x404, BYTE, 0x48);
	gicr(0, SGI_BASE + 0x200, 0x1f);
	cpu[0].vmcr = enables | VPMR(0xf0);
	vgic_choose(&d, 0);
}

#define SGI0 PENDING
#define SGI1 (PENDING | PRIO(8) | 1)
#define SGI2 (PENDING | PRIO(0x10) | 2)
#define SGI3 (PENDING | GROUP1 | PRIO(0x40) | 3)
#define SGI4 (PENDING | GROUP1 | PRIO(0x48) | 4)

static void a_disabled_group_does_not_keep_the_other_out(void)
{
	static const struct {
		uint64_t enables, lr[3], hcr;
	} row[] = {
		{ VENG0 | VENG1, { SGI0, SGI1, SGI2 }, HCR_GROUP0_OFF | HCR_GROUP1_OFF },
		{ VENG1, { SGI3, SGI4, SGI0 }, HCR_GROUP0_ON | HCR_GROUP1_OFF },
		{ VENG0, { SGI0, SGI1, SGI2 }, HCR_GROUP0_OFF | HCR_GROUP1_ON },
		{ 0, { SGI0, SGI1, SGI2 }, HCR_GROUP0_ON | HCR_GROUP1_ON },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		five_of_two_groups(3, row[i].enables);
		for (unsigned n = 0; n < 3; n++)
			CU_ASSERT_EQUAL(cpu[0].lr[n], row[i].lr[n]);
		CU_ASSERT_EQUAL(cpu[0].hcr, HCR_EN | HCR_NPIE | row[i].hcr);
	}
	/* Behind the enabled ones, of whatever priority. */
	vgic_fold(&d, 0, 0);
	vgic_gicr_write(&d, 0, SGI_BASE + 0x400, WORD, 0x38808080);
	cpu[0].vmcr = VENG0 | VPMR(0xf0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0] & 0xffff, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[1] & 0xffff, 1);
	CU_ASSERT_EQUAL(cpu[0].lr[2] & 0xffff, 2);
}

/* Where there is room for all, no order matters, and nothing is to be told. */
static void a_disabled_group_is_in_list_registers_that_are_free(void)
{
	five_of_two_groups(5, VENG1);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0x1f);
	CU_ASSERT_EQUAL(cpu[0].lr[0], SGI0);
	CU_ASSERT_EQUAL(cpu[0].hcr, HCR_EN);
}

/* Hardware tells of it: what was left out because its group was disabled has its place by priority. */
static void a_group_that_is_enabled_has_its_place(void)
{
	five_of_two_groups(2, VENG1);
	CU_ASSERT_EQUAL(cpu[0].lr[0], SGI3);
	CU_ASSERT_EQUAL(cpu[0].lr[1], SGI4);
	vgic_fold(&d, 0, 0);
	cpu[0].vmcr |= VENG0;
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], SGI0);
	CU_ASSERT_EQUAL(cpu[0].lr[1], SGI1);
	vgic_fold(&d, 0, 0);
	cpu[0].vmcr &= ~VENG0;
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], SGI3);
	CU_ASSERT_EQUAL(cpu[0].lr[1], SGI4);
}

/* One list register is for a pending interrupt, and that is one of an enabled group. Active ones are of any group. */
static void an_enabled_one_has_a_list_register_among_active_ones(void)
{
	five_of_two_groups(2, VENG1);
	vgic_fold(&d, 0, 0);
	gicr(0, SGI_BASE + 0x80, ~0xfU << 16 | 0xfff8);
	gicr(0, SGI_BASE + 0x300, 0x70000); /* PPIs 0 to 2 active, of Group 0 */
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], ACTIVE | PRIO(0xa0) | 16);
	CU_ASSERT_EQUAL(cpu[0].lr[1], SGI3);
	CU_ASSERT_EQUAL(cpu[0].hcr,
			HCR_EN | HCR_NPIE | HCR_LRENPIE | HCR_TDIR | HCR_GROUP0_ON | HCR_GROUP1_OFF);
}

/* Pending and active in a list register, it would be pending there at its end, before what is left out and is of more weight. */
static void what_came_again_while_active_waits_for_its_end(void)
{
	five_of_two_groups(2, VENG1 | VENG0);
	cpu[0].lr[0] ^= PENDING | ACTIVE; /* SGI 0 runs, */
	vgic_fold(&d, 0, 0);
	gicr(0, SGI_BASE + 0x200, 1); /* and comes again */
	cpu[0].vmcr = VENG1 | VPMR(0xf0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], ACTIVE | EOI);
	CU_ASSERT_EQUAL(cpu[0].lr[1], SGI3);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, SGI_BASE + 0x200, WORD) & 0x1f, 0x1f);
	cpu[0].lr[0] = EOI; /* ended: the maintenance interrupt */
	vgic_fold(&d, 0, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], SGI3);
	CU_ASSERT_EQUAL(cpu[0].lr[1], SGI4);
	vgic_fold(&d, 0, 0);
	cpu[0].vmcr |= VENG0;
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], SGI0);
	CU_ASSERT_EQUAL(cpu[0].lr[1], SGI1);
}

static void spis_go_where_they_are_routed(void)
{
	fresh(4);
	vgic_gicd_write(&d, 0, 0x6000 + 8 * SPI, DOUBLE, 2);
	d.kick = 0;
	vgic_line(&d, 0, SPI, true);
	CU_ASSERT_EQUAL(d.kick, 1U << 2);
	vgic_choose(&d, 0);
	vgic_choose(&d, 2);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0);
	CU_ASSERT_EQUAL(cpu[2].lr[0], lr_value(SPI) | PENDING | EOI);
	/* Routed elsewhere while active: not there before it is completed. */
	cpu[2].lr[0] ^= PENDING | ACTIVE;
	vgic_gicd_write(&d, 0, 0x6000 + 8 * SPI, DOUBLE, 1);
	vgic_fold(&d, 2, 0);
	vgic_choose(&d, 2);
	vgic_choose(&d, 1);
	CU_ASSERT_EQUAL(cpu[2].lr[0], lr_value(SPI) | ACTIVE | EOI); /* that its end be known */
	CU_ASSERT_EQUAL(cpu[1].lr_used, 0);
	d.kick = 0;
	cpu[2].lr[0] &= ~ACTIVE;
	vgic_fold(&d, 2, 0);
	CU_ASSERT_EQUAL(d.kick, 1U << 1);
	vgic_choose(&d, 1);
	CU_ASSERT_EQUAL(cpu[1].lr[0], lr_value(SPI) | PENDING | EOI);
	vgic_gicd_write(&d, 0, 0x6000 + 8 * SPI, DOUBLE, 0x77); /* no such vCPU */
	cpu[1].lr[0] &= ~PENDING;
	vgic_fold(&d, 1, 0);
	for (unsigned i = 0; i < 3; i++) {
		vgic_choose(&d, i);
		CU_ASSERT_EQUAL(cpu[i].lr_used, 0);
	}
}

/* The CPU that it is routed to now cannot have it before the other one's list register has come back. */
static void a_pending_spi_follows_its_route_out_of_a_list_register(void)
{
	fresh(4);
	gicd(0xc08, 2U << 2); /* INTID 33: an edge */
	vgic_line(&d, 0, SPI, true);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(SPI) | PENDING);
	vgic_gicd_write(&d, 1, 0x6000 + 8 * SPI, DOUBLE, 1);
	vgic_choose(&d, 1);
	CU_ASSERT_EQUAL(cpu[1].lr_used, 0);
	CU_ASSERT_TRUE(cpu[0].recall);
	d.kick = 0;
	vgic_fold(&d, 0, 0);
	CU_ASSERT_EQUAL(d.kick, 1U << 1);
	CU_ASSERT_TRUE(cpu[1].dirty);
	vgic_choose(&d, 0);
	vgic_choose(&d, 1);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0);
	CU_ASSERT_EQUAL(cpu[1].lr[0], lr_value(SPI) | PENDING);
}

/* --- what L1 changes about an active interrupt --- */

static void priority(unsigned intid, unsigned value)
{
	vgic_gicr_write(&d, 0, SGI_BASE + 0x400 + intid, BYTE, value);
}

/* SGI 3 of vCPU 0 has been acknowledged, and its list register is folded. */
static void acknowledged(void)
{
	fresh(4);
	vgic_sgi(&d, 1, 1, 3UL << 24 | 1);
	vgic_choose(&d, 0);
	cpu[0].lr[0] = lr_value(3) | ACTIVE;
	vgic_fold(&d, 0, 0);
}

/* IHI0069, ICV_EOIR1_EL1: the list register is the one of the priority and of the group that are dropped. */
static void an_active_interrupt_keeps_its_priority_and_group(void)
{
	acknowledged();
	priority(3, 0x20);
	gicr(0, SGI_BASE + 0x80, ~(1U << 3));
	priority(3, 0x40);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(3) | ACTIVE);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, SGI_BASE + 0x403, BYTE), 0x40);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, SGI_BASE + 0x80, WORD) & 1U << 3, 0);
	vgic_fold(&d, 0, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(3) | ACTIVE);
	cpu[0].lr[0] &= ~ACTIVE; /* the next one has the new ones */
	vgic_fold(&d, 0, 0);
	vgic_sgi(&d, 1, 0, 3UL << 24 | 1);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], PENDING | PRIO(0x40) | 3);
}

/* In a list register of another CPU, where it may be acknowledged, or not, when the priority changes. */
static void a_priority_changed_by_another_cpu(void)
{
	for (unsigned taken = 0; taken < 2; taken++) {
		fresh(4);
		vgic_sgi(&d, 1, 1, 3UL << 24 | 1);
		vgic_choose(&d, 0);
		priority(3, 0x20);
		if (taken)
			cpu[0].lr[0] ^= PENDING | ACTIVE;
		CU_ASSERT_TRUE(cpu[0].recall);
		vgic_fold(&d, 0, 0);
		vgic_choose(&d, 0);
		CU_ASSERT_EQUAL(cpu[0].lr[0],
				taken ? lr_value(3) | ACTIVE : GROUP1 | PENDING | PRIO(0x20) | 3);
	}
}

/* It cannot be in the same list register with another priority: its turn is at the end of the active one. */
static void what_comes_again_with_another_priority_waits_for_the_end(void)
{
	acknowledged();
	priority(3, 0x20);
	vgic_sgi(&d, 1, 1, 3UL << 24 | 1);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(3) | ACTIVE | EOI);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, SGI_BASE + 0x200, WORD), 1U << 3);
	cpu[0].lr[0] &= ~ACTIVE;
	vgic_fold(&d, 0, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], GROUP1 | PENDING | PRIO(0x20) | 3);
}

static void an_eoi_without_list_register_ends_the_one_that_ran(void)
{
	fresh(1);
	priority(3, 0x40);
	gicr(0, SGI_BASE + 0x300, 1U << 3 | 1U << 4); /* 3 at 0x40 runs, 4 at 0xa0 was interrupted by it */
	priority(3, 0xf0);
	priority(4, 0x10);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], GROUP1 | ACTIVE | PRIO(0x40) | 3);
	CU_ASSERT_EQUAL(cpu[0].bank.active, 1U << 4);
	vgic_fold(&d, 0, 0);
	vgic_fold(&d, 0, 1);
	CU_ASSERT_EQUAL(cpu[0].bank.active, 1U << 4);
	gicr(0, SGI_BASE + 0x300, 1U << 3); /* active again, at the priority that it has now */
	vgic_fold(&d, 0, 1);
	CU_ASSERT_EQUAL(cpu[0].bank.active, 1U << 3);
}

static void redistributors_are_awake(void)
{
	fresh(4);
	vgic_reset_redist(&cpu[0], 0);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0x14, WORD), 0);
	gicr(0, 0x14, 2);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0x14, WORD), 6); /* ProcessorSleep, ChildrenAsleep */
	vgic_reset_interface(&cpu[0]);			       /* CPU_ON */
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0x14, WORD), 0);
}

static void interface_out_of_reset_traps_nothing(void)
{
	fresh(4);
	cpu[0].l1_traps = ICH_HCR_TALL1; /* it was switched off in a guest of L1's */
	vgic_reset_interface(&cpu[0]);
	CU_ASSERT_EQUAL(cpu[0].l1_traps, 0);
}

static void sgis_reach_whom_they_name(void)
{
	static const struct {
		uint64_t value;
		uint32_t kick;
	} sent[] = {
		{ 0x1, 1 },
		{ 0x6, 6 },
		{ 0x8, 0 },		/* no such vCPU */
		{ 1UL << 40, 5 },	/* all but the sender, vCPU 1 */
		{ 1UL << 44 | 0x1, 0 }, /* Aff0 16 to 31 */
		{ 1UL << 16 | 0x1, 0 }, /* Aff1 = 1 */
	};

	for (unsigned i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) {
		fresh(4);
		vgic_sgi(&d, 1, 1, sent[i].value | 2UL << 24);
		CU_ASSERT_EQUAL(d.kick, sent[i].kick);
	}
	fresh(4);
	vgic_sgi(&d, 1, 0, 1); /* Group 0, where the interrupt is of Group 1 */
	CU_ASSERT_EQUAL(d.kick, 0);
}

static void the_interface_signals_above_mask_and_running_priority(void)
{
	static const struct {
		uint64_t vmcr, ap1r;
		enum vgic_signal expected;
	} rows[] = {
		{ VENG1 | VPMR(0xf0), 0, VGIC_IRQ },
		{ VENG1 | VPMR(0xa8), 0, VGIC_IRQ },
		{ VENG1 | VPMR(0xa0), 0, VGIC_NOTHING },	 /* masked: not higher than PMR */
		{ VENG0 | VPMR(0xf0), 0, VGIC_NOTHING },	 /* its group is off */
		{ VENG1 | VPMR(0xf0), 1UL << 20, VGIC_NOTHING }, /* 0xa0 runs */
		{ VENG1 | VPMR(0xf0), 1UL << 21, VGIC_IRQ },	 /* 0xa8 runs */
		/* VBPR1 = 6: 0x80 to 0xbf preempt as 0x80 */
		{ VENG1 | VPMR(0xf0) | 6UL << 18, 1UL << 16, VGIC_NOTHING },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fresh(4);
		vgic_line(&d, 0, TIMER, true);
		cpu[0].vmcr = rows[i].vmcr;
		cpu[0].ap1r[0] = rows[i].ap1r;
		CU_ASSERT_EQUAL(vgic_would(&d, 0), rows[i].expected);
		CU_ASSERT_FALSE(cpu[0].stale);
	}
	fresh(4);
	gicr(0, SGI_BASE + 0x80, ~(1U << TIMER));
	vgic_line(&d, 0, TIMER, true);
	cpu[0].vmcr = VENG0 | VENG1 | VPMR(0xf0);
	CU_ASSERT_EQUAL(vgic_would(&d, 0), VGIC_FIQ);
}

static void would_leaves_the_choice_to_be_made(void)
{
	fresh(4);
	vgic_line(&d, 0, TIMER, true);
	(void)vgic_would(&d, 0);
	CU_ASSERT_TRUE(cpu[0].dirty);
}

static void what_is_active_is_not_signalled_again(void)
{
	fresh(4);
	vgic_line(&d, 0, TIMER, true);
	gicr(0, SGI_BASE + 0x300, 1U << TIMER);
	CU_ASSERT_EQUAL(vgic_would(&d, 0), VGIC_NOTHING);
	vgic_end(&d, 0, TIMER);
	CU_ASSERT_EQUAL(vgic_would(&d, 0), VGIC_IRQ);
}

static void identification_registers(void)
{
	fresh(4);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x0, WORD), 0x53);		  /* DS, ARE, both groups */
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x4, WORD) & 0x1f, 2);		  /* 96 INTIDs */
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x4, WORD) & 1UL << 17, 1UL << 17); /* LPIs: */
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x4, WORD) >> 19 & 0x1f, 13);	  /* 14 bits of INTID */
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x4, WORD) >> 11 & 0x1f, 9);	  /* 2^10 of them */
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0xffe8, WORD) >> 4 & 0xf, 3);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0xffe8, WORD) >> 4 & 0xf, 3);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 1, 0x8, DOUBLE), 1UL << 32 | 1UL << 8 | 1UL); /* PLPIS */
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 2, 0x8, DOUBLE), 2UL << 32 | 2UL << 8 | 1UL << 4 | 1UL); /* Last */
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 2, 0xc, WORD), 2);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, SGI_BASE + 0xc00, WORD), 0xaaaaaaaa); /* SGIs are edges */
}

static void set_and_clear_registers_do_what_they_say(void)
{
	fresh(4);
	gicd(0x184, 0xf0);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x104, WORD), 0xffffff0f);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x184, WORD), 0xffffff0f);
	gicd(0x204, 0x2);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x284, WORD), 0x2);
	gicd(0x284, 0x2);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x204, WORD), 0x0);
	gicd(0x304, 0x4);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x384, WORD), 0x4);
	gicd(0x384, 0x4);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x304, WORD), 0x0);
	gicd(0xc08, 0x8);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0xc08, WORD), 0x8);
	vgic_gicd_write(&d, 0, 0x421, BYTE, 0xff);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x420, WORD), 0xa0a0f8a0);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x421, BYTE), 0xf8);
}

static void a_line_that_is_high_is_pending_whatever_is_cleared(void)
{
	fresh(4);
	vgic_line(&d, 0, SPI, true);
	gicd(0x284, 2);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x204, WORD), 2);
}

static void a_configured_edge_is_latched_once(void)
{
	fresh(4);
	gicd(0xc08, 2U << 2); /* INTID 33 */
	vgic_line(&d, 0, SPI, true);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr[0], lr_value(SPI) | PENDING);
	cpu[0].lr[0] = lr_value(SPI);
	vgic_fold(&d, 0, 0);
	vgic_choose(&d, 0);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0);
}

static void irouter_by_halves(void)
{
	fresh(4);
	vgic_gicd_write(&d, 0, 0x6000 + 8 * SPI, WORD, 0x80010203); /* IRM is not implemented */
	vgic_gicd_write(&d, 0, 0x6004 + 8 * SPI, WORD, 0x4);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x6000 + 8 * SPI, DOUBLE), 0x400010203);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x6004 + 8 * SPI, WORD), 0x4);
	vgic_gicd_write(&d, 0, 0x6000 + 8 * TIMER, DOUBLE, 1); /* not an SPI */
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x6000 + 8 * TIMER, DOUBLE), 0);
}

/* Offsets and sizes that no register has, all over both frames: RAZ/WI, and nothing beyond the structs is touched. */
static void odd_accesses_are_raz_wi(void)
{
	struct vgic_dist before;

	fresh(4);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x104, BYTE), 0);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x104, DOUBLE), 0);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x106, WORD), 0);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x420, HALF), 0);
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x100, WORD), 0); /* private: in the redistributor */
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x10c, WORD), 0); /* beyond the last SPI */
	CU_ASSERT_EQUAL(vgic_gicd_read(&d, 0, 0x6000 + 8 * SPI, HALF), 0);
	before = d;
	vgic_gicd_write(&d, 0, 0x104, BYTE, 0);
	vgic_gicd_write(&d, 0, 0x184, DOUBLE, ~0UL);
	vgic_gicd_write(&d, 0, 0x18c, WORD, ~0UL);
	vgic_gicd_write(&d, 0, 0xf00, WORD, 0x02000001); /* GICD_SGIR: affinity routing is on */
	CU_ASSERT_EQUAL(memcmp(&before, &d, sizeof(d)), 0);
	for (uint64_t offset = 0; offset < VGIC_GICR_SIZE; offset++)
		for (unsigned size = BYTE; size <= DOUBLE; size++) {
			vgic_gicd_write(&d, 0, offset % VGIC_GICD_SIZE, size, ~0UL);
			vgic_gicr_write(&d, 1, offset, size, ~0UL);
			(void)vgic_gicd_read(&d, 0, offset % VGIC_GICD_SIZE, size);
			(void)vgic_gicr_read(&d, 1, offset, size);
		}
	for (unsigned i = 0; i < 3; i++) {
		vgic_choose(&d, i);
		vgic_fold(&d, i, 31);
	}
}

void register_nv_gic_lists(void)
{
	CU_pSuite s = CU_add_suite("nv/gic/lists", NULL, NULL);

	CU_ADD_TEST(s, a_pending_edge_becomes_a_list_register_and_is_gone_when_completed);
	CU_ADD_TEST(s, an_edge_that_comes_while_active_is_kept);
	CU_ADD_TEST(s, an_edge_not_yet_taken_survives_folding);
	CU_ADD_TEST(s, a_level_is_pending_as_long_as_it_is_high);
	CU_ADD_TEST(s, a_level_that_fell_while_active_needs_no_look_at_the_end);
	CU_ADD_TEST(s, a_linked_interrupt_carries_the_physical_one);
	CU_ADD_TEST(s, after_unlinking_the_line_says_what_is_pending);
	CU_ADD_TEST(s, a_linked_interrupt_is_pending_while_its_line_is_high);
	CU_ADD_TEST(s, an_active_interrupt_stays_active_when_unlinked);
	CU_ADD_TEST(s, software_that_ends_a_linked_interrupt_ends_the_physical_one);
	CU_ADD_TEST(s, another_cpu_ends_what_is_in_a_list_register);
	CU_ADD_TEST(s, an_end_of_what_is_not_active_concerns_nobody);
	CU_ADD_TEST(s, linked_ones_are_never_pending_and_active_at_once);
	CU_ADD_TEST(s, a_linked_spi_is_deactivated_by_its_list_register);
	CU_ADD_TEST(s, a_linked_spi_that_comes_again_before_the_fold_stays_linked);
	CU_ADD_TEST(s, software_that_ends_a_linked_spi_ends_the_physical_one);
	CU_ADD_TEST(s, only_enabled_awake_and_in_an_enabled_group);
	CU_ADD_TEST(s, an_active_interrupt_that_is_disabled_stays_in_a_list_register);
	CU_ADD_TEST(s, the_highest_priorities_get_the_list_registers);
	CU_ADD_TEST(s, a_pending_one_has_a_list_register_among_many_active_ones);
	CU_ADD_TEST(s, a_disabled_group_does_not_keep_the_other_out);
	CU_ADD_TEST(s, a_disabled_group_is_in_list_registers_that_are_free);
	CU_ADD_TEST(s, a_group_that_is_enabled_has_its_place);
	CU_ADD_TEST(s, an_enabled_one_has_a_list_register_among_active_ones);
	CU_ADD_TEST(s, what_came_again_while_active_waits_for_its_end);
	CU_ADD_TEST(s, spis_go_where_they_are_routed);
	CU_ADD_TEST(s, a_pending_spi_follows_its_route_out_of_a_list_register);
	CU_ADD_TEST(s, an_active_interrupt_keeps_its_priority_and_group);
	CU_ADD_TEST(s, a_priority_changed_by_another_cpu);
	CU_ADD_TEST(s, what_comes_again_with_another_priority_waits_for_the_end);
	CU_ADD_TEST(s, an_eoi_without_list_register_ends_the_one_that_ran);
	CU_ADD_TEST(s, redistributors_are_awake);
	CU_ADD_TEST(s, interface_out_of_reset_traps_nothing);
	CU_ADD_TEST(s, sgis_reach_whom_they_name);
	CU_ADD_TEST(s, the_interface_signals_above_mask_and_running_priority);
	CU_ADD_TEST(s, would_leaves_the_choice_to_be_made);
	CU_ADD_TEST(s, what_is_active_is_not_signalled_again);
	CU_ADD_TEST(s, identification_registers);
	CU_ADD_TEST(s, set_and_clear_registers_do_what_they_say);
	CU_ADD_TEST(s, a_line_that_is_high_is_pending_whatever_is_cleared);
	CU_ADD_TEST(s, a_configured_edge_is_latched_once);
	CU_ADD_TEST(s, irouter_by_halves);
	CU_ADD_TEST(s, odd_accesses_are_raz_wi);
}
