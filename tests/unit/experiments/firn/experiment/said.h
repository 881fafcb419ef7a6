/*
 * What did the code under test say on stderr?
 */
#ifndef TESTS_UNIT_EXPERIMENTS_FIRN_EXPERIMENT_SAID_H
#define TESTS_UNIT_EXPERIMENTS_FIRN_EXPERIMENT_SAID_H

#include <stdbool.h>

/* From here on stderr is kept, and what complain() does to stdout is done. */
void said_begin(void);

/* All that was said, which stays until the next said_begin. */
const char *said_end(void);

/* Was it one line, with these words in it? */
bool said_one_line(const char *words);

#endif
