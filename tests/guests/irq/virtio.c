/*
 * Does a reset leave anything of what was in a device's own registers?  A virtio device of QEMU's at the root has no Function Level Reset of PCI
 * Express; L1 has one of Advanced Features for it, and the VM's end resets it too. Lines "= WHEN: ..." say what is there.  Reads: irq.h, pci.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/irq/irq.h"
#include "tests/guests/irq/pci.h"

#define PLACE(bar) (PCI_WINDOW + 0x100000 * ((bar) + 1U))
#define BARS 6U
#define TYPE_64 4U
#define VENDOR 9U
#define COMMON \
	1U /* the registers that all virtio devices have; virtio 1.2, "Common configuration structure layout" */
#define CONFIG_VECTOR 0x10
#define STATUS 0x14
#define QUEUE_DESC 0x20
#define IN_USE 3 /* ACKNOWLEDGE, DRIVER */
#define SOME_PAGE 0x12345000U
#define MSIX_ENABLE (1U << 31)
#define AF_CONTROL 4U
#define SYSTEM_RESET 0x84000009U
#define MARK UINT64_C(0x717107171071710)
#define MARK_OFFSET (UINT64_C(16) << 20)

static uint64_t common;

static volatile uint8_t *status(void)
{
	return (volatile uint8_t *)(common + STATUS);
}

static volatile uint16_t *config_vector(void)
{
	return (volatile uint16_t *)(common + CONFIG_VECTOR);
}

static unsigned find_common(void)
{
	unsigned offset = pci_config(0, PCI_CAPABILITIES) & 0xff;

	while (offset && ((pci_config(0, offset) & 0xff) != VENDOR || pci_config(0, offset) >> 24 != COMMON))
		offset = pci_config(0, offset) >> 8 & 0xff;
	if (!offset)
		rt_fail("it is no virtio device");
	return offset;
}

/* Its BARs at places of theirs. */
static void begin(void)
{
	unsigned at = find_common();

	for (unsigned n = 0; n < BARS; n++) {
		bool is_64 = pci_config(0, PCI_BAR0 + 4 * n) & TYPE_64;

		pci_set_config(0, PCI_BAR0 + 4 * n, (uint32_t)PLACE(n));
		if (is_64)
			pci_set_config(0, PCI_BAR0 + 4 * ++n, 0);
	}
	pci_set_config(0, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	common = PLACE(pci_config(0, at + 4) & 0xff) + pci_config(0, at + 8);
}

static void say(const char *when)
{
	rt_print("= %s: status 0x%x, queue at 0x%x, vector 0x%x, MSI-X %s\n", when, *status(),
		 mmio_read(common + QUEUE_DESC), *config_vector(),
		 pci_config(0, pci_find(0, PCI_CAP_MSIX)) & MSIX_ENABLE ? "on" : "off");
}

static void use(void)
{
	pci_set_config(0, pci_find(0, PCI_CAP_MSIX), MSIX_ENABLE);
	*status() = IN_USE;
	*config_vector() = 1;
	mmio_write(common + QUEUE_DESC, SOME_PAGE);
	dsb(sy);
}

static void reset(void)
{
	pci_set_config(0, pci_find(0, PCI_CAP_FEATURES) + AF_CONTROL, 1);
	while (pci_config(0, 0) == ~0U)
		;
	rt_print("= BAR 0x%x, command 0x%x\n", pci_config(0, PCI_BAR0 + 4),
		 pci_config(0, PCI_COMMAND) & 0xffff);
}

void irq_virtio_reset(void)
{
	volatile uint64_t *mark = (volatile uint64_t *)(rt_machine()->ram + MARK_OFFSET);

	begin();
	if (*mark == MARK) {
		say("after the VM's end");
		return;
	}
	say("at first");
	use();
	say("in use");
	reset();
	begin();
	say("after L1's reset");
	use();
	*mark = MARK;
	dsb(sy);
	rt_psci(SYSTEM_RESET, 0, 0, 0);
	rt_fail("SYSTEM_RESET came back");
}
