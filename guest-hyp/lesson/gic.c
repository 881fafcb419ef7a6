/* How is this level's GIC switched on?  Reads: lesson.h. */
#include "guest-hyp/lesson/lesson.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define GICD_CTLR 0x0
#define GICD_CTLR_ARE_GRP1 0x12
#define GICD_IGROUPR 0x80
#define GICD_ISENABLER 0x100
#define GICD_IROUTER 0x6000
#define GICR_STRIDE 0x20000
#define GICR_WAKER 0x14
#define GICR_WAKER_PROCESSOR_SLEEP UINT32_C(0x2)
#define GICR_WAKER_CHILDREN_ASLEEP 0x4
#define GICR_IGROUPR0 0x10080
#define GICR_ISENABLER0 0x10100

/* One plain instruction each: a device access with writeback has no syndrome. */
static uint32_t device_read(uint64_t address)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static void device_write(uint64_t address, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" ::"r"(value), "r"(address) : "memory");
}

/* L0 lays the redistributors out in the order of the vCPUs. */
void gic_on(unsigned index, uint32_t enabled)
{
	uint64_t gicd = rt_machine()->gicd, gicr = rt_machine()->gicr + index * GICR_STRIDE;

	device_write(gicd + GICD_CTLR, GICD_CTLR_ARE_GRP1);
	device_write(gicr + GICR_WAKER, device_read(gicr + GICR_WAKER) & ~GICR_WAKER_PROCESSOR_SLEEP);
	while (device_read(gicr + GICR_WAKER) & GICR_WAKER_CHILDREN_ASLEEP)
		;
	device_write(gicr + GICR_IGROUPR0, ~0U);
	device_write(gicr + GICR_ISENABLER0, enabled);
	write_sysreg(ICC_SRE_EL2, ICC_SRE_ENABLE | ICC_SRE_DIB | ICC_SRE_DFB | ICC_SRE_SRE);
	isb();
	write_sysreg(ICC_PMR_EL1, 0xf0);
	write_sysreg(ICC_CTLR_EL1, 0);
	write_sysreg(ICC_IGRPEN1_EL1, ICC_IGRPEN_ENABLE);
	isb();
}

void gic_enable_spi(uint32_t intid)
{
	uint64_t gicd = rt_machine()->gicd, word = intid / 32 * 4;

	device_write(gicd + GICD_IGROUPR + word, ~0U);
	device_write(gicd + GICD_IROUTER + intid * 8, 0);
	device_write(gicd + GICD_ISENABLER + word, UINT32_C(1) << intid % 32);
}

void gic_send(unsigned index, unsigned sgi)
{
	dsb(ishst);
	write_sysreg(ICC_SGI1R_EL1, field_put(ICC_SGIR_INTID, sgi) | BIT(rt_machine()->mpidr[index] & 15));
	isb();
}
