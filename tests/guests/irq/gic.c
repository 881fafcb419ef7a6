/* How does this program use its GIC and its timer?  Reads: irq.h. */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "nv/arch/intid.h"
#include "tests/guests/irq/irq.h"

#define GICD_CTLR_ENABLE UINT32_C(0x12) /* ARE_NS, EnableGrp1A */
#define GICR_STRIDE UINT64_C(0x20000)
#define GICR_SGI UINT64_C(0x10000)
#define GICR_WAKER 0x14
#define GICR_WAKER_SLEEP BIT(1)
#define GICR_WAKER_CHILDREN BIT(2)
#define PRIORITIES 0x80808080

/* firn lays them out in the order of the vCPUs. */
uint64_t gic_redistributor(unsigned index)
{
	return rt_machine()->gicr + index * GICR_STRIDE;
}

void gic_on(void)
{
	const struct rt_machine *m = rt_machine();
	uint64_t rd = gic_redistributor(smp_self()), sgi = rd + GICR_SGI;

	mmio_write(m->gicd, GICD_CTLR_ENABLE);
	mmio_write(rd + GICR_WAKER, mmio_read(rd + GICR_WAKER) & ~(uint32_t)GICR_WAKER_SLEEP);
	while (mmio_read(rd + GICR_WAKER) & GICR_WAKER_CHILDREN)
		;
	mmio_write(sgi + 0x80, ~0U);
	for (unsigned n = 0; n < 32; n += 4)
		mmio_write(sgi + 0x400 + n, PRIORITIES);
	mmio_write(sgi + 0x100, UINT32_C(1) << m->timer_hyp_intid | 2);
	write_sysreg(ICC_SRE_EL2, 0xf);
	write_sysreg(ICC_PMR_EL1, 0xf0);
	write_sysreg(ICC_CTLR_EL1, 0);
	write_sysreg(ICC_IGRPEN1_EL1, 1);
	write_sysreg(HCR_EL2, read_sysreg(HCR_EL2) | HCR_IMO);
	isb();
}

uint32_t gic_take(void)
{
	uint32_t intid = (uint32_t)read_sysreg(ICC_IAR1_EL1);

	if (intid >= INTID_FIRST_SPECIAL && intid <= INTID_SPURIOUS)
		return INTID_SPURIOUS;
	if (intid == rt_machine()->timer_hyp_intid)
		timer_off(); /* the line falls before the interrupt is ended */
	write_sysreg(ICC_EOIR1_EL1, intid);
	isb();
	return intid;
}

void gic_send(unsigned index, unsigned sgi)
{
	dsb(ishst);
	write_sysreg(ICC_SGI1R_EL1, field_put(ICC_SGIR_INTID, sgi) | BIT(rt_machine()->mpidr[index] & 15));
	isb();
}

void timer_at(uint64_t time)
{
	write_sysreg(CNTHP_CVAL_EL2, time);
	write_sysreg(CNTHP_CTL_EL2, CNT_CTL_ENABLE);
	isb();
}

void timer_off(void)
{
	write_sysreg(CNTHP_CTL_EL2, 0);
	isb();
}
