/* What happens between an exit and the next entry?  Next: run.c, vectors.S. */
#ifndef HOST_RUN_RUN_H
#define HOST_RUN_RUN_H

#include "host/machine/cpu.h"
#include "host/vm/vcpu.h"

/*
 * Called by the vectors, through struct cpu, with everything of v saved; returns to their entry path the vCPU that runs next:
 * mostly v. The second is for a CPU that traces: nobody else pays for the question.
 */
struct vcpu *run_exit(struct vcpu *v, enum exit_kind kind);
struct vcpu *run_exit_traced(struct vcpu *v, enum exit_kind kind);

/* What quiet_start (host/record/quiet.h) is to know of traced.S and vectors.S. */
extern const uint32_t traced_instructions[3][2], entry_rest_instructions;

/* A CPU without a vCPU: waits for one, and runs it. */
_Noreturn void run_cpu(void);

/* The entry itself. In vectors.S. */
_Noreturn void vcpu_enter(struct vcpu *v);

#endif
