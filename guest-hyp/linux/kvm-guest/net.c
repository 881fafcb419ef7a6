/*
 * How does L2 have a network?  Its card's other end is an interface of L1's, tap0 or the next one that is free (virtio 1.2,
 * 5.1; Linux's networking/tuntap.rst).  The addresses are fixed: on tapN L1 has 10.0.(3+N).1, and the card's own address ends
 * in that of L2, 10.0.(3+N).2, so that any L2 can know it.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/device.h"
#include "guest-hyp/linux/kvm-guest/file.h"
#include "guest-hyp/linux/kvm-guest/virtio.h"

#define TO_L2 0
#define FROM_L2 1
#define FRAME_MAX 2048 /* with the header; an interface has frames of 1,514 bytes */
#define FIRST_SUBNET 3 /* 10.0.2 is that of QEMU's user network, which L1 may have */
#define TUN "/dev/net/tun"

static pthread_mutex_t *bus_lock;
static pthread_cond_t room = PTHREAD_COND_INITIALIZER; /* L2 has given a buffer for what comes */
static int tap;

/* --- L1's interface --- */

/* Where it is no module, or another one than firn's own, or loaded, it is there already. */
static void load_module(void)
{
	int fd = open(file_own("/lib/kvm-guest/net", "tun.ko"), O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		syscall(SYS_finit_module, fd, "", 0);
		close(fd);
	}
}

static int open_tun(void)
{
	int fd;

	load_module();
	fd = open(TUN, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		errx(1, "cannot open " TUN ": %s; --net needs L1's driver tun and root", strerror(errno));
	return fd;
}

static void set(int fd, unsigned long request, void *argument, const char *name)
{
	if (ioctl(fd, request, argument) < 0)
		errx(1, "cannot make a network interface: %s: %s", name, strerror(errno));
}
#define SET(fd, request, argument) set(fd, request, argument, #request)

static void set_ip(int fd, struct ifreq *interface, unsigned long request, const char *name, uint32_t address)
{
	const struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(address) };

	memcpy(&interface->ifr_addr, &in, sizeof(in));
	set(fd, request, interface, name);
}

/* Up, with L1's address: 10.0.subnet.1/24. */
static void bring_up(struct ifreq *interface, unsigned subnet)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	set_ip(fd, interface, SIOCSIFADDR, "SIOCSIFADDR", 0x0a000001 | subnet << 8);
	set_ip(fd, interface, SIOCSIFNETMASK, "SIOCSIFNETMASK", 0xffffff00);
	interface->ifr_flags = IFF_UP | IFF_RUNNING;
	SET(fd, SIOCSIFFLAGS, interface);
	close(fd);
}

/* It goes with this program. Gives the third number of its addresses. */
static unsigned make_interface(void)
{
	struct ifreq interface = { .ifr_name = "tap%d" };
	int header = sizeof(struct virtio_net_hdr_v1);
	unsigned n;

	tap = open_tun();
	interface.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
	SET(tap, TUNSETIFF, &interface);
	SET(tap, TUNSETVNETHDRSZ, &header);
	if (sscanf(interface.ifr_name, "tap%3u", &n) != 1 || n > 255 - FIRST_SUBNET)
		errx(1, "L1 has no number left for the interface %s; end another kvm-guest",
		     interface.ifr_name);
	bring_up(&interface, n + FIRST_SUBNET);
	return n + FIRST_SUBNET;
}

/* --- L2's card --- */

/* A frame that L1 does not take is lost, as on any wire. */
static void send_all(struct virtio *card)
{
	struct request request;

	while (virtio_take(card, FROM_L2, &request)) {
		ssize_t sent = writev(tap, request.part, (int)request.readable);

		(void)sent;
		virtio_give_back(card, FROM_L2, &request, 0);
	}
}

static void serve(struct virtio *card, unsigned queue)
{
	if (queue == FROM_L2)
		send_all(card);
	else
		pthread_cond_signal(&room);
}

/* The frame is in a buffer of ours while nobody has the lock: L2's may not be its buffers any more when something comes. */
static void *receive(void *of)
{
	struct virtio *card = of;
	uint8_t frame[FRAME_MAX];
	const uint16_t buffers = 1;
	struct request request;
	ssize_t bytes;

	while ((bytes = read(tap, frame, sizeof(frame))) > 0) {
		memcpy(frame + offsetof(struct virtio_net_hdr_v1, num_buffers), &buffers, sizeof(buffers));
		pthread_mutex_lock(bus_lock);
		while (!virtio_is_used(card) || !virtio_take(card, TO_L2, &request))
			pthread_cond_wait(&room, bus_lock);
		virtio_give_back(card, TO_L2, &request,
				 (uint32_t)request_write(&request, frame, (size_t)bytes));
		pthread_mutex_unlock(bus_lock);
	}
	return NULL;
}

void net_make(pthread_mutex_t *lock)
{
	static struct virtio card = {
		.id = VIRTIO_ID_NET, .features = 1 << VIRTIO_NET_F_MAC, .queues = 2, .serve = serve
	};
	pthread_t thread;

	memcpy(card.config, (const uint8_t[]){ 0x52, 0x54, 10, 0, (uint8_t)make_interface(), 2 }, 6);
	virtio_add(&card);
	bus_lock = lock;
	if (pthread_create(&thread, NULL, receive, &card))
		errx(1, "L1 has no more threads");
}
