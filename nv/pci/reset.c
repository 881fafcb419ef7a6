/* How can a PCI function be reset?  Reads: reset.h. */
#include "nv/pci/reset.h"

#include <stddef.h>

#define VIRTIO_VENDOR 0x1af4
#define VIRTIO_FIRST 0x1000
#define VIRTIO_LAST 0x107f
#define VIRTIO_TYPE BITS(31, 24) /* of a capability of its vendor's */
#define VIRTIO_COMMON 1
#define VIRTIO_BYTES 16U
#define VIRTIO_STATUS 0x14U
#define PM_BYTES 8U
#define PM_CONTROL 4U
#define PM_STATE BITS(1, 0)
#define PM_D3HOT 3
#define PM_NO_SOFT_RESET BIT(3)
#define PM_PME_ENABLE BIT(8)
#define PM_PME_STATUS BIT(15) /* writing 1 clears it */
#define FLR_MS 100
#define PM_MS 10 /* of each way, to D3hot and back */

static bool fits(unsigned offset, unsigned bytes)
{
	return offset + bytes <= PCI_CONFIG_BYTES;
}

static bool is_virtio(const uint32_t *raw)
{
	unsigned device = raw[0] >> 16;

	return (raw[0] & 0xffff) == VIRTIO_VENDOR && device >= VIRTIO_FIRST && device <= VIRTIO_LAST;
}

/* The status register of a virtio device, if that is in a BAR. */
static struct pci_reset by_virtio(const uint32_t *raw, const uint64_t *size, unsigned offset)
{
	struct pci_reset r = { .by = PCI_RESET_NOT };
	uint64_t at;
	uint32_t bar;

	if (!is_virtio(raw) || !fits(offset, VIRTIO_BYTES) ||
	    field_get(VIRTIO_TYPE, raw[offset / 4]) != VIRTIO_COMMON)
		return r;
	bar = raw[offset / 4 + 1] & 0xff;
	at = (uint64_t)raw[offset / 4 + 2] + VIRTIO_STATUS;
	if (bar < PCI_BARS && at < size[bar] && at < BIT(32))
		r = (struct pci_reset){ .by = PCI_RESET_VIRTIO,
					.offset = (uint8_t)offset,
					.bar = (uint8_t)bar,
					.in_bar = (uint32_t)at };
	return r;
}

/* What one capability has to give. */
static struct pci_reset by_capability(const uint32_t *raw, const uint64_t *size, unsigned offset)
{
	struct pci_reset r = { .by = PCI_RESET_NOT, .offset = (uint8_t)offset };

	switch (pci_cap_id(raw, offset)) {
	case CAP_PCIE:
		if (fits(offset, PCIE_BYTES) && raw[(offset + PCIE_DEVCAP) / 4] & PCIE_DEVCAP_FLR)
			r.by = PCI_RESET_FLR;
		return r;
	case CAP_AF:
		if (fits(offset, 2 * AF_CONTROL) && raw[offset / 4] & AF_FLR)
			r.by = PCI_RESET_AF;
		return r;
	case CAP_VENDOR:
		return by_virtio(raw, size, offset);
	case CAP_PM:
		if (fits(offset, PM_BYTES) && !(raw[(offset + PM_CONTROL) / 4] & PM_NO_SOFT_RESET))
			r.by = PCI_RESET_PM;
		return r;
	default:
		return r;
	}
}

static bool is_better(const struct pci_reset *r, const struct pci_reset *than)
{
	return r->by != PCI_RESET_NOT && (than->by == PCI_RESET_NOT || r->by < than->by);
}

struct pci_reset pci_reset_of(const uint32_t raw[PCI_CONFIG_WORDS], const uint64_t size[PCI_BARS])
{
	struct pci_reset best = { .by = PCI_RESET_NOT };
	unsigned offset = pci_cap_first(raw);

	for (unsigned n = 0; offset && n < PCI_CONFIG_WORDS; n++, offset = pci_cap_next(raw, offset)) {
		struct pci_reset r = by_capability(raw, size, offset);

		if (is_better(&r, &best))
			best = r;
	}
	return best;
}

bool pci_reset_step(const struct pci_reset *r, unsigned n, struct pci_reset_step *s)
{
	*s = (struct pci_reset_step){ .offset = r->offset, .ms = FLR_MS };
	switch (r->by) {
	case PCI_RESET_FLR: /* the upper half is a status, in which ones clear */
		s->offset += PCIE_DEVCTL;
		s->keep = 0xffff;
		s->set = PCIE_DEVCTL_FLR;
		return n == 0;
	case PCI_RESET_AF:
		s->offset += AF_CONTROL;
		s->set = AF_INITIATE_FLR;
		return n == 0;
	case PCI_RESET_VIRTIO:
		s->is_in_bar = true;
		s->bar = r->bar;
		s->offset = r->in_bar;
		return n == 0;
	case PCI_RESET_PM:
		s->offset += PM_CONTROL;
		s->keep = 0xffff & (uint32_t) ~(PM_STATE | PM_PME_ENABLE | PM_PME_STATUS);
		s->set = n == 0 ? PM_D3HOT : 0;
		s->ms = PM_MS;
		return n < 2;
	case PCI_RESET_NOT:
		return false;
	}
	return false;
}
