/*
 * What does a Linux guest find besides its initramfs?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_CPIO_H
#define EXPERIMENTS_FIRN_MACHINE_CPIO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A copy of the initramfs open as initrd_fd (-1: there is none), in memory, to put more behind; NULL with errno set. */
FILE *cpio_begin(int initrd_fd);

/* Another archive; false with errno set. */
bool cpio_archive(FILE *out, int fd);

/*
 * Members of one more archive, whose end cpio_close() writes.  Names have no slash at their start; a folder comes before what is in
 * it.  A file has less than 4 GiB, since the format has no place for more; false with errno set if it cannot be read.
 */
bool cpio_file(FILE *out, const char *name, bool executable, int fd, uint64_t bytes);
void cpio_folder(FILE *out, const char *name);
void cpio_link(FILE *out, const char *name, const char *target);
void cpio_close(FILE *out);

/* Something for the /init of our initramfs: it runs firn/exec. */
void cpio_tell(FILE *out, const char *name, const char *contents);

/* Returns a file descriptor of all of it, or -1 with errno set. */
int cpio_end(FILE *out);

#endif
