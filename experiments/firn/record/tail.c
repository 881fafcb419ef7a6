/* What is kept of a recording of which only the end is wanted?  Reads: tail.h.  Next: recording.c. */
#define _GNU_SOURCE
#include "experiments/firn/record/tail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"
#include "traces/ring.h"

void tail_init(struct tail *t, struct span keep, int fd)
{
	*t = (struct tail){ .keep = keep, .fd = fd };
}

/* --- registers --- */

/* Times belong to the record, the rest of it begins with Linux's common fields. */
struct kept_record {
	uint32_t id, vcpu;
	_Alignas(8) uint8_t payload[TRACE_RECORD_MAX];
};

static void understand(struct kept_record *r, const uint8_t *record, size_t bytes)
{
	uint16_t type;
	int32_t pid;

	memcpy(&type, record, sizeof(type));
	memcpy(&pid, record + 4, sizeof(pid));
	r->id = type - TRACE_FILE_ID(0);
	r->vcpu = (trace_pid_vcpu(pid) + 8 * trace_pid_vm(pid)) % ENRICH_MAX_VCPUS;
	memcpy(r->payload, record + TRACE_COMMON_BYTES, bytes - TRACE_COMMON_BYTES);
}

static struct vcpu_view *view_of(struct tail *t, uint32_t vcpu)
{
	if (!t->view[vcpu]) {
		t->view[vcpu] = grow(NULL, 1, sizeof(*t->view[vcpu]));
		vcpu_view_init(t->view[vcpu]);
	}
	return t->view[vcpu];
}

/* The record is no longer in the recording, what it says of registers is true all the same. */
static void roll(struct tail *t, const uint8_t *record, size_t bytes)
{
	struct kept_record r;

	t->dropped++;
	understand(&r, record, bytes);
	if (r.id == TRACE_firn_register)
		vcpu_view_register(view_of(t, r.vcpu), (const void *)r.payload);
	else if (r.id == TRACE_firn_vcpu_state)
		vcpu_view_state(view_of(t, r.vcpu), (const void *)r.payload);
}

/* All records of a page up to one of them; NULL: all. */
static void roll_page(struct tail *t, const uint8_t *page, const struct trace_page_cursor *until)
{
	struct trace_page_cursor c = { .at = 0 };
	const uint8_t *record;
	size_t bytes;

	while ((!until || c.at < until->at) && (record = trace_page_next(page, &c, &bytes)))
		roll(t, record, bytes);
}

/* --- pages --- */

const uint8_t *tail_read(struct tail *t, size_t index)
{
	off_t at = (off_t)(tail_page(t, index)->slot * TRACE_PAGE_BYTES);
	ssize_t got = pread(t->fd, t->bytes, TRACE_PAGE_BYTES, at);

	if (got == TRACE_PAGE_BYTES)
		return t->bytes;
	if (got >= 0)
		errno = EIO;
	return NULL;
}

static bool drop_oldest(struct tail *t)
{
	const uint8_t *page = tail_read(t, 0);

	if (!page)
		return false;
	roll_page(t, page, NULL);
	if (t->spares == t->spare_room) {
		t->spare_room = t->spare_room ? 2 * t->spare_room : 16;
		t->spare = grow(t->spare, t->spare_room, sizeof(t->spare[0]));
	}
	t->spare[t->spares++] = tail_page(t, 0)->slot;
	t->first = (t->first + 1) % t->room;
	t->pages--;
	return true;
}

/* Is the span there without the oldest page, when one more comes? */
static bool is_oldest_too_old(const struct tail *t, uint64_t now)
{
	if (t->keep.bytes)
		return t->pages && (t->pages + 1) * TRACE_PAGE_BYTES > t->keep.bytes;
	return t->pages > 1 && tail_page(t, 1)->time + t->keep.nanoseconds <= now;
}

/* The ring of descriptions gets longer, its oldest first. */
static void make_room(struct tail *t)
{
	size_t room = t->room ? 2 * t->room : 64;
	struct tail_page *page;

	if (t->pages < t->room)
		return;
	page = grow(NULL, room, sizeof(*page));
	for (size_t i = 0; i < t->pages; i++)
		page[i] = *tail_page(t, i);
	free(t->page);
	t->page = page;
	t->room = room;
	t->first = 0;
}

bool tail_add(struct tail *t, const uint8_t page[TRACE_PAGE_BYTES], uint64_t sum)
{
	struct tail_page new = { .sum = sum };
	ssize_t put;

	memcpy(&new.time, page, sizeof(new.time));
	while (is_oldest_too_old(t, new.time))
		if (!drop_oldest(t))
			return false;
	new.slot = t->spares ? t->spare[--t->spares] : t->slots++;
	put = pwrite(t->fd, page, TRACE_PAGE_BYTES, (off_t)(new.slot *TRACE_PAGE_BYTES));
	if (put >= 0 && put < TRACE_PAGE_BYTES)
		errno = ENOSPC;
	if (put < TRACE_PAGE_BYTES)
		return false;
	make_room(t);
	t->page[(t->first + t->pages) % t->room] = new;
	t->pages++;
	return true;
}

/* --- the beginning --- */

/* A search for an entry that has something behind it: the first from a time on, or the last one of all. */
struct search {
	uint64_t from;
	bool is_behind;	  /* the record before was an entry */
	uint64_t entered; /* when that was */
	size_t index;	  /* the place: a page, and what is behind the entry */
	struct trace_page_cursor cursor;
};

/* True: nothing better can come. */
static bool search_page(struct search *s, size_t index, const uint8_t *page)
{
	struct trace_page_cursor c = { .at = 0 }, before = c;
	const uint8_t *record;
	uint16_t type;
	size_t bytes;

	for (; (record = trace_page_next(page, &c, &bytes)); before = c) {
		memcpy(&type, record, sizeof(type));
		if (s->is_behind) {
			s->index = index;
			s->cursor = before;
			if (s->entered >= s->from)
				return true;
		}
		s->is_behind = type == TRACE_FILE_ID(TRACE_kvm_entry);
		s->entered = c.time;
	}
	return false;
}

/* Nothing found: the first record. False with errno. */
static bool find_begin(struct tail *t, struct search *s)
{
	const uint8_t *page;

	for (size_t i = 0; i < t->pages; i++) {
		page = tail_read(t, i);
		if (!page)
			return false;
		if (search_page(s, i, page))
			return true;
	}
	return true;
}

bool tail_begin(struct tail *t, uint64_t end, size_t *index, struct trace_page_cursor *cursor)
{
	struct search s = { .from = t->keep.nanoseconds && end > t->keep.nanoseconds ?
					    end - t->keep.nanoseconds :
					    0 };
	const uint8_t *page;

	if (!find_begin(t, &s))
		return false;
	for (size_t i = 0; i <= s.index; i++) {
		page = tail_read(t, i);
		if (!page)
			return false;
		roll_page(t, page, i == s.index ? &s.cursor : NULL);
	}
	*index = s.index;
	*cursor = s.cursor;
	return true;
}

void tail_free(struct tail *t)
{
	for (size_t i = 0; i < ENRICH_MAX_VCPUS; i++)
		free(t->view[i]);
	free(t->page);
	free(t->spare);
	*t = (struct tail){ .fd = -1 };
}
