/*
 * Does a file define the runs that it says, and is everything else told with its line? Tests
 * experiments/firn/experiment/definition_*.c, result_names.c, markup.c and matrix.c.
 */
#define _GNU_SOURCE
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/definition_check.h"
#include "experiments/firn/experiment/definition_file.h"
#include "experiments/firn/experiment/matrix.h"
#include "experiments/firn/tool/complain.h"
#include "tests/unit/experiments/firn/experiment/said.h"

void register_experiments_definition(void);

#define TITLE "title: t\nquestion: q\n"

/* The keys of all runs, one behind the other; NULL where it is refused. */
static char *keys_of(const char *bytes, bool quick)
{
	struct experiment e;
	struct matrix m;
	char *keys = NULL;
	size_t size;
	FILE *out;

	if (!experiment_parse(&e, "f.yaml", bytes, quick))
		return NULL;
	if (matrix_make(&m, &e)) {
		out = open_memstream(&keys, &size);
		for (size_t i = 0; i < m.runs; i++)
			fprintf(out, "%s\n", m.run[i].key);
		fclose(out);
		matrix_free(&m);
	}
	experiment_free(&e);
	return keys;
}

static void expect_runs(const char *bytes, bool quick, const char *expected)
{
	char *keys = keys_of(bytes, quick);

	CU_ASSERT_FATAL(keys != NULL);
	CU_ASSERT_STRING_EQUAL(keys, expected);
	free(keys);
}

static void every_combination(void)
{
	static const char file[] =
		TITLE "runs:\n"
		      "  - guests: [small-vhe, linux]\n"
		      "    workloads: hypercall\n"
		      "    sizes: [[1, 2], [10, 20]]\n"
		      "    repetitions: 2\n"
		      "    quick: { guests: small-nvhe, modes: nv2, sizes: [3, 4], repetitions: 1 }\n"
		      "  - { guests: linux, workloads: virtual_ipi, modes: nv2, smp: 2, quick: no }\n";

	expect_runs(file, false,
		    "stat small-vhe nv max hypercall 1,2 #1\nstat small-vhe nv max hypercall 1,2 #2\n"
		    "stat small-vhe nv max hypercall 10,20 #1\nstat small-vhe nv max hypercall 10,20 #2\n"
		    "stat small-vhe nv2 max hypercall 1,2 #1\nstat small-vhe nv2 max hypercall 1,2 #2\n"
		    "stat small-vhe nv2 max hypercall 10,20 #1\nstat small-vhe nv2 max hypercall 10,20 #2\n"
		    "stat linux nv max hypercall 1,2 #1\nstat linux nv max hypercall 1,2 #2\n"
		    "stat linux nv max hypercall 10,20 #1\nstat linux nv max hypercall 10,20 #2\n"
		    "stat linux nv2 max hypercall 1,2 #1\nstat linux nv2 max hypercall 1,2 #2\n"
		    "stat linux nv2 max hypercall 10,20 #1\nstat linux nv2 max hypercall 10,20 #2\n"
		    "stat linux nv2 max virtual_ipi 1000,2000 smp 2 #1\n");
	expect_runs(
		TITLE "runs:\n  - { guests: linux, modes: nv, workloads: irq_latency, vms: [1, 4] }\n", false,
		"stat linux nv max irq_latency 200,1200 vms 1 #1\nstat linux nv max irq_latency 200,1200 vms 4 #1\n");
	expect_runs(file, true, "stat small-nvhe nv2 max hypercall 3,4 #1\n");
}

static void deferred_sets(void)
{
	expect_runs(TITLE
		    "runs:\n  - { engine: whatif, guests: linux, workloads: timer, deferred: [nv2, nv3] }\n",
		    false,
		    "whatif linux nv max timer 10,20 nv2 #1\nwhatif linux nv max timer 10,20 nv3 #1\n");
}

static void expect_command(const char *runs, const char *expected)
{
	struct experiment e;
	struct matrix m;
	char *bytes = text("%s%s", TITLE "runs:\n  - ", runs), *command;

	CU_ASSERT_FATAL(experiment_parse(&e, "f.yaml", bytes, false) && matrix_make(&m, &e) && m.runs == 1);
	command = run_command(&m.run[0]);
	CU_ASSERT_STRING_EQUAL(command, expected);
	free(command);
	free(bytes);
	matrix_free(&m);
	experiment_free(&e);
}

static void the_command(void)
{
	expect_command("{ guests: linux, workloads: eoi, modes: nv, smp: 1, s2: yes, patience: 5 }\n",
		       "firn stat --guest linux --mode nv --cpu max --workload eoi --iterations "
		       "1000,2000 --smp 1 --patience 5 --s2 --json -");
	expect_command("{ guests: linux, workloads: eoi, modes: nv, vms: 3, patience: 5 }\n",
		       "firn stat --guest linux --mode nv --cpu max --workload eoi --iterations "
		       "1000,2000 --vms 3 --patience 5 --json -");
	expect_command("{ engine: timeline, guests: linux, workloads: l2_boot, modes: nv2, patience: 5 }\n",
		       "firn record --guest linux --mode nv2 --cpu max --workload l2_boot --iterations 1,2 "
		       "--patience 5 --whole --events trap -o ./recording.dat && firn report ./recording.dat "
		       "--timeline 100");
}

#define RUN "runs:\n  - { guests: linux, workloads: eoi }\n"

/* Each is refused with one line. */
static const struct {
	const char *bytes, *message;
} refused[] = {
	{ "", "f.yaml:1: expected keys with values, found nothing" },
	{ "a: [1\n", "f.yaml:2: did not find expected" },
	{ "- a\n", "f.yaml:1: expected one of: title," },
	{ "title: t\n", "f.yaml:1: expected the key 'question'" },
	{ TITLE RUN "colour: red\n", "f.yaml:5: expected one of: title, question, method, runs" },
	{ TITLE "title: again\n" RUN, "f.yaml:3: expected each key once, found 'title'" },
	{ "title: [a]\nquestion: q\n" RUN, "f.yaml:1: expected a title, found a list" },
	{ TITLE "runs: 3\n", "f.yaml:3: expected a list, found '3'" },
	{ TITLE "runs: []\n", "f.yaml:3: expected at least one block of runs" },
	{ TITLE "runs:\n  - linux\n", "f.yaml:4: expected one of: guests" },
	{ TITLE "runs:\n  - guests: linux\n", "f.yaml:4: expected the keys 'guests' and 'workloads'" },
	{ TITLE "runs:\n  - guests: [linux,\n      minix]\n    workloads: eoi\n",
	  "f.yaml:5: expected one of: linux, linux-nvhe" },
	{ TITLE "runs:\n  - { guests: [], workloads: eoi }\n", "f.yaml:4: expected at least one name" },
	{ TITLE "runs:\n  - { guests: [linux, linux], workloads: eoi }\n",
	  "f.yaml:4: expected each name once" },
	{ TITLE "runs:\n  - { guests: lesson, workloads: eoi }\n", "f.yaml:4: expected one of: linux" },
	{ TITLE "runs:\n  - { guests: linux, workloads: mapped_touch }\n",
	  "f.yaml:4: expected small-vhe or small-nvhe for the workload mapped_touch" },
	{ TITLE "runs:\n  - { guests: linux, workloads: virtual_ipi, smp: 1 }\n",
	  "f.yaml:4: expected smp 2 for the workload virtual_ipi" },
	{ TITLE "runs:\n  - { guests: linux, workloads: vm_switch, vms: 1 }\n",
	  "f.yaml:4: expected vms 2 for the workload vm_switch" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, vms: 9 }\n",
	  "f.yaml:4: expected a number from 1 to 8" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, vms: 2, engine: outside }\n",
	  "f.yaml:4: expected one CPU and one VM" },
	{ TITLE "runs:\n  - { guests: linux, workloads: virtual_ipi, modes: kvm }\n",
	  "f.yaml:4: expected one CPU and one VM" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, modes: bare, engine: timeline }\n",
	  "f.yaml:4: expected no other mode than nv and nv2" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, modes: [nv, kvm], engine: profile }\n",
	  "f.yaml:4: expected no other mode than nv and nv2" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, smp: 9 }\n",
	  "f.yaml:4: expected a number from 1 to 8" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, sizes: [2, 1] }\n",
	  "f.yaml:4: expected a number larger than the first, found '1'" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, sizes: 5 }\n",
	  "f.yaml:4: expected two numbers like [1000, 2000]" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, repetitions: 99999999999999999999999 }\n",
	  "f.yaml:4: expected a number from 1 to 1000" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, s2: 2 }\n", "f.yaml:4: expected yes or no" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, deferred: nv2 }\n",
	  "f.yaml:4: expected 'engine: whatif'" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, engine: whatif }\n",
	  "f.yaml:4: expected the key 'deferred'" },
	{ TITLE "runs:\n  - { guests: linux, workloads: eoi, engine: whatif, deferred: nv2, modes: nv2 }\n",
	  "f.yaml:4: expected no other mode than nv" },
	{ TITLE "runs:\n  - guests: linux\n    workloads: eoi\n    quick:\n      guest: linux\n",
	  "f.yaml:7: expected one of: guests" },
	{ TITLE
	  "runs:\n  - { guests: linux, workloads: eoi }\n  - { guests: linux, workloads: eoi, modes: nv }\n",
	  "f.yaml: expected each run once, found twice: stat linux nv max eoi" },
	{ TITLE RUN
	  "plots:\n  - { name: a/b, title: t, label: l, value: v, kind: bars, x: guest, series: mode }\n",
	  "f.yaml:6: expected a name of small letters" },
	{ TITLE RUN
	  "plots:\n  - { name: a, title: t, label: l, value: v, kind: pie, x: guest, series: mode }\n",
	  "f.yaml:6: expected one of: bars, stacked, lines, parts, quantiles, time, found 'pie'" },
	{ TITLE RUN "bounds:\n  - { title: t, guest: linux, mode: nv, workload: eoi, value: v, most: few }\n",
	  "f.yaml:6: expected a number, found 'few'" },
	{ TITLE RUN
	  "bounds:\n  - { title: t, guest: [linux, linux-7.3], mode: nv, workload: eoi, value: v }\n",
	  "f.yaml:6: expected one name" },
	{ TITLE "runs:\n  - { guests: linux, workloads: l1_boot, engine: timeline }\n",
	  "f.yaml:4: expected a workload that can be recorded" },
	{ TITLE RUN "ratios:\n  - { title: t, value: v, over: mode, of: [nv] }\n",
	  "f.yaml:6: expected two names" },
	{ TITLE RUN
	  "plots:\n  - { name: a, title: t, label: l, value: v, kind: lines, x: guest, series: mode }\n",
	  "f.yaml:6: expected one of: size, smp, vms, which are numbers, for lines, found 'guest'" },
	{ TITLE RUN
	  "plots:\n  - { name: a, title: t, label: l, value: v, kind: bars, x: guest, series: [mode, mode] }\n",
	  "f.yaml:6: expected each axis once, found 'mode'" },
	{ TITLE RUN
	  "plots:\n  - { name: a, title: t, label: l, value: v, kind: bars, x: repetition, series: mode }\n",
	  "f.yaml:6: expected one of: guest, mode, cpu, workload, size, smp, vms, deferred, found 'repetition'" },
	{ TITLE RUN
	  "plots:\n  - { name: a, title: t, label: l, value: v, kind: bars, x: guest, series: mode, only: { repetition: [1] } }\n",
	  "f.yaml:6: expected one of: guest, mode, cpu, workload, size, smp, vms, deferred, found 'repetition'" },
};

static void everything_else_is_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		for (unsigned quick = 0; quick < 2; quick++) {
			char *keys;

			said_begin();
			keys = keys_of(refused[i].bytes, quick);
			CU_ASSERT_PTR_NULL(keys);
			CU_ASSERT(said_one_line(refused[i].message));
			free(keys);
		}
}

/* Can what the file wants to have shown be there? */
static bool is_sound(const struct experiment *e)
{
	struct matrix m;
	bool good;

	CU_ASSERT_FATAL(matrix_make(&m, e));
	good = definition_check(e, &m);
	matrix_free(&m);
	return good;
}

#define RUNS                                                                                       \
	TITLE "runs:\n"                                                                            \
	      "  - { guests: [linux, small-vhe], workloads: [eoi, timer], modes: [nv, nv2] }\n"    \
	      "  - { guests: linux, workloads: hypercall, modes: [nv2, bare], engine: outside }\n" \
	      "  - { guests: linux, workloads: l2_boot, modes: nv2, engine: timeline }\n"
#define PLOT(kind, value)                                             \
	RUNS "plots:\n  - { name: a, title: t, label: l, kind: " kind \
	     ", x: size, series: mode,\n      value: " value
#define RATIO(value, over, of) \
	RUNS "ratios:\n  - { title: t, value: " value ", over: " over ",\n      of: " of " }\n"
#define BOUND(guest, mode, workload, more)                                                    \
	RUNS "bounds:\n  - { title: t, guest: " guest ", mode: " mode ", workload: " workload \
	     ",\n      " more " }\n"
#define PUBLISHED(value, guests, mode, benchmarks)                                                     \
	RUNS "published:\n  - source: s\n    metric: m\n    value: " value                             \
	     "\n    comparable: c\n    systems:\n      - { system: x, guests: " guests ", mode: " mode \
	     " }\n    benchmarks: { " benchmarks " }\n"

/* message: NULL where the file is good. */
static const struct {
	const char *bytes, *message;
} shown[] = {
	{ PLOT("bars", "traps_per_op }\n"), NULL },
	{ PLOT("bars", "traps_per_opp }\n"), "f.yaml:9: expected one of: traps_per_op, l0_" },
	{ PLOT("bars", "by_reason.SYSREG:HCR_EL2:W }\n"), NULL },
	{ PLOT("bars", "by_reason }\n"), "by_reason.NAME, by_level.NAME" },
	{ PLOT("bars", "by_function.nv_decide }\n"), "f.yaml:9: expected one of: traps_per_op" },
	{ PLOT("bars",
	       "estimated_cycles.mine }\nmodels:\n  - { name: mine, title: t, terms: { traps_per_op: trap } }\n"),
	  NULL },
	{ PLOT("bars",
	       "estimated_cycles.yours }\nmodels:\n  - { name: mine, title: t, terms: { traps_per_op: trap } }\n"),
	  "f.yaml:9: expected one of: traps_per_op" },
	{ PLOT("stacked", "by_level }\n"), NULL },
	{ PLOT("stacked", "traps_per_op }\n"),
	  "f.yaml:9: expected one of: by_reason, by_level, by_reason_and_level, s2" },
	{ PLOT("quantiles", "latency_ticks.quantiles }\n"), NULL },
	{ PLOT("quantiles", "latency_ticks.p50 }\n"),
	  "f.yaml:9: expected one of: latency_ticks.quantiles, found" },
	{ PLOT("time", "between.by_reason }\n"), NULL },
	{ PLOT("time", "after.by_reason }\n"), "before.by_reason, before.by_function, between.by_reason" },
	{ PLOT("bars", "traps_per_op,\n      only: { guest: linux, workload: timer } }\n"), NULL },
	{ PLOT("bars", "traps_per_op,\n      only: { guest: [linux, linux-7.3] } }\n"),
	  "f.yaml:10: expected on the axis guest what a run has: linux, small-vhe, found linux-7.3" },
	{ PLOT("bars", "traps_per_op,\n      only: { size: [\"1000,2000\"] } }\n"), NULL },
	{ PLOT("bars", "traps_per_op,\n      only: { size: [\"1,2000\"] } }\n"),
	  "f.yaml:10: expected on the axis size what a run has: 1000,2000" },
	{ PLOT("bars", "traps_per_op,\n      only: { mode: bare, workload: timer } }\n"),
	  "f.yaml:8: expected a run that has all of 'only' at once" },
	{ PLOT("bars", "instructions_per_op,\n      only: { workload: hypercall } }\n"), NULL },
	{ PLOT("bars", "instructions_per_op,\n      only: { workload: timer } }\n"),
	  "f.yaml:9: expected one of: traps_per_op" },
	{ RATIO("traps_per_op", "mode", "[nv, nv2]"), NULL },
	{ RATIO("traps", "mode", "[nv, nv2]"), "f.yaml:8: expected one of: traps_per_op" },
	{ RATIO("traps_per_op", "mode", "[kvm, nv2]"),
	  "f.yaml:9: expected on the axis mode what a run has: nv, nv2, bare, found kvm" },
	{ RATIO("traps_per_op", "mode", "[bare, nv]"),
	  "f.yaml:9: expected two runs that differ in nothing else" },
	{ RATIO("instructions_per_op", "mode", "[nv2, bare]"), NULL },
	{ RUNS "models:\n  - { name: m, title: t, terms: { traps: trap } }\n",
	  "f.yaml:8: expected one of: traps_per_op" },
	{ BOUND("linux", "nv2", "eoi", "value: traps_per_op - by_level, most: 1"), NULL },
	{ BOUND("linux", "nv2", "eoi", "value: traps_per_op - by_levels, most: 1"),
	  "f.yaml:9: expected one of: traps_per_op" },
	{ BOUND("small-vhe", "nv", "hypercall", "value: traps_per_op"),
	  "f.yaml:8: expected a bound of one of the runs, found none of small-vhe, nv, hypercall" },
	{ BOUND("linux", "nv", "eoi", "value: traps_per_op, less: timer"), NULL },
	{ BOUND("linux", "nv", "eoi", "value: traps_per_op, less: hypercall"),
	  "none of linux, nv, hypercall" },
	{ BOUND("linux", "nv", "eoi", "value: traps_per_op, over: bare"), "none of linux, bare, eoi" },
	{ BOUND("linux", "nv", "eoi", "value: differ"), "f.yaml:8: expected repetitions, for 'differ'" },
	{ PUBLISHED("traps_per_op", "[linux, small-vhe]", "nv", "a: eoi, b: timer"), NULL },
	{ PUBLISHED("traps", "[linux]", "nv", "a: eoi"), "f.yaml:10: expected one of: traps_per_op" },
	{ PUBLISHED("traps_per_op", "[linux, linux-7.3]", "nv", "a: eoi"),
	  "f.yaml:13: expected guests that a run" },
	{ PUBLISHED("traps_per_op", "[linux]", "bare", "a: eoi"), "f.yaml:13: expected guests that a run" },
	{ PUBLISHED("traps_per_op", "[linux]", "nv", "a: eoi, b: hypercall"),
	  "f.yaml:14: expected workloads that a run of" },
};

static void what_no_run_is_of(void)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		struct experiment e;
		bool good;

		CU_ASSERT_FATAL(experiment_parse(&e, "f.yaml", shown[i].bytes, false));
		said_begin();
		good = is_sound(&e);
		if (shown[i].message)
			CU_ASSERT(said_one_line(shown[i].message))
		else
			CU_ASSERT_STRING_EQUAL(said_end(), "");
		CU_ASSERT_EQUAL(good, shown[i].message == NULL);
		experiment_free(&e);
	}
}

/* 1000 repetitions of 2 guests, 2 modes and 30 sizes. */
static void an_enormous_matrix(void)
{
	char *bytes = NULL;
	size_t size;
	FILE *out = open_memstream(&bytes, &size);

	fputs(TITLE
	      "runs:\n  - guests: [linux, small-vhe]\n    workloads: hypercall\n    repetitions: 1000\n    sizes: [",
	      out);
	for (unsigned i = 0; i < 30; i++)
		fprintf(out, "%s[%u, %u]", i ? ", " : "", i, i + 1);
	fputs("]\n", out);
	fclose(out);
	said_begin();
	CU_ASSERT_PTR_NULL(keys_of(bytes, false));
	CU_ASSERT(said_one_line("f.yaml: expected at most 100000 runs, found more"));
	free(bytes);
}

/* Those that come with firn are good in both sizes. */
static void those_of_the_catalog(void)
{
	FILE *list = popen("ls experiments/catalog/*.yaml", "r");
	char file[256];
	struct experiment e;
	unsigned files = 0;

	while (list && fgets(file, sizeof(file), list)) {
		file[strcspn(file, "\n")] = '\0';
		for (unsigned quick = 0; quick < 2; quick++) {
			CU_ASSERT_FATAL(experiment_read(&e, file, quick));
			CU_ASSERT(e.blocks > 0 && *e.question);
			CU_ASSERT(quick || is_sound(&e));
			experiment_free(&e);
		}
		files++;
	}
	CU_ASSERT(list && pclose(list) == 0 && files > 0);
}

void register_experiments_definition(void)
{
	CU_pSuite suite = CU_add_suite("experiments/definition", NULL, NULL);

	CU_add_test(suite, "every combination", every_combination);
	CU_add_test(suite, "deferred sets", deferred_sets);
	CU_add_test(suite, "the command", the_command);
	CU_add_test(suite, "everything else is refused", everything_else_is_refused);
	CU_add_test(suite, "what no run is of", what_no_run_is_of);
	CU_add_test(suite, "an enormous matrix", an_enormous_matrix);
	CU_add_test(suite, "those of the catalog", those_of_the_catalog);
}
