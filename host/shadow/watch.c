/* How does a page get into a log?  Reads: watch.h.  Next: fill.c, host/vm/stage2.c. */
#include "host/shadow/watch.h"

#include <string.h>

#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "host/shadow/invalidate.h"
#include "host/vm/stage2.h"
#include "nv/arch/firn_abi.h"

#define NOT_POSSIBLE UINT64_MAX

/* What a page in the log may do in L0's stage 2, and one that is not in it may not. */
static const uint64_t permission[PAGE_LOGS] = {
	[PAGE_LOG_DIRTY] = STAGE2_WRITE,
	[PAGE_LOG_ACCESSED] = STAGE2_ACCESS,
};

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
	log->first = (l1_ipa_t){ VM_RAM_BASE };
	log->pages = vm->ram_size >> PAGE_SHIFT;
	__atomic_store_n(&vm->log, log, __ATOMIC_RELEASE);
	return true;
}

/* From the moment that it is on nothing is mapped unwatched; what was mapped before goes after it. */
bool watch_start(struct vm *vm, enum page_log_kind kind)
{
	struct page_log *log;

	if (vm->stage2.device_root.val || !make_log(vm))
		return false;
	log = vm->log;
	spin_lock(&log->lock);
	if (log->on[kind] || !page_log_clear(log, kind)) {
		spin_unlock(&log->lock);
		return false;
	}
	__atomic_store_n(&log->on[kind], true, __ATOMIC_RELEASE);
	stage2_forbid(&vm->stage2, log->first, vm->ram_size, permission[kind]);
	stage2_flush_all(&vm->stage2);
	spin_unlock(&log->lock);
	shadow_forget(vm);
	return true;
}

void watch_stop(struct vm *vm, enum page_log_kind kind)
{
	struct page_log *log = vm->log;

	if (!log)
		return;
	spin_lock(&log->lock);
	if (log->on[kind]) {
		__atomic_store_n(&log->on[kind], false, __ATOMIC_RELEASE);
		stage2_allow_all(&vm->stage2, log->first, vm->ram_size, permission[kind]);
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
uint64_t watch_take(struct vm *vm, enum page_log_kind kind, l1_ipa_t first, unsigned pages)
{
	uint64_t taken = 0;

	if (!page_log_is_on(vm->log, kind) || pages > PAGE_LOG_MAX_PAGES)
		return 0;
	for (unsigned n = 0; n < pages; n++) {
		l1_ipa_t page = { first.val + n * PAGE_SIZE };

		if (!page_log_remove(vm->log, kind, page))
			continue;
		taken |= BIT(n);
		watch_again(vm, kind, page);
	}
	return taken;
}

/* All pages of a piece of memory that got the permission in one piece. */
static void add_piece(struct page_log *log, enum page_log_kind kind, l1_ipa_t ipa, uint64_t size)
{
	ipa.val &= ~(size - 1);
	for (uint64_t offset = 0; offset < size; offset += PAGE_SIZE)
		page_log_add(log, kind, (l1_ipa_t){ ipa.val + offset });
}

void watch_fault(struct vm *vm, l1_ipa_t ipa, bool write)
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
				add_piece(log, kind, ipa, size);
	}
	spin_unlock(&log->lock);
}

uint64_t watch_call(struct vm *vm, const uint64_t *x)
{
	enum page_log_kind kind = x[1] & 1 ? PAGE_LOG_ACCESSED : PAGE_LOG_DIRTY;

	switch (x[0]) {
	case FIRN_LOG_START:
		return watch_start(vm, kind) ? 0 : NOT_POSSIBLE;
	case FIRN_LOG_STOP:
		watch_stop(vm, kind);
		return 0;
	case FIRN_LOG_TAKE:
		return watch_take(vm, kind, (l1_ipa_t){ x[2] & ~(PAGE_SIZE - 1) },
				  x[3] < PAGE_LOG_MAX_PAGES ? (unsigned)x[3] : PAGE_LOG_MAX_PAGES);
	default:
		return NOT_POSSIBLE;
	}
}
