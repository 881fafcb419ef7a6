/*
 * Does a device answer every form of load and store?  A distributor, and a PL011 at EL2, EL1 and EL0, in both byte orders, through EL1's stage 1 and EL2's
 * stage 2, with accesses that its page does not hold. A run loads registers from a page, makes the access, and stores the V registers;
 * what has changed then is shown.  Reads: visible.h, tables.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"
#include "tests/guests/visible/tables.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct form {
	const char *name;
	uint32_t word;
};

// clang-format off
static const struct form forms[] = {
	{ "ldr w1, [x0]", 0xb9400001 },
	{ "ldr x1, [x0]", 0xf9400001 },
	{ "ldrb w1, [x0, #4]", 0x39401001 },
	{ "ldrh w1, [x0, #4]", 0x79400801 },
	{ "ldrsb w1, [x0, #4]", 0x39c01001 },
	{ "ldrsb x1, [x0, #4]", 0x39801001 },
	{ "ldrsh w1, [x0, #4]", 0x79c00801 },
	{ "ldrsh x1, [x0, #4]", 0x79800801 },
	{ "ldrsw x1, [x0, #4]", 0xb9800401 },
	{ "ldur w1, [x0, #-4]", 0xb85fc001 },
	{ "ldr w1, [x0], #4", 0xb8404401 },
	{ "ldr x1, [x0], #-8", 0xf85f8401 },
	{ "ldr w1, [x0, #4]!", 0xb8404c01 },
	{ "ldrsh x1, [x0], #16", 0x78810401 },
	{ "ldrb w1, [x0, #16]!", 0x38410c01 },
	{ "ldr w1, [x0, x6]", 0xb8666801 },
	{ "ldr w1, [x0, x7, lsl #2]", 0xb8677801 },
	{ "ldr w1, [x0, w6, uxtw #2]", 0xb8665801 },
	{ "ldr x1, [x0, w7, sxtw]", 0xf867c801 },
	{ "ldr w1, [x0, x7, sxtx]", 0xb867e801 },
	{ "ldrsw x1, [x0, x6, lsl #2]", 0xb8a67801 },
	{ "ldp w1, w2, [x0]", 0x29400801 },
	{ "ldp x1, x2, [x0, #16]", 0xa9410801 },
	{ "ldp x1, x2, [x0], #16", 0xa8c10801 },
	{ "ldp w1, w2, [x0, #8]!", 0x29c10801 },
	{ "ldpsw x1, x2, [x0, #4]", 0x69408801 },
	{ "ldnp x1, x2, [x0]", 0xa8400801 },
	{ "ldnp w1, w2, [x0]", 0x28400801 },
	{ "ldr wzr, [x0]", 0xb940001f },
	{ "ldp xzr, x1, [x0]", 0xa940041f },
	{ "ldar w1, [x0]", 0x88dffc01 },
	{ "ldar x1, [x0]", 0xc8dffc01 },
	{ "ldarb w1, [x0]", 0x08dffc01 },
	{ "ldarh w1, [x0]", 0x48dffc01 },
	{ "ldlar w1, [x0]", 0x88df7c01 },
	{ "ldapr w1, [x0]", 0xb8bfc001 },
	{ "ldapr x1, [x0]", 0xf8bfc001 },
	{ "ldaprb w1, [x0]", 0x38bfc001 },
	{ "ldapur w1, [x0, #4]", 0x99404001 },
	{ "ldapursw x1, [x0, #4]", 0x99804001 },
	{ "ldapursb w1, [x0, #4]", 0x19c04001 },
	{ "ldxr w1, [x0]", 0x885f7c01 },
	{ "ldxr x1, [x0]", 0xc85f7c01 },
	{ "ldaxr w1, [x0]", 0x885ffc01 },
	{ "ldaxrb w1, [x0]", 0x085ffc01 },
	{ "ldxrh w1, [x0]", 0x485f7c01 },
	{ "ldxp w1, w2, [x0]", 0x887f0801 },
	{ "ldxp x1, x2, [x0]", 0xc87f0801 },
	{ "ldaxp x1, x2, [x0]", 0xc87f8801 },
	{ "stxr w8, w1, [x0]", 0x88087c01 },
	{ "stlxp w8, x1, x2, [x0]", 0xc8288801 },
	{ "ldr b1, [x0]", 0x3d400001 },
	{ "ldr h1, [x0, #8]", 0x7d401001 },
	{ "ldr s1, [x0, #4]", 0xbd400401 },
	{ "ldr d1, [x0, #8]", 0xfd400401 },
	{ "ldr q1, [x0]", 0x3dc00001 },
	{ "ldr q1, [x0], #16", 0x3cc10401 },
	{ "ldr s1, [x0, #4]!", 0xbc404c01 },
	{ "ldur d1, [x0, #8]", 0xfc408001 },
	{ "ldr d1, [x0, x6]", 0xfc666801 },
	{ "ldr q1, [x0, w6, uxtw #4]", 0x3ce65801 },
	{ "ldp s1, s2, [x0]", 0x2d400801 },
	{ "ldp d1, d2, [x0, #8]", 0x6d408801 },
	{ "ldp q1, q2, [x0]", 0xad400801 },
	{ "ldp q1, q2, [x0], #32", 0xacc10801 },
	{ "ldnp d1, d2, [x0]", 0x6c400801 },
	{ "ld1 {v1.4s}, [x0]", 0x4c407801 },
	{ "ld1 {v1.2s}, [x0], #8", 0x0cdf7801 },
	{ "ld1 {v1.2d, v2.2d}, [x0]", 0x4c40ac01 },
	{ "ld1 {v1.4s, v2.4s, v3.4s}, [x0]", 0x4c406801 },
	{ "ld1 {v1.1d, v2.1d, v3.1d, v4.1d}, [x0], #32", 0x0cdf2c01 },
	{ "ld1 {v1.4s, v2.4s, v3.4s, v4.4s}, [x0], x6", 0x4cc62801 },
	{ "ld2 {v1.4s, v2.4s}, [x0]", 0x4c408801 },
	{ "ld2 {v1.2s, v2.2s}, [x0], #16", 0x0cdf8801 },
	{ "ld3 {v1.2d, v2.2d, v3.2d}, [x0]", 0x4c404c01 },
	{ "ld3 {v1.2s, v2.2s, v3.2s}, [x0]", 0x0c404801 },
	{ "ld4 {v1.4s, v2.4s, v3.4s, v4.4s}, [x0]", 0x4c400801 },
	{ "ld4 {v1.2d, v2.2d, v3.2d, v4.2d}, [x0], #64", 0x4cdf0c01 },
	{ "ld1 {v1.s}[1], [x0]", 0x0d409001 },
	{ "ld1 {v1.d}[1], [x0], #8", 0x4ddf8401 },
	{ "ld1 {v1.b}[13], [x0]", 0x4d401401 },
	{ "ld1 {v1.h}[6], [x0], x7", 0x4dc75001 },
	{ "ld2 {v1.s, v2.s}[3], [x0]", 0x4d609001 },
	{ "ld3 {v1.d, v2.d, v3.d}[0], [x0], #24", 0x0ddfa401 },
	{ "ld4 {v1.s, v2.s, v3.s, v4.s}[2], [x0]", 0x4d60a001 },
	{ "ld1r {v1.16b}, [x0]", 0x4d40c001 },
	{ "ld1r {v1.4h}, [x0], #2", 0x0ddfc401 },
	{ "ld1r {v1.2s}, [x0]", 0x0d40c801 },
	{ "ld2r {v1.4s, v2.4s}, [x0]", 0x4d60c801 },
	{ "ld3r {v1.2d, v2.2d, v3.2d}, [x0]", 0x4d40ec01 },
	{ "ld4r {v1.2s, v2.2s, v3.2s, v4.2s}, [x0], x6", 0x0de6e801 },
	{ "str w1, [x0]", 0xb9000001 },
	{ "str x1, [x0]", 0xf9000001 },
	{ "strb w1, [x0, #4]", 0x39001001 },
	{ "strh w1, [x0, #4]", 0x79000801 },
	{ "stur w1, [x0, #4]", 0xb8004001 },
	{ "str w1, [x0], #4", 0xb8004401 },
	{ "str x1, [x0, #8]!", 0xf8008c01 },
	{ "str x1, [x0], #-8", 0xf81f8401 },
	{ "str w1, [x0, w6, uxtw]", 0xb8264801 },
	{ "str wzr, [x0, #4]", 0xb900041f },
	{ "stp w1, w2, [x0]", 0x29000801 },
	{ "stp x1, x4, [x0]", 0xa9001001 },
	{ "stp x1, x4, [x0], #16", 0xa8811001 },
	{ "stp w1, w2, [x0, #8]!", 0x29810801 },
	{ "stnp x1, x4, [x0]", 0xa8001001 },
	{ "stlr w1, [x0]", 0x889ffc01 },
	{ "stlr x1, [x0]", 0xc89ffc01 },
	{ "stlrb w1, [x0]", 0x089ffc01 },
	{ "stllr w1, [x0]", 0x889f7c01 },
	{ "stlur w1, [x0, #4]", 0x99004001 },
	{ "str b1, [x0]", 0x3d000001 },
	{ "str h1, [x0, #4]", 0x7d000801 },
	{ "str s1, [x0, #4]", 0xbd000401 },
	{ "str d1, [x0]", 0xfd000001 },
	{ "str q1, [x0]", 0x3d800001 },
	{ "str q1, [x0], #16", 0x3c810401 },
	{ "str s1, [x0, x6]", 0xbc266801 },
	{ "stp s1, s2, [x0]", 0x2d000801 },
	{ "stp d1, d2, [x0]", 0x6d000801 },
	{ "stp q1, q2, [x0]", 0xad000801 },
	{ "stp q1, q2, [x0], #-32", 0xacbf0801 },
	{ "st1 {v1.4s}, [x0]", 0x4c007801 },
	{ "st1 {v1.2d, v2.2d}, [x0], #32", 0x4c9fac01 },
	{ "st1 {v1.2s, v2.2s, v3.2s}, [x0]", 0x0c006801 },
	{ "st1 {v1.4s, v2.4s, v3.4s, v4.4s}, [x0]", 0x4c002801 },
	{ "st2 {v1.4s, v2.4s}, [x0]", 0x4c008801 },
	{ "st2 {v1.2s, v2.2s}, [x0], x6", 0x0c868801 },
	{ "st3 {v1.2s, v2.2s, v3.2s}, [x0]", 0x0c004801 },
	{ "st3 {v1.2d, v2.2d, v3.2d}, [x0]", 0x4c004c01 },
	{ "st4 {v1.2s, v2.2s, v3.2s, v4.2s}, [x0]", 0x0c000801 },
	{ "st4 {v1.2d, v2.2d, v3.2d, v4.2d}, [x0]", 0x4c000c01 },
	{ "st1 {v1.s}[2], [x0]", 0x4d008001 },
	{ "st1 {v1.b}[4], [x0], #1", 0x0d9f1001 },
	{ "st1 {v1.h}[2], [x0]", 0x0d005001 },
	{ "st2 {v1.d, v2.d}[1], [x0]", 0x4d208401 },
	{ "st4 {v1.s, v2.s, v3.s, v4.s}[3], [x0], #16", 0x4dbfb001 },
	{ "swp w1, w2, [x0]", 0xb8218002 },
	{ "swpal x1, x8, [x0]", 0xf8e18008 },
	{ "swpb w1, w2, [x0]", 0x38218002 },
	{ "ldadd w1, w2, [x0]", 0xb8210002 },
	{ "ldaddal x1, x2, [x0]", 0xf8e10002 },
	{ "ldaddh w1, w2, [x0]", 0x78210002 },
	{ "stadd w1, [x0]", 0xb821001f },
	{ "ldclr w1, w2, [x0]", 0xb8211002 },
	{ "ldeor w1, w2, [x0]", 0xb8212002 },
	{ "ldset w1, w2, [x0]", 0xb8213002 },
	{ "ldsmax w1, w2, [x0]", 0xb8214002 },
	{ "ldsmin w1, w2, [x0]", 0xb8215002 },
	{ "ldumax w1, w2, [x0]", 0xb8216002 },
	{ "ldumin x1, x2, [x0]", 0xf8217002 },
	{ "stclr x1, [x0]", 0xf821101f },
	{ "cas w2, w1, [x0]", 0x88a27c01 },
	{ "cas w5, w2, [x0]", 0x88a57c02 },
	{ "casal x2, x1, [x0]", 0xc8e2fc01 },
	{ "casb w2, w1, [x0]", 0x08a27c01 },
	{ "casp w2, w3, w4, w5, [x0]", 0x08227c04 },
	{ "caspal x2, x3, x4, x5, [x0]", 0x4862fc04 },
	{ "ldr x0, [x0]", 0xf9400000 },
	{ "ldr x0, [x0], #8", 0xf8408400 },
	{ "ldp x0, x1, [x0]", 0xa9400400 },
	{ "str x0, [x0], #4", 0xf8004400 },
	{ "prfm pldl1keep, [x0]", 0xf9800000 },
	{ "prfum pldl1keep, [x0, #3]", 0xf8803000 },
	{ "ldp x1, x2, [x0, #-8]", 0xa97f8801 },
};

/* At EL2 these are as LDR and STR, but where hardware cannot do that: docs/hypercall.md. */
static const struct form unprivileged[] = {
	{ "ldtr w1, [x0, #4]", 0xb8404801 },
	{ "ldtr x1, [x0]", 0xf8400801 },
	{ "ldtrb w1, [x0]", 0x38400801 },
	{ "ldtrh w1, [x0, #4]", 0x78404801 },
	{ "ldtrsw x1, [x0, #4]", 0xb8804801 },
	{ "sttr w1, [x0, #4]", 0xb8004801 },
	{ "sttrb w1, [x0]", 0x38000801 },
};

/* Alignment faults with Device memory, but not for QEMU 10.0 where a translation says Device. */
static const struct form unaligned[] = {
	{ "ldr x1, [x0, #4]", 0xf8404001 },
	{ "ldr q1, [x0, #4]", 0x3cc04001 },
	{ "str x4, [x0, #4]", 0xf8004004 },
};

/* x0 is in the stack pointer, before and after. */
static const struct form stack[] = {
	{ "ldr x1, [sp], #8", 0xf84087e1 },
	{ "str w1, [sp, #4]!", 0xb8004fe1 },
	{ "ldp w1, w2, [sp, #8]", 0x29410be1 },
	{ "ld1 {v1.4s}, [sp], #16", 0x4cdf7be1 },
	{ "ldadd w1, w2, [sp]", 0xb82103e2 },
};
// clang-format on

/* A run: x9 is the page of values, which they are loaded from and the V registers go back to. */
static const uint32_t before[] = {
	0xaa0103e9, /* mov x9, x1 */
	0xad400921, /* ldp q1, q2, [x9] */
	0xad411123, /* ldp q3, q4, [x9, #32] */
	0xa9440921, /* ldp x1, x2, [x9, #64] */
	0xa9451123, /* ldp x3, x4, [x9, #80] */
	0xa9461925, /* ldp x5, x6, [x9, #96] */
	0xa9472127, /* ldp x7, x8, [x9, #112] */
};
static const uint32_t after[] = {
	0xad040921, /* stp q1, q2, [x9, #128] */
	0xad051123, /* stp q3, q4, [x9, #160] */
};
#define TO_SP UINT32_C(0x9100001f)   /* mov sp, x0 */
#define FROM_SP UINT32_C(0x910003e0) /* mov x0, sp */
#define LDP_X UINT32_C(0xa9400801)   /* ldp x1, x2, [x0] */
#define LDP_W UINT32_C(0x29400801)   /* ldp w1, w2, [x0] */
#define STP_W UINT32_C(0x29000801)   /* stp w1, w2, [x0] */

/* Registers of a device that are read and written without an effect on what this program prints, and the bits that QEMU's have too. */
#define REGISTERS 8
struct registers {
	const char *name;
	unsigned offset;
	uint32_t value, mask;
};
static const struct registers pl011[REGISTERS] = {
	{ "ILPR", 0x20, 0x82, 0xff },  { "IBRD", 0x24, 0x8283, 0xffff }, { "FBRD", 0x28, 0x15, 0x3f },
	{ "LCR_H", 0x2c, 0x60, 0xff }, { "CR", 0x30, 0x301, 0xffff },	 { "IFLS", 0x34, 0x12, 0x3f },
	{ "IMSC", 0x38, 0, 0x7ff },    { "DMACR", 0x48, 0, 7 },
};
#define BASE 0x20

/* Of the distributor: the priorities of SPIs that nothing raises, of which five bits are compared. */
#define PRIORITIES 0xf8f8f8f8
static const struct registers distributor[REGISTERS] = {
	{ "IPRIORITYR8", 0x420, 8, PRIORITIES },	   { "IPRIORITYR9", 0x424, 0x10203040, PRIORITIES },
	{ "IPRIORITYR10", 0x428, 0x80808080, PRIORITIES }, { "IPRIORITYR11", 0x42c, 0xf8a00818, PRIORITIES },
	{ "IPRIORITYR12", 0x430, 0x98, PRIORITIES },	   { "IPRIORITYR13", 0x434, 0, PRIORITIES },
	{ "IPRIORITYR14", 0x438, 0xf8, PRIORITIES },	   { "IPRIORITYR15", 0x43c, 0x40, PRIORITIES },
};
#define PRIORITIES_BASE 0x420
#define GICD_CTLR_ARE UINT32_C(0x10)

/*
 * It has accesses of bytes and of words (IHI0069, GICD_IPRIORITYR<n>). Of two words in a doubleword QEMU 10.0 makes one access, which
 * its distributor refuses.
 */
static const struct form of_words[] = {
	{ "ldrb w1, [x0, #4]", 0x39401001 },
	{ "ldrsb x1, [x0, #4]", 0x39801001 },
	{ "ldrsw x1, [x0, #4]", 0xb9800401 },
	{ "ldr w1, [x0], #4", 0xb8404401 },
	{ "ldr w1, [x0, w6, uxtw #2]", 0xb8665801 },
	{ "ldp w1, w2, [x0, #4]!", 0x29c08801 },
	{ "ldpsw x1, x2, [x0, #4]", 0x69408801 },
	{ "ldnp w1, w2, [x0, #4]", 0x28408801 },
	{ "ldar w1, [x0]", 0x88dffc01 },
	{ "ldapr w1, [x0]", 0xb8bfc001 },
	{ "ldxr w1, [x0]", 0x885f7c01 },
	{ "ldr s1, [x0, #4]!", 0xbc404c01 },
	{ "ldp s1, s2, [x0]", 0x2d400801 },
	{ "ld2 {v1.2s, v2.2s}, [x0], #16", 0x0cdf8801 },
	{ "ld4 {v1.4s, v2.4s, v3.4s, v4.4s}, [x0]", 0x4c400801 },
	{ "ld1 {v1.b}[13], [x0]", 0x4d401401 },
	{ "ld2r {v1.4s, v2.4s}, [x0]", 0x4d60c801 },
	{ "strb w1, [x0, #4]", 0x39001001 },
	{ "str w1, [x0], #4", 0xb8004401 },
	{ "stp w1, w2, [x0, #4]!", 0x29808801 },
	{ "stlr w1, [x0]", 0x889ffc01 },
	{ "stxr w8, w1, [x0]", 0x88087c01 },
	{ "stp s1, s2, [x0]", 0x2d000801 },
	{ "st3 {v1.2s, v2.2s, v3.2s}, [x0]", 0x0c004801 },
	{ "st1 {v1.b}[4], [x0], #1", 0x0d9f1001 },
	{ "swp w1, w2, [x0]", 0xb8218002 },
	{ "swpb w1, w2, [x0]", 0x38218002 },
	{ "ldadd w1, w2, [x0]", 0xb8210002 },
	{ "ldsmin w1, w2, [x0]", 0xb8215002 },
	{ "stadd w1, [x0]", 0xb821001f },
	{ "cas w2, w1, [x0]", 0x88a27c01 },
	{ "cas w6, w1, [x0]", 0x88a67c01 },
};

static const struct registers *device = pl011;
static uint64_t device_base;

/* V1 to V4, low half first, then X1 to X8: small values, and X2 and X3 what a comparison with the device expects. */
static const uint64_t values[] = {
	0x400000002,  0x800000006,   0xc0000000a,    0x100000000e, 0x1400000012, 0x1800000016, 0x1c0000001a,
	0x200000001e, 0x13600000044, 0x828300000082, 0x6000000015, 0x200000000e, 0x1c0000000a, 8,
	(uint64_t)-8, 0x1600000018,
};
#define V_WORDS 8U
#define SAVED 16U

static bool big;

static uint32_t device_read(unsigned i)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(device_base + device[i].offset));
	return value;
}

static void device_write(unsigned i, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" ::"r"(value), "r"(device_base + device[i].offset));
}

/* Half h of V register v, or with h = 0 an X register, at a place where the run, with its byte order, loads or has stored it. */
static volatile uint64_t *place(unsigned first, unsigned n)
{
	return &visible_scratch[first + (big && n < V_WORDS ? n ^ 1 : n)];
}

static uint64_t in_order(uint64_t value)
{
	return big ? __builtin_bswap64(value) : value;
}

static void prepare(void)
{
	for (unsigned i = 0; i < COUNT(values); i++)
		*place(0, i) = in_order(values[i]);
	for (unsigned i = 0; i < V_WORDS; i++)
		*place(SAVED, i) = in_order(values[i]);
	for (unsigned i = 0; i < REGISTERS; i++)
		device_write(i, device[i].value);
}

static void show_if_changed(const char *name, uint64_t is, uint64_t was)
{
	if (is != was)
		visible_value(name, is);
}

static void show(const struct outcome *o, uint64_t x0)
{
	static const char *const x[] = { "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8" };
	static const char *const v[] = { "v1", "v1 high", "v2", "v2 high", "v3", "v3 high", "v4", "v4 high" };

	const struct outcome kept = *o; /* the next run changes it */

	visible_outcome("", o, false);
	show_if_changed("x0", kept.x[0] - x0, 0);
	for (unsigned i = 0; i < COUNT(x) && visible_done(&kept); i++)
		show_if_changed(x[i], kept.x[i + 1], values[V_WORDS + i]);
	for (unsigned i = 0; i < V_WORDS; i++)
		show_if_changed(v[i], in_order(*place(SAVED, i)), values[i]);
	for (unsigned i = 0; i < REGISTERS; i++)
		show_if_changed(device[i].name, device_read(i) & device[i].mask, device[i].value);
}

static void try(const char *where, uint64_t pstate, uint64_t x0, const struct form *f, bool on_stack)
{
	uint32_t words[COUNT(before) + COUNT(after) + 3], *at = words;

	memcpy(at, before, sizeof(before));
	at += COUNT(before);
	if (on_stack)
		*at++ = TO_SP;
	*at++ = f->word;
	if (on_stack)
		*at++ = FROM_SP;
	memcpy(at, after, sizeof(after));
	at += COUNT(after);
	prepare();
	visible_prefix("accesses %s %s", where, f->name);
	show(visible_run(visible_words(pstate, words, (unsigned)(at - words)), pstate, x0,
			 (uint64_t)visible_scratch),
	     x0);
}

static void all(const char *where, uint64_t pstate, uint64_t x0)
{
	for (size_t i = 0; i < COUNT(forms); i++)
		try(where, pstate, x0, &forms[i], false);
	for (size_t i = 0; i < COUNT(unprivileged); i++)
		if (field_get(SPSR_M_EL, pstate) < 2 || !visible_vhe())
			try(where, pstate, x0, &unprivileged[i], false);
}

static void all_unaligned(const char *where, uint64_t pstate, uint64_t x0)
{
	for (size_t i = 0; i < COUNT(unaligned); i++)
		try(where, pstate, x0, &unaligned[i], false);
}

static void on_stack(const char *where, uint64_t pstate, uint64_t x0)
{
	for (size_t i = 0; i < COUNT(stack); i++)
		try(where, pstate, x0, &stack[i], true);
}

static void other_order(const char *where, uint64_t pstate, uint64_t sctlr, uint64_t x0)
{
	set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN | sctlr);
	big = true;
	all(where, pstate, x0);
	big = false;
	set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN);
}

/* --- through tables --- */

#define NORMAL_AREA AREA(4)
#define DEVICE_AREA AREA(5) /* and nothing behind the page */
#define READ_AREA AREA(6)
#define TWICE_AREA AREA(7) /* the same page behind it */

static uint64_t *make_stage1(void)
{
	const uint64_t device_page = S1_ATTR(0) | DESC_AF | DESC_PAGE,
		       normal = S1_ATTR(1) | S1_INNER | DESC_AF | DESC_PAGE;
	uint64_t uart = rt_machine()->uart, *root = rt_page();

	tables_map_ram(root, S1_ATTR(1) | S1_INNER | S1_UXN);
	*tables_descriptor(root, NORMAL_AREA, 3) = uart | normal;
	*tables_descriptor(root, DEVICE_AREA, 3) = uart | device_page;
	*tables_descriptor(root, READ_AREA, 3) = uart | device_page | S1_READ_ONLY;
	*tables_descriptor(root, TWICE_AREA, 3) = uart | device_page;
	*tables_descriptor(root, TWICE_AREA + PAGE_SIZE, 3) = uart | device_page;
	return root;
}

/* EL1's addresses are EL2's, with the UART where stage 2 has it as Device or not at all. */
static uint64_t *make_stage2(bool with_uart)
{
	uint64_t uart = rt_machine()->uart, *root = rt_page();

	tables_map_ram(root, S2_NORMAL | S2AP);
	if (with_uart)
		*tables_descriptor(root, uart, 3) = uart | S2_DEVICE | S2AP | DESC_AF | DESC_PAGE;
	return root;
}

static void through_stage1(void)
{
	static const struct form ldp = { "ldp x1, x2, [x0]", LDP_X },
				 add = { "ldadd w1, w2, [x0]", 0xb8210002 },
				 stp = { "stp w1, w2, [x0]", STP_W };
	uint64_t *root = make_stage1();

	tables_stage1_on((uint64_t)root, 0);
	all("stage 1, Normal", AT_EL1, NORMAL_AREA + BASE);
	all_unaligned("stage 1, Normal", AT_EL1, NORMAL_AREA + BASE);
	try("stage 1", AT_EL1, DEVICE_AREA + BASE, &ldp, false);
	try("stage 1, across pages", AT_EL1, TWICE_AREA + PAGE_SIZE - 8, &ldp, false);
	try("stage 1, read only", AT_EL1, READ_AREA + BASE, &ldp, false);
	try("stage 1, read only", AT_EL1, READ_AREA + BASE, &add, false);
	try("stage 1, read only", AT_EL1, READ_AREA + BASE, &stp, false);
	try("stage 1, into nothing", AT_EL1, DEVICE_AREA + PAGE_SIZE - 8, &ldp, false);
	try("stage 1, into nothing", AT_EL1, DEVICE_AREA + PAGE_SIZE - 4, &stp, false);
	try("stage 1, from nothing", AT_EL1, DEVICE_AREA - 8, &ldp, false);
}

static void through_stage2(void)
{
	static const struct form ldp = { "ldp x1, x2, [x0]", LDP_X };
	uint64_t uart = rt_machine()->uart;

	tables_stage2_on(make_stage2(true), 0);
	all("stage 2", AT_EL1, uart + BASE);
	all("stage 2 EL0", AT_EL0, uart + BASE);
	try("stage 2, into nothing", AT_EL1, uart + PAGE_SIZE - 8, &ldp, false);
	try("stage 2, from nothing", AT_EL1, uart - 8, &ldp, false);
	tables_stage2_on(make_stage2(false), 0);
	all("not in stage 2", AT_EL1, uart + BASE);
}

/* Each access at two levels: what it is made of does not depend on more. */
static void of_distributor(void)
{
	uint64_t gicd = rt_machine()->gicd;

	__asm__ volatile("str %w0, [%1]" ::"r"(GICD_CTLR_ARE), "r"(gicd) : "memory");
	device = distributor;
	device_base = gicd;
	for (size_t i = 0; i < COUNT(of_words); i++) {
		try("distributor EL2", AT_EL2, gicd + PRIORITIES_BASE, &of_words[i], false);
		try("distributor EL0", AT_EL0, gicd + PRIORITIES_BASE, &of_words[i], false);
	}
	prepare();
}

void topic_accesses(void)
{
	uint64_t at = rt_machine()->uart + BASE;

	of_distributor();
	device = pl011;
	device_base = rt_machine()->uart;
	all("EL2", AT_EL2, at);
	all("EL1", AT_EL1, at);
	all("EL0", AT_EL0, at);
	on_stack("EL2t", AT_EL2T, at);
	on_stack("EL1h", AT_EL1, at);
	on_stack("EL1t", AT_EL1T, at);
	on_stack("EL0", AT_EL0, at);
	other_order("EL1 big-endian", AT_EL1, SCTLR_EE, at);
	other_order("EL0 big-endian", AT_EL0, SCTLR_E0E, at);
	try("beyond the device", AT_EL1, at - BASE + PAGE_SIZE - 8,
	    &(struct form){ "ldp x1, x2, [x0]", LDP_X }, false);
	try("beyond the device", AT_EL1, at - BASE + PAGE_SIZE - 4,
	    &(struct form){ "ldp w1, w2, [x0]", LDP_W }, false);
	all_unaligned("EL1", AT_EL1, at);
	all_unaligned("EL0", AT_EL0, at);
	through_stage1();
	visible_reset_controls();
	through_stage2();
	visible_reset_controls();
	prepare();
	memset(visible_scratch, 0, sizeof(visible_scratch));
}
