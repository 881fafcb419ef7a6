/* What is told of exits, entries and registers while somebody records?  Reads: host/report/ring.h.  Next: trace.c. */
#ifndef HOST_RECORD_TRACE_H
#define HOST_RECORD_TRACE_H

#include <stdbool.h>

#include "host/machine/cpu.h"
#include "host/report/ring.h"
#include "host/vm/vcpu.h"
#include "vncr/file.h"

/* A vCPU's registers as the last scan found them. */
struct trace_seen {
	struct vncr_page page;
	uint64_t file[8];
};

/* Finds the area in the device tree, and makes it ready. False: there is none, nobody records. */
bool trace_init(const void *fdt);

/* v is on this CPU now, or leaves it; each exit, before it is handled; each entry, when all is ready; what belongs to them. */
TRACE_COLD void trace_load(struct vcpu *v);
TRACE_COLD void trace_leave(struct vcpu *v);
TRACE_COLD void trace_exit(struct vcpu *v, enum exit_kind kind);
TRACE_COLD void trace_entry(struct vcpu *v);

/* The world that is loaded has just taken an exception: its EL1 registers (vEL2's, or the guest's) say which. */
TRACE_COLD void trace_exception(struct vcpu *v);

/* Where did an emulated access go? */
TRACE_COLD void trace_sys_access(struct vcpu *v, enum sysreg name, bool is_write, enum trace_place place,
				 uint64_t value);

#endif
