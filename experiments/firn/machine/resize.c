/*
 * How does L1 get to know that the user's window has another size?  By telnet's option NAWS (RFC 1073) within what is typed:
 * IAC, which is no byte of UTF-8, begins it, and a typed IAC is doubled. Only who has asked gets any of that: L1 switches on
 * a mode of the terminal that no terminal has, and so no terminal minds.  Next: guest-hyp/linux/terminal.c.
 */
#include "experiments/firn/machine/resize.h"

#include <arpa/telnet.h>
#include <string.h>

#define MODE "\033[?26217" /* then h or l: on, off */

void resize_watch(struct resize *resize, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool complete = resize->matched == sizeof(MODE) - 1;

		if (complete && (bytes[i] == 'h' || bytes[i] == 'l'))
			resize->asked = resize->wanted = bytes[i] == 'h';
		if (!complete && bytes[i] == MODE[resize->matched])
			resize->matched++;
		else
			resize->matched = bytes[i] == MODE[0];
	}
}

size_t resize_escape(char *bytes, size_t length)
{
	size_t typed = 0;

	for (size_t i = 0; i < length; i++)
		typed += (unsigned char)bytes[i] == IAC;
	for (size_t from = length, to = length + typed; from < to;) {
		bytes[--to] = bytes[--from];
		if ((unsigned char)bytes[to] == IAC)
			bytes[--to] = (char)IAC;
	}
	return length + typed;
}

size_t resize_message(char out[RESIZE_BYTES], unsigned columns, unsigned rows)
{
	const unsigned char begin[] = { IAC, SB, TELOPT_NAWS }, end[] = { IAC, SE };
	char size[8] = { (char)(columns >> 8), (char)columns, (char)(rows >> 8), (char)rows };
	size_t length = resize_escape(size, 4);

	memcpy(out, begin, sizeof(begin));
	memcpy(out + sizeof(begin), size, length);
	memcpy(out + sizeof(begin) + length, end, sizeof(end));
	return sizeof(begin) + length + sizeof(end);
}
