/*
 * Does a recording of which only the end is kept begin with the registers that it had then?  Tests experiments/firn/record/tail.c and
 * trigger.c, and traces/format.c, which reads its own pages again.
 */
#include <CUnit/CUnit.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/record/tail.h"
#include "experiments/firn/record/trigger.h"
#include "experiments/firn/tool/output.h"
#include "nv/arch/firn_abi.h"

void register_experiments_tail(void);

/* Pages as the recorder makes them, of one vCPU, a microsecond between two events. */
struct made {
	struct tail tail;
	struct trace_page page;
	uint64_t time, pages;
};

static void end_page(struct made *m)
{
	trace_page_finish(&m->page, false);
	CU_ASSERT_FATAL(tail_add(&m->tail, m->page.bytes, m->pages));
	m->pages++;
	m->page.used = 0;
}

static void put(struct made *m, unsigned id, const void *payload, size_t bytes)
{
	uint8_t record[TRACE_COMMON_BYTES + TRACE_RECORD_MAX] = { 0 };
	uint16_t type = (uint16_t)TRACE_FILE_ID(id);
	int32_t pid = trace_pid(1, 2, 3);

	memcpy(record, &type, sizeof(type));
	memcpy(record + 4, &pid, sizeof(pid));
	memcpy(record + TRACE_COMMON_BYTES, payload, bytes);
	m->time += 1000;
	if (trace_page_add(&m->page, m->time, record, TRACE_COMMON_BYTES + bytes))
		return;
	end_page(m);
	CU_ASSERT_FATAL(trace_page_add(&m->page, m->time, record, TRACE_COMMON_BYTES + bytes));
}

/* One step: a register has the step's number, then the vCPU goes on with that PC. */
static void put_step(struct made *m, uint64_t number)
{
	struct trace_firn_register reg = { .name = sysreg_info[SR_VTTBR_EL2].enc, .value = number };
	struct trace_kvm_entry entry = { .vcpu_pc = number };

	put(m, TRACE_firn_register, &reg, sizeof(reg));
	put(m, TRACE_kvm_entry, &entry, sizeof(entry));
}

static void make(struct made *m, struct span keep, uint64_t steps)
{
	struct trace_firn_vcpu_state state = { .mode = 1 };

	*m = (struct made){ .time = 0 };
	tail_init(&m->tail, keep, output_nameless("/tmp"));
	CU_ASSERT_FATAL(m->tail.fd >= 0);
	put(m, TRACE_firn_vcpu_state, &state, sizeof(state));
	for (uint64_t i = 1; i <= steps; i++)
		put_step(m, i);
	end_page(m);
}

static void unmake(struct made *m)
{
	close(m->tail.fd);
	tail_free(&m->tail);
}

/* The next register that is written, from a place on; 0: there is none. */
static uint64_t next_value(struct made *m, size_t index, struct trace_page_cursor c, uint64_t *time)
{
	struct trace_firn_register reg;
	const uint8_t *page, *record;
	uint16_t type;
	size_t bytes;

	for (; index < m->tail.pages; index++) {
		page = tail_read(&m->tail, index);
		CU_ASSERT_FATAL(page != NULL);
		while ((record = trace_page_next(page, &c, &bytes))) {
			memcpy(&type, record, sizeof(type));
			if (type != TRACE_FILE_ID(TRACE_firn_register))
				continue;
			memcpy(&reg, record + TRACE_COMMON_BYTES, sizeof(reg));
			*time = c.time;
			return reg.value;
		}
		c = (struct trace_page_cursor){ .at = 0 };
	}
	return 0;
}

/* What the view has is what the last step that fell out wrote, and the first that is left writes the next. */
static uint64_t begin(struct made *m, uint64_t *time)
{
	const struct vcpu_view *view;
	struct trace_page_cursor c;
	uint64_t first;
	size_t index;

	CU_ASSERT_FATAL(tail_begin(&m->tail, m->time, &index, &c));
	view = m->tail.view[2 + 8];
	CU_ASSERT_FATAL(view != NULL);
	CU_ASSERT_EQUAL(view->nv.mode, NV_MODE_V84);
	first = next_value(m, index, c, time);
	CU_ASSERT_EQUAL(vncr_get(&view->nv.file, SR_VTTBR_EL2), first - 1);
	CU_ASSERT_EQUAL(m->tail.dropped, 1 + 2 * (first - 1));
	return first;
}

static void by_size(void)
{
	struct made m;
	uint64_t time, first;

	make(&m, (struct span){ .bytes = 4 * TRACE_PAGE_BYTES }, 10000);
	CU_ASSERT_EQUAL(m.tail.pages, 4);
	CU_ASSERT_EQUAL(m.tail.slots, 4);
	CU_ASSERT_EQUAL(lseek(m.tail.fd, 0, SEEK_END), 4 * TRACE_PAGE_BYTES);
	for (size_t i = 0; i < 4; i++) /* in their order, however they lie in the file */
		CU_ASSERT_EQUAL(tail_page(&m.tail, i)->sum, m.pages - 4 + i);
	first = begin(&m, &time);
	CU_ASSERT(first > 9000 && first < 10000);
	unmake(&m);
}

/* The first step is the first that is not before the span. */
static void by_time(void)
{
	struct made m;
	uint64_t time;

	for (uint64_t keep = 3; keep < 2000; keep += 97) {
		make(&m, (struct span){ .nanoseconds = keep * 1000 }, 3000);
		begin(&m, &time);
		CU_ASSERT(time >= m.time - keep * 1000 && time <= m.time - keep * 1000 + 3000);
		CU_ASSERT(m.tail.slots <= keep * 60 / TRACE_PAGE_BYTES + 4);
		unmake(&m);
	}
}

/* A span in which no step began: the last one. */
static void too_short(void)
{
	struct made m;
	uint64_t time;

	make(&m, (struct span){ .nanoseconds = 1 }, 3000);
	CU_ASSERT_EQUAL(begin(&m, &time), 3000);
	unmake(&m);
}

static void whole(void)
{
	struct made m;
	uint64_t time;

	make(&m, (struct span){ .bytes = 1 << 30 }, 5000);
	CU_ASSERT_EQUAL(m.tail.dropped, 0);
	CU_ASSERT_EQUAL(m.tail.pages, m.pages);
	CU_ASSERT_EQUAL(next_value(&m, 0, (struct trace_page_cursor){ .at = 0 }, &time), 1);
	CU_ASSERT_EQUAL(time, 2000);
	unmake(&m);
}

/* A record longer than the short form has room for, and a time that is later by more than its 27 bits. */
static void pages(void)
{
	static const size_t length[] = { 8, 112, 116, 480 };
	static const uint64_t time[] = { 5, 5, (UINT64_C(1) << 27) + 4, (UINT64_C(1) << 40) + 9 };
	struct trace_page page = { .used = 0 };
	struct trace_page_cursor c = { .at = 0 };
	uint8_t record[480];
	size_t bytes;

	for (size_t i = 0; i < 4; i++) {
		memset(record, (int)i + 1, sizeof(record));
		CU_ASSERT_FATAL(trace_page_add(&page, time[i], record, length[i]));
	}
	trace_page_finish(&page, true);
	for (size_t i = 0; i < 4; i++) {
		const uint8_t *at = trace_page_next(page.bytes, &c, &bytes);

		CU_ASSERT_FATAL(at != NULL);
		CU_ASSERT(bytes == length[i] && c.time == time[i]);
		CU_ASSERT(at[0] == i + 1 && at[bytes - 1] == i + 1);
	}
	CU_ASSERT_PTR_NULL(trace_page_next(page.bytes, &c, &bytes));
}

/* How many bytes of said are there when it happens? 0: it does not. */
static size_t hears(const char *words, const char *said)
{
	struct trigger trigger = { .words = words };
	struct trace_record record = { .id = TRACE_kvm_mmio };

	for (size_t i = 0; said[i]; i++) {
		struct trace_kvm_mmio other = { .type = 2, .gpa = FIRN_UART_BASE + 0x18, .val = '!' };
		struct trace_kvm_mmio mmio = { .type = 2, .gpa = FIRN_UART_BASE, .val = (uint8_t)said[i] };

		CU_ASSERT_FALSE(trigger_is(&trigger, &record, &other, NULL));
		if (trigger_is(&trigger, &record, &mmio, NULL))
			return i + 1;
	}
	return 0;
}

static void console(void)
{
	CU_ASSERT_EQUAL(hears("panic", "no pan\r\npanpanic!"), 16);
	CU_ASSERT_EQUAL(hears("aab", "aaab"), 4);
	CU_ASSERT_EQUAL(hears("abcabd", "abcabcabd"), 9);
	CU_ASSERT_EQUAL(hears("abacabab", "abacabacabab"), 12);
	CU_ASSERT_EQUAL(hears("panic", "pani c"), 0);
}

static bool is_trap(char *const *name, size_t names, struct trace_kvm_exit exit, const char *reason)
{
	struct trigger trigger = { .name = name, .names = names };
	struct trace_record record = { .id = TRACE_kvm_exit };

	return trigger_is(&trigger, &record, &exit, reason);
}

static void traps(void)
{
	char *const both[] = { "vEL2", "SYSREG:HCR_EL2" }, *const l2[] = { "L2" };
	struct trace_kvm_exit of_vel2 = { .level = 0 }, of_l2 = { .level = 3 },
			      mark = { .level = 3, .is_mark = 1 };

	CU_ASSERT(is_trap(both, 2, of_vel2, "SYSREG:HCR_EL2:W"));
	CU_ASSERT_FALSE(is_trap(both, 2, of_vel2, "SYSREG:HCR_EL21:W"));
	CU_ASSERT_FALSE(is_trap(both, 2, of_l2, "SYSREG:HCR_EL2:W"));
	CU_ASSERT(is_trap(l2, 1, of_l2, "HVC"));
	CU_ASSERT_FALSE(is_trap(l2, 1, of_vel2, "HVC"));
	CU_ASSERT_FALSE(is_trap(l2, 1, mark, "MARK"));
	CU_ASSERT_FALSE(is_trap(l2, 0, of_l2, "HVC"));
}

void register_experiments_tail(void)
{
	CU_pSuite suite = CU_add_suite("experiments/tail", NULL, NULL);

	CU_add_test(suite, "the last pages are kept, the file does not grow, and the registers are right",
		    by_size);
	CU_add_test(suite, "so is the last stretch of time, to the step", by_time);
	CU_add_test(suite, "of too short a time it is the last step", too_short);
	CU_add_test(suite, "what fits is all there", whole);
	CU_add_test(suite, "a page is read as it was written", pages);
	CU_add_test(suite, "words on the console are noticed with their last letter", console);
	CU_add_test(suite, "a trap has all names that were given", traps);
}
