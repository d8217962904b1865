/* The interpreter: one instruction after the other, as jvm.def says what each does.  Called by vm.c
 * for main, and by whatever must call a method in the middle of something: the library, static
 * initialisers.
 *
 * verify.c has proved what the stacks hold, so they are used without a look.  Which class an object is
 * of has not been proved, so that is looked at here.
 */

#include <inttypes.h>
#include <string.h>

#include "jvm.h"

/* verify.c does not find out whether an object is of the class that an instruction names. */
static _Noreturn void wrong_class(void)
{
	if (vm.frame == vm.frames)
		refuse("VerifyError", "an object of another class than the library asks for");
	refuse("VerifyError", "%s.%s, at %u: an object of another class than the instruction is for",
	       vm.frame->method->class->name->text, vm.frame->method->name->text, (unsigned)vm.at->pc);
}

static struct constant *constant(const struct instruction *i)
{
	return &vm.frame->method->class->constants[i->operand & 0xFFFF];
}

/* ---- longs -------------------------------------------------------------------- */

static int64_t get_long(const slot *from) { return (int64_t)((uint64_t)(uint32_t)from[1] << 32 | (uint32_t)from[0]); }

static void put_long(slot *to, int64_t value)
{
	to[0] = (slot)value;
	to[1] = (slot)(value >> 32);
}

/* b is not 0; the least by -1 is the least, as in Java. */
static slot quotient(slot a, slot b) { return b == -1 ? (slot)(0 - (uint32_t)a) : a / b; }
static int64_t long_quotient(int64_t a, int64_t b) { return b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b; }

static bool divide_by_zero(void) { return throw_new("java/lang/ArithmeticException", "/ by zero"); }

/* ---- objects ------------------------------------------------------------------ */

/* An array that holds such elements and has that one; else NULL: thrown. */
static struct object *element(ref array, slot index, char holds)
{
	if (!array)
		return throw_null(), NULL;
	struct object *o = at(array);
	if (o->class->holds != holds && !(holds == 'B' && o->class->holds == 'Z'))
		wrong_class();
	if ((uint32_t)index >= o->length) {
		throw_new("java/lang/ArrayIndexOutOfBoundsException", "Index %" PRId32 " out of bounds for length %" PRIu32,
		          index, o->length);
		return NULL;
	}
	return o;
}

static ref new_array(struct class *class, slot length)
{
	if (length < 0)
		return throw_new("java/lang/NegativeArraySizeException", "%" PRId32, length);
	return heap_new(class, (uint32_t)length);
}

/* Outer ones are kept on the stack while the inner ones are made. */
static ref new_arrays(struct class *class, const slot *lengths, unsigned n)
{
	ref outer = new_array(class, lengths[0]);
	if (n == 1 || !outer)
		return outer;
	*vm.sp++ = (slot)outer;
	for (slot k = 0; k < lengths[0]; k++) {
		ref inner = new_arrays(class->element, lengths + 1, n - 1);
		if (!inner)
			return 0;
		at(outer)->data[k] = (slot)inner;
	}
	vm.sp--;
	return outer;
}

static bool none_negative(const slot *lengths, unsigned n)
{
	for (; n > 0; n--, lengths++)
		if (*lengths < 0)
			return throw_new("java/lang/NegativeArraySizeException", "%" PRId32, *lengths);
	return true;
}

static bool store_reference(ref array, slot index, ref value)
{
	struct object *o = element(array, index, 'A');
	if (o && value && !class_is(at(value)->class, o->class->element))
		return throw_new("java/lang/ArrayStoreException", "%s", dotted(at(value)->class->name));
	if (o)
		o->data[index] = (slot)value;
	return o != NULL;
}

/* The object's field that the constant names; NULL: thrown. */
static slot *field_of(struct constant *c, ref object)
{
	if (!object)
		return throw_null(), NULL;
	if (at(object)->class != c->last) {
		if (!class_is(at(object)->class, c->field->class))
			wrong_class();
		c->last = at(object)->class;
	}
	return &at(object)->data[c->field->at];
}

static bool started(struct class *class) { return class->state == CLASS_STARTED || class_start(class); }

static slot *static_field(const struct constant *c)
{
	return started(c->field->class) ? &c->field->class->statics[c->field->at] : NULL;
}

static ref load_constant(const struct constant *c)
{
	return c->tag == TAG_STRING ? string_literal(c->symbol) : class_mirror(c->class);
}

static bool cast(const struct constant *c, ref object)
{
	static const char *const where[] = { "in unnamed module of loader 'app'", "in module java.base of loader 'bootstrap'" };
	if (!object || class_is(at(object)->class, c->class))
		return true;
	const struct class *a = at(object)->class, *b = c->class;
	const char *from = dotted(a->name), *to = dotted(b->name);
	if (a->library == b->library)
		return throw_new("java/lang/ClassCastException", "class %s cannot be cast to class %s (%s and %s are %s)",
		                 from, to, from, to, where[a->library]);
	return throw_new("java/lang/ClassCastException", "class %s cannot be cast to class %s (%s is %s; %s is %s)",
	                 from, to, from, where[a->library], to, where[b->library]);
}

static bool throw_it(ref exception)
{
	if (!exception)
		return throw_null();
	if (!class_is(at(exception)->class, class_named("java/lang/Throwable")))
		wrong_class();
	vm.thrown = exception;
	return false;
}

static int32_t switch_target(const struct instruction *i, slot value)
{
	const int32_t *words = switch_table(i->operand);
	if (i->op == OP_tableswitch) {
		uint32_t n = (uint32_t)value - (uint32_t)words[1];
		return n < (uint32_t)words[2] ? words[3 + n] : words[0];
	}
	for (int32_t n = 0; n < words[1]; n++)
		if (words[2 + 2 * n] == value)
			return words[3 + 2 * n];
	return words[0];
}

/* ---- calls -------------------------------------------------------------------- */

/* Room for the arrays of new_arrays and for what the library pushes. */
enum { SPARE = 512, NESTED_MOST = 200 };

static bool enter(const struct method *m)
{
	slot *locals = vm.sp - m->argument_slots;
	if (vm.frame + 1 == vm.frames_end || vm.stack_end - locals < m->max_locals + m->max_stack + SPARE)
		return throw_new("java/lang/StackOverflowError", NULL);
	memset(vm.sp, 0, (m->max_locals - m->argument_slots) * sizeof(slot));
	vm.frame->at = vm.at;
	*++vm.frame = (struct frame){ m, m->code, locals };
	vm.sp = locals + m->max_locals;
	return true;
}

static bool call_native(struct method *m)
{
	slot *a = vm.sp - m->argument_slots;
	for (uint32_t n = 0; n < m->argument_slots; n++)
		if (m->arguments[n] && a[n] && !class_is(at((ref)a[n])->class, m->arguments[n]))
			wrong_class();
	bool done = m->native(m, a);
	vm.sp = a + (m->returns == 'V' ? 0 : m->returns == 'J' ? 2 : 1);
	return done;
}

/* The method that an object has for the one named; NULL: thrown. */
static struct method *method_of(const struct class *class, struct method *named)
{
	struct method *m = method_select(class, named);
	if (m && !(m->flags & (ACC_ABSTRACT | ACC_STATIC)))
		return m;
	throw_new("java/lang/AbstractMethodError", "%s.%s%s", dotted(class->name), named->name->text, named->descriptor->text);
	return NULL;
}

static struct method *not_fitting(const struct class *class, const struct class *wanted)
{
	if (!(wanted->flags & ACC_INTERFACE))
		wrong_class();
	throw_new("java/lang/IncompatibleClassChangeError", "Class %s does not implement the requested interface %s",
	          dotted(class->name), dotted(wanted->name));
	return NULL;
}

/* Likewise for a call; what was found for the class last time is found at once. */
static struct method *receiver_method(const struct instruction *i, struct constant *c, ref object)
{
	if (!object)
		return throw_null(), NULL;
	const struct class *class = at(object)->class;
	if (class != c->last) {
		if (!class_is(class, c->class))
			return not_fitting(class, c->class);
		c->last = class;
		c->target = NULL;
	}
	if (i->op == OP_invokespecial || c->method->flags & ACC_PRIVATE)
		return c->method;
	if (!c->target)
		c->target = method_of(class, c->method);
	return c->target;
}

static bool invoke(const struct instruction *i)
{
	struct constant *c = constant(i);
	struct method *m = c->method;
	if (i->op != OP_invokestatic)
		m = receiver_method(i, c, (ref)vm.sp[-(ptrdiff_t)m->argument_slots]);
	else if (!started(m->class))
		m = NULL;
	return m && (m->native ? call_native(m) : enter(m));
}

/* ---- one instruction after the other ---------------------------------------------- */

/* a and b are what it takes, b the top; what it puts there takes their place. */
#define I_I(value)  { slot a = sp[-1]; sp[-1] = (value); break; }
#define II_I(value) { slot b = *--sp, a = sp[-1]; sp[-1] = (value); break; }
#define JJ_J(value) { int64_t b = get_long(sp -= 2), a = get_long(sp - 2); put_long(sp - 2, (value)); break; }
#define JI_J(value) { slot b = *--sp; int64_t a = get_long(sp - 2); put_long(sp - 2, (value)); break; }

/* Goes on at the target if it is so. */
#define IF(condition) { slot a = *--sp; if (condition) next = code + i->operand; break; }
#define IF_2(condition) { sp -= 2; slot a = sp[0], b = sp[1]; if (condition) next = code + i->operand; break; }

/* What may throw, or collect: the rest must know how far the stack goes. */
#define MUST(done) { vm.sp = sp; if (!(done)) goto thrown; }

#define LOAD(type, holds) { \
		struct object *o; \
		MUST(o = element((ref)sp[-2], sp[-1], holds)) \
		sp--; \
		sp[-1] = (slot)((type *)o->data)[sp[0]]; \
		break; \
	}
#define STORE(type, holds) { \
		struct object *o; \
		MUST(o = element((ref)sp[-3], sp[-2], holds)) \
		sp -= 3; \
		((type *)o->data)[sp[1]] = (type)sp[2]; \
		break; \
	}

/* A step begins: what is seen from outside is in storage when at changes. */
static void begin_step(const struct instruction *i, slot *sp)
{
	vm.sp = sp;
	__asm__ volatile("" : : : "memory");
	*(const struct instruction *volatile *)&vm.at = i;
}

/* Until the frame is floor: the method has returned, or an exception has left it. */
static bool execute(const struct frame *floor)
{
	const struct instruction *code = vm.frame->method->code, *next = code, *i;
	slot *sp = vm.sp, *locals = vm.frame->locals, *place;
	for (;;) {
		begin_step(i = next++, sp);
		switch ((enum op)i->op) {
		case OP_nop: break;
		case OP_aconst_null: *sp++ = 0; break;
		case OP_sipush: *sp++ = i->operand; break;
		case OP_lconst_0: put_long(sp, i->operand); sp += 2; break;
		case OP_ldc_w: {
			const struct constant *c = constant(i);
			if (c->tag == TAG_INTEGER)
				*sp = c->value[0];
			else
				MUST(*sp = (slot)load_constant(c))
			sp++;
			break;
		}
		case OP_ldc2_w: memcpy(sp, constant(i)->value, 2 * sizeof(slot)); sp += 2; break;

		case OP_iload: case OP_aload: *sp++ = locals[i->operand]; break;
		case OP_lload: memcpy(sp, &locals[i->operand], 2 * sizeof(slot)); sp += 2; break;
		case OP_istore: case OP_astore: locals[i->operand] = *--sp; break;
		case OP_lstore: memcpy(&locals[i->operand], sp -= 2, 2 * sizeof(slot)); break;
		case OP_iinc: locals[i->operand & 0xFFFF] += i->operand >> 16; break;

		case OP_iaload: LOAD(int32_t, 'I')
		case OP_aaload: LOAD(slot, 'A')
		case OP_baload: LOAD(int8_t, 'B')
		case OP_caload: LOAD(uint16_t, 'C')
		case OP_saload: LOAD(int16_t, 'S')
		case OP_laload: {
			struct object *o;
			MUST(o = element((ref)sp[-2], sp[-1], 'J'))
			memcpy(sp - 2, &o->data[2 * sp[-1]], 2 * sizeof(slot));
			break;
		}
		case OP_iastore: STORE(int32_t, 'I')
		case OP_bastore: {
			struct object *o;
			MUST(o = element((ref)sp[-3], sp[-2], 'B'))
			sp -= 3;
			((int8_t *)o->data)[sp[1]] = (int8_t)(o->class->holds == 'Z' ? sp[2] & 1 : sp[2]);
			break;
		}
		case OP_castore: STORE(uint16_t, 'C')
		case OP_sastore: STORE(int16_t, 'S')
		case OP_aastore: MUST(store_reference((ref)sp[-3], sp[-2], (ref)sp[-1])) sp -= 3; break;
		case OP_lastore: {
			struct object *o;
			MUST(o = element((ref)sp[-4], sp[-3], 'J'))
			sp -= 4;
			memcpy(&o->data[2 * sp[1]], &sp[2], 2 * sizeof(slot));
			break;
		}

		case OP_pop: sp--; break;
		case OP_pop2: sp -= 2; break;
		case OP_dup: *sp = sp[-1]; sp++; break;
		case OP_dup_x1: sp[0] = sp[-1]; sp[-1] = sp[-2]; sp[-2] = sp[0]; sp++; break;
		case OP_dup_x2: memmove(sp - 2, sp - 3, 3 * sizeof(slot)); sp[-3] = sp[0]; sp++; break;
		case OP_dup2: sp[0] = sp[-2]; sp[1] = sp[-1]; sp += 2; break;
		case OP_dup2_x1: memmove(sp - 1, sp - 3, 3 * sizeof(slot)); sp[-3] = sp[0]; sp[-2] = sp[1]; sp += 2; break;
		case OP_dup2_x2: memmove(sp - 2, sp - 4, 4 * sizeof(slot)); sp[-4] = sp[0]; sp[-3] = sp[1]; sp += 2; break;
		case OP_swap: sp[0] = sp[-1]; sp[-1] = sp[-2]; sp[-2] = sp[0]; break;

		case OP_iadd: II_I(a + b)
		case OP_isub: II_I(a - b)
		case OP_imul: II_I(a * b)
		case OP_idiv: MUST(sp[-1] != 0 || divide_by_zero()) II_I(quotient(a, b))
		case OP_irem: MUST(sp[-1] != 0 || divide_by_zero()) II_I(a - b * quotient(a, b))
		case OP_ineg: I_I(-a)
		case OP_ishl: II_I((slot)((uint32_t)a << (b & 31)))
		case OP_ishr: II_I(a >> (b & 31))
		case OP_iushr: II_I((slot)((uint32_t)a >> (b & 31)))
		case OP_iand: II_I(a & b)
		case OP_ior: II_I(a | b)
		case OP_ixor: II_I(a ^ b)
		case OP_ladd: JJ_J(a + b)
		case OP_lsub: JJ_J(a - b)
		case OP_lmul: JJ_J(a * b)
		case OP_ldiv: MUST(get_long(sp - 2) != 0 || divide_by_zero()) JJ_J(long_quotient(a, b))
		case OP_lrem: MUST(get_long(sp - 2) != 0 || divide_by_zero()) JJ_J(a - b * long_quotient(a, b))
		case OP_lneg: put_long(sp - 2, -get_long(sp - 2)); break;
		case OP_lshl: JI_J((int64_t)((uint64_t)a << (b & 63)))
		case OP_lshr: JI_J(a >> (b & 63))
		case OP_lushr: JI_J((int64_t)((uint64_t)a >> (b & 63)))
		case OP_land: JJ_J(a & b)
		case OP_lor: JJ_J(a | b)
		case OP_lxor: JJ_J(a ^ b)
		case OP_lcmp: {
			int64_t b = get_long(sp - 2), a = get_long(sp - 4);
			sp -= 3;
			sp[-1] = (a > b) - (a < b);
			break;
		}
		case OP_i2l: put_long(sp - 1, sp[-1]); sp++; break;
		case OP_l2i: sp--; break;
		case OP_i2b: I_I((slot)((uint32_t)a << 24) >> 24)
		case OP_i2c: I_I((uint16_t)a)
		case OP_i2s: I_I((int16_t)a)

		case OP_ifeq: case OP_ifnull: IF(a == 0)
		case OP_ifne: case OP_ifnonnull: IF(a != 0)
		case OP_iflt: IF(a < 0)
		case OP_ifge: IF(a >= 0)
		case OP_ifgt: IF(a > 0)
		case OP_ifle: IF(a <= 0)
		case OP_if_icmpeq: case OP_if_acmpeq: IF_2(a == b)
		case OP_if_icmpne: case OP_if_acmpne: IF_2(a != b)
		case OP_if_icmplt: IF_2(a < b)
		case OP_if_icmpge: IF_2(a >= b)
		case OP_if_icmpgt: IF_2(a > b)
		case OP_if_icmple: IF_2(a <= b)
		case OP_goto: next = code + i->operand; break;
		case OP_tableswitch: case OP_lookupswitch: next = code + switch_target(i, *--sp); break;

		case OP_getstatic:
			MUST(place = static_field(constant(i)))
			*sp++ = place[0];
			if (constant(i)->field->descriptor->text[0] == 'J')
				*sp++ = place[1];
			break;
		case OP_putstatic:
			MUST(place = static_field(constant(i)))
			if (constant(i)->field->descriptor->text[0] == 'J')
				place[1] = *--sp;
			place[0] = *--sp;
			break;
		case OP_getfield:
			MUST(place = field_of(constant(i), (ref)sp[-1]))
			sp[-1] = place[0];
			if (constant(i)->field->descriptor->text[0] == 'J')
				*sp++ = place[1];
			break;
		case OP_putfield: {
			bool two = constant(i)->field->descriptor->text[0] == 'J';
			MUST(place = field_of(constant(i), (ref)sp[two ? -3 : -2]))
			if (two)
				place[1] = *--sp;
			place[0] = *--sp;
			sp--;
			break;
		}

		case OP_invokevirtual: case OP_invokespecial: case OP_invokestatic: case OP_invokeinterface: {
			const struct frame *caller = vm.frame;
			MUST(invoke(i))
			sp = vm.sp;
			if (vm.frame != caller) {
				next = code = vm.frame->method->code;
				locals = vm.frame->locals;
			}
			break;
		}
		case OP_invokedynamic: {
			const struct constant *c = constant(i);
			MUST(string_join(c, sp - c->value[0]))
			sp += 1 - c->value[0];
			break;
		}
		case OP_lreturn: memcpy(locals, sp - 2, 2 * sizeof(slot)); sp = locals + 2; goto returned;
		case OP_ireturn: case OP_areturn: locals[0] = sp[-1]; sp = locals + 1; goto returned;
		case OP_return: sp = locals; goto returned;

		case OP_new: MUST(started(constant(i)->class) && (*sp = (slot)heap_new(constant(i)->class, 0))) sp++; break;
		case OP_newarray: MUST(sp[-1] = (slot)new_array(vm.arrays[i->operand], sp[-1])) break;
		case OP_anewarray: MUST(sp[-1] = (slot)new_array(constant(i)->class->array, sp[-1])) break;
		case OP_multianewarray: {
			unsigned n = (unsigned)i->operand >> 16;
			ref array;
			MUST(none_negative(sp - n, n) && (array = new_arrays(constant(i)->class, sp - n, n)))
			sp -= n;
			*sp++ = (slot)array;
			break;
		}
		case OP_arraylength:
			MUST(sp[-1] || throw_null())
			if (!at((ref)sp[-1])->class->holds)
				wrong_class();
			sp[-1] = (slot)at((ref)sp[-1])->length;
			break;
		case OP_athrow: MUST(throw_it((ref)sp[-1])) break;
		case OP_checkcast: MUST(cast(constant(i), (ref)sp[-1])) break;
		case OP_instanceof: sp[-1] = sp[-1] && class_is(at((ref)sp[-1])->class, constant(i)->class); break;
		case OP_monitorenter: case OP_monitorexit: MUST(sp[-1] || throw_null()) sp--; break;
		}
		continue;
	returned:
		vm.sp = sp;
		vm.at = (--vm.frame)->at;
		if (vm.frame == floor)
			return true;
		code = vm.frame->method->code;
		locals = vm.frame->locals;
		next = vm.at + 1;
		continue;
	thrown:
		next = unwind(floor);
		if (!next)
			return false;
		code = vm.frame->method->code;
		locals = vm.frame->locals;
		sp = vm.sp;
	}
}

/* ---- from outside ----------------------------------------------------------------- */

bool call(struct method *m)
{
	const struct frame *floor = vm.frame;
	if (m->native)
		return call_native(m);
	if (m->flags & ACC_ABSTRACT)
		return throw_new("java/lang/AbstractMethodError", "%s.%s", dotted(m->class->name), m->name->text);
	if (vm.nested == NESTED_MOST)
		return throw_new("java/lang/StackOverflowError", NULL);
	if (!enter(m))
		return false;
	vm.nested++;
	bool done = execute(floor);
	vm.nested--;
	return done;
}

bool call_virtual(ref object, const char *name, const char *descriptor, slot *result)
{
	slot *before = vm.sp;
	struct method named = { .name = name_of(name), .descriptor = name_of(descriptor) };
	struct method *m = method_of(at(object)->class, &named);
	if (!m)
		return false;
	*vm.sp++ = (slot)object;
	bool done = call(m);
	*result = *before;
	vm.sp = before;
	return done;
}

static struct symbol *constant_text(const struct class *class, unsigned index)
{
	return constant_at(class, constant_at(class, index, TAG_STRING)->a, TAG_UTF8)->symbol;
}

static bool set_constants(struct class *class)
{
	for (unsigned n = 0; n < class->field_count; n++) {
		const struct field *f = &class->fields[n];
		slot *to = &class->statics[f->at];
		if (!f->constant || !(f->flags & ACC_STATIC))
			continue;
		if (*f->descriptor->text == 'J')
			memcpy(to, constant_at(class, f->constant, TAG_LONG)->value, 2 * sizeof(slot));
		else if (strchr("ZBCSI", *f->descriptor->text))
			*to = constant_at(class, f->constant, TAG_INTEGER)->value[0];
		else if (*f->descriptor->text != 'L')
			continue; /* which nothing can get at: float, double */
		else if (!(*to = (slot)string_literal(constant_text(class, f->constant))))
			return false;
	}
	return true;
}

static bool has_default_method(const struct class *interface)
{
	for (unsigned n = 0; n < interface->method_count; n++)
		if (!(interface->methods[n].flags & (ACC_ABSTRACT | ACC_STATIC)))
			return true;
	return false;
}

/* Those beneath first, and only those that a class of theirs takes code from. */
static bool start_interfaces(const struct class *class)
{
	for (unsigned n = 0; n < class->interface_count; n++) {
		struct class *interface = class->interfaces[n];
		if (!start_interfaces(interface) || (has_default_method(interface) && !started(interface)))
			return false;
	}
	return true;
}

static bool start_beneath(const struct class *class)
{
	return class->flags & ACC_INTERFACE || ((!class->super || started(class->super)) && start_interfaces(class));
}

static bool run_initialiser(struct class *class)
{
	const struct symbol *name = name_of("<clinit>"), *descriptor = name_of("()V");
	if (!start_beneath(class))
		return false;
	if (!set_constants(class))
		return false;
	for (unsigned n = 0; n < class->method_count; n++) {
		struct method *m = &class->methods[n];
		if (m->name == name && m->descriptor == descriptor && m->flags & ACC_STATIC)
			return call(m);
	}
	return true;
}

/* An exception that is no Error becomes the cause of one. */
static void wrap(void)
{
	ref cause = vm.thrown;
	if (class_is(at(cause)->class, class_named("java/lang/Error")))
		return;
	*vm.sp++ = (slot)cause;
	vm.thrown = 0;
	throw_new("java/lang/ExceptionInInitializerError", NULL);
	vm.sp--;
	if (vm.thrown != vm.out_of_memory)
		at(vm.thrown)->data[THROWABLE_CAUSE] = (slot)cause;
}

bool class_start(struct class *class)
{
	slot *before = vm.sp;
	if (class->state == CLASS_STARTED)
		return true;
	if (class->state == CLASS_FAILED)
		return throw_new("java/lang/NoClassDefFoundError", "Could not initialize class %s", dotted(class->name));
	class->state = CLASS_STARTED;
	if (run_initialiser(class))
		return true;
	class->state = CLASS_FAILED;
	vm.sp = before;
	wrap();
	return false;
}
