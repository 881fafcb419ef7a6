/* How is one object of a result drawn?  A bar for each member, with its name in full.  Reads: summary.h. */
#define _GNU_SOURCE
#include "experiments/firn/experiment/plot_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/plot_words.h"
#include "experiments/firn/tool/complain.h"

#define BARS_MOST 36 /* the smaller ones become one */
#define ROW 19	     /* pixels */

struct bar {
	const char *name;
	double value;
};

struct bars {
	struct bar *bar;
	size_t count, others;
	double rest; /* of the others, together */
};

static int larger_first(const void *a, const void *b)
{
	const struct bar *x = a, *y = b;

	return x->value > y->value ? -1 : x->value < y->value ? 1 : strcmp(x->name, y->name);
}

static struct bars bars_of(const cJSON *object)
{
	struct bars bars = { .count = 0 };
	const cJSON *item;

	bars.bar = grow(NULL, (size_t)cJSON_GetArraySize(object) + 1, sizeof(bars.bar[0]));
	cJSON_ArrayForEach(item, object) {
		if (cJSON_IsNumber(item))
			bars.bar[bars.count++] = (struct bar){ item->string, item->valuedouble };
	}
	if (bars.count)
		qsort(bars.bar, bars.count, sizeof(bars.bar[0]), larger_first);
	for (; bars.count > BARS_MOST; bars.others++)
		bars.rest += bars.bar[--bars.count].value;
	return bars;
}

static void put_bar(FILE *out, size_t row, const char *name, double value)
{
	fprintf(out, "%zu %.6g \"", row, value);
	for (; *name; name++)
		fputc(*name == '"' || *name == '\\' || (unsigned char)*name < 0x20 ? ' ' : *name, out);
	fputs("\"\n", out);
}

static void put_data(FILE *out, const struct bars *bars)
{
	char *name = text("%zu others", bars->others);

	fputs("$bars << EOD\n", out);
	for (size_t i = 0; i < bars->count; i++)
		put_bar(out, i, bars->bar[i].name, bars->bar[i].value);
	if (bars->others)
		put_bar(out, bars->count, name, bars->rest);
	fputs("EOD\n", out);
	free(name);
}

static void put_head(FILE *out, const struct plot *plot, const struct run *run, size_t rows)
{
	char *title = text("%s: %s, %s", plot->title, run->at[AXIS_GUEST], run->at[AXIS_MODE]);

	fputs("set encoding utf8\nset border 1 lc rgb '#666666'\nset tics nomirror\nset grid x lt 1 lw 0.6 lc rgb '#dddddd'\nunset key\n"
	      "set style fill solid 1.0 noborder\nset tmargin 3\nset label 1 ",
	      out);
	plot_put_string(out, title);
	fputs(" at screen 0.5, screen 0.975 center noenhanced font ',14'\nset xlabel ", out);
	plot_put_string(out, plot->label);
	fprintf(out,
		" noenhanced\nset xrange [0:*]\nset offsets 0, graph 0.08, 0, 0\nset yrange [%.6g:-0.6]\nset ytics scale 0 noenhanced\n",
		(double)rows - 0.4);
	free(title);
}

static void put_pictures(FILE *out, size_t rows, const char *file)
{
	static const char *const kinds[] = { "svg", "png" };

	for (unsigned i = 0; i < 2; i++) {
		char *name = text("%s.%s", file, kinds[i]);

		fprintf(out, "set terminal %s size 900,%zu font 'sans,11' background '#ffffff'\nset output ",
			i ? "pngcairo" : "svg", 130 + ROW * rows);
		plot_put_string(out, name);
		fputs("\nplot $bars using ($2/2):1:($2/2):(0.36):ytic(3) with boxxyerror lc rgb '#0072b2' notitle, \\\n"
		      "  $bars using 2:1:2 with labels left offset 0.5,0 font ',9' tc rgb '#333333' notitle\n",
		      out);
		free(name);
	}
	fputs("unset output\n", out);
}

static char *write_script(const struct plot *plot, const struct run *run, const struct bars *bars,
			  const char *file)
{
	size_t rows = bars->count + (bars->others > 0), size;
	char *bytes = NULL;
	FILE *out = open_memstream(&bytes, &size);

	put_head(out, plot, run, rows);
	put_data(out, bars);
	put_pictures(out, rows, file);
	fclose(out);
	return bytes;
}

char *plot_parts_script(const struct plot *plot, const struct summary *summary, const char *file)
{
	for (size_t i = 0; i < summary->cells; i++) {
		const struct cell *cell = &summary->cell[i];
		const cJSON *object = plot_has(plot, cell->run) ? summary_object(cell, plot->value) : NULL;
		struct bars bars;
		char *script;

		if (!object)
			continue;
		bars = bars_of(object);
		script = bars.count ? write_script(plot, cell->run, &bars, file) : NULL;
		free(bars.bar);
		return script;
	}
	return NULL;
}
