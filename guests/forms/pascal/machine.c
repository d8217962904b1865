/* The P-machine: a stack, and one instruction after the other.  Called by main.c.  What a
 * program does wrong at run time is told with its line, and ends it.
 */

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "form.h"
#include "pascal.h"

enum { STORE = TEXT_MOST + STACK_MOST };

static struct {
	int32_t store[STORE]; /* texts, then the stack */
	int32_t top, base;    /* of the stack, of the frame */
	int32_t pc;
	const struct instruction *now;
	uint32_t steps;
} m;

static const struct form_field fields[] = {
	FORM_FIELD("pc", m.pc, SIGNED), FORM_BEHIND("line", m.now, 2, SIGNED, 1, offsetof(struct instruction, line)), FORM_FIELD("base", m.base, SIGNED), FORM_FIELD("top", m.top, SIGNED),
	FORM_FIELD("steps", m.steps, SIGNED), FORM_STACK("stack", m.store, 12, m.top, SIGNED),
};

static const struct form_description description = {
	.name = "P-machine", .rows = 1, .steps = FORM_ADDRESS(m.steps),
	.fields = FORM_ADDRESS(fields), .n = sizeof(fields) / sizeof(*fields),
};

FORM_ANCHOR(description);

static _Noreturn void fail(const char *why)
{
	fflush(stdout);
	printf("\nline %u: %s\n", m.now->line, why);
	exit(RUN_ERROR);
}

/* ---- the store ----------------------------------------------------------- */

static int32_t *at(int32_t address)
{
	if (address < 0 || address >= STORE)
		fail("an address that there is not");
	return &m.store[address];
}

static void push(int32_t value)
{
	if (m.top + 1 >= STORE)
		fail("the stack is full");
	m.store[++m.top] = value;
}

static int32_t pop(void) { return m.store[m.top--]; }

static int32_t frame(unsigned level)
{
	int32_t base = m.base;
	while (level-- > 0)
		base = *at(base + FRAME_STATIC);
	return base;
}

/* ---- strings ------------------------------------------------------------- */

static void assign_string(int32_t to, int32_t from, int32_t room)
{
	int32_t n = *at(from);
	if (n > room)
		fail("the string is too long for the variable");
	for (int32_t i = 0; i <= n; i++)
		*at(to + i) = *at(from + i);
}

static int32_t compare_strings(int32_t a, int32_t b)
{
	int32_t n = *at(a), k = *at(b), i = 1;
	while (i <= n && i <= k && *at(a + i) == *at(b + i))
		i++;
	int32_t left = i <= n ? *at(a + i) : -1, right = i <= k ? *at(b + i) : -1;
	return (left > right) - (left < right);
}

/* The end of the input stays where it was: a terminal could be asked to go on. */
static int next_char(void) { return feof(stdin) ? EOF : getchar(); }

static void read_string(int32_t to, int32_t room)
{
	int32_t n = 0;
	for (int c; (c = next_char()) != EOF && c != '\n';)
		if (n < room)
			*at(to + ++n) = c;
	*at(to) = n;
}

static void write_string(int32_t from, int32_t width)
{
	for (int32_t i = *at(from); i < width; i++)
		putchar(' ');
	for (int32_t i = 1; i <= *at(from); i++)
		putchar((int)*at(from + i));
}

/* ---- input --------------------------------------------------------------- */

static int skip_space(void)
{
	int c;
	while (isspace(c = next_char()))
		continue;
	return c;
}

static int32_t read_number(void)
{
	int64_t value = 0;
	int c = skip_space();
	bool negative = c == '-';
	if (c == '-' || c == '+')
		c = next_char();
	if (!isdigit(c))
		fail("there is no number to read");
	for (; isdigit(c); c = next_char())
		if ((value = 10 * value + (c - '0')) > INT32_MAX + (int64_t)negative)
			fail("a number that is too large");
	ungetc(c, stdin);
	return (int32_t)(negative ? -value : value);
}

static int32_t at_end(void)
{
	int c = next_char();
	ungetc(c, stdin);
	return c == EOF;
}

/* ---- calls --------------------------------------------------------------- */

static void mark(unsigned level)
{
	push(0);
	push(frame(level));
	push(m.base);
	push(0);
}

static void call(int32_t entry, unsigned words)
{
	m.base = m.top + 1 - (int32_t)words - FRAME_WORDS;
	*at(m.base + FRAME_RETURN) = m.pc;
	m.pc = entry;
}

static void leave(bool function)
{
	int32_t base = m.base;
	m.top = function ? base : base - 1;
	m.pc = *at(base + FRAME_RETURN);
	m.base = *at(base + FRAME_DYNAMIC);
}

/* ---- one instruction ----------------------------------------------------- */

static int32_t divide(int32_t a, int32_t b, bool rest)
{
	if (b == 0)
		fail("division by zero");
	if (b == -1)
		return rest ? 0 : (int32_t)(0u - (uint32_t)a);
	return rest ? a % b : a / b;
}

static int32_t two(enum op op, int32_t a, int32_t b)
{
	uint32_t x = (uint32_t)a, y = (uint32_t)b;
	switch (op) {
	case OP_ADD: return (int32_t)(x + y);
	case OP_SUB: return (int32_t)(x - y);
	case OP_MUL: return (int32_t)(x * y);
	case OP_DIV: return divide(a, b, false);
	case OP_MOD: return divide(a, b, true);
	case OP_AND: return a && b;
	case OP_OR:  return a || b;
	case OP_EQL: return a == b;
	case OP_NEQ: return a != b;
	case OP_LSS: return a < b;
	case OP_LEQ: return a <= b;
	case OP_GTR: return a > b;
	case OP_GEQ: return a >= b;
	case OP_CMP: return compare_strings(a, b);
	default:     fail("an instruction that there is not");
	}
}

static void check_index(int32_t index, int32_t n)
{
	if (index < 0 || index >= n)
		fail("an index outside the array");
}

static void step(const struct instruction *i)
{
	int32_t a, b;
	switch ((enum op)i->op) {
	case OP_LIT: push(i->argument); break;
	case OP_DUP: push(m.store[m.top]); break;
	case OP_LDA: push(frame(i->level) + i->argument); break;
	case OP_LDI: a = pop(); push(*at(a)); break;
	case OP_STI: b = pop(); a = pop(); *at(a) = b; break;
	case OP_MOV:
		b = pop(), a = pop();
		for (int32_t n = 0; n < i->argument; n++)
			*at(a + n) = *at(b + n);
		break;
	case OP_STR: b = pop(); a = pop(); assign_string(a, b, i->argument); break;
	case OP_IXA: check_index(m.store[m.top], i->argument); break;
	case OP_RNG:
		if (m.store[m.top] < 0 || m.store[m.top] > i->argument)
			fail("a value outside its type");
		break;
	case OP_IXS: b = pop(); a = pop(); push(a + b * i->argument); break;
	case OP_CHR: b = pop(); a = pop(); check_index(b - 1, *at(a)); push(a + b); break;
	case OP_INT:
		for (int32_t n = 0; n < i->argument; n++)
			push(0);
		break;
	case OP_NEG: push((int32_t)(0u - (uint32_t)pop())); break;
	case OP_ODD: push(pop() & 1); break;
	case OP_NOT: push(!pop()); break;
	case OP_ADD: case OP_SUB: case OP_MUL: case OP_DIV: case OP_MOD: case OP_AND: case OP_OR: case OP_EQL: case OP_NEQ:
	case OP_LSS: case OP_LEQ: case OP_GTR: case OP_GEQ: case OP_CMP:
		b = pop(); a = pop(); push(two((enum op)i->op, a, b)); break;
	case OP_JMP: m.pc = i->argument; break;
	case OP_JPC:
		if (!pop())
			m.pc = i->argument;
		break;
	case OP_MST: mark(i->level); break;
	case OP_CUP: call(i->argument, i->level); break;
	case OP_RET: leave(false); break;
	case OP_RTF: leave(true); break;
	case OP_WRI: b = pop(); a = pop(); printf("%*" PRId32, (int)b, a); break;
	case OP_WRC: b = pop(); a = pop(); printf("%*c", (int)b, (int)a); break;
	case OP_WRS: b = pop(); a = pop(); write_string(a, b); break;
	case OP_WRL: putchar('\n'); break;
	case OP_RDI: push(read_number()); break;
	case OP_RDC: push(next_char()); break;
	case OP_RDS: read_string(pop(), i->argument); break;
	case OP_RDL:
		for (int c = 0; c != EOF && c != '\n';)
			c = next_char();
		break;
	case OP_EOF_: push(at_end()); break;
	case OP_HLT: case OPS: break;
	}
}

int run(const struct program *program)
{
	for (int32_t i = 0; i < program->texts_used; i++)
		m.store[i] = program->texts[i];
	m.top = TEXT_MOST - 1;
	m.base = TEXT_MOST;
	do {
		m.now = &program->code[m.pc++];
		step(m.now);
		FORM_STEP(m.steps);
	} while (m.now->op != OP_HLT);
	fflush(stdout);
	return 0;
}
