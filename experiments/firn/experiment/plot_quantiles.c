/*
 * How is a distribution drawn?  Along the axis goes the share of those that are no more than the line: what is rare is at the right,
 * and each nine more (90 %, 99 %, 99.9 %) is as wide as the one before.  Reads: summary.h, plot_words.h.
 */
#define _GNU_SOURCE
#include "experiments/firn/experiment/plot_quantiles.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/plot_words.h"
#include "experiments/firn/tool/complain.h"

#define SERIES_MOST 64
#define NINES_MOST 4 /* to 99.99 % */

/* What is drawn: the cells, and how each is called. */
struct lines {
	const struct cell *cell[SERIES_MOST];
	char *name[SERIES_MOST];
	size_t colour[SERIES_MOST], dash[SERIES_MOST];
	size_t count, colours;
};

static double number_at(const cJSON *pair, int index)
{
	const cJSON *item = cJSON_GetArrayItem(pair, index);

	return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

/* What the first axis of the series has is a colour; lines of one colour are told apart by how they are broken. */
static void choose_colour(struct lines *lines, const struct plot *plot, size_t index)
{
	const char *kind = lines->cell[index]->run->at[plot->series[0]];

	lines->dash[index] = 0;
	lines->colour[index] = lines->colours;
	for (size_t i = 0; i < index; i++)
		if (strcmp(lines->cell[i]->run->at[plot->series[0]], kind) == 0) {
			lines->colour[index] = lines->colour[i];
			lines->dash[index]++;
		}
	lines->colours += lines->dash[index] == 0;
}

static void collect(struct lines *lines, const struct plot *plot, const struct summary *summary)
{
	for (size_t i = 0; i < summary->cells && lines->count < SERIES_MOST; i++) {
		const struct cell *cell = &summary->cell[i];

		if (!plot_has(plot, cell->run) || !summary_array(cell, plot->value))
			continue;
		lines->cell[lines->count] = cell;
		lines->name[lines->count] = plot_series_name(plot, cell->run);
		choose_colour(lines, plot, lines->count++);
	}
}

/* Nines that so many per cent are; what has no end is at the edge. */
static double nines(double percent)
{
	double most = NINES_MOST;

	if (percent <= 0)
		return 0;
	return percent < 100 ? fmin(most, -log10(1 - percent / 100)) : most;
}

/* A step: what is true of 99 % is true of all below, down to the one before. */
static void put_data(FILE *out, const struct lines *lines, const char *value, size_t index)
{
	const cJSON *pair;

	fprintf(out, "$line%zu << EOD\n", index);
	cJSON_ArrayForEach(pair, summary_array(lines->cell[index], value)) {
		fprintf(out, "%.6g %.9g\n", nines(number_at(pair, 0)), number_at(pair, 1));
	}
	fputs("EOD\n", out);
}

/* 1, 2 and 5 of each decade, in words that need no counting of zeros. */
static void put_decades(FILE *out)
{
	static const char *const unit[] = { "", " 000", " million" };

	fputs("set ytics (", out);
	for (int decade = 0; decade < 9; decade++)
		for (int first = 1; first <= 5; first += first == 1 ? 1 : 3)
			fprintf(out, "%s'%d%.*s%s' %de%d", decade + first > 1 ? ", " : "", first, decade % 3,
				"00", unit[decade / 3], first, decade);
	fputs(")\n", out);
}

static void put_head(FILE *out, const struct plot *plot)
{
	put_decades(out);
	fputs("set encoding utf8\nset border 3 lc rgb '#666666'\nset tics nomirror\n"
	      "set grid x y lt 1 lw 0.6 lc rgb '#dddddd'\nset logscale y\nset yrange [*:*] noextend\n"
	      "set xrange [0:4]\nset xtics ('0 %%' 0, '50 %%' 0.30103, '90 %%' 1, '99 %%' 2, '99.9 %%' 3, '99.99 %%' 4)\n"
	      "set key outside right top vertical Left reverse noenhanced samplen 2 spacing 1.15\nset title ",
	      out);
	plot_put_string(out, plot->title);
	fputs(" noenhanced font ',14'\nset xlabel 'so many of all are no later' noenhanced\nset ylabel ",
	      out);
	plot_put_string(out, plot->label);
	fputs(" noenhanced\n", out);
}

static void put_plot(FILE *out, const struct lines *lines)
{
	fputs("plot ", out);
	for (size_t i = 0; i < lines->count; i++) {
		fprintf(out, "%s$line%zu using 1:2 with fsteps lw 2.2 dt %zu lc rgb '#%06x' title ",
			i ? ", \\\n  " : "", i, lines->dash[i] % 5 + 1, plot_colour(lines->colour[i], 0));
		plot_put_string(out, lines->name[i]);
	}
	fputc('\n', out);
}

static char *write_script(const struct plot *plot, const struct lines *lines, const char *file)
{
	static const char *const kinds[] = { "svg", "png" };
	char *bytes = NULL;
	size_t size;
	FILE *out = open_memstream(&bytes, &size);

	put_head(out, plot);
	for (size_t i = 0; i < lines->count; i++)
		put_data(out, lines, plot->value, i);
	for (unsigned i = 0; i < 2; i++) {
		char *name = text("%s.%s", file, kinds[i]);

		fprintf(out, "set terminal %s size 900,480 font 'sans,11' background '#ffffff'\nset output ",
			i ? "pngcairo" : "svg");
		plot_put_string(out, name);
		fputc('\n', out);
		put_plot(out, lines);
		free(name);
	}
	fputs("unset output\n", out);
	fclose(out);
	return bytes;
}

char *plot_quantiles_script(const struct plot *plot, const struct summary *summary, const char *file)
{
	struct lines lines = { .count = 0 };
	char *script;

	collect(&lines, plot, summary);
	script = lines.count ? write_script(plot, &lines, file) : NULL;
	for (size_t i = 0; i < lines.count; i++)
		free(lines.name[i]);
	return script;
}
