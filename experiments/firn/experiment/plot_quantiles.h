/*
 * How is a distribution drawn, such as how late interrupts are?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_PLOT_QUANTILES_H
#define EXPERIMENTS_FIRN_EXPERIMENT_PLOT_QUANTILES_H

#include "experiments/firn/experiment/summary.h"

/*
 * A script for gnuplot that writes file.svg and file.png: a line for each cell that the plot has. Its array plot->value has pairs: so
 * many per cent of all are no more than that. To the right each nine has as much room as the one before. New memory; NULL where there
 * is nothing to draw.
 */
char *plot_quantiles_script(const struct plot *plot, const struct summary *summary, const char *file);

#endif
