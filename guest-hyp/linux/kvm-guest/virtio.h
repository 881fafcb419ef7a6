/*
 * What does L2's driver see of a virtio device?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_VIRTIO_H
#define GUEST_HYP_LINUX_KVM_GUEST_VIRTIO_H

#include "guest-hyp/linux/kvm-guest/kvm.h"
#include "guest-hyp/linux/kvm-guest/queue.h"

#define VIRTIO_IPA UINT64_C(0x0a000000)
#define VIRTIO_SIZE UINT64_C(0x200) /* of each device */
#define VIRTIO_DEVICES_MAX 8
#define VIRTIO_INTID (FIRST_SPI + 16) /* of the first device */

struct virtio;

struct virtio_kind {
	uint32_t id;
	uint64_t features; /* besides VIRTIO_F_VERSION_1 */
	unsigned queues;
	/* Does everything that is in the queue, or remembers it. */
	void (*serve)(struct virtio *device, unsigned queue);
};

/* The first member of each device. */
struct virtio {
	const struct virtio_kind *kind;
	const struct kvm *kvm;
	const struct memory *memory;
	unsigned intid;
	uint32_t status, interrupts, generation;
	uint32_t feature_word, driver_word,
		selected; /* what the driver chose with the registers that end in SEL */
	uint64_t driver_features;
	struct queue queue[2];
	uint8_t config[64];
};

void virtio_make(struct virtio *device, const struct virtio_kind *kind, const struct kvm *kvm,
		 const struct memory *memory, unsigned index);

/* An access of L2 at offset, with 1, 2, 4 or 8 bytes. */
uint64_t virtio_load(const struct virtio *device, uint64_t offset, unsigned bytes);
void virtio_store(struct virtio *device, uint64_t offset, unsigned bytes, uint64_t value);

/* The next request of a queue, for serve; false when there is none. */
bool virtio_take(struct virtio *device, unsigned queue, struct request *request);
void virtio_give_back(struct virtio *device, unsigned queue, const struct request *request, uint32_t written);

/* Something in config is new. */
void virtio_config_changed(struct virtio *device);

#endif
