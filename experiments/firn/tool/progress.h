/*
 * How far is it, and how long will it take?
 */
#ifndef EXPERIMENTS_FIRN_TOOL_PROGRESS_H
#define EXPERIMENTS_FIRN_TOOL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	const char *name;     /* of the whole */
	size_t total, before; /* before: done already when it began */
	size_t done, failed;  /* done: with the failed ones and those before */
	int64_t since, told;  /* seconds: when it began, when it said something last */
};

/* "neve: 3 of 48 done, 1 failed; 4 min left; runs: KEY", in new memory. running may be NULL. */
char *progress_text(const struct progress *progress, int64_t now, const char *running);

/* On a terminal the line is replaced each time; else there is one a minute, and one at the end. */
void progress_show(struct progress *progress, const char *running);

/* The same where nobody knows the total: "x.dat: 1200 events, 34 s". name, since and told are used. */
char *progress_count_text(const struct progress *progress, int64_t now, uint64_t count, const char *what);
void progress_show_count(struct progress *progress, uint64_t count, const char *what);

/* Is it time for a line?  Always where somebody watches, else when told, in seconds, is a minute ago. */
bool progress_is_due(bool watched, int64_t now, int64_t told);

void progress_end(struct progress *progress);

/* Takes the line away, so that a message can be printed. */
void progress_hide(void);

#endif
