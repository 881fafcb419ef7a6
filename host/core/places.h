/*
 * Which physical addresses does the device tree give to whom?  The image, devices, modules and the rest of what L0 uses are entered
 * here one by one, and who comes where somebody is stops the machine with a line. Next: places.c, host/machine/fdt.h.
 */
#ifndef HOST_CORE_PLACES_H
#define HOST_CORE_PLACES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The RAM of the tree is such that L0 can map it: no piece of it is another's or a device's that was entered before, and all of it is
 * below end and in the linear map. The tree itself, bytes at fdt_pa, is in it.
 */
void places_check_memory(const void *fdt, uint64_t fdt_pa, uint64_t end);

/* Is [base, base + size) in one of the tree's pieces of RAM?  Does any of it lie in RAM? */
bool places_is_ram(const void *fdt, uint64_t base, uint64_t size);
bool places_touches_ram(const void *fdt, uint64_t base, uint64_t size);

/* owner, which a message can name, has [base, base + size) in RAM. */
void places_enter(const char *owner, uint64_t base, uint64_t size);

/* The same for registers of L0's, which are not in RAM, and of which at least the first least bytes are there. */
void places_enter_device(const void *fdt, const char *owner, uint64_t base, uint64_t size, uint64_t least);

/* A module that a message calls name. Two VMs may have the same one: it is only read. */
void places_enter_module(const char *name, uint64_t base, uint64_t size);

#endif
