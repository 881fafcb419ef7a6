/*
 * Which pages of L1's RAM were written, or used at all, since somebody asked last?  By L1 IPA, whoever did it: vEL2, L1's own
 * EL1, its guests through any shadow tree, or L0 on their behalf.  Here are the bits; what makes an access to a page that is
 * not in a log fault is host/shadow/watch.h.  Next: page_log.c.
 */
#ifndef HOST_VM_PAGE_LOG_H
#define HOST_VM_PAGE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "host/machine/spinlock.h"
#include "nv/arch/addr.h"

enum page_log_kind {
	PAGE_LOG_DIRTY,
	PAGE_LOG_ACCESSED,
	PAGE_LOGS
};

/* The logs of one VM. Made by the first that is asked for, and kept. */
struct page_log {
	struct spinlock lock; /* around changes of L0's stage 2, and starting and stopping */
	bool on[PAGE_LOGS];
	uint64_t *bits[PAGE_LOGS]; /* a bit for each page; kept for the next log of the kind */
	l1_ipa_t first;		   /* the pages from there on */
	uint64_t pages;
};

/* Is that log kept? log is NULL while there is none. */
bool page_log_is_on(const struct page_log *log, enum page_log_kind kind);

/* The page that ipa is in goes into the log, which is kept. Pages that are not RAM do not count. */
void page_log_add(struct page_log *log, enum page_log_kind kind, l1_ipa_t ipa);

/* L0 itself reads or writes a page, in whatever logs are kept. log may be NULL. */
void page_log_note(struct page_log *log, l1_ipa_t ipa, bool write);

/* The page that ipa is in leaves the log, which is kept. True: it was in it. */
bool page_log_remove(struct page_log *log, enum page_log_kind kind, l1_ipa_t ipa);

/* An empty log of the kind, which is not kept yet. False when out of memory. */
bool page_log_clear(struct page_log *log, enum page_log_kind kind);

#endif
