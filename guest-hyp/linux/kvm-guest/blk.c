/*
 * Where are the sectors of L2's disk?  In a file of L1 (virtio 1.2, 5.2).
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/blk.h"

#include <linux/virtio_blk.h>
#include <linux/virtio_ids.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/file.h"
#include "guest-hyp/linux/kvm-guest/say.h"

#define SECTOR 512
#define SEGMENTS (QUEUE_SIZE_MAX - 2) /* besides the header and the status */

static uint64_t bytes_in(const struct iovec *part, unsigned count)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < count; i++)
		bytes += part[i].iov_len;
	return bytes;
}

static bool fits(const struct blk *blk, uint64_t sector, uint64_t bytes)
{
	return bytes % SECTOR == 0 && sector <= blk->sectors && bytes / SECTOR <= blk->sectors - sector;
}

/* Each part in full, or an error. */
static uint8_t move(const struct blk *blk, bool to_file, uint64_t sector, const struct iovec *part,
		    unsigned count)
{
	uint64_t at = sector * SECTOR;

	if (!fits(blk, sector, bytes_in(part, count)))
		return VIRTIO_BLK_S_IOERR;
	for (unsigned i = 0; i < count; i++) {
		ssize_t done = to_file ? pwrite(blk->fd, part[i].iov_base, part[i].iov_len, (off_t)at) :
					 pread(blk->fd, part[i].iov_base, part[i].iov_len, (off_t)at);

		if (done < 0 || (size_t)done != part[i].iov_len)
			return VIRTIO_BLK_S_IOERR;
		at += part[i].iov_len;
	}
	return VIRTIO_BLK_S_OK;
}

static uint8_t tell_name(struct iovec *part, unsigned count)
{
	static const char name[VIRTIO_BLK_ID_BYTES] = "kvm-guest";

	return parts_write(part, count, name, sizeof(name)) ? VIRTIO_BLK_S_OK : VIRTIO_BLK_S_IOERR;
}

/* The header is taken out of the request, and so is the last byte, for the status. */
static uint8_t perform(const struct blk *blk, const struct virtio_blk_outhdr *header, struct request *request)
{
	struct iovec *in = request->part + request->readable;

	switch (header->type) {
	case VIRTIO_BLK_T_IN:
		return move(blk, false, header->sector, in, request->writable);
	case VIRTIO_BLK_T_OUT:
		return blk->read_only ? VIRTIO_BLK_S_IOERR :
					move(blk, true, header->sector, request->part, request->readable);
	case VIRTIO_BLK_T_FLUSH:
		return !blk->read_only && fdatasync(blk->fd) ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK;
	case VIRTIO_BLK_T_GET_ID:
		return tell_name(in, request->writable);
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
	    parts_read(request->part, request->readable, &header, sizeof(header)) != sizeof(header))
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

static const struct virtio_kind blk_kind = {
	.id = VIRTIO_ID_BLOCK,
	.features = 1 << VIRTIO_BLK_F_FLUSH | 1 << VIRTIO_BLK_F_SEG_MAX,
	.queues = 1,
	.serve = serve,
};

static const struct virtio_kind read_only_kind = {
	.id = VIRTIO_ID_BLOCK,
	.features = 1 << VIRTIO_BLK_F_FLUSH | 1 << VIRTIO_BLK_F_SEG_MAX | 1 << VIRTIO_BLK_F_RO,
	.queues = 1,
	.serve = serve,
};

/* FILE[,ro] */
static void open_disk(struct blk *blk, const char *given)
{
	size_t length = strlen(given);
	char *path = strdup(given);
	uint64_t size;

	if (!path)
		fail("no memory for the disk's name");
	blk->read_only = length > 3 && strcmp(given + length - 3, ",ro") == 0;
	if (blk->read_only)
		path[length - 3] = '\0';
	blk->fd = file_open_disk(path, blk->read_only, &size);
	if (size % SECTOR)
		fail("the disk %s has %llu bytes, no multiple of %d; truncate -s makes it one", path,
		     (unsigned long long)size, SECTOR);
	blk->sectors = size / SECTOR;
	free(path);
}

void blk_make(struct blk *blk, const char *given, const struct kvm *kvm, const struct memory *memory,
	      unsigned index)
{
	struct virtio_blk_config config = { .seg_max = SEGMENTS };

	open_disk(blk, given);
	virtio_make(&blk->virtio, blk->read_only ? &read_only_kind : &blk_kind, kvm, memory, index);
	config.capacity = blk->sectors;
	memcpy(blk->virtio.config, &config,
	       sizeof(blk->virtio.config) < sizeof(config) ? sizeof(blk->virtio.config) : sizeof(config));
}
