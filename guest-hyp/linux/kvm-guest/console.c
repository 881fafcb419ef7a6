/*
 * What happens to what L2 writes to a virtio console, and to what is typed?  (virtio 1.2, 5.3; one port, hvc0 or hvc1.)
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/console.h"

#include <linux/virtio_config.h>
#include <linux/virtio_console.h>
#include <linux/virtio_ids.h>
#include <string.h>
#include <sys/eventfd.h>

#include "guest-hyp/linux/kvm-guest/output.h"

#define TO_L2 0
#define FROM_L2 1

/* Linux's driver throws away what comes before its tty is there; and when it is, somebody writes to it. */
bool console_is_used(const struct console *console)
{
	return console->virtio.status & VIRTIO_CONFIG_S_DRIVER_OK && console->virtio.queue[FROM_L2].seen;
}

static void show_all(struct virtio *device, void show(const void *bytes, size_t size))
{
	struct request request;

	while (virtio_take(device, FROM_L2, &request)) {
		for (unsigned i = 0; i < request.readable; i++)
			show(request.part[i].iov_base, request.part[i].iov_len);
		virtio_give_back(device, FROM_L2, &request, 0);
	}
}

static void serve_console(struct virtio *device, unsigned queue)
{
	struct console *console = (struct console *)device;

	bool silent = !console_is_used(console);

	if (queue == FROM_L2)
		show_all(device, output_console);
	if (silent && console_is_used(console))
		virtio_config_changed(
			device); /* Linux's driver takes the size when it changes, and not before */
	if (queue == TO_L2 || silent)
		eventfd_write(console->wake, 1);
}

static void serve_command(struct virtio *device, unsigned queue)
{
	if (queue == FROM_L2)
		show_all(device, output_command);
}

static const struct virtio_kind console_kind = {
	.id = VIRTIO_ID_CONSOLE,
	.features = 1 << VIRTIO_CONSOLE_F_SIZE,
	.queues = 2,
	.serve = serve_console,
};

static const struct virtio_kind command_kind = { .id = VIRTIO_ID_CONSOLE,
						 .queues = 2,
						 .serve = serve_command };

void console_make(struct console *console, int wake, const struct kvm *kvm, const struct memory *memory,
		  unsigned index)
{
	virtio_make(&console->virtio, &console_kind, kvm, memory, index);
	console->wake = wake;
}

void command_output_make(struct console *console, const struct kvm *kvm, const struct memory *memory,
			 unsigned index)
{
	virtio_make(&console->virtio, &command_kind, kvm, memory, index);
}

size_t console_type(struct console *console, const char *bytes, size_t size)
{
	struct request request;
	size_t done = 0;

	while (done < size && virtio_take(&console->virtio, TO_L2, &request)) {
		size_t n = parts_write(request.part + request.readable, request.writable, bytes + done,
				       size - done);

		virtio_give_back(&console->virtio, TO_L2, &request, (uint32_t)n);
		done += n;
	}
	return done;
}

void console_resize(struct console *console, uint16_t columns, uint16_t rows)
{
	struct virtio_console_config config = { .cols = columns, .rows = rows };

	memcpy(console->virtio.config, &config, sizeof(config));
	virtio_config_changed(&console->virtio);
}
