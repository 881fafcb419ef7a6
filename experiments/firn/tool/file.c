/* What is in a small text file?  Reads: tool/output.h. */
#include "experiments/firn/tool/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/output.h"

/* From an open file. NULL with errno, or with errno 0 where it is larger. */
static char *read_all(FILE *in, size_t largest, size_t *length)
{
	size_t room = 1 << 16, used = 0, got;
	char *bytes = grow(NULL, room, 1);

	errno = 0;
	while ((got = fread(bytes + used, 1, room - used - 1, in)) > 0) {
		used += got;
		if (used > largest)
			break;
		if (room - used < 2)
			bytes = grow(bytes, room *= 2, 1);
	}
	bytes[used] = '\0';
	*length = used;
	if (used <= largest && !ferror(in))
		return bytes;
	free(bytes);
	return NULL;
}

char *file_read(const char *path, size_t largest)
{
	FILE *in = fopen(path, "re");
	size_t length = 0;
	char *bytes = in ? read_all(in, largest, &length) : NULL;

	if (!bytes && (!in || errno))
		complain(STATUS_FAILED, "cannot read %s: %s", path, strerror(errno));
	else if (!bytes)
		complain(STATUS_FAILED, "%s has more than %zu bytes; that is no file of this kind", path,
			 largest);
	if (in)
		fclose(in);
	if (bytes && strlen(bytes) != length) {
		complain(STATUS_FAILED, "%s has a byte 0 in it; it has to be text", path);
		free(bytes);
		bytes = NULL;
	}
	return bytes;
}

bool file_write(const char *path, const char *contents)
{
	struct output output;
	bool good = output_open(&output, path) && output_finish(&output, contents);

	output_drop(&output);
	return good;
}
