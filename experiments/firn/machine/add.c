/*
 * Which files does the user want in L1, and what do these need there?  First what was named, then the libraries of every program
 * among it, and their libraries, until none is missing.  Next: program.c, which reads a program's headers.
 */
#define _GNU_SOURCE
#include "experiments/firn/machine/add.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/firn/machine/cpio.h"
#include "experiments/firn/machine/program.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/paths.h"

#define LARGEST (UINT64_C(4) << 30) /* a file in an archive of this format has less */

/* A library, or the program that loads programs. */
struct wanted {
	char *name;    /* where L1 wants it, or only its last part */
	char *because; /* the program that needs it */
};

struct additions {
	FILE *out;
	bool foreign;
	char **name; /* in L1, of everything that is in the archive, without a slash at the start */
	size_t names;
	struct wanted *wanted;
	size_t wanteds;
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* By all of its name in L1. */
static bool has(const struct additions *all, const char *name)
{
	for (size_t i = 0; i < all->names; i++)
		if (strcmp(all->name[i], name) == 0)
			return true;
	return false;
}

/* In whatever folder. */
static bool has_somewhere(const struct additions *all, const char *name)
{
	for (size_t i = 0; i < all->names; i++)
		if (strcmp(last_part(all->name[i]), name) == 0)
			return true;
	return false;
}

static void note(struct additions *all, const char *name)
{
	all->name = grow(all->name, all->names + 1, sizeof(all->name[0]));
	all->name[all->names++] = text("%s", name);
}

static void want(struct additions *all, const char *name, const char *because)
{
	for (size_t i = 0; i < all->wanteds; i++)
		if (strcmp(all->wanted[i].name, name) == 0)
			return;
	all->wanted = grow(all->wanted, all->wanteds + 1, sizeof(all->wanted[0]));
	all->wanted[all->wanteds++] = (struct wanted){ text("%s", name), text("%s", because) };
}

/* In another initramfs these may be links to folders, which a folder of that name would replace. */
static bool is_everywhere(const char *folder)
{
	static const char *const names[] = {
		"bin", "sbin", "lib", "lib64", "usr/bin", "usr/sbin", "usr/lib"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(folder, names[i]) == 0)
			return true;
	return false;
}

/* Linux makes no folder that an archive does not name. */
static void add_folder(struct additions *all, const char *name)
{
	if (!*name || has(all, name) || (all->foreign && is_everywhere(name)))
		return;
	cpio_folder(all->out, name);
	note(all, name);
}

static void add_parents(struct additions *all, const char *name)
{
	char *folder = text("%s", name);

	for (char *slash = strchr(folder, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		add_folder(all, folder);
		*slash = '/';
	}
	free(folder);
}

/* False after one line on stderr, where L1 cannot run it. */
static bool look_at_program(struct additions *all, const char *path, const struct program *program)
{
	if (program->kind == PROGRAM_DAMAGED)
		return !complain(STATUS_FAILED, "the program %s is damaged; copy or build it again", path);
	if (program->kind == PROGRAM_FOREIGN)
		return !complain(STATUS_FAILED,
				 "%s is a program for %s, and L1 is arm64; build it with "
				 "aarch64-linux-gnu-gcc or take an arm64 package's",
				 path, program_machine(program->machine));
	if (program->interpreter && !all->foreign)
		want(all, program->interpreter + (program->interpreter[0] == '/'), path);
	for (size_t i = 0; i < program->needed_count && !all->foreign; i++)
		want(all, program->needed[i], path);
	return true;
}

/* False after one line on stderr. */
static bool put_file(struct additions *all, const char *path, int fd, const char *name,
		     const struct stat *status)
{
	if ((uint64_t)status->st_size >= LARGEST)
		return !complain(STATUS_FAILED, "%s has 4 GiB or more; an initramfs holds smaller files",
				 path);
	add_parents(all, name);
	note(all, name);
	return cpio_file(all->out, name, status->st_mode & S_IXUSR, fd, (uint64_t)status->st_size) ||
	       !complain(STATUS_FAILED, "cannot read %s: %s", path, strerror(errno));
}

static bool cannot_add(const char *path)
{
	return !complain(STATUS_FAILED, "cannot add %s: %s", path, strerror(errno));
}

/* name NULL: into /bin, or / if it is no program. */
static bool add_file(struct additions *all, const char *path, const char *name)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct program program;
	struct stat status;
	char *chosen;
	bool good;

	if (fd < 0 || fstat(fd, &status)) {
		cannot_add(path);
		if (fd >= 0)
			close(fd);
		return false;
	}
	program = program_read(fd);
	chosen = name ? text("%s", name) :
			text("%s%s", status.st_mode & S_IXUSR ? "bin/" : "", last_part(path));
	good = look_at_program(all, path, &program) && put_file(all, path, fd, chosen, &status);
	free(chosen);
	program_free(&program);
	close(fd);
	return good;
}

static bool add_link(struct additions *all, const char *path, const char *name)
{
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target) - 1);

	if (length < 0)
		return cannot_add(path);
	target[length] = '\0';
	add_parents(all, name);
	cpio_link(all->out, name, target);
	note(all, name);
	return true;
}

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static bool add_anything(struct additions *all, const char *path, const char *name, bool follow);

/* Sorted: the same folder is the same archive. */
static bool add_tree(struct additions *all, const char *path, const char *name)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_entry, alphasort);
	bool good = true;

	if (count < 0)
		return cannot_add(path);
	add_parents(all, name);
	add_folder(all, name);
	for (int i = 0; i < count; i++) {
		char *below = text("%s/%s", path, entries[i]->d_name);
		char *inside = text("%s%s%s", name, *name ? "/" : "", entries[i]->d_name);

		good = good && add_anything(all, below, inside, false);
		free(inside);
		free(below);
		free(entries[i]);
	}
	free(entries);
	return good;
}

/* What the user named is followed where it is a link; links in a folder stay what they are. */
static bool add_anything(struct additions *all, const char *path, const char *name, bool follow)
{
	struct stat status;

	if (follow ? stat(path, &status) : lstat(path, &status))
		return cannot_add(path);
	if (S_ISDIR(status.st_mode))
		return add_tree(all, path, name ? name : last_part(path));
	if (S_ISLNK(status.st_mode))
		return add_link(all, path, name);
	if (S_ISREG(status.st_mode))
		return add_file(all, path, name);
	return !complain(STATUS_FAILED, "cannot add %s: it is neither a file nor a folder", path);
}

/* Where it is to be in L1, without slashes around it.  In new memory; NULL where the user leaves it to firn. */
static char *name_in_l1(const char *path, const char *given)
{
	struct stat status;
	bool folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
	size_t length;

	if (!*given)
		return NULL;
	given += strspn(given, "/");
	length = strlen(given);
	if (!folder && (!length || given[length - 1] == '/'))
		return text("%s%s", given, last_part(path));
	while (length && given[length - 1] == '/')
		length--;
	return text("%.*s", (int)length, given);
}

/* ".." leads out of the initramfs, or nowhere. */
static bool leads_up(const char *name)
{
	char *slashes = text("/%s%s", name, *name ? "/" : "");
	bool found = strstr(slashes, "/../") || strstr(slashes, "/./") || strstr(slashes, "//");

	free(slashes);
	return found;
}

/* One word of --add. A colon may be part of a file's name. */
static bool add_word(struct additions *all, const char *word)
{
	const char *colon = access(word, F_OK) == 0 ? NULL : strrchr(word, ':');
	char *path = colon ? text("%.*s", (int)(colon - word), word) : text("%s", word);
	char *name = NULL;
	size_t length = strlen(path);
	bool good;

	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	if (colon)
		name = name_in_l1(path, colon + 1);
	if (name && leads_up(name))
		good = !complain(STATUS_FAILED, "--add %s: '%s' is no path in L1; write it as /tmp/name",
				 word, colon + 1);
	else
		good = add_anything(all, path, name, true);
	free(name);
	free(path);
	return good;
}

/*
 * Where arm64 libraries are on this machine: those of the cross compiler, which are for the same Debian as the machine; those of
 * packages that the set-up unpacked; and those of a machine that is arm64 itself or has arm64 as a foreign architecture.
 */
static char *find_library(const char *name)
{
	char *cached = path_cached("arm64/root");
	char *candidates[] = {
		text("/usr/aarch64-linux-gnu/lib/%s", name),
		text("%s/usr/lib/aarch64-linux-gnu/%s", cached, name),
		text("%s/lib/aarch64-linux-gnu/%s", cached, name),
		text("%s/lib/%s", cached, name),
		text("%s/usr/lib/%s", cached, name),
		text("/usr/lib/aarch64-linux-gnu/%s", name),
		text("/lib/aarch64-linux-gnu/%s", name),
	};
	char *found = NULL;

	for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++)
		if (!found && access(candidates[i], R_OK) == 0)
			found = candidates[i];
		else
			free(candidates[i]);
	free(cached);
	return found;
}

/* Into /lib, where every C library looks; the loader is where the program wants it. */
static bool add_library(struct additions *all, const struct wanted *wanted)
{
	const char *name = last_part(wanted->name);
	char *inside, *path;
	bool good;

	if (has_somewhere(all, name))
		return true;
	path = find_library(name);
	if (!path)
		return !complain(
			STATUS_FAILED,
			"%s needs %s, which is not among this machine's arm64 libraries; "
			"'experiments/setup/setup --arm64 PACKAGE' fetches a package that has it, or "
			"add it with --add FILE:/lib/",
			wanted->because, name);
	inside = strchr(wanted->name, '/') ? text("%s", wanted->name) : text("lib/%s", name);
	good = add_file(all, path, inside);
	free(inside);
	free(path);
	return good;
}

/* The list grows on the way. */
static bool add_libraries(struct additions *all)
{
	bool good = true;

	for (size_t i = 0; good && i < all->wanteds; i++) {
		struct wanted wanted = all->wanted[i];

		good = add_library(all, &wanted);
	}
	return good;
}

static void free_additions(struct additions *all)
{
	for (size_t i = 0; i < all->names; i++)
		free(all->name[i]);
	for (size_t i = 0; i < all->wanteds; i++) {
		free(all->wanted[i].name);
		free(all->wanted[i].because);
	}
	free(all->name);
	free(all->wanted);
}

bool add_files(FILE *out, const struct option_words *words, bool foreign)
{
	struct additions all = { .out = out, .foreign = foreign };
	bool good = true;

	for (size_t i = 0; good && i < words->count; i++)
		good = add_word(&all, words->word[i]);
	good = good && add_libraries(&all);
	cpio_close(out);
	free_additions(&all);
	return good;
}
