/*
 * What may a word of an experiment's file be?  Each take_ gives false after one line on stderr, which says where.
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_WORDS_H
#define EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_WORDS_H

#include "experiments/firn/experiment/definition.h"
#include "experiments/firn/experiment/markup.h"

extern const char *const engine_names[ENGINES];
extern const char *const axis_names[AXES]; /* as tables, plots and results have them */

bool names_have(const struct names *names, const char *name);
void names_add(struct names *names, const char *name);

/* Takes word, which lives as long as the experiment then. */
const char *experiment_own(struct experiment *e, char *word);

/* *out: the index of a word among those that it may be. */
bool take_choice(struct experiment *e, const struct markup_node *node, const char *const choices[],
		 size_t count, unsigned *out);

/* A word or a list of them, each once, of those that are valid; any, if none is. expected: what they are, for the message. */
bool take_names(struct experiment *e, const struct markup_node *node, const struct names *valid,
		const char *expected, struct names *out);

/* What may stand on an axis, with its name for the caller to free; nothing where that is not a list of names. */
struct names valid_on(enum axis axis);

/* As take_names, for what may stand on an axis. */
bool take_axis(struct experiment *e, const struct markup_node *node, enum axis axis, struct names *out);

/* Numbers from 1 to most, each of which becomes a word. */
bool take_numbers(struct experiment *e, const struct markup_node *node, uint64_t most, struct names *out);

/* An axis of results: repetitions are together there. */
bool take_axis_name(struct experiment *e, const struct markup_node *node, enum axis *out);

/* Can it be the name of files?  Small letters, digits and -, at most 40. */
bool is_file_name(const char *name);

#endif
