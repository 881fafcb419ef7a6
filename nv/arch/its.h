/* What is told to an ITS of the machine?  Its commands as in IHI0069, "ITS commands", of 32 bytes; and the shape of its tables. */
#ifndef NV_ARCH_ITS_H
#define NV_ARCH_ITS_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"
#include "nv/arch/bits.h"

struct its_command {
	uint64_t word[4];
};

#define ITS_VALID BIT(63)

/* A device whose events, below 2 to the power of event_bits, are in the table at itt, a multiple of 256. */
static inline struct its_command its_mapd(uint32_t device, unsigned event_bits, pa_t itt)
{
	return (struct its_command){ { 0x08 | (uint64_t)device << 32, event_bits - 1,
				       ITS_VALID | (itt.val & BITS(51, 8)), 0 } };
}

/* A collection's redistributor: rdbase as its_rdbase makes it. */
static inline struct its_command its_mapc(uint16_t collection, uint64_t rdbase)
{
	return (struct its_command){ { 0x09, 0, ITS_VALID | (rdbase & BITS(50, 16)) | collection, 0 } };
}

static inline struct its_command its_mapti(uint32_t device, uint32_t event, uint32_t lpi, uint16_t collection)
{
	return (struct its_command){ { 0x0a | (uint64_t)device << 32, event | (uint64_t)lpi << 32, collection,
				       0 } };
}

/* The configuration of the event's LPI, or of all of a collection's, is read again. */
static inline struct its_command its_inv(uint32_t device, uint32_t event)
{
	return (struct its_command){ { 0x0c | (uint64_t)device << 32, event, 0, 0 } };
}

static inline struct its_command its_invall(uint16_t collection)
{
	return (struct its_command){ { 0x0d, 0, collection, 0 } };
}

static inline struct its_command its_sync(uint64_t rdbase)
{
	return (struct its_command){ { 0x05, 0, rdbase & BITS(50, 16), 0 } };
}

/* RDbase: GITS_TYPER.PTA says whether it is the redistributor's address or its GICR_TYPER.Processor_Number. */
#define GITS_TYPER_PTA BIT(19)
static inline uint64_t its_rdbase(uint64_t gits_typer, pa_t redistributor, uint64_t gicr_typer)
{
	return gits_typer & GITS_TYPER_PTA ? redistributor.val : (gicr_typer >> 8 & BITS(15, 0)) << 16;
}

#endif
