/*
 * Which traps are there only because a device's interrupt has to pass L1 on its way to L2?  On a machine with GICv4, and an L1 that uses
 * it, the machine's ITS gives it to L2 while L2 runs.  Next: messages.c.
 */
#ifndef EXPERIMENTS_FIRN_TRACE_MESSAGES_H
#define EXPERIMENTS_FIRN_TRACE_MESSAGES_H

#include "experiments/firn/trace/steps.h"

struct message_way; /* of one vCPU */

/* Zero is an empty one. */
struct messages {
	struct message_way *way;
	size_t ways;
	uint8_t *bits; /* of each step, by number: is it on such a way? */
	size_t bytes;
	uint64_t taken, from_guest,
		given; /* at L0 at all; while L2 ran; those whose way is known to be that alone */
};

/* For steps_each: a step's events, then the step, in the order of the recording. */
void messages_event(struct messages *m, const struct trace_item *item);
void messages_step(struct messages *m, const struct step *step);

/* When all have been seen. */
bool messages_have(const struct messages *m, const struct step *step);

void messages_free(struct messages *m);

#endif
