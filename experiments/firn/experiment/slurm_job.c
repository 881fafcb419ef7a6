/* What is said to Slurm, and what does it answer?  Next: slurm.c. */
#define _GNU_SOURCE
#include "experiments/firn/experiment/slurm_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"

const char slurm_script[] =
	"#!/bin/sh\n"
	"# Written by firn experiment. Task N of the array does line N of the file runs, counted from 0.\n"
	"n=$SLURM_ARRAY_TASK_ID\n"
	"rm -rf \"work-$n\" && mkdir \"work-$n\" || exit 1\n"
	"sed -n \"$((n + 1))p\" runs | sh\n"
	"status=$?\n"
	"rm -rf \"work-$n\"\n"
	"# Whoever sees N.end sees the whole of it, and of what was written before.\n"
	"echo $status >\"$n.end.new\" && mv \"$n.end.new\" \"$n.end\"\n";

/* A word as the shell takes it literally. */
static void print_quoted(FILE *out, const char *word)
{
	fputc('\'', out);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (const char[]){ *word, '\0' }, out);
	fputc('\'', out);
}

char *slurm_line(const struct run *run, const char *program, size_t task)
{
	char *folder = text("work-%zu", task), *line = NULL;
	struct words steps[STEPS_MOST];
	size_t count = run_steps(run, program, folder, steps), size;
	FILE *out = open_memstream(&line, &size);

	for (size_t s = 0; s < count; s++) {
		for (size_t i = 0; i < steps[s].count; i++) {
			fputs(i ? " " : s ? " && " : "", out);
			print_quoted(out, steps[s].word[i]);
		}
		fprintf(out, " </dev/null >%zu.out 2>%zu.err", task, task);
		words_free(&steps[s]);
	}
	fclose(out);
	free(folder);
	return line;
}

char *slurm_job_number(const char *printed)
{
	size_t digits = strspn(printed, "0123456789");

	return digits && strchr(";\n", printed[digits]) ? text("%.*s", (int)digits, printed) : NULL;
}

size_t slurm_array_most(const char *config)
{
	const char *line = strstr(config, "MaxArraySize"), *equals = line ? strchr(line, '=') : NULL;
	unsigned long most = equals ? strtoul(equals + 1, NULL, 10) : 0;

	return most ? most : SLURM_ARRAY_USUAL;
}

int slurm_wait_status(int code)
{
	return code > 128 && code < 128 + 65 ? code - 128 : code << 8;
}

bool slurm_is_gone(const char *error)
{
	return strstr(error, "Invalid job id") != NULL;
}
