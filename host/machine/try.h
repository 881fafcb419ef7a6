/*
 * How does L0 make an access that may end in an External abort, and come back?  Each of these functions is one access. A synchronous
 * External abort between try_begin and try_end goes on at try_failed, by the vectors and panic.c; anywhere else it is L0's fault.  Next:
 * try.S, host/core/reach.h.
 */
#ifndef HOST_MACHINE_TRY_H
#define HOST_MACHINE_TRY_H

#include <stdbool.h>
#include <stdint.h>

/* at is aligned to the access. False: it was aborted, and *value is as before. */
bool try_load8(const volatile void *at, uint64_t *value);
bool try_load16(const volatile void *at, uint64_t *value);
bool try_load32(const volatile void *at, uint64_t *value);
bool try_load64(const volatile void *at, uint64_t *value);
bool try_store8(volatile void *at, uint64_t value);
bool try_store16(volatile void *at, uint64_t value);
bool try_store32(volatile void *at, uint64_t value);
bool try_store64(volatile void *at, uint64_t value);

extern const char try_begin[], try_end[], try_failed[];

#endif
