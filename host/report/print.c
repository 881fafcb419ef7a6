/* How does L0 say something?  Reads: print.h. */
#include "host/report/print.h"

#include <stdbool.h>
#include <stdint.h>

#include "host/machine/spinlock.h"
#include "host/machine/uart.h"

static struct spinlock lock = SPINLOCK_INIT(RANK_PRINT);

static void put_text(const char *s)
{
	for (; *s; s++) {
		if (*s == '\n')
			uart_putc('\r');
		uart_putc(*s);
	}
}

static void put_number(uint64_t value, unsigned base, unsigned width, bool zero)
{
	char digits[24];
	unsigned n = sizeof(digits);

	digits[--n] = '\0';
	do {
		digits[--n] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (n && sizeof(digits) - 1 - n < width)
		digits[--n] = zero ? '0' : ' ';
	put_text(&digits[n]);
}

static void put_signed(int64_t value, unsigned width, bool zero)
{
	if (value < 0)
		uart_putc('-');
	put_number(value < 0 ? -(uint64_t)value : (uint64_t)value, 10, width, zero);
}

/* One conversion, behind its '%'; returns its last character. list is passed on by address to advance it. */
static const char *put_conversion(const char *f, va_list *list)
{
	bool zero = *f == '0';
	unsigned width = 0, longs = 0;

	for (; *f >= '0' && *f <= '9'; f++)
		width = width * 10 + (unsigned)(*f - '0');
	for (; *f == 'l'; f++)
		longs++;
	switch (*f) {
	case 's':
		put_text(va_arg(*list, const char *));
		break;
	case 'c':
		uart_putc((char)va_arg(*list, int));
		break;
	case 'd':
		put_signed(longs ? va_arg(*list, int64_t) : va_arg(*list, int), width, zero);
		break;
	case 'u':
		put_number(longs ? va_arg(*list, uint64_t) : va_arg(*list, unsigned), 10, width, zero);
		break;
	case 'x':
		put_number(longs ? va_arg(*list, uint64_t) : va_arg(*list, unsigned), 16, width, zero);
		break;
	case 'p':
		put_number(va_arg(*list, uint64_t), 16, 16, true);
		break;
	default:
		uart_putc(*f);
		break;
	}
	return f;
}

void print_list(const char *format, va_list list)
{
	va_list mine;

	va_copy(mine, list);
	for (const char *f = format; *f; f++) {
		if (*f == '\n')
			uart_putc('\r');
		if (*f != '%')
			uart_putc(*f);
		else
			f = put_conversion(f + 1, &mine);
	}
	va_end(mine);
}

void print(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	spin_lock(&lock);
	print_list(format, list);
	spin_unlock(&lock);
	va_end(list);
}
