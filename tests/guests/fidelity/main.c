/*
 * Which sequences run?  bootargs "vhe=0|1 [bare=1] seed=S first=N count=N [every=N] [only=MASK] [verbose=1]" or "known=NAME".
 * Prints a line for each sequence, or for so many of them, "= NUMBER SEEN", and "end". only has a bit for each step that is taken.  Reads: fidelity.h.  Next: steps.c.
 */
#include "tests/guests/fidelity/fidelity.h"

#include "guest-hyp/rt/rt.h"

#define ARGUMENT_MAX 32

static uint64_t number(const char *name, uint64_t otherwise)
{
	char text[ARGUMENT_MAX];
	uint64_t value = 0;

	if (!rt_arg(name, text, sizeof(text)))
		return otherwise;
	for (const char *c = text; *c >= '0' && *c <= '9'; c++)
		value = value * 10 + (uint64_t)(*c - '0');
	return value;
}

/* Of splitmix64. */
static uint64_t mix(uint64_t v)
{
	v += UINT64_C(0x9e3779b97f4a7c15);
	v = (v ^ (v >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	v = (v ^ (v >> 27)) * UINT64_C(0x94d049bb133111eb);
	return v ^ (v >> 31);
}

uint64_t chance_any(struct chance *c)
{
	c->state = mix(c->state);
	return c->state;
}

unsigned chance_of(struct chance *c, unsigned n)
{
	return (unsigned)(chance_any(c) >> 16) % n;
}

static uint64_t run_sequence(uint64_t seed, uint64_t sequence, uint64_t only, bool verbose)
{
	uint64_t seen = 0;

	steps_reset();
	for (unsigned i = 0; i < STEPS; i++) {
		struct chance c = { mix(mix(mix(seed) + sequence) + i) };

		if (only >> i & 1)
			seen = mix(seen ^ steps_take(&c, verbose));
	}
	return seen;
}

void guest_main(void)
{
	uint64_t seed = number("seed", 1), first = number("first", 0), count = number("count", 1);
	uint64_t only = number("only", ~UINT64_C(0)), every = number("every", 1);
	bool verbose = number("verbose", 0);
	char name[ARGUMENT_MAX];

	visible_start(number("vhe", 0), true);
	visible_direct = true;
	if (rt_arg("known", name, sizeof(name))) {
		steps_reset();
		rt_print("= %s 0x%lx\nend\n", name, known_deviation(name));
		return;
	}
	for (uint64_t i = first; i < first + count; i += every) {
		uint64_t seen = 0;

		for (uint64_t n = i; n < i + every && n < first + count; n++)
			seen = mix(seen ^ run_sequence(seed, n, only, verbose));
		rt_print("= %lu 0x%lx\n", i, seen);
	}
	rt_print("end\n");
}
