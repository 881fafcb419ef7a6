/*
 * Can all that an experiment's file wants to have shown be there, with the runs that it defines?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_CHECK_H
#define EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_CHECK_H

#include "experiments/firn/experiment/matrix.h"

/*
 * matrix: the runs of the whole experiment, not of a quick one, which leaves out what figures are about. False after one line on
 * stderr, that says where: a value that no result can have, a bound, figure or published row that none of the runs is of.
 */
bool definition_check(const struct experiment *experiment, const struct matrix *matrix);

#endif
