/*
 * Which experiment does a file define?  Strict: what is not known is told with its line, since a key that is overlooked would be a
 * measurement of something else.  Reads: markup.h.  Next: matrix.c.
 */
#include "experiments/firn/experiment/definition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/file.h"
#include "experiments/firn/experiment/markup.h"
#include "experiments/firn/machine/console.h"
#include "experiments/firn/machine/guests.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/paths.h"

#define SIZE_LARGEST 1000000000
#define REPETITIONS_MOST 1000
#define LARGEST_FILE ((size_t)1 << 20)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *const engine_names[ENGINES] = { "stat", "whatif" };
const char *const axis_names[AXES] = { "guest", "mode", "cpu",	    "workload",
				       "size",	"smp",	"deferred", "repetition" };
static const char *const plot_kinds[PLOT_KINDS] = { "bars", "stacked", "lines" };

bool names_have(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->name[i], name) == 0)
			return true;
	return false;
}

static void names_add(struct names *names, const char *name)
{
	names->name = grow(names->name, names->count + 1, sizeof(char *));
	names->name[names->count++] = name;
}

/* A word that lives as long as the experiment. */
static const char *own(struct experiment *e, char *word)
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
static struct names valid_on(enum axis axis)
{
	struct names names = { .count = 0 };

	if (axis == AXIS_GUEST)
		for (size_t i = 0; i < guest_count; i++) {
			if (guests[i].kind != GUEST_LESSON)
				names_add(&names, guests[i].name);
		}
	else if (axis == AXIS_MODE)
		add_rows(&names, modes, mode_count, sizeof(modes[0]));
	else if (axis == AXIS_CPU)
		add_rows(&names, cpus, cpu_count, sizeof(cpus[0]));
	else if (axis == AXIS_WORKLOAD)
		add_rows(&names, workloads, workload_count, sizeof(workloads[0]));
	return names;
}

/* The index of a word among those that it may be. False after one line on stderr. */
static bool take_choice(struct experiment *e, const struct markup_node *node, const char *const choices[],
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
static bool take_names(struct experiment *e, const struct markup_node *node, const struct names *valid,
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

static bool take_axis(struct experiment *e, const struct markup_node *node, enum axis axis, struct names *out)
{
	struct names valid = valid_on(axis);
	bool good = take_names(e, node, &valid, "a name or a list of names", out);

	free(valid.name);
	return good;
}

/* Two numbers, the first less than the second. */
static bool take_size(struct experiment *e, const struct markup_node *node, struct names *out)
{
	const struct markup_node *n1 = markup_is_list(node) ? markup_item(e->markup, node, 0) : NULL,
				 *n2 = n1 ? markup_item(e->markup, node, 1) : NULL;
	uint64_t from = 0, to = 0;

	if (!n2 || markup_item(e->markup, node, 2))
		return markup_wrong(e->markup, node, "two numbers like [1000, 2000]", NULL);
	if (!markup_number(e->markup, n1, 0, SIZE_LARGEST, &from) ||
	    !markup_number(e->markup, n2, 1, SIZE_LARGEST, &to))
		return false;
	if (from >= to)
		return markup_wrong(e->markup, n2, "a number larger than the first", NULL);
	names_add(out, own(e, text("%llu,%llu", (unsigned long long)from, (unsigned long long)to)));
	return true;
}

/* One such pair, or a list of them. */
static bool take_sizes(struct experiment *e, const struct markup_node *node, struct names *out)
{
	const struct markup_node *item = markup_is_list(node) ? markup_item(e->markup, node, 0) : NULL;
	bool good = true;

	free(out->name);
	*out = (struct names){ .count = 0 };
	if (!item || !markup_is_list(item))
		return take_size(e, node, out);
	for (size_t i = 0; good && (item = markup_item(e->markup, node, i)); i++)
		good = take_size(e, item, out);
	return good;
}

/* Numbers from 1 to most, each of which becomes a word. */
static bool take_numbers(struct experiment *e, const struct markup_node *node, uint64_t most,
			 struct names *out)
{
	const struct markup_node *item;
	uint64_t number;

	free(out->name);
	*out = (struct names){ .count = 0 };
	for (size_t i = 0; (item = markup_item(e->markup, node, i)); i++) {
		if (!markup_number(e->markup, item, 1, most, &number))
			return false;
		names_add(out, own(e, text("%llu", (unsigned long long)number)));
	}
	return out->count || markup_wrong(e->markup, node, "at least one number", "an empty list");
}

/* So many runs that are alike: "1" and so on. */
static bool take_repetitions(struct experiment *e, const struct markup_node *node, struct names *out)
{
	uint64_t count;

	if (!markup_number(e->markup, node, 1, REPETITIONS_MOST, &count))
		return false;
	free(out->name);
	*out = (struct names){ .count = 0 };
	for (uint64_t i = 1; i <= count; i++)
		names_add(out, own(e, text("%llu", (unsigned long long)i)));
	return true;
}

/* The nodes of a block of runs; of all those that are there, the word is taken. */
struct block_nodes {
	const struct markup_node *engine, *guests, *modes, *cpus, *workloads, *sizes, *smp, *deferred,
		*repetitions, *s2, *patience, *quick;
};

static bool block_keys(struct experiment *e, const struct markup_node *node, struct block_nodes *n)
{
	const struct markup_key keys[] = {
		{ "guests", &n->guests, false },
		{ "modes", &n->modes, false },
		{ "cpus", &n->cpus, false },
		{ "workloads", &n->workloads, false },
		{ "sizes", &n->sizes, false },
		{ "smp", &n->smp, false },
		{ "deferred", &n->deferred, false },
		{ "s2", &n->s2, false },
		{ "repetitions", &n->repetitions, false },
		{ "patience", &n->patience, false },
		{ "engine", &n->engine, false },
		{ "quick", &n->quick, false },
	};

	return markup_mapping(e->markup, node, keys, COUNT(keys));
}

static bool take_block(struct experiment *e, const struct block_nodes *n, struct block *block)
{
	const struct names any = { .count = 0 };
	struct names *on = block->axis;
	unsigned engine = block->engine;

	if ((n->engine && !take_choice(e, n->engine, engine_names, ENGINES, &engine)) ||
	    (n->guests && !take_axis(e, n->guests, AXIS_GUEST, &on[AXIS_GUEST])) ||
	    (n->modes && !take_axis(e, n->modes, AXIS_MODE, &on[AXIS_MODE])) ||
	    (n->cpus && !take_axis(e, n->cpus, AXIS_CPU, &on[AXIS_CPU])) ||
	    (n->workloads && !take_axis(e, n->workloads, AXIS_WORKLOAD, &on[AXIS_WORKLOAD])) ||
	    (n->sizes && !take_sizes(e, n->sizes, &on[AXIS_SIZE])) ||
	    (n->smp && !take_numbers(e, n->smp, MAX_CPUS, &on[AXIS_SMP])) ||
	    (n->deferred && !take_names(e, n->deferred, &any, "a set of registers as firn whatif has it",
					&on[AXIS_DEFERRED])) ||
	    (n->repetitions && !take_repetitions(e, n->repetitions, &on[AXIS_REPETITION])) ||
	    (n->s2 && !markup_bool(e->markup, n->s2, &block->s2)) ||
	    (n->patience &&
	     !markup_number(e->markup, n->patience, 1, CONSOLE_PATIENCE_MAX, &block->patience)))
		return false;
	block->engine = (enum engine)engine;
	return true;
}

/* Of what firn whatif has no use for, the one word that says so stands on the axis. */
static void complete_block(struct block *block)
{
	static const char *const usual[AXES] = {
		[AXIS_MODE] = "", [AXIS_CPU] = "max",	[AXIS_SIZE] = "",
		[AXIS_SMP] = "",  [AXIS_DEFERRED] = "", [AXIS_REPETITION] = "1"
	};

	for (unsigned a = 0; a < AXES; a++)
		if (!block->axis[a].count && usual[a] && a != AXIS_MODE)
			names_add(&block->axis[a], usual[a]);
	if (block->axis[AXIS_MODE].count)
		return;
	names_add(&block->axis[AXIS_MODE], "nv");
	if (block->engine == ENGINE_STAT)
		names_add(&block->axis[AXIS_MODE], "nv2");
}

static const struct workload *workload_named(const char *name)
{
	for (size_t i = 0; i < workload_count; i++)
		if (strcmp(workloads[i].name, name) == 0)
			return &workloads[i];
	return NULL;
}

static const struct guest *guest_named(const char *name)
{
	for (size_t i = 0; i < guest_count; i++)
		if (strcmp(guests[i].name, name) == 0)
			return &guests[i];
	return NULL;
}

/* Can every guest of it do every workload, on so many CPUs?  node: where the block stands. */
static bool block_fits(struct experiment *e, const struct markup_node *node, const struct block *block)
{
	const struct names *guests_in = &block->axis[AXIS_GUEST], *smp = &block->axis[AXIS_SMP];
	char expected[160];

	for (size_t w = 0; w < block->axis[AXIS_WORKLOAD].count; w++) {
		const struct workload *work = workload_named(block->axis[AXIS_WORKLOAD].name[w]);

		for (size_t g = 0; g < guests_in->count; g++)
			if (workload_wants(work, guest_named(guests_in->name[g]))) {
				snprintf(expected, sizeof(expected), "%s for the workload %s",
					 workload_wants(work, guest_named(guests_in->name[g])), work->name);
				return markup_wrong(e->markup, node, expected, guests_in->name[g]);
			}
		for (size_t s = 0; s < smp->count; s++)
			if (*smp->name[s] && strtoul(smp->name[s], NULL, 10) < work->cpus) {
				snprintf(expected, sizeof(expected), "smp %u for the workload %s", work->cpus,
					 work->name);
				return markup_wrong(e->markup, node, expected, smp->name[s]);
			}
	}
	return true;
}

static bool block_is_whole(struct experiment *e, const struct markup_node *node, const struct block *block)
{
	const struct names *axis = block->axis;

	if (!axis[AXIS_GUEST].count || !axis[AXIS_WORKLOAD].count)
		return markup_wrong(e->markup, node, "the keys 'guests' and 'workloads'",
				    "a block of runs without");
	if (block->engine == ENGINE_STAT && *axis[AXIS_DEFERRED].name[0])
		return markup_wrong(e->markup, node, "'engine: whatif' with the key 'deferred'", "stat");
	if (block->engine == ENGINE_WHATIF &&
	    (axis[AXIS_MODE].count != 1 || strcmp(axis[AXIS_MODE].name[0], "nv") != 0))
		return markup_wrong(e->markup, node, "no other mode than nv with 'engine: whatif'",
				    axis[AXIS_MODE].name[0]);
	if (block->engine == ENGINE_WHATIF && !*axis[AXIS_DEFERRED].name[0])
		return markup_wrong(e->markup, node, "the key 'deferred' with 'engine: whatif'", "none");
	return block_fits(e, node, block);
}

/* "quick: no" leaves the block out, in *left_out; a mapping has what is different. */
static bool take_quick(struct experiment *e, const struct markup_node *node, struct block *block,
		       bool *left_out)
{
	struct block_nodes nodes;
	bool with;

	if (!markup_is_mapping(node)) {
		if (!markup_bool(e->markup, node, &with))
			return false;
		*left_out = !with;
		return true;
	}
	if (!block_keys(e, node, &nodes))
		return false;
	if (nodes.quick || nodes.engine)
		return markup_wrong(e->markup, node, "neither 'quick' nor 'engine' in 'quick'", "it");
	return take_block(e, &nodes, block);
}

static void free_block(struct block *block)
{
	for (unsigned a = 0; a < AXES; a++)
		free(block->axis[a].name);
}

/* What the file says of a quick run is looked at in any case. */
static bool take_runs(struct experiment *e, const struct markup_node *node, bool quick)
{
	struct block_nodes nodes;
	struct block block = { .patience = CONSOLE_PATIENCE }, in_quick = block;
	bool left_out = false;

	bool good = block_keys(e, node, &nodes) && take_block(e, &nodes, &block) &&
		    take_block(e, &nodes, &in_quick) &&
		    (!nodes.quick || take_quick(e, nodes.quick, &in_quick, &left_out));
	if (good) {
		complete_block(&block);
		complete_block(&in_quick);
		good = block_is_whole(e, node, &block) && block_is_whole(e, node, &in_quick);
	}
	free_block(quick ? &block : &in_quick);
	if (!good || (quick && left_out)) {
		free_block(quick ? &in_quick : &block);
		return good;
	}
	e->block = grow(e->block, e->blocks + 1, sizeof(block));
	e->block[e->blocks++] = quick ? in_quick : block;
	return true;
}

static bool take_axis_name(struct experiment *e, const struct markup_node *node, enum axis *out)
{
	unsigned index;

	if (!take_choice(e, node, axis_names, AXES, &index))
		return false;
	*out = (enum axis)index;
	return true;
}

/* "only": axis to names. */
static bool take_only(struct experiment *e, const struct markup_node *node, struct plot *plot)
{
	const struct markup_node *nodes[AXES];
	struct markup_key keys[AXES];

	for (unsigned a = 0; a < AXES; a++)
		keys[a] = (struct markup_key){ axis_names[a], &nodes[a], false };
	if (!markup_mapping(e->markup, node, keys, AXES))
		return false;
	for (unsigned a = 0; a < AXES; a++)
		if (nodes[a] && !take_axis(e, nodes[a], (enum axis)a, &plot->only[a]))
			return false;
	return true;
}

static bool take_series(struct experiment *e, const struct markup_node *node, struct plot *plot)
{
	const struct markup_node *item;

	for (; (item = markup_item(e->markup, node, plot->series_count)); plot->series_count++)
		if (plot->series_count == AXES || !take_axis_name(e, item, &plot->series[plot->series_count]))
			return plot->series_count < AXES ?
				       false :
				       markup_wrong(e->markup, item, "each axis once", NULL);
	return plot->series_count || markup_wrong(e->markup, node, "an axis", "an empty list");
}

/* The name becomes that of files. */
static bool is_file_name(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name) && *name != '-' &&
	       strlen(name) <= 40;
}

static bool take_plot(struct experiment *e, const struct markup_node *node, bool quick)
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
	*plot = (struct plot){ .kind = PLOT_BARS };
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
	for (size_t i = 0; i + 1 < e->plots; i++)
		if (strcmp(e->plot[i].name, plot->name) == 0)
			return markup_wrong(e->markup, name, "a name that no other plot has", NULL);
	return is_file_name(plot->name) ||
	       markup_wrong(e->markup, name, "a name of small letters, digits and -", NULL);
}

static bool take_ratio(struct experiment *e, const struct markup_node *node, bool quick)
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

static bool take_comparison(struct experiment *e, const struct markup_node *node, bool quick)
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
	return markup_mapping(e->markup, node, keys, COUNT(keys)) &&
	       markup_text(e->markup, source, "a source of experiments/published", &c->source) &&
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

static bool take_model(struct experiment *e, const struct markup_node *node, bool quick)
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
	return markup_mapping(e->markup, node, keys, COUNT(keys)) &&
	       markup_text(e->markup, name, "a name", &model->name) &&
	       (is_file_name(model->name) ||
		markup_wrong(e->markup, name, "a name of a-z, 0-9 and -", NULL)) &&
	       markup_text(e->markup, title, "what is assumed, in words", &model->title) &&
	       take_terms(e, terms, model);
}

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
	const struct markup_node *title, *question, *method, *runs, *plots, *ratios, *models, *published,
		*root = markup_root(e->markup);
	const struct markup_key keys[] = {
		{ "title", &title, true },    { "question", &question, true },
		{ "method", &method, false }, { "runs", &runs, true },
		{ "plots", &plots, false },   { "ratios", &ratios, false },
		{ "models", &models, false }, { "published", &published, false },
	};

	if (!markup_mapping(e->markup, root, keys, COUNT(keys)) ||
	    !markup_text(e->markup, title, "a title", &e->title) ||
	    !markup_text(e->markup, question, "the question that it answers", &e->question) ||
	    (method && !markup_text(e->markup, method, "what one has to know", &e->method)) ||
	    !take_each(e, runs, quick, take_runs) || !take_each(e, plots, quick, take_plot) ||
	    !take_each(e, ratios, quick, take_ratio) || !take_each(e, models, quick, take_model) ||
	    !take_each(e, published, quick, take_comparison))
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

static void free_comparison(struct comparison *c)
{
	for (size_t i = 0; i < c->counterparts; i++)
		free(c->counterpart[i].guests.name);
	free(c->counterpart);
	free(c->benchmarks.name);
	free(c->workloads.name);
}

void experiment_free(struct experiment *e)
{
	for (size_t i = 0; i < e->blocks; i++)
		free_block(&e->block[i]);
	for (size_t i = 0; i < e->plots; i++)
		for (unsigned a = 0; a < AXES; a++)
			free(e->plot[i].only[a].name);
	for (size_t i = 0; i < e->comparisons; i++)
		free_comparison(&e->comparison[i]);
	for (size_t i = 0; i < e->models; i++) {
		free(e->model[i].values.name);
		free(e->model[i].costs.name);
	}
	for (size_t i = 0; i < e->owned; i++)
		free(e->own[i]);
	free(e->own);
	free(e->block);
	free(e->plot);
	free(e->ratio);
	free(e->model);
	free(e->comparison);
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
