/*
 * How is drawn what happened when?  A panel for each run, in each of which names are stacked; the colours are the same in all, and the
 * legend below them is drawn here, since gnuplot has one for each panel.  Reads: summary.h, plot_words.h.
 */
#define _GNU_SOURCE
#include "experiments/firn/experiment/plot_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/plot_words.h"
#include "experiments/firn/tool/complain.h"

#define PANELS_MOST 8
#define NAMES_MOST 14 /* the others become one */
#define COLUMNS 2     /* of panels */
#define LEGEND 3      /* of names */
#define WIDTH 1100    /* pixels */
#define PANEL 330
#define ROW 20

struct panel {
	const struct cell *cell;
	const cJSON *traps;
	double stretch; /* instructions */
};

struct times {
	struct panel panel[PANELS_MOST];
	size_t panels;
	const char *name[NAMES_MOST];
	size_t names;
	bool others;
};

static double sum_of(const cJSON *counts)
{
	const cJSON *item;
	double sum = 0;

	cJSON_ArrayForEach(item, counts)
		sum += item->valuedouble;
	return sum;
}

static double sum_of_all(const cJSON *traps)
{
	const cJSON *item;
	double sum = 0;

	cJSON_ArrayForEach(item, traps)
		sum += sum_of(item);
	return sum;
}

/* The largest share that the name has in any panel: what is much in one is named, however little that one has. */
static double share_of(const struct times *t, const char *name)
{
	double most = 0;

	for (size_t p = 0; p < t->panels; p++) {
		double all = sum_of_all(t->panel[p].traps),
		       share = all > 0 ? sum_of(cJSON_GetObjectItemCaseSensitive(t->panel[p].traps, name)) /
						 all :
					 0;

		most = share > most ? share : most;
	}
	return most;
}

static bool is_named(const struct times *t, const char *name)
{
	for (size_t i = 0; i < t->names; i++)
		if (strcmp(t->name[i], name) == 0)
			return true;
	return false;
}

/* The next one to be named, or NULL. "others" is what a timeline calls those that it has not kept apart. */
static const char *largest_unnamed(const struct times *t)
{
	const char *best = NULL;
	const cJSON *item;

	for (size_t p = 0; p < t->panels; p++)
		cJSON_ArrayForEach(item, t->panel[p].traps) {
			if (!is_named(t, item->string) && strcmp(item->string, "others") != 0 &&
			    (!best || share_of(t, item->string) > share_of(t, best)))
				best = item->string;
		}
	return best;
}

static void name_all(struct times *t)
{
	const char *name;

	while (t->names < NAMES_MOST && (name = largest_unnamed(t)))
		t->name[t->names++] = name;
	t->others = largest_unnamed(t) != NULL;
	for (size_t p = 0; p < t->panels; p++)
		t->others = t->others || cJSON_HasObjectItem(t->panel[p].traps, "others");
}

static void collect(struct times *t, const struct plot *plot, const struct summary *summary)
{
	for (size_t i = 0; i < summary->cells && t->panels < PANELS_MOST; i++) {
		const cJSON *object = plot_has(plot, summary->cell[i].run) ?
					      summary_object(&summary->cell[i], plot->value) :
					      NULL,
			    *traps = cJSON_GetObjectItemCaseSensitive(object, "traps"),
			    *stretch = cJSON_GetObjectItemCaseSensitive(object, "stretch");

		if (cJSON_IsObject(traps) && cJSON_IsNumber(stretch) && stretch->valuedouble > 0)
			t->panel[t->panels++] =
				(struct panel){ &summary->cell[i], traps, stretch->valuedouble };
	}
	name_all(t);
}

static size_t rows_of(size_t count, size_t columns)
{
	return (count + columns - 1) / columns;
}

/* How many of a name, or of all that have none, are in that stretch. */
static double count_in(const struct times *t, const struct panel *panel, size_t name, int stretch)
{
	const cJSON *item;
	double sum = 0;

	if (name < t->names) {
		item = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(panel->traps, t->name[name]),
					  stretch);
		return cJSON_IsNumber(item) ? item->valuedouble : 0;
	}
	cJSON_ArrayForEach(item, panel->traps) {
		if (!is_named(t, item->string)) {
			const cJSON *count = cJSON_GetArrayItem(item, stretch);

			sum += cJSON_IsNumber(count) ? count->valuedouble : 0;
		}
	}
	return sum;
}

/* A line: where it is, in millions of instructions, then for each name the sum up to it, per million. */
static void put_line(FILE *out, const struct times *t, const struct panel *panel, int edge, int stretch)
{
	double million = panel->stretch / 1e6, sum = 0;

	fprintf(out, "%.5g", edge * million);
	for (size_t n = 0; n < t->names + t->others; n++) {
		sum += count_in(t, panel, n, stretch);
		fprintf(out, " %.5g", sum / million);
	}
	fputc('\n', out);
}

/* Each stretch has a line at its begin and one at its end, for what is drawn is an outline. */
static void put_data(FILE *out, const struct times *t, size_t p)
{
	const struct panel *panel = &t->panel[p];

	fprintf(out, "$panel%zu << EOD\n", p);
	for (int s = 0; s < cJSON_GetArraySize(panel->traps->child); s++) {
		put_line(out, t, panel, s, s);
		put_line(out, t, panel, s + 1, s);
	}
	fputs("EOD\n", out);
}

/* Of all names, in the room below the panels. */
static void put_legend(FILE *out, const struct times *t, double height)
{
	size_t names = t->names + t->others, rows = rows_of(names, LEGEND);

	for (size_t n = 0; n < names; n++) {
		double x = 0.06 + 0.315 * (double)(n / rows),
		       y = ((double)(rows - n % rows) * ROW - 4) / height;

		fprintf(out,
			"set object %zu rect from screen %.4f, screen %.4f to screen %.4f, screen %.4f fc rgb '#%06x' "
			"fs solid noborder\nset label %zu ",
			n + 1, x, y - 6 / height, x + 0.014, y + 6 / height,
			n < t->names ? plot_colour(n, n / PLOT_COLOURS) : 0xdddddd, n + 1);
		plot_put_string(out, n < t->names ? t->name[n] : "others");
		fprintf(out, " at screen %.4f, screen %.4f left noenhanced font ',10'\n", x + 0.02, y);
	}
}

static void put_panel(FILE *out, const struct plot *plot, const struct times *t, size_t p, double height)
{
	const struct panel *panel = &t->panel[p];
	size_t columns = t->panels < COLUMNS ? t->panels : COLUMNS;
	double width = 0.94 / (double)columns, left = 0.045 + width * (double)(p % columns),
	       top = 1 - (42 + (double)(p / columns) * PANEL) / height;
	char *name = plot_series_name(plot, panel->cell->run);

	fprintf(out,
		"set lmargin at screen %.4f\nset rmargin at screen %.4f\nset tmargin at screen %.4f\nset bmargin at screen "
		"%.4f\nset xrange [0:%.6g]\nset title ",
		left + 0.03, left + width - 0.02, top - 22 / height, top - (PANEL - 78) / height,
		panel->stretch / 1e6 * cJSON_GetArraySize(panel->traps->child));
	plot_put_string(out, name);
	fputs(" noenhanced offset 0,-0.6\nset ylabel ", out);
	plot_put_string(out, p % columns ? "" : plot->label);
	fputs(" noenhanced\nplot ", out);
	for (size_t n = t->names + t->others; n-- > 0;)
		fprintf(out, "$panel%zu using 1:%zu with filledcurves y1=0 lc rgb '#%06x' notitle%s", p,
			n + 2, n < t->names ? plot_colour(n, n / PLOT_COLOURS) : 0xdddddd,
			n ? ", \\\n  " : "\n");
	free(name);
}

static void put_picture(FILE *out, const struct plot *plot, const struct times *t)
{
	double height = 60 + (double)(rows_of(t->panels, COLUMNS) * PANEL +
				      rows_of(t->names + t->others, LEGEND) * ROW);

	fprintf(out, "size %d,%.0f font 'sans,11' background '#ffffff'\n", WIDTH, height);
	fputs("set multiplot title ", out);
	plot_put_string(out, plot->title);
	fputs(" noenhanced font ',14'\nunset object\nunset label\n", out);
	for (size_t p = 0; p < t->panels; p++) {
		if (p + 1 == t->panels)
			put_legend(out, t, height);
		put_panel(out, plot, t, p, height);
	}
	fputs("unset multiplot\n", out);
}

static char *write_script(const struct plot *plot, const struct times *t, const char *file)
{
	static const char *const kinds[] = { "svg", "png" };
	char *bytes = NULL;
	size_t size;
	FILE *out = open_memstream(&bytes, &size);

	fputs("set encoding utf8\nset border 3 lc rgb '#666666'\nset tics nomirror out\nset grid y lt 1 lw 0.6 lc rgb '#dddddd'\nunset key\n"
	      "set style fill solid 1.0 noborder\nset yrange [0:*]\nset xlabel 'million instructions of all levels'\n",
	      out);
	for (size_t p = 0; p < t->panels; p++)
		put_data(out, t, p);
	for (unsigned i = 0; i < 2; i++) {
		char *name = text("%s.%s", file, kinds[i]);

		fputs("set output ", out);
		plot_put_string(out, name);
		fprintf(out, "\nset terminal %s ", i ? "pngcairo" : "svg");
		put_picture(out, plot, t);
		free(name);
	}
	fputs("unset output\n", out);
	fclose(out);
	return bytes;
}

char *plot_time_script(const struct plot *plot, const struct summary *summary, const char *file)
{
	struct times t = { .panels = 0 };

	collect(&t, plot, summary);
	return t.names ? write_script(plot, &t, file) : NULL;
}
