/*
 * Which address space does this number belong to?  Each space is a type of its own, so that an L2 IPA handed to
 * something that wants an L1 IPA does not compile.
 */
#ifndef NV_ARCH_ADDR_H
#define NV_ARCH_ADDR_H

#include <stdint.h>

typedef struct {
	uint64_t val;
} l2_ipa_t; /* output of L2's stage 1, input of L1's stage 2 */

typedef struct {
	uint64_t val;
} l1_ipa_t; /* what L1 believes to be a physical address: output of L1's stage 2, input of L0's */

typedef struct {
	uint64_t val;
} pa_t; /* a physical address of the machine */

#define PAGE_SHIFT 12
#define PAGE_SIZE UINT64_C(4096)

#endif
