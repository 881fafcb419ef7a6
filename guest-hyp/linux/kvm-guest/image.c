/*
 * Where do L2's kernel, initramfs and device tree go?  The kernel at the start of the RAM, the tree behind it, the
 * initramfs at the end.  Rules: Linux's Documentation/arch/arm64/booting.rst.
 */
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/file.h"
#include "guest-hyp/linux/kvm-guest/kvm.h"
#include "guest-hyp/linux/kvm-guest/load.h"

#define BLOCK MIB(2)
#define PAGE 65536 /* the largest granule */

#define FOREIGN_HINT "name another one with --kernel"
#define OWN_HINT \
	"firn run puts it there for an L1 with 512 MiB or more and firn's initramfs; or name one with --kernel"

struct header {
	uint32_t code[2];
	uint64_t text_offset;
	uint64_t image_size; /* with what follows the file's end in memory; 0 before Linux 3.17 */
	uint64_t flags;	     /* bit 0: big-endian */
	uint64_t reserved[3];
	char magic[4];
	uint32_t pe_offset;
};

_Static_assert(sizeof(struct header) == 64, "the arm64 image header has 64 bytes");

/* What a file without such a header is known by.  For x86: Linux's Documentation/arch/x86/boot.rst. */
static const struct {
	unsigned at, length;
	const char *magic, *hint;
} others[] = {
	{ 0x202, 4, "HdrS", "it is a kernel for x86; name one for arm64" },
	{ 0x38, 4, "RSC\5", "it is a kernel for RISC-V; name one for arm64" },
	{ 0, 5, "\3757zXZ", "it is compressed; unpack it with xz" },
	{ 0, 3, "BZh", "it is compressed; unpack it with bzip2" },
	{ 0, 4, "\x28\xb5\x2f\xfd", "it is compressed; unpack it with zstd" },
	{ 0, 2, "\x1f\x8b", "it is compressed; unpack it with gunzip" },
	{ 0, 8, "MZ\0\0zimg",
	  "it is an EFI program that unpacks itself; name the Image that it was made of" },
	{ 0, 4, "\177ELF", "it is an ELF file; make an Image with objcopy -O binary" },
	{ 0, 0, "", "name an uncompressed arm64 Image" },
};

static struct header read_header(int fd, const char *path, uint64_t size)
{
	union {
		struct header header;
		char bytes[0x206]; /* to the end of the last of others */
	} start = { .bytes = "" };
	unsigned n = 0;

	file_read(fd, path, &start, size < sizeof(start) ? size : sizeof(start));
	if (memcmp(start.header.magic, "ARM\x64", 4) != 0) {
		while (memcmp(start.bytes + others[n].at, others[n].magic, others[n].length) != 0)
			n++;
		errx(1, "the kernel %s is not an arm64 Image; %s", path, others[n].hint);
	}
	if (start.header.flags & 1)
		errx(1, "the kernel %s is big-endian; name a little-endian one", path);
	return start.header;
}

static uint64_t round_up(uint64_t n, uint64_t to)
{
	return (n + to - 1) / to * to;
}

struct layout image_load(const struct options *options, uint64_t initrd_size)
{
	const char *path = options->kernel ? options->kernel : file_own("/lib/kvm-guest", "Image");
	uint64_t size, in_memory, end, initrd = round_up(initrd_size, PAGE);
	int fd = file_open("kernel", path, O_RDONLY, options->kernel ? FOREIGN_HINT : OWN_HINT, &size);
	struct header header = read_header(fd, path, size);

	in_memory = header.image_size > size ? header.image_size : size;
	if (in_memory > UINT64_C(1) << 40 || header.text_offset > BLOCK)
		errx(1, "the header of the kernel %s asks for an impossible size; name another one", path);
	end = round_up(header.text_offset + in_memory, BLOCK);
	if (end + DTB_SIZE + initrd > options->memory)
		errx(1,
		     "the kernel %s and the initramfs need %llu MiB, L2 has %llu MiB; give more with --mem",
		     path, (unsigned long long)((end + DTB_SIZE + initrd) >> 20) + 1,
		     (unsigned long long)(options->memory >> 20));
	file_read(fd, path, kvm_ram(RAM_IPA + header.text_offset, size, 1), size);
	close(fd);
	return (struct layout){ .entry = RAM_IPA + header.text_offset,
				.dtb = RAM_IPA + end,
				.initrd = RAM_IPA + options->memory - initrd,
				.initrd_size = initrd_size };
}
