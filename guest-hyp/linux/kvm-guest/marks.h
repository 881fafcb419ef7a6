/*
 * How does L0 know when L2's boot begins and ends?  For firn stat.
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_MARKS_H
#define GUEST_HYP_LINUX_KVM_GUEST_MARKS_H

#include "guest-hyp/linux/kvm-guest/image.h"
#include "guest-hyp/linux/kvm-guest/vcpu.h"

/* vCPU 0 makes two marks of L0's ledger (nv/arch/firn_abi.h), one behind the other, and then begins L2 as it would have. */
void marks_begin(const struct memory *memory, const struct layout *layout, const struct vcpu *vcpu);

/* A third mark, once L2 has switched itself off. */
void marks_end(const struct memory *memory, const struct layout *layout, struct vcpu *vcpu);

#endif
