/*
 * Which experiment does a file define?  Strict: what is not known is told with its line, since a key that is overlooked would be a
 * measurement of something else.  Reads: definition_runs.h, definition_figures.h.  Next: matrix.c.
 */
#include "experiments/firn/experiment/definition_file.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/definition_figures.h"
#include "experiments/firn/experiment/definition_runs.h"
#include "experiments/firn/experiment/markup.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/file.h"
#include "experiments/firn/tool/paths.h"

#define LARGEST_FILE ((size_t)1 << 20)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Each item of a list, which may be left out. */
static bool take_each(struct experiment *e, const struct markup_node *list, bool quick,
		      bool (*take)(struct experiment *, const struct markup_node *, bool))
{
	const struct markup_node *item;

	if (list && !markup_is_list(list))
		return markup_wrong(e->markup, list, "a list", NULL);
	for (size_t i = 0; list && (item = markup_item(e->markup, list, i)); i++)
		if (!take(e, item, quick))
			return false;
	return true;
}

static bool take_all(struct experiment *e, bool quick)
{
	const struct markup_node *title, *question, *method, *runs, *plots, *ratios, *models, *bounds,
		*published, *root = markup_root(e->markup);
	const struct markup_key keys[] = {
		{ "title", &title, true },	    { "question", &question, true },
		{ "method", &method, false },	    { "runs", &runs, true },
		{ "plots", &plots, false },	    { "ratios", &ratios, false },
		{ "models", &models, false },	    { "bounds", &bounds, false },
		{ "published", &published, false },
	};

	if (!markup_mapping(e->markup, root, keys, COUNT(keys)) ||
	    !markup_text(e->markup, title, "a title", &e->title) ||
	    !markup_text(e->markup, question, "the question that it answers", &e->question) ||
	    (method && !markup_text(e->markup, method, "what one has to know", &e->method)) ||
	    !take_each(e, runs, quick, take_runs) || !take_each(e, plots, quick, take_plot) ||
	    !take_each(e, ratios, quick, take_ratio) || !take_each(e, models, quick, take_model) ||
	    !take_each(e, bounds, quick, take_bound) || !take_each(e, published, quick, take_comparison))
		return false;
	return e->blocks || markup_wrong(e->markup, runs, "at least one block of runs", "none");
}

bool experiment_parse(struct experiment *e, const char *file, const char *bytes, bool quick)
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
	size_t length = strlen(base);
	bool good;

	if (length > 5 && strcmp(base + length - 5, ".yaml") == 0)
		length -= 5;
	*e = (struct experiment){ .file = text("%s", file), .name = text("%.*s", (int)length, base) };
	e->markup = markup_parse(file, bytes);
	good = e->markup && take_all(e, quick);
	if (!good)
		experiment_free(e);
	return good;
}

bool experiment_read(struct experiment *e, const char *file, bool quick)
{
	char *bytes = file_read(file, LARGEST_FILE);
	bool good = bytes && experiment_parse(e, file, bytes, quick);

	free(bytes);
	return good;
}

void experiment_free(struct experiment *e)
{
	for (size_t i = 0; i < e->blocks; i++)
		free_block(&e->block[i]);
	free_figures(e);
	for (size_t i = 0; i < e->owned; i++)
		free(e->own[i]);
	free(e->own);
	free(e->block);
	markup_free(e->markup);
	free(e->name);
	free(e->file);
	*e = (struct experiment){ .name = NULL };
}

char *experiment_folder(void)
{
	return path_built("catalog");
}

char *experiment_find(const char *name)
{
	size_t length = strlen(name);
	char *folder;
	char *file;

	if (strchr(name, '/') || (length > 5 && strcmp(name + length - 5, ".yaml") == 0))
		return text("%s", name);
	folder = experiment_folder();
	file = text("%s/%s.yaml", folder, name);
	free(folder);
	return file;
}
