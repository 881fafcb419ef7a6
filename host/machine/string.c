/* What do the compiler and libfdt expect of a C library?  There is nothing of firn's in here. */
#include <stdint.h>
#include <string.h>

unsigned long strtoul(const char *s, char **end, int base);

void *memset(void *to, int c, size_t n)
{
	uint8_t *p = to;
	uint64_t word = (uint8_t)c * UINT64_C(0x0101010101010101);

	for (; n && ((uintptr_t)p & 7); n--)
		*p++ = (uint8_t)c;
	for (; n >= 64; n -= 64, p += 64) {
		uint64_t *words = (void *)p;

		words[0] = words[1] = words[2] = words[3] = word;
		words[4] = words[5] = words[6] = words[7] = word;
	}
	for (; n >= 8; n -= 8, p += 8)
		*(uint64_t *)(void *)p = word;
	for (; n; n--)
		*p++ = (uint8_t)c;
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	uint8_t *p = to;
	const uint8_t *q = from;

	if (!(((uintptr_t)p ^ (uintptr_t)q) & 7)) {
		for (; n && ((uintptr_t)p & 7); n--)
			*p++ = *q++;
		for (; n >= 8; n -= 8, p += 8, q += 8)
			*(uint64_t *)(void *)p = *(const uint64_t *)(const void *)q;
	}
	for (; n; n--)
		*p++ = *q++;
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	uint8_t *p = to;
	const uint8_t *q = from;

	if (p <= q || p >= q + n)
		return memcpy(to, from, n);
	while (n--)
		p[n] = q[n];
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a, *q = b;

	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	const uint8_t *p = s;

	for (; n; n--, p++)
		if (*p == (uint8_t)c)
			return (void *)(uintptr_t)p;
	return NULL;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n && *a && *a == *b; n--)
		a++, b++;
	return n ? (uint8_t)*a - (uint8_t)*b : 0;
}

char *strchr(const char *s, int c)
{
	for (; *s; s++)
		if (*s == (char)c)
			return (char *)(uintptr_t)s;
	return c ? NULL : (char *)(uintptr_t)s;
}

char *strrchr(const char *s, int c)
{
	const char *found = NULL;

	for (;; s++) {
		if (*s == (char)c)
			found = s;
		if (!*s)
			return (char *)(uintptr_t)found;
	}
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	return 99;
}

unsigned long strtoul(const char *s, char **end, int base)
{
	unsigned long value = 0;

	if ((base == 0 || base == 16) && s[0] == '0' && (s[1] | 0x20) == 'x' && digit_of(s[2]) < 16) {
		s += 2;
		base = 16;
	} else if (base == 0) {
		base = s[0] == '0' ? 8 : 10;
	}
	for (; digit_of(*s) < base; s++)
		value = value * (unsigned long)base + (unsigned long)digit_of(*s);
	if (end)
		*end = (char *)(uintptr_t)s;
	return value;
}
