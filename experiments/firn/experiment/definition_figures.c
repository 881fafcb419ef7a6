/*
 * What does an experiment's file want to have shown: plots, ratios, estimates, and what others published?  Reads: definition_words.h.
 * Next: plot.c, beside.c, costs.c.
 */
#include "experiments/firn/experiment/definition_figures.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/definition_words.h"
#include "experiments/firn/tool/complain.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const plot_kinds[PLOT_KINDS] = {
	"bars", "stacked", "lines", "parts", "quantiles", "time"
};

/* "only": axis to names. */
static bool take_only(struct experiment *e, const struct markup_node *node, struct plot *plot)
{
	const struct markup_node *nodes[AXES];
	struct markup_key keys[AXES];

	for (unsigned a = 0; a < AXIS_REPETITION; a++)
		keys[a] = (struct markup_key){ axis_names[a], &nodes[a], false };
	if (!markup_mapping(e->markup, node, keys, AXIS_REPETITION))
		return false;
	memcpy(plot->only_at, nodes, AXIS_REPETITION * sizeof(nodes[0]));
	for (unsigned a = 0; a < AXIS_REPETITION; a++)
		if (nodes[a] && !take_axis(e, nodes[a], (enum axis)a, &plot->only[a]))
			return false;
	return true;
}

static bool take_series(struct experiment *e, const struct markup_node *node, struct plot *plot)
{
	const struct markup_node *item;

	for (; (item = markup_item(e->markup, node, plot->series_count)); plot->series_count++) {
		enum axis *axis = &plot->series[plot->series_count];

		if (plot->series_count < AXIS_REPETITION && !take_axis_name(e, item, axis))
			return false;
		for (size_t i = 0; i < plot->series_count; i++)
			if (plot->series_count == AXIS_REPETITION || plot->series[i] == *axis)
				return markup_wrong(e->markup, item, "each axis once", NULL);
	}
	return plot->series_count || markup_wrong(e->markup, node, "an axis", "an empty list");
}

static bool is_number_axis(enum axis axis)
{
	return axis == AXIS_SIZE || axis == AXIS_SMP || axis == AXIS_VMS;
}

bool take_plot(struct experiment *e, const struct markup_node *node, bool quick)
{
	const struct markup_node *name, *title, *label, *kind, *value, *x, *series, *only, *scale;
	const struct markup_key keys[] = {
		{ "name", &name, true },     { "title", &title, true }, { "label", &label, true },
		{ "kind", &kind, true },     { "value", &value, true }, { "x", &x, true },
		{ "series", &series, true }, { "only", &only, false },	{ "logarithmic", &scale, false },
	};
	struct plot *plot;
	unsigned index;

	(void)quick;
	e->plot = grow(e->plot, e->plots + 1, sizeof(*plot));
	plot = &e->plot[e->plots++];
	*plot = (struct plot){ .kind = PLOT_BARS, .at = node };
	if (!markup_mapping(e->markup, node, keys, COUNT(keys)) ||
	    !markup_text(e->markup, name, "a name", &plot->name) ||
	    !markup_text(e->markup, title, "a title", &plot->title) ||
	    !markup_text(e->markup, label, "what the vertical axis shows", &plot->label) ||
	    !markup_text(e->markup, value, "the name of a number", &plot->value) ||
	    !take_choice(e, kind, plot_kinds, PLOT_KINDS, &index) || !take_axis_name(e, x, &plot->x) ||
	    !take_series(e, series, plot) || (only && !take_only(e, only, plot)) ||
	    (scale && !markup_bool(e->markup, scale, &plot->logarithmic)))
		return false;
	plot->kind = (enum plot_kind)index;
	plot->value_at = value;
	if (plot->kind == PLOT_LINES && !is_number_axis(plot->x))
		return markup_wrong(e->markup, x, "one of: size, smp, vms, which are numbers, for lines",
				    NULL);
	for (size_t i = 0; i + 1 < e->plots; i++)
		if (strcmp(e->plot[i].name, plot->name) == 0)
			return markup_wrong(e->markup, name, "a name that no other plot has", NULL);
	return is_file_name(plot->name) ||
	       markup_wrong(e->markup, name, "a name of small letters, digits and -", NULL);
}

bool take_ratio(struct experiment *e, const struct markup_node *node, bool quick)
{
	const struct markup_node *title, *value, *over, *of;
	const struct markup_key keys[] = {
		{ "title", &title, true },
		{ "value", &value, true },
		{ "over", &over, true },
		{ "of", &of, true },
	};
	struct ratio *ratio;
	struct names two = { .count = 0 };
	bool good;

	(void)quick;
	e->ratio = grow(e->ratio, e->ratios + 1, sizeof(*ratio));
	ratio = &e->ratio[e->ratios++];
	*ratio = (struct ratio){ .title = NULL };
	good = markup_mapping(e->markup, node, keys, COUNT(keys)) &&
	       markup_text(e->markup, title, "a title", &ratio->title) &&
	       markup_text(e->markup, value, "the name of a number", &ratio->value) &&
	       take_axis_name(e, over, &ratio->over) && take_axis(e, of, ratio->over, &two) &&
	       (two.count == 2 || markup_wrong(e->markup, of, "two names", NULL));
	for (size_t i = 0; good && i < 2; i++)
		ratio->of[i] = two.name[i];
	ratio->value_at = good ? value : NULL;
	ratio->of_at = good ? of : NULL;
	free(two.name);
	return good;
}

static bool take_counterpart(struct experiment *e, const struct markup_node *node, struct counterpart *c)
{
	const struct markup_node *system, *config, *guests_of, *mode;
	const struct markup_key keys[] = {
		{ "system", &system, true },
		{ "config", &config, false },
		{ "guests", &guests_of, true },
		{ "mode", &mode, true },
	};
	unsigned index = 0;
	struct names valid = valid_on(AXIS_MODE);

	c->config = "";
	bool good = markup_mapping(e->markup, node, keys, COUNT(keys)) &&
		    markup_text(e->markup, system, "a system of the paper", &c->system) &&
		    (!config || markup_text(e->markup, config, "a configuration of it", &c->config)) &&
		    take_axis(e, guests_of, AXIS_GUEST, &c->guests) &&
		    take_choice(e, mode, valid.name, valid.count, &index);
	c->mode = good ? valid.name[index] : NULL;
	c->guests_at = good ? guests_of : NULL;
	free(valid.name);
	return good;
}

static bool take_counterparts(struct experiment *e, const struct markup_node *node, struct comparison *c)
{
	const struct markup_node *item;
	bool good = true;

	for (size_t i = 0; good && (item = markup_item(e->markup, node, i)); i++) {
		c->counterpart = grow(c->counterpart, i + 1, sizeof(c->counterpart[0]));
		c->counterpart[i] = (struct counterpart){ .system = NULL };
		c->counterparts = i + 1;
		good = take_counterpart(e, item, &c->counterpart[i]);
	}
	return good;
}

/* Their name, and the workload that is the same. */
static bool take_benchmarks(struct experiment *e, const struct markup_node *node, struct comparison *c)
{
	const struct markup_node *key, *value;
	struct names one = { .count = 0 };
	const char *name;
	bool good = markup_is_mapping(node) ||
		    markup_wrong(e->markup, node, "benchmarks of the paper with a workload each", NULL);

	for (size_t i = 0; good && markup_pair(e->markup, node, i, &key, &value); i++) {
		good = markup_text(e->markup, key, "a benchmark of the paper", &name) &&
		       take_axis(e, value, AXIS_WORKLOAD, &one) &&
		       (one.count == 1 || markup_wrong(e->markup, value, "one workload", NULL));
		if (good) {
			names_add(&c->benchmarks, name);
			names_add(&c->workloads, one.name[0]);
		}
	}
	free(one.name);
	return good;
}

bool take_comparison(struct experiment *e, const struct markup_node *node, bool quick)
{
	const struct markup_node *source, *table, *metric, *value, *words, *systems, *benchmarks;
	const struct markup_key keys[] = {
		{ "source", &source, true },	     { "table", &table, false },
		{ "metric", &metric, true },	     { "value", &value, true },
		{ "comparable", &words, true },	     { "systems", &systems, true },
		{ "benchmarks", &benchmarks, true },
	};
	struct comparison *c;

	(void)quick;
	e->comparison = grow(e->comparison, e->comparisons + 1, sizeof(*c));
	c = &e->comparison[e->comparisons++];
	*c = (struct comparison){ .source = NULL };
	if (!markup_mapping(e->markup, node, keys, COUNT(keys)))
		return false;
	c->value_at = value;
	c->benchmarks_at = benchmarks;
	return markup_text(e->markup, source, "a source of experiments/published", &c->source) &&
	       (!table || markup_text(e->markup, table, "a table of it", &c->table)) &&
	       markup_text(e->markup, metric, "a metric of it", &c->metric) &&
	       markup_text(e->markup, value, "the name of a number", &c->value) &&
	       markup_text(e->markup, words, "what is comparable, in words", &c->comparable) &&
	       take_counterparts(e, systems, c) && take_benchmarks(e, benchmarks, c);
}

/* What one number of a result costs: a cost, or several of them. */
static bool take_term(struct experiment *e, const struct markup_node *number, const struct markup_node *costs,
		      struct model *model)
{
	const struct markup_node *item;
	const char *value, *cost;

	if (!markup_text(e->markup, number, "the name of a number", &value))
		return false;
	for (size_t i = 0; (item = markup_item(e->markup, costs, i)); i++) {
		if (!markup_text(e->markup, item, "a cost of costs.csv", &cost))
			return false;
		names_add(&model->values, value);
		names_add(&model->costs, cost);
	}
	return model->values.count || markup_wrong(e->markup, costs, "at least one cost", "an empty list");
}

static bool take_terms(struct experiment *e, const struct markup_node *node, struct model *model)
{
	const struct markup_node *key, *value;
	bool good = markup_is_mapping(node) ||
		    markup_wrong(e->markup, node, "numbers of a result with their costs", NULL);

	for (size_t i = 0; good && markup_pair(e->markup, node, i, &key, &value); i++)
		good = take_term(e, key, value, model);
	return good && (model->values.count ||
			markup_wrong(e->markup, node, "at least one term", "an empty mapping"));
}

bool take_model(struct experiment *e, const struct markup_node *node, bool quick)
{
	const struct markup_node *name, *title, *terms;
	const struct markup_key keys[] = {
		{ "name", &name, true },
		{ "title", &title, true },
		{ "terms", &terms, true },
	};
	struct model *model;

	(void)quick;
	e->model = grow(e->model, e->models + 1, sizeof(*model));
	model = &e->model[e->models++];
	*model = (struct model){ .name = NULL };
	if (!markup_mapping(e->markup, node, keys, COUNT(keys)))
		return false;
	model->terms_at = terms;
	return markup_text(e->markup, name, "a name", &model->name) &&
	       (is_file_name(model->name) ||
		markup_wrong(e->markup, name, "a name of a-z, 0-9 and -", NULL)) &&
	       markup_text(e->markup, title, "what is assumed, in words", &model->title) &&
	       take_terms(e, terms, model);
}

static bool take_one(struct experiment *e, const struct markup_node *node, enum axis axis, const char **out)
{
	struct names one = { .count = 0 };
	bool good = take_axis(e, node, axis, &one) &&
		    (one.count == 1 || markup_wrong(e->markup, node, "one name", "a list"));

	*out = good ? one.name[0] : NULL;
	free(one.name);
	return good;
}

static bool take_most(struct experiment *e, const struct markup_node *node, const char **out)
{
	char *end;

	if (!markup_text(e->markup, node, "a number", out))
		return false;
	(void)strtod(*out, &end);
	return (*end == '\0' && end != *out) || markup_wrong(e->markup, node, "a number", NULL);
}

bool take_bound(struct experiment *e, const struct markup_node *node, bool quick)
{
	const struct markup_node *title, *guest, *mode, *workload, *value, *less, *over, *most, *note;
	const struct markup_key keys[] = {
		{ "title", &title, true },	 { "guest", &guest, true }, { "mode", &mode, true },
		{ "workload", &workload, true }, { "value", &value, true }, { "less", &less, false },
		{ "over", &over, false },	 { "most", &most, false },  { "note", &note, false },
	};
	struct bound *bound;

	(void)quick;
	e->bound = grow(e->bound, e->bounds + 1, sizeof(*bound));
	bound = &e->bound[e->bounds++];
	*bound = (struct bound){ .note = "", .at = node };
	if (!markup_mapping(e->markup, node, keys, COUNT(keys)))
		return false;
	bound->value_at = value;
	return markup_text(e->markup, title, "what is bounded", &bound->title) &&
	       take_one(e, guest, AXIS_GUEST, &bound->guest) && take_one(e, mode, AXIS_MODE, &bound->mode) &&
	       take_one(e, workload, AXIS_WORKLOAD, &bound->workload) &&
	       markup_text(e->markup, value, "the name of a number", &bound->value) &&
	       (!less || take_one(e, less, AXIS_WORKLOAD, &bound->less)) &&
	       (!over || take_one(e, over, AXIS_MODE, &bound->over)) &&
	       (!most || take_most(e, most, &bound->most)) &&
	       (!note || markup_text(e->markup, note, "words", &bound->note));
}

static void free_comparison(struct comparison *c)
{
	for (size_t i = 0; i < c->counterparts; i++)
		free(c->counterpart[i].guests.name);
	free(c->counterpart);
	free(c->benchmarks.name);
	free(c->workloads.name);
}

void free_figures(struct experiment *e)
{
	for (size_t i = 0; i < e->plots; i++)
		for (unsigned a = 0; a < AXES; a++)
			free(e->plot[i].only[a].name);
	for (size_t i = 0; i < e->comparisons; i++)
		free_comparison(&e->comparison[i]);
	for (size_t i = 0; i < e->models; i++) {
		free(e->model[i].values.name);
		free(e->model[i].costs.name);
	}
	free(e->plot);
	free(e->ratio);
	free(e->model);
	free(e->bound);
	free(e->comparison);
}
