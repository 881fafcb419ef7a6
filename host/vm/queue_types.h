/* What does the run queue remember of a vCPU?  Written by queue.c alone.  Next: queue.h. */
#ifndef HOST_VM_QUEUE_TYPES_H
#define HOST_VM_QUEUE_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/share.h"

struct cpu;

enum vcpu_leave {
	LEAVE_PREEMPTED,
	LEAVE_YIELDS,
	LEAVE_WAITS,
	LEAVE_OFF,
};

struct vcpu_queue {
	bool resched;		  /* its CPU is to look who runs next: host/run/sched.h */
	enum vcpu_leave leave;	  /* why */
	struct cpu *cpu;	  /* that it is on, or on its way to or from; else NULL */
	const struct cpu *was_on; /* before: its TLBs are as v wants them */
	uint64_t away;		  /* ticks for which it wanted a CPU, before it got this one */
	struct share share;
};

#endif
