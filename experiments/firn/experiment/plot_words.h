/*
 * What do all plots have in common: which runs they show, and how these are called and coloured?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_PLOT_WORDS_H
#define EXPERIMENTS_FIRN_EXPERIMENT_PLOT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "experiments/firn/experiment/matrix.h"

#define PLOT_COLOURS 9

/* 0xRRGGBB: colour number index, with the more white in it the larger shade is. */
unsigned plot_colour(size_t index, size_t shade);

/* Is the run one that the plot is about? */
bool plot_has(const struct plot *plot, const struct run *run);

/* "linux nv 2 VMs": what the axes of the plot's series have, in new memory. */
char *plot_series_name(const struct plot *plot, const struct run *run);

/* A text in gnuplot's quotes. */
void plot_put_string(FILE *out, const char *words);

#endif
