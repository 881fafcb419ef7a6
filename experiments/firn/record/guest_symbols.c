/* Which functions does this guest have, and where?  Reads: guest_symbols.h.  Next: kallsyms.c, nvhe.c. */
#define _GNU_SOURCE
#include "experiments/firn/record/guest_symbols.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/firn/record/kallsyms.h"
#include "experiments/firn/record/nvhe.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/paths.h"
#include "traces/format.h"

/* --- files --- */

struct file {
	const uint8_t *bytes;
	size_t length;
};

/* A regular file that is not empty, else false; errno may say why. */
static bool map_file(struct file *file, const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *bytes = MAP_FAILED;

	if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size)
		bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (bytes == MAP_FAILED)
		return false;
	*file = (struct file){ bytes, (size_t)status.st_size };
	return true;
}

static void unmap_file(struct file *file)
{
	munmap((void *)(uintptr_t)file->bytes, file->length);
}

/* Everything in an ELF file is checked with it before it is read: a file of the user's may be damaged. */
static bool is_inside(const struct file *file, uint64_t offset, uint64_t size)
{
	return offset <= file->length && size <= file->length - offset;
}

/* Functions, and labels of assembly, from one symbol table. slide: what an image that may be anywhere is moved by. */
static void add_table(struct symbols *symbols, const struct file *file, const Elf64_Shdr *table,
		      const Elf64_Shdr *names, uint64_t slide)
{
	const char *name = (const char *)file->bytes + names->sh_offset;

	if (!is_inside(file, table->sh_offset, table->sh_size) ||
	    !is_inside(file, names->sh_offset, names->sh_size) || !names->sh_size || name[names->sh_size - 1])
		return;
	for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= table->sh_size; at += sizeof(Elf64_Sym)) {
		Elf64_Sym s;

		memcpy(&s, file->bytes + table->sh_offset + at, sizeof(s));
		if ((ELF64_ST_TYPE(s.st_info) == STT_FUNC || ELF64_ST_TYPE(s.st_info) == STT_NOTYPE) &&
		    s.st_shndx != SHN_UNDEF && s.st_shndx < SHN_LORESERVE && s.st_name < names->sh_size &&
		    name[s.st_name] && name[s.st_name] != '$')
			symbols_add(symbols, s.st_value + slide, name + s.st_name);
	}
}

/*
 * False: it is no AArch64 ELF file with symbols. entry_pc is where the guest began, so an image that was loaded
 * elsewhere than it was linked for still has its names.
 */
static bool read_elf(struct symbols *symbols, const struct file *file, uint64_t entry_pc)
{
	Elf64_Ehdr head;
	uint64_t slide;

	if (file->length < sizeof(head) || memcmp(file->bytes, ELFMAG, SELFMAG) != 0)
		return false;
	memcpy(&head, file->bytes, sizeof(head));
	if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_machine != EM_AARCH64 ||
	    head.e_shentsize != sizeof(Elf64_Shdr) ||
	    !is_inside(file, head.e_shoff, (uint64_t)head.e_shnum * sizeof(Elf64_Shdr)))
		return false;
	slide = head.e_type == ET_DYN ? entry_pc - head.e_entry : 0;
	for (unsigned i = 0; i < head.e_shnum; i++) {
		Elf64_Shdr table, names;

		memcpy(&table, file->bytes + head.e_shoff + i * sizeof(table), sizeof(table));
		if (table.sh_type != SHT_SYMTAB || table.sh_link >= head.e_shnum)
			continue;
		memcpy(&names, file->bytes + head.e_shoff + table.sh_link * sizeof(names), sizeof(names));
		add_table(symbols, file, &table, &names, slide);
	}
	return symbols->count != 0;
}

/* The file of --symbols, which must be good. False after one line on stderr. */
static bool read_given(struct symbols *symbols, const char *path, uint64_t entry_pc)
{
	struct file file;
	bool good;

	if (!map_file(&file, path))
		return !complain(STATUS_FAILED, "cannot read the symbols of %s: %s", path,
				 errno ? strerror(errno) : "it is not a file");
	good = read_elf(symbols, &file, entry_pc);
	unmap_file(&file);
	return good || !complain(STATUS_FAILED, "%s is not an AArch64 ELF file with symbols", path);
}

/* What the guest brings along. Without symbols a trace is still good. */
static void read_own(struct symbols *symbols, const struct machine_config *config, uint64_t entry_pc)
{
	bool is_linux = config->guest->kind == GUEST_LINUX;
	char *path = config->kernel ? text("%s", config->kernel) :
		     is_linux	    ? path_cached(config->guest->kernel) :
				      path_built(config->guest->kernel);
	struct file file;

	if (!is_linux && strlen(path) > 4 && strcmp(path + strlen(path) - 4, ".img") == 0)
		strcpy(path + strlen(path) - 4, ".elf");
	if (map_file(&file, path)) {
		if (!read_elf(symbols, &file, entry_pc))
			kallsyms_read(symbols, file.bytes, file.length);
		unmap_file(&file);
	}
	free(path);
}

/* --- Linux, at other addresses than those of its symbols --- */

/* Linux is loaded to, and mapped at, the same place in a block of that size (Linux, Documentation/arch/arm64/booting.rst). */
#define LINUX_ALIGNMENT (UINT64_C(2) << 20)

/*
 * What is to be added to the addresses of its symbols where Linux was loaded, and runs until its translation is on. Its first function is
 * near enough to its beginning. 0: it has none.
 */
static uint64_t physical_distance(const struct symbols *symbols, uint64_t entry_pc)
{
	return symbols->count ? 0 - ((symbols->symbol[0].address - entry_pc) & ~(LINUX_ALIGNMENT - 1)) : 0;
}

static bool has_function(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *s = symbols_find(symbols, address);

	return s && address - s->address <= SYMBOL_FUNCTION_MAX;
}

/* Those of the addresses that are in no function of where Linux was loaded. */
static struct addresses elsewhere(const struct symbols *symbols, const struct addresses *wanted,
				  uint64_t distance)
{
	struct addresses left = { .slot = NULL };

	for (size_t i = 0; i < wanted->slots; i++)
		if (wanted->slot[i] && (has_function(symbols, wanted->slot[i]) ||
					!has_function(symbols, wanted->slot[i] - distance)))
			addresses_add(&left, wanted->slot[i]);
	return left;
}

static void add_moved(struct symbols *symbols, const struct symbols *from, uint64_t distance)
{
	for (size_t i = 0; i < from->count; i++)
		symbols_add(symbols, from->symbol[i].address + distance, from->symbol[i].name);
}

/* Functions a second time where they ran: where Linux was loaded, and where it has its nVHE hypervisor. */
static void add_other_places(struct symbols *symbols, uint64_t entry_pc, const struct addresses *wanted,
			     const struct addresses *vectors)
{
	uint64_t distance = physical_distance(symbols, entry_pc);
	struct addresses left = elsewhere(symbols, wanted, distance);
	struct symbols physical = { .symbol = NULL };

	if (left.count < wanted->count)
		add_moved(&physical, symbols, distance);
	nvhe_add_symbols(symbols, &left, vectors);
	add_moved(symbols, &physical, 0);
	symbols_sort(symbols);
	symbols_free(&physical);
	addresses_free(&left);
}

/* --- what is wanted --- */

/*
 * Lines of /proc/kallsyms, in new memory. Only functions in which an address lies, each with the symbol behind it,
 * which says where it ends: a kernel has a hundred thousand others. *found: addresses that have a function.
 */
static char *as_text(const struct symbols *symbols, const struct addresses *wanted, size_t *found)
{
	bool *keep = grow(NULL, symbols->count + 2, sizeof(*keep));
	struct trace_text out = { .bytes = NULL };

	memset(keep, 0, (symbols->count + 2) * sizeof(*keep));
	for (size_t i = 0; i < wanted->slots; i++) {
		const struct symbol *s = wanted->slot[i] ? symbols_find(symbols, wanted->slot[i]) : NULL;

		if (!s || wanted->slot[i] - s->address > SYMBOL_FUNCTION_MAX)
			continue;
		++*found;
		keep[s - symbols->symbol] = keep[s - symbols->symbol + 1] = true;
	}
	for (size_t i = 0; i < symbols->count; i++)
		if (keep[i])
			trace_text_print(&out, "%016llx T %s\n",
					 (unsigned long long)symbols->symbol[i].address,
					 symbols->symbol[i].name);
	free(keep);
	return out.bytes ? out.bytes : text("%s", "");
}

/*
 * A guest that brings its own symbols may have none that fit, and is recorded all the same; those that the user gives
 * must at least be readable, and he is told if they do not fit.
 */
char *symbols_for(const struct machine_config *config, const char *elf, uint64_t entry_pc,
		  const struct addresses *wanted, const struct addresses *vectors)
{
	struct symbols symbols = { .symbol = NULL };
	char *out = NULL;
	size_t found = 0;

	if (!elf)
		read_own(&symbols, config, entry_pc);
	if (!elf || read_given(&symbols, elf, entry_pc)) {
		symbols_sort(&symbols);
		if (config->guest->kind == GUEST_LINUX)
			add_other_places(&symbols, entry_pc, wanted, vectors);
		out = as_text(&symbols, wanted, &found);
		if (elf && 2 * found < wanted->count)
			fprintf(stderr,
				"firn: the symbols of %s do not fit: %zu of %zu addresses of L1 are in a function\n",
				elf, found, wanted->count);
	}
	symbols_free(&symbols);
	return out;
}
