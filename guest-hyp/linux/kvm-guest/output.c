/*
 * Where does what L2 says go?  To L1's terminal; with --exec only the command's output does, and the console is kept:
 * the command's status is in it, or why there is none.
 */
#include "guest-hyp/linux/kvm-guest/output.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATUS_LINE "KVM-GUEST-STATUS "
#define LAST_LINES 10

static struct {
	bool keeps_console, verbose;
	char text[1 << 16]; /* the end of the console; 0 behind it */
	size_t length;
} kept;

void output_set(bool keeps_console, bool verbose)
{
	kept.keeps_console = keeps_console;
	kept.verbose = verbose;
}

static void write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t put = write(fd, bytes, size);

		if (put < 0 && errno != EINTR && errno != EAGAIN)
			errx(1, "cannot write what L2 says: %s", strerror(errno));
		bytes += put > 0 ? put : 0;
		size -= put > 0 ? (size_t)put : 0;
	}
}

static void keep(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (kept.length == sizeof(kept.text) - 1) {
			kept.length /= 2;
			memmove(kept.text, kept.text + sizeof(kept.text) - 1 - kept.length, kept.length);
		}
		kept.text[kept.length++] = bytes[i] ? bytes[i] : '?';
		kept.text[kept.length] = 0;
	}
}

void output_console(const void *bytes, size_t size)
{
	if (kept.keeps_console)
		keep(bytes, size);
	if (!kept.keeps_console || kept.verbose)
		write_all(kept.keeps_console ? STDERR_FILENO : STDOUT_FILENO, bytes, size);
}

void output_command(const void *bytes, size_t size)
{
	write_all(STDOUT_FILENO, bytes, size);
}

int output_status(void)
{
	const char *at = kept.text, *line = NULL;

	while ((at = strstr(at, STATUS_LINE))) {
		if (at == kept.text || at[-1] == '\n')
			line = at;
		at++;
	}
	return line ? atoi(line + strlen(STATUS_LINE)) & 255 : -1;
}

/* The beginning of the line that is so many line ends before at. */
static const char *lines_before(const char *at, unsigned lines)
{
	while (at > kept.text && (at[-1] != '\n' || lines--))
		at--;
	return at;
}

/* Of a panic, where it begins. */
void output_explain(void)
{
	const char *panic = strstr(kept.text, "Kernel panic");
	const char *line = panic ? lines_before(panic, 0) : lines_before(kept.text + kept.length, LAST_LINES);

	for (size_t n, lines = 0; *line && lines < LAST_LINES; line += n + (line[n] == '\n'), lines++) {
		n = strcspn(line, "\n");
		if (n && line[0] != '\r')
			fprintf(stderr, "L2: %.*s\n", (int)(n - (line[n - 1] == '\r')), line);
	}
}
