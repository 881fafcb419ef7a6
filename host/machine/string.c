/* What do the compiler and libfdt expect of a C library?  There is nothing of firn's in here. */
#include <stdint.h>
#include <string.h>

unsigned long strtoul(const char *s, char **end, int base);

/* From here on it is worth asking for FEAT_MOPS, or for the size of a block of DC ZVA. */
#define LARGE 4096

/* ID_AA64ISAR2_EL1.MOPS: EL2 may always use what it says. */
static int has_mops(void)
{
	uint64_t isar2;

	__asm__("mrs %0, s3_0_c0_c6_2" : "=r"(isar2));
	return isar2 >> 16 & 15;
}

/* Bytes that DC ZVA zeroes; 0: it may not be used (DCZID_EL0.DZP). */
static size_t zva_bytes(void)
{
	uint64_t dczid;

	__asm__("mrs %0, dczid_el0" : "=r"(dczid));
	return dczid & 16 ? 0 : (size_t)4 << (dczid & 15);
}

/* SETP, SETM, SETE [x0]!, x1!, x2 */
static void set_mops(void *to, uint64_t c, size_t n)
{
	register void *x0 __asm__("x0") = to;
	register size_t x1 __asm__("x1") = n;
	register uint64_t x2 __asm__("x2") = c;

	__asm__ volatile(".inst 0x19c20420, 0x19c24420, 0x19c28420"
			 : "+r"(x0), "+r"(x1)
			 : "r"(x2)
			 : "memory", "cc");
}

/* CPYFP, CPYFM, CPYFE [x0]!, [x1]!, x2! */
static void copy_mops(void *to, const void *from, size_t n)
{
	register void *x0 __asm__("x0") = to;
	register const void *x1 __asm__("x1") = from;
	register size_t x2 __asm__("x2") = n;

	__asm__ volatile(".inst 0x19010440, 0x19410440, 0x19810440"
			 : "+r"(x0), "+r"(x1), "+r"(x2)
			 :
			 : "memory", "cc");
}

/* Returns how many bytes are zero now: all whole blocks, if to is at the start of one. */
static size_t zero_blocks(uint8_t *to, size_t n)
{
	size_t block = zva_bytes(), done = 0;

	if (!block || (uintptr_t)to & (block - 1))
		return 0;
	for (; n - done >= block; done += block)
		__asm__ volatile("dc zva, %0" : : "r"(to + done) : "memory");
	return done;
}

void *memset(void *to, int c, size_t n)
{
	uint8_t *p = to;
	uint64_t word = (uint8_t)c * UINT64_C(0x0101010101010101);

	if (n >= LARGE && has_mops()) {
		set_mops(to, (uint8_t)c, n);
		return to;
	}
	for (; n && ((uintptr_t)p & 7); n--)
		*p++ = (uint8_t)c;
	if (n >= LARGE && !c) {
		size_t zero = zero_blocks(p, n);

		p += zero;
		n -= zero;
	}
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

/* 64 bytes of words: four LDP and four STP. */
static void copy_line(uint64_t *restrict to, const uint64_t *restrict from)
{
	uint64_t a = from[0], b = from[1], c = from[2], d = from[3];
	uint64_t e = from[4], f = from[5], g = from[6], h = from[7];

	__asm__("" : : : "memory"); /* all loads first, or there are no pairs */

	to[0] = a, to[1] = b, to[2] = c, to[3] = d;
	to[4] = e, to[5] = f, to[6] = g, to[7] = h;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	uint8_t *p = to;
	const uint8_t *q = from;

	if (n >= LARGE && has_mops()) {
		copy_mops(to, from, n);
		return to;
	}
	if (!(((uintptr_t)p ^ (uintptr_t)q) & 7)) {
		for (; n && ((uintptr_t)p & 7); n--)
			*p++ = *q++;
		for (; n >= 64; n -= 64, p += 64, q += 64)
			copy_line((void *)p, (const void *)q);
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
