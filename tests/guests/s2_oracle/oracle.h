/*
 * Is what the walkers say what hardware does?  A program at EL2 of the bare machine that writes random tables, asks hardware
 * with AT instructions and with real accesses of EL1 and EL0, and compares.  The walkers are those of L0 (shadow-s2/walk.c,
 * nv/s1_walk.c), compiled into this program.  Bootargs: "cases=N seed=N stage=1|2".  Next: main.c, stage2.c, stage1.c.
 */
#ifndef TESTS_GUESTS_S2_ORACLE_ORACLE_H
#define TESTS_GUESTS_S2_ORACLE_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

/* Pseudo-random numbers that follow from the seed alone. */
uint64_t oracle_random(void);
uint64_t oracle_below(uint64_t n);
/* True in one of n calls. */
bool oracle_one_in(uint64_t n);
/* A shareability: the reserved one may be taken for any other. */
uint64_t oracle_sh(void);

/*
 * Memory for tables: ORACLE_POOLS pieces of 64 KiB, aligned to their size, in one piece together, all zero between cases.
 * oracle_write notes what it changes there; oracle_clean undoes it.
 */
#define ORACLE_POOLS 8
#define ORACLE_POOL_SHIFT 16
uint64_t oracle_pool(void);
bool oracle_in_pool(uint64_t address);
void oracle_write(uint64_t address, uint64_t value);
/* Has this case written there? */
bool oracle_is_written(uint64_t address);
void oracle_clean(void);

/* Ends the program: what differs, and how this case can be had again. */
_Noreturn void oracle_differs(const char *what, uint64_t hardware, uint64_t software);

/*
 * QEMU up to 10.0 does not look at the address bits above 47 (with DS: above 49) of a descriptor unless VTCR_EL2.PS or TCR.IPS is
 * 52 bits, where the manual has an Address size fault. A mask for those that it does look at.
 */
uint64_t oracle_address_bits(unsigned output_bits, bool ds);

/* One case. What it was about is printed by oracle_differs through *_describe. */
void stage2_setup(void);
void stage2_case(void);
void stage2_describe(void);
void stage2_totals(void);
void stage1_setup(void);
void stage1_case(void);
void stage1_describe(void);
void stage1_totals(void);

/* enter.S: runs EL1 or EL0 (pstate) at pc with x0 and x1 until the next exception to EL2, whose registers it leaves alone. */
uint64_t oracle_enter(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1);

#endif
