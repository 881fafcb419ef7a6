/* What is counted and told of a vCPU?  Each struct is written by the file that it names.  Next: host/record/ledger.h, trace.h. */
#ifndef HOST_VM_RECORD_TYPES_H
#define HOST_VM_RECORD_TYPES_H

#include <stdint.h>

#include "traces/ledger.h"

struct trace_cpu;
struct trace_seen;

/* host/record/ledger.c; the two times at each exit and entry: host/run/vectors.S. In the book counts who sees what is counted. */
struct vcpu_ledger {
	struct ledger_vcpu *book;
	uint64_t entered_l0;	 /* CNTPCT_EL0 at the last exit from the guest */
	uint64_t left_l0;	 /* CNTPCT_EL0 at the last entry to the guest */
	enum ledger_level level; /* where the last exit came from */
};

/* host/record/trace.c */
struct vcpu_trace {
	struct trace_cpu *cpu;	 /* of the CPU that it is on; NULL: nobody records */
	struct trace_seen *seen; /* what was told of its registers */
};

#endif
