/*
 * Why did hardware take this exception to EL2 at all: because the architecture has it so, because L0 needs it, or because
 * a control of L1 asked for it?  For tools; nothing that L0 does depends on it. Next: cause.c.
 */
#ifndef NV_CAUSE_H
#define NV_CAUSE_H

#include "nv/decide.h"
#include "nv/forward.h"

enum nv_cause_kind {
	NV_CAUSE_UNKNOWN,
	NV_CAUSE_ARCHITECTURE, /* no L0 can avoid it in this mode */
	NV_CAUSE_L0,
	NV_CAUSE_L1,
};

/* control: whose field it is follows from kind; for the architecture, and for L0, hardware's. reg SR_NONE: none. */
struct nv_cause {
	enum nv_cause_kind kind;
	struct nv_control control;
};

/* Of a synchronous exception. */
struct nv_cause nv_cause(const struct nv_state *l1, const struct nv_exit *e);

#endif
