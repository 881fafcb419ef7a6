/* What happened, according to a trace.dat file of firn?  Reads: trace_file.h, traces/dat.h.  Next: report.c. */
#define _GNU_SOURCE
#include "experiments/firn/trace/trace_file.h"

#include <errno.h>
#include <traceevent/event-parse.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"
#include "traces/format.h"

#define FORMAT_MAX 65536 /* bytes of one event's format text */
#define FIELDS_MAX 48
#define KEPT_BYTES (UINT64_C(4) << 20) /* of each CPU's events, behind the reader */

/*
 * One field: where it is in the file's record, and where in our struct. The file decides the former, so that
 * recordings of another firn can be read as long as they have the field.
 */
struct copy {
	uint16_t from, from_size, to, to_size;
	bool is_signed;
};

/* How the file's records of one type become a struct. */
struct mapping {
	uint16_t type, id;
	uint16_t fields;
	struct copy copy[FIELDS_MAX];
};

/* A row of the file's string table. */
struct named {
	uint64_t value;
	char *text;
};

/*
 * The file is mapped whole and read in place. For each CPU the cursor stands behind the record that is shown next,
 * which is decoded already where have says so.
 */
struct trace_file {
	char *name;
	struct dat dat;
	struct tep_handle *tep;
	struct mapping mapping[64];
	size_t mappings;
	uint16_t type_at, pid_at;
	struct symbols symbols;
	struct named *string;
	size_t strings;
	char *about, *value;
	struct dat_cursor cursor[DAT_MAX_CPUS];
	struct dat_record record[DAT_MAX_CPUS];
	bool have[DAT_MAX_CPUS];
	uint64_t let_go[DAT_MAX_CPUS]; /* offset up to which the memory was given back */
	uint64_t number;
	bool told;
};

/* Always false, after one line on stderr that says where in the file. */
static bool bad(const struct trace_file *f, uint64_t offset, const char *error)
{
	return !complain(STATUS_FAILED, "%s: offset %llu: %s", f->name, (unsigned long long)offset, error);
}

/* The next line of a piece of the file, without its end; moves *at behind it. */
static bool next_line(const struct trace_file *f, const struct dat_piece *piece, uint64_t *at, char *line,
		      size_t size)
{
	const char *start = (const char *)f->dat.bytes + piece->offset + *at, *end;
	size_t length;

	if (*at >= piece->bytes)
		return false;
	end = memchr(start, '\n', piece->bytes - *at);
	length = end ? (size_t)(end - start) : (size_t)(piece->bytes - *at);
	*at += length + 1;
	if (length >= size)
		length = size - 1;
	memcpy(line, start, length);
	line[length] = '\0';
	return true;
}

/* --- formats --- */

/* A field that the file does not have, or has as something else than a number, stays 0 in our struct. */
static void add_copy(struct mapping *m, struct tep_event *event, const struct trace_field *field)
{
	struct tep_format_field *in = tep_find_field(event, field->name);

	if (!in || in->offset < 0 || in->offset > 4096 || in->size <= 0 || in->size > 8 ||
	    m->fields == FIELDS_MAX || (in->flags & (TEP_FIELD_IS_ARRAY | TEP_FIELD_IS_DYNAMIC)))
		return;
	m->copy[m->fields++] = (struct copy){ (uint16_t)in->offset, (uint16_t)in->size, field->offset,
					      field->size, (in->flags & TEP_FIELD_IS_SIGNED) != 0 };
}

/* An event that the file does not describe is none of its records'. */
static void add_mapping(struct trace_file *f, const struct trace_event_info *info)
{
	struct tep_event *event = tep_find_event_by_name(f->tep, TRACE_SYSTEM, info->name);
	struct mapping *m = &f->mapping[f->mappings];

	if (!event || event->id < 0 || event->id > 0xffff)
		return;
	*m = (struct mapping){ .type = (uint16_t)event->id, .id = info->id };
	for (size_t i = 0; i < trace_field_count; i++)
		if (trace_fields[i].id == info->id)
			add_copy(m, event, &trace_fields[i]);
	f->mappings++;
}

/* Words of letters, digits, underscores, and what a C type may have besides. */
static bool is_plain(const char *word)
{
	size_t good = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ *");

	return word[0] && !word[good];
}

/* One line of a description, as far as it is well-formed. */
static void add_clean_line(struct trace_text *out, const char *line, unsigned *found)
{
	char type[128], name[80];
	unsigned offset, size, is_signed, id;

	if (sscanf(line, "name: %79s", name) == 1 && is_plain(name) && !(*found & 1)) {
		trace_text_print(out, "name: %s\n", name);
		*found |= 1;
	} else if (sscanf(line, "ID: %u", &id) == 1 && id < 0x10000 && *found == 1) {
		trace_text_print(out, "ID: %u\nformat:\n", id);
		*found |= 2;
	} else if (*found == 3 &&
		   sscanf(line, " field:%127[^;]; offset:%u; size:%u; signed:%u;", type, &offset, &size,
			  &is_signed) == 4 &&
		   is_plain(type) && strchr(type, ' ') && offset < 4096 && size > 0 && size <= 8) {
		trace_text_print(out, "\tfield:%s;\toffset:%u;\tsize:%u;\tsigned:%u;\n", type, offset, size,
				 is_signed != 0);
		if (strstr(type, "common_pid")) /* the last of the common fields, which an empty line ends */
			trace_text_print(out, "\n");
	}
}

/*
 * libtraceevent is given what is well-formed, and nothing of how an event is printed: its parser of the latter (1.7.1) does
 * not survive a damaged one. New memory, NULL if there is no event in the text.
 */
static char *clean_format(const struct trace_file *f, const struct dat_piece *piece)
{
	struct trace_text out = { .bytes = NULL };
	unsigned found = 0;
	char line[512];
	uint64_t at = 0;

	while (next_line(f, piece, &at, line, sizeof(line)))
		add_clean_line(&out, line, &found);
	trace_text_print(&out, "\nprint fmt: \"firn\"\n");
	if (found == 3 && !out.failed)
		return out.bytes;
	trace_text_free(&out);
	return NULL;
}

/* What is damaged is told and left out; false when none of firn's events is left. */
static bool read_formats(struct trace_file *f)
{
	uint64_t first = f->dat.formats ? f->dat.format[0].text.offset : 0;

	for (uint32_t i = 0; i < f->dat.formats; i++) {
		const struct dat_format *format = &f->dat.format[i];
		char *clean;

		if (strcmp(format->system, TRACE_SYSTEM) != 0)
			continue;
		if (format->text.bytes > FORMAT_MAX)
			return bad(f, format->text.offset, "the description of an event is too long");
		clean = clean_format(f, &format->text);
		if (!clean || tep_parse_event(f->tep, clean, (unsigned long)strlen(clean), TRACE_SYSTEM) != 0)
			fprintf(stderr,
				"firn: %s: offset %llu: an event's description cannot be read; it is left out\n",
				f->name, (unsigned long long)format->text.offset);
		free(clean);
	}
	for (size_t i = 0; i < trace_event_count; i++)
		add_mapping(f, &trace_events[i]);
	if (f->mappings == 0)
		return bad(f, first,
			   "there is none of firn's events in it; was it recorded by something else?");
	f->type_at = 0;
	f->pid_at = 4;
	return true;
}

/* --- texts --- */

/* Lines: address type name, as /proc/kallsyms has them. */
static void read_symbols(struct trace_file *f)
{
	char line[1024], name[1024];
	unsigned long long address;
	uint64_t at = 0;
	char type;

	while (next_line(f, &f->dat.symbols, &at, line, sizeof(line)))
		if (sscanf(line, "%llx %c %1000s", &address, &type, name) == 3)
			symbols_add(&f->symbols, address, name);
	symbols_sort(&f->symbols);
}

static int by_value(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return x->value < y->value ? -1 : x->value > y->value;
}

/* Lines: 0xvalue : "text" */
static void read_strings(struct trace_file *f)
{
	size_t room = 0;
	char line[1024];
	uint64_t at = 0;

	while (next_line(f, &f->dat.strings, &at, line, sizeof(line))) {
		char *end, *open = strchr(line, '"'), *close = strrchr(line, '"');
		uint64_t value = strtoull(line, &end, 16);

		if (end == line || !open || close == open)
			continue;
		*close = '\0';
		if (f->strings == room) {
			room = room ? 2 * room : 1024;
			f->string = grow(f->string, room, sizeof(f->string[0]));
		}
		f->string[f->strings++] = (struct named){ value, text("%s", open + 1) };
	}
	if (f->strings)
		qsort(f->string, f->strings, sizeof(f->string[0]), by_value);
}

/* "" for a value that the file's table does not have. */
const char *trace_string(const struct trace_file *f, uint64_t value)
{
	const struct named key = { .value = value }, *found;

	found = f->strings ? bsearch(&key, f->string, f->strings, sizeof(key), by_value) : NULL;
	return found ? found->text : "";
}

/*
 * The line that the recorder wrote of itself: words KEY=VALUE. What is given back is good until the next call, and ""
 * where there is no such key.
 */
const char *trace_about(const struct trace_file *file, const char *key)
{
	struct trace_file *f = (struct trace_file *)(uintptr_t)file;
	size_t length = strlen(key);

	free(f->value);
	f->value = NULL;
	for (const char *at = f->about; at && *at; at += strcspn(at, " "), at += strspn(at, " "))
		if (strncmp(at, key, length) == 0 && at[length] == '=') {
			f->value = text("%.*s", (int)strcspn(at + length + 1, " "), at + length + 1);
			return f->value;
		}
	return "";
}

const struct symbols *trace_symbols(const struct trace_file *file)
{
	return &file->symbols;
}

const char *trace_name(const struct trace_file *file)
{
	return file->name;
}

const uint8_t *trace_code(const struct trace_file *file, uint64_t page)
{
	return dat_code(&file->dat, page);
}

bool trace_instruction(const struct trace_file *file, uint64_t address, uint32_t *word)
{
	const uint8_t *page = dat_code(&file->dat, address & ~(uint64_t)(TRACE_PAGE_BYTES - 1));

	if (!page || (address & 3))
		return false;
	memcpy(word, page + (address & (TRACE_PAGE_BYTES - 1)), sizeof(*word));
	return true;
}

/*
 * The name of the function, with +0xoffset where wanted; the address in hexadecimal where no symbol is near enough
 * before it. It is in the buffer or in the file.
 */
const char *trace_function(const struct trace_file *f, uint64_t address, bool offset, char *buffer,
			   size_t size)
{
	const struct symbol *s = symbols_find(&f->symbols, address);

	if (!s || address - s->address > SYMBOL_FUNCTION_MAX) {
		snprintf(buffer, size, "0x%llx", (unsigned long long)address);
		return buffer;
	}
	if (!offset || address == s->address)
		return s->name;
	snprintf(buffer, size, "%s+0x%llx", s->name, (unsigned long long)(address - s->address));
	return buffer;
}

/* --- opening --- */

/* False after one line on stderr: no file, no regular one, an empty one, or not in trace.dat's format. */
static bool map_whole(struct trace_file *f)
{
	struct stat status;
	int fd = open(f->name, O_RDONLY | O_CLOEXEC);
	void *bytes = MAP_FAILED;
	int error = 0;

	if (fd < 0 || fstat(fd, &status))
		error = errno;
	else if (!S_ISREG(status.st_mode))
		error = EISDIR;
	else if (status.st_size)
		bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (error)
		return !complain(STATUS_FAILED, "cannot read %s: %s", f->name,
				 error == EISDIR ? "it is not a file" : strerror(error));
	if (bytes == MAP_FAILED)
		return !complain(STATUS_FAILED, "%s: offset 0: the file is empty", f->name);
	if (dat_open(&f->dat, bytes, (uint64_t)status.st_size))
		return true;
	return bad(f, f->dat.error_offset, f->dat.error);
}

/* Once for each file: a recording that was cut short is still worth reading. */
static void tell_damage(struct trace_file *f)
{
	if (f->told || (!f->dat.error && !f->dat.truncated))
		return;
	f->told = true;
	if (f->dat.error)
		fprintf(stderr, "firn: %s: offset %llu: %s; what can be read goes on\n", f->name,
			(unsigned long long)f->dat.error_offset, f->dat.error);
	else
		fprintf(stderr, "firn: %s: offset %llu: the file is cut short; what is there is read\n",
			f->name, (unsigned long long)f->dat.length);
}

/* NULL after one line on stderr. trace_close frees it. */
struct trace_file *trace_open(const char *name)
{
	struct trace_file *f = grow(NULL, 1, sizeof(*f));

	memset(f, 0, sizeof(*f));
	f->name = text("%s", name);
	tep_set_loglevel(TEP_LOG_NONE);
	f->tep = tep_alloc();
	if (!f->tep)
		exit(complain(STATUS_FAILED, "out of memory"));
	tep_set_long_size(f->tep, 8);
	if (!map_whole(f) || !read_formats(f)) {
		trace_close(f);
		return NULL;
	}
	f->about = text("%.*s", (int)(f->dat.about.bytes & 0xffff),
			(const char *)f->dat.bytes + f->dat.about.offset);
	read_symbols(f);
	read_strings(f);
	if (f->dat.truncated)
		tell_damage(f);
	trace_rewind(f);
	return f;
}

void trace_close(struct trace_file *f)
{
	if (!f)
		return;
	if (f->dat.bytes)
		munmap((void *)(uintptr_t)f->dat.bytes, f->dat.length);
	tep_free(f->tep);
	for (size_t i = 0; i < f->strings; i++)
		free(f->string[i].text);
	free(f->string);
	symbols_free(&f->symbols);
	free(f->about);
	free(f->value);
	free(f->name);
	free(f);
}

/* The file is mapped; of what was read only a little stays in memory, however long it is. */
static void let_go(struct trace_file *f, uint32_t cpu)
{
	uint64_t mask = ~(KEPT_BYTES - 1), from = f->let_go[cpu] & mask, to = f->cursor[cpu].page & mask;

	if (to <= from)
		return;
	madvise((uint8_t *)(uintptr_t)f->dat.bytes + from, to - from, MADV_DONTNEED);
	f->let_go[cpu] = to;
}

/* Decodes the next record of this CPU into record[cpu], or notes that there is none. */
static void advance(struct trace_file *f, uint32_t cpu)
{
	f->have[cpu] = dat_next(&f->dat, &f->cursor[cpu], &f->record[cpu]);
	if (f->have[cpu])
		let_go(f, cpu);
}

void trace_rewind(struct trace_file *f)
{
	f->number = 0;
	for (uint32_t i = 0; i < f->dat.cpus; i++) {
		f->cursor[i] = (struct dat_cursor){ .cpu = i };
		f->let_go[i] = f->dat.cpu[i].offset;
		advance(f, i);
	}
}

/* --- events --- */

/* Little-endian, as the recorder writes; a signed one is extended to 64 bits. */
static uint64_t read_field(const uint8_t *at, unsigned size, bool is_signed)
{
	uint64_t value = 0;

	memcpy(&value, at, size);
	if (is_signed && size < 8 && (value >> (8 * size - 1)))
		value |= ~UINT64_C(0) << (8 * size);
	return value;
}

/*
 * The file's record as our struct of its type. id 0: an event that firn does not know, or a damaged one; all fields
 * are 0 then.
 */
static void convert(const struct trace_file *f, const struct dat_record *record, struct trace_item *item)
{
	const struct mapping *m = NULL;
	uint16_t type;

	memset(&item->e, 0, sizeof(item->e));
	item->id = 0;
	if (record->length < TRACE_COMMON_BYTES)
		return;
	type = (uint16_t)read_field(record->bytes + f->type_at, 2, false);
	for (size_t i = 0; i < f->mappings && !m; i++)
		if (f->mapping[i].type == type)
			m = &f->mapping[i];
	if (!m)
		return;
	for (unsigned i = 0; i < m->fields; i++) {
		const struct copy *c = &m->copy[i];
		uint64_t value;

		if ((uint32_t)c->from + c->from_size > record->length)
			return; /* a record that is shorter than its description */
		value = read_field(record->bytes + c->from, c->from_size, c->is_signed);
		memcpy((uint8_t *)&item->e + c->to, &value, c->to_size);
	}
	item->id = m->id;
}

/* The CPUs' events merged by time; of equal times the lower CPU's is first, so that the order is always the same. */
bool trace_next(struct trace_file *f, struct trace_item *item)
{
	uint32_t best = f->dat.cpus, pid;

	for (uint32_t i = 0; i < f->dat.cpus; i++)
		if (f->have[i] && (best == f->dat.cpus || f->record[i].time < f->record[best].time))
			best = i;
	if (f->dat.error)
		tell_damage(f);
	if (best == f->dat.cpus)
		return false;
	convert(f, &f->record[best], item);
	pid = f->record[best].length >= TRACE_COMMON_BYTES ?
		      (uint32_t)read_field(f->record[best].bytes + f->pid_at, 4, false) :
		      0;
	item->time = f->record[best].time;
	item->cpu = (uint16_t)best;
	item->number = f->number++;
	item->level = (pid - 1) % TRACE_PID_LEVELS;
	item->vcpu = (pid - 1) / TRACE_PID_LEVELS % 64;
	item->vm = (pid - 1) / TRACE_PID_LEVELS / 64;
	advance(f, best);
	return true;
}
