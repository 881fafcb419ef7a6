/*
 * Where is L2's memory in this program?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_MEMORY_H
#define GUEST_HYP_LINUX_KVM_GUEST_MEMORY_H

#include <stdint.h>

#define RAM_IPA UINT64_C(0x40000000)
#define MIB(n) (UINT64_C(n) << 20)

struct memory {
	uint8_t *bytes;
	uint64_t size;
};

/* Makes size bytes (a multiple of 2 MiB) at RAM_IPA, which L1 fills when L2 touches them.  Ends the program when L1 has
 * not so much. */
struct memory memory_make(int vm, uint64_t size);

/* The bytes at these L2 IPAs, or NULL if one of them is no RAM or the first is not aligned. */
void *memory_at(const struct memory *memory, uint64_t l2_ipa, uint64_t length, uint64_t alignment);

#endif
