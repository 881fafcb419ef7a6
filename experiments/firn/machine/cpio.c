/*
 * How does a command reach the shell of a Linux guest?  As the file /firn/exec, which /init runs.  Linux unpacks
 * archives that follow one another, compressed or not, one after the other (its early-userspace/buffer-format.rst).
 */
#define _GNU_SOURCE
#include "experiments/firn/machine/cpio.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DIRECTORY 0040755u
#define SCRIPT 0100755u

/* Members begin at multiples of 4 bytes. */
static void pad(FILE *out)
{
	while (ftell(out) % 4)
		fputc(0, out);
}

/* One member of a "newc" archive. */
static void member(FILE *out, unsigned inode, unsigned mode, const char *name, const char *contents)
{
	size_t length = strlen(contents);
	unsigned links = mode == DIRECTORY ? 2 : 1;

	fprintf(out, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", inode, mode, 0u, 0u,
		links, 0u, length, 0u, 0u, 0u, 0u, strlen(name) + 1, 0u);
	fwrite(name, 1, strlen(name) + 1, out);
	pad(out);
	fwrite(contents, 1, length, out);
	pad(out);
}

/* The archive itself may be compressed: it is not looked into. False with errno. */
static bool copy(int from, FILE *to)
{
	static char buffer[1 << 16];
	off_t at = 0;
	ssize_t got;

	while ((got = pread(from, buffer, sizeof(buffer), at)) > 0) {
		fwrite(buffer, 1, (size_t)got, to);
		at += got;
	}
	return got == 0;
}

/* A memory file with the archive and a second one behind it; -1 with errno. initrd_fd stays as it is. */
int cpio_with_exec(int initrd_fd, const char *contents)
{
	int fd = memfd_create("initrd", 0), kept = -1;
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out)
		return -1;
	if (copy(initrd_fd, out)) {
		pad(out);
		member(out, 1, DIRECTORY, "firn", "");
		member(out, 2, SCRIPT, "firn/exec", contents);
		member(out, 0, 0, "TRAILER!!!", "");
		if (fflush(out) == 0 && !ferror(out))
			kept = dup(fd);
	}
	fclose(out);
	return kept;
}
