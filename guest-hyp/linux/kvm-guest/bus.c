/*
 * Which device does L2 talk to?  An address to a device, one access at a time.
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/bus.h"

#include <sys/eventfd.h>

#include "guest-hyp/linux/kvm-guest/rng.h"
#include "guest-hyp/linux/kvm-guest/say.h"

static unsigned add(struct bus *bus, struct virtio *device)
{
	bus->virtio[bus->virtio_count] = device;
	return bus->virtio_count++;
}

/* The order is that of hvc0, hvc1 and vda, vdb. */
void bus_make(struct bus *bus, const struct kvm *kvm, const struct memory *memory,
	      const struct bus_wishes *wishes)
{
	*bus = (struct bus){ .wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	if (bus->wake < 0 || pthread_mutex_init(&bus->lock, NULL))
		fail("L1 has no more files or memory");
	bus->uart = (struct pl011){ .kvm = kvm, .wake = bus->wake };
	console_make(&bus->console, bus->wake, kvm, memory, add(bus, &bus->console.virtio));
	if (wishes->command)
		command_output_make(&bus->command_output, kvm, memory, add(bus, &bus->command_output.virtio));
	virtio_make(&bus->rng, &rng_kind, kvm, memory, add(bus, &bus->rng));
	for (unsigned n = 0; n < wishes->disks; n++)
		blk_make(&bus->disk[n], wishes->disk[n], kvm, memory, add(bus, &bus->disk[n].virtio));
	if (wishes->net)
		net_make(&bus->net, &bus->lock, kvm, memory, add(bus, &bus->net.virtio));
}

static struct virtio *find_virtio(const struct bus *bus, uint64_t l2_ipa)
{
	uint64_t n = (l2_ipa - VIRTIO_IPA) / VIRTIO_SIZE;

	return l2_ipa >= VIRTIO_IPA && n < bus->virtio_count ? bus->virtio[n] : NULL;
}

static bool is_uart(uint64_t l2_ipa)
{
	return l2_ipa >= PL011_IPA && l2_ipa < PL011_IPA + PL011_SIZE;
}

uint64_t bus_load(struct bus *bus, uint64_t l2_ipa, unsigned bytes)
{
	const struct virtio *virtio = find_virtio(bus, l2_ipa);
	uint64_t value = 0;

	pthread_mutex_lock(&bus->lock);
	if (virtio)
		value = virtio_load(virtio, l2_ipa % VIRTIO_SIZE, bytes);
	else if (is_uart(l2_ipa))
		value = pl011_load(&bus->uart, l2_ipa - PL011_IPA);
	pthread_mutex_unlock(&bus->lock);
	return value;
}

void bus_store(struct bus *bus, uint64_t l2_ipa, unsigned bytes, uint64_t value)
{
	struct virtio *virtio = find_virtio(bus, l2_ipa);

	pthread_mutex_lock(&bus->lock);
	if (virtio)
		virtio_store(virtio, l2_ipa % VIRTIO_SIZE, bytes, value);
	else if (is_uart(l2_ipa))
		pl011_store(&bus->uart, l2_ipa - PL011_IPA, (uint32_t)value);
	pthread_mutex_unlock(&bus->lock);
}

/* To the console that L2's kernel has come to use. */
size_t bus_type(struct bus *bus, const char *bytes, size_t size)
{
	size_t done;

	pthread_mutex_lock(&bus->lock);
	done = console_is_used(&bus->console) ? console_type(&bus->console, bytes, size) :
						pl011_type(&bus->uart, bytes, size);
	pthread_mutex_unlock(&bus->lock);
	return done;
}

void bus_resize(struct bus *bus, uint16_t columns, uint16_t rows)
{
	pthread_mutex_lock(&bus->lock);
	console_resize(&bus->console, columns, rows);
	pthread_mutex_unlock(&bus->lock);
}
