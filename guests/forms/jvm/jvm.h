/* A process virtual machine with another interface: the Java virtual machine of Lindholm and
 * Yellin, for a subset of its instructions and of its library (README.md says which).
 *
 *   main.c       what the machine asks of PG-32
 *   vm.c         from the input to the end
 *   input.c      class files, one behind the other or in a jar, from the input; the rest is the program's
 *   classfile.c  a class file to a struct class
 *   class.c      symbols, classes and their members: made, found, linked
 *   verify.c     bytes of code to struct instruction; proof that no stack, local or branch goes wrong
 *   interpret.c  instructions carried out (jvm.def)
 *   throw.c      exceptions: made, caught, told
 *   heap.c       objects, and the collector of those that nothing reaches
 *   library.c    the classes that every program has beneath it (library.def)
 *   text.c       those of them that are about text: String, StringBuilder, what is printed
 *
 * Nothing of a class file is believed.  What can be checked before it runs is (classfile.c, class.c,
 * verify.c): formats, indexes, targets, depths, and which words are ints, halves of longs and
 * references.  That an object is of the class an instruction names is checked when it runs.
 */
#ifndef JVM_H
#define JVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- the machine -------------------------------------------------------- */

/* A word of a stack, an object, a class: an int, half a long (the low one first), or a
 * reference, which is an object's distance from the beginning of the heap, or 0, null. */
typedef int32_t slot;
typedef uint32_t ref;

struct frame {
	const struct method *method;
	const struct instruction *at; /* that has called the next frame */
	slot *locals;                 /* the arguments first; behind the locals, its stack */
};

struct vm {
	uint8_t *memory;       /* all there is: from below classes and stacks, then the heap; */
	size_t taken, size;    /* from size downwards, what a step of loading needs */
	struct class *classes;
	unsigned class_count;
	struct class *arrays[12];  /* of numbers, by the code that newarray has for them */
	uint8_t *heap;         /* heap.c */
	slot *stack, *sp, *stack_end;
	struct frame *frames, *frame, *frames_end; /* frame: the one that runs; frames[0] is nobody's */
	const struct instruction *at;              /* being carried out */
	unsigned nested;       /* how often the interpreter has called itself */
	ref thrown;            /* the exception looking for a handler */
	ref out_of_memory;     /* ready, for when there is no room to make one */
	ref kept;              /* by C, while it makes something else */
};

extern struct vm vm;

enum { EXIT_UNCAUGHT = 1, EXIT_REFUSED = 2 };

/* Loads what is on the input and runs it: does not return, but by vm_end. */
_Noreturn void vm_run(void *memory, size_t size);

/* What the machine asks of the one beneath: main.c, or a test. */
_Noreturn void vm_end(int code);
size_t vm_input(void *to, size_t n, bool wait); /* how many; 0: there is none, or none yet */
void vm_output(const void *from, size_t n);
uint64_t vm_clock(void);

/* Room that stays; room until it is given back.  Zeroed. */
void *vm_take(size_t bytes);
void *vm_borrow(uint64_t bytes);

_Noreturn void vm_no_room(void);

/* Says "jvm: ERROR: why", ERROR being the name that Java has for it, and ends. */
_Noreturn void refuse(const char *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- input.c ------------------------------------------------------------- */

void load_all(void);
const char *main_class(void);        /* as the jar says; NULL: it does not */
void get_bytes(void *to, size_t n);  /* of the class file being loaded */
int next_input(void);                /* the program's own; -1 at the end */

/* ---- class.c ------------------------------------------------------------- */

/* Every name, descriptor and string literal is there once. */
struct symbol {
	struct symbol *next;
	ref string;            /* the String of a literal; 0: not made yet */
	uint32_t length;
	char text[];           /* in the class file's UTF-8, and a 0 */
};

enum constant_tag {
	TAG_UTF8 = 1, TAG_INTEGER = 3, TAG_FLOAT, TAG_LONG, TAG_DOUBLE, TAG_CLASS, TAG_STRING, TAG_FIELD, TAG_METHOD,
	TAG_INTERFACE_METHOD, TAG_NAME_AND_TYPE,
	TAG_HANDLE = 15, TAG_METHOD_TYPE, TAG_DYNAMIC, TAG_INVOKE_DYNAMIC, TAG_MODULE, TAG_PACKAGE,
};

struct constant {
	uint8_t tag;
	uint16_t a, b;               /* what it refers to, as in the file */
	slot value[2];               /* of a number */
	struct symbol *symbol;       /* its text; of an invokedynamic, the recipe, */
	struct symbol *descriptor;   /* and the types of what it joins, in value[0] slots */
	struct class *class;         /* named, or whose member it is */
	struct method *method;
	struct field *field;
	const struct class *last;    /* the class of the object that came here last, found to fit, */
	struct method *target;       /* and the method it has; NULL: not looked for yet */
};

enum access {
	ACC_PRIVATE = 0x2, ACC_STATIC = 0x8, ACC_FINAL = 0x10, ACC_NATIVE = 0x100, ACC_INTERFACE = 0x200, ACC_ABSTRACT = 0x400,
};

struct field {
	struct class *class;
	struct symbol *name, *descriptor;
	uint16_t flags, constant;    /* constant: its value in the class's constants, or 0 */
	uint32_t at;                 /* slot of the object, or of the class's statics */
};

/* Carries out a method of the library: arguments from a[0], the result to a[0].  False: thrown. */
typedef bool native(const struct method *method, slot *a);

struct handler {
	uint32_t from, to, at;       /* indexes of instructions; to is behind the last */
	uint16_t type;               /* of constants; 0: any */
	struct class *class;
};

struct line {
	uint16_t pc, number;
};

struct method {
	struct class *class;
	struct symbol *name, *descriptor;
	uint16_t flags, max_stack, max_locals;
	uint32_t argument_slots;     /* this included */
	char returns;                /* I, J, A, or V: nothing */
	native *native;
	struct class **arguments;    /* of a native method: what each must be; NULL: anything */
	uint8_t *bytes;              /* borrowed while loading */
	uint32_t byte_count;
	struct instruction *code;    /* from verify.c */
	struct handler *handlers;
	struct line *lines;
	unsigned handler_count, line_count;
};

enum class_state { CLASS_LOADED, CLASS_LINKING, CLASS_LINKED, CLASS_STARTED, CLASS_FAILED };

struct class {
	struct class *next;
	struct symbol *name, *super_name, *source;
	struct class *super, **interfaces;
	struct symbol **interface_names;
	unsigned number;
	uint16_t flags;
	bool library;
	enum class_state state;      /* CLASS_STARTED: its static initialiser runs or has run */
	unsigned constant_count, interface_count, field_count, method_count, recipe_count;
	struct constant *constants;
	struct field *fields;
	struct method *methods;
	uint16_t *recipes;           /* of bootstrap methods: handle, first argument */
	uint32_t slots, unit;        /* of an object; or, of an array, bytes of an element */
	char holds;                  /* an array: Z B C S I J, or A for references; 0: no array */
	struct class *element;       /* of an array of references */
	struct class *array;         /* of these; NULL: not made yet */
	slot *statics;
	ref mirror;                  /* its java.lang.Class; 0: not made yet */
};

enum { SYMBOL_BUCKETS = 256 };

extern struct symbol *symbols[SYMBOL_BUCKETS];

struct symbol *symbol(const char *text, size_t n);
struct symbol *name_of(const char *text);

struct class *class_new(struct symbol *name);
struct class *class_given(const struct symbol *name);  /* NULL: there is none */
struct class *class_find(struct symbol *name);         /* arrays are made; refused if there is none */
struct class *class_named(const char *name);
struct class *class_array_of(struct class *element);
void class_link(struct class *class);
bool class_is(const struct class *class, const struct class *of);

struct method *method_find(const struct class *class, const struct symbol *name, const struct symbol *descriptor); /* NULL */

/* The one that an object of the class has for the one named: a private method stands for no other.  NULL. */
struct method *method_select(const struct class *class, const struct method *named);
struct field *field_find(const struct class *class, const struct symbol *name, const struct symbol *descriptor);   /* NULL */

struct constant *constant_at(const struct class *class, unsigned index, enum constant_tag tag);
struct constant *constant_class(const struct class *class, unsigned index);
struct constant *constant_member(const struct class *class, unsigned index, bool is_method);

/* What follows the type that a descriptor begins with; NULL: it begins with none. */
const char *type_after(const char *type);

/* The kind (I J A V) of such a type, known to be one, and what follows it. */
const char *type_next(const char *type, char *kind);

#define FOR_ARGUMENTS(type, kind, descriptor) \
	for (const char *type = (descriptor) + 1, *next_; *type != ')' && (next_ = type_next(type, &(kind))); type = next_)

/* ---- classfile.c ---------------------------------------------------------- */

void class_read(void);

/* ---- verify.c ------------------------------------------------------------- */

enum op {
#define OP(code, name, operand, kinds, effect) OP_##name = (code),
#define FORM(code, name, operand, of, value)
#include "jvm.def"
};

struct instruction {
	uint32_t pc;     /* in the class file */
	uint8_t op;
	int32_t operand; /* a number, a local, a constant, an instruction's index, a table's place in vm.memory */
};

/* A switch's: where to go otherwise; tableswitch: the lowest value, how many; lookupswitch: how many; then
 * targets, each behind its value in lookupswitch. */
static inline int32_t *switch_table(int32_t place) { return (int32_t *)(void *)(vm.memory + place); }

void verify(struct method *method);

/* ---- interpret.c ----------------------------------------------------------- */

/* Calls a method with the arguments on the stack, which its result replaces.  False: thrown. */
bool call(struct method *method);

/* Of the object's class, with the name and descriptor. */
bool call_virtual(ref object, const char *name, const char *descriptor, slot *result);

bool class_start(struct class *class); /* its static initialiser, if that has not been run */

/* ---- throw.c ---------------------------------------------------------------- */

/* For 'return throw_new(...)': always false.  NULL: no message. */
bool throw_new(const char *class, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool throw_null(void);
const char *dotted(const struct symbol *name); /* with . for /; good until some more of them */
void trace_fill(ref exception);
void trace_print(ref exception);
/* The handler that it goes to, in a frame above floor; else NULL, and the frame is floor. */
const struct instruction *unwind(const struct frame *floor);

/* ---- heap.c ----------------------------------------------------------------- */

struct object {
	struct class *class; /* NULL: a free block */
	uint32_t length;     /* elements; of a free block, bytes */
	ref next;            /* heap.c's: the next free, or the next to look at */
	slot data[];         /* slots, or elements of class->unit bytes */
};

/* At 0, where null leads, is an array of no elements: a String without its constructor has that. */
static inline struct object *at(ref r) { return (struct object *)(void *)(vm.heap + r); }

void heap_start(void); /* what is left of the memory */
ref heap_new(struct class *class, uint32_t length); /* 0: thrown */

/* ---- library.c, text.c ------------------------------------------------------------ */

void library_load(void);   /* its classes; nothing else is there yet */
bool library_start(void);  /* its objects. False: thrown */

/* Slots of the library's objects, as library.def declares them. */
enum { THROWABLE_MESSAGE, THROWABLE_CAUSE, THROWABLE_TRACE };
enum { STRING_CHARS };
enum { BUILDER_CHARS, BUILDER_LENGTH };

/* What a String or StringBuilder keeps its text in. */
static inline struct object *chars_of(ref string) { return at((ref)at(string)->data[STRING_CHARS]); }
static inline uint16_t *chars(struct object *array) { return (uint16_t *)array->data; }

ref string_new(const uint16_t *from, uint32_t n); /* 0: thrown */
ref string_from(const char *text);                /* in UTF-8 as in class files; 0: thrown */
ref string_literal(struct symbol *symbol);        /* 0: thrown */
void string_print(ref string);                    /* null, too */
bool string_of(slot *value);                      /* an object replaced by its toString(), or "null" */
bool string_asked(ref object, const char *name, slot *result); /* of a method without arguments; may be null */
bool string_join(const struct constant *dynamic, slot *a);
ref class_mirror(struct class *class);            /* 0: thrown */

/* The functions of library.def. */
#define CLASS(name, super)
#define INTERFACE(name)
#define IMPLEMENTS(name)
#define FIELD(name, type)
#define STATIC_FIELD(name, type)
#define METHOD(name, descriptor, function) native function;
#define STATIC(name, descriptor, function) native function;
#define ABSTRACT(name, descriptor)
#include "library.def"

#endif
