/*
 * How does L1 start another kernel without a reset?  Usage: kexec KERNEL INITRD CMDLINE.
 *
 * A kernel that does not load files for kexec (Debian's 6.1) takes segments: the image, the initramfs, the device tree of the running
 * kernel with what is new in it, and a few instructions that hand the device tree over.
 */
#include <errno.h>
#include <fcntl.h>
#include <libfdt.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where they go, physical addresses: inside of L1's first 512 MiB. */
enum {
	START_AT = 0x47f00000,
	FDT_AT = 0x47e00000,
	KERNEL_AT = 0x48000000,
	INITRD_AT = 0x50000000,
	PAGE = 0x10000, /* of any kernel */
	FDT_BYTES = 0x100000,
};

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "kexec: %s\n", what);
	exit(1);
}

static struct kexec_segment segment(void *data, size_t bytes, uint64_t at)
{
	return (struct kexec_segment){ data, bytes, (void *)at, (bytes + PAGE - 1) & ~(size_t)(PAGE - 1) };
}

static struct kexec_segment file_segment(const char *path, uint64_t at)
{
	struct stat file = { 0 };
	int fd = open(path, O_RDONLY);
	char *data = fd < 0 || fstat(fd, &file) ? NULL : malloc(file.st_size);

	for (ssize_t done = 0, part; data && done < file.st_size; done += part) {
		part = read(fd, data + done, file.st_size - done);
		if (part <= 0)
			fail(path);
	}
	if (!data)
		fail(path);
	return segment(data, file.st_size, at);
}

/* Boot protocol: arm64 Image's header has at 16 its size with .bss. */
static uint64_t image_bytes(const struct kexec_segment *kernel)
{
	uint64_t bytes;

	memcpy(&bytes, (char *)kernel->buf + 16, sizeof(bytes));
	return bytes;
}

static struct kexec_segment device_tree(const char *command_line, uint64_t initrd_bytes)
{
	struct kexec_segment running = file_segment("/sys/firmware/fdt", 0);
	void *fdt = malloc(FDT_BYTES);
	int chosen;

	if (fdt_open_into(running.buf, fdt, FDT_BYTES) || (chosen = fdt_path_offset(fdt, "/chosen")) < 0 ||
	    fdt_setprop_string(fdt, chosen, "bootargs", command_line) ||
	    fdt_setprop_u64(fdt, chosen, "linux,initrd-start", INITRD_AT) ||
	    fdt_setprop_u64(fdt, chosen, "linux,initrd-end", INITRD_AT + initrd_bytes))
		fail("/sys/firmware/fdt cannot be changed");
	return segment(fdt, FDT_BYTES, FDT_AT);
}

static long load_segments(char **argv)
{
	static uint32_t start[] = {
		0x58000080, /* ldr x0, FDT_AT */
		0x580000a4, /* ldr x4, KERNEL_AT */
		0xd61f0080, /* br x4 */
		0xd503201f, /* nop */
		FDT_AT,	    0, KERNEL_AT, 0,
	};
	struct kexec_segment segments[4] = {
		file_segment(argv[1], KERNEL_AT),
		file_segment(argv[2], INITRD_AT),
		segment(start, sizeof(start), START_AT),
	};

	if (KERNEL_AT + image_bytes(&segments[0]) > INITRD_AT)
		fail("the kernel is too large");
	segments[3] = device_tree(argv[3], segments[1].bufsz);
	return syscall(SYS_kexec_load, START_AT, 4UL, segments, KEXEC_ARCH_AARCH64);
}

static long load_files(char **argv)
{
	return syscall(SYS_kexec_file_load, open(argv[1], O_RDONLY), open(argv[2], O_RDONLY),
		       strlen(argv[3]) + 1, argv[3], 0UL);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	if ((load_files(argv) && (errno != ENOSYS || load_segments(argv))) ||
	    syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, NULL))
		perror("kexec");
	return 1;
}
