/*
 * How do L1's terminal and L2's console come together?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_TERMINAL_H
#define GUEST_HYP_LINUX_KVM_GUEST_TERMINAL_H

#include "guest-hyp/linux/kvm-guest/vcpu.h"

/* Until L2 ends, or a key ends it: then L2_RUNS.  Signals end the program.  wake and ended are the
 * eventfds of bus_make and vcpu_start_all. */
enum l2_end terminal_run(int wake, int ended, bool interactive);

#endif
