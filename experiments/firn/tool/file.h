/*
 * What is in a small text file?
 */
#ifndef EXPERIMENTS_FIRN_TOOL_FILE_H
#define EXPERIMENTS_FIRN_TOOL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#define FILE_LARGEST ((size_t)64 << 20) /* bytes: of results, tens of thousands of runs */

/* All of it with a 0 byte behind, in new memory. NULL after one line on stderr: unreadable, larger, or with a 0 byte in it. */
char *file_read(const char *path, size_t largest);

/* Whole or not at all. False after one line on stderr. */
bool file_write(const char *path, const char *contents);

#endif
