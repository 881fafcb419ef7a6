/*
 * What does an instruction do to L1's devices that no syndrome describes?  It is read from memory and taken apart (nv/insn.h), and its
 * bytes are moved in naturally aligned pieces of at most 8, none of them of two elements. Next: access.c, host/device/mmio.h.
 *
 * Of the architecture's choices: a store exclusive to a device fails (B2.9: without a global monitor its status is UNKNOWN); LSE atomics
 * and CAS are a load and a store; an access that leaves the page for memory, or for where it cannot be followed, is an Alignment fault
 * (K1.1, crossing a page boundary with different memory types).
 */
#ifndef HOST_RUN_ACCESS_H
#define HOST_RUN_ACCESS_H

#include "host/device/mmio.h"
#include "host/vm/vcpu.h"

enum access_result {
	ACCESS_DONE,	 /* it is carried out, or to be executed again */
	ACCESS_NONE,	 /* nothing is there, or it is left out: an External abort */
	ACCESS_FAULT,	 /* stage 1 refuses a part of it */
	ACCESS_L1_FAULT, /* L1's stage 2 does */
};

struct access_fault {
	uint32_t fsc;
	bool write;
	uint64_t far;
	l2_ipa_t ipa; /* of ACCESS_L1_FAULT */
};

/*
 * Carries out the load or store at v->pc, which faulted with ESR_EL2 = esr and FAR_EL2 = far, on a device of L1's at ipa. *fault says what
 * is refused.
 */
__attribute__((cold)) enum access_result access_by_instruction(struct vcpu *v, uint64_t esr, uint64_t far,
							       l1_ipa_t ipa, struct access_fault *fault);

/* mmio_access, and it is told. */
enum mmio access_device(struct vcpu *v, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value);

/* Is data of the level that v was at big-endian?  And a value of 1 << size_log2 bytes as the bus has it, or back. */
bool access_is_big_endian(const struct vcpu *v);
static inline uint64_t access_reversed(uint64_t value, unsigned size_log2)
{
	return __builtin_bswap64(value) >> (64 - (8U << size_log2));
}

#endif
