/* The texts and bytes of a trace.dat file, version 6, as trace-cmd.dat(5) describes them.  Reads: format.h. */
#include "traces/format.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* --- the tables --- */

/* X(type, is it a NAME) is not worth a column of its own in events.h. */
enum {
	IS_NAME_INT = 0,
	IS_NAME_UINT = 0,
	IS_NAME_ULONG = 0,
	IS_NAME_USHORT = 0,
	IS_NAME_UCHAR = 0,
	IS_NAME_NAME = 1,
};

// clang-format off
#define X(type, c_type, text, is_signed) \
	static const char text_of_##type[] = text; \
	enum { SIGNED_##type = (is_signed), SIZE_##type = (int)sizeof(trace_type_##type) };
TRACE_TYPES(X)
#undef X

#define FIELD(E, type, name) \
	{ TRACE_##E, (uint16_t)offsetof(struct trace_##E, name), SIZE_##type, SIGNED_##type, IS_NAME_##type, \
	  text_of_##type, #name },
#define EVENT(number, name, group, format, arguments) FIELDS_##name(FIELD, name)
const struct trace_field trace_fields[] = { TRACE_EVENTS(EVENT) };
#undef EVENT
const size_t trace_field_count = COUNT(trace_fields);

#define EVENT(number, name, group, format, arguments) \
	{ number, TRACE_GROUP_##group, (uint16_t)sizeof(struct trace_##name), #name, format, arguments },
const struct trace_event_info trace_events[] = { TRACE_EVENTS(EVENT) };
#undef EVENT
const size_t trace_event_count = COUNT(trace_events);
// clang-format on

const struct trace_event_info *trace_event_by_name(const char *name)
{
	for (size_t i = 0; i < trace_event_count; i++)
		if (strcmp(trace_events[i].name, name) == 0)
			return &trace_events[i];
	return NULL;
}

const struct trace_event_info *trace_event_by_id(unsigned id)
{
	for (size_t i = 0; i < trace_event_count; i++)
		if (trace_events[i].id == id)
			return &trace_events[i];
	return NULL;
}

/* --- text --- */

static bool make_room(struct trace_text *text, size_t more)
{
	size_t room = text->room ? text->room : 4096;
	char *bytes;

	if (text->failed || more > SIZE_MAX / 4 - text->length) {
		text->failed = true;
		return false;
	}
	while (room - text->length < more + 1)
		room *= 2;
	if (room == text->room)
		return true;
	bytes = realloc(text->bytes, room);
	if (!bytes) {
		text->failed = true;
		return false;
	}
	text->bytes = bytes;
	text->room = room;
	return true;
}

void trace_text_add(struct trace_text *text, const void *bytes, size_t length)
{
	if (!make_room(text, length))
		return;
	if (length)
		memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void trace_text_print(struct trace_text *text, const char *format, ...)
{
	va_list args, again;
	int length;

	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length >= 0 && make_room(text, (size_t)length))
		text->length +=
			(size_t)vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
	va_end(again);
}

void trace_text_free(struct trace_text *text)
{
	free(text->bytes);
	*text = (struct trace_text){ .bytes = NULL };
}

/* --- formats --- */

static void print_field(struct trace_text *text, const char *type, const char *name, unsigned offset,
			unsigned size, unsigned is_signed)
{
	trace_text_print(text, "\tfield:%s %s;\toffset:%u;\tsize:%u;\tsigned:%u;\n", type, name, offset, size,
			 is_signed);
}

void trace_format_event(struct trace_text *text, const struct trace_event_info *event)
{
	trace_text_print(text, "name: %s\nID: %u\nformat:\n", event->name, TRACE_FILE_ID(event->id));
	print_field(text, "unsigned short", "common_type", 0, 2, 0);
	print_field(text, "unsigned char", "common_flags", 2, 1, 0);
	print_field(text, "unsigned char", "common_preempt_count", 3, 1, 0);
	print_field(text, "int", "common_pid", 4, 4, 1);
	trace_text_print(text, "\n");
	for (size_t i = 0; i < trace_field_count; i++) {
		const struct trace_field *f = &trace_fields[i];

		if (f->id == event->id)
			print_field(text, f->type, f->name, TRACE_COMMON_BYTES + f->offset, f->size,
				    f->is_signed);
	}
	trace_text_print(text, "\nprint fmt: \"%s\", %s\n", event->format, event->arguments);
}

/* --- the head of the file --- */

static const char header_page[] = "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
				  "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
				  "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
				  "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";

static const char header_event[] = "# compressed entry header\n"
				   "\ttype_len    :    5 bits\n"
				   "\ttime_delta  :   27 bits\n"
				   "\tarray       :   32 bits\n"
				   "\n"
				   "\tpadding     : type == 29\n"
				   "\ttime_extend : type == 30\n"
				   "\ttime_stamp : type == 31\n"
				   "\tdata max type_len  == 28\n";

/* Kinds of options, from trace-cmd.dat(5). */
enum option {
	OPTION_DONE = 0,
	OPTION_CPUSTAT = 2,
	OPTION_TRACECLOCK = 4,
	OPTION_UNAME = 5,
};

static void add_u16(struct trace_text *text, uint16_t value)
{
	trace_text_add(text, &value, sizeof(value));
}

static void add_u32(struct trace_text *text, uint32_t value)
{
	trace_text_add(text, &value, sizeof(value));
}

static void add_u64(struct trace_text *text, uint64_t value)
{
	trace_text_add(text, &value, sizeof(value));
}

/* With its 0 byte. */
static void add_string(struct trace_text *text, const char *string)
{
	trace_text_add(text, string, strlen(string) + 1);
}

static void add_sized(struct trace_text *text, const char *string)
{
	add_u64(text, strlen(string));
	trace_text_add(text, string, strlen(string));
}

static void add_option(struct trace_text *text, enum option option, const char *string)
{
	add_u16(text, (uint16_t)option);
	add_u32(text, (uint32_t)strlen(string) + 1);
	add_string(text, string);
}

static void add_events(struct trace_text *text)
{
	add_u32(text, 0); /* none of Linux's own */
	add_u32(text, 1); /* one system */
	add_string(text, TRACE_SYSTEM);
	add_u32(text, (uint32_t)trace_event_count);
	for (size_t i = 0; i < trace_event_count; i++) {
		struct trace_text one = { .bytes = NULL };

		trace_format_event(&one, &trace_events[i]);
		text->failed |= one.failed;
		if (!one.failed)
			add_sized(text, one.bytes);
		trace_text_free(&one);
	}
}

static void add_options(struct trace_text *text, const struct trace_head *head)
{
	trace_text_add(text, "options  ", 10);
	add_option(text, OPTION_UNAME, head->about);
	add_option(text, OPTION_TRACECLOCK, "[local]");
	for (unsigned i = 0; i < head->cpus; i++) {
		char line[160];

		snprintf(line, sizeof(line), "CPU: %u\nentries: 0\noverrun: %llu\ndropped events: %llu\n", i,
			 (unsigned long long)head->lost[i], (unsigned long long)head->lost[i]);
		add_option(text, OPTION_CPUSTAT, line);
	}
	add_u16(text, OPTION_DONE);
}

static uint64_t round_up(uint64_t value)
{
	return (value + TRACE_PAGE_BYTES - 1) / TRACE_PAGE_BYTES * TRACE_PAGE_BYTES;
}

void trace_format_head(struct trace_text *text, const struct trace_head *head, const uint64_t *size)
{
	static const char zeros[TRACE_PAGE_BYTES];
	uint64_t offset;

	trace_text_add(text, "\x17\x08\x44tracing", 10);
	add_string(text, "6");
	trace_text_add(text, "\0\x08", 2); /* little-endian, 8 bytes in a long */
	add_u32(text, TRACE_PAGE_BYTES);
	add_string(text, "header_page");
	add_sized(text, header_page);
	add_string(text, "header_event");
	add_sized(text, header_event);
	add_events(text);
	add_u32(text, (uint32_t)strlen(head->symbols));
	trace_text_add(text, head->symbols, strlen(head->symbols));
	add_u32(text, (uint32_t)strlen(head->strings));
	trace_text_add(text, head->strings, strlen(head->strings));
	add_sized(text, head->tasks);
	add_u32(text, head->cpus);
	add_options(text, head);
	trace_text_add(text, "flyrecord", 10);
	offset = round_up(text->length + head->cpus * 16);
	for (unsigned i = 0; i < head->cpus; i++) {
		add_u64(text, offset);
		add_u64(text, size[i]);
		offset = round_up(offset + size[i]);
	}
	trace_text_add(text, zeros, (size_t)(round_up(text->length) - text->length));
}

/* --- pages --- */

#define TYPE_DATA_MAX 28
#define TYPE_TIME_EXTEND 30
#define DELTA_BITS 27
#define MISSED_EVENTS (UINT64_C(1) << 31)

static void put_u32(struct trace_page *page, uint32_t value)
{
	memcpy(page->bytes + TRACE_PAGE_HEADER + page->used, &value, sizeof(value));
	page->used += sizeof(value);
}

bool trace_page_add(struct trace_page *page, uint64_t time, const void *record, size_t bytes)
{
	uint64_t delta = page->used ? time - page->last_time : 0;
	bool extend = delta >> DELTA_BITS, is_long = bytes > TYPE_DATA_MAX * 4;
	size_t needed = 4 + (is_long ? 4u : 0u) + (extend ? 8u : 0u) + bytes;

	if (page->used + needed > TRACE_PAGE_BYTES - TRACE_PAGE_HEADER)
		return false;
	if (!page->used)
		memcpy(page->bytes, &time, sizeof(time));
	if (extend) {
		put_u32(page, TYPE_TIME_EXTEND | (uint32_t)(delta << 5));
		put_u32(page, (uint32_t)(delta >> DELTA_BITS));
		delta = 0;
	}
	put_u32(page, (is_long ? 0 : (uint32_t)bytes / 4) | (uint32_t)(delta << 5));
	if (is_long)
		put_u32(page, (uint32_t)bytes + 4);
	memcpy(page->bytes + TRACE_PAGE_HEADER + page->used, record, bytes);
	page->used += bytes;
	page->last_time = time;
	return true;
}

static uint32_t get_u32(const uint8_t *page, struct trace_page_cursor *c)
{
	uint32_t value;

	memcpy(&value, page + TRACE_PAGE_HEADER + c->at, sizeof(value));
	c->at += sizeof(value);
	return value;
}

const void *trace_page_next(const uint8_t *page, struct trace_page_cursor *c, size_t *bytes)
{
	const void *record;
	uint64_t commit;
	uint32_t word;

	memcpy(&commit, page + 8, sizeof(commit));
	if (c->at >= (commit & (MISSED_EVENTS - 1)))
		return NULL;
	if (!c->at)
		memcpy(&c->time, page, sizeof(c->time));
	word = get_u32(page, c);
	if ((word & 31) == TYPE_TIME_EXTEND) {
		c->time += (word >> 5) + ((uint64_t)get_u32(page, c) << DELTA_BITS);
		word = get_u32(page, c);
	}
	c->time += word >> 5;
	*bytes = word & 31 ? 4 * (size_t)(word & 31) : get_u32(page, c) - 4;
	record = page + TRACE_PAGE_HEADER + c->at;
	c->at += *bytes;
	return record;
}

void trace_page_finish(struct trace_page *page, bool lost)
{
	uint64_t commit = page->used | (lost ? MISSED_EVENTS : 0);

	memcpy(page->bytes + 8, &commit, sizeof(commit));
	memset(page->bytes + TRACE_PAGE_HEADER + page->used, 0,
	       TRACE_PAGE_BYTES - TRACE_PAGE_HEADER - page->used);
}

/* --- the trailer --- */

uint64_t trace_sum(uint64_t sum, const void *at, uint64_t bytes)
{
	const uint8_t *from = at;

	for (uint64_t i = 0; i + 8 <= bytes; i += 8) {
		uint64_t word;

		memcpy(&word, from + i, sizeof(word));
		sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15); /* odd, so that no product is lost */
		sum ^= sum >> 32;
	}
	return sum;
}

void trace_format_trailer(struct trace_text *tables, uint64_t codes, uint64_t offset,
			  const struct trace_text *head)
{
	uint64_t code_bytes = codes * sizeof(struct trace_code);
	struct trace_trailer t = { .code = offset,
				   .codes = codes,
				   .sums = offset + code_bytes,
				   .pages = (tables->length - code_bytes) / sizeof(uint64_t),
				   .head_sum = trace_sum(0, head->bytes, head->length),
				   .tables_sum = trace_sum(0, tables->bytes, tables->length),
				   .magic = TRACE_TRAILER_MAGIC };

	t.own_sum = trace_sum(0, &t, offsetof(struct trace_trailer, own_sum));
	trace_text_add(tables, &t, sizeof(t));
}
