/*
 * Is this file a program, for which CPU, and which other files does it need to run?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_PROGRAM_H
#define EXPERIMENTS_FIRN_MACHINE_PROGRAM_H

#include <stddef.h>

struct program {
	enum {
		PROGRAM_NONE,	 /* no program: a script, a text, an object file, anything */
		PROGRAM_DAMAGED, /* its headers speak of what the file has not */
		PROGRAM_FOREIGN, /* of another CPU than L1's */
		PROGRAM_ARM64,
	} kind;
	unsigned machine;  /* e_machine of a foreign one */
	char *interpreter; /* the path of the program that loads it; NULL for a static one and for a library */
	char **needed;	   /* names of the libraries that it wants to be loaded with it */
	size_t needed_count;
};

/* An executable or a library, by its ELF headers; program_free() frees what it holds. */
struct program program_read(int fd);

void program_free(struct program *program);

/* e_machine in a word or two. */
const char *program_machine(unsigned machine);

#endif
