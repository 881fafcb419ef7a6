/*
 * Which QEMU runs, and with which command line?  Files are passed as /proc/self/fd/N: what was checked is
 * what is loaded, names with commas need no quoting, and nothing is left behind.  Next: machine.c.
 */
#include "experiments/firn/machine/qemu.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"

#define OLDEST_QEMU 9 /* .0: the first with FEAT_NV2 in -cpu max */
#define VERSION_TIMEOUT_MS 60000

const char *qemu_program(void)
{
	const char *named = getenv("FIRN_QEMU");

	return named && *named ? named : "qemu-system-aarch64";
}

char *qemu_version(void)
{
	char *command[] = { text("%s", qemu_program()), text("--version"), NULL };
	char out[512], *error = NULL, *version;

	child_capture(command, VERSION_TIMEOUT_MS, out, sizeof(out), &error);
	version = strstr(out, "version ");
	version = version ? text("%.*s", (int)strcspn(version + 8, " (\n"), version + 8) : text("%s", "");
	free(command[0]);
	free(command[1]);
	free(error);
	return version;
}

/* QEMU is run for it. False after one line on stderr, but for a signal, which its sender knows of. */
bool qemu_check(void)
{
	char *command[] = { text("%s", qemu_program()), text("--version"), NULL };
	char out[512], *error = NULL;
	const char *version;
	unsigned major = 0, minor = 0;
	bool ran = child_capture(command, VERSION_TIMEOUT_MS, out, sizeof(out), &error), good = false;

	version = strstr(out, "version ");
	if (child_signal())
		good = false;
	else if (!ran)
		complain(STATUS_FAILED,
			 "cannot run %s: %s; install QEMU %d.0 or newer ('firn doctor' shows how)",
			 command[0], *error ? error : "it fails", OLDEST_QEMU);
	else if (!version || sscanf(version, "version %u.%u", &major, &minor) != 2)
		complain(STATUS_FAILED,
			 "%s does not tell its version; FIRN_QEMU has to name qemu-system-aarch64",
			 command[0]);
	else if (major < OLDEST_QEMU)
		complain(STATUS_FAILED,
			 "%s is version %u.%u; install QEMU %d.0 or newer ('firn doctor' shows how)",
			 command[0], major, minor, OLDEST_QEMU);
	else
		good = true;
	free(command[0]);
	free(command[1]);
	free(error);
	return good;
}

void words_add(struct words *words, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	words->word = grow(words->word, words->count + 2, sizeof(words->word[0]));
	words->word[words->count] = grow(NULL, (size_t)length + 1, 1);
	va_start(args, format);
	vsnprintf(words->word[words->count++], (size_t)length + 1, format, args);
	va_end(args);
	words->word[words->count] = NULL;
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->word[i]);
	free(words->word);
	*words = (struct words){ .word = NULL };
}

/* A QEMU whose SMMU has one stage alone gets the second; newer ones have both. */
static void add_devices(struct words *words, const struct devices *devices)
{
	if (devices->count) {
		words_add(words, "-global");
		words_add(words, "arm-smmuv3.stage=2");
	}
	for (size_t i = 0; i < devices->count; i++) {
		const struct device *d = &devices->device[i];

		words_add(words, "%s", d->host);
		words_add(words, "%s", d->value);
		words_add(words, "-device");
		words_add(words, "%s,addr=%#x", d->device, devices_slot(i));
	}
}

/* Everything that both command lines have in common; the machine option goes on with what `more` says. */
static struct words hardware_command(const struct qemu_hardware *hardware, const char *more)
{
	struct words words = { .word = NULL };

	words_add(&words, "%s", qemu_program());
	words_add(&words, "-nodefaults");
	words_add(&words, "-no-user-config");
	words_add(&words, "-display");
	words_add(&words, "none");
	words_add(&words, "-nic");
	words_add(&words, "none");
	words_add(&words, "-machine");
	words_add(&words, "virt,virtualization=on,gic-version=3,dtb-randomness=off%s,%s",
		  hardware->devices->count ? ",iommu=smmuv3" : "", more);
	words_add(&words, "-accel");
	words_add(&words, "tcg");
	words_add(&words, "-cpu");
	words_add(&words, "%s", hardware->cpu);
	words_add(&words, "-smp");
	words_add(&words, "%u", hardware->smp);
	words_add(&words, "-m");
	words_add(&words, "%lluM", (unsigned long long)hardware->ram >> 20);
	return words;
}

/* In new memory: a comma inside a value is two to QEMU. */
static char *with_commas_doubled(const char *value)
{
	char *all = grow(NULL, 2 * strlen(value) + 1, 1), *at = all;

	for (; *value; value++) {
		*at++ = *value;
		if (*value == ',')
			*at++ = ',';
	}
	*at = '\0';
	return all;
}

/* This QEMU describes the machine in file and ends without starting it. */
struct words qemu_dump_command(const struct qemu_hardware *hardware, const char *file)
{
	char *name = with_commas_doubled(file), *more = text("dumpdtb=%s", name);
	struct words words = hardware_command(hardware, more);

	free(name);
	free(more);
	return words;
}

/* Raw: QEMU must not take a kernel for something that it knows how to unpack. */
static void add_module(struct words *words, int fd, uint64_t pa)
{
	words_add(words, "-device");
	words_add(words, "loader,file=/proc/self/fd/%d,addr=0x%llx,force-raw=on", fd, (unsigned long long)pa);
}

/* One instruction is one nanosecond, the clock starts on the same day, and what is random is the same each time. */
static void add_fixed_time(struct words *words)
{
	words_add(words, "-icount");
	words_add(words, "shift=0,sleep=off");
	words_add(words, "-rtc");
	words_add(words, "base=2026-01-01,clock=vm");
	words_add(words, "-seed");
	words_add(words, "%d", QEMU_SEED);
}

/* L0's image, the device tree that it reads, and its modules. */
static void add_firn(struct words *words, const struct qemu_contents *contents)
{
	words_add(words, "-kernel");
	words_add(words, "/proc/self/fd/%d", contents->l0_fd);
	words_add(words, "-dtb");
	words_add(words, "/proc/self/fd/%d", contents->dtb_fd);
	add_module(words, contents->kernel_fd, contents->kernel_pa);
	if (contents->ramdisk_fd >= 0)
		add_module(words, contents->ramdisk_fd, contents->ramdisk_pa);
	for (size_t i = 0; i < contents->modules->count; i++)
		add_module(words, contents->modules->image[i].fd, contents->modules->node[i].file.pa);
}

/* A kernel at EL2 in the place of it. */
static void add_peer(struct words *words, const struct qemu_contents *contents)
{
	words_add(words, "-kernel");
	words_add(words, "/proc/self/fd/%d", contents->kernel_fd);
	if (contents->ramdisk_fd >= 0) {
		words_add(words, "-initrd");
		words_add(words, "/proc/self/fd/%d", contents->ramdisk_fd);
	}
	words_add(words, "-append");
	words_add(words, "%s", contents->append);
}

static void add_plugin(struct words *words, const struct qemu_contents *contents)
{
	words_add(words, "-plugin");
	if (contents->text_bytes)
		words_add(words, "/proc/self/fd/%d,out=/proc/self/fd/%d,text=%llx+%llx", contents->plugin_fd,
			  contents->outside_fd, (unsigned long long)contents->text,
			  (unsigned long long)contents->text_bytes);
	else
		words_add(words, "/proc/self/fd/%d,out=/proc/self/fd/%d", contents->plugin_fd,
			  contents->outside_fd);
}

/*
 * Descriptors of contents stay open in QEMU. -no-reboot: a machine that resets itself ends, as one that switches
 * itself off.
 */
struct words qemu_run_command(const struct qemu_hardware *hardware, const struct qemu_contents *contents)
{
	struct words words = hardware_command(hardware, "memory-backend=ram");

	words_add(&words, "-object");
	words_add(&words, "memory-backend-file,id=ram,share=on,size=%llu,mem-path=/proc/self/fd/%d",
		  (unsigned long long)hardware->ram, contents->ram_fd);
	words_add(&words, "-no-reboot");
	if (contents->append)
		add_peer(&words, contents);
	else
		add_firn(&words, contents);
	if (contents->outside_fd)
		add_plugin(&words, contents);
	words_add(&words, "-chardev");
	words_add(&words, "stdio,id=console,signal=off");
	words_add(&words, "-serial");
	words_add(&words, "chardev:console");
	add_devices(&words, hardware->devices);
	if (contents->gdb) {
		words_add(&words, "-gdb");
		words_add(&words, "tcp:127.0.0.1:%u", contents->gdb);
		words_add(&words, "-S");
	}
	if (contents->measured)
		add_fixed_time(&words);
	return words;
}
