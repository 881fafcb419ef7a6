/* Does L1's console behave as Arm DDI0183 says?  Bits and reset values are written from its tables. */
#include <CUnit/CUnit.h>

#include "nv/pl011.h"

void register_nv_pl011(void);

#define DR 0x00
#define RSR 0x04
#define FR 0x18
#define LCR_H 0x2c
#define IFLS 0x34
#define IMSC 0x38
#define RIS 0x3c
#define MIS 0x40
#define ICR 0x44
#define FEN 0x10
#define TXFE 0x80
#define RXFF 0x40
#define RXFE 0x10
#define RX 0x10U
#define TX 0x20U
#define RT 0x40U
#define OE 0x400U

static struct nv_pl011 uart;

static void receive(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		nv_pl011_receive(&uart, (uint8_t)('a' + i % 26));
}

static void out_of_reset(void)
{
	static const struct {
		uint64_t offset;
		uint32_t value;
	} row[] = {
		{ FR, TXFE | RXFE }, { 0x30, 0x300 }, { IFLS, 0x12 },  { RIS, 0 },   { IMSC, 0 },
		{ 0xfe0, 0x11 },     { 0xfe4, 0x10 }, { 0xfe8, 0x34 }, { 0xfec, 0 }, { 0xff0, 0x0d },
		{ 0xff4, 0xf0 },     { 0xff8, 0x05 }, { 0xffc, 0xb1 }, { 0xfe1, 0 }, { 0x200, 0 },
	};

	nv_pl011_reset(&uart);
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		CU_ASSERT_EQUAL(nv_pl011_read(&uart, row[i].offset), row[i].value);
	CU_ASSERT_FALSE(nv_pl011_line(&uart));
}

static void without_a_fifo_each_character_interrupts(void)
{
	nv_pl011_reset(&uart);
	receive(1);
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, FR), TXFE | RXFF);
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, RIS), RX);
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, DR), 'a');
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, FR), TXFE | RXFE);
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, RIS), 0);
}

/* UARTIFLS.RXIFLSEL of a FIFO of 32; fewer characters are the timeout's. */
static void a_fifo_interrupts_at_its_level(void)
{
	static const unsigned level[] = { 4, 8, 16, 24, 28 };

	for (unsigned i = 0; i < sizeof(level) / sizeof(level[0]); i++) {
		nv_pl011_reset(&uart);
		CU_ASSERT_FALSE(nv_pl011_write(&uart, LCR_H, FEN));
		CU_ASSERT_FALSE(nv_pl011_write(&uart, IFLS, i << 3));
		receive(level[i] - 1);
		CU_ASSERT_EQUAL(nv_pl011_read(&uart, RIS), RT);
		receive(1);
		CU_ASSERT_EQUAL(nv_pl011_read(&uart, RIS), RX | RT);
		nv_pl011_read(&uart, DR);
		CU_ASSERT_EQUAL(nv_pl011_read(&uart, RIS), RT);
		for (unsigned n = 1; n < level[i]; n++)
			nv_pl011_read(&uart, DR);
		CU_ASSERT_EQUAL(nv_pl011_read(&uart, RIS), 0);
	}
}

static void the_line_is_what_is_raised_and_not_masked(void)
{
	nv_pl011_reset(&uart);
	CU_ASSERT_TRUE(nv_pl011_write(&uart, DR, 'x'));
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, RIS), TX);
	CU_ASSERT_FALSE(nv_pl011_line(&uart));
	CU_ASSERT_FALSE(nv_pl011_write(&uart, IMSC, TX));
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, MIS), TX);
	CU_ASSERT_TRUE(nv_pl011_line(&uart));
	CU_ASSERT_FALSE(nv_pl011_write(&uart, ICR, TX));
	CU_ASSERT_FALSE(nv_pl011_line(&uart));
}

static void a_character_without_room_is_an_overrun(void)
{
	nv_pl011_reset(&uart);
	CU_ASSERT_FALSE(nv_pl011_write(&uart, LCR_H, FEN));
	receive(NV_PL011_FIFO);
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, RIS) & OE, 0);
	receive(1);
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, RIS) & OE, OE);
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, RSR), 8);
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, DR), 0x800 | 'a');
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, DR), 'b');
	receive(2);
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, RSR), 0);
	receive(1);
	CU_ASSERT_FALSE(nv_pl011_write(&uart, RSR, 0));
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, RSR), 0);
}

static void registers_have_the_bits_that_they_have(void)
{
	static const struct {
		uint64_t offset;
		uint32_t bits;
	} row[] = { { 0x20, 0xff },   { 0x24, 0xffff }, { 0x28, 0x3f },	 { LCR_H, 0xff },
		    { 0x30, 0xffff }, { IFLS, 0x3f },	{ IMSC, 0x7ff }, { 0x48, 7 } };

	nv_pl011_reset(&uart);
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		CU_ASSERT_FALSE(nv_pl011_write(&uart, row[i].offset, ~0U));
		CU_ASSERT_EQUAL(nv_pl011_read(&uart, row[i].offset), row[i].bits);
	}
	CU_ASSERT_FALSE(nv_pl011_write(&uart, FR, ~0U));
	CU_ASSERT_EQUAL(nv_pl011_read(&uart, FR), TXFE | RXFE);
}

void register_nv_pl011(void)
{
	CU_pSuite s = CU_add_suite("nv/pl011", NULL, NULL);

	CU_ADD_TEST(s, out_of_reset);
	CU_ADD_TEST(s, without_a_fifo_each_character_interrupts);
	CU_ADD_TEST(s, a_fifo_interrupts_at_its_level);
	CU_ADD_TEST(s, the_line_is_what_is_raised_and_not_masked);
	CU_ADD_TEST(s, a_character_without_room_is_an_overrun);
	CU_ADD_TEST(s, registers_have_the_bits_that_they_have);
}
