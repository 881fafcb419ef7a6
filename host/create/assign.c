/* How is a device of the machine given to a VM?  Reads: assign.h. Binding: docs/device-tree.md.  Next: host/device/assigned.c. */
#include "host/create/assign.h"

#include <libfdt.h>
#include <string.h>

#include "host/core/mmu.h"
#include "host/create/pci.h"
#include "host/device/assigned.h"
#include "host/machine/fdt.h"
#include "host/report/panic.h"
#include "host/vm/vm.h"
#include "nv/gic/regs.h"

/* Devices that never read or write memory themselves: there is no SMMU that could keep them to the VM's. */
static const char *const no_masters[] = { "arm,pl031", "arm,pl061", "arm,sp804" };

#define SPECIFIER_CELLS 3
#define SPI 0
#define LEVEL_HIGH 4

static const struct assigned *given[VM_MAX * ASSIGN_MAX];
static unsigned given_count;

/* Which device is meant, for messages. */
struct request {
	const char *vm, *path;
};

static _Noreturn void refuse(struct request r, const char *why)
{
	stop("%s: firn,assign \"%s\": %s", r.vm, r.path, why);
}

static bool overlaps(const struct assigned *a, uint64_t base, uint64_t size)
{
	return a->pa.val < base + size && base < a->pa.val + a->size;
}

static bool is_given_away(const struct assigned *a)
{
	for (unsigned i = 0; i < given_count; i++)
		if (overlaps(a, given[i]->pa.val, given[i]->size))
			return true;
	return false;
}

static bool collides(const struct vm *vm, const struct assigned *a)
{
	return overlaps(a, VM_GICD_BASE, VGIC_GICD_SIZE) || overlaps(a, VM_ITS_BASE, VITS_SIZE) ||
	       overlaps(a, VM_GICR_BASE, VGIC_GICR_SIZE * vm->nvcpus) ||
	       overlaps(a, VM_UART_BASE, VM_UART_SIZE) ||
	       overlaps(a, VM_PCI_WINDOW_BASE, VM_PCI_WINDOW_SIZE) ||
	       overlaps(a, VM_SMMU_BASE, VM_SMMU_SIZE) || overlaps(a, VM_PCI_ECAM_BASE, VM_PCI_ECAM_SIZE) ||
	       overlaps(a, VM_RAM_BASE, vm->ram_size);
}

/* Does the node have registers, or memory, in that range? */
static bool has(const void *fdt, int node, const struct assigned *a)
{
	uint64_t base, size;

	for (unsigned i = 0; fdt_reg(fdt, node, i, &base, &size); i++)
		if (overlaps(a, base, size) || (size && base + size < base))
			return true;
	return false;
}

/* RAM, the GIC with its ITSs, or any other device of the machine: L0's own, another VM's, or one that masters the bus. */
static bool is_another(const struct assigned *a)
{
	int node, child;

	fdt_for_each_subnode(node, a->fdt, 0) {
		if (node != a->node && has(a->fdt, node, a))
			return true;
		if (fdt_node_check_compatible(a->fdt, node, "arm,gic-v3") != 0)
			continue;
		fdt_for_each_subnode(child, a->fdt, node)
			if (has(a->fdt, child, a))
				return true;
	}
	return false;
}

/* --- what the node says --- */

static void check_kind(struct request r, const void *fdt, int node)
{
	if (node < 0)
		refuse(r, "the machine's device tree has no such node; give the path of one");
	if (!fdt_is_enabled(fdt, node))
		refuse(r, "its status is not \"okay\"; give a device that is in use");
	if (fdt_parent_offset(fdt, node) != 0)
		refuse(r, "it is on a bus of its own; give a device that is a child of the root");
	for (unsigned i = 0; i < sizeof(no_masters) / sizeof(no_masters[0]); i++)
		if (fdt_node_check_compatible(fdt, node, no_masters[i]) == 0)
			return;
	refuse(r,
	       "it may access memory itself, and what firn could confine is PCI functions alone; give one, as HOST-BRIDGE/@DEVICE,FUNCTION, or an arm,pl031, arm,pl061 or arm,sp804");
}

static void read_reg(struct request r, const struct vm *vm, struct assigned *a)
{
	uint64_t more_base, more_size;

	if (!fdt_reg(a->fdt, a->node, 0, &a->pa.val, &a->size) ||
	    fdt_reg(a->fdt, a->node, 1, &more_base, &more_size))
		refuse(r, "its reg is not one range of addresses");
	if (!a->size || (a->pa.val | a->size) % PAGE_SIZE)
		refuse(r,
		       "its reg is not whole pages of 4 KiB, and other devices may be in the rest of them");
	if (a->pa.val + a->size < a->pa.val || !stage2_reaches(a->pa.val + a->size))
		refuse(r, "its reg is beyond what L1 can address");
	if (collides(vm, a))
		refuse(r, "its reg is where L1 has RAM or a device of firn's");
	if (is_given_away(a))
		refuse(r,
		       "it, or one at the same address, has been given away already; name it once, for one VM");
	if (is_another(a))
		refuse(r, "its reg is where the machine has RAM, the GIC or another device");
}

/* The GIC must be what the interrupts go to: by a property of the node, or of the root. */
static bool interrupts_gic(const void *fdt, int node)
{
	uint32_t parent;

	return (fdt_cell(fdt, node, "interrupt-parent", &parent) ||
		fdt_cell(fdt, 0, "interrupt-parent", &parent)) &&
	       parent == fdt_get_phandle(fdt, fdt_compatible(fdt, "arm,gic-v3"));
}

static void read_spis(struct request r, struct assigned *a)
{
	int bytes = 0;
	const fdt32_t *p = fdt_getprop(a->fdt, a->node, "interrupts", &bytes);
	unsigned count = (unsigned)bytes / (SPECIFIER_CELLS * sizeof(*p));

	if (fdt_getprop(a->fdt, a->node, "interrupts-extended", NULL) ||
	    (p && ((unsigned)bytes % (SPECIFIER_CELLS * sizeof(*p)) || count > ASSIGN_SPIS ||
		   !interrupts_gic(a->fdt, a->node))))
		refuse(r, "its interrupts are not a few of the GIC's");
	if (!p)
		return;
	for (unsigned i = 0; i < count; i++, p += SPECIFIER_CELLS) {
		uint32_t intid = fdt_intid(a->fdt, a->node, i);

		if (fdt32_ld(&p[0]) != SPI || fdt32_ld(&p[2]) != LEVEL_HIGH)
			refuse(r, "its interrupts are not level-sensitive SPIs");
		if (intid < VGIC_BANK || intid >= VGIC_INTIDS)
			refuse(r, "its interrupt is an SPI that L1's GIC does not have");
		else if (intid == VM_INTID_UART || intid == VM_INTID_SMMU_EVENT ||
			 intid == VM_INTID_SMMU_ERROR || assigned_has(intid))
			refuse(r, "its interrupt is already another device's");
		a->spi[a->spis++] = intid;
	}
}

/* In Hz; 0: it is no fixed clock. */
static uint32_t fixed_clock(const void *fdt, uint32_t phandle)
{
	int clock = fdt_node_offset_by_phandle(fdt, phandle);
	uint32_t hz;

	return clock >= 0 && fdt_node_check_compatible(fdt, clock, "fixed-clock") == 0 &&
			       fdt_cell(fdt, clock, "clock-frequency", &hz) ?
		       hz :
		       0;
}

/* L1 gets fixed clocks of the same frequency: it cannot have the machine's. */
static void read_clocks(struct request r, struct assigned *a)
{
	int bytes = 0;
	const fdt32_t *p = fdt_getprop(a->fdt, a->node, "clocks", &bytes);
	unsigned count = p ? (unsigned)bytes / sizeof(*p) : 0;

	if (count > ASSIGN_CLOCKS)
		refuse(r, "it has too many clocks");
	for (; a->clocks < count; a->clocks++) {
		a->clock_hz[a->clocks] = fixed_clock(a->fdt, fdt32_ld(&p[a->clocks]));
		if (!a->clock_hz[a->clocks])
			refuse(r, "its clock is no fixed-clock, and L1 cannot have another one");
	}
}

/* --- giving it --- */

static void assign_one(const void *fdt, struct vm *vm, struct request r)
{
	struct assigned *a = &vm->assigned[vm->assigned_count];

	*a = (struct assigned){ .fdt = fdt, .node = fdt_path_offset(fdt, r.path) };
	check_kind(r, fdt, a->node);
	read_reg(r, vm, a);
	read_spis(r, a);
	read_clocks(r, a);
	if (!stage2_map_device(vm->stage2.root, a->pa, a->size))
		refuse(r, "no memory left for tables; start QEMU with a larger -m");
	a->regs = mmu_map_device(a->pa, a->size);
	for (unsigned i = 0; i < a->spis; i++)
		assigned_own(vm, a->spi[i]);
	given[given_count++] = a;
	vm->assigned_count++;
}

/* --- PCI functions --- */

/* A digit of hexadecimal, or 16. */
static unsigned digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/* The unit address of a function as the PCI binding has it: DEVICE or DEVICE,FUNCTION. False: it is none. */
static bool read_devfn(const char *text, unsigned *devfn)
{
	unsigned device = 0, function = 0, digits = 0;

	for (; digit(*text) < 16 && digits < 2; text++, digits++)
		device = device * 16 + digit(*text);
	if (digits && *text == ',') {
		function = digit(*++text);
		text++;
	}
	*devfn = device << 3 | function;
	return digits && device < 32 && function < 8 && !*text;
}

/* "/pcie@10000000/@2,0": functions have no nodes, since the bus itself says which there are. NULL: it is no such path. */
static const char *unit_address(const char *path)
{
	const char *last = strrchr(path, '/');

	return last && last != path && last[1] == '@' ? last + 2 : NULL;
}

/* "/pcie@10000000/@2/@0,0": as the binding would have what is below a bridge. */
static bool is_behind_bridge(const char *path, const char *unit)
{
	for (const char *at = path; at + 2 < unit; at++)
		if (at[0] == '/' && at[1] == '@')
			return true;
	return false;
}

static void assign_function(const void *fdt, struct vm *vm, struct request r, const char *unit)
{
	int bridge = fdt_path_offset_namelen(fdt, r.path, (int)(unit - 2 - r.path));
	const char *wrong;
	unsigned devfn;

	if (is_behind_bridge(r.path, unit))
		refuse(r,
		       "it is behind a bridge, where devices are given to nobody; put it on bus 0 of the machine");
	if (bridge < 0)
		refuse(r,
		       "the machine's device tree has no such host bridge; give the path of one, and /@DEVICE,FUNCTION");
	if (!read_devfn(unit, &devfn))
		refuse(r,
		       "what is behind its @ is no device and function of PCI; give two numbers like 1f,0");
	wrong = pci_assign(fdt, vm, bridge, devfn);
	if (wrong)
		refuse(r, wrong);
}

void assign_devices(const void *fdt, struct vm *vm, const char *name, const char *list, int bytes)
{
	struct request r = { .vm = name, .path = list };

	if (bytes <= 0 || list[bytes - 1])
		stop("%s: firn,assign is not a list of strings; give paths of devices", name);
	for (; r.path < list + bytes; r.path += strlen(r.path) + 1) {
		const char *unit = unit_address(r.path);

		if (unit) {
			assign_function(fdt, vm, r, unit);
			continue;
		}
		if (vm->assigned_count == ASSIGN_MAX)
			refuse(r, "the VM has as many devices as it can have");
		assign_one(fdt, vm, r);
	}
}
