/*
 * Which part of the console is the output of --exec's command?  The guest's /init prints a line
 * FIRN-EXEC-BEGIN, runs the command, and prints FIRN-EXEC-STATUS with the status in decimal.  The second may
 * follow output that does not end its last line, so it is looked for everywhere; the word alone, without a
 * number and the end of the line, is output.
 */
#include "experiments/firn/machine/exec_filter.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* MATCH_PART: more bytes may make it a marker. */
enum match {
	MATCH_NO,
	MATCH_PART,
	MATCH_ALL
};

/* Does text begin like: marker, digits if wanted, any number of CRs, LF? */
static enum match match_marker(const char *text, size_t length, const char *marker, bool digits)
{
	size_t n = strlen(marker), first;

	if (length < n)
		return strncmp(text, marker, length) == 0 ? MATCH_PART : MATCH_NO;
	if (strncmp(text, marker, n) != 0)
		return MATCH_NO;
	first = n;
	while (digits && n < length && isdigit((unsigned char)text[n]))
		n++;
	if (n - first > 3)
		return MATCH_NO;
	if (n == length)
		return MATCH_PART;
	if (digits && n == first)
		return MATCH_NO;
	while (n < length && text[n] == '\r')
		n++;
	if (n == length)
		return MATCH_PART;
	return text[n] == '\n' ? MATCH_ALL : MATCH_NO;
}

/* The first held byte is no marker's. */
static void drop_first(struct exec_filter *filter)
{
	memmove(filter->held, filter->held + 1, --filter->held_length);
}

/* Decides about the first held byte.  False: more bytes are needed for that. */
static bool decide_first(struct exec_filter *filter, FILE *out)
{
	bool within = filter->phase == EXEC_WITHIN;
	bool full = filter->held_length == sizeof(filter->held);
	enum match marker =
		match_marker(filter->held, filter->held_length, within ? EXEC_STATUS : EXEC_BEGIN, within);

	if (marker == MATCH_PART && !full)
		return false;
	if (marker == MATCH_ALL) {
		if (within)
			filter->status = atoi(filter->held + strlen(EXEC_STATUS));
		filter->phase = within ? EXEC_DONE : EXEC_WITHIN;
		filter->held_length = 0;
		return true;
	}
	if (within)
		fputc(filter->last = filter->held[0], out);
	drop_first(filter);
	return true;
}

/* Bytes may come in any pieces. What is no marker goes to out unchanged, at once or with the byte that decides. */
void exec_filter_feed(struct exec_filter *filter, const char *bytes, size_t length, FILE *out)
{
	for (size_t i = 0; i < length && filter->phase != EXEC_DONE; i++) {
		filter->held[filter->held_length++] = bytes[i];
		while (filter->held_length && decide_first(filter, out))
			;
	}
}
