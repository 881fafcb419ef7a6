/*
 * Where are the L0 image, the guests and the downloaded kernels?
 */
#ifndef EXPERIMENTS_FIRN_TOOL_PATHS_H
#define EXPERIMENTS_FIRN_TOOL_PATHS_H

/* File of the build, by its name below build/: beside the program, or where `make install` put it.  New memory. */
char *path_built(const char *name);

/*
 * File of the cache: $XDG_CACHE_HOME/firn/NAME, or ~/.cache/firn/NAME; if it is not there but was installed with the
 * program, that one.  New memory.
 */
char *path_cached(const char *name);

#endif
