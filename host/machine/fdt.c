/* What does the device tree of the machine say?  Reads: fdt.h. */
#include "host/machine/fdt.h"

#include <libfdt.h>
#include <stddef.h>
#include <string.h>

#include "nv/arch/addr.h"
#include "nv/arch/intid.h"

#define GIC_CELLS 3
#define GIC_SPI 0
#define GIC_EDGE_RISING 1
#define SPIS (INTID_FIRST_SPECIAL - INTID_FIRST_SPI)

static uint64_t read_cells(const fdt32_t *p, int cells)
{
	uint64_t value = 0;

	for (int i = 0; i < cells; i++)
		value = value << 32 | fdt32_to_cpu(p[i]);
	return value;
}

bool fdt_reg(const void *fdt, int node, unsigned index, uint64_t *base, uint64_t *size)
{
	int parent = fdt_parent_offset(fdt, node), bytes;
	const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &bytes);
	int address_cells, size_cells, entry;

	if (!reg || parent < 0)
		return false;
	address_cells = fdt_address_cells(fdt, parent);
	size_cells = fdt_size_cells(fdt, parent);
	if (address_cells < 1 || size_cells < 0)
		return false;
	entry = address_cells + size_cells;
	if ((int)((index + 1) * (unsigned)entry * sizeof(fdt32_t)) > bytes)
		return false;
	reg += index * (unsigned)entry;
	*base = read_cells(reg, address_cells);
	*size = read_cells(reg + address_cells, size_cells);
	return true;
}

bool fdt_is_enabled(const void *fdt, int node)
{
	const char *status = fdt_text(fdt, node, "status");

	if (!status)
		return !fdt_getprop(fdt, node, "status", NULL);
	return strcmp(status, "okay") == 0 || strcmp(status, "ok") == 0;
}

void fdt_each_memory(const void *fdt, void (*f)(uint64_t base, uint64_t size, void *context), void *context)
{
	int node;

	fdt_for_each_subnode(node, fdt, 0) {
		const char *type = fdt_text(fdt, node, "device_type");
		uint64_t base, size, first, end;

		if (!type || strcmp(type, "memory") != 0 || !fdt_is_enabled(fdt, node))
			continue;
		for (unsigned i = 0; fdt_reg(fdt, node, i, &base, &size); i++) {
			first = (base + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
			end = (base + size) & ~(PAGE_SIZE - 1);
			if (base <= first && first < end)
				f(first, end - first, context);
		}
	}
}

uint32_t fdt_intid(const void *fdt, int node, unsigned index)
{
	int bytes;
	uint32_t number;
	const fdt32_t *p = fdt_getprop(fdt, node, "interrupts", &bytes);

	if (!p || (int)((index + 1) * GIC_CELLS * sizeof(fdt32_t)) > bytes)
		return 0;
	p += index * GIC_CELLS;
	number = fdt32_to_cpu(p[1]);
	if (fdt32_to_cpu(p[0]) == GIC_SPI)
		return number < SPIS ? INTID_FIRST_SPI + number : 0;
	return number < INTID_FIRST_SPI - INTID_FIRST_PPI ? INTID_FIRST_PPI + number : 0;
}

uint32_t fdt_intid_named(const void *fdt, int node, const char *name, bool *edge)
{
	int index = fdt_stringlist_search(fdt, node, "interrupt-names", name);
	uint32_t intid = index < 0 ? 0 : fdt_intid(fdt, node, (unsigned)index);
	const fdt32_t *p = fdt_getprop(fdt, node, "interrupts", NULL);

	*edge = intid && fdt32_to_cpu(p[(unsigned)index * GIC_CELLS + 2]) == GIC_EDGE_RISING;
	return intid;
}

int fdt_compatible(const void *fdt, const char *compatible)
{
	int node = -1;

	do
		node = fdt_node_offset_by_compatible(fdt, node, compatible);
	while (node >= 0 && !fdt_is_enabled(fdt, node));
	return node;
}

const char *fdt_text(const void *fdt, int node, const char *name)
{
	return fdt_stringlist_get(fdt, node, name, 0, NULL);
}

bool fdt_cell(const void *fdt, int node, const char *name, uint32_t *value)
{
	int bytes;
	const fdt32_t *p = fdt_getprop(fdt, node, name, &bytes);

	if (!p || bytes != (int)sizeof(*p))
		return false;
	*value = fdt32_ld(p);
	return true;
}

uint64_t fdt_bytes(const void *fdt)
{
	return fdt_totalsize(fdt);
}
