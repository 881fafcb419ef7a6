/*
 * How does firn say what went wrong?  One line on stderr, and the exit status that belongs to it.
 */
#ifndef EXPERIMENTS_FIRN_TOOL_COMPLAIN_H
#define EXPERIMENTS_FIRN_TOOL_COMPLAIN_H

#include <stddef.h>

#define STATUS_FAILED 1 /* the machine, a file or a guest is not as it should be */
#define STATUS_USAGE 2	/* the command line is not as it should be */

/* Prints "firn: " and the message as one line on stderr; returns status, so that callers can return it at once. */
int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* printf into new memory, which the caller frees.  Out of memory ends the program with a message. */
char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* realloc for count elements of size bytes; out of memory ends the program with a message. */
void *grow(void *old, size_t count, size_t size);

#endif
