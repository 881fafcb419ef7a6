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

/* How far in the VM's RAM?  False: it is not there. */
static inline bool in_ram(const struct vm *vm, l1_ipa_t ipa, uint64_t *offset)
{
	*offset = ipa.val - VM_RAM_BASE;
	return *offset < vm->ram_size;
}

bool vm_translate(const struct vm *vm, l1_ipa_t ipa, pa_t *out, uint64_t *contiguous_bytes)
{
	uint64_t offset;

	if (!in_ram(vm, ipa, &offset))
		return false;
	out->val = vm->ram_pa.val + offset;
	*contiguous_bytes = vm->ram_size - offset;
	return true;
}

/* NULL: not bytes of RAM, at a multiple of that: a power of two, of which RAM is a multiple. */
static inline void *piece_at(const struct vm *vm, l1_ipa_t ipa, uint64_t bytes, bool write)
{
	uint64_t offset;

	if (ipa.val % bytes || !in_ram(vm, ipa, &offset))
		return NULL;
	if (__builtin_expect(vm->log != NULL, 0))
		page_log_note(vm->log, ipa, write);
	return pa_to_va((pa_t){ vm->ram_pa.val + offset });
}

bool vm_read_u64(const struct vm *vm, l1_ipa_t ipa, uint64_t *value)
{
	const uint64_t *p = piece_at(vm, ipa, sizeof(*p), false);

	if (!p)
		return false;
	*value = __atomic_load_n(p, __ATOMIC_ACQUIRE);
	return true;
}

bool vm_read_pair(const struct vm *vm, l1_ipa_t ipa, uint64_t value[2])
{
	const uint64_t *p = piece_at(vm, ipa, 2 * sizeof(*p), false);

	if (!p)
		return false;
	value[0] = __atomic_load_n(&p[0], __ATOMIC_ACQUIRE);
	value[1] = __atomic_load_n(&p[1], __ATOMIC_ACQUIRE);
	return true;
}

bool vm_write_u64(const struct vm *vm, l1_ipa_t ipa, uint64_t value)
{
	uint64_t *p = piece_at(vm, ipa, sizeof(*p), true);

	if (!p)
		return false;
	__atomic_store_n(p, value, __ATOMIC_RELEASE);
	return true;
}

bool vm_write_u32(const struct vm *vm, l1_ipa_t ipa, uint32_t value)
{
	uint32_t *p = piece_at(vm, ipa, sizeof(*p), true);

	if (!p)
		return false;
	__atomic_store_n(p, value, __ATOMIC_RELEASE);
	return true;
}

bool vm_cmpxchg_u64(const struct vm *vm, l1_ipa_t ipa, uint64_t expected, uint64_t desired, bool *swapped)
{
	uint64_t *p = piece_at(vm, ipa, sizeof(*p), true);

	if (!p)
		return false;
	*swapped =
		__atomic_compare_exchange_n(p, &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	return true;
}
