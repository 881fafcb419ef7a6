/*
 * How is drawn what happened when, such as traps during a boot?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_PLOT_TIME_H
#define EXPERIMENTS_FIRN_EXPERIMENT_PLOT_TIME_H

#include "experiments/firn/experiment/summary.h"

/*
 * A script for gnuplot that writes file.svg and file.png: a panel for each cell that the plot has, all with the same colours. Its object
 * plot->value has `stretch`, the instructions of a stretch of time, and `traps`, with an array for each name: how many in each stretch.
 * New memory; NULL where there is nothing to draw.
 */
char *plot_time_script(const struct plot *plot, const struct summary *summary, const char *file);

#endif
