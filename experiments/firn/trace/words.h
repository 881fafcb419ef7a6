/*
 * What does a syndrome say in words?
 */
#ifndef EXPERIMENTS_FIRN_TRACE_WORDS_H
#define EXPERIMENTS_FIRN_TRACE_WORDS_H

#include "experiments/firn/trace/steps.h"

/* One sentence about the exit of a step, from ESR_EL2. */
void syndrome_words(char *words, size_t size, const struct step *step);

/* What L0 did about it, as far as it is not in the syndrome: devices, interrupts, list registers. Empty if nothing. */
void step_words(char *words, size_t size, const struct step *step);

#endif
