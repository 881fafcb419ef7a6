/*
 * What does any program see at EL2?  Random sequences of short steps, each of which is made from the seed, the sequence and its
 * own number alone, so that a part of a sequence can be run again. What a step sees becomes a number; the numbers of a
 * sequence become one line, which the bare machine and firn must agree on.  Next: main.c, steps.c.
 */
#ifndef TESTS_GUESTS_FIDELITY_H
#define TESTS_GUESTS_FIDELITY_H

#include "tests/guests/visible/visible.h"

#define STEPS 16 /* of a sequence */

/* A source of choices: the same for the same start. */
struct chance {
	uint64_t state;
};
uint64_t chance_any(struct chance *c);
/* Below n. */
unsigned chance_of(struct chance *c, unsigned n);

/* Before each sequence: all that steps change is as it was. */
void steps_reset(void);

/* One step, and what it saw. With verbose it says what it does and saw, as visible's topics do. */
uint64_t steps_take(struct chance *c, bool verbose);

/* Known to differ, each by a step of its own: tests/fidelity/deviations. ~0: there is none of that name. */
uint64_t known_deviation(const char *name);

#endif
