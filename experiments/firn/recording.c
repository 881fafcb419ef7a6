/* How do events get from a running machine into a file?  Reads: recording.h, traces/ring.h.  Next: record.c. */
#define _GNU_SOURCE
#include "experiments/firn/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "experiments/firn/complain.h"
#include "experiments/firn/enrich.h"
#include "experiments/firn/trace_file.h"
#include "nv/arch/sysreg.h"
#include "traces/ledger.h"
#include "traces/ring.h"

#define PAUSE_NS 2000000
#define NANOSECONDS 1000000000u
#define WRITE_PAGES 64

/* One CPU's events on their way. */
struct stream {
	struct trace_page page;
	uint8_t waiting[WRITE_PAGES * TRACE_PAGE_BYTES]; /* full pages that are not yet in the file */
	size_t waiting_bytes;
	uint64_t bytes; /* of pages made so far */
	uint64_t tail, events, taken;
	int fd;	     /* a file without a name */
	int kept_fd; /* another one, with everything that was in the ring, if there are several rings */
	const uint8_t *kept; /* mapped, when all is there */
	uint64_t kept_bytes; /* what is in it; the ring's offsets are the file's */
};

struct recording {
	struct trace_area *area;
	uint64_t area_bytes, events;
	struct stream *stream; /* TRACE_MAX_CPUS of them */
	struct enrich enrich;
	bool seen_vcpu[ENRICH_MAX_VCPUS];
	struct addresses addresses;
	uint64_t entry_pc;
	bool between_marks, within;
	unsigned marks;
	const struct stream *marked_on;
	pthread_t thread;
	bool stop; /* atomic */
	int write_error;
	bool damaged;
};

/* --- from records to pages --- */

static void put_pages(struct recording *r, struct stream *s)
{
	size_t done = 0;

	while (done < s->waiting_bytes && !r->write_error) {
		ssize_t put = write(s->fd, s->waiting + done, s->waiting_bytes - done);

		if (put < 0)
			r->write_error = errno;
		else
			done += (size_t)put;
	}
	s->waiting_bytes = 0;
}

static void finish_page(struct recording *r, struct stream *s, bool lost)
{
	trace_page_finish(&s->page, lost);
	memcpy(s->waiting + s->waiting_bytes, s->page.bytes, TRACE_PAGE_BYTES);
	s->waiting_bytes += TRACE_PAGE_BYTES;
	s->bytes += TRACE_PAGE_BYTES;
	s->page.used = 0;
	if (s->waiting_bytes == sizeof(s->waiting))
		put_pages(r, s);
}

static uint64_t nanoseconds(const struct trace_area *area, uint64_t ticks)
{
	if (area->counter_hz == NANOSECONDS || !area->counter_hz)
		return ticks;
	return ticks / area->counter_hz * NANOSECONDS +
	       ticks % area->counter_hz * NANOSECONDS / area->counter_hz;
}

/* Exits and entries belong to the level that they interrupt or go on with, all else to L0. */
static uint32_t level_of(const struct trace_record *record, const void *payload)
{
	if (record->id == TRACE_kvm_exit)
		return ((const struct trace_kvm_exit *)payload)->level;
	if (record->id == TRACE_kvm_entry)
		return ((const struct trace_kvm_entry *)payload)->level;
	return LEDGER_L0;
}

static void note_addresses(struct recording *r, unsigned id, const void *payload)
{
	const struct trace_kvm_exit *exit = payload;
	const struct trace_firn_stack *stack = payload;

	if (id == TRACE_kvm_exit && exit->from_vel2) {
		addresses_add(&r->addresses, exit->vcpu_pc);
		addresses_add(&r->addresses, exit->lr);
	} else if (id == TRACE_firn_stack) {
		for (unsigned i = 0; i < stack->frames && i < TRACE_STACK_FRAMES; i++)
			addresses_add(&r->addresses, stack_caller(stack, i));
	}
}

/* Puts one event into the pages. */
static void put_event(struct recording *r, struct stream *s, const struct trace_record *record,
		      const void *payload, size_t bytes)
{
	_Alignas(8) uint8_t out[TRACE_COMMON_BYTES + TRACE_RECORD_MAX];
	uint64_t time = nanoseconds(r->area, record->time);
	uint16_t type = (uint16_t)TRACE_FILE_ID(record->id);
	int32_t pid = trace_pid(record->vm, record->vcpu, level_of(record, payload));

	memset(out, 0, TRACE_COMMON_BYTES);
	memcpy(out, &type, sizeof(type));
	memcpy(out + 4, &pid, sizeof(pid));
	memcpy(out + TRACE_COMMON_BYTES, payload, bytes);
	s->events++;
	if (trace_page_add(&s->page, time, out, TRACE_COMMON_BYTES + bytes))
		return;
	finish_page(r, s, false);
	trace_page_add(&s->page, time, out, TRACE_COMMON_BYTES + bytes);
}

/* What a reader needs to know of the time before: the registers of a vCPU. */
static void put_state(struct recording *r, struct stream *s, uint64_t time, uint32_t vcpu)
{
	const struct vcpu_view *view = r->enrich.view[vcpu];
	struct trace_record like = { .time = time, .vm = (uint16_t)(vcpu / 8), .vcpu = (uint16_t)(vcpu % 8) };
	struct trace_firn_vcpu_state state = { .vm = like.vm,
					       .vcpu = like.vcpu,
					       .state = 1,
					       .mode = view->nv.mode == NV_MODE_V84,
					       .vcpu_pc = r->entry_pc };

	like.id = TRACE_firn_vcpu_state;
	put_event(r, s, &like, &state, sizeof(state));
	like.id = TRACE_firn_register;
	for (unsigned i = 1; i < SR_COUNT; i++) {
		struct trace_firn_register reg = { .name = sysreg_info[i].enc,
						   .value = nv_get(&view->nv, i),
						   .slot = sysreg_info[i].slot,
						   .by_l0 = 1 };

		if (reg.value)
			put_event(r, s, &like, &reg, sizeof(reg));
	}
}

/* The stretch between the marks begins with the exit of the first and ends with the exit of the last. */
static void follow_marks(struct recording *r, struct stream *s, const struct trace_record *record)
{
	const struct trace_kvm_exit *exit = (const void *)(record + 1);

	if (record->id != TRACE_kvm_exit || !exit->is_mark || record->vm != 0) /* other VMs run the same */
		return;
	r->marks++;
	r->marked_on = s;
	if (r->marks == 1) {
		for (uint32_t v = 0; v < ENRICH_MAX_VCPUS; v++)
			if (r->enrich.view[v]) {
				put_state(r, s, record->time, v);
				r->seen_vcpu[v] = true;
			}
		r->within = true;
	}
}

static void take_record(struct recording *r, struct stream *s, const struct trace_record *record)
{
	_Alignas(8) uint8_t payload[TRACE_RECORD_MAX];
	size_t bytes = record->bytes - sizeof(*record);
	uint32_t vcpu = (record->vcpu + 8u * record->vm) % ENRICH_MAX_VCPUS;

	memcpy(payload, record + 1, bytes);
	enrich(&r->enrich, vcpu, record->id, payload);
	if (record->id == TRACE_firn_vcpu_state && !r->entry_pc)
		r->entry_pc = ((const struct trace_firn_vcpu_state *)(const void *)payload)->vcpu_pc;
	if (r->between_marks)
		follow_marks(r, s, record);
	if (!r->within)
		return;
	r->seen_vcpu[vcpu] = true;
	note_addresses(r, record->id, payload);
	put_event(r, s, record, payload, bytes);
	if (r->between_marks && r->marks == RECORDING_MARKS && record->id == TRACE_kvm_entry &&
	    s == r->marked_on)
		r->within = false;
}

/* The payload is what this program was built for; L0 of another build would say something else. */
static bool is_sound(const struct trace_record *record, uint64_t left)
{
	const struct trace_event_info *info = trace_event_by_id(record->id);

	return record->bytes <= left && info && record->bytes == info->bytes + sizeof(*record);
}

static bool area_is_ready(const struct recording *r)
{
	const struct trace_area *a = r->area;

	return __atomic_load_n(&a->magic, __ATOMIC_ACQUIRE) == TRACE_AREA_MAGIC &&
	       a->version == TRACE_AREA_VERSION && a->cpus <= TRACE_MAX_CPUS && a->ring_bytes &&
	       (a->ring_bytes & (a->ring_bytes - 1)) == 0 && a->ring_bytes <= r->area_bytes / a->cpus;
}

/* The next record of a stream; NULL when there is none, or when it is not one of L0's. */
static const struct trace_record *next_record(struct recording *r, struct stream *s)
{
	unsigned cpu = (unsigned)(s - r->stream);
	uint64_t bytes = r->area->ring_bytes,
		 head = s->kept ? s->kept_bytes : __atomic_load_n(&r->area->ring[cpu].head, __ATOMIC_ACQUIRE);
	const uint8_t *data = s->kept ? s->kept : (const uint8_t *)r->area + TRACE_DATA_OFFSET + cpu * bytes;

	while (s->tail < head && !r->damaged) {
		uint64_t at = s->tail & (bytes - 1);
		const struct trace_record *record = (const void *)(data + (s->kept ? s->tail : at));

		if (*(const uint64_t *)(const void *)record) { /* no time is 0: padding */
			r->damaged = !is_sound(record, bytes - at);
			return r->damaged ? NULL : record;
		}
		s->tail += bytes - at;
	}
	return NULL;
}

/* Everything that is there, in the order of time. */
static void take_all(struct recording *r)
{
	for (;;) {
		const struct trace_record *first = NULL, *record;
		struct stream *from = NULL;

		for (unsigned cpu = 0; cpu < r->area->cpus; cpu++) {
			record = next_record(r, &r->stream[cpu]);
			if (record && (!first || record->time < first->time)) {
				first = record;
				from = &r->stream[cpu];
			}
		}
		if (!first)
			return;
		take_record(r, from, first);
		from->taken++;
		from->tail += first->bytes;
	}
}

/* --- several rings --- */

/* One CPU may have begun a record before another one made its own: their order is certain when all have ended. */
static void keep_ring(struct recording *r, unsigned cpu)
{
	struct trace_ring *ring = &r->area->ring[cpu];
	struct stream *s = &r->stream[cpu];
	uint64_t bytes = r->area->ring_bytes, head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);

	while (s->kept_bytes < head && !r->write_error) {
		uint64_t at = s->kept_bytes & (bytes - 1), left = head - s->kept_bytes;
		ssize_t put =
			write(s->kept_fd, (const uint8_t *)r->area + TRACE_DATA_OFFSET + cpu * bytes + at,
			      left < bytes - at ? left : bytes - at);

		if (put < 0)
			r->write_error = errno;
		else
			s->kept_bytes += (uint64_t)put;
	}
	__atomic_store_n(&ring->tail, s->kept_bytes, __ATOMIC_RELEASE);
}

static void map_kept(struct recording *r, struct stream *s)
{
	void *at;

	if (!s->kept_bytes || r->write_error)
		return;
	at = mmap(NULL, s->kept_bytes, PROT_READ, MAP_PRIVATE, s->kept_fd, 0);
	if (at == MAP_FAILED)
		r->write_error = errno;
	else
		s->kept = at;
}

/* What is in the rings now. */
static void empty_rings(struct recording *r)
{
	if (!area_is_ready(r))
		return;
	if (r->area->cpus > 1) {
		for (unsigned cpu = 0; cpu < r->area->cpus; cpu++)
			keep_ring(r, cpu);
		return;
	}
	take_all(r);
	__atomic_store_n(&r->area->ring[0].tail, r->stream[0].tail, __ATOMIC_RELEASE);
}

/* All have ended. */
static void take_the_rest(struct recording *r)
{
	empty_rings(r);
	if (!area_is_ready(r) || r->area->cpus == 1)
		return;
	for (unsigned cpu = 0; cpu < r->area->cpus; cpu++)
		map_kept(r, &r->stream[cpu]);
	if (!r->write_error)
		take_all(r);
}

static void *drain(void *context)
{
	const struct timespec pause = { 0, PAUSE_NS };
	struct recording *r = context;

	while (!__atomic_load_n(&r->stop, __ATOMIC_ACQUIRE)) {
		empty_rings(r);
		nanosleep(&pause, NULL);
	}
	return NULL;
}

/* --- beginning and end --- */

static int nameless_file(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *name;

	if (fd >= 0)
		return fd;
	name = text("%s/.firn.XXXXXX", folder); /* not every file system can do without a name */
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	free(name);
	return fd;
}

static bool open_streams(struct recording *r, const char *folder)
{
	r->stream = grow(NULL, TRACE_MAX_CPUS, sizeof(r->stream[0]));
	memset(r->stream, 0, TRACE_MAX_CPUS * sizeof(r->stream[0]));
	for (unsigned i = 0; i < TRACE_MAX_CPUS; i++)
		r->stream[i].fd = r->stream[i].kept_fd = -1;
	for (unsigned i = 0; i < TRACE_MAX_CPUS; i++) {
		r->stream[i].fd = nameless_file(folder);
		r->stream[i].kept_fd = r->stream[i].fd < 0 ? -1 : nameless_file(folder);
		if (r->stream[i].kept_fd < 0)
			return !complain(STATUS_FAILED,
					 "cannot make a file in %s: %s; name another folder with -o", folder,
					 strerror(errno));
	}
	return true;
}

struct recording *recording_start(const struct machine *machine, const char *folder, bool between_marks)
{
	struct recording *r = grow(NULL, 1, sizeof(*r));

	memset(r, 0, sizeof(*r));
	r->between_marks = between_marks;
	r->within = !between_marks;
	r->area_bytes = machine->trace_bytes;
	r->area = mmap(NULL, machine->trace_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, machine->ram_fd,
		       (off_t)(machine->trace_pa - machine->ram_base));
	if (r->area == MAP_FAILED) {
		r->area = NULL;
		complain(STATUS_FAILED, "cannot map the machine's memory: %s", strerror(errno));
	} else if (open_streams(r, folder)) {
		int error = pthread_create(&r->thread, NULL, drain, r);

		if (!error)
			return r;
		complain(STATUS_FAILED, "cannot start a thread: %s", strerror(error));
	}
	recording_free(r);
	return NULL;
}

void recording_stop(struct recording *r, struct recording_sum *sum)
{
	__atomic_store_n(&r->stop, true, __ATOMIC_RELEASE);
	pthread_join(r->thread, NULL);
	take_the_rest(r);
	*sum = (struct recording_sum){ .has_area = area_is_ready(r),
				       .counter_hz = r->area->counter_hz,
				       .entry_pc = r->entry_pc,
				       .addresses = &r->addresses };
	for (unsigned i = 0; sum->has_area && i < r->area->cpus; i++) {
		struct trace_ring *ring = &r->area->ring[i];
		struct stream *s = &r->stream[i];

		if (s->page.used)
			finish_page(r, s, ring->lost != 0);
		put_pages(r, s);
		sum->events += s->events;
		sum->made += s->taken + ring->lost;
		sum->lost += ring->lost;
		sum->ticks += ring->ticks;
		sum->scans += ring->scans;
		sum->scan_ticks += ring->scan_ticks;
	}
}

static void close_stream(struct stream *s)
{
	if (s->kept)
		munmap((void *)(uintptr_t)s->kept, s->kept_bytes);
	if (s->fd >= 0)
		close(s->fd);
	if (s->kept_fd >= 0)
		close(s->kept_fd);
}

void recording_free(struct recording *r)
{
	if (!r)
		return;
	if (r->area)
		munmap(r->area, r->area_bytes);
	for (unsigned i = 0; r->stream && i < TRACE_MAX_CPUS; i++)
		close_stream(&r->stream[i]);
	free(r->stream);
	enrich_free(&r->enrich);
	addresses_free(&r->addresses);
	free(r);
}

/* --- the file --- */

static void add_strings(struct trace_text *out, const struct strings *strings, uint64_t base)
{
	for (size_t i = 0; i < strings->count; i++)
		trace_text_print(out, "0x%llx : \"%s\"\n", (unsigned long long)(base + i), strings->text[i]);
}

static void all_strings(struct trace_text *out, const struct recording *r)
{
	for (unsigned i = 1; i < SR_COUNT; i++)
		trace_text_print(out, "0x%x : \"%s\"\n", sysreg_info[i].enc, sysreg_info[i].name);
	add_strings(out, &r->enrich.reasons, TRACE_STRING_REASON);
	add_strings(out, &r->enrich.controls, TRACE_STRING_CONTROL);
}

static void all_tasks(struct trace_text *out, const struct recording *r)
{
	static const char *const names[LEDGER_LEVELS] = {
		"vEL2", "L1-EL1", "L1-EL0", "L2-EL1", "L2-EL0", "L0"
	};

	for (uint32_t v = 0; v < ENRICH_MAX_VCPUS; v++)
		for (uint32_t level = 0; r->seen_vcpu[v] && level < LEDGER_LEVELS; level++)
			trace_text_print(out, "%d %s\n", trace_pid(v / 8, v % 8, level), names[level]);
}

static bool cannot_write(const char *name)
{
	return !complain(STATUS_FAILED, "cannot write %s: %s", name, strerror(errno));
}

static bool write_all(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length) {
		ssize_t put = write(fd, at, length);

		if (put < 0)
			return false;
		at += put;
		length -= (size_t)put;
	}
	return true;
}

static bool copy_stream(int to, const struct stream *s)
{
	static uint8_t bytes[1 << 16];
	ssize_t got;

	if (lseek(s->fd, 0, SEEK_SET) < 0)
		return false;
	while ((got = read(s->fd, bytes, sizeof(bytes))) > 0)
		if (!write_all(to, bytes, (size_t)got))
			return false;
	return got == 0;
}

bool recording_write(struct recording *r, int fd, const char *name, const char *about, const char *symbols)
{
	struct trace_text strings = { .bytes = NULL }, tasks = { .bytes = NULL }, head = { .bytes = NULL };
	uint64_t size[TRACE_MAX_CPUS], lost[TRACE_MAX_CPUS];
	unsigned count = r->area->cpus;
	bool good;

	if (r->damaged)
		return !complain(STATUS_FAILED,
				 "L0's rings hold something else than this firn reads; build both again "
				 "with 'make'");
	if (r->write_error) {
		errno = r->write_error;
		return cannot_write(name);
	}
	for (unsigned i = 0; i < count; i++) {
		size[i] = r->stream[i].bytes;
		lost[i] = r->area->ring[i].lost;
	}
	all_strings(&strings, r);
	all_tasks(&tasks, r);
	trace_format_head(&head,
			  &(struct trace_head){ .symbols = symbols,
						.strings = strings.bytes,
						.tasks = tasks.length ? tasks.bytes : "",
						.about = about,
						.cpus = count,
						.lost = lost },
			  size);
	good = !head.failed && write_all(fd, head.bytes, head.length);
	for (unsigned i = 0; good && i < count; i++)
		good = copy_stream(fd, &r->stream[i]);
	trace_text_free(&strings);
	trace_text_free(&tasks);
	trace_text_free(&head);
	return good || cannot_write(name);
}
