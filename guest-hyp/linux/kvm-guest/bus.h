/*
 * Which device does L2 talk to?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_BUS_H
#define GUEST_HYP_LINUX_KVM_GUEST_BUS_H

#include <pthread.h>

#include "guest-hyp/linux/kvm-guest/blk.h"
#include "guest-hyp/linux/kvm-guest/console.h"
#include "guest-hyp/linux/kvm-guest/net.h"
#include "guest-hyp/linux/kvm-guest/pl011.h"

#define DISKS_MAX 4

/* All devices. The lock is for everything behind it: vCPUs and who types come at any time. */
struct bus {
	pthread_mutex_t lock;
	int wake; /* eventfd: L2 has new room for what is typed */
	struct pl011 uart;
	struct console console, command_output;
	struct virtio rng;
	struct blk disk[DISKS_MAX];
	struct net net;
	struct virtio *virtio[VIRTIO_DEVICES_MAX]; /* in the order of their addresses */
	unsigned virtio_count;
};

/* What L2 has besides a console and random numbers. */
struct bus_wishes {
	bool command; /* a second console, for its output */
	const char *disk[DISKS_MAX];
	unsigned disks;
	bool net;
};

void bus_make(struct bus *bus, const struct kvm *kvm, const struct memory *memory,
	      const struct bus_wishes *wishes);

/* Where there is no device, a load gives 0 and a store does nothing. */
uint64_t bus_load(struct bus *bus, uint64_t l2_ipa, unsigned bytes);
void bus_store(struct bus *bus, uint64_t l2_ipa, unsigned bytes, uint64_t value);

/* Gives L2 what it has room for; returns how many bytes that were. */
size_t bus_type(struct bus *bus, const char *bytes, size_t size);
void bus_resize(struct bus *bus, uint16_t columns, uint16_t rows);

#endif
