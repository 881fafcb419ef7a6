/*
 * What is in a file of L1?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_FILE_H
#define GUEST_HYP_LINUX_KVM_GUEST_FILE_H

#include <stdint.h>

/* Opens a file or a block device that is not empty.  What it is, and a hint for when there is none, are for the message that
 * otherwise ends the program.  *size learns its bytes. */
int file_open(const char *what, const char *path, int flags, const char *hint, uint64_t *size);

/* Reads size bytes of it from its start; a shorter file ends the program. */
void file_read(int fd, const char *path, void *to, uint64_t size);

/* The whole of it, in new memory. */
char *file_load(const char *what, const char *path, const char *hint, uint64_t *size);

/* Where a file of firn's own is, until the next call: below /run/firn where L1 has another root file system. */
const char *file_own(const char *folder, const char *name);

#endif
