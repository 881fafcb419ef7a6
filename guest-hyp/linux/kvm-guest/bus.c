/*
 * Which device does L2 talk to?  An address to a device, one access at a time.
 */
#include "guest-hyp/linux/kvm-guest/bus.h"

#include <err.h>
#include <sys/eventfd.h>

#include "guest-hyp/linux/kvm-guest/device.h"
#include "guest-hyp/linux/kvm-guest/virtio.h"

/* For everything behind it: vCPUs, who types and the network come at any time. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

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
		net_make(&lock);
	return wake;
}

static bool is_uart(uint64_t l2_ipa)
{
	return l2_ipa >= PL011_IPA && l2_ipa < PL011_IPA + PL011_SIZE;
}

uint64_t bus_load(uint64_t l2_ipa, unsigned bytes)
{
	uint64_t value;

	pthread_mutex_lock(&lock);
	value = is_uart(l2_ipa) ? pl011_load(l2_ipa - PL011_IPA) : virtio_load(l2_ipa, bytes);
	pthread_mutex_unlock(&lock);
	return value;
}

void bus_store(uint64_t l2_ipa, unsigned bytes, uint64_t value)
{
	pthread_mutex_lock(&lock);
	if (is_uart(l2_ipa))
		pl011_store(l2_ipa - PL011_IPA, (uint32_t)value);
	else
		virtio_store(l2_ipa, bytes, value);
	pthread_mutex_unlock(&lock);
}

/* To the console that L2's kernel has come to use. */
size_t bus_type(const char *bytes, size_t size)
{
	size_t done;

	pthread_mutex_lock(&lock);
	done = console_is_used() ? console_type(bytes, size) : pl011_type(bytes, size);
	pthread_mutex_unlock(&lock);
	return done;
}

void bus_resize(uint16_t columns, uint16_t rows)
{
	pthread_mutex_lock(&lock);
	console_resize(columns, rows);
	pthread_mutex_unlock(&lock);
}
