/* What a guest program gets from PG-32 without a C library: the System ISA as
 * functions, the console, the disk, the clock, traps, and checks of its own
 * findings.  Programs that use only this need no libc; programs that have one may
 * use it too.  Every function here runs in supervisor mode under base 0.
 */
#ifndef DROSTE_GUEST_H
#define DROSTE_GUEST_H

#include <stdbool.h>

#include "isa/asm.h"
#include "isa/isa.h"

/* ---- the System ISA (machine manual) ------------------------------------ */

static inline enum condition sio(struct command_block *block)
{
	unsigned cc;
	__asm__ volatile("sio %0, 0(%1)" : "=r"(cc) : "r"(block) : "memory");
	return (enum condition)cc;
}

static inline uint64_t stck(void)
{
	uint64_t clock;
	__asm__ volatile("stck 0(%0)" : : "r"(&clock) : "memory");
	return clock;
}

static inline uint32_t ssm(uint32_t mask)
{
	uint32_t old;
	__asm__ volatile("ssm %0, %1" : "=r"(old) : "r"(mask) : "memory");
	return old;
}

static inline uint32_t rdst(void)
{
	uint32_t status;
	__asm__ volatile("rdst %0" : "=r"(status) : : "memory");
	return status;
}

static inline uint32_t stmr(uint32_t timer)
{
	uint32_t old;
	__asm__ volatile("stmr %0, %1" : "=r"(old) : "r"(timer) : "memory");
	return old;
}

static inline uint32_t rtmr(void)
{
	uint32_t timer;
	__asm__ volatile("rtmr %0" : "=r"(timer) : : "memory");
	return timer;
}

static inline void wait_for_interrupt(void) { __asm__ volatile("wait" : : : "memory"); }

static inline _Noreturn void halt(uint32_t code)
{
	__asm__ volatile("halt %0" : : "r"(code) : "memory");
	__builtin_unreachable();
}

/* ---- storage (start.S, guest.ld) ---------------------------------------- */

extern uint32_t storage_size;  /* q, in bytes, as the reset said */
extern uint8_t image_end[];    /* the first byte behind the program and its .bss */

/* Goes on as rest with the stack below top, a multiple of 16, and halts with its
 * value: for programs that need the top of storage, where the stack was. */
_Noreturn void move_stack(void *top, int (*rest)(void));

/* A word of storage at an absolute address: the trap cells. */
static inline volatile uint32_t *cell(uint32_t address) { return (volatile uint32_t *)(uintptr_t)address; }

/* ---- console.c ---------------------------------------------------------- */

void console_write(unsigned line, const void *bytes, size_t n);

/* Up to n bytes, but at least one: waits for input if there is none.  It uses
 * attention without the interrupt; interrupts may be on or off. */
size_t console_read(unsigned line, void *bytes, size_t n);

/* Up to n bytes of what has arrived, perhaps none. */
size_t console_poll(unsigned line, void *bytes, size_t n);

/* Programs with a C library: whether stdin shows what is typed and lets it be rubbed
 * out, line by line.  False at first, so that piped input is not repeated. */
extern bool console_echo;

/* Formatted text on line 0 in as few transfers as can be: %d %u %x with a width
 * that may begin with 0, %s, %c, %%; l and ll as in C. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- disk.c ------------------------------------------------------------- */

uint32_t disk_sectors(void);
enum condition disk_read(uint32_t sector, void *to, uint32_t bytes);
enum condition disk_write(uint32_t sector, const void *from, uint32_t bytes);

/* ---- trap.c ------------------------------------------------------------- */

/* What trap_entry saves, and restores after trap_handler has returned. */
struct trap_frame {
	uint32_t x[32];
	struct psw psw;
	uint32_t cause, tval;
};

/* Called for every trap, interrupts off, on a stack of its own of 4 KiB.  A
 * program defines it; if it does not, every trap is reported by trap_panic. */
void trap_handler(struct trap_frame *frame);

/* Reports the trap on the console and halts with code 128 + cause. */
_Noreturn void trap_panic(const struct trap_frame *frame);

/* Reports the message and halts with code 255. */
_Noreturn void panic(const char *message);

/* Where start.S points the new PSW; a program may point it elsewhere. */
void trap_entry(void);

/* ---- check.c ------------------------------------------------------------ */

/* Prints what has failed, if it has. */
void check(bool holds, const char *what);
void check_equal(uint32_t is, uint32_t should_be, const char *what);

/* Takes n words into the digest of what the program has seen. */
void check_saw(const uint32_t *words, size_t n);

/* How many have failed. */
uint32_t check_failures(void);

/* Prints the number of checks and the digest, and returns the exit code: 0 if all
 * held, else 1. */
int check_report(void);

#endif
