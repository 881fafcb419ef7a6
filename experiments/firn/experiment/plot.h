/*
 * How does a plot of an experiment get drawn?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_PLOT_H
#define EXPERIMENTS_FIRN_EXPERIMENT_PLOT_H

#include "experiments/firn/experiment/beside.h"

/*
 * What gnuplot is to do: a script that has its data in itself and writes FILE.svg and FILE.png, in new memory. NULL if no result
 * has that number.
 */
char *plot_script(const struct plot *plot, const struct summary *summary, const struct experiment *experiment,
		  const struct published *published, const char *file);

#endif
