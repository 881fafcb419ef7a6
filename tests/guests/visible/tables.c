/* How are tables made and switched on?  Reads: tables.h.  Next: memory.c, endian.c. */
#include "tests/guests/visible/tables.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/visible/visible.h"

static uint64_t *below(uint64_t *table, unsigned index)
{
	if (!(table[index] & 1))
		table[index] = (uint64_t)rt_page() | DESC_TABLE;
	return (uint64_t *)(table[index] & BITS(47, 12));
}

uint64_t *tables_descriptor(uint64_t *root, uint64_t address, unsigned level)
{
	uint64_t *table = root;

	for (unsigned l = 1; l < level; l++)
		table = below(table, (unsigned)(address >> (39 - 9 * l)) & 511);
	return &table[address >> (39 - 9 * level) & 511];
}

void tables_map_ram(uint64_t *root, uint64_t attributes)
{
	const struct rt_machine *m = rt_machine();

	for (uint64_t at = m->ram; at < m->ram + 16 * MIB_2; at += MIB_2)
		*tables_descriptor(root, at, 2) = at | attributes | DESC_AF | DESC_BLOCK;
}

uint64_t tables_vtcr(void)
{
	return VTCR_RES1 | field_put(VTCR_T0SZ, T0SZ_39) | field_put(VTCR_SL0, 1) | field_put(VTCR_IRGN0, 1) |
	       field_put(VTCR_ORGN0, 1) | field_put(VTCR_SH0, 3) | field_put(VTCR_PS, PS_40);
}

void tables_flush(void)
{
	dsb(ish);
	tlbi(vmalls12e1is);
	dsb(ish);
	isb();
}

void tables_stage2_on(const uint64_t *root, uint64_t more_vtcr)
{
	set(VTCR_EL2, tables_vtcr() | more_vtcr);
	set(VTTBR_EL2, (uint64_t)root | field_put(VTTBR_VMID, 1));
	set(HCR_EL2, visible_hcr() | HCR_VM);
	isb();
	tables_flush();
}

void tables_stage1_on(uint64_t table, uint64_t more_sctlr)
{
	set_el1(MAIR, 0xff04);
	set_el1(TCR, field_put(TCR_T0SZ, T0SZ_39) | field_put(TCR_IRGN0, 1) | field_put(TCR_ORGN0, 1) |
			     field_put(TCR_SH0, 3) | TCR_EPD1 | field_put(TCR_IPS, PS_40));
	set_el1(TTBR0, table);
	set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN | SCTLR_M | SCTLR_C | SCTLR_I | more_sctlr);
	isb();
	tables_flush();
}

uint64_t *tables_big_endian(const uint64_t *table, unsigned level)
{
	uint64_t *copy = rt_page();

	for (unsigned i = 0; i < 512; i++) {
		uint64_t d = table[i], next = d & BITS(47, 12);

		if (level < 3 && (d & 3) == DESC_TABLE)
			d = (d & ~next) | (uint64_t)tables_big_endian((const uint64_t *)next, level + 1);
		copy[i] = __builtin_bswap64(d);
	}
	dsb(ish);
	return copy;
}
