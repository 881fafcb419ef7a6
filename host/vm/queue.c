/* Which vCPUs want a CPU, and which CPU is to look for one?  Reads: queue.h.  Next: nv/share.c, host/run/sched.c. */
#include "host/vm/queue.h"

#include <stddef.h>

#include "host/core/gic.h"
#include "host/machine/cpu.h"
#include "host/machine/spinlock.h"
#include "host/machine/sysreg.h"
#include "host/report/panic.h"
#include "host/report/pause.h"
#include "host/vm/vm.h"

#define SLICES_PER_SECOND 200
#define SHARING (HCR_TWI | HCR_TWE | HCR_FB | field_put(HCR_BSU, 1))

uint64_t queue_hcr;

static struct spinlock lock = SPINLOCK_INIT(RANK_SCHED);
static struct shares all;
static unsigned on;
static uint64_t crowded_at; /* when there were last more vCPUs than CPUs */

static uint64_t now(void)
{
	return clock_now();
}

static struct vcpu *vcpu_of(struct share *e)
{
	return e ? (struct vcpu *)((char *)e - offsetof(struct vcpu, queue.share)) : NULL;
}

void queue_init(void)
{
	all.slice = read_sysreg(CNTFRQ_EL0) / SLICES_PER_SECOND;
}

void queue_add(struct vcpu *v)
{
	if (!shares_add(&all, &v->queue.share))
		panic("more than %u vCPUs", SHARES_MAX);
}

/* --- poking --- */

/* cpu is to look for what runs next. */
static void poke(struct cpu *cpu)
{
	__atomic_store_n(&cpu->poked, true, __ATOMIC_RELEASE);
	if (cpu != this_cpu())
		gic_send_ipi(cpu->index);
	else if (cpu->vcpu)
		cpu->vcpu->queue.resched = true;
}

void queue_poked(struct vcpu *v)
{
	if (__atomic_exchange_n(&v->queue.cpu->poked, false, __ATOMIC_ACQ_REL))
		v->queue.resched = true;
}

void queue_look(struct vcpu *v)
{
	__atomic_store_n(&v->queue.resched, true, __ATOMIC_RELEASE);
}

void queue_leave(struct vcpu *v, enum vcpu_leave leave)
{
	v->queue.leave = leave;
	v->queue.resched = true;
}

enum vcpu_leave queue_looks(struct vcpu *v)
{
	enum vcpu_leave leave = v->queue.leave;

	v->queue.resched = false;
	v->queue.leave = LEAVE_PREEMPTED;
	return leave;
}

/* --- with the lock held --- */

/*
 * CPUs are shared at once when there are too few of them, and are not any more when there were enough for a slice: a VM that switches a
 * vCPU on and off all the time does not poke the others' CPUs all the time.
 */
static void share_cpus_or_not(uint64_t t)
{
	bool crowded = on > cpus_online();

	if (crowded)
		crowded_at = t;
	if (crowded == !!queue_hcr || (!crowded && t - crowded_at < all.slice))
		return;
	queue_hcr = crowded ? SHARING : 0;
	for (unsigned i = 0; i < cpu_count(); i++)
		if (cpu_is_online(cpu_at(i)))
			poke(cpu_at(i));
}

/* An idle CPU, its own one first; else the one whose vCPU has had most, if that is more than v has. */
static struct cpu *cpu_for(const struct vcpu *v, uint64_t t)
{
	struct cpu *best = NULL, *home = cpu_at(v->queue.share.home);
	uint64_t most = v->queue.share.runtime + all.slice / 4;

	if (home->idle)
		return home;
	for (unsigned i = 0; i < cpu_count(); i++) {
		struct cpu *cpu = cpu_at(i);

		if (cpu->idle)
			return cpu;
		if (cpu->running && share_runtime(&cpu->running->queue.share, t) > most) {
			best = cpu;
			most = share_runtime(&cpu->running->queue.share, t);
		}
	}
	return best;
}

static void find_a_cpu(const struct vcpu *v, uint64_t t)
{
	struct cpu *cpu = cpu_for(v, t);

	if (cpu)
		poke(cpu);
}

static uint64_t next_look(const struct cpu *cpu, uint64_t t)
{
	uint64_t wake = shares_first_wake(&all, cpu->index);
	uint64_t end = cpu->running && queue_hcr ? t + all.slice : TIMER_NEVER;

	return wake < end ? wake : end;
}

/* v is this CPU's from now on. */
static void take(struct vcpu *v, struct cpu *cpu, uint64_t t)
{
	v->queue.away = t - v->queue.share.since;
	share_take(&all, &v->queue.share, cpu->index, cpu->charged);
	v->queue.cpu = cpu;
	v->queue.resched = false;
	cpu->running = v;
}

/* --- the switch --- */

struct vcpu *queue_take(struct cpu *cpu, uint64_t *look)
{
	struct vcpu *v;
	uint64_t t;

	spin_lock(&lock);
	t = now();
	shares_wake_due(&all, cpu->index, t);
	v = vcpu_of(shares_best_but(&all, NULL, cpu->index));
	if (v)
		take(v, cpu, t);
	cpu->idle = !v;
	*look = next_look(cpu, t);
	spin_unlock(&lock);
	return v;
}

bool queue_is_preempted(struct vcpu *v, bool yields, uint64_t *look)
{
	struct cpu *cpu = v->queue.cpu;
	bool preempted;
	uint64_t t;

	spin_lock(&lock);
	t = now();
	share_charge(&v->queue.share, t);
	shares_wake_due(&all, cpu->index, t);
	share_cpus_or_not(t);
	preempted = shares_instead(&all, &v->queue.share, cpu->index, yields) != NULL;
	*look = next_look(cpu, t);
	spin_unlock(&lock);
	return preempted;
}

/* With the lock held. */
static void leave(struct vcpu *v, enum share_state state)
{
	struct cpu *cpu = v->queue.cpu;

	cpu->charged = v->queue.share.since;
	cpu->running = NULL;
	v->queue.share.state = state;
	v->queue.cpu = NULL;
	if (state == SHARE_OFF)
		on--;
}

void queue_put(struct vcpu *v, enum share_state state)
{
	spin_lock(&lock);
	share_charge(&v->queue.share, now());
	leave(v, state);
	spin_unlock(&lock);
}

void queue_wait(struct vcpu *v, uint64_t wake_at)
{
	spin_lock(&lock);
	share_charge(&v->queue.share, now());
	v->queue.share.wake_at = wake_at;
	leave(v, SHARE_WAITING);
	spin_unlock(&lock);
}

void queue_preempt(struct vcpu *v)
{
	spin_lock(&lock);
	leave(v, SHARE_RUNNABLE);
	spin_unlock(&lock);
}

void queue_idled(struct cpu *cpu)
{
	cpu->charged = now();
}

void queue_wake(struct vcpu *v)
{
	struct cpu *cpu;
	uint64_t t;

	spin_lock(&lock);
	t = now();
	cpu = v->queue.cpu;
	if (v->queue.share.state == SHARE_WAITING) {
		share_wake(&all, &v->queue.share, t);
		find_a_cpu(v, t);
	} else if (v->queue.share.state == SHARE_RUNNING && cpu != this_cpu()) {
		gic_send_ipi(cpu->index);
	}
	spin_unlock(&lock);
}

/* --- on and off --- */

void queue_on(struct vcpu *v)
{
	uint64_t t;

	spin_lock(&lock);
	t = now();
	on++;
	share_join(&all, &v->queue.share, (v->vm->first_cpu + v->index) % cpu_count(), t);
	v->queue.leave = LEAVE_PREEMPTED;
	share_cpus_or_not(t);
	find_a_cpu(v, t);
	spin_unlock(&lock);
}

void queue_stop_vm(struct vm *vm)
{
	uint64_t t;

	spin_lock(&lock);
	t = now();
	for (unsigned i = 0; i < vm->nvcpus; i++) {
		struct vcpu *v = vm->vcpu[i];

		if (v->queue.share.state == SHARE_WAITING) {
			share_wake(&all, &v->queue.share, t);
			find_a_cpu(v, t);
		} else if (v->queue.share.state == SHARE_RUNNING) {
			poke(v->queue.cpu);
		}
	}
	spin_unlock(&lock);
}
