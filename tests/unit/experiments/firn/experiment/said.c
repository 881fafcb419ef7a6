/* What did the code under test say on stderr? */
#define _GNU_SOURCE
#include "tests/unit/experiments/firn/experiment/said.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int before = -1, file = -1;
static char words[65536];

void said_begin(void)
{
	fflush(stderr);
	before = dup(2);
	file = memfd_create("said", 0);
	dup2(file, 2);
}

const char *said_end(void)
{
	ssize_t length;

	fflush(stderr);
	length = pread(file, words, sizeof(words) - 1, 0);
	words[length < 0 ? 0 : length] = '\0';
	dup2(before, 2);
	close(before);
	close(file);
	return words;
}

bool said_one_line(const char *expected)
{
	const char *said = said_end(), *end = strchr(said, '\n');

	if (end && !end[1] && strstr(said, expected))
		return true;
	fprintf(stderr, "expected one line with '%s', got '%s'\n", expected, said);
	return false;
}
