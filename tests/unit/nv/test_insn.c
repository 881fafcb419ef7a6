/*
 * Does the decoder take loads and stores apart as section C4.1.94 of DDI 0487 has them?  Words are the GNU assembler's for the text
 * beside them (but those that no assembler makes), what they say is written by hand from the manual's descriptions.
 */
#include <CUnit/CUnit.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "nv/insn.h"

void register_nv_insn(void);

/*
 * KIND SIZE [signed] REGISTERS [BASE] OFFSET [post|pre] ...: of a V register in a structure also the byte where the element begins.
 */
// clang-format off
static const struct {
	uint32_t word;
	const char *text, *says;
} rows[] = {
	{ 0xb9400841, "ldr w1, [x2, #8]", "load 4 w1 [x2] +8" },
	{ 0xf97ffc41, "ldr x1, [x2, #32760]", "load 8 x1 [x2] +32760" },
	{ 0x39400041, "ldrb w1, [x2]", "load 1 w1 [x2]" },
	{ 0x794007fe, "ldrh w30, [sp, #2]", "load 2 w30 [sp] +2" },
	{ 0x39c00041, "ldrsb w1, [x2]", "load 1 signed w1 [x2]" },
	{ 0x39bffc41, "ldrsb x1, [x2, #4095]", "load 1 signed x1 [x2] +4095" },
	{ 0x79c00041, "ldrsh w1, [x2]", "load 2 signed w1 [x2]" },
	{ 0x79800041, "ldrsh x1, [x2]", "load 2 signed x1 [x2]" },
	{ 0xb9800441, "ldrsw x1, [x2, #4]", "load 4 signed x1 [x2] +4" },
	{ 0xb900005f, "str wzr, [x2]", "store 4 w31 [x2]" },
	{ 0xf90003e1, "str x1, [sp]", "store 8 x1 [sp]" },
	{ 0x39000c41, "strb w1, [x2, #3]", "store 1 w1 [x2] +3" },
	{ 0x79000041, "strh w1, [x2]", "store 2 w1 [x2]" },
	{ 0x3d400441, "ldr b1, [x2, #1]", "load 1 v1 [x2] +1" },
	{ 0x7d400041, "ldr h1, [x2]", "load 2 v1 [x2]" },
	{ 0xbd40105f, "ldr s31, [x2, #16]", "load 4 v31 [x2] +16" },
	{ 0xfd400041, "ldr d1, [x2]", "load 8 v1 [x2]" },
	{ 0x3dfffc41, "ldr q1, [x2, #65520]", "load 16 v1 [x2] +65520" },
	{ 0x3d000041, "str b1, [x2]", "store 1 v1 [x2]" },
	{ 0x3d8007e1, "str q1, [sp, #16]", "store 16 v1 [sp] +16" },
	{ 0xf8500041, "ldur x1, [x2, #-256]", "load 8 x1 [x2] -256" },
	{ 0xb84ff041, "ldur w1, [x2, #255]", "load 4 w1 [x2] +255" },
	{ 0xb89fc041, "ldursw x1, [x2, #-4]", "load 4 signed x1 [x2] -4" },
	{ 0x38dff041, "ldursb w1, [x2, #-1]", "load 1 signed w1 [x2] -1" },
	{ 0x7c1fe041, "stur h1, [x2, #-2]", "store 2 v1 [x2] -2" },
	{ 0x3cdf0041, "ldur q1, [x2, #-16]", "load 16 v1 [x2] -16" },
	{ 0x38001041, "sturb w1, [x2, #1]", "store 1 w1 [x2] +1" },
	{ 0xf85f8441, "ldr x1, [x2], #-8", "load 8 x1 [x2] -8 post" },
	{ 0xf85f8c41, "ldr x1, [x2, #-8]!", "load 8 x1 [x2] -8 pre" },
	{ 0x780027e1, "strh w1, [sp], #2", "store 2 w1 [sp] +2 post" },
	{ 0xb8804c41, "ldrsw x1, [x2, #4]!", "load 4 signed x1 [x2] +4 pre" },
	{ 0x3ccff441, "ldr q1, [x2], #255", "load 16 v1 [x2] +255 post" },
	{ 0xfc100c41, "str d1, [x2, #-256]!", "store 8 v1 [x2] -256 pre" },
	{ 0xb85ff841, "ldtr w1, [x2, #-1]", "load 4 w1 [x2] -1 unprivileged" },
	{ 0x38800841, "ldtrsb x1, [x2]", "load 1 signed x1 [x2] unprivileged" },
	{ 0x78002841, "sttrh w1, [x2, #2]", "store 2 w1 [x2] +2 unprivileged" },
	{ 0xb8636841, "ldr w1, [x2, x3]", "load 4 w1 [x2] x3 lsl 0" },
	{ 0xb8637841, "ldr w1, [x2, x3, lsl #2]", "load 4 w1 [x2] x3 lsl 2" },
	{ 0xf8635841, "ldr x1, [x2, w3, uxtw #3]", "load 8 x1 [x2] x3 uxtw 3" },
	{ 0xb823c841, "str w1, [x2, w3, sxtw]", "store 4 w1 [x2] x3 sxtw 0" },
	{ 0x3863e841, "ldrb w1, [x2, x3, sxtx]", "load 1 w1 [x2] x3 sxtx 0" },
	{ 0x78bedbe1, "ldrsh x1, [sp, w30, sxtw #1]", "load 2 signed x1 [sp] x30 sxtw 1" },
	{ 0x3ce37841, "ldr q1, [x2, x3, lsl #4]", "load 16 v1 [x2] x3 lsl 4" },
	{ 0x3c234841, "str b1, [x2, w3, uxtw]", "store 1 v1 [x2] x3 uxtw 0" },
	{ 0x18000801, "ldr w1, .+0x100", "load 4 w1 pc +256" },
	{ 0x58800001, "ldr x1, .-0x100000", "load 8 x1 pc -1048576" },
	{ 0x987fffe1, "ldrsw x1, .+0xffffc", "load 4 signed x1 pc +1048572" },
	{ 0x1c000001, "ldr s1, .", "load 4 v1 pc" },
	{ 0x9cffffe1, "ldr q1, .-4", "load 16 v1 pc -4" },
	{ 0x29600861, "ldp w1, w2, [x3, #-256]", "load 4 w1 w2 [x3] -256" },
	{ 0xa95f8861, "ldp x1, x2, [x3, #504]", "load 8 x1 x2 [x3] +504" },
	{ 0xa9bf7fe1, "stp x1, xzr, [sp, #-16]!", "store 8 x1 x31 [sp] -16 pre" },
	{ 0x28810861, "stp w1, w2, [x3], #8", "store 4 w1 w2 [x3] +8 post" },
	{ 0x69408861, "ldpsw x1, x2, [x3, #4]", "load 4 signed x1 x2 [x3] +4" },
	{ 0x68c10861, "ldpsw x1, x2, [x3], #8", "load 4 signed x1 x2 [x3] +8 post" },
	{ 0xa8410861, "ldnp x1, x2, [x3, #16]", "load 8 x1 x2 [x3] +16" },
	{ 0x28000861, "stnp w1, w2, [x3]", "store 4 w1 w2 [x3]" },
	{ 0x2d408861, "ldp s1, s2, [x3, #4]", "load 4 v1 v2 [x3] +4" },
	{ 0x6dff8861, "ldp d1, d2, [x3, #-8]!", "load 8 v1 v2 [x3] -8 pre" },
	{ 0xaca00861, "stp q1, q2, [x3], #-1024", "store 16 v1 v2 [x3] -1024 post" },
	{ 0xac5f8861, "ldnp q1, q2, [x3, #1008]", "load 16 v1 v2 [x3] +1008" },
	{ 0x885f7c41, "ldxr w1, [x2]", "load 4 w1 [x2]" },
	{ 0xc85fffe1, "ldaxr x1, [sp]", "load 8 x1 [sp]" },
	{ 0x085f7c41, "ldxrb w1, [x2]", "load 1 w1 [x2]" },
	{ 0x485ffc41, "ldaxrh w1, [x2]", "load 2 w1 [x2]" },
	{ 0xc8037c41, "stxr w3, x1, [x2]", "exclusive 8 x1 [x2] status x3" },
	{ 0x0803fc41, "stlxrb w3, w1, [x2]", "exclusive 1 w1 [x2] status x3" },
	{ 0x887f0861, "ldxp w1, w2, [x3]", "load 4 w1 w2 [x3]" },
	{ 0xc87f8861, "ldaxp x1, x2, [x3]", "load 8 x1 x2 [x3]" },
	{ 0x88240861, "stxp w4, w1, w2, [x3]", "exclusive 4 w1 w2 [x3] status x4" },
	{ 0xc83f8861, "stlxp wzr, x1, x2, [x3]", "exclusive 8 x1 x2 [x3] status x31" },
	{ 0xc8dffc41, "ldar x1, [x2]", "load 8 x1 [x2]" },
	{ 0x08dffc41, "ldarb w1, [x2]", "load 1 w1 [x2]" },
	{ 0x889ffc41, "stlr w1, [x2]", "store 4 w1 [x2]" },
	{ 0x88df7c41, "ldlar w1, [x2]", "load 4 w1 [x2]" },
	{ 0x489f7c41, "stllrh w1, [x2]", "store 2 w1 [x2]" },
	{ 0xf8bfc041, "ldapr x1, [x2]", "load 8 x1 [x2]" },
	{ 0x38bfc041, "ldaprb w1, [x2]", "load 1 w1 [x2]" },
	{ 0x99500041, "ldapur w1, [x2, #-256]", "load 4 w1 [x2] -256" },
	{ 0x99804041, "ldapursw x1, [x2, #4]", "load 4 signed x1 [x2] +4" },
	{ 0x59c00041, "ldapursh w1, [x2]", "load 2 signed w1 [x2]" },
	{ 0xd9008041, "stlur x1, [x2, #8]", "store 8 x1 [x2] +8" },
	{ 0x19000041, "stlurb w1, [x2]", "store 1 w1 [x2]" },
	{ 0xb8210062, "ldadd w1, w2, [x3]", "atomic 4 add w2 [x3] with x1" },
	{ 0xf8e11062, "ldclral x1, x2, [x3]", "atomic 8 clr x2 [x3] with x1" },
	{ 0x382123e2, "ldeorb w1, w2, [sp]", "atomic 1 eor w2 [sp] with x1" },
	{ 0x78213062, "ldseth w1, w2, [x3]", "atomic 2 set w2 [x3] with x1" },
	{ 0xb8a14062, "ldsmaxa w1, w2, [x3]", "atomic 4 smax w2 [x3] with x1" },
	{ 0xf8615062, "ldsminl x1, x2, [x3]", "atomic 8 smin x2 [x3] with x1" },
	{ 0xb8216062, "ldumax w1, w2, [x3]", "atomic 4 umax w2 [x3] with x1" },
	{ 0xb8217062, "ldumin w1, w2, [x3]", "atomic 4 umin w2 [x3] with x1" },
	{ 0xf821007f, "stadd x1, [x3]", "atomic 8 add x31 [x3] with x1" },
	{ 0xb8218062, "swp w1, w2, [x3]", "atomic 4 swp w2 [x3] with x1" },
	{ 0x38e18062, "swpalb w1, w2, [x3]", "atomic 1 swp w2 [x3] with x1" },
	{ 0x88a17c62, "cas w1, w2, [x3]", "compare 4 w2 [x3] with x1" },
	{ 0xc8e1fc62, "casal x1, x2, [x3]", "compare 8 x2 [x3] with x1" },
	{ 0x48a17fe2, "cash w1, w2, [sp]", "compare 2 w2 [sp] with x1" },
	{ 0x08227cc4, "casp w2, w3, w4, w5, [x6]", "compare 4 w4 w5 [x6] with x2" },
	{ 0x487efcc4, "caspal x30, xzr, x4, x5, [x6]", "compare 8 x4 x5 [x6] with x30" },
	{ 0xf8200441, "ldraa x1, [x2]", "load 8 x1 [x2] signed-pointer" },
	{ 0xf8e00c41, "ldrab x1, [x2, #-4096]!", "load 8 x1 [x2] -4096 pre signed-pointer" },
	{ 0xf83ff7e1, "ldraa x1, [sp, #4088]", "load 8 x1 [sp] +4088 signed-pointer" },
	{ 0x4c407041, "ld1 {v1.16b}, [x2]", "load 1 v1:0 v1:1 v1:2 v1:3 v1:4 v1:5 v1:6 v1:7 v1:8 v1:9 v1:10 v1:11 v1:12 v1:13 v1:14 v1:15 [x2]" },
	{ 0x0c407041, "ld1 {v1.8b}, [x2]", "load 1 v1:0 v1:1 v1:2 v1:3 v1:4 v1:5 v1:6 v1:7 [x2]" },
	{ 0x0cdf7441, "ld1 {v1.4h}, [x2], #8", "load 2 v1:0 v1:2 v1:4 v1:6 [x2] +8 post" },
	{ 0x4c40afff, "ld1 {v31.2d, v0.2d}, [sp]", "load 8 v31:0 v31:8 v0:0 v0:8 [sp]" },
	{ 0x0cdf6c41, "ld1 {v1.1d, v2.1d, v3.1d}, [x2], #24", "load 8 v1:0 v2:0 v3:0 [x2] +24 post" },
	{ 0x4cc32c41, "ld1 {v1.2d, v2.2d, v3.2d, v4.2d}, [x2], x3", "load 8 v1:0 v1:8 v2:0 v2:8 v3:0 v3:8 v4:0 v4:8 [x2] x3 lsl 0 post" },
	{ 0x0c00a841, "st1 {v1.2s, v2.2s}, [x2]", "store 4 v1:0 v1:4 v2:0 v2:4 [x2]" },
	{ 0x0c408841, "ld2 {v1.2s, v2.2s}, [x2]", "load 4 v1:0 v2:0 v1:4 v2:4 [x2]" },
	{ 0x4cdf8c41, "ld2 {v1.2d, v2.2d}, [x2], #32", "load 8 v1:0 v2:0 v1:8 v2:8 [x2] +32 post" },
	{ 0x0c00445e, "st3 {v30.4h, v31.4h, v0.4h}, [x2]", "store 2 v30:0 v31:0 v0:0 v30:2 v31:2 v0:2 v30:4 v31:4 v0:4 v30:6 v31:6 v0:6 [x2]" },
	{ 0x4c400c41, "ld4 {v1.2d, v2.2d, v3.2d, v4.2d}, [x2]", "load 8 v1:0 v2:0 v3:0 v4:0 v1:8 v2:8 v3:8 v4:8 [x2]" },
	{ 0x0c840841, "st4 {v1.2s, v2.2s, v3.2s, v4.2s}, [x2], x4", "store 4 v1:0 v2:0 v3:0 v4:0 v1:4 v2:4 v3:4 v4:4 [x2] x4 lsl 0 post" },
	{ 0x4d401c41, "ld1 {v1.b}[15], [x2]", "load 1 v1:15 [x2] lane" },
	{ 0x0ddf5841, "ld1 {v1.h}[3], [x2], #2", "load 2 v1:6 [x2] +2 post lane" },
	{ 0x4dc38041, "ld1 {v1.s}[2], [x2], x3", "load 4 v1:8 [x2] x3 lsl 0 post lane" },
	{ 0x4d0087e1, "st1 {v1.d}[1], [sp]", "store 8 v1:8 [sp] lane" },
	{ 0x4d605841, "ld2 {v1.h, v2.h}[7], [x2]", "load 2 v1:14 v2:14 [x2] lane" },
	{ 0x0ddfb05f, "ld3 {v31.s, v0.s, v1.s}[1], [x2], #12", "load 4 v31:4 v0:4 v1:4 [x2] +12 post lane" },
	{ 0x0dbfa441, "st4 {v1.d, v2.d, v3.d, v4.d}[0], [x2], #32", "store 8 v1:0 v2:0 v3:0 v4:0 [x2] +32 post lane" },
	{ 0x4d40c041, "ld1r {v1.16b}, [x2]", "load 1 v1:0 [x2] fills 16" },
	{ 0x0ddfcc41, "ld1r {v1.1d}, [x2], #8", "load 8 v1:0 [x2] +8 post fills 8" },
	{ 0x4d60c841, "ld2r {v1.4s, v2.4s}, [x2]", "load 4 v1:0 v2:0 [x2] fills 16" },
	{ 0x0ddfe441, "ld3r {v1.4h, v2.4h, v3.4h}, [x2], #6", "load 2 v1:0 v2:0 v3:0 [x2] +6 post fills 8" },
	{ 0x4de3ec41, "ld4r {v1.2d, v2.2d, v3.2d, v4.2d}, [x2], x3", "load 8 v1:0 v2:0 v3:0 v4:0 [x2] x3 lsl 0 post fills 16" },
	{ 0xd50b7425, "dc zva, x5", "zero [x5]" },
	{ 0xd50b743f, "dc zva, xzr", "zero [x31]" },
	{ 0xf9800040, "prfm pldl1keep, [x2]", "none" },
	{ 0xf8a36855, "prfm pstl3strm, [x2, x3]", "none" },
	{ 0xd8000200, "prfm pldl1keep, .+64", "none" },
	{ 0xf89ff040, "prfum pldl1keep, [x2, #-1]", "none" },
	{ 0xd50b7e21, "dc civac, x1", "none" },
	{ 0xd50b7521, "ic ivau, x1", "none" },
	{ 0x8b030041, "add x1, x2, x3", "none" },
	{ 0x14000002, "b .+8", "none" },
	{ 0xd4000002, "hvc #0", "none" },
	{ 0xd5382001, "mrs x1, ttbr0_el1", "none" },
	{ 0x9e670041, "fmov d1, x2", "none" },
	{ 0xd503201f, "nop", "none" },
	{ 0xd9200841, "stg x1, [x2]", "left out" },
	{ 0xd9600041, "ldg x1, [x2]", "left out" },
	{ 0x69000861, "stgp x1, x2, [x3]", "left out" },
	{ 0xf83fd040, "ld64b x0, [x2]", "left out" },
	{ 0xf83f9040, "st64b x0, [x2]", "left out" },
	{ 0xd50b7461, "dc gva, x1", "left out" },
	{ 0xa400a041, "ld1b {z1.b}, p0/z, [x2]", "left out" },
	{ 0xe5e0e041, "st1d {z1.d}, p0, [x2]", "left out" },
	{ 0x85804041, "ldr z1, [x2]", "left out" },
	{ 0xa41f6041, "ldff1b {z1.b}, p0/z, [x2]", "left out" },
	{ 0xc5c3c041, "ld1d {z1.d}, p0/z, [x2, z3.d]", "left out" },

	/* not allocated */
	{ 0xf9c00000, "size 3, opc 3", "none" },
	{ 0xb9c00000, "size 2, opc 3", "none" },
	{ 0x3cc00800, "unprivileged, V", "none" },
	{ 0x7d800000, "V, size 1, opc 2", "none" },
	{ 0x38600800, "register, option 0", "none" },
	{ 0x38601801, "register, option 0, S", "none" },
	{ 0xdc000000, "literal, V, opc 3", "none" },
	{ 0x68400000, "ldnpsw", "none" },
	{ 0xb8600420, "ldraa of 32 bits", "none" },
	{ 0xfc600420, "ldraa of V", "none" },
	{ 0x08237c02, "casp, Rs odd", "none" },
	{ 0x08227c03, "casp, Rt odd", "none" },
	{ 0x08a20002, "cas, Rt2 0", "none" },
	{ 0x0c400c00, "ld4 of 1D", "none" },
	{ 0x0c408c00, "ld2 of 1D", "none" },
	{ 0x0c401000, "structures, opcode 1", "none" },
	{ 0x0c40b000, "structures, opcode 11", "none" },
	{ 0x0d404400, "lane of H, size 1", "none" },
	{ 0x0d408800, "lane of S, size 2", "none" },
	{ 0x0d409400, "lane of D, S", "none" },
	{ 0x0d40d000, "ld1r, S", "none" },
	{ 0x0d00c000, "st1r", "none" },
	{ 0x00000000, "udf #0", "none" },
	{ 0xffffffff, "", "none" },

	/* of features that no L1 sees */
	{ 0xe8400000, "ldtp", "left out" },
	{ 0x19600c41, "", "left out" },
	{ 0x19010440, "cpyfp [x0]!, [x1]!, x2!", "left out" },
	{ 0x19611002, "swpp", "left out" },
	{ 0x0d418400, "ldap1", "left out" },
	{ 0xe1000000, "str za[w12, 0], [x0]", "left out" },
	{ 0x3c200000, "atomic of V", "left out" },
};
// clang-format on

static char text[400];

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
	size_t length = strlen(text);
	va_list list;

	va_start(list, format);
	(void)vsnprintf(text + length, sizeof(text) - length, format, list);
	va_end(list);
}

static void say_registers(const struct nv_insn *i)
{
	for (unsigned n = 0; n < i->elements; n++) {
		struct nv_insn_element e = nv_insn_element(i, n);
		unsigned reg = nv_insn_register(i, e.index);

		if (i->regs)
			say(" v%u:%u", reg, e.byte);
		else
			say(" %c%u", i->vector ? 'v' : i->to_x ? 'x' : 'w', reg);
	}
}

static void say_address(const struct nv_insn *i)
{
	static const char *const options[] = { "?", "?", "uxtw", "lsl", "?", "?", "sxtw", "sxtx" };

	if (i->base == NV_BASE_PC)
		say(" pc");
	else if (i->rn == 31 && i->base != NV_BASE_ZR)
		say(" [sp]");
	else
		say(" [x%u]", i->rn);
	if (i->indexed)
		say(" x%u %s %u", i->rm, options[i->option & 7], i->shift);
	else if (i->offset)
		say(" %+lld", (long long)i->offset);
	if (i->write_back)
		say(i->post_index ? " post" : " pre");
	if (i->unprivileged)
		say(" unprivileged");
	if (i->base == NV_BASE_SIGNED)
		say(" signed-pointer");
}

static const char *describe(const struct nv_insn *i)
{
	static const char *const kinds[] = { "none",	  "left out", "load",	 "store",
					     "exclusive", "atomic",   "compare", "zero" };
	static const char *const ops[] = {
		"add", "clr", "eor", "set", "smax", "smin", "umax", "umin", "swp"
	};

	text[0] = 0;
	say("%s", kinds[i->kind]);
	if (i->kind <= NV_INSN_LEFT_OUT)
		return text;
	if (i->kind != NV_INSN_ZERO)
		say(" %u", 1U << i->size_log2);
	if (i->kind == NV_INSN_ATOMIC)
		say(" %s", ops[i->op]);
	if (i->is_signed)
		say(" signed");
	say_registers(i);
	say_address(i);
	if (i->one_lane)
		say(" lane");
	if (i->replicate)
		say(" fills %u", i->replicate);
	if (i->kind == NV_INSN_EXCLUSIVE)
		say(" status x%u", i->rs);
	if (i->kind == NV_INSN_ATOMIC || i->kind == NV_INSN_COMPARE)
		say(" with x%u", i->rs);
	return text;
}

static void every_class_is_taken_apart(void)
{
	for (unsigned n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
		struct nv_insn i = nv_insn_decode(rows[n].word);

		CU_ASSERT_STRING_EQUAL(describe(&i), rows[n].says);
		if (strcmp(text, rows[n].says) != 0)
			printf("\n%08x %s: %s\n  is %s\n", rows[n].word, rows[n].text, rows[n].says, text);
	}
}

static void an_index_is_extended_and_shifted(void)
{
	struct nv_insn uxtw = nv_insn_decode(0xf8635841), sxtw = nv_insn_decode(0xf863d841);
	struct nv_insn lsl = nv_insn_decode(0xf8637841), sxtx = nv_insn_decode(0xf863e841),
		       imm = nv_insn_decode(0xf85f8041);

	CU_ASSERT_EQUAL(nv_insn_offset(&uxtw, 0x12345678fffffffe), 0x7fffffff0);
	CU_ASSERT_EQUAL(nv_insn_offset(&sxtw, 0x12345678fffffffe), 0xfffffffffffffff0);
	CU_ASSERT_EQUAL(nv_insn_offset(&lsl, 0x1000000000000002), 0x8000000000000010);
	CU_ASSERT_EQUAL(nv_insn_offset(&sxtx, 0x12345678fffffffe), 0x12345678fffffffe);
	CU_ASSERT_EQUAL(nv_insn_offset(&imm, 5), (uint64_t)-8);
}

static void what_is_accessed_and_whether_it_is_written(void)
{
	static const struct {
		uint32_t word;
		unsigned bytes;
		bool writes;
	} of[] = {
		{ 0x39400041, 1, false },  /* ldrb w1, [x2] */
		{ 0xad400861, 32, false }, /* ldp q1, q2, [x3] */
		{ 0xa9000861, 16, true },  /* stp x1, x2, [x3] */
		{ 0x4c400041, 64, false }, /* ld4 {v1.16b - v4.16b}, [x2] */
		{ 0x0d604841, 4, false },  /* ld2 {v1.h, v2.h}[1], [x2] */
		{ 0xb8210062, 4, true },   /* ldadd w1, w2, [x3] */
		{ 0x48227cc4, 16, true },  /* casp x2, x3, x4, x5, [x6] */
		{ 0xc8037c41, 8, true },   /* stxr w3, x1, [x2] */
	};

	for (unsigned n = 0; n < sizeof(of) / sizeof(of[0]); n++) {
		struct nv_insn i = nv_insn_decode(of[n].word);

		CU_ASSERT_EQUAL(nv_insn_bytes(&i), of[n].bytes);
		CU_ASSERT_EQUAL(nv_insn_writes(&i), of[n].writes);
	}
}

static void loads_extend(void)
{
	CU_ASSERT_EQUAL(nv_insn_extend(0x80, 0, true, true), 0xffffffffffffff80);
	CU_ASSERT_EQUAL(nv_insn_extend(0x80, 0, true, false), 0xffffff80);
	CU_ASSERT_EQUAL(nv_insn_extend(0x12345680, 0, false, true), 0x80);
	CU_ASSERT_EQUAL(nv_insn_extend(0x8000, 1, true, false), 0xffff8000);
	CU_ASSERT_EQUAL(nv_insn_extend(0x80000000, 2, true, true), 0xffffffff80000000);
	CU_ASSERT_EQUAL(nv_insn_extend(0x1122334480000000, 2, false, false), 0x80000000);
	CU_ASSERT_EQUAL(nv_insn_extend(0x8000000000000000, 3, false, true), 0x8000000000000000);
}

static void atomics_combine_what_the_size_says(void)
{
	static const struct {
		enum nv_insn_op op;
		unsigned size_log2;
		uint64_t old, xs, new;
	} of[] = {
		{ NV_INSN_ADD, 0, 0xff, 0x102, 0x01 },
		{ NV_INSN_ADD, 3, 0xffffffffffffffff, 2, 1 },
		{ NV_INSN_CLR, 2, 0xffff, 0x00000000ffff00ff, 0xff00 },
		{ NV_INSN_EOR, 1, 0xff00, 0x0ff0, 0xf0f0 },
		{ NV_INSN_SET, 2, 0x1, 0x8000000000000002, 0x3 },
		{ NV_INSN_SMAX, 0, 0x80, 0x7f, 0x7f },
		{ NV_INSN_SMAX, 2, 0xffffffff, 0x80000000, 0xffffffff },
		{ NV_INSN_SMIN, 0, 0x80, 0x7f, 0x80 },
		{ NV_INSN_SMIN, 3, 1, 0x8000000000000000, 0x8000000000000000 },
		{ NV_INSN_UMAX, 0, 0x80, 0x7f, 0x80 },
		{ NV_INSN_UMIN, 1, 0x8000, 0x12340001, 0x0001 },
		{ NV_INSN_SWP, 0, 0x55, 0x1234, 0x34 },
	};

	for (unsigned n = 0; n < sizeof(of) / sizeof(of[0]); n++)
		CU_ASSERT_EQUAL(nv_insn_combine(of[n].op, of[n].size_log2, of[n].old, of[n].xs), of[n].new);
}

void register_nv_insn(void)
{
	CU_pSuite s = CU_add_suite("nv/insn", NULL, NULL);

	CU_ADD_TEST(s, every_class_is_taken_apart);
	CU_ADD_TEST(s, an_index_is_extended_and_shifted);
	CU_ADD_TEST(s, what_is_accessed_and_whether_it_is_written);
	CU_ADD_TEST(s, loads_extend);
	CU_ADD_TEST(s, atomics_combine_what_the_size_says);
}
