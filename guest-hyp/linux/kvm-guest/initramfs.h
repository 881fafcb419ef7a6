/*
 * What does L2's Linux find when it is up?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_INITRAMFS_H
#define GUEST_HYP_LINUX_KVM_GUEST_INITRAMFS_H

#include <stdbool.h>
#include <stddef.h>

struct initramfs {
	char *bytes;
	size_t size;
};

/* L1's busybox, the init and the modules that are below /lib/kvm-guest; command as /firn/exec, and what is in the archive, if they are not
 * NULL; what a network needs, and another root file system. */
struct initramfs initramfs_make(const char *command, const char *archive, bool net, bool root);

#endif
