/*
 * Does L1's SMMU behave as Arm IHI0070 says of one with stage 1 alone, and does nothing of L1's get into the machine's but what may?
 * Encodings are written from the document's tables. L1's memory is an array at 0x1000.
 */
#include <CUnit/CUnit.h>
#include <string.h>

#include "nv/smmu/virtual.h"

void register_nv_smmu_virtual(void);

#define MEMORY UINT64_C(0x10000)
#define BYTES 0x20000
#define CMDQ (MEMORY + 0x1000)
#define EVENTQ (MEMORY + 0x3000)
#define STRTAB (MEMORY + 0x4000)
#define LEVEL2 (MEMORY + 0x10000)
#define VMID 7

#define CR0 0x20
#define GBPA 0x44
#define IRQ_CTRL 0x50
#define GERROR 0x60
#define GERRORN 0x64
#define PROD 0x98
#define CONS 0x9c

static uint64_t memory[BYTES / 8];
static struct vsmmu v;
static uint32_t stall_model = 1; /* of the machine's: there are no stalls */

static bool read_memory(const void *unused, l1_ipa_t ipa, uint64_t *value)
{
	(void)unused;
	if (ipa.val % 8 || ipa.val < MEMORY || ipa.val - MEMORY >= BYTES)
		return false;
	*value = memory[(ipa.val - MEMORY) / 8];
	return true;
}

static bool read_pair(const void *unused, l1_ipa_t ipa, uint64_t value[2])
{
	return ipa.val % 16 == 0 && read_memory(unused, ipa, &value[0]) &&
	       read_memory(unused, (l1_ipa_t){ ipa.val + 8 }, &value[1]);
}

static bool write_memory(const void *unused, l1_ipa_t ipa, uint64_t value)
{
	(void)unused;
	if (ipa.val % 8 || ipa.val < MEMORY || ipa.val - MEMORY >= BYTES)
		return false;
	memory[(ipa.val - MEMORY) / 8] = value;
	return true;
}

static bool write_message(const void *unused, l1_ipa_t ipa, uint32_t value)
{
	(void)unused;
	if (ipa.val % 4 || ipa.val < MEMORY || ipa.val - MEMORY >= BYTES)
		return false;
	memcpy((uint8_t *)memory + (ipa.val - MEMORY), &value, sizeof(value));
	return true;
}

static const struct vsmmu_memory m = { read_memory, read_pair, write_memory, write_message, NULL };
static const struct smmu_stage2 s2 = { .root = { 0x5000 }, .ipa_bits = 39, .oas = 44, .vmid = VMID };

static uint64_t *at(uint64_t ipa)
{
	return &memory[(ipa - MEMORY) / 8];
}

static uint32_t get(uint64_t offset)
{
	return (uint32_t)vsmmu_read(&v, offset, 2);
}

static unsigned set(uint64_t offset, uint64_t value)
{
	return vsmmu_write(&v, offset, 2, value);
}

/* A queue of 16 commands, one of 4 events, a linear table of 256 entries, all on. */
static void on(void)
{
	memset(memory, 0, sizeof(memory));
	CU_ASSERT_TRUE(
		vsmmu_init(&v, 3 | 2 << 2 | 1 << 4 | 1 << 12 | 1 << 18 | stall_model << 24, 4 | 7 << 4));
	(void)vsmmu_write(&v, 0x80, 3, STRTAB);
	(void)set(0x88, 8);
	(void)vsmmu_write(&v, 0x90, 3, CMDQ | 4);
	(void)vsmmu_write(&v, 0xa0, 3, EVENTQ | 2);
	(void)set(IRQ_CTRL, 5);
	(void)set(CR0, 0xd);
}

static void registers(void)
{
	CU_ASSERT_FALSE(vsmmu_init(&v, 1 | 2 << 2 | 1 << 4, 4 | 1 << 4)); /* no stage 1 */
	on();
	CU_ASSERT_EQUAL(get(0x00) & 3, 2);	    /* S1P, not S2P */
	CU_ASSERT_EQUAL(get(0x00) >> 4 & 1, 1);	    /* COHACC */
	CU_ASSERT_EQUAL(get(0x00) >> 10 & 1, 0);    /* ATS */
	CU_ASSERT_EQUAL(get(0x00) >> 12 & 0x7f, 3); /* ASID16, MSI; SEV, ATOS, PRI, VMW, VMID16 are 0 */
	CU_ASSERT_EQUAL(get(0x00) >> 24 & 3, 1);    /* no stalls */
	CU_ASSERT_EQUAL(get(0x04), 8 | 7 << 16 | 8 << 21); /* SIDSIZE, EVENTQS, CMDQS; SSIDSIZE is 0 */
	CU_ASSERT_EQUAL(get(0x14), 4 | 7 << 4);
	CU_ASSERT(get(0x20) == 0xd && get(0x24) == 0xd && get(0x54) == 5);
	/* What is enabled keeps its table and its queue. */
	(void)vsmmu_write(&v, 0x80, 3, 0);
	(void)set(0x88, 0);
	(void)vsmmu_write(&v, 0x90, 3, 0);
	(void)vsmmu_write(&v, 0xa0, 3, 0);
	(void)set(CONS, 5);
	CU_ASSERT(vsmmu_read(&v, 0x80, 3) == STRTAB && get(0x88) == 8 &&
		  vsmmu_read(&v, 0x90, 3) == (CMDQ | 4) && vsmmu_read(&v, 0xa0, 3) == (EVENTQ | 2) &&
		  get(CONS) == 0);
	(void)set(CR0, 0);
	(void)set(0x80, 0x12345678);
	(void)set(0x84, 0x40000009);
	CU_ASSERT_EQUAL(vsmmu_read(&v, 0x80, 3), UINT64_C(0x4000000912345640));
	CU_ASSERT_EQUAL(get(0x84), 0x40000009);
	/* A queue is not longer than SMMU_IDR1 says. */
	(void)vsmmu_write(&v, 0x90, 3, CMDQ | 31);
	CU_ASSERT_EQUAL(vsmmu_read(&v, 0x90, 3), CMDQ | 8);
	/* GBPA needs its UPDATE, which reads as 0. */
	CU_ASSERT_EQUAL(set(GBPA, 1 << 20), 0);
	CU_ASSERT_EQUAL(get(GBPA), 0x1000);
	CU_ASSERT_EQUAL(set(GBPA, 1U << 31 | 1 << 20), VSMMU_STREAMS);
	CU_ASSERT_EQUAL(get(GBPA), 1 << 20);
	/* No register, or no access. */
	CU_ASSERT_EQUAL(vsmmu_read(&v, 0x22, 1), 0);
	CU_ASSERT_EQUAL(vsmmu_read(&v, 0x21, 2), 0);
	CU_ASSERT_EQUAL(vsmmu_read(&v, 0x1fffc, 2), 0);
}

static uint32_t next_command;

static void put(uint64_t word0, uint64_t word1)
{
	at(CMDQ)[2 * (next_command % 16)] = word0;
	at(CMDQ)[2 * (next_command % 16) + 1] = word1;
	next_command = (next_command + 1) % 32;
	CU_ASSERT_EQUAL(set(PROD, next_command), VSMMU_COMMANDS);
}

static struct vsmmu_order next(void)
{
	struct vsmmu_order o;

	vsmmu_next(&v, &m, VMID, &o);
	return o;
}

static struct vsmmu_order run(uint64_t word0, uint64_t word1)
{
	put(word0, word1);
	return next();
}

static void forwards(uint64_t word0, uint64_t word1, uint64_t out0, uint64_t out1)
{
	struct vsmmu_order o = run(word0, word1);

	CU_ASSERT_EQUAL(o.act, VSMMU_FORWARD);
	CU_ASSERT(o.forward.word[0] == out0 && o.forward.word[1] == out1);
}

/* Whatever VMID L1 says, it is its own; NUM, SCALE, TTL and TG, which it was not told of, go. */
static void commands(void)
{
	struct vsmmu_order o;

	on();
	next_command = 0;
	forwards(UINT64_C(0x00050009fffff010) & ~(UINT64_C(1) << 10), ~UINT64_C(0),
		 UINT64_C(0x0000000700000010), 0);
	forwards(UINT64_C(0x0005000900000011), 0, UINT64_C(0x0005000700000011), 0);
	forwards(UINT64_C(0x00050009001ff012), UINT64_C(0xfffffffffffffff1), UINT64_C(0x0005000700000012),
		 UINT64_C(0xfffffffffffff001));
	forwards(UINT64_C(0x0005000900000013), 0x12345000, UINT64_C(0x0000000700000013), 0x12345000);
	v.idr0 &= ~(1U << 12); /* ASIDs of 8 bits */
	forwards(UINT64_C(0xff05000900000011), 0, UINT64_C(0x0005000700000011), 0);
	forwards(0x30, 0, UINT64_C(0x0000000700000010), 0); /* of all VMIDs: of this one */
	o = run(UINT64_C(0x0000000800000003), 1);
	CU_ASSERT(o.act == VSMMU_STREAM && o.stream == 8);
	CU_ASSERT_EQUAL(run(4, 31).act, VSMMU_ALL_STREAMS);
	o = run(UINT64_C(0x0000001000fff005), 1);
	CU_ASSERT(o.act == VSMMU_CONTEXTS && o.stream == 0x10);
	CU_ASSERT_EQUAL(run(UINT64_C(0x0000001000000006), 0).act, VSMMU_CONTEXTS);
	CU_ASSERT_EQUAL(run(1, 0).act, VSMMU_NOTHING);
	CU_ASSERT_EQUAL(run(0x2046, 0).act, VSMMU_SYNC);
	CU_ASSERT_EQUAL(next().act, VSMMU_IDLE);
	CU_ASSERT_EQUAL(get(CONS), get(PROD));
}

/* CERROR_ILL: the queue stands still at the command until L1 has seen it. */
static void is_illegal(uint64_t word0)
{
	uint32_t cons;

	on();
	next_command = 0;
	cons = get(CONS);
	CU_ASSERT_EQUAL(run(word0, 0).act, VSMMU_ERROR);
	CU_ASSERT_EQUAL(get(CONS), cons | 1U << 24);
	CU_ASSERT_EQUAL((get(GERROR) ^ get(GERRORN)) & 1, 1);
	CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), VSMMU_WIRE_ERROR);
	CU_ASSERT_EQUAL(next().act, VSMMU_IDLE);
	CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), 0);
	at(CMDQ)[0] = 0x46;
	CU_ASSERT_EQUAL(set(GERRORN, get(GERROR)), VSMMU_COMMANDS);
	CU_ASSERT_EQUAL(next().act, VSMMU_SYNC);
	CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), 0);
}

static void illegal_commands(void)
{
	/* Of stage 2, of EL2 and EL3, ATS, PRI, stalls; Secure; numbers that there are not. */
	static const uint64_t illegal[] = { 0,	  0x07, 0x18, 0x1a, 0x20, 0x21, 0x22, 0x28,
					    0x2a, 0x40, 0x41, 0x44, 0x45, 0x47, 0xff, 0x446 };

	for (size_t i = 0; i < sizeof(illegal) / sizeof(illegal[0]); i++)
		is_illegal(illegal[i]);
	/* A queue that is not in memory: CERROR_ABT. */
	on();
	next_command = 0;
	(void)set(CR0, 0);
	(void)vsmmu_write(&v, 0x90, 3, UINT64_C(0x80000000) | 4);
	(void)set(CR0, 8);
	(void)set(PROD, 1);
	CU_ASSERT_EQUAL(next().act, VSMMU_ERROR);
	CU_ASSERT_EQUAL(get(CONS), 2U << 24);
}

/* The words of the entry that follows from L1's, and what kind it is. */
enum kind {
	ABORTS,
	STAGE2,
	NESTED
};

static enum kind entry(uint32_t stream)
{
	bool translated;
	struct smmu_ste e = vsmmu_entry(&v, &m, stream, &s2, &translated), plain = smmu_ste_stage2(&s2),
			abort = smmu_ste_abort();

	CU_ASSERT_EQUAL(translated, (e.word[0] >> 1 & 7) == 7);
	if (!memcmp(&e, &abort, sizeof(e)))
		return ABORTS;
	/* Whatever L1 says: the VM's own stage 2, and its faults are L0's to see. */
	CU_ASSERT(e.word[2] == plain.word[2] && e.word[3] == plain.word[3]);
	CU_ASSERT(e.word[0] >> 1 & 2); /* stage 2 translates */
	for (unsigned i = 4; i < 8; i++)
		CU_ASSERT_EQUAL(e.word[i], 0);
	if (!memcmp(&e, &plain, sizeof(e)))
		return STAGE2;
	CU_ASSERT_EQUAL(e.word[0], 0xf | (*at(STRTAB + stream * 64) & UINT64_C(0x000fffffffffffc0)));
	CU_ASSERT_EQUAL(e.word[1] & ~UINT64_C(0xfc), plain.word[1] | (stall_model ? 0 : 1U << 27));
	return NESTED;
}

static enum kind with(uint64_t word0, uint64_t word1)
{
	at(STRTAB + 8 * 64)[0] = word0;
	at(STRTAB + 8 * 64)[1] = word1;
	at(STRTAB + 8 * 64)[2] = ~UINT64_C(0);
	at(STRTAB + 8 * 64)[3] = ~UINT64_C(0);
	return entry(8);
}

static void streams(void)
{
	on();
	CU_ASSERT_EQUAL(with(0, 0), ABORTS);
	for (unsigned config = 0; config < 8; config++)
		CU_ASSERT_EQUAL(with(1 | config << 1, 0), config == 4 ? STAGE2 :
							  config == 5 ? NESTED :
									ABORTS);
	CU_ASSERT_EQUAL(with(UINT64_C(0x000ffffffffff00b) | 0xfc0, 0xfc), NESTED);
	CU_ASSERT_EQUAL(with(UINT64_C(0x080000000001200b), 0), ABORTS); /* S1CDMax: there are no substreams */
	CU_ASSERT_EQUAL(with(0x1200b, 1U << 28), ABORTS);		/* EATS */
	CU_ASSERT_EQUAL(with(0x1200b, 1U << 30), ABORTS);		/* STRW: EL2 */
	CU_ASSERT_EQUAL(with(0x1200b, UINT64_C(0xffffffff) << 32), NESTED);
	CU_ASSERT_EQUAL(entry(256), ABORTS);
	/* Off: as GBPA says. */
	(void)set(CR0, 0xc);
	CU_ASSERT_EQUAL(entry(8), STAGE2);
	(void)set(GBPA, 1U << 31 | 1 << 20);
	CU_ASSERT_EQUAL(entry(8), ABORTS);
	/* A table that is shorter, or not in memory. */
	on();
	(void)set(CR0, 0);
	(void)set(0x88, 3);
	(void)set(CR0, 1);
	CU_ASSERT_EQUAL(with(9, 0), ABORTS);
	(void)set(CR0, 0);
	(void)set(0x88, 8);
	(void)vsmmu_write(&v, 0x80, 3, UINT64_C(0xffffffffffc0));
	(void)set(CR0, 1);
	CU_ASSERT_EQUAL(entry(8), ABORTS);
}

/* S1STALLD where the machine's SMMU would stall; where it cannot, the bit would be wrong. After a reset too. */
static void stalls(void)
{
	for (stall_model = 0; stall_model < 2; stall_model++) {
		on();
		CU_ASSERT_EQUAL(with(0x1200b, 0), NESTED);
		vsmmu_reset(&v);
		CU_ASSERT_EQUAL(v.can_stall, !stall_model);
		CU_ASSERT_EQUAL(get(0x00) >> 24 & 3, 1);
	}
	stall_model = 1;
}

static void two_levels(void)
{
	for (unsigned split = 6; split <= 10; split += 2) {
		on();
		(void)set(CR0, 0);
		(void)set(0x88, 8 | split << 6 | 1 << 16);
		(void)set(CR0, 1);
		CU_ASSERT_EQUAL(entry(8), ABORTS);
		at(STRTAB)[0] = LEVEL2 | (split + 1);
		at(LEVEL2)[8 * 8] = 9;
		CU_ASSERT_EQUAL(entry(8), STAGE2);
		at(STRTAB)[0] = LEVEL2 | 4; /* eight entries */
		CU_ASSERT_EQUAL(entry(8), ABORTS);
		at(STRTAB)[0] = LEVEL2 | (split + 2); /* more than there can be */
		CU_ASSERT_EQUAL(entry(8), ABORTS);
	}
	(void)set(CR0, 0);
	(void)set(0x88, 8 | 7 << 6 | 1 << 16); /* a split that there is not */
	(void)set(CR0, 1);
	CU_ASSERT_EQUAL(entry(8), ABORTS);
}

/* Is L1 told of it by its wire? */
static bool event(const struct smmu_event *e)
{
	unsigned wires;

	vsmmu_event(&v, &m, e, 8);
	wires = vsmmu_tell(&v, &m);
	CU_ASSERT_EQUAL(wires & ~VSMMU_WIRE_EVENT, 0);
	CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), 0);
	return wires;
}

static void events(void)
{
	struct smmu_event e = { { UINT64_C(0x0000001800000010), UINT64_C(1) << 35, 0x1234, 0 } };

	on();
	CU_ASSERT_TRUE(vsmmu_is_l1s(&e));
	e.word[1] |= UINT64_C(1) << 39; /* S2 */
	CU_ASSERT_FALSE(vsmmu_is_l1s(&e));
	e.word[1] = UINT64_C(1) << 35;
	for (unsigned i = 0; i < 4; i++) {
		CU_ASSERT_TRUE(event(&e));
		CU_ASSERT_EQUAL(at(EVENTQ)[4 * i], UINT64_C(0x0000000800000010));
		CU_ASSERT(at(EVENTQ)[4 * i + 1] == UINT64_C(1) << 35 && at(EVENTQ)[4 * i + 2] == 0x1234);
	}
	CU_ASSERT_EQUAL(get(0x100a8), 4);
	/* It is full: OVFLG, once. */
	CU_ASSERT_TRUE(event(&e));
	CU_ASSERT_EQUAL(vsmmu_read(&v, 0x100a8, 2), 0x80000004);
	(void)event(&e);
	CU_ASSERT_EQUAL(vsmmu_read(&v, 0x100a8, 2), 0x80000004);
	(void)vsmmu_write(&v, 0x100ac, 2, 0x80000004);
	CU_ASSERT_TRUE(event(&e));
	CU_ASSERT_EQUAL(vsmmu_read(&v, 0x100a8, 2), 0x80000005);
	(void)set(IRQ_CTRL, 0);
	CU_ASSERT_FALSE(event(&e));
	(void)set(CR0, 0);
	(void)set(IRQ_CTRL, 5);
	CU_ASSERT_FALSE(event(&e));
	/* F_CD_FETCH and F_WALK_EABT have the address of a table of the machine's. */
	on();
	e.word[3] = UINT64_C(0x45678000);
	for (unsigned i = 0; i < 2; i++) {
		e.word[0] = UINT64_C(0x0000001800000000) | (i ? 0x0b : 0x09);
		at(EVENTQ)[4 * i + 3] = 1;
		CU_ASSERT(vsmmu_is_l1s(&e) && event(&e));
		CU_ASSERT_EQUAL(at(EVENTQ)[4 * i + 3], 0);
	}
}

/* EVENTQ_ABT_ERR, bit 2 of GERROR, and SMMU_EVENTQ_PROD stays. The second one says no more than the first, and nobody is told. */
static void lost_events(void)
{
	struct smmu_event e = { { UINT64_C(0x0000001800000010), 0, 0x1234, 0 } };

	on();
	(void)set(CR0, 0);
	(void)vsmmu_write(&v, 0xa0, 3, UINT64_C(0x80000000) | 2);
	(void)set(CR0, 0xd);
	for (unsigned i = 0; i < 2; i++) {
		vsmmu_event(&v, &m, &e, 8);
		CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), i ? 0 : VSMMU_WIRE_ERROR);
		CU_ASSERT_EQUAL(get(GERROR), 4);
		CU_ASSERT_EQUAL(get(0x100a8), 0);
	}
	(void)set(GERRORN, 4);
	CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), 0);
	vsmmu_event(&v, &m, &e, 8);
	CU_ASSERT_EQUAL(get(GERROR), 0);
	CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), VSMMU_WIRE_ERROR);
}

/* --- messages --- */

#define MESSAGE (MEMORY + 0x8004)
#define NOWHERE UINT64_C(0x80000000)

static uint32_t message_at(uint64_t ipa)
{
	return (uint32_t)(*at(ipa & ~UINT64_C(7)) >> ipa % 8 * 8);
}

/* As Linux sends it: CS 1, MSH 3, MSIAttr 15, MSIData, MSIAddress. The message comes when L0 says that the SYNC is done, and not before. */
static void sync_messages(void)
{
	struct vsmmu_order o;

	on();
	next_command = 0;
	*at(MESSAGE & ~UINT64_C(7)) = ~UINT64_C(0);
	o = run(UINT64_C(0x123456780fc01046), MESSAGE);
	CU_ASSERT_EQUAL(o.act, VSMMU_SYNC);
	CU_ASSERT_EQUAL(message_at(MESSAGE), 0xffffffff);
	vsmmu_synced(&v, &m, &o);
	CU_ASSERT_EQUAL(*at(MESSAGE & ~UINT64_C(7)), UINT64_C(0x12345678ffffffff));
	/* CS 0 and 2, and an address of 0, are without one; bits beside MSIAddress are not of it. */
	for (unsigned cs = 0; cs < 4; cs += 2) {
		o = run(UINT64_C(0x5500000046) | cs << 12, MESSAGE);
		vsmmu_synced(&v, &m, &o);
		CU_ASSERT_EQUAL(message_at(MESSAGE), 0x12345678);
	}
	o = run(UINT64_C(0x5500001046), 3);
	vsmmu_synced(&v, &m, &o);
	CU_ASSERT_EQUAL(get(GERROR), 0);
	o = run(UINT64_C(0x5500001046), MESSAGE | 3 | UINT64_C(0xfff) << 52);
	vsmmu_synced(&v, &m, &o);
	CU_ASSERT_EQUAL(message_at(MESSAGE), 0x55);
	/* MSI_CMDQ_ABT_ERR, bit 4: the queue goes on, and the error is told of once. */
	for (unsigned i = 0; i < 2; i++) {
		o = run(0x1046, NOWHERE);
		vsmmu_synced(&v, &m, &o);
		CU_ASSERT_EQUAL(get(GERROR), 1 << 4);
		CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), i ? 0 : VSMMU_WIRE_ERROR);
		CU_ASSERT_EQUAL(get(CONS), get(PROD));
	}
	(void)set(GERRORN, 1 << 4);
	CU_ASSERT_EQUAL(get(GERRORN), 1 << 4);
}

/* SMMU_<x>_IRQ_CFG0 to 2 can be written while that interrupt is off. */
static void set_irq(uint64_t offset, uint64_t address, uint32_t data)
{
	(void)vsmmu_write(&v, offset, 3, address);
	(void)set(offset + 8, data);
	(void)set(offset + 12, 0xff);
}

static void irq_registers(void)
{
	static const uint64_t offsets[] = { 0x68, 0xb0 };

	for (unsigned i = 0; i < 2; i++) {
		on();
		set_irq(offsets[i], MESSAGE, 1);
		CU_ASSERT_EQUAL(vsmmu_read(&v, offsets[i], 3), 0);
		CU_ASSERT_EQUAL(vsmmu_read(&v, offsets[i] + 8, 3), 0);
		(void)set(IRQ_CTRL, i ? 1 : 4); /* the other one */
		set_irq(offsets[i], ~UINT64_C(0), 0xfedcba98);
		CU_ASSERT_EQUAL(vsmmu_read(&v, offsets[i], 3), UINT64_C(0x000ffffffffffffc));
		CU_ASSERT_EQUAL(vsmmu_read(&v, offsets[i] + 8, 3), UINT64_C(0x3ffedcba98));
		CU_ASSERT_EQUAL(vsmmu_read(&v, offsets[1 - i], 3), 0);
		vsmmu_reset(&v);
		CU_ASSERT_EQUAL(vsmmu_read(&v, offsets[i], 3), 0);
	}
}

/* A message in place of the wire; one that cannot be written is an error, of which L1 is told in turn. */
static void irq_messages(void)
{
	struct smmu_event e = { { UINT64_C(0x0000001800000010), 0, 0x1234, 0 } };

	on();
	next_command = 0;
	(void)set(IRQ_CTRL, 0);
	set_irq(0xb0, MESSAGE, 77);
	set_irq(0x68, MESSAGE + 4, 78);
	(void)set(IRQ_CTRL, 5);
	vsmmu_event(&v, &m, &e, 8);
	CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), 0);
	CU_ASSERT_EQUAL(message_at(MESSAGE), 77);
	CU_ASSERT_EQUAL(message_at(MESSAGE + 4), 0);
	(void)run(0xff, 0);
	CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), 0);
	CU_ASSERT_EQUAL(message_at(MESSAGE + 4), 78);
	/* MSI_EVENTQ_ABT_ERR, bit 5. */
	on();
	(void)set(IRQ_CTRL, 0);
	set_irq(0xb0, NOWHERE, 77);
	(void)set(IRQ_CTRL, 5);
	vsmmu_event(&v, &m, &e, 8);
	CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), VSMMU_WIRE_ERROR);
	CU_ASSERT_EQUAL(get(GERROR), 1 << 5);
	CU_ASSERT_EQUAL(get(0x100a8), 1);
	/* MSI_GERROR_ABT_ERR, bit 7, which nobody can be told of. */
	on();
	(void)set(IRQ_CTRL, 0);
	set_irq(0x68, NOWHERE, 77);
	(void)set(IRQ_CTRL, 5);
	next_command = 0;
	(void)run(0xff, 0);
	CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), 0);
	CU_ASSERT_EQUAL(get(GERROR), 1 | 1 << 7);
	CU_ASSERT_EQUAL(vsmmu_tell(&v, &m), 0);
}

/* What of an address is within the table or the queue is dropped. */
static void alignment(void)
{
	struct smmu_event e = { { UINT64_C(0x0000001800000010), 0, 0x1234, 0 } };

	on();
	next_command = 0;
	(void)set(CR0, 0);
	(void)vsmmu_write(&v, 0x80, 3, STRTAB | 0x3fc0);
	(void)vsmmu_write(&v, 0x90, 3, CMDQ | 0xe0 | 4);
	(void)vsmmu_write(&v, 0xa0, 3, EVENTQ | 0x60 | 2);
	(void)set(CR0, 0xd);
	CU_ASSERT_EQUAL(with(9, 0), STAGE2);
	CU_ASSERT_EQUAL(run(0x46, 0).act, VSMMU_SYNC);
	CU_ASSERT_TRUE(event(&e));
	CU_ASSERT_EQUAL(at(EVENTQ)[2], 0x1234);
	/* Two levels, split at 6 bits: 64 entries of level 1. */
	(void)set(CR0, 0);
	(void)set(0x88, 12 | 6 << 6 | 1 << 16);
	(void)vsmmu_write(&v, 0x80, 3, STRTAB | 0x1c0);
	(void)set(CR0, 1);
	at(STRTAB)[0] = LEVEL2 | 7;
	at(LEVEL2)[8 * 8] = 9;
	CU_ASSERT_EQUAL(entry(8), STAGE2);
}

void register_nv_smmu_virtual(void)
{
	CU_pSuite s = CU_add_suite("L1's SMMU", NULL, NULL);

	CU_add_test(s, "registers", registers);
	CU_add_test(s, "commands", commands);
	CU_add_test(s, "illegal commands", illegal_commands);
	CU_add_test(s, "streams", streams);
	CU_add_test(s, "nothing stalls", stalls);
	CU_add_test(s, "a stream table in two levels", two_levels);
	CU_add_test(s, "events", events);
	CU_add_test(s, "events that cannot be written", lost_events);
	CU_add_test(s, "a CMD_SYNC that is done says so", sync_messages);
	CU_add_test(s, "registers of messages", irq_registers);
	CU_add_test(s, "messages in place of wires", irq_messages);
	CU_add_test(s, "tables and queues are aligned", alignment);
}
