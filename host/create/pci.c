/*
 * How does a PCI function of the machine become a VM's?  All functions of the bus are quiet first; then this one gets addresses for its
 * BARs, a stream of the SMMU, and messages of the ITS.  Reads: pci.h.  Next: host/device/pci.c.
 */
#include "host/create/pci.h"

#include <libfdt.h>
#include <stddef.h>

#include "host/core/its.h"
#include "host/core/mmu.h"
#include "host/core/places.h"
#include "host/core/reach.h"
#include "host/core/smmu.h"
#include "host/device/pci_messages.h"
#include "host/device/pci_smmu.h"
#include "host/machine/cpu.h"
#include "host/machine/fdt.h"
#include "host/report/print.h"

#define FUNCTION_BYTES 4096U
#define FUNCTIONS 256U /* of a bus */
#define BUS_BYTES (FUNCTIONS * FUNCTION_BYTES)
#define NOBODY 0xffffffffU
#define HEADER_TYPE 0x0c
#define HEADER_LAYOUT BITS(22, 16) /* 0: no bridge */
#define ROM_BAR 0x30
#define BAR_IO 1U
#define BAR_ADDRESS (~UINT64_C(15))
#define FIRST_EXTENDED 0x100U /* capability */
#define EXTENDED_MAX 960U     /* words that there are for them */
#define EXTENDED_ID BITS(15, 0)
#define EXTENDED_NEXT BITS(31, 20)
#define EXTENDED_ATS 0x0f
#define ATS_ENABLE BIT(31) /* of the word behind the header */
#define MAP_CELLS 4
#define RANGE_CELLS 7 /* three of an address on the bus, two of one of the CPUs', two of a size */
#define RANGE_SPACE BITS(25, 24)
#define RANGE_MEMORY 2 /* 32 bits, not prefetchable */

/* The one host bridge whose functions are given. */
static struct {
	int node;
	volatile uint8_t *config;
	uint64_t next, end; /* what is left of its window, on the bus */
	uint64_t to_cpu;    /* what an address of the CPUs has more */
} bridge = { .node = -1 };

/* --- the host bridge --- */

static bool read_window(const void *fdt, int node)
{
	int bytes = 0;
	const fdt32_t *p = fdt_getprop(fdt, node, "ranges", &bytes);

	for (; p && bytes >= (int)(RANGE_CELLS * sizeof(*p));
	     p += RANGE_CELLS, bytes -= (int)(RANGE_CELLS * sizeof(*p))) {
		uint64_t bus = (uint64_t)fdt32_ld(&p[1]) << 32 | fdt32_ld(&p[2]);
		uint64_t cpu = (uint64_t)fdt32_ld(&p[3]) << 32 | fdt32_ld(&p[4]);
		uint64_t size = (uint64_t)fdt32_ld(&p[5]) << 32 | fdt32_ld(&p[6]);

		if (field_get(RANGE_SPACE, fdt32_ld(&p[0])) != RANGE_MEMORY)
			continue;
		if (bus > BIT(32) || size > BIT(32) - bus || cpu > BIT(47) ||
		    places_touches_ram(fdt, cpu, size))
			return false;
		bridge.next = bus;
		bridge.end = bus + size;
		bridge.to_cpu = cpu - bus;
		return true;
	}
	return false;
}

static uint32_t config(unsigned devfn, unsigned offset)
{
	return reach_read32(bridge.config, devfn * FUNCTION_BYTES + offset);
}

static void set_config(unsigned devfn, unsigned offset, uint32_t value)
{
	reach_write32(bridge.config, devfn * FUNCTION_BYTES + offset, value);
}

/* It translates no address by itself, which the SMMU would have to believe (PCI Express, "ATS Extended Capability"). */
static void without_ats(unsigned devfn)
{
	unsigned offset = FIRST_EXTENDED;
	uint32_t header;

	for (unsigned n = 0; n < EXTENDED_MAX && offset >= FIRST_EXTENDED; n++) {
		header = config(devfn, offset);
		if (header == NOBODY)
			return;
		if (field_get(EXTENDED_ID, header) == EXTENDED_ATS && offset + 4 < FUNCTION_BYTES)
			set_config(devfn, offset + 4, config(devfn, offset + 4) & (uint32_t)~ATS_ENABLE);
		offset = (unsigned)field_get(EXTENDED_NEXT, header) & ~3U;
	}
}

/* Whatever firmware or a boot loader has used of them: no function decodes an address or accesses memory. */
static void quiet(void)
{
	for (unsigned devfn = 0; devfn < FUNCTIONS; devfn++) {
		if (config(devfn, 0) == NOBODY)
			continue;
		set_config(devfn, PCI_COMMAND, PCI_COMMAND_INTX_OFF);
		if (!field_get(HEADER_LAYOUT, config(devfn, HEADER_TYPE)))
			set_config(devfn, ROM_BAR, 0); /* which would be on as soon as memory decoding is */
		without_ats(devfn);
	}
}

static const char *open_bridge(const void *fdt, int node)
{
	uint64_t base, size;
	int bytes;
	const fdt32_t *buses = fdt_getprop(fdt, node, "bus-range", &bytes);

	if (fdt_node_check_compatible(fdt, node, "pci-host-ecam-generic") || !fdt_is_enabled(fdt, node))
		return "its host bridge is not a pci-host-ecam-generic that is in use";
	if (bridge.node == node)
		return NULL;
	if (bridge.node >= 0)
		return "it is not at the same host bridge as the functions before it";
	if (!fdt_reg(fdt, node, 0, &base, &size) || size < BUS_BYTES || base % PAGE_SIZE ||
	    (buses && (bytes != 2 * (int)sizeof(*buses) || fdt32_ld(buses))))
		return "its host bridge does not begin with bus 0";
	if (!read_window(fdt, node))
		return "its host bridge has no window of 32-bit memory";
	places_enter_device(fdt, "the PCI host bridge", base, size, BUS_BYTES);
	bridge.config = mmu_map_device((pa_t){ base }, BUS_BYTES);
	bridge.node = node;
	quiet();
	return NULL;
}

/* Where iommu-map or msi-map sends a Requester ID: to which node, as which number. False: nowhere. */
static bool mapped(const void *fdt, const char *map, uint32_t rid, uint32_t *phandle, uint32_t *id)
{
	int bytes = 0;
	const fdt32_t *p = fdt_getprop(fdt, bridge.node, map, &bytes);

	for (; p && bytes >= (int)(MAP_CELLS * sizeof(*p));
	     p += MAP_CELLS, bytes -= (int)(MAP_CELLS * sizeof(*p))) {
		uint32_t first = fdt32_ld(&p[0]);

		if (rid < first || rid - first >= fdt32_ld(&p[3]))
			continue;
		*phandle = fdt32_ld(&p[1]);
		*id = fdt32_ld(&p[2]) + (rid - first);
		return true;
	}
	return false;
}

/* --- a function --- */

/* Which of a register's bits can be written?  It is 0 then. */
static uint32_t writable(unsigned devfn, unsigned offset)
{
	uint32_t bits;

	set_config(devfn, offset, ~0U);
	bits = config(devfn, offset);
	set_config(devfn, offset, 0);
	return bits;
}

/* All bits that can be written are address bits; the lower ones read as 0. */
static uint64_t size_bar(unsigned devfn, unsigned n)
{
	unsigned offset = PCI_BAR0 + 4 * n;
	uint32_t was = config(devfn, offset);
	uint64_t mask;

	if (was & BAR_IO)
		return 0;
	mask = writable(devfn, offset);
	if (field_get(BITS(2, 1), was) == 2 && n + 1 < PCI_BARS)
		mask |= (uint64_t)writable(devfn, offset + 4) << 32;
	else if (mask)
		mask |= BITS(63, 32);
	return mask & BAR_ADDRESS ? ~(mask & BAR_ADDRESS) + 1 : 0;
}

static void read_function(unsigned devfn, uint32_t raw[PCI_CONFIG_WORDS], uint64_t size[PCI_BARS])
{
	for (unsigned n = 0; n < PCI_BARS; n++) {
		bool is_64 = field_get(BITS(2, 1), config(devfn, PCI_BAR0 + 4 * n)) == 2;

		size[n] = size_bar(devfn, n);
		if (size[n] && is_64 && n + 1 < PCI_BARS)
			size[++n] = 0;
	}
	for (unsigned w = 0; w < PCI_CONFIG_WORDS; w++)
		raw[w] = config(devfn, 4 * w);
}

static const char *place_bars(struct pci_function *f)
{
	for (unsigned n = 0; n < PCI_BARS; n++) {
		uint64_t size = f->shown.bar[n].size;

		if (!size)
			continue;
		if (size > VM_PCI_WINDOW_SIZE)
			return "a BAR of it is larger than the window that L1 has";
		bridge.next = (bridge.next + size - 1) & ~(size - 1);
		if (bridge.next + size > bridge.end)
			return "its host bridge has no room left for its BARs";
		f->bar[n].bus = bridge.next;
		f->bar[n].pa.val = bridge.next + bridge.to_cpu;
		f->bar[n].regs = mmu_map_device(f->bar[n].pa, size);
		bridge.next += size;
	}
	return NULL;
}

static const char *find_stream(const void *fdt, struct pci_function *f)
{
	uint32_t phandle = 0;

	if (fdt_getprop(fdt, bridge.node, "iommu-map-mask", NULL))
		return "its host bridge shares streams between functions";
	if (!mapped(fdt, "iommu-map", f->rid, &phandle, &f->stream))
		phandle = 0;
	return smmu_why_not(phandle);
}

static const char *find_messages(const void *fdt, const struct vm *vm, struct pci_function *f)
{
	uint32_t phandle, device;
	const char *wrong;

	if (!f->shown.vectors)
		return NULL;
	wrong = its_start(fdt);
	if (wrong)
		return wrong;
	if (!mapped(fdt, "msi-map", f->rid, &phandle, &device) || phandle != its_phandle())
		return "its messages do not go to the ITS that firn uses";
	return its_map(device, f->shown.vectors, vm->pci.cpu, &f->lpi) ?
		       NULL :
		       "the ITS has no room for its messages";
}

static const char no_tables[] = "no memory left for tables; start QEMU with a larger -m";

/* For the VM's first function; its RAM has to be where the SMMU can put it out. */
static const char *make_tables(struct vm *vm)
{
	uint32_t idr0, idr5;

	if (vm->stage2.device_root.val)
		return NULL;
	if ((vm->ram_pa.val + vm->ram_size - 1) >> smmu_output_bits() ||
	    stage2_ipa_bits() > smmu_output_bits())
		return "the SMMU cannot address the VM's memory; give the machine less";
	vm->stage2.device_vmid = (uint16_t)(vm->index + 1);
	spin_init(&vm->pci.lock, RANK_PCI);
	smmu_features(&idr0, &idr5);
	vm->pci.has_smmu = vsmmu_init(&vm->pci.smmu, idr0, idr5);
	smmu_set_listener(pci_smmu_event);
	if (!stage2_window(vm->stage2.root, (l1_ipa_t){ VM_PCI_WINDOW_BASE }, VM_PCI_WINDOW_SIZE) ||
	    !stage2_for_devices(&vm->stage2, (l1_ipa_t){ VM_PCI_WINDOW_BASE }, VM_PCI_WINDOW_SIZE))
		return no_tables;
	return NULL;
}

/* For the VM's first function with messages, and again: before that there may be no ITS. */
static const char *make_doorbell(const struct vm *vm, const struct pci_function *f)
{
	const l1_ipa_t at = { VM_ITS_TRANSLATER & ~(PAGE_SIZE - 1) };

	return !f->shown.vectors || stage2_doorbell(&vm->stage2, at, its_doorbell()) ? NULL : no_tables;
}

static const char *examine(const void *fdt, struct vm *vm, struct pci_function *f)
{
	uint32_t raw[PCI_CONFIG_WORDS];
	uint64_t size[PCI_BARS];
	const char *wrong;

	read_function(f->rid, raw, size);
	wrong = vpci_init(&f->shown, raw, size);
	if (!wrong)
		wrong = find_stream(fdt, f);
	if (!wrong)
		wrong = place_bars(f);
	if (!wrong)
		wrong = find_messages(fdt, vm, f);
	if (!wrong)
		wrong = make_tables(vm);
	if (!wrong)
		wrong = make_doorbell(vm, f);
	return wrong;
}

/* NULL: vm can have it. Functions of one device can reach each other without the SMMU seeing it. */
static const char *is_given(const struct vm *vm, unsigned devfn)
{
	const struct vm *other;

	for (unsigned i = 0; (other = vm_get(i)) != NULL; i++)
		for (unsigned n = 0; n < other->pci.count; n++) {
			unsigned rid = other->pci.function[n].rid;

			if (rid == devfn)
				return "it has been given away already; name it once, for one VM";
			if (rid >> 3 == devfn >> 3 && other != vm)
				return "another VM has a function of the same device; give both to one VM";
		}
	return NULL;
}

static void tell_no_reset(const struct vm *vm, unsigned rid)
{
	print("firn: VM %u: PCI function %02x.%u cannot be reset: when the VM stops its registers stay as they are\n",
	      vm->index, rid >> 3, rid & 7);
}

const char *pci_assign(const void *fdt, struct vm *vm, int node, unsigned devfn)
{
	struct pci_function *f = &vm->pci.function[vm->pci.count];
	const char *wrong = open_bridge(fdt, node);

	if (wrong)
		return wrong;
	vm->pci.cpu = vm->first_cpu % cpu_count();
	if (vm->pci.count == PCI_FUNCTIONS)
		return "the VM has as many PCI functions as it can have";
	if (config(devfn, 0) == NOBODY)
		return "there is no such function at its host bridge";
	wrong = is_given(vm, devfn);
	if (wrong)
		return wrong;
	*f = (struct pci_function){ .rid = (uint16_t)devfn,
				    .config = bridge.config + devfn * FUNCTION_BYTES };
	wrong = examine(fdt, vm, f);
	if (wrong)
		return wrong;
	if (f->shown.reset.by == PCI_RESET_NOT)
		tell_no_reset(vm, f->rid);
	vm->pci.count++;
	pci_own(vm, f);
	return NULL;
}
