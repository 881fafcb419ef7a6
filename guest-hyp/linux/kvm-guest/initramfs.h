/*
 * What does L2's Linux find when it is up?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_INITRAMFS_H
#define GUEST_HYP_LINUX_KVM_GUEST_INITRAMFS_H

#include <stddef.h>

struct initramfs {
	char *bytes;
	size_t size;
};

/* L1's busybox, the init and the modules that are below /lib/kvm-guest, and command as /exec if it is not NULL. */
struct initramfs initramfs_make(const char *command, const char *archive);

#endif
