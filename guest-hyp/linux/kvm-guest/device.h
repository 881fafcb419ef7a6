/*
 * Which devices has L2?  All of this is called with the bus's lock held, or before L2 runs.
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_DEVICE_H
#define GUEST_HYP_LINUX_KVM_GUEST_DEVICE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PL011_IPA UINT64_C(0x09000000)
#define PL011_SIZE UINT64_C(0x1000)
#define PL011_INTID 33 /* the second SPI */

/* A UART.  wake is an eventfd, here and below: told when there is new room for what is typed. */
void pl011_make(int wake);
uint32_t pl011_load(uint64_t offset);
void pl011_store(uint64_t offset, uint32_t value);

/* hvc0; and with a command, hvc1 for what that prints, since a tty is what each kernel makes of one. */
void console_make(int wake, bool command);
bool console_is_used(void);
void console_resize(uint16_t columns, uint16_t rows);

/* Give L2 what it has room for; return how many bytes that were. */
size_t pl011_type(const char *bytes, size_t size);
size_t console_type(const char *bytes, size_t size);

/* Random numbers. */
void rng_make(void);

/* A disk: FILE[,ro], a file or a block device of L1's.  What is no disk ends the program. */
void blk_make(const char *given);

/* A network card, and L1's end of it, from which a thread takes what comes, with the lock.  Ends the program where L1 has none. */
void net_make(pthread_mutex_t *lock);

#endif
