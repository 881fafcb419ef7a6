/*
 * What happens to what L2 writes to a virtio console, and to what is typed?  (virtio 1.2, 5.3; one port, hvc0 or hvc1.)
 */
#include <linux/virtio_console.h>
#include <linux/virtio_ids.h>
#include <string.h>
#include <sys/eventfd.h>

#include "guest-hyp/linux/kvm-guest/device.h"
#include "guest-hyp/linux/kvm-guest/output.h"
#include "guest-hyp/linux/kvm-guest/virtio.h"

#define TO_L2 0
#define FROM_L2 1

static int wake_fd;

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
	bool silent = !console_is_used();

	if (queue == FROM_L2)
		show_all(device, output_console);
	if (silent && console_is_used()) /* Linux's driver takes the size when it changes, and not before */
		virtio_config_changed(device);
	if (queue == TO_L2 || silent)
		eventfd_write(wake_fd, 1);
}

static void serve_command(struct virtio *device, unsigned queue)
{
	if (queue == FROM_L2)
		show_all(device, output_command);
}

static struct virtio console = {
	.id = VIRTIO_ID_CONSOLE, .features = 1 << VIRTIO_CONSOLE_F_SIZE, .queues = 2, .serve = serve_console
};

void console_make(int wake, bool command)
{
	static struct virtio command_output = { .id = VIRTIO_ID_CONSOLE,
						.queues = 2,
						.serve = serve_command };

	wake_fd = wake;
	virtio_add(&console);
	if (command)
		virtio_add(&command_output);
}

/* Linux's driver throws away what comes before its tty is there; and when it is, somebody writes to it. */
bool console_is_used(void)
{
	return virtio_is_used(&console) && console.queue[FROM_L2].seen;
}

size_t console_type(const char *bytes, size_t size)
{
	struct request request;
	size_t done = 0;

	while (done < size && virtio_take(&console, TO_L2, &request)) {
		size_t n = request_write(&request, bytes + done, size - done);

		virtio_give_back(&console, TO_L2, &request, (uint32_t)n);
		done += n;
	}
	return done;
}

void console_resize(uint16_t columns, uint16_t rows)
{
	struct virtio_console_config config = { .cols = columns, .rows = rows };

	memcpy(console.config, &config, sizeof(config));
	virtio_config_changed(&console);
}
