/*
 * Where do random tests and fuzzers take their decisions from?  From a seeded generator, or from the bytes that a fuzzer
 * hands over; the code that decides is the same.  Next: cases.h, model.h.
 */
#ifndef TESTS_UNIT_SHADOW_S2_CHOICES_H
#define TESTS_UNIT_SHADOW_S2_CHOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct choices {
	uint64_t state;
	const uint8_t *bytes; /* not NULL: a fuzzer's, and zeroes when they are used up */
	size_t left;
};

/* Of a 64-bit number every other 64-bit number that looks random: the finalizer of splitmix64. */
static inline uint64_t scatter(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static inline uint64_t choose_bytes(struct choices *c, unsigned count)
{
	uint64_t value = 0;

	if (!c->bytes) {
		c->state++;
		return scatter(c->state * UINT64_C(0xd1342543de82ef95)) >> (64 - 8 * count);
	}
	for (; count && c->left; count--, c->left--)
		value = value << 8 | *c->bytes++;
	return value;
}

/* A number below n. */
static inline uint64_t choose(struct choices *c, uint64_t n)
{
	return choose_bytes(c, n <= 256 ? (c->bytes ? 1 : 8) : 8) % n;
}

/* True in percent of all cases. */
static inline bool chance(struct choices *c, unsigned percent)
{
	return choose(c, 100) < percent;
}

#endif
