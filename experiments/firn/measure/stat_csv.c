/* Which rows are measurements as comma-separated values?  Reads: tool/csv.h. */
#define _GNU_SOURCE
#include <stdio.h>

#include "experiments/firn/measure/result.h"
#include "experiments/firn/tool/csv.h"

static const char head[] =
	"guest,mode,cpu,workload,n1,n2,traps_per_op,l0_instructions_per_op,l1_instructions_per_op,"
	"l2_instructions_per_op,instructions_exact,by_reason\n";

static void put_number(FILE *out, int64_t value, int64_t operations)
{
	char number[48];

	fprintf(out, ",%s", per_operation(number, sizeof(number), value, operations));
}

/* In one cell: the reasons are others in each row. */
static void put_reasons(FILE *out, const struct cost *cost)
{
	char number[48];

	fputc(',', out);
	for (size_t i = 0; i < cost->reasons; i++)
		fprintf(out, "%s%s=%s", i ? " " : "", cost->reason[i].name,
			per_operation(number, sizeof(number), cost->reason[i].value, cost->operations));
	fputc('\n', out);
}

char *results_as_csv(const struct result *results, size_t count)
{
	char *bytes = NULL;
	size_t size;
	FILE *out = open_memstream(&bytes, &size);

	fputs(head, out);
	for (size_t i = 0; i < count; i++) {
		const struct result *r = &results[i];
		const struct cost *cost = &r->cost;

		fprintf(out, "%s,%s,", r->guest, r->mode);
		csv_print(out, r->cpu);
		fprintf(out, ",%s,%llu,%llu", r->workload, (unsigned long long)r->iterations[0],
			(unsigned long long)r->iterations[1]);
		put_number(out, cost->traps, cost->operations);
		put_number(out, cost->instructions[LEDGER_L0], cost->operations);
		put_number(out, cost_l1_instructions(cost), cost->operations);
		put_number(out, cost_l2_instructions(cost), cost->operations);
		fputs(cost->exact ? ",true" : ",false", out);
		put_reasons(out, cost);
	}
	fclose(out);
	return bytes;
}
