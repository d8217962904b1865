/* A small Scheme: reads expressions from the console and prints their values.
 *
 * Integers, symbols, strings, booleans, pairs, closures; quote, if, cond, and, or,
 * define, set!, lambda, let, let*, letrec, named let, begin; proper tail calls; a
 * mark-and-sweep collector.  An error is reported and the next expression read; Ctrl-D ends.
 *
 * From the reader (read) to the evaluator (eval), the printer (write_value) and the
 * collector (collect); main is at the end.
 */
// input: "(+ 1 (* 2 3))\n"
// input: "(define (fact n) (if (= n 0) 1 (* n (fact (- n 1)))))\n(fact 10)\n"
// input: "(define (loop n acc) (if (= n 0) acc (loop (- n 1) (+ acc n))))\n(loop 400 0)\n"
// input: "(define (map f l) (if (null? l) '() (cons (f (car l)) (map f (cdr l)))))\n"
// input: "(map (lambda (x) (* x x)) '(1 2 3 4 5))\n"
// input: "(define (counter) (let ((n 0)) (lambda () (set! n (+ n 1)) n)))\n"
// input: "(define a (counter))\n(define b (counter))\n(a)\n(a)\n(list (a) (b))\n"
// input: "(let loop ((i 0) (l '())) (cond ((< i 10) (loop (+ i 1) (cons i l))) (else l)))\n"
// input: "'(a . (b . (c . d)))  '(quote x) \"a string\\n\" #t\n"
// input: "(define (ev? n) (if (= n 0) #t (od? (- n 1))))\n(define (od? n) (if (= n 0) #f (ev? (- n 1))))\n(ev? 151)\n"
// input: "(letrec ((fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))) (fib 9))\n"
// input: "(car '())\n(undefined 1)\n(quotient 7 0)\n(1 2)\n)\n"
// input: "(string-append \"ab\" (symbol->string 'cd))\n(equal? '(1 (2 \"x\")) '(1 (2 \"x\")))\n"
// input: "(let* ((x 2) (y (* x x))) (list x y (and 1 2) (or #f 3) (quotient -7 2) (remainder -7 2)))\n"
// input: "(begin (display \"moved \") (write \"q\") (newline) (apply + '(1 2 3)))\n\x04"
// expect-output: "> (+ 1 (* 2 3))\n"
// expect-output: "7\n"
// expect-output: "> (define (fact n) (if (= n 0) 1 (* n (fact (- n 1)))))\n"
// expect-output: "fact\n"
// expect-output: "> (fact 10)\n"
// expect-output: "3628800\n"
// expect-output: "> (define (loop n acc) (if (= n 0) acc (loop (- n 1) (+ acc n))))\n"
// expect-output: "loop\n"
// expect-output: "> (loop 400 0)\n"
// expect-output: "80200\n"
// expect-output: "> (define (map f l) (if (null? l) '() (cons (f (car l)) (map f (cdr l)))))\n"
// expect-output: "map\n"
// expect-output: "> (map (lambda (x) (* x x)) '(1 2 3 4 5))\n"
// expect-output: "(1 4 9 16 25)\n"
// expect-output: "> (define (counter) (let ((n 0)) (lambda () (set! n (+ n 1)) n)))\n"
// expect-output: "counter\n"
// expect-output: "> (define a (counter))\n"
// expect-output: "a\n"
// expect-output: "> (define b (counter))\n"
// expect-output: "b\n"
// expect-output: "> (a)\n"
// expect-output: "1\n"
// expect-output: "> (a)\n"
// expect-output: "2\n"
// expect-output: "> (list (a) (b))\n"
// expect-output: "(3 1)\n"
// expect-output: "> (let loop ((i 0) (l '())) (cond ((< i 10) (loop (+ i 1) (cons i l))) (else l)))\n"
// expect-output: "(9 8 7 6 5 4 3 2 1 0)\n"
// expect-output: "> '(a . (b . (c . d)))  '(quote x) \"a string\\n\" #t\n"
// expect-output: "(a b c . d)\n"
// expect-output: "> (quote x)\n"
// expect-output: "> \"a string\\n\"\n"
// expect-output: "> #t\n"
// expect-output: "> (define (ev? n) (if (= n 0) #t (od? (- n 1))))\n"
// expect-output: "ev?\n"
// expect-output: "> (define (od? n) (if (= n 0) #f (ev? (- n 1))))\n"
// expect-output: "od?\n"
// expect-output: "> (ev? 151)\n"
// expect-output: "#f\n"
// expect-output: "> (letrec ((fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))) (fib 9))\n"
// expect-output: "34\n"
// expect-output: "> (car '())\n"
// expect-output: "error: not a pair: ()\n"
// expect-output: "> (undefined 1)\n"
// expect-output: "error: not defined: undefined\n"
// expect-output: "> (quotient 7 0)\n"
// expect-output: "error: division by zero\n"
// expect-output: "> (1 2)\n"
// expect-output: "error: not a procedure: 1\n"
// expect-output: "> )\n"
// expect-output: "error: nothing to close\n"
// expect-output: "> (string-append \"ab\" (symbol->string 'cd))\n"
// expect-output: "\"abcd\"\n"
// expect-output: "> (equal? '(1 (2 \"x\")) '(1 (2 \"x\")))\n"
// expect-output: "#t\n"
// expect-output: "> (let* ((x 2) (y (* x x))) (list x y (and 1 2) (or #f 3) (quotient -7 2) (remainder -7 2)))\n"
// expect-output: "(2 4 2 3 -3 -1)\n"
// expect-output: "> (begin (display \"moved \") (write \"q\") (newline) (apply + '(1 2 3)))\n"
// expect-output: "moved \"q\"\n"
// expect-output: "6\n"
// expect-output: "> \n"
// expect-output: "There was garbage.\n"
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "droste.h"

/* ---- values ------------------------------------------------------------- */

enum type { FREE, NIL, BOOLEAN, INTEGER, SYMBOL, STRING, PAIR, CLOSURE, PRIMITIVE };

struct value {
	unsigned char type; /* enum type */
	bool marked;
	union {
		int integer;
		struct {                                /* symbols and strings */
			char *text;                     /* allocated */
			const struct form *form;        /* of a symbol: what it begins, or NULL */
		};
		struct { struct value *car, *cdr; };
		struct { struct value *code, *scope; }; /* closures: (parameters body ...) */
		const struct primitive *primitive;
		struct value *next_free;
	};
};

typedef struct value *obj;

struct primitive {
	const char *name;
	int least, most; /* arguments; most -1: any number */
	obj (*call)(obj arguments);
};

/* An expression on its way to its value: either value is found, or o is what is to be
 * evaluated in its place, in scope. */
struct turn {
	obj o, scope, value;
};

/* A special form. */
struct form {
	const char *name;
	void (*begin)(struct turn *t);
};

static const struct form *find_form(const char *name);

enum { HEAP_VALUES = 3000, ROOTS = 3000 };

/* The interpreter's state: one to a program. */
static struct {
	struct value heap[HEAP_VALUES];
	obj free;
	obj roots[ROOTS]; /* what C code holds on to while it may allocate */
	int n_roots;
	obj symbols;      /* a list */
	obj globals;      /* a list of (symbol . value) */
	unsigned collections;
	jmp_buf again;    /* where errors go */
} lisp;

static struct value nil = { .type = NIL }, yes = { .type = BOOLEAN, .integer = 1 }, no = { .type = BOOLEAN };

static _Noreturn void error(const char *what, obj about);

static bool is(obj o, enum type type) { return o->type == type; }
static bool true_(obj o) { return o != &no; }
static obj boolean(bool b) { return b ? &yes : &no; }

/* ---- the collector ------------------------------------------------------ */

static void mark(obj o)
{
	while (o && !o->marked) {
		o->marked = true;
		if (o->type != PAIR && o->type != CLOSURE)
			return;
		mark(o->car);
		o = o->cdr;
	}
}

static void sweep(void)
{
	lisp.free = NULL;
	for (obj o = lisp.heap; o < lisp.heap + HEAP_VALUES; o++) {
		if (o->marked) {
			o->marked = false;
			continue;
		}
		if (o->type == SYMBOL || o->type == STRING)
			free(o->text);
		o->type = FREE;
		o->next_free = lisp.free;
		lisp.free = o;
	}
	nil.marked = yes.marked = no.marked = false;
}

static void collect(void)
{
	mark(lisp.symbols);
	mark(lisp.globals);
	for (int i = 0; i < lisp.n_roots; i++)
		mark(lisp.roots[i]);
	sweep();
	lisp.collections++;
}

/* Keeps o from the collector until release. */
static obj keep(obj o)
{
	if (lisp.n_roots == ROOTS)
		error("too deep", NULL);
	return lisp.roots[lisp.n_roots++] = o;
}

static int roots_now(void) { return lisp.n_roots; }

/* Lets go of all that was kept since, and passes a value through. */
static obj release(int roots, obj o)
{
	lisp.n_roots = roots;
	return o;
}

static obj allocate(enum type type)
{
	if (!lisp.free)
		collect();
	obj o = lisp.free;
	if (!o)
		error("out of storage", NULL);
	lisp.free = o->next_free;
	o->type = (unsigned char)type;
	o->car = o->cdr = NULL;
	return o;
}

static obj cons(obj car, obj cdr)
{
	int roots = roots_now();
	keep(car);
	keep(cdr);
	obj o = allocate(PAIR);
	o->car = car;
	o->cdr = cdr;
	return release(roots, o);
}

static obj integer(int n)
{
	obj o = allocate(INTEGER);
	o->integer = n;
	return o;
}

static obj text(enum type type, const char *s)
{
	char *copy = malloc(strlen(s) + 1);
	if (!copy)
		error("out of storage", NULL);
	obj o = allocate(type);
	o->text = strcpy(copy, s);
	return o;
}

static obj symbol(const char *name)
{
	for (obj s = lisp.symbols; s != &nil; s = s->cdr)
		if (strcmp(s->car->text, name) == 0)
			return s->car;
	obj o = text(SYMBOL, name);
	o->form = find_form(name);
	lisp.symbols = cons(o, lisp.symbols);
	return o;
}

static bool is_symbol(obj o, const char *name) { return is(o, SYMBOL) && strcmp(o->text, name) == 0; }

static obj car(obj o) { return is(o, PAIR) ? o->car : (error("not a pair:", o), o); }
static obj cdr(obj o) { return is(o, PAIR) ? o->cdr : (error("not a pair:", o), o); }
static obj second(obj o) { return car(cdr(o)); }

/* ---- the printer -------------------------------------------------------- */

static void write_string(const char *s)
{
	putchar('"');
	for (; *s; s++)
		if (*s == '\n')
			printf("\\n");
		else
			printf(*s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
	putchar('"');
}

static void write_value(obj o, bool quoted);

static void write_pair(obj o, bool quoted)
{
	putchar('(');
	for (; is(o, PAIR); o = o->cdr) {
		write_value(o->car, quoted);
		if (is(o->cdr, PAIR))
			putchar(' ');
	}
	if (!is(o, NIL)) {
		printf(" . ");
		write_value(o, quoted);
	}
	putchar(')');
}

static void write_value(obj o, bool quoted)
{
	switch ((enum type)o->type) {
	case NIL:       printf("()"); break;
	case BOOLEAN:   printf(o == &yes ? "#t" : "#f"); break;
	case INTEGER:   printf("%d", o->integer); break;
	case SYMBOL:    printf("%s", o->text); break;
	case STRING:    quoted ? write_string(o->text) : (void)printf("%s", o->text); break;
	case PAIR:      write_pair(o, quoted); break;
	case CLOSURE:   printf("#<procedure>"); break;
	case PRIMITIVE: printf("#<procedure %s>", o->primitive->name); break;
	case FREE:      printf("#<free>"); break;
	}
}

static _Noreturn void error(const char *what, obj about)
{
	printf("error: %s", what);
	if (about) {
		putchar(' ');
		write_value(about, true);
	}
	putchar('\n');
	longjmp(lisp.again, 1);
}

/* ---- the reader --------------------------------------------------------- */

enum { TOKEN = 128 };

/* The next character that is not space or comment, or EOF. */
static int skip(void)
{
	int c;
	while ((c = getchar()) != EOF && (isspace(c) || c == ';'))
		while (c == ';' && (c = getchar()) != '\n' && c != EOF)
			c = ';';
	return c;
}

static bool ends_token(int c) { return c == EOF || isspace(c) || strchr("()'\";", c); }

static obj read_atom(int c)
{
	char token[TOKEN], *end;
	size_t n = 0;
	for (; !ends_token(c); c = getchar())
		if (n < TOKEN - 1)
			token[n++] = (char)c;
	ungetc(c, stdin);
	token[n] = '\0';
	long number = strtol(token, &end, 10);
	if (*end == '\0')
		return integer((int)number);
	if (strcmp(token, "#t") == 0 || strcmp(token, "#f") == 0)
		return boolean(token[1] == 't');
	return symbol(token);
}

static obj read_string(void)
{
	char token[TOKEN];
	size_t n = 0;
	for (int c; (c = getchar()) != '"' && c != EOF;) {
		if (c == '\\' && (c = getchar()) == 'n')
			c = '\n';
		if (n < TOKEN - 1)
			token[n++] = (char)c;
	}
	token[n] = '\0';
	return text(STRING, token);
}

static obj read_from(int c);

static obj read_list(void)
{
	int roots = roots_now();
	obj list = keep(cons(&nil, &nil)), tail = list;
	for (int c; (c = skip()) != ')';) {
		if (c == EOF)
			error("unfinished list", NULL);
		obj o = read_from(c);
		if (is_symbol(o, ".")) {
			tail->cdr = read_from(skip());
			if (skip() != ')')
				error("more than one value after a dot", NULL);
			break;
		}
		tail = tail->cdr = cons(o, &nil);
	}
	return release(roots, list->cdr);
}

static obj read_from(int c)
{
	switch (c) {
	case '(':  return read_list();
	case ')':  error("nothing to close", NULL);
	case '"':  return read_string();
	case '\'': {
		int roots = roots_now();
		obj quoted = keep(cons(read_from(skip()), &nil));
		return release(roots, cons(symbol("quote"), quoted));
	}
	default:   return read_atom(c);
	}
}

/* ---- scopes ------------------------------------------------------------- */

/* A scope is a list of (symbol . value), the inner ones first; beyond its end are
 * the globals. */
static obj find(obj name, obj scope)
{
	for (; scope != &nil; scope = scope->cdr)
		if (scope->car->car == name)
			return scope->car;
	for (obj g = lisp.globals; g != &nil; g = g->cdr)
		if (g->car->car == name)
			return g->car;
	error("not defined:", name);
}

static void define(obj name, obj value)
{
	int roots = roots_now();
	for (obj g = lisp.globals; g != &nil; g = g->cdr)
		if (g->car->car == name) {
			g->car->cdr = value;
			return;
		}
	obj binding = keep(cons(name, value));
	lisp.globals = cons(binding, lisp.globals);
	release(roots, &nil);
}

/* scope with parameters bound to values; a symbol in the tail's place takes the
 * rest. */
static obj bind(obj parameters, obj values, obj scope)
{
	int roots = roots_now();
	keep(values);
	for (; is(parameters, PAIR); parameters = parameters->cdr, values = values->cdr) {
		if (!is(values, PAIR))
			error("too few arguments for", parameters);
		keep(scope);
		scope = cons(keep(cons(parameters->car, values->car)), scope);
	}
	if (is(parameters, SYMBOL)) {
		keep(scope);
		scope = cons(keep(cons(parameters, values)), scope);
	} else if (is(values, PAIR)) {
		error("too many arguments:", values);
	}
	return release(roots, scope);
}

/* ---- the evaluator ------------------------------------------------------ */

static obj eval(obj o, obj scope);
static obj apply(obj arguments);

static obj closure(obj code, obj scope)
{
	obj o = allocate(CLOSURE);
	o->code = code;
	o->scope = scope;
	return o;
}

static obj eval_each(obj list, obj scope)
{
	int roots = roots_now();
	obj values = keep(cons(&nil, &nil)), tail = values;
	for (; is(list, PAIR); list = list->cdr)
		tail = tail->cdr = cons(eval(list->car, scope), &nil);
	return release(roots, values->cdr);
}

/* All but the last of a body; the last is the caller's, as a tail call. */
static obj eval_body(obj body, obj scope)
{
	for (; is(cdr(body), PAIR); body = body->cdr)
		eval(body->car, scope);
	return body->car;
}

/* Goes on with a body in another scope. */
static void go_on(struct turn *t, obj body, obj scope)
{
	t->scope = keep(scope);
	t->o = eval_body(body, scope);
}

static void do_quote(struct turn *t) { t->value = second(t->o); }
static void do_lambda(struct turn *t) { t->value = closure(cdr(t->o), t->scope); }
static void do_begin(struct turn *t) { go_on(t, cdr(t->o), t->scope); }

static void do_if(struct turn *t)
{
	bool holds = true_(eval(second(t->o), t->scope));
	obj branch = cdr(cdr(t->o));
	if (!holds)
		branch = cdr(branch);
	if (is(branch, PAIR))
		t->o = branch->car;
	else
		t->value = &nil;
}

static void do_define(struct turn *t)
{
	obj name = second(t->o), body = cdr(cdr(t->o)), value;
	if (t->scope != &nil)
		error("define only at the top:", name);
	if (is(name, PAIR)) {
		value = closure(keep(cons(name->cdr, body)), t->scope);
		name = name->car;
	} else {
		value = eval(car(body), t->scope);
	}
	define(name, keep(value));
	t->value = name;
}

static void do_set(struct turn *t)
{
	t->value = keep(eval(car(cdr(cdr(t->o))), t->scope));
	find(second(t->o), t->scope)->cdr = t->value;
}

static void do_cond(struct turn *t)
{
	for (obj clause = cdr(t->o); is(clause, PAIR); clause = clause->cdr)
		if (is_symbol(car(clause->car), "else") || true_(eval(car(clause->car), t->scope))) {
			go_on(t, clause->car->cdr, t->scope);
			return;
		}
	t->value = &nil;
}

/* Evaluates until one is as it must not be; the last is a tail call. */
static void and_or(struct turn *t, bool is_and)
{
	obj list = cdr(t->o);
	t->value = boolean(is_and);
	for (; is(list, PAIR) && is(list->cdr, PAIR); list = list->cdr) {
		t->value = eval(list->car, t->scope);
		if (true_(t->value) != is_and)
			return;
	}
	if (is(list, NIL))
		return;
	t->value = NULL;
	t->o = list->car;
}

static void do_and(struct turn *t) { and_or(t, true); }
static void do_or(struct turn *t) { and_or(t, false); }

/* The names, and the values, of ((name value) ...). */
static obj each(obj bindings, bool values)
{
	int roots = roots_now();
	obj list = keep(cons(&nil, &nil)), tail = list;
	for (; is(bindings, PAIR); bindings = bindings->cdr)
		tail = tail->cdr = cons(values ? second(bindings->car) : car(bindings->car), &nil);
	return release(roots, list->cdr);
}

/* A procedure that knows itself by name. */
static obj named(obj name, obj code, obj scope)
{
	int roots = roots_now();
	keep(code);
	obj binding = keep(cons(name, &nil));
	scope = keep(cons(binding, scope));
	binding->cdr = closure(code, scope);
	return release(roots, binding->cdr);
}

/* (let name bindings body ...) is a procedure called name, called at once. */
static void do_let(struct turn *t)
{
	obj name = second(t->o), rest = is(name, SYMBOL) ? cdr(cdr(t->o)) : cdr(t->o);
	obj bindings = car(rest), body = cdr(rest), scope = t->scope;
	obj names = keep(each(bindings, false)), expressions = keep(each(bindings, true));
	obj values = keep(eval_each(expressions, scope));
	if (is(name, SYMBOL))
		scope = keep(named(name, keep(cons(names, body)), scope))->scope;
	go_on(t, body, keep(bind(names, values, scope)));
}

static void do_let_star(struct turn *t)
{
	obj scope = t->scope;
	for (obj b = second(t->o); is(b, PAIR); b = b->cdr) {
		obj value = keep(eval(second(b->car), scope));
		scope = keep(cons(keep(cons(car(b->car), value)), scope));
	}
	go_on(t, cdr(cdr(t->o)), scope);
}

static void do_letrec(struct turn *t)
{
	obj names = keep(each(second(t->o), false));
	obj scope = keep(bind(names, names, t->scope));
	for (obj b = second(t->o); is(b, PAIR); b = b->cdr)
		find(car(b->car), scope)->cdr = eval(second(b->car), scope);
	go_on(t, cdr(cdr(t->o)), scope);
}

static const struct form forms[] = {
	{ "quote", do_quote }, { "if", do_if }, { "define", do_define }, { "set!", do_set },
	{ "lambda", do_lambda }, { "begin", do_begin }, { "cond", do_cond }, { "and", do_and }, { "or", do_or },
	{ "let", do_let }, { "let*", do_let_star }, { "letrec", do_letrec },
};

static const struct form *find_form(const char *name)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	return NULL;
}

static obj call_primitive(const struct primitive *p, obj arguments)
{
	int n = 0;
	for (obj a = arguments; is(a, PAIR); a = a->cdr)
		n++;
	if (n < p->least || (p->most >= 0 && n > p->most))
		error(n < p->least ? "too few arguments:" : "too many arguments:", arguments);
	return p->call(arguments);
}

/* A call: its value, or the body of the procedure to go on with. */
static void call(struct turn *t)
{
	obj procedure = keep(eval(t->o->car, t->scope));
	obj arguments = keep(eval_each(t->o->cdr, t->scope));
	if (is(procedure, PRIMITIVE) && procedure->primitive->call == apply) {
		procedure = car(arguments);
		arguments = second(arguments);
	}
	if (is(procedure, PRIMITIVE))
		t->value = call_primitive(procedure->primitive, arguments);
	else if (is(procedure, CLOSURE))
		go_on(t, procedure->code->cdr, keep(bind(procedure->code->car, arguments, procedure->scope)));
	else
		error("not a procedure:", procedure);
}

/* A loop, so that tail calls take no room: what one turn has kept is let go before the
 * next, but for what that works on. */
static obj eval(obj o, obj scope)
{
	int roots = roots_now();
	struct turn t = { o, scope, NULL };
	while (!t.value) {
		release(roots, &nil);
		keep(t.o);
		keep(t.scope);
		if (is(t.o, SYMBOL))
			t.value = find(t.o, t.scope)->cdr;
		else if (!is(t.o, PAIR))
			t.value = t.o;
		else if (is(t.o->car, SYMBOL) && t.o->car->form)
			t.o->car->form->begin(&t);
		else
			call(&t);
	}
	return release(roots, t.value);
}

/* ---- primitives --------------------------------------------------------- */

static int number(obj o) { return is(o, INTEGER) ? o->integer : (error("not a number:", o), 0); }
static const char *string(obj o)
{
	if (!is(o, STRING) && !is(o, SYMBOL))
		error("not a string:", o);
	return o->text;
}

static obj add(obj a)
{
	unsigned sum = 0;
	for (; is(a, PAIR); a = a->cdr)
		sum += (unsigned)number(a->car);
	return integer((int)sum);
}

static obj multiply(obj a)
{
	unsigned product = 1;
	for (; is(a, PAIR); a = a->cdr)
		product *= (unsigned)number(a->car);
	return integer((int)product);
}

static obj subtract(obj a)
{
	unsigned first = (unsigned)number(a->car);
	if (is(a->cdr, NIL))
		return integer((int)(0 - first));
	return integer((int)(first - (unsigned)add(a->cdr)->integer));
}

static int divisor(obj a)
{
	int n = number(second(a));
	return n != 0 ? n : (error("division by zero", NULL), 1);
}

static obj quotient(obj a) { return integer((int)((long long)number(a->car) / divisor(a))); }
static obj remainder_(obj a) { return integer((int)((long long)number(a->car) % divisor(a))); }
static obj equals(obj a) { return boolean(number(a->car) == number(second(a))); }
static obj less(obj a) { return boolean(number(a->car) < number(second(a))); }
static obj greater(obj a) { return boolean(number(a->car) > number(second(a))); }
static obj cons_(obj a) { return cons(a->car, second(a)); }
static obj car_(obj a) { return car(a->car); }
static obj cdr_(obj a) { return cdr(a->car); }
static obj list(obj a) { return a; }
static obj is_null(obj a) { return boolean(is(a->car, NIL)); }
static obj is_pair(obj a) { return boolean(is(a->car, PAIR)); }
static obj not(obj a) { return boolean(!true_(a->car)); }
static obj symbol_to_string(obj a) { return text(STRING, string(a->car)); }

static bool same(obj a, obj b)
{
	if (a->type != b->type)
		return false;
	if (is(a, INTEGER))
		return a->integer == b->integer;
	if (is(a, STRING))
		return strcmp(a->text, b->text) == 0;
	if (is(a, PAIR))
		return same(a->car, b->car) && same(a->cdr, b->cdr);
	return a == b;
}

static obj is_equal(obj a) { return boolean(same(a->car, second(a))); }

static obj string_append(obj a)
{
	char all[TOKEN] = "";
	for (; is(a, PAIR); a = a->cdr)
		strncat(all, string(a->car), sizeof(all) - 1 - strlen(all));
	return text(STRING, all);
}

static obj display(obj a)
{
	write_value(a->car, false);
	return &nil;
}

static obj write_(obj a)
{
	write_value(a->car, true);
	return &nil;
}

static obj newline(obj a)
{
	putchar('\n');
	return a;
}

/* The evaluator calls the procedure itself, so that it is a tail call. */
static obj apply(obj a) { return a; }

static const struct primitive primitives[] = {
	{ "+", 0, -1, add }, { "*", 0, -1, multiply }, { "-", 1, -1, subtract },
	{ "quotient", 2, 2, quotient }, { "remainder", 2, 2, remainder_ },
	{ "=", 2, 2, equals }, { "<", 2, 2, less }, { ">", 2, 2, greater },
	{ "cons", 2, 2, cons_ }, { "car", 1, 1, car_ }, { "cdr", 1, 1, cdr_ }, { "list", 0, -1, list },
	{ "null?", 1, 1, is_null }, { "pair?", 1, 1, is_pair }, { "not", 1, 1, not },
	{ "equal?", 2, 2, is_equal }, { "string-append", 0, -1, string_append },
	{ "symbol->string", 1, 1, symbol_to_string },
	{ "display", 1, 1, display }, { "write", 1, 1, write_ }, { "newline", 0, 0, newline },
	{ "apply", 2, 2, apply },
};

/* ---- the console -------------------------------------------------------- */

static void begin(void)
{
	lisp.symbols = lisp.globals = &nil;
	sweep();
	for (size_t i = 0; i < sizeof(primitives) / sizeof(*primitives); i++) {
		obj o = allocate(PRIMITIVE);
		o->primitive = &primitives[i];
		define(symbol(o->primitive->name), o);
	}
}

/* One expression; false at the end of input. */
static bool turn(void)
{
	printf("> ");
	int c = skip();
	if (c == EOF)
		return false;
	obj value = eval(keep(read_from(c)), &nil);
	if (!is(value, NIL)) {
		write_value(value, true);
		putchar('\n');
	}
	return true;
}

int main(void)
{
	console_echo = true;
	begin();
	do {
		setjmp(lisp.again);
		lisp.n_roots = 0;
	} while (turn());
	printf("\n%s\n", lisp.collections > 0 ? "There was garbage." : "There was no garbage.");
	return 0;
}
