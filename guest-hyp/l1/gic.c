/*
 * How does L1 use its GICv3?  As a hypervisor that owns one physical interrupt, L2's virtual timer, and gives
 * L2 its interrupts through list registers.  EOImode is 1: dropping a priority leaves the interrupt active
 * for L2 to complete.
 */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

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
#define GICR_STRIDE 0x20000
#define PRIORITY 0x80

static volatile uint32_t *reg32(uint64_t address)
{
	return (volatile uint32_t *)address;
}

static uint64_t own_redistributor(void)
{
	const struct rt_machine *m = rt_machine();
	uint64_t mpidr = read_sysreg(MPIDR_EL1);
	uint64_t affinity =
		field_get(MPIDR_AFF3, mpidr) << 24 | (mpidr & (MPIDR_AFF2 | MPIDR_AFF1 | MPIDR_AFF0));

	for (uint64_t gicr = m->gicr; gicr < m->gicr + m->gicr_size; gicr += GICR_STRIDE)
		if (*reg32(gicr + GICR_TYPER_AFFINITY) == affinity)
			return gicr;
	rt_fail("%s no redistributor for this CPU", l1_workload());
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
	*reg32(gicr + GICR_ISENABLER0) = UINT32_C(1) << rt_machine()->timer_virt_intid;
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
	write_sysreg(ICH_LR1_EL2, 0);
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

	if (intid < 1020)
		write_sysreg(ICC_EOIR1_EL1, intid);
	return intid;
}

static bool may_use(uint64_t lr, uint32_t intid)
{
	return !(lr & ICH_LR_STATE) || field_get(ICH_LR_VINTID, lr) == intid;
}

/* An interrupt that is active gets pending on top; one tied to a physical interrupt cannot be both. */
static uint64_t pend(uint64_t lr, uint32_t intid, bool hw)
{
	uint64_t active = hw ? 0 : lr & ICH_LR_ACTIVE;

	return active | ICH_LR_PENDING | (hw ? ICH_LR_HW | field_put(ICH_LR_PINTID, intid) : 0) |
	       ICH_LR_GROUP | field_put(ICH_LR_PRIORITY, PRIORITY) | field_put(ICH_LR_VINTID, intid);
}

/* Two list registers are enough for what the payloads have in flight; every implementation has them. */
void gic_inject(uint32_t intid, bool hw)
{
	uint64_t lr = read_sysreg(ICH_LR0_EL2);

	if (may_use(lr, intid)) {
		write_sysreg(ICH_LR0_EL2, pend(lr, intid, hw));
		return;
	}
	lr = read_sysreg(ICH_LR1_EL2);
	if (!may_use(lr, intid))
		rt_fail("%s both list registers are in use", l1_workload());
	write_sysreg(ICH_LR1_EL2, pend(lr, intid, hw));
}
