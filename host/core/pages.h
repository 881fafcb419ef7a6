/* Which physical memory is free?  Next: pages.c. */
#ifndef HOST_CORE_PAGES_H
#define HOST_CORE_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"

/*
 * Takes the RAM of the device tree, less the image, the tree itself, memory reservations, /reserved-memory and the modules
 * below /chosen. After mmu_map_memory; fdt by its linear address.
 */
void pages_init(const void *fdt);

/* One zeroed page, or {0} when there is none left. */
pa_t page_alloc(void);
void page_free(pa_t page);

/* size bytes in one piece at a multiple of align (a power of two). Never given back. False when there is none. */
bool memory_alloc(uint64_t size, uint64_t align, pa_t *out);

/* How many bytes the machine has, and has left for memory_alloc. */
uint64_t memory_total(void);
uint64_t memory_left(void);

#endif
