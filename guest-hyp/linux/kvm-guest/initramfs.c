/*
 * What does L2's Linux find when it is up?  An archive that is made when it is needed, out of files that L1 has anyway:
 * so L1's own initramfs has each of them once.  Format: Linux's early-userspace/buffer-format.rst.
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/initramfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/file.h"
#include "guest-hyp/linux/kvm-guest/say.h"

#define DIRECTORY 0040755u
#define PROGRAM 0100755u
#define PLAIN_FILE 0100600u
#define LINK 0120777u
#define MODULES "/lib/kvm-guest/modules"
#define NET_MODULES "/lib/kvm-guest/net"

static void pad(FILE *out)
{
	while (ftell(out) % 4)
		fputc(0, out);
}

/* One member of a "newc" archive. */
static void member(FILE *out, unsigned mode, const char *name, const void *contents, size_t length)
{
	static unsigned inode;

	fprintf(out, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", ++inode, mode, 0u, 0u,
		mode == DIRECTORY ? 2u : 1u, 0u, length, 0u, 0u, 0u, 0u, strlen(name) + 1, 0u);
	fwrite(name, 1, strlen(name) + 1, out);
	pad(out);
	fwrite(contents, 1, length, out);
	pad(out);
}

static void add_file(FILE *out, const char *name, const char *own)
{
	uint64_t size;
	char *path = file_own(own);
	int fd = file_open("part of L2's initramfs", path, O_RDONLY,
			   "it comes with firn's own initramfs; or give another one with --initrd", &size);
	char *contents = malloc(size);

	if (!contents)
		fail("no memory for %s", path);
	file_read(fd, path, contents, size);
	member(out, PROGRAM, name, contents, size);
	free(path);
	free(contents);
	close(fd);
}

/* A kernel with everything built in needs none. */
static void add_modules(FILE *out, const char *from)
{
	char *own = file_own(from);
	DIR *folder = opendir(own);
	char name[PATH_MAX], path[PATH_MAX];
	const struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.') {
			snprintf(name, sizeof(name), "modules/%s", entry->d_name);
			snprintf(path, sizeof(path), "%s/%s", from, entry->d_name);
			add_file(out, name, path);
		}
	if (folder)
		closedir(folder);
	free(own);
}

/* What an ext4 takes, where L1 has it for its own devices, and how L2 comes to run in there. */
static void add_root(FILE *out)
{
	static const char *const modules[] = { "crc16",	  "crc32c_generic", "libcrc32c",
					       "mbcache", "jbd2",	    "ext4" };
	char name[64], path[64];

	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		char *own;

		snprintf(name, sizeof(name), "modules/%s.ko", modules[i]);
		snprintf(path, sizeof(path), "/lib/devices/%s.ko", modules[i]);
		own = file_own(path);
		if (access(own, R_OK) == 0)
			add_file(out, name, path);
		free(own);
	}
	add_file(out, "firn/root", "/lib/kvm-guest/root");
}

/* Behind ours: the kernel unpacks one archive after the other. */
static void append(FILE *out, const char *path)
{
	uint64_t size;
	int fd = file_open("archive", path, O_RDONLY, "name another one with --archive", &size);
	char *contents = malloc(size);

	if (!contents)
		fail("no memory for %s", path);
	file_read(fd, path, contents, size);
	fwrite(contents, 1, size, out);
	free(contents);
	close(fd);
}

struct initramfs initramfs_make(const char *command, const char *archive, bool net, bool root)
{
	static const char *const folders[] = { "bin", "dev", "proc", "sys", "tmp", "modules", "firn" };
	struct initramfs made = { NULL, 0 };
	FILE *out = open_memstream(&made.bytes, &made.size);

	if (!out)
		fail("no memory for L2's initramfs");
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		member(out, DIRECTORY, folders[i], "", 0);
	/* What the kernel opens for init before there is a hvc0; its own node, of another type, gives way. devtmpfs hides it. */
	member(out, PLAIN_FILE, "dev/console", "", 0);
	add_file(out, "init", "/lib/kvm-guest/init");
	add_file(out, "bin/busybox", "/bin/busybox");
	member(out, LINK, "bin/sh", "busybox", 7);
	add_modules(out, MODULES);
	if (net)
		add_modules(out, NET_MODULES);
	if (root)
		add_root(out);
	if (command)
		member(out, PROGRAM, "firn/exec", command, strlen(command));
	member(out, 0, "TRAILER!!!", "", 0);
	if (archive)
		append(out, archive);
	if (fclose(out) != 0)
		fail("no memory for L2's initramfs");
	return made;
}
