/*
 * How does a case run C as a guest of its own, with a stage 2?  L1's RAM is at its own addresses; pages below 2 MiB come and go.  Next:
 * l2.c.
 */
#ifndef TESTS_GUESTS_IRQ_L2_H
#define TESTS_GUESTS_IRQ_L2_H

#include <stdbool.h>
#include <stdint.h>

/* The tables: RAM, and 2 MiB of registers around an address. Once. */
void l2_memory(uint64_t registers);

/* A page of L2's becomes that of L1's at address, or none for 0. It has its effect on all vCPUs. */
void l2_map(uint64_t ipa, uint64_t address);

/* This vCPU runs f at EL1 until its end, or until an exception to EL2. False: it was such a one; its syndrome is in ESR_EL2. */
bool l2_call(void (*f)(void));

#endif
