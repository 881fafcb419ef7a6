/* How does L0 reach the console of the machine?  A PL011.  Next: uart.c, host/report/print.h. */
#ifndef HOST_MACHINE_UART_H
#define HOST_MACHINE_UART_H

#include <stdbool.h>
#include <stdint.h>

/* Its registers, mapped as a device, and its interrupt, 0 for none. Nothing is printed before. */
void uart_init(volatile void *registers, uint32_t interrupt);

/* Waits for room in the transmit FIFO. */
void uart_putc(char c);

/* One received byte, or false. */
bool uart_getc(uint8_t *c);

/* It raises its receive interrupt from here on; and which that is, 0 for none. */
void uart_enable_input(void);
uint32_t uart_intid(void);

#endif
