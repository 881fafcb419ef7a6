/*
 * Where does L2 get randomness from?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_RNG_H
#define GUEST_HYP_LINUX_KVM_GUEST_RNG_H

#include "guest-hyp/linux/kvm-guest/virtio.h"

extern const struct virtio_kind rng_kind;

#endif
