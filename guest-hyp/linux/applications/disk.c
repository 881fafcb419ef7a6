/*
 * What does a read of a disk cost?  N reads of 4 KiB, each at a random place of /dev/vda, 32 of which are under way as long as
 * there are so many: as fio does them with libaio, direct=1, rw=randread, iodepth=32 and iodepth_batch=32, what has ended goes
 * into one call. Nothing is kept by the kernel, so each goes to the device. Each block begins with its own number, which is
 * looked at.  Usage: disk N.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEPTH 32
#define BLOCK 4096

struct read {
	struct iocb control;
	uint64_t block;
	char *data;
};

struct disk {
	int fd;
	uint64_t blocks;
	aio_context_t queue;
	struct read read[DEPTH];
};

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* The same numbers in each run. */
static uint64_t next_random(void)
{
	static uint64_t x = UINT64_C(0x9e3779b97f4a7c15);

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

static void open_disk(struct disk *d)
{
	uint64_t bytes;

	d->fd = open("/dev/vda", O_RDONLY | O_DIRECT);
	if (d->fd < 0 || ioctl(d->fd, BLKGETSIZE64, &bytes))
		fail("/dev/vda");
	d->blocks = bytes / BLOCK;
	if (syscall(SYS_io_setup, DEPTH, &d->queue))
		fail("io_setup");
	for (unsigned i = 0; i < DEPTH; i++)
		if (posix_memalign((void **)&d->read[i].data, BLOCK, BLOCK))
			fail("memory");
}

static void prepare(const struct disk *d, struct read *r)
{
	r->block = next_random() % d->blocks;
	r->control = (struct iocb){ .aio_data = (uintptr_t)r,
				    .aio_lio_opcode = IOCB_CMD_PREAD,
				    .aio_fildes = (uint32_t)d->fd,
				    .aio_buf = (uintptr_t)r->data,
				    .aio_nbytes = BLOCK,
				    .aio_offset = (int64_t)(r->block * BLOCK) };
}

/* All in one call. */
static void submit(const struct disk *d, struct read *const *reads, unsigned long count)
{
	struct iocb *control[DEPTH];

	for (unsigned long i = 0; i < count; i++) {
		prepare(d, reads[i]);
		control[i] = &reads[i]->control;
	}
	if (count && syscall(SYS_io_submit, d->queue, count, control) != (long)count)
		fail("io_submit");
}

static struct read *check(const struct io_event *event)
{
	struct read *r = (struct read *)(uintptr_t)event->data;

	if (event->res != BLOCK || *(const uint64_t *)(const void *)r->data != r->block) {
		fprintf(stderr, "disk: block %llu: result %lld, and it begins with %#llx\n",
			(unsigned long long)r->block, (long long)event->res,
			*(const unsigned long long *)(const void *)r->data);
		exit(1);
	}
	return r;
}

/* Waits for one at least, and takes all that there are. */
static unsigned long complete(const struct disk *d, struct read **reads)
{
	struct io_event event[DEPTH];
	long events = syscall(SYS_io_getevents, d->queue, 1, DEPTH, event, NULL);

	if (events < 1)
		fail("io_getevents");
	for (long i = 0; i < events; i++)
		reads[i] = check(&event[i]);
	return (unsigned long)events;
}

static unsigned long least(unsigned long a, unsigned long b)
{
	return a < b ? a : b;
}

int main(int argc, char **argv)
{
	static struct disk d;
	struct read *reads[DEPTH];
	unsigned long n = argc == 2 ? strtoul(argv[1], NULL, 10) : 0, begun, ended = 0, next;

	if (!n) {
		fprintf(stderr, "usage: disk N\n");
		return 2;
	}
	open_disk(&d);
	for (unsigned i = 0; i < DEPTH; i++)
		reads[i] = &d.read[i];
	begun = least(n, DEPTH);
	submit(&d, reads, begun);
	while (ended < n) {
		next = complete(&d, reads);
		ended += next;
		next = least(next, n - begun);
		submit(&d, reads, next);
		begun += next;
	}
	return 0;
}
