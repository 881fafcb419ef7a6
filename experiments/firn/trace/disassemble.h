/*
 * How is an instruction written?
 */
#ifndef EXPERIMENTS_FIRN_TRACE_DISASSEMBLE_H
#define EXPERIMENTS_FIRN_TRACE_DISASSEMBLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * "msr HCR_EL2, x0": one A64 instruction, registers as the Arm ARM spells them; ".word 0x..." for what is none. address is its own, for
 * branches.
 */
void disassemble(char *words, size_t size, uint32_t instruction, uint64_t address);

#endif
