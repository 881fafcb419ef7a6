/*
 * What does KVM give L2, and where does L2 see it?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_KVM_H
#define GUEST_HYP_LINUX_KVM_GUEST_KVM_H

#include <linux/kvm.h>

#include "guest-hyp/linux/kvm-guest/options.h"

#define GICD_IPA UINT64_C(0x08000000)
#define GICD_SIZE UINT64_C(0x10000)
#define ITS_IPA UINT64_C(0x08080000)
#define ITS_SIZE UINT64_C(0x20000)
#define GICR_IPA UINT64_C(0x080a0000)
#define GICR_SIZE UINT64_C(0x20000) /* of each vCPU */
#define RAM_IPA UINT64_C(0x40000000)

#define FIRST_SPI 32
#define PMU_INTID 23 /* a PPI, as the next one: of the list registers of a vEL2 */
#define MAINTENANCE_INTID 25

/* Of Linux 6.16's headers; those of Debian 12 are older. Newer ones define the same once more. */
#define KVM_CAP_ARM_EL2 240
#define KVM_CAP_ARM_EL2_E2H0 241
#define KVM_ARM_VCPU_HAS_EL2 7
#define KVM_ARM_VCPU_HAS_EL2_E2H0 8
#define KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ 9

/* Files: /dev/kvm, and the one VM of this program. */
extern int kvm_system, kvm_vm;

/* Makes the VM with its memory at RAM_IPA, which L1 fills when L2 touches it.  Ends the program where there is no KVM, or
 * none that nests if it should, or L1 has not so much memory. */
void kvm_make(const struct options *options);

/* The GIC and its ITS, behind all vCPUs. */
void kvm_make_gic(const struct options *options);

/* The bytes of L2's RAM at these IPAs, or NULL if one of them is none or the first is not aligned. */
void *kvm_ram(uint64_t l2_ipa, uint64_t length, uint64_t alignment);

/* The level of the line of a device's interrupt (INTID of an SPI). */
void kvm_set_line(unsigned intid, bool level);

bool kvm_has(int capability);
void kvm_set_attribute(int fd, uint32_t group, uint64_t attribute, const void *value);

/* ioctl that ends the program when it fails, with its name. */
int kvm_call(int fd, unsigned long request, const void *argument, const char *name);
#define KVM_CALL(fd, request, argument) kvm_call(fd, request, argument, #request)

#endif
