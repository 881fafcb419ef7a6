/*
 * What is a function of L0's for, in the words of a world switch?
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_PURPOSES_H
#define EXPERIMENTS_FIRN_MEASURE_PURPOSES_H

#include <stdbool.h>

/* By the file that it is in, as DWARF has it: any path that ends in one of the tree. "other" where no purpose is known. */
const char *purpose_of(const char *file);

/* A header's functions are part of those that they are inlined into. */
bool purpose_is_of_caller(const char *file);

#endif
