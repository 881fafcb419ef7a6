/*
 * Where is L2's memory in this program?  In one piece that KVM maps for L2 as well.
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/memory.h"

#include <errno.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "guest-hyp/linux/kvm-guest/say.h"

#define BLOCK MIB(2)

/* What L1 can still give, in bytes; without an answer, everything. */
static uint64_t available(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long long kib = UINT64_MAX >> 10;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %llu kB", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return (uint64_t)kib << 10;
}

/* L2 IPA and address agree in the bits of a block, and Linux is asked for large pages: L2 faults once in 512 pages. */
static uint8_t *map_blocks(uint64_t size)
{
	uint8_t *bytes = mmap(NULL, size + BLOCK, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (bytes == MAP_FAILED)
		fail("cannot map %llu MiB for L2: %s; give less with --mem", (unsigned long long)(size >> 20),
		     strerror(errno));
	bytes += -(uintptr_t)bytes & (BLOCK - 1);
	madvise(bytes, size, MADV_HUGEPAGE);
	return bytes;
}

struct memory memory_make(int vm, uint64_t size)
{
	struct memory memory = { .size = size };
	struct kvm_userspace_memory_region region = { .guest_phys_addr = RAM_IPA, .memory_size = size };

	if (size > available())
		fail("L1 has %llu MiB left, too little for an L2 with %llu MiB; give less with --mem, or L1 more "
		     "with firn run --mem",
		     (unsigned long long)(available() >> 20), (unsigned long long)(size >> 20));
	memory.bytes = map_blocks(size);
	region.userspace_addr = (uintptr_t)memory.bytes;
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		fail("KVM does not take %llu MiB of memory: %s; give less with --mem",
		     (unsigned long long)(size >> 20), strerror(errno));
	return memory;
}

void *memory_at(const struct memory *memory, uint64_t l2_ipa, uint64_t length, uint64_t alignment)
{
	uint64_t offset = l2_ipa - RAM_IPA;

	if (l2_ipa < RAM_IPA || l2_ipa % alignment || offset > memory->size || length > memory->size - offset)
		return NULL;
	return memory->bytes + offset;
}
