/* How are VMs made from what the device tree asked for?  Reads: vms.h, binding.h.  Next: load.c, then host/run/power.c. */
#include "host/create/vms.h"

#include <string.h>

#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "host/create/assign.h"
#include "host/create/binding.h"
#include "host/create/load.h"
#include "host/device/pl011.h"
#include "host/interrupt/vgic.h"
#include "host/machine/cpu.h"
#include "host/report/panic.h"
#include "host/report/print.h"
#include "host/shadow/trees.h"
#include "host/vm/queue.h"
#include "host/vm/stage2.h"
#include "host/vm/vmid.h"
#include "host/world/reset.h"
#include "nv/arch/fields.h"

#define GIB (UINT64_C(1) << 30)
#define MIB_2 (UINT64_C(2) << 20)

static struct vm_config config[VM_MAX]; /* names and bootargs are in the device tree, which stays */
static unsigned cpus_given;

/* vCPUs need no CPU of their own. Without a number the VM has as many as there are CPUs. */
static void take_cpus(struct vm *vm, const struct vm_config *c)
{
	unsigned wanted = c->cpus ? c->cpus : cpu_count();

	if (!c->cpus && wanted > VM_MAX_VCPUS)
		wanted = VM_MAX_VCPUS;
	if (wanted > VM_MAX_VCPUS)
		stop("%s: %u CPUs asked for, a VM has at most %u; ask for fewer", c->name, wanted,
		     VM_MAX_VCPUS);
	vm->nvcpus = wanted;
	vm->first_cpu = cpus_given;
	cpus_given += wanted;
}

/*
 * The RAM is what the firmware left of it: nothing of L0's was ever there. Its alignment decides how large the blocks
 * are that map it.
 */
static void take_memory(struct vm *vm, const struct vm_config *c)
{
	uint64_t size = c->memory ? c->memory : (memory_total() / 2) & ~(MIB_2 - 1);

	if (size % MIB_2)
		stop("%s: memory of %lx bytes is not a multiple of 2 MiB; round it up", c->name, size);
	if (size < 2 * MIB_2)
		stop("%s: memory of %lu MiB is too little; a VM needs 4 MiB and its kernel", c->name,
		     size >> 20);
	if (size > BIT(47) || !stage2_reaches(VM_RAM_BASE + size))
		stop("%s: memory of %lu MiB is more than this machine can map; ask for less", c->name,
		     size >> 20);
	vm->ram_size = size;
	if (size >= GIB && memory_alloc(size, GIB, &vm->ram_pa))
		return;
	if (!memory_alloc(size, MIB_2, &vm->ram_pa))
		stop("%s: memory of %lu MiB asked for, but of the %lu MiB left not so much is in one piece; ask for less or start QEMU with a larger -m",
		     c->name, size >> 20, memory_left() >> 20);
}

static void no_memory(const struct vm_config *c)
{
	stop("%s: no memory left for L0's own tables; ask for less memory or start QEMU with a larger -m",
	     c->name);
}

static uint64_t vttbr(pa_t root, const struct vm_config *c)
{
	uint16_t vmid = vmid_alloc();

	if (!vmid)
		stop("%s: no VMID left; ask for fewer VMs", c->name);
	return root.val | field_put(VTTBR_VMID, vmid);
}

static void make_stage2(struct vm *vm, const struct vm_config *c)
{
	pa_t root;

	if (!stage2_create(&root) || !stage2_map(root, (l1_ipa_t){ VM_RAM_BASE }, vm->ram_pa, vm->ram_size))
		no_memory(c);
	vm->stage2 = (struct stage2){ .root = root, .vttbr = { vttbr(root, c), vttbr(root, c) } };
	vm->vtcr = stage2_vtcr();
}

static void make_vcpus(struct vm *vm, const struct vm_config *c)
{
	for (unsigned i = 0; i < vm->nvcpus; i++) {
		pa_t pa;

		if (!memory_alloc(sizeof(struct vcpu), PAGE_SIZE, &pa))
			no_memory(c);
		vm->vcpu[i] = pa_to_va(pa);
		memset(vm->vcpu[i], 0, sizeof(struct vcpu));
		if (!vcpu_init(vm->vcpu[i], vm, i, vm->mode, vm->e2h))
			no_memory(c);
		queue_add(vm->vcpu[i]);
	}
}

static void make_vm(const void *fdt, struct vm *vm, const struct vm_config *c)
{
	vm->config = c;
	vm->mode = c->mode;
	vm->e2h = c->e2h;
	vm->markers = c->markers;
	vm->l1_lrs = c->list_registers;
	vm->time_stops = c->time_stops;
	take_cpus(vm, c);
	take_memory(vm, c);
	make_stage2(vm, c);
	if (c->assign)
		assign_devices(fdt, vm, c->name, c->assign, c->assign_bytes);
	if (!shadow_create(vm))
		no_memory(c);
	spin_init(&vm->vgic_lock, RANK_VGIC);
	spin_init(&vm->uart.lock, RANK_CONSOLE);
	make_vcpus(vm, c);
	vgic_init(vm);
	pl011_reset(&vm->uart);
	vm->load = load_plan(vm, c);
	while (!load_piece(vm, c, &vm->load))
		;
}

void vms_create(const void *fdt)
{
	unsigned count = binding_read(fdt, config, VM_MAX);

	for (unsigned i = 0; i < count; i++) {
		struct vm *vm = vm_add();

		make_vm(fdt, vm, &config[i]);
		print("firn: VM %u: %s mode, %u vCPUs, %lu MiB, kernel at %lx\n", i,
		      vm->mode == NV_MODE_V84 ? "nv2" : "nv", vm->nvcpus, vm->ram_size >> 20,
		      vm->load.entry.val);
	}
}
