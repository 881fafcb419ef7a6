/*
 * Whatever L1 writes to its SMMU's registers, tables and queue: does the machine's get an entry without the VM's stage 2, or a command that
 * is about another VM?  Reads: nv/smmu/virtual.h.  tests/fuzz/vsmmu.c has them one after the other, from registers written; here they are
 * anything at once.
 */
#include "nv/smmu/virtual.h"

#include "nv/smmu/regs.h"
#include "tests/prove/prove.h"

#define CONFIG_NESTED 7
#define S1STALLD BIT(27)
#define TLBI_NH_ALL 0x10
#define TLBI_NH_VAA 0x13
#define QUEUE_INDEX \
	(BITS(31, 24) | BITS(19, 0)) /* of SMMU_CMDQ_CONS and its like: the others are never set */
#define QUEUE_LOG2 BITS(4, 0)
#define QUEUE_LOG2_MAX 19			/* SMMU_IDR1, to which a write of a base is cut */
#define IRQ_ADDRESS BITS(51, 2)			/* to which a write of it is cut */
#define ATTRIBUTES BITS(7, 2)			/* of word 1: how tables of contexts are cached */
#define NO_CONTEXTS (BITS(63, 52) | BITS(5, 4)) /* of word 0: substreams, and what is reserved */

void prove_vsmmu_entry(void);
void prove_vsmmu_next(void);
void prove_vsmmu_event(void);

static uint32_t any_u32(void)
{
	return (uint32_t)(any_u64() & BITS(31, 0));
}

/* Anything is there, or nothing. */
static bool read_any(const void *memory, l1_ipa_t ipa, uint64_t *value)
{
	(void)memory;
	always(!(ipa.val & 7));
	*value = any_u64();
	return any_bool();
}

static bool read_any_pair(const void *memory, l1_ipa_t ipa, uint64_t value[2])
{
	(void)memory;
	always(!(ipa.val & 15));
	value[0] = any_u64();
	value[1] = any_u64();
	return any_bool();
}

static bool write_any(const void *memory, l1_ipa_t ipa, uint64_t value)
{
	(void)memory;
	(void)value;
	always(!(ipa.val & 7));
	return any_bool();
}

static bool message_any(const void *memory, l1_ipa_t ipa, uint32_t value)
{
	(void)memory;
	(void)value;
	always(!(ipa.val & 3));
	return any_bool();
}

static const struct vsmmu_memory m = { read_any, read_any_pair, write_any, message_any, 0 };

static struct vsmmu any_vsmmu(void)
{
	struct vsmmu v = {
		.idr0 = any_u32(),
		.idr5 = any_u32(),
		.can_stall = any_bool(),
		.cr0 = any_u32(),
		.gbpa = any_u32(),
		.irq_ctrl = any_u32(),
		.gerror = any_u32(),
		.gerrorn = any_u32(),
		.strtab_cfg = any_u32(),
		.strtab_base = any_u64(),
		.cmdq_base = any_u64(),
		.eventq_base = any_u64(),
		.cmdq_prod = any_u32() & (uint32_t)QUEUE_INDEX,
		.cmdq_cons = any_u32() & (uint32_t)QUEUE_INDEX,
		.eventq_prod = any_u32() & (uint32_t)QUEUE_INDEX,
		.eventq_cons = any_u32() & (uint32_t)QUEUE_INDEX,
		.event_irq = { any_u64() & IRQ_ADDRESS, any_u32(), any_u32() },
		.error_irq = { any_u64() & IRQ_ADDRESS, any_u32(), any_u32() },
		.has_event = any_bool(),
		.has_error = any_bool(),
	};

	assume(field_get(QUEUE_LOG2, v.cmdq_base) <= QUEUE_LOG2_MAX);
	assume(field_get(QUEUE_LOG2, v.eventq_base) <= QUEUE_LOG2_MAX);
	return v;
}

/* It refuses, or has the VM's stage 2; L1's context pointer is there with it alone. */
void prove_vsmmu_entry(void)
{
	const struct smmu_stage2 s2 = { .root = { any_u64() }, .ipa_bits = 40, .oas = 44, .vmid = 7 };
	struct smmu_ste plain = smmu_ste_stage2(&s2), e;
	struct vsmmu v = any_vsmmu();
	bool translated;
	uint64_t config;

	e = vsmmu_entry(&v, &m, any_u32(), &s2, &translated);
	config = field_get(STE_CONFIG, e.word[0]);
	always(e.word[0] & STE_V);
	always(config == STE_CONFIG_ABORT || config == STE_CONFIG_S2 || config == CONFIG_NESTED);
	always(translated == (config == CONFIG_NESTED));
	always(config == STE_CONFIG_ABORT || (e.word[2] == plain.word[2] && e.word[3] == plain.word[3]));
	always(!((e.word[1] ^ plain.word[1]) & ~(ATTRIBUTES | S1STALLD)) || config == STE_CONFIG_ABORT);
	always(!(e.word[4] | e.word[5] | e.word[6] | e.word[7]));
	always(!(e.word[0] & NO_CONTEXTS));
}

/* What is forwarded invalidates stage 1 of the VM's VMID, and the queue goes on by one command or stands still. */
void prove_vsmmu_next(void)
{
	struct vsmmu v = any_vsmmu(), before = v;
	uint16_t vmid = (uint16_t)(any_u64() & 0xffff);
	unsigned log2 = (unsigned)field_get(QUEUE_LOG2, v.cmdq_base);
	struct vsmmu_order o;
	uint64_t opcode;

	vsmmu_next(&v, &m, vmid, &o);
	opcode = field_get(CMD_OPCODE, o.forward.word[0]);
	always(o.act != VSMMU_FORWARD || (opcode >= TLBI_NH_ALL && opcode <= TLBI_NH_VAA));
	always(o.act != VSMMU_FORWARD || field_get(CMD_VMID, o.forward.word[0]) == vmid);
	always(o.act != VSMMU_FORWARD || !(o.forward.word[0] & BITS(31, 8)));
	always(o.act != VSMMU_FORWARD || !(o.forward.word[1] & BITS(11, 1)));
	always(o.act != VSMMU_IDLE || (v.cmdq_cons == before.cmdq_cons && v.gerror == before.gerror));
	always(o.act != VSMMU_ERROR || v.gerror == (before.gerror ^ (uint32_t)GERROR_CMDQ_ERR));
	if (o.act == VSMMU_SYNC)
		vsmmu_synced(&v, &m, &o);
	always(o.act == VSMMU_IDLE || o.act == VSMMU_ERROR ||
	       v.cmdq_cons == smmu_queue_next(before.cmdq_cons, log2));
}

/* One of a stage 2, or of the machine's own tables, is never L1's, and an event changes nothing but its queue and GERROR. */
void prove_vsmmu_event(void)
{
	struct vsmmu v = any_vsmmu(), before = v;
	struct smmu_event e = { { any_u64(), any_u64(), any_u64(), any_u64() } };
	uint64_t number = field_get(EVENT_NUMBER, e.word[0]);

	always(!vsmmu_is_l1s(&e) || !(e.word[1] & EVENT1_S2));
	always(!vsmmu_is_l1s(&e) || (number != 0x02 && number != 0x03 && number != 0x04));
	vsmmu_event(&v, &m, &e, 8);
	(void)vsmmu_tell(&v, &m);
	always(v.cr0 == before.cr0 && v.cmdq_cons == before.cmdq_cons &&
	       v.eventq_base == before.eventq_base && v.eventq_cons == before.eventq_cons &&
	       v.strtab_base == before.strtab_base);
	always(!((v.gerror ^ before.gerror) & (uint32_t)GERROR_CMDQ_ERR));
	always((before.cr0 & CR0_EVENTQEN) || v.eventq_prod == before.eventq_prod);
}
