/*
 * What does a vCPU of L2 do, and why does it stop?  It gets every feature that L1's KVM can give, but for those of
 * --without, and runs in a thread of its own until L2 switches itself off.
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/vcpu.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "guest-hyp/linux/kvm-guest/say.h"

#define NO_ID 0
#define ID_AA64ISAR2_EL1 ARM64_SYS_REG(3, 0, 0, 6, 2)
#define ID_AA64ISAR2_MOPS UINT64_C(0xf0000)

/* What KVM gives when asked for it, by a bit of KVM_ARM_VCPU_INIT; and what it gives unless its ID field is made 0. */
static const struct {
	const char *name; /* for --without; NULL: L2 always has it */
	unsigned bits;
	int capability;
	uint64_t id, field;
} features[] = {
	{ NULL, BIT(KVM_ARM_VCPU_PSCI_0_2), KVM_CAP_ARM_PSCI_0_2, NO_ID, 0 },
	{ "sve", BIT(KVM_ARM_VCPU_SVE), KVM_CAP_ARM_SVE, NO_ID, 0 },
	{ "pauth", BIT(KVM_ARM_VCPU_PTRAUTH_ADDRESS), KVM_CAP_ARM_PTRAUTH_ADDRESS, NO_ID, 0 },
	{ "pauth", BIT(KVM_ARM_VCPU_PTRAUTH_GENERIC), KVM_CAP_ARM_PTRAUTH_GENERIC, NO_ID, 0 },
	{ "pmu", BIT(KVM_ARM_VCPU_PMU_V3), KVM_CAP_ARM_PMU_V3, NO_ID, 0 },
	{ "mops", 0, 0, ID_AA64ISAR2_EL1, ID_AA64ISAR2_MOPS },
};
#define FEATURES (sizeof(features) / sizeof(features[0]))

unsigned vcpu_feature(const char *name, size_t length)
{
	unsigned found = 0;

	for (size_t i = 0; i < FEATURES; i++)
		if (features[i].name && strlen(features[i].name) == length &&
		    !memcmp(features[i].name, name, length))
			found |= BIT(i);
	return found;
}

bool vcpu_has(const struct kvm *kvm, unsigned feature)
{
	for (size_t i = 0; i < FEATURES; i++)
		if (features[i].bits == BIT(feature))
			return !(kvm->without & BIT(i)) && kvm_has(kvm, features[i].capability);
	return false;
}

static struct kvm_vcpu_init initial(const struct kvm *kvm, unsigned index)
{
	struct kvm_vcpu_init init = { .target = 0 };

	KVM_CALL(kvm->vm, KVM_ARM_PREFERRED_TARGET, &init);
	for (unsigned feature = 0; feature < 32; feature++)
		if (vcpu_has(kvm, feature))
			init.features[0] |= BIT(feature);
	if (kvm->el2)
		init.features[0] |= BIT(KVM_ARM_VCPU_HAS_EL2);
	if (kvm->el2 == EL2_NVHE)
		init.features[0] |= BIT(KVM_ARM_VCPU_HAS_EL2_E2H0);
	if (index)
		init.features[0] |= BIT(KVM_ARM_VCPU_POWER_OFF);
	return init;
}

static uint64_t get_register(const struct vcpu *vcpu, uint64_t id)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	KVM_CALL(vcpu->fd, KVM_GET_ONE_REG, &reg);
	return value;
}

/* An older KVM lets nobody write an ID register; it has no such field in it either. */
static void hide_in_id_registers(const struct vcpu *vcpu)
{
	for (size_t i = 0; i < FEATURES; i++) {
		uint64_t id = features[i].id, value;

		if (id == NO_ID || !(vcpu->kvm->without & BIT(i)))
			continue;
		value = get_register(vcpu, id);
		if (value & features[i].field)
			vcpu_set_register(vcpu, id, value & ~features[i].field);
	}
}

void vcpu_make(struct vcpu *vcpu, struct kvm *kvm, struct bus *bus, unsigned index, int ended)
{
	struct kvm_vcpu_init init = initial(kvm, index);
	int sve = KVM_ARM_VCPU_SVE;
	size_t size = (size_t)KVM_CALL(kvm->system, KVM_GET_VCPU_MMAP_SIZE, NULL);

	*vcpu = (struct vcpu){ .kvm = kvm, .bus = bus, .index = index, .ended = ended };
	vcpu->fd = KVM_CALL(kvm->vm, KVM_CREATE_VCPU, (void *)(uintptr_t)index);
	KVM_CALL(vcpu->fd, KVM_ARM_VCPU_INIT, &init);
	if (vcpu_has(kvm, KVM_ARM_VCPU_SVE))
		KVM_CALL(vcpu->fd, KVM_ARM_VCPU_FINALIZE, &sve);
	hide_in_id_registers(vcpu);
	vcpu->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		fail("cannot map what KVM shares of vCPU %u: %s", index, strerror(errno));
}

void vcpu_reset(struct vcpu *vcpu)
{
	struct kvm_vcpu_init init = initial(vcpu->kvm, 0);

	KVM_CALL(vcpu->fd, KVM_ARM_VCPU_INIT, &init);
}

void vcpu_finish(const struct vcpu *vcpu)
{
	int intid = PMU_INTID;

	if (!vcpu_has(vcpu->kvm, KVM_ARM_VCPU_PMU_V3))
		return;
	kvm_set_attribute(vcpu->fd, KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &intid);
	kvm_set_attribute(vcpu->fd, KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT, NULL);
}

void vcpu_set_register(const struct vcpu *vcpu, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	KVM_CALL(vcpu->fd, KVM_SET_ONE_REG, &reg);
}

void vcpu_set_entry(const struct vcpu *vcpu, uint64_t entry, uint64_t dtb)
{
	vcpu_set_register(vcpu, VCPU_PC, entry);
	vcpu_set_register(vcpu, VCPU_X(0), dtb);
}

static unsigned long long pc_of(const struct vcpu *vcpu)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = { .id = VCPU_PC, .addr = (uintptr_t)&value };

	ioctl(vcpu->fd, KVM_GET_ONE_REG, &reg);
	return value;
}

static void access(const struct vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	uint64_t value = 0;

	if (run->mmio.is_write) {
		memcpy(&value, run->mmio.data, run->mmio.len);
		bus_store(vcpu->bus, run->mmio.phys_addr, run->mmio.len, value);
		return;
	}
	value = bus_load(vcpu->bus, run->mmio.phys_addr, run->mmio.len);
	memcpy(run->mmio.data, &value, run->mmio.len);
}

static enum l2_end end_of(const struct kvm_run *run)
{
	switch (run->system_event.type) {
	case KVM_SYSTEM_EVENT_SHUTDOWN:
		return L2_OFF;
	case KVM_SYSTEM_EVENT_RESET:
		return L2_RESET;
	default:
		return L2_CRASHED;
	}
}

/* What KVM wanted from us; why L2 ended, if it did. */
static enum l2_end answer(const struct vcpu *vcpu)
{
	switch (vcpu->run->exit_reason) {
	case KVM_EXIT_MMIO:
		access(vcpu);
		return L2_RUNS;
	case KVM_EXIT_INTR:
		return L2_RUNS;
	case KVM_EXIT_SYSTEM_EVENT:
		return end_of(vcpu->run);
	default:
		fail("L1's KVM cannot run vCPU %u of L2 on: exit reason %u, PC 0x%llx; 'dmesg' in L1 may say why",
		     vcpu->index, vcpu->run->exit_reason, pc_of(vcpu));
	}
}

/* A data abort that KVM cannot describe is ENOSYS: L2 accessed a device by an instruction without a syndrome. */
enum l2_end vcpu_run(const struct vcpu *vcpu)
{
	enum l2_end end = L2_RUNS;

	while (end == L2_RUNS) {
		if (ioctl(vcpu->fd, KVM_RUN, NULL) == 0)
			end = answer(vcpu);
		else if (errno != EINTR && errno != EAGAIN)
			fail("L1's KVM cannot run vCPU %u of L2 on: %s, PC 0x%llx; 'dmesg' in L1 may say why",
			     vcpu->index, strerror(errno), pc_of(vcpu));
	}
	return end;
}

static void *run(void *argument)
{
	const struct vcpu *vcpu = argument;

	eventfd_write(vcpu->ended, vcpu_run(vcpu));
	return NULL;
}

void vcpu_start(struct vcpu *vcpu)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, vcpu))
		fail("L1 has no thread for vCPU %u; give less with --smp", vcpu->index);
	pthread_detach(thread);
}
