/* How does L0 talk to the machine's GICv3?  Reads: gic.h. Registers: Arm IHI0069. */
#include "host/core/gic.h"

#include <libfdt.h>
#include <stddef.h>

#include "host/core/features.h"
#include "host/core/ich.h"
#include "host/core/mmu.h"
#include "host/core/places.h"
#include "host/machine/cpu.h"
#include "host/machine/fdt.h"
#include "host/machine/reg.h"
#include "host/machine/sysreg.h"
#include "host/report/panic.h"
#include "nv/arch/fields.h"
#include "nv/arch/intid.h"

#define GICD_CTLR 0x0000
#define GICD_IGROUPR 0x0080
#define GICD_ISENABLER 0x0100
#define GICD_ICENABLER 0x0180
#define GICD_ICACTIVER 0x0380
#define GICD_IPRIORITYR 0x0400
#define GICD_ICFGR 0x0c00
#define GICD_IROUTER 0x6000
#define GICD_CTLR_RWP BIT(31)
#define GICD_CTLR_ARE BIT(4)
#define GICD_CTLR_GRP1 BIT(1)

/* In each redistributor's first 64 KiB frame, and in its second. */
#define GICR_CTLR 0x0000
#define GICR_TYPER 0x0008
#define GICR_WAKER 0x0014
#define GICR_PROPBASER 0x0070
#define GICR_PENDBASER 0x0078
#define GICR_SGI 0x10000
#define GICR_IGROUPR0 (GICR_SGI + 0x0080)
#define GICR_ISENABLER0 (GICR_SGI + 0x0100)
#define GICR_ISACTIVER0 (GICR_SGI + 0x0300)
#define GICR_IPRIORITYR (GICR_SGI + 0x0400)
#define GICR_STRIDE 0x20000
#define GICR_STRIDE_VLPI 0x40000
#define CTLR_ENABLE_LPIS BIT(0)
#define TYPER_PLPIS BIT(0)
#define TYPER_VLPIS BIT(1)
#define TYPER_LAST BIT(4)
#define LPI_TABLE_CACHED (BIT(7) * 7 | BIT(10)) /* InnerCache: write-back, allocating; inner shareable */
#define PENDBASER_PTZ BIT(62)
#define WAKER_PROCESSOR_SLEEP BIT(1)
#define WAKER_CHILDREN_ASLEEP BIT(2)

#define MAX_REGIONS 4
#define FRAME UINT64_C(0x10000)
#define PRIORITY 0xa0
#define PRIORITY_ALL 0xff
#define IPI_SGI 0

/* Order of the interrupts in the arm,armv8-timer binding. */
enum {
	TIMER_EL1_SECURE,
	TIMER_EL1_PHYSICAL,
	TIMER_EL1_VIRTUAL,
	TIMER_EL2_PHYSICAL,
	TIMER_EL2_VIRTUAL
};

static volatile uint8_t *gicd;
static volatile uint8_t *region[MAX_REGIONS];
static uint64_t region_bytes[MAX_REGIONS];
static volatile uint8_t *redistributor[MAX_CPUS];
static uint32_t intid_maintenance, intid_virtual, intid_physical, intid_hyp, intid_look, intid_pmu;

static void wait_for_distributor(void)
{
	while (*reg32(gicd, GICD_CTLR) & GICD_CTLR_RWP)
		;
}

static bool is_ppi(uint32_t intid)
{
	return intid >= INTID_FIRST_PPI && intid < INTID_FIRST_SPI;
}

static uint32_t timer_intid(const void *fdt, unsigned index)
{
	int node = fdt_compatible(fdt, "arm,armv8-timer");
	uint32_t intid = node < 0 ? 0 : fdt_intid(fdt, node, index);

	if (!is_ppi(intid))
		stop("the device tree has no arm,armv8-timer node whose interrupt %u is a PPI", index);
	return intid;
}

/* The binding of the performance monitors; one of big and little CPUs that differ has SPIs or partitions, and is not used. */
static uint32_t pmu_intid(const void *fdt)
{
	int node = fdt_compatible(fdt, "arm,armv8-pmuv3");
	uint32_t intid = node < 0 ? 0 : fdt_intid(fdt, node, 0);

	return is_ppi(intid) ? intid : 0;
}

static volatile uint8_t *map_frames(const void *fdt, const char *what, uint64_t base, uint64_t size,
				    uint64_t least)
{
	places_enter_device(fdt, what, base, size, least);
	if (base % FRAME)
		stop("%s: it is at %lx, which is not a multiple of 64 KiB", what, base);
	return mmu_map_device((pa_t){ base }, size);
}

void gic_init(const void *fdt)
{
	int node = fdt_compatible(fdt, "arm,gic-v3");
	uint64_t base, size;

	if (node < 0 || !fdt_reg(fdt, node, 0, &base, &size))
		stop("the device tree has no arm,gic-v3 node. Use -machine virt,gic-version=3");
	gicd = map_frames(fdt, "the distributor of the GIC", base, size, FRAME);
	for (unsigned i = 0;
	     i < MAX_REGIONS && fdt_reg(fdt, node, i + 1, &base, &size) && size >= GICR_STRIDE; i++) {
		region[i] = map_frames(fdt, "a redistributor of the GIC", base, size, GICR_STRIDE);
		region_bytes[i] = size;
	}
	intid_maintenance = fdt_intid(fdt, node, 0);
	if (!is_ppi(intid_maintenance))
		stop("the arm,gic-v3 node has no PPI as its maintenance interrupt: is EL2 there? Use -machine virtualization=on");
	intid_physical = timer_intid(fdt, TIMER_EL1_PHYSICAL);
	intid_virtual = timer_intid(fdt, TIMER_EL1_VIRTUAL);
	intid_hyp = timer_intid(fdt, TIMER_EL2_PHYSICAL);
	intid_look = fdt_intid(fdt, fdt_compatible(fdt, "arm,armv8-timer"), TIMER_EL2_VIRTUAL);
	if (!is_ppi(intid_look))
		intid_look = 0;
	intid_pmu = cpu_features()->pmu ? pmu_intid(fdt) : 0;
	*reg32(gicd, GICD_CTLR) = GICD_CTLR_ARE;
	wait_for_distributor();
	*reg32(gicd, GICD_CTLR) = GICD_CTLR_ARE | GICD_CTLR_GRP1;
	wait_for_distributor();
}

/* The affinity of a CPU as GICR_TYPER has it. */
static uint64_t typer_affinity(uint64_t mpidr)
{
	return (mpidr & (MPIDR_AFF0 | MPIDR_AFF1 | MPIDR_AFF2)) | field_get(MPIDR_AFF3, mpidr) << 24;
}

static volatile uint8_t *find_in(unsigned i, uint64_t affinity)
{
	uint64_t offset = 0;

	while (offset + GICR_STRIDE <= region_bytes[i]) {
		uint64_t typer = *reg64(region[i] + offset, GICR_TYPER);

		if (typer >> 32 == affinity)
			return region[i] + offset;
		if (typer & TYPER_LAST)
			break;
		offset += typer & TYPER_VLPIS ? GICR_STRIDE_VLPI : GICR_STRIDE;
	}
	return NULL;
}

static volatile uint8_t *find_redistributor(uint64_t mpidr)
{
	for (unsigned i = 0; i < MAX_REGIONS && region[i]; i++) {
		volatile uint8_t *found = find_in(i, typer_affinity(mpidr));

		if (found)
			return found;
	}
	stop("the GIC has no redistributor for the CPU with MPIDR_EL1 %lx", mpidr);
}

static void init_redistributor(volatile uint8_t *r)
{
	uint32_t ppis = (uint32_t)(BIT(intid_maintenance) | BIT(intid_virtual) | BIT(intid_physical) |
				   BIT(intid_hyp) | (intid_look ? BIT(intid_look) : 0) |
				   (intid_pmu ? BIT(intid_pmu) : 0));

	*reg32(r, GICR_WAKER) &= (uint32_t)~WAKER_PROCESSOR_SLEEP;
	while (*reg32(r, GICR_WAKER) & WAKER_CHILDREN_ASLEEP)
		;
	*reg32(r, GICR_IGROUPR0) = ~0U;
	for (unsigned i = 0; i < INTID_FIRST_SPI; i++)
		r[GICR_IPRIORITYR + i] = PRIORITY;
	*reg32(r, GICR_ISENABLER0) = ppis | (uint32_t)BIT(IPI_SGI);
}

/* UNKNOWN out of reset. Whoever uses one leaves it empty: host/interrupt/vgic.h. */
static void empty_list_registers(void)
{
	for (unsigned n = 0; n < cpu_features()->lr_count; n++)
		ich_write_lr(n, 0);
}

void gic_init_cpu(void)
{
	struct cpu *cpu = this_cpu();

	redistributor[cpu->index] = find_redistributor(cpu->mpidr);
	init_redistributor(redistributor[cpu->index]);
	write_sysreg(ICC_SRE_EL2, ICC_SRE_SRE | ICC_SRE_DFB | ICC_SRE_DIB | ICC_SRE_ENABLE);
	isb();
	write_sysreg(ICC_CTLR_EL1, ICC_CTLR_EOIMODE);
	write_sysreg(ICC_PMR_EL1, PRIORITY_ALL);
	write_sysreg(ICC_BPR1_EL1, 0);
	write_sysreg(CNTHP_CTL_EL2, 0); /* UNKNOWN out of reset, and so is the next one */
	write_sysreg(CNTHV_CTL_EL2, 0);
	write_sysreg(ICC_IGRPEN1_EL1, ICC_IGRPEN_ENABLE);
	empty_list_registers();
	isb();
}

void gic_enable(uint32_t intid, unsigned index)
{
	uint32_t bit = (uint32_t)BIT(intid % 32), word = intid / 32 * 4;

	if (intid < INTID_FIRST_SPI)
		return;
	gicd[GICD_IPRIORITYR + intid] = PRIORITY;
	*reg32(gicd, GICD_IGROUPR + word) |= bit;
	*reg64(gicd, GICD_IROUTER + intid * 8) = cpu_at(index)->mpidr & MPIDR_AFFINITY;
	*reg32(gicd, GICD_ISENABLER + word) = bit;
}

void gic_set_edge(uint32_t spi)
{
	*reg32(gicd, GICD_ICFGR + spi / 16 * 4) |= (uint32_t)(BIT(1) << (spi % 16 * 2));
}

void gic_disable(uint32_t spi)
{
	*reg32(gicd, GICD_ICENABLER + spi / 32 * 4) = (uint32_t)BIT(spi % 32);
	wait_for_distributor();
	gic_deactivate_spi(spi);
}

pa_t gic_redistributor(unsigned index)
{
	return va_to_pa((const void *)(uintptr_t)redistributor[index]);
}

uint64_t gic_redistributor_typer(unsigned index)
{
	return *reg64(redistributor[index], GICR_TYPER);
}

bool gic_enable_lpis(unsigned index, pa_t config, unsigned bits, pa_t pending)
{
	volatile uint8_t *r = redistributor[index];

	if (!(*reg64(r, GICR_TYPER) & TYPER_PLPIS) || (*reg32(r, GICR_CTLR) & CTLR_ENABLE_LPIS))
		return false;
	*reg64(r, GICR_PROPBASER) = config.val | LPI_TABLE_CACHED | (bits - 1);
	*reg64(r, GICR_PENDBASER) = pending.val | LPI_TABLE_CACHED | PENDBASER_PTZ;
	dsb_sy();
	*reg32(r, GICR_CTLR) |= (uint32_t)CTLR_ENABLE_LPIS;
	return true;
}

uint32_t gic_ack(void)
{
	return (uint32_t)(read_sysreg(ICC_IAR1_EL1) & ICC_IAR_INTID);
}

void gic_drop(uint32_t intid)
{
	write_sysreg(ICC_EOIR1_EL1, intid);
}

void gic_deactivate(uint32_t intid)
{
	write_sysreg(ICC_DIR_EL1, intid);
}

void gic_deactivate_spi(uint32_t spi)
{
	*reg32(gicd, GICD_ICACTIVER + spi / 32 * 4) = (uint32_t)BIT(spi % 32);
}

void gic_set_active(uint32_t ppi)
{
	*reg32(redistributor[this_cpu()->index], GICR_ISACTIVER0) = (uint32_t)BIT(ppi % 32);
}

void gic_send_ipi(unsigned index)
{
	uint64_t mpidr = cpu_at(index)->mpidr, sgi;

	sgi = field_put(ICC_SGIR_TARGETS, BIT(mpidr & 0xf)) |
	      field_put(ICC_SGIR_RS, field_get(MPIDR_AFF0, mpidr) >> 4) |
	      field_put(ICC_SGIR_AFF1, field_get(MPIDR_AFF1, mpidr)) |
	      field_put(ICC_SGIR_AFF2, field_get(MPIDR_AFF2, mpidr)) |
	      field_put(ICC_SGIR_AFF3, field_get(MPIDR_AFF3, mpidr)) | field_put(ICC_SGIR_INTID, IPI_SGI);
	dsb_ishst();
	write_sysreg(ICC_SGI1R_EL1, sgi);
	isb();
}

uint32_t gic_intid_maintenance(void)
{
	return intid_maintenance;
}

uint32_t gic_intid_virtual_timer(void)
{
	return intid_virtual;
}

uint32_t gic_intid_physical_timer(void)
{
	return intid_physical;
}

uint32_t gic_intid_hyp_timer(void)
{
	return intid_hyp;
}

uint32_t gic_intid_pmu(void)
{
	return intid_pmu;
}

uint32_t gic_intid_look(void)
{
	return intid_look;
}
