/* Which pages of L1's code go into the recording, and what is in them?  Reads: code_pages.h.  Next: recording.c. */
#define _GNU_SOURCE
#include "experiments/firn/record/code_pages.h"

#include <stdlib.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"

void code_pages_note(struct code_pages *pages, uint64_t address, uint64_t pa)
{
	for (size_t i = 0; i < pages->count; i++)
		if (pages->page[i].address == address) {
			pages->page[i].pa = pa;
			return;
		}
	if (pages->count == pages->room) {
		pages->room = pages->room ? 2 * pages->room : 64;
		pages->page = grow(pages->page, pages->room, sizeof(pages->page[0]));
	}
	pages->page[pages->count++] = (struct code_page){ address, pa };
}

static int by_address(const void *a, const void *b)
{
	const struct code_page *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/* The page itself, or one beside it: a function goes on there. */
static bool is_wanted(const struct addresses *wanted, uint64_t page)
{
	for (size_t i = 0; i < wanted->slots; i++)
		if (wanted->slot[i] &&
		    wanted->slot[i] + TRACE_PAGE_BYTES - page < 3 * (uint64_t)TRACE_PAGE_BYTES)
			return true;
	return false;
}

bool code_pages_add(struct code_pages *pages, const struct machine *machine, const struct addresses *wanted,
		    struct trace_text *out)
{
	struct trace_code code;

	if (pages->count)
		qsort(pages->page, pages->count, sizeof(pages->page[0]), by_address);
	for (size_t i = 0; i < pages->count; i++) {
		const struct code_page *page = &pages->page[i];
		uint64_t at = page->pa - machine->ram_base;

		if (!is_wanted(wanted, page->address) || at > machine->ram_bytes - TRACE_PAGE_BYTES)
			continue;
		code.address = page->address;
		if (pread(machine->ram_fd, code.bytes, sizeof(code.bytes), (off_t)at) != TRACE_PAGE_BYTES)
			return false;
		trace_text_add(out, &code, sizeof(code));
	}
	return !out->failed;
}

void code_pages_free(struct code_pages *pages)
{
	free(pages->page);
	*pages = (struct code_pages){ .page = NULL };
}
