/*
 * Does the walker, and what is made of its leaves in a shadow, agree with the architecture on random tables?  A case is a CPU, a
 * VTCR_EL2, a VTTBR_EL2 and tables, for each of L1 and L0, and a handful of accesses.  Next: cases.c, reference.h.
 *
 * Tables are not built: the descriptor at an address is a function of the case and the address. So tables overlap, point at
 * each other, at themselves and out of memory, and a case costs nothing to set up.
 */
#ifndef TESTS_UNIT_SHADOW_S2_CASES_H
#define TESTS_UNIT_SHADOW_S2_CASES_H

#include "tests/unit/shadow-s2/choices.h"

enum case_granule {
	CASE_4K,
	CASE_16K,
	CASE_64K
};

/* What became of the accesses of all cases so far: a test that never gets to a leaf tests nothing. */
struct case_counts {
	uint64_t accesses, l1_faults, leaves, mapped;
};

/* NULL: all is equal. Otherwise what differs. The choices decide everything. */
const char *case_check(struct choices *c, enum case_granule l1_granule, struct case_counts *counts);

#endif
