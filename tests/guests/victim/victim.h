/*
 * Does an L1 keep what is its own whatever its L2 does?  L1 enters L2 at random places of random hostile code, and looks after each visit
 * whether its registers, its memory, its timer and its time are as they have to be.  Next: main.c, then checks.c, words.c, l2.S.
 */
#ifndef TESTS_GUESTS_VICTIM_VICTIM_H
#define TESTS_GUESTS_VICTIM_VICTIM_H

#include <stdbool.h>
#include <stdint.h>

/* L2 as L1 enters it and finds it again; enter.S knows the order. */
struct l2 {
	uint64_t x[31];
	uint64_t pc, pstate;
};

/* Runs L2 until an exception comes to EL2, and says which vector it took. One from EL2 itself ends the program in rt's vectors. */
unsigned victim_enter(struct l2 *l2);
extern const char victim_vectors[]; /* which VBAR_EL2 must have */

/* L2's first instructions, on a page with its vectors. x29 is where the hostile code is that they go to, x30 a PSTATE.DAIF. */
extern const char victim_l2[];

/* The same sequence of numbers for the same seed. */
uint64_t victim_random(void);
unsigned victim_below(unsigned n);

/* Addresses of L2's: hostile code, a page of its own to write to, and its first instructions. */
#define L2_CODE UINT64_C(0x10000000)
#define L2_DATA UINT64_C(0x10010000)
#define L2_START UINT64_C(0x10020000)
#define CODE_WORDS 4096U
#define DATA_BYTES UINT64_C(4096)

/* words.c: hostile code. The last of each SEQUENCE_MAX words is an HVC with IMM_DONE. */
#define SEQUENCE_MAX 256U
#define IMM_END 0x7dd
void words_fill(uint32_t *code);
extern bool words_counted; /* time is counted in instructions (QEMU's -icount) */
/* What L2 starts with in x0 to x28, which the words count on. */
void words_registers(uint64_t *x);

/* checks.c: what L1 has. */
void checks_start(uint32_t *code);
/* The page that L2 writes to. */
uint64_t checks_data(void);
/* The hostile code is another one. */
void checks_code(void);
/* Before a visit: the controls that it is made with are kept to be compared. */
void checks_before(void);
/* After it; fails the program. whole: all of memory, else a part of it. */
void checks_after(bool whole);
/* L2 is to be interrupted in one or two quanta from now. */
void checks_next_tick(void);
/* Half a quantum at least: to move the timer at each exit takes longer than what L2 does. */
void checks_no_tick_soon(void);
/* It was: is it the timer, and not too late? The next one is asked for. */
void checks_tick(void);
void checks_totals(void);
/* In ticks of the counter: how late an interrupt or the end of a loop of L1's may be, and how long L2 runs without an exit. */
extern uint64_t checks_late_max, checks_quantum;

#endif
