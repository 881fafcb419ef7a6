/*
 * How does L1 learn that the window of whoever sits at it has another size?  A serial line says nothing of that. So the
 * command runs on a pseudo terminal, and this program stands between it and the line: firn tells it sizes within what is
 * typed, in telnet's words (RFC 1073), after it has asked for them, by a mode of the terminal that only firn knows. The kernel
 * does the rest, SIGWINCH too.  Usage: terminal COMMAND..., as /dev/ttyAMA0's.  Next: experiments/firn/machine/resize.c.
 */
#define _GNU_SOURCE
#include <arpa/telnet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define SIZES_ON "\033[?26217h"
#define SIZES_OFF "\033[?26217l"

/* What came over the line and is not typed yet. */
struct line {
	char typed[512];
	size_t length;
	bool command;	       /* the byte before was IAC */
	bool option;	       /* between IAC SB and IAC SE */
	unsigned char told[5]; /* of that: NAWS, width, height */
	size_t count;
};

static void resize(const struct line *line, int master)
{
	const unsigned char *t = line->told;
	struct winsize size = { .ws_col = (unsigned short)(t[1] << 8 | t[2]),
				.ws_row = (unsigned short)(t[3] << 8 | t[4]) };

	if (line->count == sizeof(line->told) && t[0] == TELOPT_NAWS)
		ioctl(master, TIOCSWINSZ, &size);
}

/* A byte that is no part of a command. */
static void put(struct line *line, unsigned char byte)
{
	if (!line->option)
		line->typed[line->length++] = (char)byte;
	else if (line->count < sizeof(line->told))
		line->told[line->count++] = byte;
}

static void obey(struct line *line, unsigned char command, int master)
{
	if (command == SE && line->option)
		resize(line, master);
	if (command == IAC) {
		put(line, IAC);
		return;
	}
	line->option = command == SB;
	line->count = 0;
}

/* False at the end of the line. */
static bool take_typed(struct line *line, int master)
{
	unsigned char bytes[sizeof(line->typed)];
	ssize_t got = read(STDIN_FILENO, bytes, sizeof(bytes));

	for (ssize_t i = 0; i < got; i++) {
		bool command = line->command;

		line->command = !command && bytes[i] == IAC;
		if (command)
			obey(line, bytes[i], master);
		else if (!line->command)
			put(line, bytes[i]);
	}
	return got > 0;
}

/* As much as there is room for: whoever reads there may not do so for long, and write meanwhile. */
static void pass_typed(struct line *line, int master)
{
	ssize_t put = write(master, line->typed, line->length);

	if (put <= 0)
		return;
	line->length -= (size_t)put;
	memmove(line->typed, line->typed + put, line->length);
}

static void show(const char *bytes, size_t size)
{
	while (size) {
		ssize_t put = write(STDOUT_FILENO, bytes, size);

		if (put <= 0)
			return;
		bytes += put;
		size -= (size_t)put;
	}
}

/* False when nobody has the pseudo terminal open any more. */
static bool pass_output(int master)
{
	char bytes[4096];
	ssize_t got = read(master, bytes, sizeof(bytes));

	if (got > 0)
		show(bytes, (size_t)got);
	return got > 0 || (got < 0 && errno == EAGAIN);
}

static void relay(int master)
{
	struct line line = { .length = 0 };
	struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = master } };
	bool open = true;

	while (open) {
		fds[0].fd = line.length ? -1 : STDIN_FILENO;
		fds[1].events = (short)(POLLIN | (line.length ? POLLOUT : 0));
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents & (POLLIN | POLLHUP))
			open = pass_output(master);
		if (fds[1].revents & POLLOUT)
			pass_typed(&line, master);
		if (fds[0].fd >= 0 && fds[0].revents)
			open &= take_typed(&line, master);
	}
}

int main(int argc, char **argv)
{
	struct termios before, raw;
	int master, status = 0;
	pid_t child;

	if (argc < 2 || tcgetattr(STDIN_FILENO, &before)) {
		fputs("usage: terminal COMMAND...; on a terminal\n", stderr);
		return 2;
	}
	child = forkpty(&master, NULL, &before, NULL);
	if (child == 0) {
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (child < 0) {
		perror("terminal: no pseudo terminal");
		return 1;
	}
	raw = before;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	fcntl(master, F_SETFL, O_NONBLOCK);
	show(SIZES_ON, strlen(SIZES_ON));
	relay(master);
	show(SIZES_OFF, strlen(SIZES_OFF));
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
