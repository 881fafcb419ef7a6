/*
 * Which part of the console is the output of --exec's command?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_EXEC_FILTER_H
#define EXPERIMENTS_FIRN_MACHINE_EXEC_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define EXEC_BEGIN "FIRN-EXEC-BEGIN"
#define EXEC_STATUS "FIRN-EXEC-STATUS "

struct exec_filter {
	enum {
		EXEC_BEFORE,
		EXEC_WITHIN,
		EXEC_DONE
	} phase;
	int status;    /* of the command, once EXEC_DONE */
	char held[32]; /* what may become a marker */
	size_t held_length;
	char last; /* that went to out; 0: none did */
};

/* Takes what came from the console; writes to out what belongs to the command. */
void exec_filter_feed(struct exec_filter *filter, const char *bytes, size_t length, FILE *out);

#endif
