/*
 * Which registers has the ITS, and what does each command do?  Names, offsets and encodings as in IHI0069.  A command that is
 * wrong, or that there is no room for, is ignored and the next one is run (GITS_TYPER.SEIS is 0, and nothing stalls).
 * Reads: its.h.  Next: host/interrupt/vgic.c.
 */
#include "nv/gic/its.h"

#include <stddef.h>
#include <string.h>

#include "nv/arch/bits.h"
#include "nv/gic/access.h"
#include "nv/gic/lpi.h"

#define NONE 0xffffU	/* end of a list */
#define NO_TARGET 0xffU /* of a collection that is not mapped */
#define AT_ONCE 64	/* commands */

#define GITS_CTLR 0x0000
#define GITS_IIDR 0x0004
#define GITS_TYPER 0x0008
#define GITS_CBASER 0x0080
#define GITS_CWRITER 0x0088
#define GITS_CREADR 0x0090
#define GITS_BASER 0x0100
#define GITS_TRANSLATER 0x10040

#define GITS_CTLR_ENABLED BIT(0)
#define GITS_CTLR_QUIESCENT BIT(31)

#define GITS_TYPER_PHYSICAL BIT(0)
#define GITS_TYPER_ITT_ENTRY_SIZE BITS(7, 4)
#define GITS_TYPER_ID_BITS BITS(12, 8)
#define GITS_TYPER_DEVBITS BITS(17, 13)
#define GITS_TYPER_CIDBITS BITS(35, 32)
#define GITS_TYPER_CIL BIT(36)

#define EVENT_BITS 14 /* MAPI has the INTID as EventID */
#define DEVICE_BITS 8
#define COLLECTION_BITS 3
#define ENTRY_BYTES 8 /* of each table, as far as L1 is concerned */

#define BASE_VALID BIT(63)
#define CBASER_ADDRESS BITS(51, 16)
#define CBASER_SIZE BITS(7, 0)
/* Valid, InnerCache, OuterCache, address, Shareability, Size */
#define CBASER_BITS (BASE_VALID | BITS(61, 59) | BITS(55, 53) | BITS(51, 12) | BITS(11, 10) | CBASER_SIZE)
#define QUEUE_OFFSET BITS(19, 5)
#define QUEUE_PAGE 4096U
#define COMMAND_BYTES 32U

#define BASER_TYPE BITS(58, 56)
#define BASER_ENTRY_SIZE BITS(52, 48)
#define BASER_PAGE_SIZE BITS(9, 8)
#define BASER_64K 2
/* Valid, Indirect, InnerCache, OuterCache, address, Shareability, Page_Size, Size */
#define BASER_BITS (BITS(63, 59) | BITS(55, 53) | BITS(47, 0))
enum table {
	TABLE_DEVICES,
	TABLE_COLLECTIONS
};
static const uint64_t table_type[VITS_TABLES] = { [TABLE_DEVICES] = 1, [TABLE_COLLECTIONS] = 4 };

/* --- what is mapped --- */

static void forget_collections(struct vits *its)
{
	memset(its->collection, NO_TARGET, sizeof(its->collection));
}

static void forget_devices(struct vits *its)
{
	for (unsigned i = 0; i < VITS_DEVICES; i++)
		its->device[i] = (struct vits_device){ 0, NONE };
	for (unsigned i = 0; i < VITS_EVENTS; i++)
		its->event[i].next = (uint16_t)(i + 1 < VITS_EVENTS ? i + 1 : NONE);
	its->free = 0;
}

void vits_reset(struct vits *its)
{
	memset(its, 0, sizeof(*its));
	for (unsigned n = 0; n < VITS_TABLES; n++)
		its->baser[n] = field_put(BASER_PAGE_SIZE, BASER_64K);
	forget_collections(its);
	forget_devices(its);
}

/* Where the number of this mapping is: in its device's list. NULL: there is no such mapping. */
static uint16_t *find_link(struct vits *its, uint32_t device, uint32_t event)
{
	uint16_t *link;

	if (device >= VITS_DEVICES)
		return NULL;
	for (link = &its->device[device].first; *link != NONE; link = &its->event[*link].next)
		if (its->event[*link].event == event)
			return link;
	return NULL;
}

static struct vits_event *find(struct vits *its, uint32_t device, uint32_t event)
{
	const uint16_t *link = find_link(its, device, event);

	return link ? &its->event[*link] : NULL;
}

static void unmap_event(struct vits *its, uint16_t *link)
{
	uint16_t n = *link;

	*link = its->event[n].next;
	its->event[n].next = its->free;
	its->free = n;
}

static bool has_target(const struct vits *its, const struct vits_event *e)
{
	return its->collection[e->collection] != NO_TARGET;
}

/* The INTID that is pending then; 0: none. */
static uint32_t raise_event(struct vits *its, struct vgic_dist *d, uint32_t device, uint32_t event)
{
	const struct vits_event *e = find(its, device, event);

	if (!e || !has_target(its, e))
		return 0;
	vgic_lpi_set(d, its->collection[e->collection], e->lpi);
	return INTID_FIRST_LPI + e->lpi;
}

/* --- commands --- */

struct command {
	uint64_t word[4];
};

static uint32_t device_of(const struct command *c)
{
	return (uint32_t)(c->word[0] >> 32);
}

static uint32_t event_of(const struct command *c)
{
	return (uint32_t)c->word[1];
}

static uint32_t collection_of(const struct command *c)
{
	return (uint32_t)(c->word[2] & BITS(15, 0));
}

static bool is_valid(const struct command *c)
{
	return c->word[2] & BASE_VALID;
}

/* RDbase with GITS_TYPER.PTA = 0: GICR_TYPER.Processor_Number. */
static uint32_t target_of(uint64_t word)
{
	return (uint32_t)(word >> 16 & BITS(34, 0));
}

static void do_mapd(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	uint32_t id = device_of(c), bits = (uint32_t)(c->word[1] & BITS(4, 0)) + 1;

	(void)d;
	if (id >= VITS_DEVICES || (is_valid(c) && bits > EVENT_BITS))
		return;
	while (its->device[id].first != NONE)
		unmap_event(its, &its->device[id].first);
	its->device[id].event_bits = (uint8_t)(is_valid(c) ? bits : 0);
}

static void do_mapc(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	uint32_t id = collection_of(c), target = target_of(c->word[2]);

	if (id >= VITS_COLLECTIONS || (is_valid(c) && target >= d->vcpus))
		return;
	its->collection[id] = (uint8_t)(is_valid(c) ? target : NO_TARGET);
}

/* An event that is mapped already is mapped anew, which is UNPREDICTABLE. */
static void map_event(struct vits *its, struct vgic_dist *d, const struct command *c, uint32_t intid)
{
	uint32_t id = device_of(c), event = event_of(c), n = intid - INTID_FIRST_LPI;
	struct vits_event *e;

	if (id >= VITS_DEVICES || !its->device[id].event_bits || event >= BIT(its->device[id].event_bits) ||
	    collection_of(c) >= VITS_COLLECTIONS || intid < INTID_FIRST_LPI || n >= VGIC_LPIS)
		return;
	e = find(its, id, event);
	if (!e) {
		if (its->free == NONE)
			return;
		e = &its->event[its->free];
		its->free = e->next;
		e->next = its->device[id].first;
		its->device[id].first = (uint16_t)(e - its->event);
	}
	e->event = (uint16_t)event;
	e->lpi = (uint16_t)n;
	e->collection = (uint8_t)collection_of(c);
	vgic_lpi_configure(d, n);
}

static void do_mapti(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	map_event(its, d, c, (uint32_t)(c->word[1] >> 32));
}

static void do_mapi(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	map_event(its, d, c, event_of(c));
}

static void do_movi(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	struct vits_event *e = find(its, device_of(c), event_of(c));
	uint32_t to = collection_of(c);

	if (!e || !has_target(its, e) || to >= VITS_COLLECTIONS || its->collection[to] == NO_TARGET)
		return;
	vgic_lpi_move(d, its->collection[e->collection], its->collection[to], e->lpi);
	e->collection = (uint8_t)to;
}

static void do_movall(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	uint32_t from = target_of(c->word[2]), to = target_of(c->word[3]);

	(void)its;
	if (from < d->vcpus && to < d->vcpus)
		vgic_lpi_move_all(d, from, to);
}

static void do_inv(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	const struct vits_event *e = find(its, device_of(c), event_of(c));

	if (e)
		vgic_lpi_configure(d, e->lpi);
}

/* More may be read again than the LPIs of this collection. */
static void do_invall(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	if (collection_of(c) < VITS_COLLECTIONS && its->collection[collection_of(c)] != NO_TARGET)
		vgic_lpi_configure_all(d);
}

static void do_int(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	raise_event(its, d, device_of(c), event_of(c));
}

static void do_clear(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	const struct vits_event *e = find(its, device_of(c), event_of(c));

	if (e && has_target(its, e))
		vgic_lpi_clear(d, its->collection[e->collection], e->lpi);
}

static void do_discard(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	uint16_t *link = find_link(its, device_of(c), event_of(c));

	do_clear(its, d, c);
	if (link)
		unmap_event(its, link);
}

/*
 * All before it has had its effect when GITS_CREADR passes it: but for what is still in list registers of another CPU. That CPU is on
 * its way to L0.
 */
static void do_sync(struct vits *its, struct vgic_dist *d, const struct command *c)
{
	(void)c;
	(void)d;
	if (its->syncing)
		return;
	its->syncing = true;
	its->sync_at = its->creadr;
}

static const struct {
	uint8_t number;
	void (*run)(struct vits *its, struct vgic_dist *d, const struct command *c);
} commands[] = {
	{ 0x01, do_movi }, { 0x03, do_int },	{ 0x04, do_clear },  { 0x05, do_sync },
	{ 0x08, do_mapd }, { 0x09, do_mapc },	{ 0x0a, do_mapti },  { 0x0b, do_mapi },
	{ 0x0c, do_inv },  { 0x0d, do_invall }, { 0x0e, do_movall }, { 0x0f, do_discard },
};

static void run_one(struct vits *its, struct vgic_dist *d, l1_ipa_t at)
{
	struct command c;

	for (unsigned i = 0; i < 4; i++)
		if (!d->lpi.read(d->lpi.memory, (l1_ipa_t){ at.val + i * sizeof(c.word[0]) }, &c.word[i]))
			return;
	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].number == (c.word[0] & BITS(7, 0)))
			commands[i].run(its, d, &c);
}

static uint32_t queue_bytes(const struct vits *its)
{
	return ((uint32_t)(its->cbaser & CBASER_SIZE) + 1) * QUEUE_PAGE;
}

static bool has_commands(const struct vits *its)
{
	return its->enabled && (its->cbaser & BASE_VALID) && its->cwriter < queue_bytes(its) &&
	       its->creadr != its->cwriter;
}

/* False: there are more. */
static bool run(struct vits *its, struct vgic_dist *d)
{
	for (unsigned i = 0; i < AT_ONCE && has_commands(its); i++) {
		run_one(its, d, (l1_ipa_t){ (its->cbaser & CBASER_ADDRESS) + its->creadr });
		its->creadr = (its->creadr + COMMAND_BYTES) % queue_bytes(its);
	}
	return !has_commands(its);
}

/* --- registers --- */

static uint64_t typer(void)
{
	return GITS_TYPER_PHYSICAL | field_put(GITS_TYPER_ITT_ENTRY_SIZE, ENTRY_BYTES - 1) |
	       field_put(GITS_TYPER_ID_BITS, EVENT_BITS - 1) |
	       field_put(GITS_TYPER_DEVBITS, DEVICE_BITS - 1) | GITS_TYPER_CIL |
	       field_put(GITS_TYPER_CIDBITS, COLLECTION_BITS - 1);
}

static uint64_t read_creadr(struct vits *its, const struct vgic_dist *d, unsigned vcpu)
{
	if (its->syncing && vgic_others_recalled(d, vcpu))
		return its->sync_at;
	its->syncing = false;
	return its->creadr;
}

static uint64_t baser(const struct vits *its, unsigned n)
{
	return its->baser[n] | field_put(BASER_TYPE, table_type[n]) |
	       field_put(BASER_ENTRY_SIZE, ENTRY_BYTES - 1);
}

uint64_t vits_read(struct vits *its, const struct vgic_dist *d, unsigned vcpu, uint64_t offset, unsigned size)
{
	for (unsigned n = 0; n < VITS_TABLES; n++)
		if (gic_is_at(GITS_BASER + 8 * n, offset, size))
			return gic_half(baser(its, n), offset, size);
	if (gic_is_at(GITS_TYPER, offset, size))
		return gic_half(typer(), offset, size);
	if (gic_is_at(GITS_CBASER, offset, size))
		return gic_half(its->cbaser, offset, size);
	if (gic_is_at(GITS_CWRITER, offset, size))
		return gic_half(its->cwriter, offset, size);
	if (gic_is_at(GITS_CREADR, offset, size))
		return gic_half(read_creadr(its, d, vcpu), offset, size);
	if (size != GIC_WORD)
		return 0;
	switch (offset) {
	case GITS_CTLR:
		return its->enabled ? GITS_CTLR_ENABLED : GITS_CTLR_QUIESCENT;
	case GITS_IIDR:
		return GIC_IIDR;
	case GIC_PIDR2:
		return GIC_PIDR2_GICV3;
	default:
		return 0;
	}
}

/* Software clears a table before it gives it to the ITS: what is mapped is what is in the table. */
static void write_baser(struct vits *its, unsigned n, uint64_t value)
{
	if (field_get(BASER_PAGE_SIZE, value) > BASER_64K)
		value = field_set(BASER_PAGE_SIZE, value, BASER_64K);
	its->baser[n] = value & BASER_BITS;
	if (n == TABLE_DEVICES)
		forget_devices(its);
	else
		forget_collections(its);
}

/* Registers that software may write only while the ITS is not enabled; otherwise UNPREDICTABLE, here ignored. */
static void write_base(struct vits *its, uint64_t offset, unsigned size, uint64_t value)
{
	for (unsigned n = 0; n < VITS_TABLES; n++)
		if (gic_is_at(GITS_BASER + 8 * n, offset, size))
			write_baser(its, n, gic_with_half(its->baser[n], offset, size, value));
	if (!gic_is_at(GITS_CBASER, offset, size))
		return;
	its->cbaser = gic_with_half(its->cbaser, offset, size, value) & CBASER_BITS;
	its->creadr = 0;
	its->syncing = false;
}

uint32_t vits_message(struct vits *its, struct vgic_dist *d, uint32_t device, uint32_t event)
{
	return its->enabled ? raise_event(its, d, device, event) : 0;
}

bool vits_write(struct vits *its, struct vgic_dist *d, uint64_t offset, unsigned size, uint64_t value)
{
	if (gic_is_at(GITS_CWRITER, offset, size))
		its->cwriter = (uint32_t)(gic_with_half(its->cwriter, offset, size, value) & QUEUE_OFFSET);
	else if (offset == GITS_CTLR && size == GIC_WORD)
		its->enabled = value & GITS_CTLR_ENABLED;
	else if (offset == GITS_TRANSLATER && (size == GIC_HALF || size == GIC_WORD) && its->enabled)
		raise_event(its, d, 0, (uint32_t)value); /* a write by a CPU is device 0's */
	else if (!its->enabled)
		write_base(its, offset, size, value);
	return run(its, d);
}
