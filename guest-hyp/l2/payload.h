/*
 * What do the files of the payload share?  One file for the workloads of one kind; payload.c has what every one stands on, and
 * main.c runs them.  No pointer may be stored in initialised data, and what is declared here is hidden: the image is not relocated.
 * Read: main.c, then a workload's file.
 */
#ifndef GUEST_HYP_L2_PAYLOAD_H
#define GUEST_HYP_L2_PAYLOAD_H

#include "guest-hyp/l2/l2.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

#define GICR_SGI_FRAME 0x10000
#define UARTICR 0x044
#define UART_TX UINT32_C(0x20) /* the transmit FIFO has room */
#define SPIN_MAX 50000000
#define NAP 500 /* microseconds: longer than an SGI takes, even emulated */

/*
 * What a vCPU tells the others. Only that one writes it: the MMU is off, and exclusives need not work on Device memory.
 */
struct vcpu {
	volatile uint64_t irqs; /* taken and completed so far */
	volatile uint64_t ready;
	volatile uint64_t rounds, goal; /* storm */
	volatile uint64_t timers_set, timers_taken;
	volatile uint64_t sent[L2_CPUS_MAX], taken[L2_CPUS_MAX]; /* SGIs, by the other vCPU */
};

/* payload.c */
extern struct l2_params *l2;
extern struct vcpu vcpus[L2_CPUS_MAX];
/* Ends the machine; detail is what l2.h says of status. */
_Noreturn void finish(enum l2_status status, uint64_t detail);
/* Does this workload want several interrupts, each so often as it was asked for?  Others want one INTID. */
bool counts_apart(void);
/* The one INTID that is wanted from here on, or 0 for none; any other ends the machine. */
void expect_interrupt(uint64_t intid);
/* On this vCPU: the GIC on, IRQs unmasked. */
void take_interrupts(void);

/* exits.c: hypercall, device_io, device_notify, idreg.  In all of these: operations first to first + n - 1, or n of them where all are alike. */
void hypercalls(uint64_t n);
void device_reads(uint64_t first, uint64_t n);
void device_writes(uint64_t n);
void id_reads(uint64_t n);
void vm_lives(uint64_t n);

/* irqs.c: eoi; eoi_alone, whose interrupts are acknowledged before and checked after; ipi_self; device_irq, with uart_begin and
 * uart_end around all of it. */
void raised_interrupts(uint64_t n);
void acknowledge_all(void);
void eois_alone(uint64_t first, uint64_t n);
void check_eois(void);
void self_ipis(uint64_t n);
void uart_begin(void);
void device_interrupts(uint64_t n);
void uart_end(void);

/* timers.c: timer; wfi_timer and vm_switch; irq_latency, whose samples are touched before and reported after. */
void timer_interrupts(uint64_t n);
void wfi_timers(uint64_t n, uint64_t microseconds);
void touch_samples(void);
void late_timers(uint64_t first, uint64_t n);
void report_latency(void);

/* pages.c: page_touch and its like, sparse_touch and random_touch, page_unmap, flush_pages and flush_blocks, dirty_log.
 * touch_all is for every workload. */
void touch_all(void);
void touch_pages(uint64_t first, uint64_t n);
void touch_elsewhere(uint64_t first, uint64_t n);
void check_pages(void);
void unmap_pages(uint64_t first, uint64_t n);
void flushes(uint64_t n);
void clean_pages(void);

/* storm.c: virtual_ipi, storm.  vCPUs other than 0 call storm_until again and again. */
void virtual_ipis(uint64_t n);
void storm(uint64_t goal);
void storm_until(uint64_t goal);
void check_storm(void);
/* A timer interrupt of this vCPU so many microseconds from now is taken. */
void take_timer(struct vcpu *v, uint64_t microseconds, bool asleep);
/* Until another vCPU has counted so far; L2_NO_INTERRUPT after a minute. */
void wait_for(volatile uint64_t *count, uint64_t value);

/* cpu_off.c: what vCPU 0 does, and each life of vCPU 1. */
void lives(uint64_t first, uint64_t n);
_Noreturn void live(struct vcpu *v);
/* PSCI CPU_ON, to begin where vCPU 0 began: 0 or an error. */
uint64_t cpu_on(uint64_t affinity);

static inline uint64_t self(void)
{
	return field_get(MPIDR_AFF0, read_sysreg(MPIDR_EL1));
}

static inline uint64_t call3(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;
	register uint64_t x3 __asm__("x3") = c;

	__asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"memory");
	return x0;
}

static inline uint64_t call(uint64_t function, uint64_t argument)
{
	return call3(function, argument, 0, 0);
}

static inline volatile uint32_t *reg32(uint64_t address)
{
	return (volatile uint32_t *)address;
}

static inline uint64_t *samples(void)
{
	return (uint64_t *)L2_SAMPLES;
}

/* To the vCPU with the affinity 0.0.0.target. */
static inline void send_sgi(uint64_t intid, uint64_t target)
{
	write_sysreg(ICC_SGI1R_EL1, field_put(ICC_SGIR_INTID, intid) | BIT(target));
	isb();
}

static inline void wait_for_irq(uint64_t before)
{
	for (unsigned spin = 0; vcpus[0].irqs == before; spin++)
		if (spin == SPIN_MAX)
			finish(L2_NO_INTERRUPT, before);
}

/* The hint lets an emulator that runs one CPU at a time go on to the next. */
static inline void relax(void)
{
	__asm__ volatile("yield" ::: "memory");
}

#pragma GCC visibility pop

#endif
