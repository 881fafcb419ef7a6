/* What follows from a stage-2 abort?  Next: abort.c, host/shadow/fill.h, host/device/mmio.h. */
#ifndef HOST_RUN_ABORT_H
#define HOST_RUN_ABORT_H

#include "host/vm/vcpu.h"

/* An abort of L0's own stage 2, with ESR_EL2 = esr: a device of L1, or an address with nothing behind it. */
void abort_of_l1(struct vcpu *v, uint64_t esr);

/*
 * An abort of the shadow stage 2 while L1's guest ran: L1's fault, a table to fill, or a device that L1 passed on. Not part of run_exit,
 * where it would cost each exit some registers.
 */
__attribute__((noinline)) void abort_of_l2(struct vcpu *v, uint64_t esr);

/*
 * L1 has carried out an ERET to the instruction that its stage 2 refused an access last: it has mapped the page, as a rule, and then the
 * shadow has it before L2 faults again. Else nothing happens. An access that L1 has emulated is not gone back to.
 */
__attribute__((noinline)) void abort_before_l2(struct vcpu *v);

#endif
