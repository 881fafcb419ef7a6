/*
 * What is in L2's memory at its first instruction?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_LOAD_H
#define GUEST_HYP_LINUX_KVM_GUEST_LOAD_H

#include "guest-hyp/linux/kvm-guest/options.h"

#define DTB_SIZE MIB(2) /* at most, as Linux's Documentation/arch/arm64/booting.rst has it */

struct layout {
	uint64_t entry, dtb, initrd; /* L2 IPAs */
	uint64_t initrd_size;	     /* bytes */
};

/* What L2's Linux finds when it is up, in new memory: --initrd, or an archive of our own. */
char *initramfs_make(const struct options *options, uint64_t *size);

/* Loads the kernel, an arm64 Image, and finds places for the rest.  What is no such file, or does not fit with the initramfs,
 * ends the program. */
struct layout image_load(const struct options *options, uint64_t initrd_size);

/* Writes the device tree to its place. */
void tree_make(const struct options *options, const struct layout *layout);

#endif
