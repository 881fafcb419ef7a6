/* What is in a trace.dat file?  Version 6, as trace-cmd.dat(5) describes it.  Reads: dat.h. */
#include "traces/dat.h"

#include <string.h>

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

static bool next_page(struct dat *dat, struct dat_cursor *c)
{
	const struct dat_piece *cpu = &dat->cpu[c->cpu];
	uint64_t page = c->page ? c->page + dat->page_bytes : cpu->offset, room;
	uint64_t commit;

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
