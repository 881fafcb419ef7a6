/*
 * What does a reader get of an experiment?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_REPORT_H
#define EXPERIMENTS_FIRN_EXPERIMENT_REPORT_H

#include "experiments/firn/experiment/costs.h"
#include "experiments/firn/experiment/published.h"
#include "experiments/firn/experiment/summary.h"

/*
 * Writes summary.csv, plots/ (gnuplot's scripts, SVG and PNG), report.md and report.html into the store's folder. Where gnuplot
 * is missing or fails, says so in one line and leaves out the pictures. False after one line on stderr if a file cannot be written.
 */
bool report_write(const struct experiment *experiment, const struct summary *summary,
		  const struct published *published, const struct costs *costs, const struct store *store);

#endif
