/* Untrusted text.  See grade_text.h. */

#include "grade_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The length of the UTF-8 sequence at s and its character; 0: it is none. */
static size_t decode(const unsigned char *s, uint32_t *character)
{
	static const struct { unsigned char mask, is; uint32_t least; } lengths[] = {
		{ 0x80, 0x00, 0 }, { 0xE0, 0xC0, 0x80 }, { 0xF0, 0xE0, 0x800 }, { 0xF8, 0xF0, 0x10000 },
	};
	size_t n = 0;
	while (n < 4 && (*s & lengths[n].mask) != lengths[n].is)
		n++;
	if (n == 4)
		return 0;
	*character = *s & (unsigned char)~lengths[n].mask;
	for (size_t i = 1; i <= n; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		*character = *character << 6 | (s[i] & 0x3F);
	}
	return *character >= lengths[n].least ? n + 1 : 0;
}

/* XML's characters, but for those that no line of text needs. */
static int is_plain(uint32_t c)
{
	static const struct { uint32_t from, to; } bad[] = {
		{ 0x00, 0x1F }, { 0x7F, 0x9F }, { 0xAD, 0xAD }, { 0x61C, 0x61C }, { 0x200B, 0x200F }, { 0x2028, 0x202E },
		{ 0x2060, 0x206F }, { 0xD800, 0xDFFF }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF }, { 0xFFF0, 0xFFFF },
		{ 0xE0000, 0xFFFFFFFF },
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (c >= bad[i].from && c <= bad[i].to)
			return 0;
	return 1;
}

char *text_plain(const char *text, int keep_lines)
{
	const unsigned char *s = (const unsigned char *)text;
	char *to = malloc(strlen(text) + 1);
	size_t n = 0;
	while (to && *s) {
		uint32_t c = 0;
		size_t length = decode(s, &c);
		if (length > 0 && (is_plain(c) || (keep_lines && c == '\n'))) {
			memcpy(to + n, s, length);
			n += length;
		} else {
			to[n++] = '?';
		}
		s += length ? length : 1;
	}
	if (to)
		to[n] = '\0';
	return to;
}

void text_cut(char *text, size_t most)
{
	if (strlen(text) <= most)
		return;
	while (most > 0 && ((unsigned char)text[most] & 0xC0) == 0x80)
		most--;
	text[most] = '\0';
}

void text_markup(const char *text, FILE *to)
{
	for (; *text; text++)
		switch (*text) {
		case '&':  fputs("&amp;", to); break;
		case '<':  fputs("&lt;", to); break;
		case '>':  fputs("&gt;", to); break;
		case '"':  fputs("&quot;", to); break;
		case '\'': fputs("&#39;", to); break;
		default:   fputc(*text, to);
		}
}

void text_shell(const char *text, FILE *to)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+:,@%-";
	if (*text && *text != '-' && text[strspn(text, safe)] == '\0') {
		fputs(text, to);
		return;
	}
	fputs(*text == '-' ? "./'" : "'", to);
	for (; *text; text++)
		fputs(*text == '\'' ? "'\\''" : (char[]){ *text, '\0' }, to);
	fputc('\'', to);
}
