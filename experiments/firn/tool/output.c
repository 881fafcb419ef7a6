/*
 * How is an output file written whole or not at all?  Into a file without a name, which gets its name at the end; where a file
 * system can't do without, into a temporary file beside it.
 */
#define _GNU_SOURCE
#include "experiments/firn/tool/output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"

/* Always false, after one line on stderr. errno says why. */
static bool fail(const struct output *output)
{
	return !complain(STATUS_FAILED, "cannot write %s: %s; name another file", output->name,
			 strerror(errno));
}

/* Files that are read, by what they are: one may have many names. */
static struct file_id {
	dev_t device;
	ino_t number;
} * spared;
static size_t spared_count;

void output_spare(const char *path)
{
	struct stat status;

	if (!path || stat(path, &status) || !S_ISREG(status.st_mode))
		return;
	spared = grow(spared, spared_count + 1, sizeof(*spared));
	spared[spared_count++] = (struct file_id){ status.st_dev, status.st_ino };
}

/* A device or a pipe does not lose what it has; nor does a file that is not there. */
static bool output_replaces(const struct stat *status)
{
	for (size_t i = 0; i < spared_count; i++)
		if (spared[i].device == status->st_dev && spared[i].number == status->st_ino)
			return true;
	return false;
}

int output_nameless(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	char *name;

	if (fd >= 0)
		return fd;
	name = text("%s/.firn.XXXXXX", folder); /* not every file system can do without a name */
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	free(name);
	return fd;
}

/* In the folder of the file to be. False with errno. */
static bool open_unfinished(struct output *output)
{
	char *copy = text("%s", output->name);
	mode_t mask;

	output->replaces = true;
	output->fd = open(dirname(copy), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	free(copy);
	if (output->fd >= 0)
		return true;
	output->unfinished = text("%s.XXXXXX", output->name);
	output->fd = mkostemp(output->unfinished, O_CLOEXEC);
	if (output->fd < 0) {
		free(output->unfinished);
		output->unfinished = NULL;
		return false;
	}
	mask = umask(0);
	umask(mask);
	fchmod(output->fd, 0666 & ~mask);
	return true;
}

/* A name that nothing has yet, beside the file's, for what has none: a link can't replace a file. False with errno. */
static bool give_name(struct output *output)
{
	char *file = text("/proc/self/fd/%d", output->fd);
	bool good = false;

	for (unsigned tries = 0; !good && tries < 100; tries++) {
		free(output->unfinished);
		output->unfinished = text("%s.%d.%u", output->name, (int)getpid(), tries);
		good = linkat(AT_FDCWD, file, AT_FDCWD, output->unfinished, AT_SYMLINK_FOLLOW) == 0;
		if (!good && errno != EEXIST)
			break;
	}
	if (!good) { /* it is another's */
		free(output->unfinished);
		output->unfinished = NULL;
	}
	free(file);
	return good;
}

/*
 * No name: nothing is written at all. "-" is stdout; what is no regular file is written directly, since it cannot be
 * replaced. False after one line on stderr.
 */
bool output_open(struct output *output, const char *name)
{
	struct stat status;

	*output = (struct output){ .name = name, .fd = -1 };
	if (!name)
		return true;
	if (strcmp(name, "-") == 0) {
		output->fd = dup(1);
		return output->fd >= 0 || fail(output);
	}
	if (stat(name, &status) == 0) {
		if (output_replaces(&status))
			return !complain(STATUS_FAILED, "cannot write %s: firn reads it; name another file",
					 name);
		if (!S_ISREG(status.st_mode)) { /* a device or a pipe; a folder fails here */
			output->fd = open(name, O_WRONLY | O_CLOEXEC);
			return output->fd >= 0 || fail(output);
		}
	}
	return open_unfinished(output) || fail(output);
}

/* The contents, then the name. False after one line on stderr; the file that was there before is there still. */
bool output_finish(struct output *output, const char *contents)
{
	size_t left = strlen(contents);

	if (!output->name)
		return true;
	while (left) {
		ssize_t put = write(output->fd, contents, left);

		if (put < 0) {
			fail(output);
			output_drop(output);
			return false;
		}
		contents += put;
		left -= (size_t)put;
	}
	if (output->replaces &&
	    ((!output->unfinished && !give_name(output)) || rename(output->unfinished, output->name))) {
		fail(output);
		output_drop(output);
		return false;
	}
	free(output->unfinished);
	output->unfinished = NULL;
	output_drop(output);
	return true;
}

/* What was not finished leaves nothing behind; after output_finish there is nothing to do. */
void output_drop(struct output *output)
{
	if (output->fd >= 0)
		close(output->fd);
	output->fd = -1;
	if (output->unfinished)
		unlink(output->unfinished);
	free(output->unfinished);
	output->unfinished = NULL;
}

/* With its quotes. '<' is escaped too, since the page of firn view has JSON within a script. */
void output_json_string(FILE *out, const char *words)
{
	fputc('"', out);
	for (; *words; words++) {
		unsigned char c = (unsigned char)*words;

		if (c == '"' || c == '\\' || c < 0x20 || c == '<')
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}
