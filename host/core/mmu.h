/* What does L0 see of the machine, and with which permissions?  Next: mmu.c, host/machine/layout.h. */
#ifndef HOST_CORE_MMU_H
#define HOST_CORE_MMU_H

#include <stdbool.h>
#include <stdint.h>

#include "host/machine/layout.h"
#include "nv/arch/addr.h"

extern uint64_t image_pa;    /* where the image was loaded */
extern uint64_t mmu_root_pa; /* table of the high half, for CPUs that come up */

/* RAM is at a fixed distance in the high half. The address must be in RAM of the device tree, or a mapped device. */
static inline void *pa_to_va(pa_t pa)
{
	return (void *)(pa.val + LINEAR_VA);
}

/* The physical address of something in the linear map or in the image. */
pa_t va_to_pa(const void *va);

/* Replaces the boot tables: text executable and read-only, read-only data read-only, the rest writable and not executable. */
void mmu_init(void);

/* L0's instructions can be written at their linear address while that is there; at their own they never can. One CPU runs. */
void mmu_alias_text(bool there);

/* The RAM of the tree, which places_check_memory has seen, is at its linear address from then on. */
void mmu_map_memory(const void *fdt);

/* Maps a device of L0's; returns where. */
volatile void *mmu_map_device(pa_t pa, uint64_t size);

/* A stack of its own for a CPU, with unmapped pages below: its top. which 0 is the stack, 1 the one for a panic. */
uint64_t mmu_map_stack(unsigned cpu, unsigned which);

/* This CPU's table of the high half is the one at root_pa from now on; the image is at image. In mmu_root.S. */
void mmu_switch_root(uint64_t root_pa, uint64_t image);

#endif
