/*
 * How does a run work, and how is it shown?  Also the controls that a run starts with.  Reads: visible.h, enter.S.  Next:
 * main.c, or ../hostile/.
 */
#include "tests/guests/visible/visible.h"

#include <stdarg.h>

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"

#define NAME_MAX 32
#define INSN_RET UINT32_C(0xd65f03c0)

void visible_enter(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1);
void visible_enter_big(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1, const uint64_t *el2_tables);
extern const char visible_return[], _start[];

uint32_t visible_page[1024] __attribute__((aligned(4096)));
uint64_t visible_scratch[512] __attribute__((aligned(4096)));

static struct outcome last;
static bool running;
bool visible_direct;
static const char *prefix = "";

bool visible_vhe(void)
{
	return rt_vhe();
}

bool visible_bare(void)
{
	char value[NAME_MAX];

	return rt_arg("bare", value, sizeof(value)) && value[0] == '1';
}

bool visible_fgt(void)
{
	return field_get(ID_AA64MMFR0_FGT, get(ID_AA64MMFR0_EL1));
}

/* --- calls --- */

/* Functions of one instruction each, which are written once: those that QEMU has translated stay. */
#define CALLS 1024

struct call {
	uint32_t insn, isb, ret, end;
};
static struct call calls[CALLS] __attribute__((aligned(4096)));
static bool calling, call_failed;

/* NULL: there is no more room. */
static const struct call *call_of(uint32_t insn)
{
	unsigned at = insn * UINT32_C(0x9e3779b1) >> 22, n = 0;

	while (calls[at].insn && calls[at].insn != insn && n++ < CALLS)
		at = (at + 1) % CALLS;
	if (calls[at].insn == insn)
		return &calls[at];
	if (calls[at].insn)
		return NULL;
	calls[at] = (struct call){ insn, INSN_ISB, INSN_RET, INSN_UDF };
	__asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0\n\tdsb ish\n\tisb" ::"r"(&calls[at])
			 : "memory");
	return &calls[at];
}

/* MRS to, or MSR from, X0 at EL2; what is UNDEFINED gives ~0. */
static uint64_t call(const struct call *function, uint64_t value)
{
	register uint64_t x0 __asm__("x0") = value;
	register const struct call *x1 __asm__("x1") = function;

	calling = true;
	call_failed = false;
	__asm__ volatile("blr %1" : "+r"(x0) : "r"(x1) : "x30", "memory");
	calling = false;
	return call_failed ? ~UINT64_C(0) : x0;
}

/* --- runs --- */

static bool hook(struct rt_frame *frame, unsigned vector)
{
	if (calling) {
		call_failed = true;
		frame->pc += 4;
		return vector == RT_SYNC;
	}
	if (!running)
		return false;
	running = false;
	last.vector = vector;
	last.esr = frame->esr;
	last.far = frame->far;
	last.pc = frame->pc;
	last.pstate = frame->pstate;
	last.hpfar = read_sysreg(HPFAR_EL2);
	memcpy(last.x, frame->x, sizeof(last.x));
	frame->pc = (uint64_t)visible_return;
	frame->pstate = AT_EL2;
	return true;
}

const struct outcome *visible_run(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1)
{
	running = true;
	visible_enter(pc, pstate, x0, x1);
	return &last;
}

const struct outcome *visible_run_big(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1,
				      const uint64_t *el2_tables)
{
	running = true;
	visible_enter_big(pc, pstate, x0, x1, el2_tables);
	return &last;
}

uint64_t visible_words(uint64_t pstate, const uint32_t *insn, unsigned count)
{
	volatile uint32_t *code = visible_page;
	bool el0 = field_get(SPSR_M_EL, pstate) == 0;

	for (unsigned i = 0; i < count; i++)
		code[i] = insn[i];
	code[count] = el0 ? INSN_SVC(IMM_DONE) : INSN_HVC(IMM_DONE);
	__asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0\n\tdsb ish\n\tisb" ::"r"(code) : "memory");
	return (uint64_t)code;
}

const struct outcome *visible_try(uint32_t insn, uint64_t pstate, uint64_t x0, uint64_t x1)
{
	return visible_run(visible_code(pstate, insn), pstate, x0, x1);
}

/* An EL0 run under an EL1 ends in EL1's vector; under TGE directly at EL2. */
static bool is_end(uint64_t esr)
{
	uint64_t class = field_get(ESR_EC, esr);

	return (class == EC_HVC64 || class == EC_SVC64) && (esr & ESR_IMM16) == IMM_DONE;
}

static bool is_vector(const struct outcome *o)
{
	uint64_t class = field_get(ESR_EC, o->esr);

	return o->vector == RT_LOWER_SYNC && (class == EC_HVC64 || class == EC_SMC64) &&
	       (o->esr & ESR_IMM16) == IMM_VECTOR;
}

bool visible_done(const struct outcome *o)
{
	/* an interrupt leaves ESR_EL1 as it was */
	return is_end(o->esr) || (is_vector(o) && o->x[9] == RT_LOWER_SYNC && is_end(o->x[10]));
}

uint64_t visible_read(unsigned enc)
{
	const struct call *function = visible_direct ? call_of(INSN_MRS(enc, 0)) : NULL;
	const struct outcome *o;

	if (function)
		return call(function, 0);
	o = visible_try(INSN_MRS(enc, 0), AT_EL2, 0, 0);
	return visible_done(o) ? o->x[0] : ~UINT64_C(0);
}

void visible_write(unsigned enc, uint64_t value)
{
	const struct call *function = visible_direct ? call_of(INSN_MSR(enc, 0)) : NULL;

	if (function)
		(void)call(function, value);
	else
		visible_try(INSN_MSR(enc, 0), AT_EL2, value, 0);
}

/* --- lines --- */

static void put_hex(char **at, uint64_t value)
{
	for (int shift = 60; shift >= 0; shift -= 4)
		*(*at)++ = "0123456789abcdef"[value >> shift & 15];
}

/* Prefixes are made of %s and %lx (16 digits, or a byte) only. */
void visible_prefix(const char *format, ...)
{
	static char text[128];
	char *at = text;
	va_list list;

	va_start(list, format);
	for (; *format; format++) {
		if (format[0] == '%' && format[1] == 's') {
			for (const char *s = va_arg(list, const char *); *s; s++)
				*at++ = *s;
			format++;
		} else if (format[0] == '%' && format[1] == 'l' && format[2] == 'x') {
			put_hex(&at, va_arg(list, unsigned long));
			format += 2;
		} else {
			*at++ = *format;
		}
	}
	va_end(list);
	*at = 0;
	prefix = text;
}

static void start_line(const char *name)
{
	rt_print("= %s%s%s", prefix, *prefix && *name ? " " : "", name);
}

void visible_value(const char *name, uint64_t value)
{
	start_line(name);
	rt_print(" 0x%lx\n", value);
}

/*
 * Of a translation that went well the address is a line of its own, since RAM is not at the same place in every machine; NS is
 * UNKNOWN outside of Secure state, and bit 10 IMPLEMENTATION DEFINED.
 */
void visible_par(const char *name, uint64_t par)
{
	if (par & PAR_F) {
		visible_value(name, par);
		return;
	}
	visible_value(name, par & (PAR_ATTR | PAR_SH | PAR_RES1));
	visible_value("address", visible_relative(par & BITS(47, 12)));
}

uint64_t visible_relative(uint64_t address)
{
	const struct rt_machine *m = rt_machine();

	if (address < m->ram || address - m->ram >= m->ram_size)
		return address;
	return address - (address < (uint64_t)_start ? m->ram : (uint64_t)_start);
}

static void put_address(const char *name, uint64_t address)
{
	const struct rt_machine *m = rt_machine();
	bool image = address >= m->ram && address - m->ram < m->ram_size;

	rt_print(" %s %s0x%lx", name, image ? "img+" : "", visible_relative(address));
}

static bool is_abort(uint64_t class)
{
	return class == EC_IABT_LOW || class == EC_IABT_CUR || class == EC_DABT_LOW || class == EC_DABT_CUR;
}

/* FAR_ELx is UNKNOWN for classes that do not set it. */
bool visible_has_far(uint64_t esr)
{
	uint64_t class = field_get(ESR_EC, esr);

	return (is_abort(class) && !(esr & ESR_FNV)) || class == EC_PC_ALIGN;
}

/* HPFAR_EL2 is valid for the stage 2 faults of these kinds, and for a permission fault of a stage 1 walk only. */
bool visible_has_hpfar(const struct outcome *o)
{
	uint64_t class = field_get(ESR_EC, o->esr), type = o->esr & FSC_TYPE;

	if (o->vector < RT_LOWER_SYNC || !is_abort(class) || !(get(HCR_EL2) & HCR_VM))
		return false;
	return type == FSC_TRANSLATION || type == FSC_ACCESS || type == FSC_ADDRESS_SIZE ||
	       (type == FSC_PERMISSION && (o->esr & ESR_S1PTW));
}

/* ESR_ELx is written by synchronous exceptions and SErrors only. */
static bool has_esr(unsigned vector)
{
	return vector % 4 == 0 || vector % 4 == 3;
}

static void put_exception(unsigned vector, uint64_t esr, uint64_t elr, uint64_t spsr, uint64_t far)
{
	rt_print(" vector %u", vector);
	if (has_esr(vector))
		rt_print(" esr 0x%lx", esr);
	put_address("elr", elr);
	rt_print(" spsr 0x%lx", spsr & SPSR_COMPARED);
	if (has_esr(vector) && visible_has_far(esr))
		put_address("far", far);
}

void visible_outcome(const char *name, const struct outcome *o, bool show_x0)
{
	start_line(name);
	if (visible_done(o)) {
		rt_print(" done");
		if (show_x0)
			rt_print(" 0x%lx", o->x[0]);
	} else if (is_vector(o)) {
		rt_print(" EL1");
		put_exception((unsigned)o->x[9], o->x[10], o->x[11], o->x[12], o->x[13]);
	} else {
		rt_print(" EL2");
		put_exception(o->vector, o->esr, o->pc, o->pstate, o->far);
		if (visible_has_hpfar(o))
			put_address("ipa", field_get(HPFAR_FIPA, o->hpfar) << PAGE_SHIFT);
	}
	rt_print("\n");
}

void visible_trap(const char *name, const struct outcome *o)
{
	if (!visible_done(o))
		visible_outcome(name, o, false);
}

/* --- controls --- */

uint64_t visible_hcr(void)
{
	return HCR_RW | HCR_API | HCR_APK | (visible_vhe() ? HCR_E2H : 0);
}

void visible_reset_controls(void)
{
	bool vhe = visible_vhe();

	set(HCR_EL2, visible_hcr());
	set(CPTR_EL2, vhe ? CPACR_FPEN : CPTR_NVHE_RES1);
	set(MDCR_EL2, get(MDCR_EL2) & MDCR_HPMN); /* the reset value, which is what FEAT_PMUv3 has counters */
	set(CNTHCTL_EL2,
	    vhe ? CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN : CNTHCTL_NVHE_EL1PCTEN | CNTHCTL_NVHE_EL1PCEN);
	set(CNTVOFF_EL2, 0);
	set(VTCR_EL2, VTCR_RES1);
	set(VTTBR_EL2, 0);
	set(HSTR_EL2, 0);
	set(ICH_HCR_EL2, 0);
	set(ICH_VMCR_EL2, 0);
	set(VPIDR_EL2, 0x410fd0f1);
	set(VMPIDR_EL2, MPIDR_RES1 | 5);
	if (field_get(ID_AA64MMFR1_HCX, get(ID_AA64MMFR1_EL1)))
		set(HCRX_EL2, 0);
	if (visible_fgt()) {
		set(HFGRTR_EL2, 0);
		set(HFGWTR_EL2, 0);
		set(HFGITR_EL2, 0);
		set(HDFGRTR_EL2, 0);
		set(HDFGWTR_EL2, 0);
	}
	set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN);
	set_el1(CPACR, CPACR_FPEN);
	set_el1(TCR, 0);
	set_el1(TTBR0, 0);
	set_el1(TTBR1, 0);
	set_el1(MAIR, 0);
	set_el1(VBAR, (uint64_t)visible_el1_vectors);
	set_el1(CNTKCTL, 0);
	write_sysreg(SP_EL1, (uint64_t)visible_scratch + 2048);
	write_sysreg(SP_EL0, (uint64_t)visible_scratch + 1024);
	write_sysreg(MDSCR_EL1, 0);
}

void visible_bit_of_sctlr(const char *name, uint64_t bit)
{
	static const unsigned names[] = { ENC_SCTLR_EL2, ENC_SCTLR_EL1 };
	uint64_t before = get_el1(SCTLR);

	visible_prefix("%s", name);
	for (size_t i = 0; visible_vhe() && i < 2; i++) {
		uint64_t el2 = visible_read(names[i]);

		visible_write(names[i], el2 | bit);
		visible_value("of EL2", get(SCTLR_EL2) & bit);
		visible_write(names[i], el2);
		visible_value("of EL2", get(SCTLR_EL2) & bit);
	}
	set_el1(SCTLR, before | bit);
	visible_value("of EL1", get_el1(SCTLR) & bit);
	set_el1(SCTLR, before);
	visible_value("of EL1", get_el1(SCTLR) & bit);
}

void visible_map_for_el0(void)
{
	const uint64_t page = 3 | BIT(10) | BIT(6) | BITS(9, 8) | 1 << 2;
	uint64_t *root, *middle, *leaf;

	if (!visible_vhe())
		return;
	root = (uint64_t *)(get(TTBR0_EL2) & BITS(47, 12));
	middle = rt_page();
	leaf = rt_page();
	leaf[0] = (uint64_t)visible_page | page;
	leaf[1] = (uint64_t)visible_scratch | page | BITS(54, 53);
	middle[0] = (uint64_t)leaf | 3;
	root[VISIBLE_EL0_VA >> 30] = (uint64_t)middle | 3;
	dsb(ish);
	isb();
}

void visible_start(bool vhe, bool mmu)
{
	if (rt_current_el() != 2)
		rt_fail("entered at EL%u: this program needs EL2", rt_current_el());
	write_sysreg(HCR_EL2, HCR_RW | (vhe ? HCR_E2H : 0));
	isb();
	write_sysreg(CPTR_EL2, vhe ? CPACR_FPEN : CPTR_NVHE_RES1);
	isb();
	if (rt_vhe() != vhe)
		rt_fail("HCR_EL2.E2H does not take the value %u", vhe);
	if (mmu)
		rt_mmu_on();
	for (unsigned vector = 0; vector < 16; vector++)
		rt_set_hook(vector, hook);
}
