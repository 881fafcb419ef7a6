/*
 * Can all that an experiment's file wants to have shown be there?  What no run is of would be left out without a word, and whoever
 * wrote it takes the silence for consent.  Reads: result_names.h, plot_words.h.
 */
#define _GNU_SOURCE
#include "experiments/firn/experiment/definition_check.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/costs.h"
#include "experiments/firn/experiment/definition_words.h"
#include "experiments/firn/experiment/markup.h"
#include "experiments/firn/experiment/plot_words.h"
#include "experiments/firn/experiment/result_names.h"
#include "experiments/firn/tool/complain.h"

/* "on the axis mode one of: nv, nv2": what the runs have there. New memory. */
static char *words_on(const struct matrix *m, enum axis axis)
{
	char *out = text("on the axis %s what a run has:", axis_names[axis]);
	struct names met = { .count = 0 };

	for (size_t i = 0; i < m->runs; i++)
		if (*m->run[i].at[axis] && !names_have(&met, m->run[i].at[axis])) {
			char *longer = text("%s%s %s", out, met.count ? "," : "", m->run[i].at[axis]);

			names_add(&met, m->run[i].at[axis]);
			free(out);
			out = longer;
		}
	free(met.name);
	return out;
}

/* Is there a run with that word on the axis? False after one line on stderr. */
static bool is_on(const struct experiment *e, const struct matrix *m, const struct markup_node *node,
		  enum axis axis, const char *word)
{
	char *expected;

	for (size_t i = 0; i < m->runs; i++)
		if (strcmp(m->run[i].at[axis], word) == 0)
			return true;
	expected = words_on(m, axis);
	markup_wrong(e->markup, node, expected, word);
	free(expected);
	return false;
}

static bool is_model(const struct experiment *e, const char *value)
{
	size_t length = strlen(ESTIMATE_OBJECT);

	for (size_t i = 0; i < e->models; i++)
		if (strncmp(value, ESTIMATE_OBJECT, length) == 0 && value[length] == '.' &&
		    strcmp(value + length + 1, e->model[i].name) == 0)
			return true;
	return false;
}

/* False after one line on stderr. */
static bool check_value(const struct experiment *e, const struct markup_node *node, const char *value,
			unsigned engines, unsigned kinds)
{
	char *expected;

	if (result_can_have(value, engines, kinds) || (kinds & VALUE_NUMBER && is_model(e, value)))
		return true;
	expected = result_names(engines, kinds);
	markup_wrong(e->markup, node, expected, value);
	free(expected);
	return false;
}

/* ---- plots --------------------------------------------------------------------------------------------------------- */

static bool check_only(const struct experiment *e, const struct matrix *m, const struct plot *plot)
{
	for (unsigned a = 0; a < AXES; a++)
		for (size_t i = 0; i < plot->only[a].count; i++)
			if (!is_on(e, m, plot->only_at[a], (enum axis)a, plot->only[a].name[i]))
				return false;
	return true;
}

static bool check_plot(const struct experiment *e, const struct matrix *m, const struct plot *plot)
{
	unsigned engines = 0, kinds = plot->kind == PLOT_BARS || plot->kind == PLOT_LINES ? VALUE_NUMBER :
				      plot->kind == PLOT_QUANTILES			  ? VALUE_PAIRS :
											    VALUE_OBJECT;

	if (!check_only(e, m, plot))
		return false;
	for (size_t i = 0; i < m->runs; i++)
		if (plot_has(plot, &m->run[i]))
			engines |= result_engines(&m->run[i]);
	if (!engines)
		return markup_wrong(e->markup, plot->at, "a run that has all of 'only' at once", "none");
	return check_value(e, plot->value_at, plot->value, engines, kinds);
}

/* ---- ratios -------------------------------------------------------------------------------------------------------- */

static bool is_pair(const struct ratio *ratio, const struct run *a, const struct run *b)
{
	for (unsigned axis = 0; axis < AXES; axis++)
		if (axis != ratio->over && strcmp(a->at[axis], b->at[axis]) != 0)
			return false;
	return a->block->engine == b->block->engine && strcmp(a->at[ratio->over], ratio->of[0]) == 0 &&
	       strcmp(b->at[ratio->over], ratio->of[1]) == 0;
}

static bool check_ratio(const struct experiment *e, const struct matrix *m, const struct ratio *ratio)
{
	unsigned engines = 0;

	for (unsigned i = 0; i < 2; i++)
		if (!is_on(e, m, ratio->of_at, ratio->over, ratio->of[i]))
			return false;
	for (size_t i = 0; i < m->runs; i++)
		for (size_t k = 0;
		     strcmp(m->run[i].at[ratio->over], ratio->of[0]) == 0 && !engines && k < m->runs; k++)
			if (is_pair(ratio, &m->run[i], &m->run[k]))
				engines = result_engines(&m->run[i]) | result_engines(&m->run[k]);
	if (!engines)
		return markup_wrong(e->markup, ratio->of_at, "two runs that differ in nothing else", "none");
	for (size_t i = 0; i < m->runs; i++)
		engines |= result_engines(&m->run[i]);
	return check_value(e, ratio->value_at, ratio->value, engines, VALUE_NUMBER);
}

/* ---- bounds -------------------------------------------------------------------------------------------------------- */

/* *engines: of the runs that it is of. False after one line on stderr if there is none, or too few for "differ". */
static bool check_runs(const struct experiment *e, const struct matrix *m, const struct bound *bound,
		       const char *mode, const char *workload, unsigned *engines)
{
	bool several = false;
	char *missing;

	*engines = 0;
	for (size_t i = 0; i < m->runs; i++) {
		const char *const *at = m->run[i].at;

		if (strcmp(at[AXIS_GUEST], bound->guest) != 0 || strcmp(at[AXIS_MODE], mode) != 0 ||
		    strcmp(at[AXIS_WORKLOAD], workload) != 0)
			continue;
		*engines |= result_engines(&m->run[i]);
		several |= strcmp(at[AXIS_REPETITION], "1") != 0;
	}
	if (!*engines || (!several && strcmp(bound->value, "differ") == 0)) {
		missing = text("none of %s, %s, %s", bound->guest, mode, workload);
		markup_wrong(e->markup, bound->at,
			     *engines ? "repetitions, for 'differ'" : "a bound of one of the runs", missing);
		free(missing);
		return false;
	}
	return true;
}

/* "a + b - c", each on its own. */
static bool check_sum(const struct experiment *e, const struct bound *bound, unsigned engines)
{
	char *words = text("%s", bound->value), *rest = NULL;
	bool good = true;

	for (char *word = strtok_r(words, " ", &rest); good && word; word = strtok_r(NULL, " ", &rest))
		good = strcmp(word, "+") == 0 || strcmp(word, "-") == 0 || strcmp(word, "differ") == 0 ||
		       check_value(e, bound->value_at, word, engines, VALUE_NUMBER | VALUE_OBJECT);
	free(words);
	return good;
}

static bool check_bound(const struct experiment *e, const struct matrix *m, const struct bound *bound)
{
	unsigned engines, others;

	return check_runs(e, m, bound, bound->mode, bound->workload, &engines) &&
	       (!bound->less || check_runs(e, m, bound, bound->mode, bound->less, &others)) &&
	       (!bound->over || check_runs(e, m, bound, bound->over, bound->workload, &others)) &&
	       check_sum(e, bound, engines);
}

/* ---- what was published -------------------------------------------------------------------------------------------- */

/* Of the runs beside a machine of the paper; guest and workload NULL: any of those that it names. */
static unsigned engines_beside(const struct matrix *m, const struct comparison *c,
			       const struct counterpart *k, const char *guest, const char *workload)
{
	unsigned engines = 0;

	for (size_t i = 0; i < m->runs; i++) {
		const char *const *at = m->run[i].at;

		if (strcmp(at[AXIS_MODE], k->mode) == 0 && names_have(&k->guests, at[AXIS_GUEST]) &&
		    names_have(&c->workloads, at[AXIS_WORKLOAD]) &&
		    (!guest || strcmp(guest, at[AXIS_GUEST]) == 0) &&
		    (!workload || strcmp(workload, at[AXIS_WORKLOAD]) == 0))
			engines |= result_engines(&m->run[i]);
	}
	return engines;
}

static bool check_comparison(const struct experiment *e, const struct matrix *m, const struct comparison *c)
{
	unsigned engines = 0;

	for (size_t k = 0; k < c->counterparts; k++)
		for (size_t g = 0; g < c->counterpart[k].guests.count; g++) {
			const char *guest = c->counterpart[k].guests.name[g];
			unsigned these = engines_beside(m, c, &c->counterpart[k], guest, NULL);

			if (!these)
				return markup_wrong(
					e->markup, c->counterpart[k].guests_at,
					"guests that a run of that mode and of a benchmark's workload has",
					guest);
			engines |= these;
		}
	for (size_t b = 0; b < c->workloads.count; b++) {
		unsigned these = 0;

		for (size_t k = 0; k < c->counterparts; k++)
			these |= engines_beside(m, c, &c->counterpart[k], NULL, c->workloads.name[b]);
		if (!these)
			return markup_wrong(e->markup, c->benchmarks_at,
					    "workloads that a run of one of the systems' guests has",
					    c->workloads.name[b]);
	}
	return check_value(e, c->value_at, c->value, engines, VALUE_NUMBER);
}

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

static bool check_model(const struct experiment *e, const struct matrix *m, const struct model *model)
{
	unsigned engines = 0;

	for (size_t i = 0; i < m->runs; i++)
		engines |= result_engines(&m->run[i]);
	for (size_t i = 0; i < model->values.count; i++)
		if (!check_value(e, model->terms_at, model->values.name[i], engines, VALUE_NUMBER))
			return false;
	return true;
}

bool definition_check(const struct experiment *e, const struct matrix *m)
{
	bool good = true;

	for (size_t i = 0; good && i < e->plots; i++)
		good = check_plot(e, m, &e->plot[i]);
	for (size_t i = 0; good && i < e->ratios; i++)
		good = check_ratio(e, m, &e->ratio[i]);
	for (size_t i = 0; good && i < e->models; i++)
		good = check_model(e, m, &e->model[i]);
	for (size_t i = 0; good && i < e->bounds; i++)
		good = check_bound(e, m, &e->bound[i]);
	for (size_t i = 0; good && i < e->comparisons; i++)
		good = check_comparison(e, m, &e->comparison[i]);
	return good;
}
