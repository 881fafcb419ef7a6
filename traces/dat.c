/* What is in a trace.dat file?  Version 6, as trace-cmd.dat(5) describes it.  Reads: dat.h. */
#include "traces/dat.h"

#include <string.h>

#include "traces/format.h"

#define MAGIC "\x17\x08\x44tracing"
#define OPTION_DONE 0
#define OPTION_UNAME 5
#define PAGE_MIN 256
#define PAGE_MAX 65536
#define PAGE_HEADER 16
#define COMMIT_SIZE 0xfffffu
#define COMMIT_LOST (UINT64_C(1) << 31)

/* A place that moves through the file and stops at the first thing that is wrong. */
struct reader {
	struct dat *dat;
	uint64_t at;
};

static bool fail(struct reader *r, const char *error)
{
	if (!r->dat->error) {
		r->dat->error = error;
		r->dat->error_offset = r->at;
	}
	return false;
}

static bool take(struct reader *r, void *out, uint64_t bytes)
{
	if (r->dat->error || bytes > r->dat->length - r->at)
		return fail(r, "the file ends here");
	memcpy(out, r->dat->bytes + r->at, bytes);
	r->at += bytes;
	return true;
}

static bool take_piece(struct reader *r, struct dat_piece *piece, uint64_t bytes)
{
	if (r->dat->error || bytes > r->dat->length - r->at)
		return fail(r, "a section is longer than the file");
	*piece = (struct dat_piece){ r->at, bytes };
	r->at += bytes;
	return true;
}

static bool take_string(struct reader *r, const char **string)
{
	const uint8_t *start = r->dat->bytes + r->at;
	const uint8_t *end = r->dat->error ? NULL : memchr(start, 0, r->dat->length - r->at);

	if (!end)
		return fail(r, "a string has no end");
	*string = (const char *)start;
	r->at += (uint64_t)(end - start) + 1;
	return true;
}

static bool expect(struct reader *r, const char *words, size_t bytes, const char *error)
{
	if (r->dat->error || bytes > r->dat->length - r->at ||
	    memcmp(r->dat->bytes + r->at, words, bytes) != 0)
		return fail(r, error);
	r->at += bytes;
	return true;
}

static bool take_sized(struct reader *r, struct dat_piece *piece)
{
	uint64_t bytes;

	return take(r, &bytes, sizeof(bytes)) && take_piece(r, piece, bytes);
}

static bool take_short_sized(struct reader *r, struct dat_piece *piece)
{
	uint32_t bytes;

	return take(r, &bytes, sizeof(bytes)) && take_piece(r, piece, bytes);
}

static bool read_beginning(struct reader *r)
{
	const char *version;
	uint8_t order[2];

	if (!expect(r, MAGIC, sizeof(MAGIC) - 1, "this is not a trace.dat file") || !take_string(r, &version))
		return false;
	if (strcmp(version, "6") != 0)
		return fail(r, strcmp(version, "7") == 0 ?
				       "this is a trace.dat file of version 7, which this firn does "
				       "not read; trace-cmd convert --file-version 6 makes one "
				       "that it does" :
				       "this trace.dat file is not of version 6");
	if (!take(r, order, sizeof(order)) || !take(r, &r->dat->page_bytes, sizeof(r->dat->page_bytes)))
		return false;
	if (order[0] != 0 || order[1] != 8)
		return fail(r, "this file is from a big-endian or a 32-bit machine");
	if (r->dat->page_bytes < PAGE_MIN || r->dat->page_bytes > PAGE_MAX || r->dat->page_bytes % 8)
		return fail(r, "the size of a page is not possible");
	return true;
}

static bool read_system(struct reader *r, const char *system)
{
	uint32_t count;

	if (!take(r, &count, sizeof(count)))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		struct dat_piece piece;

		if (!take_sized(r, &piece))
			return false;
		if (r->dat->formats == DAT_MAX_FORMATS)
			return fail(r, "there are too many events");
		r->dat->format[r->dat->formats++] = (struct dat_format){ piece, system };
	}
	return true;
}

static bool read_formats(struct reader *r)
{
	uint32_t systems;
	const char *system;

	if (!read_system(r, "ftrace") || !take(r, &systems, sizeof(systems)))
		return false;
	for (uint32_t i = 0; i < systems; i++)
		if (!take_string(r, &system) || !read_system(r, system))
			return false;
	return true;
}

static bool read_options(struct reader *r)
{
	struct dat_piece piece;
	uint16_t option;

	for (;;) {
		if (!take(r, &option, sizeof(option)))
			return false;
		if (option == OPTION_DONE)
			return true;
		if (!take_short_sized(r, &piece))
			return false;
		if (option == OPTION_UNAME)
			r->dat->about = piece;
	}
}

/* Less than the file says may be there: what is, can be read. */
static bool read_cpu(struct reader *r, struct dat_piece *cpu)
{
	uint64_t place[2], length = r->dat->length;

	if (!take(r, place, sizeof(place)))
		return false;
	if (place[1] && place[0] < r->at)
		return fail(r, "a CPU's data begin before the file's head ends");
	if (place[1] && place[0] > length)
		place[0] = length;
	if (place[1] > length - place[0]) {
		r->dat->truncated = true;
		place[1] = length - place[0];
	}
	*cpu = (struct dat_piece){ place[0], place[1] };
	return true;
}

/* --- the trailer --- */

static bool says(const struct dat *dat, const char *word)
{
	size_t bytes = strlen(word);

	for (uint64_t i = 0; i + bytes <= dat->about.bytes; i++)
		if (memcmp(dat->bytes + dat->about.offset + i, word, bytes) == 0)
			return true;
	return false;
}

/* Pages of all CPUs, if each has whole ones, as a file with a trailer does. */
static uint64_t count_pages(const struct dat *dat)
{
	uint64_t pages = 0;

	for (uint32_t i = 0; i < dat->cpus; i++)
		pages += dat->cpu[i].bytes / dat->page_bytes;
	return pages;
}

/* Where the pages begin, and end. */
static struct dat_piece all_pages(const struct dat *dat)
{
	uint64_t first = dat->length, end = 0;

	for (uint32_t i = 0; i < dat->cpus; i++) {
		const struct dat_piece *cpu = &dat->cpu[i];

		if (cpu->offset > dat->length) /* of one without pages anything may be said */
			continue;
		first = cpu->offset < first ? cpu->offset : first;
		end = cpu->offset + cpu->bytes > end ? cpu->offset + cpu->bytes : end;
	}
	return (struct dat_piece){ first, end < first ? 0 : end - first };
}

/* Are the tables where a recorder puts them: the code, then the sums, between the last page and the trailer? */
static bool is_in_place(const struct dat *dat, const struct trace_trailer *t, uint64_t from, uint64_t to)
{
	return dat->page_bytes == TRACE_PAGE_BYTES && t->code == from && from <= to &&
	       t->codes <= (to - from) / sizeof(struct trace_code) &&
	       t->sums == from + t->codes * sizeof(struct trace_code) && t->pages == (to - t->sums) / 8 &&
	       t->pages == count_pages(dat) && t->sums + 8 * t->pages == to;
}

/* Whether its trailer and head are as they were made. Without one that is good nothing of it is believed. */
static bool read_trailer(struct dat *dat, const char **error)
{
	struct dat_piece pages = all_pages(dat);
	struct trace_trailer t;
	uint64_t at = dat->length - sizeof(t), from = pages.offset + pages.bytes;

	*error = "the checksums at the file's end are damaged or missing";
	if (dat->length < sizeof(t) || from > at || (at - from) % 8)
		return false;
	memcpy(&t, dat->bytes + at, sizeof(t));
	if (t.magic != TRACE_TRAILER_MAGIC ||
	    t.own_sum != trace_sum(0, &t, offsetof(struct trace_trailer, own_sum)) ||
	    !is_in_place(dat, &t, from, at) || t.tables_sum != trace_sum(0, dat->bytes + from, at - from))
		return false;
	dat->code = (struct dat_piece){ t.code, t.codes * sizeof(struct trace_code) };
	dat->sums = (struct dat_piece){ t.sums, t.pages * 8 };
	*error = "the file's head is not what its checksum says";
	return t.head_sum == trace_sum(0, dat->bytes, pages.offset & ~UINT64_C(7));
}

static bool ends_with_magic(const struct dat *dat)
{
	const uint64_t magic = TRACE_TRAILER_MAGIC;

	return dat->length >= sizeof(magic) &&
	       memcmp(dat->bytes + dat->length - sizeof(magic), &magic, sizeof(magic)) == 0;
}

static void check_trailer(struct dat *dat)
{
	const char *error;

	if (dat->truncated || (!says(dat, TRACE_HAS_TRAILER) && !ends_with_magic(dat)) ||
	    read_trailer(dat, &error))
		return;
	dat->error = error;
	dat->error_offset = dat->sums.bytes ? 0 : dat->length;
}

const uint8_t *dat_code(const struct dat *dat, uint64_t page)
{
	uint64_t low = 0, high = dat->code.bytes / sizeof(struct trace_code);

	while (low < high) {
		uint64_t middle = (low + high) / 2, address;
		const uint8_t *at = dat->bytes + dat->code.offset + middle * sizeof(struct trace_code);

		memcpy(&address, at, sizeof(address));
		if (address == page)
			return at + offsetof(struct trace_code, bytes);
		if (address < page)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool dat_open(struct dat *dat, const uint8_t *bytes, uint64_t length)
{
	struct reader r = { .dat = dat };
	struct dat_piece header_event;

	memset(dat, 0, sizeof(*dat));
	dat->bytes = bytes;
	dat->length = length;
	if (!read_beginning(&r) || !expect(&r, "header_page", 12, "there is no section header_page") ||
	    !take_sized(&r, &dat->header_page) ||
	    !expect(&r, "header_event", 13, "there is no section header_event") ||
	    !take_sized(&r, &header_event) || !read_formats(&r) || !take_short_sized(&r, &dat->symbols) ||
	    !take_short_sized(&r, &dat->strings) || !take_sized(&r, &dat->tasks) ||
	    !take(&r, &dat->cpus, sizeof(dat->cpus)))
		return false;
	if (dat->cpus == 0 || dat->cpus > DAT_MAX_CPUS)
		return fail(&r, "the number of CPUs is not possible");
	if (r.at + 10 <= length && memcmp(bytes + r.at, "options  ", 10) == 0) {
		r.at += 10;
		if (!read_options(&r))
			return false;
	}
	if (!expect(&r, "flyrecord", 10, "there is no section flyrecord"))
		return false;
	for (uint32_t i = 0; i < dat->cpus; i++)
		if (!read_cpu(&r, &dat->cpu[i]))
			return false;
	check_trailer(dat);
	return true;
}

/* --- records --- */

#define TYPE_DATA_MAX 28
#define TYPE_PADDING 29
#define TYPE_TIME_EXTEND 30
#define TYPE_TIME_STAMP 31
#define DELTA_BITS 27

static uint32_t get32(const struct dat *dat, uint64_t at)
{
	uint32_t value;

	memcpy(&value, dat->bytes + at, sizeof(value));
	return value;
}

static uint64_t get64(const struct dat *dat, uint64_t at)
{
	uint64_t value;

	memcpy(&value, dat->bytes + at, sizeof(value));
	return value;
}

static void damaged(struct dat *dat, uint64_t at, const char *error)
{
	if (dat->error)
		return;
	dat->error = error;
	dat->error_offset = at;
}

/* Is the page what its sum says, if there is one? */
static bool is_whole(struct dat *dat, uint32_t cpu, uint64_t page)
{
	uint64_t index = (page - dat->cpu[cpu].offset) / dat->page_bytes;

	if (!dat->sums.bytes)
		return true;
	for (uint32_t i = 0; i < cpu; i++)
		index += dat->cpu[i].bytes / dat->page_bytes;
	return get64(dat, dat->sums.offset + 8 * index) == trace_sum(0, dat->bytes + page, dat->page_bytes);
}

/* The next one that is what it was. False: there is none. */
static bool next_page(struct dat *dat, struct dat_cursor *c)
{
	const struct dat_piece *cpu = &dat->cpu[c->cpu];
	uint64_t page = c->page ? c->page + dat->page_bytes : cpu->offset, room;
	uint64_t commit;

	while (page - cpu->offset < cpu->bytes && !is_whole(dat, c->cpu, page)) {
		damaged(dat, page, "a page is not what its checksum says, and is left out");
		page += dat->page_bytes;
	}
	if (page - cpu->offset >= cpu->bytes || cpu->bytes - (page - cpu->offset) < PAGE_HEADER)
		return false;
	room = cpu->bytes - (page - cpu->offset);
	room = (room < dat->page_bytes ? room : dat->page_bytes) - PAGE_HEADER;
	commit = get64(dat, page + 8);
	if (!(commit &
	      COMMIT_SIZE)) { /* nobody writes such a page, and a file with a hole has millions of them */
		damaged(dat, page + 8, "a page has no events");
		return false;
	}
	c->page = page;
	c->time = get64(dat, page);
	c->lost_before = commit & COMMIT_LOST;
	c->at = page + PAGE_HEADER;
	if ((commit & COMMIT_SIZE) > room) {
		if (dat->page_bytes - PAGE_HEADER == room)
			damaged(dat, page + 8, "a page says that it is longer than a page");
		commit = room;
	}
	c->end = c->at + (commit & COMMIT_SIZE);
	return true;
}

/* Gives up the rest of the page. */
static void leave_page(struct dat *dat, struct dat_cursor *c, const char *error)
{
	damaged(dat, c->at, error);
	c->at = c->end;
}

/* The record at c->at, whose header word is given. False: there is none in it, or it is damaged. */
static bool record_at(struct dat *dat, struct dat_cursor *c, uint32_t header, struct dat_record *record)
{
	uint32_t type = header & 31, length = type * 4;
	uint64_t at = c->at + 4;

	c->time += header >> 5;
	if (type == 0) {
		if (c->end - at < 4) {
			leave_page(dat, c, "a record ends behind its page");
			return false;
		}
		length = get32(dat, at);
		at += 4;
		if (length < 4) {
			leave_page(dat, c, "a record has an impossible length");
			return false;
		}
		length = (length - 4 + 3) & ~3u;
	}
	if (length > c->end - at) {
		leave_page(dat, c, "a record ends behind its page");
		return false;
	}
	*record = (struct dat_record){ c->time, dat->bytes + at, length, c->at };
	c->at = at + length;
	return true;
}

/* Padding, and what only moves the time. */
static void skip(struct dat *dat, struct dat_cursor *c, uint32_t header)
{
	uint32_t type = header & 31, more;

	if (c->end - c->at < 8) {
		c->at = c->end; /* the last padding of a page has no length */
		return;
	}
	more = get32(dat, c->at + 4);
	switch (type) {
	case TYPE_TIME_EXTEND:
		c->time += ((uint64_t)more << DELTA_BITS) + (header >> 5);
		c->at += 8;
		return;
	case TYPE_TIME_STAMP:
		c->time = ((uint64_t)more << DELTA_BITS) + (header >> 5);
		c->at += 8;
		return;
	default:
		c->time += header >> 5;
		if (!(header >> 5) || more > c->end - c->at - 4)
			c->at = c->end;
		else
			c->at += 4 + ((more + 3u) & ~3u);
		if (c->at > c->end)
			c->at = c->end;
		return;
	}
}

bool dat_next(struct dat *dat, struct dat_cursor *c, struct dat_record *record)
{
	for (;;) {
		uint32_t header;

		while (c->end - c->at < 4 || c->page == 0)
			if (!next_page(dat, c))
				return false;
		header = get32(dat, c->at);
		if ((header & 31) > TYPE_DATA_MAX)
			skip(dat, c, header);
		else if (record_at(dat, c, header, record))
			return true;
	}
}
