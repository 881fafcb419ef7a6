/*
 * Which memory does L2 touch?  page_touch, sparse_touch, random_touch, mapped_touch, block_touch, page_unmap, flush_pages, flush_blocks,
 * dirty_log; and before each workload all that is not new memory.  Reads: l2.h, payload.h.
 */
#include "guest-hyp/l2/payload.h"

#define PAGE_BYTES 251

extern const volatile char l2_end[] __attribute__((visibility("hidden"))); /* link.ld */

static volatile uint8_t *page(uint64_t k)
{
	return (volatile uint8_t *)(L2_PAGES + k * L2_PAGE_SIZE);
}

/* Not 0, which a new page has, and as good as never that of a page taken for this one: 251 is a prime. */
static uint8_t page_byte(uint64_t k)
{
	return (uint8_t)(k % PAGE_BYTES + 1);
}

/* No page that a workload uses is a new one to its hypervisor: those of the image, and what it got besides. */
void touch_all(void)
{
	for (uint64_t at = L2_IMAGE; at < (uint64_t)l2_end; at += L2_PAGE_SIZE)
		(void)*(const volatile char *)at;
	for (uint64_t k = 0; k < l2->pages; k++)
		*page(k) = page_byte(k);
}

void touch_pages(uint64_t first, uint64_t n)
{
	uint8_t byte = page_byte(first); /* without a division for each operation */

	for (uint64_t k = first; k < first + n; k++) {
		*page(k) = byte;
		byte = byte == PAGE_BYTES ? 1 : (uint8_t)(byte + 1);
	}
}

void touch_elsewhere(uint64_t first, uint64_t n)
{
	for (uint64_t k = first; k < first + n; k++)
		*page(l2_page(l2->workload, k)) = page_byte(k);
}

void check_pages(void)
{
	for (uint64_t k = 0; k < l2->n1 + l2->n2; k++) {
		uint64_t touched = l2_page(l2->workload, k);

		if (*page(touched) != page_byte(k))
			finish(L2_BAD_VALUE, L2_PAGES + touched * L2_PAGE_SIZE);
	}
}

/* What is unmapped is never the page that is read. */
void unmap_pages(uint64_t first, uint64_t n)
{
	uint64_t step = l2->page_size / L2_PAGE_SIZE, last = (first + n) * step;

	for (uint64_t k = first * step; k < last; k += step) {
		*reg32(L2_UNMAP) = (uint32_t)k;
		if (*page(k + step) != page_byte(k + step))
			finish(L2_BAD_VALUE, L2_PAGES + (k + step) * L2_PAGE_SIZE);
	}
}

void flushes(uint64_t n)
{
	while (n--)
		*reg32(L2_FLUSH) = 0;
}

void clean_pages(void)
{
	*reg32(L2_CLEAN) = 0;
}
