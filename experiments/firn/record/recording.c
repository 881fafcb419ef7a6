/* How do events get from a running machine into a file?  Reads: recording.h, rings.h.  Next: record.c. */
#define _GNU_SOURCE
#include "experiments/firn/record/recording.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "experiments/firn/record/code_pages.h"
#include "experiments/firn/record/enrich.h"
#include "experiments/firn/record/rings.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/output.h"
#include "experiments/firn/trace/steps.h"
#include "nv/arch/sysreg.h"
#include "traces/ledger.h"
#include "traces/ring.h"

/* How long the thread sleeps between two looks at the rings. */
#define PAUSE_NS 2000000
#define NANOSECONDS 1000000000u
/* So many pages are written at once; a page is what trace-cmd takes for one, 4 KiB. */
#define WRITE_PAGES 64

/* One CPU's events on their way. */
struct stream {
	struct trace_page page;
	uint8_t waiting[WRITE_PAGES * TRACE_PAGE_BYTES]; /* full pages that are not yet in the file */
	size_t waiting_bytes;
	uint64_t bytes; /* of pages made so far */
	uint64_t events;
	struct trace_text sums; /* of the pages */
	int fd;			/* a file without a name */
	struct tail *tail;	/* where the pages go, if only the end is kept, until that is known */
	struct trace_text head; /* pages in front of those of the tail */
	bool at_head;		/* those are being made */
	size_t first_kept;	/* page of the tail behind them */
};

/*
 * Between marks: only what lies between the first and the last mark is put into the file, and within says whether
 * that is now. marked_on is the CPU of the last mark, on which the recording ends. ends_at is where it ends after its trigger.
 * The thread owns everything but stop until recording_stop has joined it.
 */
struct recording {
	const struct machine *machine;
	struct rings rings;
	struct stream *stream; /* TRACE_MAX_CPUS of them */
	struct enrich enrich;
	bool seen_vcpu[ENRICH_MAX_VCPUS];
	struct addresses addresses, vectors;
	struct code_pages code;
	uint64_t entry_pc;
	struct recording_wish wish;
	struct tail tail;
	bool within, triggered, ended;
	struct span ends_at; /* the stream's bytes, or the time of an event */
	unsigned marks;
	const struct stream *marked_on;
	pthread_t thread;
	bool stop; /* atomic */
	int write_error;
};

/* --- from records to pages --- */

/* Into the file without a name. The first error is kept for recording_write, and nothing is written after it. */
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

/* Closes the page with its length; lost tells the reader that events are missing before the next one. */
static void finish_page(struct recording *r, struct stream *s, bool lost)
{
	uint64_t sum;

	trace_page_finish(&s->page, lost);
	sum = trace_sum(0, s->page.bytes, TRACE_PAGE_BYTES);
	s->page.used = 0;
	s->bytes += TRACE_PAGE_BYTES;
	if (s->tail && !s->at_head) {
		if (!r->write_error && !tail_add(s->tail, s->page.bytes, sum))
			r->write_error = errno;
		return;
	}
	trace_text_add(&s->sums, &sum, sizeof(sum));
	if (s->at_head) {
		trace_text_add(&s->head, s->page.bytes, TRACE_PAGE_BYTES);
		return;
	}
	memcpy(s->waiting + s->waiting_bytes, s->page.bytes, TRACE_PAGE_BYTES);
	s->waiting_bytes += TRACE_PAGE_BYTES;
	if (s->waiting_bytes == sizeof(s->waiting))
		put_pages(r, s);
}

/* Counter ticks to nanoseconds, which is what trace.dat has. Whole seconds apart, so that nothing overflows. */
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

/* Those that want a name in the file: where L1 trapped, and its callers. */
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

/* Into the pages, as the file has it. */
static void put_record(struct recording *r, struct stream *s, uint64_t time, const void *record, size_t bytes)
{
	if (trace_page_add(&s->page, time, record, bytes))
		return;
	finish_page(r, s, false);
	trace_page_add(&s->page, time, record, bytes);
}

/* Puts one event into the pages. time is in nanoseconds. */
static void put_event(struct recording *r, struct stream *s, uint64_t time, const struct trace_record *record,
		      const void *payload, size_t bytes)
{
	_Alignas(8) uint8_t out[TRACE_COMMON_BYTES + TRACE_RECORD_MAX];
	uint16_t type = (uint16_t)TRACE_FILE_ID(record->id);
	int32_t pid = trace_pid(record->vm, record->vcpu, level_of(record, payload));

	memset(out, 0, TRACE_COMMON_BYTES);
	memcpy(out, &type, sizeof(type));
	memcpy(out + 4, &pid, sizeof(pid));
	memcpy(out + TRACE_COMMON_BYTES, payload, bytes);
	s->events++;
	put_record(r, s, time, out, TRACE_COMMON_BYTES + bytes);
}

/* What a reader needs to know of the time before: the registers of a vCPU. */
static void put_state(struct recording *r, struct stream *s, uint64_t time, uint32_t vcpu,
		      const struct vcpu_view *view)
{
	struct trace_record like = { .vm = (uint16_t)(vcpu / 8), .vcpu = (uint16_t)(vcpu % 8) };
	struct trace_firn_vcpu_state state = { .vm = like.vm,
					       .vcpu = like.vcpu,
					       .state = 1,
					       .mode = view->nv.mode == NV_MODE_V84,
					       .vcpu_pc = r->entry_pc };

	like.id = TRACE_firn_vcpu_state;
	put_event(r, s, time, &like, &state, sizeof(state));
	like.id = TRACE_firn_register;
	for (unsigned i = 1; i < SR_COUNT; i++) {
		struct trace_firn_register reg = { .name = sysreg_info[i].enc,
						   .value = vncr_get(&view->nv.file, i),
						   .slot = sysreg_info[i].slot,
						   .by_l0 = 1 };

		if (reg.value)
			put_event(r, s, time, &like, &reg, sizeof(reg));
	}
}

static void put_states(struct recording *r, struct stream *s, uint64_t time, struct vcpu_view *const *view)
{
	for (uint32_t v = 0; v < ENRICH_MAX_VCPUS; v++)
		if (view[v]) {
			put_state(r, s, time, v, view[v]);
			r->seen_vcpu[v] = true;
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
		put_states(r, s, nanoseconds(r->rings.area, record->time), r->enrich.view);
		r->within = true;
	}
}

/* What L0 tells to this side alone, from any time of the guest. */
static bool is_for_recorder(struct recording *r, const struct trace_record *record)
{
	const struct trace_firn_code *code = (const void *)(record + 1);

	if (record->id != TRACE_firn_code)
		return false;
	code_pages_note(&r->code, code->address, code->pa);
	return true;
}

/* --- the end --- */

/* Of a kvm_exit, enriched; NULL for all else. */
static const char *reason_of(const struct recording *r, const struct trace_record *record,
			     const void *payload)
{
	const struct trace_kvm_exit *exit = payload;

	return record->id == TRACE_kvm_exit ? r->enrich.reasons.text[exit->reason - TRACE_STRING_REASON] :
					      NULL;
}

static void note_trigger(struct recording *r, const struct stream *s, uint64_t time,
			 const struct trace_record *record, const void *payload)
{
	if (r->triggered || !trigger_is(&r->wish.trigger, record, payload, reason_of(r, record, payload)))
		return;
	r->triggered = true;
	r->ends_at.bytes = s->bytes + s->page.used + r->wish.after.bytes;
	r->ends_at.nanoseconds = time + r->wish.after.nanoseconds;
}

/* The step that is over with this record: was it the workload's last one, or the last one behind the trigger? */
static void end_with(struct recording *r, const struct stream *s, uint64_t time,
		     const struct trace_record *record)
{
	if (record->id != TRACE_kvm_entry)
		return;
	if (r->wish.between_marks && r->marks == WORKLOAD_MARKS && s == r->marked_on)
		r->within = false;
	if (!r->triggered || s->bytes + s->page.used < r->ends_at.bytes || time < r->ends_at.nanoseconds)
		return;
	r->within = false;
	r->ended = true;
	child_end_waits();
}

/*
 * Called by rings_empty for each record, in the order of its CPU. Every record goes through enrich, since later ones
 * are explained by what earlier ones did to the registers, also where the file does not get it.
 */
static void take_record(void *context, unsigned cpu, const struct trace_record *record)
{
	struct recording *r = context;
	struct stream *s = &r->stream[cpu];
	_Alignas(8) uint8_t payload[TRACE_RECORD_MAX];
	size_t bytes = record->bytes - sizeof(*record);
	uint32_t vcpu = (record->vcpu + 8u * record->vm) % ENRICH_MAX_VCPUS;
	uint64_t time = nanoseconds(r->rings.area, record->time);

	if (r->ended || is_for_recorder(r, record))
		return;
	memcpy(payload, record + 1, bytes);
	enrich(&r->enrich, vcpu, record->id, payload);
	if (record->id == TRACE_kvm_inject_nested_exception)
		addresses_add(
			&r->vectors,
			((const struct trace_kvm_inject_nested_exception *)(const void *)payload)->vbar);
	if (record->id == TRACE_firn_vcpu_state && !r->entry_pc)
		r->entry_pc = ((const struct trace_firn_vcpu_state *)(const void *)payload)->vcpu_pc;
	if (r->wish.between_marks)
		follow_marks(r, s, record);
	if (!r->within)
		return;
	r->seen_vcpu[vcpu] = true;
	note_addresses(r, record->id, payload);
	put_event(r, s, time, record, payload, bytes);
	note_trigger(r, s, time, record, payload);
	end_with(r, s, time, record);
}

/* The thread: rings are emptied while the machine runs, since L0 never waits for room in one. */
static void *drain(void *context)
{
	const struct timespec pause = { 0, PAUSE_NS };
	struct recording *r = context;

	while (!__atomic_load_n(&r->stop, __ATOMIC_ACQUIRE)) {
		rings_empty(&r->rings);
		nanosleep(&pause, NULL);
	}
	return NULL;
}

/* --- beginning and end --- */

/* In the folder of the file to be, so that no other file system fills up. False after one line on stderr. */
static bool open_files(struct recording *r, const char *folder)
{
	bool good = rings_open(&r->rings, folder);

	for (unsigned i = 0; good && i < TRACE_MAX_CPUS; i++) {
		r->stream[i].fd = output_nameless(folder);
		good = r->stream[i].fd >= 0;
	}
	return good || !complain(STATUS_FAILED, "cannot make a file in %s: %s; name another folder with -o",
				 folder, strerror(errno));
}

/* The part of the machine's RAM that it was told to keep its rings in. False after one line on stderr. */
static bool map_area(struct recording *r, const struct machine *machine)
{
	void *at = mmap(NULL, machine->trace_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, machine->ram_fd,
			(off_t)(machine->trace_pa - machine->ram_base));

	if (at == MAP_FAILED)
		return !complain(STATUS_FAILED, "cannot map the machine's memory: %s", strerror(errno));
	r->rings.area = at;
	r->rings.area_bytes = machine->trace_bytes;
	return true;
}

static bool start_thread(struct recording *r)
{
	int error = pthread_create(&r->thread, NULL, drain, r);

	return !error || !complain(STATUS_FAILED, "cannot start a thread: %s", strerror(error));
}

/* Of what the first CPU's ring brings, which is the only one. */
static void keep_tail(struct recording *r)
{
	tail_init(&r->tail, r->wish.tail, r->stream[0].fd);
	if (r->wish.tail.bytes || r->wish.tail.nanoseconds)
		r->stream[0].tail = &r->tail;
}

/* Before the machine's first instruction: the rings are empty, and the area says so by zeros. */
struct recording *recording_start(const struct machine *machine, const char *folder,
				  const struct recording_wish *wish)
{
	struct recording *r = grow(NULL, 1, sizeof(*r));

	memset(r, 0, sizeof(*r));
	r->machine = machine;
	r->wish = *wish;
	r->within = !wish->between_marks;
	r->rings.take = take_record;
	r->rings.context = r;
	r->stream = grow(NULL, TRACE_MAX_CPUS, sizeof(r->stream[0]));
	memset(r->stream, 0, TRACE_MAX_CPUS * sizeof(r->stream[0]));
	for (unsigned i = 0; i < TRACE_MAX_CPUS; i++)
		r->stream[i].fd = -1;
	if (open_files(r, folder) && map_area(r, machine)) {
		keep_tail(r);
		if (start_thread(r))
			return r;
	}
	recording_free(r);
	return NULL;
}

bool recording_so_far(const struct recording *r, uint64_t *count)
{
	return rings_so_far(&r->rings, count);
}

/* The pages that the tail has kept, from one on, stay as they are. */
static void keep_pages(struct stream *s, size_t from)
{
	for (size_t i = from; i < s->tail->pages; i++)
		trace_text_add(&s->sums, &tail_page(s->tail, i)->sum, sizeof(uint64_t));
	s->bytes = s->head.length + (s->tail->pages - s->first_kept) * TRACE_PAGE_BYTES;
}

/* New pages with the registers at the beginning, and with what is left of the page in which it is. */
static void make_head(struct recording *r, struct stream *s, size_t index, struct trace_page_cursor c)
{
	const uint8_t *page = tail_read(s->tail, index), *record;
	size_t bytes;

	if (!page) {
		r->write_error = errno;
		return;
	}
	s->at_head = true;
	put_states(r, s, c.time ? c.time : tail_page(s->tail, index)->time, s->tail->view);
	while ((record = trace_page_next(page, &c, &bytes)))
		put_record(r, s, c.time, record, bytes);
	if (s->page.used)
		finish_page(r, s, false);
	s->at_head = false;
	s->first_kept = index + 1;
}

/* Where only the end is kept, and that is all there is now: if something fell out, it begins with the registers as they were. */
static void end_tail(struct recording *r, struct stream *s)
{
	uint64_t span = r->wish.tail.nanoseconds, end = s->page.last_time;
	struct trace_page_cursor c;
	size_t index;

	if (!s->tail || r->write_error || !s->tail->pages)
		return;
	if (s->tail->dropped || (span && tail_page(s->tail, 0)->time + span < end)) {
		if (!tail_begin(s->tail, end, &index, &c)) {
			r->write_error = errno;
			return;
		}
		make_head(r, s, index, c);
	}
	keep_pages(s, s->first_kept);
}

/* When the machine has ended: what is still in the rings is taken, the last pages are closed, the sums are made. */
void recording_stop(struct recording *r, struct recording_sum *sum)
{
	__atomic_store_n(&r->stop, true, __ATOMIC_RELEASE);
	pthread_join(r->thread, NULL);
	rings_finish(&r->rings);
	*sum = (struct recording_sum){ .has_area = rings_are_ready(&r->rings),
				       .counter_hz = r->rings.area->counter_hz,
				       .entry_pc = r->entry_pc,
				       .addresses = &r->addresses,
				       .vectors = &r->vectors,
				       .triggered = r->triggered,
				       .made = r->rings.taken };
	for (unsigned i = 0; sum->has_area && i < r->rings.area->cpus; i++) {
		struct trace_ring *ring = &r->rings.area->ring[i];
		struct stream *s = &r->stream[i];

		if (s->page.used)
			finish_page(r, s, ring->lost != 0);
		put_pages(r, s);
		end_tail(r, s);
		sum->events += s->events - (s->tail ? s->tail->dropped : 0);
		sum->made += ring->lost;
		sum->lost += ring->lost;
		sum->ticks += ring->ticks;
		sum->scans += ring->scans;
		sum->scan_ticks += ring->scan_ticks;
	}
}

void recording_free(struct recording *r)
{
	if (!r)
		return;
	if (r->rings.area)
		munmap(r->rings.area, r->rings.area_bytes);
	for (unsigned i = 0; i < TRACE_MAX_CPUS; i++) {
		if (r->stream[i].fd >= 0)
			close(r->stream[i].fd);
		trace_text_free(&r->stream[i].sums);
		trace_text_free(&r->stream[i].head);
	}
	code_pages_free(&r->code);
	tail_free(&r->tail);
	rings_close(&r->rings);
	free(r->stream);
	enrich_free(&r->enrich);
	addresses_free(&r->addresses);
	addresses_free(&r->vectors);
	free(r);
}

/* --- the file --- */

/* One line for each: what a number in an event's field means. base keeps the kinds of strings apart. */
static void add_strings(struct trace_text *out, const struct strings *strings, uint64_t base)
{
	for (size_t i = 0; i < strings->count; i++)
		trace_text_print(out, "0x%llx : \"%s\"\n", (unsigned long long)(base + i), strings->text[i]);
}

/* The file's string table: encodings of registers, reasons of traps, controls of L1. */
static void all_strings(struct trace_text *out, const struct recording *r)
{
	for (unsigned i = 1; i < SR_COUNT; i++)
		trace_text_print(out, "0x%x : \"%s\"\n", sysreg_info[i].enc, sysreg_info[i].name);
	add_strings(out, &r->enrich.reasons, TRACE_STRING_REASON);
	add_strings(out, &r->enrich.controls, TRACE_STRING_CONTROL);
}

/* trace-cmd shows a task for each event: here each level of each vCPU is one, with the name of the level. */
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

/* False with errno. */
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

/* False with errno. */
static bool copy_tail(int to, const struct stream *s)
{
	const uint8_t *page = NULL;
	bool good = write_all(to, s->head.bytes, s->head.length);

	for (size_t i = s->first_kept; good && i < s->tail->pages; i++) {
		page = tail_read(s->tail, i);
		good = page && write_all(to, page, TRACE_PAGE_BYTES);
	}
	return good;
}

/* One CPU's pages, behind the head. False with errno. */
static bool copy_stream(int to, const struct stream *s)
{
	static uint8_t bytes[1 << 16];
	ssize_t got;

	if (s->tail)
		return copy_tail(to, s);
	if (lseek(s->fd, 0, SEEK_SET) < 0)
		return false;
	while ((got = read(s->fd, bytes, sizeof(bytes))) > 0)
		if (!write_all(to, bytes, (size_t)got))
			return false;
	return got == 0;
}

/* Behind the pages: L1's code, the pages' sums, and the sums of everything else. False with errno. */
static bool write_trailer(struct recording *r, int fd, const struct trace_text *head, uint64_t at)
{
	struct trace_text tables = { .bytes = NULL };
	bool good = code_pages_add(&r->code, r->machine, &r->addresses, &tables);
	uint64_t codes = tables.length / sizeof(struct trace_code);

	for (unsigned i = 0; i < r->rings.area->cpus; i++) {
		trace_text_add(&tables, r->stream[i].sums.bytes, r->stream[i].sums.length);
		good = good && !r->stream[i].sums.failed && !r->stream[i].head.failed;
	}
	trace_format_trailer(&tables, codes, at, head);
	good = good && !tables.failed && write_all(fd, tables.bytes, tables.length);
	trace_text_free(&tables);
	return good;
}

/*
 * The head first, for which the length of each CPU's events must be known: that is why they wait in files of their
 * own.
 */
bool recording_write(struct recording *r, int fd, const char *name, const char *about, const char *symbols)
{
	struct trace_text strings = { .bytes = NULL }, tasks = { .bytes = NULL }, head = { .bytes = NULL };
	uint64_t size[TRACE_MAX_CPUS], lost[TRACE_MAX_CPUS];
	uint64_t bytes = 0;
	unsigned count = r->rings.area->cpus;
	bool good;

	if (r->rings.damaged)
		return !complain(STATUS_FAILED,
				 "L0's rings hold something else than this firn reads; build both again "
				 "with 'make'");
	if (r->write_error || r->rings.error) {
		errno = r->write_error ? r->write_error : r->rings.error;
		return cannot_write(name);
	}
	for (unsigned i = 0; i < count; i++) {
		size[i] = r->stream[i].bytes;
		lost[i] = r->rings.area->ring[i].lost;
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
	for (unsigned i = 0; good && i < count; i++) {
		good = copy_stream(fd, &r->stream[i]);
		bytes += size[i];
	}
	good = good && write_trailer(r, fd, &head, head.length + bytes);
	trace_text_free(&strings);
	trace_text_free(&tasks);
	trace_text_free(&head);
	return good || cannot_write(name);
}
