/* Untrusted text.  See grade_text.h. */

#include "grade_text.h"

#include <stdlib.h>
#include <string.h>

#include "inspector/plain.h"

char *text_plain(const char *text, int keep_lines)
{
	const char *end = text + strlen(text);
	char *to = malloc((size_t)(end - text) + 1);
	size_t n = 0;
	bool plain;
	for (size_t length; to && text < end; text += length) {
		length = plain_next(text, (size_t)(end - text), &plain);
		plain |= keep_lines && *text == '\n';
		memcpy(to + n, plain ? text : "?", plain ? length : 1);
		n += plain ? length : 1;
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
