/*
 * How often may something happen that others pay for?  So many times in a period, which begins with the first one; then it waits for the
 * period's end. Pure: times are the caller's, in ticks; the caller has the lock.  Next: host/device/flood.h.
 */
#ifndef NV_BUDGET_H
#define NV_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroes: nothing has happened yet. */
struct budget {
	uint64_t since; /* of the period */
	unsigned spent; /* in it */
};

/* It has happened once more. False: that was more than most times in the period, and the next one has to wait for budget_end. */
static inline bool budget_spend(struct budget *b, uint64_t now, uint64_t period, unsigned most)
{
	if (!b->spent || now - b->since >= period)
		*b = (struct budget){ .since = now };
	if (b->spent <= most)
		b->spent++;
	return b->spent <= most;
}

/* When the period ends that has begun. */
static inline uint64_t budget_end(const struct budget *b, uint64_t period)
{
	return b->since + period;
}

#endif
