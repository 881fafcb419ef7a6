/* What may a word of an experiment's file be?  Reads: markup.h, machine/guests.h.  Next: definition_runs.c, definition_figures.c. */
#include "experiments/firn/experiment/definition_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/machine/guests.h"
#include "experiments/firn/tool/complain.h"

const char *const engine_names[ENGINES] = { "stat", "whatif", "outside", "profile", "timeline" };
const char *const axis_names[AXES] = { "guest", "mode", "cpu",	    "workload",	 "size",
				       "smp",	"vms",	"deferred", "repetition" };

bool names_have(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->name[i], name) == 0)
			return true;
	return false;
}

void names_add(struct names *names, const char *name)
{
	names->name = grow(names->name, names->count + 1, sizeof(char *));
	names->name[names->count++] = name;
}

/* A word that lives as long as the experiment. */
const char *experiment_own(struct experiment *e, char *word)
{
	e->own = grow(e->own, e->owned + 1, sizeof(char *));
	return e->own[e->owned++] = word;
}

/* The row's name is the first member of each of these tables. */
static void add_rows(struct names *names, const void *table, size_t rows, size_t size)
{
	for (size_t i = 0; i < rows; i++)
		names_add(names, *(const char *const *)(const void *)((const char *)table + i * size));
}

/* What may stand on an axis; nothing where that is not a list of names. */
struct names valid_on(enum axis axis)
{
	struct names names = { .count = 0 };

	if (axis == AXIS_GUEST)
		for (size_t i = 0; i < guest_count; i++) {
			if (guests[i].kind != GUEST_LESSON)
				names_add(&names, guests[i].name);
		}
	else if (axis == AXIS_MODE) {
		add_rows(&names, modes, mode_count, sizeof(modes[0]));
		add_rows(&names, peers, peer_count, sizeof(peers[0]));
	} else if (axis == AXIS_CPU)
		add_rows(&names, cpus, cpu_count, sizeof(cpus[0]));
	else if (axis == AXIS_WORKLOAD)
		add_rows(&names, workloads, workload_count, sizeof(workloads[0]));
	return names;
}

/* The index of a word among those that it may be. False after one line on stderr. */
bool take_choice(struct experiment *e, const struct markup_node *node, const char *const choices[],
		 size_t count, unsigned *out)
{
	const char *word;
	char expected[256] = "one of:";

	for (unsigned i = 0; i < count; i++)
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected), "%s %s",
			 i ? "," : "", choices[i]);
	if (!markup_text(e->markup, node, expected, &word))
		return false;
	for (*out = 0; *out < count; ++*out)
		if (strcmp(choices[*out], word) == 0)
			return true;
	return markup_wrong(e->markup, node, expected, NULL);
}

/* A word or a list of them, each once, of those that are valid (any, if there are none). */
bool take_names(struct experiment *e, const struct markup_node *node, const struct names *valid,
		const char *expected, struct names *out)
{
	const struct markup_node *item;
	const char *word;
	unsigned index;

	free(out->name);
	*out = (struct names){ .count = 0 };
	for (size_t i = 0; (item = markup_item(e->markup, node, i)); i++) {
		if (valid->count ? !take_choice(e, item, valid->name, valid->count, &index) :
				   !markup_text(e->markup, item, expected, &word))
			return false;
		word = valid->count ? valid->name[index] : word;
		if (names_have(out, word))
			return markup_wrong(e->markup, item, "each name once", NULL);
		names_add(out, word);
	}
	return out->count || markup_wrong(e->markup, node, "at least one name", "an empty list");
}

bool take_axis(struct experiment *e, const struct markup_node *node, enum axis axis, struct names *out)
{
	struct names valid = valid_on(axis);
	bool good = take_names(e, node, &valid, "a name or a list of names", out);

	free(valid.name);
	return good;
}

/* Numbers from 1 to most, each of which becomes a word. */
bool take_numbers(struct experiment *e, const struct markup_node *node, uint64_t most, struct names *out)
{
	const struct markup_node *item;
	uint64_t number;

	free(out->name);
	*out = (struct names){ .count = 0 };
	for (size_t i = 0; (item = markup_item(e->markup, node, i)); i++) {
		if (!markup_number(e->markup, item, 1, most, &number))
			return false;
		names_add(out, experiment_own(e, text("%llu", (unsigned long long)number)));
	}
	return out->count || markup_wrong(e->markup, node, "at least one number", "an empty list");
}

bool take_axis_name(struct experiment *e, const struct markup_node *node, enum axis *out)
{
	unsigned index;

	if (!take_choice(e, node, axis_names, AXIS_REPETITION, &index))
		return false;
	*out = (enum axis)index;
	return true;
}

/* The name becomes that of files. */
bool is_file_name(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name) && *name != '-' &&
	       strlen(name) <= 40;
}
