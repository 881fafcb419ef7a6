/*
 * How is an output file written whole or not at all?
 */
#ifndef EXPERIMENTS_FIRN_TOOL_OUTPUT_H
#define EXPERIMENTS_FIRN_TOOL_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

/* A file that appears under its name only when it is complete. */
struct output {
	const char *name; /* NULL: there is none; "-": stdout */
	bool replaces;	  /* the file gets the name when it is complete */
	char *unfinished; /* name of the temporary file beside it, or NULL: it has none */
	int fd;
};

/* A file without a name in a folder, of which nothing is left, whatever ends firn; -1 with errno. */
int output_nameless(const char *folder);

/* What firn reads, which output_open refuses to replace from then on. NULL, or what is not there: nothing. */
void output_spare(const char *path);

/* Makes sure that name can be written, before the work that fills it.  False after one line on stderr. */
bool output_open(struct output *output, const char *name);

/* Writes contents and gives the file its name.  False after one line on stderr. */
bool output_finish(struct output *output, const char *contents);

/* Removes what an output_open without output_finish left. */
void output_drop(struct output *output);

/* A string of JSON, in its quotes, that may also stand in a script of HTML: words may come from a damaged file. */
void output_json_string(FILE *out, const char *words);

#endif
