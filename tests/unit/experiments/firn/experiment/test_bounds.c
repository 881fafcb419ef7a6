/* Is a number beyond its bound told, and how much one depends on run lengths? Tests experiments/firn/experiment/bounds.c and sensitivity.c. */
#define _GNU_SOURCE
#include <CUnit/CUnit.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/experiment/bounds.h"
#include "experiments/firn/experiment/sensitivity.h"

void register_experiments_bounds(void);

static const struct block block = { .engine = ENGINE_STAT };
static const struct run runs[] = {
	{ &block, { "linux", "nv2", "max", "page_unmap", "1,2", "", "", "", "1" }, NULL },
	{ &block, { "linux", "nv2", "max", "device_io", "1,2", "", "", "", "1" }, NULL },
	{ &block, { "linux", "bare", "max", "page_unmap", "1,2", "", "", "", "1" }, NULL },
	{ &block, { "linux", "nv", "max", "page_unmap", "1,2", "", "", "", "1" }, NULL },
};

static const char *const results[][2] = {
	{ "{\"a\":10,\"b\":4,\"s2\":{\"faults\":{\"x\":5,\"y\":7},\"operations\":3}}", NULL },
	{ "{\"a\":7.5}", NULL },
	{ "{\"a\":4}", "{\"a\":5}" },
	{ NULL, NULL },
};

static struct cell cells[4];
static const struct summary summary = { cells, 4 };
static const cJSON *parsed[4][2];

static int make_cells(void)
{
	for (unsigned i = 0; i < 4; i++) {
		cells[i] = (struct cell){ .run = &runs[i], .result = parsed[i], .missing = !results[i][0] };
		for (unsigned r = 0; r < 2 && results[i][r]; r++)
			parsed[i][cells[i].results++] = cJSON_Parse(results[i][r]);
	}
	return 0;
}

static int free_cells(void)
{
	for (unsigned i = 0; i < 4; i++)
		for (unsigned r = 0; r < cells[i].results; r++)
			cJSON_Delete((cJSON *)(uintptr_t)parsed[i][r]);
	return 0;
}

static struct bound of(const char *mode, const char *value, const char *less, const char *over)
{
	return (struct bound){ .title = "t",
			       .guest = "linux",
			       .mode = mode,
			       .workload = "page_unmap",
			       .value = value,
			       .less = less,
			       .over = over,
			       .note = "" };
}

static void expect(struct bound bound, double expected)
{
	double value = 0;

	CU_ASSERT(bound_value(&bound, &summary, &value) && fabs(value - expected) < 1e-9);
}

static void sums_and_quotients(void)
{
	struct bound bound = of("nv2", "a", "hypercall", NULL);
	double value;

	expect(of("nv2", "a", NULL, NULL), 10);
	expect(of("nv2", "a + b - s2.operations", NULL, NULL), 11);
	expect(of("nv2", "s2.faults - s2.operations", NULL, NULL), 9);
	expect(of("nv2", "a", "device_io", NULL), 2.5);
	expect(of("nv2", "a", NULL, "bare"), 10 / 4.5);
	expect(of("bare", "differ", NULL, NULL), 1);
	CU_ASSERT_FALSE(bound_value(&bound, &summary, &value)); /* not measured */
	bound = of("nv2", "c", NULL, NULL);
	CU_ASSERT_FALSE(bound_value(&bound, &summary, &value)); /* no such number */
	bound = of("nv2", "differ", NULL, NULL);
	CU_ASSERT_FALSE(bound_value(&bound, &summary, &value)); /* of one */
	bound = of("nv", "a", NULL, NULL);
	CU_ASSERT_FALSE(bound_value(&bound, &summary, &value)); /* failed */
}

/* How many are beyond; what it prints goes nowhere. */
static size_t beyond(struct bound *bound)
{
	struct experiment e = { .bound = bound, .bounds = 1 };
	int out = dup(1), null = open("/dev/null", O_WRONLY);
	size_t count;

	fflush(stdout);
	dup2(null, 1);
	close(null);
	count = bounds_print(&e, &summary);
	fflush(stdout);
	dup2(out, 1);
	close(out);
	return count;
}

static void beyond_is_told(void)
{
	struct bound bound = of("nv2", "a", NULL, NULL);

	CU_ASSERT_EQUAL(beyond(&bound), 0);
	bound.most = "10";
	CU_ASSERT_EQUAL(beyond(&bound), 0);
	bound.most = "9.999";
	CU_ASSERT_EQUAL(beyond(&bound), 1);
	bound.mode = "nv";
	CU_ASSERT_EQUAL(beyond(&bound), 0);
	bound = of("nv2", "c", NULL, NULL);
	CU_ASSERT_EQUAL(beyond(&bound), 1); /* of a name that no result has, it is not known */
}

/* A row for each that was to be measured, and no other. */
static void what_is_shown(void)
{
	struct bound bound[] = { of("nv2", "a", NULL, NULL), of("nv", "a", NULL, NULL),
				 of("kvm", "a", NULL, NULL) };
	const struct experiment e = { .bound = bound, .bounds = 3 };
	char *bytes = NULL;
	size_t size;
	struct document d = { open_memstream(&bytes, &size), false };

	bound[0].most = "9";
	bound[2].title = "never";
	bounds_part(&d, &e, &summary);
	fclose(d.out);
	CU_ASSERT_PTR_NOT_NULL(strstr(bytes, "| t | 10 | 9 | BEYOND THE BOUND |"));
	CU_ASSERT_PTR_NOT_NULL(strstr(bytes, "| t | - | - | not measured |"));
	CU_ASSERT_PTR_NULL(strstr(bytes, "never"));
	free(bytes);
}

/* Three sizes of one guest, which stand apart, and one of another. */
static void over_sizes(void)
{
	static const struct run of[] = {
		{ &block, { "linux", "nv", "max", "eoi", "1,2", "", "", "", "1" }, NULL },
		{ &block, { "small-vhe", "nv", "max", "eoi", "1,2", "", "", "", "1" }, NULL },
		{ &block, { "linux", "nv", "max", "eoi", "3,4", "", "", "", "1" }, NULL },
		{ &block, { "linux", "nv", "max", "eoi", "5,6", "", "", "", "1" }, NULL },
	};
	static const char *const json[] = { "{\"traps_per_op\":23.5}", "{\"traps_per_op\":2}",
					    "{\"traps_per_op\":23}", "{\"traps_per_op\":22.9}" };
	const cJSON *result[4];
	struct cell cell[4];
	struct summary all = { cell, 4 };
	char *bytes = NULL;
	size_t size;
	struct document d = { open_memstream(&bytes, &size), false };

	for (unsigned i = 0; i < 4; i++) {
		result[i] = cJSON_Parse(json[i]);
		cell[i] = (struct cell){ .run = &of[i], .result = &result[i], .results = 1 };
	}
	sensitivity_part(&d, &all);
	all.cells = 3; /* of two sizes nothing is said */
	sensitivity_part(&d, &all);
	fclose(d.out);
	CU_ASSERT_PTR_NOT_NULL(strstr(bytes, "| linux | nv | eoi | 3 | 22.9 | 23 | 23.5 | "));
	CU_ASSERT_PTR_NOT_NULL(strstr(bytes, " | 3,4 |\n"));
	CU_ASSERT_PTR_NULL(strstr(bytes, "small-vhe"));
	CU_ASSERT_PTR_NULL(strstr(strstr(bytes, "| linux") + 1, "| linux"));
	free(bytes);
	for (unsigned i = 0; i < 4; i++)
		cJSON_Delete((cJSON *)(uintptr_t)result[i]);
}

void register_experiments_bounds(void)
{
	CU_pSuite suite = CU_add_suite("experiments/bounds", make_cells, free_cells);

	CU_add_test(suite, "sums and quotients", sums_and_quotients);
	CU_add_test(suite, "beyond is told", beyond_is_told);
	CU_add_test(suite, "what is shown", what_is_shown);
	CU_add_test(suite, "a number over the sizes", over_sizes);
}
