/*
 * Which vCPU runs where, and for how long?  Reads: sched.h.  Next: host/world/park.c.
 *
 * A vCPU that waits is looked at again by the CPU it last ran on: at the deadline of its first timer, or when queue_wake says so.
 */
#include "host/run/sched.h"

#include <stddef.h>

#include "host/core/gic.h"
#include "host/core/reach.h"
#include "host/device/interrupt.h"
#include "host/device/pci.h"
#include "host/device/pci_messages.h"
#include "host/interrupt/timer.h"
#include "host/interrupt/vgic.h"
#include "host/machine/cpu.h"
#include "host/machine/site.h"
#include "host/machine/sysreg.h"
#include "host/record/ledger.h"
#include "host/record/trace.h"
#include "host/report/pause.h"
#include "host/run/power.h"
#include "host/run/serror.h"
#include "host/vm/queue.h"
#include "host/vm/vm.h"
#include "host/world/controls.h"
#include "host/world/park.h"
#include "host/world/serror.h"

static uint64_t now(void)
{
	return clock_now();
}

/* --- loading --- */

/* v, claimed, into hardware. What L0 did for it began at this tick. */
static struct vcpu *load(struct vcpu *v, uint64_t since)
{
	v->queue.cpu->vcpu = v;
	if (__builtin_expect(v->queue.cpu->held_until != TIMER_NEVER, 0))
		pci_loaded(v->vm, v->queue.cpu);
	ledger_load(v, since);
	SITE_CALL(trace_on, trace_load, v, 0, 0, 0);
	unpark(v);
	return v;
}

/* --- waiting for work --- */

static void take_interrupt(struct cpu *cpu)
{
	uint32_t intid = gic_ack();

	if (gic_is_spurious(intid))
		return;
	if (intid == gic_intid_hyp_timer())
		timer_expired(cpu);
	gic_drop(intid);
	if (!device_interrupt(intid))
		gic_deactivate(intid);
}

/* The scheduler's next look, which is that of devices' messages that wait as well. */
static void look_by(struct cpu *cpu, uint64_t at)
{
	if (__builtin_expect(cpu->held_until != TIMER_NEVER, 0)) {
		pci_look(cpu);
		if (cpu->held_until < at)
			at = cpu->held_until;
	}
	timer_sched(cpu, at);
}

static struct vcpu *take_best(struct cpu *cpu)
{
	uint64_t look;
	struct vcpu *v = queue_take(cpu, &look);

	look_by(cpu, look);
	return v;
}

/* A piece of what L0 has to do before v can run is v's time. Then others may have theirs. */
static void restart_piece(struct vcpu *v, uint64_t since)
{
	power_restart_piece(v->vm);
	ledger_charge(v, since);
	queue_put(v, SHARE_RUNNABLE);
}

/* The next one that is to run here, in hardware. All of L0's time is somebody's, but that in which there is nobody to run. */
static struct vcpu *load_next(struct cpu *cpu)
{
	uint64_t since = now();
	struct vcpu *v;

	for (;;) {
		v = take_best(cpu);
		if (v && !power_is_restarting(v->vm))
			return load(v, since);
		if (v) {
			restart_piece(v, since);
		} else {
			wfi();
			queue_idled(cpu);
		}
		since = now();
		take_interrupt(cpu);
	}
}

/* --- leaving --- */

/* What v, which has a device of the machine, or L0 for it, has stored there is v's, and an error of that too. */
static __attribute__((cold, noinline)) void settle(struct vcpu *v)
{
	uint64_t esr = reach_error();

	if (!esr || serror_reflect(v, esr))
		return;
	world_drop_own_serror(v);
	world_keep_serror(v, esr);
}

/* Hardware holds nothing of v any more: it may go anywhere. */
static void unload(struct vcpu *v)
{
	if (v->vm->pci.count || v->vm->assigned_count)
		settle(v);
	park(v);
	ledger_charge(v, v->ledger.entered_l0);
	SITE_CALL(v->trace.cpu, trace_leave, v, 0, 0, 0);
	v->queue.cpu->vcpu = NULL;
}

/* What came up before the state was set called queue_wake in vain: it is looked for once more. */
static void put_waiting(struct vcpu *v)
{
	unload(v);
	queue_wait(v, v->timers.next);
	if (park_has_wakeup(v))
		queue_wake(v);
}

static void put_off(struct vcpu *v)
{
	unload(v);
	vgic_drop(v);
	queue_put(v, SHARE_OFF);
	power_vcpu_is_off(v);
}

/* The slice is over, or somebody poked: v goes on, or leaves. */
static bool goes_on(struct vcpu *v, bool yields)
{
	struct cpu *cpu = v->queue.cpu;
	uint64_t look;

	if (queue_is_preempted(v, yields, &look)) {
		unload(v);
		queue_preempt(v);
		return false;
	}
	look_by(cpu, look);
	world_load_controls(v); /* queue_hcr may have changed */
	return true;
}

static bool must_stop(const struct vcpu *v)
{
	enum vm_stop stopping = __atomic_load_n(&v->vm->stopping, __ATOMIC_ACQUIRE);

	return stopping == VM_OFF || stopping == VM_RESET;
}

static struct vcpu *load_next_that_runs(struct cpu *cpu)
{
	for (;;) {
		struct vcpu *v = load_next(cpu);

		if (!must_stop(v))
			return v;
		put_off(v);
	}
}

/* Not part of run_exit, which hardly ever calls it. */
__attribute__((noinline)) struct vcpu *sched_next(struct vcpu *v)
{
	struct cpu *cpu = v->queue.cpu;
	enum vcpu_leave leave = queue_looks(v);

	ledger_follow(v);
	if (leave == LEAVE_OFF || must_stop(v))
		put_off(v);
	else if (leave == LEAVE_WAITS)
		put_waiting(v);
	else if (goes_on(v, leave == LEAVE_YIELDS))
		return v;
	return load_next_that_runs(cpu);
}

struct vcpu *sched_first(void)
{
	struct cpu *cpu = this_cpu();

	queue_idled(cpu);
	return load_next_that_runs(cpu);
}
