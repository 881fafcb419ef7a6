/*
 * What does L2's driver see of a virtio device?  The registers of virtio-mmio (virtio 1.2, 4.2.2), in front of any kind.
 */
#include "guest-hyp/linux/kvm-guest/virtio.h"

#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <string.h>

#define MAGIC 0x74726976  /* "virt" */
#define VENDOR 0x6e726966 /* "firn" */
#define FEATURES(device) ((device)->kind->features | UINT64_C(1) << VIRTIO_F_VERSION_1)

void virtio_make(struct virtio *device, const struct virtio_kind *kind, const struct kvm *kvm,
		 const struct memory *memory, unsigned index)
{
	*device =
		(struct virtio){ .kind = kind, .kvm = kvm, .memory = memory, .intid = VIRTIO_INTID + index };
}

static void set_interrupts(struct virtio *device, uint32_t interrupts)
{
	if (!interrupts != !device->interrupts)
		kvm_set_line(device->kvm, device->intid, interrupts);
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

/* What the driver put into the queues before it was ready, and notified us of in vain. */
static void serve_all(struct virtio *device)
{
	for (unsigned n = 0; n < device->kind->queues; n++)
		device->kind->serve(device, n);
}

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
		serve_all(device);
}

static void broken(struct virtio *device)
{
	memset(device->queue, 0, sizeof(device->queue));
	device->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
	set_interrupts(device, device->interrupts | VIRTIO_MMIO_INT_CONFIG);
}

/* The queue that the driver has chosen; one without effect if there is no such. */
static struct queue *chosen(struct virtio *device)
{
	static struct queue nowhere;

	nowhere = (struct queue){ .size = 0 };
	return device->selected < device->kind->queues ? &device->queue[device->selected] : &nowhere;
}

static void set_ready(struct virtio *device, struct queue *queue, uint32_t ready)
{
	queue->ready = ready & 1;
	queue->seen = 0;
	if (queue->ready && (queue->size > QUEUE_SIZE_MAX || !queue->size || queue->size & (queue->size - 1)))
		broken(device);
}

static uint64_t load_config(const struct virtio *device, uint64_t offset, unsigned bytes)
{
	uint64_t value = 0;

	if (offset + bytes <= sizeof(device->config))
		memcpy(&value, device->config + offset, bytes);
	return value;
}

uint64_t virtio_load(const struct virtio *device, uint64_t offset, unsigned bytes)
{
	if (offset >= VIRTIO_MMIO_CONFIG)
		return load_config(device, offset - VIRTIO_MMIO_CONFIG, bytes);
	if (bytes != 4)
		return 0;
	switch (offset) {
	case VIRTIO_MMIO_MAGIC_VALUE:
		return MAGIC;
	case VIRTIO_MMIO_VERSION:
		return 2;
	case VIRTIO_MMIO_DEVICE_ID:
		return device->kind->id;
	case VIRTIO_MMIO_VENDOR_ID:
		return VENDOR;
	case VIRTIO_MMIO_DEVICE_FEATURES:
		return device->feature_word < 2 ? (uint32_t)(FEATURES(device) >> 32 * device->feature_word) :
						  0;
	case VIRTIO_MMIO_QUEUE_NUM_MAX:
		return device->selected < device->kind->queues ? QUEUE_SIZE_MAX : 0;
	case VIRTIO_MMIO_QUEUE_READY:
		return device->selected < device->kind->queues ? device->queue[device->selected].ready : 0;
	case VIRTIO_MMIO_INTERRUPT_STATUS:
		return device->interrupts;
	case VIRTIO_MMIO_STATUS:
		return device->status;
	case VIRTIO_MMIO_SHM_LEN_LOW:
	case VIRTIO_MMIO_SHM_LEN_HIGH:
		return UINT32_MAX; /* no such region */
	case VIRTIO_MMIO_CONFIG_GENERATION:
		return device->generation;
	default:
		return 0;
	}
}

static void store_low(uint64_t *address, uint32_t value)
{
	*address = (*address & ~(uint64_t)UINT32_MAX) | value;
}

static void store_high(uint64_t *address, uint32_t value)
{
	*address = (*address & UINT32_MAX) | (uint64_t)value << 32;
}

static void store_queue(struct virtio *device, uint64_t offset, uint32_t value)
{
	struct queue *queue = chosen(device);

	switch (offset) {
	case VIRTIO_MMIO_QUEUE_NUM:
		if (!queue->ready) /* then it has been checked */
			queue->size = value;
		break;
	case VIRTIO_MMIO_QUEUE_READY:
		set_ready(device, queue, value);
		break;
	case VIRTIO_MMIO_QUEUE_DESC_LOW:
		store_low(&queue->descriptors, value);
		break;
	case VIRTIO_MMIO_QUEUE_DESC_HIGH:
		store_high(&queue->descriptors, value);
		break;
	case VIRTIO_MMIO_QUEUE_AVAIL_LOW:
		store_low(&queue->available, value);
		break;
	case VIRTIO_MMIO_QUEUE_AVAIL_HIGH:
		store_high(&queue->available, value);
		break;
	case VIRTIO_MMIO_QUEUE_USED_LOW:
		store_low(&queue->used, value);
		break;
	case VIRTIO_MMIO_QUEUE_USED_HIGH:
		store_high(&queue->used, value);
		break;
	default:
		break;
	}
}

void virtio_store(struct virtio *device, uint64_t offset, unsigned bytes, uint64_t value)
{
	uint32_t word = (uint32_t)value;

	if (bytes != 4 || offset >= VIRTIO_MMIO_CONFIG)
		return; /* no kind has anything to write in config */
	switch (offset) {
	case VIRTIO_MMIO_DEVICE_FEATURES_SEL:
		device->feature_word = word;
		break;
	case VIRTIO_MMIO_DRIVER_FEATURES_SEL:
		device->driver_word = word;
		break;
	case VIRTIO_MMIO_DRIVER_FEATURES:
		if (device->driver_word == 0)
			store_low(&device->driver_features, word);
		if (device->driver_word == 1)
			store_high(&device->driver_features, word);
		break;
	case VIRTIO_MMIO_QUEUE_SEL:
		device->selected = word;
		break;
	case VIRTIO_MMIO_QUEUE_NOTIFY:
		if (word < device->kind->queues && device->status & VIRTIO_CONFIG_S_DRIVER_OK)
			device->kind->serve(device, word);
		break;
	case VIRTIO_MMIO_INTERRUPT_ACK:
		set_interrupts(device, device->interrupts & ~word);
		break;
	case VIRTIO_MMIO_STATUS:
		set_status(device, word);
		break;
	default:
		store_queue(device, offset, word);
		break;
	}
}

bool virtio_take(struct virtio *device, unsigned queue, struct request *request)
{
	enum queue_state state = queue_take(&device->queue[queue], device->memory, request);

	if (state == QUEUE_BROKEN)
		broken(device);
	return state == QUEUE_REQUEST;
}

void virtio_give_back(struct virtio *device, unsigned queue, const struct request *request, uint32_t written)
{
	if (queue_give_back(&device->queue[queue], device->memory, request, written))
		set_interrupts(device, device->interrupts | VIRTIO_MMIO_INT_VRING);
}

void virtio_config_changed(struct virtio *device)
{
	device->generation++;
	if (device->status & VIRTIO_CONFIG_S_DRIVER_OK)
		set_interrupts(device, device->interrupts | VIRTIO_MMIO_INT_CONFIG);
}
