/*
 * What can an L1 do to L0 with its stage 2 while another of its vCPUs runs L2?  Runs at vEL2 with E2H=0 and at least two CPUs
 * (case log: one is enough). Bootargs "case=NAME"; prints "ok NAME", or "not ok" and what was wrong.
 * Next: main.c, machine.c, then a case: broadcast.c, own.c, garbage.c, log.c.
 */
#ifndef TESTS_GUESTS_S2_HOSTILE_HOSTILE_H
#define TESTS_GUESTS_S2_HOSTILE_HOSTILE_H

#include <stdbool.h>
#include <stdint.h>

/* L2's map: code, a page that L1 and L2 talk through, and 1 GiB that a case does with as it likes. */
#define L2_CODE UINT64_C(0x10000000)
#define L2_MAILBOX UINT64_C(0x10001000)
#define L2_WINDOW UINT64_C(0x40000000)
#define BLOCK_SIZE UINT64_C(0x200000)

struct mailbox {
	uint64_t rounds; /* loads made so far */
	uint64_t seen;	 /* what the last one read */
	uint64_t stop;
	uint64_t aborts; /* that EL1 took */
	uint64_t
		random; /* state of the loop that loads from anywhere; 0: always from the start of the window */
};

/* Stage 2 with 39 bits and 4 KiB granule. */
struct stage2 {
	uint64_t *root;	  /* level 1 */
	uint64_t *window; /* the level-2 table of L2_WINDOW */
	uint64_t *pages;  /* the level-3 table of its first 2 MiB */
	uint64_t vttbr, vtcr;
};

#define S2_TABLE UINT64_C(3)
#define S2_PAGE UINT64_C(3)
#define S2_BLOCK UINT64_C(1)
#define S2_AF (UINT64_C(1) << 10)
#define S2_WRITE (UINT64_C(1) << 7)
#define S2_READ (UINT64_C(1) << 6)
#define S2_RW_XN (UINT64_C(1) << 54 | S2_AF | UINT64_C(0x300) | S2_WRITE | S2_READ | UINT64_C(0x3c))
#define S2_RX (S2_AF | UINT64_C(0x300) | S2_READ | UINT64_C(0x3c))

/* Makes the tables; the window's first 2 MiB have pages, of which none is mapped. */
void machine_stage2(struct stage2 *s);
/* This CPU's HCR_EL2, VTCR_EL2 and VTTBR_EL2; without: HCR_EL2.VM is clear. */
void machine_use(const struct stage2 *s);
void machine_use_none(void);
volatile struct mailbox *machine_mailbox(void);
uint64_t machine_random(void);

/* Runs work(argument) on the second CPU, at its EL2 with this program's stage 1; waits until it has begun. */
void machine_start_second(void (*work)(void *), void *argument);

/* L2's loop on this CPU until the mailbox says stop. What it takes to EL2 is counted, and it goes on. */
void machine_run_l2(void *stage2);

/*
 * The same with an L1 that goes back to the load which was refused, a few times: L0 looks at the tables then, at any moment of what the
 * other CPU does with them.
 */
void machine_run_l2_again(void *stage2);

/* ../s2_oracle/enter.S, l2.S */
uint64_t oracle_enter(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1);
extern const char l2_code[], l2_code_end[], l2_access[], second_entry[];

/* Executes TLBI number n of the register list with an operand. False: there is none of this number. */
bool machine_tlbi(unsigned n, uint64_t operand);

void case_broadcast(void);
void case_broadcast_again(void);
void case_garbage(void);
void case_garbage_again(void);
void case_own(void);
void case_log(void);

#endif
