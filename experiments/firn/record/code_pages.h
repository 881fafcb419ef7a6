/*
 * Which pages of L1's code go into the recording, and what is in them?  L0 says where they are (event firn_code); they are read
 * when the machine has ended, so that a kernel that patches itself while it boots is shown as it ran.
 */
#ifndef EXPERIMENTS_FIRN_RECORD_CODE_PAGES_H
#define EXPERIMENTS_FIRN_RECORD_CODE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/firn/machine/machine.h"
#include "experiments/firn/trace/symbols.h"
#include "traces/format.h"

struct code_page {
	uint64_t address, pa;
};

struct code_pages {
	struct code_page *page; /* as they came, each once */
	size_t count, room;
};

/* L0 said that the page at address is at pa. What it says again is the newer truth. */
void code_pages_note(struct code_pages *pages, uint64_t address, uint64_t pa);

/*
 * Adds a struct trace_code for each page in which one of the addresses is, or that is beside such a page, in order. The machine has
 * ended; its memory is still there. False with errno.
 */
bool code_pages_add(struct code_pages *pages, const struct machine *machine, const struct addresses *wanted,
		    struct trace_text *out);

void code_pages_free(struct code_pages *pages);

#endif
