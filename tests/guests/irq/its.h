/*
 * How do cases use an ITS?  A queue of commands, tables as GITS_BASER<n> asks for them, and LPIs that are counted when they
 * come.  Names and encodings as in IHI0069.  Next: its.c, lpi.c, lpi_random.c.
 */
#ifndef TESTS_GUESTS_IRQ_ITS_H
#define TESTS_GUESTS_IRQ_ITS_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/bits.h"

#define ITS_FIRST_LPI 8192U
#define ITS_LPIS 1024U
#define ITS_CPUS 2U
#define ITS_QUEUE_PAGES 16U
#define ITS_QUEUE_BYTES (ITS_QUEUE_PAGES * 4096U)

#define GITS_CTLR 0x0
#define GITS_TYPER 0x8
#define GITS_CBASER 0x80
#define GITS_CWRITER 0x88
#define GITS_CREADR 0x90
#define GITS_BASER 0x100
#define GITS_TRANSLATER 0x10040
#define ITS_VALID BIT(63)

/* A byte of the configuration table. */
#define LPI_ENABLED 1
#define LPI_PRIORITY 0xa0
#define LPI_ABOVE 0x60
#define LPI_BELOW 0xb0

enum its_command {
	MOVI = 1,
	INT = 3,
	CLEAR = 4,
	SYNC = 5,
	MAPD = 8,
	MAPC = 9,
	MAPTI = 10,
	MAPI = 11,
	INV = 12,
	INVALL = 13,
	MOVALL = 14,
	DISCARD = 15
};

/* The memory of the queue and of the configuration table, one byte for each LPI from ITS_FIRST_LPI on. */
extern volatile uint64_t *its_queue;
extern volatile uint8_t *its_config;

/* Memory for all of it; every LPI enabled, at LPI_PRIORITY. Once. */
void its_memory(void);
/* The ITS with an empty queue and empty tables. */
void its_on(void);
void its_off(void);
uint64_t its_frame(void);
uint64_t its_read64(uint64_t offset);
void its_write64(uint64_t offset, uint64_t value);

/* Puts a command into the queue: its four words, or an event of a device and a collection. At most a queue of them. */
void its_put(uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3);
void its_put_event(enum its_command c, uint32_t device, uint32_t event, uint32_t collection);
void its_map_device(uint32_t device, unsigned event_bits);
void its_map_collection(uint32_t collection, unsigned cpu);
void its_map_event(uint32_t device, uint32_t event, uint32_t lpi, uint32_t collection);
/* Runs what was put, and waits until it has had its effect. */
void its_run(void);

/* This CPU's LPIs, and its interface; with what the pending table holds. */
void lpis_on(unsigned self);
/* GICR_CTLR.EnableLPIs of a CPU cleared, and set again with the same tables. */
void lpis_disable(unsigned cpu);
void lpis_enable(unsigned cpu);
/* In the pending table of a CPU that has no LPIs yet, or none any more. */
void lpi_pend_in_table(unsigned cpu, uint32_t lpi);
bool lpi_is_in_table(unsigned cpu, uint32_t lpi);

/* What came since lpis_forget: how often each, and where last; the order of all of them. */
extern volatile uint8_t lpi_taken[ITS_LPIS], lpi_taken_by[ITS_LPIS];
extern volatile uint32_t lpi_order[ITS_LPIS], lpi_orders;
void lpis_take(unsigned self);
void lpis_forget(void);

/* The second CPU takes what comes, from start to stop. */
void lpis_start_second(void);
void lpis_stop_second(void);
/* Until lpis_let_second it takes none; lpi is pending there when this returns, if it is the first to be taken. */
void lpis_hold_second(void);
void lpis_wait_second(uint32_t lpi);
void lpis_let_second(void);

#endif
