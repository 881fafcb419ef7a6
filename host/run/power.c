/* How does a VM begin, end, and begin again?  Reads: power.h.  Next: host/create/load.c. */
#include "host/run/power.h"

#include <stddef.h>

#include "host/create/load.h"
#include "host/device/assigned.h"
#include "host/device/pci.h"
#include "host/device/pl011.h"
#include "host/interrupt/vgic.h"
#include "host/machine/psci.h"
#include "host/machine/sysreg.h"
#include "host/report/pause.h"
#include "host/report/print.h"
#include "host/shadow/invalidate.h"
#include "host/shadow/watch.h"
#include "host/vm/queue.h"
#include "host/world/reset.h"

#define RESETS_WITHIN 10 /* seconds */

static void reset_first(struct vm *vm)
{
	struct vcpu *v = vm->vcpu[0];

	vcpu_reset(v, vm->load.entry, vm->load.dtb.val);
	vgic_reset(v);
	assigned_enable(vm);
	pci_begin(vm);
}

static void first_is_on(struct vm *vm)
{
	vm->vcpu[0]->power.on = true;
	__atomic_store_n(&vm->on, 1, __ATOMIC_RELEASE);
	queue_on(vm->vcpu[0]);
}

void power_on_all(void)
{
	struct vm *vm;

	for (unsigned i = 0; (vm = vm_get(i)) != NULL; i++) {
		reset_first(vm);
		first_is_on(vm);
	}
}

/* A VM that does nothing else, and may, does not fill the console: a line each second, which counts. */
static void say_restart(struct vm *vm)
{
	uint64_t now = clock_now(), times;

	vm->restarts++;
	if (!vm->config->resets && vm->said_restarts && now - vm->said_at < read_sysreg(CNTFRQ_EL0))
		return;
	times = vm->restarts - vm->said_restarts;
	if (times == 1)
		print("firn: VM %u starts again\n", vm->index);
	else
		print("firn: VM %u starts again, %lu times since it was said last\n", vm->index, times);
	vm->said_restarts = vm->restarts;
	vm->said_at = now;
}

/*
 * A VM that only resets itself again and again is of no use to anybody: is this reset the last that it may have?  The counter is
 * the machine's, so a VM that waits its turn is not taken for a quick one.
 */
static bool is_one_too_many(struct vm *vm)
{
	uint64_t limit = vm->config->resets, now = read_sysreg(CNTPCT_EL0), first;

	if (!limit)
		return false;
	vm->reset_at[vm->restarts % limit] = now;
	first = vm->reset_at[(vm->restarts + 1) % limit];
	if (vm->restarts + 1 < limit || now - first >= RESETS_WITHIN * read_sysreg(CNTFRQ_EL0))
		return false;
	print("firn: VM %u asked for a reset", vm->index);
	if (limit > 1)
		print(", the %lu. within %u seconds", limit, RESETS_WITHIN);
	print("; it stays off\n");
	return true;
}

/* All vCPUs are off: devices as out of reset. What L1 logged, and watched for that, ends with it. */
static void reset_devices(struct vm *vm)
{
	for (enum page_log_kind kind = 0; kind < PAGE_LOGS; kind++)
		watch_stop(vm, kind);
	shadow_forget(vm);
	stage2_flush_all(&vm->stage2);
	spin_lock(&vm->uart.lock);
	pl011_reset(&vm->uart);
	spin_unlock(&vm->uart.lock);
	spin_lock(&vm->vgic_lock);
	vgic_init(vm);
	spin_unlock(&vm->vgic_lock);
}

bool power_is_restarting(const struct vm *vm)
{
	return __atomic_load_n(&vm->stopping, __ATOMIC_ACQUIRE) == VM_RESTARTS;
}

/* After the devices the modules get into RAM again. What else RAM held stays there. */
void power_restart_piece(struct vm *vm)
{
	if (!pci_is_ready(vm))
		return;
	if (vm->devices_stale) {
		say_restart(vm);
		reset_devices(vm);
		vm->devices_stale = false;
		return;
	}
	if (!load_piece(vm, vm->config, &vm->load))
		return;
	reset_first(vm);
	__atomic_store_n(&vm->stopping, VM_RUNS, __ATOMIC_RELEASE);
}

static void begin_again(struct vm *vm)
{
	vm->devices_stale = true;
	vm->load.next = 0;
	vm->load.done = 0;
	__atomic_store_n(&vm->stopping, VM_RESTARTS, __ATOMIC_RELEASE);
	first_is_on(vm);
}

static bool any_runs(void)
{
	const struct vm *vm;

	for (unsigned i = 0; (vm = vm_get(i)) != NULL; i++)
		if (__atomic_load_n(&vm->on, __ATOMIC_ACQUIRE))
			return true;
	return false;
}

bool power_vcpu_on(struct vcpu *v, l1_ipa_t entry, uint64_t x0)
{
	if (__atomic_exchange_n(&v->power.on, true, __ATOMIC_ACQ_REL))
		return false;
	vcpu_reset(v, entry, x0);
	vgic_reset(v);
	__atomic_add_fetch(&v->vm->on, 1, __ATOMIC_ACQ_REL);
	queue_on(v);
	return true;
}

bool power_vcpu_is_on(const struct vcpu *v)
{
	return __atomic_load_n(&v->power.on, __ATOMIC_ACQUIRE);
}

void power_vcpu_is_off(struct vcpu *v)
{
	struct vm *vm = v->vm;

	__atomic_store_n(&v->power.on, false, __ATOMIC_RELEASE);
	if (__atomic_sub_fetch(&vm->on, 1, __ATOMIC_ACQ_REL))
		return;
	assigned_disable(vm);
	pci_end(vm);
	if (vm->stopping == VM_RESET && !is_one_too_many(vm))
		begin_again(vm);
	else if (!any_runs())
		psci_system_off();
}
