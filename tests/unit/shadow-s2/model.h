/*
 * Does a pool of shadow trees hold what it must, and nothing else, whatever is done to it in whatever order?  The model keeps
 * the entries that must be there in a plain list, and looks after each step which of them are gone: those that the step
 * names, and no others; each of them is in what has to be flushed.  Next: model.c, shadow-s2/tree.h.
 *
 * Steps are L1's changes of its tables with the TLBI that they need or without, faults, L0's invalidations by L1 IPA,
 * evictions and clears, over several trees with different granules in a pool of few tables.
 */
#ifndef TESTS_UNIT_SHADOW_S2_MODEL_H
#define TESTS_UNIT_SHADOW_S2_MODEL_H

#include "tests/unit/shadow-s2/choices.h"

/* What the steps so far did: to see that a test tests something. */
struct model_counts {
	uint64_t steps, mapped, around, unchanged, broken, evicted, vanished;
};

/* NULL, or what is wrong after one of so many steps. The choices decide everything. */
const char *model_check(struct choices *c, unsigned steps, struct model_counts *counts);

#endif
