/* Expressions over a machine: numbers, symbols, lines, registers and storage of one level.
 * Called by the commands for every address, count and condition that a person
 * writes.  Values are unsigned and wrap at 32 bits, as in the machine, unless the clock or a longer
 * number takes part.
 */

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "commands_inside.h"

struct value {
	uint64_t n;
	bool wide; /* more than 32 bits matter */
	bool real; /* an address of the machine's own storage, which R has no part in: a symbol's */
};

struct reader {
	const struct inspector *inspector;
	unsigned level;
	const char *at;
	unsigned depth; /* of parentheses: who writes them may be anybody */
	struct refusal *why;
	bool failed;
};

#define DEPTH_MOST 32

static struct value fail(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static struct value fail(struct reader *r, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (!r->failed && r->why)
		vsnprintf(r->why->text, sizeof(r->why->text), format, args);
	va_end(args);
	r->failed = true;
	return (struct value){ 0 };
}

static void skip_space(struct reader *r)
{
	while (isspace((unsigned char)*r->at))
		r->at++;
}

/* ---- registers ---------------------------------------------------------- */

/* The words of the PSW come first, in their order. */
const char *const special_names[SPECIALS + 1] = {
	"pc", "status", "base", "bound", "timer", "clock", "trapped", "cause", "tval", NULL,
};

int register_number(const char *name)
{
	char *end;
	if (strcmp(name, "fp") == 0)
		return 8;
	for (int x = 0; x < 32; x++)
		if (strcmp(name, isa_register_names[x]) == 0)
			return x;
	if (name[0] != 'x' || !isdigit((unsigned char)name[1]))
		return -1;
	unsigned long x = strtoul(name + 1, &end, 10);
	return *end == '\0' && x < 32 ? (int)x : -1;
}

static uint32_t cell(const struct reader *r, uint32_t address)
{
	uint32_t word = 0;
	session_read(r->inspector->session, r->level, address, true, &word, sizeof(word));
	return word;
}

static bool special(const struct reader *r, const char *name, const struct level_state *state, struct value *value)
{
	const uint64_t values[SPECIALS] = {
		state->psw.pc, state->psw.status, state->psw.base, state->psw.bound, state->psw.timer, state->clock,
		state->trapped, cell(r, CELL_CAUSE), cell(r, CELL_TVAL),
	};
	for (int i = 0; i < SPECIALS; i++) {
		if (strcmp(name, special_names[i]) == 0) {
			*value = (struct value){ values[i], .wide = values[i] > UINT32_MAX };
			return true;
		}
	}
	return false;
}

static bool register_value(const struct reader *r, const char *name, struct value *value)
{
	struct level_state state;
	int x = register_number(name);
	session_state(r->inspector->session, r->level, &state);
	if (x < 0)
		return special(r, name, &state, value);
	*value = (struct value){ .n = state.x[x] };
	return true;
}

/* ---- primaries ---------------------------------------------------------- */

static struct value number(struct reader *r)
{
	char *end;
	int base = r->at[0] == '0' && (r->at[1] | 0x20) == 'x' ? 16 : 10;
	uint64_t n = strtoull(r->at, &end, base);
	if (isalnum((unsigned char)*end) || end == r->at)
		return fail(r, "'%.40s' is no number: numbers are decimal, or hexadecimal after 0x", r->at);
	r->at = end;
	return (struct value){ n, .wide = n > UINT32_MAX };
}

/* The length of FILE: before a line's number at text; 0: it is something else. */
static size_t file_length(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-");
	return text[n] == ':' && isdigit((unsigned char)text[n + 1]) ? n + 1 : 0;
}

static struct value source_line(struct reader *r, size_t length)
{
	char file[256];
	const struct symbols *symbols = inspector_symbols(r->inspector, r->level);
	uint32_t address;
	snprintf(file, sizeof(file), "%.*s", (int)length - 1, r->at);
	if (length == 1) {
		struct source_line here = inspector_line(r->inspector, r->level);
		snprintf(file, sizeof(file), "%s", here.file ? here.file : "");
	}
	r->at += length;
	unsigned line = (unsigned)strtoul(r->at, (char **)&r->at, 10);
	if (!symbols_line_address(symbols, file, line, &address))
		return fail(r, "no code for line %u of '%s' at level %u", line, file, r->level);
	return (struct value){ address, .real = true };
}

static bool read_name(struct reader *r, char *name, size_t n)
{
	size_t length = strspn(r->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$");
	snprintf(name, n, "%.*s", (int)(length < n ? length : n - 1), r->at);
	r->at += length;
	return length > 0;
}

static struct value register_named(struct reader *r)
{
	char name[32];
	struct value value;
	r->at++;
	if (!read_name(r, name, sizeof(name)) || !register_value(r, name, &value))
		return fail(r, "no register '$%s': there are $x0 to $x31, $ra, $sp, $a0 and so on, $pc, $status, $base, "
		            "$bound, $timer, $clock, $trapped, $cause, $tval", name);
	return value;
}

static struct value symbol_named(struct reader *r)
{
	char name[256];
	struct value value;
	uint32_t address;
	if (!read_name(r, name, sizeof(name)))
		return *r->at ? fail(r, "'%.20s': a number, symbol, FILE:LINE, $register or *ADDRESS belongs here", r->at)
		              : fail(r, "the expression ends too soon");
	if (symbols_address(inspector_symbols(r->inspector, r->level), name, &address))
		return (struct value){ address, .real = true };
	if (register_value(r, name, &value))
		return value;
	return fail(r, "no symbol '%s' at level %u: 'symbols' lists those there are", name, r->level);
}

static struct value expression(struct reader *r, int least);

static struct value word_at(struct reader *r, struct value address)
{
	uint32_t word = 0;
	if (!r->failed && !session_read(r->inspector->session, r->level, (uint32_t)address.n, address.real, &word, sizeof(word)))
		return fail(r, "no storage at 0x%08x of level %u: 'translate' says who refuses", (unsigned)address.n, r->level);
	return (struct value){ .n = word };
}

static struct value parenthesis(struct reader *r)
{
	r->at++;
	struct value value = expression(r, 0);
	skip_space(r);
	if (!r->failed && *r->at != ')')
		return fail(r, "a ')' is missing before '%.20s'", r->at);
	r->at += *r->at == ')';
	return value;
}

static struct value narrow(struct value v)
{
	v.n = v.wide ? v.n : (uint32_t)v.n;
	return v;
}

static struct value primary(struct reader *r)
{
	skip_space(r);
	if (file_length(r->at) > 0)
		return source_line(r, file_length(r->at));
	if (isdigit((unsigned char)*r->at))
		return number(r);
	return *r->at == '$' ? register_named(r) : symbol_named(r);
}

static struct value unary(struct reader *r)
{
	skip_space(r);
	char operator = *r->at;
	if (r->depth >= DEPTH_MOST)
		return fail(r, "the expression is nested too deep");
	if (operator == '\0' || !strchr("-~!*(", operator))
		return primary(r);
	r->depth++;
	r->at += operator != '(';
	struct value v = operator == '(' ? parenthesis(r) : unary(r);
	r->depth--;
	switch (operator) {
	case '-': return narrow((struct value){ -v.n, v.wide, false });
	case '~': return narrow((struct value){ ~v.n, v.wide, false });
	case '!': return (struct value){ .n = v.n == 0 };
	case '*': return word_at(r, v);
	default:  return v;
	}
}

/* ---- operators ---------------------------------------------------------- */

enum operation { OR, AND, BIT_OR, BIT_XOR, BIT_AND, SAME, DIFFERENT, AT_MOST, AT_LEAST, LEFT, RIGHT, LESS, MORE, PLUS, MINUS,
	         TIMES, OVER, MODULO, OPERATIONS };

/* As in C.  Those that begin another come after it. */
static const struct {
	const char *text;
	int binds;
} operators[OPERATIONS] = {
	[OR] = { "||", 1 }, [AND] = { "&&", 2 }, [BIT_OR] = { "|", 3 }, [BIT_XOR] = { "^", 4 }, [BIT_AND] = { "&", 5 },
	[SAME] = { "==", 6 }, [DIFFERENT] = { "!=", 6 }, [AT_MOST] = { "<=", 7 }, [AT_LEAST] = { ">=", 7 },
	[LEFT] = { "<<", 8 }, [RIGHT] = { ">>", 8 }, [LESS] = { "<", 7 }, [MORE] = { ">", 7 },
	[PLUS] = { "+", 9 }, [MINUS] = { "-", 9 }, [TIMES] = { "*", 10 }, [OVER] = { "/", 10 }, [MODULO] = { "%", 10 },
};

static enum operation operator_at(const char *text)
{
	int i = 0;
	while (i < OPERATIONS && strncmp(text, operators[i].text, strlen(operators[i].text)) != 0)
		i++;
	return (enum operation)i;
}

static uint64_t apply(enum operation operation, uint64_t a, uint64_t b)
{
	switch (operation) {
	case OR:        return a || b;
	case AND:       return a && b;
	case BIT_OR:    return a | b;
	case BIT_XOR:   return a ^ b;
	case BIT_AND:   return a & b;
	case SAME:      return a == b;
	case DIFFERENT: return a != b;
	case AT_MOST:   return a <= b;
	case AT_LEAST:  return a >= b;
	case LEFT:      return b < 64 ? a << b : 0;
	case RIGHT:     return b < 64 ? a >> b : 0;
	case LESS:      return a < b;
	case MORE:      return a > b;
	case PLUS:      return a + b;
	case MINUS:     return a - b;
	case TIMES:     return a * b;
	case OVER:      return b ? a / b : 0;
	default:        return b ? a % b : 0;
	}
}

/* Operators that bind at least so much. */
static struct value expression(struct reader *r, int least)
{
	struct value left = unary(r);
	while (!r->failed) {
		skip_space(r);
		enum operation operation = operator_at(r->at);
		if (operation == OPERATIONS || operators[operation].binds < least)
			break;
		r->at += strlen(operators[operation].text);
		struct value right = expression(r, operators[operation].binds + 1);
		if (!r->failed && right.n == 0 && (operation == OVER || operation == MODULO))
			return fail(r, "division by 0");
		if (!r->failed)
			left = narrow((struct value){ apply(operation, left.n, right.n), left.wide || right.wide,
			                              (operation == PLUS || operation == MINUS) && left.real != right.real });
	}
	return left;
}

/* ---- for the commands --------------------------------------------------- */

static bool evaluate(const struct inspector *inspector, unsigned level, const char *text, struct value *value,
                     struct refusal *why)
{
	struct reader r = { .inspector = inspector, .level = level, .at = text, .why = why };
	*value = expression(&r, 0);
	skip_space(&r);
	if (!r.failed && *r.at)
		fail(&r, "'%.40s' is left over: an operator or the end belongs there", r.at);
	return !r.failed;
}

bool command_evaluate(const struct inspector *inspector, unsigned level, const char *text, uint64_t *value,
                      struct refusal *why)
{
	struct value v;
	if (!evaluate(inspector, level, text, &v, why))
		return false;
	*value = v.n;
	return true;
}

bool command_address(const struct inspector *inspector, const char *text, struct place_at *place, struct refusal *why)
{
	struct value v;
	text += strspn(text, " \t");
	bool past = *text == '@';
	if (!evaluate(inspector, inspector->level, text + past, &v, why))
		return false;
	*place = (struct place_at){ (uint32_t)v.n, past || v.real };
	return true;
}
