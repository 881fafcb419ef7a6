/*
 * How does perf read a recording?  As a perf.data file whose samples are traps, with L1's functions: perf takes symbols
 * from ELF files, so one that holds nothing but L1's symbols is written beside it. The weight ("period") of a sample is the
 * cost of its trap in L0.  Formats: linux/perf_event.h and tools/perf/Documentation/perf.data-file-format.txt of Linux.
 */
#include <elf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/export/writers.h"
#include "experiments/firn/tool/complain.h"
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
/* The feature section that names the event; without it perf shows cpu-clock. */
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

/* L1's code is in that ELF file, from its second page on. */
static void add_map(struct trace_text *t, uint64_t base, uint64_t bytes, const char *file)
{
	add_header(t, PERF_RECORD_MMAP, PERF_RECORD_MISC_USER, 32 + padded(file));
	add_u32(t, PID_L1);
	add_u32(t, PID_L1);
	add_u64(t, base);
	add_u64(t, bytes);
	add_u64(t, PAGE);
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

	if (frames > TRACE_STACK_FRAMES)
		frames = TRACE_STACK_FRAMES;
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
		add_u64(t, stack_caller(&s->stack, i));
	put_text(samples);
}

/* --- the ELF file --- */

struct elf_head {
	Elf64_Ehdr file;
	Elf64_Phdr program;
	Elf64_Shdr section[5]; /* none, .text, .symtab, .strtab, .shstrtab */
};

static const char section_names[] = "\0.text\0.symtab\0.strtab\0.shstrtab";

/* The sections lie behind two pages: the head's, and that of code, which is not there (NOBITS). */
static void fill_head(struct elf_head *h, uint64_t base, uint64_t bytes, const struct trace_text *symbols,
		      const struct trace_text *strings)
{
	uint64_t at = 2 * PAGE;

	memcpy(h->file.e_ident, ELFMAG, SELFMAG);
	h->file.e_ident[EI_CLASS] = ELFCLASS64;
	h->file.e_ident[EI_DATA] = ELFDATA2LSB;
	h->file.e_ident[EI_VERSION] = EV_CURRENT;
	h->file.e_type = ET_EXEC;
	h->file.e_machine = EM_AARCH64;
	h->file.e_version = EV_CURRENT;
	h->file.e_phoff = offsetof(struct elf_head, program);
	h->file.e_shoff = offsetof(struct elf_head, section);
	h->file.e_ehsize = sizeof(h->file);
	h->file.e_phentsize = sizeof(h->program);
	h->file.e_phnum = 1;
	h->file.e_shentsize = sizeof(h->section[0]);
	h->file.e_shnum = 5;
	h->file.e_shstrndx = 4;
	h->program = (Elf64_Phdr){ .p_type = PT_LOAD,
				   .p_flags = PF_R | PF_X,
				   .p_offset = PAGE,
				   .p_vaddr = base,
				   .p_paddr = base,
				   .p_memsz = bytes,
				   .p_align = PAGE };
	h->section[1] = (Elf64_Shdr){ .sh_name = 1,
				      .sh_type = SHT_NOBITS,
				      .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
				      .sh_addr = base,
				      .sh_offset = PAGE,
				      .sh_size = bytes,
				      .sh_addralign = 4 };
	h->section[2] = (Elf64_Shdr){ .sh_name = 7,
				      .sh_type = SHT_SYMTAB,
				      .sh_offset = at,
				      .sh_size = symbols->length,
				      .sh_link = 3,
				      .sh_info = 1,
				      .sh_addralign = 8,
				      .sh_entsize = sizeof(Elf64_Sym) };
	at += symbols->length;
	h->section[3] = (Elf64_Shdr){ .sh_name = 15,
				      .sh_type = SHT_STRTAB,
				      .sh_offset = at,
				      .sh_size = strings->length,
				      .sh_addralign = 1 };
	at += strings->length;
	h->section[4] = (Elf64_Shdr){ .sh_name = 23,
				      .sh_type = SHT_STRTAB,
				      .sh_offset = at,
				      .sh_size = sizeof(section_names),
				      .sh_addralign = 1 };
}

/* A function is as long as the distance to the next one. False after one line on stderr. */
static bool write_elf(const struct symbols *s, const char *name, uint64_t base, uint64_t bytes)
{
	struct trace_text symbols = { .bytes = NULL }, strings = { .bytes = NULL };
	struct elf_head head = { .program = { 0 } };
	Elf64_Sym symbol = { 0 };
	static const char zeros[2 * PAGE];
	FILE *out = fopen(name, "w");
	bool good;

	if (!out)
		return !complain(STATUS_FAILED, "cannot write %s: %s", name, strerror(errno));
	trace_text_add(&symbols, &symbol, sizeof(symbol));
	trace_text_add(&strings, "", 1);
	for (size_t i = 0; i < s->count; i++) {
		symbol = (Elf64_Sym){ .st_name = (uint32_t)strings.length,
				      .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
				      .st_shndx = 1,
				      .st_value = s->symbol[i].address,
				      .st_size = i + 1 < s->count ?
							 s->symbol[i + 1].address - s->symbol[i].address :
							 4 };
		trace_text_add(&symbols, &symbol, sizeof(symbol));
		trace_text_add(&strings, s->symbol[i].name, strlen(s->symbol[i].name) + 1);
	}
	fill_head(&head, base, bytes, &symbols, &strings);
	fwrite(&head, sizeof(head), 1, out);
	fwrite(zeros, 2 * PAGE - sizeof(head), 1, out);
	fwrite(symbols.bytes, symbols.length, 1, out);
	fwrite(strings.bytes, strings.length, 1, out);
	fwrite(section_names, sizeof(section_names), 1, out);
	good = !ferror(out);
	good = fclose(out) == 0 && good && !symbols.failed && !strings.failed;
	trace_text_free(&symbols);
	trace_text_free(&strings);
	return good || !complain(STATUS_FAILED, "cannot write %s: %s", name, strerror(errno));
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
				      .features = { UINT64_C(1) << FEATURE_EVENT_DESC } };
	struct perf_attr attr = { .attr = event_attr() };

	fwrite(&header, sizeof(header), 1, out);
	fwrite(&attr, sizeof(attr), 1, out);
}

/* The name of the event. */
static void write_features(FILE *out, uint64_t data_bytes)
{
	static const char event[] = "firn-traps";
	struct perf_event_attr attr = event_attr();
	struct trace_text desc = { .bytes = NULL };
	struct section where;

	add_u32(&desc, 1);
	add_u32(&desc, sizeof(attr));
	trace_text_add(&desc, &attr, sizeof(attr));
	add_u32(&desc, 0);
	add_u32(&desc, (uint32_t)padded(event));
	add_padded(&desc, event, padded(event));
	where = (struct section){ DATA_AT + data_bytes + sizeof(where), desc.length };
	fwrite(&where, sizeof(where), 1, out);
	fwrite(desc.bytes, desc.length, 1, out);
	trace_text_free(&desc);
}

/* Who L1 and L2 are, and L1's symbols in a second file, NAME.l1.elf. False after one line on stderr. */
static bool write_names(struct samples *samples, const struct symbols *s, const char *name)
{
	uint64_t base, bytes;
	char *elf;
	bool good;

	add_comm(&samples->text, PID_L1, "L1");
	add_comm(&samples->text, PID_L2, "L2");
	if (!s->count)
		return true;
	base = s->symbol[0].address & ~(uint64_t)(PAGE - 1);
	bytes = ((s->symbol[s->count - 1].address - base) & ~(uint64_t)(PAGE - 1)) + 16 * PAGE;
	elf = text("%s.l1.elf", name);
	good = write_elf(s, elf, base, bytes);
	add_map(&samples->text, base, bytes, elf);
	free(elf);
	return good;
}

/* The head is written once more when the length of the data is known: they are as long as the recording. */
bool export_perf(struct trace_file *file, FILE *out, const char *name)
{
	struct samples samples = { .out = out };
	bool good;

	write_begin(out, 0);
	good = write_names(&samples, trace_symbols(file), name);
	put_text(&samples);
	traps_each(file, add_sample, &samples);
	write_features(out, samples.bytes);
	if (fseek(out, 0, SEEK_SET) == 0)
		write_begin(out, samples.bytes);
	else
		good = good && !complain(STATUS_FAILED,
					 "%s cannot be written from its beginning again; name a file", name);
	good = good && (!samples.text.failed || !complain(STATUS_FAILED, "out of memory"));
	trace_text_free(&samples.text);
	return good;
}
