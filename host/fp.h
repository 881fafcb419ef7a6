/*
 * How do the FP and SIMD registers of a vCPU get into hardware and back?  Only when it uses them: after a switch to another
 * vCPU CPTR_EL2.FPEN traps the first use. What L1 and its guest share among each other is L1's to switch. SVE is
 * hidden from L1, so that the V registers are all there is. In fp.S.
 */
#ifndef HOST_FP_H
#define HOST_FP_H

#include <stdint.h>

struct fp_state {
	_Alignas(16) uint8_t v[32][16];
	uint64_t fpcr, fpsr;
};

/* With CPTR_EL2.FPEN not trapping EL2. */
void fp_save(struct fp_state *s);
void fp_load(const struct fp_state *s);

#endif
