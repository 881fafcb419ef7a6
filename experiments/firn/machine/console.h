/*
 * What does the guest say on its console, and what did it mean?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_CONSOLE_H
#define EXPERIMENTS_FIRN_MACHINE_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/firn/machine/machine.h"

/* Everything that came from the console, up to a limit beyond which the oldest part is dropped; ends with a 0
 * byte. */
struct transcript {
	char *text;
	size_t length;
};

/* Joins the terminal to the guest until the machine ends or the user types Ctrl-A x.  Returns firn's exit
 * status. */
int console_interactive(struct machine *machine);

/* Somebody who says how far it is: called about once a second, where a line of its own (tool/progress.h) disturbs nothing. */
struct console_teller {
	void (*show)(void *context);
	void *context;
};

/*
 * Prints on stdout what the command of --exec prints.  Returns its exit status, or STATUS_FAILED after
 * messages on stderr if the machine ended without one.  Verbose: the whole console on stderr too.  teller may be NULL.
 */
int console_exec(struct machine *machine, bool verbose, const struct console_teller *teller);

/* Seconds for machine_config.patience, unless somebody wants others: the slowest workload is silent for much less. */
#define CONSOLE_PATIENCE 900
#define CONSOLE_PATIENCE_MAX 1000000

/*
 * Lets the machine run to its end, or until it has been silent for longer than config->patience; the caller frees
 * transcript->text.  With a label, says on a terminal how long it takes already.  False after messages on stderr if it
 * did not end by switching itself off, or L0 panicked.
 */
bool console_collect(struct machine *machine, struct transcript *transcript, const char *label,
		     const struct machine_config *config);

/* Does the console have a line that is words, or starts with words and a space? */
bool transcript_has_line(const struct transcript *transcript, const char *words);

/* The last such line, up to the end of the console; NULL if there is none. */
const char *transcript_line(const struct transcript *transcript, const char *words);

/* On stderr: L0's own last words if it had them, else the last lines of the console; then the message. */
void transcript_explain(const struct transcript *transcript, const char *message);

#endif
