/*
 * What is in a file of L1?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_FILE_H
#define GUEST_HYP_LINUX_KVM_GUEST_FILE_H

#include <stdbool.h>
#include <stdint.h>

/* Opens a regular file that is not empty.  What it is, and a hint for when it is not there, are for the message that
 * otherwise ends the program.  *size learns its bytes. */
int file_open(const char *what, const char *path, int flags, const char *hint, uint64_t *size);

/* The same for a disk, which may be a block device too. */
int file_open_disk(const char *path, bool read_only, uint64_t *size);

/* Where a file of kvm-guest's own is, in new memory: firn's are below /run/firn where L1 has another root file system. */
char *file_own(const char *path);

/* Reads size bytes of it from its start; a shorter file ends the program. */
void file_read(int fd, const char *path, void *to, uint64_t size);

#endif
