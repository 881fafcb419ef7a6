/* How does L0 end?  Reads: panic.h.  Next: symbols.c. */
#include "host/report/panic.h"

#include <stdarg.h>
#include <stdbool.h>

#include "host/machine/cpu.h"
#include "host/machine/layout.h"
#include "host/machine/psci.h"
#include "host/machine/try.h"
#include "host/report/print.h"
#include "host/report/symbols.h"
#include "nv/arch/addr.h"
#include "nv/arch/fields.h"

#define MAX_FRAMES 24
#define KIND_SYNC 4 /* with SP_EL2, which L0 uses */

struct frame {
	const struct frame *next;
	uint64_t return_address;
};

/* A frame record that can be read without an exception: in the image's data or on a stack, and aligned. */
static bool is_readable(const struct frame *f)
{
	uint64_t a = (uint64_t)f;

	return a >= IMAGE_VA && a < STACKS_VA + 2 * MAX_CPUS * (8 * PAGE_SIZE) && !(a & 7);
}

static void print_address(uint64_t address)
{
	uint64_t offset;
	const char *name = symbol_name(address, &offset);

	if (name)
		print("firn:   %016lx %s+0x%lx\n", address, name, offset);
	else
		print("firn:   %016lx\n", address);
}

/* AAPCS64 frame records. Return addresses are of the call, so that a call at a function's end names the right one. */
static void backtrace(uint64_t pc, const struct frame *f)
{
	print("firn: backtrace\n");
	if (pc)
		print_address(pc);
	for (unsigned n = 0; n < MAX_FRAMES && is_readable(f) && f->return_address; n++) {
		print_address(f->return_address - 4);
		if (f->next <= f)
			break;
		f = f->next;
	}
}

static void (*describe)(const struct vcpu *v);

void panic_describes(void (*vcpu_describe)(const struct vcpu *v))
{
	describe = vcpu_describe;
}

static _Noreturn void end(void)
{
	const struct cpu *cpu = this_cpu();

	if (cpu)
		print("firn: on CPU %u\n", cpu->index);
	if (cpu && describe)
		describe(cpu->vcpu);
	psci_system_off();
}

_Noreturn void panic(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	print("firn: panic: ");
	print_list(format, list);
	print("\n");
	va_end(list);
	backtrace(0, __builtin_frame_address(0));
	end();
}

_Noreturn void stop(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	print("firn: error: ");
	print_list(format, list);
	print("\n");
	va_end(list);
	psci_system_off();
}

static bool in_guard_page(uint64_t address)
{
	uint64_t offset = address - STACKS_VA;

	return address >= STACKS_VA && offset < 2 * MAX_CPUS * (8 * PAGE_SIZE) &&
	       offset % (8 * PAGE_SIZE) < PAGE_SIZE;
}

static bool may_be_aborted(unsigned kind, const struct l0_regs *r)
{
	return kind == KIND_SYNC && field_get(ESR_EC, r->esr) == EC_DABT_CUR &&
	       (r->esr & ESR_DFSC) == FSC_EXTERNAL && r->elr >= (uint64_t)try_begin &&
	       r->elr < (uint64_t)try_end;
}

static _Noreturn void unexpected(unsigned kind, const struct l0_regs *r)
{
	static const char *const name[] = { "synchronous", "IRQ", "FIQ", "SError" };

	print("firn: panic: %s exception in L0, ESR_EL2 %lx, pc %lx, FAR_EL2 %lx%s\n", name[kind % 4], r->esr,
	      r->elr, r->far, in_guard_page(r->far) ? " (the stack has run over)" : "");
	for (unsigned i = 0; i < 31; i++)
		print("%sx%02u %016lx%s", i % 4 ? " " : "firn: ", i, r->x[i], i % 4 == 3 ? "\n" : "");
	print(" sp  %016lx\n", r->sp);
	backtrace(r->elr, (const struct frame *)r->x[29]);
	end();
}

uint64_t panic_exception(unsigned kind, const struct l0_regs *r)
{
	if (!may_be_aborted(kind, r))
		unexpected(kind, r);
	return (uint64_t)try_failed;
}

/* Debian's libfdt is built with the stack protector; a fixed guard still finds an overrun by mistake. */
_Noreturn void __stack_chk_fail(void);
extern uintptr_t __stack_chk_guard;
uintptr_t __stack_chk_guard = 0x00ff0a0d5aa5f17f;

_Noreturn void __stack_chk_fail(void)
{
	panic("a stack buffer of libfdt was overrun");
}
