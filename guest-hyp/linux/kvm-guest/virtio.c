/*
 * What does L2's driver see of a virtio device?  The registers of virtio-mmio (virtio 1.2, 4.2.2) and its queues (2.7), in
 * front of any kind.  L2 may write anything into a queue, also while it is read: each field is read once, and then checked.
 */
#include "guest-hyp/linux/kvm-guest/virtio.h"

#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <linux/virtio_ring.h>
#include <string.h>

#include "guest-hyp/linux/kvm-guest/kvm.h"

#define MAGIC 0x74726976  /* "virt" */
#define VENDOR 0x6e726966 /* "firn" */
#define FEATURES(device) ((device)->features | UINT64_C(1) << VIRTIO_F_VERSION_1)

/* --- Registers --- */

static struct virtio *devices[VIRTIO_DEVICES_MAX];
static unsigned devices_count;

void virtio_add(struct virtio *device)
{
	device->intid = VIRTIO_INTID + devices_count;
	devices[devices_count++] = device;
}

unsigned virtio_count(void)
{
	return devices_count;
}

static struct virtio *find(uint64_t l2_ipa)
{
	uint64_t n = (l2_ipa - VIRTIO_IPA) / VIRTIO_SIZE;

	return l2_ipa >= VIRTIO_IPA && n < devices_count ? devices[n] : NULL;
}

bool virtio_is_used(const struct virtio *device)
{
	return device->status & VIRTIO_CONFIG_S_DRIVER_OK;
}

static void set_interrupts(struct virtio *device, uint32_t interrupts)
{
	if (!interrupts != !device->interrupts)
		kvm_set_line(device->intid, interrupts);
	device->interrupts = interrupts;
}

/* A new start, or the driver has given up. */
static void reset(struct virtio *device)
{
	set_interrupts(device, 0);
	memset(device->queue, 0, sizeof(device->queue));
	device->status = 0;
	device->driver_features = 0;
}

/* What L2 adds meanwhile has a notification of its own, so that no queue is served for ever. */
static void serve(struct virtio *device, unsigned n)
{
	device->queue[n].left = QUEUE_SIZE_MAX;
	device->serve(device, n);
}

/* With DRIVER_OK: what the driver put into the queues before, and notified us of in vain. */
static void set_status(struct virtio *device, uint32_t status)
{
	uint32_t before = device->status;

	if (!status) {
		reset(device);
		return;
	}
	if (device->driver_features & ~FEATURES(device) ||
	    !(device->driver_features >> VIRTIO_F_VERSION_1 & 1))
		status &= ~(uint32_t)VIRTIO_CONFIG_S_FEATURES_OK;
	device->status = status | (before & VIRTIO_CONFIG_S_NEEDS_RESET);
	if (status & ~before & VIRTIO_CONFIG_S_DRIVER_OK)
		for (unsigned n = 0; n < device->queues; n++)
			serve(device, n);
}

/* A queue holds what none may hold. There is no request, then: always false. */
static bool give_up(struct virtio *device)
{
	memset(device->queue, 0, sizeof(device->queue));
	device->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
	set_interrupts(device, device->interrupts | VIRTIO_MMIO_INT_CONFIG);
	return false;
}

static void set_ready(struct virtio *device, struct queue *queue, uint32_t ready)
{
	queue->ready = ready & 1;
	queue->seen = 0;
	if (queue->ready && (queue->size > QUEUE_SIZE_MAX || !queue->size || queue->size & (queue->size - 1)))
		give_up(device);
}

static uint32_t features_word(const struct virtio *device)
{
	return device->feature_word < 2 ? (uint32_t)(FEATURES(device) >> 32 * device->feature_word) : 0;
}

/* The registers that can be read; the others are 0. */
static uint32_t load_word(const struct virtio *device, uint64_t offset)
{
	bool exists = device->selected < device->queues;
	const uint32_t words[VIRTIO_MMIO_CONFIG / 4] = {
		[VIRTIO_MMIO_MAGIC_VALUE / 4] = MAGIC,
		[VIRTIO_MMIO_VERSION / 4] = 2,
		[VIRTIO_MMIO_DEVICE_ID / 4] = device->id,
		[VIRTIO_MMIO_VENDOR_ID / 4] = VENDOR,
		[VIRTIO_MMIO_DEVICE_FEATURES / 4] = features_word(device),
		[VIRTIO_MMIO_QUEUE_NUM_MAX / 4] = exists ? QUEUE_SIZE_MAX : 0,
		[VIRTIO_MMIO_QUEUE_READY / 4] = exists ? device->queue[device->selected].ready : 0,
		[VIRTIO_MMIO_INTERRUPT_STATUS / 4] = device->interrupts,
		[VIRTIO_MMIO_STATUS / 4] = device->status,
		[VIRTIO_MMIO_SHM_LEN_LOW / 4] = UINT32_MAX, /* no such region */
		[VIRTIO_MMIO_SHM_LEN_HIGH / 4] = UINT32_MAX,
		[VIRTIO_MMIO_CONFIG_GENERATION / 4] = device->generation,
	};

	return words[offset / 4];
}

uint64_t virtio_load(uint64_t l2_ipa, unsigned bytes)
{
	const struct virtio *device = find(l2_ipa);
	uint64_t offset = l2_ipa % VIRTIO_SIZE, value = 0;

	if (device && bytes == 4 && offset % 4 == 0 && offset < VIRTIO_MMIO_CONFIG)
		return load_word(device, offset);
	if (device && offset >= VIRTIO_MMIO_CONFIG && offset + bytes <= VIRTIO_SIZE)
		memcpy(&value, device->config + offset - VIRTIO_MMIO_CONFIG, bytes);
	return value;
}

/* The low or the high half of what L2 describes in two words. */
static void store_half(uint64_t *whole, bool high, uint32_t value)
{
	*whole = high ? (*whole & UINT32_MAX) | (uint64_t)value << 32 :
			(*whole & ~(uint64_t)UINT32_MAX) | value;
}

static void store_queue(struct virtio *device, struct queue *queue, uint64_t offset, uint32_t value)
{
	/* DESC, AVAIL and USED are 16 bytes apart, their low and high words 4. */
	uint64_t *const addresses[] = { &queue->descriptors, &queue->available, &queue->used };

	if (offset == VIRTIO_MMIO_QUEUE_NUM && !queue->ready) /* then it has been checked */
		queue->size = value;
	else if (offset == VIRTIO_MMIO_QUEUE_READY)
		set_ready(device, queue, value);
	else if (offset >= VIRTIO_MMIO_QUEUE_DESC_LOW && offset <= VIRTIO_MMIO_QUEUE_USED_HIGH &&
		 offset % 16 <= 4)
		store_half(addresses[(offset - VIRTIO_MMIO_QUEUE_DESC_LOW) / 16], offset % 16 == 4, value);
}

static void store_word(struct virtio *device, uint64_t offset, uint32_t value)
{
	switch (offset) {
	case VIRTIO_MMIO_DEVICE_FEATURES_SEL:
		device->feature_word = value;
		break;
	case VIRTIO_MMIO_DRIVER_FEATURES_SEL:
		device->driver_word = value;
		break;
	case VIRTIO_MMIO_DRIVER_FEATURES:
		if (device->driver_word < 2)
			store_half(&device->driver_features, device->driver_word, value);
		break;
	case VIRTIO_MMIO_QUEUE_SEL:
		device->selected = value;
		break;
	case VIRTIO_MMIO_QUEUE_NOTIFY:
		if (value < device->queues && virtio_is_used(device))
			serve(device, value);
		break;
	case VIRTIO_MMIO_INTERRUPT_ACK:
		set_interrupts(device, device->interrupts & ~value);
		break;
	case VIRTIO_MMIO_STATUS:
		set_status(device, value);
		break;
	default:
		if (device->selected < device->queues)
			store_queue(device, &device->queue[device->selected], offset, value);
	}
}

/* No kind has anything to write in config. */
void virtio_store(uint64_t l2_ipa, unsigned bytes, uint64_t value)
{
	struct virtio *device = find(l2_ipa);
	uint64_t offset = l2_ipa % VIRTIO_SIZE;

	if (device && bytes == 4 && offset % 4 == 0 && offset < VIRTIO_MMIO_CONFIG)
		store_word(device, offset, (uint32_t)value);
}

void virtio_config_changed(struct virtio *device)
{
	device->generation++;
	if (virtio_is_used(device))
		set_interrupts(device, device->interrupts | VIRTIO_MMIO_INT_CONFIG);
}

/* --- Queues --- */

static struct vring_avail *available_ring(const struct queue *queue)
{
	return kvm_ram(queue->available, sizeof(struct vring_avail) + 2 * queue->size, 2);
}

static struct vring_used *used_ring(const struct queue *queue)
{
	return kvm_ram(queue->used, sizeof(struct vring_used) + 8 * queue->size, 4);
}

/* False if the descriptor cannot follow those that were taken. */
static bool take_part(struct request *request, const struct vring_desc *desc)
{
	unsigned count = request->readable + request->writable;
	void *bytes = kvm_ram(desc->addr, desc->len, 1);
	bool writable = desc->flags & VRING_DESC_F_WRITE;

	if (!bytes || desc->flags & VRING_DESC_F_INDIRECT || (!writable && request->writable))
		return false;
	request->part[count] = (struct iovec){ bytes, desc->len };
	request->readable += !writable;
	request->writable += writable;
	return true;
}

/* A chain that is longer than the queue goes in a circle. */
static bool take_chain(const struct queue *queue, struct request *request)
{
	const struct vring_desc *table = kvm_ram(queue->descriptors, 16 * queue->size, 16);
	uint16_t index = request->head;

	for (unsigned n = 0; table && n < queue->size; n++) {
		struct vring_desc desc;

		if (index >= queue->size)
			return false;
		desc = *(const volatile struct vring_desc *)&table[index];
		if (!take_part(request, &desc))
			return false;
		if (!(desc.flags & VRING_DESC_F_NEXT))
			return true;
		index = desc.next;
	}
	return false;
}

bool virtio_take(struct virtio *device, unsigned n, struct request *request)
{
	struct queue *queue = &device->queue[n];
	struct vring_avail *ring = available_ring(queue);

	if (!queue->ready)
		return false;
	if (!ring || !used_ring(queue))
		return give_up(device);
	if (__atomic_load_n(&ring->idx, __ATOMIC_ACQUIRE) == queue->seen || !queue->left)
		return false;
	*request = (struct request){ .head = __atomic_load_n(&ring->ring[queue->seen % queue->size],
							     __ATOMIC_RELAXED) };
	queue->seen++;
	queue->left--;
	return take_chain(queue, request) || give_up(device);
}

void virtio_give_back(struct virtio *device, unsigned n, const struct request *request, uint32_t written)
{
	const struct queue *queue = &device->queue[n];
	struct vring_used *ring = used_ring(queue);
	uint16_t index = __atomic_load_n(&ring->idx, __ATOMIC_RELAXED);

	ring->ring[index % queue->size] = (struct vring_used_elem){ .id = request->head, .len = written };
	__atomic_store_n(&ring->idx, (uint16_t)(index + 1), __ATOMIC_RELEASE);
	/* The driver clears the flag, then looks at the index once more. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!(__atomic_load_n(&available_ring(queue)->flags, __ATOMIC_RELAXED) & VRING_AVAIL_F_NO_INTERRUPT))
		set_interrupts(device, device->interrupts | VIRTIO_MMIO_INT_VRING);
}

static size_t move(struct iovec *part, unsigned count, char *bytes, size_t size, bool out)
{
	size_t done = 0;

	for (; count && done < size; count--, part++) {
		size_t n = size - done < part->iov_len ? size - done : part->iov_len;

		memcpy(out ? bytes + done : part->iov_base, out ? part->iov_base : bytes + done, n);
		part->iov_base = (char *)part->iov_base + n;
		part->iov_len -= n;
		done += n;
	}
	return done;
}

size_t request_read(struct request *request, void *to, size_t size)
{
	return move(request->part, request->readable, to, size, true);
}

size_t request_write(struct request *request, const void *from, size_t size)
{
	return move(request->part + request->readable, request->writable, (char *)from, size, false);
}
