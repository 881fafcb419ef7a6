/*
 * Where do L2's kernel, initramfs and device tree go?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_IMAGE_H
#define GUEST_HYP_LINUX_KVM_GUEST_IMAGE_H

#include <stddef.h>

#include "guest-hyp/linux/kvm-guest/memory.h"

struct layout {
	uint64_t entry, dtb, initrd, initrd_size; /* L2 IPAs; initrd_size in bytes, 0: there is none */
};

#define DTB_SIZE MIB(2) /* at most, booting.rst */

/* Loads an arm64 Image as Linux's Documentation/arch/arm64/booting.rst has it, and finds places for the rest. What is no
 * such file, or does not fit with the initramfs, ends the program. */
struct layout image_load(const struct memory *memory, const char *path, const char *hint,
			 uint64_t initrd_size);

#endif
