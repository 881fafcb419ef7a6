/*
 * Where are the L0 image, the guests and the downloaded kernels?
 */
#define _GNU_SOURCE
#include "experiments/firn/tool/paths.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"

#ifndef FIRN_LIBDIR
#define FIRN_LIBDIR "/usr/local/lib/firn" /* make install compiles in its own */
#endif

/* The folder of the running program, without a slash at the end. */
static char *program_folder(void)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (length <= 0)
		return text(".");
	path[length] = '\0';
	*strrchr(path, '/') = '\0';
	return text("%s", path);
}

/*
 * New memory. Beside the program, which is so in the build folder; where make install put it, seen from the program;
 * and where it was compiled to be. The first name where there is none, so that a message can say it.
 */
char *path_built(const char *name)
{
	char *folder = program_folder();
	char *candidates[] = {
		text("%s/%s", folder, name),
		text("%s/../lib/firn/%s", folder, name),
		text("%s/%s", FIRN_LIBDIR, name),
	};
	size_t count = sizeof(candidates) / sizeof(candidates[0]), chosen = 0;

	for (size_t i = 0; i < count; i++)
		if (access(candidates[i], F_OK) == 0) {
			chosen = i;
			break;
		}
	for (size_t i = 0; i < count; i++)
		if (i != chosen)
			free(candidates[i]);
	free(folder);
	return candidates[chosen];
}

/* New memory: what make setup fetched, else what make install took along, else where the former would be. */
char *path_cached(const char *name)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	char *path, *installed;

	if (cache && cache[0] == '/') /* the XDG base directory specification ignores relative paths */
		path = text("%s/firn/%s", cache, name);
	else
		path = text("%s/.cache/firn/%s", home ? home : "", name);
	if (access(path, F_OK) == 0)
		return path;
	installed = path_built(name);
	if (access(installed, F_OK) == 0) {
		free(path);
		return installed;
	}
	free(installed);
	return path;
}
