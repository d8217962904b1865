/* A process virtual machine with an interface of its own, after the UCSD p-System (1978)
 * and Pascal-P4 (Nori, Ammann, Jensen, Nageli and Jacobi 1976): a compiler from a small Pascal to
 * P-code, and the P-machine that interprets it.
 *
 *   scanner.c   source to tokens
 *   compiler.c  one pass from source on the input to P-code, by recursive descent
 *   machine.c   the P-machine
 *   main.c      the one after the other; what is left of the input is the program's
 *
 * The language is Wirth's PL/0 grown up: const, var, nested procedures and functions with
 * value and var parameters, declared forward if need be; integer, boolean, char, string and
 * arrays; := begin if case while repeat for; write, writeln, read, readln, odd, ord, chr, succ,
 * pred, abs, sqr, length, eof.  Integers have 32 bits and wrap; 'and' and 'or' look at both sides; array
 * bounds are integers.
 */
#ifndef PASCAL_H
#define PASCAL_H

#include <stdbool.h>
#include <stdint.h>

enum op {
#define OP(name, effect) OP_##name,
#include "pcode.def"
	OPS
};

struct instruction {
	uint8_t op, level;
	uint16_t line;    /* of the source, for messages */
	int32_t argument;
};

enum { CODE_MOST = 4096, STACK_MOST = 32768 /* words */, TEXT_MOST = 4096, STRING_MOST = 80 };

/* A frame begins with these words; then parameters and locals. */
enum { FRAME_RESULT, FRAME_STATIC, FRAME_DYNAMIC, FRAME_RETURN, FRAME_WORDS };

/* A string variable is its length, then a character a word.  Literals stand in texts, which
 * begins at address 0; the stack is behind it. */
struct program {
	struct instruction code[CODE_MOST];
	int32_t length;
	int32_t texts[TEXT_MOST];
	int32_t texts_used;
	bool list; /* {$list}: show the code */
};

/* Reads a program from the input.  An error is told, with line and column, and ends us
 * with COMPILE_ERROR. */
void compile(struct program *program);
void list_code(const struct program *program);

/* Runs it; returns the exit code. */
int run(const struct program *program);

enum { COMPILE_ERROR = 2, RUN_ERROR = 3 };

extern const char *const op_names[OPS];

#endif
