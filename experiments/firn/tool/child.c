/*
 * How is QEMU started, watched and never left behind?  It gets its own process group, is killed by the kernel
 * when firn dies (PR_SET_PDEATHSIG), and by child_stop() on every way out of firn: a signal only ends the
 * waits, so the ordinary code unwinds and frees what it holds.  Next: console.c.
 */
#define _GNU_SOURCE
#include "experiments/firn/tool/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"

/* What ends firn, with QEMU and without files left behind. */
static const int stop_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static volatile sig_atomic_t caught;
static volatile sig_atomic_t resized;
static volatile sig_atomic_t enough; /* child_end_waits was called */
static sigset_t outside;	     /* the signal mask that firn was started with */

/* The only thing that a signal does: whoever waits, sees it. */
static void note(int signal)
{
	caught = signal;
}

/* That there was a signal is all that a wait needs. */
static void wake(int signal)
{
	(void)signal;
}

void child_end_waits(void)
{
	enough = 1;
	kill(getpid(), SIGUSR1);
}

void child_catch_signals(void)
{
	struct sigaction action = { .sa_handler = note }, waking = { .sa_handler = wake };
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaction(SIGUSR1, &waking, NULL);
	for (size_t i = 0; i < sizeof(stop_signals) / sizeof(stop_signals[0]); i++) {
		struct sigaction old;

		sigaction(stop_signals[i], NULL, &old);
		if (old.sa_handler == SIG_IGN) /* nohup, and background jobs of scripts */
			continue;
		sigaction(stop_signals[i], &action, NULL);
		sigaddset(&blocked, stop_signals[i]);
	}
	sigprocmask(SIG_BLOCK, &blocked, &outside); /* delivered only inside ppoll, so none is missed */
}

static void note_resize(int signal)
{
	(void)signal;
	resized = 1;
}

void child_catch_resize(void)
{
	struct sigaction action = { .sa_handler = note_resize };
	sigset_t blocked;

	sigaction(SIGWINCH, &action, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGWINCH);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
}

static bool take_resize(void)
{
	bool was = resized;

	resized = 0;
	return was;
}

/* 0, or the signal that firn is to end by. What fails because of it needs no message. */
int child_signal(void)
{
	return caught;
}

/* In the new process. errno of a failed exec goes back through report. */
static void run_child(char *const argv[], pid_t parent, int in, int out, int errors, int report)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* died before the line above */
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &outside, NULL);
	if (dup2(in, 0) >= 0 && dup2(out, 1) >= 0 && dup2(errors, 2) >= 0)
		execvp(argv[0], argv);
	if (write(report, &errno, sizeof(errno)) < 0)
		_exit(126);
	_exit(127);
}

/* Closes the ends that only the child needs, and learns through the pipe, which exec closes, whether exec
 * worked. */
static bool exec_worked(const int fds[], size_t count, int report)
{
	int error;
	bool worked;

	for (size_t i = 0; i < count; i++)
		close(fds[i]);
	worked = read(report, &error, sizeof(error)) != (ssize_t)sizeof(error);
	close(report);
	if (!worked)
		errno = error;
	return worked;
}

/* False with errno where the program could not be run. Ends firn where there is no process or pipe to be had. */
bool child_start(struct child *child, char *const argv[])
{
	int in[2], out[2], report[2];
	pid_t parent = getpid();

	signal(SIGPIPE, SIG_IGN); /* who reads no longer must not end firn before QEMU and files are gone */
	*child = (struct child){ .in = -1, .out = -1, .errors = memfd_create("stderr", MFD_CLOEXEC) };
	if (child->errors < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) ||
	    pipe2(out, O_CLOEXEC) || pipe2(report, O_CLOEXEC))
		exit(complain(STATUS_FAILED, "cannot make a pipe: %s", strerror(errno)));
	child->pid = fork();
	if (child->pid < 0)
		exit(complain(STATUS_FAILED, "cannot start a process: %s", strerror(errno)));
	if (child->pid == 0)
		run_child(argv, parent, in[1], out[1], child->errors, report[1]);
	setpgid(child->pid, child->pid); /* both sides do it, so neither has to wait for the other */
	child->in = in[0];
	child->out = out[0];
	fcntl(child->in, F_SETFL, O_NONBLOCK);
	if (exec_worked((int[]){ in[1], out[1], report[1] }, 3, report[0]))
		return true;
	int error = errno;
	child_stop(child);
	errno = error;
	return false;
}

/* Signals stay blocked but for the waits, as they are here. */
static _Noreturn void run_body(int (*body)(void *context), void *context, pid_t parent, int out, int errors)
{
	int status;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || dup2(out, 1) < 0 || dup2(errors, 2) < 0)
		_exit(127);
	caught = 0;
	status = body(context);
	_exit(status);
}

void child_fork(struct child *child, int (*body)(void *context), void *context)
{
	int out[2];
	pid_t parent = getpid();

	*child = (struct child){ .in = -1, .out = -1, .errors = memfd_create("stderr", MFD_CLOEXEC) };
	if (child->errors < 0 || pipe2(out, O_CLOEXEC))
		exit(complain(STATUS_FAILED, "cannot make a pipe: %s", strerror(errno)));
	fflush(stdout);
	fflush(stderr);
	child->pid = fork();
	if (child->pid < 0)
		exit(complain(STATUS_FAILED, "cannot start a process: %s", strerror(errno)));
	if (child->pid == 0)
		run_body(body, context, parent, out[1], child->errors);
	setpgid(child->pid, child->pid);
	close(out[1]);
	child->out = out[0];
}

/* input_fd -1: nobody types. timeout_ms -1: no end. What the child wrote comes before what it is to get. */
enum child_event child_wait(const struct child *child, int input_fd, bool writable, int timeout_ms)
{
	struct pollfd fds[] = {
		{ .fd = child->out, .events = POLLIN },
		{ .fd = input_fd, .events = POLLIN },
		{ .fd = writable ? child->in : -1, .events = POLLOUT },
	};
	struct timespec timeout = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
	int ready;

	do {
		if (caught || enough)
			return CHILD_STOPPED;
		if (take_resize())
			return CHILD_RESIZED;
		ready = ppoll(fds, 3, timeout_ms < 0 ? NULL : &timeout, &outside);
	} while (ready < 0);
	if (caught || enough)
		return CHILD_STOPPED;
	if (fds[0].revents)
		return CHILD_OUTPUT;
	if (fds[1].revents)
		return CHILD_INPUT;
	return fds[2].revents ? CHILD_WRITABLE : CHILD_TIMEOUT;
}

/* Whoever stands first is looked at first, which is fair enough: each has little to say. */
enum child_event child_wait_any(const struct child children[], size_t count, int timeout_ms, size_t *which)
{
	struct pollfd *fds = grow(NULL, count + 1, sizeof(fds[0]));
	struct timespec timeout = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
	enum child_event event = CHILD_TIMEOUT;

	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){ .fd = children[i].pid ? children[i].out : -1, .events = POLLIN };
	if (!caught)
		ppoll(fds, (nfds_t)count, timeout_ms < 0 ? NULL : &timeout, &outside);
	for (size_t i = count; !caught && i-- > 0;)
		if (fds[i].fd >= 0 && fds[i].revents) {
			*which = i;
			event = CHILD_OUTPUT;
		}
	free(fds);
	return caught ? CHILD_STOPPED : event;
}

/*
 * The child has closed its output, so it is about to end by itself; a signal to firn hastens it. What waitpid gives.
 */
int child_finish(struct child *child)
{
	int status = 0;
	const struct timespec pause = { 0, 5000000 };

	while (waitpid(child->pid, &status, WNOHANG) == 0) {
		if (ppoll(NULL, 0, &pause, &outside) < 0 && caught)
			kill(-child->pid, SIGKILL);
	}
	child->pid = 0;
	return status;
}

void child_end(struct child *child)
{
	const struct timespec pause = { 0, 5000000 };

	if (child->pid <= 0)
		return;
	kill(child->pid, SIGTERM);
	for (unsigned i = 0; i < 1000; i++) {
		if (waitpid(child->pid, NULL, WNOHANG) != 0) {
			child->pid = 0;
			return;
		}
		nanosleep(&pause, NULL);
	}
}

/* Whatever state the child is in, also none. Its whole process group goes. */
void child_stop(struct child *child)
{
	if (child->pid > 0) {
		kill(-child->pid, SIGKILL);
		while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (child->in >= 0)
		close(child->in);
	if (child->out >= 0)
		close(child->out);
	if (child->errors >= 0)
		close(child->errors);
	*child = (struct child){ .in = -1, .out = -1, .errors = -1 };
}

/* New memory, with a 0 byte behind. */
char *child_errors(const struct child *child, size_t most)
{
	off_t end = lseek(child->errors, 0, SEEK_END);
	off_t from = end > (off_t)most ? end - (off_t)most : 0;
	char *out = grow(NULL, most + 1, 1);
	ssize_t size = pread(child->errors, out, most, from);

	out[size < 0 ? 0 : size] = '\0';
	return out;
}

/* New memory: of what the child wrote to stderr the last lines, without the last line's end. */
char *child_last_errors(const struct child *child, unsigned lines)
{
	char *tail = child_errors(child, 2047), *out, *start;
	size_t size = strlen(tail);

	while (size > 0 && tail[size - 1] == '\n')
		size--;
	tail[size] = '\0';
	for (start = tail + size; start > tail; start--)
		if (start[-1] == '\n' && --lines == 0)
			break;
	out = text("%s", start);
	free(tail);
	return out;
}

/*
 * True if the child ended with status 0; out has what it wrote, cut to size - 1 bytes. *error is new memory either
 * way, "" where there is nothing to say.
 */
bool child_capture(char *const argv[], int timeout_ms, char *out, size_t size, char **error)
{
	struct child child;
	size_t used = 0;
	ssize_t got = -1;
	char rest[256] = "";

	out[0] = '\0';
	if (!child_start(&child, argv)) {
		*error = text("%s", strerror(errno));
		return false;
	}
	while (child_wait(&child, -1, false, timeout_ms) == CHILD_OUTPUT) {
		bool room = used + 1 < size;

		got = read(child.out, room ? out + used : rest, room ? size - 1 - used : sizeof(rest));
		if (got <= 0)
			break;
		used += room ? (size_t)got : 0;
	}
	out[used] = '\0';
	bool done = got == 0 && child_finish(&child) == 0;
	*error = got != 0 && !caught ? text("it does not answer") : child_last_errors(&child, 1);
	child_stop(&child);
	return done;
}
