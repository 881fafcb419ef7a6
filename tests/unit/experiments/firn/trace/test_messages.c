/*
 * Which traps are the way of a device's message to L2, and nothing else?  Tests experiments/firn/trace/messages.c.
 */
#include <CUnit/CUnit.h>

#include "experiments/firn/measure/measure.h"
#include "experiments/firn/trace/messages.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"

void register_experiments_messages(void);

#define LPI 8193U
#define OF_L2 (field_put(ICH_LR_STATE, 1) | 8200)
#define ACTIVE (field_put(ICH_LR_STATE, 2) | 8200)
#define TIMER (field_put(ICH_LR_STATE, 1) | 27)

/* A recording of one vCPU, in which nothing has happened yet, and what a way consists of. */
static struct messages messages;
static uint64_t number;

static void begin(void)
{
	messages_free(&messages);
	number = 0;
}

static uint64_t visit(struct step s)
{
	s.number = number++;
	messages_step(&messages, &s);
	return s.number;
}

static bool is_on_a_way(uint64_t n)
{
	return messages_have(&messages, &(struct step){ .number = n });
}

/* Of L2: a message, which vEL2 gets; before: L2's first list register then. */
static struct step message(uint64_t before)
{
	return (struct step){ .exit.level = LEDGER_L2_EL1,
			      .has_entry = true,
			      .entry.level = LEDGER_VEL2,
			      .has_interrupt = true,
			      .interrupt.intid = LPI,
			      .has_message = true,
			      .message = { .lpi = LPI, .function = 8, .intid = LPI },
			      .has_inject = true,
			      .inject.type = 1,
			      .has_back = before != 0,
			      .back.lr0 = before };
}

static struct step trap(void)
{
	return (struct step){ .exit.ret = 2,
			      .exit.from_vel2 = 1,
			      .exit.level = LEDGER_VEL2,
			      .has_entry = true,
			      .entry.level = LEDGER_VEL2 };
}

/* To L2, which then has this in its second list register. */
static struct step return_to_l2(uint64_t lr)
{
	struct step s = trap();

	s.has_eret = true;
	s.entry.level = LEDGER_L2_EL1;
	s.has_lrs = true;
	s.lrs.lr0 = TIMER;
	s.lrs.lr1 = lr;
	return s;
}

/* A way with a trap on it that may be another one; true if all three are there for the message. */
static bool way(struct step first, struct step between, struct step last)
{
	uint64_t n[3];

	begin();
	n[0] = visit(first);
	n[1] = visit(between);
	n[2] = visit(last);
	visit(trap());
	CU_ASSERT(!is_on_a_way(n[2] + 1));
	CU_ASSERT(is_on_a_way(n[0]) == is_on_a_way(n[1]) && is_on_a_way(n[1]) == is_on_a_way(n[2]));
	CU_ASSERT_EQUAL(messages.given, is_on_a_way(n[0]));
	return is_on_a_way(n[0]);
}

static void given(void)
{
	CU_ASSERT(way(message(0), trap(), return_to_l2(OF_L2)));
	CU_ASSERT_EQUAL(messages.taken, 1);
	CU_ASSERT_EQUAL(messages.from_guest, 1);
	CU_ASSERT(way(message(ACTIVE), trap(), return_to_l2(OF_L2)));
	CU_ASSERT(way(message(TIMER), trap(), return_to_l2(OF_L2)));
}

/* L1's own device, or one whose interrupt L2 has not taken yet. */
static void not_for_l2(void)
{
	CU_ASSERT(!way(message(0), trap(), return_to_l2(TIMER)));
	CU_ASSERT(!way(message(0), trap(), return_to_l2(ACTIVE)));
	CU_ASSERT(!way(message(OF_L2), trap(), return_to_l2(OF_L2)));
	CU_ASSERT_EQUAL(messages.from_guest, 1);
}

/* L1 would have come to run without it, or has done something else too. */
static void with_something_else(void)
{
	struct step own = return_to_l2(OF_L2), other = message(0), interrupt = trap(), late = message(0),
		    unmapped = message(0);

	own.lrs.is_own = true;
	CU_ASSERT(!way(message(0), trap(), own));
	interrupt.exit.ret = 0;
	CU_ASSERT(!way(message(0), interrupt, return_to_l2(OF_L2)));
	other.message.vm = 1;
	CU_ASSERT(!way(other, trap(), return_to_l2(OF_L2)));
	late.has_inject = false;
	CU_ASSERT(!way(late, trap(), return_to_l2(OF_L2)));
	unmapped.message.intid = 0;
	CU_ASSERT(!way(unmapped, trap(), return_to_l2(OF_L2)));
	CU_ASSERT(!way(trap(), trap(), return_to_l2(OF_L2)));
}

static void vttbr(uint64_t value)
{
	messages_event(&messages, &(struct trace_item){ .id = TRACE_firn_register,
							.e.firn_register.name = sysreg_info[SR_VTTBR_EL2].enc,
							.e.firn_register.value = value });
}

/* VTTBR_EL2 says whose list registers they are. */
static void another_l2(void)
{
	begin();
	vttbr(0x1000);
	visit(message(0));
	vttbr(0);
	visit(trap());
	vttbr(0x1000);
	visit(return_to_l2(OF_L2));
	CU_ASSERT(is_on_a_way(0) && is_on_a_way(2));
	visit(message(0));
	vttbr(0x2000);
	visit(return_to_l2(OF_L2));
	CU_ASSERT(!is_on_a_way(3) && !is_on_a_way(4));
	CU_ASSERT_EQUAL(messages.given, 1);
}

/* Of two vCPUs each has a way of its own, and a number far behind is no error. */
static void two_vcpus(void)
{
	struct step other = trap();

	begin();
	other.vcpu = other.to_vcpu = 1;
	visit(message(0));
	visit(other);
	number = 100000;
	visit(return_to_l2(OF_L2));
	CU_ASSERT(is_on_a_way(0) && !is_on_a_way(1) && is_on_a_way(100000));
	CU_ASSERT(!is_on_a_way(UINT64_MAX));
}

/* One that does not end is none, and takes no memory. */
static void without_end(void)
{
	begin();
	visit(message(0));
	for (unsigned i = 0; i < 100000; i++)
		visit(trap());
	visit(return_to_l2(OF_L2));
	CU_ASSERT_EQUAL(messages.given, 0);
	messages_free(&messages);
}

void register_experiments_messages(void)
{
	CU_pSuite suite = CU_add_suite("experiments/messages", NULL, NULL);

	CU_add_test(suite, "a message that L1 gives to L2", given);
	CU_add_test(suite, "one that is L1's own, or not taken yet", not_for_l2);
	CU_add_test(suite, "something else happens too", with_something_else);
	CU_add_test(suite, "another L2 goes on", another_l2);
	CU_add_test(suite, "two vCPUs", two_vcpus);
	CU_add_test(suite, "no end", without_end);
}
