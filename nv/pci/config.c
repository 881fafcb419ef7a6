/* What does L1 find in the configuration space of a PCI function that it has?  Reads: config.h. */
#include "nv/pci/config.h"

#include <stddef.h>
#include <string.h>

#include "nv/arch/bits.h"

#define HEADER_TYPE 0x0c
#define HEADER_TYPE_MASK BITS(22, 16)
#define SUBSYSTEM 0x2c
#define INTERRUPT 0x3c
#define WORD 4U
#define WORD_LOG2 2
#define DOUBLE_LOG2 3

#define BAR_IO BIT(0)
#define BAR_TYPE BITS(2, 1)
#define BAR_TYPE_64 2
#define BAR_ATTRIBUTES BITS(3, 0)

#define PCIE_DEVSTA_PENDING BIT(21) /* in the upper half of that word */
#define MSI_ENABLE BIT(16)
#define MSI_64 BIT(23)
#define MSI_ADDRESS 4
#define MSI_DATA_BITS BITS(15, 0)
#define MSIX_BYTES 12
#define MSIX_SIZE BITS(26, 16)
#define MSIX_MASK BIT(30)
#define MSIX_ENABLE BIT(31)
#define MSIX_TABLE 4
#define MSIX_BIR BITS(2, 0)
#define MSIX_ENTRY 16U
#define VECTOR_MASKED 1U

static uint32_t *at(struct vpci *p, unsigned offset)
{
	return &p->word[offset / WORD];
}

static uint32_t get(const struct vpci *p, unsigned offset)
{
	return p->word[offset / WORD];
}

/* --- what is shown --- */

static void show_header(struct vpci *p, const uint32_t *raw)
{
	p->word[0] = raw[0];
	p->word[2] = raw[2];
	p->word[SUBSYSTEM / WORD] = raw[SUBSYSTEM / WORD];
	p->writable[PCI_COMMAND / WORD] = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_INTX_OFF;
	p->writable[HEADER_TYPE / WORD] = BITS(7, 0); /* Cache Line Size */
	p->writable[INTERRUPT / WORD] = BITS(7, 0);   /* Interrupt Line; Interrupt Pin is 0 */
}

/* A BAR is at least a page: what of a page is not its own would be another function's. */
static const char *show_bar(struct vpci *p, unsigned n, uint32_t raw, uint64_t size)
{
	uint64_t mask;

	if (!size)
		return NULL;
	if (size & (size - 1))
		return "a BAR of it has a size that is no power of two";
	p->bar[n].is_64 = field_get(BAR_TYPE, raw) == BAR_TYPE_64;
	if ((p->bar[n].is_64 && n + 1 == PCI_BARS) || (!p->bar[n].is_64 && size > BIT(31)))
		return "a BAR of it has no room for an address";
	p->bar[n].size = size < PAGE_SIZE ? PAGE_SIZE : size;
	mask = ~(p->bar[n].size - 1);
	p->word[PCI_BAR0 / WORD + n] = raw & (uint32_t)BAR_ATTRIBUTES;
	p->writable[PCI_BAR0 / WORD + n] = (uint32_t)mask;
	if (p->bar[n].is_64)
		p->writable[PCI_BAR0 / WORD + n + 1] = (uint32_t)(mask >> 32);
	return NULL;
}

static const char *show_bars(struct vpci *p, const uint32_t *raw, const uint64_t *size)
{
	const char *wrong = NULL;

	for (unsigned n = 0; n < PCI_BARS && !wrong; n++) {
		wrong = show_bar(p, n, raw[PCI_BAR0 / WORD + n], size[n]);
		if (p->bar[n].is_64)
			n++;
	}
	return wrong;
}

static const char *show_msix(struct vpci *p, const uint32_t *raw, unsigned offset)
{
	uint32_t where = raw[(offset + MSIX_TABLE) / WORD];

	p->msix = (uint8_t)offset;
	p->vectors = (unsigned)field_get(MSIX_SIZE, raw[offset / WORD]) + 1;
	if (p->vectors > VPCI_VECTORS)
		p->vectors = VPCI_VECTORS;
	p->table_bar = (unsigned)field_get(MSIX_BIR, where);
	p->table_offset = where & ~(uint32_t)MSIX_BIR;
	if (p->table_bar >= PCI_BARS || p->table_offset % MSIX_ENTRY ||
	    p->table_offset + (uint64_t)p->vectors * MSIX_ENTRY > p->bar[p->table_bar].size)
		return "its table of MSI-X is in none of its BARs";
	*at(p, offset) &= (uint32_t) ~(MSIX_SIZE | MSIX_MASK | MSIX_ENABLE);
	*at(p, offset) |= (uint32_t)field_put(MSIX_SIZE, p->vectors - 1);
	p->writable[offset / WORD] = (uint32_t)(MSIX_MASK | MSIX_ENABLE);
	return NULL;
}

/* One message, without a mask of its own. */
static void show_msi(struct vpci *p, const uint32_t *raw, unsigned offset)
{
	unsigned data = offset + MSI_ADDRESS + WORD;

	p->msi = (uint8_t)offset;
	p->vectors = 1;
	p->msi_64 = raw[offset / WORD] & MSI_64;
	*at(p, offset) &= (uint32_t)(CAP_ID | CAP_NEXT | MSI_64);
	p->writable[offset / WORD] = MSI_ENABLE;
	p->writable[(offset + MSI_ADDRESS) / WORD] = ~3U;
	if (p->msi_64) {
		p->writable[data / WORD] = ~0U;
		data += WORD;
	}
	p->writable[data / WORD] = MSI_DATA_BITS;
}

static unsigned bytes_of(const uint32_t *raw, unsigned offset)
{
	switch (field_get(CAP_ID, raw[offset / WORD])) {
	case CAP_MSI:
		return raw[offset / WORD] & MSI_64 ? 14 : 10;
	case CAP_VENDOR:
		return (unsigned)field_get(CAP_BYTES, raw[offset / WORD]);
	case CAP_PCIE:
		return PCIE_BYTES;
	case CAP_MSIX:
		return MSIX_BYTES;
	case CAP_AF:
		return AF_BYTES;
	default:
		return 0;
	}
}

static bool has(const uint32_t *raw, unsigned id)
{
	unsigned offset = pci_cap_first(raw);

	for (unsigned n = 0; offset && n < PCI_CONFIG_WORDS; n++, offset = pci_cap_next(raw, offset))
		if (pci_cap_id(raw, offset) == id)
			return true;
	return false;
}

static const char *show_kind(struct vpci *p, const uint32_t *raw, unsigned offset)
{
	switch (field_get(CAP_ID, raw[offset / WORD])) {
	case CAP_MSIX:
		return show_msix(p, raw, offset);
	case CAP_MSI:
		show_msi(p, raw, offset);
		return NULL;
	case CAP_PCIE:
		*at(p, offset + PCIE_DEVCTL) &= (uint32_t) ~(PCIE_DEVCTL_FLR | PCIE_DEVSTA_PENDING);
		return NULL;
	case CAP_AF:
		p->af = (uint8_t)offset;
		*at(p, offset + AF_CONTROL) = 0;
		return NULL;
	default:
		return NULL;
	}
}

static bool is_shown(const struct vpci *p, const uint32_t *raw, unsigned offset)
{
	unsigned id = pci_cap_id(raw, offset), bytes = bytes_of(raw, offset);

	if (id == CAP_AF && (p->reset.by != PCI_RESET_AF || p->reset.offset != offset))
		return false;
	return bytes && offset + bytes <= PCI_CONFIG_BYTES && (id != CAP_MSI || !has(raw, CAP_MSIX));
}

/* The list as L1 finds it: its last one, and a bit for each word that is in one. */
struct list {
	unsigned last;
	uint64_t taken;
};

/* False: another one is there. */
static bool append(struct vpci *p, struct list *l, unsigned offset, unsigned bytes)
{
	for (unsigned w = offset / WORD; w < (offset + bytes + WORD - 1) / WORD; w++) {
		if (l->taken & BIT(w))
			return false;
		l->taken |= BIT(w);
	}
	*at(p, offset) &= (uint32_t)~CAP_NEXT;
	if (l->last)
		*at(p, l->last) |= (uint32_t)field_put(CAP_NEXT, offset);
	else
		*at(p, PCI_CAPABILITIES) = offset;
	l->last = offset;
	*at(p, PCI_COMMAND) |= (uint32_t)PCI_STATUS_CAPABILITIES;
	return true;
}

static const char *show_capability(struct vpci *p, struct list *l, const uint32_t *raw, unsigned offset)
{
	unsigned bytes = bytes_of(raw, offset);

	if (!is_shown(p, raw, offset))
		return NULL;
	memcpy(at(p, offset), &raw[offset / WORD], (bytes + WORD - 1) / WORD * WORD);
	return append(p, l, offset, bytes) ? show_kind(p, raw, offset) : "its capabilities lie in each other";
}

/*
 * L1 asks for any other reset than that of PCI Express by one of Advanced Features, which may be none of the function's own: the last place that is free
 * has it. There nothing is pending: L0 has the function's accesses done before it resets it.
 */
static void show_reset(struct vpci *p, struct list *l)
{
	unsigned w = PCI_CONFIG_WORDS - 2;

	if (p->reset.by == PCI_RESET_NOT || p->reset.by == PCI_RESET_FLR || p->af)
		return;
	while (w >= PCI_FIRST_CAPABILITY / WORD && (l->taken >> w & 3))
		w--;
	if (w < PCI_FIRST_CAPABILITY / WORD)
		return;
	p->af = (uint8_t)(w * WORD);
	*at(p, p->af) = CAP_AF | (uint32_t)(field_put(CAP_BYTES, AF_BYTES) | AF_FLR | AF_TP);
	(void)append(p, l, p->af, AF_BYTES);
}

/* A list that goes round, or capabilities that lie in each other, end the function's chances. */
static const char *show_capabilities(struct vpci *p, const uint32_t *raw)
{
	unsigned offset = pci_cap_first(raw);
	struct list l = { 0, 0 };
	const char *wrong = NULL;

	for (unsigned n = 0; offset && !wrong; n++) {
		if (n == PCI_CONFIG_WORDS)
			return "its list of capabilities has no end";
		wrong = show_capability(p, &l, raw, offset);
		offset = pci_cap_next(raw, offset);
	}
	show_reset(p, &l);
	return wrong;
}

const char *vpci_init(struct vpci *p, const uint32_t raw[PCI_CONFIG_WORDS], const uint64_t size[PCI_BARS])
{
	const char *wrong;

	memset(p, 0, sizeof(*p));
	if (field_get(HEADER_TYPE_MASK, raw[HEADER_TYPE / WORD]))
		return "it is a bridge, and what is behind one is given to nobody; put the device on bus 0 of the machine";
	p->reset = pci_reset_of(raw, size);
	show_header(p, raw);
	wrong = show_bars(p, raw, size);
	if (!wrong)
		wrong = show_capabilities(p, raw);
	vpci_reset(p);
	return wrong;
}

void vpci_reset(struct vpci *p)
{
	for (unsigned i = 0; i < PCI_CONFIG_WORDS; i++)
		p->word[i] &= ~p->writable[i];
	memset(p->table, 0, sizeof(p->table));
	for (unsigned i = 0; i < VPCI_VECTORS; i++)
		p->table[i].control = VECTOR_MASKED;
}

/* --- accesses --- */

static bool is_access(uint32_t offset, unsigned size_log2)
{
	return size_log2 <= WORD_LOG2 && !(offset & (BIT(size_log2) - 1));
}

uint32_t vpci_read(const struct vpci *p, uint32_t offset, unsigned size_log2)
{
	uint32_t ones = size_log2 < WORD_LOG2 ? (uint32_t)BIT(8 << size_log2) - 1 : ~0U;

	if (!is_access(offset, size_log2))
		return ones;
	if (offset >= PCI_CONFIG_WORDS * WORD)
		return 0;
	return get(p, offset) >> offset % WORD * 8 & ones;
}

bool vpci_can_reset(const struct vpci *p)
{
	return p->reset.by == PCI_RESET_FLR || p->af;
}

unsigned vpci_pending_at(const struct vpci *p)
{
	switch (p->reset.by) {
	case PCI_RESET_FLR:
		return p->reset.offset + PCIE_DEVCTL;
	case PCI_RESET_AF:
		return p->reset.offset + AF_CONTROL;
	default:
		return 0;
	}
}

void vpci_set_pending(struct vpci *p, uint32_t value)
{
	uint32_t bit = (uint32_t)(p->reset.by == PCI_RESET_FLR ? PCIE_DEVSTA_PENDING : AF_PENDING);
	uint32_t *word = at(p, vpci_pending_at(p));

	*word = (*word & ~bit) | (value & bit);
}

/* Initiate Function Level Reset, which reads as 0. */
static bool is_reset(const struct vpci *p, unsigned w, uint32_t written)
{
	if (p->reset.by == PCI_RESET_FLR)
		return w == (p->reset.offset + PCIE_DEVCTL) / WORD && written & PCIE_DEVCTL_FLR;
	return p->af && w == (p->af + AF_CONTROL) / WORD && written & AF_INITIATE_FLR;
}

static unsigned what_is_at(const struct vpci *p, unsigned w)
{
	if (w == PCI_COMMAND / WORD)
		return VPCI_DECODES | VPCI_MASTERS | VPCI_MESSAGES;
	if (w >= PCI_BAR0 / WORD && w < PCI_BAR0 / WORD + PCI_BARS)
		return VPCI_DECODES;
	if (p->msix)
		return w == p->msix / WORD ? VPCI_MESSAGES : 0;
	return p->msi && w >= p->msi / WORD && w <= p->msi / WORD + 3 ? VPCI_MESSAGES : 0;
}

unsigned vpci_write(struct vpci *p, uint32_t offset, unsigned size_log2, uint32_t value)
{
	unsigned w = offset / WORD, shift = offset % WORD * 8;
	uint32_t mask, before;

	if (!is_access(offset, size_log2) || w >= PCI_CONFIG_WORDS)
		return 0;
	mask = (size_log2 < WORD_LOG2 ? (uint32_t)BIT(8 << size_log2) - 1 : ~0U) << shift;
	if (is_reset(p, w, value << shift & mask))
		return VPCI_RESETS;
	mask &= p->writable[w];
	before = p->word[w];
	p->word[w] = (before & ~mask) | (value << shift & mask);
	return p->word[w] != before ? what_is_at(p, w) : 0;
}

bool vpci_bar_at(const struct vpci *p, unsigned n, uint64_t *ipa)
{
	if (!p->bar[n].size || !(get(p, PCI_COMMAND) & PCI_COMMAND_MEMORY))
		return false;
	*ipa = get(p, PCI_BAR0 + n * WORD) & ~(uint32_t)BAR_ATTRIBUTES;
	if (p->bar[n].is_64)
		*ipa |= (uint64_t)get(p, PCI_BAR0 + (n + 1) * WORD) << 32;
	return true;
}

bool vpci_is_master(const struct vpci *p)
{
	return get(p, PCI_COMMAND) & PCI_COMMAND_MASTER;
}

/* --- messages --- */

static uint64_t table_end(const struct vpci *p)
{
	return p->table_offset + (uint64_t)p->vectors * MSIX_ENTRY;
}

bool vpci_is_table(const struct vpci *p, unsigned n, uint64_t offset, uint64_t bytes)
{
	return p->msix && n == p->table_bar && offset < table_end(p) && offset + bytes > p->table_offset;
}

bool vpci_is_table_page(const struct vpci *p, unsigned n, uint64_t offset)
{
	return vpci_is_table(p, n, offset & ~(PAGE_SIZE - 1), PAGE_SIZE);
}

/* The word of an entry at an offset of the BAR that is a multiple of 4. */
static uint32_t table_word(const struct vpci *p, uint64_t offset)
{
	const struct vpci_message *m = &p->table[(offset - p->table_offset) / MSIX_ENTRY];
	const uint32_t word[] = { (uint32_t)m->address, (uint32_t)(m->address >> 32), m->data, m->control };

	return word[(offset - p->table_offset) % MSIX_ENTRY / WORD];
}

static void set_table_word(struct vpci *p, uint64_t offset, uint32_t value)
{
	struct vpci_message *m = &p->table[(offset - p->table_offset) / MSIX_ENTRY];

	switch ((offset - p->table_offset) % MSIX_ENTRY) {
	case 0:
		m->address = (m->address & BITS(63, 32)) | (value & ~3U);
		return;
	case WORD:
		m->address = (m->address & BITS(31, 0)) | (uint64_t)value << 32;
		return;
	case 2 * WORD:
		m->data = value;
		return;
	default:
		m->control = value & VECTOR_MASKED;
	}
}

/* 32 or 64 bits, aligned, and all of it in the table. */
static bool is_table_access(const struct vpci *p, uint64_t offset, unsigned size_log2)
{
	return (size_log2 == WORD_LOG2 || size_log2 == DOUBLE_LOG2) && !(offset & (BIT(size_log2) - 1)) &&
	       p->msix && offset >= p->table_offset && offset + BIT(size_log2) <= table_end(p);
}

uint64_t vpci_table_read(const struct vpci *p, uint64_t offset, unsigned size_log2)
{
	if (!is_table_access(p, offset, size_log2))
		return 0;
	if (size_log2 == WORD_LOG2)
		return table_word(p, offset);
	return table_word(p, offset) | (uint64_t)table_word(p, offset + WORD) << 32;
}

unsigned vpci_table_write(struct vpci *p, uint64_t offset, unsigned size_log2, uint64_t value)
{
	if (!is_table_access(p, offset, size_log2))
		return VPCI_VECTORS;
	set_table_word(p, offset, (uint32_t)value);
	if (size_log2 == DOUBLE_LOG2)
		set_table_word(p, offset + WORD, (uint32_t)(value >> 32));
	return (unsigned)((offset - p->table_offset) / MSIX_ENTRY);
}

static void msi_entry(const struct vpci *p, struct vpci_message *m)
{
	unsigned data = p->msi + MSI_ADDRESS + WORD;

	*m = (struct vpci_message){ .address = get(p, p->msi + MSI_ADDRESS) };
	if (p->msi_64) {
		m->address |= (uint64_t)get(p, data) << 32;
		data += WORD;
	}
	m->data = get(p, data) & (uint32_t)MSI_DATA_BITS;
}

bool vpci_entry(const struct vpci *p, unsigned vector, struct vpci_message *m)
{
	if (vector >= p->vectors)
		return false;
	if (p->msi)
		msi_entry(p, m);
	else
		*m = p->table[vector];
	return true;
}

bool vpci_message(const struct vpci *p, unsigned vector, struct vpci_message *m)
{
	if (!vpci_entry(p, vector, m) || !vpci_is_master(p))
		return false;
	if (p->msi)
		return get(p, p->msi) & MSI_ENABLE;
	return (get(p, p->msix) & (MSIX_ENABLE | MSIX_MASK)) == MSIX_ENABLE && !(m->control & VECTOR_MASKED);
}
