/* The verifier.  Called for every method before anything runs.  First the bytes of its code become
 * instructions, short forms replaced by the one that they are forms of, targets by indexes;
 * then the code is followed along all its branches, with the kind of every word instead of
 * its value, until nothing new is found.  So proved, and not looked at again when it runs: the
 * depth of the stack, locals, targets, constants, and that no int is taken for a reference.
 *
 * Kinds: I, A, L and H (a long's low and high word), and 0, which is not known.
 */

#include <string.h>

#include "jvm.h"

enum operand { NONE, S1, S2, K1, K2, LOCAL, B2, B4, INC, TYPE, MULTI, IFACE, DYNAMIC, TABLE, LOOKUP };

static const struct row {
	const char *name, *kinds; /* no name: not in the subset */
	uint8_t operand, of;
	int8_t value;
} rows[256] = {
#define OP(code, name, operand, kinds, effect) [code] = { #name, kinds, operand, code, 0 },
#define FORM(code, name, operand, of, value)   [code] = { #name, NULL, operand, OP_##of, value },
#include "jvm.def"
};

/* What is being verified. */
static struct {
	struct method *method;
	const uint8_t *bytes;
	unsigned n, next;          /* bytes, and the next of them */
	unsigned pc;               /* of the instruction, for messages */
	int32_t *index;            /* by pc: of the instruction there, or -1; index[n]: how many there are */
	uint32_t count;
	unsigned width;            /* of a state */
	char *states;              /* before each instruction: locals, stack */
	int32_t *depths;           /* of its stack; -1: not come to yet */
	bool *due;                 /* to be followed, from what is known now */
	char *locals, *stack;      /* the state that is followed */
	int32_t depth;
	bool again;
} v;

static const char no_floats[] = "float and double are not in the subset";

static _Noreturn void reject(const char *why)
{
	refuse("VerifyError", "%s.%s, at %u: %s", v.method->class->name->text, v.method->name->text, v.pc, why);
}

/* ---- bytes ----------------------------------------------------------------- */

static uint8_t u1(void)
{
	if (v.next == v.n)
		reject("the code ends in the middle of an instruction");
	return v.bytes[v.next++];
}

static uint16_t u2(void)
{
	unsigned high = u1();
	return (uint16_t)(high << 8 | u1());
}

static int32_t s4(void)
{
	uint32_t high = u2();
	return (int32_t)(high << 16 | u2());
}

/* ---- switches ---------------------------------------------------------------- */

static int32_t read_table(enum operand kind)
{
	while (v.next % 4 != 0)
		u1();
	int32_t otherwise = s4(), low = kind == TABLE ? s4() : 0, n = s4();
	int64_t words = kind == TABLE ? (int64_t)n - low + 1 : 2 * (int64_t)n;
	if (words < 0 || 4 * words > v.n - v.next)
		reject("a switch larger than the code");
	int32_t *to = vm_take((3 + (size_t)words) * sizeof(int32_t)), place = (int32_t)((uint8_t *)to - vm.memory);
	*to++ = otherwise;
	if (kind == TABLE)
		*to++ = low;
	*to++ = kind == TABLE ? (int32_t)words : n;
	while (words-- > 0)
		*to++ = s4();
	return place;
}

/* Does something with every target. */
static void each_target(const struct instruction *i, void (*act)(int32_t *target))
{
	int32_t *words = switch_table(i->operand);
	act(&words[0]);
	if (i->op == OP_tableswitch)
		for (int32_t k = 0; k < words[2]; k++)
			act(&words[3 + k]);
	else
		for (int32_t k = 0; k < words[1]; k++)
			act(&words[3 + 2 * k]);
}

/* ---- instructions -------------------------------------------------------------- */

static int32_t read_operand(enum operand kind, bool wide)
{
	int32_t a;
	switch (kind) {
	case NONE: return 0;
	case S1: case TYPE: return (int8_t)u1();
	case S2: case B2: return (int16_t)u2();
	case K1: return u1();
	case K2: return u2();
	case LOCAL: return wide ? u2() : u1();
	case B4: return s4();
	case INC: a = wide ? u2() : u1(); return a | (int32_t)((uint32_t)(wide ? (int16_t)u2() : (int8_t)u1()) << 16);
	case MULTI: a = u2(); return a | u1() << 16;
	case IFACE: case DYNAMIC: a = u2(); u2(); return a;
	case TABLE: case LOOKUP: return read_table(kind);
	}
	return 0;
}

static struct instruction read_instruction(void)
{
	enum { WIDE = 0xc4 };
	unsigned code = u1();
	bool wide = code == WIDE;
	if (wide)
		code = u1();
	const struct row *row = &rows[code];
	if (!row->name || (wide && row->operand != LOCAL && row->operand != INC))
		refuse("VerifyError", "%s.%s, at %u: instruction 0x%02x is not in the subset (float, double, jsr and ret are not)",
		       v.method->class->name->text, v.method->name->text, v.pc, code);
	int32_t operand = read_operand(row->operand, wide);
	return (struct instruction){ v.pc, row->of, row->operand == NONE ? row->value : operand };
}

static int32_t index_of(int64_t pc)
{
	if (pc < 0 || pc > v.n || v.index[pc] < 0)
		reject("a target that is no instruction");
	return v.index[pc];
}

static void resolve(int32_t *target)
{
	*target = index_of((int64_t)v.pc + *target);
	if ((uint32_t)*target == v.count)
		reject("a branch behind the end");
}

static bool is_branch(const struct instruction *i) { return rows[i->op].operand == B2; }
static bool is_switch(const struct instruction *i) { return i->op == OP_tableswitch || i->op == OP_lookupswitch; }

static void resolve_targets(void)
{
	for (struct instruction *i = v.method->code; i < v.method->code + v.count; i++) {
		v.pc = i->pc;
		if (is_branch(i))
			resolve(&i->operand);
		else if (is_switch(i))
			each_target(i, resolve);
	}
	for (unsigned h = 0; h < v.method->handler_count; h++) {
		struct handler *handler = &v.method->handlers[h];
		v.pc = handler->at;
		handler->from = (uint32_t)index_of(handler->from);
		handler->to = (uint32_t)index_of(handler->to);
		handler->at = (uint32_t)index_of(handler->at);
		handler->class = handler->type ? constant_class(v.method->class, handler->type)->class : NULL;
		if (handler->from >= handler->to || handler->at == v.count)
			reject("a handler of nothing, or nowhere");
	}
}

static void read_instructions(void)
{
	struct instruction *code = vm_borrow(v.n * sizeof(*code));
	v.index = vm_borrow((v.n + 1) * sizeof(int32_t));
	memset(v.index, -1, (v.n + 1) * sizeof(int32_t));
	while (v.next < v.n) {
		v.pc = v.next;
		v.index[v.pc] = (int32_t)v.count;
		code[v.count++] = read_instruction();
	}
	v.index[v.n] = (int32_t)v.count;
	v.method->code = vm_take(v.count * sizeof(*code));
	memcpy(v.method->code, code, v.count * sizeof(*code));
	resolve_targets();
}

/* ---- a state ------------------------------------------------------------------- */

static void push(char kind)
{
	if (kind == 'F')
		reject(no_floats);
	if (v.depth + (kind == 'J' ? 2 : 1) > v.method->max_stack)
		reject("the stack is too deep");
	if (kind == 'J')
		v.stack[v.depth++] = 'L';
	v.stack[v.depth++] = kind == 'J' ? 'H' : kind;
}

static void pop(char kind)
{
	if (kind == 'J')
		pop('H');
	if (kind == 'F')
		reject(no_floats);
	kind = kind == 'J' ? 'L' : kind;
	if (v.depth == 0 || v.stack[v.depth - 1] != kind)
		reject("an operand is not there, or is of another kind");
	v.depth--;
}

static void set_local(unsigned n, char kind)
{
	if (n + (kind == 'J') >= v.method->max_locals)
		reject("a local that there is not");
	if (v.locals[n] == 'H')
		v.locals[n - 1] = 0;
	unsigned last = n + (kind == 'J');
	if (v.locals[last] == 'L')
		v.locals[last + 1] = 0;
	v.locals[n] = kind == 'J' ? 'L' : kind;
	if (kind == 'J')
		v.locals[last] = 'H';
}

static void need_local(unsigned n, char kind)
{
	if (n + (kind == 'J') >= v.method->max_locals || v.locals[n] != (kind == 'J' ? 'L' : kind))
		reject("a local is not there, or is of another kind");
}

/* "32|1>1321": the words are taken, then put; none of the groups begins in the middle of a long. */
static void shuffle(const char *kinds)
{
	char words[5];
	for (int k = 1; k <= 4; k++)
		words[k] = k <= v.depth ? v.stack[v.depth - k] : 0;
	for (bool first = true; *kinds != '>'; kinds++) {
		if (*kinds != '|' && (!words[*kinds - '0'] || (first && words[*kinds - '0'] == 'H')))
			reject("an operand is not there, or half of one");
		v.depth -= *kinds != '|';
		first = *kinds == '|';
	}
	while (*++kinds)
		push(words[*kinds - '0']);
}

/* What the stack or locals are, joined to what was known before the instruction target. */
static void flow(uint32_t target, const char *locals, const char *stack, int32_t depth)
{
	char *known = v.states + (size_t)target * v.width;
	bool news = v.depths[target] < 0;
	if (target == v.count)
		reject("the code goes on behind its end");
	if (news) {
		v.depths[target] = depth;
		memcpy(known, locals, v.method->max_locals);
		memcpy(known + v.method->max_locals, stack, (size_t)depth);
	}
	if (v.depths[target] != depth || memcmp(known + v.method->max_locals, stack, (size_t)depth) != 0)
		reject("two ways lead here with different stacks");
	for (unsigned n = 0; n < v.method->max_locals; n++)
		if (known[n] != locals[n] && known[n]) {
			known[n] = 0;
			news = true;
		}
	v.due[target] |= news;
	v.again |= news;
}

static void flow_here(int32_t *target) { flow((uint32_t)*target, v.locals, v.stack, v.depth); }

/* ---- what an instruction does to it ----------------------------------------------- */

static void pop_arguments(const char *descriptor)
{
	char kinds[256], kind;
	unsigned n = 0;
	FOR_ARGUMENTS(type, kind, descriptor)
		kinds[n++] = kind;
	while (n > 0)
		pop(kinds[--n]);
}

static void push_result(const char *descriptor)
{
	char kind;
	type_next(strchr(descriptor, ')') + 1, &kind);
	if (kind != 'V')
		push(kind);
}

static void verify_call(const struct instruction *i)
{
	const struct constant *c = constant_member(v.method->class, (unsigned)i->operand, true);
	bool is_static = c->method->flags & ACC_STATIC, constructor = c->method->name->text[0] == '<';
	if (is_static != (i->op == OP_invokestatic) || (constructor && i->op != OP_invokespecial))
		reject("a call of the wrong kind for the method");
	if (i->op == OP_invokespecial && c->method->flags & ACC_ABSTRACT)
		reject("a call of that very method, which is abstract");
	pop_arguments(c->method->descriptor->text);
	if (!is_static)
		pop('A');
	push_result(c->method->descriptor->text);
}

/* Only StringConcatFactory.makeConcatWithConstants, without constants beyond its recipe. */
static void verify_dynamic(const struct instruction *i)
{
	const struct class *class = v.method->class;
	struct constant *c = constant_at(class, (unsigned)i->operand, TAG_INVOKE_DYNAMIC);
	const struct constant *both = constant_at(class, c->b, TAG_NAME_AND_TYPE);
	const char *name = constant_at(class, both->a, TAG_UTF8)->symbol->text;
	const struct symbol *type = constant_at(class, both->b, TAG_UTF8)->symbol;
	const char *end = strchr(type->text, ')');
	if (strcmp(name, "makeConcatWithConstants") != 0 || c->a >= class->recipe_count || type->text[0] != '(' || !end ||
	    strcmp(end, ")Ljava/lang/String;") != 0)
		reject("an invokedynamic that does not join strings; use javac --release 8, and no lambdas");
	unsigned arguments = 0, marks = 0;
	for (const char *t = type->text + 1; t != end; t = type_after(t), arguments++)
		if (t > end || !type_after(t))
			reject("an invokedynamic without a method's descriptor");
	c->symbol = constant_at(class, constant_at(class, class->recipes[2 * c->a + 1], TAG_STRING)->a, TAG_UTF8)->symbol;
	for (const char *t = c->symbol->text; *t; t++) {
		marks += *t == 1;
		if (*t == 2)
			reject("an invokedynamic with constants");
	}
	if (arguments > 255 || marks != arguments)
		reject("an invokedynamic that joins more or less than it gets");
	c->descriptor = constant_at(class, both->b, TAG_UTF8)->symbol;
	c->value[0] = v.depth;
	pop_arguments(type->text);
	c->value[0] -= v.depth;
	push('A');
}

static void verify_field(const struct instruction *i)
{
	const struct constant *c = constant_member(v.method->class, (unsigned)i->operand, false);
	bool is_static = i->op == OP_getstatic || i->op == OP_putstatic, put = i->op == OP_putstatic || i->op == OP_putfield;
	char kind;
	type_next(c->field->descriptor->text, &kind);
	if (c->field->class->library && i->op != OP_getstatic)
		reject("a field of the library, which is nobody else's");
	if (!(c->field->flags & ACC_STATIC) == is_static)
		reject("a field of the class taken for an object's, or the other way round");
	if (put)
		pop(kind);
	if (!is_static)
		pop('A');
	if (!put)
		push(kind);
}

static unsigned tag_of(const struct instruction *i)
{
	const struct class *class = v.method->class;
	unsigned n = (unsigned)i->operand, tag = n < class->constant_count ? class->constants[n].tag : 0;
	if (tag == TAG_FLOAT || tag == TAG_DOUBLE)
		reject(no_floats);
	return tag;
}

static void verify_constant(const struct instruction *i)
{
	const struct class *class = v.method->class;
	unsigned n = (unsigned)i->operand, tag = tag_of(i);
	if (tag == TAG_CLASS)
		constant_class(class, n);
	else
		constant_at(class, n, tag == TAG_STRING ? TAG_STRING : TAG_INTEGER);
	if (tag == TAG_STRING)
		class->constants[n].symbol = constant_at(class, class->constants[n].a, TAG_UTF8)->symbol;
	push(tag == TAG_INTEGER ? 'I' : 'A');
}

static void verify_arrays_of_arrays(struct instruction *i)
{
	const struct class *class = constant_class(v.method->class, (unsigned)i->operand & 0xFFFF)->class;
	unsigned n = (unsigned)i->operand >> 16;
	if (n == 0 || strspn(class->name->text, "[") < n)
		reject("more dimensions than the array has, or none");
	while (n-- > 0)
		pop('I');
	push('A');
}

/* What the table of the kinds does not say. */
static void verify_operand(struct instruction *i)
{
	const struct class *class = v.method->class;
	switch ((enum op)i->op) {
	case OP_new: {
		const struct class *of = constant_class(class, (unsigned)i->operand)->class;
		if (of->flags & (ACC_ABSTRACT | ACC_INTERFACE) || of->unit)
			reject("an object of a class that has none");
		break;
	}
	case OP_checkcast: case OP_instanceof: constant_class(class, (unsigned)i->operand); break;
	case OP_anewarray: class_array_of(constant_class(class, (unsigned)i->operand)->class); break;
	case OP_newarray: {
		static const char *const arrays[] = { [4] = "[Z", "[C", NULL, NULL, "[B", "[S", "[I", "[J" };
		unsigned type = (unsigned)i->operand;
		if (type >= sizeof(arrays) / sizeof(arrays[0]) || !arrays[type])
			reject("an array of float, double or nothing");
		vm.arrays[type] = class_named(arrays[type]);
		break;
	}
	case OP_ldc2_w: tag_of(i); constant_at(class, (unsigned)i->operand, TAG_LONG); break;
	case OP_ireturn: case OP_lreturn: case OP_areturn: case OP_return:
		if (v.method->returns != (i->op == OP_return ? 'V' : rows[i->op].kinds[0]))
			reject("a return of another kind than the method's");
		break;
	default: break;
	}
}

static void apply(struct instruction *i)
{
	const char *kinds = rows[i->op].kinds;
	if (rows[i->op].operand == LOCAL && kinds[0] == '>')
		need_local((unsigned)i->operand, kinds[1]);
	if (*kinds >= '1' && *kinds <= '4') {
		shuffle(kinds);
		return;
	}
	const char *middle = strchr(kinds, '>');
	for (const char *k = middle; k > kinds; k--)
		pop(k[-1]);
	while (*++middle)
		push(*middle);
	if (rows[i->op].operand == LOCAL && kinds[0] != '>')
		set_local((unsigned)i->operand, kinds[0]);
}

static void apply_any(struct instruction *i)
{
	switch ((enum op)i->op) {
	case OP_ldc_w: verify_constant(i); break;
	case OP_iinc: need_local((unsigned)i->operand & 0xFFFF, 'I'); break;
	case OP_getstatic: case OP_putstatic: case OP_getfield: case OP_putfield: verify_field(i); break;
	case OP_invokevirtual: case OP_invokespecial: case OP_invokestatic: case OP_invokeinterface: verify_call(i); break;
	case OP_invokedynamic: verify_dynamic(i); break;
	case OP_multianewarray: verify_arrays_of_arrays(i); break;
	default: apply(i);
	}
}

/* ---- all of it ------------------------------------------------------------------ */

static bool goes_on(const struct instruction *i)
{
	switch ((enum op)i->op) {
	case OP_goto: case OP_ireturn: case OP_lreturn: case OP_areturn: case OP_return: case OP_athrow: return false;
	default: return !is_switch(i);
	}
}

static void flow_to_handlers(uint32_t n)
{
	for (unsigned h = 0; h < v.method->handler_count; h++) {
		const struct handler *handler = &v.method->handlers[h];
		if (handler->from <= n && n < handler->to) {
			if (v.method->max_stack == 0)
				reject("no room for an exception");
			flow(handler->at, v.locals, "A", 1);
		}
	}
}

static void follow(uint32_t n)
{
	struct instruction *i = &v.method->code[n];
	v.pc = i->pc;
	v.due[n] = false;
	v.depth = v.depths[n];
	memcpy(v.locals, v.states + (size_t)n * v.width, v.width);
	flow_to_handlers(n);
	apply_any(i);
	if (is_branch(i))
		flow_here(&i->operand);
	if (is_switch(i))
		each_target(i, flow_here);
	if (goes_on(i))
		flow(n + 1, v.locals, v.stack, v.depth);
}

/* The arguments, as the descriptor has them. */
static void begin(void)
{
	char kind;
	unsigned n = 0;
	if (v.method->argument_slots > v.method->max_locals)
		reject("fewer locals than arguments");
	memset(v.locals, 0, v.width);
	if (!(v.method->flags & ACC_STATIC))
		set_local(n++, 'A');
	FOR_ARGUMENTS(type, kind, v.method->descriptor->text) {
		if (kind == 'F')
			reject(no_floats);
		set_local(n, kind);
		n += kind == 'J' ? 2 : 1;
	}
	flow(0, v.locals, v.stack, 0);
}

void verify(struct method *method)
{
	size_t before = vm.size;
	memset(&v, 0, sizeof(v));
	v.method = method;
	v.bytes = method->bytes;
	v.n = method->byte_count;
	read_instructions();
	v.width = method->max_locals + method->max_stack + 1u;
	v.states = vm_borrow((v.count + 1) * (uint64_t)v.width);
	v.depths = vm_borrow((v.count + 1) * sizeof(int32_t));
	memset(v.depths, -1, (v.count + 1) * sizeof(int32_t));
	v.due = vm_borrow(v.count + 1);
	v.locals = vm_borrow(v.width);
	v.stack = v.locals + method->max_locals;
	for (begin(); v.again;) {
		v.again = false;
		for (uint32_t n = 0; n < v.count; n++)
			if (v.due[n])
				follow(n);
	}
	for (uint32_t n = 0; n < v.count; n++)
		if (v.depths[n] >= 0) {
			v.pc = method->code[n].pc;
			verify_operand(&method->code[n]);
		}
	vm.size = before;
}
