/*
 * What does a vCPU of L2 do, and why does it stop?  It gets every feature that L1's KVM can give, but for those of
 * --without, and runs in a thread of its own until L2 switches itself off.
 */
#include "guest-hyp/linux/kvm-guest/vcpu.h"

#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "guest-hyp/linux/kvm-guest/bus.h"
#include "guest-hyp/linux/kvm-guest/kvm.h"
#include "nv/arch/firn_abi.h"

#define CORE(field) (KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(regs.field))
#define ID_AA64ISAR2_EL1 ARM64_SYS_REG(3, 0, 0, 6, 2)
#define ID_AA64ISAR2_MOPS UINT64_C(0xf0000)
#define BIT(n) (1u << (n))

#define HVC(number) (UINT32_C(0xd4000002) | (number) << 5)
#define MOV_X0_X5 UINT32_C(0xaa0503e0)
#define BR_X4 UINT32_C(0xd61f0080)

struct vcpu {
	int fd;
	unsigned index;
	struct kvm_run *run;
};

static struct vcpu vcpus[CPUS_MAX];
static uint32_t features; /* a bit of each that they have of KVM_ARM_VCPU_INIT's */
static int ended;	  /* eventfd */

/* --- Features --- */

/* What KVM gives when asked for it. */
static const struct {
	unsigned feature;
	int capability;
	unsigned without; /* not if --without has named this */
} optional[] = {
	{ KVM_ARM_VCPU_PSCI_0_2, KVM_CAP_ARM_PSCI_0_2, 0 },
	{ KVM_ARM_VCPU_SVE, KVM_CAP_ARM_SVE, BIT(SVE) },
	{ KVM_ARM_VCPU_PTRAUTH_ADDRESS, KVM_CAP_ARM_PTRAUTH_ADDRESS, BIT(PAUTH) },
	{ KVM_ARM_VCPU_PTRAUTH_GENERIC, KVM_CAP_ARM_PTRAUTH_GENERIC, BIT(PAUTH) },
	{ KVM_ARM_VCPU_PMU_V3, KVM_CAP_ARM_PMU_V3, BIT(PMU) },
};

static void choose_features(const struct options *options)
{
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
		if (kvm_has(optional[i].capability) && !(options->without & optional[i].without))
			features |= BIT(optional[i].feature);
	if (options->el2)
		features |= BIT(KVM_ARM_VCPU_HAS_EL2);
	if (options->el2 == EL2_NVHE)
		features |= BIT(KVM_ARM_VCPU_HAS_EL2_E2H0);
}

bool vcpu_has(unsigned feature)
{
	return features & BIT(feature);
}

/* --- Registers --- */

static void set_register(const struct vcpu *vcpu, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	KVM_CALL(vcpu->fd, KVM_SET_ONE_REG, &reg);
}

/* 0 if KVM does not tell. */
static uint64_t get_register(const struct vcpu *vcpu, uint64_t id)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	ioctl(vcpu->fd, KVM_GET_ONE_REG, &reg);
	return value;
}

/* KVM always gives this one. An older KVM lets nobody write an ID register; it has no such field in it either. */
static void hide_mops(const struct vcpu *vcpu)
{
	uint64_t value = get_register(vcpu, ID_AA64ISAR2_EL1);

	if (value & ID_AA64ISAR2_MOPS)
		set_register(vcpu, ID_AA64ISAR2_EL1, value & ~ID_AA64ISAR2_MOPS);
}

/* --- Beginning --- */

static void initialise(const struct vcpu *vcpu)
{
	struct kvm_vcpu_init init = { .target = 0 };

	KVM_CALL(kvm_vm, KVM_ARM_PREFERRED_TARGET, &init);
	init.features[0] |= features | (vcpu->index ? BIT(KVM_ARM_VCPU_POWER_OFF) : 0);
	KVM_CALL(vcpu->fd, KVM_ARM_VCPU_INIT, &init);
}

static void make(struct vcpu *vcpu, unsigned index, bool with_mops)
{
	const int sve = KVM_ARM_VCPU_SVE;
	size_t size = (size_t)KVM_CALL(kvm_system, KVM_GET_VCPU_MMAP_SIZE, NULL);

	vcpu->index = index;
	vcpu->fd = KVM_CALL(kvm_vm, KVM_CREATE_VCPU, (void *)(uintptr_t)index);
	initialise(vcpu);
	if (vcpu_has(KVM_ARM_VCPU_SVE))
		KVM_CALL(vcpu->fd, KVM_ARM_VCPU_FINALIZE, &sve);
	if (!with_mops)
		hide_mops(vcpu);
	vcpu->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		errx(1, "cannot map what KVM shares of vCPU %u: %s", index, strerror(errno));
}

/* A PMU wants a GIC, and a GIC all vCPUs. */
static void make_pmu(const struct vcpu *vcpu)
{
	const int intid = PMU_INTID;

	kvm_set_attribute(vcpu->fd, KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &intid);
	kvm_set_attribute(vcpu->fd, KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT, NULL);
}

void vcpu_make_all(const struct options *options)
{
	choose_features(options);
	for (unsigned n = 0; n < options->cpus; n++)
		make(&vcpus[n], n, !(options->without & BIT(MOPS)));
	kvm_make_gic(options);
	for (unsigned n = 0; vcpu_has(KVM_ARM_VCPU_PMU_V3) && n < options->cpus; n++)
		make_pmu(&vcpus[n]);
}

/* --- Running --- */

static void access(struct kvm_run *run)
{
	uint64_t value = 0;

	if (run->mmio.is_write) {
		memcpy(&value, run->mmio.data, run->mmio.len);
		bus_store(run->mmio.phys_addr, run->mmio.len, value);
	} else {
		value = bus_load(run->mmio.phys_addr, run->mmio.len);
		memcpy(run->mmio.data, &value, run->mmio.len);
	}
}

static enum l2_end end_of(uint32_t system_event)
{
	if (system_event == KVM_SYSTEM_EVENT_SHUTDOWN)
		return L2_OFF;
	return system_event == KVM_SYSTEM_EVENT_RESET ? L2_RESET : L2_CRASHED;
}

__attribute__((noreturn)) static void give_up(const struct vcpu *vcpu, const char *why)
{
	pthread_mutex_lock(&bus_lock); /* for good: L2 ends once */
	errx(1,
	     "L1's KVM cannot run vCPU %u of L2 on: %s, exit reason %u, PC 0x%llx; 'dmesg' in L1 may say why",
	     vcpu->index, why, vcpu->run->exit_reason, (unsigned long long)get_register(vcpu, CORE(pc)));
}

/* What KVM wanted from us; why L2 ended, if it did. */
static enum l2_end answer(const struct vcpu *vcpu)
{
	switch (vcpu->run->exit_reason) {
	case KVM_EXIT_MMIO:
		access(vcpu->run);
		return L2_RUNS;
	case KVM_EXIT_INTR:
		return L2_RUNS;
	case KVM_EXIT_SYSTEM_EVENT:
		return end_of(vcpu->run->system_event.type);
	default:
		give_up(vcpu, "nobody knows what it wants");
	}
}

/* A data abort that KVM cannot describe is ENOSYS: L2 accessed a device by an instruction without a syndrome. */
static enum l2_end run(const struct vcpu *vcpu)
{
	enum l2_end end = L2_RUNS;

	while (end == L2_RUNS) {
		if (ioctl(vcpu->fd, KVM_RUN, NULL) == 0)
			end = answer(vcpu);
		else if (errno != EINTR && errno != EAGAIN)
			give_up(vcpu, strerror(errno));
	}
	return end;
}

/* The first end is L2's; an eventfd adds up. */
static void *thread(void *vcpu)
{
	static bool told;
	enum l2_end end = run(vcpu);

	if (!__atomic_test_and_set(&told, __ATOMIC_RELAXED))
		eventfd_write(ended, end);
	return NULL;
}

int vcpu_start_all(unsigned cpus)
{
	pthread_t id;

	ended = eventfd(0, EFD_CLOEXEC);
	for (unsigned n = 0; n < cpus; n++)
		if (pthread_create(&id, NULL, thread, &vcpus[n]))
			errx(1, "L1 has no thread for vCPU %u; give less with --smp", n);
	return ended;
}

/* --- The first one, and how L0 knows when L2's boot begins and ends --- */

/* Only L1's kernel and L2's may execute HVC: so a few instructions behind the device tree do, before L2's own first one, and
 * when L2 has ended.  Where L0 makes no marks, L1 answers in x0. */
static const uint32_t begin[] = { HVC(FIRN_HVC_MARK), HVC(FIRN_HVC_MARK), MOV_X0_X5, BR_X4 };
static const uint32_t end[] = { HVC(FIRN_HVC_MARK), MOV_X0_X5, HVC(0) };

static uint64_t put(const struct layout *layout, const uint32_t *code, size_t size)
{
	uint64_t ipa = layout->dtb + DTB_SIZE - 64;
	char *place = kvm_ram(ipa, size, 4);

	memcpy(place, code, size);
	__builtin___clear_cache(place, place + size);
	return ipa;
}

static void set_entry(uint64_t pc, uint64_t x0, uint64_t x4)
{
	set_register(&vcpus[0], CORE(pc), pc);
	set_register(&vcpus[0], CORE(regs[0]), x0);
	set_register(&vcpus[0], CORE(regs[4]), x4);
	set_register(&vcpus[0], CORE(regs[5]), x0);
}

void vcpu_set_entry(const struct layout *layout, bool marks)
{
	set_entry(marks ? put(layout, begin, sizeof(begin)) : layout->entry, layout->dtb, layout->entry);
}

void vcpu_mark_end(const struct layout *layout)
{
	initialise(&vcpus[0]);
	set_entry(put(layout, end, sizeof(end)), PSCI_0_2_FN_SYSTEM_OFF, 0);
	run(&vcpus[0]);
}
