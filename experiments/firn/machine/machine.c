/*
 * How does a machine with L0 and a guest hypervisor come to run?  Files are opened and checked, QEMU describes its
 * own hardware, VMs are added to that description, and QEMU starts with all of it.  Next: console.c.
 */
#define _GNU_SOURCE
#include "experiments/firn/machine/machine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "experiments/firn/machine/image.h"
#include "experiments/firn/machine/machine_tree.h"
#include "experiments/firn/machine/modules.h"
#include "experiments/firn/machine/peer.h"
#include "experiments/firn/machine/qemu.h"
#include "experiments/firn/machine/ramdisk.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/paths.h"

#define MIB (UINT64_C(1) << 20)
#define BLOCK (2 * MIB)
#define ROUND_UP(n, to) (((n) + (to)-1) / (to) * (to))

#define UNPACKING (64 * MIB)   /* what Linux needs besides when it has unpacked its initramfs */
#define L0_MEMORY (512 * MIB)  /* RAM beyond L1's: L0 itself, its tables, and the modules */
#define DTB_SPACE (4 * MIB)    /* QEMU puts the device tree within this much of ... */
#define DTB_OFFSET (128 * MIB) /* ... this offset, or half of the RAM if that is less (hw/arm/boot.c) */
#define DUMP_TIMEOUT_MS 120000

/* 0 in the configuration means what a user gets who says nothing: one. */
static unsigned vms(const struct machine_config *config)
{
	return config->vms ? config->vms : 1;
}

/* L0 gives each VM one piece, aligned to the largest block in it: of several, one may not fit beside the modules. */
static uint64_t memory_of_vms(const struct machine_config *config)
{
	return config->memory * (vms(config) > 1 ? vms(config) + 1 : 1);
}

/* Open from the check on, and handed to QEMU as descriptors: what was checked is what is loaded. */
struct files {
	struct image l0, kernel, ramdisk; /* ramdisk.bytes 0: there is none */
	struct image plugin;
	struct modules modules;
	struct devices devices;
};

static void close_files(struct files *files)
{
	image_close(&files->l0);
	image_close(&files->kernel);
	image_close(&files->ramdisk);
	image_close(&files->plugin);
	modules_close(&files->modules);
	devices_close(&files->devices);
}

/*
 * The user's own, or the guest's: a Linux from the cache, a program of ours from the build folder. False after one
 * line on stderr, which says how to get it.
 */
static bool open_kernel(struct image *image, const struct machine_config *config)
{
	bool is_linux = config->guest->kind == GUEST_LINUX;
	char *path = is_linux ? path_cached(config->guest->kernel) : path_built(config->guest->kernel);
	bool good = image_open(image, "kernel", config->kernel ? config->kernel : path,
			       config->kernel ? "" :
			       is_linux	      ? "run 'make setup' to fetch it" :
						"run 'make' to build it");

	free(path);
	return good;
}

/* False after one line on stderr; close_files closes those that are open either way. */
static bool open_files(struct files *files, const struct machine_config *config)
{
	char *l0 = path_built("firn.img"), *plugin = path_built("outside.so");
	bool good = devices_open(&files->devices, &config->devices, vms(config)) &&
		    image_open(&files->l0, "L0 image", l0, "run 'make' to build it") &&
		    (!config->outside_fd ||
		     image_open_plain(&files->plugin, "plugin", plugin, "run 'make' to build it")) &&
		    open_kernel(&files->kernel, config) &&
		    ramdisk_open(&files->ramdisk, &files->kernel, config) &&
		    modules_open(&files->modules, &config->modules);

	free(l0);
	free(plugin);
	return good;
}

/* A kernel or an initramfs that is not the guest's own: what boots then is nobody's business but the user's. */
static bool is_foreign(const struct machine_config *config)
{
	return config->kernel || config->initrd;
}

/* What a guest of firn's own is known to need, which is more than what L0 puts there. */
static bool is_enough_for_guest(const struct machine_config *config)
{
	if (is_foreign(config) || config->memory >= config->guest->min_memory)
		return true;
	return !complain(STATUS_FAILED,
			 "%llu MiB of memory are too little: guest %s needs %llu MiB; give more with --mem",
			 (unsigned long long)(config->memory / MIB), config->guest->name,
			 (unsigned long long)(config->guest->min_memory / MIB));
}

/* Does everything that L0 will put into L1's RAM fit there? */
static bool fits(const struct files *files, const struct machine_config *config)
{
	uint64_t needed =
		ROUND_UP(files->kernel.in_memory, BLOCK) + ROUND_UP(files->ramdisk.bytes, BLOCK) + BLOCK;
	uint64_t with_modules = needed + modules_bytes(&files->modules, BLOCK);

	if (needed <= config->guest->min_memory && !is_enough_for_guest(config))
		return false;
	if (config->memory >= needed && config->memory < with_modules)
		return !complain(STATUS_FAILED,
				 "%llu MiB of memory are too little: with what --module names L1 needs "
				 "%llu MiB; give more with --mem",
				 (unsigned long long)(config->memory / MIB),
				 (unsigned long long)(with_modules / MIB));
	if (config->memory < needed)
		return !complain(STATUS_FAILED,
				 "%llu MiB of memory are too little: the kernel and its initramfs alone "
				 "need %llu MiB; give more with --mem",
				 (unsigned long long)(config->memory / MIB),
				 (unsigned long long)(needed / MIB));
	/* Linux has the archive and what it unpacks at once, and gives the latter at most half of its memory. */
	needed += ROUND_UP(files->ramdisk.bytes, BLOCK) + UNPACKING;
	if ((config->add.count || config->with_qemu) && config->memory < needed)
		return !complain(
			STATUS_FAILED,
			"%llu MiB of memory are too little to unpack the %llu MiB of the initramfs with what "
			"was added; give %llu MiB with --mem",
			(unsigned long long)(config->memory / MIB),
			(unsigned long long)(files->ramdisk.bytes / MIB), (unsigned long long)(needed / MIB));
	return true;
}

/* The device tree of the hardware as QEMU itself describes it. */
static void *dump_tree(const struct qemu_hardware *hardware)
{
	const char *parent = getenv("TMPDIR");
	char *folder = text("%s/firn.XXXXXX", parent && *parent ? parent : "/tmp");
	char *file = NULL, *error = NULL, out[256];
	void *tree = NULL;

	if (!mkdtemp(folder)) {
		complain(STATUS_FAILED, "cannot make the folder %s: %s; TMPDIR may name another place",
			 folder, strerror(errno));
		free(folder);
		return NULL;
	}
	file = text("%s/machine.dtb", folder);
	struct words command = qemu_dump_command(hardware, file);
	if (child_capture(command.word, DUMP_TIMEOUT_MS, out, sizeof(out), &error))
		tree = machine_tree_read(file);
	else if (!child_signal())
		complain(STATUS_FAILED, "QEMU does not make the machine: %s", error);
	unlink(file);
	rmdir(folder);
	words_free(&command);
	free(error);
	free(file);
	free(folder);
	return tree;
}

/* L1's command line, in new memory. A foreign L1 has what the user says, if he says anything. */
static char *bootargs_of(const struct machine_config *config)
{
	const char *own = config->guest->bootargs, *added = config->bootargs ? config->bootargs : "";
	const char *drivers =
		devices_are_given(&config->devices) && config->guest->kind == GUEST_LINUX && !config->initrd ?
			" rdinit=/firn/devices iommu.passthrough=1" :
			"";
	char root[64] = "";
	const char *quiet =
		config->exec && !config->verbose ? " quiet" : ""; /* each character printed costs a trap */

	if (is_foreign(config) && config->bootargs)
		return text("%s", config->bootargs);
	/* The machine's clock is not L1's, and apt, for one, believes no list that is of the future. */
	if (*drivers && config->devices.root)
		snprintf(root, sizeof(root), " root=/dev/vda %s now=%lld",
			 config->devices.root_written ? "rw" : "ro", (long long)time(NULL));
	return text("%s%s%s%s%s%s", own, quiet, drivers, root, *own && *added ? " " : "", added);
}

/* Adds the VMs to the hardware's tree; *contents learns where its modules go and which file the new tree is. */
static bool describe(const struct machine_config *config, struct files *files, const void *tree,
		     struct machine *machine, struct qemu_contents *contents)
{
	uint64_t dtb = machine->ram_bytes / 2 < DTB_OFFSET ? machine->ram_bytes / 2 : DTB_OFFSET;
	uint64_t l0_end = ROUND_UP(files->l0.in_memory + BLOCK, BLOCK); /* QEMU loads it 2 MiB into the RAM */
	char *bootargs = bootargs_of(config);

	/* At the end of the RAM, so that all else is where it is without them. */
	machine->trace_bytes = config->trace_bytes;
	machine->trace_pa = machine->ram_base + machine->ram_bytes - config->trace_bytes;
	struct vm_node vm = { .count = vms(config),
			      .mode = config->mode,
			      .virtual_time = config->virtual_time,
			      .e2h = config->e2h,
			      .bootargs = bootargs,
			      .markers = config->measured,
			      .resets = config->resets,
			      .cpus = config->smp,
			      .memory = config->memory,
			      .trace = { machine->trace_pa, machine->trace_bytes },
			      .trace_events = config->trace_events,
			      .kernel.bytes = files->kernel.bytes,
			      .ramdisk.bytes = files->ramdisk.bytes,
			      .l1_module = files->modules.node,
			      .l1_modules = files->modules.count,
			      .devices = &files->devices };

	vm.kernel.pa = machine->ram_base + ROUND_UP((dtb > l0_end ? dtb : l0_end) + DTB_SPACE, BLOCK);
	vm.ramdisk.pa = ROUND_UP(vm.kernel.pa + vm.kernel.bytes, BLOCK);
	modules_place(&files->modules, vm.ramdisk.pa + vm.ramdisk.bytes, BLOCK);
	contents->kernel_pa = vm.kernel.pa;
	contents->ramdisk_pa = vm.ramdisk.pa;
	contents->dtb_fd = machine_tree_with_vm(tree, &vm);
	free(bootargs);
	return contents->dtb_fd >= 0;
}

/* --verbose: so that it can be repeated by hand, but for the descriptors. */
static void show_command(const struct words *command)
{
	fputs("firn:", stderr);
	for (size_t i = 0; i < command->count; i++)
		fprintf(stderr, " %s", command->word[i]);
	fputc('\n', stderr);
}

/* Our own guests are linked to 0 and loaded to where L1's RAM begins; a Linux is where its vmlinux says. */
static void say_gdb(const struct machine_config *config)
{
	char *l0 = path_built("target/firn.elf"), *l1 = NULL;
	size_t length = strlen(config->guest->kernel);

	fprintf(stderr, "firn: the machine waits for gdb: gdb-multiarch -ex 'target remote :%u'",
		config->gdb);
	if (access(l0, R_OK) == 0)
		fprintf(stderr, " -ex 'add-symbol-file %s'", l0);
	if (config->guest->kind != GUEST_LINUX && !config->kernel) {
		char *name = text("%.*s.elf", (int)length - 4, config->guest->kernel); /* it ends in .img */

		l1 = path_built(name);
		free(name);
	}
	if (l1 && access(l1, R_OK) == 0)
		fprintf(stderr, " -ex 'add-symbol-file %s -o 0x40000000'", l1);
	fputc('\n', stderr);
	free(l0);
	free(l1);
}

static bool start_qemu(struct machine *machine, const struct machine_config *config,
		       const struct qemu_hardware *hardware, const struct qemu_contents *contents)
{
	struct words command = qemu_run_command(hardware, contents);
	bool good;

	if (config->verbose)
		show_command(&command);
	if (config->gdb)
		say_gdb(config);
	good = child_start(&machine->child, command.word);
	if (!good)
		complain(STATUS_FAILED, "cannot run %s: %s", command.word[0], strerror(errno));
	words_free(&command);
	return good;
}

/* A memory file, which QEMU shares and this side reads when the machine has ended. */
static bool make_ram(struct machine *machine, uint64_t bytes)
{
	machine->ram_bytes = bytes;
	machine->ram_fd = memfd_create("ram", 0);
	if (machine->ram_fd >= 0 && ftruncate(machine->ram_fd, (off_t)bytes) == 0)
		return true;
	return !complain(STATUS_FAILED, "cannot make %llu MiB of memory: %s; give less with --mem",
			 (unsigned long long)(bytes / MIB), strerror(errno));
}

/* firn is not there: QEMU describes the machine itself. False after one line on stderr. */
static bool take_over(const struct machine_config *config, struct files *files, char **append)
{
	char *bootargs = bootargs_of(config);

	*append = peer_take_over(&files->kernel, &files->ramdisk, bootargs, config);
	free(bootargs);
	return *append != NULL;
}

/* L0 and its VMs, in the machine's own tree. False after one line on stderr. */
static bool prepare_firn(struct machine *machine, const struct machine_config *config, struct files *files,
			 const struct qemu_hardware *hardware, struct qemu_contents *contents)
{
	uint64_t described;
	void *tree = dump_tree(hardware);
	bool good = tree && machine_tree_ram(tree, &machine->ram_base, &described) &&
		    describe(config, files, tree, machine, contents);

	free(tree);
	return good;
}

/*
 * Sizes first, since the RAM must hold L0, the VMs, the modules and the rings; then QEMU says where that RAM is, and
 * only then can the tree be written.
 */
bool machine_start(struct machine *machine, const struct machine_config *config)
{
	struct files files = { .l0.fd = -1, .kernel.fd = -1, .ramdisk.fd = -1, .plugin.fd = -1 };
	struct qemu_hardware hardware = { .cpu = config->cpu,
					  .smp = config->cpus ? config->cpus : config->smp,
					  .devices = &files.devices };
	struct qemu_contents contents = { .dtb_fd = -1, .measured = config->measured, .gdb = config->gdb };
	bool peer = is_peer(config->mode), good;
	char *append = NULL;

	*machine = (struct machine){ .ram_fd = -1, .child = { .in = -1, .out = -1, .errors = -1 } };
	good = qemu_check() && open_files(&files, config) && fits(&files, config) &&
	       (!peer || take_over(config, &files, &append));
	hardware.ram = memory_of_vms(config) + L0_MEMORY +
		       ROUND_UP(files.kernel.bytes + files.ramdisk.bytes, BLOCK) +
		       modules_bytes(&files.modules, BLOCK) + config->trace_bytes;
	if (peer)
		hardware.ram = config->memory + (strcmp(config->mode, "kvm") == 0 ? PEER_MEMORY : 0);
	good = good && make_ram(machine, hardware.ram) &&
	       (peer || prepare_firn(machine, config, &files, &hardware, &contents));
	contents.ram_fd = machine->ram_fd;
	contents.l0_fd = files.l0.fd;
	contents.kernel_fd = files.kernel.fd;
	contents.ramdisk_fd = files.ramdisk.fd;
	contents.modules = &files.modules;
	contents.append = append;
	contents.plugin_fd = files.plugin.fd;
	contents.outside_fd = config->outside_fd;
	contents.text = config->text;
	contents.text_bytes = config->text_bytes;
	good = good && start_qemu(machine, config, &hardware, &contents);
	free(append);
	close_files(&files);
	if (contents.dtb_fd >= 0)
		close(contents.dtb_fd);
	if (!good)
		machine_stop(machine);
	return good;
}

void machine_stop(struct machine *machine)
{
	child_stop(&machine->child);
	if (machine->ram_fd >= 0)
		close(machine->ram_fd);
	machine->ram_fd = -1;
}
