/*
 * Which vCPU runs where, and for how long?  Reads: sched.h.  Next: park.c.
 *
 * One lock around the states of all vCPUs. A vCPU that waits is looked at again by the CPU it last ran on: at the deadline of
 * its first timer, or when sched_wake says so.
 */
#include "host/vcpu/sched.h"

#include <stddef.h>

#include "host/cpu/cpu.h"
#include "host/cpu/sysreg.h"
#include "host/interrupt/gic.h"
#include "host/interrupt/timer.h"
#include "host/report/ledger.h"
#include "host/report/panic.h"
#include "host/report/trace.h"
#include "host/report/uart.h"
#include "host/vcpu/park.h"
#include "host/vcpu/run.h"
#include "host/vcpu/world.h"
#include "host/vm/assigned.h"
#include "host/vm/pl011.h"
#include "host/vm/power.h"
#include "host/vm/vgic_hw.h"
#include "host/vm/vm.h"

#define SLICES_PER_SECOND 200
#define SHARING (HCR_TWI | HCR_TWE | HCR_FB | field_put(HCR_BSU, 1))

uint64_t sched_hcr;

static struct spinlock lock = SPINLOCK_INIT(RANK_SCHED);
static struct vcpu *all[LEDGER_MAX_VCPUS];
static unsigned count, on;
static uint64_t slice;
static uint64_t least; /* run time of the vCPU that was picked last: where those who join or wake begin */

static uint64_t now(void)
{
	return read_sysreg(CNTPCT_EL0);
}

void sched_init(void)
{
	slice = read_sysreg(CNTFRQ_EL0) / SLICES_PER_SECOND;
}

void sched_add(struct vcpu *v)
{
	if (count == LEDGER_MAX_VCPUS)
		panic("more than %u vCPUs", LEDGER_MAX_VCPUS);
	v->sched.state = VCPU_OFF;
	all[count++] = v;
}

/* --- poking --- */

/* cpu is to look for what runs next. */
static void poke(struct cpu *cpu)
{
	__atomic_store_n(&cpu->poked, true, __ATOMIC_RELEASE);
	if (cpu != this_cpu())
		gic_send_ipi(cpu->index);
	else if (cpu->vcpu)
		cpu->vcpu->resched = true;
}

static void poke_all(void)
{
	for (unsigned i = 0; i < cpu_count(); i++)
		if (cpu_at(i)->online)
			poke(cpu_at(i));
}

void sched_poked(struct vcpu *v)
{
	if (__atomic_exchange_n(&v->cpu->poked, false, __ATOMIC_ACQ_REL))
		v->resched = true;
}

/* --- with the lock held --- */

static void share_cpus_or_not(void)
{
	uint64_t wanted = on > cpus_online() ? SHARING : 0;

	if (wanted == sched_hcr)
		return;
	sched_hcr = wanted;
	poke_all();
}

/* Who has waited gets a slice ahead of the others at most: waiting is not saving. */
static void make_runnable(struct vcpu *v)
{
	uint64_t earliest = least > slice ? least - slice : 0;

	v->sched.state = VCPU_RUNNABLE;
	v->sched.since = now();
	if (v->sched.runtime < earliest)
		v->sched.runtime = earliest;
}

static uint64_t runtime_now(const struct vcpu *v)
{
	return v->sched.runtime + (v->sched.state == VCPU_RUNNING ? now() - v->sched.since : 0);
}

/* An idle CPU, its own one first; else the one whose vCPU has had most, if that is more than v has. */
static struct cpu *cpu_for(const struct vcpu *v)
{
	struct cpu *best = NULL, *home = cpu_at(v->sched.home);
	uint64_t most = v->sched.runtime + slice / 4;

	if (home->idle)
		return home;
	for (unsigned i = 0; i < cpu_count(); i++) {
		struct cpu *cpu = cpu_at(i);

		if (cpu->idle)
			return cpu;
		if (cpu->running && runtime_now(cpu->running) > most) {
			best = cpu;
			most = runtime_now(cpu->running);
		}
	}
	return best;
}

static void find_a_cpu(const struct vcpu *v)
{
	struct cpu *cpu = cpu_for(v);

	if (cpu)
		poke(cpu);
}

static void wake_due(const struct cpu *cpu, uint64_t t)
{
	for (unsigned i = 0; i < count; i++)
		if (all[i]->sched.state == VCPU_WAITING && all[i]->sched.home == cpu->index &&
		    all[i]->sched.wake_at <= t)
			make_runnable(all[i]);
}

static uint64_t first_wake_of(const struct cpu *cpu)
{
	uint64_t first = TIMER_NEVER;

	for (unsigned i = 0; i < count; i++)
		if (all[i]->sched.state == VCPU_WAITING && all[i]->sched.home == cpu->index &&
		    all[i]->sched.wake_at < first)
			first = all[i]->sched.wake_at;
	return first;
}

static bool is_better(const struct vcpu *a, const struct vcpu *b, const struct cpu *cpu)
{
	if (!b || a->sched.runtime != b->sched.runtime)
		return !b || a->sched.runtime < b->sched.runtime;
	return a->sched.home == cpu->index && b->sched.home != cpu->index;
}

/* The runnable one that has run least; not v. */
static struct vcpu *best_but(const struct vcpu *v, const struct cpu *cpu)
{
	struct vcpu *best = NULL;

	for (unsigned i = 0; i < count; i++)
		if (all[i] != v && all[i]->sched.state == VCPU_RUNNABLE && is_better(all[i], best, cpu))
			best = all[i];
	return best;
}

/* v is this CPU's from now on. */
static void claim(struct vcpu *v, struct cpu *cpu)
{
	uint64_t t = now();

	if (v->sched.state == VCPU_RUNNABLE && v->vm->time_stops)
		v->timers.offset += t - v->sched.since;
	v->sched.state = VCPU_RUNNING;
	v->sched.since = t;
	v->sched.home = cpu->index;
	v->cpu = cpu;
	cpu->running = v;
	if (v->sched.runtime > least)
		least = v->sched.runtime;
}

static void charge(struct vcpu *v)
{
	uint64_t t = now();

	v->sched.runtime += t - v->sched.since;
	v->sched.since = t;
}

/* --- loading --- */

static void set_deadline(struct cpu *cpu)
{
	uint64_t at = first_wake_of(cpu), end = cpu->running && sched_hcr ? now() + slice : TIMER_NEVER;

	timer_sched(cpu, at < end ? at : end);
}

/* v, claimed, into hardware. What L0 did for it began at this tick. */
static struct vcpu *load(struct vcpu *v, uint64_t since)
{
	v->cpu->vcpu = v;
	v->resched = false;
	ledger_follow(v);
	v->entered_l0 = since;
	trace_load(v);
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
	if (intid == uart_intid())
		pl011_input();
	if (!assigned_interrupt(intid))
		gic_deactivate(intid);
}

static struct vcpu *claim_best(struct cpu *cpu)
{
	struct vcpu *v;

	spin_lock(&lock);
	wake_due(cpu, now());
	v = best_but(NULL, cpu);
	if (v)
		claim(v, cpu);
	cpu->idle = !v;
	set_deadline(cpu);
	spin_unlock(&lock);
	return v;
}

/* v, claimed, gives its CPU back without having been loaded, charged with what was done for it since then. */
static void unclaim(struct vcpu *v, uint64_t since)
{
	v->ledger->now.ticks[LEDGER_L0] += now() - since;
	spin_lock(&lock);
	charge(v);
	v->sched.state = VCPU_RUNNABLE;
	v->cpu->running = NULL;
	v->cpu = NULL;
	spin_unlock(&lock);
}

/* The next one that is to run here, in hardware. All of L0's time is somebody's, but that in which there is nobody to run. */
static struct vcpu *load_next(struct cpu *cpu)
{
	uint64_t since = now();
	struct vcpu *v;

	for (;;) {
		v = claim_best(cpu);
		if (v && !power_is_restarting(v->vm))
			return load(v, since);
		if (v) {
			power_restart_piece(v->vm);
			unclaim(v, since);
		} else {
			wfi();
		}
		since = now();
		take_interrupt(cpu);
	}
}

/* --- leaving --- */

/* Hardware holds nothing of v any more: it may go anywhere. */
static void put(struct vcpu *v, enum vcpu_state state)
{
	struct cpu *cpu = v->cpu;

	v->ledger->now.ticks[LEDGER_L0] += now() - v->entered_l0;
	trace_leave(v);
	cpu->vcpu = NULL;
	spin_lock(&lock);
	charge(v);
	v->sched.state = state;
	v->cpu = NULL;
	cpu->running = NULL;
	spin_unlock(&lock);
}

/* What came up before the state was set called sched_wake in vain: it is looked for once more. */
static void put_waiting(struct vcpu *v)
{
	park(v);
	v->sched.wake_at = v->timers.next;
	put(v, VCPU_WAITING);
	if (park_has_wakeup(v))
		sched_wake(v);
}

/* The slice is over, or somebody poked: does another one run now? */
static struct vcpu *better_than(struct vcpu *v, bool yields)
{
	struct cpu *cpu = v->cpu;
	struct vcpu *next;

	spin_lock(&lock);
	charge(v);
	wake_due(cpu, now());
	next = best_but(v, cpu);
	if (next && !yields && !is_better(next, v, cpu))
		next = NULL;
	if (!next)
		set_deadline(cpu);
	else if (yields && !is_better(next, v, cpu))
		v->sched.runtime = next->sched.runtime + 1;
	spin_unlock(&lock);
	return next;
}

static bool must_stop(const struct vcpu *v)
{
	enum vm_stop stopping = __atomic_load_n(&v->vm->stopping, __ATOMIC_ACQUIRE);

	return stopping == VM_OFF || stopping == VM_RESET;
}

struct vcpu *sched_next(struct vcpu *v)
{
	struct cpu *cpu = v->cpu;
	enum vcpu_leave leave = v->sched.leave;

	v->resched = false;
	v->sched.leave = LEAVE_PREEMPTED;
	ledger_follow(v);
	if (must_stop(v))
		sched_off(v);
	if (leave == LEAVE_WAITS) {
		put_waiting(v);
	} else if (better_than(v, leave == LEAVE_YIELDS)) {
		park(v);
		put(v, VCPU_RUNNABLE);
	} else {
		world_load_controls(v); /* sched_hcr may have changed */
		return v;
	}
	for (;;) {
		v = load_next(cpu);
		if (!must_stop(v))
			return v;
		sched_off(v);
	}
}

void sched_wait(struct vcpu *v)
{
	v->sched.leave = LEAVE_WAITS;
	v->resched = true;
}

void sched_yield(struct vcpu *v)
{
	v->sched.leave = LEAVE_YIELDS;
	v->resched = true;
}

void sched_wake(struct vcpu *v)
{
	struct cpu *cpu;

	spin_lock(&lock);
	cpu = v->cpu;
	if (v->sched.state == VCPU_WAITING) {
		make_runnable(v);
		find_a_cpu(v);
	} else if (v->sched.state == VCPU_RUNNING && cpu != this_cpu()) {
		gic_send_ipi(cpu->index);
	}
	spin_unlock(&lock);
}

/* --- on and off --- */

void sched_on(struct vcpu *v)
{
	spin_lock(&lock);
	on++;
	if (v->sched.runtime < least) /* what it has had counts on */
		v->sched.runtime = least;
	v->sched.home = (v->vm->first_cpu + v->index) % cpu_count();
	make_runnable(v);
	v->sched.leave = LEAVE_PREEMPTED;
	share_cpus_or_not();
	find_a_cpu(v);
	spin_unlock(&lock);
}

void sched_stop_vm(struct vm *vm)
{
	spin_lock(&lock);
	for (unsigned i = 0; i < vm->nvcpus; i++)
		if (vm->vcpu[i]->sched.state == VCPU_WAITING)
			make_runnable(vm->vcpu[i]);
	spin_unlock(&lock);
	poke_all();
}

_Noreturn void sched_off(struct vcpu *v)
{
	struct cpu *cpu = v->cpu;

	park(v);
	vgic_drop(v);
	put(v, VCPU_OFF);
	spin_lock(&lock);
	on--;
	share_cpus_or_not();
	spin_unlock(&lock);
	power_vcpu_is_off(v);
	cpu_call_on_stack(cpu->stack_top, sched_run);
}

_Noreturn void sched_run(void)
{
	struct cpu *cpu = this_cpu();
	struct vcpu *v = load_next(cpu);

	if (must_stop(v))
		sched_off(v);
	run_first(v);
}
