/*
 * Is there a function, or an access of L1's, that gets through nv/pci to what is not the function's?  Reads and writes stay in the
 * structures (sanitizers), bits that are not L1's stay as they are, and a table page is never given away.
 */
#include <string.h>

#include "nv/pci/config.h"
#include "tests/fuzz/report.h"
#include "tests/unit/shadow-s2/choices.h"

static const char *check_access(struct vpci *p, struct choices *c)
{
	uint32_t offset = (uint32_t)choose_bytes(c, 2) % 4096, value = (uint32_t)choose_bytes(c, 4);
	unsigned log2 = (unsigned)choose_bytes(c, 1) % 4;
	struct vpci before = *p;

	(void)vpci_read(p, offset, log2);
	(void)vpci_write(p, offset, log2, value);
	for (unsigned w = 0; w < PCI_CONFIG_WORDS; w++)
		if ((before.word[w] ^ p->word[w]) & ~p->writable[w])
			return "a bit has changed that is not L1's";
	if (vpci_pending_at(p))
		vpci_set_pending(p, value);
	vpci_table_write(p, offset, log2, value);
	(void)vpci_table_read(p, offset, log2);
	return NULL;
}

/* No step of a reset is outside of what the function has. */
static const char *check_reset(const struct vpci *p, const uint64_t *size)
{
	struct pci_reset_step s;
	unsigned n = 0;

	for (; pci_reset_step(&p->reset, n, &s); n++)
		if (n > 1 || !s.ms ||
		    (s.is_in_bar ? s.bar >= PCI_BARS || s.offset >= size[s.bar] :
				   s.offset % 4 || s.offset < 0x40 || s.offset > 0xfc))
			return "a step of a reset is somewhere else";
	return (n != 0) == (p->reset.by != PCI_RESET_NOT) ? NULL : "a reset without steps";
}

static const char *check_bars(const struct vpci *p)
{
	for (unsigned n = 0; n < PCI_BARS; n++) {
		uint64_t ipa, size = p->bar[n].size;

		if (vpci_bar_at(p, n, &ipa) && (ipa % 4096 || ipa % size || size < 4096))
			return "a BAR is not a piece of whole pages";
	}
	for (unsigned i = 0; p->msix && i < p->vectors; i++)
		if (!vpci_is_table_page(p, p->table_bar, p->table_offset + 16 * i))
			return "a page of the table is L1's";
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices c = { .bytes = data, .left = size };
	uint32_t raw[PCI_CONFIG_WORDS];
	uint64_t bar[PCI_BARS];
	struct vpci_message m;
	struct vpci p;

	for (unsigned w = 0; w < PCI_CONFIG_WORDS; w++)
		raw[w] = (uint32_t)choose_bytes(&c, 4);
	for (unsigned n = 0; n < PCI_BARS; n++)
		bar[n] = UINT64_C(1) << choose_bytes(&c, 1) % 48 & ~UINT64_C(15);
	raw[3] &= choose_bytes(&c, 1) ? 0xff00ffff : ~0U;
	if (vpci_init(&p, raw, bar))
		return 0;
	if (p.vectors > VPCI_VECTORS)
		report("more messages than there is room for");
	report(check_reset(&p, bar));
	while (c.left) {
		report(check_access(&p, &c));
		report(check_bars(&p));
		(void)vpci_message(&p, (unsigned)choose_bytes(&c, 1), &m);
	}
	return 0;
}
