/*
 * Is L1 told of the window's size when it asks, in telnet's words, and never else? Tests experiments/firn/machine/resize.c.
 */
#include <CUnit/CUnit.h>
#include <string.h>

#include "experiments/firn/machine/resize.h"

void register_experiments_resize(void);

/* In two portions, cut anywhere. */
static void heard_however_it_is_cut(void)
{
	static const char console[] = "Linux\r\n\033[1m\033\033[?26217hL1:/# ";

	for (size_t cut = 0; cut < sizeof(console); cut++) {
		struct resize resize = { .wanted = false };

		resize_watch(&resize, console, cut);
		resize_watch(&resize, console + cut, sizeof(console) - 1 - cut);
		CU_ASSERT(resize.wanted && resize.asked);
		resize.asked = false;
		resize_watch(&resize, "\033[31mred\033[0m", 12);
		CU_ASSERT(resize.wanted && !resize.asked);
		resize_watch(&resize, "\033[?26217l", 9);
		CU_ASSERT(!resize.wanted && !resize.asked);
	}
}

static void other_modes_ask_for_nothing(void)
{
	static const char *const rows[] = { "\033[?2004h", "\033[?2621h",   "\033[26217h",
					    "[?26217h",	   "\033[?26217;h", "\033[?262177h" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct resize resize = { .wanted = false };

		resize_watch(&resize, rows[i], strlen(rows[i]));
		CU_ASSERT(!resize.wanted && !resize.asked);
	}
}

/* RFC 1073: IAC SB NAWS width height IAC SE, and a byte of 255 twice. */
static void messages_are_telnets(void)
{
	char out[RESIZE_BYTES];

	CU_ASSERT_EQUAL(resize_message(out, 80, 24), 9);
	CU_ASSERT_EQUAL(memcmp(out, "\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0", 9), 0);
	CU_ASSERT_EQUAL(resize_message(out, 0xffff, 0x1ff), 12);
	CU_ASSERT_EQUAL(memcmp(out, "\xff\xfa\x1f\xff\xff\xff\xff\x01\xff\xff\xff\xf0", 12), 0);
}

static void typed_bytes_stay_what_they_are(void)
{
	char bytes[8] = "a\xff\xff"
			"b";

	CU_ASSERT_EQUAL(resize_escape(bytes, 4), 6);
	CU_ASSERT_EQUAL(memcmp(bytes,
			       "a\xff\xff\xff\xff"
			       "b",
			       6),
			0);
	CU_ASSERT_EQUAL(resize_escape(bytes, 1), 1);
	CU_ASSERT_EQUAL(bytes[0], 'a');
}

void register_experiments_resize(void)
{
	CU_pSuite suite = CU_add_suite("experiments/resize", NULL, NULL);

	CU_add_test(suite, "heard however it is cut", heard_however_it_is_cut);
	CU_add_test(suite, "other modes ask for nothing", other_modes_ask_for_nothing);
	CU_add_test(suite, "messages are telnet's", messages_are_telnets);
	CU_add_test(suite, "typed bytes stay what they are", typed_bytes_stay_what_they_are);
}
