/*
 * How does a plot of an experiment get drawn?  gnuplot draws; every bar's place is reckoned here, so that its label, its interval and
 * the published number are where it is.  The first axis of the series is a colour, the others are shades of it.
 */
#define _GNU_SOURCE
#include "experiments/firn/experiment/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/definition_words.h"
#include "experiments/firn/experiment/plot_parts.h"
#include "experiments/firn/experiment/plot_quantiles.h"
#include "experiments/firn/experiment/plot_time.h"
#include "experiments/firn/experiment/plot_words.h"
#include "experiments/firn/tool/complain.h"

#define LABELS_MOST 60 /* bars; of more the labels would cover each other */
#define NAMES_MOST 4096
#define PARTS_MOST 12 /* of a stack, by name; the smaller ones become one */
#define LETTER 6.4    /* pixels of a label's */
#define HEIGHT 350.0  /* of what is drawn in */
#define LEAST 0.5     /* of a logarithmic axis */
#define WIDTH_LEAST 900
#define WIDTH_MOST 1800

/* Different words in the order in which they were met. */
struct words_met {
	char **word;
	size_t count;
};

static size_t meet(struct words_met *met, const char *word)
{
	for (size_t i = 0; i < met->count; i++)
		if (strcmp(met->word[i], word) == 0)
			return i;
	if (met->count == NAMES_MOST)
		return NAMES_MOST - 1;
	met->word = grow(met->word, met->count + 1, sizeof(char *));
	met->word[met->count] = text("%s", word);
	return met->count++;
}

static void forget(struct words_met *met)
{
	for (size_t i = 0; i < met->count; i++)
		free(met->word[i]);
	free(met->word);
}

/* Something drawn: which group, which series, how high, and what a paper says. */
struct mark {
	size_t x, series;
	const struct cell *cell;
	struct estimate value;
	double published;
	bool has_published;
};

struct drawing {
	const struct plot *plot;
	const struct summary *summary;
	struct words_met x, series, colour; /* colour: what the first axis of the series has */
	size_t *colour_of, *shade_of;	    /* of each series */
	struct words_met parts;		    /* of a stacked one */
	size_t parts_named;		    /* so many of them, from below; the rest is one part */
	struct mark *mark;
	size_t marks;
	bool intervals;
};

static size_t meet_series(struct drawing *d, const struct run *run)
{
	char *name = plot_series_name(d->plot, run);
	size_t before = d->series.count, index = meet(&d->series, name);

	free(name);
	if (index < before)
		return index;
	d->colour_of = grow(d->colour_of, d->series.count, sizeof(size_t));
	d->shade_of = grow(d->shade_of, d->series.count, sizeof(size_t));
	d->colour_of[index] = meet(&d->colour, run->at[d->plot->series[0]]);
	d->shade_of[index] = 0;
	for (size_t i = 0; i < index; i++)
		d->shade_of[index] += d->colour_of[i] == d->colour_of[index];
	return index;
}

/* Its parts become known, and value is their sum. */
static struct estimate stack_value(struct drawing *d, const struct cell *cell)
{
	const cJSON *object = summary_object(cell, d->plot->value), *item;
	struct estimate sum = { .there = object != NULL, .exact = true };

	cJSON_ArrayForEach(item, object)
		if (cJSON_IsNumber(item) && item->valuedouble > 0) {
			meet(&d->parts, item->string);
			sum.value += item->valuedouble;
		}
	return sum;
}

/* One part of a mark's stack. */
static double part_value(const struct drawing *d, const struct mark *mark, size_t part)
{
	const cJSON *object = summary_object(mark->cell, d->plot->value),
		    *item = cJSON_GetObjectItemCaseSensitive(object, d->parts.word[part]);

	return cJSON_IsNumber(item) && item->valuedouble > 0 ? item->valuedouble : 0;
}

static double part_sum(const struct drawing *d, size_t part)
{
	double sum = 0;

	for (size_t i = 0; i < d->marks; i++)
		sum += part_value(d, &d->mark[i], part);
	return sum;
}

/* Where there are too many to tell them apart, the largest are named; they go to the front. */
static void name_parts(struct drawing *d)
{
	d->parts_named = d->parts.count;
	if (d->parts.count <= PARTS_MOST)
		return;
	d->parts_named = PARTS_MOST;
	for (size_t p = 0; p < PARTS_MOST; p++) {
		size_t largest = p;
		char *word;

		for (size_t other = p + 1; other < d->parts.count; other++)
			if (part_sum(d, other) > part_sum(d, largest))
				largest = other;
		word = d->parts.word[p];
		d->parts.word[p] = d->parts.word[largest];
		d->parts.word[largest] = word;
	}
}

/* With the rest as one. */
static size_t stack_parts(const struct drawing *d)
{
	return d->parts_named + (d->parts_named < d->parts.count);
}

static void collect(struct drawing *d, const struct experiment *e, const struct published *published)
{
	d->mark = grow(NULL, d->summary->cells + 1, sizeof(d->mark[0]));
	for (size_t i = 0; i < d->summary->cells; i++) {
		const struct cell *cell = &d->summary->cell[i];
		struct mark *mark = &d->mark[d->marks];

		if (!plot_has(d->plot, cell->run))
			continue;
		*mark = (struct mark){ .cell = cell };
		mark->value = d->plot->kind == PLOT_STACKED ? stack_value(d, cell) :
							      summary_value(cell, d->plot->value);
		if (!mark->value.there)
			continue;
		mark->x = meet(&d->x, cell->run->at[d->plot->x]);
		mark->series = meet_series(d, cell->run);
		mark->has_published =
			beside_number(beside_cell(published, e, cell, d->plot->value), &mark->published);
		d->intervals |= !mark->value.exact;
		d->marks++;
	}
	name_parts(d);
}

/* Groups are 1 wide, with a gap between them; a bar that stands alone is still one. */
static double bar_width(const struct drawing *d)
{
	return d->series.count < 3 ? 0.28 : 0.84 / (double)d->series.count;
}

static double place(const struct drawing *d, const struct mark *mark)
{
	return (double)mark->x + ((double)mark->series - ((double)d->series.count - 1) / 2) * bar_width(d);
}

static void label_text(char *out, size_t size, double value)
{
	snprintf(out, size, value >= 100 ? "%.0f" : "%.3g", value);
}

/* x, value, low, high, label of each mark of a series. */
static void put_series_data(FILE *out, const struct drawing *d, size_t series)
{
	char label[96];

	fprintf(out, "$series%zu << EOD\n", series);
	for (size_t i = 0; i < d->marks; i++)
		if (d->mark[i].series == series) {
			const struct mark *m = &d->mark[i];

			label_text(label, sizeof(label), m->value.value);
			fprintf(out, "%.6g %.9g %.9g %.9g %s\n",
				d->plot->kind == PLOT_LINES ? strtod(d->x.word[m->x], NULL) : place(d, m),
				m->value.value, m->value.low, m->value.high, label);
		}
	fputs("EOD\n", out);
}

/* Of each mark that has one: where its bar is. */
static bool put_published_data(FILE *out, const struct drawing *d)
{
	bool any = false;

	fputs("$published << EOD\n", out);
	for (size_t i = 0; i < d->marks; i++)
		if (d->mark[i].has_published) {
			fprintf(out, "%.6g %.9g\n", place(d, &d->mark[i]), d->mark[i].published);
			any = true;
		}
	fputs("EOD\n", out);
	return any;
}

/* Each part reaches from 0 to the sum of all parts up to it, and is drawn before those below it. */
static void put_stack_data(FILE *out, const struct drawing *d, size_t part)
{
	size_t last = part < d->parts_named ? part + 1 : d->parts.count;

	fprintf(out, "$part%zu << EOD\n", part);
	for (size_t i = 0; i < d->marks; i++) {
		double sum = 0;

		for (size_t p = 0; p < last; p++)
			sum += part_value(d, &d->mark[i], p);
		fprintf(out, "%.6g %.9g\n", place(d, &d->mark[i]), sum);
	}
	fputs("EOD\n", out);
}

/* The size of the picture follows the number of bars. */
static int picture_width(const struct drawing *d)
{
	size_t wanted = d->plot->kind == PLOT_LINES ? 0 : 200 + 26 * d->x.count * d->series.count;

	return wanted < WIDTH_LEAST ? WIDTH_LEAST : wanted > WIDTH_MOST ? WIDTH_MOST : (int)wanted;
}

/* Would labels that lie cover each other?  Then they stand. */
static bool labels_stand(const struct drawing *d)
{
	double bar = (picture_width(d) - 120) * bar_width(d) / ((double)d->x.count + 0.2);
	char label[96];
	size_t longest = 0;

	for (size_t i = 0; i < d->marks; i++) {
		label_text(label, sizeof(label), d->mark[i].value.value);
		longest = strlen(label) > longest ? strlen(label) : longest;
	}
	return d->series.count > 1 && LETTER * (double)longest > bar;
}

/* Above the highest bar or point there is room for its label, on an axis from LEAST on. */
static void put_log_range(FILE *out, const struct drawing *d)
{
	double most = LEAST, share = ((labels_stand(d) ? 7 * LETTER : LETTER) + 10) / HEIGHT;

	for (size_t i = 0; i < d->marks; i++) {
		most = fmax(most, d->mark[i].value.value);
		most = fmax(most, d->mark[i].has_published ? d->mark[i].published : most);
	}
	fprintf(out, "set logscale y\nset yrange [%g:%.6g] noextend\n", LEAST,
		most * pow(most / LEAST, share / (1 - share)) * 1.05);
}

/* Of lines: do the numbers on the horizontal axis span decades? */
static bool has_wide_range(const struct drawing *d)
{
	double least = INFINITY, most = 0;

	for (size_t i = 0; i < d->x.count; i++) {
		double x = strtod(d->x.word[i], NULL);

		least = fmin(least, x);
		most = fmax(most, x);
	}
	return least > 0 && most > 50 * least;
}

static void put_head(FILE *out, const struct drawing *d)
{
	fputs("set encoding utf8\nset border 3 lc rgb '#666666'\nset tics nomirror\n"
	      "set grid y lt 1 lw 0.6 lc rgb '#dddddd'\nset style fill solid 1.0 noborder\n"
	      "set key outside top center horizontal Left reverse noenhanced samplen 1.2\n",
	      out);
	fprintf(out, "set boxwidth %.6g absolute\nset title ", bar_width(d) * 0.92);
	plot_put_string(out, d->plot->title);
	fputs(" noenhanced font ',14'\nset ylabel ", out);
	plot_put_string(out, d->plot->label);
	fputs(" noenhanced\n", out);
	if (d->plot->logarithmic)
		put_log_range(out, d);
	else
		fprintf(out, "set yrange [0:*]\nset offsets 0, 0, graph %s, 0\n",
			labels_stand(d) ? "0.15" : "0.06");
	if (d->plot->kind == PLOT_LINES) {
		fputs("set xlabel ", out);
		plot_put_string(out, d->plot->x == AXIS_SIZE ? "operations of the first stretch" :
							       axis_names[d->plot->x]);
		fputs(has_wide_range(d) ? " noenhanced\nset logscale x\n" : " noenhanced\n", out);
	}
}

/* Would the names of groups touch each other, in letters that are larger than a label's? */
static bool groups_touch(const struct drawing *d)
{
	double longest = 0;

	for (size_t i = 0; i < d->x.count; i++)
		longest = fmax(longest, (double)strlen(d->x.word[i]));
	return 1.2 * LETTER * longest * (double)d->x.count > picture_width(d) - 120;
}

/* What is at the foot of each group. Of a stacked one with a few bars, also what each bar is. */
static void put_groups(FILE *out, const struct drawing *d)
{
	size_t bars = d->x.count * d->series.count;
	double room = 0; /* lines of text that the names of bars take, which lean */

	if (d->plot->kind == PLOT_LINES)
		return;
	fprintf(out, "set xrange [-0.6:%.6g]\nset xtics scale 0 (", (double)d->x.count - 0.4);
	for (size_t i = 0; i < d->x.count; i++) {
		fputs(i ? ", " : "", out);
		plot_put_string(out, d->x.word[i]);
		fprintf(out, " %zu", i);
	}
	fprintf(out, ") noenhanced %s\n", groups_touch(d) ? "rotate by -35" : "");
	if (d->plot->kind != PLOT_STACKED || d->series.count < 2 || bars > LABELS_MOST)
		return;
	for (size_t i = 0; i < d->series.count; i++)
		room = fmax(room, 0.9 + 0.43 * (double)strlen(d->series.word[i]));
	fprintf(out, "set xtics offset 0,%.2f\nset bmargin %.2f\n", -room, room + 2.8);
	for (size_t i = 0; i < d->marks; i++) {
		fputs("set label ", out);
		plot_put_string(out, d->series.word[d->mark[i].series]);
		fprintf(out, " at first %.6g, graph -0.02 rotate by 60 right font ',9' noenhanced\n",
			place(d, &d->mark[i]));
	}
}

static void put_bars(FILE *out, const struct drawing *d, bool published)
{
	const char *place_of = labels_stand(d) ? "rotate by 90 left offset 0,0.3" : "offset 0,0.6";
	bool labels = d->marks <= LABELS_MOST;

	fputs("plot ", out);
	for (size_t s = 0; s < d->series.count; s++) {
		fprintf(out, "%s$series%zu using 1:2 with boxes lc rgb '#%06x' title ", s ? ", \\\n  " : "",
			s, plot_colour(d->colour_of[s], d->shade_of[s]));
		plot_put_string(out, d->series.word[s]);
		if (d->intervals)
			fprintf(out,
				", $series%zu using 1:2:3:4 with yerrorbars lc rgb '#222222' pt -1 notitle",
				s);
		if (labels)
			fprintf(out,
				", $series%zu using 1:(%s):5 with labels %s font ',8' tc rgb '#333333' notitle",
				s, d->plot->logarithmic ? "$2 > 0.5 ? $2 : 0.5" : "$2", place_of);
	}
	if (published)
		fputs(", \\\n  $published using 1:2 with points pt 13 ps 1.1 lc rgb 'white' notitle, \\\n"
		      "  $published using 1:2 with points pt 12 ps 1.1 lw 1.5 lc rgb 'black' title 'published'",
		      out);
	fputc('\n', out);
}

static void put_stacks(FILE *out, const struct drawing *d)
{
	fputs("plot ", out);
	for (size_t p = stack_parts(d); p-- > 0;) {
		char *others = text("%zu others", d->parts.count - d->parts_named);

		fprintf(out, "$part%zu using 1:2 with boxes lc rgb '#%06x' title ", p,
			p < d->parts_named ? plot_colour(p, p / PLOT_COLOURS) : 0xdddddd);
		plot_put_string(out, p < d->parts_named ? d->parts.word[p] : others);
		free(others);
		fputs(p ? ", \\\n  " : "\n", out);
	}
}

static void put_lines(FILE *out, const struct drawing *d)
{
	fputs("plot ", out);
	for (size_t s = 0; s < d->series.count; s++) {
		fprintf(out, "%s$series%zu using 1:2 with linespoints lw 2 pt 7 ps 0.7 lc rgb '#%06x' title ",
			s ? ", \\\n  " : "", s, plot_colour(d->colour_of[s], d->shade_of[s]));
		plot_put_string(out, d->series.word[s]);
	}
	fputc('\n', out);
}

static void put_pictures(FILE *out, const struct drawing *d, const char *file, bool published)
{
	static const char *const kinds[] = { "svg", "png" };
	int width = picture_width(d);

	for (unsigned i = 0; i < 2; i++) {
		fprintf(out, "set terminal %s size %d,480 font 'sans,11' background '#ffffff'\nset output ",
			i ? "pngcairo" : "svg", width);
		char *name = text("%s.%s", file, kinds[i]);
		plot_put_string(out, name);
		free(name);
		fputc('\n', out);
		if (d->plot->kind == PLOT_STACKED)
			put_stacks(out, d);
		else if (d->plot->kind == PLOT_LINES)
			put_lines(out, d);
		else
			put_bars(out, d, published);
	}
	fputs("unset output\n", out);
}

/* All of it, of a drawing that has something. */
static char *write_script(const struct drawing *d, const char *file)
{
	char *bytes = NULL;
	size_t size;
	FILE *out = open_memstream(&bytes, &size);
	bool published = false;

	put_head(out, d);
	put_groups(out, d);
	if (d->plot->kind == PLOT_STACKED) {
		for (size_t p = 0; p < stack_parts(d); p++)
			put_stack_data(out, d, p);
	} else {
		for (size_t s = 0; s < d->series.count; s++)
			put_series_data(out, d, s);
		published = put_published_data(out, d);
	}
	put_pictures(out, d, file, published);
	fclose(out);
	return bytes;
}

char *plot_script(const struct plot *plot, const struct summary *summary, const struct experiment *e,
		  const struct published *published, const char *file)
{
	struct drawing d = { .plot = plot, .summary = summary };
	char *script = NULL;

	if (plot->kind == PLOT_PARTS)
		return plot_parts_script(plot, summary, file);
	if (plot->kind == PLOT_QUANTILES)
		return plot_quantiles_script(plot, summary, file);
	if (plot->kind == PLOT_TIME)
		return plot_time_script(plot, summary, file);
	collect(&d, e, published);
	if (d.marks && (plot->kind != PLOT_STACKED || d.parts.count))
		script = write_script(&d, file);
	forget(&d.x);
	forget(&d.series);
	forget(&d.colour);
	forget(&d.parts);
	free(d.colour_of);
	free(d.shade_of);
	free(d.mark);
	return script;
}
