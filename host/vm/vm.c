/* What is a VM to L0?  Made here, from what the device tree asked for.  Reads: vm.h, binding.h.  Next: load.c. */
#include "host/vm/vm.h"

#include <string.h>

#include "host/cpu/cpu.h"
#include "host/cpu/features.h"
#include "host/cpu/psci.h"
#include "host/memory/pages.h"
#include "host/memory/shadow.h"
#include "host/report/panic.h"
#include "host/report/print.h"
#include "host/vcpu/sched.h"
#include "host/vcpu/vcpu.h"
#include "host/vm/assign.h"
#include "host/vm/assigned.h"
#include "host/vm/binding.h"
#include "host/vm/load.h"
#include "host/vm/page_log.h"
#include "host/vm/stage2.h"
#include "host/vm/vgic_hw.h"
#include "host/vm/vmid.h"
#include "nv/arch/fields.h"

#define GIB (UINT64_C(1) << 30)
#define MIB_2 (UINT64_C(2) << 20)

static struct vm vms[VM_MAX];
static struct vm_config config[VM_MAX]; /* names and bootargs are in the device tree, which stays */
static unsigned vm_count;
static unsigned cpus_given;

struct vm *vm_get(unsigned index)
{
	return index < vm_count ? &vms[index] : NULL;
}

/* --- L1's memory --- */

bool vm_translate(const struct vm *vm, l1_ipa_t ipa, pa_t *out, uint64_t *contiguous_bytes)
{
	uint64_t offset = ipa.val - VM_RAM_BASE;

	if (ipa.val < VM_RAM_BASE || offset >= vm->ram_size)
		return false;
	out->val = vm->ram_pa.val + offset;
	*contiguous_bytes = vm->ram_size - offset;
	return true;
}

/* NULL: not eight bytes of RAM. */
static uint64_t *u64_at(const struct vm *vm, l1_ipa_t ipa, bool write)
{
	uint64_t contiguous;
	pa_t pa;

	if (ipa.val % sizeof(uint64_t) || !vm_translate(vm, ipa, &pa, &contiguous))
		return NULL;
	if (vm->log)
		page_log_note(vm->log, ipa, write);
	return pa_to_va(pa);
}

bool vm_read_u64(const struct vm *vm, l1_ipa_t ipa, uint64_t *value)
{
	const uint64_t *p = u64_at(vm, ipa, false);

	if (!p)
		return false;
	*value = __atomic_load_n(p, __ATOMIC_ACQUIRE);
	return true;
}

bool vm_write_u64(const struct vm *vm, l1_ipa_t ipa, uint64_t value)
{
	uint64_t *p = u64_at(vm, ipa, true);

	if (!p)
		return false;
	__atomic_store_n(p, value, __ATOMIC_RELEASE);
	return true;
}

bool vm_cmpxchg_u64(const struct vm *vm, l1_ipa_t ipa, uint64_t expected, uint64_t desired, bool *swapped)
{
	uint64_t *p = u64_at(vm, ipa, true);

	if (!p)
		return false;
	*swapped =
		__atomic_compare_exchange_n(p, &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	return true;
}

/* --- making a VM --- */

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
	vm->stage2 = (struct stage2){ root, { vttbr(root, c), vttbr(root, c) } };
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
		sched_add(vm->vcpu[i]);
	}
}

static struct loaded make_vm(const void *fdt, struct vm *vm, const struct vm_config *c)
{
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
	return load_modules(vm, c);
}

static void start(struct vm *vm, struct loaded at)
{
	struct vcpu *v = vm->vcpu[0];

	vcpu_reset(v, at.entry, at.dtb.val);
	vgic_reset(v);
	v->powered_on = true;
	vm->on = 1;
	assigned_enable(vm);
	sched_on(v);
}

/* All vCPUs are off: devices as out of reset, the modules in RAM again. What else RAM held stays there. */
static void restart(struct vm *vm)
{
	print("firn: VM %u starts again\n", vm->index);
	shadow_forget(vm);
	tlbi_alle1is();
	dsb_ish();
	spin_lock(&vm->uart.lock);
	pl011_reset(&vm->uart);
	spin_unlock(&vm->uart.lock);
	spin_lock(&vm->vgic_lock);
	vgic_init(vm);
	spin_unlock(&vm->vgic_lock);
	__atomic_store_n(&vm->stopping, VM_RUNS, __ATOMIC_RELEASE);
	start(vm, load_modules(vm, &config[vm->index]));
}

static bool any_runs(void)
{
	for (unsigned i = 0; i < vm_count; i++)
		if (__atomic_load_n(&vms[i].on, __ATOMIC_ACQUIRE))
			return true;
	return false;
}

void vm_vcpu_is_off(struct vcpu *v)
{
	struct vm *vm = v->vm;

	__atomic_store_n(&v->powered_on, false, __ATOMIC_RELEASE);
	if (__atomic_sub_fetch(&vm->on, 1, __ATOMIC_ACQ_REL))
		return;
	assigned_disable(vm);
	if (vm->stopping == VM_RESET)
		restart(vm);
	else if (!any_runs())
		psci_system_off();
}

void vm_create_all(const void *fdt)
{
	struct loaded loaded[VM_MAX];
	unsigned count = binding_read(fdt, config, VM_MAX);

	for (unsigned i = 0; i < count; i++) {
		vms[i].index = i;
		loaded[i] = make_vm(fdt, &vms[i], &config[i]);
		print("firn: VM %u: %s mode, %u vCPUs, %lu MiB, kernel at %lx\n", i,
		      vms[i].mode == NV_MODE_V84 ? "nv2" : "nv", vms[i].nvcpus, vms[i].ram_size >> 20,
		      loaded[i].entry.val);
	}
	vm_count = count;
	for (unsigned i = 0; i < count; i++)
		start(&vms[i], loaded[i]);
}
