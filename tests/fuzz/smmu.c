/* Is there an event, an ID register or an unmapping that makes nv/smmu read or write where it may not, or name another VM's memory? */
#include <string.h>

#include "nv/smmu/idr.h"
#include "nv/smmu/queue.h"
#include "nv/smmu/stream.h"
#include "tests/fuzz/report.h"
#include "tests/unit/shadow-s2/choices.h"

static const char *check_shape(const struct smmu_shape *s)
{
	if (s->stream_bits > 16 || (!s->two_levels && s->stream_bits > SMMU_SPLIT))
		return "a stream table is larger than what is made for it";
	if (!s->cmdq_log2 || s->cmdq_log2 > SMMU_CMDQ_LOG2 || s->eventq_log2 > SMMU_EVENTQ_LOG2)
		return "a queue is larger than a page";
	return smmu_stream_table_bytes(s) > 0x4000 ? "a table has more than 16 KiB" : NULL;
}

/* Everything from ipa on is taken away, and nothing of another VMID's. */
static const char *check_plan(uint16_t vmid, uint64_t first, uint64_t pages)
{
	struct smmu_command plan[SMMU_PLAN];
	unsigned count = smmu_plan_unmap(vmid, (l1_ipa_t){ first << 12 }, pages << 12, plan);

	for (unsigned i = 0; i < count; i++)
		if ((plan[i].word[0] >> 32 & 0xffff) != vmid)
			return "a command is for another VM";
	if (count == 1 && (plan[0].word[0] & 0xff) == 0x28)
		return NULL;
	for (unsigned i = 0; i < count; i++)
		if (plan[i].word[1] >> 12 != first + i)
			return "a page is left out";
	return count == pages ? NULL : "pages are left out";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices c = { .bytes = data, .left = size };
	struct smmu_event e;
	struct smmu_shape s;
	struct smmu_fault f;

	for (unsigned i = 0; i < 4; i++)
		e.word[i] = choose_bytes(&c, 8);
	f = smmu_event_decode(&e);
	if (!f.what || !strlen(f.what) || f.stream != e.word[0] >> 32)
		report("an event without words, or of another stream");
	if (!smmu_decide((uint32_t)choose_bytes(&c, 4), (uint32_t)choose_bytes(&c, 4),
			 (uint32_t)choose_bytes(&c, 4), &s))
		report(check_shape(&s));
	report(check_plan((uint16_t)choose_bytes(&c, 2), choose_bytes(&c, 4) & 0xfffffff,
			  choose_bytes(&c, 3) + 1));
	return 0;
}
