/*
 * Where are the sectors of L2's disk?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_BLK_H
#define GUEST_HYP_LINUX_KVM_GUEST_BLK_H

#include "guest-hyp/linux/kvm-guest/virtio.h"

struct blk {
	struct virtio virtio;
	int fd;
	bool read_only;
	uint64_t sectors;
};

/* Opens what is given, FILE[,ro], a file or a block device of L1's; what is no disk ends the program. */
void blk_make(struct blk *blk, const char *given, const struct kvm *kvm, const struct memory *memory,
	      unsigned index);

#endif
