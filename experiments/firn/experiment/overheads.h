/*
 * By how many per cent is an application slower in a VM, and in a VM of a VM?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_OVERHEADS_H
#define EXPERIMENTS_FIRN_EXPERIMENT_OVERHEADS_H

#include "experiments/firn/experiment/document.h"
#include "experiments/firn/experiment/summary.h"

/*
 * A table of the applications (workloads l1_NAME and l2_NAME): instructions of all levels of one operation, beside those of l1_NAME on the
 * bare machine. Nothing where that was not measured.
 */
void overheads_part(struct document *document, const struct summary *summary);

#endif
