/* Does a CPU take its locks in the order of enum lock_rank?  For the debug build.  Reads: spinlock.h. */
#include "host/machine/spinlock.h"

#ifdef FIRN_DEBUG

#include "host/machine/cpu.h"

void (*spin_out_of_order)(const char *lock, uint32_t held);

static const char *const names[] = { "shadow", "console", "vgic", "sched", "vmid", "pages", "print" };

/* TPIDR_EL2 is 0 until cpu_init. */
void spin_check_lock(const struct spinlock *lock)
{
	struct cpu *cpu = this_cpu();
	uint32_t not_below;

	if (!cpu)
		return;
	not_below = cpu->locks_held >> lock->rank;
	if (not_below) {
		cpu->locks_held = 0; /* the panic itself prints */
		spin_out_of_order(names[lock->rank], not_below);
	}
	cpu->locks_held |= 1U << lock->rank;
}

void spin_check_unlock(const struct spinlock *lock)
{
	struct cpu *cpu = this_cpu();

	if (cpu)
		cpu->locks_held &= ~(1U << lock->rank);
}

#else

/* ISO C wants a declaration in each file. */
extern const char spinlock_checks_nothing;

#endif
