/*
 * What does every bare guest stand on?  A start-up that any arm64 loader can enter at EL2 or EL1 (start.S),
 * the machine as its device tree tells it, a console, exception hooks, an identity map and PSCI.  A program
 * on top is one function, guest_main().  It is entered with the MMU off and interrupts masked, on a 64 KiB
 * stack, with FP enabled.  Read: start.S, begin.c, vectors.S, exception.c, then what you need.
 */
#ifndef GUEST_HYP_RT_RT_H
#define GUEST_HYP_RT_RT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RT_CPUS_MAX 8

/*
 * The machine as the device tree describes it.  Addresses are physical as this guest sees them; INTIDs are the
 * GIC's.
 */
struct rt_machine {
	uint64_t ram, ram_size;
	uint64_t uart;
	uint32_t uart_intid;
	uint64_t gicd, gicd_size;
	uint64_t gicr, gicr_size;
	uint32_t maintenance_intid;
	uint32_t timer_phys_intid, timer_virt_intid, timer_hyp_intid, timer_hyp_virt_intid;
	bool psci_hvc; /* conduit: HVC instead of SMC */
	unsigned cpus;
	uint64_t mpidr[RT_CPUS_MAX];
	uint64_t fdt, fdt_size;
	const char *bootargs;
};

/* The program.  Returning ends the machine with rt_off(). */
void guest_main(void);

const struct rt_machine *rt_machine(void);
unsigned rt_current_el(void);
bool rt_vhe(void); /* at EL2 with HCR_EL2.E2H = 1 */

/*
 * The value of "name=value" in bootargs, cut to size - 1 bytes; false (and an empty string) if it is not there.
 */
bool rt_arg(const char *name, char *value, size_t size);
/* Reads a decimal or 0x number at *text and moves *text behind it; false if there is none. */
bool rt_number(const char **text, uint64_t *value);

/* Console.  %s %c %d %u %x %p %% with l or ll, a width, and 0 for zero padding. */
void rt_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same with a list, for functions that print more around it. */
void rt_print_list(const char *format, va_list *arguments);
void rt_putc(char c);

/* PSCI through the tree's conduit. */
uint64_t rt_psci(uint32_t function, uint64_t a, uint64_t b, uint64_t c);
_Noreturn void rt_off(void);
/* Prints "not ok " and the message on one line, then rt_off(). */
_Noreturn void rt_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Exceptions.  vector is VBAR_ELx offset / 0x80: 0-3 current EL with SP_EL0, 4-7 current EL with SP_ELx, 8-11
 * lower EL AArch64, 12-15 lower EL AArch32; in each group synchronous, IRQ, FIQ, SError.  A hook may change
 * the frame: pc, pstate and x[] take effect at the return.  A hook's false, or no hook, prints the frame and
 * ends the machine.
 */
enum {
	RT_SYNC = 4,
	RT_IRQ = 5,
	RT_LOWER_SYNC = 8,
	RT_LOWER_IRQ = 9
};

struct rt_frame {
	uint64_t x[31];
	uint64_t pc;	 /* ELR_ELx */
	uint64_t pstate; /* SPSR_ELx */
	uint64_t esr;
	uint64_t far;
	uint64_t reserved; /* keeps the stack 16 byte aligned; vectors.S knows the size, 288 */
};
typedef bool (*rt_hook)(struct rt_frame *frame, unsigned vector);
void rt_set_hook(unsigned vector, rt_hook hook);

/* A zeroed 4 KiB page of RAM that nothing else uses; fails the program when RAM is used up. */
void *rt_page(void);
/* count pages in one piece, aligned to align bytes (a power of two, at least 4096), zeroed. */
void *rt_pages(uint64_t count, uint64_t align);

/*
 * Stage 1 of this exception level: RAM write-back cacheable and executable, the UART and the GIC as Device-nGnRE,
 * everything at its own address.  Works at EL1, at EL2 with E2H = 0 and at EL2 with E2H = 1 (TTBR0 half).
 */
void rt_mmu_on(void);

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memchr(const void *s, int byte, size_t size);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t size);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);

#endif
