/*
 * What does a reader get of an experiment?  Our numbers beside the published ones, what is comparable, the pictures, the numbers
 * themselves and how to measure them again.  Reads: beside.h, document.h, plot.h.
 */
#define _GNU_SOURCE
#include "experiments/firn/experiment/report.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/firn/experiment/absent.h"
#include "experiments/firn/experiment/bounds.h"
#include "experiments/firn/experiment/sensitivity.h"
#include "experiments/firn/experiment/definition_words.h"
#include "experiments/firn/experiment/beside.h"
#include "experiments/firn/experiment/document.h"
#include "experiments/firn/tool/file.h"
#include "experiments/firn/experiment/overheads.h"
#include "experiments/firn/experiment/plot.h"
#include "experiments/firn/experiment/sequences.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"

#define ROWS_MOST 400	 /* of a table; summary.csv has all */
#define REASONS_MOST 8	 /* of a cell */
#define REASON_LEAST .05 /* per operation: what is below is the guest's own tick */
#define GNUPLOT_TIMEOUT_MS 120000
#define PICTURE_LARGEST ((size_t)32 << 20)

struct report {
	const struct experiment *e;
	const struct summary *summary;
	const struct published *published;
	const struct costs *costs;
	const struct store *store;
};

/* a / b as "10.35"; "-" where there is nothing to divide by. */
static char *quotient_text(char *out, size_t size, double a, double b)
{
	if (b > 0 || b < 0)
		snprintf(out, size, "%.2f", a / b);
	else
		snprintf(out, size, "-");
	return out;
}

/* ---- beside what was published --------------------------------------------------------------------------------- */

static void beside_rows(struct document *d, const struct report *r, const struct comparison *c,
			const struct counterpart *counterpart, size_t b)
{
	const struct published_row *row = beside_row(r->published, c, counterpart, b);

	for (size_t i = 0; row && i < r->summary->cells; i++) {
		const struct cell *cell = &r->summary->cell[i];
		char ours[96], times[32];
		struct estimate e;
		double theirs;

		if (!beside_is(c, counterpart, b, cell))
			continue;
		e = summary_value(cell, c->value);
		estimate_text(ours, sizeof(ours), &e);
		if (!e.there || !beside_number(row, &theirs))
			snprintf(times, sizeof(times), "-");
		else
			quotient_text(times, sizeof(times), e.value, theirs);
		document_row(d, "llrlllrr",
			     (const char *const[]){ c->benchmarks.name[b],
						    *row->config ? row->config : row->system, row->value,
						    *row->table ? row->table : "-", row->quality,
						    cell->run->at[AXIS_GUEST], ours, times });
	}
}

static void comparison_part(struct document *d, const struct report *r, const struct comparison *c)
{
	char *words = text("%s, %s.", c->source, c->metric);

	document_paragraph(d, words);
	free(words);
	for (size_t k = 0; k < c->counterparts; k++) {
		words = text("Beside %s%s%s: firn in %s mode.", c->counterpart[k].system,
			     *c->counterpart[k].config ? ", " : "", c->counterpart[k].config,
			     c->counterpart[k].mode);
		document_paragraph(d, words);
		free(words);
		document_table(d, "llrlllrr",
			       (const char *const[]){ "benchmark", "published for", "published", "table",
						      "how well it is known", "our guest", "ours",
						      "ours / published" });
		for (size_t b = 0; b < c->benchmarks.count; b++)
			beside_rows(d, r, c, &c->counterpart[k], b);
		document_table_end(d);
	}
	document_paragraph(d, c->comparable);
}

static void published_part(struct document *d, const struct report *r)
{
	if (!r->e->comparisons)
		return;
	document_heading(d, "Beside what was published");
	for (size_t i = 0; i < r->e->comparisons; i++)
		comparison_part(d, r, &r->e->comparison[i]);
}

static void sources_part(struct document *d, const struct report *r)
{
	if (!r->e->comparisons)
		return;
	document_heading(d, "Sources");
	for (size_t i = 0; i < r->e->comparisons; i++) {
		const char *source = r->e->comparison[i].source;
		bool first = true;
		char *words;

		for (size_t earlier = 0; earlier < i; earlier++)
			first &= strcmp(r->e->comparison[earlier].source, source) != 0;
		if (!first)
			continue;
		words = text("%s: %s", source, published_citation(r->published, source));
		document_item(d, words);
		free(words);
	}
	document_item(d, "");
}

/* ---- tables of our own ----------------------------------------------------------------------------------------- */

/* Which axes tell anything: on the others all cells have the same. */
static void telling_axes(const struct summary *summary, bool telling[AXES])
{
	for (unsigned a = 0; a < AXES; a++) {
		telling[a] = false;
		for (size_t i = 1; i < summary->cells && a != AXIS_REPETITION; i++)
			telling[a] |= strcmp(summary->cell[i].run->at[a], summary->cell[0].run->at[a]) != 0;
	}
	telling[AXIS_GUEST] = telling[AXIS_WORKLOAD] = true;
}

/* Cells of a row: what it has on each telling axis. Returns how many. */
static size_t axis_cells(const bool telling[AXES], const struct run *run, const char *out[])
{
	size_t count = 0;

	for (unsigned a = 0; a < AXES; a++)
		if (telling[a])
			out[count++] = run ? run->at[a] : axis_names[a];
	return count;
}

static void ratio_part(struct document *d, const struct report *r, const struct ratio *ratio)
{
	char align[AXES + 4] = "", *words, numbers[2][96], times[32];
	const char *cells[AXES + 4];
	bool telling[AXES];
	size_t axes, rows = 0;

	telling_axes(r->summary, telling);
	telling[ratio->over] = false;
	axes = axis_cells(telling, NULL, cells);
	memset(align, 'l', axes);
	strcpy(align + axes, "rrr");
	words = text("%s: %s of %s, divided by that of %s.", ratio->title, ratio->value, ratio->of[0],
		     ratio->of[1]);
	document_paragraph(d, words);
	free(words);
	cells[axes] = ratio->of[0];
	cells[axes + 1] = ratio->of[1];
	cells[axes + 2] = "ratio";
	document_table(d, align, cells);
	for (size_t i = 0; i < r->summary->cells && rows < ROWS_MOST; i++) {
		const struct cell *one = &r->summary->cell[i], *other;
		struct estimate e[2];

		if (strcmp(one->run->at[ratio->over], ratio->of[0]) != 0 ||
		    !(other = summary_beside(r->summary, one, ratio->over, ratio->of[1])))
			continue;
		e[0] = summary_value(one, ratio->value);
		e[1] = summary_value(other, ratio->value);
		axis_cells(telling, one->run, cells);
		for (unsigned k = 0; k < 2; k++)
			cells[axes + k] = estimate_text(numbers[k], sizeof(numbers[k]), &e[k]);
		cells[axes + 2] = e[0].there && e[1].there ?
					  quotient_text(times, sizeof(times), e[0].value, e[1].value) :
					  "-";
		document_row(d, align, cells);
		rows++;
	}
	document_table_end(d);
}

static void ratios_part(struct document *d, const struct report *r)
{
	if (!r->e->ratios)
		return;
	document_heading(d, "How many times");
	for (size_t i = 0; i < r->e->ratios; i++)
		ratio_part(d, r, &r->e->ratio[i]);
}

/* "SYSREG:TPIDR_EL2:R 11.725, ERET 1": what an operation traps for, the most frequent first. New memory. */
static char *reasons_text(const struct cell *cell, const char *name)
{
	const cJSON *reasons = summary_object(cell, name), *item;
	char *out = text("%s", ""), number[96];
	unsigned count = 0, rest = 0;

	cJSON_ArrayForEach(item, reasons) {
		struct estimate e = { .value = item->valuedouble, .there = true, .exact = true };
		char *longer;

		if (!cJSON_IsNumber(item) || fabs(item->valuedouble) < REASON_LEAST)
			continue;
		if (++count > REASONS_MOST) {
			rest++;
			continue;
		}
		longer = text("%s%s%s %s", out, count > 1 ? ", " : "", item->string,
			      estimate_text(number, sizeof(number), &e));
		free(out);
		out = longer;
	}
	if (rest) {
		char *longer = text("%s, and %u more", out, rest);

		free(out);
		out = longer;
	}
	return out;
}

/* Every cell that has such an object. what: the head of its column. */
static void object_part(struct document *d, const struct report *r, const char *heading, const char *name,
			const char *what)
{
	char align[AXES + 2] = "", *words;
	const char *cells[AXES + 2];
	bool telling[AXES], any = false;
	size_t axes, rows = 0;

	for (size_t i = 0; i < r->summary->cells; i++)
		any |= summary_object(&r->summary->cell[i], name) != NULL;
	if (!any)
		return;
	telling_axes(r->summary, telling);
	axes = axis_cells(telling, NULL, cells);
	memset(align, 'l', axes + 1);
	cells[axes] = what;
	document_heading(d, heading);
	document_table(d, align, cells);
	for (size_t i = 0; i < r->summary->cells && rows < ROWS_MOST; i++)
		if (summary_object(&r->summary->cell[i], name)) {
			axis_cells(telling, r->summary->cell[i].run, cells);
			cells[axes] = words = reasons_text(&r->summary->cell[i], name);
			document_row(d, align, cells);
			free(words);
			rows++;
		}
	document_table_end(d);
}

static const char *const numbers_shown[] = { "traps_per_op",
					     "l0_instructions_per_op",
					     "l1_instructions_per_op",
					     "l2_instructions_per_op",
					     "recorded",
					     "remain",
					     "latency_ticks.p50",
					     "latency_ticks.p99",
					     "before.trap_count",
					     "between.trap_count" };
static const char *const numbers_heads[] = {
	"traps", "instructions in L0", "in L1",	       "in L2", "recorded", "remain", "p50",
	"p99",	 "traps before L2",    "traps with L2"
};
#define NUMBERS (sizeof(numbers_shown) / sizeof(numbers_shown[0]))

static void numbers_part(struct document *d, const struct report *r)
{
	char align[AXES + NUMBERS + 1] = "", number[NUMBERS][96];
	const char *cells[AXES + NUMBERS + 1];
	bool telling[AXES], shown[NUMBERS] = { false };
	size_t axes, column;

	for (size_t i = 0; i < r->summary->cells; i++)
		for (size_t n = 0; n < NUMBERS; n++)
			shown[n] |= summary_value(&r->summary->cell[i], numbers_shown[n]).there;
	telling_axes(r->summary, telling);
	column = axes = axis_cells(telling, NULL, cells);
	for (size_t n = 0; n < NUMBERS; n++)
		if (shown[n])
			cells[column++] = numbers_heads[n];
	memset(align, 'l', axes);
	memset(align + axes, 'r', column - axes);
	document_heading(d, "All numbers, per operation");
	document_table(d, align, cells);
	for (size_t i = 0; i < r->summary->cells && i < ROWS_MOST; i++) {
		column = axis_cells(telling, r->summary->cell[i].run, cells);
		for (size_t n = 0; n < NUMBERS; n++) {
			struct estimate e = summary_value(&r->summary->cell[i], numbers_shown[n]);

			if (shown[n])
				cells[column++] = estimate_text(number[n], sizeof(number[n]), &e);
		}
		document_row(d, align, cells);
	}
	document_table_end(d);
	if (r->summary->cells > ROWS_MOST)
		document_paragraph(d, "This is the beginning; summary.csv has all of it.");
}

/* ---- estimates ----------------------------------------------------------------------------------------------------- */

/* "traps_per_op x trap + ...", and what each of these costs, and who says so. */
static void model_part(struct document *d, const struct report *r, const struct model *model)
{
	char *words = text("Estimate %s: %s. For each operation, in cycles:", model->name, model->title);

	document_paragraph(d, words);
	free(words);
	document_table(d, "llrll", (const char *const[]){ "count", "cost", "cycles", "source", "why" });
	for (size_t i = 0; i < model->values.count; i++) {
		const struct cost_row *cost = costs_find(r->costs, model->costs.name[i]);
		char cycles[32];

		snprintf(cycles, sizeof(cycles), "%g", cost->cycles);
		words = cost->row ? text("%s, table %s, %s (%s)", cost->row->source, cost->row->table,
					 cost->row->benchmark, cost->row->quality) :
				    text("assumed");
		document_row(
			d, "llrll",
			(const char *const[]){ model->values.name[i], cost->name, cycles, words, cost->why });
		free(words);
	}
	document_table_end(d);
}

/* The same with the paper's own counts in place of ours, which tells an error of the costs from one of the counts. */
static bool estimate_of_theirs(const struct report *r, const struct cell *cell, const struct model *model,
			       double *cycles)
{
	double count;

	*cycles = 0;
	for (size_t i = 0; i < model->values.count; i++) {
		const char *value = model->values.name[i];

		if (!beside_number(beside_cell(r->published, r->e, cell, value), &count))
			return false;
		*cycles += count * costs_find(r->costs, model->costs.name[i])->cycles;
	}
	return true;
}

/* "63124 (-79 %)"; without the error where nothing was published. */
static void cycles_text(char *out, size_t size, double cycles, const struct published_row *row)
{
	double published;

	if (beside_number(row, &published) && published > 0)
		snprintf(out, size, "%.0f (%+.0f %%)", cycles, 100 * (cycles / published - 1));
	else
		snprintf(out, size, "%.0f", cycles);
}

static void estimate_row(struct document *d, const struct report *r, const struct cell *cell,
			 const struct model *model)
{
	char *value = text("%s.%s", ESTIMATE_OBJECT, model->name), ours[96], with_theirs[96] = "-";
	struct estimate e = summary_value(cell, value);
	const struct published_row *row = beside_cell(r->published, r->e, cell, value);
	double theirs;

	if (e.there) {
		cycles_text(ours, sizeof(ours), e.value, row);
		if (estimate_of_theirs(r, cell, model, &theirs))
			cycles_text(with_theirs, sizeof(with_theirs), theirs, row);
		document_row(d, "llllrrr",
			     (const char *const[]){ cell->run->at[AXIS_WORKLOAD], cell->run->at[AXIS_GUEST],
						    cell->run->at[AXIS_MODE], model->name, ours, with_theirs,
						    row ? row->value : "-" });
	}
	free(value);
}

static void estimates_part(struct document *d, const struct report *r)
{
	if (!r->e->models)
		return;
	document_heading(d, "Estimated cycles");
	document_paragraph(d, "These are estimates. No cycle was measured: each is a count times what others "
			      "published, or what is assumed and said to be.");
	for (size_t m = 0; m < r->e->models; m++)
		model_part(d, r, &r->e->model[m]);
	document_paragraph(d, "In brackets: by how much the estimate misses the published cycles.");
	document_table(d, "llllrrr",
		       (const char *const[]){ "workload", "guest", "mode", "estimate", "estimated cycles",
					      "estimated from the paper's counts", "published cycles" });
	for (size_t i = 0; i < r->summary->cells && i < ROWS_MOST; i++)
		for (size_t m = 0; m < r->e->models; m++)
			estimate_row(d, r, &r->summary->cell[i], &r->e->model[m]);
	document_table_end(d);
}

/* ---- what was measured, and how -------------------------------------------------------------------------------- */

static void status_part(struct document *d, const struct report *r)
{
	size_t good = 0, failed = 0, missing = 0;
	char *words;

	for (size_t i = 0; i < r->summary->cells; i++) {
		good += r->summary->cell[i].results;
		failed += r->summary->cell[i].failed;
		missing += r->summary->cell[i].missing;
	}
	words = text("%s%zu of %zu runs went well%s.",
		     r->store->quick ? "A quick run, with less than the whole. " : "", good,
		     good + failed + missing, missing ? "; it is not complete" : "");
	document_paragraph(d, words);
	free(words);
	if (!failed)
		return;
	document_paragraph(d, "These failed:");
	for (size_t i = 0; i < r->store->outcomes; i++) {
		const cJSON *object = r->store->outcome[i].object;

		if (r->store->outcome[i].ok)
			continue;
		words = text("%s: %s (%s)", r->store->outcome[i].key,
			     cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "why")),
			     cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "log")));
		document_item(d, words);
		free(words);
	}
	document_item(d, "");
}

/* That is another for each guest. */
static bool is_of_guest(const char *name)
{
	static const char *const begin[] = { "kernel", "initramfs", "l2_", "kvm_guest" };

	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
		if (strncmp(name, begin[i], strlen(begin[i])) == 0)
			return true;
	return false;
}

/* Of the first result that tells it, and the kernels of all. */
static void provenance_part(struct document *d, const struct report *r)
{
	const cJSON *first = NULL, *item;
	char *words;

	for (size_t i = 0; i < r->summary->cells && !first; i++)
		first = summary_object(&r->summary->cell[i], "provenance");
	document_heading(d, "How it was measured");
	cJSON_ArrayForEach(item, first) {
		if (is_of_guest(item->string))
			continue;
		words = cJSON_IsString(item) ? text("%s: %s", item->string, item->valuestring) :
					       text("%s: %g", item->string, item->valuedouble);
		document_item(d, words);
		free(words);
	}
	document_item(d, "");
	words = text(
		"Each result in results.jsonl has the SHA-256 of its kernel and the command that measures it "
		"again. All of it again:");
	document_paragraph(d, words);
	free(words);
	words = text("firn experiment run %s%s", r->store->name, r->store->quick ? " --quick" : "");
	document_code(d, words);
	free(words);
}

/* ---- files --------------------------------------------------------------------------------------------------------- */

/* "plots/NAME", in the folder. New memory. */
static char *picture_path(const struct report *r, const struct plot *plot, const char *ending)
{
	return text("%s/plots/%s%s", r->store->folder, plot->name, ending);
}

static void pictures_part(struct document *d, const struct report *r)
{
	for (size_t i = 0; i < r->e->plots; i++) {
		char *path = picture_path(r, &r->e->plot[i], ".svg"),
		     *svg = access(path, R_OK) == 0 ? file_read(path, PICTURE_LARGEST) : NULL,
		     *name = text("plots/%s.svg", r->e->plot[i].name);

		if (svg)
			document_picture(d, r->e->plot[i].title, name, svg);
		free(path);
		free(svg);
		free(name);
	}
}

static bool write_document(const struct report *r, bool html)
{
	char *path = store_path(r->store, html ? "report.html" : "report.md"), *bytes = NULL;
	size_t size;
	struct document d = { open_memstream(&bytes, &size), html };
	bool good;

	document_begin(&d, r->e->title);
	document_paragraph(&d, r->e->question);
	status_part(&d, r);
	pictures_part(&d, r);
	if (r->e->method)
		document_paragraph(&d, r->e->method);
	absent_part(&d, r->e, r->summary);
	bounds_part(&d, r->e, r->summary);
	estimates_part(&d, r);
	published_part(&d, r);
	ratios_part(&d, r);
	sensitivity_part(&d, r->summary);
	numbers_part(&d, r);
	object_part(&d, r, "What traps, per operation", "by_reason", "traps");
	object_part(&d, r, "Where L0's instructions go, per operation, by purpose", "by_purpose",
		    "instructions");
	object_part(&d, r, "Where L0's instructions go, per operation, by function", "by_function",
		    "instructions");
	overheads_part(&d, r->summary);
	sequences_part(&d, r->summary);
	object_part(&d, r, "What each group of registers saves, per operation", "removed", "traps saved");
	sources_part(&d, r);
	provenance_part(&d, r);
	document_end(&d);
	good = fclose(d.out) == 0 && file_write(path, bytes);
	free(bytes);
	free(path);
	return good;
}

/* Only says what is wrong: a report without pictures is better than none. */
static void draw(const char *script)
{
	char *command[] = { text("gnuplot"), text("%s", script), NULL }, out[256], *error = NULL;

	if (!child_capture(command, GNUPLOT_TIMEOUT_MS, out, sizeof(out), &error) && !child_signal())
		complain(STATUS_FAILED,
			 "the report has no picture of %s: gnuplot: %s ('firn doctor' says how to get it)",
			 script, error);
	free(error);
	free(command[0]);
	free(command[1]);
}

/* False after one line on stderr. What an earlier report drew goes, so that no picture is of other numbers. */
static bool write_plot(const struct report *r, const struct plot *plot)
{
	static const char *const endings[] = { ".svg", ".png", ".gp" };
	char *file = picture_path(r, plot, ""), *path = picture_path(r, plot, ".gp"),
	     *script = plot_script(plot, r->summary, r->e, r->published, file);
	bool good = true;

	for (unsigned i = 0; i < 3; i++) {
		char *old = picture_path(r, plot, endings[i]);

		unlink(old);
		free(old);
	}
	if (script) {
		good = file_write(path, script);
		if (good)
			draw(path);
	}
	free(script);
	free(path);
	free(file);
	return good;
}

static bool write_plots(const struct report *r)
{
	char *folder = store_path(r->store, "plots");
	bool good = mkdir(folder, 0777) == 0 || errno == EEXIST ||
		    !complain(STATUS_FAILED, "cannot make the folder %s: %s", folder, strerror(errno));

	free(folder);
	for (size_t i = 0; good && i < r->e->plots; i++)
		good = write_plot(r, &r->e->plot[i]);
	return good;
}

bool report_write(const struct experiment *experiment, const struct summary *summary,
		  const struct published *published, const struct costs *costs, const struct store *store)
{
	struct report r = { experiment, summary, published, costs, store };
	char *path = store_path(store, "summary.csv"), *csv = summary_csv(summary);
	bool good = file_write(path, csv) && write_plots(&r) && write_document(&r, false) &&
		    write_document(&r, true);

	free(csv);
	free(path);
	return good;
}
