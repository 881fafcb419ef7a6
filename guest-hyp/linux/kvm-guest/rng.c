/*
 * Where does L2 get randomness from?  From L1's getrandom (virtio 1.2, 5.4).
 */
#include <linux/virtio_ids.h>
#include <sys/random.h>

#include "guest-hyp/linux/kvm-guest/device.h"
#include "guest-hyp/linux/kvm-guest/virtio.h"

static void serve(struct virtio *device, unsigned queue)
{
	struct request request;

	while (virtio_take(device, queue, &request)) {
		char bytes[256]; /* getrandom gives as much in one piece */
		ssize_t got = getrandom(bytes, sizeof(bytes), 0);

		virtio_give_back(device, queue, &request,
				 got > 0 ? (uint32_t)request_write(&request, bytes, (size_t)got) : 0);
	}
}

void rng_make(void)
{
	static struct virtio rng = { .id = VIRTIO_ID_RNG, .queues = 1, .serve = serve };

	virtio_add(&rng);
}
