/*
 * What does a proof consist of?  Values that may be anything (any_...), what is assumed of them, and what then always holds.
 * CBMC looks at all of it at once, and besides for overflow, shifts too far and accesses outside of objects.  Each function
 * prove_... of this folder is a proof.  Run by `make prove`.
 */
#ifndef TESTS_PROVE_PROVE_H
#define TESTS_PROVE_PROVE_H

#include <stdbool.h>
#include <stdint.h>

#define assume(what) __CPROVER_assume(what)
#define always(what) __CPROVER_assert(what, #what)

/* Functions without a body: CBMC takes any value, because of the name. */
uint64_t nondet_u64(void);
uint8_t nondet_u8(void);

static inline uint64_t any_u64(void)
{
	return nondet_u64();
}

static inline uint8_t any_u8(void)
{
	return nondet_u8();
}

static inline bool any_bool(void)
{
	return nondet_u8() & 1; /* a bool of any bits would be neither true nor false */
}

#endif
