/*
 * Where are the results of an experiment?  A folder:
 *
 *  about.json        with what it is measured, and whether it is a quick run
 *  experiment.yaml   its definition
 *  results.jsonl     a line for each run, written when that run ends
 *  log/              what a run that failed said
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_STORE_H
#define EXPERIMENTS_FIRN_EXPERIMENT_STORE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "experiments/firn/experiment/matrix.h"

/* One line: of the run with this key. */
struct outcome {
	const char *key; /* in object */
	bool ok;
	cJSON *object;
	size_t order; /* in which it was written */
};

struct store {
	char *folder;
	char *name;		 /* of the experiment */
	struct outcome *outcome; /* by key; of each key the last that was written */
	size_t outcomes, room;
	size_t sorted;	/* the rest was added since */
	size_t written; /* lines, with those that later ones replace */
	int lock, fd;	/* -1 when it is only read */
	bool quick;
};

/* Reads what is in a folder. False after one line on stderr. */
bool store_read(struct store *store, const char *folder);

/*
 * For writing: makes the folder, or with resume goes on with what is in it. name: of the experiment; definition: the text of its file. about: what
 * provenance() says. False after one line on stderr: the folder is in use, or there already, or of another experiment or version, or
 * measured with something else, or has files that are not ours, or is not to be written; what is there is as it was then.
 */
bool store_open(struct store *store, const char *folder, const char *name, bool resume, bool quick,
		const char *definition, const cJSON *about);

/* Takes object, which has "key" and "status". False after one line on stderr; the file is as before then. */
bool store_add(struct store *store, cJSON *object);

/* Writes the file anew in the order of the runs; lines of other runs come last. False after one line on stderr. */
bool store_sort(struct store *store, const struct matrix *matrix);

/* NULL where there is none. Of what was added since the store was opened it knows nothing before store_sort. */
const struct outcome *store_find(const struct store *store, const char *key);

void store_close(struct store *store);

/* "FOLDER/NAME", in new memory. */
char *store_path(const struct store *store, const char *name);

#endif
