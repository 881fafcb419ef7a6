/*
 * Which call stacks of L1 trap how often, as a picture?  A flame graph: the width of a function is the number of traps in it
 * and below it. Reads: flame.h.
 */
#include "experiments/firn/export/stacks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/export/writers.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/trace/tally.h"

#define WIDTH 1200.0
#define MARGIN 10.0
#define HEIGHT 17u
#define TOP 60u
#define MIN_WIDTH 0.3 /* pixels: what is narrower is left out */
/* Width of a character of the font, in pixels, about. */
#define CHARACTER 6.6
#define MAX_DEPTH 64

/* A box that is still being made: rows with the same beginning make it wider. */
struct frame {
	const char *name;
	size_t length;
	uint64_t before, count; /* traps to the left of it, and in it */
};

/* open: from the bottom up, those that the last row was in. */
struct flame {
	FILE *out;
	uint64_t total;
	unsigned depth;
	struct frame open[MAX_DEPTH];
	unsigned levels;
};

/* As XML has it. */
static void print_escaped(FILE *out, const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		switch (name[i]) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(name[i], out);
			break;
		}
}

/* A colour of the name's own, so that a function looks the same in two graphs. */
static unsigned hue(const struct frame *f)
{
	unsigned h = 0;

	for (size_t i = 0; i < f->length; i++)
		h = h * 31 + (unsigned char)f->name[i];
	return 10 + h % 45;
}

/* One box with its name, as much of it as fits, and its number as a tool tip. */
static void draw(struct flame *flame, unsigned level)
{
	const struct frame *f = &flame->open[level];
	double scale = (WIDTH - 2 * MARGIN) / (double)flame->total;
	double x = MARGIN + (double)f->before * scale, width = (double)f->count * scale;
	unsigned y = TOP + (flame->depth - 1 - level) * HEIGHT;
	size_t fits = width > 3 * CHARACTER ? (size_t)((width - 4) / CHARACTER) : 0;

	if (width < MIN_WIDTH)
		return;
	fputs("<g><title>", flame->out);
	print_escaped(flame->out, f->name, f->length);
	fprintf(flame->out, ": %" PRIu64 " traps, %.2f%%</title>", f->count,
		100.0 * (double)f->count / (double)flame->total);
	fprintf(flame->out,
		"<rect x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"%u\" fill=\"hsl(%u,85%%,68%%)\" stroke=\"#fff\" "
		"stroke-width=\".5\"/>",
		x, y, width, HEIGHT - 1, hue(f));
	if (fits) {
		fprintf(flame->out, "<text x=\"%.1f\" y=\"%u\">", x + 2, y + 12);
		print_escaped(flame->out, f->name, f->length < fits ? f->length : fits);
		fputs("</text>", flame->out);
	}
	fputs("</g>\n", flame->out);
}

/* Boxes from the top down to this level have their final width. */
static void close_down_to(struct flame *flame, unsigned level)
{
	while (flame->levels > level)
		draw(flame, --flame->levels);
}

/* Rows are sorted, so what two neighbours share at their beginning is one box. */
static void add_row(struct flame *flame, const struct tally_row *row, uint64_t before)
{
	const char *at = row->name;
	unsigned level = 0;
	bool same = true;

	for (; level < MAX_DEPTH && *at; level++) {
		size_t length = strcspn(at, ";");
		struct frame *f = &flame->open[level];

		same = same && level < flame->levels && f->length == length &&
		       strncmp(f->name, at, length) == 0;
		if (!same) {
			close_down_to(flame, level);
			*f = (struct frame){ at, length, before, 0 };
			flame->levels = level + 1;
		}
		f->count += row->count;
		at += length + (at[length] == ';');
	}
	close_down_to(flame, level);
}

/* Functions in one stack, which semicolons separate. */
static unsigned depth_of(const char *name)
{
	unsigned depth = 1;

	for (; *name; name++)
		depth += *name == ';';
	return depth < MAX_DEPTH ? depth : MAX_DEPTH;
}

/* A picture that needs nothing else. Total width is all traps; the height is that of the deepest stack. */
bool export_svg(struct trace_file *file, FILE *out)
{
	struct flame flame = { .out = out };
	struct stacks stacks;
	uint64_t before = 0;

	stacks_read(&stacks, file);
	flame.total = stacks.tally.count;
	for (size_t i = 0; i < stacks.tally.rows; i++)
		if (depth_of(stacks.tally.row[i].name) > flame.depth)
			flame.depth = depth_of(stacks.tally.row[i].name);
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %u\" font-family=\"monospace\" "
		"font-size=\"11\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
		"<text x=\"%.0f\" y=\"24\" font-size=\"16\">Traps of ",
		WIDTH, TOP + flame.depth * HEIGHT + 10, MARGIN);
	print_escaped(out, trace_about(file, "guest"), strlen(trace_about(file, "guest")));
	fprintf(out, " (%s), by L1's call stack</text>\n<text x=\"%.0f\" y=\"42\">%" PRIu64 " traps</text>\n",
		trace_about(file, "mode"), MARGIN, flame.total);
	for (size_t i = 0; i < stacks.tally.rows; i++) {
		add_row(&flame, &stacks.tally.row[i], before);
		before += stacks.tally.row[i].count;
	}
	close_down_to(&flame, 0);
	fputs("</svg>\n", out);
	tally_free(&stacks.tally);
	return true;
}
