/*
 * Where are the sectors of L2's disk?  In a file of L1 (virtio 1.2, 5.2).
 */
#include <err.h>
#include <fcntl.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_ids.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/device.h"
#include "guest-hyp/linux/kvm-guest/file.h"
#include "guest-hyp/linux/kvm-guest/options.h"
#include "guest-hyp/linux/kvm-guest/virtio.h"

#define SECTOR 512
#define SEGMENTS (QUEUE_SIZE_MAX - 2) /* besides the header and the status */

struct blk {
	struct virtio virtio;
	int fd;
	bool read_only;
	uint64_t sectors;
};

static uint64_t bytes_in(const struct iovec *part, unsigned count)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < count; i++)
		bytes += part[i].iov_len;
	return bytes;
}

/* In full, or an error. */
static uint8_t move(const struct blk *blk, bool to_file, uint64_t sector, const struct iovec *part,
		    unsigned count)
{
	uint64_t bytes = bytes_in(part, count);
	off_t at = (off_t)(sector * SECTOR);
	ssize_t done;

	if (bytes % SECTOR || sector > blk->sectors || bytes / SECTOR > blk->sectors - sector)
		return VIRTIO_BLK_S_IOERR;
	done = to_file ? pwritev(blk->fd, part, (int)count, at) : preadv(blk->fd, part, (int)count, at);
	return done >= 0 && (uint64_t)done == bytes ? VIRTIO_BLK_S_OK : VIRTIO_BLK_S_IOERR;
}

/* The header is taken out of the request, and so is the last byte, for the status. */
static uint8_t perform(const struct blk *blk, const struct virtio_blk_outhdr *header, struct request *request)
{
	static const char name[VIRTIO_BLK_ID_BYTES] = "kvm-guest";
	const struct iovec *in = request->part + request->readable;

	switch (header->type) {
	case VIRTIO_BLK_T_IN:
		return move(blk, false, header->sector, in, request->writable);
	case VIRTIO_BLK_T_OUT:
		return blk->read_only ? VIRTIO_BLK_S_IOERR :
					move(blk, true, header->sector, request->part, request->readable);
	case VIRTIO_BLK_T_FLUSH:
		return !blk->read_only && fdatasync(blk->fd) ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK;
	case VIRTIO_BLK_T_GET_ID:
		return request_write(request, name, sizeof(name)) ? VIRTIO_BLK_S_OK : VIRTIO_BLK_S_IOERR;
	default:
		return VIRTIO_BLK_S_UNSUPP;
	}
}

static uint32_t answer(const struct blk *blk, struct request *request)
{
	struct virtio_blk_outhdr header;
	struct iovec *last = &request->part[request->readable + request->writable - 1];
	uint32_t most;

	if (!request->writable || !last->iov_len ||
	    request_read(request, &header, sizeof(header)) != sizeof(header))
		return 0;
	last->iov_len--;
	most = (uint32_t)bytes_in(request->part + request->readable, request->writable);
	uint8_t *status = (uint8_t *)last->iov_base + last->iov_len;
	*status = perform(blk, &header, request);
	return most + 1;
}

static void serve(struct virtio *device, unsigned queue)
{
	const struct blk *blk = (const struct blk *)device;
	struct request request;

	while (virtio_take(device, queue, &request))
		virtio_give_back(device, queue, &request, answer(blk, &request));
}

static void open_disk(struct blk *blk, const char *given)
{
	size_t length = strlen(given);
	char *path = strdup(given);
	uint64_t size;

	if (!path)
		errx(1, "no memory for the disk's name");
	blk->read_only = length > 3 && strcmp(given + length - 3, ",ro") == 0;
	if (blk->read_only)
		path[length - 3] = '\0';
	blk->fd = file_open("disk", path, blk->read_only ? O_RDONLY : O_RDWR,
			    "truncate -s 16M FILE makes one, and FILE,ro is only read", &size);
	if (size % SECTOR)
		errx(1, "the disk %s has %llu bytes, no multiple of %d; truncate -s makes it one", path,
		     (unsigned long long)size, SECTOR);
	blk->sectors = size / SECTOR;
	free(path);
}

void blk_make(const char *given)
{
	static struct blk disks[DISKS_MAX], *next = disks;
	struct virtio_blk_config config = { .seg_max = SEGMENTS };

	next->virtio = (struct virtio){ .id = VIRTIO_ID_BLOCK,
					.features = 1 << VIRTIO_BLK_F_FLUSH | 1 << VIRTIO_BLK_F_SEG_MAX,
					.queues = 1,
					.serve = serve };
	open_disk(next, given);
	if (next->read_only)
		next->virtio.features |= 1 << VIRTIO_BLK_F_RO;
	config.capacity = next->sectors;
	memcpy(next->virtio.config, &config, sizeof(config));
	virtio_add(&next->virtio);
	next++;
}
