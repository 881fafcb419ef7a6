/*
 * How does L2 have a network?  Its card's other end is an interface of L1's, tap0 or the next one that is free (virtio 1.2, 5.1; Linux's
 * networking/tuntap.rst).  The addresses are fixed: on tapN L1 has 10.0.(3+N).1, and the card's own address ends in that of L2, 10.0.(3+N).2,
 * so that any L2 can know it.
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/file.h"
#include "guest-hyp/linux/kvm-guest/say.h"

#define TO_L2 0
#define FROM_L2 1
#define FRAME_MAX 2048 /* with the header; an interface has frames of 1,514 bytes */
#define FIRST_SUBNET 3 /* 10.0.2 is that of QEMU's user network, which L1 may have */
#define TUN "/dev/net/tun"
#define TUN_MODULE "/lib/kvm-guest/net/tun.ko"

/* --- L1's interface --- */

/* Where it is no module, or another one than firn's own, it is there already. */
static void load_module(void)
{
	char *path = file_own(TUN_MODULE);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	free(path);
	if (fd < 0)
		return;
	syscall(SYS_finit_module, fd, "", 0);
	close(fd);
}

static int open_tun(void)
{
	int fd = open(TUN, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		load_module();
		fd = open(TUN, O_RDWR | O_CLOEXEC);
	}
	if (fd < 0)
		fail("cannot open " TUN ": %s; --net needs L1's driver tun and root", strerror(errno));
	return fd;
}

static void set(int fd, unsigned long request, void *argument, const char *name)
{
	if (ioctl(fd, request, argument) < 0)
		fail("cannot make a network interface: %s: %s", name, strerror(errno));
}
#define SET(fd, request, argument) set(fd, request, argument, #request)

static void set_address(int fd, struct ifreq *interface, unsigned long request, const char *name,
			uint32_t address)
{
	const struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(address) };

	memcpy(&interface->ifr_addr, &in, sizeof(in));
	set(fd, request, interface, name);
}

/* Up, with L1's address: 10.0.subnet.1/24. */
static void bring_up(struct ifreq *interface, unsigned subnet)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	set_address(fd, interface, SIOCSIFADDR, "SIOCSIFADDR", 0x0a000001 | subnet << 8);
	set_address(fd, interface, SIOCSIFNETMASK, "SIOCSIFNETMASK", 0xffffff00);
	interface->ifr_flags = IFF_UP | IFF_RUNNING;
	SET(fd, SIOCSIFFLAGS, interface);
	close(fd);
}

/* It goes with this program. Gives the third number of its addresses. */
static unsigned make_interface(struct net *net)
{
	struct ifreq interface = { .ifr_name = "tap%d" };
	int header = sizeof(struct virtio_net_hdr_v1);
	unsigned n;

	net->tap = open_tun();
	interface.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
	SET(net->tap, TUNSETIFF, &interface);
	SET(net->tap, TUNSETVNETHDRSZ, &header);
	if (sscanf(interface.ifr_name, "tap%3u", &n) != 1 || n > 255 - FIRST_SUBNET)
		fail("L1 has no number left for the interface %s; end another kvm-guest", interface.ifr_name);
	bring_up(&interface, n + FIRST_SUBNET);
	return n + FIRST_SUBNET;
}

/* --- L2's card --- */

/* A frame that L1 does not take is lost, as on any wire. */
static void send_all(struct net *net)
{
	struct request request;

	while (virtio_take(&net->virtio, FROM_L2, &request)) {
		ssize_t sent = writev(net->tap, request.part, (int)request.readable);

		(void)sent;
		virtio_give_back(&net->virtio, FROM_L2, &request, 0);
	}
}

static void serve(struct virtio *device, unsigned queue)
{
	struct net *net = (struct net *)device;

	if (queue == FROM_L2)
		send_all(net);
	else
		pthread_cond_signal(&net->room);
}

static bool take_room(struct net *net, struct request *request)
{
	return net->virtio.status & VIRTIO_CONFIG_S_DRIVER_OK && virtio_take(&net->virtio, TO_L2, request);
}

/* The frame is in a buffer of ours while nobody has the lock: L2's may not be its buffers any more when something comes. */
static void *receive(void *of)
{
	struct net *net = of;
	uint8_t frame[FRAME_MAX];
	const uint16_t buffers = 1;
	struct request request;
	ssize_t bytes;

	while ((bytes = read(net->tap, frame, sizeof(frame))) > 0) {
		memcpy(frame + offsetof(struct virtio_net_hdr_v1, num_buffers), &buffers, sizeof(buffers));
		pthread_mutex_lock(net->lock);
		while (!take_room(net, &request))
			pthread_cond_wait(&net->room, net->lock);
		virtio_give_back(&net->virtio, TO_L2, &request,
				 (uint32_t)parts_write(request.part + request.readable, request.writable,
						       frame, (size_t)bytes));
		pthread_mutex_unlock(net->lock);
	}
	return NULL;
}

static const struct virtio_kind net_kind = {
	.id = VIRTIO_ID_NET,
	.features = 1 << VIRTIO_NET_F_MAC,
	.queues = 2,
	.serve = serve,
};

void net_make(struct net *net, pthread_mutex_t *lock, const struct kvm *kvm, const struct memory *memory,
	      unsigned index)
{
	pthread_t thread;

	virtio_make(&net->virtio, &net_kind, kvm, memory, index);
	memcpy(net->virtio.config, (const uint8_t[]){ 0x52, 0x54, 10, 0, (uint8_t)make_interface(net), 2 },
	       6);
	net->lock = lock;
	if (pthread_cond_init(&net->room, NULL) || pthread_create(&thread, NULL, receive, net))
		fail("L1 has no more threads");
}
