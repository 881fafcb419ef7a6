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

#define FIRST_SPI 32
#define PMU_INTID 23 /* a PPI */

struct kvm {
	int system, vm, gic;
	unsigned cpus;
};

/* ioctl that ends the program when it fails, with its name. */
int kvm_call(int fd, unsigned long request, const void *argument, const char *name);
#define KVM_CALL(fd, request, argument) kvm_call(fd, request, argument, #request)

/* A VM without memory, vCPUs and devices.  Ends the program where there is no KVM. */
struct kvm kvm_open(unsigned cpus);

/* The GIC and its ITS, behind all vCPUs. */
void kvm_make_gic(struct kvm *kvm);

bool kvm_has(const struct kvm *kvm, int capability);
void kvm_set_attribute(int fd, uint32_t group, uint64_t attribute, const void *value);

/* The level of the line of a device's interrupt (INTID of an SPI). */
void kvm_set_line(const struct kvm *kvm, unsigned intid, bool level);

#endif
