/*
 * Do traps that two L0s have in common stand in one line, is each member of an object a bar, and is an overhead that of the same
 * application? Tests experiments/firn/experiment/sequences.c, plot_parts.c and overheads.c.
 */
#define _GNU_SOURCE
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/overheads.h"
#include "experiments/firn/experiment/plot_parts.h"
#include "experiments/firn/experiment/sequences.h"

void register_experiments_sequences(void);

static const struct block block = { .engine = ENGINE_OUTSIDE };

/* Three cells of one guest and workload, which differ in their mode alone. */
static struct run runs[] = {
	{ &block, { "linux", "nv2", "max", "hypercall", "1,2", "", "", "", "1" }, NULL },
	{ &block, { "linux", "kvm", "max", "hypercall", "1,2", "", "", "", "1" }, NULL },
	{ &block, { "linux", "kvm", "max", "device_io", "1,2", "", "", "", "1" }, NULL },
};

static struct cell cell_of(const struct run *run, const cJSON **result)
{
	return (struct cell){ .run = run, .result = result, .results = 1 };
}

static char *part_of(const char *const results[3])
{
	const cJSON *parsed[3];
	struct cell cells[3];
	const struct summary summary = { cells, 3 };
	char *bytes = NULL;
	size_t size;
	struct document d = { open_memstream(&bytes, &size), false };

	for (unsigned i = 0; i < 3; i++) {
		parsed[i] = cJSON_Parse(results[i]);
		CU_ASSERT_PTR_NOT_NULL_FATAL(parsed[i]);
		cells[i] = cell_of(&runs[i], &parsed[i]);
	}
	sequences_part(&d, &summary);
	fclose(d.out);
	for (unsigned i = 0; i < 3; i++)
		cJSON_Delete((cJSON *)(uintptr_t)parsed[i]);
	return bytes;
}

static void common_traps_share_a_line(void)
{
	char *words = part_of((const char *const[]){
		"{\"sequence\":[\"L2 EL1 HVC 10\",\"vEL2 SYSREG:ICH_MISR_EL2:R 20\",\"vEL2 ERET 30\"]}",
		"{\"sequence\":[\"L2 EL1 HVC 100\",\"vEL2 SYSREG:MDSCR_EL1:R 1\",\"vEL2 SYSREG:ICH_MISR_EL2:R 200\",\"vEL2 ERET 300\",\"vEL2 IRQ 2\"]}",
		"{\"sequence\":[\"L2 EL1 DABT 7\",\"vEL2 ERET 8\"]}" });
	static const char *const lines[] = {
		"| L2 EL1 HVC | 10 | 100 |\n",
		"| vEL2 SYSREG:MDSCR\\_EL1:R |  | 1 |\n",
		"| vEL2 SYSREG:ICH\\_MISR\\_EL2:R | 20 | 200 |\n",
		"| vEL2 ERET | 30 | 300 |\n",
		"| vEL2 IRQ |  | 2 |\n",
	};
	const char *at = words;

	for (unsigned i = 0; i < 5; i++) { /* in this order */
		char *plain = strdup(lines[i]), *to = plain;

		for (const char *from = lines[i]; *from; from++)
			if (*from != '\\')
				*to++ = *from;
		*to = '\0';
		at = at ? (strstr(at, lines[i]) ? strstr(at, lines[i]) : strstr(at, plain)) : NULL;
		free(plain);
		CU_ASSERT_PTR_NOT_NULL(at);
	}
	CU_ASSERT_PTR_NULL(strstr(words, "DABT")); /* nothing stands beside it */
	free(words);
}

static void nothing_to_compare(void)
{
	char *words =
		part_of((const char *const[]){ "{\"sequence\":[\"L2 EL1 HVC 10\"]}",
					       "{\"sequence\":[\"L2 EL1 HVC 10\",\"vEL2 ERET 30\"]}", "{}" });

	CU_ASSERT_STRING_EQUAL(words, "");
	free(words);
}

static void a_bar_for_each_member(void)
{
	cJSON *result = cJSON_CreateObject(), *object = cJSON_AddObjectToObject(result, "by_function");
	const cJSON *results[] = { result };
	struct cell cells[] = { cell_of(&runs[0], results) };
	const struct summary summary = { cells, 1 };
	struct plot plot = {
		.name = "p", .title = "it's", .label = "l", .value = "by_function", .kind = PLOT_PARTS
	};
	char name[32], *script;

	for (unsigned i = 1; i <= 40; i++) {
		snprintf(name, sizeof(name), "f%u (\"x\".c)", i);
		cJSON_AddNumberToObject(object, name, i);
	}
	script = plot_parts_script(&plot, &summary, "file");
	CU_ASSERT_PTR_NOT_NULL_FATAL(script);
	CU_ASSERT_PTR_NOT_NULL(strstr(script, "$bars << EOD\n0 40 \"f40 ( x .c)\"\n1 39 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(script, "\n35 5 \"f5 ( x .c)\"\n36 10 \"4 others\"\nEOD\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(script, "'it''s: linux, nv2'"));
	free(script);
	plot.value = "by_purpose";
	CU_ASSERT_PTR_NULL(plot_parts_script(&plot, &summary, "file"));
	cJSON_Delete(result);
}

static void overhead_of_the_same_application(void)
{
	static struct run of[] = {
		{ &block, { "linux", "bare", "max", "l1_pipe", "1,2", "", "", "", "1" }, NULL },
		{ &block, { "linux", "nv2", "max", "l1_pipe", "1,2", "", "", "", "1" }, NULL },
		{ &block, { "linux", "nv2", "max", "l2_pipe", "1,2", "", "", "", "1" }, NULL },
		{ &block, { "linux", "nv2", "max", "l2_fork", "1,2", "", "", "", "1" }, NULL },
		{ &block, { "linux-7.3", "nv", "max", "l2_pipe", "1,2", "", "", "", "1" }, NULL },
	};
	static const double total[] = { 1000, 1005, 1130, 7, 7 };
	const cJSON *results[5];
	struct cell cells[5];
	const struct summary summary = { cells, 5 };
	char *bytes = NULL;
	size_t size;
	struct document d = { open_memstream(&bytes, &size), false };

	for (unsigned i = 0; i < 5; i++) {
		cJSON *result = cJSON_CreateObject();

		cJSON_AddNumberToObject(result, "instructions_per_op", total[i]);
		cJSON_AddNumberToObject(result, "traps_per_million_instructions", 4.25 + i);
		results[i] = result;
		cells[i] = cell_of(&of[i], &results[i]);
	}
	overheads_part(&d, &summary);
	fclose(d.out);
	/* nv was not measured for L1, nor a VM that is not nested, nor L2 in nv with this kernel. */
	CU_ASSERT_PTR_NOT_NULL(
		strstr(bytes, "| linux | pipe | 1000 | - | +0.5 % (5.2) | - | - | +13.0 % (6.2) |"));
	CU_ASSERT_PTR_NULL(strstr(bytes, "fork"));
	free(bytes);
	for (unsigned i = 0; i < 5; i++)
		cJSON_Delete((cJSON *)(uintptr_t)results[i]);
}

void register_experiments_sequences(void)
{
	CU_pSuite suite = CU_add_suite("experiments/sequences", NULL, NULL);

	CU_add_test(suite, "common traps share a line", common_traps_share_a_line);
	CU_add_test(suite, "nothing to compare", nothing_to_compare);
	CU_add_test(suite, "a bar for each member", a_bar_for_each_member);
	CU_add_test(suite, "overhead of the same application", overhead_of_the_same_application);
}
