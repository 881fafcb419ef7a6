/*
 * What does KVM give L2, and where does L2 see it?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_KVM_H
#define GUEST_HYP_LINUX_KVM_GUEST_KVM_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stdint.h>

#define CPUS_MAX 16 /* KVM gives vCPU n the affinity 0.0.0.n up to here */

#define GICD_IPA UINT64_C(0x08000000)
#define GICD_SIZE UINT64_C(0x10000)
#define ITS_IPA UINT64_C(0x08080000)
#define ITS_SIZE UINT64_C(0x20000)
#define GICR_IPA UINT64_C(0x080a0000)
#define GICR_SIZE UINT64_C(0x20000) /* of each vCPU */

/* Of Linux 6.16's headers; those of Debian 12 are older. */
#ifndef KVM_CAP_ARM_EL2
#define KVM_CAP_ARM_EL2 240
#define KVM_CAP_ARM_EL2_E2H0 241
#endif
#ifndef KVM_ARM_VCPU_HAS_EL2
#define KVM_ARM_VCPU_HAS_EL2 7
#define KVM_ARM_VCPU_HAS_EL2_E2H0 8
#endif
#ifndef KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ
#define KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ 9
#endif

#define FIRST_SPI 32
#define PMU_INTID 23 /* a PPI, as the next one: of the list registers of a vEL2 */
#define MAINTENANCE_INTID 25

/* Does the guest start at a virtual EL2, as what? */
enum kvm_el2 {
	EL2_NONE,
	EL2_VHE,
	EL2_NVHE,
};

#define BIT(n) (UINT32_C(1) << (n))

struct kvm {
	int system, vm, gic;
	unsigned cpus;
	enum kvm_el2 el2;
	unsigned without; /* features that L2 does not get: vcpu_feature */
};

/* ioctl that ends the program when it fails, with its name. */
int kvm_call(int fd, unsigned long request, const void *argument, const char *name);
#define KVM_CALL(fd, request, argument) kvm_call(fd, request, argument, #request)

/* A VM without memory, vCPUs and devices.  Ends the program where there is no KVM, or none that nests. */
struct kvm kvm_open(unsigned cpus, enum kvm_el2 el2, unsigned without);

/* The GIC and its ITS, behind all vCPUs. */
void kvm_make_gic(struct kvm *kvm);

bool kvm_has(const struct kvm *kvm, int capability);
void kvm_set_attribute(int fd, uint32_t group, uint64_t attribute, const void *value);

/* The level of the line of a device's interrupt (INTID of an SPI). */
void kvm_set_line(const struct kvm *kvm, unsigned intid, bool level);

#endif
