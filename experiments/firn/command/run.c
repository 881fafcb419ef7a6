/*
 * firn run: which machine does the user want to sit at?
 */
#include <stdlib.h>
#include <unistd.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/machine/console.h"
#include "experiments/firn/machine/devices.h"
#include "experiments/firn/machine/machine.h"
#include "experiments/firn/machine/modules.h"
#include "experiments/firn/machine/sharing.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/paths.h"

/* The command line; NULL where an option is missing. */
struct words_given {
	const char *guest, *mode, *cpu, *mem, *exec, *append, *kernel, *initrd, *resets, *gdb, *root;
	struct sharing_given sharing;
};

/* Of somebody who looks on, L1 may be reset; but not again and again. */
#define RESETS_INTERACTIVE 3
#define RESETS_EXEC 1
#define MAX_RESETS 8 /* as docs/device-tree.md has it */

/* A small guest needs a workload; --append may ask for another one. */
#define SMALL_BOOTARGS "workload=hypercall n=1000,2000"
#define LESSON_BOOTARGS "workload=enter n=2,4"

/* Option words to machine; STATUS_USAGE after one line on stderr if one is wrong. */
static int understand(const struct words_given *given, struct machine_config *config)
{
	const struct choice *mode, *cpu;
	uint64_t gdb = 0, resets = given->exec ? RESETS_EXEC : RESETS_INTERACTIVE;

	config->guest = guest_find(given->guest ? given->guest : "linux");
	if (!config->guest)
		return STATUS_USAGE;
	mode = mode_find(given->mode ? given->mode : "nv2");
	cpu = mode ? cpu_find(given->cpu ? given->cpu : "max") : NULL;
	if (!cpu || !sharing_understand(&given->sharing, config) ||
	    !option_size("--mem", given->mem ? given->mem : "1G", &config->memory))
		return STATUS_USAGE;
	if (!sharing_has_shell(config, given->exec, given->kernel, given->initrd))
		return STATUS_USAGE;
	if (given->resets && !option_number("--resets", given->resets, 0, MAX_RESETS, &resets))
		return STATUS_USAGE;
	if (given->gdb && !option_number("--gdb", given->gdb, 1, 65535, &gdb))
		return STATUS_USAGE;
	config->resets = (unsigned)resets;
	config->gdb = (unsigned)gdb;
	config->mode = mode->name;
	config->cpu = cpu->name;
	config->exec = given->exec;
	config->l2 = true;
	config->kernel = given->kernel;
	config->initrd = given->initrd;
	config->bootargs = given->append;
	if (config->guest->kind != GUEST_LINUX && !given->append)
		config->bootargs = config->guest->kind == GUEST_SMALL ? SMALL_BOOTARGS : LESSON_BOOTARGS;
	return 0;
}

/* The guest's own image, which is only read, or one of the user's. STATUS_FAILED after one line on stderr. */
static int find_root(const struct words_given *given, struct machine_config *config, char **cached)
{
	if (given->root && (config->guest->kind != GUEST_LINUX || given->initrd))
		return complain(STATUS_USAGE,
				"--root is for a Linux guest with firn's own initramfs; give --disk");
	*cached = config->guest->root ? path_cached(config->guest->root) : NULL;
	if (*cached && !given->root && access(*cached, R_OK) != 0)
		return complain(
			STATUS_FAILED,
			"there is no root file system for guest %s at %s; run 'make debian' to make it",
			config->guest->name, *cached);
	config->devices.root = given->root ? given->root : *cached;
	config->devices.root_written = given->root != NULL;
	return 0;
}

/* The exit status. */
static int run(struct machine_config *config)
{
	struct machine machine;
	int status;

	config->terminal = !config->exec && isatty(0);
	if (!machine_start(&machine, config))
		return STATUS_FAILED;
	status = config->exec ? console_exec(&machine, config->verbose, NULL) : console_interactive(&machine);
	machine_stop(&machine);
	return status;
}

int command_run(int argc, char **argv)
{
	struct words_given given = { .guest = NULL };
	struct machine_config config = { .guest = NULL };
	const struct option_spec specs[] = {
		OPTION("--guest", &given.guest),
		OPTION("--mode", &given.mode),
		SHARING_OPTIONS(given.sharing),
		OPTION("--cpu", &given.cpu),
		OPTION("--mem", &given.mem),
		OPTION("--resets", &given.resets),
		OPTION_WORDS("--add", &config.add),
		OPTION("--gdb", &given.gdb),
		OPTION_SWITCH("--with-qemu", &config.with_qemu),
		OPTION("--root", &given.root),
		DEVICES_OPTIONS(config.devices),
		OPTION_WORDS("--module", &config.modules),
		OPTION("--exec", &given.exec),
		OPTION_TEXT("--append", &given.append),
		OPTION("--kernel", &given.kernel),
		OPTION_TEXT("--initrd", &given.initrd),
		OPTION_SWITCH("--verbose", &config.verbose),
	};
	int status = STATUS_USAGE;
	char *cached = NULL;

	if (options_parse("run", argc, argv, specs, sizeof(specs) / sizeof(specs[0])))
		status = understand(&given, &config);
	if (!status)
		status = find_root(&given, &config, &cached);
	if (!status &&
	    (!devices_check(&config.devices, config.vms ? config.vms : 1) || !modules_check(&config.modules)))
		status = STATUS_USAGE;
	if (!status)
		status = run(&config);
	free(cached);
	free(config.add.word);
	free(config.modules.word);
	devices_given_free(&config.devices);
	return status;
}
