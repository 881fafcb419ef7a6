/*
 * What is an experiment?  definition_file.h reads one.
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_H
#define EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct markup_node; /* where something stands in the file, for messages */

/* What makes a number of a run. */
enum engine {
	ENGINE_STAT,	 /* firn stat */
	ENGINE_WHATIF,	 /* firn record in nv mode, then firn whatif */
	ENGINE_OUTSIDE,	 /* firn stat --outside */
	ENGINE_PROFILE,	 /* firn stat --profile */
	ENGINE_TIMELINE, /* firn record --whole, then firn report --timeline */
	ENGINES
};

/* In what may two runs differ? */
enum axis {
	AXIS_GUEST,
	AXIS_MODE,
	AXIS_CPU,
	AXIS_WORKLOAD,
	AXIS_SIZE,     /* "N1,N2" */
	AXIS_SMP,      /* vCPUs of L1; "": as many as the workload needs */
	AXIS_VMS,      /* VMs that share a CPU; "": as many as the workload has */
	AXIS_DEFERRED, /* the set of firn whatif; "" for others */
	AXIS_REPETITION,
	AXES
};

struct names {
	const char **name;
	size_t count;
};

/* Every combination of what is on the axes is a run. No axis is empty. */
struct block {
	enum engine engine;
	struct names axis[AXES];
	uint64_t patience; /* seconds of silence before a guest counts as hung */
	bool s2;
	unsigned line;
};

enum plot_kind {
	PLOT_BARS,    /* a group for each x, a bar for each series */
	PLOT_STACKED, /* a bar for each x and series, made of what the object value has */
	PLOT_LINES,   /* x is a number */
	PLOT_PARTS,   /* a bar for each member of the object value, of one run */
	PLOT_QUANTILES, /* a line for each run: the array value has pairs, so many per cent are no more than that */
	PLOT_TIME, /* a picture of its own for each run: the object value has counts in equal stretches of time, stacked */
	PLOT_KINDS
};

struct plot {
	const char *name, *title, *label; /* label: of the vertical axis */
	const char *value; /* which number, "traps_per_op" or "s2.faults"; of a stacked one the object */
	enum plot_kind kind;
	enum axis x;
	enum axis series[AXES];
	size_t series_count;
	struct names only[AXES]; /* runs that are in it; an empty one means all */
	const struct markup_node *at, *value_at, *only_at[AXES];
	bool logarithmic;
};

/* How many times is one more than the other? */
struct ratio {
	const char *title, *value;
	enum axis over;
	const char *of[2];
	const struct markup_node *value_at, *of_at;
};

/* Cycles estimated from counts: the sum of each value times its cost (experiments/published/costs.csv). */
struct model {
	const char *name, *title;
	struct names values, costs; /* one cost for each value */
	const struct markup_node *terms_at;
};

/* A number that is to be no more than so much. */
struct bound {
	const char *title, *guest, *mode, *workload;
	const char *
		value; /* "a + b - c", each a number of the result or an object, whose numbers are added up; or "differ" */
	const char *less; /* a workload whose value is taken off, or NULL */
	const char *over; /* a mode by whose value it is divided, or NULL */
	const char *most; /* NULL: it is only shown */
	const char *note; /* beside it, or "" */
	const struct markup_node *at, *value_at;
};

/* A machine of a paper, and what is put beside it. */
struct counterpart {
	const char *system, *config;
	struct names guests;
	const char *mode;
	const struct markup_node *guests_at;
};

struct comparison {
	const char *source, *table, *metric; /* rows of experiments/published; table may be NULL */
	const char *value;		     /* ours */
	const char *comparable;		     /* in words: what may be concluded, and what not */
	struct counterpart *counterpart;
	size_t counterparts;
	struct names benchmarks, workloads; /* theirs, and the workload of each */
	const struct markup_node *value_at, *benchmarks_at;
};

struct experiment {
	char *name; /* of the file, without folder and ending */
	char *file;
	const char *title, *question;
	const char *method; /* what one has to know to read the numbers; may be NULL */
	struct block *block;
	struct plot *plot;
	struct ratio *ratio;
	struct model *model;
	struct bound *bound;
	struct comparison *comparison;
	size_t blocks, plots, ratios, models, bounds, comparisons;
	struct markup *markup; /* has the words */
	char **own;	       /* words that are not in it */
	size_t owned;
};

#endif
