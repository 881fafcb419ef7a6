/* How many traps, from where, why?  Filled here, laid out in traces/ledger.h.  Next: ledger.c. */
#ifndef HOST_RECORD_LEDGER_H
#define HOST_RECORD_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "host/vm/vcpu.h"

/*
 * Makes the header that the host side finds through the image's anchor. Before any ledger_add. untimed: how many instructions of L0
 * each exit and entry executes outside the interval that is timed.
 */
void ledger_init(uint32_t untimed);

/* Memory for v's counts, entered in the header. False when out of memory. */
bool ledger_add(struct vcpu *v);

/* Which level v's pc and pstate belong to. */
enum ledger_level ledger_level(const struct vcpu *v);

/* At every exit, first: which level ran until now?  Sets v->ledger.level. */
void ledger_exit(struct vcpu *v);

/* Counts the exit that is being handled, at v->ledger.level. r: what EC_SYS64 names, else SR_NONE. */
void ledger_count(struct vcpu *v, unsigned reason);
void ledger_count_sync(struct vcpu *v, uint64_t esr, enum sysreg r, bool is_mark);

/*
 * A mark of v's VM: keeps a copy of the counts as they are. The VM's other vCPUs are not interrupted for it, which would be
 * counted; each keeps its copy at the end of its next exit, when its counts are complete (ledger_follow, from sched_next).
 */
void ledger_mark(struct vcpu *v);
void ledger_follow(struct vcpu *v);

/* v is about to be loaded: L0's work for it began at this tick. And: until now it was L0's time, spent for v. */
void ledger_load(struct vcpu *v, uint64_t since);
void ledger_charge(struct vcpu *v, uint64_t since);

#endif
