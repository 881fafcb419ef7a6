/*
 * How does a command reach the shell of a Linux guest?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_CPIO_H
#define EXPERIMENTS_FIRN_MACHINE_CPIO_H

/*
 * A copy of the initramfs open as initrd_fd, in memory, with one more archive behind it that holds /firn/exec
 * with the given contents.  Returns a file descriptor, or -1 with errno set.
 */
int cpio_with_exec(int initrd_fd, const char *contents);

#endif
