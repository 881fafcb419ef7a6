/*
 * firn lesson: was a line of L1 changed so that its traps are what the lesson asks for?  The program of the lessons is built and recorded
 * again, and counted as firn report --count does.  Next: count.c.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/command/count.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/paths.h"
#include "experiments/firn/trace/trace_file.h"

#define GUEST_MAKEFILE "guest-hyp/guest.mk"
#define PATIENCE_MS (15 * 60 * 1000)
#define MOST_CHECKS 3
#define MOST_OPTIONS 8
#define MOST_WORDS 32

/* names as --count takes them; each: what one operation has to have. */
struct check {
	const char *names;
	unsigned each;
};

/* The expected numbers are the architecture's, as the lesson explains: they are not measured. */
static const struct exercise {
	unsigned lesson;
	const char *workload, *mode, *task;
	struct check check[MOST_CHECKS];
	const char *options[MOST_OPTIONS];
} exercises[] = {
	{ 1,
	  "uart",
	  "nv2",
	  "uart_once asks the UART whether there is room (a read of 4 bytes, offset 0x18) before it writes",
	  { { "DABT", 3 }, { "all", 4 } },
	  { NULL } },
	{ 5,
	  "spin",
	  "nv2",
	  "spin_once lets 10 ms pass in place of 20",
	  { { "IRQ", 2 } },
	  { "--vms", "2", "--cpus", "1", "--iterations", "1,2", NULL } },
	{ 6,
	  "enter",
	  "nv",
	  "enter_once gives the guest a second table: its TTBR1_EL1, under the name that it has at EL2",
	  { { "SYSREG:TTBR1_EL12:W", 1 }, { "vEL2,SYSREG", 14 }, { "all", 16 } },
	  { NULL } },
	{ 8,
	  "enter",
	  "nv",
	  "enter_once leaves out MAIR_EL12: a guest without its MMU has no use for it",
	  { { "SYSREG:MAIR_EL12:W", 0 }, { "vEL2,SYSREG", 12 }, { "all", 14 } },
	  { NULL } },
	{ 9,
	  "enter",
	  "nv2",
	  "enter_once writes CNTKCTL_EL12 too, which has no place in the VNCR page",
	  { { "SYSREG:CNTKCTL_EL12:W", 1 }, { "all", 3 } },
	  { NULL } },
	{ 16,
	  "host",
	  "nv2",
	  "host_once enters its program twice, which returns twice",
	  { { "ERET", 4 }, { "all", 4 } },
	  { NULL } },
	{ 18,
	  "forget",
	  "nv2",
	  "forget_once takes away the translations of stage 1 only",
	  { { "TLBI:VMALLS12E1", 0 }, { "TLBI:VMALLE1", 1 }, { "IABT", 0 } },
	  { NULL } },
	{ 19,
	  "ident",
	  "nv2",
	  "ident_once does not set HCR_EL2.TID3",
	  { { "L1: HCR_EL2.TID3", 0 }, { "L0: HCR_EL2.TID3", 1 }, { "all", 4 } },
	  { NULL } },
	{ 20,
	  "lazy",
	  "nv2",
	  "lazy_once does not set HCR_EL2.TVM",
	  { { "L2,SYSREG", 0 }, { "all", 3 } },
	  { NULL } },
	{ 21,
	  "bit",
	  "nv2",
	  "the guest of bit_once leaves interrupts masked",
	  { { "HVC", 1 }, { "all", 3 } },
	  { NULL } },
	{ 22,
	  "clock",
	  "nv2",
	  "clock_begin gives the guest the physical timer as well as the counter",
	  { { "L1: CNTHCTL_EL2.EL1PTEN", 0 } },
	  { NULL } },
};
#define EXERCISES (sizeof(exercises) / sizeof(exercises[0]))

static int list(void)
{
	puts("lesson  workload  mode  what to change in guest-hyp/lesson");
	for (size_t i = 0; i < EXERCISES; i++)
		printf("%6u  %-8s  %-4s  %s\n", exercises[i].lesson, exercises[i].workload, exercises[i].mode,
		       exercises[i].task);
	puts("\nfirn lesson check N builds L1, records it and looks");
	return 0;
}

/* Runs a command. False after what it said last, on stderr. */
static bool done(char *const argv[], const char *what)
{
	char out[4096], *error = NULL;
	bool good = child_capture(argv, PATIENCE_MS, out, sizeof(out), &error);

	if (!good)
		complain(STATUS_FAILED, "%s: %s", what, error && *error ? error : "it failed");
	free(error);
	return good;
}

/* The program of the lessons, of the sources in this folder, for this firn. */
static bool build(void)
{
	char *image = path_built("guest/lesson.img"), *folder, *variable;
	char *argv[] = { "make", "-s", "-f", GUEST_MAKEFILE, NULL, image, NULL };
	bool good;

	folder = text("%.*s", (int)(strlen(image) - strlen("/guest/lesson.img")), image);
	variable = argv[4] = text("BUILD=%s", folder);
	good = access(GUEST_MAKEFILE, R_OK) == 0 ||
	       !complain(STATUS_FAILED, "no %s here: run this in the folder of firn's sources",
			 GUEST_MAKEFILE);
	good = good && done(argv, "L1 cannot be built");
	free(variable);
	free(folder);
	free(image);
	return good;
}

static bool record(const struct exercise *e, char *file)
{
	char *argv[MOST_WORDS] = { "/proc/self/exe", "record",	   "--guest",		"lesson", "--mode",
				   (char *)e->mode,  "--workload", (char *)e->workload, "-o",	  file };
	size_t words = 10;

	for (size_t i = 0; i < MOST_OPTIONS && e->options[i]; i++)
		argv[words++] = (char *)e->options[i];
	return done(argv, "L1 cannot be recorded");
}

/* One row for each check. How many are not as they should be, or -1 after one line on stderr. */
static int compare(const struct exercise *e, struct trace_file *file)
{
	int wrong = 0;
	double each;

	puts("wanted      is  per operation of");
	for (size_t i = 0; i < MOST_CHECKS && e->check[i].names; i++) {
		if (!count_each(file, e->check[i].names, &each))
			return -1;
		printf("%6u  %6g  %s\n", e->check[i].each, each, e->check[i].names);
		wrong += each != (double)e->check[i].each;
	}
	return wrong;
}

/* The exit status. The recording stays if it is one to be looked at. */
static int check(const struct exercise *e)
{
	char *name = text("%s/lesson-%u.dat", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", e->lesson);
	struct trace_file *file = NULL;
	bool recorded;
	int wrong = -1;

	printf("lesson %u: %s\n", e->lesson, e->task);
	fflush(stdout);
	recorded = build() && record(e, name);
	if (recorded && (file = trace_open(name)))
		wrong = compare(e, file);
	trace_close(file);
	if (wrong == 0)
		puts("right");
	else if (wrong > 0)
		printf("not yet; to look at it: firn view %s -o page.html\n", name);
	if (recorded && wrong <= 0)
		unlink(name);
	free(name);
	return wrong == 0 ? 0 : STATUS_FAILED;
}

int command_lesson(int argc, char **argv)
{
	char *end;
	unsigned long lesson;

	if (argc == 0)
		return list();
	if (argc != 2 || strcmp(argv[0], "check") != 0)
		return complain(STATUS_USAGE, "lesson: 'firn lesson check N', or nothing for a list");
	lesson = strtoul(argv[1], &end, 10);
	for (size_t i = 0; i < EXERCISES && *argv[1] && !*end; i++)
		if (exercises[i].lesson == lesson)
			return check(&exercises[i]);
	return complain(STATUS_USAGE,
			"lesson: no exercise that changes L1 is of lesson '%s'; 'firn lesson' lists them",
			argv[1]);
}
