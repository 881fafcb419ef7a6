/*
 * What devices that move data are there on the fake machine?  An SMMUv3, an ITS, and PCI functions whose registers are memory, with MSI-X. They
 * do what is due whenever L0 accesses a register, and remember what they were told.  Reads: fake.h.  Next: fake_pci.c, test_pci.c.
 */
#ifndef TESTS_UNIT_HOST_FAKE_PCI_H
#define TESTS_UNIT_HOST_FAKE_PCI_H

#include "nv/pci/reset.h"
#include "nv/smmu/queue.h"
#include "nv/smmu/stream.h"
#include "tests/unit/host/fake.h"

#define FAKE_SMMU_INTID 40
#define FAKE_BAR_BYTES 0x4000U
#define FAKE_BARS 2
#define FAKE_TABLE 0x1000U /* of MSI-X, in BAR 0 */
#define FAKE_VECTORS 4U
#define FAKE_MSIX 0x80U /* its capability */
#define FAKE_PCIE 0x40U
#define FAKE_DEVCTL (FAKE_PCIE + 8)
#define FAKE_ROM 0x30U
#define FAKE_ATS 0x200U /* a capability */

/* Boots those VMs, of which VM n has function 0 of device n + 3 to itself as its function 0, for the first with_function ones. */
void fake_boot_pci(unsigned cpus, const struct fake_vm *vms, unsigned count, unsigned with_function);

/* A word of the machine's configuration space of VM n's function, and of BAR bar of it. Without what accesses do besides. */
volatile uint32_t *fake_pci_config(unsigned vm, unsigned offset);
volatile uint32_t *fake_pci_bar(unsigned vm, unsigned bar, unsigned offset);
uint32_t fake_pci_stream(unsigned vm);

/*
 * From now on VM n's function does not answer, in its configuration space and its BARs: an access is an abort, or a store is an SError
 * that comes later. Until it answers again.
 */
enum fake_answer {
	FAKE_ANSWERS,
	FAKE_ABORTS,
	FAKE_SERRORS,
};
void fake_pci_answers(unsigned vm, enum fake_answer how);

/*
 * Before the boot: what resets functions. In place of PCI Express's Function Level Reset they have this one's capability at FAKE_PCIE, or none; a
 * virtio device has its status in BAR 1 at FAKE_STATUS.
 */
#define FAKE_STATUS 0x214U
void fake_pci_resets_by(enum pci_reset_by how);

/*
 * How many resets has it had, by whichever?  Its configuration space is as out of reset then, but for
 * PCI_RESET_VIRTIO, which does not change it.
 */
unsigned fake_pci_resets(unsigned vm);

/* Before the boot: functions have no messages; or there is a ring for records of all events. */
void fake_pci_without_messages(void);
void fake_pci_recording(void);

/* How often was the SMMU told that, and with which words the last time?  Since the last fake_pci_forget. */
unsigned fake_smmu_count(unsigned opcode);
struct smmu_command fake_smmu_last(unsigned opcode);
void fake_pci_forget(void);

/* Its entry for a stream. And: it says that, with its interrupt pending. */
struct smmu_ste fake_smmu_entry(uint32_t stream);
void fake_smmu_says(const struct smmu_event *e);

/* Is the LPI of a vector of VM n's function enabled, as the redistributor has read it? Those of VM n begin where the last one's ended. */
bool fake_lpi_is_enabled(uint32_t lpi);
unsigned fake_its_count(unsigned opcode);

/* From now on it carries out nothing. */
void fake_its_is_mute(void);

#endif
