/*
 * How does L2 have a network?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_NET_H
#define GUEST_HYP_LINUX_KVM_GUEST_NET_H

#include <pthread.h>

#include "guest-hyp/linux/kvm-guest/virtio.h"

struct net {
	struct virtio virtio;
	int tap;
	pthread_mutex_t *lock; /* the bus's */
	pthread_cond_t room;   /* L2 has given a buffer for what comes */
};

/* Makes a network interface of L1's and waits for what comes from there, in a thread.  Ends the program where there is none. */
void net_make(struct net *net, pthread_mutex_t *lock, const struct kvm *kvm, const struct memory *memory,
	      unsigned index);

#endif
