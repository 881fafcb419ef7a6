/*
 * What stands in a YAML file, and in which line?  Everything read from it is asked for by its kind; what is of another one is told
 * with file, line and what was expected.
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_MARKUP_H
#define EXPERIMENTS_FIRN_EXPERIMENT_MARKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct markup;	    /* a file */
struct markup_node; /* something in it */

/* One key of a mapping: where its value goes, NULL if there is none. */
struct markup_key {
	const char *name;
	const struct markup_node **value;
	bool needed;
};

/* name: of the file, for messages. NULL after one line on stderr. */
struct markup *markup_parse(const char *name, const char *bytes);
struct markup *markup_read(const char *path);
void markup_free(struct markup *markup);
const struct markup_node *markup_root(const struct markup *markup);

/* "FILE:LINE: expected EXPECTED, found FOUND" on stderr; always false. found NULL: what is there. */
bool markup_wrong(const struct markup *markup, const struct markup_node *node, const char *expected,
		  const char *found);

/* All of these: false after one line on stderr. A key that is not in keys, or there twice, is one. */
bool markup_mapping(const struct markup *markup, const struct markup_node *node,
		    const struct markup_key *keys, size_t count);
bool markup_text(const struct markup *markup, const struct markup_node *node, const char *expected,
		 const char **out);
bool markup_number(const struct markup *markup, const struct markup_node *node, uint64_t min, uint64_t max,
		   uint64_t *out);
bool markup_bool(const struct markup *markup, const struct markup_node *node, bool *out);

/* Something in a list, or the only one if it is no list; NULL behind the last. */
const struct markup_node *markup_item(const struct markup *markup, const struct markup_node *node,
				      size_t index);
bool markup_is_list(const struct markup_node *node);
bool markup_is_mapping(const struct markup_node *node);

/* Key and value number index of a mapping, whose keys are any text; false behind the last, or if it is none. */
bool markup_pair(const struct markup *markup, const struct markup_node *node, size_t index,
		 const struct markup_node **key, const struct markup_node **value);

#endif
