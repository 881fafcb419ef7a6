/*
 * Does the reader of trace.dat files survive whatever it is given?  Each input is a whole file: first for dat.c alone, in memory that
 * ends where the file ends, then, as firn report would, with libtraceevent and all that follows from the events.
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/firn/trace/steps.h"
#include "traces/dat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (!freopen("/dev/null", "w", stdout))
		abort();
	return 0;
}

static void read_alone(const uint8_t *data, size_t size)
{
	static struct dat dat;
	struct dat_record r;
	uint8_t sum = 0;

	if (!dat_open(&dat, data, size))
		return;
	for (uint32_t cpu = 0; cpu < dat.cpus; cpu++) {
		struct dat_cursor c = { .cpu = cpu };

		while (dat_next(&dat, &c, &r))
			for (uint32_t i = 0; i < r.length; i++)
				sum ^= r.bytes[i];
	}
	if (sum == 1 && dat.cpus == 0) /* the bytes have to be read */
		abort();
}

static void visit(void *context, const struct step *step)
{
	char name[160];

	trace_function(context, step->exit.vcpu_pc, true, name, sizeof(name));
}

static void read_as_firn_does(const uint8_t *data, size_t size)
{
	int fd = memfd_create("trace", 0), keep;
	char name[64];
	struct trace_file *file;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	fflush(stderr);
	keep = dup(2); /* its complaints are expected */
	if (!freopen("/dev/null", "w", stderr))
		abort();
	file = trace_open(name);
	if (file)
		steps_each(file, visit, NULL, file);
	trace_close(file);
	fflush(stderr);
	dup2(keep, 2);
	close(keep);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_alone(data, size);
	read_as_firn_does(data, size);
	return 0;
}
