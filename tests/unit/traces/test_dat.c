/*
 * Is what format.c writes what dat.c reads, and does dat.c survive files that are not as they should be?  The bytes of a
 * page are checked against the description of Linux's ring buffer, too.
 */
#define _GNU_SOURCE /* memmem */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "traces/dat.h"
#include "traces/format.h"

void register_traces_dat(void);

#define RECORDS 200
#define RECORD_BYTES 40

static struct trace_text file;

/* A file of two CPUs with RECORDS records each, whose times grow by more than a delta holds now and then. */
static uint64_t time_of(unsigned i)
{
	return 1000 + (uint64_t)i * 100 + (uint64_t)(i / 50) * (UINT64_C(1) << 30);
}

static void fill(struct trace_text *pages, unsigned cpu)
{
	struct trace_page page = { .used = 0 };

	for (unsigned i = 0; i < RECORDS; i++) {
		uint8_t record[RECORD_BYTES] = { (uint8_t)i, (uint8_t)cpu };

		if (!trace_page_add(&page, time_of(i), record, sizeof(record))) {
			trace_page_finish(&page, false);
			trace_text_add(pages, page.bytes, TRACE_PAGE_BYTES);
			page.used = 0;
			CU_ASSERT_TRUE(trace_page_add(&page, time_of(i), record, sizeof(record)));
		}
	}
	trace_page_finish(&page, true);
	trace_text_add(pages, page.bytes, TRACE_PAGE_BYTES);
}

static void make_file(void)
{
	struct trace_text pages[2] = { { .bytes = NULL } };
	uint64_t size[2], lost[2] = { 0, 7 };
	struct trace_head head = { "ffff T f\n", "0x1 : \"one\"\n", "1 L0\n", "firn mode=nv", 2, lost };

	trace_text_free(&file);
	for (unsigned i = 0; i < 2; i++) {
		fill(&pages[i], i);
		size[i] = pages[i].length;
	}
	trace_format_head(&file, &head, size);
	for (unsigned i = 0; i < 2; i++) {
		trace_text_add(&file, pages[i].bytes, pages[i].length);
		trace_text_free(&pages[i]);
	}
}

/* The same with a trailer: the page of code at CODE_AT has bytes that count up. */
#define CODE_AT UINT64_C(0xffff000000000000)

static void make_file_with_trailer(void)
{
	static const char about[] = "firn mode=nv", with[] = "firn " TRACE_HAS_TRAILER;
	struct trace_text tables = { .bytes = NULL }, head;
	struct trace_code code = { .address = CODE_AT };
	uint64_t pages;
	char *at;

	make_file();
	at = memmem(file.bytes, file.length, about, sizeof(about));
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	memset(at, ' ', sizeof(about) - 1);
	memcpy(at, with, sizeof(with) - 1);
	at = memmem(file.bytes, file.length, "flyrecord", 10);
	memcpy(&pages, at + 10, sizeof(pages));
	head = (struct trace_text){ file.bytes, (size_t)pages, 0, false };
	for (unsigned i = 0; i < TRACE_PAGE_BYTES; i++)
		code.bytes[i] = (uint8_t)i;
	trace_text_add(&tables, &code, sizeof(code));
	for (uint64_t p = pages; p < file.length; p += TRACE_PAGE_BYTES) {
		uint64_t sum = trace_sum(0, file.bytes + p, TRACE_PAGE_BYTES);

		trace_text_add(&tables, &sum, sizeof(sum));
	}
	trace_format_trailer(&tables, 1, file.length, &head);
	trace_text_add(&file, tables.bytes, tables.length);
	trace_text_free(&tables);
}

static bool piece_is(const struct dat *dat, struct dat_piece piece, const char *text)
{
	return piece.bytes >= strlen(text) && memcmp(dat->bytes + piece.offset, text, strlen(text)) == 0;
}

static void what_was_written_is_read(void)
{
	static struct dat dat;
	struct dat_record r;

	make_file();
	CU_ASSERT_TRUE_FATAL(dat_open(&dat, (const uint8_t *)file.bytes, file.length));
	CU_ASSERT_EQUAL(dat.cpus, 2);
	CU_ASSERT_EQUAL(dat.formats, trace_event_count);
	CU_ASSERT_TRUE(piece_is(&dat, dat.symbols, "ffff T f\n"));
	CU_ASSERT_TRUE(piece_is(&dat, dat.strings, "0x1 : \"one\"\n"));
	CU_ASSERT_TRUE(piece_is(&dat, dat.about, "firn mode=nv"));
	CU_ASSERT_FALSE(dat.truncated);
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		struct dat_cursor c = { .cpu = cpu };
		unsigned n = 0;

		for (; dat_next(&dat, &c, &r); n++) {
			CU_ASSERT_EQUAL(r.time, time_of(n));
			CU_ASSERT_EQUAL(r.length, RECORD_BYTES);
			CU_ASSERT_EQUAL(r.bytes[0], n);
			CU_ASSERT_EQUAL(r.bytes[1], cpu);
		}
		CU_ASSERT_EQUAL(n, RECORDS);
		CU_ASSERT_TRUE(c.lost_before);
	}
	CU_ASSERT_PTR_NULL(dat.error);
}

/* The first record of a page: delta 0, and its length in words in the low five bits. */
static void a_page_is_as_linux_describes_it(void)
{
	struct trace_page page = { .used = 0 };
	uint8_t record[RECORD_BYTES] = { 0x5a }, big[200] = { 0 };
	uint64_t word;
	uint32_t header;

	CU_ASSERT_TRUE(trace_page_add(&page, 77, record, sizeof(record)));
	CU_ASSERT_TRUE(trace_page_add(&page, 80, big, sizeof(big)));
	trace_page_finish(&page, false);
	memcpy(&word, page.bytes, 8);
	CU_ASSERT_EQUAL(word, 77);
	memcpy(&word, page.bytes + 8, 8);
	CU_ASSERT_EQUAL(word, 4 + RECORD_BYTES + 8 + sizeof(big));
	memcpy(&header, page.bytes + 16, 4);
	CU_ASSERT_EQUAL(header, RECORD_BYTES / 4);
	CU_ASSERT_EQUAL(page.bytes[20], 0x5a);
	memcpy(&header, page.bytes + 20 + RECORD_BYTES, 4);
	CU_ASSERT_EQUAL(header, 3U << 5); /* longer than 112 bytes: type 0, the length is in the next word */
	memcpy(&header, page.bytes + 24 + RECORD_BYTES, 4);
	CU_ASSERT_EQUAL(header, sizeof(big) + 4);
}

static void read_all(const uint8_t *bytes, uint64_t length)
{
	static struct dat dat;
	struct dat_record r;

	if (!dat_open(&dat, bytes, length)) {
		CU_ASSERT_PTR_NOT_NULL(dat.error);
		CU_ASSERT_TRUE(dat.error_offset <= length);
		return;
	}
	for (uint32_t cpu = 0; cpu < dat.cpus; cpu++) {
		struct dat_cursor c = { .cpu = cpu };

		while (dat_next(&dat, &c, &r))
			CU_ASSERT_TRUE(r.bytes >= bytes && r.bytes + r.length <= bytes + length);
	}
}

/* In memory of its own each time, so that the sanitizer sees a read behind its end. */
static void cut_anywhere_it_is_refused_or_read_in_part(void)
{
	make_file();
	for (uint64_t length = 0; length < file.length; length += length < 4096 ? 1 : 61) {
		uint8_t *copy = malloc(length ? length : 1);

		memcpy(copy, file.bytes, length);
		read_all(copy, length);
		free(copy);
	}
}

static void with_any_byte_changed_nothing_is_read_outside(void)
{
	uint8_t *copy;

	make_file();
	copy = malloc(file.length);
	memcpy(copy, file.bytes, file.length);
	for (uint64_t at = 0; at < file.length; at += at < 2048 || at > file.length - 8192 ? 1 : 7) {
		copy[at] ^= 0xff;
		read_all(copy, file.length);
		copy[at] = (uint8_t)file.bytes[at];
	}
	free(copy);
}

/* How many records can be read, and is anything wrong? */
static unsigned count_records(const uint8_t *bytes, uint64_t length, bool *wrong)
{
	static struct dat dat;
	struct dat_record r;
	unsigned n = 0;

	*wrong = true;
	if (!dat_open(&dat, bytes, length))
		return 0;
	for (uint32_t cpu = 0; cpu < dat.cpus; cpu++) {
		struct dat_cursor c = { .cpu = cpu };

		while (dat_next(&dat, &c, &r))
			n++;
	}
	*wrong = dat.error || dat.truncated;
	return n;
}

static void with_sums_any_byte_changed_is_noticed(void)
{
	uint8_t *bytes;
	bool wrong;

	make_file_with_trailer();
	bytes = (uint8_t *)file.bytes;
	CU_ASSERT_EQUAL(count_records(bytes, file.length, &wrong), 2 * RECORDS);
	CU_ASSERT_FALSE(wrong);
	for (uint64_t at = 0; at < file.length; at += 3) {
		bytes[at] ^= 0x10;
		count_records(bytes, file.length, &wrong);
		CU_ASSERT_TRUE(wrong);
		bytes[at] ^= 0x10;
	}
	trace_text_free(&file);
}

/* The other pages are read. */
static void a_page_that_changed_is_left_out(void)
{
	uint64_t pages;
	uint8_t *bytes;
	unsigned n;
	bool wrong;

	make_file_with_trailer();
	bytes = (uint8_t *)file.bytes;
	memcpy(&pages, (char *)memmem(bytes, file.length, "flyrecord", 10) + 10, sizeof(pages));
	bytes[pages + 100] ^= 1;
	n = count_records(bytes, file.length, &wrong);
	CU_ASSERT_TRUE(wrong);
	CU_ASSERT_TRUE(n > RECORDS && n < 2 * RECORDS);
	trace_text_free(&file);
}

static void code_is_found_by_its_page(void)
{
	static struct dat dat;
	const uint8_t *code;

	make_file_with_trailer();
	CU_ASSERT_TRUE_FATAL(dat_open(&dat, (const uint8_t *)file.bytes, file.length));
	code = dat_code(&dat, CODE_AT);
	CU_ASSERT_PTR_NOT_NULL_FATAL(code);
	CU_ASSERT_EQUAL(code[5], 5);
	CU_ASSERT_PTR_NULL(dat_code(&dat, CODE_AT + TRACE_PAGE_BYTES));
	CU_ASSERT_PTR_NULL(dat_code(&dat, 0));
	trace_text_free(&file);
}

static void another_version_is_named(void)
{
	static struct dat dat;

	make_file();
	CU_ASSERT_EQUAL(file.bytes[10], '6');
	file.bytes[10] = '7';
	CU_ASSERT_FALSE(dat_open(&dat, (const uint8_t *)file.bytes, file.length));
	CU_ASSERT_PTR_NOT_NULL(strstr(dat.error, "version 7"));
	file.bytes[0] = 'x';
	CU_ASSERT_FALSE(dat_open(&dat, (const uint8_t *)file.bytes, file.length));
	CU_ASSERT_PTR_NOT_NULL(strstr(dat.error, "not a trace.dat file"));
	trace_text_free(&file);
}

/* In the head are no pages; a page at 0 would be the cursor's "before the first", again and again. */
static void data_inside_the_head_are_refused(void)
{
	static struct dat dat;
	static const uint64_t inside[] = { 0, 1, 100 };

	make_file();
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		char *table = memmem(file.bytes, file.length, "flyrecord", 10);

		CU_ASSERT_PTR_NOT_NULL_FATAL(table);
		memcpy(table + 10, &inside[i], sizeof(inside[i]));
		CU_ASSERT_FALSE(dat_open(&dat, (const uint8_t *)file.bytes, file.length));
		CU_ASSERT_PTR_NOT_NULL(strstr(dat.error, "head"));
	}
	trace_text_free(&file);
}

static void fields_follow_each_other_without_holes(void)
{
	for (size_t e = 0; e < trace_event_count; e++) {
		unsigned at = 0;

		for (size_t i = 0; i < trace_field_count; i++) {
			if (trace_fields[i].id != trace_events[e].id)
				continue;
			CU_ASSERT_EQUAL(trace_fields[i].offset, at);
			CU_ASSERT_EQUAL(trace_fields[i].offset % trace_fields[i].size, 0);
			at += trace_fields[i].size;
		}
		CU_ASSERT_EQUAL(at, trace_events[e].bytes);
	}
}

void register_traces_dat(void)
{
	CU_pSuite s = CU_add_suite("traces/dat", NULL, NULL);

	CU_ADD_TEST(s, what_was_written_is_read);
	CU_ADD_TEST(s, a_page_is_as_linux_describes_it);
	CU_ADD_TEST(s, cut_anywhere_it_is_refused_or_read_in_part);
	CU_ADD_TEST(s, with_any_byte_changed_nothing_is_read_outside);
	CU_ADD_TEST(s, with_sums_any_byte_changed_is_noticed);
	CU_ADD_TEST(s, a_page_that_changed_is_left_out);
	CU_ADD_TEST(s, code_is_found_by_its_page);
	CU_ADD_TEST(s, fields_follow_each_other_without_holes);
	CU_ADD_TEST(s, another_version_is_named);
	CU_ADD_TEST(s, data_inside_the_head_are_refused);
}
