/*
 * How do L1's terminal and L2's console come together?  What is typed goes to L2 as far as that has room; signals end
 * L2, but a new size of the window is told to it.
 */
#include "guest-hyp/linux/kvm-guest/terminal.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/bus.h"

#define END_OF_INPUT 0x04 /* Ctrl-D: for one reader in L2, and so again and again */
#define AGAIN_MS 1000
#define ESCAPE 0x1d /* Ctrl-]; firn itself has Ctrl-A */

static sigset_t signals;
static struct termios before;

struct typed {
	char bytes[256];
	size_t length;
	bool escaped; /* the last key was the escape */
	bool at_end, quit;
	bool no_more; /* stdin was a file or a pipe, and has ended: whoever reads in L2 is to find its end */
};

void terminal_prepare(void)
{
	static const int taken[] = { SIGWINCH, SIGINT, SIGTERM, SIGHUP };

	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		sigaddset(&signals, taken[i]);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

static void restore(void)
{
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
}

/* Also when the program ends by an error. */
static void make_raw(void)
{
	struct termios raw;

	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &before))
		return;
	raw = before;
	cfmakeraw(&raw);
	atexit(restore);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	fputs("kvm-guest: Ctrl-] x ends L2\r\n", stderr);
}

static void tell_size(void)
{
	struct winsize size = { .ws_row = 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
	bus_resize(size.ws_col, size.ws_row);
}

/* Takes the escape sequences out of what was read. */
static void take_escapes(struct typed *typed)
{
	size_t left = 0;

	for (size_t i = 0; i < typed->length; i++) {
		char byte = typed->bytes[i];
		bool second = typed->escaped;

		typed->escaped = !second && byte == ESCAPE;
		typed->quit |= second && (byte == 'x' || byte == 'X');
		if (!typed->escaped && (!second || byte == ESCAPE))
			typed->bytes[left++] = byte;
	}
	typed->length = left;
}

static void take_input(struct typed *typed)
{
	ssize_t got = read(STDIN_FILENO, typed->bytes, sizeof(typed->bytes));

	typed->at_end = got <= 0;
	typed->length = got <= 0 ? 0 : (size_t)got;
	take_escapes(typed);
	typed->no_more = !got && !isatty(STDIN_FILENO);
}

static void pass_input(struct typed *typed)
{
	size_t done = bus_type(typed->bytes, typed->length);

	typed->length -= done;
	memmove(typed->bytes, typed->bytes + done, typed->length);
}

/* The signal that wants the end, or 0. */
static int take_signal(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	if (info.ssi_signo != SIGWINCH)
		return (int)info.ssi_signo;
	tell_size();
	return 0;
}

enum l2_end terminal_run(int wake, int ended, bool interactive, int *signal)
{
	struct typed typed = { .at_end = !interactive };
	struct pollfd fds[] = { { .fd = signalfd(-1, &signals, SFD_CLOEXEC), .events = POLLIN },
				{ .fd = ended, .events = POLLIN },
				{ .fd = wake, .events = POLLIN },
				{ .events = POLLIN } };
	eventfd_t end = L2_RUNS, ignored;
	int ready;

	*signal = 0;
	tell_size();
	if (interactive)
		make_raw();
	while (!typed.quit && !*signal && end == L2_RUNS) {
		fds[3].fd = typed.at_end || typed.length ? -1 : STDIN_FILENO;
		ready = poll(fds, 4, typed.no_more ? AGAIN_MS : -1);
		if (ready < 0)
			continue;
		if (!ready && !typed.length)
			typed.bytes[typed.length++] = END_OF_INPUT;
		if (fds[0].revents)
			*signal = take_signal(fds[0].fd);
		if (fds[1].revents)
			eventfd_read(ended, &end);
		if (fds[2].revents)
			eventfd_read(wake, &ignored);
		if (fds[3].revents && fds[3].fd >= 0)
			take_input(&typed);
		pass_input(&typed);
	}
	return (enum l2_end)end;
}
