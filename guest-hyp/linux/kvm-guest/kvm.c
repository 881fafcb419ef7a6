/*
 * What does KVM give L2, and where does L2 see it?  A VM, its GICv3 and ITS, and interrupt lines.
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/kvm.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include "guest-hyp/linux/kvm-guest/say.h"

#define GIC_INTIDS 96 /* the devices' SPIs are 32 to 95 */

int kvm_call(int fd, unsigned long request, const void *argument, const char *name)
{
	int result = ioctl(fd, request, argument);

	if (result < 0)
		fail("L1's KVM refuses %s: %s; 'dmesg | grep kvm' in L1 may say why", name, strerror(errno));
	return result;
}

/* A kernel with kvm-arm.mode=nested, on a CPU that has FEAT_NV2. */
static void check_el2(const struct kvm *kvm)
{
	int capability = kvm->el2 == EL2_NVHE ? KVM_CAP_ARM_EL2_E2H0 : KVM_CAP_ARM_EL2;

	if (kvm->el2 && !kvm_has(kvm, capability))
		fail("this KVM gives no virtual EL2%s; its kernel has to be 6.16 or newer, started with kvm-arm.mode=nested, "
		     "on a CPU with FEAT_NV2",
		     kvm->el2 == EL2_NVHE ? " without VHE" : "");
}

struct kvm kvm_open(unsigned cpus, enum kvm_el2 el2, unsigned without)
{
	struct kvm kvm = {
		.cpus = cpus, .el2 = el2, .without = without, .system = open("/dev/kvm", O_RDWR | O_CLOEXEC)
	};
	int most;

	if (kvm.system < 0)
		fail("cannot open /dev/kvm: %s; L1's kernel did not start KVM: 'dmesg | grep kvm' says why",
		     strerror(errno));
	most = KVM_CALL(kvm.system, KVM_CHECK_EXTENSION, (void *)KVM_CAP_MAX_VCPUS);
	if (most >= 0 && cpus > (unsigned)most)
		fail("L1's KVM has at most %d vCPUs; give less with --smp", most);
	kvm.vm = KVM_CALL(kvm.system, KVM_CREATE_VM, NULL);
	check_el2(&kvm);
	return kvm;
}

bool kvm_has(const struct kvm *kvm, int capability)
{
	return ioctl(kvm->vm, KVM_CHECK_EXTENSION, (long)capability) > 0;
}

void kvm_set_attribute(int fd, uint32_t group, uint64_t attribute, const void *value)
{
	struct kvm_device_attr attr = { .group = group, .attr = attribute, .addr = (uintptr_t)value };

	KVM_CALL(fd, KVM_SET_DEVICE_ATTR, &attr);
}

static int make_device(const struct kvm *kvm, uint32_t type)
{
	struct kvm_create_device device = { .type = type };

	KVM_CALL(kvm->vm, KVM_CREATE_DEVICE, &device);
	return (int)device.fd;
}

void kvm_make_gic(struct kvm *kvm)
{
	uint32_t intids = GIC_INTIDS, maintenance = MAINTENANCE_INTID;
	uint64_t gicd = GICD_IPA, gits = ITS_IPA;
	/* KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION: count, base, flags, index */
	uint64_t gicr = (uint64_t)kvm->cpus << 52 | GICR_IPA;
	int its;

	kvm->gic = make_device(kvm, KVM_DEV_TYPE_ARM_VGIC_V3);
	kvm_set_attribute(kvm->gic, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &intids);
	kvm_set_attribute(kvm->gic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &gicd);
	kvm_set_attribute(kvm->gic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &gicr);
	if (kvm->el2)
		kvm_set_attribute(kvm->gic, KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &maintenance);
	kvm_set_attribute(kvm->gic, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
	its = make_device(kvm, KVM_DEV_TYPE_ARM_VGIC_ITS);
	kvm_set_attribute(its, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &gits);
	kvm_set_attribute(its, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

void kvm_set_line(const struct kvm *kvm, unsigned intid, bool level)
{
	struct kvm_irq_level line = { .irq = KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | intid,
				      .level = level };

	KVM_CALL(kvm->vm, KVM_IRQ_LINE, &line);
}
