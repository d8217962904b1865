/* From source to P-code in one pass, by recursive descent: a function for each rule of the
 * grammar, which stands above it.  Called by main.c; reads the input up to the last 'end.'.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "scanner.h"

const char *const op_names[OPS] = {
#define OP(name, effect) #name,
#include "pcode.def"
};

enum { SYMBOLS = 256, TYPES = 48, PARAMETERS = 8, LEVELS = 8, CASES = 64, LABELS = 256, NESTED = 256 };

/* ---- types and symbols --------------------------------------------------- */

enum kind { INTEGER, BOOLEAN, CHAR, STRING, ARRAY };

struct type {
	enum kind kind;
	int32_t low, high; /* of an array; high: a string's room */
	int element;
	int32_t words;
};

enum { TYPE_INTEGER, TYPE_BOOLEAN, TYPE_CHAR, TYPE_STRING, TYPES_GIVEN };

static struct type types[TYPES] = {
	{ INTEGER, 0, 0, 0, 1 }, { BOOLEAN, 0, 0, 0, 1 }, { CHAR, 0, 0, 0, 1 }, { STRING, 0, STRING_MOST, TYPE_CHAR, STRING_MOST + 1 },
};
static int type_count = TYPES_GIVEN;

enum symbol_kind { CONSTANT, TYPE, VARIABLE, REFERENCE, FIXED, PROCEDURE, FUNCTION, STANDARD };

struct symbol {
	char name[NAME_MOST + 1];
	enum symbol_kind kind; /* REFERENCE: a var parameter; FIXED: an array or string that is not to be changed */
	int type;
	unsigned level;
	int32_t value;         /* of a constant; a variable's place; where a procedure begins; which standard */
	int parameters;
	struct { int type; enum symbol_kind kind; char name[NAME_MOST + 1]; } parameter[PARAMETERS];
	bool forward;          /* its block comes later: where it begins there is a jump to that */
};

enum standard { WRITE, WRITELN, READ, READLN, S_ODD, S_ORD, S_CHR, S_LENGTH, S_ABS, S_SQR, S_SUCC, S_PRED, S_EOF };

static struct symbol symbols[SYMBOLS];
static int symbol_count;
static unsigned level;
static int nested;     /* expressions and statements inside each other */
static int32_t locals; /* the next free place in the frame being laid out */

static bool is_simple(int type) { return types[type].kind <= CHAR; }

static struct symbol *declare(const char *name, enum symbol_kind kind, int type, int32_t value)
{
	for (int i = symbol_count - 1; i >= 0 && symbols[i].level == level; i--)
		if (strcmp(symbols[i].name, name) == 0)
			error("%s is declared twice", name);
	if (symbol_count == SYMBOLS)
		error("too many names");
	struct symbol *symbol = &symbols[symbol_count++];
	*symbol = (struct symbol){ .kind = kind, .type = type, .level = level, .value = value };
	strcpy(symbol->name, name);
	return symbol;
}

/* Names of Jensen and Wirth's Pascal that whoever learnt it there may look for. */
static bool is_left_out(const char *name)
{
	static const char *const left_out[] = { "dispose", "file", "goto", "label", "new", "nil", "packed", "page", "real",
	                                       "record", "round", "set", "text", "trunc", "with" };
	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		if (strcmp(left_out[i], name) == 0)
			return true;
	return false;
}

static struct symbol *find(const char *name)
{
	for (int i = symbol_count - 1; i >= 0; i--)
		if (strcmp(symbols[i].name, name) == 0)
			return &symbols[i];
	error(is_left_out(name) ? "%s is Pascal's, but not of this small one" : "%s is not declared", name);
}

static void declare_given(void)
{
	static const char *const standard[] = { "write", "writeln", "read", "readln", "odd", "ord", "chr", "length", "abs",
	                                       "sqr", "succ", "pred", "eof" };
	declare("integer", TYPE, TYPE_INTEGER, 0);
	declare("boolean", TYPE, TYPE_BOOLEAN, 0);
	declare("char", TYPE, TYPE_CHAR, 0);
	declare("string", TYPE, TYPE_STRING, 0);
	declare("false", CONSTANT, TYPE_BOOLEAN, 0);
	declare("true", CONSTANT, TYPE_BOOLEAN, 1);
	declare("maxint", CONSTANT, TYPE_INTEGER, INT32_MAX);
	for (size_t i = 0; i < sizeof(standard) / sizeof(standard[0]); i++)
		declare(standard[i], STANDARD, 0, (int32_t)i);
}

/* ---- code ---------------------------------------------------------------- */

static int32_t emit(enum op op, unsigned out, int32_t argument)
{
	struct program *p = s.program;
	if (p->length == CODE_MOST)
		error("the program is too long");
	p->code[p->length] = (struct instruction){ (uint8_t)op, (uint8_t)out, (uint16_t)s.token_line, argument };
	return p->length++;
}

static int32_t here(void) { return s.program->length; }

static void patch(int32_t jump) { s.program->code[jump].argument = here(); }

static int32_t keep_text(const char *text)
{
	struct program *p = s.program;
	int32_t at = p->texts_used, n = (int32_t)strlen(text);
	if (at + n + 1 > TEXT_MOST)
		error("too many texts");
	p->texts[at] = n;
	for (int32_t i = 0; i < n; i++)
		p->texts[at + 1 + i] = (unsigned char)text[i];
	p->texts_used += n + 1;
	return at;
}

/* ---- expressions --------------------------------------------------------- */

static int expression(void);

static void must_be(int is, int should, const char *what)
{
	if (types[is].kind != types[should].kind)
		error("%s", what);
}

/* A character just pushed as a literal is a string of one where a string must be. */
static int as_string(int type)
{
	struct instruction *last = &s.program->code[here() - 1];
	if (types[type].kind == CHAR && last->op == OP_LIT) {
		const char text[] = { (char)last->argument, '\0' };
		last->argument = keep_text(text);
		return TYPE_STRING;
	}
	return type;
}

/* selectors = { "[" expression { "," expression } "]" }; the address is on the stack. */
static int selectors(int type)
{
	if (s.token != '[')
		return type;
	do {
		next();
		if (types[type].kind != ARRAY && types[type].kind != STRING)
			error("this has no elements");
		must_be(expression(), TYPE_INTEGER, "an index must be an integer");
		if (types[type].kind == STRING) {
			emit(OP_CHR, 0, 0);
		} else {
			emit(OP_LIT, 0, types[type].low);
			emit(OP_SUB, 0, 0);
			emit(OP_IXA, 0, types[type].high - types[type].low + 1);
			emit(OP_IXS, 0, types[types[type].element].words);
		}
		type = types[type].element;
	} while (s.token == ',');
	expect(']', "']'");
	return s.token == '[' ? selectors(type) : type;
}

/* The address of a variable, or of a part of it. */
static int variable(const struct symbol *symbol)
{
	emit(OP_LDA, level - symbol->level, symbol->value);
	if (symbol->kind != VARIABLE)
		emit(OP_LDI, 0, 0);
	return selectors(symbol->type);
}

/* arguments = [ "(" argument { "," argument } ")" ] */
static void arguments(const struct symbol *symbol)
{
	for (int i = 0; i < symbol->parameters; i++) {
		expect(i == 0 ? '(' : ',', i == 0 ? "'('" : "an argument");
		int should = symbol->parameter[i].type, is;
		if (symbol->parameter[i].kind == REFERENCE) {
			struct symbol *given = s.token == T_NAME ? find(s.text) : NULL;
			if (!given || (given->kind != VARIABLE && given->kind != REFERENCE))
				error("a var parameter must be given a variable");
			next();
			is = variable(given);
		} else {
			is = expression();
			if (types[should].kind == STRING)
				is = as_string(is);
		}
		bool same = types[should].kind == ARRAY || symbol->parameter[i].kind == REFERENCE ? is == should
		                                                                                 : types[is].kind == types[should].kind;
		if (!same)
			error("the argument is of another type than the parameter");
	}
	if (symbol->parameters > 0)
		expect(')', "')'");
}

static void call(const struct symbol *symbol)
{
	emit(OP_MST, level - symbol->level, 0);
	arguments(symbol);
	emit(OP_CUP, (unsigned)symbol->parameters, symbol->value);
}

static void negate_if_negative(void)
{
	emit(OP_DUP, 0, 0);
	emit(OP_LIT, 0, 0);
	emit(OP_LSS, 0, 0);
	int32_t no = emit(OP_JPC, 0, 0);
	emit(OP_NEG, 0, 0);
	patch(no);
}

/* Characters go from 0 to 255, booleans to 1; a literal that does needs no look when it runs. */
static void stay_within(int type)
{
	int32_t most = types[type].kind == CHAR ? 255 : 1;
	const struct instruction *last = &s.program->code[here() - 1];
	if (types[type].kind != INTEGER && (last->op != OP_LIT || last->argument < 0 || last->argument > most))
		emit(OP_RNG, 0, most);
}

/* Of the value on the stack, which is of a type that it may have. */
static int apply(enum standard which, int type)
{
	switch (which) {
	case S_ODD:    emit(OP_ODD, 0, 0); return TYPE_BOOLEAN;
	case S_CHR:    stay_within(TYPE_CHAR); return TYPE_CHAR;
	case S_LENGTH: emit(OP_LDI, 0, 0); return TYPE_INTEGER;
	case S_ABS:    negate_if_negative(); return TYPE_INTEGER;
	case S_SQR:    emit(OP_DUP, 0, 0); emit(OP_MUL, 0, 0); return TYPE_INTEGER;
	case S_SUCC: case S_PRED:
		emit(OP_LIT, 0, 1);
		emit(which == S_SUCC ? OP_ADD : OP_SUB, 0, 0);
		stay_within(type);
		return type;
	default:       return TYPE_INTEGER;
	}
}

static int standard_function(enum standard which)
{
	if (which < S_ODD)
		error("this gives no value");
	if (which == S_EOF) {
		emit(OP_EOF_, 0, 0);
		return TYPE_BOOLEAN;
	}
	expect('(', "'('");
	int type = expression();
	bool any = which == S_ORD || which == S_SUCC || which == S_PRED;
	if (which == S_LENGTH)
		must_be(as_string(type), TYPE_STRING, "length is of a string");
	else if (any ? !is_simple(type) : types[type].kind != INTEGER)
		error("this function is not of that type");
	type = apply(which, type);
	expect(')', "')'");
	return type;
}

static int name_value(void)
{
	struct symbol *symbol = find(s.text);
	next();
	switch (symbol->kind) {
	case CONSTANT:
		emit(OP_LIT, 0, symbol->value);
		return symbol->type;
	case FUNCTION:
		call(symbol);
		return symbol->type;
	case STANDARD:
		return standard_function((enum standard)symbol->value);
	case VARIABLE: case REFERENCE: case FIXED: {
		int type = variable(symbol);
		if (is_simple(type))
			emit(OP_LDI, 0, 0);
		return type;
	}
	default:
		error("%s has no value", symbol->name);
	}
}

/* Each pair of these is a few frames of our own stack. */
static void go_in(void)
{
	if (++nested > NESTED)
		error("nested too deep");
}

static void go_out(void) { nested--; }

static int factor(void);

/* factor = number | text | name | "(" expression ")" | "not" factor */
static int factor_inside(void)
{
	int type;
	switch (s.token) {
	case T_NUMBER:
		emit(OP_LIT, 0, s.number);
		next();
		return TYPE_INTEGER;
	case T_TEXT:
		type = strlen(s.text) == 1 ? TYPE_CHAR : TYPE_STRING;
		emit(OP_LIT, 0, type == TYPE_CHAR ? (unsigned char)s.text[0] : keep_text(s.text));
		next();
		return type;
	case T_NAME:
		return name_value();
	case '(':
		next();
		type = expression();
		expect(')', "')'");
		return type;
	case T_NOT:
		next();
		must_be(factor(), TYPE_BOOLEAN, "'not' is of a boolean");
		emit(OP_NOT, 0, 0);
		return TYPE_BOOLEAN;
	default:
		error("a value is missing here");
	}
}

static int factor(void)
{
	go_in();
	int type = factor_inside();
	go_out();
	return type;
}

static int operation(int left, int right, enum op op, int type)
{
	must_be(left, type, "this operator is not of that type");
	must_be(right, type, "the two sides are not of one type");
	emit(op, 0, 0);
	return type;
}

/* term = factor { ("*" | "div" | "mod" | "and") factor } */
static int term(void)
{
	int type = factor();
	for (;;) {
		int token = s.token;
		if (token != '*' && token != T_DIV && token != T_MOD && token != T_AND)
			return type;
		next();
		enum op op = token == '*' ? OP_MUL : token == T_DIV ? OP_DIV : token == T_MOD ? OP_MOD : OP_AND;
		type = operation(type, factor(), op, token == T_AND ? TYPE_BOOLEAN : TYPE_INTEGER);
	}
}

/* sum = [ "+" | "-" ] term { ("+" | "-" | "or") term } */
static int sum(void)
{
	bool negated = s.token == '-';
	if (negated || s.token == '+')
		next();
	int type = term();
	if (negated) {
		must_be(type, TYPE_INTEGER, "'-' is of an integer");
		emit(OP_NEG, 0, 0);
	}
	for (;;) {
		int token = s.token;
		if (token != '+' && token != '-' && token != T_OR)
			return type;
		next();
		enum op op = token == '+' ? OP_ADD : token == '-' ? OP_SUB : OP_OR;
		type = operation(type, term(), op, token == T_OR ? TYPE_BOOLEAN : TYPE_INTEGER);
	}
}

static bool relation(enum op *op)
{
	switch (s.token) {
	case '=':   *op = OP_EQL; return true;
	case T_NEQ: *op = OP_NEQ; return true;
	case '<':   *op = OP_LSS; return true;
	case T_LEQ: *op = OP_LEQ; return true;
	case '>':   *op = OP_GTR; return true;
	case T_GEQ: *op = OP_GEQ; return true;
	default:    return false;
	}
}

/* expression = sum [ ("=" | "<>" | "<" | "<=" | ">" | ">=") sum ] */
static int expression(void)
{
	enum op op;
	int left = sum();
	if (!relation(&op))
		return left;
	next();
	int right = sum();
	if (types[left].kind == STRING) {
		must_be(as_string(right), TYPE_STRING, "the two sides are not of one type");
		emit(OP_CMP, 0, 0);
		emit(OP_LIT, 0, 0);
	} else if (!is_simple(left) || types[left].kind != types[right].kind) {
		error("these two cannot be compared");
	}
	emit(op, 0, 0);
	return TYPE_BOOLEAN;
}

/* ---- statements ---------------------------------------------------------- */

static void statement(void);

static void condition(void) { must_be(expression(), TYPE_BOOLEAN, "a condition must be a boolean"); }

/* What is on the stack, value or address, goes to the address below it. */
static void store(int to, int from)
{
	if (types[to].kind == STRING) {
		must_be(as_string(from), TYPE_STRING, "the value is of another type than the variable");
		emit(OP_STR, 0, types[to].high);
	} else if (types[to].kind == ARRAY ? to != from : types[to].kind != types[from].kind) {
		error("the value is of another type than the variable");
	} else {
		emit(types[to].kind == ARRAY ? OP_MOV : OP_STI, 0, types[to].words);
	}
}

/* Within a function, its name stands for its result. */
static int result_of(const struct symbol *function)
{
	if (level != function->level + 1)
		error("a result can only be given in the function itself");
	emit(OP_LDA, 0, FRAME_RESULT);
	return function->type;
}

static void assignment(const struct symbol *symbol)
{
	if (symbol->kind == FIXED)
		error("%s is a value parameter that cannot be changed: make it a var parameter", symbol->name);
	int to = symbol->kind == FUNCTION ? result_of(symbol) : variable(symbol);
	expect(T_ASSIGN, "':='");
	store(to, expression());
}

/* A boolean on the stack becomes its name. */
static void name_boolean(void)
{
	int32_t no = emit(OP_JPC, 0, 0);
	emit(OP_LIT, 0, keep_text("true"));
	int32_t end = emit(OP_JMP, 0, 0);
	patch(no);
	emit(OP_LIT, 0, keep_text("false"));
	patch(end);
}

/* one = expression [ ":" width ] */
static void write_one(void)
{
	enum kind kind = types[expression()].kind;
	if (kind == ARRAY)
		error("an array cannot be written");
	if (kind == BOOLEAN)
		name_boolean();
	if (accept(':'))
		must_be(expression(), TYPE_INTEGER, "a width must be an integer");
	else
		emit(OP_LIT, 0, 0);
	emit(kind == INTEGER ? OP_WRI : kind == CHAR ? OP_WRC : OP_WRS, 0, 0);
}

static void read_one(void)
{
	struct symbol *symbol = s.token == T_NAME ? find(s.text) : NULL;
	if (!symbol || (symbol->kind != VARIABLE && symbol->kind != REFERENCE))
		error("a variable to read is missing here");
	next();
	int type = variable(symbol);
	if (types[type].kind == STRING) {
		emit(OP_RDS, 0, types[type].high);
	} else if (types[type].kind == INTEGER || types[type].kind == CHAR) {
		emit(types[type].kind == CHAR ? OP_RDC : OP_RDI, 0, 0);
		emit(OP_STI, 0, 1);
	} else {
		error("only integers, characters and strings can be read");
	}
}

/* write, writeln, read, readln [ "(" one { "," one } ")" ].  A string's line is read whole. */
static void input_output(enum standard which)
{
	bool writes = which == WRITE || which == WRITELN, whole = false;
	if (which > READLN)
		error("this is a function: it gives a value");
	if (accept('(')) {
		do {
			if (writes) {
				write_one();
			} else {
				read_one();
				whole = s.program->code[here() - 1].op == OP_RDS;
			}
		} while (accept(','));
		expect(')', "')'");
	}
	if (which == WRITELN)
		emit(OP_WRL, 0, 0);
	else if (which == READLN && !whole)
		emit(OP_RDL, 0, 0);
}

static void name_statement(void)
{
	struct symbol *symbol = find(s.text);
	next();
	if (symbol->kind == STANDARD)
		input_output((enum standard)symbol->value);
	else if (symbol->kind == PROCEDURE)
		call(symbol);
	else if (symbol->kind == CONSTANT || symbol->kind == TYPE)
		error("%s is no variable", symbol->name);
	else
		assignment(symbol);
}

static void if_statement(void)
{
	condition();
	expect(T_THEN, "'then'");
	int32_t no = emit(OP_JPC, 0, 0);
	statement();
	if (accept(T_ELSE)) {
		int32_t end = emit(OP_JMP, 0, 0);
		patch(no);
		statement();
		patch(end);
	} else {
		patch(no);
	}
}

static void while_statement(void)
{
	int32_t start = here();
	condition();
	expect(T_DO, "'do'");
	int32_t end = emit(OP_JPC, 0, 0);
	statement();
	emit(OP_JMP, 0, start);
	patch(end);
}

/* statements = statement { ";" statement } */
static void statements(void)
{
	do
		statement();
	while (accept(';'));
}

static void repeat_statement(void)
{
	int32_t start = here();
	statements();
	expect(T_UNTIL, "'until'");
	condition();
	emit(OP_JPC, 0, start);
}

static void push_local(int32_t place)
{
	emit(OP_LDA, 0, place);
	emit(OP_LDI, 0, 0);
}

/* A jump, to be patched, if one local does not stand so to another. */
static int32_t unless(int32_t local, enum op op, int32_t other)
{
	push_local(local);
	push_local(other);
	emit(op, 0, 0);
	return emit(OP_JPC, 0, 0);
}

/* The last value is kept in a place of its own: it is found once, before the first round.  Behind it
 * the variable does not go, since maxint has no successor. */
static void for_statement(void)
{
	struct symbol *symbol = s.token == T_NAME ? find(s.text) : NULL;
	if (!symbol || symbol->kind != VARIABLE || !is_simple(symbol->type) || symbol->level != level)
		error("'for' needs a simple variable of this block");
	next();
	expect(T_ASSIGN, "':='");
	int32_t last = locals++;
	emit(OP_LDA, 0, symbol->value);
	store(symbol->type, expression());
	bool down = s.token == T_DOWNTO;
	if (!down && s.token != T_TO)
		error("'to' or 'downto' is missing here");
	next();
	emit(OP_LDA, 0, last);
	store(symbol->type, expression());
	expect(T_DO, "'do'");
	int32_t none = unless(symbol->value, down ? OP_GEQ : OP_LEQ, last);
	int32_t start = here();
	statement();
	int32_t end = unless(symbol->value, OP_NEQ, last);
	emit(OP_LDA, 0, symbol->value);
	push_local(symbol->value);
	emit(OP_LIT, 0, down ? -1 : 1);
	emit(OP_ADD, 0, 0);
	emit(OP_STI, 0, 1);
	emit(OP_JMP, 0, start);
	patch(none);
	patch(end);
}

static int constant(int32_t *value);

/* What the labels of a 'case' stand for so far. */
struct seen {
	struct { int32_t low, high; } range[LABELS];
	int n;
};

static void note_labels(struct seen *seen, int32_t low, int32_t high)
{
	for (int i = 0; i < seen->n; i++)
		if (low <= seen->range[i].high && seen->range[i].low <= high)
			error("a label that is there twice");
	if (seen->n == LABELS)
		error("too many labels");
	seen->range[seen->n].low = low;
	seen->range[seen->n++].high = high;
}

/* labels = constant [ ".." constant ] { "," ... }: leaves whether the local is one of them. */
static void labels(struct seen *seen, int32_t local, int type)
{
	bool first = true;
	do {
		int32_t low, high;
		must_be(constant(&low), type, "the label is of another type than what it stands for");
		push_local(local);
		emit(OP_LIT, 0, low);
		if (accept(T_UP_TO)) {
			must_be(constant(&high), type, "the label is of another type than what it stands for");
			emit(OP_GEQ, 0, 0);
			push_local(local);
			emit(OP_LIT, 0, high);
			emit(OP_LEQ, 0, 0);
			emit(OP_AND, 0, 0);
		} else {
			high = low;
			emit(OP_EQL, 0, 0);
		}
		note_labels(seen, low, high);
		if (!first)
			emit(OP_OR, 0, 0);
		first = false;
	} while (accept(','));
}

/* "case" expression "of" { labels ":" statement ";" } [ "else" statements ] "end".  Where nothing fits,
 * nothing is done, as in UCSD's Pascal. */
static void case_statement(void)
{
	int32_t local = locals++, ends[CASES];
	struct seen seen = { .n = 0 };
	int n = 0;
	emit(OP_LDA, 0, local);
	int type = expression();
	if (!is_simple(type))
		error("'case' needs an integer, a boolean or a character");
	emit(OP_STI, 0, 1);
	expect(T_OF, "'of'");
	do {
		if (s.token == T_ELSE || s.token == T_END)
			break;
		labels(&seen, local, type);
		expect(':', "':'");
		int32_t no = emit(OP_JPC, 0, 0);
		statement();
		if (n == CASES)
			error("too many cases");
		ends[n++] = emit(OP_JMP, 0, 0);
		patch(no);
	} while (accept(';'));
	if (accept(T_ELSE))
		statements();
	expect(T_END, "';' or 'end'");
	while (n > 0)
		patch(ends[--n]);
}

/* statement = nothing | name ... | "begin" statements "end" | "if" | "while" | "repeat" | "for" | "case" */
static void statement(void)
{
	go_in();
	switch (s.token) {
	case T_NAME: name_statement(); break;
	case T_BEGIN: next(); statements(); expect(T_END, "';' or 'end'"); break;
	case T_IF: next(); if_statement(); break;
	case T_WHILE: next(); while_statement(); break;
	case T_REPEAT: next(); repeat_statement(); break;
	case T_FOR: next(); for_statement(); break;
	case T_CASE: next(); case_statement(); break;
	default: break;
	}
	go_out();
}

/* ---- declarations -------------------------------------------------------- */

static void name(char to[NAME_MOST + 1])
{
	if (s.token != T_NAME)
		error("a name is missing here");
	strcpy(to, s.text);
	next();
}

/* constant = [ "-" ] number | text | name */
static int constant(int32_t *value)
{
	bool negated = accept('-');
	int type = TYPE_INTEGER;
	if (s.token == T_NUMBER) {
		*value = s.number;
	} else if (s.token == T_TEXT && strlen(s.text) == 1) {
		*value = (unsigned char)s.text[0];
		type = TYPE_CHAR;
	} else if (s.token == T_TEXT) {
		*value = keep_text(s.text);
		type = TYPE_STRING;
	} else if (s.token == T_NAME && find(s.text)->kind == CONSTANT) {
		*value = find(s.text)->value;
		type = find(s.text)->type;
	} else {
		error("a constant is missing here");
	}
	if (negated && type != TYPE_INTEGER)
		error("'-' is of an integer");
	*value = negated ? -*value : *value;
	next();
	return type;
}

static int new_type(struct type type)
{
	if (type_count == TYPES)
		error("too many types");
	types[type_count] = type;
	return type_count++;
}

/* type = name | "string" "[" constant "]" | "array" "[" constant ".." constant { "," ... } "]" "of" type */
static int type(void)
{
	int32_t low, high;
	if (s.token == T_NAME) {
		struct symbol *symbol = find(s.text);
		if (symbol->kind != TYPE)
			error("%s is no type", symbol->name);
		next();
		if (symbol->type != TYPE_STRING || !accept('['))
			return symbol->type;
		if (constant(&high) != TYPE_INTEGER || high < 1 || high > STRING_MOST)
			error("a string has 1 to %d characters", STRING_MOST);
		expect(']', "']'");
		return new_type((struct type){ STRING, 0, high, TYPE_CHAR, high + 1 });
	}
	if (s.token != T_ARRAY && s.token != ',')
		error("a type is missing here");
	if (accept(T_ARRAY))
		expect('[', "'['");
	else
		next();
	if (constant(&low) != TYPE_INTEGER)
		error("bounds are integers");
	expect(T_UP_TO, "'..'");
	if (constant(&high) != TYPE_INTEGER || high < low)
		error("the upper bound must be an integer, not below the lower one");
	int element = TYPE_INTEGER;
	if (s.token == ',') {
		element = type();
	} else {
		expect(']', "']'");
		expect(T_OF, "'of'");
		element = type();
	}
	int64_t all = ((int64_t)high - low + 1) * types[element].words;
	if (all > STACK_MOST)
		error("the array is too large");
	return new_type((struct type){ ARRAY, low, high, element, (int32_t)all });
}

static void constants(void)
{
	char named[NAME_MOST + 1];
	int32_t value;
	do {
		name(named);
		expect('=', "'='");
		int of = constant(&value);
		declare(named, CONSTANT, of, value);
		expect(';', "';'");
	} while (s.token == T_NAME);
}

static void type_declarations(void)
{
	char named[NAME_MOST + 1];
	do {
		name(named);
		expect('=', "'='");
		declare(named, TYPE, type(), 0);
		expect(';', "';'");
	} while (s.token == T_NAME);
}

/* names = name { "," name } ":" type.  All of them are declared so; the first one's index. */
static int names(enum symbol_kind kind)
{
	char named[NAME_MOST + 1];
	int first = symbol_count;
	do {
		name(named);
		declare(named, kind, 0, 0);
	} while (accept(','));
	expect(':', "':'");
	int of = type();
	for (int i = first; i < symbol_count; i++)
		symbols[i].type = of;
	return first;
}

static void variables(void)
{
	do {
		for (int i = names(VARIABLE); i < symbol_count; i++) {
			symbols[i].value = locals;
			locals += types[symbols[i].type].words;
		}
		if (locals > STACK_MOST)
			error("too many variables");
		expect(';', "';'");
	} while (s.token == T_NAME);
}

/* An array or a string as a value is passed by its address, and not to be changed. */
static void parameter_group(struct symbol *procedure)
{
	bool by_reference = accept(T_VAR);
	for (int i = names(by_reference ? REFERENCE : VARIABLE); i < symbol_count; i++) {
		if (procedure->parameters == PARAMETERS)
			error("too many parameters");
		if (!by_reference && !is_simple(symbols[i].type))
			symbols[i].kind = FIXED;
		symbols[i].value = locals++;
		strcpy(procedure->parameter[procedure->parameters].name, symbols[i].name);
		procedure->parameter[procedure->parameters].type = symbols[i].type;
		procedure->parameter[procedure->parameters++].kind = symbols[i].kind;
	}
}

static void block(const struct symbol *of);

static struct symbol *find_forward(const char *named, enum symbol_kind kind)
{
	for (int i = symbol_count - 1; i >= 0 && symbols[i].level == level; i--)
		if (symbols[i].forward && symbols[i].kind == kind && strcmp(symbols[i].name, named) == 0)
			return &symbols[i];
	return NULL;
}

/* [ "(" parameters ")" ] [ ":" type ] */
static void heading(struct symbol *symbol)
{
	if (accept('(')) {
		do
			parameter_group(symbol);
		while (accept(';'));
		expect(')', "')'");
	}
	if (symbol->kind == FUNCTION) {
		expect(':', "':'");
		symbol->type = type();
		if (!is_simple(symbol->type))
			error("a function's result is an integer, a boolean or a character");
	}
}

/* What its forward declaration has said. */
static void heading_again(struct symbol *symbol)
{
	symbol->forward = false;
	patch(symbol->value);
	for (int i = 0; i < symbol->parameters; i++)
		declare(symbol->parameter[i].name, symbol->parameter[i].kind, symbol->parameter[i].type, locals++);
}

static bool is_forward(void)
{
	if (s.token != T_NAME || strcmp(s.text, "forward") != 0)
		return false;
	next();
	return true;
}

/* ("procedure" | "function") name heading ";" (block | "forward") ";" */
static void procedure(void)
{
	enum symbol_kind kind = s.token == T_FUNCTION ? FUNCTION : PROCEDURE;
	char named[NAME_MOST + 1];
	int32_t outer = locals;
	next();
	name(named);
	struct symbol *before = find_forward(named, kind), *symbol = before ? before : declare(named, kind, 0, here());
	int visible = symbol_count;
	if (++level == LEVELS)
		error("nested too deep");
	locals = FRAME_WORDS;
	if (before)
		heading_again(symbol);
	else
		heading(symbol);
	expect(';', "';'");
	if (!before && is_forward()) {
		symbol->forward = true;
		emit(OP_JMP, 0, 0);
	} else {
		block(symbol);
	}
	expect(';', "';'");
	symbol_count = visible;
	level--;
	locals = outer;
}

static void check_forwards(void)
{
	for (int i = symbol_count - 1; i >= 0 && symbols[i].level == level; i--)
		if (symbols[i].forward)
			error("%s was declared forward and has no block", symbols[i].name);
}

/* block = { declarations } "begin" statements "end".  The way round the procedures inside
 * begins with a jump. */
static void block(const struct symbol *of)
{
	int32_t parameters = of ? FRAME_WORDS + of->parameters : 0;
	int32_t start = emit(OP_JMP, 0, 0);
	for (;;) {
		if (accept(T_CONST))
			constants();
		else if (accept(T_TYPE))
			type_declarations();
		else if (accept(T_VAR))
			variables();
		else if (s.token == T_PROCEDURE || s.token == T_FUNCTION)
			procedure();
		else
			break;
	}
	check_forwards();
	patch(start);
	int32_t room = emit(OP_INT, 0, 0);
	expect(T_BEGIN, "'begin'");
	statements();
	if (s.token != T_END)
		error("';' or 'end' is missing here");
	s.program->code[room].argument = locals - parameters;
	emit(!of ? OP_HLT : of->kind == FUNCTION ? OP_RTF : OP_RET, 0, 0);
	if (of)
		next();
}

/* program = "program" name [ "(" names ")" ] ";" block "." */
void compile(struct program *program)
{
	char named[NAME_MOST + 1];
	declare_given();
	level = 1;
	locals = FRAME_WORDS;
	scanner_start(program);
	expect(T_PROGRAM, "'program'");
	name(named);
	if (accept('(')) {
		do
			name(named);
		while (accept(','));
		expect(')', "')'");
	}
	expect(';', "';'");
	block(NULL);
	scanner_finish();
}

void list_code(const struct program *program)
{
	for (int32_t i = 0; i < program->length; i++) {
		const struct instruction *code = &program->code[i];
		printf("%5" PRId32 "  %-4.3s %2u %6" PRId32 "   line %u\n", i, op_names[code->op], code->level, code->argument, code->line);
	}
}
