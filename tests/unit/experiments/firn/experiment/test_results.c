/*
 * Is no result lost, and does what is made of them say what they are? Tests experiments/firn/experiment/store.c, summary.c,
 * statistics.c, progress.c, plot.c and compare.c.
 */
#define _GNU_SOURCE
#include <CUnit/CUnit.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/firn/experiment/compare.h"
#include "experiments/firn/experiment/definition_file.h"
#include "experiments/firn/tool/file.h"
#include "experiments/firn/experiment/plot.h"
#include "experiments/firn/tool/progress.h"
#include "experiments/firn/experiment/statistics.h"
#include "experiments/firn/experiment/store.h"
#include "experiments/firn/experiment/summary.h"
#include "tests/unit/experiments/firn/experiment/said.h"

void register_experiments_results(void);

static const char definition[] =
	"title: t\nquestion: q\nruns:\n"
	"  - { guests: [small-vhe, linux], workloads: hypercall, sizes: [1, 2], repetitions: 2 }\n"
	"plots:\n"
	"  - { name: p, title: \"it's\", label: l, value: traps_per_op, kind: bars, x: guest, series: mode }\n";

/* A folder of its own for each test. */
static char folder[32];

static int make_folder(void)
{
	strcpy(folder, "/tmp/firn-unit.XXXXXX");
	return mkdtemp(folder) ? 0 : 1;
}

static int remove_folder(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static cJSON *outcome(const char *key, const char *status, double traps)
{
	cJSON *object = cJSON_CreateObject(), *result;

	cJSON_AddStringToObject(object, "key", key);
	cJSON_AddStringToObject(object, "status", status);
	result = cJSON_AddObjectToObject(object, "result");
	cJSON_AddNumberToObject(result, "traps_per_op", traps);
	cJSON_AddNumberToObject(cJSON_AddObjectToObject(result, "s2"), "faults", 7);
	return object;
}

static bool open_store(struct store *store, const char *name, bool resume, const char *l0)
{
	cJSON *about = cJSON_CreateObject();
	char path[64];
	bool good;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	cJSON_AddStringToObject(about, "l0_sha256", l0);
	good = store_open(store, path, "n", resume, false, definition, about);
	cJSON_Delete(about);
	return good;
}

static char *results(const struct store *store)
{
	char *path = store_path(store, "results.jsonl"), *bytes = file_read(path, FILE_LARGEST);

	free(path);
	return bytes;
}

static void append(const char *name, const char *words)
{
	char path[64];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s/results.jsonl", folder, name);
	out = fopen(path, "a");
	CU_ASSERT_FATAL(out != NULL);
	fputs(words, out);
	fclose(out);
}

static void goes_on_where_it_was_killed(void)
{
	struct store s;

	CU_ASSERT_FATAL(open_store(&s, "killed", false, "x"));
	CU_ASSERT(store_add(&s, outcome("a", "ok", 1)));
	CU_ASSERT(store_add(&s, outcome("b", "failed", 0)));
	store_close(&s);
	append("killed", "{\"key\":\"c\",\"status\":\"ok\",\"resu"); /* kill -9 in the middle of a write */
	CU_ASSERT_FATAL(open_store(&s, "killed", true, "x"));
	CU_ASSERT(store_find(&s, "a") && store_find(&s, "a")->ok);
	CU_ASSERT(store_find(&s, "b") && !store_find(&s, "b")->ok);
	CU_ASSERT_PTR_NULL(store_find(&s, "c"));
	CU_ASSERT(store_add(&s, outcome("b", "ok", 2))); /* the second time it goes well */
	store_close(&s);
	CU_ASSERT_FATAL(open_store(&s, "killed", true, "x"));
	CU_ASSERT(store_find(&s, "b") && store_find(&s, "b")->ok);
	CU_ASSERT_EQUAL(s.outcomes, 2);
	store_close(&s);
}

static void refuses_other_folders(void)
{
	struct store s, second;

	CU_ASSERT_FATAL(open_store(&s, "other", false, "x"));
	CU_ASSERT(store_add(&s, outcome("a", "ok", 1)));
	said_begin();
	CU_ASSERT_FALSE(open_store(&second, "other", true, "x"));
	CU_ASSERT(said_one_line("another firn is measuring"));
	store_close(&s);
	said_begin();
	CU_ASSERT_FALSE(open_store(&s, "other", false, "x"));
	CU_ASSERT(said_one_line("has results already; --resume"));
	said_begin();
	CU_ASSERT_FALSE(open_store(&s, "other", true, "y"));
	CU_ASSERT(said_one_line("was measured with another l0_sha256 (x, now y)"));
	append("other", "rubbish\n");
	said_begin();
	CU_ASSERT_FALSE(open_store(&s, "other", true, "x"));
	CU_ASSERT(said_one_line("results.jsonl:2: expected the result of a run"));
	said_begin();
	CU_ASSERT_FALSE(store_read(&s, folder));
	CU_ASSERT(said_one_line("is no folder of an experiment"));
}

static void a_folder_of_another_version(void)
{
	struct store s;
	char path[64];

	CU_ASSERT_FATAL(open_store(&s, "version", false, "x"));
	store_close(&s);
	snprintf(path, sizeof(path), "%s/version/about.json", folder);
	CU_ASSERT_FATAL(file_write(path, "{\"format\": 99}"));
	said_begin();
	CU_ASSERT_FALSE(open_store(&s, "version", true, "x"));
	CU_ASSERT(said_one_line("has format 99, this firn reads 1"));
}

/* In whatever order they ended. */
static void sorted_results_are_the_same(void)
{
	static const char *const keys[] = { "stat small-vhe nv max hypercall 1,2 #1",
					    "stat small-vhe nv max hypercall 1,2 #2",
					    "stat linux nv2 max hypercall 1,2 #2" };
	struct experiment e;
	struct matrix m;
	struct store s;
	char *sorted[2];

	CU_ASSERT_FATAL(experiment_parse(&e, "f.yaml", definition, false) && matrix_make(&m, &e));
	for (unsigned order = 0; order < 2; order++) {
		CU_ASSERT_FATAL(open_store(&s, order ? "second" : "first", false, "x"));
		for (unsigned i = 0; i < 3; i++)
			CU_ASSERT(store_add(&s, outcome(keys[order ? 2 - i : i], "ok", 1)));
		CU_ASSERT(store_sort(&s, &m));
		sorted[order] = results(&s);
		store_close(&s);
	}
	CU_ASSERT_FATAL(sorted[0] && sorted[1]);
	CU_ASSERT_STRING_EQUAL(sorted[0], sorted[1]);
	CU_ASSERT(strstr(sorted[0], keys[1]) < strstr(sorted[0], keys[2]));
	free(sorted[0]);
	free(sorted[1]);
	matrix_free(&m);
	experiment_free(&e);
}

static void repetitions_become_one(void)
{
	struct experiment e;
	struct matrix m;
	struct store s;
	struct summary all;
	struct estimate value;
	const struct published none = { .count = 0 };
	char *csv, *script;

	CU_ASSERT_FATAL(experiment_parse(&e, "f.yaml", definition, false) && matrix_make(&m, &e));
	CU_ASSERT_FATAL(open_store(&s, "summary", false, "x"));
	store_add(&s, outcome("stat small-vhe nv max hypercall 1,2 #1", "ok", 2));
	store_add(&s, outcome("stat small-vhe nv max hypercall 1,2 #2", "ok", 4));
	store_add(&s, outcome("stat small-vhe nv2 max hypercall 1,2 #1", "ok", 2));
	store_add(&s, outcome("stat small-vhe nv2 max hypercall 1,2 #2", "failed", 2));
	CU_ASSERT(store_sort(&s, &m));
	summary_make(&all, &m, &s);
	CU_ASSERT_EQUAL_FATAL(all.cells, 4);
	value = summary_value(&all.cell[0], "traps_per_op");
	CU_ASSERT(value.there && !value.exact && fabs(value.value - 3) < 1e-9);
	CU_ASSERT(all.cell[1].results == 1 && all.cell[1].failed == 1);
	CU_ASSERT(all.cell[2].missing == 2);
	CU_ASSERT_FALSE(summary_value(&all.cell[2], "traps_per_op").there);
	CU_ASSERT_PTR_EQUAL(summary_beside(&all, &all.cell[0], AXIS_MODE, "nv2"), &all.cell[1]);
	csv = summary_csv(&all);
	CU_ASSERT(
		strstr(csv,
		       "failed,traps_per_op,s2.faults\nstat,small-vhe,nv,max,hypercall,\"1,2\",,,,2,0,3,7\n") !=
		NULL);
	script = plot_script(&e.plot[0], &all, &e, &none, "p");
	CU_ASSERT(script && strstr(script, "set title 'it''s'") && strstr(script, "-0.14 3 2 4 3\n"));
	free(script);
	free(csv);
	summary_free(&all);
	store_close(&s);
	matrix_free(&m);
	experiment_free(&e);
}

/* Of 40 parts, 1 to 40 high, the legend has the twelve largest and one for the rest, and the stack is as high as all. */
static void many_parts(void)
{
	static const char of_parts[] =
		"title: t\nquestion: q\nruns: [ { guests: small-vhe, modes: nv, workloads: hypercall, sizes: [1, 2] } ]\n"
		"plots: [ { name: p, title: t, label: l, kind: stacked, value: parts, x: guest, series: mode } ]\n";
	const struct published none = { .count = 0 };
	cJSON *object = outcome("stat small-vhe nv max hypercall 1,2 #1", "ok", 2), *parts;
	struct experiment e;
	struct matrix m;
	struct store s;
	struct summary all;
	char *script, name[8];

	CU_ASSERT_FATAL(experiment_parse(&e, "f.yaml", of_parts, false) && matrix_make(&m, &e));
	CU_ASSERT_FATAL(open_store(&s, "parts", false, "x"));
	parts = cJSON_AddObjectToObject(cJSON_GetObjectItem(object, "result"), "parts");
	for (unsigned i = 1; i <= 40; i++) {
		snprintf(name, sizeof(name), "P%u", i);
		cJSON_AddNumberToObject(parts, name, i);
	}
	CU_ASSERT(store_add(&s, object) && store_sort(&s, &m));
	summary_make(&all, &m, &s);
	script = plot_script(&e.plot[0], &all, &e, &none, "p");
	CU_ASSERT_FATAL(script != NULL);
	CU_ASSERT(strstr(script, "$part0 << EOD\n0 40\n") && strstr(script, "$part11 << EOD\n0 414\n"));
	CU_ASSERT(strstr(script, "$part12 << EOD\n0 820\n") && !strstr(script, "$part13"));
	CU_ASSERT(strstr(script, "'P29'") && !strstr(script, "'P28'") && strstr(script, "'28 others'"));
	free(script);
	summary_free(&all);
	store_close(&s);
	matrix_free(&m);
	experiment_free(&e);
}

static void medians(void)
{
	double odd[] = { 9, 1, 5 }, even[] = { 4, 1, 2, 3 }, alike[] = { 7, 7, 7 }, many[101];
	struct estimate e = estimate_of(odd, 3);

	CU_ASSERT(e.there && !e.exact && fabs(e.value - 5) < 1e-9 && e.low >= 1 && e.high <= 9);
	e = estimate_of(even, 4);
	CU_ASSERT(fabs(e.value - 2.5) < 1e-9);
	e = estimate_of(alike, 3);
	CU_ASSERT(e.exact && fabs(e.value - 7) < 1e-9 && fabs(e.low - e.high) < 1e-9);
	CU_ASSERT_FALSE(estimate_of(odd, 0).there);
	/* Of 0 to 100 the median is 50; by order statistics its 95 % interval is about 40 to 60. */
	for (unsigned i = 0; i < 101; i++)
		many[i] = (double)(i * 37 % 101);
	e = estimate_of(many, 101);
	CU_ASSERT(fabs(e.value - 50) < 1e-9 && e.low > 35 && e.low < 45 && e.high > 55 && e.high < 65);
}

static void time_left(void)
{
	struct progress p = { .name = "x", .total = 48, .before = 8, .done = 8, .since = 1000 };
	char *words = progress_text(&p, 1060, "k");

	CU_ASSERT_STRING_EQUAL(words, "x: 8 of 48 done; time left unknown; runs: k");
	free(words);
	p.done = 18; /* ten in a minute, thirty to do */
	p.failed = 1;
	words = progress_text(&p, 1060, NULL);
	CU_ASSERT_STRING_EQUAL(words, "x: 18 of 48 done, 1 failed; 3 min left");
	free(words);
	p.done = 48;
	words = progress_text(&p, 1060, NULL);
	CU_ASSERT_STRING_EQUAL(words, "x: 48 of 48 done, 1 failed");
	free(words);
}

static void so_far(void)
{
	const struct progress p = { .name = "x.dat", .since = 1000 };
	char *words = progress_count_text(&p, 1034, 1200, "events");

	CU_ASSERT_STRING_EQUAL(words, "x.dat: 1200 events, 34 s");
	free(words);
	words = progress_count_text(&p, 1000 + 5400, 3, "MiB of events");
	CU_ASSERT_STRING_EQUAL(words, "x.dat: 3 MiB of events, 1 h 30 min");
	free(words);
	/* A line a minute where nobody watches. */
	CU_ASSERT(progress_is_due(true, 1000, 1000));
	CU_ASSERT_FALSE(progress_is_due(false, 1059, 1000));
	CU_ASSERT(progress_is_due(false, 1060, 1000));
}

#define CSV_HEAD \
	"engine,guest,mode,cpu,workload,size,smp,vms,deferred,results,failed,traps_per_op,l0_instructions_per_op\n"
#define CSV_ROW "stat,linux,nv,max,hypercall,\"1,2\",,,,1,0,"

/* The exit status; what it prints goes nowhere. */
static int compared(const char *old, const char *new, const char *values, bool exact)
{
	struct csv a, b;
	int out = dup(1), null = open("/dev/null", O_WRONLY), status;

	fflush(stdout);
	dup2(null, 1);
	close(null);
	CU_ASSERT_FATAL(csv_parse(&a, "old", old) && csv_parse(&b, "new", new));
	said_begin();
	status = compare_summaries(&a, &b, values, exact);
	said_end();
	fflush(stdout);
	dup2(out, 1);
	close(out);
	csv_free(&a);
	csv_free(&b);
	return status;
}

static void worse_is_told(void)
{
	static const char old[] = CSV_HEAD CSV_ROW "20,1000\n";

	CU_ASSERT_EQUAL(compared(old, old, NULL, true), 0);
	CU_ASSERT_EQUAL(compared(old, CSV_HEAD CSV_ROW "20.001,1000\n", NULL, false), 1);
	CU_ASSERT_EQUAL(compared(old, CSV_HEAD CSV_ROW "20,999\n", NULL, false), 0);
	CU_ASSERT_EQUAL(compared(old, CSV_HEAD CSV_ROW "20,999\n", NULL, true), 1);
	CU_ASSERT_EQUAL(compared(old, CSV_HEAD CSV_ROW "20,999\n", "traps_per_op", true), 0);
	CU_ASSERT_EQUAL(compared(old, CSV_HEAD CSV_ROW ",1000\n", NULL, false), 1); /* no number any more */
	CU_ASSERT_EQUAL(compared(old, CSV_HEAD, NULL, false), 1);
	CU_ASSERT_EQUAL(compared(CSV_HEAD, old, NULL, false), 1); /* no run in common */
	CU_ASSERT_EQUAL(compared(CSV_HEAD, old, NULL, true), 1);
	CU_ASSERT_EQUAL(compared(old, old, "nonsense", false), 1);
	/* A file from before there was the axis vms. */
	CU_ASSERT_EQUAL(compared("engine,guest,mode,cpu,workload,size,smp,deferred,traps_per_op\n"
				 "stat,linux,nv,max,hypercall,\"1,2\",,,20\n",
				 old, "traps_per_op", true),
			0);
	CU_ASSERT_EQUAL(
		compared("engine,guest,mode,cpu,workload,smp,deferred,traps_per_op\n", old, NULL, true), 1);
}

void register_experiments_results(void)
{
	CU_pSuite suite = CU_add_suite("experiments/results", make_folder, remove_folder);

	CU_add_test(suite, "goes on where it was killed", goes_on_where_it_was_killed);
	CU_add_test(suite, "refuses other folders", refuses_other_folders);
	CU_add_test(suite, "a folder of another version", a_folder_of_another_version);
	CU_add_test(suite, "sorted results are the same", sorted_results_are_the_same);
	CU_add_test(suite, "repetitions become one", repetitions_become_one);
	CU_add_test(suite, "many parts", many_parts);
	CU_add_test(suite, "medians", medians);
	CU_add_test(suite, "time left", time_left);
	CU_add_test(suite, "how much so far", so_far);
	CU_add_test(suite, "worse is told", worse_is_told);
}
