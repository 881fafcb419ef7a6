/*
 * Which command did the user ask for?  Next: run.c, stat.c, list.c, doctor.c, help.c; all that boots a
 * machine goes through machine.c and console.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"

static const struct {
	const char *name;
	int (*command)(int argc, char **argv);
} commands[] = {
	{ "run", command_run },
	{ "record", command_record },
	{ "report", command_report },
	{ "view", command_view },
	{ "diff", command_diff },
	{ "whatif", command_whatif },
	{ "replay", command_replay },
	{ "stat", command_stat },
	{ "experiment", command_experiment },
	{ "lesson", command_lesson },
	{ "list", command_list },
	{ "doctor", command_doctor },
	{ "help", command_help },
	{ "--help", command_help },
	{ "-h", command_help },
	{ "version", command_version },
	{ "--version", command_version },
};

/* The exit status. --help behind a command is the help on it. */
static int dispatch(int argc, char **argv)
{
	if (argc < 2)
		return command_help(0, argv) + STATUS_USAGE;
	if (argc == 3 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0))
		return command_help(1, &argv[1]);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			return commands[i].command(argc - 2, argv + 2);
	return complain(
		STATUS_USAGE,
		"unknown command '%s'; choose one of: run, stat, experiment, record, report, view, diff, whatif, replay, lesson, list, doctor, version, help "
		"('firn help' describes them)",
		argv[1]);
}

/*
 * Whoever started firn may have closed one of the three. Its number would be that of the next file, which a child's own pipe
 * would take the place of. What is written to such a one is lost, and that is an error. False after one line on stderr.
 */
static bool have_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			return !complain(STATUS_FAILED, "cannot open /dev/null: %s", strerror(errno));
	return true;
}

/* Whoever started firn learns that this signal ended it. */
static void end_by(int number)
{
	sigset_t all;

	signal(number, SIG_DFL);
	sigfillset(&all);
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	raise(number);
}

/* The output is a pipe whose other end is closed. */
static bool nobody_reads(void)
{
	struct pollfd out = { .fd = 1 };

	return poll(&out, 1, 0) == 1 && out.revents & POLLERR;
}

int main(int argc, char **argv)
{
	int status;

	if (!have_standard_files())
		return STATUS_FAILED;
	child_catch_signals();
	status = dispatch(argc, argv);
	if (fflush(stdout) | ferror(stdout)) {
		if (nobody_reads())
			end_by(SIGPIPE); /* as of "firn report | head" */
		if (!status)
			status = complain(STATUS_FAILED, "cannot write the output");
	}
	if (child_signal()) /* everything is cleaned up: now end as the signal asked */
		end_by(child_signal());
	return status;
}
