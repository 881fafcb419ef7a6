/* What do the cases of this program share?  A GIC that is on, and secondary vCPUs.  Next: main.c, smp.c. */
#ifndef TESTS_GUESTS_IRQ_IRQ_H
#define TESTS_GUESTS_IRQ_IRQ_H

#include <stdbool.h>
#include <stdint.h>

#define IRQ_MAX_CPUS 8
#define GIC_ITS_OFFSET UINT64_C(0x80000) /* from the distributor */

/* One plain instruction each: a device access with writeback has no syndrome. */
static inline uint32_t mmio_read(uint64_t address)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static inline void mmio_write(uint64_t address, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" ::"r"(value), "r"(address) : "memory");
}

void irq_spin(void);
void irq_yield(void);
void irq_reset(void);
void irq_psci(void);
void irq_soak(void);
void irq_fp(void);
void irq_storm(void);
void irq_sve(void);
void irq_vtime(void);
void irq_lpi(void);
void irq_lpi_random(void);
void irq_rtc(void);
void irq_rtc_reset(void);
void irq_serror(void);
void irq_timers(void);
void irq_level(void);
void irq_edu(void);
void irq_edu_reset(void);
void irq_virtio_reset(void);
void irq_edu_smmu(void);
void irq_edu_garbage(void);
void irq_edu_flood(void);
void irq_edu_beside(void);
void irq_edu_bar(void);
void irq_edu_l2(void);
void irq_nvme_holes(void);
void irq_nvme_reset(void);
void irq_nvme_unmap(void);
void irq_nvme_l2(void);

/* start.S: to pc with PSTATE, X0 and X1, until an exception to EL2 whose hook is guest_comes_back; X0 then. */
uint64_t guest_visit(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1);
struct rt_frame;
bool guest_comes_back(struct rt_frame *frame, unsigned vector);

/* smp.c: starts f on the vCPU with this index and a stack of its own; the PSCI result. Waits for all that were started. */
int64_t smp_start(unsigned index, void (*f)(unsigned index));
void smp_join(void);
unsigned smp_count(void);
unsigned smp_self(void);
/* smp.c: called by start.S */
_Noreturn void smp_entry(unsigned index);

/* gic.c: this vCPU's redistributor and interface on, with SGI 1 and the EL2 physical timer enabled; IRQs stay masked. */
void gic_on(void);
uint64_t gic_redistributor(unsigned index);
/* The next pending interrupt, acknowledged and ended; 1023 when there is none. */
uint32_t gic_take(void);
void gic_send(unsigned index, unsigned sgi);
/* The timer fires at this time of CNTPCT_EL0. */
void timer_at(uint64_t time);
void timer_off(void);

#endif
