/*
 * firn view: a page to walk through a recording with, in one file that needs nothing else.  traces/view/ is the page; here its
 * data are made: steps, texts with numbers, and the registers that changed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/measure/measure.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/output.h"
#include "experiments/firn/tool/paths.h"
#include "experiments/firn/trace/steps.h"
#include "experiments/firn/trace/tally.h"
#include "experiments/firn/trace/words.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"
#include "traces/format.h"

/* Where the page has its data: what stands there is replaced by an array of one recording, or of two. */
#define PLACE "/*DATA*/"
/* More than that no browser shows with pleasure; the rest is left out, and that is said. */
#define MOST_STEPS 1000000

/* The bits that the page shows of HCR_EL2, with the names of the Arm ARM. */
static const struct {
	uint64_t mask;
	const char *name;
} hcr_bits[] = {
#define BIT_OF(name)              \
	{                         \
		HCR_##name, #name \
	}
	BIT_OF(VM),   BIT_OF(SWIO), BIT_OF(PTW),  BIT_OF(FMO),	BIT_OF(IMO),   BIT_OF(AMO),
	BIT_OF(VF),   BIT_OF(VI),   BIT_OF(VSE),  BIT_OF(DC),	BIT_OF(TWI),   BIT_OF(TWE),
	BIT_OF(TID1), BIT_OF(TID2), BIT_OF(TID3), BIT_OF(TSC),	BIT_OF(TIDCP), BIT_OF(TACR),
	BIT_OF(TSW),  BIT_OF(TPCP), BIT_OF(TPU),  BIT_OF(TTLB), BIT_OF(TVM),   BIT_OF(TGE),
	BIT_OF(TDZ),  BIT_OF(HCD),  BIT_OF(TRVM), BIT_OF(RW),	BIT_OF(E2H),   BIT_OF(TLOR),
	BIT_OF(TERR), BIT_OF(TEA),  BIT_OF(NV),	  BIT_OF(NV1),	BIT_OF(AT),    BIT_OF(NV2),
#undef BIT_OF
};

#define VCPUS 64

/* Changes of a vCPU's registers that belong to its next step. */
struct changes {
	struct trace_firn_register *reg;
	size_t count, room;
};

/*
 * A recording on its way into the page. Steps are written as they come; registers and texts are collected and follow
 * them.
 */
struct page {
	struct trace_file *file;
	FILE *out;
	struct tally texts; /* their numbers are the positions of the rows */
	struct trace_text registers;
	struct changes changes[VCPUS];
	uint64_t steps; /* written */
};

/* Texts are written once and named by number: many steps have the same. Numbers begin with 0, which is "". */
static size_t number_of(struct page *p, const char *words)
{
	const struct tally_row *row = tally_find(&p->texts, words);

	if (!row) {
		tally_add(&p->texts, words, 0, 0);
		row = tally_find(&p->texts, words);
	}
	return (size_t)(row - p->texts.row);
}

/* A change before the exit is L1's and belongs to the step that the exit begins, as do those up to its entry. */
static void on_event(void *context, const struct trace_item *item)
{
	struct page *p = context;
	struct changes *c = &p->changes[(item->vcpu + 8 * item->vm) % VCPUS];

	if (item->id != TRACE_firn_register || p->steps >= MOST_STEPS)
		return;
	if (c->count == c->room) {
		c->room = c->room ? 2 * c->room : 64;
		c->reg = grow(c->reg, c->room, sizeof(c->reg[0]));
	}
	c->reg[c->count++] = item->e.firn_register;
}

/* Rows [step, name, value, by L0, vCPU], as trace.js wants them, of what has changed since the vCPU's last step. */
static void write_changes(struct page *p, const struct step *s)
{
	struct changes *c = &p->changes[(s->vcpu + 8 * s->vm) % VCPUS];

	for (size_t i = 0; i < c->count; i++)
		trace_text_print(&p->registers, "%s[%" PRIu64 ",%zu,\"0x%" PRIx64 "\",%u,%u]",
				 p->registers.length ? "," : "", p->steps,
				 number_of(p, trace_string(p->file, c->reg[i].name)), c->reg[i].value,
				 c->reg[i].by_l0, s->vcpu + 8 * s->vm);
	c->count = 0;
}

/*
 * A row of the columns that traces/view/trace.js names, in that order. Numbers of 64 bits are strings, since
 * JavaScript's have 53.
 */
static void on_step(void *context, const struct step *s)
{
	struct page *p = context;
	char words[256], notes[512], buffer[160], value[32] = "";
	const char *function = "";

	if (p->steps >= MOST_STEPS)
		return;
	write_changes(p, s);
	if (s->exit.from_vel2)
		function = trace_function(p->file, s->exit.vcpu_pc, true, buffer, sizeof(buffer));
	if (s->has_access)
		snprintf(value, sizeof(value), "0x%" PRIx64, s->access.value);
	else if (s->has_mmio)
		snprintf(value, sizeof(value), "0x%" PRIx64, s->mmio.val);
	syndrome_words(words, sizeof(words), s);
	step_words(notes, sizeof(notes), s);
	fprintf(p->out,
		"%s[%" PRIu64 ",%" PRIu64 ",%u,%u,%d,%zu,%u,%zu,%zu,%zu,\"0x%" PRIx64 "\",\"0x%" PRIx64
		"\",%" PRIu64 ",\"%s\",\"0x%" PRIx64 "\",%u,%u,%u,%zu]",
		p->steps ? "," : "", s->time, s->end_time, s->vcpu + 8 * s->vm,
		s->exit.level < LEDGER_L0 ? s->exit.level : 0u,
		s->has_entry ? (int)(s->entry.level < LEDGER_L0 ? s->entry.level : 0) : -1,
		number_of(p, s->reason), s->exit.cause < 4 ? s->exit.cause : 0u, number_of(p, s->control),
		number_of(p, words), number_of(p, function), s->exit.vcpu_pc, s->exit.esr_el2, step_cost(s),
		value, s->entry.hcr_el2, s->exit.is_mark ? s->marks : 0u,
		(s->has_eret ? 1u : 0u) | (s->has_inject ? 2u : 0u) | (s->has_guest_inject ? 4u : 0u),
		s->has_entry ? s->to_vcpu + 8 * s->to_vm : s->vcpu + 8 * s->vm, number_of(p, notes));
	p->steps++;
}

/* "small-vhe, nv2, hypercall, max": what the page has as its title. */
static void print_about(const struct page *p)
{
	char line[512];
	size_t used = 0;
	const char *const keys[] = { "guest", "mode", "workload", "cpu" };

	line[0] = '\0';
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && used < sizeof(line); i++) {
		const char *value = trace_about(p->file, keys[i]);

		if (*value)
			used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s", used ? ", " : "",
						 value);
	}
	output_json_string(p->out, line);
}

/* Where the VNCR page has each register. */
static void print_slots(FILE *out)
{
	const char *comma = "";

	for (unsigned r = 1; r < SR_COUNT; r++)
		if (sysreg_info[r].slot != NO_SLOT) {
			fprintf(out, "%s\"%s\":%u", comma, sysreg_info[r].name, sysreg_info[r].slot);
			comma = ",";
		}
}

/* One recording as JSON. False after one line on stderr: there is nothing in it to show, or no memory. */
static bool write_trace(FILE *out, struct trace_file *file)
{
	struct page p = { .file = file, .out = out };
	bool good;

	number_of(&p, "");
	fputs("{\"about\":", out);
	print_about(&p);
	fputs(",\"hcr\":[", out);
	for (size_t i = 0; i < sizeof(hcr_bits) / sizeof(hcr_bits[0]); i++)
		fprintf(out, "%s[%d,\"%s\"]", i ? "," : "", __builtin_ctzll(hcr_bits[i].mask),
			hcr_bits[i].name);
	fputs("],\"slots\":{", out);
	print_slots(out);
	fputs("},\"steps\":[", out);
	steps_each(file, on_step, on_event, &p);
	fprintf(out, "],\"registers\":[%s],\"strings\":[", p.registers.length ? p.registers.bytes : "");
	for (size_t i = 0; i < p.texts.rows; i++) {
		if (i)
			fputc(',', out);
		output_json_string(out, p.texts.row[i].name);
	}
	fputs("]}", out);
	good = !p.registers.failed && p.steps;
	if (p.registers.failed)
		complain(STATUS_FAILED, "out of memory");
	else if (!p.steps)
		complain(STATUS_FAILED, "%s has no traps to show", trace_name(file));
	if (p.steps == MOST_STEPS)
		fprintf(stderr, "firn: the page shows the first %d traps of %s\n", MOST_STEPS,
			trace_name(file));
	for (size_t i = 0; i < VCPUS; i++)
		free(p.changes[i].reg);
	trace_text_free(&p.registers);
	tally_free(&p.texts);
	return good;
}

/* The page as it was built, in new memory. NULL after one line on stderr. */
static char *read_page(void)
{
	struct trace_text text = { .bytes = NULL };
	char *path = path_built("view.html"), bytes[4096];
	FILE *in = fopen(path, "r");
	size_t got;

	while (in && (got = fread(bytes, 1, sizeof(bytes), in)))
		trace_text_add(&text, bytes, got);
	if (in)
		fclose(in);
	if (!text.bytes || !strstr(text.bytes, PLACE)) {
		complain(STATUS_FAILED, "cannot read %s: %s; run 'make' to build it", path,
			 in ? "it is not the page" : strerror(errno));
		trace_text_free(&text);
	}
	free(path);
	return text.bytes;
}

/* file[1] may be NULL: the page is about one recording. */
static bool write_page(FILE *out, const char *page, struct trace_file *const file[2])
{
	const char *place = strstr(page, PLACE);
	bool good;

	fwrite(page, 1, (size_t)(place - page), out);
	fputc('[', out);
	good = write_trace(out, file[0]);
	if (good && file[1]) {
		fputc(',', out);
		good = write_trace(out, file[1]);
	}
	fputc(']', out);
	fputs(place + strlen(PLACE), out);
	return good;
}

/* The page is under its name only when all of it is written. False after one line on stderr. */
static bool carry_out(const char *page, struct trace_file *const file[2], const char *name)
{
	struct output output;
	FILE *out;
	bool good;

	if (!output_open(&output, name))
		return false;
	out = fdopen(dup(output.fd), "w");
	if (!out)
		exit(complain(STATUS_FAILED, "out of memory"));
	good = write_page(out, page, file);
	if ((ferror(out) | fclose(out)) && good)
		good = !complain(STATUS_FAILED, "cannot write %s: %s", name, strerror(errno));
	good = good && output_finish(&output, "");
	output_drop(&output);
	return good;
}

int command_view(int argc, char **argv)
{
	const char *name = NULL, *with = NULL;
	const struct option_spec specs[] = { OPTION("-o", &name), OPTION("--with", &with) };
	struct trace_file *file[2] = { NULL };
	char *page;
	bool good;

	if (argc < 1 || argv[0][0] == '-')
		return complain(STATUS_USAGE,
				"view: the first word is the file to read; see 'firn help view'");
	if (!options_parse("view", argc - 1, argv + 1, specs, sizeof(specs) / sizeof(specs[0])))
		return STATUS_USAGE;
	if (!name)
		return complain(STATUS_USAGE, "view: -o PAGE.html names the page to write");
	page = read_page();
	good = page && (file[0] = trace_open(argv[0])) && (!with || (file[1] = trace_open(with))) &&
	       carry_out(page, file, name);
	trace_close(file[0]);
	trace_close(file[1]);
	free(page);
	return good ? 0 : STATUS_FAILED;
}
