/* With what was something measured?  Reads: machine/qemu.h. */
#include "experiments/firn/measure/provenance.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/machine/qemu.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/paths.h"
#include "version.h" /* FIRN_COMMIT */

#define HASH_DIGITS 64
#define HASH_TIMEOUT_MS 60000

/* Nothing is added where there is no such file. Takes path. */
static void add_hash(cJSON *object, const char *name, char *path)
{
	char *command[] = { text("sha256sum"), path, NULL };
	char out[HASH_DIGITS + 16], *error = NULL;

	if (child_capture(command, HASH_TIMEOUT_MS, out, sizeof(out), &error) &&
	    strspn(out, "0123456789abcdef") == HASH_DIGITS) {
		out[HASH_DIGITS] = '\0';
		cJSON_AddStringToObject(object, name, out);
	}
	free(error);
	free(command[0]);
	free(path);
}

/* machine/ramdisk.c: L2's kernel is L1's own, its initramfs is made of L1's. */
static void add_l2(cJSON *object, const struct guest *guest)
{
	cJSON_AddStringToObject(object, "l2_kernel", guest->kernel);
	add_hash(object, "l2_kernel_sha256", path_cached(guest->kernel));
	add_hash(object, "kvm_guest_sha256", path_built("guest/kvm-guest.cpio"));
	add_hash(object, "l2_modules_sha256", path_cached(guest->modules));
}

cJSON *provenance(const struct guest *guest, bool boots_l2)
{
	cJSON *object = cJSON_CreateObject();
	char *qemu = qemu_version();

	cJSON_AddStringToObject(object, "firn", FIRN_COMMIT);
	cJSON_AddStringToObject(object, "qemu", qemu);
	cJSON_AddNumberToObject(object, "seed", QEMU_SEED);
	add_hash(object, "l0_sha256", path_built("firn.img"));
	if (guest) {
		bool is_linux = guest->kind == GUEST_LINUX;

		cJSON_AddStringToObject(object, "kernel", guest->kernel);
		add_hash(object, "kernel_sha256",
			 is_linux ? path_cached(guest->kernel) : path_built(guest->kernel));
		if (is_linux)
			add_hash(object, "initramfs_sha256", path_built("guest/initramfs.cpio"));
		if (is_linux && boots_l2)
			add_l2(object, guest);
	}
	free(qemu);
	return object;
}
