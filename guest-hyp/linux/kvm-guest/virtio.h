/*
 * What does L2's driver see of a virtio device?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_VIRTIO_H
#define GUEST_HYP_LINUX_KVM_GUEST_VIRTIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#define VIRTIO_IPA UINT64_C(0x0a000000)
#define VIRTIO_SIZE UINT64_C(0x200) /* of each device */
#define VIRTIO_DEVICES_MAX 8
#define VIRTIO_INTID 48 /* of the first device */

#define QUEUE_SIZE_MAX 128

/* A split virtqueue, as the driver has described it. */
struct queue {
	uint32_t size, ready;
	uint64_t descriptors, available, used; /* L2 IPAs */
	uint16_t seen;			       /* of the available ones */
	unsigned left;			       /* to take before the next notification */
};

/* One chain of descriptors: first what the device reads, then what it may write. Everything in it is RAM of L2. */
struct request {
	uint16_t head;
	unsigned readable, writable;
	struct iovec part[QUEUE_SIZE_MAX];
};

/* The first member of each device. */
struct virtio {
	uint32_t id;
	uint64_t features; /* besides VIRTIO_F_VERSION_1 */
	unsigned queues;
	/* Does everything that virtio_take gives, or remembers it. */
	void (*serve)(struct virtio *device, unsigned queue);
	uint8_t config[256];

	/* virtio.c's own: */
	unsigned intid;
	uint32_t status, interrupts, generation;
	uint32_t feature_word, driver_word,
		selected; /* what the driver chose with the registers that end in SEL */
	uint64_t driver_features;
	struct queue queue[2];
};

/* The next device in the order of addresses. It stays until the end. */
void virtio_add(struct virtio *device);
unsigned virtio_count(void);

/* An access of L2 with 1, 2, 4 or 8 bytes.  Where there is no device, a load gives 0 and a store does nothing. */
uint64_t virtio_load(uint64_t l2_ipa, unsigned bytes);
void virtio_store(uint64_t l2_ipa, unsigned bytes, uint64_t value);

/* Has the driver begun to use it? */
bool virtio_is_used(const struct virtio *device);

/* The next request of a queue, for serve; false when there is none, or L2 has to notify before. */
bool virtio_take(struct virtio *device, unsigned queue, struct request *request);

/* It is done, with so many bytes written. */
void virtio_give_back(struct virtio *device, unsigned queue, const struct request *request, uint32_t written);

/* Moves up to size bytes out of or into a request, which shrinks by that; gives how many bytes that were. */
size_t request_read(struct request *request, void *to, size_t size);
size_t request_write(struct request *request, const void *from, size_t size);

/* Something in config is new. */
void virtio_config_changed(struct virtio *device);

#endif
