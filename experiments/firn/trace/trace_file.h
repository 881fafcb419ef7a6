/*
 * What happened, according to a trace.dat file of firn?  Events of all CPUs in order of time, each as the struct of
 * traces/events.h: libtraceevent says where in the file's records its fields are, so that files of other builds are read
 * as far as they go.
 */
#ifndef EXPERIMENTS_FIRN_TRACE_TRACE_FILE_H
#define EXPERIMENTS_FIRN_TRACE_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "experiments/firn/trace/symbols.h"
#include "traces/dat.h"
#include "traces/events.h"

struct trace_item {
	uint64_t time;	 /* nanoseconds */
	uint64_t number; /* in the file, from 0 */
	uint16_t id;	 /* enum trace_id; 0 for an event that this firn does not know */
	uint16_t cpu;
	uint32_t vm, vcpu, level;
	union {
		uint64_t words[64];
#define EVENT(number, name, group, format, arguments) struct trace_##name name;
		TRACE_EVENTS(EVENT)
#undef EVENT
	} e;
};

/* The return address in frame i of a stack, i < TRACE_STACK_FRAMES. */
static inline uint64_t stack_caller(const struct trace_firn_stack *stack, uint32_t i)
{
	uint64_t address;

	memcpy(&address,
	       (const char *)stack + offsetof(struct trace_firn_stack, caller0) + i * sizeof(address),
	       sizeof(address));
	return address;
}

struct trace_file;

/* NULL after one line on stderr. */
struct trace_file *trace_open(const char *name);
void trace_close(struct trace_file *file);

/* The next event. False at the end; what is damaged is left out after one line on stderr. */
bool trace_next(struct trace_file *file, struct trace_item *item);

/* From the beginning again. */
void trace_rewind(struct trace_file *file);

/* The value of key=value in what the file says of itself; "" if it does not. */
const char *trace_about(const struct trace_file *file, const char *key);

/* The text of a NAME field, "" if there is none. */
const char *trace_string(const struct trace_file *file, uint64_t value);

const struct symbols *trace_symbols(const struct trace_file *file);

/* "function" or "function+0x12" or "0xaddress"; in buffer if need be. */
const char *trace_function(const struct trace_file *file, uint64_t address, bool offset, char *buffer,
			   size_t size);

const char *trace_name(const struct trace_file *file);

/*
 * The instruction at an address of vEL2's code. False: the file does not have that page. What trapped at each exit, at any level, is
 * in its event: trace_kvm_exit.instruction.
 */
bool trace_instruction(const struct trace_file *file, uint64_t address, uint32_t *word);

/* The 4 KiB page of vEL2's code at that address, NULL if the file does not have it. */
const uint8_t *trace_code(const struct trace_file *file, uint64_t page);

#endif
