/*
 * firn view: a page to walk through a recording with, in one file that needs nothing else.  traces/view/ is the page.  Next: page_data.c,
 * which makes its data.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/command/page_data.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/output.h"
#include "experiments/firn/tool/paths.h"
#include "traces/format.h"

/* Where the page has its data: what stands there is replaced by an array of one recording, or of two. */
#define PLACE "/*DATA*/"
/* The page as it was built, in new memory. NULL after one line on stderr. */
static char *read_page(void)
{
	struct trace_text text = { .bytes = NULL };
	char *path = path_built("view.html"), bytes[4096];
	FILE *in = fopen(path, "r");
	size_t got;

	while (in && (got = fread(bytes, 1, sizeof(bytes), in)))
		trace_text_add(&text, bytes, got);
	if (in)
		fclose(in);
	if (!text.bytes || !strstr(text.bytes, PLACE)) {
		complain(STATUS_FAILED, "cannot read %s: %s; run 'make' to build it", path,
			 in ? "it is not the page" : strerror(errno));
		trace_text_free(&text);
	}
	free(path);
	return text.bytes;
}

/* What the page shows: one recording, or two; with L1's code, if its file was given. */
struct shown {
	struct trace_file *file[2];
	struct source *source[2];
};

static bool write_page(FILE *out, const char *page, const struct shown *shown)
{
	const char *place = strstr(page, PLACE);
	bool good;

	fwrite(page, 1, (size_t)(place - page), out);
	fputc('[', out);
	good = page_data_write(out, shown->file[0], shown->source[0]);
	if (good && shown->file[1]) {
		fputc(',', out);
		good = page_data_write(out, shown->file[1], shown->source[1]);
	}
	fputc(']', out);
	fputs(place + strlen(PLACE), out);
	return good;
}

/* The page is under its name only when all of it is written. False after one line on stderr. */
static bool carry_out(const char *page, const struct shown *shown, const char *name)
{
	struct output output;
	FILE *out;
	bool good;

	if (!output_open(&output, name))
		return false;
	out = fdopen(dup(output.fd), "w");
	if (!out)
		exit(complain(STATUS_FAILED, "out of memory"));
	good = write_page(out, page, shown);
	if ((ferror(out) | fclose(out)) && good)
		good = !complain(STATUS_FAILED, "cannot write %s: %s", name, strerror(errno));
	good = good && output_finish(&output, "");
	output_drop(&output);
	return good;
}

/* What is named must be readable; symbols for both. False after one line on stderr. */
static bool open_all(struct shown *shown, const char *first, const char *second, const char *symbols)
{
	const char *const names[2] = { first, second };

	for (int i = 0; i < 2 && names[i]; i++) {
		shown->file[i] = trace_open(names[i]);
		if (!shown->file[i])
			return false;
		if (symbols && !(shown->source[i] = source_open(symbols, shown->file[i])))
			return false;
	}
	return true;
}

int command_view(int argc, char **argv)
{
	const char *name = NULL, *with = NULL, *symbols = NULL;
	const struct option_spec specs[] = { OPTION("-o", &name), OPTION("--with", &with),
					     OPTION("--symbols", &symbols) };
	struct shown shown = { .file = { NULL } };
	char *page;
	bool good;

	if (argc < 1 || argv[0][0] == '-')
		return complain(STATUS_USAGE,
				"view: the first word is the file to read; see 'firn help view'");
	if (!options_parse("view", argc - 1, argv + 1, specs, sizeof(specs) / sizeof(specs[0])))
		return STATUS_USAGE;
	if (!name)
		return complain(STATUS_USAGE, "view: -o PAGE.html names the page to write");
	output_spare(argv[0]);
	output_spare(with);
	output_spare(symbols);
	page = read_page();
	good = page && open_all(&shown, argv[0], with, symbols) && carry_out(page, &shown, name);
	for (int i = 0; i < 2; i++) {
		source_close(shown.source[i]);
		trace_close(shown.file[i]);
	}
	free(page);
	return good ? 0 : STATUS_FAILED;
}
