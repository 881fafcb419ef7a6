/*
 * Which device does L2 talk to?  An address to a device, one access at a time.
 */
#include "guest-hyp/linux/kvm-guest/bus.h"

#include <err.h>
#include <sys/eventfd.h>

#include "guest-hyp/linux/kvm-guest/device.h"
#include "guest-hyp/linux/kvm-guest/virtio.h"

pthread_mutex_t bus_lock = PTHREAD_MUTEX_INITIALIZER;

/* The order is that of hvc0, hvc1 and vda, vdb. */
int bus_make(const struct options *options)
{
	int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (wake < 0)
		errx(1, "L1 has no more files or memory");
	pl011_make(wake);
	console_make(wake, options->exec);
	rng_make();
	for (unsigned n = 0; n < options->disks; n++)
		blk_make(options->disk[n]);
	if (options->net)
		net_make(&bus_lock);
	return wake;
}

uint64_t bus_load(uint64_t l2_ipa, unsigned bytes)
{
	uint64_t value, in_uart = l2_ipa - PL011_IPA;

	pthread_mutex_lock(&bus_lock);
	value = in_uart < PL011_SIZE ? pl011_load(in_uart) : virtio_load(l2_ipa, bytes);
	pthread_mutex_unlock(&bus_lock);
	return value;
}

void bus_store(uint64_t l2_ipa, unsigned bytes, uint64_t value)
{
	uint64_t in_uart = l2_ipa - PL011_IPA;

	pthread_mutex_lock(&bus_lock);
	if (in_uart < PL011_SIZE)
		pl011_store(in_uart, (uint32_t)value);
	else
		virtio_store(l2_ipa, bytes, value);
	pthread_mutex_unlock(&bus_lock);
}
