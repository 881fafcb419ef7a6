/*
 * Is this file something that can be booted, and how much memory does it need?  The header is that of Linux's
 * Documentation/arch/arm64/booting.rst.  Next: machine.c.
 */
#define _GNU_SOURCE
#include "experiments/firn/machine/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"

/* All fields little-endian, as the machines are that this program runs on. */
struct arm64_header {
	uint32_t code[2];
	uint64_t text_offset;
	uint64_t image_size; /* with what follows the file's end in memory; 0 in kernels before 3.17 */
	uint64_t flags;	     /* bit 0: big-endian */
	uint64_t reserved[3];
	char magic[4]; /* "ARM\x64" */
	uint32_t pe_offset;
};

_Static_assert(sizeof(struct arm64_header) == 64, "the arm64 image header has 64 bytes");

/* Any file that is not empty. what and hint are words for the message; false after it. */
bool image_open_plain(struct image *image, const char *what, const char *path, const char *hint)
{
	struct stat status;

	*image = (struct image){ .fd = open(path, O_RDONLY) };
	if (image->fd < 0)
		complain(STATUS_FAILED, "cannot read the %s %s: %s%s%s", what, path, strerror(errno),
			 errno == ENOENT && *hint ? "; " : "", errno == ENOENT ? hint : "");
	else if (fstat(image->fd, &status) || !S_ISREG(status.st_mode))
		complain(STATUS_FAILED, "the %s %s is not a file; name a file", what, path);
	else if (status.st_size == 0)
		complain(STATUS_FAILED, "the %s %s is empty; fetch or build it again", what, path);
	else {
		image->bytes = image->in_memory = (uint64_t)status.st_size;
		return true;
	}
	image_close(image);
	return false;
}

void image_close(struct image *image)
{
	if (image->fd >= 0)
		close(image->fd);
	image->fd = -1;
}

#define X86_MAGIC 0x202	 /* where "HdrS" is in a kernel for x86 (Linux's Documentation/arch/x86/boot.rst) */
#define RISCV_MAGIC 0x38 /* where "RSC\5" is in one for RISC-V, which has a header like that for arm64 */
#define ELF_MACHINE 18
#define ELF_IS_AARCH64 183
#define STARTS_WITH (X86_MAGIC + 4) /* bytes that tell which kind of file it is */

/* What a file is that has no arm64 header, as far as that helps the user; behind its end are zeroes. */
static const char *guess(const unsigned char *start)
{
	if (memcmp(start + X86_MAGIC, "HdrS", 4) == 0)
		return "it is a kernel for x86; name one for arm64";
	if (memcmp(start + RISCV_MAGIC, "RSC\5", 4) == 0)
		return "it is a kernel for RISC-V; name one for arm64";
	if (memcmp(start,
		   "\x7f"
		   "ELF",
		   4) == 0 &&
	    start[ELF_MACHINE] != ELF_IS_AARCH64)
		return "it is an ELF file for another CPU; name a kernel for arm64";
	if (memcmp(start, "MZ\0\0zimg", 8) == 0)
		return "it is an EFI program that unpacks itself; name the Image that it was made of";
	if (memcmp(start,
		   "\xfd"
		   "7zXZ",
		   5) == 0 ||
	    memcmp(start, "BZh", 3) == 0 || memcmp(start, "\x28\xb5\x2f\xfd", 4) == 0)
		return "it is compressed; unpack it with xz, bzip2 or zstd";
	if (start[0] == 0x1f && start[1] == 0x8b)
		return "it is compressed; unpack it with gunzip";
	if (memcmp(start,
		   "\x7f"
		   "ELF",
		   4) == 0)
		return "it is an ELF file; make an image with objcopy -O binary";
	return "name an uncompressed arm64 kernel Image";
}

/* A row of the PE header's table, as Microsoft's specification has it. */
struct pe_section {
	char name[8];
	uint32_t virtual_size, virtual_address, raw_size, raw_offset;
	uint32_t other[4];
};

/* How long the file must be according to the PE header of a kernel with an EFI stub; 0 if it has none. */
static uint64_t pe_file_size(int fd, const struct arm64_header *header)
{
	struct {
		char signature[4];
		uint16_t machine, sections;
		uint32_t unused[3];
		uint16_t optional_size, characteristics;
	} pe;
	uint64_t end = 0, table = (uint64_t)header->pe_offset + sizeof(pe);

	if (memcmp(header->code, "MZ", 2) != 0 ||
	    pread(fd, &pe, sizeof(pe), header->pe_offset) != sizeof(pe) ||
	    memcmp(pe.signature, "PE\0", 4) != 0)
		return 0;
	for (unsigned i = 0; i < pe.sections; i++) {
		struct pe_section section;
		uint64_t at = table + pe.optional_size + i * sizeof(section);

		if (pread(fd, &section, sizeof(section), (off_t)at) != (ssize_t)sizeof(section))
			return at + sizeof(section);
		if ((uint64_t)section.raw_offset + section.raw_size > end)
			end = (uint64_t)section.raw_offset + section.raw_size;
	}
	return end;
}

/*
 * False after one line on stderr that says what is wrong and what to do. in_memory becomes what the kernel needs from
 * its load address on, which may be more than the file has.
 */
static bool header_is_good(struct image *image, const char *what, const char *path)
{
	unsigned char start[STARTS_WITH] = { 0 };
	ssize_t got = pread(image->fd, start, sizeof(start), 0);
	struct arm64_header header;
	uint64_t needed;

	memcpy(&header, start, sizeof(header));

	if (got < 0)
		return !complain(STATUS_FAILED, "cannot read the %s %s: %s", what, path, strerror(errno));
	if ((size_t)got >= 4 && (size_t)got < sizeof(header))
		return !complain(STATUS_FAILED,
				 "the %s %s is truncated (%llu bytes, less than an image header); "
				 "fetch or build it again",
				 what, path, (unsigned long long)image->bytes);
	if (memcmp(header.magic, "ARM\x64", 4) != 0)
		return !complain(STATUS_FAILED, "the %s %s is not an arm64 image; %s", what, path,
				 guess(start));
	if (header.flags & 1)
		return !complain(STATUS_FAILED, "the %s %s is big-endian; name a little-endian one", what,
				 path);
	needed = pe_file_size(image->fd, &header);
	if (needed > image->bytes)
		return !complain(STATUS_FAILED,
				 "the %s %s is truncated (%llu of %llu bytes); fetch or build it again", what,
				 path, (unsigned long long)image->bytes, (unsigned long long)needed);
	if (header.image_size > image->bytes)
		image->in_memory = header.image_size;
	if (header.text_offset > UINT64_C(1) << 40 || header.image_size > UINT64_C(1) << 40)
		return !complain(STATUS_FAILED,
				 "the header of the %s %s asks for an impossible size; fetch or build "
				 "it again",
				 what, path);
	image->in_memory += header.text_offset;
	return true;
}

/* One that can be booted. */
bool image_open(struct image *image, const char *what, const char *path, const char *hint)
{
	if (!image_open_plain(image, what, path, hint))
		return false;
	if (header_is_good(image, what, path))
		return true;
	image_close(image);
	return false;
}
