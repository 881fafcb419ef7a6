/*
 * Where does the next record go?  With one CPU, whose time stands still while it records (pause.h), L0 waits for room, in vain once at
 * most: a reader that has not read for so long is gone, until it reads again. Else what finds none is counted and lost, so that nothing
 * that the host side does or leaves undone changes what the guest meets.  Reads: ring.h.
 */
#include "host/report/ring.h"

#define PATIENCE_SECONDS 20 /* of the counter; without a reader L0 goes on then, and loses records */

static uint64_t tail_of(const struct trace_cpu *t)
{
	return __atomic_load_n(&t->ring->tail, __ATOMIC_ACQUIRE);
}

static uint64_t room_of(const struct trace_cpu *t)
{
	return t->ring_bytes - (t->head - tail_of(t));
}

/* At least that many bytes, if they come at all. */
static uint64_t wait_for_room(struct trace_cpu *t, uint64_t bytes)
{
	uint64_t began = read_sysreg(CNTPCT_EL0), patience = PATIENCE_SECONDS * read_sysreg(CNTFRQ_EL0);
	uint64_t room = room_of(t);

	if (!paused.on || t->in_vain_at == tail_of(t))
		return room;
	while (room < bytes && read_sysreg(CNTPCT_EL0) - began < patience)
		room = room_of(t);
	if (room < bytes)
		t->in_vain_at = tail_of(t);
	return room;
}

/* Records do not wrap around: what is left at the end is padding. */
struct trace_record *trace_find_room(struct trace_cpu *t, unsigned bytes)
{
	uint64_t left = (uint64_t)(t->data + t->ring_bytes - t->next);
	uint64_t room = wait_for_room(t, left < bytes ? left + bytes : bytes);

	if (left < bytes && room >= left) {
		if (left)
			*(uint64_t *)(void *)t->next = 0;
		t->head += left;
		t->next = t->data;
		room -= left;
		left = t->ring_bytes;
	}
	t->limit = t->next + (room < left ? room : left);
	if (t->next + bytes <= t->limit)
		return (struct trace_record *)(void *)t->next;
	t->ring->lost++;
	t->bytes = 0;
	return (struct trace_record *)t->scratch;
}
