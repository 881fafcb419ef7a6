/* What did an experiment's file want to have shown that none of its results has?  Reads: beside.h, summary.h.  Next: report.c. */
#include "experiments/firn/experiment/absent.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/beside.h"
#include "experiments/firn/experiment/costs.h"
#include "experiments/firn/experiment/plot_words.h"
#include "experiments/firn/tool/complain.h"

/* Results that something is of: is there one, and does one have the value? */
struct seen {
	bool result, value;
};

static bool is_absent(struct seen seen)
{
	return seen.result && !seen.value;
}

static bool has_value(const struct cell *cell, const struct plot *plot)
{
	switch (plot->kind) {
	case PLOT_BARS:
	case PLOT_LINES:
		return summary_value(cell, plot->value).there;
	case PLOT_QUANTILES:
		return summary_array(cell, plot->value) != NULL;
	default:
		return summary_object(cell, plot->value) != NULL;
	}
}

static struct seen see_plot(const struct plot *plot, const struct summary *s)
{
	struct seen seen = { false, false };

	for (size_t i = 0; i < s->cells; i++)
		if (s->cell[i].results && plot_has(plot, s->cell[i].run)) {
			seen.result = true;
			seen.value |= has_value(&s->cell[i], plot);
		}
	return seen;
}

static struct seen see_ratio(const struct ratio *ratio, const struct summary *s)
{
	struct seen seen = { false, false };

	for (size_t i = 0; i < s->cells; i++) {
		const struct cell *one = &s->cell[i], *other;

		if (!one->results || strcmp(one->run->at[ratio->over], ratio->of[0]) != 0)
			continue;
		other = summary_beside(s, one, ratio->over, ratio->of[1]);
		if (!other || !other->results)
			continue;
		seen.result = true;
		seen.value |=
			summary_value(one, ratio->value).there && summary_value(other, ratio->value).there;
	}
	return seen;
}

static struct seen see_model(const struct model *model, const struct summary *s)
{
	char *value = text("%s.%s", ESTIMATE_OBJECT, model->name);
	struct seen seen = { false, false };

	for (size_t i = 0; i < s->cells; i++)
		if (s->cell[i].results) {
			seen.result = true;
			seen.value |= summary_value(&s->cell[i], value).there;
		}
	free(value);
	return seen;
}

static bool is_beside(const struct comparison *c, const struct cell *cell)
{
	for (size_t k = 0; k < c->counterparts; k++)
		for (size_t b = 0; b < c->benchmarks.count; b++)
			if (beside_is(c, &c->counterpart[k], b, cell))
				return true;
	return false;
}

static struct seen see_comparison(const struct comparison *c, const struct summary *s)
{
	struct seen seen = { false, false };

	for (size_t i = 0; i < s->cells; i++)
		if (s->cell[i].results && is_beside(c, &s->cell[i])) {
			seen.result = true;
			seen.value |= summary_value(&s->cell[i], c->value).there;
		}
	return seen;
}

/* Calls say for each, with words that it is not to keep. How many. */
static size_t each(const struct experiment *e, const struct summary *s,
		   void (*say)(void *context, const char *words), void *context)
{
	char **words = grow(NULL, e->plots + e->ratios + e->models + e->comparisons + 1, sizeof(*words));
	size_t count = 0;

	for (size_t i = 0; i < e->plots; i++)
		if (is_absent(see_plot(&e->plot[i], s)))
			words[count++] = text("plot %s: no result has that number: %s", e->plot[i].name,
					      e->plot[i].value);
	for (size_t i = 0; i < e->ratios; i++)
		if (is_absent(see_ratio(&e->ratio[i], s)))
			words[count++] = text("ratio '%s': no two results have that number: %s",
					      e->ratio[i].title, e->ratio[i].value);
	for (size_t i = 0; i < e->models; i++)
		if (is_absent(see_model(&e->model[i], s)))
			words[count++] =
				text("model %s: no result has all numbers of its terms", e->model[i].name);
	for (size_t i = 0; i < e->comparisons; i++)
		if (is_absent(see_comparison(&e->comparison[i], s)))
			words[count++] = text("published by %s: no result has that number: %s",
					      e->comparison[i].source, e->comparison[i].value);
	for (size_t i = 0; i < count; i++) {
		say(context, words[i]);
		free(words[i]);
	}
	free(words);
	return count;
}

static void say_on_stderr(void *context, const char *words)
{
	complain(STATUS_FAILED, "%s: %s", (const char *)context, words);
}

size_t absent_print(const struct experiment *e, const struct summary *summary)
{
	return each(e, summary, say_on_stderr, e->file);
}

static void say_nothing(void *context, const char *words)
{
	(void)context;
	(void)words;
}

static void add_item(void *context, const char *words)
{
	document_item(context, words);
}

void absent_part(struct document *d, const struct experiment *e, const struct summary *summary)
{
	if (!each(e, summary, say_nothing, NULL))
		return;
	document_heading(d, "What is not shown");
	each(e, summary, add_item, d);
	document_item(d, "");
}
