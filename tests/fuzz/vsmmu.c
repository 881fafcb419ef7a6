/*
 * Can L1 get anything through its SMMU into the machine's that may not be there?  Anything into registers and memory: entries of the machine's
 * stream table have the VM's stage 2 or refuse, and commands for it are invalidations of stage 1 with the VM's VMID.
 */
#include <string.h>

#include "nv/smmu/virtual.h"
#include "tests/fuzz/report.h"
#include "tests/unit/shadow-s2/choices.h"

#define MEMORY UINT64_C(0x40000000)
#define WORDS 64
#define VMID 0x1234

static uint64_t memory[WORDS];

/* All of memory is the same few words. */
static bool read_memory(const void *unused, l1_ipa_t ipa, uint64_t *value)
{
	(void)unused;
	if (ipa.val % 8)
		report("an address that is no multiple of 8");
	if (ipa.val < MEMORY)
		return false;
	*value = memory[ipa.val / 8 % WORDS];
	return true;
}

static bool read_pair(const void *unused, l1_ipa_t ipa, uint64_t value[2])
{
	if (ipa.val % 16)
		report("a pair that is at no multiple of 16");
	return read_memory(unused, ipa, &value[0]) &&
	       read_memory(unused, (l1_ipa_t){ ipa.val + 8 }, &value[1]);
}

static bool write_memory(const void *unused, l1_ipa_t ipa, uint64_t value)
{
	(void)unused;
	if (ipa.val % 8)
		report("an address that is no multiple of 8");
	if (ipa.val < MEMORY)
		return false;
	memory[ipa.val / 8 % WORDS] = value;
	return true;
}

static bool write_message(const void *unused, l1_ipa_t ipa, uint32_t value)
{
	(void)unused;
	if (ipa.val % 4)
		report("a message to no multiple of 4");
	if (ipa.val < MEMORY)
		return false;
	memory[ipa.val / 8 % WORDS] = value;
	return true;
}

static const struct vsmmu_memory m = { read_memory, read_pair, write_memory, write_message, NULL };
static const struct smmu_stage2 s2 = { .root = { 0x5000 }, .ipa_bits = 39, .oas = 44, .vmid = VMID };

static const char *check_entry(const struct vsmmu *v, uint32_t stream)
{
	bool translated;
	struct smmu_ste e = vsmmu_entry(v, &m, stream, &s2, &translated), plain = smmu_ste_stage2(&s2);
	uint64_t config = e.word[0] >> 1 & 7;

	if (!(e.word[0] & 1) || (config != 0 && config != 6 && config != 7) || translated != (config == 7))
		return "an entry of a kind that there is not";
	if (config == 0)
		return NULL;
	if (e.word[2] != plain.word[2] || e.word[3] != plain.word[3] || e.word[4] || e.word[5] || e.word[6] ||
	    e.word[7])
		return "an entry without the VM's stage 2";
	/* S1STALLD, bit 27, where the machine's could stall and L1's contexts say how. */
	if (config == 7 && v->can_stall)
		plain.word[1] |= UINT64_C(1) << 27;
	if ((e.word[1] ^ plain.word[1]) & ~UINT64_C(0xfc))
		return "an entry with attributes that are not L1's";
	return e.word[0] & UINT64_C(0xfff0000000000030) ? "an entry with substreams" : NULL;
}

static const char *check_command(struct vsmmu *v)
{
	struct vsmmu_order o;
	uint64_t opcode;

	vsmmu_next(v, &m, VMID, &o);
	if (o.act == VSMMU_SYNC)
		vsmmu_synced(v, &m, &o);
	if (o.act != VSMMU_FORWARD)
		return NULL;
	opcode = o.forward.word[0] & 0xff;
	if (opcode < 0x10 || opcode > 0x13)
		return "a command that is none of stage 1";
	if ((o.forward.word[0] >> 32 & 0xffff) != VMID || (o.forward.word[0] & 0xffffff00) ||
	    (o.forward.word[1] & 0xffe))
		return "a command for another VMID, or with fields that L1's SMMU has not";
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices c = { .bytes = data, .left = size };
	struct vsmmu v;

	for (unsigned i = 0; i < WORDS; i++)
		memory[i] = choose_bytes(&c, 8);
	(void)vsmmu_init(&v, (uint32_t)choose_bytes(&c, 4), (uint32_t)choose_bytes(&c, 4));
	while (c.left) {
		uint64_t offset = choose_bytes(&c, 1) | choose_bytes(&c, 1) % 2 << 16;
		struct smmu_event e = { { choose_bytes(&c, 8), 0, 0, 0 } };

		(void)vsmmu_write(&v, offset, (unsigned)choose_bytes(&c, 1) % 4, choose_bytes(&c, 8));
		(void)vsmmu_read(&v, offset, 2);
		for (unsigned i = 0; i < 4; i++)
			report(check_command(&v));
		report(check_entry(&v, (uint32_t)choose_bytes(&c, 2)));
		vsmmu_event(&v, &m, &e, 8);
		if (vsmmu_tell(&v, &m) & ~(VSMMU_WIRE_EVENT | VSMMU_WIRE_ERROR))
			report("a wire that there is not");
		if (vsmmu_tell(&v, &m))
			report("L1 is told twice");
	}
	return 0;
}
