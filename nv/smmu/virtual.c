/* What does L1's own SMMU do?  Reads: virtual.h. */
#include "nv/smmu/virtual.h"

#include <stddef.h>
#include <string.h>

#include "nv/smmu/regs.h"

#define IDR0_S1P BIT(1)
#define IDR0_ASID16 BIT(12)
#define IDR0_MSI BIT(13)
#define IDR0_CD2L BIT(19)
#define IDR0_TTENDIAN_LITTLE (UINT64_C(2) << 21)
#define IDR0_STALL_MODEL_NONE BIT(24)
#define IDR0_TERM_MODEL BIT(26)
#define IDR0_TWO_LEVELS BIT(27)
#define IDR5_SHOWN (BITS(2, 0) | BITS(6, 4)) /* OAS and the granules */
#define CMDQ_LOG2 8
#define EVENTQ_LOG2 7
#define SMMU_IIDR 0x18
#define SMMU_IIDR_FIRN 0x43bU /* an implementer of the Arm architecture */
#define PAGE1 UINT64_C(0x10000)

#define CR0_SHOWN (CR0_SMMUEN | CR0_EVENTQEN | CR0_CMDQEN)
#define CR1_SHOWN BITS(11, 0)
#define CR2_SHOWN (CR2_RECINVSID | CR2_PTM)
#define IRQ_CTRL_GERROR BIT(0)
#define GERRORS_SHOWN                                                                                    \
	(GERROR_CMDQ_ERR | GERROR_EVENTQ_ABT_ERR | GERROR_MSI_CMDQ_ABT_ERR | GERROR_MSI_EVENTQ_ABT_ERR | \
	 GERROR_MSI_GERROR_ABT_ERR)
#define MSI_ADDRESS BITS(51, 2)
#define MSI_ATTRIBUTES BITS(5, 0)
#define GBPA_RESET 0x1000U /* SHCFG: as it comes */
#define GBPA_SHOWN (BITS(19, 16) | BITS(13, 8) | BITS(4, 0) | GBPA_ABORT)
#define TABLE_ADDRESS BITS(51, 6)
#define QUEUE_ADDRESS BITS(51, 5)
#define QUEUE_LOG2 BITS(4, 0)
#define QUEUE_COUNT BITS(19, 0)
#define CONS_ERR BITS(30, 24)
#define CERROR_ILL 1
#define CERROR_ABT 2
#define STRTAB_SHOWN (BITS(17, 16) | BITS(10, 0))
#define STRTAB_FMT BITS(17, 16)
#define L1_L2PTR BITS(51, 6)
#define STE_BYTES 64
#define COMMAND_LOG2 4 /* of bytes, as the next ones */
#define EVENT_LOG2 5
#define STE_LOG2 6
#define LEVEL1_LOG2 3

#define CONFIG_BYPASS 4
#define CONFIG_S1 5
#define CONFIG_NESTED 7
#define STE_CONTEXTS BITS(51, 6)
#define STE_S1CDMAX BITS(63, 59)
#define STE1_CACHED BITS(7, 2) /* S1CIR, S1COR, S1CSH */
#define STE1_S1STALLD BIT(27)
#define STE1_EATS BITS(29, 28)
#define STE1_STRW BITS(31, 30)

#define CMD_SSEC BIT(10)
#define CMD_ASID BITS(63, 48)
#define CMD_ASID_8 BITS(55, 48)
#define CMD_TLBI_NH_ALL 0x10
#define CMD_TLBI_NH_ASID 0x11
#define CMD_TLBI_NH_VA 0x12
#define CMD_TLBI_NH_VAA 0x13
#define CMD_PREFETCH_CONFIG 0x01
#define CMD_PREFETCH_ADDR 0x02
#define CMD1_LEAF BIT(0)
#define CMD1_VA BITS(63, 12)

#define EVENT_FIRST_CONTEXT 0x08 /* C_BAD_SUBSTREAMID, F_CD_FETCH, C_BAD_CD, F_WALK_EABT */
#define EVENT_LAST_CONTEXT 0x0b
#define EVENT_FIRST_FAULT 0x10 /* F_TRANSLATION to F_PERMISSION */
#define EVENT_LAST_FAULT 0x13

/* --- registers --- */

/*
 * HTTU, ATS, PRI, stalls and substreams are not shown: each would have to be carried out here. Messages are, since with them Linux waits for a CMD_SYNC
 * by reading memory.
 */
bool vsmmu_init(struct vsmmu *v, uint32_t idr0, uint32_t idr5)
{
	memset(v, 0, sizeof(*v));
	v->idr0 =
		(uint32_t)((idr0 & (IDR0_TTF | IDR0_ASID16 | IDR0_CD2L)) | IDR0_S1P | IDR0_COHACC | IDR0_MSI |
			   IDR0_TTENDIAN_LITTLE | IDR0_STALL_MODEL_NONE | IDR0_TERM_MODEL | IDR0_TWO_LEVELS);
	v->idr5 = idr5 & (uint32_t)IDR5_SHOWN;
	v->can_stall = field_get(IDR0_STALL_MODEL, idr0) == IDR0_STALL_MODEL_BOTH;
	vsmmu_reset(v);
	return idr0 & IDR0_S1P;
}

void vsmmu_reset(struct vsmmu *v)
{
	*v = (struct vsmmu){
		.idr0 = v->idr0, .idr5 = v->idr5, .can_stall = v->can_stall, .gbpa = GBPA_RESET
	};
}

static uint32_t read32(const struct vsmmu *v, uint64_t offset)
{
	switch (offset) {
	case SMMU_IDR0:
		return v->idr0;
	case SMMU_IDR1:
		return (uint32_t)(field_put(IDR1_SIDSIZE, VSMMU_STREAM_BITS) |
				  field_put(IDR1_EVENTQS, EVENTQ_LOG2) | field_put(IDR1_CMDQS, CMDQ_LOG2));
	case SMMU_IDR5:
		return v->idr5;
	case SMMU_IIDR:
		return SMMU_IIDR_FIRN;
	case SMMU_CR0:
	case SMMU_CR0ACK:
		return v->cr0;
	case SMMU_CR1:
		return v->cr1;
	case SMMU_CR2:
		return v->cr2;
	case SMMU_GBPA:
		return v->gbpa;
	case SMMU_IRQ_CTRL:
	case SMMU_IRQ_CTRLACK:
		return v->irq_ctrl;
	case SMMU_GERROR:
		return v->gerror;
	case SMMU_GERRORN:
		return v->gerrorn;
	case SMMU_GERROR_IRQ_CFG1:
		return v->error_irq.data;
	case SMMU_GERROR_IRQ_CFG2:
		return v->error_irq.attributes;
	case SMMU_EVENTQ_IRQ_CFG1:
		return v->event_irq.data;
	case SMMU_EVENTQ_IRQ_CFG2:
		return v->event_irq.attributes;
	case SMMU_STRTAB_BASE_CFG:
		return v->strtab_cfg;
	case SMMU_CMDQ_PROD:
		return v->cmdq_prod;
	case SMMU_CMDQ_CONS:
		return v->cmdq_cons;
	case SMMU_EVENTQ_PROD:
		return v->eventq_prod;
	case SMMU_EVENTQ_CONS:
		return v->eventq_cons;
	default:
		return 0;
	}
}

/* The registers of 64 bits, for the access or for half of it. NULL: it is none. */
static const uint64_t *wide(const struct vsmmu *v, uint64_t offset)
{
	switch (offset & ~UINT64_C(7)) {
	case SMMU_GERROR_IRQ_CFG0:
		return &v->error_irq.address;
	case SMMU_STRTAB_BASE:
		return &v->strtab_base;
	case SMMU_CMDQ_BASE:
		return &v->cmdq_base;
	case SMMU_EVENTQ_BASE:
		return &v->eventq_base;
	case SMMU_EVENTQ_IRQ_CFG0:
		return &v->event_irq.address;
	default:
		return NULL;
	}
}

/* STRTAB_BASE_CFG, and the indices of the command queue, are in a double word as two registers of 32 bits. */
static bool is_access(uint64_t offset, unsigned size_log2)
{
	return (size_log2 == 2 || size_log2 == 3) && !(offset & (BIT(size_log2) - 1));
}

uint64_t vsmmu_read(const struct vsmmu *v, uint64_t offset, unsigned size_log2)
{
	const uint64_t *reg;

	if (!is_access(offset, size_log2))
		return 0;
	reg = wide(v, offset);
	if (reg)
		return size_log2 == 3 ? *reg : *reg >> offset % 8 * 8 & BITS(31, 0);
	if (size_log2 == 2)
		return read32(v, offset);
	return read32(v, offset) | (uint64_t)read32(v, offset + 4) << 32;
}

/* A queue longer than the IDR says is as long as that. */
static uint64_t queue_base(uint64_t value, unsigned log2)
{
	value &= QUEUE_ADDRESS | BASE_ALLOCATE | QUEUE_LOG2;
	return field_get(QUEUE_LOG2, value) > log2 ? field_set(QUEUE_LOG2, value, log2) : value;
}

/* Which registers can be written when: those of what is enabled keep what they have. */
static void write_wide(struct vsmmu *v, const uint64_t *reg, uint64_t offset, unsigned size_log2,
		       uint64_t value)
{
	if (size_log2 == 2)
		value = offset % 8 ? (*reg & BITS(31, 0)) | value << 32 :
				     (*reg & BITS(63, 32)) | (value & BITS(31, 0));
	if (reg == &v->strtab_base && !(v->cr0 & CR0_SMMUEN))
		v->strtab_base = value & (TABLE_ADDRESS | BASE_ALLOCATE);
	else if (reg == &v->cmdq_base && !(v->cr0 & CR0_CMDQEN))
		v->cmdq_base = queue_base(value, CMDQ_LOG2);
	else if (reg == &v->eventq_base && !(v->cr0 & CR0_EVENTQEN))
		v->eventq_base = queue_base(value, EVENTQ_LOG2);
	else if (reg == &v->event_irq.address && !(v->irq_ctrl & IRQ_CTRL_EVENTQ))
		v->event_irq.address = value & MSI_ADDRESS;
	else if (reg == &v->error_irq.address && !(v->irq_ctrl & IRQ_CTRL_GERROR))
		v->error_irq.address = value & MSI_ADDRESS;
}

static unsigned write_cr0(struct vsmmu *v, uint32_t value)
{
	uint32_t changed = (v->cr0 ^ value) & (uint32_t)CR0_SHOWN;

	v->cr0 = value & (uint32_t)CR0_SHOWN;
	return (changed & CR0_SMMUEN ? VSMMU_STREAMS : 0) | VSMMU_COMMANDS;
}

static unsigned write_gbpa(struct vsmmu *v, uint32_t value)
{
	if (!(value & GBPA_UPDATE))
		return 0;
	v->gbpa = value & (uint32_t)GBPA_SHOWN;
	return VSMMU_STREAMS;
}

/* What a message says, and how: as long as there are none. */
static void write_irq(struct vsmmu *v, uint64_t offset, uint32_t value)
{
	bool of_event = offset == SMMU_EVENTQ_IRQ_CFG1 || offset == SMMU_EVENTQ_IRQ_CFG2;
	struct vsmmu_irq *irq = of_event ? &v->event_irq : &v->error_irq;

	if (v->irq_ctrl & (of_event ? IRQ_CTRL_EVENTQ : IRQ_CTRL_GERROR))
		return;
	if (offset == SMMU_EVENTQ_IRQ_CFG1 || offset == SMMU_GERROR_IRQ_CFG1)
		irq->data = value;
	else
		irq->attributes = value & (uint32_t)MSI_ATTRIBUTES;
}

static unsigned write32(struct vsmmu *v, uint64_t offset, uint32_t value)
{
	switch (offset) {
	case SMMU_CR0:
		return write_cr0(v, value);
	case SMMU_CR1:
		v->cr1 = value & (uint32_t)CR1_SHOWN;
		return 0;
	case SMMU_CR2:
		v->cr2 = value & (uint32_t)CR2_SHOWN;
		return 0;
	case SMMU_GBPA:
		return write_gbpa(v, value);
	case SMMU_IRQ_CTRL:
		v->irq_ctrl = value & (uint32_t)(IRQ_CTRL_EVENTQ | IRQ_CTRL_GERROR);
		return 0;
	case SMMU_GERRORN:
		v->gerrorn = value & (uint32_t)GERRORS_SHOWN;
		return VSMMU_COMMANDS;
	case SMMU_GERROR_IRQ_CFG1:
	case SMMU_GERROR_IRQ_CFG2:
	case SMMU_EVENTQ_IRQ_CFG1:
	case SMMU_EVENTQ_IRQ_CFG2:
		write_irq(v, offset, value);
		return 0;
	case SMMU_STRTAB_BASE_CFG:
		if (!(v->cr0 & CR0_SMMUEN))
			v->strtab_cfg = value & (uint32_t)STRTAB_SHOWN;
		return 0;
	case SMMU_CMDQ_PROD:
		v->cmdq_prod = value & (uint32_t)QUEUE_COUNT;
		return VSMMU_COMMANDS;
	case SMMU_CMDQ_CONS:
		if (!(v->cr0 & CR0_CMDQEN))
			v->cmdq_cons = value & (uint32_t)QUEUE_COUNT;
		return 0;
	case SMMU_EVENTQ_PROD:
		if (!(v->cr0 & CR0_EVENTQEN))
			v->eventq_prod = value & (uint32_t)(QUEUE_COUNT | QUEUE_OVERFLOW);
		return 0;
	case SMMU_EVENTQ_CONS:
		v->eventq_cons = value & (uint32_t)(QUEUE_COUNT | QUEUE_OVERFLOW);
		return 0;
	default:
		return 0;
	}
}

unsigned vsmmu_write(struct vsmmu *v, uint64_t offset, unsigned size_log2, uint64_t value)
{
	const uint64_t *reg;
	unsigned what;

	if (!is_access(offset, size_log2))
		return 0;
	reg = wide(v, offset);
	if (reg) {
		write_wide(v, reg, offset, size_log2, value);
		return 0;
	}
	what = write32(v, offset, (uint32_t)value);
	return size_log2 == 2 ? what : what | write32(v, offset + 4, (uint32_t)(value >> 32));
}

/* --- what L1 is told --- */

/* An error is active where GERROR and GERRORN differ; then it is told of already. */
static void set_error(struct vsmmu *v, uint64_t error)
{
	if ((v->gerror ^ v->gerrorn) & error)
		return;
	v->gerror ^= (uint32_t)error;
	v->has_error = true;
}

/* False: there is no memory, which is what unwritten says. What an ITS is at, too: L1's SMMU has no DeviceID. */
static bool send(struct vsmmu *v, const struct vsmmu_memory *m, l1_ipa_t at, uint32_t data,
		 uint64_t unwritten)
{
	if (m->message(m->memory, at, data))
		return true;
	set_error(v, unwritten);
	return false;
}

static unsigned tell(struct vsmmu *v, const struct vsmmu_memory *m, const struct vsmmu_irq *irq,
		     uint64_t unwritten, unsigned wire)
{
	if (!irq->address)
		return wire;
	(void)send(v, m, (l1_ipa_t){ irq->address }, irq->data, unwritten);
	return 0;
}

__attribute__((cold)) static unsigned tell_news(struct vsmmu *v, const struct vsmmu_memory *m)
{
	unsigned wires = 0;

	if (v->has_event && (v->irq_ctrl & IRQ_CTRL_EVENTQ))
		wires |= tell(v, m, &v->event_irq, GERROR_MSI_EVENTQ_ABT_ERR, VSMMU_WIRE_EVENT);
	if (v->has_error && (v->irq_ctrl & IRQ_CTRL_GERROR))
		wires |= tell(v, m, &v->error_irq, GERROR_MSI_GERROR_ABT_ERR, VSMMU_WIRE_ERROR);
	v->has_event = v->has_error = false;
	return wires;
}

unsigned vsmmu_tell(struct vsmmu *v, const struct vsmmu_memory *m)
{
	return v->has_event || v->has_error ? tell_news(v, m) : 0;
}

/* A table or a queue of 1 << log2 bytes: address bits below that are no part of the address. */
static uint64_t aligned(uint64_t base, unsigned log2)
{
	return log2 > 63 ? 0 : base & ~(BIT(log2) - 1);
}

static uint64_t queue_at(uint64_t base, unsigned entry_log2)
{
	return aligned(base & QUEUE_ADDRESS, (unsigned)field_get(QUEUE_LOG2, base) + entry_log2);
}

/* --- commands --- */

/* What names translations of stage 1, of this VM's VMID alone. */
static void translations(const struct vsmmu *v, const uint64_t word[2], uint64_t opcode, uint16_t vmid,
			 struct vsmmu_order *o)
{
	uint64_t asid = v->idr0 & IDR0_ASID16 ? CMD_ASID : CMD_ASID_8;
	bool has_asid = opcode == CMD_TLBI_NH_ASID || opcode == CMD_TLBI_NH_VA;
	bool has_address = opcode == CMD_TLBI_NH_VA || opcode == CMD_TLBI_NH_VAA;

	o->act = VSMMU_FORWARD;
	o->forward.word[0] =
		field_put(CMD_OPCODE, opcode) | field_put(CMD_VMID, vmid) | (has_asid ? word[0] & asid : 0);
	o->forward.word[1] = has_address ? word[1] & (CMD1_VA | CMD1_LEAF) : 0;
}

static void decode(const struct vsmmu *v, const uint64_t word[2], uint16_t vmid, struct vsmmu_order *o)
{
	uint64_t opcode = field_get(CMD_OPCODE, word[0]);

	if (word[0] & CMD_SSEC) {
		o->act = VSMMU_ERROR;
		return;
	}
	switch (opcode) {
	case CMD_PREFETCH_CONFIG:
	case CMD_PREFETCH_ADDR:
		o->act = VSMMU_NOTHING;
		return;
	case CMD_CFGI_STE:
		o->act = VSMMU_STREAM;
		o->stream = (uint32_t)field_get(CMD_STREAM, word[0]);
		return;
	case CMD_CFGI_ALL: /* a range of streams: all of them are no more than L1 could notice */
		o->act = VSMMU_ALL_STREAMS;
		return;
	case CMD_CFGI_CD:
	case CMD_CFGI_CD_ALL:
		o->act = VSMMU_CONTEXTS;
		o->stream = (uint32_t)field_get(CMD_STREAM, word[0]);
		return;
	case CMD_TLBI_NH_ALL:
	case CMD_TLBI_NH_ASID:
	case CMD_TLBI_NH_VA:
	case CMD_TLBI_NH_VAA:
		translations(v, word, opcode, vmid, o);
		return;
	case CMD_TLBI_NSNH_ALL:
		translations(v, word, CMD_TLBI_NH_ALL, vmid, o);
		return;
	case CMD_SYNC:
		o->act = VSMMU_SYNC;
		o->message.val =
			field_get(CMD_SYNC_CS, word[0]) == CMD_SYNC_CS_IRQ ? word[1] & CMD1_MSIADDRESS : 0;
		o->data = (uint32_t)field_get(CMD_SYNC_MSIDATA, word[0]);
		return;
	default:
		o->act = VSMMU_ERROR;
	}
}

/* SMMU_CMDQ_CONS stays at the command, with the reason, until L1 has seen it. */
static __attribute__((cold)) void fail(struct vsmmu *v, unsigned reason)
{
	v->cmdq_cons = (uint32_t)field_set(CONS_ERR, v->cmdq_cons, reason);
	set_error(v, GERROR_CMDQ_ERR);
}

void vsmmu_next(struct vsmmu *v, const struct vsmmu_memory *m, uint16_t vmid, struct vsmmu_order *o)
{
	unsigned log2 = (unsigned)field_get(QUEUE_LOG2, v->cmdq_base);
	uint64_t word[2];
	l1_ipa_t at;

	o->act = VSMMU_IDLE;
	if (smmu_queue_is_empty(v->cmdq_prod, v->cmdq_cons, log2) || !(v->cr0 & CR0_CMDQEN) ||
	    ((v->gerror ^ v->gerrorn) & GERROR_CMDQ_ERR))
		return;
	at.val = queue_at(v->cmdq_base, COMMAND_LOG2) +
		 ((uint64_t)smmu_queue_slot(v->cmdq_cons, log2) << COMMAND_LOG2);
	o->act = VSMMU_ERROR;
	if (!m->read_pair(m->memory, at, word)) {
		fail(v, CERROR_ABT);
		return;
	}
	decode(v, word, vmid, o);
	if (o->act == VSMMU_ERROR)
		fail(v, CERROR_ILL);
	else
		v->cmdq_cons = smmu_queue_next(v->cmdq_cons, log2);
}

void vsmmu_synced(struct vsmmu *v, const struct vsmmu_memory *m, const struct vsmmu_order *sync)
{
	if (sync->message.val)
		send(v, m, sync->message, sync->data, GERROR_MSI_CMDQ_ABT_ERR);
}

/* --- streams --- */

/* Where L1's entry for a stream is. False: L1 has none. */
static bool find(const struct vsmmu *v, const struct vsmmu_memory *m, uint32_t stream, l1_ipa_t *at)
{
	unsigned log2 = (unsigned)field_get(STRTAB_CFG_LOG2SIZE, v->strtab_cfg);
	unsigned split = (unsigned)field_get(STRTAB_CFG_SPLIT, v->strtab_cfg), span;
	uint64_t base = v->strtab_base & TABLE_ADDRESS, level1;

	if (stream >> VSMMU_STREAM_BITS || (log2 < VSMMU_STREAM_BITS && stream >> log2))
		return false;
	if (!field_get(STRTAB_FMT, v->strtab_cfg)) {
		at->val = aligned(base, log2 + STE_LOG2) + (uint64_t)stream * STE_BYTES;
		return true;
	}
	if ((split != 6 && split != 8 && split != 10) ||
	    !m->read(m->memory,
		     (l1_ipa_t){ aligned(base, (log2 > split ? log2 - split : 0) + LEVEL1_LOG2) +
				 (stream >> split) * sizeof(level1) },
		     &level1))
		return false;
	span = (unsigned)field_get(STRTAB_L1_SPAN, level1);
	stream &= (1U << split) - 1;
	if (!span || span > split + 1 || stream >> (span - 1))
		return false;
	at->val = (level1 & L1_L2PTR) + (uint64_t)stream * STE_BYTES;
	return true;
}

/*
 * Both stages: the contexts are L1's, at addresses that stage 2 translates too (IHI0070, "Nested"). A context of L1's that wants stalls is wrong, as it is for
 * an SMMU without: S1STALLD, which is only allowed where there are some.
 */
static struct smmu_ste nested(const struct vsmmu *v, uint64_t word0, uint64_t word1,
			      const struct smmu_stage2 *s2)
{
	struct smmu_ste e = smmu_ste_stage2(s2);

	e.word[0] = STE_V | field_put(STE_CONFIG, CONFIG_NESTED) | (word0 & STE_CONTEXTS);
	e.word[1] |= (word1 & STE1_CACHED) | (v->can_stall ? STE1_S1STALLD : 0);
	return e;
}

struct smmu_ste vsmmu_entry(const struct vsmmu *v, const struct vsmmu_memory *m, uint32_t stream,
			    const struct smmu_stage2 *s2, bool *translated)
{
	uint64_t word[2];
	l1_ipa_t at;

	*translated = false;
	if (!(v->cr0 & CR0_SMMUEN))
		return v->gbpa & GBPA_ABORT ? smmu_ste_abort() : smmu_ste_stage2(s2);
	if (!find(v, m, stream, &at) || !m->read_pair(m->memory, at, word) || !(word[0] & STE_V))
		return smmu_ste_abort();
	if (field_get(STE_CONFIG, word[0]) == CONFIG_BYPASS)
		return smmu_ste_stage2(s2);
	if (field_get(STE_CONFIG, word[0]) != CONFIG_S1 || (word[0] & STE_S1CDMAX) ||
	    (word[1] & (STE1_EATS | STE1_STRW)))
		return smmu_ste_abort();
	*translated = true;
	return nested(v, word[0], word[1], s2);
}

/* --- events --- */

bool vsmmu_is_l1s(const struct smmu_event *e)
{
	uint64_t number = field_get(EVENT_NUMBER, e->word[0]);

	return !(e->word[1] & EVENT1_S2) &&
	       ((number >= EVENT_FIRST_CONTEXT && number <= EVENT_LAST_CONTEXT) ||
		(number >= EVENT_FIRST_FAULT && number <= EVENT_LAST_FAULT));
}

/* Word 3 is the address of a table in the machine, or of a stage 2: neither is L1's to know. */
static bool put_event(const struct vsmmu_memory *m, const struct smmu_event *e, uint32_t stream, l1_ipa_t at)
{
	const uint64_t word[] = { field_set(EVENT_STREAM, e->word[0], stream), e->word[1], e->word[2], 0 };

	for (unsigned i = 0; i < 4; i++)
		if (!m->write(m->memory, (l1_ipa_t){ at.val + i * sizeof(word[0]) }, word[i]))
			return false;
	return true;
}

void vsmmu_event(struct vsmmu *v, const struct vsmmu_memory *m, const struct smmu_event *e, uint32_t stream)
{
	unsigned log2 = (unsigned)field_get(QUEUE_LOG2, v->eventq_base);
	l1_ipa_t at = { queue_at(v->eventq_base, EVENT_LOG2) +
			((uint64_t)smmu_queue_slot(v->eventq_prod, log2) << EVENT_LOG2) };
	uint32_t overflow = v->eventq_prod & (uint32_t)QUEUE_OVERFLOW;

	if (!(v->cr0 & CR0_EVENTQEN))
		return;
	if (smmu_queue_is_full(v->eventq_prod, v->eventq_cons, log2)) {
		if (overflow == (v->eventq_cons & (uint32_t)QUEUE_OVERFLOW))
			v->eventq_prod ^= (uint32_t)QUEUE_OVERFLOW;
	} else if (put_event(m, e, stream, at)) {
		v->eventq_prod = smmu_queue_next(v->eventq_prod, log2) | overflow;
	} else {
		set_error(v, GERROR_EVENTQ_ABT_ERR);
		return;
	}
	v->has_event = true;
}
