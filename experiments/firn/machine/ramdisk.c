/*
 * What is in L1's initramfs?  Ours or the user's, and behind it archives with what the machine is asked for besides.  Next:
 * add.c, and guest-hyp/linux/init, which finds it.
 */
#define _GNU_SOURCE
#include "experiments/firn/machine/ramdisk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/machine/add.h"
#include "experiments/firn/machine/cpio.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/paths.h"

#define MODULES "arm64/modules-" /* how the name of what L2 needs of a kernel begins */

#define L2_NEEDS (UINT64_C(512) << 20) /* of RAM of an L1 that boots a Linux of its own in it */

/* Only our own initramfs has a use for kvm-guest, and for a terminal. */
static bool has_l2(const struct machine_config *config)
{
	return config->l2 && config->guest->kind == GUEST_LINUX && !config->initrd &&
	       config->memory >= L2_NEEDS;
}

static bool has_terminal(const struct machine_config *config)
{
	return config->terminal && config->guest->kind == GUEST_LINUX && !config->initrd;
}

/* False after one line on stderr. */
static bool add_archive(FILE *initrd, const char *path, bool may_be_missing)
{
	struct image archive = { .fd = -1 };
	bool good;

	if (may_be_missing && access(path, R_OK) != 0)
		return true;
	if (!image_open_plain(&archive, "archive", path, "run 'make' to build it"))
		return false;
	good = cpio_archive(initrd, archive.fd) ||
	       !complain(STATUS_FAILED, "cannot read the archive %s: %s", path, strerror(errno));
	image_close(&archive);
	return good;
}

/* Our own kvm-guest, its L2's modules as far as they are here, and L1's kernel once more, as a file for it. */
static bool add_kvm_guest(FILE *initrd, const struct image *kernel, const struct machine_config *config)
{
	char *program = path_built("guest/kvm-guest.cpio"), *modules = path_cached(config->guest->modules);
	char *name = text("arm64/net-%s", config->guest->modules + strlen(MODULES)), *net = path_cached(name);
	bool good = add_archive(initrd, program, false) && add_archive(initrd, modules, true) &&
		    add_archive(initrd, net, true) &&
		    (cpio_file(initrd, "lib/kvm-guest/Image", false, kernel->fd, kernel->bytes) ||
		     !complain(STATUS_FAILED, "cannot read the kernel: %s", strerror(errno)));

	cpio_close(initrd);
	free(net);
	free(name);
	free(modules);
	free(program);
	return good;
}

static bool has_drivers(const struct machine_config *config)
{
	return devices_are_given(&config->devices) && config->guest->kind == GUEST_LINUX && !config->initrd;
}

/* Modules of the guest's kernel, and what loads them. A kernel of the user's own has its drivers built in, or gets them by --add. */
static bool add_drivers(FILE *initrd, const struct machine_config *config)
{
	const char *version = config->guest->modules + strlen(MODULES);
	char *loader = path_built("guest/devices.cpio"), *name = text("arm64/drivers-%s", version);
	char *modules = path_cached(name);
	bool good =
		config->kernel || access(modules, R_OK) == 0 ||
		!complain(
			STATUS_FAILED,
			"there are no drivers for devices of guest %s at %s; run 'make setup' to fetch them",
			config->guest->name, modules);

	good = good && add_archive(initrd, loader, false) &&
	       (config->kernel || add_archive(initrd, modules, false));
	free(modules);
	free(name);
	free(loader);
	return good;
}

static bool add_terminal(FILE *initrd)
{
	char *program = path_built("guest/terminal.cpio");
	bool good = add_archive(initrd, program, false);

	free(program);
	return good;
}

#define QEMU "arm64/root/usr/bin/qemu-system-aarch64"

static bool adds(const struct machine_config *config)
{
	return config->add.count || config->with_qemu;
}

/* What --add names, behind what another option stands for. False after one line on stderr. */
static bool add_all(FILE *initrd, const struct machine_config *config)
{
	struct option_words words = { .word = NULL };
	char *qemu = path_cached(QEMU);
	bool good = true;

	words.word = grow(NULL, config->add.count + 1, sizeof(words.word[0]));
	if (config->with_qemu) {
		words.word[words.count++] = qemu;
		good = access(qemu, R_OK) == 0 ||
		       !complain(STATUS_FAILED, "there is no QEMU for L1 at %s; run 'make setup' to fetch it",
				 qemu);
	}
	for (size_t i = 0; i < config->add.count; i++)
		words.word[words.count++] = config->add.word[i];
	good = good && add_files(initrd, &words, config->initrd && *config->initrd);
	free(words.word);
	free(qemu);
	return good;
}

/* Debian's programs and ours; for an L2 as a file that kvm-guest gives to it. False after one line on stderr. */
static bool add_applications(FILE *initrd, const struct machine_config *config)
{
	char *debian = path_cached("arm64/applications.cpio"), *own = path_built("guest/applications.cpio");
	FILE *into = config->l2 ? cpio_begin(-1) : initrd;
	bool good =
		(access(debian, R_OK) == 0 ||
		 !complain(STATUS_FAILED,
			   "there are no programs for L2 at %s; run 'make setup' to fetch them", debian)) &&
		into && add_archive(into, debian, false) && add_archive(into, own, false);
	int fd = config->l2 && into ? cpio_end(into) : -1;

	if (good && config->l2) {
		good = fd >= 0 && cpio_file(initrd, "lib/kvm-guest/applications.cpio", false, fd,
					    (uint64_t)lseek(fd, 0, SEEK_END));
		cpio_close(initrd);
	}
	if (fd >= 0)
		close(fd);
	free(debian);
	free(own);
	return good;
}

/* Everything that comes behind the initramfs. False after one line on stderr. */
static bool put_behind(FILE *initrd, const struct image *kernel, const struct machine_config *config)
{
	if (has_l2(config) && !add_kvm_guest(initrd, kernel, config))
		return false;
	if (config->applications && !add_applications(initrd, config))
		return false;
	if (has_drivers(config) && !add_drivers(initrd, config))
		return false;
	if (has_terminal(config) && !add_terminal(initrd))
		return false;
	if (adds(config) && !add_all(initrd, config))
		return false;
	if (config->exec)
		cpio_tell(initrd, "firn/exec", config->exec);
	return true;
}

/* The initramfs with all that behind it, in memory. False after one line on stderr. */
static bool extend(struct image *image, const struct image *kernel, const struct machine_config *config)
{
	FILE *initrd = cpio_begin(image->fd);
	int fd;

	if (initrd && !put_behind(initrd, kernel, config)) {
		fclose(initrd);
		return false;
	}
	fd = initrd ? cpio_end(initrd) : -1;
	if (fd < 0)
		return !complain(STATUS_FAILED, "cannot add to the initramfs: %s", strerror(errno));
	image_close(image);
	image->fd = fd;
	image->bytes = image->in_memory = (uint64_t)lseek(fd, 0, SEEK_END);
	return true;
}

/* Ours, or the user's. False after one line on stderr. */
static bool open_base(struct image *image, const struct machine_config *config)
{
	char *path = path_built("guest/initramfs.cpio");
	bool good = image_open_plain(image, "initramfs", config->initrd ? config->initrd : path,
				     config->initrd ? "" : "run 'make' to build it");

	free(path);
	return good;
}

/* With something behind it, it becomes another file, which has no name. */
bool ramdisk_open(struct image *image, const struct image *kernel, const struct machine_config *config)
{
	bool none = config->initrd ? !*config->initrd : config->guest->kind != GUEST_LINUX;

	if (!none && !open_base(image, config))
		return false;
	if (!config->exec && !config->applications && !adds(config) && !has_l2(config) &&
	    !has_terminal(config) && !has_drivers(config))
		return true;
	return extend(image, kernel, config);
}
