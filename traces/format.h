/*
 * How do events look to trace-cmd, KernelShark and libtraceevent?  The texts and the head of a trace.dat file, made from
 * events.h.  Next: format.c, dat.h for reading.
 */
#ifndef TRACES_FORMAT_H
#define TRACES_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "traces/events.h"

/* "type" of an event in the file; numbers below belong to Linux's own events. */
#define TRACE_FILE_ID(id) (1000u + (id))

/* Every record begins with Linux's common fields: u16 type, u8 flags, u8 preempt count, s32 pid. */
#define TRACE_COMMON_BYTES 8

/*
 * A task of the file for each level of each vCPU, so that viewers show who ran.  level is an enum ledger_level, LEDGER_L0
 * included.
 */
#define TRACE_PID_LEVELS 8
static inline int32_t trace_pid(uint32_t vm, uint32_t vcpu, uint32_t level)
{
	return (int32_t)(1 + level + TRACE_PID_LEVELS * (vcpu + 64 * vm));
}

/* Whose task that is. */
static inline uint32_t trace_pid_vm(int32_t pid)
{
	return (uint32_t)(pid - 1) / TRACE_PID_LEVELS / 64;
}

static inline uint32_t trace_pid_vcpu(int32_t pid)
{
	return (uint32_t)(pid - 1) / TRACE_PID_LEVELS % 64;
}

/* Not "kvm": trace-cmd has a plug-in for that system's events that knows x86's fields only. */
#define TRACE_SYSTEM "firn"

struct trace_field {
	uint16_t id; /* enum trace_id */
	uint16_t offset, size;
	uint8_t is_signed, is_name;
	const char *type, *name;
};

struct trace_event_info {
	uint16_t id;
	uint8_t group;
	uint16_t bytes;
	const char *name, *format, *arguments;
};

extern const struct trace_field trace_fields[];
extern const size_t trace_field_count;
extern const struct trace_event_info trace_events[];
extern const size_t trace_event_count;

const struct trace_event_info *trace_event_by_name(const char *name);
const struct trace_event_info *trace_event_by_id(unsigned id);

/* Bytes that somebody collects; grows by itself. */
struct trace_text {
	char *bytes;
	size_t length, room;
	bool failed; /* out of memory: nothing more is added */
};

void trace_text_add(struct trace_text *text, const void *bytes, size_t length);
void trace_text_print(struct trace_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void trace_text_free(struct trace_text *text);

/* The event's "format" file as Linux shows it below events/. */
void trace_format_event(struct trace_text *text, const struct trace_event_info *event);

/* What the head of a trace.dat file says beyond the events. Texts may be empty, never NULL. */
struct trace_head {
	const char *symbols; /* lines "address T name", sorted */
	const char *strings; /* lines "0xaddress : \"text\"" for fields of type NAME */
	const char *tasks;   /* lines "pid name" */
	const char *about;   /* one line: words key=value */
	unsigned cpus;
	const uint64_t *lost; /* records lost, of each CPU */
};

/* Everything in front of the CPUs' data; size[i] bytes of pages follow for CPU i, each from a multiple of the page size. */
void trace_format_head(struct trace_text *text, const struct trace_head *head, const uint64_t *size);

/* --- pages of the kernel's ring buffer --- */

#define TRACE_PAGE_BYTES 4096
#define TRACE_PAGE_HEADER 16

/* A page that is being filled. Only records that are made in order of time may be added. */
struct trace_page {
	uint8_t bytes[TRACE_PAGE_BYTES];
	size_t used; /* behind the header; 0: begin a new one */
	uint64_t last_time;
};

/* Adds a record (a multiple of 4 bytes, with its common fields). False: the page is full, take it and set used = 0. */
bool trace_page_add(struct trace_page *page, uint64_t time, const void *record, size_t bytes);

/* Completes the page: rest zeroed. lost: records are missing in front of it. */
void trace_page_finish(struct trace_page *page, bool lost);

/* Where a reader of such a page is; all 0 before its first record. */
struct trace_page_cursor {
	size_t at; /* behind the header */
	uint64_t time;
};

/* The next record of a complete page of trace_page_add's, which is believed (dat.h reads what others wrote). NULL at its end. */
const void *trace_page_next(const uint8_t *page, struct trace_page_cursor *cursor, size_t *bytes);

/* --- behind the pages, where trace-cmd does not look --- */

/* A page of L1's code. */
struct trace_code {
	uint64_t address; /* a multiple of TRACE_PAGE_BYTES */
	uint8_t bytes[TRACE_PAGE_BYTES];
};

/* The last bytes of the file. Sums are those of trace_sum. What the file says of itself has the word TRACE_HAS_TRAILER. */
#define TRACE_TRAILER_MAGIC UINT64_C(0x31444e454e524946) /* "FIRNEND1" */
#define TRACE_HAS_TRAILER "sums=1"
struct trace_trailer {
	uint64_t code, codes; /* offset and number of struct trace_code, in order of address */
	uint64_t sums, pages; /* offset and number: 8 bytes for each page of CPU 0, then of CPU 1 ... */
	uint64_t head_sum;    /* of the file up to the first CPU's pages */
	uint64_t tables_sum;  /* of what is between the last page and this struct */
	uint64_t own_sum;     /* of what of this struct is in front of it */
	uint64_t magic;
};

/*
 * A number that is another one when any 8 bytes at a multiple of 8 are others: each step is a bijection of what was before, and of
 * the 8 bytes. bytes is a multiple of 8; at needs no alignment. 0 is the sum to begin with.
 */
uint64_t trace_sum(uint64_t sum, const void *at, uint64_t bytes);

/*
 * Appends the trailer to its tables, which begin at that offset of the file: so many struct trace_code, then the pages' sums. head is
 * all that is in front of the pages.
 */
void trace_format_trailer(struct trace_text *tables, uint64_t codes, uint64_t offset,
			  const struct trace_text *head);

#endif
