/*
 * Which instruction, and which line of L1's source, is at an address?  Answers of an ELF file with DWARF that the recording's symbols fit.
 */
#ifndef EXPERIMENTS_FIRN_TRACE_SOURCE_H
#define EXPERIMENTS_FIRN_TRACE_SOURCE_H

#include "experiments/firn/trace/trace_file.h"

struct source;

/*
 * NULL after one line on stderr: it is no AArch64 ELF file, or not the one of this recording: it must have nearly all functions that the
 * recording names, each as far from its place in the file as all the others are.
 */
struct source *source_open(const char *elf, const struct trace_file *file);
void source_close(struct source *source);

/* The instruction that the file has at an address of the recording. */
bool source_instruction(const struct source *source, uint64_t address, uint32_t *word);

/* "enter.c:52" into place, and what stands there, if the file can still be read, into line. Both empty if it is not known. */
void source_line(struct source *source, uint64_t address, char *place, size_t place_size, char *line,
		 size_t line_size);

#endif
