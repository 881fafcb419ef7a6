/* Which instruction and line is at an address?  Reads: source.h; libdw reads the file. */
#include "experiments/firn/trace/source.h"

#include <elfutils/libdwfl.h>
#include <errno.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"

struct source {
	Dwfl *dwfl;
	Dwfl_Module *module;
	uint64_t slide;	 /* what addresses of the recording are farther than those of the file */
	char *read_path; /* the last file of source that was read, and its text */
	char *read_text;
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* The address that the file gives a function, or 0. */
static uint64_t address_of(const struct source *s, const char *name)
{
	int count = dwfl_module_getsymtab(s->module);
	GElf_Addr address;
	GElf_Sym symbol;

	for (int i = 0; i < count; i++) {
		const char *of = dwfl_module_getsym_info(s->module, i, &symbol, &address, NULL, NULL, NULL);

		if (of && symbol.st_shndx != SHN_UNDEF && strcmp(of, name) == 0)
			return address;
	}
	return 0;
}

/* True if the file has nearly all functions of the recording, and all that it has are equally far from there. */
static bool fits(struct source *s, const struct symbols *symbols)
{
	size_t found = 0;

	for (size_t i = 0; i < symbols->count; i++) {
		uint64_t address = address_of(s, symbols->symbol[i].name);

		if (!address)
			continue;
		if (found && symbols->symbol[i].address - address != s->slide)
			return false;
		s->slide = symbols->symbol[i].address - address;
		found++;
	}
	return found && 10 * found >= 9 * symbols->count;
}

static bool is_aarch64(const struct source *s)
{
	GElf_Addr bias;
	Elf *elf = s->module ? dwfl_module_getelf(s->module, &bias) : NULL;
	GElf_Ehdr head;

	return elf && gelf_getehdr(elf, &head) && head.e_machine == EM_AARCH64;
}

struct source *source_open(const char *elf, const struct trace_file *file)
{
	struct source *s;

	if (access(elf, R_OK) != 0) {
		complain(STATUS_FAILED, "cannot read the symbols of %s: %s", elf, strerror(errno));
		return NULL;
	}
	s = grow(NULL, 1, sizeof(*s));
	*s = (struct source){ .dwfl = dwfl_begin(&callbacks) };
	s->module = s->dwfl ? dwfl_report_offline(s->dwfl, "L1", elf, -1) : NULL;
	if (s->dwfl)
		dwfl_report_end(s->dwfl, NULL, NULL);
	if (!is_aarch64(s))
		complain(STATUS_FAILED, "%s is not an AArch64 ELF file", elf);
	else if (!fits(s, trace_symbols(file)))
		complain(
			STATUS_FAILED,
			"the functions of %s are not where the recording %s has them: it is of another build",
			elf, trace_name(file));
	else
		return s;
	source_close(s);
	return NULL;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	if (s->dwfl)
		dwfl_end(s->dwfl);
	free(s->read_path);
	free(s->read_text);
	free(s);
}

/* Of code only: the file's bytes are L1's as long as L1 does not change itself. */
bool source_instruction(const struct source *s, uint64_t address, uint32_t *word)
{
	GElf_Addr in_file = address - s->slide, bias;
	Elf_Scn *section = dwfl_module_address_section(s->module, &in_file, &bias);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	GElf_Shdr head;

	if (!data || !data->d_buf || !gelf_getshdr(section, &head) || !(head.sh_flags & SHF_EXECINSTR) ||
	    in_file % sizeof(*word) || data->d_size < sizeof(*word) || in_file > data->d_size - sizeof(*word))
		return false;
	memcpy(word, (const char *)data->d_buf + in_file, sizeof(*word));
	return true;
}

/* The text of a file, or NULL. Kept: steps that follow each other are often of one file. */
static const char *text_of(struct source *s, const char *path)
{
	size_t used = 0, got;
	FILE *in;

	if (s->read_path && strcmp(s->read_path, path) == 0)
		return s->read_text;
	free(s->read_path);
	free(s->read_text);
	s->read_path = text("%s", path);
	s->read_text = NULL;
	in = fopen(path, "r");
	do {
		s->read_text = grow(s->read_text, used + BUFSIZ + 1, 1);
		got = in ? fread(s->read_text + used, 1, BUFSIZ, in) : 0;
		used += got;
	} while (got);
	s->read_text[used] = '\0';
	if (in)
		fclose(in);
	return s->read_text;
}

/* The line of that number, without the white space around it. */
static void copy_line(const char *from, int number, char *line, size_t size)
{
	while (from && --number > 0) {
		from = strchr(from, '\n');
		from = from ? from + 1 : NULL;
	}
	if (!from)
		return;
	from += strspn(from, " \t");
	snprintf(line, size, "%.*s", (int)strcspn(from, "\n"), from);
}

/* Sources are where one is, if they are there under the name that they were compiled by; else where they were compiled. In new memory. */
static char *path_of(const char *name, const char *folder)
{
	size_t length = folder ? strlen(folder) : 0;
	const char *rest = length && strncmp(name, folder, length) == 0 && name[length] == '/' ?
				   name + length + 1 :
				   name;

	if (access(rest, R_OK) == 0 || *name == '/' || !folder)
		return text("%s", access(rest, R_OK) == 0 ? rest : name);
	return text("%s/%s", folder, name);
}

void source_line(struct source *s, uint64_t address, char *place, size_t place_size, char *line,
		 size_t line_size)
{
	Dwfl_Line *found = dwfl_module_getsrc(s->module, address - s->slide);
	int number = 0;
	const char *name = found ? dwfl_lineinfo(found, NULL, &number, NULL, NULL, NULL) : NULL;
	const char *folder = found ? dwfl_line_comp_dir(found) : NULL;
	char *path;

	place[0] = line[0] = '\0';
	if (!name)
		return;
	path = path_of(name, folder);
	snprintf(place, place_size, "%s:%d", strrchr(path, '/') ? strrchr(path, '/') + 1 : path, number);
	copy_line(text_of(s, path), number, line, line_size);
	free(path);
}
