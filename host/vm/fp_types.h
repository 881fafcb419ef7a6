/*
 * Where are the FP, SIMD and SVE registers of a vCPU?  Written by host/world/fp.c, and fp_registers.S for it.
 * Next: host/world/fp.h.
 */
#ifndef HOST_VM_FP_TYPES_H
#define HOST_VM_FP_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#define SVE_MAX_BYTES 256 /* a vector of 2048 bits, the longest that the architecture has */

/* While hardware does not have them. */
struct fp_state {
	_Alignas(16) uint8_t v[32][16];
	uint64_t fpcr, fpsr;
};

/* Packed: a vector has as many bytes as the CPU's longest. */
struct sve_state {
	_Alignas(16) uint8_t z[32 * SVE_MAX_BYTES];
	uint8_t p_and_ffr[17 * SVE_MAX_BYTES / 8];
};

struct vcpu_fp {
	uint64_t
		fpen; /* CPTR_EL2.FPEN, or that and ZEN, while the FP, or SVE, registers of hardware are the vCPU's; else 0 */
	bool zcr_is_guest_contexts; /* ZCR_EL1 and ZCR_EL2 of hardware are, see host/world/fp.h */
	bool sve_used; /* since the reset: the V registers of fp_state are stale, those of sve are theirs */
	struct sve_state *sve; /* on a CPU that has it */
};

#endif
