/* With which seed does a random test begin, and how many cases does it try?  FIRN_SEED and FIRN_CASES, or the clock. */
#ifndef TESTS_UNIT_SHADOW_S2_SEED_H
#define TESTS_UNIT_SHADOW_S2_SEED_H

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "tests/unit/shadow-s2/choices.h"

static inline uint64_t seed_first(void)
{
	const char *given = getenv("FIRN_SEED");
	struct timespec now;

	if (given)
		return strtoull(given, NULL, 0);
	timespec_get(&now, TIME_UTC);
	return scatter((uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec) >> 24;
}

static inline uint64_t seed_cases(uint64_t otherwise)
{
	const char *given = getenv("FIRN_CASES");

	return given ? strtoull(given, NULL, 0) : otherwise;
}

/* Neighbouring seeds have nothing in common. */
static inline uint64_t seed_state(uint64_t seed)
{
	return scatter(scatter(seed));
}

#endif
