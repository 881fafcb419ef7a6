/*
 * Where does L2 get randomness from?  From L1's getrandom (virtio 1.2, 5.4).
 */
#include "guest-hyp/linux/kvm-guest/rng.h"

#include <linux/virtio_ids.h>
#include <sys/random.h>

#define CHUNK 256 /* getrandom gives as much in one piece */

static void serve(struct virtio *device, unsigned queue)
{
	struct request request;

	while (virtio_take(device, queue, &request)) {
		char bytes[CHUNK];
		ssize_t got = getrandom(bytes, sizeof(bytes), 0);
		size_t written = got > 0 ? parts_write(request.part + request.readable, request.writable,
						       bytes, (size_t)got) :
					   0;

		virtio_give_back(device, queue, &request, (uint32_t)written);
	}
}

const struct virtio_kind rng_kind = { .id = VIRTIO_ID_RNG, .queues = 1, .serve = serve };
