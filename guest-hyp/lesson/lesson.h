/*
 * The program of the lessons about one level: an L1 that does one thing again and again, between marks.  Its programs are
 * short so that they can be read beside their recordings (docs/lessons).  Read: main.c, then the program's own file.
 */
#ifndef GUEST_HYP_LESSON_LESSON_H
#define GUEST_HYP_LESSON_LESSON_H

#include <stdbool.h>
#include <stdint.h>

// clang-format off
/*
 * What one operation is:
 *  enter  every register of a guest is written, then ERET; the guest comes back with HVC          enter.c
 *  uart   a character is written to the PL011, whose transmit interrupt is taken and cleared      interrupts.c
 *  tick   this level's physical timer is set, its interrupt taken and completed                   interrupts.c
 *  wfi    an SGI to the other vCPU, then WFI until its answer; the other one does the same        vcpus.c
 *  spin   20 ms pass by this level's own counter                                                  vcpus.c
 *  ipi    a guest with two vCPUs, one of which sends the other an SGI, which takes it             ipi.c
 *  host   a program at EL0 runs with HCR_EL2.TGE, and calls this level                            guests.c
 *  ident  a guest reads MIDR_EL1, which is VPIDR_EL2, and an ID register, which traps             guests.c
 *  lazy   a guest writes four translation registers; HCR_EL2.TVM is set until the first one       guests.c
 *  bit    a guest takes the interrupt that HCR_EL2.VI is                                          guests.c
 *  clock  a guest reads both counters and writes both timers, one of which traps                   guests.c
 *  forget the guest's translations are taken away, then it is entered                             guests.c
 *  attributes  what memory a guest has is asked of hardware, with both stages changed             attributes.c
 */
#define LESSONS(X) X(enter) X(uart) X(tick) X(wfi) X(spin) X(ipi) X(host) X(ident) X(lazy) X(bit) X(forget) X(clock) X(attributes)
// clang-format on

/* Each has three functions: before the first mark, the operation, and after the last mark. */
#define DECLARE(name)            \
	void name##_begin(void); \
	void name##_once(void);  \
	void name##_end(void);
LESSONS(DECLARE)
#undef DECLARE

/* vcpus.c: vCPU 1 begins, and goes off when run returns. */
void start_other(void (*run)(void));

/* enter.c: a stage 2 in which a guest has this level's RAM at the same addresses. */
struct guest_memory {
	uint64_t *descriptor; /* of that RAM */
	uint64_t vttbr, vtcr;
};
struct guest_memory guest_memory(void);

/* ipi.c, ipi_exits.c */
#define SGI_OF_GUEST 1 /* that L2 sends */
#define SGI_KICK 2     /* between the vCPUs of this level: something is pending for the guest's */

/* gic.c: this vCPU's interface and redistributor on, and the PPIs and SGIs of this mask. IRQs stay masked in PSTATE. */
void gic_on(unsigned index, uint32_t enabled);
/* A shared peripheral interrupt, to vCPU 0. */
void gic_enable_spi(uint32_t intid);
void gic_send(unsigned index, unsigned sgi);

#endif
