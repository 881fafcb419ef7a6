/*
 * What is in a file of L1?  Everything that is read or opened by name comes through here.
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/say.h"

#define OWN_ROOT "/run/firn"

int file_open(const char *what, const char *path, int flags, const char *hint, uint64_t *size)
{
	int fd = open(path, flags | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		fail("cannot open the %s %s: %s; %s", what, path, strerror(errno), hint);
	if (fstat(fd, &status) || !S_ISREG(status.st_mode))
		fail("the %s %s is not a file; name a file", what, path);
	if (!status.st_size)
		fail("the %s %s is empty; name another one", what, path);
	*size = (uint64_t)status.st_size;
	return fd;
}

int file_open_disk(const char *path, bool read_only, uint64_t *size)
{
	int fd = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		fail("cannot open the disk %s: %s; %s", path, strerror(errno),
		     errno == ENOENT ? "make one with truncate -s 16M FILE" :
				       "a disk that is only read is FILE,ro");
	if (fstat(fd, &status) || (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode)))
		fail("the disk %s is not a file and no block device; name one", path);
	*size = (uint64_t)lseek(fd, 0, SEEK_END);
	if (!*size)
		fail("the disk %s is empty; truncate -s 16M FILE makes it larger", path);
	return fd;
}

char *file_own(const char *path)
{
	char *own;

	if (asprintf(&own, "%s%s", access(OWN_ROOT, F_OK) == 0 ? OWN_ROOT : "", path) < 0)
		fail("no memory for the name %s", path);
	return own;
}

void file_read(int fd, const char *path, void *to, uint64_t size)
{
	uint64_t at = 0;

	while (at < size) {
		ssize_t got = pread(fd, (char *)to + at, size - at, (off_t)at);

		if (got < 0 && errno != EINTR)
			fail("cannot read %s: %s", path, strerror(errno));
		if (got == 0)
			fail("%s became shorter while it was read; start again", path);
		at += got > 0 ? (uint64_t)got : 0;
	}
}
