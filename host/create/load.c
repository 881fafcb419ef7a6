/*
 * How do the kernel and the ramdisk get into the RAM of a VM?  The kernel at the start of RAM, the device tree in the last
 * 2 MiB, the ramdisk right below it, below that the modules that are for L1.  Reads: load.h.  Next: dtb.c.
 */
#include "host/create/load.h"

#include <stddef.h>
#include <string.h>

#include "host/core/mmu.h"
#include "host/create/dtb.h"
#include "host/report/panic.h"
#include "nv/arch/bits.h"

#define MIB_2 (UINT64_C(2) << 20)
#define DTB_SPACE MIB_2
/* Of the parts: the ramdisk, the kernel and what it needs behind its file come before. */
#define FIRST_MODULE 3
#define PIECE (UINT64_C(256) << 10) /* some 0.1 ms of copying */
#define OLD_TEXT_OFFSET 0x80000	    /* of kernels that leave image_size 0 */

/* The header of an arm64 Image. */
struct image_header {
	uint32_t code[2];
	uint64_t text_offset;
	uint64_t image_size; /* with what it needs behind the file */
	uint64_t flags;
	uint64_t reserved[3];
	uint32_t magic;
	uint32_t pe_header;
};

#define IMAGE_MAGIC 0x644d5241U /* "ARM\x64" */
#define IMAGE_BIG_ENDIAN BIT(0)
#define GZIP_MAGIC 0x8b1fU
#define ZBOOT_MAGIC 0x676d697aU /* "zimg" */

static void check_magic(const struct vm_config *c, const struct image_header *h)
{
	if (c->kernel.bytes < sizeof(*h))
		stop("%s: the kernel has %lu bytes, less than the header of an arm64 Image; it is truncated",
		     c->name, c->kernel.bytes);
	if ((h->code[0] & 0xffff) == GZIP_MAGIC)
		stop("%s: the kernel is compressed; give an uncompressed arm64 Image (gunzip it)", c->name);
	if (h->code[1] == ZBOOT_MAGIC)
		stop("%s: the kernel is a compressed EFI image; give an uncompressed arm64 Image", c->name);
	if (h->magic != IMAGE_MAGIC)
		stop("%s: the kernel is not an arm64 Image; give the file that make ARCH=arm64 Image builds",
		     c->name);
	if (h->image_size && h->text_offset % PAGE_SIZE)
		stop("%s: the kernel's text_offset %lx is not a multiple of 4 KiB; give an intact arm64 Image",
		     c->name, h->text_offset);
	if (h->flags & IMAGE_BIG_ENDIAN)
		stop("%s: the kernel is big-endian; give a little-endian arm64 Image", c->name);
}

/*
 * The file ends before the part of the Image that it must contain: PE headers, where a kernel has them, give its size. A
 * kernel without is taken as it is; its image_size covers memory that the file does not fill.
 */
static uint64_t file_bytes_expected(const struct vm_config *c, const uint8_t *image)
{
	const struct image_header *h = (const void *)image;
	uint64_t pe = h->pe_header, expected = 0;
	uint16_t sections, optional;

	if ((h->code[0] & 0xffff) != 0x5a4d || pe + 24 > c->kernel.bytes) /* "MZ" */
		return 0;
	if (memcmp(image + pe, "PE\0\0", 4) != 0)
		return 0;
	memcpy(&sections, image + pe + 6, sizeof(sections));
	memcpy(&optional, image + pe + 20, sizeof(optional));
	for (unsigned i = 0; i < sections; i++) {
		uint64_t at = pe + 24 + optional +
			      40 * i; /* SizeOfRawData and PointerToRawData of a section header */
		uint32_t raw[2];

		if (at + 40 > c->kernel.bytes)
			return at + 40;
		memcpy(raw, image + at + 16, sizeof(raw));
		if ((uint64_t)raw[0] + raw[1] > expected)
			expected = (uint64_t)raw[0] + raw[1];
	}
	return expected;
}

/* Where the kernel goes, as an offset in RAM, and how much it takes from there. */
struct extent {
	uint64_t offset, bytes;
};

static struct extent kernel_extent(const struct vm *vm, const struct vm_config *c)
{
	const struct image_header *h = pa_to_va(c->kernel.pa);
	struct extent e;
	uint64_t expected;

	check_magic(c, h);
	expected = file_bytes_expected(c, pa_to_va(c->kernel.pa));
	if (c->kernel.bytes < expected)
		stop("%s: the kernel is truncated: %lu bytes of %lu; copy it again", c->name, c->kernel.bytes,
		     expected);
	e.offset = h->image_size ? h->text_offset : OLD_TEXT_OFFSET;
	e.bytes = h->image_size > c->kernel.bytes ? h->image_size : c->kernel.bytes;
	if (e.offset > vm->ram_size || e.bytes > vm->ram_size - e.offset ||
	    vm->ram_size - e.offset - e.bytes < DTB_SPACE)
		stop("%s: the kernel needs %lu MiB and does not fit into %lu MiB of RAM; give the VM more memory",
		     c->name, (e.bytes >> 20) + 1, vm->ram_size >> 20);
	return e;
}

static void *in_ram(const struct vm *vm, uint64_t offset)
{
	return pa_to_va((pa_t){ vm->ram_pa.val + offset });
}

/* Where the next file goes, when all above this offset is taken. */
static uint64_t place_below(const struct vm *vm, const struct vm_config *c, const char *what, uint64_t bytes,
			    uint64_t kernel_end, uint64_t taken)
{
	uint64_t offset = (taken - bytes) & ~(PAGE_SIZE - 1);

	if (bytes > taken || offset < kernel_end)
		stop("%s: the kernel and a %s of %lu MiB do not fit into %lu MiB of RAM; give the VM more memory",
		     c->name, what, (bytes >> 20) + 1, vm->ram_size >> 20);
	return offset;
}

struct load load_plan(const struct vm *vm, const struct vm_config *c)
{
	struct extent kernel = kernel_extent(vm, c);
	uint64_t end = kernel.offset + kernel.bytes, dtb = vm->ram_size - DTB_SPACE;
	uint64_t offset = place_below(vm, c, "ramdisk", c->ramdisk.bytes, end, dtb);
	struct load l = {
		.part = { { offset, pa_to_va(c->ramdisk.pa), c->ramdisk.bytes },
			  { kernel.offset, pa_to_va(c->kernel.pa), c->kernel.bytes },
			  { kernel.offset + c->kernel.bytes, NULL, kernel.bytes - c->kernel.bytes } },
		.entry = { VM_RAM_BASE + kernel.offset },
		.dtb = { VM_RAM_BASE + dtb },
	};

	for (unsigned i = 0; i < c->l1_modules; i++) {
		const struct vm_module *file = &c->l1_module[i].file;

		offset = place_below(vm, c, "module", file->bytes, end, offset);
		l.part[FIRST_MODULE + i] = (struct load_part){ offset, pa_to_va(file->pa), file->bytes };
	}
	return l;
}

static void tell_modules(const struct vm_config *c, const struct load *l, struct dtb_boot *boot)
{
	for (unsigned i = 0; i < c->l1_modules; i++) {
		const struct vm_l1_module *m = &c->l1_module[i];

		boot->module[i] = (struct dtb_module){
			.start = { VM_RAM_BASE + l->part[FIRST_MODULE + i].to },
			.bytes = m->file.bytes,
			.compatible = m->compatible,
			.compatible_bytes = m->compatible_bytes,
			.bootargs = m->file.bootargs,
		};
	}
	boot->modules = c->l1_modules;
}

static void load_dtb(const struct vm *vm, const struct vm_config *c, const struct load *l)
{
	const struct load_part *ramdisk = &l->part[0];
	struct dtb_boot boot = { .bootargs = c->kernel.bootargs };

	if (ramdisk->bytes) {
		boot.initrd_start.val = VM_RAM_BASE + ramdisk->to;
		boot.initrd_end.val = boot.initrd_start.val + ramdisk->bytes;
	}
	tell_modules(c, l, &boot);
	if (!dtb_write(vm, &boot, in_ram(vm, l->dtb.val - VM_RAM_BASE), DTB_SPACE))
		stop("%s: its device tree does not fit into 2 MiB; give shorter bootargs", c->name);
}

bool load_piece(const struct vm *vm, const struct vm_config *c, struct load *l)
{
	const struct load_part *p;
	uint64_t bytes;

	for (; l->next < LOAD_PARTS && l->done == l->part[l->next].bytes; l->next++)
		l->done = 0;
	if (l->next == LOAD_PARTS) {
		load_dtb(vm, c, l);
		return true;
	}
	p = &l->part[l->next];
	bytes = p->bytes - l->done < PIECE ? p->bytes - l->done : PIECE;
	if (p->from)
		memcpy(in_ram(vm, p->to + l->done), p->from + l->done, bytes);
	else
		memset(in_ram(vm, p->to + l->done), 0, bytes);
	l->done += bytes;
	return false;
}
