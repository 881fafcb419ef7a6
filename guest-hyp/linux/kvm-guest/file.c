/*
 * What is in a file of L1?  Everything that is read or opened by name comes through here.
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/say.h"

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
