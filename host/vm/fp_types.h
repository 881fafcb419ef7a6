/* Where are the FP, SIMD and SVE registers of a vCPU while hardware does not have them?  Next: host/world/fp.h. */
#ifndef HOST_VM_FP_TYPES_H
#define HOST_VM_FP_TYPES_H

#include <stdint.h>

#define SVE_MAX_BYTES 256 /* a vector of 2048 bits, the longest that the architecture has */

struct fp_state {
	_Alignas(16) uint8_t v[32][16];
	uint64_t fpcr, fpsr;
};

/* Packed: a vector has as many bytes as the CPU's longest. */
struct sve_state {
	_Alignas(16) uint8_t z[32 * SVE_MAX_BYTES];
	uint8_t p_and_ffr[17 * SVE_MAX_BYTES / 8];
};

#endif
