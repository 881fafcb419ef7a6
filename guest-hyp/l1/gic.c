/*
 * How does L1 use its GICv3?  As a hypervisor that owns L2's virtual timer and an SGI of its own, and gives
 * L2 its interrupts through list registers.  EOImode is 1: dropping a priority leaves the interrupt active
 * for L2 to complete.
 */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "nv/arch/intid.h"

#define GICD_CTLR 0x0
#define GICD_CTLR_ARE_GRP1 0x12
#define GICD_CTLR_RWP BIT(31)
#define GICD_IGROUPR 0x80
#define GICD_ISENABLER 0x100
#define GICD_IROUTER 0x6000
#define GICR_TYPER_AFFINITY 0x0c
#define GICR_WAKER 0x14
#define GICR_WAKER_PROCESSOR_SLEEP 0x2
#define GICR_WAKER_CHILDREN_ASLEEP 0x4
#define GICR_SGI_FRAME 0x10000
#define GICR_IGROUPR0 (GICR_SGI_FRAME + 0x80)
#define GICR_ISENABLER0 (GICR_SGI_FRAME + 0x100)
#define GICR_ICACTIVER0 (GICR_SGI_FRAME + 0x380)
#define GICR_STRIDE 0x20000
#define PRIORITY(intid) \
	(0x80 + 8 * (L2_SGI_EOI - ((intid)&7))) /* L2_CALL_RAISE: SGIs with a higher number are more urgent */
#define LRS 4 /* what a storm of interrupts on four vCPUs needs; every known implementation has them */

/* How many list registers have ever been written, from the first on. */
static uint8_t lrs_used[RT_CPUS_MAX];

static volatile uint32_t *reg32(uint64_t address)
{
	return (volatile uint32_t *)address;
}

/* Part of its callers, so that a recording names these. */
static inline __attribute__((always_inline)) uint64_t own_redistributor(void)
{
	const struct rt_machine *m = rt_machine();
	uint64_t mpidr = read_sysreg(MPIDR_EL1);
	uint64_t affinity =
		field_get(MPIDR_AFF3, mpidr) << 24 | (mpidr & (MPIDR_AFF2 | MPIDR_AFF1 | MPIDR_AFF0));

	for (uint64_t gicr = m->gicr; gicr < m->gicr + m->gicr_size; gicr += GICR_STRIDE)
		if (*reg32(gicr + GICR_TYPER_AFFINITY) == affinity)
			return gicr;
	rt_fail("%s no redistributor for this CPU", workload_name());
}

static void physical_setup(void)
{
	uint64_t gicr = own_redistributor();

	*reg32(rt_machine()->gicd + GICD_CTLR) = GICD_CTLR_ARE_GRP1;
	while (*reg32(rt_machine()->gicd + GICD_CTLR) & GICD_CTLR_RWP)
		;
	*reg32(gicr + GICR_WAKER) = *reg32(gicr + GICR_WAKER) & ~UINT32_C(GICR_WAKER_PROCESSOR_SLEEP);
	while (*reg32(gicr + GICR_WAKER) & GICR_WAKER_CHILDREN_ASLEEP)
		;
	*reg32(gicr + GICR_IGROUPR0) = ~UINT32_C(0);
	*reg32(gicr + GICR_ISENABLER0) =
		UINT32_C(1) << rt_machine()->timer_virt_intid | UINT32_C(1) << L1_SGI_KICK;
	dsb(sy);
}

void gic_setup(void)
{
	write_sysreg(ICC_SRE_EL2, ICC_SRE_ENABLE | ICC_SRE_DIB | ICC_SRE_DFB | ICC_SRE_SRE);
	isb();
	write_sysreg(ICC_SRE_EL1, ICC_SRE_DIB | ICC_SRE_DFB | ICC_SRE_SRE);
	isb();
	physical_setup();
	write_sysreg(ICC_PMR_EL1, 0xff);
	write_sysreg(ICC_CTLR_EL1, ICC_CTLR_EOIMODE);
	write_sysreg(ICC_IGRPEN1_EL1, ICC_IGRPEN_ENABLE);
	write_sysreg(ICH_VMCR_EL2, 0);
	write_sysreg(ICH_LR0_EL2, 0);
	lrs_used[cpu_self()] = 1;
	write_sysreg(ICH_HCR_EL2, ICH_HCR_EN);
	isb();
}

void gic_own_spi(uint32_t intid)
{
	uint64_t gicd = rt_machine()->gicd, mpidr = read_sysreg(MPIDR_EL1);

	*reg32(gicd + GICD_IGROUPR + intid / 32 * 4) |= UINT32_C(1) << intid % 32;
	*reg32(gicd + GICD_IROUTER + intid * 8) = (uint32_t)(mpidr & (MPIDR_AFF2 | MPIDR_AFF1 | MPIDR_AFF0));
	*reg32(gicd + GICD_IROUTER + intid * 8 + 4) = (uint32_t)field_get(MPIDR_AFF3, mpidr);
	*reg32(gicd + GICD_ISENABLER + intid / 32 * 4) = UINT32_C(1) << intid % 32;
	dsb(sy);
}

uint32_t gic_take(void)
{
	uint32_t intid = (uint32_t)read_sysreg(ICC_IAR1_EL1);

	if (intid < INTID_FIRST_SPECIAL)
		write_sysreg(ICC_EOIR1_EL1, intid);
	return intid;
}

void gic_finish(uint32_t intid)
{
	write_sysreg(ICC_DIR_EL1, intid);
}

void gic_kick(unsigned cpu)
{
	uint64_t mpidr = rt_machine()->mpidr[cpu];

	write_sysreg(ICC_SGI1R_EL1, field_put(ICC_SGIR_INTID, L1_SGI_KICK) |
					    BIT(field_get(MPIDR_AFF0, mpidr) % 16) |
					    field_put(ICC_SGIR_RS, field_get(MPIDR_AFF0, mpidr) / 16) |
					    field_put(ICC_SGIR_AFF1, field_get(MPIDR_AFF1, mpidr)) |
					    field_put(ICC_SGIR_AFF2, field_get(MPIDR_AFF2, mpidr)) |
					    field_put(ICC_SGIR_AFF3, field_get(MPIDR_AFF3, mpidr)));
	isb();
}

/* An interrupt that is active gets pending on top; one tied to a physical interrupt cannot be both. */
static uint64_t pend(uint64_t lr, uint32_t intid, bool hw)
{
	uint64_t active = hw ? 0 : lr & ICH_LR_ACTIVE;

	return active | ICH_LR_PENDING | (hw ? ICH_LR_HW | field_put(ICH_LR_PINTID, intid) : 0) |
	       ICH_LR_GROUP | field_put(ICH_LR_PRIORITY, PRIORITY(intid)) | field_put(ICH_LR_VINTID, intid);
}

static uint64_t read_lr(unsigned n)
{
	switch (n) {
	case 0:
		return read_sysreg(ICH_LR0_EL2);
	case 1:
		return read_sysreg(ICH_LR1_EL2);
	case 2:
		return read_sysreg(ICH_LR2_EL2);
	default:
		return read_sysreg(ICH_LR3_EL2);
	}
}

static void write_lr(unsigned n, uint64_t lr)
{
	switch (n) {
	case 0:
		write_sysreg(ICH_LR0_EL2, lr);
		return;
	case 1:
		write_sysreg(ICH_LR1_EL2, lr);
		return;
	case 2:
		write_sysreg(ICH_LR2_EL2, lr);
		return;
	default:
		write_sysreg(ICH_LR3_EL2, lr);
	}
}

/*
 * Where an interrupt goes: to the list register that has it already, which must not be two of them, else to the first that is
 * empty. Beyond those that were in use none is read, since each read may be a trap.
 */
static unsigned find_lr(uint32_t intid, uint64_t *lr)
{
	uint8_t *used = &lrs_used[cpu_self()];
	unsigned empty = *used;

	for (unsigned n = *used; n--;) {
		*lr = read_lr(n);
		if (!(*lr & ICH_LR_STATE))
			empty = n;
		else if (field_get(ICH_LR_VINTID, *lr) == intid)
			return n;
	}
	*lr = 0;
	if (empty == *used && ++*used > LRS)
		rt_fail("%s all list registers are in use", workload_name());
	return empty;
}

void gic_inject(uint32_t intid, bool hw)
{
	uint64_t lr;
	unsigned n = find_lr(intid, &lr);

	write_lr(n, pend(lr, intid, hw));
}

void gic_forget(void)
{
	uint64_t count = field_get(ICH_VTR_LISTREGS, read_sysreg(ICH_VTR_EL2)) + 1;

	*reg32(own_redistributor() + GICR_ICACTIVER0) = ~UINT32_C(0);
	for (unsigned n = 0; n < LRS && n < count; n++)
		write_lr(n, 0);
	isb();
}
