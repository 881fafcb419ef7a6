/*
 * What runs on a machine that has no firn?  The guest's kernel itself; or a Linux whose KVM makes a VM with a virtual EL2 for it, by
 * our own kvm-guest (guest-hyp/linux/kvm-guest).  Next: machine.c.
 */
#include "experiments/firn/machine/peer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/machine/cpio.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/paths.h"

#define KVM_KERNEL "arm64/vmlinuz-7.3"
#define KVM_BOOTARGS "console=ttyAMA0 panic=-1 nokaslr quiet kvm-arm.mode=nested"

/* What the init of its initramfs runs. */
static char *command_of(const struct image *ramdisk, const char *bootargs,
			const struct machine_config *config)
{
	return text("kvm-guest --el2 %s --mem %lluM --smp %u --kernel /l1/Image%s --append '%s'\n",
		    strstr(config->guest->name, "nvhe") ? "nvhe" : "vhe",
		    (unsigned long long)config->memory >> 20, config->smp,
		    ramdisk->bytes ? " --initrd /l1/initrd" : "", bootargs);
}

/* Into an archive: kvm-guest, and all of L1 as files for it. False with errno set. */
static bool put_l1(FILE *out, const struct image *kernel, const struct image *ramdisk, int kvm_guest)
{
	if (!cpio_archive(out, kvm_guest))
		return false;
	cpio_folder(out, "l1");
	if (!cpio_file(out, "l1/Image", false, kernel->fd, kernel->bytes) ||
	    (ramdisk->bytes && !cpio_file(out, "l1/initrd", false, ramdisk->fd, ramdisk->bytes)))
		return false;
	cpio_close(out);
	return true;
}

/* Our initramfs, with L1 in it. False after one line on stderr. */
static bool open_l0_ramdisk(struct image *made, const struct image *kernel, const struct image *ramdisk,
			    const char *command)
{
	char *base_path = path_built("guest/initramfs.cpio"),
	     *guest_path = path_built("guest/kvm-guest.cpio");
	struct image base = { .fd = -1 }, guest = { .fd = -1 };
	bool good = image_open_plain(&base, "initramfs", base_path, "run 'make' to build it") &&
		    image_open_plain(&guest, "archive", guest_path, "run 'make' to build it");
	FILE *out = good ? cpio_begin(base.fd) : NULL;

	if (out && put_l1(out, kernel, ramdisk, guest.fd)) {
		cpio_tell(out, "firn/exec", command);
		made->fd = cpio_end(out);
		made->bytes = made->in_memory = (uint64_t)lseek(made->fd, 0, SEEK_END);
	} else if (out) {
		fclose(out);
	}
	if (good && made->fd < 0)
		good = !complain(STATUS_FAILED, "cannot put L1 into an initramfs: %s", strerror(errno));
	image_close(&base);
	image_close(&guest);
	free(base_path);
	free(guest_path);
	return good;
}

static void replace(struct image *old, struct image *with)
{
	image_close(old);
	*old = *with;
}

/* False after one line on stderr. */
static bool take_kvm(struct image *kernel, struct image *ramdisk, const char *command)
{
	char *path = path_cached(KVM_KERNEL);
	struct image l0 = { .fd = -1 }, made = { .fd = -1 };
	bool good = image_open(&l0, "kernel", path, "run 'make setup' to fetch it") &&
		    open_l0_ramdisk(&made, kernel, ramdisk, command);

	if (good) {
		replace(kernel, &l0);
		replace(ramdisk, &made);
	} else {
		image_close(&l0);
	}
	free(path);
	return good;
}

char *peer_take_over(struct image *kernel, struct image *ramdisk, const char *bootargs,
		     const struct machine_config *config)
{
	char *command;
	bool good;

	if (strcmp(config->mode, "bare") == 0)
		return text("%s", bootargs);
	command = command_of(ramdisk, bootargs, config);
	good = take_kvm(kernel, ramdisk, command);
	free(command);
	return good ? text("%s", KVM_BOOTARGS) : NULL;
}
