/*
 * What does a vCPU of L2 do, and why does it stop?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_VCPU_H
#define GUEST_HYP_LINUX_KVM_GUEST_VCPU_H

#include "guest-hyp/linux/kvm-guest/load.h"

enum l2_end {
	L2_RUNS,
	L2_OFF,	  /* PSCI SYSTEM_OFF */
	L2_RESET, /* PSCI SYSTEM_RESET: a reboot, or a panic with panic=-1 */
	L2_CRASHED,
};

/* All of them, and the GIC. */
void vcpu_make_all(const struct options *options);

/* Do they have a feature of KVM_ARM_VCPU_INIT? */
bool vcpu_has(unsigned feature);

/* Each in a thread of its own. Gives an eventfd, which is told why L2 ended, as enum l2_end. */
int vcpu_start_all(unsigned cpus);

/* Where the first one begins, with x0 = dtb, as Linux wants it; the others wait for PSCI CPU_ON.  With marks, for firn stat, it
 * makes two marks of L0's ledger before (nv/arch/firn_abi.h), one behind the other. */
void vcpu_set_entry(const struct layout *layout, bool marks);

/* A third mark, once L2 has switched itself off. */
void vcpu_mark_end(const struct layout *layout);

#endif
