/*
 * Which L2 does the user want?
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest-hyp/linux/kvm-guest/say.h"

static const char help[] =
	"kvm-guest [--smp N] [--mem SIZE] [--exec CMD] [--disk FILE] [--net] [--kernel FILE]\n"
	"          [--initrd FILE] [--archive FILE] [--append TEXT] [--without LIST] [--verbose]\n"
	"          [--el2 vhe|nvhe] [--marks]\n"
	"\n"
	"Boots an L2 Linux with this L1's KVM.  Its console is this terminal; Ctrl-] x ends it.\n"
	"\n"
	"  --smp N        vCPUs of L2, 1 to 16 (1)\n"
	"  --mem SIZE     its memory, like 256M or 1G (256M)\n"
	"  --exec CMD     run CMD in its shell, print what CMD prints, exit with CMD's status\n"
	"  --disk FILE    a file of L1 as a disk: /dev/vda, the next one /dev/vdb, up to four\n"
	"  --net          a network to L1, which has 10.0.3.1 there, and L2 10.0.3.2\n"
	"  --kernel FILE  an uncompressed arm64 Image (the kernel that L1 itself was started with)\n"
	"  --initrd FILE  its initramfs (busybox and the modules for L2's devices)\n"
	"  --archive FILE a cpio archive that its own initramfs gets besides\n"
	"  --append TEXT  more words for its kernel's command line; with --initrd all of it\n"
	"  --without LIST features that L2 does not get: of " VCPU_FEATURES "\n"
	"  --verbose      with --exec, show L2's console on stderr\n"
	"  --el2 vhe      L2 starts at a virtual EL2, where this L1's KVM nests; nvhe: without FEAT_VHE\n"
	"  --marks        tell firn stat when L2 begins and when it has ended\n"
	"\n"
	"L2 has a GICv3 with ITS, PSCI, a virtio console (hvc0), a virtio random number generator and a\n"
	"PL011 (ttyAMA0, earlycon).  A kernel without these drivers needs 'console=ttyAMA0' or no console=.\n"
	"\n"
	"Example: kvm-guest --smp 4 --exec 'uname -a; nproc'\n";

enum option_value {
	SMP = 1,
	MEM,
	EXEC,
	DISK,
	NET,
	KERNEL,
	INITRD,
	APPEND,
	WITHOUT,
	ARCHIVE,
	VERBOSE,
	EL2,
	MARKS,
	HELP
};

// clang-format off
static const struct option names[] = {
	{ "smp", required_argument, NULL, SMP },
	{ "mem", required_argument, NULL, MEM },
	{ "exec", required_argument, NULL, EXEC },
	{ "disk", required_argument, NULL, DISK },
	{ "net", no_argument, NULL, NET },
	{ "kernel", required_argument, NULL, KERNEL },
	{ "initrd", required_argument, NULL, INITRD },
	{ "append", required_argument, NULL, APPEND },
	{ "without", required_argument, NULL, WITHOUT },
	{ "archive", required_argument, NULL, ARCHIVE },
	{ "verbose", no_argument, NULL, VERBOSE },
	{ "el2", required_argument, NULL, EL2 },
	{ "marks", no_argument, NULL, MARKS },
	{ "help", no_argument, NULL, HELP },
	{ NULL, 0, NULL, 0 },
};
// clang-format on

static unsigned parse_cpus(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!*text || *end || n < 1 || n > CPUS_MAX)
		fail_usage("--smp: '%s' is not a number from 1 to %d", text, CPUS_MAX);
	return (unsigned)n;
}

static uint64_t parse_memory(const char *text)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (end == text || strchr("MG", *end) == NULL || !*end || end[1] || errno || n > 1 << 20)
		fail_usage("--mem: '%s' is not a memory size; write it like 256M or 1G", text);
	n <<= *end == 'G' ? 30 : 20;
	if (n < MIB(32) || n % MIB(2))
		fail_usage("--mem: '%s' is not a multiple of 2M from 32M on", text);
	return n;
}

static enum kvm_el2 parse_el2(const char *text)
{
	if (strcmp(text, "vhe") != 0 && strcmp(text, "nvhe") != 0)
		fail_usage("--el2: '%s' is neither vhe nor nvhe", text);
	return *text == 'v' ? EL2_VHE : EL2_NVHE;
}

/* Names with commas between them. */
static unsigned parse_features(const char *list)
{
	unsigned features = 0;

	while (true) {
		size_t length = strcspn(list, ",");
		unsigned found = vcpu_feature(list, length);

		if (!found)
			fail_usage("--without: '%.*s' is none of " VCPU_FEATURES, (int)length, list);
		features |= found;
		if (!list[length])
			return features;
		list += length + 1;
	}
}

static void take(struct options *options, int option, const char *value)
{
	switch (option) {
	case SMP:
		options->cpus = parse_cpus(value);
		break;
	case MEM:
		options->memory = parse_memory(value);
		break;
	case EXEC:
		options->exec = value;
		options->devices.command = true;
		break;
	case DISK:
		if (options->devices.disks == DISKS_MAX)
			fail_usage("L2 has at most %d disks", DISKS_MAX);
		options->devices.disk[options->devices.disks++] = value;
		break;
	case NET:
		options->devices.net = true;
		break;
	case KERNEL:
		options->kernel = value;
		break;
	case INITRD:
		options->initrd = value;
		break;
	case ARCHIVE:
		options->archive = value;
		break;
	case APPEND:
		options->append = value;
		break;
	case WITHOUT:
		options->without |= parse_features(value);
		break;
	case VERBOSE:
		options->verbose = true;
		break;
	case EL2:
		options->el2 = parse_el2(value);
		break;
	case MARKS:
		options->marks = true;
		break;
	case HELP:
		fputs(help, stdout);
		exit(0);
	default: /* getopt_long has said what is wrong */
		fail_usage("'kvm-guest --help' shows the options");
	}
}

struct options options_parse(int argc, char **argv)
{
	struct options options = { .cpus = 1, .memory = MIB(256) };
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1)
		take(&options, option, optarg);
	if (optind < argc)
		fail_usage("what is '%s'? 'kvm-guest --help' shows the options", argv[optind]);
	if (options.archive && options.initrd)
		fail_usage("--archive is for kvm-guest's own initramfs, and --initrd names another one");
	if (options.exec && options.initrd)
		fail_usage("--exec is for kvm-guest's own initramfs: the init of %s knows nothing of it",
			   options.initrd);
	return options;
}
