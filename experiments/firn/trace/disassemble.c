/* How is an instruction written?  Reads: disassemble.h; capstone knows A64, but not every register that firn lists. */
#include "experiments/firn/trace/disassemble.h"

#include <capstone/capstone.h>
#include <stdio.h>
#include <string.h>

#include "nv/arch/sysreg.h"

/* MSR (register) and MRS: op0 is 2 or 3, so bit 20 is set; bits [20:5] are SYSREG_ENC of the register. */
#define SYSTEM_MOVE BITS(31, 22)
#define SYSTEM_MOVE_IS UINT32_C(0xd5000000)
#define SYSTEM_MOVE_READ BIT(21)
#define SYSTEM_MOVE_REGISTER BIT(20)
#define SYSTEM_MOVE_ENC BITS(20, 5)
#define SYSTEM_MOVE_RT BITS(4, 0)
#define ZERO_REGISTER 31

/* False: it moves no register of the list. */
static int system_move(char *words, size_t size, uint32_t instruction)
{
	unsigned rt = (unsigned)field_get(SYSTEM_MOVE_RT, instruction);
	enum sysreg r = sysreg_from_enc((uint16_t)field_get(SYSTEM_MOVE_ENC, instruction));
	const char *name = sysreg_info[r].name;
	char x[8];

	if ((instruction & SYSTEM_MOVE) != SYSTEM_MOVE_IS || !(instruction & SYSTEM_MOVE_REGISTER))
		return 0;
	if (r == SR_NONE)
		return 0;
	if (rt == ZERO_REGISTER)
		snprintf(x, sizeof(x), "xzr");
	else
		snprintf(x, sizeof(x), "x%u", rt);
	if (instruction & SYSTEM_MOVE_READ)
		snprintf(words, size, "mrs %s, %s", x, name);
	else
		snprintf(words, size, "msr %s, %s", name, x);
	return 1;
}

/* Opened once: a recording has few different instructions, and a page asks for each step. */
static csh opened(void)
{
	static csh handle;

	if (!handle && cs_open(CS_ARCH_ARM64, CS_MODE_ARM, &handle) != CS_ERR_OK)
		handle = 0;
	return handle;
}

void disassemble(char *words, size_t size, uint32_t instruction, uint64_t address)
{
	cs_insn *decoded = NULL;
	size_t count;

	if (system_move(words, size, instruction))
		return;
	count = opened() ? cs_disasm(opened(), (const uint8_t *)&instruction, sizeof(instruction), address, 1,
				     &decoded) :
			   0;
	if (count)
		snprintf(words, size, "%s%s%s", decoded->mnemonic, *decoded->op_str ? " " : "",
			 decoded->op_str);
	else
		snprintf(words, size, ".word 0x%08x", instruction);
	if (decoded)
		cs_free(decoded, count);
}
