/* What does L0 do with the PCI functions of VMs?  Whole exits on a machine with an SMMU, an ITS and functions that are memory. */
#include <string.h>

#include "host/core/its.h"
#include "host/core/mmu.h"
#include "host/device/pci.h"
#include "host/vm/queue.h"
#include "nv/arch/intid.h"
#include "nv/arch/its.h"
#include "nv/smmu/regs.h"
#include "tests/unit/host/fake_pci.h"
#include "tests/unit/host/host_test.h"

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
