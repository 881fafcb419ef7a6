/*
 * What is in a trace.dat file?  Its sections, and the records of each CPU's pages, without believing anything that it says.
 * The file is in memory (mapped, so that its size does not matter). Next: dat.c; format.h writes such files.
 */
#ifndef TRACES_DAT_H
#define TRACES_DAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DAT_MAX_CPUS 64
#define DAT_MAX_FORMATS 4096

/* A piece of the file. */
struct dat_piece {
	uint64_t offset, bytes;
};

struct dat_format {
	struct dat_piece text;
	const char *system; /* in the file, with its 0 byte */
};

struct dat {
	const uint8_t *bytes;
	uint64_t length;
	uint32_t page_bytes;
	struct dat_piece header_page, symbols, strings, tasks, about;
	struct dat_format format[DAT_MAX_FORMATS];
	uint32_t formats;
	uint32_t cpus;
	struct dat_piece cpu[DAT_MAX_CPUS]; /* as much of each as is there */
	bool truncated;			    /* some CPU's data end before they should */
	struct dat_piece code,
		sums;	   /* of the trailer (format.h): code of L1, sums of the pages; empty: none */
	const char *error; /* why dat_open failed, or what is wrong with a page */
	uint64_t error_offset;
};

/* False: dat->error and dat->error_offset say why. Nothing is copied: bytes must stay. */
bool dat_open(struct dat *dat, const uint8_t *bytes, uint64_t length);

/* One CPU's records, in order. */
struct dat_cursor {
	uint32_t cpu;
	uint64_t page;	  /* offset of the page in the file, 0 before the first */
	uint64_t at, end; /* in the file: the next record, and the end of those of this page */
	uint64_t time;
	bool lost_before; /* the page says that records before it are missing */
};

struct dat_record {
	uint64_t time;
	const uint8_t *bytes;
	uint32_t length;
	uint64_t offset; /* in the file */
};

/*
 * False at the end of the CPU's data. A damaged page is skipped from there on, with dat->error set; one whose sum is another one than
 * the recorder's, whole.
 */
bool dat_next(struct dat *dat, struct dat_cursor *cursor, struct dat_record *record);

/* The page of L1's code at that address, TRACE_PAGE_BYTES; NULL if the file does not have it. */
const uint8_t *dat_code(const struct dat *dat, uint64_t page);

#endif
