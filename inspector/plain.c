/* Text without control characters.  See plain.h. */

#include "plain.h"

#include <stdbool.h>
#include <stdint.h>

/* The bytes of a character by its first one; 0: none begins so. */
static size_t length_of(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xC2 || first > 0xF4)
		return 0;
	return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* What the second byte may be, after some of the first ones: nothing written longer than need be,
 * no half of a UTF-16 pair, none beyond the last character; and none of U+0080 to U+009F, which
 * are control characters, too. */
static bool second_fits(uint8_t first, uint8_t second)
{
	switch (first) {
	case 0xC2:
	case 0xE0: return second >= 0xA0;
	case 0xED: return second < 0xA0;
	case 0xF0: return second >= 0x90;
	case 0xF4: return second < 0x90;
	default:   return true;
	}
}

size_t plain_character(const char *text, size_t n)
{
	const uint8_t *bytes = (const uint8_t *)text;
	size_t length = n > 0 ? length_of(bytes[0]) : 0;
	if (length == 0 || length > n || bytes[0] < ' ' || bytes[0] == 0x7F)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((bytes[i] & 0xC0) != 0x80)
			return 0;
	return length == 1 || second_fits(bytes[0], bytes[1]) ? length : 0;
}

void plain_put(FILE *to, const char *text, size_t n)
{
	while (n > 0) {
		size_t length = *text == '\n' || *text == '\t' ? 1 : plain_character(text, n);
		if (length > 0)
			fwrite(text, 1, length, to);
		else
			fprintf(to, "\\x%02x", (uint8_t)*text);
		length = length > 0 ? length : 1;
		text += length;
		n -= length;
	}
}
