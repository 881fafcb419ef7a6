/*
 * How do CPUs take turns?  L0 runs with interrupts masked and holds a lock for a bounded time.
 *
 * Order, outermost first: a VM's shadow tables, its vGIC, its console, the page allocator, the printer. A lock is never taken
 * by who holds it or a later one.
 */
#ifndef HOST_CPU_SPINLOCK_H
#define HOST_CPU_SPINLOCK_H

#include <stdatomic.h>

struct spinlock {
	atomic_flag taken; /* all zeroes is free */
};

#define SPINLOCK_INIT            \
	{                        \
		ATOMIC_FLAG_INIT \
	}

static inline void spin_lock(struct spinlock *lock)
{
	while (atomic_flag_test_and_set_explicit(&lock->taken, memory_order_acquire))
		;
}

static inline void spin_unlock(struct spinlock *lock)
{
	atomic_flag_clear_explicit(&lock->taken, memory_order_release);
}

#endif
