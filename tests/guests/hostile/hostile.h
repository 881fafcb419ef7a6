/*
 * What can a guest hypervisor do to L0?  Each case does one kind of nonsense from vEL2, and as L2 from EL1 and EL0, and
 * checks that what comes of it is what the architecture allows; bootargs "case=NAME".  Runs and outcomes are those of
 * ../visible/visible.h.  Next: main.c, then a case.
 */
#ifndef TESTS_GUESTS_HOSTILE_HOSTILE_H
#define TESTS_GUESTS_HOSTILE_HOSTILE_H

#include "tests/guests/visible/visible.h"

/* Ends the program with what was seen, unless ok. */
void hostile_check(bool ok, const char *what, uint64_t detail, const struct outcome *o);

/* What an outcome can be. EL1's vectors report themselves; see visible.h. */
bool hostile_undefined(const struct outcome *o, uint64_t pstate);
bool hostile_abort_at_el1(const struct outcome *o); /* a data or instruction abort that EL1 took */
bool hostile_abort_at_el2(const struct outcome *o); /* one of EL1 or EL0 that EL2 took */

/* The same sequence of numbers in every run. */
uint64_t hostile_random(void);
/* All zeroes, all ones, alternating bits, then random numbers. */
uint64_t hostile_garbage(unsigned n);

/* An identity map of RAM as stage 2, for L2 runs that are to work. */
uint64_t hostile_stage2(void);

void case_encodings(void);
void case_writes(void);
void case_instructions(void);
void case_vttbr(void);
void case_vtcr(void);
void case_spsr(void);
void case_garbage(void);
void case_e2h(void);
void case_calls(void);
void case_psci(void);
void case_devices(void);
void case_words(void);
void case_space(void);
_Noreturn void case_vbar(void);
_Noreturn void case_stack(void);
_Noreturn void case_erets(void);
_Noreturn void case_el1_vectors(void);
_Noreturn void case_mmio(void);
_Noreturn void case_smc(void);
_Noreturn void case_tlbi(void);
_Noreturn void case_reset(void);
_Noreturn void case_on_off(void);

#endif
