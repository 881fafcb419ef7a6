/*
 * How is one object of a result drawn, such as instructions by function?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_PLOT_PARTS_H
#define EXPERIMENTS_FIRN_EXPERIMENT_PLOT_PARTS_H

#include "experiments/firn/experiment/summary.h"

/*
 * A script for gnuplot that writes file.svg and file.png: a horizontal bar for each member of the object plot->value of the first cell
 * that the plot has, the largest at the top. New memory; NULL where there is nothing to draw.
 */
char *plot_parts_script(const struct plot *plot, const struct summary *summary, const char *file);

#endif
