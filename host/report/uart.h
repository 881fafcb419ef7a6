/* How does L0 reach the console of the machine?  A PL011.  Next: uart.c, host/report/print.h. */
#ifndef HOST_UART_H
#define HOST_UART_H

#include <stdbool.h>
#include <stdint.h>

/* Finds the first arm,pl011 of the tree. Nothing is printed before. */
void uart_init(const void *fdt);

/* Waits for room in the transmit FIFO. */
void uart_putc(char c);

/* One received byte, or false. */
bool uart_getc(uint8_t *c);

/* Its receive interrupt: on, once a GIC is there; and which it is, 0 for none. */
void uart_enable_input(void);
uint32_t uart_intid(void);

#endif
