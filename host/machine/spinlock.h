/*
 * How do CPUs take turns?  L0 runs with interrupts masked and holds a lock for a bounded time.
 *
 * A CPU that holds a lock takes only locks of a higher rank: the order of enum lock_rank. `make DEBUG=1` builds an L0 that
 * checks it at each lock and panics with both ranks. Next: cpu.h.
 */
#ifndef HOST_MACHINE_SPINLOCK_H
#define HOST_MACHINE_SPINLOCK_H

#include <stdatomic.h>
#include <stdint.h>

/* Outermost first. */
enum lock_rank {
	RANK_PCI,     /* a VM's PCI functions */
	RANK_SHADOW,  /* its shadow tables */
	RANK_CONSOLE, /* its console: it raises and lowers a line of the GIC */
	RANK_VGIC,    /* its GIC */
	RANK_SCHED,   /* who runs where */
	RANK_VMID,    /* which VMIDs are in use */
	RANK_SMMU,    /* the SMMU's tables and queues */
	RANK_ITS,     /* the ITS's queue */
	RANK_PAGES,   /* the page allocator */
	RANK_PRINT,   /* the printer */
};

struct spinlock {
	atomic_flag taken; /* all zeroes is free */
#ifdef FIRN_DEBUG
	uint8_t rank;
#endif
};

#ifdef FIRN_DEBUG
#define SPINLOCK_INIT(r)              \
	{                             \
		ATOMIC_FLAG_INIT, (r) \
	}
#define spin_init(lock, r) ((lock)->rank = (r))
/* Ends it all: lock is taken while held, a bit for each rank from its own on, is not empty. Boot sets it. */
extern void (*spin_out_of_order)(const char *lock, uint32_t held);
void spin_check_lock(const struct spinlock *lock);
void spin_check_unlock(const struct spinlock *lock);
#else
#define SPINLOCK_INIT(r)         \
	{                        \
		ATOMIC_FLAG_INIT \
	}
#define spin_init(lock, r) ((void)(lock))
#define spin_check_lock(lock) ((void)(lock))
#define spin_check_unlock(lock) ((void)(lock))
#endif

static inline void spin_lock(struct spinlock *lock)
{
	spin_check_lock(lock);
	while (atomic_flag_test_and_set_explicit(&lock->taken, memory_order_acquire))
		;
}

static inline void spin_unlock(struct spinlock *lock)
{
	spin_check_unlock(lock);
	atomic_flag_clear_explicit(&lock->taken, memory_order_release);
}

#endif
