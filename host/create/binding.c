/* Which VMs does the device tree of L0 ask for?  Reads: binding.h.  Next: host/vm/vm.c. */
#include "host/create/binding.h"

#include <libfdt.h>
#include <string.h>

#include "host/core/features.h"
#include "host/core/places.h"
#include "host/machine/fdt.h"
#include "host/report/panic.h"
#include "host/vm/vm.h"

#define REG_BYTES 16 /* two cells of address, two of size: what every loader writes */

/* NULL when there is none. */
static const char *read_text(const void *fdt, int node, const char *node_name, const char *name)
{
	const char *text = fdt_text(fdt, node, name);

	if (!text && fdt_getprop(fdt, node, name, NULL))
		stop("%s: %s is not text with a zero at its end", node_name, name);
	return text;
}

static struct vm_module read_module(const void *fdt, int node)
{
	const char *name = fdt_get_name(fdt, node, NULL);
	struct vm_module m = { .bootargs = read_text(fdt, node, name, "bootargs") };
	int bytes;
	const fdt64_t *reg = fdt_getprop(fdt, node, "reg", &bytes);

	if (!reg || bytes != REG_BYTES)
		stop("%s: its reg is not an address and a size of two cells each", name);
	m.pa.val = fdt64_ld(&reg[0]);
	m.bytes = fdt64_ld(&reg[1]);
	if (!m.bytes)
		stop("%s: its size is 0; give a file that is not empty", name);
	if (!places_is_ram(fdt, m.pa.val, m.bytes))
		stop("%s: %lx bytes at %lx are not in the machine's RAM; load it elsewhere", name, m.bytes,
		     m.pa.val);
	if (m.pa.val % sizeof(uint64_t))
		stop("%s: its address %lx is not a multiple of 8; load it elsewhere", name, m.pa.val);
	places_enter_module(name, m.pa.val, m.bytes);
	return m;
}

static bool is_compatible(const void *fdt, int node, const char *compatible)
{
	return fdt_node_check_compatible(fdt, node, compatible) == 0;
}

static void read_modules(const void *fdt, int parent, struct vm_config *c)
{
	int node;

	fdt_for_each_subnode(node, fdt, parent) {
		struct vm_module *to = is_compatible(fdt, node, "multiboot,kernel")  ? &c->kernel :
				       is_compatible(fdt, node, "multiboot,ramdisk") ? &c->ramdisk :
										       NULL;

		if (!to)
			continue;
		if (to->bytes)
			stop("%s: more than one %s module; give one", c->name,
			     to == &c->kernel ? "kernel" : "ramdisk");
		*to = read_module(fdt, node);
	}
}

/* The node "chosen" of a VM's node has what L1 is to find below its own /chosen. */
static void read_l1_modules(const void *fdt, int vm, struct vm_config *c)
{
	int chosen = fdt_subnode_offset(fdt, vm, "chosen"), node;

	if (chosen < 0)
		return;
	fdt_for_each_subnode(node, fdt, chosen) {
		struct vm_l1_module *m = &c->l1_module[c->l1_modules];

		if (!is_compatible(fdt, node, "multiboot,module"))
			continue;
		if (c->l1_modules == VM_MAX_MODULES)
			stop("%s: more than %u modules for L1; give fewer", c->name, VM_MAX_MODULES);
		m->file = read_module(fdt, node);
		m->compatible = fdt_getprop(fdt, node, "compatible", &m->compatible_bytes);
		c->l1_modules++;
	}
}

/* A number of one or two cells. False when there is none. */
static bool read_number(const void *fdt, int node, const char *node_name, const char *name, uint64_t *value)
{
	int bytes;
	const void *p = fdt_getprop(fdt, node, name, &bytes);

	if (!p)
		return false;
	if (bytes == (int)sizeof(fdt64_t))
		*value = fdt64_ld(p);
	else if (bytes == (int)sizeof(fdt32_t))
		*value = fdt32_ld(p);
	else
		stop("%s: %s is not a number of one or two cells", node_name, name);
	if (!*value)
		stop("%s: %s is 0; give a number or leave it out", node_name, name);
	return true;
}

static enum nv_mode read_mode(const void *fdt, int node, const char *name)
{
	const char *mode = read_text(fdt, node, name, "firn,mode");

	if (!mode)
		return cpu_features()->nv2 ? NV_MODE_V84 : NV_MODE_V83;
	if (strcmp(mode, "nv") == 0)
		return NV_MODE_V83;
	if (strcmp(mode, "nv2") != 0)
		stop("%s: unknown firn,mode \"%s\"; give \"nv\" or \"nv2\"", name, mode);
	if (!cpu_features()->nv2)
		stop("%s: firn,mode \"nv2\" needs FEAT_NV2, which this CPU lacks; use \"nv\" or a CPU with it",
		     name);
	return NV_MODE_V84;
}

/* firn,no-vhe is what there was before firn,e2h. */
static enum nv_e2h_choice read_e2h(const void *fdt, int node, const char *name)
{
	int bytes;
	const fdt32_t *e2h = fdt_getprop(fdt, node, "firn,e2h", &bytes);
	bool no_vhe = fdt_getprop(fdt, node, "firn,no-vhe", NULL);

	if (!e2h)
		return no_vhe ? NV_E2H_IS_0 : NV_E2H_FREE;
	if (bytes != (int)sizeof(fdt32_t) || fdt32_ld(e2h) > 1)
		stop("%s: firn,e2h is neither <0> nor <1>", name);
	if (fdt32_ld(e2h) == 1 && no_vhe)
		stop("%s: firn,no-vhe says that firn,e2h is 0; leave it out", name);
	return fdt32_ld(e2h) ? NV_E2H_IS_1 : NV_E2H_IS_0;
}

/* Fewer list registers than hardware has, or all of them. */
static unsigned read_list_registers(const void *fdt, int node, const char *name)
{
	uint64_t all = cpu_features()->lr_count, shown = all;

	(void)read_number(fdt, node, name, "firn,list-registers", &shown);
	if (shown > all)
		stop("%s: firn,list-registers is %lu; this CPU has %lu, ask for no more", name, shown, all);
	return (unsigned)shown;
}

static unsigned read_resets(const void *fdt, int node, const char *name)
{
	uint64_t resets = 0;

	(void)read_number(fdt, node, name, "firn,resets", &resets);
	if (resets > VM_MAX_RESETS)
		stop("%s: firn,resets is %lu; give a number up to %u, or leave it out", name, resets,
		     VM_MAX_RESETS);
	return (unsigned)resets;
}

/* One counter for all vCPUs of a VM: it can stop for one only. */
static bool read_time(const void *fdt, int node, const char *name, uint64_t cpus)
{
	const char *time = read_text(fdt, node, name, "firn,virtual-time");

	if (!time || strcmp(time, "wall-clock") == 0)
		return false;
	if (strcmp(time, "running") != 0)
		stop("%s: unknown firn,virtual-time \"%s\"; give \"wall-clock\" or \"running\"", name, time);
	if (cpus != 1)
		stop("%s: firn,virtual-time \"running\" is for VMs with one CPU; give cpus = 1", name);
	return true;
}

static struct vm_config read_vm(const void *fdt, int node)
{
	struct vm_config c = { .name = fdt_get_name(fdt, node, NULL) };
	uint64_t cpus = 1;

	if (!is_compatible(fdt, node, "firn,vm"))
		stop("/chosen/%s is not compatible with \"firn,vm\"; see docs/device-tree.md", c.name);
	c.mode = read_mode(fdt, node, c.name);
	c.e2h = read_e2h(fdt, node, c.name);
	c.markers = fdt_getprop(fdt, node, "firn,markers", NULL);
	c.list_registers = read_list_registers(fdt, node, c.name);
	c.resets = read_resets(fdt, node, c.name);
	(void)read_number(fdt, node, c.name, "cpus", &cpus);
	c.time_stops = read_time(fdt, node, c.name, cpus);
	c.cpus = cpus > UINT32_MAX ? UINT32_MAX : (uint32_t)cpus;
	(void)read_number(fdt, node, c.name, "memory", &c.memory);
	c.assign = fdt_getprop(fdt, node, "firn,assign", &c.assign_bytes);
	read_modules(fdt, node, &c);
	read_l1_modules(fdt, node, &c);
	return c;
}

static bool is_vm(const void *fdt, int node)
{
	const char *name = fdt_get_name(fdt, node, NULL);

	return is_compatible(fdt, node, "firn,vm") || (name && strncmp(name, "vm@", 3) == 0);
}

static void check(const struct vm_config *c)
{
	if (!c->kernel.bytes)
		stop("%s: no module compatible with \"multiboot,kernel\"; add one, or start QEMU with -device guest-loader,kernel=",
		     c->name);
}

unsigned binding_read(const void *fdt, struct vm_config *config, unsigned max)
{
	int chosen = fdt_path_offset(fdt, "/chosen"), node;
	unsigned count = 0;

	if (chosen < 0)
		stop("the device tree has no /chosen node with a VM or a kernel; see docs/device-tree.md");
	fdt_for_each_subnode(node, fdt, chosen) {
		if (!is_vm(fdt, node))
			continue;
		if (count == max)
			stop("more than %u VMs; ask for fewer", max);
		config[count] = read_vm(fdt, node);
		check(&config[count++]);
	}
	if (count)
		return count;
	/* Modules right below /chosen: one VM with all CPUs and half of the memory. */
	config[0] = (struct vm_config){ .name = "/chosen" };
	config[0].mode = cpu_features()->nv2 ? NV_MODE_V84 : NV_MODE_V83;
	config[0].list_registers = cpu_features()->lr_count;
	read_modules(fdt, chosen, &config[0]);
	check(&config[0]);
	return 1;
}
