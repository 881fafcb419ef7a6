/* Which VMs are there, and what is in their memory?  Reads: vm.h.  Next: host/create/vms.c, host/run/power.c. */
#include "host/vm/vm.h"

#include <stddef.h>

#include "host/core/mmu.h"
#include "host/vm/page_log.h"

static struct vm vms[VM_MAX];
static unsigned count;

struct vm *vm_add(void)
{
	struct vm *vm = &vms[count];

	if (count == VM_MAX)
		return NULL;
	vm->index = count++;
	return vm;
}

struct vm *vm_get(unsigned index)
{
	return index < count ? &vms[index] : NULL;
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
