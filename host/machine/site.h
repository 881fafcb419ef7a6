/*
 * How does code of the exit path become other code while somebody records, and cost nothing else?  A site is one instruction that
 * touches the machine's clocks (SITE_READ, SITE_WRITE), or a call that is made only when a word is not 0 (SITE_CALL). What happens
 * there while L0 records is beside the path, in .text.site: a stub that goes to pause_gate (host/report/gate.S) with the site's
 * struct. Clock sites are listed, and host/record/quiet.c makes branches of them; they stay as they are when nobody records.
 *
 * MRS and MSR are not among the instructions that may become others while another CPU executes them ("Concurrent modification and
 * execution of instructions" in DDI0487). They do so on a machine with one CPU only, which then does what the manual asks of it:
 * clean the line, DSB, invalidate instruction caches, DSB, ISB. A call's site is the same whether somebody records or not.
 */
#ifndef HOST_MACHINE_SITE_H
#define HOST_MACHINE_SITE_H

#include <stdint.h>

#define SITE_FRAME 304 /* bytes: X0 to X30, and what gate.S keeps; a multiple of 16 */
#define SITE_STUB_IN 4 /* instructions of a stub: before the gate, and behind it */
#define SITE_STUB_OUT 3

struct site_frame {
	uint64_t x[31];
	uint64_t kept[SITE_FRAME / 8 - 31];
};

/* The name of each register as assembly prints it, to its number; 31 is none, and XZR. */
__asm__(".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30\n"
	".set site_reg_x\\n, \\n\n"
	".endr\n"
	".set site_reg_xzr, 31\n");

#define SITE_STUB_BEGIN                    \
	".pushsection .text.site,\"ax\"\n" \
	".balign 8\n"                      \
	"2: sub sp, sp, #304\n"            \
	"str x30, [sp, #240]\n"            \
	"adr x30, 3f\n"                    \
	"b pause_gate\n"                   \
	"3: ldr x30, [sp, #240]\n"         \
	"add sp, sp, #304\n"

/* What the gate finds behind the stub. */
struct site {
	void (*act)(struct site_frame *f, const struct site *s);
	void *call; /* of SITE_CALL: void (*)(v, a, b, c) */
	uint8_t reg[8];
};

/* The act of SITE_CALL: host/report/pause.c. */
void pause_call(struct site_frame *f, const struct site *s);

/* A row of the table of clock sites. */
struct site_row {
	uint32_t *at, *stub;
};
extern const struct site_row site_table[], site_table_end[];

/* __inline__: what is beside the path does not count when the compiler looks at how long a function is. */
/* clang-format off */
#define SITE_STUB_ACT ".balign 8\n.quad %c[site_act]\n"
#define SITE_CLOCK(reg) \
	SITE_STUB_BEGIN "b 1b + 4\n" SITE_STUB_ACT ".quad 0\n.byte site_reg_" reg ",31,31,31,0,0,0,0\n.popsection\n" \
	".pushsection .rodata.site,\"a\"\n.balign 8\n.quad 1b, 2b\n.popsection\n"

#define SITE_READ(name, act)                                                                                   \
	({                                                                                                     \
		uint64_t site_value;                                                                           \
		__asm__ __inline__ volatile(SYSREG_ARCH "1: mrs %0, " #name "\n" SITE_CLOCK("%0") : "=r"(site_value) : [site_act] "i"(act)); \
		site_value;                                                                                    \
	})

#define SITE_WRITE(name, act, value)                                                                             \
	do {                                                                                                     \
		uint64_t site_value = (value);                                                                   \
		__asm__ __inline__ volatile(SYSREG_ARCH "1: msr " #name ", %x0\n" SITE_CLOCK("%x0") : : "rZ"(site_value), [site_act] "i"(act) : "memory"); \
	} while (0)

/*
 * function(v, a, b, c) if word, a member of *v, is not 0: two instructions when it is 0. All registers stay as they are. The function finds
 * in memory what *v and object are; the compiler may have all else in registers. It writes what is the recording's own, and nothing else:
 * the compiler takes *v for what it was.
 */
#define SITE_CALL_WITH(word, function, v, a, b, c, object)                                                                  \
	__asm__ __inline__ volatile("ldr x16, %[site_word]\n"                                                             \
			 "cbnz x16, 2f\n"                                                                      \
			 "1:\n" SITE_STUB_BEGIN "b 1b\n" SITE_STUB_ACT ".quad %c[site_function]\n" \
			 ".byte site_reg_%[site_v],site_reg_%x[site_a],site_reg_%x[site_b],site_reg_%x[site_c],0,0,0,0\n"          \
			 ".popsection\n"                                                                       \
			 :                                                                                     \
			 : [site_word] "m"(word), [site_act] "i"(pause_call), [site_function] "i"(function), [site_v] "r"(v), "m"(*(v)), "m"(object),   \
			   [site_a] "rZ"((uint64_t)(a)), [site_b] "rZ"((uint64_t)(b)), [site_c] "rZ"((uint64_t)(c)) \
			 : "x16")
#define SITE_CALL(word, function, v, a, b, c) SITE_CALL_WITH(word, function, v, a, b, c, *(v))
/* clang-format on */

#endif
