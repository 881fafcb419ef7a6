/*
 * How does a page get into a log (host/vm/page_log.h)?  A page that is not in it yet is mapped so that the access which puts it
 * there faults: in L0's own stage 2 without write permission or access flag, in shadow tables without write permission or not
 * at all. Without a log nothing costs anything.  Next: watch.c, fill.c, host/vm/stage2.h.
 */
#ifndef HOST_SHADOW_WATCH_H
#define HOST_SHADOW_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "host/vm/page_log.h"
#include "host/vm/vm.h"

#define PAGE_LOG_MAX_PAGES 64 /* that one watch_take tells of */

/*
 * Begins with an empty log. False: not enough memory for it, or it is kept already, or the VM has a device that accesses memory: what that
 * writes would not be in it, and what it may not write it could not write later.
 */
bool watch_start(struct vm *vm, enum page_log_kind kind);

/* Ends it; memory is mapped with blocks again, as far as no other log is kept. */
void watch_stop(struct vm *vm, enum page_log_kind kind);

/*
 * Bit n: the page at first + n * PAGE_SIZE is in the log; all of these pages leave it. first is page aligned; pages is at most
 * PAGE_LOG_MAX_PAGES, and those that are not RAM are not in it. Work in proportion to pages and to the leaves that map them.
 */
uint64_t watch_take(struct vm *vm, enum page_log_kind kind, l1_ipa_t first, unsigned pages);

/*
 * An abort of L0's own stage 2 at an address of RAM: a log's, or one that a break-before-make on another CPU caused. After it
 * the access is made again.
 */
void watch_fault(struct vm *vm, l1_ipa_t ipa, bool write);

/* The hypercall FIRN_HVC_LOG: x0 to x3 of the caller, and what it gets in x0 (nv/arch/firn_abi.h). */
uint64_t watch_call(struct vm *vm, const uint64_t *x);

#endif
