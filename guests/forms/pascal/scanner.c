/* Tokens.  See scanner.h. */

#include "scanner.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scanner s;

static const char *const words[] = {
	"and", "array", "begin", "case", "const", "div", "do", "downto", "else", "end", "for", "function", "if", "mod",
	"not", "of", "or", "procedure", "program", "repeat", "then", "to", "type", "until", "var", "while",
};

_Noreturn void error(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	printf("line %u, column %u: ", s.token_line, s.token_column);
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
	fflush(stdout);
	exit(COMPILE_ERROR);
}

static void next_character(void)
{
	if (s.c == '\n') {
		s.line++;
		s.column = 0;
	}
	s.c = getchar();
	s.column++;
}

/* Up to a '}' or a '*' and ')'.  {$list} asks for a listing. */
static void skip_comment(void)
{
	char start[6] = "";
	int before = 0;
	for (size_t n = 0; s.c != '}' && (before != '*' || s.c != ')'); n++) {
		if (s.c == EOF)
			error("a comment without end");
		if (n + 1 < sizeof(start))
			start[n] = (char)s.c;
		before = s.c;
		next_character();
	}
	s.program->list |= strcmp(start, "$list") == 0;
	next_character();
}

static void read_name(void)
{
	size_t n = 0;
	for (; isalnum(s.c) || s.c == '_'; next_character())
		if (n < NAME_MOST)
			s.text[n++] = (char)tolower(s.c);
	s.text[n] = '\0';
	s.token = T_NAME;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(s.text, words[i]) == 0)
			s.token = T_WORDS + (int)i;
}

static void read_number(void)
{
	int64_t value = 0;
	for (; isdigit(s.c); next_character()) {
		value = 10 * value + s.c - '0';
		if (value > INT32_MAX)
			error("a number that is too large");
	}
	s.number = (int32_t)value;
	s.token = T_NUMBER;
}

/* Between quotes; two are one. */
static void read_text(void)
{
	size_t n = 0;
	for (;;) {
		next_character();
		if (s.c == '\'') {
			next_character();
			if (s.c != '\'')
				break;
		}
		if (s.c == '\n' || s.c == EOF)
			error("a text without end");
		if (n == STRING_MOST)
			error("a text that is too long");
		s.text[n++] = (char)s.c;
	}
	s.text[n] = '\0';
	s.token = T_TEXT;
}

/* A sign of one character, or of two. */
static void read_sign(void)
{
	static const struct { char first, second; int token; } pairs[] = {
		{ ':', '=', T_ASSIGN }, { '<', '>', T_NEQ }, { '<', '=', T_LEQ }, { '>', '=', T_GEQ }, { '.', '.', T_UP_TO },
		{ '(', '*', T_COMMENT },
	};
	int first = s.c;
	s.token = first;
	if (first == EOF) {
		s.token = T_END_OF_FILE;
		return;
	}
	next_character();
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (first == pairs[i].first && s.c == pairs[i].second) {
			s.token = pairs[i].token;
			next_character();
			return;
		}
}

static void read_token(void)
{
	while (isspace(s.c))
		next_character();
	s.token_line = s.line;
	s.token_column = s.column;
	if (isalpha(s.c))
		read_name();
	else if (isdigit(s.c))
		read_number();
	else if (s.c == '\'')
		read_text();
	else
		read_sign();
}

void next(void)
{
	for (read_token(); s.token == '{' || s.token == T_COMMENT; read_token())
		skip_comment();
}

bool accept(int token)
{
	if (s.token != token)
		return false;
	next();
	return true;
}

void expect(int token, const char *what)
{
	if (!accept(token))
		error("%s is missing here", what);
}

void scanner_start(struct program *program)
{
	s = (struct scanner){ .line = 1, .program = program };
	next_character();
	next();
}

void scanner_finish(void)
{
	while (isspace(s.c))
		next_character();
	if (s.c != '.')
		error("'.' is missing after this");
	for (int c = 0; c != EOF && c != '\n';)
		c = getchar();
}
