/*
 * What does an experiment's file want to have shown?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_FIGURES_H
#define EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_FIGURES_H

#include "experiments/firn/experiment/definition.h"
#include "experiments/firn/experiment/markup.h"

/* Each adds one, the same in a quick run. False after one line on stderr. */
bool take_plot(struct experiment *e, const struct markup_node *node, bool quick);
bool take_ratio(struct experiment *e, const struct markup_node *node, bool quick);
bool take_model(struct experiment *e, const struct markup_node *node, bool quick);
bool take_bound(struct experiment *e, const struct markup_node *node, bool quick);
bool take_comparison(struct experiment *e, const struct markup_node *node, bool quick);

/* All of them. */
void free_figures(struct experiment *e);

#endif
