/*
 * What did the user write on the command line?
 */
#ifndef EXPERIMENTS_FIRN_TOOL_OPTIONS_H
#define EXPERIMENTS_FIRN_TOOL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values of an option that may be given again and again, in their order; free(word) when done. */
struct option_words {
	const char **word;
	size_t count;
};

/* One option of a command.  One of value, words and flag is not NULL. */
struct option_spec {
	const char *name;   /* with its dashes */
	const char **value; /* it has one */
	bool empty;	    /* ... which may be "" */
	struct option_words *words;
	bool *flag; /* it is a switch */
};

#define OPTION(option, to)                      \
	{                                       \
		.name = (option), .value = (to) \
	}
#define OPTION_TEXT(option, to)                                \
	{                                                      \
		.name = (option), .value = (to), .empty = true \
	}
#define OPTION_WORDS(option, to)                \
	{                                       \
		.name = (option), .words = (to) \
	}
#define OPTION_SWITCH(option, to)              \
	{                                      \
		.name = (option), .flag = (to) \
	}

/*
 * Reads "--name value", "--name=value" and "--switch".  False after one line on stderr: unknown or repeated
 * option, missing or empty value, stray word.
 */
bool options_parse(const char *command, int argc, char **argv, const struct option_spec *specs, size_t count);

/* Decimal number in [min, max]; false after one line on stderr that names the option. */
bool option_number(const char *option, const char *value, uint64_t min, uint64_t max, uint64_t *out);

/* "512M", "1G", "65536K", or plain MiB; a multiple of 2 MiB.  Bytes in *out.  False after one line on stderr. */
bool option_size(const char *option, const char *value, uint64_t *out);

/*
 * Splits "a,b,c".  Returns the number of parts, in new memory (free(*parts) frees all); 0 after one line on
 * stderr if a part is empty or appears twice.
 */
size_t option_list(const char *option, const char *value, char ***parts);

#endif
