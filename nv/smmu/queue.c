/* What goes through an SMMUv3's queues?  Reads: queue.h. */
#include "nv/smmu/queue.h"

#include <stddef.h>

#include "nv/smmu/regs.h"

/* --- commands --- */

static struct smmu_command command(uint64_t opcode, uint64_t word0, uint64_t word1)
{
	return (struct smmu_command){ { field_put(CMD_OPCODE, opcode) | word0, word1 } };
}

struct smmu_command smmu_cfgi_ste(uint32_t stream)
{
	return command(CMD_CFGI_STE, field_put(CMD_STREAM, stream), 0);
}

struct smmu_command smmu_cfgi_all(void)
{
	return command(CMD_CFGI_ALL, 0, CMD1_RANGE_ALL);
}

struct smmu_command smmu_cfgi_contexts(uint32_t stream)
{
	return command(CMD_CFGI_CD_ALL, field_put(CMD_STREAM, stream), 0);
}

struct smmu_command smmu_tlbi_all(void)
{
	return command(CMD_TLBI_NSNH_ALL, 0, 0);
}

struct smmu_command smmu_tlbi_vmid(uint16_t vmid)
{
	return command(CMD_TLBI_S12_VMALL, field_put(CMD_VMID, vmid), 0);
}

/* Its completion is that SMMU_CMDQ_CONS has passed it. */
struct smmu_command smmu_sync(void)
{
	return command(CMD_SYNC, 0, 0);
}

/* --- events --- */

static const struct kind {
	uint8_t number;
	bool has_address;
	const char *what;
} kinds[] = {
	{ 0x01, true, "a transaction of a kind that there is not" },
	{ 0x02, false, "no VM has it" },
	{ 0x03, false, "its entry of the stream table cannot be read" },
	{ 0x04, false, "no VM has it" },
	{ 0x05, true, "a request for a translation" },
	{ 0x06, false, "a substream" },
	{ 0x07, true, "an address that it calls translated" },
	{ 0x08, false, "a substream" },
	{ 0x0b, true, "a table of its stage 2 cannot be read" },
	{ 0x10, true, "nothing is mapped there" },
	{ 0x11, true, "the address is too large" },
	{ 0x12, true, "the page has not been used" },
	{ 0x13, true, "the page does not allow it" },
	{ 0x20, true, "two entries of a TLB for one address" },
	{ 0x21, true, "two copies of its configuration" },
};

struct smmu_fault smmu_event_decode(const struct smmu_event *e)
{
	struct smmu_fault f = { "an event that firn does not know", 0, false, false, 0 };
	uint64_t number = field_get(EVENT_NUMBER, e->word[0]);

	f.stream = (uint32_t)field_get(EVENT_STREAM, e->word[0]);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].number != number)
			continue;
		f.what = kinds[i].what;
		f.has_address = kinds[i].has_address;
	}
	if (!f.has_address)
		return f;
	f.write = !(e->word[1] & EVENT1_RNW);
	f.address = e->word[2];
	return f;
}

struct smmu_consequence smmu_consequence(uint64_t since_attached, uint64_t ever)
{
	return (struct smmu_consequence){
		.say = !(ever & (ever - 1)),
		.cut = since_attached == SMMU_FAULTS_MAX,
	};
}
