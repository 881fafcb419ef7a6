/*
 * What does a Linux guest find besides its initramfs?  More archives behind that.  Linux unpacks archives that follow one
 * another, compressed or not, one after the other (its early-userspace/buffer-format.rst).
 */
#define _GNU_SOURCE
#include "experiments/firn/machine/cpio.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DIRECTORY 0040755u
#define SCRIPT 0100755u
#define CONTENTS 0100644u
#define LINK 0120777u
#define TRAILER "TRAILER!!!"

/* Members begin at multiples of 4 bytes. */
static void pad(FILE *out)
{
	while (ftell(out) % 4)
		fputc(0, out);
}

/* Its contents follow, and what pads them. */
static void member_header(FILE *out, unsigned mode, const char *name, uint64_t length)
{
	unsigned links = mode == DIRECTORY ? 2 : 1;
	static unsigned inode;

	fprintf(out, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08zx%08x", mode ? ++inode : 0, mode,
		0u, 0u, links, 0u, (unsigned)length, 0u, 0u, 0u, 0u, strlen(name) + 1, 0u);
	fwrite(name, 1, strlen(name) + 1, out);
	pad(out);
}

/* One member of a "newc" archive. */
static void member(FILE *out, unsigned mode, const char *name, const char *contents)
{
	member_header(out, mode, name, strlen(contents));
	fwrite(contents, 1, strlen(contents), out);
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

/* A memory file; initrd_fd stays as it is. */
FILE *cpio_begin(int initrd_fd)
{
	int fd = memfd_create("initrd", 0);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out || initrd_fd < 0 || cpio_archive(out, initrd_fd))
		return out;
	fclose(out);
	return NULL;
}

bool cpio_archive(FILE *out, int fd)
{
	bool good = copy(fd, out);

	pad(out);
	return good;
}

bool cpio_file(FILE *out, const char *name, bool executable, int fd, uint64_t bytes)
{
	bool good;

	member_header(out, executable ? SCRIPT : CONTENTS, name, bytes);
	good = copy(fd, out);
	pad(out);
	return good;
}

void cpio_folder(FILE *out, const char *name)
{
	member(out, DIRECTORY, name, "");
}

void cpio_link(FILE *out, const char *name, const char *target)
{
	member(out, LINK, name, target);
}

void cpio_close(FILE *out)
{
	member(out, 0, TRAILER, "");
	pad(out);
}

void cpio_tell(FILE *out, const char *name, const char *contents)
{
	member(out, DIRECTORY, "firn", "");
	member(out, SCRIPT, name, contents);
	cpio_close(out);
}

/* The stream is closed either way. */
int cpio_end(FILE *out)
{
	int kept = -1;

	if (fflush(out) == 0 && !ferror(out))
		kept = dup(fileno(out));
	fclose(out);
	return kept;
}
