/*
 * What does a Linux guest find besides its initramfs?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_CPIO_H
#define EXPERIMENTS_FIRN_MACHINE_CPIO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A copy of the initramfs open as initrd_fd, in memory, to put more behind; NULL with errno set. */
FILE *cpio_begin(int initrd_fd);

/* Another archive; false with errno set. */
bool cpio_archive(FILE *out, int fd);

/* A file of so many bytes (below 4 GiB), in a folder that an archive before has; false with errno set. */
bool cpio_file(FILE *out, const char *name, int fd, uint64_t bytes);

/* Something for the /init of our initramfs: it runs firn/exec, and tells stty what is in firn/stty. */
void cpio_tell(FILE *out, const char *name, const char *contents);

/* Returns a file descriptor of all of it, or -1 with errno set. */
int cpio_end(FILE *out);

#endif
