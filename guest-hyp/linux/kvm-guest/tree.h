/*
 * What does L2's kernel learn about its machine?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_TREE_H
#define GUEST_HYP_LINUX_KVM_GUEST_TREE_H

#include "guest-hyp/linux/kvm-guest/bus.h"
#include "guest-hyp/linux/kvm-guest/image.h"

/* Writes the device tree into L2's memory, where layout says. */
void tree_make(const struct memory *memory, const struct layout *layout, const struct kvm *kvm,
	       unsigned devices, const char *bootargs);

#endif
