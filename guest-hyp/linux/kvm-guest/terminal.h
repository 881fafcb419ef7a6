/*
 * How do L1's terminal and L2's console come together?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_TERMINAL_H
#define GUEST_HYP_LINUX_KVM_GUEST_TERMINAL_H

#include "guest-hyp/linux/kvm-guest/vcpu.h"

/* Before the first thread, also of a device: signals come to terminal_run alone. */
void terminal_prepare(void);

/* Until L2 ends, or somebody ends it: then L2_RUNS, and *signal is the signal, or 0 when it was a key.  wake and ended are the
 * eventfds of bus_make and vcpu_start_all. */
enum l2_end terminal_run(int wake, int ended, bool interactive, int *signal);

#endif
