/*
 * Where do L2's kernel, initramfs and device tree go?  The kernel at the start of the RAM, the tree behind it, the
 * initramfs at the end.  Rules: Linux's Documentation/arch/arm64/booting.rst.
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/image.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "guest-hyp/linux/kvm-guest/file.h"
#include "guest-hyp/linux/kvm-guest/say.h"

#define BLOCK MIB(2)
#define PAGE 65536 /* the largest granule */

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

#define X86_MAGIC 0x202	 /* where "HdrS" is in a kernel for x86 (Linux's Documentation/arch/x86/boot.rst) */
#define RISCV_MAGIC 0x38 /* where "RSC\5" is in one for RISC-V, which has a header like that for arm64 */
#define STARTS_WITH (X86_MAGIC + 4)

/* What is it that has no arm64 header, as far as that helps?  Behind its end are zeroes. */
static const char *guess(const unsigned char *start)
{
	if (memcmp(start + X86_MAGIC, "HdrS", 4) == 0)
		return "it is a kernel for x86; name one for arm64";
	if (memcmp(start + RISCV_MAGIC, "RSC\5", 4) == 0)
		return "it is a kernel for RISC-V; name one for arm64";
	if (memcmp(start, "\3757zXZ", 5) == 0 || memcmp(start, "BZh", 3) == 0 ||
	    memcmp(start, "\x28\xb5\x2f\xfd", 4) == 0)
		return "it is compressed; unpack it with xz, bzip2 or zstd";
	if (start[0] == 0x1f && start[1] == 0x8b)
		return "it is compressed; unpack it with gunzip";
	if (memcmp(start, "MZ\0\0zimg", 8) == 0)
		return "it is an EFI program that unpacks itself; name the Image that it was made of";
	if (memcmp(start, "\177ELF", 4) == 0)
		return "it is an ELF file; make an Image with objcopy -O binary";
	return "name an uncompressed arm64 Image";
}

static struct header read_header(int fd, const char *path, uint64_t size)
{
	unsigned char start[STARTS_WITH] = { 0 };
	struct header header;

	file_read(fd, path, start, size < sizeof(start) ? size : sizeof(start));
	memcpy(&header, start, sizeof(header));
	if (memcmp(header.magic, "ARM\x64", 4) != 0)
		fail("the kernel %s is not an arm64 Image; %s", path, guess(start));
	if (header.flags & 1)
		fail("the kernel %s is big-endian; name a little-endian one", path);
	return header;
}

static uint64_t round_up(uint64_t n, uint64_t to)
{
	return (n + to - 1) / to * to;
}

struct layout image_load(const struct memory *memory, const char *path, const char *hint,
			 uint64_t initrd_size)
{
	struct layout layout = { .initrd_size = initrd_size };
	uint64_t size, in_memory, needed;
	int fd = file_open("kernel", path, O_RDONLY, hint, &size);
	struct header header = read_header(fd, path, size);

	in_memory = header.image_size > size ? header.image_size : size;
	if (in_memory > UINT64_C(1) << 40 || header.text_offset > BLOCK)
		fail("the header of the kernel %s asks for an impossible size; name another one", path);
	needed = round_up(header.text_offset + in_memory, BLOCK) + DTB_SIZE + round_up(initrd_size, PAGE);
	if (needed > memory->size)
		fail("the kernel %s and the initramfs need %llu MiB, L2 has %llu MiB; give more with --mem",
		     path, (unsigned long long)(needed >> 20) + 1, (unsigned long long)(memory->size >> 20));
	file_read(fd, path, memory->bytes + header.text_offset, size);
	close(fd);
	layout.entry = RAM_IPA + header.text_offset;
	layout.dtb = RAM_IPA + round_up(header.text_offset + in_memory, BLOCK);
	layout.initrd = RAM_IPA + memory->size - round_up(initrd_size, PAGE);
	return layout;
}
