/* Which VMIDs are in use?  Reads: vmid.h. */
#include "host/vm/vmid.h"

#include <stdbool.h>

#include "host/core/features.h"
#include "host/machine/spinlock.h"

#define VMIDS 65536U /* with FEAT_VMID16 */
#define BITS_IN_WORD 64

static struct spinlock lock = SPINLOCK_INIT(RANK_VMID);
static uint64_t used[VMIDS / BITS_IN_WORD] = { 1 };
static uint32_t next = 1;

/* Takes the lowest free one from next on, so that one that was given back stays unused for long. */
static uint16_t take(uint32_t limit)
{
	for (uint32_t tried = 0; tried < limit; tried++) {
		uint32_t vmid = next;
		uint64_t bit = UINT64_C(1) << (vmid % BITS_IN_WORD);

		next = next + 1 < limit ? next + 1 : 0;
		if (used[vmid / BITS_IN_WORD] & bit)
			continue;
		used[vmid / BITS_IN_WORD] |= bit;
		return (uint16_t)vmid;
	}
	return 0;
}

uint16_t vmid_alloc(void)
{
	uint16_t vmid;

	spin_lock(&lock);
	vmid = take(UINT32_C(1) << cpu_features()->vmid_bits);
	spin_unlock(&lock);
	return vmid;
}

void vmid_free(uint16_t vmid)
{
	if (!vmid)
		return;
	spin_lock(&lock);
	used[vmid / BITS_IN_WORD] &= ~(UINT64_C(1) << (vmid % BITS_IN_WORD));
	spin_unlock(&lock);
}
