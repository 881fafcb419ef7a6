/* How is a report written once and read as Markdown and as HTML?  Next: report.c. */
#include "experiments/firn/experiment/document.h"

#include <string.h>

static const char style[] =
	"body{font:16px/1.5 system-ui,sans-serif;max-width:64em;margin:2em auto;padding:0 1em;color:#222}"
	"table{border-collapse:collapse;margin:1em 0;font-size:.9em}"
	"th,td{padding:.25em .7em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}"
	"th{border-bottom:2px solid #888}td.r,th.r{text-align:right;font-variant-numeric:tabular-nums}"
	"pre{background:#f4f4f4;padding:.5em .8em;overflow-x:auto}"
	"figure{margin:1.5em 0}figure svg{max-width:100%;height:auto}figcaption{color:#555}"
	"@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}pre{background:#282828}"
	"th,td{border-color:#444}figure svg{background:#fff}figcaption{color:#aaa}}";

/* Words come from files of others: nothing in them is markup. */
static void put(const struct document *d, const char *words)
{
	for (; *words; words++) {
		const char *as = d->html ? (*words == '<' ? "&lt;" :
					    *words == '>' ? "&gt;" :
					    *words == '&' ? "&amp;" :
					    *words == '"' ? "&quot;" :
							    NULL) :
					   (strchr("|*<`\\", *words) ? "\\" : NULL);

		if (as)
			fputs(as, d->out);
		if (!as || !d->html)
			fputc(*words == '\n' ? ' ' : *words, d->out);
	}
}

/* Markdown and HTML around words. */
static void put_between(const struct document *d, const char *markdown, const char *before, const char *words,
			const char *after)
{
	fputs(d->html ? before : markdown, d->out);
	put(d, words);
	fputs(d->html ? after : "\n\n", d->out);
}

void document_begin(struct document *d, const char *title)
{
	if (d->html) {
		fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
		      "<meta name=\"viewport\" content=\"width=device-width\"><title>",
		      d->out);
		put(d, title);
		fprintf(d->out, "</title><style>%s</style></head><body>\n", style);
	}
	put_between(d, "# ", "<h1>", title, "</h1>\n");
}

void document_end(struct document *d)
{
	if (d->html)
		fputs("</body></html>\n", d->out);
}

void document_heading(struct document *d, const char *words)
{
	put_between(d, "## ", "<h2>", words, "</h2>\n");
}

void document_paragraph(struct document *d, const char *words)
{
	put_between(d, "", "<p>", words, "</p>\n");
}

void document_item(struct document *d, const char *words)
{
	if (!*words) {
		fputs(d->html ? "" : "\n", d->out);
		return;
	}
	fputs(d->html ? "<li>" : "* ", d->out);
	put(d, words);
	fputs(d->html ? "</li>\n" : "\n", d->out);
}

/* Four spaces in Markdown: nothing in the line can end it. */
void document_code(struct document *d, const char *line)
{
	fputs(d->html ? "<pre>" : "    ", d->out);
	if (d->html)
		put(d, line);
	else
		fputs(line, d->out);
	fputs(d->html ? "</pre>\n" : "\n\n", d->out);
}

static void put_row(struct document *d, const char *tag, const char *align, const char *const cells[])
{
	fputs(d->html ? "<tr>" : "|", d->out);
	for (size_t i = 0; align[i]; i++) {
		if (d->html)
			fprintf(d->out, "<%s%s>", tag, align[i] == 'r' ? " class=\"r\"" : "");
		else
			fputc(' ', d->out);
		put(d, cells[i] ? cells[i] : "");
		if (d->html)
			fprintf(d->out, "</%s>", tag);
		else
			fputs(" |", d->out);
	}
	fputs(d->html ? "</tr>\n" : "\n", d->out);
}

void document_table(struct document *d, const char *align, const char *const head[])
{
	if (d->html)
		fputs("<table>\n", d->out);
	put_row(d, "th", align, head);
	if (d->html)
		return;
	fputc('|', d->out);
	for (; *align; align++)
		fputs(*align == 'r' ? "--:|" : "---|", d->out);
	fputc('\n', d->out);
}

void document_row(struct document *d, const char *align, const char *const cells[])
{
	put_row(d, "td", align, cells);
}

void document_table_end(struct document *d)
{
	fputs(d->html ? "</table>\n" : "\n", d->out);
}

/* Behind the head of an SVG file, which has no place within HTML. */
void document_picture(struct document *d, const char *words, const char *file, const char *svg)
{
	const char *begin = svg ? strstr(svg, "<svg") : NULL;

	if (!d->html) {
		fputs("![", d->out);
		put(d, words);
		fprintf(d->out, "](%s)\n\n", file);
		return;
	}
	fputs("<figure>", d->out);
	fputs(begin ? begin : "", d->out);
	fputs("<figcaption>", d->out);
	put(d, words);
	fputs("</figcaption></figure>\n", d->out);
}
