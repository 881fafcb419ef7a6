/* What does a trapped access to a register of a timer of L1 read or write?  Next: timer_sysreg.c. */
#ifndef HOST_INTERRUPT_TIMER_SYSREG_H
#define HOST_INTERRUPT_TIMER_SYSREG_H

#include "host/vm/vcpu.h"

/* A trapped access to a timer of L1 through its EL2 name, or to an EL1 timer. Values as the register has them. */
uint64_t timer_read(struct vcpu *v, enum sysreg r);
void timer_write(struct vcpu *v, enum sysreg r, uint64_t value);
/* r of the world that is loaded: CNTPCT_EL0, CNTVCT_EL0 or one of their self-synchronized forms. */
uint64_t timer_counter(const struct vcpu *v, enum sysreg r);

#endif
