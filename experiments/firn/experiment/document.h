/*
 * How is a report written once and read as Markdown and as HTML?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_DOCUMENT_H
#define EXPERIMENTS_FIRN_EXPERIMENT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct document {
	FILE *out;
	bool html; /* else Markdown */
};

void document_begin(struct document *document, const char *title);
void document_end(struct document *document);
void document_heading(struct document *document, const char *words);
void document_paragraph(struct document *document, const char *words);
void document_item(struct document *document, const char *words); /* of a list; an empty one ends it */
void document_code(struct document *document, const char *line);

/* Cells end with NULL. align: a letter for each column, l or r. */
void document_table(struct document *document, const char *align, const char *const head[]);
void document_row(struct document *document, const char *align, const char *const cells[]);
void document_table_end(struct document *document);

/* file: beside the document, without its folder. svg: its contents, which HTML has in itself; NULL: there is none. */
void document_picture(struct document *document, const char *words, const char *file, const char *svg);

#endif
