/*
 * What has L2's driver put into a queue of a virtio device?  L2 may write anything there, also while this is read: each
 * field is read once, and then checked.
 */
#include "guest-hyp/linux/kvm-guest/queue.h"

#include <linux/virtio_ring.h>
#include <string.h>

static struct vring_avail *available_ring(const struct queue *queue, const struct memory *memory)
{
	return memory_at(memory, queue->available, sizeof(struct vring_avail) + 2 * queue->size, 2);
}

static struct vring_used *used_ring(const struct queue *queue, const struct memory *memory)
{
	return memory_at(memory, queue->used, sizeof(struct vring_used) + 8 * queue->size, 4);
}

/* False if the descriptor cannot follow those that were taken. */
static bool take_part(struct request *request, const struct memory *memory, const struct vring_desc *desc)
{
	unsigned count = request->readable + request->writable;
	void *bytes = memory_at(memory, desc->addr, desc->len, 1);
	bool writable = desc->flags & VRING_DESC_F_WRITE;

	if (!bytes || desc->flags & VRING_DESC_F_INDIRECT || (!writable && request->writable))
		return false;
	request->part[count] = (struct iovec){ bytes, desc->len };
	request->readable += !writable;
	request->writable += writable;
	return true;
}

/* A chain that is longer than the queue goes in a circle. */
static bool take_chain(const struct queue *queue, const struct memory *memory, struct request *request)
{
	const struct vring_desc *table = memory_at(memory, queue->descriptors, 16 * queue->size, 16);
	uint16_t index = request->head;

	for (unsigned n = 0; table && n < queue->size; n++) {
		struct vring_desc desc;

		if (index >= queue->size)
			return false;
		desc = *(const volatile struct vring_desc *)&table[index];
		if (!take_part(request, memory, &desc))
			return false;
		if (!(desc.flags & VRING_DESC_F_NEXT))
			return true;
		index = desc.next;
	}
	return false;
}

enum queue_state queue_take(struct queue *queue, const struct memory *memory, struct request *request)
{
	struct vring_avail *ring = available_ring(queue, memory);

	if (!queue->ready)
		return QUEUE_EMPTY;
	if (!ring || !used_ring(queue, memory))
		return QUEUE_BROKEN;
	if (__atomic_load_n(&ring->idx, __ATOMIC_ACQUIRE) == queue->seen)
		return QUEUE_EMPTY;
	*request = (struct request){ .head = __atomic_load_n(&ring->ring[queue->seen % queue->size],
							     __ATOMIC_RELAXED) };
	queue->seen++;
	return take_chain(queue, memory, request) ? QUEUE_REQUEST : QUEUE_BROKEN;
}

bool queue_give_back(const struct queue *queue, const struct memory *memory, const struct request *request,
		     uint32_t written)
{
	struct vring_used *ring = used_ring(queue, memory);
	struct vring_avail *available = available_ring(queue, memory);
	uint16_t index = __atomic_load_n(&ring->idx, __ATOMIC_RELAXED);

	ring->ring[index % queue->size] = (struct vring_used_elem){ .id = request->head, .len = written };
	__atomic_store_n(&ring->idx, (uint16_t)(index + 1), __ATOMIC_RELEASE);
	__atomic_thread_fence(
		__ATOMIC_SEQ_CST); /* the driver clears the flag, then looks at the index once more */
	return !(__atomic_load_n(&available->flags, __ATOMIC_RELAXED) & VRING_AVAIL_F_NO_INTERRUPT);
}

static size_t shorten(struct iovec *part, size_t wanted)
{
	size_t n = wanted < part->iov_len ? wanted : part->iov_len;

	part->iov_base = (char *)part->iov_base + n;
	part->iov_len -= n;
	return n;
}

size_t parts_read(struct iovec *part, unsigned count, void *to, size_t size)
{
	size_t done = 0;

	for (unsigned i = 0; i < count && done < size; i++) {
		const void *from = part[i].iov_base;
		size_t n = shorten(&part[i], size - done);

		memcpy((char *)to + done, from, n);
		done += n;
	}
	return done;
}

size_t parts_write(struct iovec *part, unsigned count, const void *from, size_t size)
{
	size_t done = 0;

	for (unsigned i = 0; i < count && done < size; i++) {
		void *to = part[i].iov_base;
		size_t n = shorten(&part[i], size - done);

		memcpy(to, (const char *)from + done, n);
		done += n;
	}
	return done;
}
