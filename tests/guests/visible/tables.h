/*
 * How does a topic make tables?  Stage 1 of EL1 and stage 2, 39 bits and the 4 KiB granule each, so that the root is at level 1.
 * Next: tables.c, memory.c, endian.c.
 */
#ifndef TESTS_GUESTS_VISIBLE_TABLES_H
#define TESTS_GUESTS_VISIBLE_TABLES_H

#include <stdint.h>

#include "nv/arch/fields.h"

/* VMSAv8-64 descriptors, 4 KiB granule. */
#define DESC_TABLE UINT64_C(3)
#define DESC_PAGE UINT64_C(3)
#define DESC_BLOCK UINT64_C(1)
#define DESC_AF BIT(10)
#define DESC_DBM BIT(51)
#define S2_NORMAL (BITS(5, 2) | BITS(9, 8)) /* write-back, inner shareable */
#define S2_DEVICE 0
#define S2AP BITS(7, 6)
#define S2AP_NONE 0
#define S2AP_READ BIT(6)
#define S2AP_WRITE BIT(7)
#define S2_XN BITS(54, 53)
#define S1_ATTR(n) ((uint64_t)(n) << 2)
#define S1_INNER BITS(9, 8)
#define S1_EL0 BIT(6)
#define S1_READ_ONLY BIT(7)
#define S1_PXN BIT(53)
#define S1_UXN BIT(54)

#define MIB_2 BIT(21)
#define GIB BIT(30)
#define T0SZ_39 25
#define PS_40 2 /* output addresses of 40 bits: more in a descriptor is an address size fault */
#define TOO_LARGE BIT(44)

/* One GiB of input addresses for each case, and where in it the access is. */
#define AREA(n) ((uint64_t)(n)*GIB)
#define OFFSET UINT64_C(0x1238)

/* The descriptor for an input address at a level; the tables above it are made. */
uint64_t *tables_descriptor(uint64_t *root, uint64_t address, unsigned level);

/* This program's memory at its own address, in blocks. */
void tables_map_ram(uint64_t *root, uint64_t attributes);

/* VTCR_EL2 for such a stage 2. */
uint64_t tables_vtcr(void);

/* They are in use from the next run below EL2 on, with these bits besides; TLBs are clean. table is an IPA. */
void tables_stage2_on(const uint64_t *root, uint64_t more_vtcr);
void tables_stage1_on(uint64_t table, uint64_t more_sctlr);
void tables_flush(void);

/* A copy of the table and those below it that a PE with SCTLR_ELx.EE = 1 reads alike. level is the table's own. */
uint64_t *tables_big_endian(const uint64_t *table, unsigned level);

#endif
