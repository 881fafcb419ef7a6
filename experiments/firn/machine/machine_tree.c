/*
 * How does L0 learn which VM to make?  From nodes /chosen/vm@N in its device tree, which host/vm/ reads; the
 * modules are described as Xen and QEMU's guest-loader do it.
 */
#define _GNU_SOURCE
#include "experiments/firn/machine/machine_tree.h"

#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"
#include "traces/ring.h"

/* Bytes that a VM's node may take in the tree, besides its bootargs; fdt_pack gives back what is left. */
#define SPACE_FOR_VM 8192

#define PATH_WORDS 80 /* of a function */

#define SPACE_FOR_MODULE 512 /* besides its bootargs */

/* libfdt's own fdt_setprop_string is a macro that converts strlen to int implicitly. */
static int set_string(void *tree, int node, const char *name, const char *value)
{
	return fdt_setprop(tree, node, name, value, (int)strlen(value) + 1);
}

/* What says which module is which; docs/device-tree.md has the binding. */
static const char kernel_compatible[] = "multiboot,kernel\0multiboot,module";
static const char ramdisk_compatible[] = "multiboot,ramdisk\0multiboot,module";

/* In new memory; NULL after one line on stderr. */
void *machine_tree_read(const char *path)
{
	FILE *file = fopen(path, "r");
	void *tree = NULL;
	size_t used = 0, got = 0;

	if (!file) {
		complain(STATUS_FAILED, "QEMU wrote no device tree: %s", strerror(errno));
		return NULL;
	}
	do {
		used += got;
		tree = grow(tree, used + 65536, 1);
		got = fread((char *)tree + used, 1, 65536, file);
	} while (got);
	fclose(file);
	if (used >= sizeof(struct fdt_header) && fdt_check_full(tree, used) == 0)
		return tree;
	complain(STATUS_FAILED, "QEMU wrote a device tree that libfdt does not accept");
	free(tree);
	return NULL;
}

/* In bytes. False after one line on stderr. */
bool machine_tree_ram(const void *tree, uint64_t *base, uint64_t *size)
{
	int length, node = fdt_node_offset_by_prop_value(tree, -1, "device_type", "memory", sizeof("memory"));
	const fdt64_t *reg = node < 0 ? NULL : fdt_getprop(tree, node, "reg", &length);

	if (!reg || length < (int)(2 * sizeof(*reg)) || fdt_address_cells(tree, 0) != 2 ||
	    fdt_size_cells(tree, 0) != 2)
		return !complain(STATUS_FAILED, "QEMU's device tree has no memory node with 64-bit cells");
	*base = fdt64_ld(&reg[0]);
	*size = fdt64_ld(&reg[1]);
	return true;
}

/* size: of compatible, which is several strings. bootargs may be NULL. libfdt's error number, 0 if all went well. */
static int add_module(void *tree, int vm, const struct vm_module *module, const char *compatible, size_t size,
		      const char *bootargs)
{
	char name[32];
	int node, error;

	snprintf(name, sizeof(name), "module@%llx", (unsigned long long)module->pa);
	node = fdt_add_subnode(tree, vm, name);
	if (node < 0)
		return node;
	error = fdt_setprop(tree, node, "compatible", compatible, (int)size);
	error = error ? error : fdt_setprop_u64(tree, node, "reg", module->pa);
	error = error ? error : fdt_appendprop_u64(tree, node, "reg", module->bytes);
	if (bootargs)
		error = error ? error : set_string(tree, node, "bootargs", bootargs);
	return error;
}

/* The node "chosen" of the VM's node. libfdt's error number, 0 if all went well. */
static int add_l1_modules(void *tree, int vm, const struct vm_node *config)
{
	int chosen = fdt_add_subnode(tree, vm, "chosen"), error = chosen < 0 ? chosen : 0;

	error = error ? error : fdt_setprop_u32(tree, chosen, "#address-cells", 2);
	error = error ? error : fdt_setprop_u32(tree, chosen, "#size-cells", 2);
	for (size_t n = config->l1_modules; !error && n--;) { /* a new subnode comes before the older ones */
		const struct l1_module *module = &config->l1_module[n];
		char compatible[COMPATIBLE_MAX + sizeof("multiboot,module") + 1];
		int length = 0;

		if (module->compatible)
			length = snprintf(compatible, COMPATIBLE_MAX + 1, "%s", module->compatible) + 1;
		memcpy(compatible + length, "multiboot,module", sizeof("multiboot,module"));
		error = add_module(tree, chosen, &module->file, compatible,
				   (size_t)length + sizeof("multiboot,module"), module->bootargs);
	}
	return error;
}

/* The functions of the VM's devices: the host bridge's path, and where they are on its bus. libfdt's error number, 0 if all went well. */
static int add_devices(void *tree, int node, const struct vm_node *vm, unsigned index)
{
	int bridge = fdt_node_offset_by_compatible(tree, -1, "pci-host-ecam-generic"), error;
	char path[64], name[PATH_WORDS];

	error = bridge < 0 ? bridge : fdt_get_path(tree, bridge, path, sizeof(path));
	for (size_t i = 0; !error && i < vm->devices->count; i++) {
		int length = snprintf(name, sizeof(name), "%s/@%x", path, devices_slot(i));

		if (vm->devices->device[i].vm == index)
			error = fdt_appendprop(tree, node, "firn,assign", name, length + 1);
	}
	return error;
}

/* libfdt's error number, 0 if all went well. */
static int add_vm(void *tree, const struct vm_node *vm, unsigned index)
{
	int chosen = fdt_path_offset(tree, "/chosen");
	int node, error;
	char name[16];

	snprintf(name, sizeof(name), "vm@%x", index);
	if (chosen < 0)
		chosen = fdt_add_subnode(tree, 0, "chosen");
	node = chosen < 0 ? chosen : fdt_add_subnode(tree, chosen, name);
	if (node < 0)
		return node;
	error = set_string(tree, node, "compatible", "firn,vm");
	error = error ? error : fdt_setprop_u32(tree, node, "#address-cells", 2);
	error = error ? error : fdt_setprop_u32(tree, node, "#size-cells", 2);
	error = error ? error : set_string(tree, node, "firn,mode", vm->mode);
	if (vm->markers)
		error = error ? error : fdt_setprop_empty(tree, node, "firn,markers");
	if (vm->virtual_time)
		error = error ? error : set_string(tree, node, "firn,virtual-time", vm->virtual_time);
	if (vm->e2h)
		error = error ? error : fdt_setprop_u32(tree, node, "firn,e2h", vm->e2h[0] == '1');
	if (vm->resets)
		error = error ? error : fdt_setprop_u32(tree, node, "firn,resets", vm->resets);
	if (vm->devices->count)
		error = error ? error : add_devices(tree, node, vm, index);
	error = error ? error : fdt_setprop_u32(tree, node, "cpus", vm->cpus);
	error = error ? error : fdt_setprop_u64(tree, node, "memory", vm->memory);
	if (!error && vm->l1_modules)
		error = add_l1_modules(tree, node, vm);
	if (!error && vm->ramdisk.bytes) /* a new subnode comes before the older ones */
		error = add_module(tree, node, &vm->ramdisk, ramdisk_compatible, sizeof(ramdisk_compatible),
				   NULL);
	if (error)
		return error;
	return add_module(tree, node, &vm->kernel, kernel_compatible, sizeof(kernel_compatible),
			  vm->bootargs);
}

/*
 * The rings are RAM that L0 must not give away.
 * libfdt's error number, 0 if all went well.
 */
static int add_rings(void *tree, const struct vm_node *vm)
{
	int node = fdt_path_offset(tree, "/reserved-memory"), error = 0;

	if (node < 0) {
		node = fdt_add_subnode(tree, 0, "reserved-memory");
		error = node < 0 ? node : fdt_setprop_u32(tree, node, "#address-cells", 2);
		error = error ? error : fdt_setprop_u32(tree, node, "#size-cells", 2);
		error = error ? error : fdt_setprop_empty(tree, node, "ranges");
	}
	node = error ? error : fdt_add_subnode(tree, node, "trace");
	if (node < 0)
		return node;
	error = set_string(tree, node, "compatible", TRACE_COMPATIBLE);
	error = error ? error : fdt_setprop_u64(tree, node, "reg", vm->trace.pa);
	error = error ? error : fdt_appendprop_u64(tree, node, "reg", vm->trace.bytes);
	return error ? error : fdt_setprop_u64(tree, node, TRACE_EVENTS_PROPERTY, vm->trace_events);
}

/* Bytes that are enough for a VM's node. */
static int space_for(const struct vm_node *vm)
{
	size_t size = SPACE_FOR_VM + strlen(vm->bootargs);

	for (size_t i = 0; i < vm->l1_modules; i++)
		size += SPACE_FOR_MODULE +
			(vm->l1_module[i].bootargs ? strlen(vm->l1_module[i].bootargs) : 0);
	return (int)size;
}

/* A memory file with the new tree; -1 after one line on stderr. The tree itself stays as it is. */
int machine_tree_with_vm(const void *tree, const struct vm_node *vm)
{
	int size = (int)fdt_totalsize(tree) + (int)vm->count * space_for(vm);
	void *copy = grow(NULL, (size_t)size, 1);
	int fd = -1, error = fdt_open_into(tree, copy, size);

	for (unsigned n = vm->count; n--;) /* the first one last, since it comes first then */
		error = error ? error : add_vm(copy, vm, n);
	if (vm->trace.bytes)
		error = error ? error : add_rings(copy, vm);
	error = error ? error : fdt_pack(copy);
	if (error)
		complain(STATUS_FAILED, "cannot add the VM to the device tree: %s", fdt_strerror(error));
	else {
		fd = memfd_create("dtb", 0);
		if (fd < 0 || write(fd, copy, fdt_totalsize(copy)) != (ssize_t)fdt_totalsize(copy)) {
			complain(STATUS_FAILED, "cannot write the device tree: %s", strerror(errno));
			if (fd >= 0)
				close(fd);
			fd = -1;
		}
	}
	free(copy);
	return fd;
}
