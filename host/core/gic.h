/*
 * How does L0 talk to the machine's GICv3?  System registers for the CPU interface, with EOImode 1: an interrupt that goes to
 * a guest is dropped here and deactivated by the guest through its list register.  Next: gic.c.
 */
#ifndef HOST_CORE_GIC_H
#define HOST_CORE_GIC_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"
#include "nv/arch/intid.h"

/* The distributor and what the tree says of it; then each CPU its own redistributor and interface. */
void gic_init(const void *fdt);
void gic_init_cpu(void);

/* An SPI goes to CPU index. And the end of it: it is not active either. */
void gic_enable(uint32_t intid, unsigned index);
void gic_disable(uint32_t spi);
/* Before it is enabled: it is edge-triggered. */
void gic_set_edge(uint32_t spi);

/*
 * LPIs of CPU index: their configuration, a table for all CPUs with bits of INTIDs, and where it keeps which are pending, zeroes at
 * a multiple of 64 KiB. False: it has none, or they are enabled already. And what an ITS wants to know of its redistributor.
 */
bool gic_enable_lpis(unsigned index, pa_t config, unsigned bits, pa_t pending);
pa_t gic_redistributor(unsigned index);
uint64_t gic_redistributor_typer(unsigned index);

/* ICC_IAR1_EL1: the interrupt is active then. Special INTIDs are spurious. */
uint32_t gic_ack(void);
static inline bool gic_is_spurious(uint32_t intid)
{
	return intid >= INTID_FIRST_SPECIAL && intid <= INTID_SPURIOUS;
}

/* Priority drop, and deactivation. */
void gic_drop(uint32_t intid);
void gic_deactivate(uint32_t intid);
/* From any CPU, and without effect when it is not active. */
void gic_deactivate_spi(uint32_t spi);

/* Makes a PPI of this CPU active, as if it had been acknowledged: its line stays without effect until deactivation. */
void gic_set_active(uint32_t ppi);

/* An SGI that makes CPU index come to L0. */
void gic_send_ipi(unsigned index);

/* INTIDs from the tree. */
uint32_t gic_intid_maintenance(void);
uint32_t gic_intid_virtual_timer(void);	 /* EL1 virtual */
uint32_t gic_intid_physical_timer(void); /* EL1 physical */
uint32_t gic_intid_hyp_timer(void);	 /* EL2 physical */
uint32_t gic_intid_pmu(void);		 /* overflow of a performance monitor; 0: the tree has none */
uint32_t gic_intid_look(void);		 /* EL2 virtual; 0: the tree has none */

#endif
