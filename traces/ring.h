/*
 * How do events get from L0 to the host side while the guest runs?  One ring of records for each CPU, in memory that the
 * device tree declares: a child of /reserved-memory that is compatible with TRACE_COMPATIBLE, with the set of events in
 * TRACE_EVENTS_PROPERTY (two cells).  L0 writes head and what lies below it; the host side reads QEMU's shared
 * memory backend and writes tail. Little-endian, naturally aligned. Next: host/record/trace.h, experiments/firn/record/rings.c.
 */
#ifndef TRACES_RING_H
#define TRACES_RING_H

#include <stdint.h>

#define TRACE_COMPATIBLE "firn,trace"
#define TRACE_EVENTS_PROPERTY "firn,events"

#define TRACE_AREA_MAGIC UINT64_C(0x3145434152544e46) /* "FNTRACE1" */
#define TRACE_AREA_VERSION 1
#define TRACE_MAX_CPUS 8
#define TRACE_DATA_OFFSET 4096 /* of the first ring's data in the area */

struct trace_ring {
	uint64_t head;	/* bytes ever written; the record at offset head % ring_bytes is next */
	uint64_t lost;	/* records that found no room */
	uint64_t ticks; /* of the counter, spent in making records, lost ones too */
	uint64_t scans; /* looks for changes of registers, and their ticks without those of the records */
	uint64_t scan_ticks;
	uint64_t reserved[3];
	uint64_t tail; /* bytes ever read by the host side */
	uint64_t reserved_too[7];
};

struct trace_area {
	uint64_t magic; /* written last */
	uint32_t version;
	uint32_t cpus;
	uint64_t ring_bytes; /* a power of two; ring i begins at TRACE_DATA_OFFSET + i * ring_bytes */
	uint64_t events;
	uint64_t counter_hz;
	uint64_t reserved[3];
	struct trace_ring ring[TRACE_MAX_CPUS];
};

_Static_assert(sizeof(struct trace_area) <= TRACE_DATA_OFFSET, "the header has its page");

/* In front of each event's own struct. */
struct trace_record {
	uint64_t time;	/* CNTPCT_EL0 */
	uint16_t id;	/* enum trace_id */
	uint16_t bytes; /* with this header; a multiple of 8. Padding: 0, up to the end of the ring */
	uint16_t vm;
	uint16_t vcpu;
};

#define TRACE_RECORD_MAX 512

#endif
