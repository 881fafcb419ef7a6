/*
 * What does a whole machine do, seen from outside?  A plugin of QEMU that counts traps to EL2 and instructions at each level without
 * any help of the L0 that runs, be it firn or a Linux: an exception is one that begins at a vector of EL2, and an entry an ERET at
 * EL2.  It fills a ledger as L0 would (traces/ledger.h), and writes it when the machine ends.  Reads: abi.h, levels.h, outside.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/plugin/abi.h"
#include "experiments/plugin/levels.h"
#include "experiments/plugin/outside.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"

#define VCPUS_MOST 16
#define MARKS 3 /* that the words are about */

ABI_EXPORT int qemu_plugin_version = ABI_VERSION;

/* The registers of EL2 that are read. */
enum {
	R_PSTATE,
	R_VBAR,
	R_ESR,
	R_ELR,
	R_SPSR,
	R_HCR,
	R_VTTBR,
	REGISTERS
};
static const char *const register_names[REGISTERS] = { "cpsr",	   "VBAR_EL2", "ESR_EL2",  "ELR_EL2",
						       "SPSR_EL2", "HCR_EL2",  "VTTBR_EL2" };

struct vcpu {
	struct qemu_plugin_register *reg[REGISTERS];
	enum ledger_level level;
	uint64_t since; /* instructions of the vCPU when it came there */
	struct ledger_vcpu *book;
};

static struct {
	FILE *out;
	uint64_t text, words;
	struct qemu_plugin_scoreboard *score; /* of each vCPU: instructions, then the words */
	struct vcpu vcpu[VCPUS_MOST];
	unsigned vcpus;
	struct trees trees;
	uint64_t marks;
	uint64_t *at_mark[MARKS]; /* the words */
	struct outside_step step[OUTSIDE_STEPS];
	uint64_t steps;
	struct g_byte_array *buffer;
} o;

static uint64_t *scores(unsigned n)
{
	return qemu_plugin_scoreboard_find(o.score, n);
}

static uint64_t read_register(const struct vcpu *v, unsigned which)
{
	uint64_t value = 0;

	g_byte_array_set_size(o.buffer, 0);
	qemu_plugin_read_register(v->reg[which], o.buffer);
	memcpy(&value, o.buffer->data, o.buffer->length < 8 ? o.buffer->length : 8);
	return value;
}

/* What was executed since the last time, and more instructions that are about to be, was executed at the level of then. */
static uint64_t charge(unsigned n, unsigned more)
{
	struct vcpu *v = &o.vcpu[n];
	uint64_t now = scores(n)[0] + more, passed = now - v->since;

	v->book->now.ticks[v->level] += passed;
	v->since = now;
	return passed;
}

static void take_words(unsigned mark)
{
	o.at_mark[mark] = calloc(o.words + 1, sizeof(uint64_t));
	for (unsigned n = 0; n < o.vcpus && o.at_mark[mark]; n++)
		for (uint64_t w = 0; w < o.words; w++)
			o.at_mark[mark][w] += scores(n)[1 + w];
}

/* Of the whole machine: every vCPU's counts as they are now. */
static void make_mark(void)
{
	for (unsigned n = 0; n < o.vcpus; n++) {
		struct ledger_vcpu *book = o.vcpu[n].book;

		charge(n, 0);
		if (o.marks < LEDGER_MARKS)
			book->mark[o.marks] = book->now;
		book->marks = o.marks + 1;
	}
	if (o.marks < MARKS)
		take_words((unsigned)o.marks);
	o.marks++;
}

static void count_unlisted(struct ledger_counts *c, uint32_t level, uint32_t iss)
{
	for (unsigned i = 0; i < LEDGER_UNLISTED; i++) {
		struct ledger_unlisted *u = &c->unlisted[i];

		if (u->count && (u->iss != iss || u->level != level))
			continue;
		u->iss = iss;
		u->level = level;
		u->count++;
		return;
	}
	c->unlisted_rest++;
}

static void note_step(const struct vcpu *v, uint32_t reason, uint64_t esr)
{
	if (o.marks >= MARKS)
		return;
	o.step[o.steps++ % OUTSIDE_STEPS] = (struct outside_step){ .level = v->level,
								   .reason = reason,
								   .iss = (uint32_t)(esr & ESR_ISS),
								   .mark = (uint32_t)o.marks,
								   .address = read_register(v, R_ELR) };
}

/* Whom EL2 comes from or goes to. */
static enum ledger_level level_now(const struct vcpu *v)
{
	return level_beside(&o.trees, read_register(v, R_SPSR), read_register(v, R_HCR),
			    read_register(v, R_VTTBR));
}

/*
 * Before the first instruction of a vector. What L0 does to itself, and its user space, is no trap. An L1 that is the same kernel as
 * L0 has its own vectors at the same address.
 */
static void at_vector(unsigned n, void *context)
{
	struct vcpu *v = &o.vcpu[n];
	uint64_t esr, address = (uint64_t)(uintptr_t)context;
	struct ledger_counts *c = &v->book->now;
	uint32_t reason;

	if (v->level == LEDGER_L0 || !is_at_el2(read_register(v, R_PSTATE)) ||
	    !is_vector(address, read_register(v, R_VBAR)))
		return;
	v->level = level_now(v); /* it may have gone from its EL0 to its EL1 in between */
	charge(n, 0);
	esr = read_register(v, R_ESR);
	reason = reason_taken(address, esr);
	c->entries++;
	c->ticks[v->level] -= is_unexecuted(reason);
	if (reason == UINT32_MAX)
		count_unlisted(c, v->level, (uint32_t)(esr & ESR_ISS & ~ESR_SYS64_RT));
	else
		c->count[v->level][reason]++;
	note_step(v, reason, esr);
	v->level = LEDGER_L0;
	if (reason == LEDGER_MARK)
		make_mark();
}

/* Before an ERET; those of a lower level trap, or are its own affair. */
static void at_eret(unsigned n, void *context)
{
	struct vcpu *v = &o.vcpu[n];
	enum ledger_level next;
	uint64_t passed;

	(void)context;
	if (v->level != LEDGER_L0)
		return;
	next = level_now(v);
	if (next == LEDGER_L0)
		return;
	passed = charge(n, 1); /* the ERET itself */
	if (o.steps && o.marks < MARKS)
		o.step[(o.steps - 1) % OUTSIDE_STEPS].instructions = passed;
	v->level = next;
}

static void at_mark(unsigned n, void *context)
{
	(void)n;
	(void)context;
	make_mark();
}

static struct qemu_plugin_u64 counter(uint64_t which)
{
	return (struct qemu_plugin_u64){ o.score, which * sizeof(uint64_t) };
}

static void add_inline(struct qemu_plugin_insn *insn, uint64_t which, uint64_t value)
{
	if (value)
		qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, QEMU_PLUGIN_INLINE_ADD_U64,
								    counter(which), value);
}

/* What is called before the instruction; NULL: nothing. A vector is one only at the start of a block. */
static void (*call_for(uint32_t word, uint64_t address, bool first))(unsigned n, void *context)
{
	if (is_eret(word))
		return at_eret;
	if (word == OUTSIDE_MARK)
		return at_mark;
	return first && address % 0x80 == 0 ? at_vector : NULL;
}

/*
 * Instructions are added up where one may fault, and at the end of the block, so that what was not executed is not counted. A call
 * finds all those before it counted.
 */
static void translate(uint64_t id, struct qemu_plugin_tb *block)
{
	size_t count = qemu_plugin_tb_n_insns(block);
	uint64_t pending = 0;

	(void)id;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);
		uint32_t word = 0;

		qemu_plugin_insn_data(insn, &word, sizeof(word));
		void (*call)(unsigned, void *) = call_for(word, address, i == 0);
		if (call) {
			add_inline(insn, 0, pending);
			pending = 0;
			qemu_plugin_register_vcpu_insn_exec_cb(insn, call, QEMU_PLUGIN_CB_R_REGS,
							       (void *)(uintptr_t)address);
		}
		pending++;
		if (i + 1 == count || may_fault(word)) {
			add_inline(insn, 0, pending);
			pending = 0;
		}
		if (address - o.text < 4 * o.words)
			add_inline(insn, 1 + (address - o.text) / 4, 1);
	}
}

/* The vCPU starts at L0. */
static void begin_vcpu(uint64_t id, unsigned n)
{
	struct g_array *list = qemu_plugin_get_registers();
	const struct qemu_plugin_reg_descriptor *d = (const void *)list->data;
	struct vcpu *v;

	(void)id;
	if (n >= VCPUS_MOST) {
		fprintf(stderr, "outside: at most %d CPUs\n", VCPUS_MOST);
		exit(1);
	}
	v = &o.vcpu[n];
	for (unsigned r = 0; r < REGISTERS; r++) {
		for (unsigned i = 0; i < list->length && !v->reg[r]; i++)
			if (strcmp(d[i].name, register_names[r]) == 0)
				v->reg[r] = d[i].handle;
		if (!v->reg[r]) {
			fprintf(stderr, "outside: this QEMU does not tell %s\n", register_names[r]);
			exit(1);
		}
	}
	g_array_free(list, 1);
	v->level = LEDGER_L0;
	v->book = calloc(1, sizeof(*v->book));
	if (!v->book)
		abort();
	v->book->vcpu = n;
	if (n >= o.vcpus)
		o.vcpus = n + 1;
}

static void write_steps(void)
{
	uint64_t first = o.steps > OUTSIDE_STEPS ? o.steps - OUTSIDE_STEPS : 0;

	for (uint64_t i = first; i < o.steps; i++)
		fwrite(&o.step[i % OUTSIDE_STEPS], sizeof(o.step[0]), 1, o.out);
}

static void write_words(void)
{
	for (uint64_t w = 0; w < o.words; w++) {
		int64_t more = 0;

		if (o.marks >= MARKS)
			more = (int64_t)(o.at_mark[2][w] - 2 * o.at_mark[1][w] + o.at_mark[0][w]);
		fwrite(&more, sizeof(more), 1, o.out);
	}
}

static void write_all(uint64_t id, void *context)
{
	struct ledger_header header = { .version = LEDGER_VERSION,
					.vcpus = o.vcpus,
					.vcpu_bytes = sizeof(struct ledger_vcpu),
					.reasons = LEDGER_SYSREG + 2 * SR_COUNT,
					.counter_hz = 1000000000 };
	struct outside outside = { .magic = OUTSIDE_MAGIC,
				   .steps = o.steps < OUTSIDE_STEPS ? o.steps : OUTSIDE_STEPS,
				   .text = o.text,
				   .words = o.words };

	(void)id;
	(void)context;
	for (unsigned n = 0; n < o.vcpus; n++)
		charge(n, 0);
	fwrite(&header, sizeof(header), 1, o.out);
	for (unsigned n = 0; n < o.vcpus; n++)
		fwrite(o.vcpu[n].book, sizeof(struct ledger_vcpu), 1, o.out);
	fwrite(&outside, sizeof(outside), 1, o.out);
	write_steps();
	write_words();
	fclose(o.out);
}

/* False after one line on stderr. */
static bool take_argument(const char *word)
{
	uint64_t bytes = 0;

	if (strncmp(word, "out=", 4) == 0)
		o.out = fopen(word + 4, "w");
	else if (sscanf(word, "text=%" SCNx64 "+%" SCNx64, &o.text, &bytes) == 2)
		o.words = bytes / 4;
	else
		return fprintf(stderr, "outside: what is '%s'? out=FILE or text=START+BYTES\n", word) < 0;
	return true;
}

ABI_EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	if (strcmp(info->target, "aarch64") != 0 || !info->system) {
		fprintf(stderr, "outside: for qemu-system-aarch64 only\n");
		return 1;
	}
	for (int i = 0; i < argc; i++)
		if (!take_argument(argv[i]))
			return 1;
	if (!o.out) {
		fprintf(stderr, "outside: out=FILE is missing, or not to be written\n");
		return 1;
	}
	o.score = qemu_plugin_scoreboard_new((1 + o.words) * sizeof(uint64_t));
	o.buffer = g_byte_array_new();
	qemu_plugin_register_vcpu_init_cb(id, begin_vcpu);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	qemu_plugin_register_atexit_cb(id, write_all, NULL);
	return 0;
}
