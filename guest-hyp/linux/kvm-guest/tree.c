/*
 * What does L2's kernel learn about its machine?  A device tree: Devicetree Specification 0.4, and the bindings that are
 * named at each node.
 */
#define _GNU_SOURCE
#include <err.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "guest-hyp/linux/kvm-guest/device.h"
#include "guest-hyp/linux/kvm-guest/kvm.h"
#include "guest-hyp/linux/kvm-guest/load.h"
#include "guest-hyp/linux/kvm-guest/vcpu.h"
#include "guest-hyp/linux/kvm-guest/virtio.h"

#define OWN_BOOTARGS "console=hvc0 earlycon quiet panic=-1 "

#define SPI 0
#define PPI 1
#define LEVEL_HIGH 4

#define GIC 1 /* phandles */
#define CLOCK 2

/* libfdt reports an error once more at each later call: it is enough to look at the last. */
static void *fdt;

static void words(const char *name, const uint32_t *word, size_t count)
{
	fdt32_t cells[32];

	for (size_t i = 0; i < count; i++)
		cells[i] = cpu_to_fdt32(word[i]);
	fdt_property(fdt, name, cells, (int)(count * sizeof(cells[0])));
}
#define WORDS(name, ...) \
	words(name, (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)
#define REG(ipa, size) \
	(uint32_t)((ipa) >> 32), (uint32_t)(ipa), (uint32_t)((uint64_t)(size) >> 32), (uint32_t)(size)
#define STRINGS(name, list) fdt_property(fdt, name, list, sizeof(list))

static void flag(const char *name)
{
	fdt_property(fdt, name, NULL, 0);
}

/* A node, until fdt_end_node. */
static void begin(const char *name, const char *compatible)
{
	fdt_begin_node(fdt, name);
	if (compatible)
		fdt_property(fdt, "compatible", compatible, (int)strlen(compatible) + 1);
}

static void begin_at(const char *name, uint64_t address, const char *compatible)
{
	char full[64];

	snprintf(full, sizeof(full), "%s@%llx", name, (unsigned long long)address);
	begin(full, compatible);
}

/* A seed, so that L2's random numbers are there from its first instruction on. */
static void chosen_and_memory(const struct options *options, const struct layout *layout)
{
	uint8_t seed[32];
	char *bootargs;
	int length = asprintf(&bootargs, "%s%s", options->initrd ? "" : OWN_BOOTARGS, options->append);

	if (length < 0)
		errx(1, "no memory for the command line");
	begin("chosen", NULL);
	fdt_property(fdt, "bootargs", bootargs, length + 1);
	STRINGS("stdout-path", "/pl011@9000000");
	fdt_property_u64(fdt, "linux,initrd-start", layout->initrd);
	fdt_property_u64(fdt, "linux,initrd-end", layout->initrd + layout->initrd_size);
	if (getrandom(seed, sizeof(seed), 0) == sizeof(seed))
		fdt_property(fdt, "rng-seed", seed, sizeof(seed));
	fdt_end_node(fdt);
	free(bootargs);
	begin_at("memory", RAM_IPA, NULL);
	STRINGS("device_type", "memory");
	WORDS("reg", REG(RAM_IPA, options->memory));
	fdt_end_node(fdt);
}

/* arm/cpus.yaml, arm/psci.yaml */
static void cpus(const struct options *options)
{
	begin("cpus", NULL);
	WORDS("#address-cells", 1);
	WORDS("#size-cells", 0);
	for (unsigned n = 0; n < options->cpus; n++) {
		begin_at("cpu", n, "arm,armv8");
		STRINGS("device_type", "cpu");
		STRINGS("enable-method", "psci");
		WORDS("reg", n);
		fdt_end_node(fdt);
	}
	fdt_end_node(fdt);
	begin("psci", NULL);
	STRINGS("compatible", "arm,psci-1.0\0arm,psci-0.2");
	fdt_property(fdt, "method", options->el2 ? "smc" : "hvc", 4); /* HVC of a vEL2 is its own */
	fdt_end_node(fdt);
}

/* interrupt-controller/arm,gic-v3.yaml */
static void gic(const struct options *options)
{
	begin_at("interrupt-controller", GICD_IPA, "arm,gic-v3");
	WORDS("#interrupt-cells", 3);
	flag("interrupt-controller");
	WORDS("reg", REG(GICD_IPA, GICD_SIZE), REG(GICR_IPA, GICR_SIZE * options->cpus));
	if (options->el2)
		WORDS("interrupts", PPI, MAINTENANCE_INTID - 16, LEVEL_HIGH);
	WORDS("phandle", GIC);
	WORDS("#address-cells", 2);
	WORDS("#size-cells", 2);
	flag("ranges");
	begin_at("msi-controller", ITS_IPA, "arm,gic-v3-its");
	flag("msi-controller");
	WORDS("#msi-cells", 1);
	WORDS("reg", REG(ITS_IPA, ITS_SIZE));
	fdt_end_node(fdt);
	fdt_end_node(fdt);
}

/* timer/arm,arch_timer.yaml: secure, non-secure, virtual, EL2's physical and virtual; arm/pmu.yaml */
static void timer_and_pmu(void)
{
	begin("timer", "arm,armv8-timer");
	WORDS("interrupts", PPI, 13, LEVEL_HIGH, PPI, 14, LEVEL_HIGH, PPI, 11, LEVEL_HIGH, PPI, 10,
	      LEVEL_HIGH, PPI, 12, LEVEL_HIGH);
	flag("always-on");
	fdt_end_node(fdt);
	if (!vcpu_has(KVM_ARM_VCPU_PMU_V3))
		return;
	begin("pmu", "arm,armv8-pmuv3");
	WORDS("interrupts", PPI, PMU_INTID - 16, LEVEL_HIGH);
	fdt_end_node(fdt);
}

/* serial/pl011.yaml; a clock that never changes is all that it wants. */
static void uart(void)
{
	begin("clock", "fixed-clock");
	WORDS("#clock-cells", 0);
	WORDS("clock-frequency", 24000000);
	WORDS("phandle", CLOCK);
	fdt_end_node(fdt);
	begin_at("pl011", PL011_IPA, NULL);
	STRINGS("compatible", "arm,pl011\0arm,primecell");
	WORDS("reg", REG(PL011_IPA, PL011_SIZE));
	WORDS("interrupts", SPI, PL011_INTID - FIRST_SPI, LEVEL_HIGH);
	WORDS("clocks", CLOCK, CLOCK);
	STRINGS("clock-names", "uartclk\0apb_pclk");
	fdt_end_node(fdt);
}

/* virtio/mmio.yaml */
static void virtio(unsigned n)
{
	begin_at("virtio_mmio", VIRTIO_IPA + n * VIRTIO_SIZE, "virtio,mmio");
	WORDS("reg", REG(VIRTIO_IPA + n * VIRTIO_SIZE, VIRTIO_SIZE));
	WORDS("interrupts", SPI, VIRTIO_INTID - FIRST_SPI + n, LEVEL_HIGH);
	flag("dma-coherent");
	fdt_end_node(fdt);
}

void tree_make(const struct options *options, const struct layout *layout)
{
	int error;

	fdt = kvm_ram(layout->dtb, DTB_SIZE, 8);
	fdt_create(fdt, DTB_SIZE);
	fdt_finish_reservemap(fdt);
	begin("", "linux,dummy-virt");
	STRINGS("model", "kvm-guest");
	WORDS("#address-cells", 2);
	WORDS("#size-cells", 2);
	WORDS("interrupt-parent", GIC);
	chosen_and_memory(options, layout);
	cpus(options);
	gic(options);
	timer_and_pmu();
	uart();
	for (unsigned n = 0; n < virtio_count(); n++)
		virtio(n);
	fdt_end_node(fdt);
	error = fdt_finish(fdt);
	if (error)
		errx(1, "cannot make L2's device tree: %s; is --append too long?", fdt_strerror(error));
}
