/*
 * How does a record get into the ring of the CPU that makes it?  TRACE(v, event, .field = value, ...) where it happens: one
 * branch when nobody records.  Reads: traces/events.h, traces/ring.h.  Next: ring.c, host/record/trace.c.
 */
#ifndef HOST_REPORT_RING_H
#define HOST_REPORT_RING_H

#include <stdbool.h>
#include <stddef.h>

#include "host/machine/sysreg.h"
#include "host/report/pause.h"
#include "traces/events.h"
#include "traces/ring.h"

#define TRACE_NEVER_IN_VAIN UINT64_MAX

/* One CPU's end of the ring. */
struct trace_cpu {
	uint8_t *next;	 /* where the next record goes */
	uint8_t *limit;	 /* what is known to be free ends here */
	uint64_t head;	 /* of the ring, without the record that is being made */
	uint64_t bytes;	 /* of the record that is being made; 0 if there was no room */
	uint64_t events; /* a set of TRACE_BIT */
	uint64_t who;	 /* struct trace_record: vm and vcpu in their places */
	uint64_t came;	 /* CNTPCT_EL0 when room was looked for, for the record that is being made */
	uint64_t began;	 /* ... and when it was there */
	uint64_t ticks;	 /* of all records so far, once they had room */
	uint64_t spent;	 /* ticks of tracing since the exit that is being handled */
	uint64_t room;	 /* of these, until there was room: as many as the host side's speed makes it */
	uint64_t left; /* ticks that the exit's vCPU was charged before another one was loaded in its place */
	uint64_t in_vain_at; /* the ring's tail when L0 waited for room in vain; TRACE_NEVER_IN_VAIN */
	struct trace_ring *ring;
	uint8_t *data;
	uint64_t ring_bytes;			/* of data, a power of two */
	uint64_t scratch[TRACE_RECORD_MAX / 8]; /* takes a record that finds no room */
};

/* Kept out of the functions that call it: they are on the path of every trap. */
#define TRACE_COLD __attribute__((noinline))

/* Room for a record of that many bytes when none is known. Counts it as lost and gives the scratch if there is none. */
TRACE_COLD struct trace_record *trace_find_room(struct trace_cpu *t, unsigned bytes);

/* Room for a record with a payload of that many bytes (a multiple of 8), and its publication. */
static inline void *trace_begin(struct trace_cpu *t, enum trace_id id, unsigned payload)
{
	unsigned bytes = payload + (unsigned)sizeof(struct trace_record);
	struct trace_record *r = (struct trace_record *)(void *)t->next;
	uint64_t *words;

	t->came = read_sysreg(CNTPCT_EL0);
	t->bytes = bytes;
	if (__builtin_expect(t->next + bytes > t->limit, 0))
		r = trace_find_room(t, bytes);
	t->began = read_sysreg(CNTPCT_EL0);
	t->room += t->began - t->came;
	words = (uint64_t *)(void *)r;
	words[0] = paused.on ? paused.now : t->came;
	words[1] = t->who | (uint64_t)bytes << 16 | id;
	return r + 1;
}

static inline void trace_end(struct trace_cpu *t)
{
	uint64_t now;

	t->head += t->bytes;
	t->next += t->bytes;
	__atomic_store_n(&t->ring->head, t->head, __ATOMIC_RELEASE);
	now = read_sysreg(CNTPCT_EL0);
	t->spent += now - t->came;
	t->ticks += now - t->began;
}

/* Is the record that was made last in the ring?  Else it found no room. */
static inline bool trace_is_kept(const struct trace_cpu *t)
{
	return t->bytes != 0;
}

static inline bool trace_cpu_wants(const struct trace_cpu *t, enum trace_id id)
{
	return __builtin_expect(t != NULL, 0) && (t->events & TRACE_BIT(id));
}

/* v: a struct vcpu, of which only the member trace is used. */
#define trace_wants(v, id) trace_cpu_wants((v)->trace.cpu, id)

#define TRACE(v, event, ...)                                                                              \
	do {                                                                                              \
		if (trace_wants(v, TRACE_##event)) {                                                      \
			struct trace_##event *trace_e =                                                   \
				trace_begin((v)->trace.cpu, TRACE_##event, sizeof(struct trace_##event)); \
			*trace_e = (struct trace_##event){ __VA_ARGS__ };                                 \
			trace_end((v)->trace.cpu);                                                        \
		}                                                                                         \
	} while (0)

#endif
