/* Names, texts and errors from the handle library's form to the one beneath.  Called by both libraries. */

#include <errno.h>

#include "library.h"

/* Pairs of characters are one of 21 bits. */
static uint32_t next_character(const struct text *text, uint32_t *i)
{
	uint32_t c = text->characters[(*i)++];
	if (c >> 10 == 0x36 && *i < text->length && text->characters[*i] >> 10 == 0x37)
		c = 0x10000 + ((c & 0x3FF) << 10) + (text->characters[(*i)++] & 0x3FFu);
	return c;
}

static uint32_t encode(uint32_t c, char *to)
{
	if (c < 0x80) {
		*to = (char)c;
		return 1;
	}
	uint32_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (uint32_t k = n - 1; k > 0; k--, c >>= 6)
		to[k] = (char)(0x80 | (c & 0x3F));
	to[0] = (char)((0xF00 >> n & 0xFF) | c);
	return n;
}

uint32_t text_bytes(const struct text *text, char *to, uint32_t most)
{
	enum { LONGEST = 4 };
	uint32_t n = 0;
	for (uint32_t i = 0; i < text->length;) {
		if (n + LONGEST > most)
			return 0;
		n += encode(next_character(text, &i), to + n);
	}
	return n;
}

bool name_path(const struct text *name, char path[NAME_MOST])
{
	uint32_t n = text_bytes(name, path, NAME_MOST - 1);
	path[n] = '\0';
	for (char *c = path; *c; c++)
		*c = *c == '\\' ? '/' : *c;
	return n > 0;
}

enum handle_error error_from(int errno_value)
{
	switch (errno_value) {
#define ERROR(name, number, errno) case errno: return ERROR_##name;
#include "errors.def"
	default: return ERROR_OTHER;
	}
}
