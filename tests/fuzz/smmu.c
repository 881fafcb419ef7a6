/* Is there an event or an ID register that makes nv/smmu read or write where it may not? */
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
	return 0;
}
