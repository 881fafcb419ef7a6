/*
 * How does a bare guest touch a system register, and wait for the effect?  The name is the assembler's, so
 * each access is exactly the instruction that the source shows.
 */
#ifndef GUEST_HYP_RT_SYSREG_H
#define GUEST_HYP_RT_SYSREG_H

#include <stdint.h>

#define read_sysreg(name)                                                             \
	__extension__({                                                               \
		uint64_t value_of_##name;                                             \
		__asm__ volatile("mrs %0, " #name : "=r"(value_of_##name)::"memory"); \
		value_of_##name;                                                      \
	})
#define write_sysreg(name, value) __asm__ volatile("msr " #name ", %x0" ::"rZ"((uint64_t)(value)) : "memory")

#define isb() __asm__ volatile("isb" ::: "memory")
#define dsb(kind) __asm__ volatile("dsb " #kind ::: "memory")
#define tlbi(op) __asm__ volatile("tlbi " #op ::: "memory")

#endif
