/*
 * How does perf read a recording?  As a perf.data file whose samples are traps, with L1's functions: perf takes symbols
 * from ELF files, so one that holds L1's symbols and code is written beside it. The weight ("period") of a sample is the
 * cost of its trap in L0.  Formats: linux/perf_event.h and tools/perf/Documentation/perf.data-file-format.txt of Linux.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/export/writers.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/output.h"
#include "experiments/firn/trace/steps.h"
#include "traces/format.h"

#define PERF_MAGIC UINT64_C(0x32454c4946524550) /* "PERFILE2" */
/* perf groups samples by process: all that ran at vEL2 is one, everything else another. */
#define PID_L1 1000
#define PID_L2 2000
#define PAGE 0x1000
/* The fields of a sample; they follow each other as perf_event.h says of PERF_RECORD_SAMPLE. */
#define SAMPLE_TYPE                                                                                   \
	(PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU | PERF_SAMPLE_PERIOD | \
	 PERF_SAMPLE_CALLCHAIN)
/* The feature sections: which machine's code it is, for perf annotate, and the name of the event, without which it is cpu-clock. */
#define FEATURE_ARCH 6
#define FEATURE_EVENT_DESC 12

/* Of the file, in bytes. */
struct section {
	uint64_t offset, size;
};

struct perf_header {
	uint64_t magic, size, attr_size;
	struct section attrs, data, event_types;
	uint64_t features[4];
};

struct perf_attr {
	struct perf_event_attr attr;
	struct section ids;
};

/* Where the samples are, behind header and attribute. */
#define DATA_AT (sizeof(struct perf_header) + sizeof(struct perf_attr))

/* The part of the file that is as long as the recording, on its way. */
struct samples {
	FILE *out;
	struct trace_text text; /* of one record */
	uint64_t bytes;		/* that are written */
};

static void add_u32(struct trace_text *t, uint32_t value)
{
	trace_text_add(t, &value, sizeof(value));
}

static void add_u64(struct trace_text *t, uint64_t value)
{
	trace_text_add(t, &value, sizeof(value));
}

/* body: the bytes that follow. */
static void add_header(struct trace_text *t, uint32_t type, uint16_t misc, size_t body)
{
	struct perf_event_header h = { type, misc, (uint16_t)(sizeof(h) + body) };

	trace_text_add(t, &h, sizeof(h));
}

/* What was made of the data is written, and room for more. */
static void put_text(struct samples *samples)
{
	fwrite(samples->text.bytes, samples->text.length, 1, samples->out);
	samples->bytes += samples->text.length;
	samples->text.length = 0;
}

static struct perf_event_attr event_attr(void)
{
	return (struct perf_event_attr){ .type = PERF_TYPE_SOFTWARE,
					 .size = sizeof(struct perf_event_attr),
					 .config = PERF_COUNT_SW_CPU_CLOCK,
					 .sample_period = 1,
					 .sample_type = SAMPLE_TYPE };
}

/* A string, filled up with zeros to a multiple of 8. */
static void add_padded(struct trace_text *t, const char *string, size_t bytes)
{
	static const char zeros[8];

	trace_text_add(t, string, strlen(string));
	for (size_t left = bytes - strlen(string); left;) {
		size_t n = left < sizeof(zeros) ? left : sizeof(zeros);

		trace_text_add(t, zeros, n);
		left -= n;
	}
}

/* With its 0, to a multiple of 8. */
static size_t padded(const char *string)
{
	return (strlen(string) + 8) & ~(size_t)7;
}

/* The name of a process. */
static void add_comm(struct trace_text *t, uint32_t pid, const char *name)
{
	add_header(t, PERF_RECORD_COMM, 0, 8 + padded(name));
	add_u32(t, pid);
	add_u32(t, pid);
	add_padded(t, name, padded(name));
}

/* So many bytes of L1's code from base on are in that ELF file, at that offset. */
static void add_map(struct trace_text *t, uint64_t base, uint64_t bytes, uint64_t at, const char *file)
{
	add_header(t, PERF_RECORD_MMAP, PERF_RECORD_MISC_USER, 32 + padded(file));
	add_u32(t, PID_L1);
	add_u32(t, PID_L1);
	add_u64(t, base);
	add_u64(t, bytes);
	add_u64(t, at);
	add_padded(t, file, padded(file));
}

/*
 * For traps_each. The instruction that trapped and its callers, weighted with the cost in L0; one without a cost
 * would not be shown.
 */
static void add_sample(void *context, const struct step *s)
{
	struct samples *samples = context;
	struct trace_text *t = &samples->text;
	uint32_t pid = s->exit.from_vel2 ? PID_L1 : PID_L2;
	uint64_t cost = step_cost(s);
	uint32_t frames = s->has_stack && s->exit.from_vel2 ? s->stack.frames : 0;

	add_header(t, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER, 48 + 8 * (2 + frames));
	add_u64(t, s->exit.vcpu_pc);
	add_u32(t, pid);
	add_u32(t, pid);
	add_u64(t, s->time);
	add_u32(t, s->vcpu);
	add_u32(t, 0);
	add_u64(t, cost ? cost : 1);
	add_u64(t, 2 + frames);
	add_u64(t, (uint64_t)PERF_CONTEXT_USER);
	add_u64(t, s->exit.vcpu_pc);
	for (uint32_t i = 0; i < frames; i++)
		add_u64(t, s->stack.caller[i]);
	put_text(samples);
}

/* --- the ELF file --- */

/* A piece of L1's code: pages that follow each other. In the file it is at the offset at. */
struct piece {
	uint64_t base, bytes, at;
};

/* In order, none touches the next. */
struct pieces {
	struct piece *piece;
	size_t count, room;
};

#define PIECES_MAX 30000 /* an ELF file has fewer than 65,280 sections */
/* What is farther apart is in files of their own: perf knows one distance from addresses to offsets for each file. */
#define FILE_SPAN (UINT64_C(256) << 20)

/* Pages come in order. */
static void add_page(struct pieces *p, uint64_t page)
{
	struct piece *last = p->count ? &p->piece[p->count - 1] : NULL;

	if (last && page - last->base < last->bytes)
		return;
	if (last && page == last->base + last->bytes) {
		last->bytes += PAGE;
		return;
	}
	if (p->count == PIECES_MAX)
		return;
	if (p->count == p->room) {
		p->room = p->room ? 2 * p->room : 64;
		p->piece = grow(p->piece, p->room, sizeof(p->piece[0]));
	}
	p->piece[p->count++] = (struct piece){ .base = page, .bytes = PAGE };
}

/* Where functions begin, and what the recording has of their code behind that: to the next symbol, or as far as there are pages. */
static struct pieces find_pieces(const struct trace_file *file, const struct symbols *s)
{
	struct pieces p = { .piece = NULL };

	for (size_t i = 0; i < s->count; i++) {
		uint64_t page = s->symbol[i].address & ~(uint64_t)(PAGE - 1);
		uint64_t next = i + 1 < s->count ? s->symbol[i + 1].address : s->symbol[i].address + PAGE;

		add_page(&p, page);
		for (page += PAGE; page < next && trace_code(file, page); page += PAGE)
			add_page(&p, page);
	}
	return p;
}

/* The sections of the file: none, one for each piece, and these. */
enum {
	SYMTAB,
	STRTAB,
	SHSTRTAB,
	OTHERS
};

static const char section_names[] = "\0.text\0.symtab\0.strtab\0.shstrtab";

static void add_elf_header(struct trace_text *t, size_t pieces)
{
	Elf64_Ehdr h = { .e_type = ET_EXEC,
			 .e_machine = EM_AARCH64,
			 .e_version = EV_CURRENT,
			 .e_phoff = sizeof(h),
			 .e_shoff = sizeof(h) + pieces * sizeof(Elf64_Phdr),
			 .e_ehsize = sizeof(h),
			 .e_phentsize = sizeof(Elf64_Phdr),
			 .e_phnum = (Elf64_Half)pieces,
			 .e_shentsize = sizeof(Elf64_Shdr),
			 .e_shnum = (Elf64_Half)(1 + pieces + OTHERS),
			 .e_shstrndx = (Elf64_Half)(1 + pieces + SHSTRTAB) };

	memcpy(h.e_ident, ELFMAG, SELFMAG);
	h.e_ident[EI_CLASS] = ELFCLASS64;
	h.e_ident[EI_DATA] = ELFDATA2LSB;
	h.e_ident[EI_VERSION] = EV_CURRENT;
	trace_text_add(t, &h, sizeof(h));
}

static void add_section(struct trace_text *t, Elf64_Shdr section)
{
	trace_text_add(t, &section, sizeof(section));
}

/* Program headers and sections; the tables lie behind the pieces, at that offset. */
static void add_tables(struct trace_text *t, const struct pieces *p, const struct trace_text *symbols,
		       const struct trace_text *strings, uint64_t at)
{
	for (size_t i = 0; i < p->count; i++) {
		Elf64_Phdr h = { .p_type = PT_LOAD,
				 .p_flags = PF_R | PF_X,
				 .p_offset = p->piece[i].at,
				 .p_vaddr = p->piece[i].base,
				 .p_paddr = p->piece[i].base,
				 .p_filesz = p->piece[i].bytes,
				 .p_memsz = p->piece[i].bytes,
				 .p_align = PAGE };

		trace_text_add(t, &h, sizeof(h));
	}
	add_section(t, (Elf64_Shdr){ .sh_type = SHT_NULL });
	for (size_t i = 0; i < p->count; i++)
		add_section(t, (Elf64_Shdr){ .sh_name = 1,
					     .sh_type = SHT_PROGBITS,
					     .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
					     .sh_addr = p->piece[i].base,
					     .sh_offset = p->piece[i].at,
					     .sh_size = p->piece[i].bytes,
					     .sh_addralign = 4 });
	add_section(t, (Elf64_Shdr){ .sh_name = 7,
				     .sh_type = SHT_SYMTAB,
				     .sh_offset = at,
				     .sh_size = symbols->length,
				     .sh_link = (Elf64_Word)(1 + p->count + STRTAB),
				     .sh_info = 1,
				     .sh_addralign = 8,
				     .sh_entsize = sizeof(Elf64_Sym) });
	add_section(t, (Elf64_Shdr){ .sh_name = 15,
				     .sh_type = SHT_STRTAB,
				     .sh_offset = at + symbols->length,
				     .sh_size = strings->length,
				     .sh_addralign = 1 });
	add_section(t, (Elf64_Shdr){ .sh_name = 23,
				     .sh_type = SHT_STRTAB,
				     .sh_offset = at + symbols->length + strings->length,
				     .sh_size = sizeof(section_names),
				     .sh_addralign = 1 });
}

/* A function is as long as the distance to the next one, and in the piece that has its first instruction. */
static void add_symbols(const struct symbols *s, const struct pieces *p, struct trace_text *symbols,
			struct trace_text *strings)
{
	Elf64_Sym symbol = { 0 };
	size_t in = 0;

	trace_text_add(symbols, &symbol, sizeof(symbol));
	trace_text_add(strings, "", 1);
	for (size_t i = 0; i < s->count; i++) {
		uint64_t address = s->symbol[i].address;

		if (address < p->piece[0].base)
			continue;
		while (in < p->count && address - p->piece[in].base >= p->piece[in].bytes)
			in++;
		if (in == p->count)
			return;
		symbol = (Elf64_Sym){
			.st_name = (uint32_t)strings->length,
			.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
			.st_shndx = (Elf64_Half)(1 + in),
			.st_value = address,
			.st_size = i + 1 < s->count ? s->symbol[i + 1].address - address : 4,
		};
		trace_text_add(symbols, &symbol, sizeof(symbol));
		trace_text_add(strings, s->symbol[i].name, strlen(s->symbol[i].name) + 1);
	}
}

/* What the recording does not have is zeros, which disassemble to udf #0. */
static bool put_code(FILE *out, const struct trace_file *file, const struct piece *p)
{
	static const uint8_t zeros[PAGE];

	if (fseek(out, (long)p->at, SEEK_SET))
		return false;
	for (uint64_t at = 0; at < p->bytes; at += PAGE) {
		const uint8_t *code = trace_code(file, p->base + at);

		fwrite(code ? code : zeros, PAGE, 1, out);
	}
	return true;
}

/* The pieces of the first file, which are as far apart in it as in memory: holes take no room on a disk. */
static struct pieces place(const struct pieces *all, size_t from)
{
	struct pieces p = { .piece = all->piece + from };
	uint64_t headers, at;

	while (from + p.count < all->count && p.piece[p.count].base - p.piece[0].base < FILE_SPAN)
		p.count++;
	headers = sizeof(Elf64_Ehdr) + p.count * (sizeof(Elf64_Phdr) + sizeof(Elf64_Shdr)) +
		  (1 + OTHERS) * sizeof(Elf64_Shdr);
	at = (headers + PAGE - 1) / PAGE * PAGE;
	for (size_t i = 0; i < p.count; i++)
		p.piece[i].at = at + (p.piece[i].base - p.piece[0].base);
	return p;
}

static bool put_text_at(FILE *out, uint64_t at, const struct trace_text *text)
{
	return !text->failed && fseek(out, (long)at, SEEK_SET) == 0 &&
	       fwrite(text->bytes, text->length, 1, out) == 1;
}

/* False after one line on stderr. */
static bool write_elf(const struct trace_file *file, const struct pieces *p, const char *name)
{
	struct trace_text symbols = { .bytes = NULL }, strings = { .bytes = NULL }, head = { .bytes = NULL };
	const struct piece *last = &p->piece[p->count - 1];
	struct output output;
	FILE *out;
	bool good;

	if (!output_open(&output, name))
		return false;
	out = fdopen(dup(output.fd), "w");
	good = out != NULL;

	add_symbols(trace_symbols(file), p, &symbols, &strings);
	add_elf_header(&head, p->count);
	add_tables(&head, p, &symbols, &strings, last->at + last->bytes);
	trace_text_add(&symbols, strings.bytes, strings.length);
	trace_text_add(&symbols, section_names, sizeof(section_names));
	good = good && put_text_at(out, 0, &head);
	for (size_t i = 0; good && i < p->count; i++)
		good = put_code(out, file, &p->piece[i]);
	good = good && !strings.failed && put_text_at(out, last->at + last->bytes, &symbols) && !ferror(out);
	good = out && fclose(out) == 0 && good;
	if (!good)
		complain(STATUS_FAILED, "cannot write %s: %s", name, strerror(errno));
	good = good && output_finish(&output, "");
	output_drop(&output);
	trace_text_free(&symbols);
	trace_text_free(&strings);
	trace_text_free(&head);
	return good;
}

/* --- the file --- */

/* In perf's order: header, attribute of the one event; then come the data, and the feature section. */
static void write_begin(FILE *out, uint64_t data_bytes)
{
	struct perf_header header = { .magic = PERF_MAGIC,
				      .size = sizeof(header),
				      .attr_size = sizeof(struct perf_attr),
				      .attrs = { sizeof(header), sizeof(struct perf_attr) },
				      .data = { DATA_AT, data_bytes },
				      .features = { UINT64_C(1) << FEATURE_ARCH |
						    UINT64_C(1) << FEATURE_EVENT_DESC } };
	struct perf_attr attr = { .attr = event_attr() };

	fwrite(&header, sizeof(header), 1, out);
	fwrite(&attr, sizeof(attr), 1, out);
}

static void write_features(FILE *out, uint64_t data_bytes)
{
	static const char event[] = "firn-traps";
	struct perf_event_attr attr = event_attr();
	static const char arch[] = "aarch64";
	struct trace_text desc = { .bytes = NULL };
	struct section where[2];

	add_u32(&desc, (uint32_t)padded(arch));
	add_padded(&desc, arch, padded(arch));
	where[0] = (struct section){ DATA_AT + data_bytes + sizeof(where), desc.length };
	add_u32(&desc, 1);
	add_u32(&desc, sizeof(attr));
	trace_text_add(&desc, &attr, sizeof(attr));
	add_u32(&desc, 0);
	add_u32(&desc, (uint32_t)padded(event));
	add_padded(&desc, event, padded(event));
	where[1] = (struct section){ where[0].offset + where[0].size, desc.length - where[0].size };
	fwrite(where, sizeof(where), 1, out);
	fwrite(desc.bytes, desc.length, 1, out);
	trace_text_free(&desc);
}

/* L1's symbols and code, in NAME.l1.elf, and in NAME.l1-1.elf and so on what is far away. False after one line on stderr. */
static bool write_names(struct samples *samples, const struct trace_file *file, const char *name)
{
	struct pieces all = find_pieces(file, trace_symbols(file)), p;
	bool good = true;

	for (size_t from = 0, n = 0; good && from < all.count; from += p.count, n++) {
		char *elf = n ? text("%s.l1-%zu.elf", name, n) : text("%s.l1.elf", name);

		p = place(&all, from);
		good = write_elf(file, &p, elf);
		for (size_t i = 0; i < p.count; i++)
			add_map(&samples->text, p.piece[i].base, p.piece[i].bytes, p.piece[i].at, elf);
		free(elf);
	}
	free(all.piece);
	return good;
}

/* The head is written once more when the length of the data is known: they are as long as the recording. */
bool export_perf(struct trace_file *file, FILE *out, const char *name)
{
	struct samples samples = { .out = out };
	bool good;

	if (strcmp(name, "-") == 0 || fseek(out, 0, SEEK_SET))
		return !complain(
			STATUS_FAILED,
			"perf reads a file that is written from its beginning again, with another one beside it; name a file with -o");
	write_begin(out, 0);
	add_comm(&samples.text, PID_L1, "L1");
	add_comm(&samples.text, PID_L2, "L2");
	good = write_names(&samples, file, name);
	put_text(&samples);
	traps_each(file, add_sample, &samples);
	write_features(out, samples.bytes);
	good = fseek(out, 0, SEEK_SET) == 0 && good;
	write_begin(out, samples.bytes);
	good = good && (!samples.text.failed || !complain(STATUS_FAILED, "out of memory"));
	trace_text_free(&samples.text);
	return good;
}
