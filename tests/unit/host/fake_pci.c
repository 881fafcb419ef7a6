/* What devices that move data are there on the fake machine?  Reads: fake_pci.h. */
#include "tests/unit/host/fake_pci.h"

#include <libfdt.h>
#include <string.h>

#include "host/machine/reg.h"
#include "host/machine/try.h"
#include "nv/arch/intid.h"
#include "nv/arch/its.h"
#include "nv/pci/config.h"
#include "nv/smmu/regs.h"
#include "tests/unit/host/host_test.h"

#define SMMU_PA UINT64_C(0x08800000)
#define ITS_PA UINT64_C(0x08400000)
#define ECAM_PA UINT64_C(0x0a000000)
#define WINDOW_PA UINT64_C(0x0b000000)
#define WINDOW_BYTES UINT64_C(0x01000000)
#define GICR_PA UINT64_C(0x080a0000)
#define GICR_BYTES UINT64_C(0x20000)
#define FUNCTION_BYTES 4096U
#define FDT_BYTES 0x10000
#define SMMU_PHANDLE 77U
#define ITS_PHANDLE 78U
#define FIRST_DEVICE 3U
#define LPIS 64U
#define ADDRESS BITS(47, 12)
#define OPCODES 256
#define FAKE_FUNCTIONS 8
#define STATUS_CAPABILITIES (1U << 20) /* of the word that the command is in */

#define GITS_CTLR 0x0000
#define GITS_TYPER 0x0008
#define GITS_CBASER 0x0080
#define GITS_CWRITER 0x0088
#define GITS_CREADR 0x0090
#define GITS_BASER 0x0100
#define QUEUE_BYTES 4096U

static bool is_there, its_is_mute, has_no_messages, is_recording;
static unsigned functions;
static enum pci_reset_by resets_by = PCI_RESET_FLR;
static unsigned smmu_told[OPCODES], its_told[OPCODES];
static struct smmu_command smmu_last[OPCODES];
static uint8_t lpi_config[LPIS];

static volatile uint32_t *at32(uint64_t pa)
{
	return (volatile uint32_t *)(LINEAR_VA + pa);
}

static volatile uint64_t *at64(uint64_t pa)
{
	return (volatile uint64_t *)(LINEAR_VA + pa);
}

/* --- the SMMU --- */

static void smmu_commands(void)
{
	volatile uint32_t *cons = at32(SMMU_PA + SMMU_CMDQ_CONS);
	uint64_t base = *at64(SMMU_PA + SMMU_CMDQ_BASE);
	unsigned log2 = base & 31;

	while (!smmu_queue_is_empty(*at32(SMMU_PA + SMMU_CMDQ_PROD), *cons, log2)) {
		uint64_t at = (base & ADDRESS) + 16 * smmu_queue_slot(*cons, log2);
		struct smmu_command c = { { *at64(at), *at64(at + 8) } };

		smmu_told[field_get(CMD_OPCODE, c.word[0])]++;
		smmu_last[field_get(CMD_OPCODE, c.word[0])] = c;
		*cons = smmu_queue_next(*cons, log2);
	}
}

static void smmu_works(void)
{
	*at32(SMMU_PA + SMMU_GBPA) &= (uint32_t)~GBPA_UPDATE;
	*at32(SMMU_PA + SMMU_CR0ACK) = *at32(SMMU_PA + SMMU_CR0);
	*at32(SMMU_PA + SMMU_IRQ_CTRLACK) = *at32(SMMU_PA + SMMU_IRQ_CTRL);
	if (*at32(SMMU_PA + SMMU_CR0) & CR0_CMDQEN)
		smmu_commands();
}

struct smmu_ste fake_smmu_entry(uint32_t stream)
{
	struct smmu_ste e;
	uint64_t level2 = *at64((*at64(SMMU_PA + SMMU_STRTAB_BASE) & ADDRESS) + 8 * (stream >> SMMU_SPLIT));

	for (unsigned i = 0; i < SMMU_STE_WORDS; i++)
		e.word[i] =
			*at64((level2 & ~STRTAB_L1_SPAN) + sizeof(e) * (stream % (1U << SMMU_SPLIT)) + 8 * i);
	return e;
}

void fake_smmu_says(const struct smmu_event *e)
{
	volatile uint32_t *prod = at32(SMMU_PA + SMMU_EVENTQ_PROD);
	uint64_t base = *at64(SMMU_PA + SMMU_EVENTQ_BASE);

	for (unsigned i = 0; i < 4; i++)
		*at64((base & ADDRESS) + 32 * smmu_queue_slot(*prod, base & 31) + 8 * i) = e->word[i];
	*prod = smmu_queue_next(*prod, base & 31);
	fake_interrupt(FAKE_SMMU_INTID);
}

unsigned fake_smmu_count(unsigned opcode)
{
	fake_devices_work();
	return smmu_told[opcode];
}

struct smmu_command fake_smmu_last(unsigned opcode)
{
	fake_devices_work();
	return smmu_last[opcode];
}

/* --- the ITS, and what redistributors have read of LPIs --- */

static void read_config(void)
{
	uint64_t config = *at64(GICR_PA + 0x70) & ADDRESS;

	for (unsigned i = 0; i < LPIS; i++)
		lpi_config[i] = *((volatile uint8_t *)LINEAR_VA + config + i);
}

static void its_works(void)
{
	volatile uint64_t *readr = at64(ITS_PA + GITS_CREADR);
	uint64_t base = *at64(ITS_PA + GITS_CBASER) & ADDRESS;

	if (!(*at32(ITS_PA + GITS_CTLR) & 1)) {
		*at32(ITS_PA + GITS_CTLR) |= 1U << 31;
		return;
	}
	while (!its_is_mute && *readr != *at64(ITS_PA + GITS_CWRITER)) {
		unsigned opcode = *at64(base + *readr) & 255;

		its_told[opcode]++;
		if (opcode == 0x0c || opcode == 0x0d) /* INV, INVALL */
			read_config();
		*readr = (*readr + sizeof(struct its_command)) % QUEUE_BYTES;
	}
}

bool fake_lpi_is_enabled(uint32_t lpi)
{
	fake_devices_work();
	return lpi_config[lpi - INTID_FIRST_LPI] & 1;
}

unsigned fake_its_count(unsigned opcode)
{
	fake_devices_work();
	return its_told[opcode];
}

void fake_its_is_mute(void)
{
	its_is_mute = true;
}

/* --- functions --- */

static volatile uint32_t *config(unsigned n, unsigned offset)
{
	return at32(ECAM_PA + ((FIRST_DEVICE + n) << 3) * FUNCTION_BYTES + offset);
}

volatile uint32_t *fake_pci_config(unsigned vm, unsigned offset)
{
	return config(vm, offset);
}

volatile uint32_t *fake_pci_bar(unsigned vm, unsigned bar, unsigned offset)
{
	return at32((*config(vm, 0x10 + 4 * bar) & ~15U) + WINDOW_PA + offset);
}

uint32_t fake_pci_stream(unsigned vm)
{
	return (FIRST_DEVICE + vm) << 3;
}

static unsigned resets[FAKE_FUNCTIONS];
static enum fake_answer answer[FAKE_FUNCTIONS];

static bool was_asleep[FAKE_FUNCTIONS], was_on[FAKE_FUNCTIONS];

static void reset_function(unsigned n)
{
	resets[n]++;
	*config(n, 4) = 0;
	*config(n, FAKE_DEVCTL) = 0;
	*config(n, FAKE_MSIX) &= (1U << 27) - 1;
	for (unsigned bar = 0; bar < FAKE_BARS; bar++)
		*config(n, 0x10 + 4 * bar) = 0;
}

unsigned fake_pci_resets(unsigned vm)
{
	fake_devices_work();
	return resets[vm];
}

/* At the word of its capability that asks for a reset. */
static void may_reset(unsigned n)
{
	uint32_t control = *config(n, FAKE_PCIE + 4);
	bool asleep = (control & 3) == 3;

	if (resets_by == PCI_RESET_FLR && *config(n, FAKE_DEVCTL) & PCIE_DEVCTL_FLR)
		reset_function(n);
	if (resets_by == PCI_RESET_AF && control & 1) {
		reset_function(n);
		*config(n, FAKE_PCIE + 4) = 0;
	}
	if (resets_by == PCI_RESET_PM && was_asleep[n] && !asleep)
		reset_function(n);
	was_asleep[n] = asleep;
}

/* A store to it gets there while memory decoding is on, and BAR 1 where L0 has put it. */
static void virtio_works(unsigned n)
{
	bool on;

	if (resets_by != PCI_RESET_VIRTIO || !(*config(n, 4) & PCI_COMMAND_MEMORY) || !*config(n, 0x14))
		return;
	on = *fake_pci_bar(n, 1, FAKE_STATUS) & 0xff;
	resets[n] += was_on[n] && !on;
	was_on[n] = on;
}

static void function_works(unsigned n)
{
	may_reset(n);
	virtio_works(n);
	*config(n, 4) |= STATUS_CAPABILITIES;
	for (unsigned bar = 0; bar < FAKE_BARS; bar++)
		*config(n, 0x10 + 4 * bar) &= ~(FAKE_BAR_BYTES - 1);
	for (unsigned bar = FAKE_BARS; bar < 6; bar++)
		*config(n, 0x10 + 4 * bar) = 0;
}

void fake_pci_resets_by(enum pci_reset_by how)
{
	resets_by = how;
}

/* A capability at FAKE_PCIE. */
static void make_reset(unsigned n)
{
	static const uint32_t first[] = { [PCI_RESET_NOT] = 0x00000010 | 2U << 16,
					  [PCI_RESET_FLR] = 0x00000010 | 2U << 16,
					  [PCI_RESET_AF] = 0x03060013,
					  [PCI_RESET_VIRTIO] = 0x01100009,
					  [PCI_RESET_PM] = 0x00030001 };

	*config(n, FAKE_PCIE) = first[resets_by];
	*config(n, FAKE_PCIE + 4) = resets_by == PCI_RESET_FLR ? 1U << 28 : resets_by == PCI_RESET_VIRTIO;
	*config(n, FAKE_PCIE + 8) = resets_by == PCI_RESET_VIRTIO ? FAKE_STATUS - 0x14 : 0;
}

static void make_function(unsigned n)
{
	*config(n, 0) = resets_by == PCI_RESET_VIRTIO ? 0x10421af4 : 0x1234 | 0x5678U << 16;
	*config(n, 0x34) = FAKE_PCIE;
	make_reset(n);
	*config(n, FAKE_PCIE) |= has_no_messages ? 0 : FAKE_MSIX << 8;
	*config(n, FAKE_ROM) = 0xfffff801; /* as firmware has left them: on */
	*config(n, 0x100) = 0x0001 | 0x200U << 20;
	*config(n, FAKE_ATS) = 0x000f;
	*config(n, FAKE_ATS + 4) = 1U << 31 | 5;
	*config(n, FAKE_MSIX) = 0x11 | (FAKE_VECTORS - 1) << 16;
	*config(n, FAKE_MSIX + 4) = FAKE_TABLE;
	*config(n, FAKE_MSIX + 8) = 0x2000;
}

void fake_pci_without_messages(void)
{
	has_no_messages = true;
}

void fake_pci_recording(void)
{
	is_recording = true;
}

void fake_pci_forget(void)
{
	fake_devices_work();
	memset(smmu_told, 0, sizeof(smmu_told));
	memset(its_told, 0, sizeof(its_told));
}

void fake_devices_work(void)
{
	if (!is_there)
		return;
	smmu_works();
	its_works();
	for (unsigned n = 0; n < functions; n++)
		function_works(n);
}

/* --- accesses that may be aborted --- */

const char try_begin[1], try_end[1], try_failed[1];

void fake_pci_answers(unsigned vm, enum fake_answer how)
{
	answer[vm] = how;
}

static bool is_of(unsigned n, uint64_t pa)
{
	uint64_t at = ECAM_PA + ((FIRST_DEVICE + n) << 3) * FUNCTION_BYTES;

	for (unsigned bar = 0; bar < FAKE_BARS; bar++)
		if (pa - (*config(n, 0x10 + 4 * bar) & ~15U) - WINDOW_PA < FAKE_BAR_BYTES)
			return true;
	return pa >= at && pa - at < FUNCTION_BYTES;
}

/* Does that answer?  A load at once, or not at all; a store perhaps later. */
static bool answers(const volatile void *at, bool write, bool *lost)
{
	*lost = false;
	fake_devices_work();
	for (unsigned n = 0; n < functions; n++) {
		if (answer[n] == FAKE_ANSWERS || !is_of(n, (uint64_t)at - LINEAR_VA))
			continue;
		if (answer[n] == FAKE_ABORTS || !write)
			return false;
		fake_serror(0);
		*lost = true;
	}
	return true;
}

#define TRY(bits)                                                               \
	bool try_load##bits(const volatile void *at, uint64_t *value)           \
	{                                                                       \
		bool lost;                                                      \
                                                                                \
		if (!answers(at, false, &lost))                                 \
			return false;                                           \
		*value = *(const volatile uint##bits##_t *)at;                  \
		return true;                                                    \
	}                                                                       \
	bool try_store##bits(volatile void *at, uint64_t value)                 \
	{                                                                       \
		bool lost, there = answers(at, true, &lost);                    \
                                                                                \
		if (there && !lost)                                             \
			*(volatile uint##bits##_t *)at = (uint##bits##_t)value; \
		return there;                                                   \
	}
TRY(8)
TRY(16)
TRY(32)
TRY(64)

/* --- the machine --- */

static int add_node(void *fdt, int parent, const char *name, const char *compatible)
{
	int node = fdt_add_subnode(fdt, parent, name);

	fdt_setprop(fdt, node, "compatible", compatible, (int)strlen(compatible) + 1);
	return node;
}

static void set_reg(void *fdt, int node, uint64_t base, uint64_t size)
{
	fdt64_t reg[] = { cpu_to_fdt64(base), cpu_to_fdt64(size) };

	fdt_setprop(fdt, node, "reg", reg, (int)sizeof(reg));
}

static void set_cells(void *fdt, int node, const char *name, const uint32_t *value, unsigned count)
{
	fdt_setprop(fdt, node, name, NULL, 0);
	for (unsigned i = 0; i < count; i++)
		fdt_appendprop_u32(fdt, node, name, value[i]);
}
#define CELLS(fdt, node, name, ...)                                   \
	set_cells(fdt, node, name, (const uint32_t[]){ __VA_ARGS__ }, \
		  sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void add_bridge(void *fdt)
{
	int node = add_node(fdt, 0, "pcie@10000000", "pci-host-ecam-generic");

	set_reg(fdt, node, ECAM_PA, 256 * FUNCTION_BYTES);
	CELLS(fdt, node, "bus-range", 0, 0);
	CELLS(fdt, node, "ranges", 2U << 24, 0, 0, 0, WINDOW_PA, 0, WINDOW_BYTES);
	CELLS(fdt, node, "iommu-map", 0, SMMU_PHANDLE, 0, 0x10000);
	CELLS(fdt, node, "msi-map", 0, ITS_PHANDLE, 0, 0x10000);
}

static void add_smmu(void *fdt)
{
	int node = add_node(fdt, 0, "smmu", "arm,smmu-v3");

	set_reg(fdt, node, SMMU_PA, SMMU_BYTES);
	fdt_setprop_u32(fdt, node, "phandle", SMMU_PHANDLE);
	CELLS(fdt, node, "interrupts", 0, FAKE_SMMU_INTID - 32, 1);
	fdt_setprop_string(fdt, node, "interrupt-names", "eventq");
	*at32(SMMU_PA + SMMU_IDR0) = 1 | 2 | 2 << 2 | 1 << 4 | 1 << 27;
	*at32(SMMU_PA + SMMU_IDR1) = 16 | 19 << 16 | 19 << 21;
	*at32(SMMU_PA + SMMU_IDR5) = 4 | 1 << 4;
}

static void add_its(void *fdt)
{
	int node = add_node(fdt, fdt_path_offset(fdt, "/intc"), "its", "arm,gic-v3-its");

	fdt_setprop_u32(fdt, fdt_path_offset(fdt, "/intc"), "#address-cells", 2);
	fdt_setprop_u32(fdt, fdt_path_offset(fdt, "/intc"), "#size-cells", 2);
	node = fdt_path_offset(fdt, "/intc/its");
	set_reg(fdt, node, ITS_PA, 0x20000);
	fdt_setprop_u32(fdt, node, "phandle", ITS_PHANDLE);
	*at64(ITS_PA + GITS_TYPER) = 7 << 4;
	*at64(ITS_PA + GITS_BASER) = UINT64_C(1) << 56;
	*at64(ITS_PA + GITS_BASER + 8) = UINT64_C(4) << 56;
	for (unsigned i = 0; i < MAX_CPUS; i++)
		*at64(GICR_PA + i * GICR_BYTES + 8) |= 1; /* it has LPIs */
}

static void give(void *fdt, unsigned n)
{
	char vm[] = "/chosen/vm@0", path[] = "/pcie@10000000/@3";

	vm[sizeof(vm) - 2] = (char)('0' + n);
	path[sizeof(path) - 2] = (char)('0' + FIRST_DEVICE + n);
	fdt_setprop(fdt, fdt_path_offset(fdt, vm), "firn,assign", path, (int)sizeof(path));
}

void fake_boot_pci(unsigned cpus, const struct fake_vm *vms, unsigned count, unsigned with_function)
{
	void *fdt = fake_prepare(cpus, vms, count, is_recording);

	fdt_open_into(fdt, fdt, FDT_BYTES);
	add_smmu(fdt);
	add_its(fdt);
	add_bridge(fdt);
	for (unsigned devfn = 0; devfn < 256; devfn++)
		*at32(ECAM_PA + devfn * FUNCTION_BYTES) = ~0U;
	for (unsigned n = 0; n < with_function; n++)
		make_function(n);
	is_there = true;
	functions = with_function;
	for (unsigned n = 0; n < with_function; n++)
		give(fdt, n);
	EXPECT(fake_start(), FAKE_ENTERED);
}
