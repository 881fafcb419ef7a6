/* What does the device tree of the machine say?  Small questions to libfdt.  Next: fdt.c. */
#ifndef HOST_MACHINE_FDT_H
#define HOST_MACHINE_FDT_H

#include <stdbool.h>
#include <stdint.h>

/* Calls f for each range of RAM: memory nodes that are enabled, in whole pages. */
void fdt_each_memory(const void *fdt, void (*f)(uint64_t base, uint64_t size, void *context), void *context);

/* Entry index of the "reg" of node, in the cells that its parent gives. False when there is none. */
bool fdt_reg(const void *fdt, int node, unsigned index, uint64_t *base, uint64_t *size);

/* INTID of entry index of the "interrupts" of node, in the GIC binding's three cells. 0 when there is none. */
uint32_t fdt_intid(const void *fdt, int node, unsigned index);

/* The same of an interrupt by its name in "interrupt-names", and whether an edge triggers it. 0: there is none of that name. */
uint32_t fdt_intid_named(const void *fdt, int node, const char *name, bool *edge);

/* Is the node's status "okay"?  What Secure state has for itself is not. */
bool fdt_is_enabled(const void *fdt, int node);

/* The first such node that is compatible, or negative. */
int fdt_compatible(const void *fdt, const char *compatible);

/* A property that is text, or the first of a list of texts. NULL: there is none, or it has no end. */
const char *fdt_text(const void *fdt, int node, const char *name);

/* A property of one cell. False when there is none. */
bool fdt_cell(const void *fdt, int node, const char *name, uint32_t *value);

/* Size of the tree. */
uint64_t fdt_bytes(const void *fdt);

#endif
