/* Are distributions and times drawn as they are? Tests experiments/firn/experiment/plot_quantiles.c and plot_time.c. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/plot_quantiles.h"
#include "experiments/firn/experiment/plot_time.h"

void register_experiments_plots(void);

static const struct block block = { .engine = ENGINE_STAT };
static const struct run runs[] = {
	{ &block, { "linux", "nv", "max", "irq_latency", "1,2", "", "1", "", "1" }, NULL },
	{ &block, { "linux", "nv2", "max", "irq_latency", "1,2", "", "1", "", "1" }, NULL },
	{ &block, { "linux", "nv2", "max", "irq_latency", "1,2", "", "2", "", "1" }, NULL },
};

/* A script of the given results, one for each of the runs, and whether it has these words. */
static void expect(char *(*script_of)(const struct plot *, const struct summary *, const char *),
		   const struct plot *plot, const char *const json[3], const char *const words[])
{
	struct cell cells[3];
	cJSON *result[3];
	const cJSON *results[3];
	const struct summary summary = { cells, 3 };
	char *script;

	for (unsigned i = 0; i < 3; i++) {
		results[i] = result[i] = cJSON_Parse(json[i]);
		cells[i] = (struct cell){ .run = &runs[i], .result = &results[i], .results = 1 };
	}
	script = script_of(plot, &summary, "file");
	if (!words)
		CU_ASSERT_PTR_NULL(script);
	for (; words && script && *words; words++)
		if (!strstr(script, *words)) {
			CU_FAIL("a script without:");
			puts(*words);
		}
	CU_ASSERT(!words || script);
	free(script);
	for (unsigned i = 0; i < 3; i++)
		cJSON_Delete(result[i]);
}

/* 90 % is one nine, 99.9 % three; the last one is at the edge. */
static void a_line_for_each_run(void)
{
	const struct plot plot = { .name = "p",
				   .title = "it's",
				   .label = "l",
				   .value = "late.all",
				   .kind = PLOT_QUANTILES,
				   .series = { AXIS_MODE, AXIS_VMS },
				   .series_count = 2 };
	const char *const json[] = { "{\"late\":{\"all\":[[0,10],[90,20],[99.9,30],[100,40]]}}",
				     "{\"late\":{\"all\":[[100,7]]}}", "{\"late\":{\"all\":[[100,8]]}}" };

	expect(plot_quantiles_script, &plot, json,
	       (const char *const[]){
		       "$line0 << EOD\n0 10\n1 20\n3 30\n4 40\nEOD", "$line1 << EOD\n4 7\nEOD",
		       "dt 1 lc rgb '#0072b2' title 'nv 1 VM'", "dt 1 lc rgb '#e69f00' title 'nv2 1 VM'",
		       "dt 2 lc rgb '#e69f00' title 'nv2 2 VMs'", "'it''s' noenhanced", NULL });
	expect(plot_quantiles_script, &plot, (const char *const[]){ "{}", "{\"late\":3}", "{}" }, NULL);
}

/* What is much in one panel is named, though it is little of all; the others are one. */
static void a_panel_for_each_run(void)
{
	const struct plot plot = { .name = "p",
				   .title = "t",
				   .label = "per million",
				   .value = "when",
				   .kind = PLOT_TIME,
				   .series = { AXIS_MODE },
				   .series_count = 1 };
	const char *const json[] = {
		"{\"when\":{\"stretch\":2000000,\"traps\":{\"A\":[1000,600],\"N1\":[20,0],\"N2\":[20,0],\"N3\":[20,0],"
		"\"N4\":[20,0],\"N5\":[20,0],\"N6\":[20,0],\"N7\":[20,0],\"N8\":[20,0],\"N9\":[20,0],\"N10\":[8,2],"
		"\"others\":[0,4]}}}",
		"{\"when\":{\"stretch\":500000,\"traps\":{\"B\":[3,0]}}}", "{\"when\":{\"stretch\":0}}"
	};

	expect(plot_time_script, &plot, json,
	       (const char *const[]){ "$panel0 << EOD\n0 0 500", "$panel1 << EOD\n0 6 6 6", "set title 'nv'",
				      "set title 'nv2'", "'others' at screen", "'B' at screen",
				      "'N9' at screen",
				      /* the last column of both stretches: all there is, in a million */
				      " 594\n", " 303\nEOD", "set ylabel 'per million'", "[0:1]", NULL });
	expect(plot_time_script, &plot, (const char *const[]){ "{}", "{\"when\":3}", "{}" }, NULL);
}

void register_experiments_plots(void)
{
	CU_pSuite suite = CU_add_suite("experiments: plots", NULL, NULL);

	CU_add_test(suite, "a distribution is a line for each run", a_line_for_each_run);
	CU_add_test(suite, "times are a panel for each run", a_panel_for_each_run);
}
