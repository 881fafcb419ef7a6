/*
 * What does the page know of a recording?  Reads: page_data.h.  Most steps are like others but for their time and cost: what they share is
 * written once, as a kind with a number, and so are texts.
 */
#include "experiments/firn/command/page_data.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/measure/measure.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/output.h"
#include "experiments/firn/trace/disassemble.h"
#include "experiments/firn/trace/steps.h"
#include "experiments/firn/trace/tally.h"
#include "experiments/firn/trace/words.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"
#include "traces/format.h"

/* More than that no browser shows with pleasure; the rest is left out, and that is said. */
#define MOST_STEPS 1000000
#define VCPUS 64

/* The bits of HCR_EL2, with the names of the Arm ARM. */
static const struct {
	uint64_t mask;
	const char *name;
} hcr_bits[] = {
#define BIT_OF(name)              \
	{                         \
		HCR_##name, #name \
	}
	BIT_OF(VM),	BIT_OF(SWIO),	BIT_OF(PTW),	BIT_OF(FMO),   BIT_OF(IMO),	 BIT_OF(AMO),
	BIT_OF(VF),	BIT_OF(VI),	BIT_OF(VSE),	BIT_OF(FB),    BIT_OF(DC),	 BIT_OF(TWI),
	BIT_OF(TWE),	BIT_OF(TID0),	BIT_OF(TID1),	BIT_OF(TID2),  BIT_OF(TID3),	 BIT_OF(TSC),
	BIT_OF(TIDCP),	BIT_OF(TACR),	BIT_OF(TSW),	BIT_OF(TPCP),  BIT_OF(TPU),	 BIT_OF(TTLB),
	BIT_OF(TVM),	BIT_OF(TGE),	BIT_OF(TDZ),	BIT_OF(HCD),   BIT_OF(TRVM),	 BIT_OF(RW),
	BIT_OF(CD),	BIT_OF(ID),	BIT_OF(E2H),	BIT_OF(TLOR),  BIT_OF(TERR),	 BIT_OF(TEA),
	BIT_OF(APK),	BIT_OF(API),	BIT_OF(NV),	BIT_OF(NV1),   BIT_OF(AT),	 BIT_OF(NV2),
	BIT_OF(FWB),	BIT_OF(FIEN),	BIT_OF(TID4),	BIT_OF(TICAB), BIT_OF(AMVOFFEN), BIT_OF(TOCU),
	BIT_OF(ENSCXT), BIT_OF(TTLBIS), BIT_OF(TTLBOS), BIT_OF(ATA),   BIT_OF(TID5),	 BIT_OF(TWEDEN),
#undef BIT_OF
};

/* Changes of a vCPU's registers that belong to its next step. */
struct changes {
	struct trace_firn_register *reg;
	size_t count, room;
};

/* Steps are written as they come; what they refer to is collected and follows them. */
struct page {
	struct trace_file *file;
	struct source *source;
	FILE *out;
	struct tally texts, kinds; /* their numbers are the positions of the rows */
	struct trace_text registers;
	struct changes changes[VCPUS];
	bool named[SR_COUNT];  /* registers that the page says something of */
	uint64_t steps;	       /* written */
	uint64_t time;	       /* of the last step */
	uint64_t changed_step; /* of the last change of a register */
};

/* Words are written once and named by number. Numbers begin with 0, which is "" of the texts. */
static size_t number_in(struct tally *tally, const char *words)
{
	const struct tally_row *row = tally_find(tally, words);

	if (!row) {
		tally_add(tally, words, 0, 0);
		row = tally_find(tally, words);
	}
	return (size_t)(row - tally->row);
}

static size_t number_of(struct page *p, const char *words)
{
	return number_in(&p->texts, words);
}

static size_t number_of_value(struct page *p, uint64_t value)
{
	char words[20];

	snprintf(words, sizeof(words), "0x%" PRIx64, value);
	return number_of(p, words);
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

/* A register of the list; names of fields that are none of it have value above its encodings. */
static void note_register(struct page *p, uint64_t encoding)
{
	if (encoding < SYSREG_ENCODINGS)
		p->named[sysreg_from_enc((uint16_t)encoding)] = true;
}

/* Four numbers for each: how many steps after the last change, name, value, by L0. */
static void write_changes(struct page *p, const struct step *s)
{
	struct changes *c = &p->changes[(s->vcpu + 8 * s->vm) % VCPUS];

	for (size_t i = 0; i < c->count; i++) {
		trace_text_print(&p->registers, "%s%" PRIu64 ",%zu,%zu,%u", p->registers.length ? "," : "",
				 p->steps - p->changed_step,
				 number_of(p, trace_string(p->file, c->reg[i].name)),
				 number_of_value(p, c->reg[i].value), c->reg[i].by_l0);
		p->changed_step = p->steps;
		note_register(p, c->reg[i].name);
	}
	c->count = 0;
}

/* --- what a step is about, beyond its syndrome --- */

/* "name|KEY=VALUE|...;": what traces/view/story.js shows beside its sentences. */
static void exception_state(struct trace_text *t, const char *name, unsigned el, uint64_t esr, uint64_t elr,
			    uint64_t spsr, uint64_t pc)
{
	trace_text_print(t,
			 "%s|ESR_EL%u=0x%" PRIx64 "|ELR_EL%u=0x%" PRIx64 "|SPSR_EL%u=0x%" PRIx64
			 "|PC=0x%" PRIx64 ";",
			 name, el, esr, el, elr, el, spsr, pc);
}

static const char *place_name(unsigned place)
{
	static const char *const names[] = { "undefined", "page",  "file",	"hardware", "ID",
					     "computed",  "timer", "interrupt", "TLBI",	    "AT" };

	return place < sizeof(names) / sizeof(names[0]) ? names[place] : "?";
}

static void access_state(struct trace_text *t, const struct step *s)
{
	enum sysreg r = sysreg_from_iss((uint32_t)(s->exit.esr_el2 & ESR_ISS));

	trace_text_print(t, "access|register=%s|value=0x%" PRIx64 "|place=%s|write=%u;",
			 r == SR_NONE ? "?" : sysreg_info[r].name, s->access.value,
			 place_name(s->access.place), s->access.is_write);
}

static void list_state(struct trace_text *t, const struct trace_firn_list_registers *lrs)
{
	const uint64_t lr[] = { lrs->lr0, lrs->lr1, lrs->lr2, lrs->lr3 };

	trace_text_print(t, "lists|of=%s", lrs->is_own ? "L1" : "L2");
	for (unsigned i = 0; i < sizeof(lr) / sizeof(lr[0]); i++)
		if (lr[i])
			trace_text_print(t, "|ICH_LR%u_EL2=0x%" PRIx64, i, lr[i]);
	trace_text_add(t, ";", 1);
}

static size_t state_number(struct page *p, const struct step *s)
{
	struct trace_text t = { .bytes = NULL };
	size_t number;

	trace_text_print(&t, "%s", "");
	if (s->has_inject)
		exception_state(&t, "inject", 2, s->inject.esr_el2, s->inject.pc, s->inject.spsr_el2,
				s->inject.new_pc);
	if (s->has_guest_inject)
		exception_state(&t, "guest", 1, s->guest_inject.esr_el1, s->guest_inject.pc,
				s->guest_inject.spsr_el1, s->guest_inject.new_pc);
	if (s->has_eret)
		trace_text_print(&t,
				 "eret|ELR_EL2=0x%" PRIx64 "|SPSR_EL2=0x%" PRIx64 "|HCR_EL2=0x%" PRIx64 ";",
				 s->eret.elr_el2, s->eret.spsr_el2, s->eret.hcr_el2);
	if (s->has_access)
		access_state(&t, s);
	if (s->has_fault)
		trace_text_print(&t, "fault|L2's IPA=0x%" PRIx64 "|L1's IPA=0x%" PRIx64 "|result=%u;",
				 s->fault.l2_ipa, s->fault.l1_ipa, s->fault.result);
	if (s->has_mmio)
		trace_text_print(&t, "mmio|IPA=0x%" PRIx64 "|value=0x%" PRIx64 "|bytes=%u|write=%u;",
				 s->mmio.gpa, s->mmio.val, s->mmio.len, s->mmio.type == 2);
	if (s->has_interrupt)
		trace_text_print(&t, "interrupt|INTID=%u;", s->interrupt.intid);
	if (s->has_line)
		trace_text_print(&t, "line|INTID=%u|high=%d;", s->line.irq, s->line.level);
	if (s->has_lrs)
		list_state(&t, &s->lrs);
	number = number_of(p, t.bytes ? t.bytes : "");
	trace_text_free(&t);
	return number;
}

/* --- steps --- */

/* HVC and SVC leave the address of the next instruction, all else that of their own. */
static uint64_t instruction_address(const struct step *s)
{
	bool is_call = s->exit.ret == 2 && (s->exit.esr_ec == EC_HVC64 || s->exit.esr_ec == EC_SVC64);

	return s->exit.vcpu_pc - (is_call ? sizeof(uint32_t) : 0);
}

/*
 * The columns instruction, place in the source, and what stands there. The recording says which instruction trapped; those of an older one
 * are in L1's program only, whose source counts where it has the same instruction.
 */
static void add_code(struct page *p, const struct step *s, struct trace_text *row)
{
	char words[160] = "", place[128] = "", line[256] = "";
	uint64_t address = instruction_address(s);
	uint32_t instruction = s->exit.instruction, of_source;
	bool has_source =
		p->source && s->exit.from_vel2 && source_instruction(p->source, address, &of_source);

	if (has_source && !instruction && s->exit.ret == 2)
		instruction = of_source;
	if (instruction)
		disassemble(words, sizeof(words), instruction, address);
	if (has_source && (!instruction || instruction == of_source))
		source_line(p->source, address, place, sizeof(place), line, sizeof(line));
	trace_text_print(row, ",%zu,%zu,%zu", number_of(p, words), number_of(p, place), number_of(p, line));
}

static size_t function_number(struct page *p, const struct step *s)
{
	char buffer[160];

	return number_of(p, s->exit.from_vel2 ?
				    trace_function(p->file, s->exit.vcpu_pc, true, buffer, sizeof(buffer)) :
				    "");
}

static size_t value_number(struct page *p, const struct step *s)
{
	if (s->has_access)
		return number_of_value(p, s->access.value);
	return s->has_mmio ? number_of_value(p, s->mmio.val) : 0;
}

/* HPFAR_EL2 has the page, FAR_EL2 the offset in it. Of aborts only; 0 is "". */
static size_t ipa_number(struct page *p, const struct step *s)
{
	if (s->exit.esr_ec != EC_IABT_LOW && s->exit.esr_ec != EC_DABT_LOW)
		return 0;
	return number_of_value(p, field_get(HPFAR_FIPA, s->exit.hpfar_el2) << 12 | (s->exit.far_el2 & 0xfff));
}

/* Everything of a step but its times: the columns that traces/view/trace.js names, in that order. */
static size_t kind_number(struct page *p, const struct step *s)
{
	struct trace_text row = { .bytes = NULL };
	char words[256], notes[512];
	size_t number;

	syndrome_words(words, sizeof(words), s);
	step_words(notes, sizeof(notes), s);
	trace_text_print(&row, "%u,%u,%d,%zu,%u,%zu,%zu,%zu,%zu,%zu", s->vcpu + 8 * s->vm,
			 s->exit.level < LEDGER_L0 ? s->exit.level : 0u,
			 s->has_entry ? (int)(s->entry.level < LEDGER_L0 ? s->entry.level : 0) : -1,
			 number_of(p, s->reason), s->exit.cause < 4 ? s->exit.cause : 0u,
			 number_of(p, s->control), number_of(p, words), function_number(p, s),
			 number_of_value(p, s->exit.vcpu_pc), number_of_value(p, s->exit.esr_el2));
	trace_text_print(&row, ",%zu,%zu,%u,%u,%u,%u,%zu,%zu,%zu", value_number(p, s),
			 number_of_value(p, s->entry.hcr_el2), s->exit.is_mark, step_stretch(s),
			 (s->has_eret ? 1u : 0u) | (s->has_inject ? 2u : 0u) |
				 (s->has_guest_inject ? 4u : 0u),
			 s->has_entry ? s->to_vcpu + 8 * s->to_vm : s->vcpu + 8 * s->vm, number_of(p, notes),
			 ipa_number(p, s), state_number(p, s));
	add_code(p, s, &row);
	number = number_in(&p->kinds, row.bytes ? row.bytes : "");
	trace_text_free(&row);
	return number;
}

/* Five numbers: time since the last step, duration, kind, cost in L0, and what the vCPU ran before it since its entry. */
static void on_step(void *context, const struct step *s)
{
	struct page *p = context;

	if (p->steps >= MOST_STEPS)
		return;
	if (!p->steps)
		fprintf(p->out, "\"begin\":%" PRIu64 ",\"steps\":[", p->time = s->time);
	if (s->exit.esr_ec == EC_SYS64)
		p->named[sysreg_from_iss((uint32_t)(s->exit.esr_el2 & ESR_ISS))] = true;
	write_changes(p, s);
	fprintf(p->out, "%s%" PRId64 ",%" PRIu64 ",%zu,%" PRIu64 ",%" PRIu64, p->steps ? "," : "",
		(int64_t)(s->time - p->time), s->end_time - s->time, kind_number(p, s), step_cost(s),
		s->exit.guest_ticks);
	p->time = s->time;
	p->steps++;
}

/* --- what surrounds them --- */

/* "small-vhe, nv2, hypercall, max": what the page has as its title; then what only its sums need. */
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
	fputs("{\"about\":", p->out);
	output_json_string(p->out, line);
	fputs(",\"iterations\":", p->out);
	output_json_string(p->out, trace_about(p->file, "iterations"));
	fputs(",\"hz\":", p->out);
	output_json_string(p->out, trace_about(p->file, "hz"));
	fputs(",\"hcr\":[", p->out);
	for (size_t i = 0; i < sizeof(hcr_bits) / sizeof(hcr_bits[0]); i++)
		fprintf(p->out, "%s[%d,\"%s\"]", i ? "," : "", __builtin_ctzll(hcr_bits[i].mask),
			hcr_bits[i].name);
	fputs("],", p->out);
}

/* Of each register that the page names: its encoding, how vEL2 reaches it, its place in the VNCR page or -1, and rel. */
static void print_registers(const struct page *p)
{
	const char *comma = "";

	fputs("\"sysregs\":{", p->out);
	for (unsigned r = 1; r < SR_COUNT; r++) {
		const struct sysreg_info *i = &sysreg_info[r];

		if (!p->named[r])
			continue;
		fprintf(p->out, "%s\"%s\":[%u,%u,%d,\"%s\"]", comma, i->name, i->enc, i->access,
			i->slot == NO_SLOT ? -1 : i->slot, i->rel ? sysreg_info[i->rel].name : "");
		comma = ",";
	}
	fputs("}", p->out);
}

static void print_tables(const struct page *p)
{
	fprintf(p->out, "],\"registers\":[%s],\"kinds\":[", p->registers.length ? p->registers.bytes : "");
	for (size_t i = 0; i < p->kinds.rows; i++)
		fprintf(p->out, "%s[%s]", i ? "," : "", p->kinds.row[i].name);
	fputs("],\"strings\":[", p->out);
	for (size_t i = 0; i < p->texts.rows; i++) {
		if (i)
			fputc(',', p->out);
		output_json_string(p->out, p->texts.row[i].name);
	}
	fputs("],", p->out);
	print_registers(p);
	fputs("}", p->out);
}

static void page_free(struct page *p)
{
	for (size_t i = 0; i < VCPUS; i++)
		free(p->changes[i].reg);
	trace_text_free(&p->registers);
	tally_free(&p->kinds);
	tally_free(&p->texts);
	free(p);
}

bool page_data_write(FILE *out, struct trace_file *file, struct source *source)
{
	struct page *p = grow(NULL, 1, sizeof(*p));
	bool good;

	*p = (struct page){ .file = file, .source = source, .out = out };
	number_of(p, "");
	print_about(p);
	steps_each(file, on_step, on_event, p);
	good = !p->registers.failed && p->steps;
	if (p->registers.failed)
		complain(STATUS_FAILED, "out of memory");
	else if (!p->steps)
		complain(STATUS_FAILED, "%s has no traps to show", trace_name(file));
	else
		print_tables(p);
	if (p->steps == MOST_STEPS)
		fprintf(stderr, "firn: the page shows the first %d traps of %s\n", MOST_STEPS,
			trace_name(file));
	page_free(p);
	return good;
}
