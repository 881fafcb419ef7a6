/* What does L1 learn of its machine?  Reads: dtb.h. Bindings: the Linux and device-tree-specification ones. */
#include "host/create/dtb.h"

#include <libfdt.h>
#include <string.h>

#include "host/core/gic.h"
#include "host/vm/vcpu.h"
#include "nv/arch/fields.h"
#include "nv/arch/intid.h"
#include "nv/gic/regs.h"

enum {
	PHANDLE_GIC = 1,
	PHANDLE_CLOCK,
	PHANDLE_ITS,
	PHANDLE_SMMU,
	PHANDLE_ASSIGNED /* the first clock of the first assigned device, and on from there */
};

/* Interrupt specifiers of the GIC: type, number of that type, trigger. */
enum {
	SPI,
	PPI
};
#define EDGE_RISING 1
#define LEVEL_HIGH 4
#define UART_CLOCK_HZ 24000000

/* In the order of the timer binding. */
static const uint32_t timer_ppis[] = {
	VM_INTID_TIMER_SECURE - INTID_FIRST_PPI, VM_INTID_TIMER_EL1_P - INTID_FIRST_PPI,
	VM_INTID_TIMER_EL1_V - INTID_FIRST_PPI,	 VM_INTID_TIMER_EL2_P - INTID_FIRST_PPI,
	VM_INTID_TIMER_EL2_V - INTID_FIRST_PPI,
};
static const char timer_names[] = "sec-phys\0phys\0virt\0hyp-phys\0hyp-virt";

/* The tree being written, and the first error. */
struct writer {
	void *tree;
	int error;
};

static void note(struct writer *w, int error)
{
	if (!w->error)
		w->error = error;
}

static void begin(struct writer *w, const char *name)
{
	note(w, fdt_begin_node(w->tree, name));
}

/* A node called name@address. */
static void begin_at(struct writer *w, const char *name, uint64_t address)
{
	static const char digits[] = "0123456789abcdef";
	char full[48];
	size_t n = strlen(name);
	unsigned shift = 60;

	memcpy(full, name, n);
	full[n++] = '@';
	while (shift && !(address >> shift))
		shift -= 4;
	for (;; shift -= 4) {
		full[n++] = digits[address >> shift & 15];
		if (!shift)
			break;
	}
	full[n] = 0;
	begin(w, full);
}

static void end(struct writer *w)
{
	note(w, fdt_end_node(w->tree));
}

static void bytes(struct writer *w, const char *name, const void *value, size_t size)
{
	note(w, fdt_property(w->tree, name, value, (int)size));
}

static void string(struct writer *w, const char *name, const char *value)
{
	bytes(w, name, value, strlen(value) + 1);
}

static void u32(struct writer *w, const char *name, uint32_t value)
{
	note(w, fdt_property_u32(w->tree, name, value));
}

static void u64(struct writer *w, const char *name, uint64_t value)
{
	note(w, fdt_property_u64(w->tree, name, value));
}

static void flag(struct writer *w, const char *name)
{
	bytes(w, name, NULL, 0);
}

static void reg(struct writer *w, const uint64_t *numbers, unsigned count)
{
	fdt64_t cells[4];

	for (unsigned i = 0; i < count; i++)
		cells[i] = cpu_to_fdt64(numbers[i]);
	bytes(w, "reg", cells, count * sizeof(cells[0]));
}

/* Of one cell each. */
static void numbers(struct writer *w, const char *name, const uint32_t *value, unsigned count)
{
	fdt32_t cells[8];

	for (unsigned i = 0; i < count; i++)
		cells[i] = cpu_to_fdt32(value[i]);
	bytes(w, name, cells, count * sizeof(cells[0]));
}

static void interrupts(struct writer *w, uint32_t type, const uint32_t *numbers, unsigned count)
{
	fdt32_t cells[15];

	for (unsigned i = 0; i < count; i++) {
		cells[3 * i] = cpu_to_fdt32(type);
		cells[3 * i + 1] = cpu_to_fdt32(numbers[i]);
		cells[3 * i + 2] = cpu_to_fdt32(LEVEL_HIGH);
	}
	bytes(w, "interrupts", cells, 3 * count * sizeof(cells[0]));
}

static void write_module(struct writer *w, const struct dtb_module *m)
{
	begin_at(w, "module", m->start.val);
	bytes(w, "compatible", m->compatible, (size_t)m->compatible_bytes);
	reg(w, (const uint64_t[]){ m->start.val, m->bytes }, 2);
	if (m->bootargs)
		string(w, "bootargs", m->bootargs);
	end(w);
}

static void write_chosen(struct writer *w, const struct dtb_boot *boot)
{
	begin(w, "chosen");
	if (boot->bootargs)
		string(w, "bootargs", boot->bootargs);
	string(w, "stdout-path", "/pl011@9000000");
	if (boot->initrd_end.val > boot->initrd_start.val) {
		u64(w, "linux,initrd-start", boot->initrd_start.val);
		u64(w, "linux,initrd-end", boot->initrd_end.val);
	}
	if (boot->modules) {
		u32(w, "#address-cells", 2);
		u32(w, "#size-cells", 2);
		flag(w, "ranges");
	}
	for (unsigned i = 0; i < boot->modules; i++)
		write_module(w, &boot->module[i]);
	end(w);
}

static void write_memory(struct writer *w, const struct vm *vm)
{
	begin_at(w, "memory", VM_RAM_BASE);
	string(w, "device_type", "memory");
	reg(w, (const uint64_t[]){ VM_RAM_BASE, vm->ram_size }, 2);
	end(w);
}

static void write_cpus(struct writer *w, const struct vm *vm)
{
	begin(w, "cpus");
	u32(w, "#address-cells", 1);
	u32(w, "#size-cells", 0);
	for (unsigned i = 0; i < vm->nvcpus; i++) {
		uint32_t affinity = (uint32_t)(vm->vcpu[i]->mpidr & (MPIDR_AFF0 | MPIDR_AFF1 | MPIDR_AFF2));

		begin_at(w, "cpu", affinity);
		string(w, "device_type", "cpu");
		string(w, "compatible", "arm,armv8");
		u32(w, "reg", affinity);
		string(w, "enable-method", "psci");
		end(w);
	}
	end(w);
}

static void write_psci(struct writer *w)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";

	begin(w, "psci");
	bytes(w, "compatible", compatible, sizeof(compatible));
	string(w, "method", "smc");
	end(w);
}

static void write_its(struct writer *w)
{
	begin_at(w, "msi-controller", VM_ITS_BASE);
	string(w, "compatible", "arm,gic-v3-its");
	flag(w, "msi-controller");
	u32(w, "#msi-cells", 1);
	u32(w, "phandle", PHANDLE_ITS);
	reg(w, (const uint64_t[]){ VM_ITS_BASE, VITS_SIZE }, 2);
	end(w);
}

static void write_gic(struct writer *w, const struct vm *vm)
{
	begin_at(w, "interrupt-controller", VM_GICD_BASE);
	string(w, "compatible", "arm,gic-v3");
	u32(w, "#interrupt-cells", 3);
	u32(w, "#address-cells", 2);
	u32(w, "#size-cells", 2);
	flag(w, "ranges");
	flag(w, "interrupt-controller");
	u32(w, "phandle", PHANDLE_GIC);
	reg(w, (const uint64_t[]){ VM_GICD_BASE, VGIC_GICD_SIZE, VM_GICR_BASE, VGIC_GICR_SIZE * vm->nvcpus },
	    4);
	u32(w, "#redistributor-regions", 1);
	interrupts(w, PPI, (const uint32_t[]){ VM_INTID_MAINTENANCE - INTID_FIRST_PPI }, 1);
	write_its(w);
	end(w);
}

static void write_timer(struct writer *w)
{
	begin(w, "timer");
	string(w, "compatible", "arm,armv8-timer");
	interrupts(w, PPI, timer_ppis, sizeof(timer_ppis) / sizeof(timer_ppis[0]));
	bytes(w, "interrupt-names", timer_names, sizeof(timer_names));
	flag(w, "always-on");
	end(w);
}

/* On the machine's CPUs that is all that is to be known of them: the event numbers are in PMCEID<n>_EL0. */
static void write_pmu(struct writer *w)
{
	begin(w, "pmu");
	string(w, "compatible", "arm,armv8-pmuv3");
	interrupts(w, PPI, (const uint32_t[]){ VM_INTID_PMU - INTID_FIRST_PPI }, 1);
	end(w);
}

static void write_uart(struct writer *w)
{
	static const char compatible[] = "arm,pl011\0arm,primecell";
	static const char clock_names[] = "uartclk\0apb_pclk";
	fdt32_t clocks[] = { cpu_to_fdt32(PHANDLE_CLOCK), cpu_to_fdt32(PHANDLE_CLOCK) };

	begin(w, "apb-pclk");
	string(w, "compatible", "fixed-clock");
	u32(w, "#clock-cells", 0);
	u32(w, "clock-frequency", UART_CLOCK_HZ);
	u32(w, "phandle", PHANDLE_CLOCK);
	end(w);
	begin_at(w, "pl011", VM_UART_BASE);
	bytes(w, "compatible", compatible, sizeof(compatible));
	reg(w, (const uint64_t[]){ VM_UART_BASE, VM_UART_SIZE }, 2);
	interrupts(w, SPI, (const uint32_t[]){ VM_INTID_UART - INTID_FIRST_SPI }, 1);
	bytes(w, "clocks", clocks, sizeof(clocks));
	bytes(w, "clock-names", clock_names, sizeof(clock_names));
	end(w);
}

static void write_smmu(struct writer *w)
{
	static const char names[] = "eventq\0gerror";
	const uint32_t cells[] = { SPI, VM_INTID_SMMU_EVENT - INTID_FIRST_SPI, EDGE_RISING,
				   SPI, VM_INTID_SMMU_ERROR - INTID_FIRST_SPI, EDGE_RISING };

	begin_at(w, "iommu", VM_SMMU_BASE);
	string(w, "compatible", "arm,smmu-v3");
	reg(w, (const uint64_t[]){ VM_SMMU_BASE, VM_SMMU_SIZE }, 2);
	numbers(w, "interrupts", cells, sizeof(cells) / sizeof(cells[0]));
	bytes(w, "interrupt-names", names, sizeof(names));
	u32(w, "#iommu-cells", 1);
	flag(w, "dma-coherent");
	u32(w, "phandle", PHANDLE_SMMU);
	end(w);
}

/*
 * The host bridge of the VM's PCI functions: one bus, 32-bit memory, messages alone. All its functions are where their BARs are put
 * by L1.
 */
static void write_pci(struct writer *w, bool has_smmu)
{
	const uint32_t streams[] = { 0, PHANDLE_SMMU, 0, 0x100 };
	const uint32_t range[] = { 0x02000000,
				   0,
				   (uint32_t)VM_PCI_WINDOW_BASE,
				   0,
				   (uint32_t)VM_PCI_WINDOW_BASE,
				   0,
				   (uint32_t)VM_PCI_WINDOW_SIZE };
	const uint32_t map[] = { 0, PHANDLE_ITS, 0, 0x100 };

	begin_at(w, "pcie", VM_PCI_ECAM_BASE);
	string(w, "compatible", "pci-host-ecam-generic");
	string(w, "device_type", "pci");
	u32(w, "#address-cells", 3);
	u32(w, "#size-cells", 2);
	reg(w, (const uint64_t[]){ VM_PCI_ECAM_BASE, VM_PCI_ECAM_SIZE }, 2);
	numbers(w, "bus-range", (const uint32_t[]){ 0, 0 }, 2);
	numbers(w, "ranges", range, sizeof(range) / sizeof(range[0]));
	numbers(w, "msi-map", map, sizeof(map) / sizeof(map[0]));
	if (has_smmu)
		numbers(w, "iommu-map", streams, sizeof(streams) / sizeof(streams[0]));
	u32(w, "linux,pci-domain", 0);
	flag(w, "dma-coherent");
	end(w);
}

/* --- assigned devices --- */

/* Properties that name no other node, and are copied as they are. */
static const char *const copied[] = {
	"compatible",  "arm,primecell-periphid", "clock-names",	     "interrupt-names", "gpio-controller",
	"#gpio-cells", "interrupt-controller",	 "#interrupt-cells",
};

static void copy_properties(struct writer *w, const struct assigned *a)
{
	for (unsigned i = 0; i < sizeof(copied) / sizeof(copied[0]); i++) {
		int size;
		const void *value = fdt_getprop(a->fdt, a->node, copied[i], &size);

		if (value)
			bytes(w, copied[i], value, (size_t)size);
	}
}

/* phandles are those from first on. */
static void write_clocks(struct writer *w, const struct assigned *a, uint32_t first)
{
	for (unsigned i = 0; i < a->clocks; i++) {
		begin_at(w, "assigned-clock", first + i);
		string(w, "compatible", "fixed-clock");
		u32(w, "#clock-cells", 0);
		u32(w, "clock-frequency", a->clock_hz[i]);
		u32(w, "phandle", first + i);
		end(w);
	}
}

static void write_assigned(struct writer *w, const struct assigned *a, uint32_t first_clock)
{
	fdt32_t clocks[ASSIGN_CLOCKS];
	uint32_t spis[ASSIGN_SPIS];

	for (unsigned i = 0; i < a->clocks; i++)
		clocks[i] = cpu_to_fdt32(first_clock + i);
	for (unsigned i = 0; i < a->spis; i++)
		spis[i] = a->spi[i] - INTID_FIRST_SPI;
	write_clocks(w, a, first_clock);
	begin(w, fdt_get_name(a->fdt, a->node, NULL));
	copy_properties(w, a);
	reg(w, (const uint64_t[]){ a->pa.val, a->size }, 2);
	if (a->spis)
		interrupts(w, SPI, spis, a->spis);
	if (a->clocks)
		bytes(w, "clocks", clocks, a->clocks * sizeof(clocks[0]));
	end(w);
}

bool dtb_write(const struct vm *vm, const struct dtb_boot *boot, void *buffer, size_t size)
{
	struct writer w = { .tree = buffer };

	note(&w, fdt_create(buffer, (int)size));
	note(&w, fdt_finish_reservemap(buffer));
	begin(&w, "");
	string(&w, "compatible", "linux,dummy-virt");
	string(&w, "model", "firn");
	u32(&w, "#address-cells", 2);
	u32(&w, "#size-cells", 2);
	u32(&w, "interrupt-parent", PHANDLE_GIC);
	write_chosen(&w, boot);
	write_memory(&w, vm);
	write_cpus(&w, vm);
	write_psci(&w);
	write_gic(&w, vm);
	write_timer(&w);
	if (gic_intid_pmu())
		write_pmu(&w);
	write_uart(&w);
	if (vm->pci.has_smmu)
		write_smmu(&w);
	if (vm->pci.count)
		write_pci(&w, vm->pci.has_smmu);
	for (unsigned i = 0; i < vm->assigned_count; i++)
		write_assigned(&w, &vm->assigned[i], PHANDLE_ASSIGNED + i * ASSIGN_CLOCKS);
	end(&w);
	note(&w, fdt_finish(buffer));
	return !w.error;
}
