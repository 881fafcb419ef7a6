/*
 * What has L2's driver put into a queue of a virtio device?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_QUEUE_H
#define GUEST_HYP_LINUX_KVM_GUEST_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "guest-hyp/linux/kvm-guest/memory.h"

#define QUEUE_SIZE_MAX 128

/* A split virtqueue (virtio 1.2, 2.7), as the driver has described it. */
struct queue {
	uint32_t size;
	uint32_t ready;
	uint64_t descriptors, available, used; /* L2 IPAs */
	uint16_t seen;			       /* of the available ones */
};

/* One chain of descriptors: first what the device reads, then what it may write. */
struct request {
	uint16_t head;
	unsigned readable, writable;
	struct iovec part[QUEUE_SIZE_MAX];
};

enum queue_state {
	QUEUE_EMPTY,
	QUEUE_REQUEST,
	QUEUE_BROKEN /* the driver wrote what no queue may hold */
};

/* The next request. Everything in it is RAM of L2. */
enum queue_state queue_take(struct queue *queue, const struct memory *memory, struct request *request);

/* It is done, with so many bytes written. True if the driver wants an interrupt for it. */
bool queue_give_back(const struct queue *queue, const struct memory *memory, const struct request *request,
		     uint32_t written);

/* Moves up to size bytes between a buffer and parts, which shrink by that; gives how many bytes that were. */
size_t parts_read(struct iovec *part, unsigned count, void *to, size_t size);
size_t parts_write(struct iovec *part, unsigned count, const void *from, size_t size);

#endif
