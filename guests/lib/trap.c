/* Traps that a program does not expect: a report on the console, then HALT.  No
 * libc; called from trap_entry in start.S.
 */

#include "droste.h"

/* start.S knows these by number. */
_Static_assert(offsetof(struct trap_frame, psw) == 128, "FRAME_PSW");
_Static_assert(sizeof(struct trap_frame) <= 160, "FRAME_BYTES");

static const char *const cause_names[CAUSES] = {
#define CAUSE(symbol, name, tval) name,
#include "isa/causes.def"
};

static const char *cause_name(uint32_t cause) { return cause < CAUSES ? cause_names[cause] : "unknown"; }

__attribute__((weak)) void trap_handler(struct trap_frame *frame)
{
	trap_panic(frame);
}

_Noreturn void trap_panic(const struct trap_frame *frame)
{
	print("trap: %s at pc 0x%08lx, tval 0x%08lx\n", cause_name(frame->cause), frame->psw.pc, frame->tval);
	halt(128 + frame->cause);
}

_Noreturn void panic(const char *message)
{
	print("panic: %s\n", message);
	halt(255);
}
