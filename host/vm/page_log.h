/*
 * Which pages of L1's RAM were written, or used at all, since somebody asked last?  By L1 IPA, whoever did it: vEL2, L1's own
 * EL1, its guests through any shadow tree, or L0 on their behalf.  Next: page_log.c, host/vm/stage2.h, host/memory/shadow.h.
 *
 * A page that is not in a log yet is mapped so that the access which puts it there faults: in L0's own stage 2 without write
 * permission or access flag, in shadow tables without write permission or not at all. Without a log nothing costs anything.
 */
#ifndef HOST_VM_PAGE_LOG_H
#define HOST_VM_PAGE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "host/vm/vm.h"

enum page_log_kind {
	PAGE_LOG_DIRTY,
	PAGE_LOG_ACCESSED,
	PAGE_LOGS
};

#define PAGE_LOG_MAX_PAGES 64 /* that one page_log_take tells of */

/* Begins with an empty log. False: not enough memory for it, or it is kept already. */
bool page_log_start(struct vm *vm, enum page_log_kind kind);

/* Ends it; memory is mapped with blocks again, as far as no other log is kept. */
void page_log_stop(struct vm *vm, enum page_log_kind kind);

/*
 * Bit n: the page at first + n * PAGE_SIZE is in the log; all of these pages leave it. first is page aligned; pages is at most
 * PAGE_LOG_MAX_PAGES, and those that are not RAM are not in it. Work in proportion to pages and to the leaves that map them.
 */
uint64_t page_log_take(struct vm *vm, enum page_log_kind kind, l1_ipa_t first, unsigned pages);

/* L0 itself reads or writes a page of RAM. */
void page_log_note(const struct vm *vm, l1_ipa_t ipa, bool write);

/* The page is about to be mapped so that it may be done. It is RAM, and the log is kept. */
void page_log_add(const struct vm *vm, enum page_log_kind kind, l1_ipa_t page);
bool page_log_is_on(const struct vm *vm, enum page_log_kind kind);

/*
 * An abort of L0's own stage 2 at an address of RAM: a log's, or one that a break-before-make on another CPU caused. After it
 * the access is made again.
 */
void page_log_fault(struct vm *vm, l1_ipa_t ipa, bool write);

/* The hypercall FIRN_HVC_LOG: x0 to x3 of the caller, and what it gets in x0 (nv/arch/firn_abi.h). */
uint64_t page_log_call(struct vm *vm, const uint64_t *x);

#endif
