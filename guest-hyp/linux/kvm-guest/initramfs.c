/*
 * What does L2's Linux find when it is up?  An archive that is made when it is needed, out of files that L1 has anyway:
 * so L1's own initramfs has each of them once.  Format: Linux's early-userspace/buffer-format.rst.
 */
#include <dirent.h>
#include <err.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/file.h"
#include "guest-hyp/linux/kvm-guest/load.h"

#define DIRECTORY 0040755u
#define PROGRAM 0100755u
#define PLAIN_FILE 0100600u
#define LINK 0120777u

static FILE *out;

static void pad(void)
{
	while (ftell(out) % 4)
		fputc(0, out);
}

/* One member of a "newc" archive. */
static void add(unsigned mode, const char *name, const void *contents, size_t length)
{
	static unsigned inode;

	fprintf(out, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", ++inode, mode, 0u, 0u,
		mode == DIRECTORY ? 2u : 1u, 0u, length, 0u, 0u, 0u, 0u, strlen(name) + 1, 0u);
	fwrite(name, 1, strlen(name) + 1, out);
	pad();
	fwrite(contents, 1, length, out);
	pad();
}

static void add_file(const char *name, const char *path)
{
	uint64_t size;
	char *contents =
		file_load("part of L2's initramfs", path,
			  "it comes with firn's own initramfs; or give another one with --initrd", &size);

	add(PROGRAM, name, contents, size);
	free(contents);
}

static void add_module(const char *folder, const char *file)
{
	char name[PATH_MAX];

	snprintf(name, sizeof(name), "modules/%s", file);
	add_file(name, file_own(folder, file));
}

/* A kernel with everything built in needs none. */
static void add_modules(const char *folder)
{
	DIR *directory = opendir(file_own(folder, ""));
	const struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			add_module(folder, entry->d_name);
	if (directory)
		closedir(directory);
}

/* What an ext4 takes, where L1 has it for its own devices, and how L2 comes to run in there. */
static void add_root(void)
{
	static const char *const modules[] = { "crc16.ko",   "crc32c_generic.ko", "libcrc32c.ko",
					       "mbcache.ko", "jbd2.ko",		  "ext4.ko" };

	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (access(file_own("/lib/devices", modules[i]), R_OK) == 0)
			add_module("/lib/devices", modules[i]);
	add_file("firn/root", file_own("/lib/kvm-guest", "root"));
}

static void add_own(const struct options *options)
{
	static const char *const folders[] = { "bin", "dev", "proc", "sys", "tmp", "modules", "firn" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		add(DIRECTORY, folders[i], "", 0);
	/* What the kernel opens for init before there is a hvc0; its own node, of another type, gives way. devtmpfs hides it. */
	add(PLAIN_FILE, "dev/console", "", 0);
	add_file("init", file_own("/lib/kvm-guest", "init"));
	add_file("bin/busybox", file_own("/bin", "busybox"));
	add(LINK, "bin/sh", "busybox", 7);
	add_modules("/lib/kvm-guest/modules");
	if (options->net)
		add_modules("/lib/kvm-guest/net");
	if (strstr(options->append, "root="))
		add_root();
	if (options->exec)
		add(PROGRAM, "firn/exec", options->exec, strlen(options->exec));
	add(0, "TRAILER!!!", "", 0);
}

/* Behind ours: the kernel unpacks one archive after the other. */
static void append_archive(const char *path)
{
	uint64_t size;
	char *contents = file_load("archive", path, "name another one with --archive", &size);

	fwrite(contents, 1, size, out);
	free(contents);
}

char *initramfs_make(const struct options *options, uint64_t *size)
{
	char *bytes;

	if (options->initrd)
		return file_load("initramfs", options->initrd, "name another one with --initrd", size);
	out = open_memstream(&bytes, size);
	if (out) {
		add_own(options);
		if (options->archive)
			append_archive(options->archive);
	}
	if (!out || fclose(out) != 0)
		errx(1, "no memory for L2's initramfs");
	return bytes;
}
