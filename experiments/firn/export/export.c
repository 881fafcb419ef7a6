/* How do other tools read a recording?  Reads: export.h, writers.h.  Next: csv.c, stacks.c, chrome.c, flame.c, perf_data.c. */
#define _GNU_SOURCE
#include "experiments/firn/export/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/export/writers.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/output.h"

static const struct {
	const char *name;
	bool (*write)(struct trace_file *file, FILE *out);
	bool (*write_two)(struct trace_file *file, FILE *out,
			  const char *name); /* another file beside it, too */
} formats[] = {
	{ .name = "csv", .write = export_csv },	      { .name = "chrome", .write = export_chrome },
	{ .name = "folded", .write = export_folded }, { .name = "perf", .write_two = export_perf },
	{ .name = "svg", .write = export_svg },
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

/* Asked before the file is read; "svg" is that of --stacks. False after one line on stderr. */
bool export_is_known(const char *format)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (strcmp(formats[i].name, format) == 0 && formats[i].write != export_svg)
			return true;
	return !complain(
		STATUS_USAGE,
		"--export: unknown format '%s'; choose one of: csv, chrome, folded, perf; a flame graph is --stacks",
		format);
}

/* The file has its name only when all of it is written. False after one line on stderr. */
bool export_trace(struct trace_file *file, const char *format, const char *name)
{
	struct output output;
	FILE *out;
	bool good = false;

	if (!output_open(&output, name))
		return false;
	out = fdopen(dup(output.fd), "w");
	if (!out)
		exit(complain(STATUS_FAILED, "out of memory"));
	for (size_t i = 0; i < FORMATS; i++)
		if (strcmp(formats[i].name, format) == 0)
			good = formats[i].write ? formats[i].write(file, out) :
						  formats[i].write_two(file, out, name);
	if ((ferror(out) | fclose(out)) && good)
		good = !complain(STATUS_FAILED, "cannot write %s: %s", name, strerror(errno));
	good = good && output_finish(&output, "");
	output_drop(&output);
	return good;
}
