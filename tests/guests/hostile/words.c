/*
 * What if the instruction that accesses a device is any word, or another one by the time L0 reads it?  L0 then decodes what L1 wants it
 * to: the outcome is one of the architecture's, and what EL1 may not write stays.  Reads: hostile.h.
 */
#include "tests/guests/hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/visible/tables.h"

#define PSCI_CPU_ON UINT32_C(0xc4000003)
#define RANDOM_WORDS 20000U
#define RACES 20000U
#define LOADS_AND_STORES UINT32_C(0x08000000) /* C4.1: bit 27 set, bit 25 clear */
#define LOADS_AND_STORES_MASK UINT32_C(0x0a000000)
#define RN_MASK UINT32_C(0x3e0)
#define UARTIBRD 0x24U
#define UARTFBRD 0x28U

/* The class of an outcome at EL1: all is well, an abort, an alignment fault of SP, UNDEFINED, a trap of SVE or SME, PAC that fails. */
static bool is_good(const struct outcome *o)
{
	uint64_t class = field_get(ESR_EC, o->x[10]);

	return visible_done(o) || hostile_abort_at_el1(o) || hostile_undefined(o, AT_EL1) ||
	       class == EC_SP_ALIGN || class == EC_SVE || class == EC_SME || class == EC_FPAC ||
	       class == EC_LS64 || class == EC_MOPS;
}

static uint32_t any_word(void)
{
	return ((uint32_t)hostile_random() & ~(LOADS_AND_STORES_MASK | RN_MASK)) | LOADS_AND_STORES;
}

/* A register of the PL011 that prints nothing, one of the interrupt controller, or the end of a device. */
static uint64_t any_place(void)
{
	const struct rt_machine *m = rt_machine();

	switch (hostile_random() % 4) {
	case 0:
		return m->uart + 0x100 + hostile_random() % 0x800;
	case 1:
		return m->gicr + 0x10400 + hostile_random() % 64;
	case 2:
		return m->uart + 0x1000 - hostile_random() % 64;
	default:
		return m->gicd + 0x1000 + hostile_random() % 0x1000;
	}
}

static void random_words(void)
{
	unsigned done = 0;

	for (unsigned i = 0; i < RANDOM_WORDS; i++) {
		uint32_t word = any_word();
		const struct outcome *o = visible_try(word, AT_EL1, any_place(), hostile_random());

		hostile_check(is_good(o), "a load or store", word, o);
		done += visible_done(o);
	}
	rt_print("# %u of %u words went well\n", done, RANDOM_WORDS);
	hostile_check(done > RANDOM_WORDS / 50, "hardly any word went well", done, NULL);
}

/* Another vCPU writes these to one place of the code page in turn, for ever. X0 is the struct; there is no stack. */
static struct {
	uint32_t *code;
	uint32_t words[8];
} rewriting;
extern const char rewriter[];
__asm__(".text\n\t.balign 4\nrewriter:\n\t"
	"ldr	x1, [x0], #8\n\tmov	x2, #0\n"
	"1:\tldr	w3, [x0, x2, lsl #2]\n\tstr	w3, [x1]\n\t"
	"add	x2, x2, #1\n\tand	x2, x2, #7\n\tmov	x4, #50\n"
	"2:\tsub	x4, x4, #1\n\tcbnz	x4, 2b\n\tb	1b");

static uint32_t read_uart(unsigned offset)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(rt_machine()->uart + offset));
	return value;
}

/* EL1 may read the device and not write it: L0, which reads a store where a load has faulted, must not carry it out. */
static void races(void)
{
	static const uint32_t words[] = {
		0x29400801, /* ldp w1, w2, [x0] */
		0x29000801, /* stp w1, w2, [x0] */
		0xb8404401, /* ldr w1, [x0], #4 */
		0xb8210002, /* ldadd w1, w2, [x0] */
		0x0d408001, /* ld1 {v1.s}[0], [x0] */
		0x4c007801, /* st1 {v1.4s}, [x0] */
		0xf9400001, /* ldr x1, [x0] */
		0x88a17c02, /* cas w1, w2, [x0] */
	};
	uint64_t *root = rt_page(), ibrd = read_uart(UARTIBRD), fbrd = read_uart(UARTFBRD);
	unsigned done = 0;

	tables_map_ram(root, S1_ATTR(1) | S1_INNER | S1_UXN);
	*tables_descriptor(root, AREA(4), 3) =
		rt_machine()->uart | S1_ATTR(0) | S1_READ_ONLY | DESC_AF | DESC_PAGE;
	tables_stage1_on((uint64_t)root, 0);
	rewriting.code = visible_page + 8;
	memcpy(rewriting.words, words, sizeof(words));
	__asm__ volatile("dsb sy" ::: "memory");
	hostile_check(
		rt_psci(PSCI_CPU_ON, rt_machine()->mpidr[1], (uint64_t)rewriter, (uint64_t)&rewriting) == 0,
		"CPU_ON", 0, NULL);
	for (unsigned i = 0; i < RACES; i++) {
		const struct outcome *o;

		(void)visible_code(AT_EL1, 0, 0, 0, 0, 0, 0, 0, 0, words[0]);
		o = visible_run((uint64_t)rewriting.code, AT_EL1, AREA(4) + UARTIBRD, hostile_random());
		hostile_check(is_good(o), "an instruction that changes", i, o);
		done += visible_done(o);
		hostile_check(read_uart(UARTIBRD) == ibrd && read_uart(UARTFBRD) == fbrd,
			      "a store that EL1 may not do", i, o);
	}
	rt_print("# %u of %u races ended in a load\n", done, RACES);
	hostile_check(done && done < RACES, "no race", done, NULL);
}

void case_words(void)
{
	random_words();
	races();
}
