/*
 * firn doctor: what is missing on this machine, and which command gets it?  The list is
 * experiments/setup/requirements, which the set-up itself reads too.  One line for each thing, four fields between
 * "|":
 *
 *   name | oldest version, "-" or "optional" | how to find it | command that gets it
 *
 * It is found by a command that prints its version, or as a file if the third field starts with "/" or
 * "~cache/" (the folder of path_cached()).  Lines that start with # are comments.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/machine/qemu.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/paths.h"
#include "experiments/firn/tool/table.h"

#define FIELDS 4
#define MAX_ARGUMENTS 8
#define VERSION_TIMEOUT_MS 60000
#define CACHE_PREFIX "~cache/"

/* Fields of a line; they point into it. */
struct requirement {
	char *name, *oldest, *finder, *command;
};

/* In place: the field without the spaces around it. */
static char *trim(char *field)
{
	char *end = strchr(field, '\0');

	while (isspace((unsigned char)*field))
		field++;
	while (end > field && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return field;
}

/* Cuts a line into its fields, in place. */
static bool parse(char *line, struct requirement *out)
{
	char *field[FIELDS], *at = line;

	for (unsigned i = 0; i < FIELDS; i++) {
		field[i] = at;
		at = i + 1 < FIELDS ? strchr(at, '|') : NULL;
		if (i + 1 < FIELDS && !at)
			return false;
		if (at)
			*at++ = '\0';
		field[i] = trim(field[i]);
	}
	*out = (struct requirement){ field[0], field[1], field[2], field[3] };
	return *out->name && *out->oldest && *out->finder && *out->command;
}

/* The first number with a point in it, or else the first number; its length in *length. */
static const char *find_version(const char *text, size_t *length)
{
	const char *plain = NULL;

	for (const char *at = text; (at += strcspn(at, "0123456789")), *at; at += *length) {
		*length = strspn(at, "0123456789.");
		if (memchr(at, '.', *length))
			return at;
		plain = plain ? plain : at;
	}
	*length = plain ? strspn(plain, "0123456789") : 0;
	return plain;
}

/* Number by number; what is not there counts as 0. */
static bool is_at_least(const char *version, const char *oldest)
{
	while (*oldest) {
		char *version_end, *oldest_end;
		unsigned long have = strtoul(version, &version_end, 10),
			      need = strtoul(oldest, &oldest_end, 10);

		if (have != need)
			return have > need;
		version = *version_end == '.' ? version_end + 1 : version_end;
		oldest = *oldest_end == '.' ? oldest_end + 1 : oldest_end;
		if (oldest == oldest_end && *oldest) /* not a version */
			return false;
	}
	return true;
}

/* In the cache folder, or where it says. */
static bool file_is_there(const char *finder)
{
	bool cached = strncmp(finder, CACHE_PREFIX, strlen(CACHE_PREFIX)) == 0;
	char *path = cached ? path_cached(finder + strlen(CACHE_PREFIX)) : text("%s", finder);
	bool there = access(path, R_OK) == 0;

	free(path);
	return there;
}

/* New memory: the version that the finder's command prints, "" if it prints none; NULL if it does not run. */
static char *ask_version(const char *finder)
{
	char *words = text("%s", finder), *argv[MAX_ARGUMENTS + 1] = { NULL }, *rest = NULL, *error = NULL;
	char out[1024], *version = NULL;
	size_t count = 0, length = 0;

	for (char *word = strtok_r(words, " ", &rest); word && count < MAX_ARGUMENTS;
	     word = strtok_r(NULL, " ", &rest))
		argv[count++] = word;
	if (argv[0] && strcmp(argv[0], "qemu-system-aarch64") == 0)
		argv[0] = (char *)qemu_program();
	if (argv[0] && child_capture(argv, VERSION_TIMEOUT_MS, out, sizeof(out), &error)) {
		const char *found = find_version(out, &length);

		version = text("%.*s", (int)length, found ? found : "");
	}
	free(error);
	free(words);
	return version;
}

/* A line of its own, because a command may be long and has to stay whole. */
static void add_command(struct table *table, const char *command)
{
	char *indented = text("         %s", command);

	table_add(table, TABLE_PLAIN, (const char *const[]){ indented, "", "", "" });
	free(indented);
}

/* Adds the requirement's row; false if it is not met and firn cannot go without. */
static bool examine(const struct requirement *need, struct table *table)
{
	bool is_file =
		need->finder[0] == '/' || strncmp(need->finder, CACHE_PREFIX, strlen(CACHE_PREFIX)) == 0;
	bool optional = strcmp(need->oldest, "optional") == 0,
	     any = optional || strcmp(need->oldest, "-") == 0;
	bool met;
	char *version = is_file ? NULL : ask_version(need->finder);
	char *wanted = any ? text("%s", optional ? "optional" : "") : text("%s or newer", need->oldest);

	if (is_file)
		met = file_is_there(need->finder);
	else
		met = version && (any || is_at_least(version, need->oldest));
	table_add(table, met ? TABLE_PLAIN : TABLE_BOLD,
		  (const char *const[]){ met	 ? "ok" :
					 version ? "too old" :
						   "missing",
					 need->name, version ? version : "", wanted });
	if (!met)
		add_command(table, need->command);
	free(version);
	free(wanted);
	return met || optional;
}

/* NULL after one line on stderr. */
static FILE *open_list(void)
{
	char *path = path_built("requirements"); /* where it is installed */
	FILE *list = fopen(path, "r");

	free(path);
	if (list)
		return list;
	path = path_built("../experiments/setup/requirements"); /* in the source tree */
	list = fopen(path, "r");
	if (!list)
		complain(STATUS_FAILED,
			 "cannot read %s: %s; run firn from its source tree or install it again", path,
			 strerror(errno));
	free(path);
	return list;
}

/* Rows for the whole list; false if the list itself is damaged. */
static bool examine_all(FILE *list, struct table *table, unsigned *missing)
{
	struct requirement need;
	char *line = NULL;
	size_t size = 0;
	bool good = true;

	while (good && !child_signal() && getline(&line, &size, list) > 0) {
		char *start = trim(line);

		if (!*start || *start == '#')
			continue;
		good = parse(start, &need);
		if (good)
			*missing += !examine(&need, table);
		else
			complain(STATUS_FAILED, "the list of requirements has a damaged line: %s", start);
	}
	free(line);
	return good && !child_signal();
}

int command_doctor(int argc, char **argv)
{
	struct table table = { .align = "llll" };
	unsigned missing = 0;
	FILE *list;
	bool good;

	if (!options_parse("doctor", argc, argv, NULL, 0))
		return STATUS_USAGE;
	list = open_list();
	if (!list)
		return STATUS_FAILED;
	good = examine_all(list, &table, &missing);
	fclose(list);
	table_print(&table);
	if (!good)
		return STATUS_FAILED;
	if (missing)
		printf("\n%u missing or too old: run the commands above as root, or 'make setup'\n", missing);
	else
		puts("\nnothing is missing");
	return missing ? STATUS_FAILED : 0;
}
