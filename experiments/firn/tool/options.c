/*
 * What did the user write on the command line?  Next: run.c and stat.c, which own the options.
 */
#include "experiments/firn/tool/options.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"

/* word: as the user wrote it, of which length bytes are the name. NULL for a name that the command does not have. */
static const struct option_spec *find_spec(const char *word, size_t length, const struct option_spec *specs,
					   size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(specs[i].name) == length && strncmp(specs[i].name, word, length) == 0)
			return &specs[i];
	return NULL;
}

/* Always false. */
static bool unknown_option(const char *command, const char *word, const struct option_spec *specs,
			   size_t count)
{
	char names[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < count && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, " %s", specs[i].name);
	if (!count)
		return !complain(STATUS_USAGE,
				 "%s: there is nothing to give it, and '%s' is too much; see 'firn help %s'",
				 command, word, command);
	return !complain(STATUS_USAGE, "%s: unknown %s '%s'; valid are:%s ('firn help %s' explains them)",
			 command, word[0] == '-' ? "option" : "argument", word, names, command);
}

static void add_word(struct option_words *words, const char *word)
{
	words->word = grow(words->word, words->count + 1, sizeof(words->word[0]));
	words->word[words->count++] = word;
}

/* Stores one option; *used becomes the number of words that it took. */
static bool store(const char *command, char **argv, int left, const struct option_spec *spec, int *used)
{
	const char *equals = strchr(argv[0], '=');
	const char *value = equals ? equals + 1 : left > 1 ? argv[1] : NULL;

	if (spec->flag) {
		if (equals)
			return !complain(STATUS_USAGE, "%s: %s takes no value", command, spec->name);
		*spec->flag = true;
		*used = 1;
		return true;
	}
	if (!value || (!*value && !spec->empty))
		return !complain(STATUS_USAGE, "%s: %s needs a value; see 'firn help %s'", command,
				 spec->name, command);
	*used = equals ? 1 : 2;
	if (spec->words) {
		add_word(spec->words, value);
		return true;
	}
	if (*spec->value)
		return !complain(STATUS_USAGE, "%s: %s is given twice; give it once", command, spec->name);
	*spec->value = value;
	return true;
}

/*
 * Words are either an option of specs or the value behind one; both forms, --name value and --name=value, are good.
 * False after one line on stderr that names the command.
 */
bool options_parse(const char *command, int argc, char **argv, const struct option_spec *specs, size_t count)
{
	int used = 0;

	for (int i = 0; i < argc; i += used) {
		const struct option_spec *spec = NULL;

		if (argv[i][0] == '-')
			spec = find_spec(argv[i], strcspn(argv[i], "="), specs, count);
		if (!spec)
			return unknown_option(command, argv[i], specs, count);
		if (!store(command, &argv[i], argc - i, spec, &used))
			return false;
	}
	return true;
}

/* Digits only, no sign, no overflow; *end is the first character behind them. */
static bool parse_digits(const char *value, uint64_t *out, const char **end)
{
	uint64_t n = 0;

	if (!isdigit((unsigned char)*value))
		return false;
	for (; isdigit((unsigned char)*value); value++) {
		uint64_t digit = (uint64_t)(*value - '0');

		if (n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	*end = value;
	return true;
}

/* Decimal, from min to max. False after one line on stderr that says so. */
bool option_number(const char *option, const char *value, uint64_t min, uint64_t max, uint64_t *out)
{
	const char *end;

	if (parse_digits(value, out, &end) && !*end && *out >= min && *out <= max)
		return true;
	complain(STATUS_USAGE, "%s: '%s' is not a number from %llu to %llu", option, value,
		 (unsigned long long)min, (unsigned long long)max);
	return false;
}

/* Bytes, of a number with K, M or G behind it, or of MiB. False after one line on stderr. */
bool option_size(const char *option, const char *value, uint64_t *out)
{
	const char *end;
	unsigned shift = 20;
	uint64_t n;

	if (!parse_digits(value, &n, &end))
		end = "?";
	else if (*end)
		switch (toupper((unsigned char)*end++)) {
		case 'K':
			shift = 10;
			break;
		case 'M':
			shift = 20;
			break;
		case 'G':
			shift = 30;
			break;
		default:
			end = "?";
			break;
		}
	if (*end || n > (UINT64_C(1) << 40) >> shift) {
		complain(STATUS_USAGE, "%s: '%s' is not a memory size; write it as 512M or 1G, up to 1024G",
			 option, value);
		return false;
	}
	*out = n << shift;
	if (*out && *out % (2 << 20) == 0)
		return true;
	complain(STATUS_USAGE, "%s: '%s' is not a multiple of 2M; stage 2 maps RAM in blocks of that size",
		 option, value);
	return false;
}

/* None is empty, and none is there twice: both are slips. */
static bool parts_are_good(char *const list[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!*list[i])
			return false;
		for (size_t j = 0; j < i; j++)
			if (strcmp(list[i], list[j]) == 0)
				return false;
	}
	return true;
}

/*
 * Words that commas separate, in one piece of new memory, so that one free() is enough. 0, and nothing to free, after
 * one line on stderr.
 */
size_t option_list(const char *option, const char *value, char ***parts)
{
	size_t count = 1, pointers;
	char **list, *copy;

	for (const char *c = value; *c; c++)
		count += *c == ',';
	pointers = count * sizeof(char *);
	list = grow(NULL, 1,
		    pointers + strlen(value) + 1); /* the pointers, then the words that they point at */
	copy = strcpy((char *)list + pointers, value);
	for (size_t i = 0; i < count; i++) {
		list[i] = copy;
		copy += strcspn(copy, ",");
		if (*copy)
			*copy++ = '\0';
	}
	if (parts_are_good(list, count)) {
		*parts = list;
		return count;
	}
	complain(STATUS_USAGE, "%s: '%s' has an empty or a repeated part; write it as a,b", option, value);
	free(list);
	return 0;
}
