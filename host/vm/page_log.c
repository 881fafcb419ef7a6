/* Which pages of L1's RAM were written, or used at all?  Reads: page_log.h.  Next: host/shadow/watch.c. */
#include "host/vm/page_log.h"

#include <string.h>

#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "nv/arch/bits.h"

#define WORD_BITS 64

bool page_log_is_on(const struct page_log *log, enum page_log_kind kind)
{
	return log && __atomic_load_n(&log->on[kind], __ATOMIC_ACQUIRE);
}

static uint64_t *word_of(struct page_log *log, enum page_log_kind kind, uint64_t page)
{
	return &log->bits[kind][page / WORD_BITS];
}

static bool page_number(const struct page_log *log, l1_ipa_t ipa, uint64_t *page)
{
	*page = (ipa.val - log->first.val) >> PAGE_SHIFT;
	return ipa.val >= log->first.val && *page < log->pages;
}

void page_log_add(struct page_log *log, enum page_log_kind kind, l1_ipa_t ipa)
{
	uint64_t page;

	if (page_number(log, ipa, &page))
		__atomic_fetch_or(word_of(log, kind, page), BIT(page % WORD_BITS), __ATOMIC_ACQ_REL);
}

void page_log_note(struct page_log *log, l1_ipa_t ipa, bool write)
{
	if (page_log_is_on(log, PAGE_LOG_ACCESSED))
		page_log_add(log, PAGE_LOG_ACCESSED, ipa);
	if (write && page_log_is_on(log, PAGE_LOG_DIRTY))
		page_log_add(log, PAGE_LOG_DIRTY, ipa);
}

bool page_log_remove(struct page_log *log, enum page_log_kind kind, l1_ipa_t ipa)
{
	uint64_t page, bit;

	if (!page_number(log, ipa, &page))
		return false;
	bit = BIT(page % WORD_BITS);
	return __atomic_fetch_and(word_of(log, kind, page), ~bit, __ATOMIC_ACQ_REL) & bit;
}

bool page_log_clear(struct page_log *log, enum page_log_kind kind)
{
	uint64_t bytes = log->pages / 8;
	pa_t pa;

	if (!log->bits[kind] && !memory_alloc(bytes, PAGE_SIZE, &pa))
		return false;
	if (!log->bits[kind])
		log->bits[kind] = pa_to_va(pa);
	memset(log->bits[kind], 0, bytes);
	return true;
}
