/*
 * How are L0's rings of events read, in the order of time?  Reads: rings.h, traces/ring.h.  Next: recording.c.
 *
 * One ring is read while L0 writes it. With several, one CPU may have begun a record before another one made its own, and end it
 * later: what came first is certain when all CPUs have ended. So everything is kept until then.
 */
#define _GNU_SOURCE
#include "experiments/firn/record/rings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/output.h"
#include "traces/format.h"

/* One file without a name for each CPU that there might be. False with errno. */
bool rings_open(struct rings *rings, const char *folder)
{
	for (unsigned i = 0; i < TRACE_MAX_CPUS; i++)
		rings->end[i].kept_fd = -1;
	for (unsigned i = 0; i < TRACE_MAX_CPUS; i++)
		if ((rings->end[i].kept_fd = output_nameless(folder)) < 0)
			return false;
	return true;
}

void rings_close(struct rings *rings)
{
	for (unsigned i = 0; i < TRACE_MAX_CPUS; i++) {
		struct ring_end *end = &rings->end[i];

		if (end->kept)
			munmap((void *)(uintptr_t)end->kept, end->kept_bytes);
		if (end->kept_fd >= 0)
			close(end->kept_fd);
	}
}

/*
 * L0 has set the area up, and everything in it is as this side expects: it is the machine's memory, and another L0
 * may have written it.
 */
bool rings_are_ready(const struct rings *rings)
{
	const struct trace_area *a = rings->area;

	return __atomic_load_n(&a->magic, __ATOMIC_ACQUIRE) == TRACE_AREA_MAGIC &&
	       a->version == TRACE_AREA_VERSION && a->cpus && a->cpus <= TRACE_MAX_CPUS && a->ring_bytes &&
	       (a->ring_bytes & (a->ring_bytes - 1)) == 0 && a->ring_bytes <= rings->area_bytes / a->cpus;
}

/* Of this CPU's ring; the rings follow each other behind the area's head. */
static const uint8_t *data_of(const struct rings *rings, unsigned cpu)
{
	return (const uint8_t *)rings->area + TRACE_DATA_OFFSET + cpu * rings->area->ring_bytes;
}

/* --- taking --- */

/* The payload is what this program was built for; L0 of another build would say something else. */
static bool is_sound(const struct trace_record *record, uint64_t left)
{
	const struct trace_event_info *info = trace_event_by_id(record->id);

	return record->bytes <= left && info && record->bytes == info->bytes + sizeof(*record);
}

/* The next record of a ring, or of what was kept of it; NULL when there is none, or when it is not one of L0's. */
static const struct trace_record *next_record(struct rings *rings, unsigned cpu)
{
	struct ring_end *end = &rings->end[cpu];
	uint64_t bytes = rings->area->ring_bytes;
	uint64_t head =
		end->kept ? end->kept_bytes : __atomic_load_n(&rings->area->ring[cpu].head, __ATOMIC_ACQUIRE);

	while (end->tail < head && !rings->damaged) {
		uint64_t at = end->tail & (bytes - 1);
		const struct trace_record *record =
			(const void *)(end->kept ? end->kept + end->tail : data_of(rings, cpu) + at);

		if (*(const uint64_t *)(const void *)record) { /* no time is 0: padding */
			rings->damaged = !is_sound(record, bytes - at);
			return rings->damaged ? NULL : record;
		}
		end->tail += bytes - at;
	}
	return NULL;
}

/* The oldest record of all rings, again and again until there is none. Of equal times the lower CPU's is first. */
static void take_all(struct rings *rings)
{
	for (;;) {
		const struct trace_record *first = NULL, *record;
		unsigned from = 0;

		for (unsigned cpu = 0; cpu < rings->area->cpus; cpu++) {
			record = next_record(rings, cpu);
			if (record && (!first || record->time < first->time)) {
				first = record;
				from = cpu;
			}
		}
		if (!first)
			return;
		rings->take(rings->context, from, first);
		__atomic_store_n(&rings->taken, rings->taken + 1, __ATOMIC_RELAXED);
		rings->end[from].tail += first->bytes;
	}
}

/* --- keeping --- */

/* Copies what is new in a ring into its file, and gives the room back to L0. */
static void keep(struct rings *rings, unsigned cpu)
{
	struct trace_ring *ring = &rings->area->ring[cpu];
	struct ring_end *end = &rings->end[cpu];
	uint64_t bytes = rings->area->ring_bytes, head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);

	while (end->kept_bytes < head && !rings->error) {
		uint64_t at = end->kept_bytes & (bytes - 1), left = head - end->kept_bytes;
		ssize_t put =
			write(end->kept_fd, data_of(rings, cpu) + at, left < bytes - at ? left : bytes - at);

		if (put < 0)
			rings->error = errno;
		else
			__atomic_store_n(&end->kept_bytes, end->kept_bytes + (uint64_t)put, __ATOMIC_RELAXED);
	}
	__atomic_store_n(&ring->tail, end->kept_bytes, __ATOMIC_RELEASE);
}

/* All of one CPU's records in one piece, now that there are no more to come. */
static void map_kept(struct rings *rings, struct ring_end *end)
{
	void *at;

	if (!end->kept_bytes || rings->error)
		return;
	at = mmap(NULL, end->kept_bytes, PROT_READ, MAP_PRIVATE, end->kept_fd, 0);
	if (at == MAP_FAILED)
		rings->error = errno;
	else
		end->kept = at;
}

/* Called again and again while the machine runs. */
void rings_empty(struct rings *rings)
{
	if (!rings_are_ready(rings))
		return;
	if (rings->area->cpus == 1) {
		take_all(rings);
		__atomic_store_n(&rings->area->ring[0].tail, rings->end[0].tail, __ATOMIC_RELEASE);
		return;
	}
	for (unsigned cpu = 0; cpu < rings->area->cpus; cpu++)
		keep(rings, cpu);
}

bool rings_so_far(const struct rings *rings, uint64_t *count)
{
	uint64_t bytes = 0;

	for (unsigned cpu = 0; cpu < TRACE_MAX_CPUS; cpu++)
		bytes += __atomic_load_n(&rings->end[cpu].kept_bytes, __ATOMIC_RELAXED);
	*count = bytes ? bytes : __atomic_load_n(&rings->taken, __ATOMIC_RELAXED);
	return !bytes;
}

/* When the machine has ended. */
void rings_finish(struct rings *rings)
{
	rings_empty(rings);
	if (!rings_are_ready(rings) || rings->area->cpus == 1)
		return;
	for (unsigned cpu = 0; cpu < rings->area->cpus; cpu++)
		map_kept(rings, &rings->end[cpu]);
	if (!rings->error)
		take_all(rings);
}
