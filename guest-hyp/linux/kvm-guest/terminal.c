/*
 * How do L1's terminal and L2's console come together?  What is typed goes to L2 as far as that has room, and a new size
 * of the window is told to it; signals end L2.  Whatever ends it, the terminal is as it was before.
 */
#include "guest-hyp/linux/kvm-guest/terminal.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/bus.h"
#include "guest-hyp/linux/kvm-guest/device.h"

#define END_OF_INPUT 0x04 /* Ctrl-D: for one reader in L2, and so again and again */
#define AGAIN_MS 1000
#define ESCAPE 0x1d /* Ctrl-]; firn itself has Ctrl-A */

static struct termios before, raw;
static bool is_raw;
static volatile sig_atomic_t resized = true; /* and L2 does not know it */
static int wake_fd;

struct typed {
	char bytes[4096];
	size_t length;
	bool escaped; /* the last key was the escape */
	bool at_end, quit;
	bool no_more; /* stdin was a file or a pipe, and has ended: whoever reads in L2 is to find its end */
};

/* --- The terminal's modes, and signals --- */

/* In the background it is another program's. */
static void set_modes(const struct termios *modes)
{
	pid_t owner = tcgetpgrp(STDIN_FILENO);

	if (is_raw && (owner < 0 || owner == getpgrp()))
		tcsetattr(STDIN_FILENO, TCSANOW, modes);
}

static void restore(void)
{
	set_modes(&before);
}

/* In whatever thread, as each of them may wait for who reads what L2 says.  A signal that ends or stops this program does so, but
 * finds the terminal as it was. */
static void take_signal(int number)
{
	switch (number) {
	case SIGWINCH:
		resized = true;
		eventfd_write(wake_fd, 1);
		break;
	case SIGCONT:
		signal(SIGTSTP, take_signal);
		set_modes(&raw);
		break;
	default:
		restore();
		signal(number, SIG_DFL);
		raise(number);
	}
}

static void prepare(bool interactive)
{
	for (int n = 1; n <= SIGSYS; n++) /* without those that nothing comes of, or only in the background */
		if (n != SIGCHLD && n != SIGURG && n != SIGTTIN && n != SIGTTOU)
			signal(n, take_signal);
	if (!interactive || tcgetattr(STDIN_FILENO, &before))
		return;
	raw = before;
	cfmakeraw(&raw);
	atexit(restore);
	is_raw = true;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	fputs("kvm-guest: Ctrl-] x ends L2\r\n", stderr);
}

/* --- The loop --- */

static void tell_size(void)
{
	struct winsize size = { .ws_row = 0 };

	resized = false;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
	console_resize(size.ws_col, size.ws_row);
}

/* Without the escape sequences. */
static void take_key(struct typed *typed, char byte)
{
	bool second = typed->escaped;

	typed->escaped = !second && byte == ESCAPE;
	typed->quit |= second && (byte == 'x' || byte == 'X');
	if (!typed->escaped && (!second || byte == ESCAPE))
		typed->bytes[typed->length++] = byte;
}

/* Behind what L2 had no room for yet: the keys that end L2 may come. */
static void take_input(struct typed *typed)
{
	const char *start = typed->bytes + typed->length;
	ssize_t got = read(STDIN_FILENO, typed->bytes + typed->length, sizeof(typed->bytes) - typed->length);

	for (ssize_t i = 0; i < got; i++)
		take_key(typed, start[i]);
	typed->at_end = got <= 0;
	typed->no_more = !got && !isatty(STDIN_FILENO);
}

/* To the console that L2's kernel has come to use; later, if a device is busy, since there are keys to look at. */
static void pass_on(struct typed *typed)
{
	const struct timespec until = { .tv_sec = time(NULL) + 2 };
	size_t done;

	if (pthread_mutex_timedlock(&bus_lock, &until))
		return;
	if (resized)
		tell_size();
	done = (console_is_used() ? console_type : pl011_type)(typed->bytes, typed->length);
	pthread_mutex_unlock(&bus_lock);
	typed->length -= done;
	memmove(typed->bytes, typed->bytes + done, typed->length);
}

enum l2_end terminal_run(int wake, int ended, bool interactive)
{
	struct typed typed = { .at_end = !interactive };
	struct pollfd fds[] = { { ended, POLLIN, 0 }, { wake, POLLIN, 0 }, { -1, POLLIN, 0 } };
	eventfd_t end = L2_RUNS, ignored;
	int ready;

	wake_fd = wake;
	prepare(interactive);
	while (!typed.quit && end == L2_RUNS) {
		pass_on(&typed);
		fds[2].fd = typed.at_end || typed.length == sizeof(typed.bytes) ? -1 : STDIN_FILENO;
		ready = poll(fds, 3, typed.no_more || typed.length || resized ? AGAIN_MS : -1);
		if (ready < 0)
			continue;
		if (!ready && typed.no_more && !typed.length)
			typed.bytes[typed.length++] = END_OF_INPUT;
		if (fds[0].revents)
			eventfd_read(ended, &end);
		if (fds[1].revents)
			eventfd_read(wake, &ignored);
		if (fds[2].revents && fds[2].fd >= 0)
			take_input(&typed);
	}
	restore(); /* no keys are looked at from here on */
	return (enum l2_end)end;
}
