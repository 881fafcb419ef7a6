/*
 * Who runs next, and how long has each one run?  Every CPU takes the one that has run least of those that want to. Waiting is not
 * saving: who wakes is at most a slice behind the one that was taken last, and who is switched off and on again has had what it had.
 * Pure: times are the caller's, in ticks; the caller has the lock.  Next: share.c, host/vm/queue.h.
 */
#ifndef NV_SHARE_H
#define NV_SHARE_H

#include <stdbool.h>
#include <stdint.h>

#define SHARES_MAX 64
#define SHARE_NEVER UINT64_MAX

enum share_state {
	SHARE_OFF,
	SHARE_RUNNABLE, /* in memory, wants a CPU */
	SHARE_RUNNING,	/* in hardware, or on its way there or back */
	SHARE_WAITING,	/* in memory, until share_wake or wake_at */
};

struct share {
	enum share_state state;
	unsigned home;	  /* the CPU that it ran on last, which looks at it while it waits */
	uint64_t runtime; /* ticks that it has had */
	uint64_t since;	  /* RUNNABLE: when it began to want a CPU; RUNNING: until when runtime is counted */
	uint64_t wake_at; /* WAITING: SHARE_NEVER is nothing */
};

struct shares {
	struct share *of[SHARES_MAX];
	unsigned count;
	uint64_t slice;
	uint64_t
		least; /* of the one that was taken last: where those who join begin, and those who wake, a slice before it */
};

/* e becomes known, and is off. False: there are SHARES_MAX already. */
bool shares_add(struct shares *s, struct share *e);

/* e, which is off, wants to run from now on; first where is said. */
void share_join(struct shares *s, struct share *e, unsigned home, uint64_t now);

/* e, which waits, wants to run. The second: all whose home is cpu and whose time has come. */
void share_wake(const struct shares *s, struct share *e, uint64_t now);
void shares_wake_due(const struct shares *s, unsigned cpu, uint64_t now);

/* When does the first of those wake whose home is cpu?  SHARE_NEVER: none. */
uint64_t shares_first_wake(const struct shares *s, unsigned cpu);

/* The best for cpu that wants to run and is not e, which may be NULL. NULL: none does. Of equals the one that was there before. */
struct share *shares_best_but(const struct shares *s, const struct share *e, unsigned cpu);

/* e, which wants to run, is cpu's; the time from began on is its own. */
void share_take(struct shares *s, struct share *e, unsigned cpu, uint64_t began);

/* e, which runs, has had the time until now. */
void share_charge(struct share *e, uint64_t now);

/* The same without writing it down, and for one that does not run what it has. */
uint64_t share_runtime(const struct share *e, uint64_t now);

/*
 * e, charged, runs on cpu: who runs there now instead?  NULL: e goes on. With yields, whoever else wants to runs before e does again.
 */
struct share *shares_instead(struct shares *s, struct share *e, unsigned cpu, bool yields);

#endif
