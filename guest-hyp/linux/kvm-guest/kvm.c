/*
 * What does KVM give L2, and where does L2 see it?  A VM, its memory, its GICv3 and ITS, and interrupt lines.
 */
#include "guest-hyp/linux/kvm-guest/kvm.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define GIC_INTIDS 96 /* the devices' SPIs are 32 to 95 */
#define BLOCK MIB(2)

int kvm_system, kvm_vm;

static uint8_t *ram;
static uint64_t ram_size;

int kvm_call(int fd, unsigned long request, const void *argument, const char *name)
{
	int result = ioctl(fd, request, argument);

	if (result < 0)
		errx(1, "L1's KVM refuses %s: %s; 'dmesg | grep kvm' in L1 may say why", name,
		     strerror(errno));
	return result;
}

bool kvm_has(int capability)
{
	return ioctl(kvm_vm, KVM_CHECK_EXTENSION, (long)capability) > 0;
}

void kvm_set_attribute(int fd, uint32_t group, uint64_t attribute, const void *value)
{
	struct kvm_device_attr attr = { .group = group, .attr = attribute, .addr = (uintptr_t)value };

	KVM_CALL(fd, KVM_SET_DEVICE_ATTR, &attr);
}

void kvm_set_line(unsigned intid, bool level)
{
	struct kvm_irq_level line = { .irq = KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | intid,
				      .level = level };

	KVM_CALL(kvm_vm, KVM_IRQ_LINE, &line);
}

/* What L1 can still give, in MiB; without an answer, everything. */
static unsigned long long available(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long long kib = UINT64_MAX;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %llu kB", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib >> 10;
}

/* L2 IPA and address agree in the bits of a block, and Linux is asked for large pages: L2 faults once in 512 pages. */
static void make_ram(uint64_t size)
{
	struct kvm_userspace_memory_region region = { .guest_phys_addr = RAM_IPA, .memory_size = size };
	unsigned long long mib = size >> 20;

	if (mib > available())
		errx(1,
		     "L1 has %llu MiB left, too little for an L2 with %llu MiB; give less with --mem, or L1 more "
		     "with firn run --mem",
		     available(), mib);
	ram_size = size;
	ram = mmap(NULL, size + BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		   -1, 0);
	if (ram == MAP_FAILED)
		errx(1, "cannot map %llu MiB for L2: %s; give less with --mem", mib, strerror(errno));
	ram += -(uintptr_t)ram & (BLOCK - 1);
	madvise(ram, size, MADV_HUGEPAGE);
	region.userspace_addr = (uintptr_t)ram;
	if (ioctl(kvm_vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		errx(1, "KVM does not take %llu MiB of memory: %s; give less with --mem", mib,
		     strerror(errno));
}

/* A virtual EL2 takes a kernel with kvm-arm.mode=nested, on a CPU that has FEAT_NV2. */
void kvm_make(const struct options *options)
{
	bool nvhe = options->el2 == EL2_NVHE;
	int most;

	kvm_system = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm_system < 0)
		errx(1,
		     "cannot open /dev/kvm: %s; L1's kernel did not start KVM: 'dmesg | grep kvm' says why",
		     strerror(errno));
	most = KVM_CALL(kvm_system, KVM_CHECK_EXTENSION, (void *)KVM_CAP_MAX_VCPUS);
	if (options->cpus > (unsigned)most)
		errx(1, "L1's KVM has at most %d vCPUs; give less with --smp", most);
	kvm_vm = KVM_CALL(kvm_system, KVM_CREATE_VM, NULL);
	if (options->el2 && !kvm_has(nvhe ? KVM_CAP_ARM_EL2_E2H0 : KVM_CAP_ARM_EL2))
		errx(1,
		     "this KVM gives no virtual EL2%s; its kernel has to be 6.16 or newer, started with kvm-arm.mode=nested, "
		     "on a CPU with FEAT_NV2",
		     nvhe ? " without VHE" : "");
	make_ram(options->memory);
}

void *kvm_ram(uint64_t l2_ipa, uint64_t length, uint64_t alignment)
{
	uint64_t offset = l2_ipa - RAM_IPA;

	if (l2_ipa < RAM_IPA || l2_ipa % alignment || offset > ram_size || length > ram_size - offset)
		return NULL;
	return ram + offset;
}

static int make_device(uint32_t type)
{
	struct kvm_create_device device = { .type = type };

	KVM_CALL(kvm_vm, KVM_CREATE_DEVICE, &device);
	return (int)device.fd;
}

void kvm_make_gic(const struct options *options)
{
	const uint32_t intids = GIC_INTIDS, maintenance = MAINTENANCE_INTID;
	const uint64_t gicd = GICD_IPA, gits = ITS_IPA;
	const uint64_t gicr = (uint64_t)options->cpus << 52 | GICR_IPA; /* count, base, flags, index */
	int gic = make_device(KVM_DEV_TYPE_ARM_VGIC_V3), its;

	kvm_set_attribute(gic, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &intids);
	kvm_set_attribute(gic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &gicd);
	kvm_set_attribute(gic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &gicr);
	if (options->el2)
		kvm_set_attribute(gic, KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &maintenance);
	kvm_set_attribute(gic, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
	its = make_device(KVM_DEV_TYPE_ARM_VGIC_ITS);
	kvm_set_attribute(its, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &gits);
	kvm_set_attribute(its, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}
