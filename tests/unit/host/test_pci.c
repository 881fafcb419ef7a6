/* What does L0 do with the PCI functions of VMs?  Whole exits on a machine with an SMMU, an ITS and functions that are memory. */
#include <string.h>

#include "host/core/its.h"
#include "host/core/mmu.h"
#include "host/device/pci.h"
#include "host/device/pci_messages.h"
#include "host/device/pci_smmu.h"
#include "host/vm/queue.h"
#include "nv/arch/intid.h"
#include "nv/arch/its.h"
#include "nv/smmu/regs.h"
#include "tests/unit/host/fake_pci.h"
#include "tests/unit/host/host_test.h"
#include "traces/events.h"

#define ESR_OF(class) (field_put(ESR_EC, class) | ESR_IL)
#define WFI (ESR_OF(EC_WFX) | ESR_CV | ESR_COND)
#define LPI INTID_FIRST_LPI
#define CONFIG (VM_PCI_ECAM_BASE + (UINT64_C(1) << 15)) /* of L1's function 0 */
#define BAR0 0x10U
#define PLACE (VM_PCI_WINDOW_BASE + 0x100000)
#define ELSEWHERE (VM_PCI_WINDOW_BASE + 0x200000)
#define COMMAND 0x04U
#define COMMAND_ON 6U
#define TABLE(vector, word) (PLACE + FAKE_TABLE + 16 * (vector) + 4 * (word))
#define PERIOD 5000000 /* ticks */
#define DOORBELL UINT64_C(0x08090000)
#define STE_CONFIG_NESTED 7
#define FAULT 0x10
#define STREAMS (VM_RAM_BASE + 0x100000) /* tables of L1's */
#define COMMANDS (VM_RAM_BASE + 0x110000)

static const struct fake_vm two[] = { { .mode = "nv2" }, { .mode = "nv2" } };

/* VM 0 has a function; the other VM runs. */
static struct vcpu *boot_beside(void)
{
	struct vcpu *v;

	fake_boot_pci(1, two, 2, 1);
	v = fake_entered();
	while (v->vm->index == 0)
		v = fake_exit(v, EXIT_SYNC, WFI);
	return v;
}

static struct vcpu *interrupt(struct vcpu *v, uint32_t intid)
{
	fake_interrupt(intid);
	return fake_exit(v, EXIT_IRQ, 0);
}

static void flood(void)
{
	struct vcpu *v = boot_beside();

	for (unsigned i = 0; i < PCI_MESSAGES_MAX; i++)
		v = interrupt(v, LPI + 1);
	EXPECT(v->vm->index, 1);
	EXPECT(fake_lpi_is_enabled(LPI), true);
	v = interrupt(v, LPI + 1);
	for (unsigned n = 0; n < FAKE_VECTORS; n++)
		EXPECT(fake_lpi_is_enabled(LPI + n), false);
	EXPECT(strstr(fake_said(), "VM 0: PCI function 03.0 has sent more than 64 messages in 5 ms") != NULL,
	       true);
	/* L0's timer is set for the end of the period, and then they come. */
	EXPECT(this_cpu()->held_until < fake_now() + PERIOD, true);
	EXPECT(get(CNTHP_CVAL_EL2) <= this_cpu()->held_until, true);
	fake_pass(PERIOD);
	v = interrupt(v, 26);
	EXPECT(fake_lpi_is_enabled(LPI), true);
	EXPECT(this_cpu()->held_until, TIMER_NEVER);
	/* The budget is a new one. */
	for (unsigned i = 0; i < PCI_MESSAGES_MAX; i++)
		v = interrupt(v, LPI);
	EXPECT(fake_lpi_is_enabled(LPI), true);
}
HOST_TEST(flood, "messages in another VM's time: so many, and the others wait")

/* What comes while its own VM runs takes that one's time alone. */
static void flood_of_its_own(void)
{
	struct vcpu *v;

	fake_boot_pci(1, two, 2, 1);
	v = fake_entered();
	if (v->vm->index)
		v = fake_exit(v, EXIT_SYNC, WFI);
	for (unsigned i = 0; i < 3 * PCI_MESSAGES_MAX; i++)
		v = interrupt(v, LPI);
	EXPECT(v->vm->index, 0);
	EXPECT(fake_lpi_is_enabled(LPI), true);
	EXPECT(fake_its_count(0x0d), 0);
}
HOST_TEST(flood_of_its_own, "messages in their own VM's time are not counted")

static void flood_until_its_vm_runs(void)
{
	struct vcpu *v = boot_beside();

	for (unsigned i = 0; i <= PCI_MESSAGES_MAX; i++)
		v = interrupt(v, LPI);
	EXPECT(fake_lpi_is_enabled(LPI), false);
	queue_wake(vm_get(0)->vcpu[0]);
	v = fake_exit(v, EXIT_SYNC, WFI);
	EXPECT(v->vm->index, 0);
	EXPECT(fake_lpi_is_enabled(LPI), true);
	/* But the other one pays for no more of them in this period. */
	queue_wake(vm_get(1)->vcpu[0]);
	v = fake_exit(v, EXIT_SYNC, WFI);
	EXPECT(v->vm->index, 1);
	v = interrupt(v, LPI);
	EXPECT(fake_lpi_is_enabled(LPI), false);
}
HOST_TEST(flood_until_its_vm_runs, "messages that wait come when their VM runs")

/* Another VM's messages, on another CPU, and with the period of each. */
static void flood_of_one(void)
{
	struct vcpu *v;

	fake_boot_pci(1, two, 2, 2);
	v = fake_entered();
	for (unsigned i = 0; i <= PCI_MESSAGES_MAX; i++)
		v = interrupt(v, LPI + (v->vm->index ? 0 : FAKE_VECTORS));
	EXPECT(fake_lpi_is_enabled(LPI + (v->vm->index ? 0 : FAKE_VECTORS)), false);
	EXPECT(fake_lpi_is_enabled(LPI + (v->vm->index ? FAKE_VECTORS : 0)), true);
}
HOST_TEST(flood_of_one, "one VM's messages wait, and not another one's")

static void flood_and_no_its(void)
{
	struct vcpu *v = boot_beside();

	fake_its_is_mute();
	for (unsigned i = 0; i <= PCI_MESSAGES_MAX; i++)
		v = interrupt(v, LPI);
	EXPECT(v->vm->index, 1);
	EXPECT(strstr(fake_said(),
		      "the ITS does not carry out commands; no device's messages come any more") != NULL,
	       true);
	fake_pass(PERIOD);
	v = interrupt(v, 26);
	EXPECT(v->vm->index, 1);
}
HOST_TEST(flood_and_no_its, "an ITS that takes no commands is given up, and VMs run")

/* --- the end of a vCPU's time --- */

/* A store was posted; its error comes when VM 0 is about to leave the CPU, and is VM 0's. */
static void error_of_a_store(void)
{
	struct vcpu *v;

	fake_boot_pci(1, two, 2, 1);
	v = fake_entered();
	if (v->vm->index)
		v = fake_exit(v, EXIT_SYNC, WFI);
	EXPECT(v->vm->index, 0);
	fake_serror(0x11);
	queue_wake(vm_get(1)->vcpu[0]);
	v = fake_exit(v, EXIT_SYNC, WFI);
	EXPECT(v->vm->index, 1);
	EXPECT(get(HCR_EL2) & HCR_VSE, 0);
	EXPECT(get(DISR_EL1), 0);
	fake_forget();
	queue_wake(vm_get(0)->vcpu[0]);
	v = fake_exit(v, EXIT_SYNC, WFI);
	EXPECT(fake_count("esb"), 0); /* VM 1 has no device */
	EXPECT(v->vm->index, 0);
	EXPECT(get(HCR_EL2) & HCR_VSE, HCR_VSE);
	EXPECT(get(VSESR_EL2), 0x11);
}
HOST_TEST(error_of_a_store, "an SError of a posted store is that of the VM that made it")

/* L2's, which L1's HCR_EL2.AMO routes to vEL2. */
static void error_of_a_store_of_l2(void)
{
	struct vcpu *v;

	fake_boot_pci(1, two, 2, 1);
	v = fake_entered();
	if (v->vm->index)
		v = fake_exit(v, EXIT_SYNC, WFI);
	fake_vel2_write(v, SR_HCR_EL2, HCR_RW | HCR_E2H | HCR_AMO);
	fake_vel2_write(v, SR_VBAR_EL2, FAKE_VBAR);
	fake_vel2_eret(v, SPSR_M_EL1H, VM_RAM_BASE + 0x2000);
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	fake_serror(0x12);
	queue_wake(vm_get(1)->vcpu[0]);
	fake_exit(v, EXIT_SYNC, WFI);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(v->pc, FAKE_VBAR + 0x580);
}
HOST_TEST(error_of_a_store_of_l2, "and one of its guest's, vEL2's")

/* --- what was there before the VM --- */

static void nothing_of_firmware(void)
{
	fake_boot_pci(1, two, 1, 1);
	EXPECT(*fake_pci_config(0, FAKE_ROM), 0);
	EXPECT(*fake_pci_config(0, FAKE_ATS + 4), 5);
}
HOST_TEST(nothing_of_firmware, "ROM BARs and ATS are off")

/* What the devices of a VM have at the place of GITS_TRANSLATER. */
static uint64_t doorbell_of(const struct vm *vm)
{
	const uint64_t *table = pa_to_va(vm->stage2.device_root);
	const unsigned shift[] = { 30, 21 };

	for (unsigned level = 0; level < 2; level++) {
		uint64_t entry = table[DOORBELL >> shift[level] & 511];

		if (!(entry & 1))
			return 0;
		table = pa_to_va((pa_t){ entry & BITS(47, 12) });
	}
	return table[DOORBELL >> 12 & 511] & BITS(47, 12);
}

static void doorbell(void)
{
	fake_boot_pci(1, two, 1, 1);
	EXPECT(doorbell_of(vm_get(0)), its_doorbell().val);
	EXPECT(its_doorbell().val != 0, true);
}
HOST_TEST(doorbell, "the devices of a VM have the ITS's page")

static void no_doorbell(void)
{
	fake_pci_without_messages();
	fake_boot_pci(1, two, 1, 1);
	EXPECT(vm_get(0)->pci.count, 1);
	EXPECT(doorbell_of(vm_get(0)), 0);
}
HOST_TEST(no_doorbell, "and have not, without an ITS that runs")

/* --- BARs --- */

static struct vcpu *boot_with_bars(uint64_t bar0, uint64_t bar1)
{
	struct vcpu *v;

	fake_boot_pci(1, two, 1, 1);
	v = fake_entered();
	fake_store(v, CONFIG + BAR0, 2, bar0);
	fake_store(v, CONFIG + BAR0 + 4, 2, bar1);
	fake_store(v, CONFIG + COMMAND, 2, COMMAND_ON);
	return v;
}

static pa_t page_at(const struct vcpu *v, uint64_t ipa)
{
	pa_t pa = { 0 };

	(void)stage2_is_open(&v->vm->stage2, (l1_ipa_t){ ipa }, &pa);
	return pa;
}

/* Two in one place, and then one of them is gone: the other one is there. L0 touches nothing of it for L1. */
static void bars_in_one_place(void)
{
	struct vcpu *v = boot_with_bars(PLACE, PLACE);
	const struct pci_function *f = &v->vm->pci.function[0];

	EXPECT(page_at(v, PLACE).val, f->bar[0].pa.val);
	fake_store(v, CONFIG + BAR0, 2, ELSEWHERE);
	EXPECT(page_at(v, PLACE).val, f->bar[1].pa.val);
	EXPECT(page_at(v, PLACE + FAKE_TABLE).val, f->bar[1].pa.val + FAKE_TABLE);
	EXPECT(page_at(v, ELSEWHERE).val, f->bar[0].pa.val);
	*fake_pci_bar(0, 1, 0x10) = 0x600d;
	*fake_pci_bar(0, 1, FAKE_TABLE) = 0x600d;
	EXPECT(fake_load(v, PLACE + 0x10, 2), 0xffffffff);
	EXPECT(fake_load(v, PLACE + FAKE_TABLE, 2), 0xffffffff);
	fake_store(v, PLACE + 0x10, 2, 0xbad);
	EXPECT(*fake_pci_bar(0, 1, 0x10), 0x600d);
	/* But the page of the table, whose other registers are passed on. */
	*fake_pci_bar(0, 0, FAKE_TABLE + 0x800) = 0x7ab1e;
	EXPECT(fake_load(v, ELSEWHERE + FAKE_TABLE + 0x800, 2), 0x7ab1e);
}
HOST_TEST(bars_in_one_place, "two BARs in one place, and what L0 touches of them")

/* --- no answer --- */

#define OTHERS (PLACE + FAKE_TABLE + 0x800) /* registers in the page of the table */
#define ABORT (field_put(ESR_EC, EC_DABT_CUR) | ESR_IL | FSC_EXTERNAL)

/* An access of vEL2's to what does not answer is an abort of its own. */
static void expect_abort(struct vcpu *v, bool write, unsigned size_log2)
{
	uint64_t pc = v->pc;

	set(ESR_EL12, 0);
	if (write)
		fake_store(v, OTHERS, size_log2, 1);
	else
		EXPECT(fake_load(v, OTHERS, size_log2), 0xbad);
	EXPECT(v->pc, FAKE_VBAR + 0x200);
	EXPECT(get(ESR_EL12), ABORT | (write ? ESR_WNR : 0));
	EXPECT(get(FAR_EL12), OTHERS);
	v->pc = pc;
}

static void no_answer(void)
{
	struct vcpu *v = boot_with_bars(PLACE, ELSEWHERE);

	fake_vel2_write(v, SR_VBAR_EL2, FAKE_VBAR);
	for (unsigned size_log2 = 0; size_log2 < 4; size_log2++) {
		fake_pci_answers(0, FAKE_ABORTS);
		expect_abort(v, false, size_log2);
		expect_abort(v, true, size_log2);
		/* One that is posted is known before L0 goes on. */
		fake_pci_answers(0, FAKE_SERRORS);
		expect_abort(v, true, size_log2);
		EXPECT(get(HCR_EL2) & HCR_VSE, 0);
		EXPECT(get(DISR_EL1), 0);
		fake_pci_answers(0, FAKE_ANSWERS);
	}
	*fake_pci_bar(0, 0, FAKE_TABLE + 0x800) = 0x600d;
	EXPECT(fake_load(v, OTHERS, 2), 0x600d);
}
HOST_TEST(no_answer, "registers that do not answer are an abort of L1's")

/* The configuration space that L1 sees is L0's, and so is its table of MSI-X. */
static void no_answer_of_the_rest(void)
{
	struct vcpu *v = boot_with_bars(PLACE, ELSEWHERE);

	for (enum fake_answer how = FAKE_ABORTS; how <= FAKE_SERRORS; how++) {
		fake_pci_answers(0, how);
		EXPECT(fake_load(v, CONFIG, 2), 0x56781234);
		fake_store(v, CONFIG + FAKE_MSIX, 2, how == FAKE_ABORTS ? 1U << 31 : 0);
		fake_store(v, CONFIG + COMMAND, 2, 0);
		fake_store(v, CONFIG + COMMAND, 2, COMMAND_ON);
		fake_store(v, TABLE(1, 2), 2, how);
		EXPECT(fake_load(v, TABLE(1, 2), 2), how);
		pci_end(v->vm);
		pci_begin(v->vm);
		fake_store(v, CONFIG + BAR0, 2, PLACE);
		fake_store(v, CONFIG + COMMAND, 2, COMMAND_ON);
		EXPECT(get(DISR_EL1), 0);
		EXPECT(get(ISR_EL1), 0);
	}
}
HOST_TEST(no_answer_of_the_rest, "a function that has gone stops nobody")

/* What a guest stored before is its own SError, and L0's access is not taken for it. */
static void error_of_another(void)
{
	struct vcpu *v = boot_with_bars(PLACE, ELSEWHERE);

	fake_serror(0x13);
	*fake_pci_bar(0, 0, FAKE_TABLE + 0x800) = 0x600d;
	EXPECT(fake_load(v, OTHERS, 2), 0x600d);
	fake_store(v, OTHERS, 2, 0x900d);
	EXPECT(*fake_pci_bar(0, 0, FAKE_TABLE + 0x800), 0x900d);
	EXPECT(get(DISR_EL1), 0);
	EXPECT(fake_read("ISR_EL1"), ISR_A);
}
HOST_TEST(error_of_another, "an SError of before stays pending")

/* --- reset by L1 --- */

#define RESET_TICKS 100000000

/* Until it is over there is nothing, and no access of its own to memory is under way. */
static void reset_by_l1(void)
{
	struct vcpu *v = boot_with_bars(PLACE, ELSEWHERE);

	fake_store(v, CONFIG + FAKE_MSIX, 2, 1U << 31);
	fake_store(v, TABLE(1, 0), 2, (uint32_t)VM_ITS_TRANSLATER);
	fake_store(v, TABLE(1, 3), 2, 0);
	EXPECT(*fake_pci_bar(0, 0, FAKE_TABLE + 16 + 12) & 1, 0);
	EXPECT(fake_load(v, CONFIG + FAKE_PCIE + 4, 2) >> 28, 1);
	EXPECT(fake_pci_resets(0), 0);
	fake_pci_forget();
	fake_store(v, CONFIG + FAKE_DEVCTL, 1, 0x8000);
	EXPECT(fake_pci_resets(0), 1);
	EXPECT(field_get(STE_CONFIG, fake_smmu_entry(fake_pci_stream(0)).word[0]), STE_CONFIG_ABORT);
	EXPECT(fake_smmu_count(CMD_SYNC) > 0, true);
	EXPECT(page_at(v, PLACE).val, 0);
	fake_store(v, CONFIG + COMMAND, 2, COMMAND_ON);
	EXPECT(fake_load(v, CONFIG, 2), 0xffffffff);
	EXPECT(fake_load(v, CONFIG + COMMAND, 1), 0xffff);
	EXPECT(*fake_pci_config(0, COMMAND) & COMMAND_ON, 0);
	EXPECT(fake_load(v, PLACE, 2), 0xffffffff);
	fake_pass(RESET_TICKS);
	/* As out of reset for L1, with the addresses that are L0's. */
	EXPECT(fake_load(v, CONFIG, 2), 0x56781234);
	EXPECT(fake_load(v, CONFIG + BAR0, 2), 0);
	EXPECT(fake_load(v, CONFIG + COMMAND, 1), 0);
	EXPECT(fake_load(v, CONFIG + FAKE_DEVCTL, 2), 0);
	EXPECT(fake_load(v, CONFIG + FAKE_MSIX, 2) >> 31, 0);
	EXPECT(*fake_pci_config(0, COMMAND) & COMMAND_ON, 2);
	EXPECT(*fake_pci_config(0, FAKE_MSIX) >> 31, 1);
	EXPECT(*fake_pci_config(0, BAR0 + 4), v->vm->pci.function[0].bar[1].bus);
	EXPECT(*fake_pci_bar(0, 0, FAKE_TABLE + 16 + 12) & 1, 1);
	EXPECT(field_get(STE_CONFIG, fake_smmu_entry(fake_pci_stream(0)).word[0]), STE_CONFIG_S2);
	fake_store(v, CONFIG + BAR0, 2, ELSEWHERE);
	fake_store(v, CONFIG + COMMAND, 2, COMMAND_ON);
	EXPECT(page_at(v, ELSEWHERE).val, v->vm->pci.function[0].bar[0].pa.val);
	EXPECT(*fake_pci_config(0, COMMAND) & COMMAND_ON, COMMAND_ON);
}
HOST_TEST(reset_by_l1, "L1 resets its function")

/* The bit is one of several, and what asks for it is bit 15 alone. */
static void no_reset_by_l1(void)
{
	struct vcpu *v = boot_with_bars(PLACE, ELSEWHERE);

	fake_store(v, CONFIG + FAKE_DEVCTL, 2, 0xffff7fff);
	fake_store(v, CONFIG + FAKE_DEVCTL, 0, 0x80);
	EXPECT(fake_pci_resets(0), 0);
	EXPECT(page_at(v, PLACE).val != 0, true);
	*fake_pci_config(0, FAKE_DEVCTL) = 1U << 21; /* Transactions Pending */
	EXPECT(fake_load(v, CONFIG + FAKE_DEVCTL + 2, 1), 0x20);
	*fake_pci_config(0, FAKE_DEVCTL) = 0;
	EXPECT(fake_load(v, CONFIG + FAKE_DEVCTL, 2), 0);
	fake_store(v, CONFIG + FAKE_DEVCTL + 1, 0, 0x80);
	EXPECT(fake_pci_resets(0), 1);
	/* Once in 100 ms, whatever L1 does. */
	fake_store(v, CONFIG + FAKE_DEVCTL + 1, 0, 0x80);
	EXPECT(fake_pci_resets(0), 1);
	fake_pass(RESET_TICKS);
	fake_store(v, CONFIG + FAKE_DEVCTL + 1, 0, 0x80);
	EXPECT(fake_pci_resets(0), 2);
	/* And the VM ends before it is over. */
	pci_end(v->vm);
	EXPECT(pci_is_ready(v->vm), false);
	fake_pass(RESET_TICKS);
	EXPECT(pci_is_ready(v->vm), true);
	pci_begin(v->vm);
	EXPECT(fake_load(v, CONFIG, 2), 0x56781234);
}
HOST_TEST(no_reset_by_l1, "what is no reset, and one after the other")

/* The last capability of its list, which is firn's but for one that the function has itself. */
static uint32_t advanced_features(struct vcpu *v)
{
	uint32_t at = (uint32_t)fake_load(v, CONFIG + 0x34, 0);

	while ((fake_load(v, CONFIG + at, 0) & 0xff) != 0x13 && at)
		at = (uint32_t)fake_load(v, CONFIG + at + 1, 0);
	return at;
}

static struct vcpu *boot_reset_by(enum pci_reset_by how)
{
	fake_pci_resets_by(how);
	return boot_with_bars(PLACE, ELSEWHERE);
}

/* L1 asks, and finds nothing for as long as the function needs; then all is as behind a reset by PCI Express. */
static void expect_reset(struct vcpu *v, uint64_t ticks)
{
	uint32_t at = advanced_features(v), id = (uint32_t)fake_load(v, CONFIG, 2);

	EXPECT(at != 0, true);
	fake_store(v, CONFIG + at + 4, 0, 1);
	EXPECT(field_get(STE_CONFIG, fake_smmu_entry(fake_pci_stream(0)).word[0]), STE_CONFIG_ABORT);
	EXPECT(page_at(v, PLACE).val, 0);
	EXPECT(fake_load(v, CONFIG, 2), 0xffffffff);
	EXPECT(*fake_pci_config(0, COMMAND) & COMMAND_ON, 0);
	fake_pass(ticks - 1000000);
	EXPECT(fake_load(v, CONFIG, 2), 0xffffffff);
	fake_pass(1000000);
	EXPECT(fake_load(v, CONFIG, 2), id);
	EXPECT(fake_pci_resets(0), 1);
	EXPECT(fake_load(v, CONFIG + BAR0, 2), 0);
	EXPECT(fake_load(v, CONFIG + COMMAND, 1), 0);
	EXPECT(*fake_pci_config(0, COMMAND) & COMMAND_ON, 2);
	EXPECT(*fake_pci_config(0, FAKE_MSIX) >> 31, 1);
	EXPECT(*fake_pci_config(0, BAR0 + 4), v->vm->pci.function[0].bar[1].bus);
	EXPECT(field_get(STE_CONFIG, fake_smmu_entry(fake_pci_stream(0)).word[0]), STE_CONFIG_S2);
}

static void reset_by_features(void)
{
	struct vcpu *v = boot_reset_by(PCI_RESET_AF);

	EXPECT(advanced_features(v), FAKE_PCIE);
	*fake_pci_config(0, FAKE_PCIE + 4) = 0x100; /* Transactions Pending */
	EXPECT(fake_load(v, CONFIG + FAKE_PCIE + 5, 0), 1);
	*fake_pci_config(0, FAKE_PCIE + 4) = 0;
	EXPECT(fake_load(v, CONFIG + FAKE_PCIE + 5, 0), 0);
	expect_reset(v, RESET_TICKS);
	pci_end(v->vm);
	EXPECT(fake_pci_resets(0), 2);
}
HOST_TEST(reset_by_features, "a reset by Advanced Features")

/* To D3hot, where nobody waits for it, and back when somebody looks. */
static void reset_by_power(void)
{
	struct vcpu *v = boot_reset_by(PCI_RESET_PM);
	uint32_t at = advanced_features(v);

	fake_store(v, CONFIG + at + 4, 0, 1);
	EXPECT(*fake_pci_config(0, FAKE_PCIE + 4) & 3, 3);
	fake_pass(RESET_TICKS / 10);
	EXPECT(fake_load(v, CONFIG, 2), 0xffffffff);
	EXPECT(*fake_pci_config(0, FAKE_PCIE + 4) & 3, 0);
	EXPECT(fake_pci_resets(0), 1);
	fake_pass(RESET_TICKS / 10);
	EXPECT(fake_load(v, CONFIG, 2), 0x56781234);
	EXPECT(*fake_pci_config(0, BAR0 + 4), v->vm->pci.function[0].bar[1].bus);
	EXPECT(*fake_pci_config(0, FAKE_MSIX) >> 31, 1);
	/* The VM's end, and another one in the middle of it. */
	pci_end(v->vm);
	EXPECT(pci_is_ready(v->vm), false);
	EXPECT(*fake_pci_config(0, FAKE_PCIE + 4) & 3, 3);
	fake_pass(RESET_TICKS / 10);
	EXPECT(pci_is_ready(v->vm), false);
	EXPECT(fake_pci_resets(0), 2);
	EXPECT(pci_is_ready(v->vm), false);
	fake_pass(RESET_TICKS / 10);
	EXPECT(pci_is_ready(v->vm), true);
	pci_begin(v->vm);
	EXPECT(*fake_pci_config(0, BAR0 + 4), v->vm->pci.function[0].bar[1].bus);
	EXPECT(fake_load(v, CONFIG, 2), 0x56781234);
}
HOST_TEST(reset_by_power, "a reset by power management, in two steps")

/* Its register is reached at L0's address, for that long. */
static void reset_of_virtio(void)
{
	struct vcpu *v = boot_reset_by(PCI_RESET_VIRTIO);
	volatile uint8_t *status = v->vm->pci.function[0].bar[1].regs + FAKE_STATUS;

	*status = 15;
	status[1] = 0x55; /* another register */
	EXPECT(fake_pci_resets(0), 0);
	expect_reset(v, RESET_TICKS);
	EXPECT(*status, 0);
	*status = 15;
	EXPECT(fake_pci_resets(0), 1);
	pci_end(v->vm);
	EXPECT(*status, 0);
	EXPECT(status[1], 0x55);
	EXPECT(fake_pci_resets(0), 2);
	EXPECT(*fake_pci_config(0, COMMAND) & COMMAND_ON, 0);
	EXPECT(*fake_pci_config(0, BAR0 + 4), 0);
	EXPECT(pci_is_ready(v->vm), false);
}
HOST_TEST(reset_of_virtio, "a reset of a virtio device by its status")

static void cannot_be_reset(void)
{
	struct vcpu *v = boot_reset_by(PCI_RESET_NOT);

	EXPECT(strstr(fake_said(), "VM 0: PCI function 03.0 cannot be reset") != NULL, true);
	EXPECT(advanced_features(v), 0);
	pci_end(v->vm);
	EXPECT(pci_is_ready(v->vm), true);
	EXPECT(fake_pci_resets(0), 0);
	EXPECT(*fake_pci_config(0, COMMAND) & COMMAND_ON, 0);
}
HOST_TEST(cannot_be_reset, "a function that cannot be reset")

/* What stage 1 and stage 2 make together goes too: all of the VMID. */
static void unmapping(void)
{
	struct vcpu *v = boot_with_bars(PLACE, ELSEWHERE);

	fake_pci_forget();
	fake_store(v, CONFIG + BAR0, 2, PLACE + 0x100000);
	EXPECT(fake_smmu_count(CMD_TLBI_S12_VMALL) > 0, true);
	EXPECT(field_get(CMD_VMID, fake_smmu_last(CMD_TLBI_S12_VMALL).word[0]), v->vm->stage2.device_vmid);
	EXPECT(fake_smmu_count(CMD_SYNC) > 0, true);
}
HOST_TEST(unmapping, "a BAR that moves leaves the SMMU")

/* --- messages --- */

/* A write to an entry of the table is about that vector alone. */
static void one_vector(void)
{
	struct vcpu *v = boot_with_bars(PLACE, ELSEWHERE);

	fake_store(v, CONFIG + FAKE_MSIX, 2, 1U << 31);
	*fake_pci_bar(0, 0, FAKE_TABLE + 12) = 0x5e77; /* of vector 0 */
	fake_store(v, TABLE(1, 0), 2, (uint32_t)VM_ITS_TRANSLATER);
	fake_store(v, TABLE(1, 1), 2, 0);
	fake_store(v, TABLE(1, 2), 2, 33);
	EXPECT(*fake_pci_bar(0, 0, FAKE_TABLE + 16 + 12) & 1, 1);
	fake_store(v, TABLE(1, 3), 2, 0);
	EXPECT(*fake_pci_bar(0, 0, FAKE_TABLE + 16), (uint32_t)VM_ITS_TRANSLATER);
	EXPECT(*fake_pci_bar(0, 0, FAKE_TABLE + 16 + 8), 1); /* the number of the vector */
	EXPECT(*fake_pci_bar(0, 0, FAKE_TABLE + 16 + 12) & 1, 0);
	EXPECT(*fake_pci_bar(0, 0, FAKE_TABLE + 12), 0x5e77);
	EXPECT(fake_load(v, TABLE(1, 2), 2), 33);
}
HOST_TEST(one_vector, "an entry of the table of MSI-X")

/* L1's GIC with LPIs, and its ITS: event EVENT of its function is L1's LPI. */
#define EVENT 33
#define LPI_OF_L1 8200
#define LPI_CONFIG_OF_L1 (VM_RAM_BASE + 0x130000)
#define LPI_PENDING_OF_L1 (VM_RAM_BASE + 0x140000)
#define ITS_QUEUE (VM_RAM_BASE + 0x150000)

static void l1_its_on(struct vcpu *v)
{
	const struct its_command commands[] = {
		its_mapd(8, 6, (pa_t){ 0 }),
		its_mapc(0, 0),
		its_mapti(8, EVENT, LPI_OF_L1, 0),
	};

	memcpy(fake_l1(v, ITS_QUEUE), commands, sizeof(commands));
	((uint8_t *)fake_l1(v, LPI_CONFIG_OF_L1))[LPI_OF_L1 - INTID_FIRST_LPI] = 0xa1;
	fake_store(v, VM_GICD_BASE, 2, 0x12);
	fake_store(v, VM_GICR_BASE + 0x14, 2, 0);
	fake_store(v, VM_GICR_BASE + 0x70, 3, LPI_CONFIG_OF_L1 | 13);
	fake_store(v, VM_GICR_BASE + 0x78, 3, LPI_PENDING_OF_L1);
	fake_store(v, VM_GICR_BASE, 2, 1);
	fake_store(v, VM_ITS_BASE + 0x80, 3, ITS_VALID | ITS_QUEUE);
	fake_store(v, VM_ITS_BASE, 2, 1);
	fake_store(v, VM_ITS_BASE + 0x88, 3, sizeof(commands));
	set(ICH_VMCR_EL2, get(ICH_VMCR_EL2) | ICH_VMCR_VENG1 | field_put(ICH_VMCR_VPMR, 0xf8));
}

/* It was sent, and then L1 masks the vector, before L0 has taken the interrupt: it comes all the same. */
static void sent_and_masked(void)
{
	struct vcpu *v = boot_with_bars(PLACE, ELSEWHERE);

	l1_its_on(v);
	fake_store(v, CONFIG + FAKE_MSIX, 2, 1U << 31);
	fake_store(v, TABLE(2, 0), 2, (uint32_t)VM_ITS_TRANSLATER);
	fake_store(v, TABLE(2, 2), 2, EVENT);
	fake_store(v, TABLE(2, 3), 2, 0);
	fake_store(v, TABLE(2, 3), 2, 1);
	EXPECT(get(ICH_LR0_EL2), 0);
	v = interrupt(v, LPI + 2);
	EXPECT((uint32_t)get(ICH_LR0_EL2), LPI_OF_L1);
	EXPECT(get(ICH_LR0_EL2) >> 62, 1);
}
HOST_TEST(sent_and_masked, "a message that was sent comes, whatever L1 masks then")

/* Whose message it was, and what L1's ITS makes of it. */
static void message_told(void)
{
	const struct trace_firn_message *told;
	struct vcpu *v;

	fake_pci_recording();
	v = boot_with_bars(PLACE, ELSEWHERE);
	fake_store(v, CONFIG + FAKE_MSIX, 2, 1U << 31);
	fake_store(v, TABLE(2, 0), 2, (uint32_t)VM_ITS_TRANSLATER);
	fake_store(v, TABLE(2, 2), 2, EVENT);
	fake_store(v, TABLE(2, 3), 2, 0);
	v = interrupt(v, LPI + 2);
	told = fake_last_told(TRACE_firn_message);
	EXPECT(told != NULL && told->intid == 0, true); /* its ITS is off */
	l1_its_on(v);
	interrupt(v, LPI + 2);
	EXPECT(fake_told(TRACE_firn_message, 0), 2);
	told = fake_last_told(TRACE_firn_message);
	EXPECT(told->lpi, LPI + 2);
	EXPECT(told->vm, 0);
	EXPECT(told->function, 1 << 3); /* 01.0 of L1's bus */
	EXPECT(told->event, EVENT);
	EXPECT(told->intid, LPI_OF_L1);
}
HOST_TEST(message_told, "a message is told, with the LPI of L1's that it becomes")

/* Not to L1's ITS: it is nobody's. */
static void sent_elsewhere(void)
{
	struct vcpu *v = boot_with_bars(PLACE, ELSEWHERE);

	l1_its_on(v);
	fake_store(v, CONFIG + FAKE_MSIX, 2, 1U << 31);
	fake_store(v, TABLE(2, 0), 2, (uint32_t)VM_RAM_BASE);
	fake_store(v, TABLE(2, 2), 2, EVENT);
	fake_store(v, TABLE(2, 3), 2, 0);
	EXPECT(*fake_pci_bar(0, 0, FAKE_TABLE + 32 + 12) & 1, 1);
	v = interrupt(v, LPI + 2);
	EXPECT(get(ICH_LR0_EL2), 0);
}
HOST_TEST(sent_elsewhere, "a message to somewhere else than L1's ITS is not one")

/* --- L1's SMMU --- */

static void l1_smmu_on(struct vcpu *v)
{
	fake_l1(v, STREAMS)[8 * 8] = STE_V | field_put(STE_CONFIG, 5) | (VM_RAM_BASE + 0x120000);
	fake_l1(v, STREAMS)[8 * 8 + 1] = 0;
	fake_store(v, VM_SMMU_BASE + SMMU_STRTAB_BASE, 3, STREAMS);
	fake_store(v, VM_SMMU_BASE + SMMU_STRTAB_BASE_CFG, 2, 8);
	fake_store(v, VM_SMMU_BASE + SMMU_CMDQ_BASE, 3, COMMANDS | 6);
	fake_store(v, VM_SMMU_BASE + SMMU_CR0, 2, CR0_SMMUEN | CR0_EVENTQEN | CR0_CMDQEN);
}

static unsigned config_now(void)
{
	return (unsigned)field_get(STE_CONFIG, fake_smmu_entry(fake_pci_stream(0)).word[0]);
}

static void event(struct vcpu *v, unsigned vm, uint64_t stage2)
{
	fake_smmu_says(&(struct smmu_event){
		{ FAULT | (uint64_t)fake_pci_stream(vm) << 32, EVENT1_RNW | stage2, 0x1000, 0 } });
	(void)fake_exit(v, EXIT_IRQ, 0);
}

/* Faults of a stage 1 of L1's, which its guest may make: too many in 5 ms, and the function is refused for so long, and not for ever. */
static void faults_of_l1(void)
{
	struct vcpu *v;

	fake_boot_pci(1, two, 1, 1);
	v = fake_entered();
	EXPECT(config_now(), STE_CONFIG_S2);
	l1_smmu_on(v);
	EXPECT(config_now(), STE_CONFIG_NESTED);
	for (unsigned round = 0; round < 100; round++) {
		for (unsigned i = 0; i < PCI_FAULTS_MAX; i++)
			event(v, 0, 0);
		EXPECT(config_now(), STE_CONFIG_NESTED);
		event(v, 0, 0);
		EXPECT(config_now(), STE_CONFIG_ABORT);
		/* What L1 does about its stream does not change that. */
		fake_store(v, VM_SMMU_BASE + SMMU_CR0, 2, 0);
		fake_store(v, VM_SMMU_BASE + SMMU_CR0, 2, CR0_SMMUEN | CR0_EVENTQEN | CR0_CMDQEN);
		EXPECT(config_now(), STE_CONFIG_ABORT);
		fake_pass(PERIOD);
		(void)interrupt(v, 26);
		EXPECT(config_now(), STE_CONFIG_NESTED);
	}
	EXPECT(strstr(fake_said(),
		      "has had more than 64 faults in 5 ms that are L1's: it is refused for so long (64 times so far)") !=
		       NULL,
	       true);
	EXPECT(strstr(fake_said(), "has no more access") == NULL, true);
}
HOST_TEST(faults_of_l1, "faults that are L1's are bounded by time")

/* A command that takes long is one of few in a trap. */
static void long_commands(void)
{
	struct vcpu *v;
	uint64_t pc;

	fake_boot_pci(1, two, 1, 1);
	v = fake_entered();
	l1_smmu_on(v);
	for (unsigned i = 0; i < 32; i++)
		fake_l1(v, COMMANDS)[2 * i] = CMD_CFGI_ALL;
	fake_pci_forget();
	pc = v->pc;
	fake_store(v, VM_SMMU_BASE + SMMU_CMDQ_PROD, 2, 32);
	EXPECT(v->pc, pc);
	EXPECT(v->vm->pci.smmu.cmdq_cons, 4);
	EXPECT(fake_smmu_count(CMD_CFGI_STE), 4);
	while (v->pc == pc)
		fake_store(v, VM_SMMU_BASE + SMMU_CMDQ_PROD, 2, 32);
	EXPECT(v->vm->pci.smmu.cmdq_cons, 32);
}
HOST_TEST(long_commands, "many commands of L1's SMMU take several traps")

/* Behind L1's own SMMU: what L1 tells that meanwhile changes nothing, and afterwards its tables are in use again. */
static void reset_behind_l1_smmu(void)
{
	struct vcpu *v = boot_with_bars(PLACE, ELSEWHERE);

	l1_smmu_on(v);
	fake_store(v, CONFIG + FAKE_DEVCTL, 1, 0x8000);
	EXPECT(config_now(), STE_CONFIG_ABORT);
	*fake_pci_bar(0, 0, FAKE_TABLE + 12) = 0x5e77; /* nobody touches it */
	fake_store(v, VM_SMMU_BASE + SMMU_CR0, 2, 0);
	fake_store(v, VM_SMMU_BASE + SMMU_CR0, 2, CR0_SMMUEN | CR0_EVENTQEN | CR0_CMDQEN);
	EXPECT(config_now(), STE_CONFIG_ABORT);
	EXPECT(*fake_pci_bar(0, 0, FAKE_TABLE + 12), 0x5e77);
	fake_pass(RESET_TICKS);
	EXPECT(fake_load(v, CONFIG, 2), 0x56781234);
	EXPECT(config_now(), STE_CONFIG_NESTED);
}
HOST_TEST(reset_behind_l1_smmu, "a reset behind L1's SMMU")

#define MESSAGE (VM_RAM_BASE + 0x130004)
#define TLBI_NH_VA 0x12
#define ASID UINT64_C(5)
#define CS_IRQ BIT(12)

static void command(struct vcpu *v, unsigned n, uint64_t word0, uint64_t word1)
{
	fake_l1(v, COMMANDS)[2UL * n] = word0;
	fake_l1(v, COMMANDS)[2UL * n + 1] = word1;
}

/*
 * An unmap of L1's, as Linux makes it: in one trap the machine's SMMU has been told, of this VM's VMID and to the end, and L1 finds in its memory that it
 * is done. Where that is not memory of L1's, nothing is written.
 */
static void unmaps(void)
{
	struct vcpu *v;
	uint64_t was;

	fake_boot_pci(1, two, 2, 1);
	v = fake_entered();
	l1_smmu_on(v);
	fake_pci_forget();
	command(v, 0, TLBI_NH_VA | ASID << 48 | UINT64_C(0xffff) << 32, 0x7000 | 1);
	command(v, 1, CMD_SYNC | CS_IRQ | UINT64_C(0x1234) << 32, MESSAGE);
	command(v, 2, CMD_SYNC | CS_IRQ | UINT64_C(0x5678) << 32, VM_GICD_BASE);
	was = *fake_l1(v, MESSAGE & ~UINT64_C(7));
	fake_store(v, VM_SMMU_BASE + SMMU_CMDQ_PROD, 2, 2);
	EXPECT(*fake_l1(v, MESSAGE & ~UINT64_C(7)), (was & BITS(31, 0)) | UINT64_C(0x1234) << 32);
	EXPECT(fake_smmu_count(TLBI_NH_VA), 1);
	EXPECT(fake_smmu_last(TLBI_NH_VA).word[0],
	       TLBI_NH_VA | ASID << 48 | (uint64_t)v->vm->stage2.device_vmid << 32);
	EXPECT(fake_smmu_last(TLBI_NH_VA).word[1], 0x7001);
	EXPECT(fake_smmu_count(CMD_SYNC), 1);
	EXPECT(fake_smmu_last(CMD_SYNC).word[0], CMD_SYNC); /* the machine's has no message */
	EXPECT(v->vm->pci.smmu.gerror, 0);
	fake_store(v, VM_SMMU_BASE + SMMU_CMDQ_PROD, 2, 3);
	EXPECT(v->vm->pci.smmu.gerror, GERROR_MSI_CMDQ_ABT_ERR);
	EXPECT(v->vm->pci.smmu.cmdq_cons, 3);
}
HOST_TEST(unmaps, "an unmap of L1's SMMU: one trap, and a word in L1's memory")

/* More commands than the machine's queue holds, with no CMD_SYNC among them: none is lost, and each reaches it with the next CMD_SYNC. */
static void many_commands(void)
{
	struct vcpu *v;
	unsigned prod = 0;

	fake_boot_pci(1, two, 1, 1);
	v = fake_entered();
	l1_smmu_on(v);
	fake_pci_forget();
	for (unsigned n = 0; n < 64; n++)
		command(v, n, TLBI_NH_VA | ASID << 48, 0x7000);
	for (unsigned round = 0; round < 10; round++) {
		prod = (prod + 64) % 128;
		fake_store(v, VM_SMMU_BASE + SMMU_CMDQ_PROD, 2, prod);
		EXPECT(v->vm->pci.smmu.cmdq_cons, prod);
	}
	command(v, 0, CMD_SYNC, 0);
	fake_store(v, VM_SMMU_BASE + SMMU_CMDQ_PROD, 2, prod + 1);
	EXPECT(fake_smmu_count(TLBI_NH_VA), 640);
	EXPECT(fake_smmu_count(CMD_SYNC), 1);
}
HOST_TEST(many_commands, "more commands of L1's SMMU than the machine's queue has room for")

/* --- the end --- */

static void nothing_remains(void)
{
	struct vcpu *v;

	fake_boot_pci(1, two, 1, 1);
	v = fake_entered();
	l1_smmu_on(v);
	for (unsigned i = 0; i <= PCI_FAULTS_MAX; i++)
		event(v, 0, 0);
	pci_end(v->vm);
	EXPECT(v->vm->pci.smmu.cr0, 0);
	EXPECT(v->vm->pci.function[0].translated, false);
	EXPECT(config_now(), STE_CONFIG_ABORT);
	pci_begin(v->vm);
	EXPECT(config_now(), STE_CONFIG_S2);
}
HOST_TEST(nothing_remains, "nothing of L1's SMMU remains behind its end")

/* Its own place, and what it has had: the 2nd fault is the 2nd, whoever begins first. */
static void own_place(void)
{
	struct vcpu *v;

	fake_boot_pci(1, two, 2, 2);
	v = fake_entered();
	event(v, 0, EVENT1_S2);
	EXPECT(strstr(fake_said(),
		      "VM 0: PCI function 03.0 read 1000 and was refused: nothing is mapped there (1 times so far)") !=
		       NULL,
	       true);
	pci_end(vm_get(0));
	pci_end(vm_get(1));
	pci_begin(vm_get(1));
	pci_begin(vm_get(0));
	event(v, 0, EVENT1_S2);
	EXPECT(strstr(fake_said(), "(2 times so far)") != NULL, true);
}
HOST_TEST(own_place, "a stream keeps what it has had")

/* One line for the first time, the 2nd, the 4th. */
static void cut_off_again(void)
{
	const char *line = "has tried so 64 times and has no more access to memory";
	unsigned lines = 0;
	struct vcpu *v;

	fake_boot_pci(1, two, 1, 1);
	v = fake_entered();
	for (unsigned round = 0; round < 7; round++) {
		for (unsigned i = 0; i < SMMU_FAULTS_MAX; i++)
			event(v, 0, EVENT1_S2);
		EXPECT(config_now(), STE_CONFIG_ABORT);
		pci_end(v->vm);
		pci_begin(v->vm);
		EXPECT(config_now(), STE_CONFIG_S2);
	}
	for (const char *at = fake_said(); (at = strstr(at, line)) != NULL; at++)
		lines++;
	EXPECT(lines, 3);
}
HOST_TEST(cut_off_again, "a function that is cut off again and again is said less and less often")
