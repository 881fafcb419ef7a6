/* How does a bare guest print?  Polled PL011; the loader or QEMU has set the line up. */
#include "guest-hyp/rt/rt.h"

#define UART_DR 0x00
#define UART_FR 0x18
#define UART_FR_TXFF 0x20

static void uart_write(uint8_t byte)
{
	uint64_t uart = rt_machine()->uart;

	if (!uart)
		return;
	while (*(volatile uint32_t *)(uart + UART_FR) & UART_FR_TXFF)
		;
	*(volatile uint32_t *)(uart + UART_DR) = byte;
}

void rt_putc(char c)
{
	if (c == '\n')
		uart_write('\r');
	uart_write((uint8_t)c);
}

static void put_padded(const char *text, size_t length, unsigned width, char pad)
{
	for (size_t n = length; n < width; n++)
		rt_putc(pad);
	for (size_t n = 0; n < length; n++)
		rt_putc(text[n]);
}

static void put_number(uint64_t value, bool negative, unsigned base, unsigned width, char pad)
{
	char text[24];
	size_t at = sizeof(text);

	do {
		text[--at] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	if (negative)
		text[--at] = '-';
	put_padded(text + at, sizeof(text) - at, width, pad);
}

struct spec {
	unsigned width;
	char pad;
	bool wide;
};

static const char *parse_spec(const char *f, struct spec *spec)
{
	*spec = (struct spec){ .pad = ' ' };
	if (*f == '0')
		spec->pad = *f++;
	for (; *f >= '0' && *f <= '9'; f++)
		spec->width = spec->width * 10 + (unsigned)(*f - '0');
	for (; *f == 'l' || *f == 'z'; f++)
		spec->wide = true;
	return f;
}

static void put_argument(char type, const struct spec *spec, va_list *arguments)
{
	if (type == 's') {
		const char *text = va_arg(*arguments, const char *);

		put_padded(text, strlen(text), spec->width, ' ');
	} else if (type == 'c') {
		rt_putc((char)va_arg(*arguments, int));
	} else if (type == 'p') {
		put_padded("0x", 2, 0, ' ');
		put_number((uint64_t)va_arg(*arguments, void *), false, 16, spec->width, '0');
	} else if (type == 'd') {
		int64_t value = spec->wide ? va_arg(*arguments, int64_t) : va_arg(*arguments, int);

		put_number(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0, 10, spec->width,
			   spec->pad);
	} else if (type == 'u' || type == 'x') {
		uint64_t value = spec->wide ? va_arg(*arguments, uint64_t) : va_arg(*arguments, unsigned);

		put_number(value, false, type == 'x' ? 16 : 10, spec->width, spec->pad);
	} else {
		rt_putc(type);
	}
}

void rt_print_list(const char *f, va_list *arguments)
{
	struct spec spec;

	for (; *f; f++) {
		if (*f != '%') {
			rt_putc(*f);
			continue;
		}
		f = parse_spec(f + 1, &spec);
		if (!*f)
			return;
		put_argument(*f, &spec, arguments);
	}
}

void rt_print(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	rt_print_list(format, &arguments);
	va_end(arguments);
}
