/*
 * How does L1 get to know that the user's window has another size?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_RESIZE_H
#define EXPERIMENTS_FIRN_MACHINE_RESIZE_H

#include <stdbool.h>
#include <stddef.h>

/* What L1's console has said about sizes. Zero: nothing. */
struct resize {
	bool wanted; /* L1 has somebody who takes them */
	bool asked;  /* since the caller last put it to false */
	size_t matched;
};

/* Bytes of the console, in any portions. */
void resize_watch(struct resize *resize, const char *bytes, size_t length);

#define RESIZE_BYTES 16 /* the longest message */

/* Writes the message that the window has so many columns and rows to out; its length. */
size_t resize_message(char out[RESIZE_BYTES], unsigned columns, unsigned rows);

/*
 * What is typed, as L1 expects it where it takes sizes: bytes[0..length), with room for twice as many, become those that the
 * result counts.
 */
size_t resize_escape(char *bytes, size_t length);

#endif
