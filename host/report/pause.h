/*
 * How does the time of L1 stand still while L0 records?  With one CPU, all that recording costs is taken out of every clock: stolen
 * is the sum so far, in ticks, exactly the instructions that would not be there without it. L0's clock reads less by it
 * (clock_now), its timers and those of L1 ring later by it, and L1's counters are behind hardware's by it: CNTVOFF_EL2 for the
 * virtual one, a trap that L0 does not count for the physical one (CNTPOFF_EL2 has no effect on QEMU's machine without EL3). With several
 * CPUs nothing is taken out: while one records, the others' clocks go on.
 *
 * Reads: host/machine/site.h, host/machine/sysreg.h.  Next: gate.S, pause.c, host/record/quiet.c.
 */
#ifndef HOST_REPORT_PAUSE_H
#define HOST_REPORT_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "host/machine/site.h"
#include "host/machine/sysreg.h"

/* Pieces of assembly whose own instructions are known. */
enum pause_piece {
	PAUSE_SITE,  /* pause_gate, with a stub around it */
	PAUSE_EXIT,  /* run_exit_traced (host/run/traced.S): before run_exit, */
	PAUSE_ENTRY, /* behind it, */
	PAUSE_QUIET, /* and instead of it, up to the ERET */
	PAUSE_PIECES
};

/* Members that assembly uses are in host/run/asm_offsets.c. */
struct pause {
	uint64_t on;	    /* the clocks are shifted: there is one CPU, and somebody records */
	uint64_t stolen;    /* ticks, up to the last piece that has ended */
	uint64_t applied;   /* as much of it as hardware's registers are shifted by */
	uint64_t now;	    /* L0's clock in the piece that runs; it stands still there */
	uint64_t cntp_cval; /* CNTP_CVAL_EL02 as it would be; hardware's is later by applied */
	uint64_t cnthctl;   /* CNTHCTL_EL2 likewise; in hardware EL1PCTEN and EL1PTEN are 0 */
	uint64_t ticks
		[PAUSE_PIECES]; /* of the instructions around the two reads of the counter in each piece */
	uint64_t before[PAUSE_PIECES]; /* of those in front of the first read */
};
extern struct pause paused;

/* Of each piece the instructions that are around its two reads of the counter, and those in front of the first. gate.S. */
extern const uint32_t pause_site_instructions[2];

/* L0's clock for those who record. */
static inline uint64_t pause_clock(void)
{
	return paused.on ? paused.now : read_sysreg(CNTPCT_EL0);
}

/* --- clock sites: host/core and boot use the registers themselves --- */

void pause_now(struct site_frame *f, const struct site *s);
void pause_cntvoff_read(struct site_frame *f, const struct site *s);
void pause_cntvoff_write(struct site_frame *f, const struct site *s);
void pause_cntp_cval_read(struct site_frame *f, const struct site *s);
void pause_cntp_cval_write(struct site_frame *f, const struct site *s);
void pause_cnthp_cval_write(struct site_frame *f, const struct site *s);
void pause_cnthv_cval_write(struct site_frame *f, const struct site *s);
void pause_cnthv_tval_write(struct site_frame *f, const struct site *s);
void pause_cnthctl_write(struct site_frame *f, const struct site *s);
void pause_call(struct site_frame *f, const struct site *s);

/* CNTPCT_EL0 without what is stolen. */
static inline uint64_t clock_now(void)
{
	return SITE_READ(CNTPCT_EL0, pause_now);
}

static inline uint64_t clock_read_cntvoff(void)
{
	return SITE_READ(CNTVOFF_EL2, pause_cntvoff_read);
}

static inline void clock_write_cntvoff(uint64_t value)
{
	SITE_WRITE(CNTVOFF_EL2, pause_cntvoff_write, value);
}

static inline uint64_t clock_read_cntp_cval_el02(void)
{
	return SITE_READ(CNTP_CVAL_EL02, pause_cntp_cval_read);
}

static inline void clock_write_cntp_cval_el02(uint64_t value)
{
	SITE_WRITE(CNTP_CVAL_EL02, pause_cntp_cval_write, value);
}

static inline void clock_write_cnthp_cval(uint64_t value)
{
	SITE_WRITE(CNTHP_CVAL_EL2, pause_cnthp_cval_write, value);
}

static inline void clock_write_cnthv_cval(uint64_t value)
{
	SITE_WRITE(CNTHV_CVAL_EL2, pause_cnthv_cval_write, value);
}

static inline void clock_write_cnthv_tval(uint64_t value)
{
	SITE_WRITE(CNTHV_TVAL_EL2, pause_cnthv_tval_write, value);
}

static inline void clock_write_cnthctl(uint64_t value)
{
	SITE_WRITE(CNTHCTL_EL2, pause_cnthctl_write, value);
}

#endif
