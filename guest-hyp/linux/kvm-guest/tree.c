/*
 * What does L2's kernel learn about its machine?  A device tree: Devicetree Specification 0.4, and the bindings that are
 * named at each node.
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/tree.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "guest-hyp/linux/kvm-guest/say.h"
#include "guest-hyp/linux/kvm-guest/vcpu.h"

#define SPI 0
#define PPI 1
#define LEVEL_HIGH 4

enum phandle {
	GIC = 1,
	CLOCK
};

/* libfdt reports an error once more at each later call: it is enough to look at the last. */
static void words(void *fdt, const char *name, const uint32_t *word, size_t count)
{
	fdt32_t cells[32];

	for (size_t i = 0; i < count; i++)
		cells[i] = cpu_to_fdt32(word[i]);
	fdt_property(fdt, name, cells, (int)(count * sizeof(cells[0])));
}
#define WORDS(fdt, name, ...) \
	words(fdt, name, (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)
#define REG(ipa, size) \
	(uint32_t)((ipa) >> 32), (uint32_t)(ipa), (uint32_t)((uint64_t)(size) >> 32), (uint32_t)(size)

static void strings(void *fdt, const char *name, const char *list, size_t bytes)
{
	fdt_property(fdt, name, list, (int)bytes);
}
#define STRINGS(fdt, name, list) strings(fdt, name, list, sizeof(list))

static void begin(void *fdt, const char *name, uint64_t ipa)
{
	char full[64];

	snprintf(full, sizeof(full), "%s@%llx", name, (unsigned long long)ipa);
	fdt_begin_node(fdt, full);
}

/* A seed, so that L2's random numbers are there from its first instruction on. */
static void chosen(void *fdt, const struct layout *layout, const char *bootargs)
{
	uint8_t seed[32];

	fdt_begin_node(fdt, "chosen");
	strings(fdt, "bootargs", bootargs, strlen(bootargs) + 1);
	fdt_property_string(fdt, "stdout-path", "/pl011@9000000");
	if (layout->initrd_size) {
		fdt_property_u64(fdt, "linux,initrd-start", layout->initrd);
		fdt_property_u64(fdt, "linux,initrd-end", layout->initrd + layout->initrd_size);
	}
	if (getrandom(seed, sizeof(seed), 0) == sizeof(seed))
		fdt_property(fdt, "rng-seed", seed, sizeof(seed));
	fdt_end_node(fdt);
}

static void ram(void *fdt, const struct memory *memory)
{
	begin(fdt, "memory", RAM_IPA);
	fdt_property_string(fdt, "device_type", "memory");
	WORDS(fdt, "reg", REG(RAM_IPA, memory->size));
	fdt_end_node(fdt);
}

/* arm/cpus.yaml, arm/psci.yaml */
static void cpus(void *fdt, const struct kvm *kvm)
{
	fdt_begin_node(fdt, "cpus");
	WORDS(fdt, "#address-cells", 1);
	WORDS(fdt, "#size-cells", 0);
	for (unsigned n = 0; n < kvm->cpus; n++) {
		begin(fdt, "cpu", n);
		fdt_property_string(fdt, "device_type", "cpu");
		fdt_property_string(fdt, "compatible", "arm,armv8");
		fdt_property_string(fdt, "enable-method", "psci");
		WORDS(fdt, "reg", n);
		fdt_end_node(fdt);
	}
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "psci");
	STRINGS(fdt, "compatible", "arm,psci-1.0\0arm,psci-0.2");
	fdt_property_string(fdt, "method", kvm->el2 ? "smc" : "hvc"); /* HVC of a vEL2 is its own */
	fdt_end_node(fdt);
}

/* interrupt-controller/arm,gic-v3.yaml */
static void gic(void *fdt, const struct kvm *kvm)
{
	begin(fdt, "interrupt-controller", GICD_IPA);
	fdt_property_string(fdt, "compatible", "arm,gic-v3");
	WORDS(fdt, "#interrupt-cells", 3);
	fdt_property(fdt, "interrupt-controller", NULL, 0);
	WORDS(fdt, "reg", REG(GICD_IPA, GICD_SIZE), REG(GICR_IPA, GICR_SIZE * kvm->cpus));
	if (kvm->el2)
		WORDS(fdt, "interrupts", PPI, MAINTENANCE_INTID - 16, LEVEL_HIGH);
	WORDS(fdt, "phandle", GIC);
	WORDS(fdt, "#address-cells", 2);
	WORDS(fdt, "#size-cells", 2);
	fdt_property(fdt, "ranges", NULL, 0);
	begin(fdt, "msi-controller", ITS_IPA);
	fdt_property_string(fdt, "compatible", "arm,gic-v3-its");
	fdt_property(fdt, "msi-controller", NULL, 0);
	WORDS(fdt, "#msi-cells", 1);
	WORDS(fdt, "reg", REG(ITS_IPA, ITS_SIZE));
	fdt_end_node(fdt);
	fdt_end_node(fdt);
}

/* timer/arm,arch_timer.yaml: secure, non-secure, virtual, EL2's physical and virtual; arm/pmu.yaml */
static void timer_and_pmu(void *fdt, const struct kvm *kvm)
{
	fdt_begin_node(fdt, "timer");
	fdt_property_string(fdt, "compatible", "arm,armv8-timer");
	WORDS(fdt, "interrupts", PPI, 13, LEVEL_HIGH, PPI, 14, LEVEL_HIGH, PPI, 11, LEVEL_HIGH, PPI, 10,
	      LEVEL_HIGH, PPI, 12, LEVEL_HIGH);
	fdt_property(fdt, "always-on", NULL, 0);
	fdt_end_node(fdt);
	if (!vcpu_has(kvm, KVM_ARM_VCPU_PMU_V3))
		return;
	fdt_begin_node(fdt, "pmu");
	fdt_property_string(fdt, "compatible", "arm,armv8-pmuv3");
	WORDS(fdt, "interrupts", PPI, PMU_INTID - 16, LEVEL_HIGH);
	fdt_end_node(fdt);
}

/* serial/pl011.yaml; a clock that never changes is all that it wants. */
static void uart(void *fdt)
{
	fdt_begin_node(fdt, "clock");
	fdt_property_string(fdt, "compatible", "fixed-clock");
	WORDS(fdt, "#clock-cells", 0);
	WORDS(fdt, "clock-frequency", 24000000);
	WORDS(fdt, "phandle", CLOCK);
	fdt_end_node(fdt);
	begin(fdt, "pl011", PL011_IPA);
	STRINGS(fdt, "compatible", "arm,pl011\0arm,primecell");
	WORDS(fdt, "reg", REG(PL011_IPA, PL011_SIZE));
	WORDS(fdt, "interrupts", SPI, PL011_INTID - FIRST_SPI, LEVEL_HIGH);
	WORDS(fdt, "clocks", CLOCK, CLOCK);
	STRINGS(fdt, "clock-names", "uartclk\0apb_pclk");
	fdt_end_node(fdt);
}

/* virtio/mmio.yaml */
static void virtio(void *fdt, unsigned n)
{
	begin(fdt, "virtio_mmio", VIRTIO_IPA + n * VIRTIO_SIZE);
	fdt_property_string(fdt, "compatible", "virtio,mmio");
	WORDS(fdt, "reg", REG(VIRTIO_IPA + n * VIRTIO_SIZE, VIRTIO_SIZE));
	WORDS(fdt, "interrupts", SPI, VIRTIO_INTID - FIRST_SPI + n, LEVEL_HIGH);
	fdt_property(fdt, "dma-coherent", NULL, 0);
	fdt_end_node(fdt);
}

void tree_make(const struct memory *memory, const struct layout *layout, const struct kvm *kvm,
	       unsigned devices, const char *bootargs)
{
	void *fdt = memory_at(memory, layout->dtb, DTB_SIZE, 8);
	int error;

	fdt_create(fdt, DTB_SIZE);
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	fdt_property_string(fdt, "compatible", "linux,dummy-virt");
	fdt_property_string(fdt, "model", "kvm-guest");
	WORDS(fdt, "#address-cells", 2);
	WORDS(fdt, "#size-cells", 2);
	WORDS(fdt, "interrupt-parent", GIC);
	chosen(fdt, layout, bootargs);
	ram(fdt, memory);
	cpus(fdt, kvm);
	gic(fdt, kvm);
	timer_and_pmu(fdt, kvm);
	uart(fdt);
	for (unsigned n = 0; n < devices; n++)
		virtio(fdt, n);
	fdt_end_node(fdt);
	error = fdt_finish(fdt);
	if (error)
		fail("cannot make L2's device tree: %s; is --append too long?", fdt_strerror(error));
}
