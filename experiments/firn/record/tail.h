/*
 * What is kept of a recording of which only the end is wanted?  A ring of pages in a file without a name: as many as the span that is
 * kept, so that file and memory are bounded however long the machine runs. Of what falls out the registers of L1 remain.
 */
#ifndef EXPERIMENTS_FIRN_RECORD_TAIL_H
#define EXPERIMENTS_FIRN_RECORD_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/firn/record/enrich.h"
#include "traces/format.h"

/* A stretch of a recording, by what it takes: one of the two, the other is 0. Both 0: nothing. */
struct span {
	uint64_t bytes;	      /* of pages */
	uint64_t nanoseconds; /* of the machine's time */
};

/* A page that is kept: when its first record was made, its sum, and where it is in the file. */
struct tail_page {
	uint64_t time, sum, slot;
};

struct tail {
	struct span keep;
	int fd;
	struct tail_page *page; /* a ring of room pages, the oldest at first */
	size_t room, first, pages;
	uint64_t *spare; /* slots of the file that nothing is in any more */
	size_t spares, spare_room;
	uint64_t slots;				     /* that the file has */
	struct vcpu_view *view[ENRICH_MAX_VCPUS];    /* registers as they were when the oldest page began */
	uint64_t dropped;			     /* records that fell out */
	_Alignas(8) uint8_t bytes[TRACE_PAGE_BYTES]; /* of a page that was asked for */
};

/* Least bytes of a span that is kept: what a step can take, and more. */
#define TAIL_LEAST_BYTES (UINT64_C(64) << 10)

/* fd: an empty file, which remains the caller's. */
void tail_init(struct tail *tail, struct span keep, int fd);

/* A complete page of trace_page_add's is the newest now; what is beyond the span falls out. False with errno. */
bool tail_add(struct tail *tail, const uint8_t page[TRACE_PAGE_BYTES], uint64_t sum);

/* Page number index from the oldest on; valid until the next call. NULL with errno. */
const uint8_t *tail_read(struct tail *tail, size_t index);
static inline const struct tail_page *tail_page(const struct tail *tail, size_t index)
{
	return &tail->page[(tail->first + index) % tail->room];
}

/*
 * A recording whose beginning fell out is to begin between two steps: behind the first entry that is not before the span's begin,
 * end being the time of the last record; if there is none with something behind it, behind the last one that has. What is before it
 * becomes part of the registers. The page as an index, and where in it the next record is. False with errno.
 */
bool tail_begin(struct tail *tail, uint64_t end, size_t *index, struct trace_page_cursor *cursor);

void tail_free(struct tail *tail);

#endif
