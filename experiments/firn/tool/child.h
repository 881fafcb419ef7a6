/*
 * How is QEMU started, watched and never left behind?
 */
#ifndef EXPERIMENTS_FIRN_TOOL_CHILD_H
#define EXPERIMENTS_FIRN_TOOL_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child {
	pid_t pid;  /* 0: none */
	int in;	    /* we write here what the child reads on its stdin */
	int out;    /* we read here what it writes to its stdout */
	int errors; /* a memory file that holds what it wrote to stderr */
};

enum child_event {
	CHILD_OUTPUT,	/* child->out can be read; a read of 0 bytes means that the child is gone */
	CHILD_INPUT,	/* input_fd can be read */
	CHILD_WRITABLE, /* child->in takes more */
	CHILD_TIMEOUT,
	CHILD_RESIZED, /* the user's window has another size; only behind child_catch_resize */
	CHILD_STOPPED, /* a signal asks firn to stop, or child_end_waits was called */
};

/* To be called once: SIGINT, SIGTERM, SIGHUP and SIGQUIT are noted and end the waits below. */
void child_catch_signals(void);

/* From now on SIGWINCH ends child_wait, too. */
void child_catch_resize(void);

/* The signal that asked firn to stop, or 0. */
int child_signal(void);

/* From any thread: what firn runs is no longer needed. The waits below end, that which goes on now too, though no signal asks firn to. */
void child_end_waits(void);

/*
 * Starts argv[0] (searched in PATH) in a process group of its own, which the kernel kills if firn dies first.
 * From then on SIGPIPE is ignored. False with errno set if it could not be started.
 */
bool child_start(struct child *child, char *const argv[]);

/* The same, with a function in place of a program: body runs in a copy of this process, and what it gives is the exit status. */
void child_fork(struct child *child, int (*body)(void *context), void *context);

/* Waits for the next event.  input_fd may be -1; timeout_ms may be -1; writable asks for CHILD_WRITABLE. */
enum child_event child_wait(const struct child *child, int input_fd, bool writable, int timeout_ms);

/*
 * The same for several children, to whom nobody types: CHILD_OUTPUT of the one in *which, CHILD_TIMEOUT or CHILD_STOPPED. Those
 * that have no process are passed over.
 */
enum child_event child_wait_any(const struct child children[], size_t count, int timeout_ms, size_t *which);

/* Waits for the end of a child whose output has ended; returns its wait status.  Kills it when a signal asks to
 * stop. */
int child_finish(struct child *child);

/* Kills the child's whole process group, if it still runs, and frees what child_start made. */
void child_stop(struct child *child);

/* Asks the child to end, so that it can clean up; after five seconds it is killed. child_stop is still to be called. */
void child_end(struct child *child);

/* All that the child wrote to stderr, at most the last `most` bytes, in new memory. */
char *child_errors(const struct child *child, size_t most);

/* The last lines that the child wrote to stderr, at most so many, in new memory; "" if none. */
char *child_last_errors(const struct child *child, unsigned lines);

/*
 * Runs argv to its end, at most timeout_ms.  True if it exited with 0; its stdout (at most size - 1 bytes) is
 * in out. *error is new memory: what it said last on stderr, or what kept it from running.
 */
bool child_capture(char *const argv[], int timeout_ms, char *out, size_t size, char **error);

#endif
