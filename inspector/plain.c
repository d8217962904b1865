/* Text without control characters.  See plain.h. */

#include "plain.h"

#include <stdint.h>

/* The length of the UTF-8 sequence that n bytes begin with, and its character; 0: it is none. */
static size_t decode(const uint8_t *s, size_t n, uint32_t *character)
{
	static const struct { uint8_t mask, is; uint32_t least; } lengths[] = {
		{ 0x80, 0x00, 0 }, { 0xE0, 0xC0, 0x80 }, { 0xF0, 0xE0, 0x800 }, { 0xF8, 0xF0, 0x10000 },
	};
	size_t more = 0;
	while (more < 4 && (*s & lengths[more].mask) != lengths[more].is)
		more++;
	if (more == 4 || more >= n)
		return 0;
	*character = *s & (uint8_t)~lengths[more].mask;
	for (size_t i = 1; i <= more; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		*character = *character << 6 | (s[i] & 0x3F);
	}
	return *character >= lengths[more].least ? more + 1 : 0;
}

/* XML's characters, but for those that no line of text needs. */
static bool is_plain(uint32_t c)
{
	static const struct { uint32_t from, to; } bad[] = {
		{ 0x00, 0x1F }, { 0x7F, 0x9F }, { 0xAD, 0xAD }, { 0x61C, 0x61C }, { 0x200B, 0x200F }, { 0x2028, 0x202E },
		{ 0x2060, 0x206F }, { 0xD800, 0xDFFF }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF }, { 0xFFF0, 0xFFFF },
		{ 0xE0000, 0xFFFFFFFF },
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (c >= bad[i].from && c <= bad[i].to)
			return false;
	return true;
}

size_t plain_next(const char *text, size_t n, bool *plain)
{
	uint32_t c;
	size_t length = decode((const uint8_t *)text, n, &c);
	*plain = length > 0 && is_plain(c);
	return length > 0 ? length : 1;
}

void plain_put(FILE *to, const char *text, size_t n)
{
	bool plain;
	for (size_t length; n > 0; text += length, n -= length) {
		length = plain_next(text, n, &plain);
		if (plain || *text == '\n' || *text == '\t')
			fwrite(text, 1, length, to);
		else
			for (size_t i = 0; i < length; i++)
				fprintf(to, "\\x%02x", (uint8_t)text[i]);
	}
}
