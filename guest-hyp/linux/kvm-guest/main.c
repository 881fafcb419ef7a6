/*
 * How does Linux as L1 boot a Linux as L2?  KVM gives a VM, vCPUs, a GIC and memory; a kernel, an initramfs and a device
 * tree go into the memory; the vCPUs run, and what they want of a device they get from here.  docs/kvm-guest.md says
 * how to use it.  In order: memory.c, image.c, initramfs.c, tree.c, vcpu.c, bus.c and the devices behind it, terminal.c.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/file.h"
#include "guest-hyp/linux/kvm-guest/initramfs.h"
#include "guest-hyp/linux/kvm-guest/marks.h"
#include "guest-hyp/linux/kvm-guest/options.h"
#include "guest-hyp/linux/kvm-guest/output.h"
#include "guest-hyp/linux/kvm-guest/say.h"
#include "guest-hyp/linux/kvm-guest/terminal.h"
#include "guest-hyp/linux/kvm-guest/tree.h"

#define OWN_KERNEL "/lib/kvm-guest/Image"
#define OWN_BOOTARGS "console=hvc0 earlycon quiet panic=-1"

struct machine {
	struct kvm kvm;
	struct memory memory;
	struct bus bus;
	struct vcpu vcpu[CPUS_MAX];
	int ended;
};

static struct initramfs read_initramfs(const char *path)
{
	struct initramfs read;
	uint64_t size;
	int fd = file_open("initramfs", path, O_RDONLY, "name another one with --initrd", &size);

	read.size = size;
	read.bytes = malloc(size);
	if (!read.bytes)
		fail("L1 has no memory for the initramfs %s", path);
	file_read(fd, path, read.bytes, size);
	close(fd);
	return read;
}

static char *bootargs_of(const struct options *options)
{
	const char *own = options->initrd ? "" : OWN_BOOTARGS,
		   *added = options->append ? options->append : "";
	char *text;

	if (asprintf(&text, "%s%s%s", own, *own && *added ? " " : "", added) < 0)
		fail("no memory for the command line");
	return text;
}

static struct layout load(struct machine *machine, const struct options *options)
{
	struct initramfs initramfs =
		options->initrd ? read_initramfs(options->initrd) :
				  initramfs_make(options->exec, options->archive, options->devices.net,
						 options->append && strstr(options->append, "root="));
	char *own = file_own(OWN_KERNEL);
	struct layout layout = image_load(
		&machine->memory, options->kernel ? options->kernel : own,
		options->kernel ?
			"name another one with --kernel" :
			"firn run puts it there for an L1 with 512 MiB or more and firn's initramfs; "
			"or name one with --kernel",
		initramfs.size);
	char *bootargs = bootargs_of(options);

	memcpy(memory_at(&machine->memory, layout.initrd, initramfs.size, 1), initramfs.bytes,
	       initramfs.size);
	free(initramfs.bytes);
	tree_make(&machine->memory, &layout, &machine->kvm, machine->bus.virtio_count, bootargs);
	free(bootargs);
	free(own);
	vcpu_set_entry(&machine->vcpu[0], layout.entry, layout.dtb);
	if (options->marks)
		marks_begin(&machine->memory, &layout, &machine->vcpu[0]);
	return layout;
}

static struct layout make(struct machine *machine, const struct options *options)
{
	struct kvm *kvm = &machine->kvm;

	*kvm = kvm_open(options->cpus, options->el2, options->without);
	machine->memory = memory_make(kvm->vm, options->memory);
	bus_make(&machine->bus, kvm, &machine->memory, &options->devices);
	machine->ended = eventfd(0, EFD_CLOEXEC);
	for (unsigned n = 0; n < kvm->cpus; n++)
		vcpu_make(&machine->vcpu[n], kvm, &machine->bus, n, machine->ended);
	kvm_make_gic(kvm);
	for (unsigned n = 0; n < kvm->cpus; n++)
		vcpu_finish(&machine->vcpu[n]);
	return load(machine, options);
}

/* The status of the command, or what became of L2 without one. */
static int status_of(enum l2_end end, int signal, bool exec)
{
	static const char *const how[] = {
		[L2_RUNS] = "was ended",
		[L2_OFF] = "switched itself off",
		[L2_RESET] = "asked for a reset (a panic or a reboot)",
		[L2_CRASHED] = "crashed",
	};
	int status = exec ? output_status() : -1;

	if (end == L2_RUNS)
		return signal ? 128 + signal : 0;
	if (status >= 0 || (!exec && end == L2_OFF))
		return status >= 0 ? status : 0;
	if (exec)
		output_explain();
	say("L2 %s%s", how[end], exec ? " before the command ended" : "");
	return STATUS_FAILED;
}

int main(int argc, char **argv)
{
	static struct machine machine;
	struct options options = options_parse(argc, argv);
	struct layout layout;
	enum l2_end end;
	int signal;

	output_set(options.exec, options.verbose);
	layout = make(&machine, &options);
	terminal_prepare();
	for (unsigned n = 0; n < machine.kvm.cpus; n++)
		vcpu_start(&machine.vcpu[n]);
	end = terminal_run(&machine.bus, machine.ended, !options.exec, &signal);
	if (options.marks && end == L2_OFF)
		marks_end(&machine.memory, &layout, &machine.vcpu[0]);
	exit(status_of(end, signal, options.exec));
}
