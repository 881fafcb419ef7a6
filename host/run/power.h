/*
 * How does a VM begin, end, and begin again?  To begin again is work for the VM itself: its first vCPU has the CPU for a piece
 * at a time, is charged for it, and leaves it to others in between.  Next: power.c, host/run/sched.h.
 */
#ifndef HOST_RUN_POWER_H
#define HOST_RUN_POWER_H

#include "host/vm/vm.h"

/* The first vCPU of each VM is on, at the kernel, which is in RAM. */
void power_on_all(void);

/* v begins here, with X0 = x0, out of reset; false: it is on already. From any CPU. */
bool power_vcpu_on(struct vcpu *v, l1_ipa_t entry, uint64_t x0);
bool power_vcpu_is_on(const struct vcpu *v);

/* v does not run any more, and is free for CPU_ON. The last one of a VM to stop makes it begin again, or ends the machine. */
void power_vcpu_is_off(struct vcpu *v);

/* Is vm on its way to begin again?  The CPU that has its first vCPU then calls power_restart_piece instead of entering it. */
bool power_is_restarting(const struct vm *vm);
void power_restart_piece(struct vm *vm);

#endif
