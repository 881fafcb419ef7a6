/*
 * How does Linux as L1 boot a Linux as L2?  KVM gives a VM, vCPUs, a GIC and memory; a kernel, an initramfs and a device
 * tree go into the memory; the vCPUs run, and what they want of a device they get from here.  docs/kvm-guest.md says
 * how to use it.  There is one L2 in this program, so what there is one of is static in its file.  In order: kvm.c, bus.c
 * and the devices behind it, vcpu.c, initramfs.c, image.c, tree.c, terminal.c.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "guest-hyp/linux/kvm-guest/bus.h"
#include "guest-hyp/linux/kvm-guest/kvm.h"
#include "guest-hyp/linux/kvm-guest/load.h"
#include "guest-hyp/linux/kvm-guest/output.h"
#include "guest-hyp/linux/kvm-guest/terminal.h"

static struct layout load(const struct options *options)
{
	uint64_t size;
	char *initramfs = initramfs_make(options, &size);
	struct layout layout = image_load(options, size);

	memcpy(kvm_ram(layout.initrd, size, 1), initramfs, size);
	free(initramfs);
	tree_make(options, &layout);
	vcpu_set_entry(&layout, options->marks);
	return layout;
}

/* The status of the command, or what became of L2 without one. */
static int status_of(enum l2_end end, bool exec)
{
	static const char *const how[] = {
		[L2_OFF] = "switched itself off",
		[L2_RESET] = "asked for a reset (a panic or a reboot)",
		[L2_CRASHED] = "crashed",
	};
	int status;

	if (end == L2_RUNS)
		return 0;
	pthread_mutex_lock(&bus_lock); /* what L2 said is written, and now it says no more */
	status = exec ? output_status() : end == L2_OFF ? 0 : -1;
	if (status >= 0)
		return status;
	if (exec)
		output_explain();
	warnx("L2 %s%s", how[end], exec ? " before the command ended" : "");
	return 1;
}

int main(int argc, char **argv)
{
	struct options options = options_parse(argc, argv);
	struct layout layout;
	enum l2_end end;
	int wake;

	output_set(options.exec, options.verbose);
	kvm_make(&options);
	wake = bus_make(&options);
	vcpu_make_all(&options);
	layout = load(&options);
	end = terminal_run(wake, vcpu_start_all(options.cpus), !options.exec);
	if (options.marks && end == L2_OFF)
		vcpu_mark_end(&layout);
	exit(status_of(end, options.exec));
}
