/*
 * How does firn say what went wrong?  Read by everybody; needs nothing.
 */
#define _GNU_SOURCE
#include "experiments/firn/tool/complain.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * One line, behind whatever was printed; the status that was given is given back, so that a caller can return with
 * it.
 */
int complain(int status, const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("firn: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return status;
}

/* New memory, as printf writes it. */
char *text(const char *format, ...)
{
	va_list args;
	char *out = NULL;

	va_start(args, format);
	if (vasprintf(&out, format, args) < 0)
		exit(complain(STATUS_FAILED, "out of memory"));
	va_end(args);
	return out;
}

/* Ends firn where there is no memory: nobody of its callers could do anything else. Its callers need not look. */
void *grow(void *old, size_t count, size_t size)
{
	void *new = count > SIZE_MAX / size ? NULL : realloc(old, count * size);

	if (!new)
		exit(complain(STATUS_FAILED, "out of memory"));
	return new;
}
