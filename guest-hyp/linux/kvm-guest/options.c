/*
 * Which L2 does the user want?
 */
#include "guest-hyp/linux/kvm-guest/options.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USAGE 2 /* the exit status of a command line that is not as it should be */
#define FEATURES "sve, pauth, pmu, mops"

static struct options given = { .cpus = 1, .memory = MIB(256), .append = "" };

static void take_cpus(void *to, char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!*text || *end || n < 1 || n > CPUS_MAX)
		errx(USAGE, "--smp: '%s' is not a number from 1 to %d", text, CPUS_MAX);
	*(unsigned *)to = (unsigned)n;
}

static void take_memory(void *to, char *text)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (end == text || strchr("MG", *end) == NULL || !*end || end[1] || errno || n > 1 << 20)
		errx(USAGE, "--mem: '%s' is not a memory size; write it like 256M or 1G", text);
	n <<= *end == 'G' ? 30 : 20;
	if (n < MIB(32) || n % MIB(2))
		errx(USAGE, "--mem: '%s' is not a multiple of 2M from 32M on", text);
	*(uint64_t *)to = n;
}

static void take_el2(void *to, char *text)
{
	if (strcmp(text, "vhe") != 0 && strcmp(text, "nvhe") != 0)
		errx(USAGE, "--el2: '%s' is neither vhe nor nvhe", text);
	*(enum el2 *)to = *text == 'v' ? EL2_VHE : EL2_NVHE;
}

static void take_features(void *to, char *list)
{
	static char *const names[] = {
		[SVE] = "sve", [PAUTH] = "pauth", [PMU] = "pmu", [MOPS] = "mops", NULL
	};

	do {
		char *unknown = list; /* as it stays if the list is empty */
		int feature = getsubopt(&list, names, &unknown);

		if (unknown)
			errx(USAGE, "--without: '%s' is none of " FEATURES, unknown);
		*(unsigned *)to |= 1u << feature;
	} while (*list);
}

static void take_disk(void *to, char *text)
{
	if (given.disks == DISKS_MAX)
		errx(USAGE, "L2 has at most %d disks", DISKS_MAX);
	((const char **)to)[given.disks++] = text;
}

static void take_text(void *to, char *text)
{
	*(const char **)to = text;
}

static void take_flag(void *to, char *none)
{
	(void)none;
	*(bool *)to = true;
}

// clang-format off
static const struct {
	const char *name, *value, *help;
	void (*take)(void *to, char *value);
	void *to;
} rows[] = {
	{ "smp", "N", "vCPUs of L2, 1 to 16 (1)", take_cpus, &given.cpus },
	{ "mem", "SIZE", "its memory, like 256M or 1G (256M)", take_memory, &given.memory },
	{ "exec", "CMD", "run CMD in its shell, print what CMD prints, exit with CMD's status", take_text, &given.exec },
	{ "disk", "FILE", "a file of L1 as a disk: /dev/vda, the next one /dev/vdb, up to four", take_disk, given.disk },
	{ "net", NULL, "a network to L1, which has 10.0.3.1 there, and L2 10.0.3.2", take_flag, &given.net },
	{ "kernel", "FILE", "an uncompressed arm64 Image (the kernel that L1 itself was started with)", take_text, &given.kernel },
	{ "initrd", "FILE", "its initramfs (busybox and the modules for L2's devices)", take_text, &given.initrd },
	{ "archive", "FILE", "a cpio archive that its own initramfs gets besides", take_text, &given.archive },
	{ "append", "TEXT", "more words for its kernel's command line; with --initrd all of it", take_text, &given.append },
	{ "without", "LIST", "features that L2 does not get: of " FEATURES, take_features, &given.without },
	{ "verbose", NULL, "with --exec, show L2's console on stderr", take_flag, &given.verbose },
	{ "el2", "vhe", "L2 starts at a virtual EL2, where this L1's KVM nests; nvhe: without FEAT_VHE", take_el2, &given.el2 },
	{ "marks", NULL, "tell firn stat when L2 begins and when it has ended", take_flag, &given.marks },
	{ "help", NULL, "show this", NULL, NULL },
};
// clang-format on
#define ROWS (int)(sizeof(rows) / sizeof(rows[0]))

static void show_help(void)
{
	puts("kvm-guest [OPTION...]\n\n"
	     "Boots an L2 Linux with this L1's KVM.  Its console is this terminal; Ctrl-] x ends it.\n");
	for (int n = 0; n < ROWS; n++) {
		int width = printf("  --%s %s", rows[n].name, rows[n].value ? rows[n].value : "");

		printf("%*s%s\n", 17 - width, "", rows[n].help);
	}
	puts("\nL2 has a GICv3 with ITS, PSCI, a virtio console (hvc0), a virtio random number generator and a\n"
	     "PL011 (ttyAMA0, earlycon).  A kernel without these drivers needs 'console=ttyAMA0' or no console=.\n\n"
	     "Example: kvm-guest --smp 4 --exec 'uname -a; nproc'");
	exit(0);
}

struct options options_parse(int argc, char **argv)
{
	struct option names[ROWS + 1] = { { .name = NULL } };
	int n;

	for (n = 0; n < ROWS; n++)
		names[n] = (struct option){ rows[n].name, rows[n].value != NULL, NULL, n };
	while ((n = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (n == '?') /* getopt_long has said what is wrong */
			errx(USAGE, "'kvm-guest --help' shows the options");
		if (!rows[n].take)
			show_help();
		rows[n].take(rows[n].to, optarg);
	}
	if (optind < argc)
		errx(USAGE, "what is '%s'? 'kvm-guest --help' shows the options", argv[optind]);
	if (given.archive && given.initrd)
		errx(USAGE, "--archive is for kvm-guest's own initramfs, and --initrd names another one");
	if (given.exec && given.initrd)
		errx(USAGE, "--exec is for kvm-guest's own initramfs: the init of %s knows nothing of it",
		     given.initrd);
	return given;
}
