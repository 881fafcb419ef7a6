/* Which pages of L1's RAM were written, or used at all?  Reads: page_log.h.  Next: stage2.c, host/memory/shadow_fill.c. */
#include "host/vm/page_log.h"

#include <string.h>

#include "host/cpu/spinlock.h"
#include "host/memory/pages.h"
#include "host/memory/shadow.h"
#include "host/vm/stage2.h"
#include "nv/arch/firn_abi.h"

#define WORD_BITS 64
#define NOT_POSSIBLE UINT64_MAX

struct page_log {
	struct spinlock lock; /* around changes of L0's stage 2, and starting and stopping */
	bool on[PAGE_LOGS];
	uint64_t *bits[PAGE_LOGS]; /* a bit for each page of RAM; kept for the next log of the kind */
};

/* What a page in the log may do in L0's stage 2, and one that is not in it may not. */
static const uint64_t permission[PAGE_LOGS] = {
	[PAGE_LOG_DIRTY] = STAGE2_WRITE,
	[PAGE_LOG_ACCESSED] = STAGE2_ACCESS,
};

bool page_log_is_on(const struct vm *vm, enum page_log_kind kind)
{
	const struct page_log *log = __atomic_load_n(&vm->log, __ATOMIC_ACQUIRE);

	return log && __atomic_load_n(&log->on[kind], __ATOMIC_ACQUIRE);
}

static uint64_t *word_of(const struct vm *vm, enum page_log_kind kind, uint64_t page)
{
	return &vm->log->bits[kind][page / WORD_BITS];
}

static bool page_number(const struct vm *vm, l1_ipa_t ipa, uint64_t *page)
{
	*page = (ipa.val - VM_RAM_BASE) >> PAGE_SHIFT;
	return ipa.val >= VM_RAM_BASE && *page < vm->ram_size >> PAGE_SHIFT;
}

void page_log_add(const struct vm *vm, enum page_log_kind kind, l1_ipa_t ipa)
{
	uint64_t page;

	if (page_number(vm, ipa, &page))
		__atomic_fetch_or(word_of(vm, kind, page), BIT(page % WORD_BITS), __ATOMIC_ACQ_REL);
}

void page_log_note(const struct vm *vm, l1_ipa_t ipa, bool write)
{
	if (page_log_is_on(vm, PAGE_LOG_ACCESSED))
		page_log_add(vm, PAGE_LOG_ACCESSED, ipa);
	if (write && page_log_is_on(vm, PAGE_LOG_DIRTY))
		page_log_add(vm, PAGE_LOG_DIRTY, ipa);
}

static bool make_bits(const struct vm *vm, uint64_t **bits)
{
	uint64_t bytes = (vm->ram_size >> PAGE_SHIFT) / 8;
	pa_t pa;

	if (!*bits && !memory_alloc(bytes, PAGE_SIZE, &pa))
		return false;
	if (!*bits)
		*bits = pa_to_va(pa);
	memset(*bits, 0, bytes);
	return true;
}

static bool make_log(struct vm *vm)
{
	struct page_log *log;
	pa_t pa;

	if (vm->log)
		return true;
	if (!memory_alloc(sizeof(*log), PAGE_SIZE, &pa))
		return false;
	log = pa_to_va(pa);
	memset(log, 0, sizeof(*log));
	__atomic_store_n(&vm->log, log, __ATOMIC_RELEASE);
	return true;
}

/* From the moment that it is on nothing is mapped unwatched; what was mapped before goes after it. */
bool page_log_start(struct vm *vm, enum page_log_kind kind)
{
	struct page_log *log;

	if (!make_log(vm))
		return false;
	log = vm->log;
	spin_lock(&log->lock);
	if (log->on[kind] || !make_bits(vm, &log->bits[kind])) {
		spin_unlock(&log->lock);
		return false;
	}
	__atomic_store_n(&log->on[kind], true, __ATOMIC_RELEASE);
	stage2_forbid(&vm->stage2, (l1_ipa_t){ VM_RAM_BASE }, vm->ram_size, permission[kind]);
	stage2_flush_all(&vm->stage2);
	spin_unlock(&log->lock);
	shadow_forget(vm);
	return true;
}

void page_log_stop(struct vm *vm, enum page_log_kind kind)
{
	struct page_log *log = vm->log;

	if (!log)
		return;
	spin_lock(&log->lock);
	if (log->on[kind]) {
		__atomic_store_n(&log->on[kind], false, __ATOMIC_RELEASE);
		stage2_allow_all(&vm->stage2, (l1_ipa_t){ VM_RAM_BASE }, vm->ram_size, permission[kind]);
		if (!log->on[PAGE_LOG_DIRTY] && !log->on[PAGE_LOG_ACCESSED])
			stage2_merge(&vm->stage2);
		stage2_flush_all(&vm->stage2);
	}
	spin_unlock(&log->lock);
	shadow_forget(vm);
}

/* A page that has left the log may not do again what would put it there. */
static void watch_again(struct vm *vm, enum page_log_kind kind, l1_ipa_t page)
{
	spin_lock(&vm->log->lock);
	stage2_forbid(&vm->stage2, page, PAGE_SIZE, permission[kind]);
	stage2_flush(&vm->stage2, page);
	spin_unlock(&vm->log->lock);
	if (kind == PAGE_LOG_DIRTY)
		shadow_protect_l1(vm, page, PAGE_SIZE);
	else
		shadow_unmap_l1(vm, page, PAGE_SIZE);
}

/*
 * A page leaves the log before it is watched again: what is written between the two is in the page when the caller reads it,
 * and an access that faults meanwhile puts it into the log again.
 */
uint64_t page_log_take(struct vm *vm, enum page_log_kind kind, l1_ipa_t first, unsigned pages)
{
	uint64_t taken = 0, page;

	if (!page_log_is_on(vm, kind) || pages > PAGE_LOG_MAX_PAGES)
		return 0;
	for (unsigned n = 0; n < pages; n++) {
		l1_ipa_t ipa = { first.val + n * PAGE_SIZE };
		uint64_t bit;

		if (!page_number(vm, ipa, &page))
			continue;
		bit = BIT(page % WORD_BITS);
		if (!(__atomic_fetch_and(word_of(vm, kind, page), ~bit, __ATOMIC_ACQ_REL) & bit))
			continue;
		taken |= BIT(n);
		watch_again(vm, kind, ipa);
	}
	return taken;
}

/* All pages of a piece of memory that got the permission in one piece. */
static void add_piece(const struct vm *vm, enum page_log_kind kind, l1_ipa_t ipa, uint64_t size)
{
	ipa.val &= ~(size - 1);
	for (uint64_t offset = 0; offset < size; offset += PAGE_SIZE)
		page_log_add(vm, kind, (l1_ipa_t){ ipa.val + offset });
}

void page_log_fault(struct vm *vm, l1_ipa_t ipa, bool write)
{
	struct page_log *log = __atomic_load_n(&vm->log, __ATOMIC_ACQUIRE);
	uint64_t size, grant = 0;

	if (!log)
		return;
	spin_lock(&log->lock);
	if (log->on[PAGE_LOG_ACCESSED])
		grant |= permission[PAGE_LOG_ACCESSED];
	if (log->on[PAGE_LOG_DIRTY] && write)
		grant |= permission[PAGE_LOG_DIRTY];
	if (grant) {
		size = stage2_allow(&vm->stage2, ipa, grant);
		for (enum page_log_kind kind = 0; kind < PAGE_LOGS; kind++)
			if (grant & permission[kind])
				add_piece(vm, kind, ipa, size);
	}
	spin_unlock(&log->lock);
}

uint64_t page_log_call(struct vm *vm, const uint64_t *x)
{
	enum page_log_kind kind = x[1] & 1 ? PAGE_LOG_ACCESSED : PAGE_LOG_DIRTY;

	switch (x[0]) {
	case FIRN_LOG_START:
		return page_log_start(vm, kind) ? 0 : NOT_POSSIBLE;
	case FIRN_LOG_STOP:
		page_log_stop(vm, kind);
		return 0;
	case FIRN_LOG_TAKE:
		return page_log_take(vm, kind, (l1_ipa_t){ x[2] & ~(PAGE_SIZE - 1) },
				     x[3] < PAGE_LOG_MAX_PAGES ? (unsigned)x[3] : PAGE_LOG_MAX_PAGES);
	default:
		return NOT_POSSIBLE;
	}
}
