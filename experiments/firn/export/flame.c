/*
 * Which call stacks of L1 trap how often, as a picture?  A flame graph: the width of a function is the number of traps in it and below
 * it, or what they cost. A script in the picture, which needs nothing else, makes a box as wide as the picture when it is clicked,
 * searches, and changes what the widths mean; without scripts it is a picture of the traps. Reads: stacks.h.
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
#define MAX_DEPTH (TRACE_STACK_MOST + 2) /* with the function that trapped, and the reason */

/* A box that is still being made: rows with the same beginning make it wider. */
struct frame {
	const char *name;
	size_t length;
	uint64_t before, count; /* traps to the left of it, and in it */
	uint64_t cost_before, cost;
};

/* open: from the bottom up, those that the last row was in. */
struct flame {
	FILE *out;
	uint64_t total, cost;
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

/* What fits of the name into a box, the end of which is marked where it does not. */
static void print_label(struct flame *flame, const struct frame *f, double width)
{
	size_t fits = width > 3 * CHARACTER ? (size_t)((width - 4) / CHARACTER) : 0;

	if (f->length <= fits)
		print_escaped(flame->out, f->name, f->length);
	else if (fits > 2) {
		print_escaped(flame->out, f->name, fits - 1);
		fputs("\u2026", flame->out);
	}
}

/* One box with its name, and its numbers for the script and as a tool tip. What is too narrow waits for the script. */
static void draw(struct flame *flame, unsigned level)
{
	const struct frame *f = &flame->open[level];
	double scale = (WIDTH - 2 * MARGIN) / (double)flame->total;
	double x = MARGIN + (double)f->before * scale, width = (double)f->count * scale;
	unsigned y = TOP + (flame->depth - 1 - level) * HEIGHT;

	fprintf(flame->out,
		"<g class=\"f\"%s data-l=\"%u\" data-v=\"%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
		"\" data-n=\"",
		width < MIN_WIDTH ? " display=\"none\"" : "", level, f->before, f->count, f->cost_before,
		f->cost);
	print_escaped(flame->out, f->name, f->length);
	fputs("\"><title>", flame->out);
	print_escaped(flame->out, f->name, f->length);
	fprintf(flame->out, ": %" PRIu64 " traps, %.2f%%; cost %" PRIu64 ", %.2f%%</title>", f->count,
		100.0 * (double)f->count / (double)flame->total, f->cost,
		flame->cost ? 100.0 * (double)f->cost / (double)flame->cost : 0.0);
	fprintf(flame->out,
		"<rect x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"%u\" fill=\"hsl(%u,85%%,68%%)\"/>", x, y,
		width, HEIGHT - 1, hue(f));
	fprintf(flame->out, "<text x=\"%.1f\" y=\"%u\">", x + 2, y + 12);
	print_label(flame, f, width);
	fputs("</text></g>\n", flame->out);
}

/* Boxes from the top down to this level have their final width. */
static void close_down_to(struct flame *flame, unsigned level)
{
	while (flame->levels > level)
		draw(flame, --flame->levels);
}

/* Rows are sorted, so what two neighbours share at their beginning is one box. */
static void add_row(struct flame *flame, const struct tally_row *row, uint64_t before, uint64_t cost_before)
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
			*f = (struct frame){ at, length, before, 0, cost_before, 0 };
			flame->levels = level + 1;
		}
		f->count += row->count;
		f->cost += row->cost;
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

/* In the picture: boxes get places for the box that is zoomed to, and for what widths mean. */
static const char script[] =
	"<script><![CDATA[\n"
	"(function () {\n"
	"var svg = document.documentElement, id = function (i) { return document.getElementById(i); };\n"
	"var total = svg.getAttribute('data-v').split(' ').map(Number), W = 1180, M = 10, C = 6.6, by = 0, zoom = null, word = '';\n"
	"var boxes = [].map.call(svg.querySelectorAll('g.f'), function (g) {\n"
	"  return { g: g, l: +g.getAttribute('data-l'), n: g.getAttribute('data-n'), v: g.getAttribute('data-v').split(' ').map(Number),\n"
	"    r: g.querySelector('rect'), t: g.querySelector('text') };\n"
	"});\n"
	"function label(n, w) {\n"
	"  var fits = w > 3 * C ? Math.floor((w - 4) / C) : 0;\n"
	"  return n.length <= fits ? n : fits > 2 ? n.slice(0, fits - 1) + '\u2026' : '';\n"
	"}\n"
	"function found(b) { return word && b.n.toLowerCase().indexOf(word) >= 0; }\n"
	"function place(b, from, size) {\n"
	"  var at = b.v[2 * by], n = b.v[2 * by + 1], x = (at - from) / size * W, w = n / size * W;\n"
	"  var under = zoom && b.l < zoom.l && at <= from && at + n >= from + size;\n"
	"  if (under) { x = 0; w = W; }\n"
	"  var seen = w >= 0.3 && x > -0.01 && x + w < W + 0.01 && (!zoom || under || b.l >= zoom.l);\n"
	"  b.g.setAttribute('display', seen ? 'inline' : 'none');\n"
	"  if (!seen) return;\n"
	"  b.g.setAttribute('class', 'f' + (under ? ' u' : '') + (found(b) ? ' m' : ''));\n"
	"  b.r.setAttribute('x', M + x); b.r.setAttribute('width', w);\n"
	"  b.t.setAttribute('x', M + x + 2); b.t.textContent = label(b.n, w);\n"
	"}\n"
	"function matched() {\n"
	"  var sum = 0, end = -1;\n"
	"  boxes.filter(found).sort(function (a, b) { return a.v[2 * by] - b.v[2 * by] || a.l - b.l; }).forEach(function (b) {\n"
	"    if (b.v[2 * by] >= end) { sum += b.v[2 * by + 1]; end = b.v[2 * by] + b.v[2 * by + 1]; }\n"
	"  });\n"
	"  return word ? word + ': ' + (100 * sum / (total[by] || 1)).toFixed(2) + '%' : 'search';\n"
	"}\n"
	"function show() {\n"
	"  var from = zoom ? zoom.v[2 * by] : 0, size = (zoom ? zoom.v[2 * by + 1] : total[by]) || 1;\n"
	"  boxes.forEach(function (b) { place(b, from, size); });\n"
	"  id('by').textContent = by ? 'widths are costs of L0; click for traps' : 'widths are traps; click for costs of L0';\n"
	"  id('search').textContent = matched();\n"
	"  id('all').textContent = zoom ? 'all' : '';\n"
	"}\n"
	"function ask() { var w = window.prompt('Functions and reasons that contain', word); if (w !== null) { word = w.toLowerCase(); show(); } }\n"
	"boxes.forEach(function (b) { b.g.addEventListener('click', function () { zoom = b.l || zoom !== b ? b : null; show(); }); });\n"
	"id('by').addEventListener('click', function () { by = 1 - by; show(); });\n"
	"id('search').addEventListener('click', ask);\n"
	"id('all').addEventListener('click', function () { zoom = null; show(); });\n"
	"document.addEventListener('keydown', function (e) {\n"
	"  if (e.key === '/') { e.preventDefault(); ask(); }\n"
	"  if (e.key === 'Escape') { zoom = null; word = ''; show(); }\n"
	"});\n"
	"show();\n"
	"}());\n"
	"]]></script>\n";

static const char style[] =
	"<style>.f{cursor:pointer}.f rect{stroke:#fff;stroke-width:.5}.f:hover rect{stroke:#000;stroke-width:1}"
	".u rect{opacity:.5}.m rect{fill:#c6f}.b{fill:#05c;cursor:pointer}text{pointer-events:none}.b{pointer-events:auto}</style>\n";

static void begin_picture(const struct flame *flame, const struct trace_file *file)
{
	fprintf(flame->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %u\" font-family=\"monospace\" "
		"font-size=\"11\" data-v=\"%" PRIu64 " %" PRIu64
		"\">\n%s<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
		"<text x=\"%.0f\" y=\"24\" font-size=\"16\">Traps of ",
		WIDTH, TOP + flame->depth * HEIGHT + 10, flame->total, flame->cost, style, MARGIN);
	print_escaped(flame->out, trace_about(file, "guest"), strlen(trace_about(file, "guest")));
	fprintf(flame->out,
		" (%s), by L1's call stack</text>\n<text x=\"%.0f\" y=\"42\">%" PRIu64
		" traps, cost of L0 %" PRIu64 "</text>\n",
		trace_about(file, "mode"), MARGIN, flame->total, flame->cost);
	fputs("<text class=\"b\" id=\"by\" x=\"400\" y=\"42\"/><text class=\"b\" id=\"search\" x=\"760\" y=\"42\"/>"
	      "<text class=\"b\" id=\"all\" x=\"1150\" y=\"42\"/>\n",
	      flame->out);
}

/* A picture that needs nothing else. Total width is all traps; the height is that of the deepest stack. */
bool export_svg(struct trace_file *file, FILE *out)
{
	struct flame flame = { .out = out };
	struct stacks stacks;
	uint64_t before = 0, cost = 0;

	stacks_read(&stacks, file);
	if (!stacks.with) {
		tally_free(&stacks.tally);
		return !complain(
			STATUS_FAILED,
			"%s has no call stacks; record it with --events all, or with stack among them",
			trace_name(file));
	}
	flame.total = stacks.tally.count;
	for (size_t i = 0; i < stacks.tally.rows; i++) {
		flame.cost += stacks.tally.row[i].cost;
		if (depth_of(stacks.tally.row[i].name) > flame.depth)
			flame.depth = depth_of(stacks.tally.row[i].name);
	}
	begin_picture(&flame, file);
	for (size_t i = 0; i < stacks.tally.rows; i++) {
		add_row(&flame, &stacks.tally.row[i], before, cost);
		before += stacks.tally.row[i].count;
		cost += stacks.tally.row[i].cost;
	}
	close_down_to(&flame, 0);
	fprintf(out, "%s</svg>\n", script);
	tally_free(&stacks.tally);
	return true;
}
