/*
 * Is this file a program, for which CPU, and which other files does it need to run?  The headers are those of the System V
 * ABI's chapters 4 and 5, as <elf.h> has them.  The file may hold anything: each place in it is checked.  Next: add.c.
 */
#define _GNU_SOURCE
#include "experiments/firn/machine/program.h"

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "experiments/firn/tool/complain.h"

/* The file, mapped. */
struct bytes {
	const unsigned char *start;
	uint64_t size;
};

/* What is at offset and so long; NULL where the file has less. */
static const void *piece(const struct bytes *file, uint64_t offset, uint64_t size)
{
	return offset <= file->size && size <= file->size - offset ? file->start + offset : NULL;
}

/* A copy of the string at offset; NULL where it does not end within the file. */
static char *string_at(const struct bytes *file, uint64_t offset)
{
	const char *start = piece(file, offset, 1);

	if (!start || !memchr(start, 0, file->size - offset))
		return NULL;
	return text("%s", start);
}

/* Entry n of the program header table. */
static bool segment(const struct bytes *file, const Elf64_Ehdr *header, unsigned n, Elf64_Phdr *out)
{
	const void *found = piece(file, header->e_phoff + (uint64_t)n * sizeof(*out), sizeof(*out));

	if (found)
		memcpy(out, found, sizeof(*out));
	return found != NULL;
}

/* Where in the file is what the program will have at this address?  UINT64_MAX: nowhere. */
static uint64_t offset_of(const struct bytes *file, const Elf64_Ehdr *header, uint64_t address)
{
	Elf64_Phdr part;

	for (unsigned n = 0; n < header->e_phnum && segment(file, header, n, &part); n++)
		if (part.p_type == PT_LOAD && address >= part.p_vaddr &&
		    address - part.p_vaddr < part.p_filesz)
			return part.p_offset + (address - part.p_vaddr);
	return UINT64_MAX;
}

/* Entry n of the dynamic section; false at its end. */
static bool dynamic(const struct bytes *file, const Elf64_Phdr *part, uint64_t n, Elf64_Dyn *out)
{
	const void *found = NULL;

	if (n < part->p_filesz / sizeof(*out))
		found = piece(file, part->p_offset + n * sizeof(*out), sizeof(*out));
	if (found)
		memcpy(out, found, sizeof(*out));
	return found && out->d_tag != DT_NULL;
}

/* False where a name is not in the file. */
static bool read_needed(const struct bytes *file, const Elf64_Ehdr *header, const Elf64_Phdr *part,
			struct program *program)
{
	uint64_t strings = UINT64_MAX;
	Elf64_Dyn entry;

	for (uint64_t n = 0; dynamic(file, part, n, &entry); n++)
		if (entry.d_tag == DT_STRTAB)
			strings = offset_of(file, header, entry.d_un.d_ptr);
	for (uint64_t n = 0; dynamic(file, part, n, &entry); n++) {
		char *name;

		if (entry.d_tag != DT_NEEDED)
			continue;
		name = strings < file->size && entry.d_un.d_val < file->size ?
			       string_at(file, strings + entry.d_un.d_val) :
			       NULL;
		if (!name)
			return false;
		program->needed =
			grow(program->needed, program->needed_count + 1, sizeof(program->needed[0]));
		program->needed[program->needed_count++] = name;
	}
	return true;
}

/* One with a header of the right kind. False if it is damaged. */
static bool read_segments(const struct bytes *file, const Elf64_Ehdr *header, struct program *program)
{
	Elf64_Phdr part;

	if (header->e_phnum && header->e_phentsize != sizeof(part))
		return false;
	for (unsigned n = 0; n < header->e_phnum; n++) {
		if (!segment(file, header, n, &part) || !piece(file, part.p_offset, part.p_filesz))
			return false;
		if (part.p_type == PT_INTERP && !program->interpreter)
			program->interpreter = string_at(file, part.p_offset);
		if (part.p_type == PT_INTERP && !program->interpreter)
			return false;
		if (part.p_type == PT_DYNAMIC && !read_needed(file, header, &part, program))
			return false;
	}
	return true;
}

/* Object files are no programs, whatever CPU they are for. */
static void read_header(const struct bytes *file, struct program *program)
{
	const unsigned char *start = file->start;
	Elf64_Ehdr header;
	uint16_t type, machine;

	if (file->size < sizeof(Elf32_Ehdr) || memcmp(start, ELFMAG, SELFMAG) != 0)
		return;
	memcpy(&type, start + offsetof(Elf64_Ehdr, e_type), sizeof(type));
	memcpy(&machine, start + offsetof(Elf64_Ehdr, e_machine), sizeof(machine));
	if (start[EI_DATA] == ELFDATA2MSB) {
		type = __builtin_bswap16(type);
		machine = __builtin_bswap16(machine);
	}
	if (type != ET_EXEC && type != ET_DYN)
		return;
	program->machine = machine;
	program->kind = PROGRAM_FOREIGN;
	if (machine != EM_AARCH64 || start[EI_CLASS] != ELFCLASS64 || start[EI_DATA] != ELFDATA2LSB)
		return;
	program->kind = PROGRAM_DAMAGED;
	if (file->size < sizeof(header))
		return;
	memcpy(&header, start, sizeof(header));
	if (read_segments(file, &header, program))
		program->kind = PROGRAM_ARM64;
}

struct program program_read(int fd)
{
	struct program program = { .kind = PROGRAM_NONE };
	struct bytes file = { NULL, 0 };
	struct stat status;
	void *map;

	if (fstat(fd, &status) || status.st_size == 0)
		return program;
	file.size = (uint64_t)status.st_size;
	map = mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return program;
	file.start = map;
	read_header(&file, &program);
	munmap(map, file.size);
	return program;
}

void program_free(struct program *program)
{
	for (size_t i = 0; i < program->needed_count; i++)
		free(program->needed[i]);
	free(program->needed);
	free(program->interpreter);
	*program = (struct program){ .kind = PROGRAM_NONE };
}

const char *program_machine(unsigned machine)
{
	switch (machine) {
	case EM_X86_64:
		return "x86-64";
	case EM_386:
		return "32-bit x86";
	case EM_ARM:
		return "32-bit Arm";
	case EM_RISCV:
		return "RISC-V";
	case EM_PPC64:
		return "64-bit Power";
	case EM_S390:
		return "S/390";
	case EM_AARCH64:
		return "another kind of arm64 (big-endian or ILP32)";
	default:
		return "another CPU";
	}
}
