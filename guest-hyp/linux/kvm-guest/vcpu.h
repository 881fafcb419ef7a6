/*
 * What does a vCPU of L2 do, and why does it stop?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_VCPU_H
#define GUEST_HYP_LINUX_KVM_GUEST_VCPU_H

#include <stddef.h>

#include "guest-hyp/linux/kvm-guest/bus.h"

/* Registers for vcpu_set_register. */
#define VCPU_CORE(field) (KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(field))
#define VCPU_PC VCPU_CORE(regs.pc)
#define VCPU_X(n) VCPU_CORE(regs.regs[n])

enum l2_end {
	L2_RUNS,
	L2_OFF,	  /* PSCI SYSTEM_OFF */
	L2_RESET, /* PSCI SYSTEM_RESET: a reboot, or a panic with panic=-1 */
	L2_CRASHED,
};

struct vcpu {
	struct kvm *kvm;
	struct bus *bus;
	int ended; /* eventfd: told why L2 ended, as enum l2_end */
	int fd;
	unsigned index;
	struct kvm_run *run;
};

/* A feature of --without as bits of struct kvm's without; 0 when there is none of that name. */
unsigned vcpu_feature(const char *name, size_t length);
#define VCPU_FEATURES "sve, pauth, pmu, mops"

/* Do vCPUs get a feature of KVM_ARM_VCPU_INIT? */
bool vcpu_has(const struct kvm *kvm, unsigned feature);

/* Before the GIC is made. */
void vcpu_make(struct vcpu *vcpu, struct kvm *kvm, struct bus *bus, unsigned index, int ended);

/* Behind the GIC. */
void vcpu_finish(const struct vcpu *vcpu);

/* The first one begins here, with x0 = dtb; the others wait for PSCI CPU_ON. */
void vcpu_set_entry(const struct vcpu *vcpu, uint64_t entry, uint64_t dtb);

void vcpu_set_register(const struct vcpu *vcpu, uint64_t id, uint64_t value);

/* As it was before its first instruction, and on. */
void vcpu_reset(struct vcpu *vcpu);

/* Until L2 ends; why it did. */
enum l2_end vcpu_run(const struct vcpu *vcpu);

/* The same in a thread of its own, which tells vcpu->ended. */
void vcpu_start(struct vcpu *vcpu);

#endif
