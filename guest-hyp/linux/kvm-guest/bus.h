/*
 * Which device does L2 talk to?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_BUS_H
#define GUEST_HYP_LINUX_KVM_GUEST_BUS_H

#include <pthread.h>

#include "guest-hyp/linux/kvm-guest/options.h"

/* Makes all devices.  Gives an eventfd: L2 has new room for what is typed. */
int bus_make(const struct options *options);

/* One access of 1, 2, 4 or 8 bytes.  Where there is no device, a load gives 0 and a store does nothing. */
uint64_t bus_load(uint64_t l2_ipa, unsigned bytes);
void bus_store(uint64_t l2_ipa, unsigned bytes, uint64_t value);

/* Of all devices: vCPUs, who types and the network come at any time.  Who has it may wait for the reader of what L2 says. */
extern pthread_mutex_t bus_lock;

#endif
