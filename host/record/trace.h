/* What is told of exits, entries and registers while somebody records?  Reads: host/report/ring.h.  Next: trace.c. */
#ifndef HOST_RECORD_TRACE_H
#define HOST_RECORD_TRACE_H

#include <stdbool.h>

#include "host/machine/cpu.h"
#include "host/record/quiet.h"
#include "host/report/ring.h"
#include "host/vm/vcpu.h"
#include "vncr/file.h"

/* A vCPU's registers as the last scan found them. */
struct trace_seen {
	struct vncr_page page;
	uint64_t file[8];
};

/* Finds the area in the device tree, and makes it ready. With one CPU time stands still from now on while L0 records. False: nobody does. */
bool trace_init(const void *fdt, struct quiet_instructions i);

/* Not 0: somebody records, and vCPUs are to be loaded with trace_load. */
extern uint64_t trace_on;

/* For SITE_CALL (host/machine/site.h): v is on this CPU now, or leaves it; the first entry of a CPU. */
void trace_load(struct vcpu *v, uint64_t none, uint64_t of, uint64_t these);
void trace_leave(struct vcpu *v, uint64_t none, uint64_t of, uint64_t these);
void trace_first_entry(struct vcpu *v, uint64_t none, uint64_t of, uint64_t these);

/* For SITE_CALL: the world that is loaded has just taken an exception: its EL1 registers (vEL2's, or the guest's) say which. */
void trace_exception(struct vcpu *v, uint64_t none, uint64_t of, uint64_t these);

/* For SITE_CALL: L1's ERETAA or ERETAB has the right signature, and goes to elr. An ERET is told by trace_exit. */
void trace_signed_eret(struct vcpu *v, uint64_t elr, uint64_t of, uint64_t these);

/*
 * Each exit, before it is handled, and each entry, when all is ready: host/run/traced.S. True: the exit is there only because time
 * stands still while L0 records, it is dealt with, and nobody is to know (host/record/quiet.h).
 */
TRACE_COLD bool trace_exit(struct vcpu *v, enum exit_kind kind);
TRACE_COLD void trace_entry(struct vcpu *v);

/* Where did an emulated access go? */
TRACE_COLD void trace_sys_access(struct vcpu *v, enum sysreg name, bool is_write, enum trace_place place,
				 uint64_t value);

#endif
