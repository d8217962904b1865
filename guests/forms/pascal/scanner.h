/* The compiler's scanner: source from the input to tokens, one at a time, and errors with
 * their place.  Called by compiler.c.
 */
#ifndef SCANNER_H
#define SCANNER_H

#include "pascal.h"

enum token {
	T_NAME, T_NUMBER, T_TEXT, T_END_OF_FILE,
	T_ASSIGN, T_NEQ, T_LEQ, T_GEQ, T_UP_TO, T_COMMENT, /* := <> <= >= .. (* ; others are their character */
	T_WORDS = 256,
	T_AND = T_WORDS, T_ARRAY, T_BEGIN, T_CASE, T_CONST, T_DIV, T_DO, T_DOWNTO, T_ELSE, T_END, T_FOR, T_FUNCTION, T_IF, T_MOD,
	T_NOT, T_OF, T_OR, T_PROCEDURE, T_PROGRAM, T_REPEAT, T_THEN, T_TO, T_TYPE, T_UNTIL, T_VAR, T_WHILE,
};

enum { NAME_MOST = 24 };

/* What has been read, and the token that is looked at. */
struct scanner {
	int c;                    /* the next character */
	unsigned line, column;    /* where it is */
	int token;
	unsigned token_line, token_column;
	char text[STRING_MOST + 1]; /* of a name or a text */
	int32_t number;
	struct program *program;
};

extern struct scanner s;

/* One line with the token's place; ends us with COMPILE_ERROR. */
_Noreturn void error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* At the beginning of the input; the next token; it, if it is this one; it, or an error. */
void scanner_start(struct program *program);
void next(void);
bool accept(int token);
void expect(int token, const char *what);

/* After the last 'end': a '.', and the rest of its line.  What follows is not looked at. */
void scanner_finish(void);

#endif
