/* How does L1's console work?  Reads: pl011.h.  Next: nv/pl011.c. */
#include "host/device/pl011.h"

#include "host/interrupt/vgic.h"
#include "host/machine/uart.h"
#include "host/report/print.h"
#include "host/vm/vm.h"

void pl011_reset(struct pl011 *u)
{
	nv_pl011_reset(&u->state);
	u->line_filled = 0;
}

/* With the lock held, after every change. */
static void update_line(struct vm *vm)
{
	vgic_set_level(vm, 0, VM_INTID_UART, nv_pl011_line(&vm->uart.state));
}

void pl011_input(void)
{
	struct vm *vm = vm_get(0);
	uint8_t c;

	if (!vm) {
		while (uart_getc(&c))
			;
		return;
	}
	spin_lock(&vm->uart.lock);
	while (uart_getc(&c))
		nv_pl011_receive(&vm->uart.state, c);
	update_line(vm);
	spin_unlock(&vm->uart.lock);
}

/* --- sending --- */

static void send_line(struct vm *vm)
{
	struct pl011 *u = &vm->uart;

	u->line[u->line_filled] = 0;
	print("vm%u| %s\n", vm->index, u->line);
	u->line_filled = 0;
}

/* The terminal is VM 0's: others cannot send it what it would obey. */
static bool is_text(char c)
{
	return (c >= ' ' && c <= '~') || c == '\t';
}

static void send(struct vm *vm, char c)
{
	struct pl011 *u = &vm->uart;

	if (vm->index == 0) {
		uart_putc(c);
		return;
	}
	if (c == '\r')
		return;
	if (c != '\n')
		u->line[u->line_filled++] = is_text(c) ? c : '?';
	if (c == '\n' || u->line_filled == sizeof(u->line) - 1)
		send_line(vm);
}

uint32_t pl011_read(struct vm *vm, uint64_t offset)
{
	uint32_t value;

	spin_lock(&vm->uart.lock);
	value = nv_pl011_read(&vm->uart.state, offset);
	update_line(vm);
	spin_unlock(&vm->uart.lock);
	return value;
}

void pl011_write(struct vm *vm, uint64_t offset, uint32_t value)
{
	spin_lock(&vm->uart.lock);
	if (nv_pl011_write(&vm->uart.state, offset, value))
		send(vm, (char)value);
	update_line(vm);
	spin_unlock(&vm->uart.lock);
}
