/* Do the registers of L1's CPU interface that L0 answers itself behave as the pseudocode of IHI0069 says? */
#include <CUnit/CUnit.h>
#include <string.h>

#include "nv/gic/iface.h"
#include "nv/gic/lists.h"
#include "nv/gic/regs.h"

void register_nv_gic_iface(void);

#define VENG0 1UL
#define VENG1 2UL
#define VCBPR (1UL << 4)
#define VEOIM (1UL << 9)
#define VBPR1(n) ((uint64_t)(n) << 18)
#define VBPR0(n) ((uint64_t)(n) << 21)
#define VPMR(p) ((uint64_t)(p) << 24)
#define SPURIOUS 1023
#define WORD 2
#define SGI_BASE 0x10000UL

static struct vgic_dist d;
static struct vgic_cpu cpu[1];

/* SGI 1 in Group 0 at priority 0x40, SGI 2 in Group 1 at 0x80, SGI 3 in Group 0 at 0x20: none pending, all enabled. */
static void fresh(uint64_t vmcr)
{
	memset(&d, 0, sizeof(d));
	memset(cpu, 0, sizeof(cpu));
	d.vcpus = 1;
	d.lr_count = 4;
	d.preempt_bits = 5;
	d.priority_mask = 0xf8;
	d.cpu[0] = cpu;
	vgic_reset_redist(cpu, 0);
	vgic_reset_dist(&d);
	vgic_gicd_write(&d, 0, 0, WORD, 3);
	vgic_gicr_write(&d, 0, 0x14, WORD, 0);
	vgic_gicr_write(&d, 0, SGI_BASE + 0x80, WORD, 1 << 2);
	vgic_gicr_write(&d, 0, SGI_BASE + 0x100, WORD, 0xe);
	vgic_gicr_write(&d, 0, SGI_BASE + 0x400, WORD, 0x20804000);
	cpu[0].vmcr = vmcr;
}

static void pend(unsigned sgi)
{
	vgic_gicr_write(&d, 0, SGI_BASE + 0x200, WORD, 1UL << sgi);
}

static uint64_t read_of(enum sysreg r, bool group1)
{
	uint64_t value = ~0UL;

	CU_ASSERT_TRUE(vgic_iface_access(&d, 0, r, group1, true, &value));
	return value;
}

static void write_of(enum sysreg r, bool group1, uint64_t value)
{
	CU_ASSERT_TRUE(vgic_iface_access(&d, 0, r, group1, false, &value));
}

static uint64_t active(void)
{
	return vgic_gicr_read(&d, 0, SGI_BASE + 0x300, WORD);
}

static void acknowledge_makes_active_and_raises_the_running_priority(void)
{
	fresh(VENG0 | VENG1 | VPMR(0xf0));
	pend(1);
	CU_ASSERT_EQUAL(vgic_would(&d, 0), VGIC_FIQ);
	CU_ASSERT_EQUAL(read_of(SR_ICC_IAR1_EL1, true), SPURIOUS); /* the other group */
	CU_ASSERT_EQUAL(read_of(SR_ICC_IAR0_EL1, false), 1);
	CU_ASSERT_EQUAL(active(), 1 << 1);
	CU_ASSERT_EQUAL(read_of(SR_ICC_AP0R0_EL1, false), 1UL << (0x40 >> 3));
	CU_ASSERT_EQUAL(read_of(SR_ICC_IAR0_EL1, false), SPURIOUS);
	pend(2); /* does not preempt */
	CU_ASSERT_EQUAL(vgic_would(&d, 0), VGIC_NOTHING);
	CU_ASSERT_EQUAL(read_of(SR_ICC_IAR1_EL1, true), SPURIOUS);
	CU_ASSERT_EQUAL(read_of(SR_ICC_HPPIR1_EL1, true), 2); /* pending all the same */
	pend(3);					      /* preempts */
	CU_ASSERT_EQUAL(read_of(SR_ICC_IAR0_EL1, false), 3);
	CU_ASSERT_EQUAL(read_of(SR_ICC_AP0R0_EL1, false), 1UL << (0x40 >> 3) | 1UL << (0x20 >> 3));
}

static void end_of_interrupt_drops_the_priority_and_deactivates(void)
{
	fresh(VENG0 | VENG1 | VPMR(0xf0));
	pend(1);
	(void)read_of(SR_ICC_IAR0_EL1, false);
	write_of(SR_ICC_EOIR0_EL1, false, SPURIOUS); /* special INTIDs do nothing */
	CU_ASSERT_EQUAL(read_of(SR_ICC_AP0R0_EL1, false), 1UL << 8);
	write_of(SR_ICC_EOIR0_EL1, false, 1);
	CU_ASSERT_EQUAL(read_of(SR_ICC_AP0R0_EL1, false), 0);
	CU_ASSERT_EQUAL(active(), 0);
}

static void with_eoimode_1_the_interrupt_stays_active(void)
{
	fresh(VENG0 | VENG1 | VPMR(0xf0) | VEOIM);
	pend(2);
	CU_ASSERT_EQUAL(read_of(SR_ICC_IAR1_EL1, true), 2);
	write_of(SR_ICC_EOIR1_EL1, true, 2);
	CU_ASSERT_EQUAL(read_of(SR_ICC_AP1R0_EL1, true), 0);
	CU_ASSERT_EQUAL(active(), 1 << 2);
}

static void a_group_that_is_off_is_not_acknowledged(void)
{
	fresh(VENG1 | VPMR(0xf0));
	pend(1);
	CU_ASSERT_EQUAL(read_of(SR_ICC_IAR0_EL1, false), SPURIOUS);
	CU_ASSERT_EQUAL(read_of(SR_ICC_IGRPEN0_EL1, false), 0);
	write_of(SR_ICC_IGRPEN0_EL1, false, 1);
	CU_ASSERT_EQUAL(read_of(SR_ICC_IGRPEN0_EL1, false), 1);
	CU_ASSERT_EQUAL(read_of(SR_ICC_IAR0_EL1, false), 1);
}

static void the_priority_mask_holds_back(void)
{
	fresh(VENG0 | VENG1 | VPMR(0x40));
	pend(1);
	CU_ASSERT_EQUAL(read_of(SR_ICC_IAR0_EL1, false), SPURIOUS);
	pend(3);
	CU_ASSERT_EQUAL(read_of(SR_ICC_IAR0_EL1, false), 3);
}

/* Five preemption bits: BPR0 is at least 2, BPR1 at least 3; with CBPR BPR1 is BPR0 + 1 and not writable. */
static void binary_points_have_a_minimum(void)
{
	fresh(VBPR0(2) | VBPR1(3));
	write_of(SR_ICC_BPR0_EL1, false, 0);
	CU_ASSERT_EQUAL(read_of(SR_ICC_BPR0_EL1, false), 2);
	write_of(SR_ICC_BPR1_EL1, true, 0);
	CU_ASSERT_EQUAL(read_of(SR_ICC_BPR1_EL1, true), 3);
	write_of(SR_ICC_BPR0_EL1, false, 5);
	CU_ASSERT_EQUAL(read_of(SR_ICC_BPR0_EL1, false), 5);
	cpu[0].vmcr |= VCBPR;
	CU_ASSERT_EQUAL(read_of(SR_ICC_BPR1_EL1, true), 6);
	write_of(SR_ICC_BPR1_EL1, true, 7);
	CU_ASSERT_EQUAL(read_of(SR_ICC_BPR1_EL1, true), 6);
}

static void registers_that_are_not_there_are_refused(void)
{
	uint64_t value = 0;

	fresh(0);
	CU_ASSERT_FALSE(
		vgic_iface_access(&d, 0, SR_ICC_IAR0_EL1, true, true, &value)); /* of the other group */
	CU_ASSERT_FALSE(vgic_iface_access(&d, 0, SR_ICC_IAR1_EL1, true, false, &value)); /* read-only */
	CU_ASSERT_FALSE(vgic_iface_access(&d, 0, SR_ICC_EOIR1_EL1, true, true, &value)); /* write-only */
	CU_ASSERT_FALSE(
		vgic_iface_access(&d, 0, SR_ICC_AP1R1_EL1, true, true, &value)); /* five preemption bits */
	CU_ASSERT_FALSE(vgic_iface_access(&d, 0, SR_ICC_PMR_EL1, true, true, &value)); /* of no group */
	d.preempt_bits = 6;
	CU_ASSERT_TRUE(vgic_iface_access(&d, 0, SR_ICC_AP1R1_EL1, true, true, &value));
	CU_ASSERT_FALSE(vgic_iface_access(&d, 0, SR_ICC_AP1R2_EL1, true, true, &value));
}

void register_nv_gic_iface(void)
{
	CU_pSuite s = CU_add_suite("nv/gic/iface", NULL, NULL);

	CU_ADD_TEST(s, acknowledge_makes_active_and_raises_the_running_priority);
	CU_ADD_TEST(s, end_of_interrupt_drops_the_priority_and_deactivates);
	CU_ADD_TEST(s, with_eoimode_1_the_interrupt_stays_active);
	CU_ADD_TEST(s, a_group_that_is_off_is_not_acknowledged);
	CU_ADD_TEST(s, the_priority_mask_holds_back);
	CU_ADD_TEST(s, binary_points_have_a_minimum);
	CU_ADD_TEST(s, registers_that_are_not_there_are_refused);
}
