/* What stands in a YAML file, and in which line?  libyaml parses; this asks.  Next: definition_words.c. */
#include "experiments/firn/experiment/markup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "experiments/firn/tool/file.h"
#include "experiments/firn/tool/complain.h"

#define LARGEST ((size_t)1 << 20) /* bytes of a file that a person wrote */

struct markup {
	char *name;
	yaml_document_t document;
};

/* struct markup_node is libyaml's node: only this file looks into one. */
static const yaml_node_t *of(const struct markup_node *node)
{
	return (const yaml_node_t *)(const void *)node;
}

static const struct markup_node *at(const struct markup *markup, int index)
{
	yaml_document_t *document = (yaml_document_t *)&markup->document;

	return (const struct markup_node *)(const void *)yaml_document_get_node(document, index);
}

static const char *scalar(const struct markup_node *node)
{
	return (const char *)of(node)->data.scalar.value;
}

/* Parsed, but for a file with nothing in it. False after one line on stderr. */
static bool parse(struct markup *markup, const char *bytes)
{
	yaml_parser_t parser;
	bool good;

	if (!yaml_parser_initialize(&parser))
		exit(complain(STATUS_FAILED, "out of memory"));
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, strlen(bytes));
	good = yaml_parser_load(&parser, &markup->document);
	if (!good)
		complain(STATUS_FAILED, "%s:%zu: %s%s%s", markup->name, parser.problem_mark.line + 1,
			 parser.problem ? parser.problem : "this is no YAML", parser.context ? ", " : "",
			 parser.context ? parser.context : "");
	yaml_parser_delete(&parser);
	return good;
}

struct markup *markup_parse(const char *name, const char *bytes)
{
	struct markup *markup = grow(NULL, 1, sizeof(*markup));

	markup->name = text("%s", name);
	if (!parse(markup, bytes)) {
		free(markup->name);
		free(markup);
		return NULL;
	}
	if (!markup_root(markup)) {
		complain(STATUS_FAILED, "%s:1: expected keys with values, found nothing", name);
		markup_free(markup);
		return NULL;
	}
	return markup;
}

struct markup *markup_read(const char *path)
{
	char *bytes = file_read(path, LARGEST);
	struct markup *markup = bytes ? markup_parse(path, bytes) : NULL;

	free(bytes);
	return markup;
}

void markup_free(struct markup *markup)
{
	if (!markup)
		return;
	yaml_document_delete(&markup->document);
	free(markup->name);
	free(markup);
}

const struct markup_node *markup_root(const struct markup *markup)
{
	return (const struct markup_node *)(const void *)yaml_document_get_root_node(
		(yaml_document_t *)&markup->document);
}

bool markup_wrong(const struct markup *markup, const struct markup_node *node, const char *expected,
		  const char *found)
{
	const yaml_node_t *n = of(node);
	bool is_text = n->type == YAML_SCALAR_NODE;

	if (!found)
		found = is_text			      ? scalar(node) :
			n->type == YAML_SEQUENCE_NODE ? "a list" :
							"keys with values";
	return !complain(STATUS_FAILED, "%s:%zu: expected %s, found %s%.60s%s", markup->name,
			 n->start_mark.line + 1, expected, is_text ? "'" : "", found, is_text ? "'" : "");
}

/* "one of: a, b, c" in new memory. */
static char *one_of(const struct markup_key *keys, size_t count)
{
	char *list = text("one of:");

	for (size_t i = 0; i < count; i++) {
		char *longer = text("%s %s%s", list, keys[i].name, i + 1 < count ? "," : "");

		free(list);
		list = longer;
	}
	return list;
}

/* False after one line on stderr. */
static bool take_key(const struct markup *markup, const struct markup_node *key,
		     const struct markup_node *value, const struct markup_key *keys, size_t count)
{
	const char *name = "";
	char *expected;

	if (!markup_text(markup, key, "a key", &name))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(keys[i].name, name) != 0)
			continue;
		if (*keys[i].value)
			return markup_wrong(markup, key, "each key once", NULL);
		*keys[i].value = value;
		return true;
	}
	expected = one_of(keys, count);
	markup_wrong(markup, key, expected, NULL);
	free(expected);
	return false;
}

bool markup_mapping(const struct markup *markup, const struct markup_node *node,
		    const struct markup_key *keys, size_t count)
{
	const struct markup_node *key, *value;
	char *expected = one_of(keys, count);
	bool good = markup_is_mapping(node) || markup_wrong(markup, node, expected, NULL);

	free(expected);
	for (size_t i = 0; i < count; i++)
		*keys[i].value = NULL;
	for (size_t i = 0; good && markup_pair(markup, node, i, &key, &value); i++)
		good = take_key(markup, key, value, keys, count);
	for (size_t i = 0; good && i < count; i++)
		if (keys[i].needed && !*keys[i].value) {
			expected = text("the key '%s'", keys[i].name);
			good = markup_wrong(markup, node, expected, "none");
			free(expected);
		}
	return good;
}

bool markup_text(const struct markup *markup, const struct markup_node *node, const char *expected,
		 const char **out)
{
	if (of(node)->type != YAML_SCALAR_NODE || !*scalar(node))
		return markup_wrong(markup, node, expected, NULL);
	*out = scalar(node);
	return true;
}

bool markup_number(const struct markup *markup, const struct markup_node *node, uint64_t min, uint64_t max,
		   uint64_t *out)
{
	char expected[80];
	const char *digits = of(node)->type == YAML_SCALAR_NODE ? scalar(node) : "";
	size_t length = strlen(digits);

	*out = length && length < 19 && strspn(digits, "0123456789") == length ? strtoull(digits, NULL, 10) :
										 UINT64_MAX;
	if (*out >= min && *out <= max)
		return true;
	snprintf(expected, sizeof(expected), "a number from %llu to %llu", (unsigned long long)min,
		 (unsigned long long)max);
	return markup_wrong(markup, node, expected, NULL);
}

/* Both spellings of YAML 1.1 that people use. */
bool markup_bool(const struct markup *markup, const struct markup_node *node, bool *out)
{
	const char *word = of(node)->type == YAML_SCALAR_NODE ? scalar(node) : "";

	*out = strcmp(word, "yes") == 0 || strcmp(word, "true") == 0;
	return *out || strcmp(word, "no") == 0 || strcmp(word, "false") == 0 ||
	       markup_wrong(markup, node, "yes or no", NULL);
}

bool markup_is_list(const struct markup_node *node)
{
	return of(node)->type == YAML_SEQUENCE_NODE;
}

bool markup_is_mapping(const struct markup_node *node)
{
	return of(node)->type == YAML_MAPPING_NODE;
}

const struct markup_node *markup_item(const struct markup *markup, const struct markup_node *node,
				      size_t index)
{
	const yaml_node_t *n = of(node);

	if (n->type != YAML_SEQUENCE_NODE)
		return index ? NULL : node;
	if (index >= (size_t)(n->data.sequence.items.top - n->data.sequence.items.start))
		return NULL;
	return at(markup, n->data.sequence.items.start[index]);
}

bool markup_pair(const struct markup *markup, const struct markup_node *node, size_t index,
		 const struct markup_node **key, const struct markup_node **value)
{
	const yaml_node_t *n = of(node);
	const yaml_node_pair_t *pair;

	if (n->type != YAML_MAPPING_NODE ||
	    index >= (size_t)(n->data.mapping.pairs.top - n->data.mapping.pairs.start))
		return false;
	pair = &n->data.mapping.pairs.start[index];
	*key = at(markup, pair->key);
	*value = at(markup, pair->value);
	return true;
}
