/*
 * What is in a file of L1?  Everything that is read or opened by name comes through here.
 */
#include "guest-hyp/linux/kvm-guest/file.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWN_ROOT "/run/firn"

int file_open(const char *what, const char *path, int flags, const char *hint, uint64_t *size)
{
	int fd = open(path, flags | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		errx(1, "cannot open the %s %s: %s; %s", what, path, strerror(errno), hint);
	if (fstat(fd, &status) || (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode)))
		errx(1, "the %s %s is not a file and no block device; %s", what, path, hint);
	*size = (uint64_t)lseek(fd, 0, SEEK_END);
	if (!*size)
		errx(1, "the %s %s is empty; %s", what, path, hint);
	return fd;
}

void file_read(int fd, const char *path, void *to, uint64_t size)
{
	uint64_t at = 0;

	while (at < size) {
		ssize_t got = pread(fd, (char *)to + at, size - at, (off_t)at);

		if (got < 0 && errno != EINTR)
			errx(1, "cannot read %s: %s", path, strerror(errno));
		if (got == 0)
			errx(1, "%s became shorter while it was read; start again", path);
		at += got > 0 ? (uint64_t)got : 0;
	}
}

char *file_load(const char *what, const char *path, const char *hint, uint64_t *size)
{
	int fd = file_open(what, path, O_RDONLY, hint, size);
	char *bytes = malloc(*size);

	if (!bytes)
		errx(1, "L1 has no memory for the %s %s", what, path);
	file_read(fd, path, bytes, *size);
	close(fd);
	return bytes;
}

const char *file_own(const char *folder, const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s/%s", access(OWN_ROOT, F_OK) == 0 ? OWN_ROOT : "", folder, name);
	return path;
}
