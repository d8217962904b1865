/* Every User instruction over boundary operands, its results printed as one digest an
 * instruction.  Compiled once, linked twice: as a guest and as a Linux program for
 * qemu-riscv32, which knows nothing of our tables; witness.sh compares what they print.
 * A row of isa.def whose format is not below does not compile.
 */

#include <stddef.h>
#include <stdint.h>

/* Given by the start-up of either side. */
void put(const char *text, size_t n);
int main(void);

static const uint32_t operands[] = {
	0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000,
	0x12345678, 0x55555555, 0xAAAAAAAA, 0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xDEADBEEF,
	0xFFFF0000, 0xFFFF7FFF, 0xFFFFFF80, 0xFFFFFFFE, 0xFFFFFFFF,
};

enum { OPERANDS = sizeof(operands) / sizeof(operands[0]), WINDOW = 16 };

/* ---- digests (FNV-1a) --------------------------------------------------- */

static uint32_t digest, results;

static void saw(uint32_t value)
{
	for (int i = 0; i < 4; i++)
		digest = (digest ^ (value >> 8 * i & 0xFF)) * 16777619;
	results++;
}

static void put_number(uint32_t value)
{
	char text[10] = { ' ' };
	for (int i = 0; i < 8; i++)
		text[1 + i] = "0123456789abcdef"[value >> (28 - 4 * i) & 15];
	put(text, 9);
}

static void tell(const char *name, size_t n, void (*run)(void))
{
	digest = 2166136261;
	results = 0;
	run();
	put(name, n);
	put_number(results);
	put_number(digest);
	put("\n", 1);
}

/* ---- one body for each format ------------------------------------------- */

#define FOR_EACH(x) for (const uint32_t *x = operands; x < operands + OPERANDS; x++)

#define BODY_R(name) \
	FOR_EACH(a) FOR_EACH(b) { \
		uint32_t d = 0; \
		__asm__ volatile(#name " %0, %1, %2" : "=&r"(d) : "r"(*a), "r"(*b)); \
		saw(d); \
		d = *a; \
		__asm__ volatile(#name " %0, %0, %1" : "+r"(d) : "r"(*b)); \
		saw(d); \
		d = *b; \
		__asm__ volatile(#name " %0, %1, %0" : "+r"(d) : "r"(*a)); \
		saw(d); \
		__asm__ volatile(#name " x0, %1, %2\n\tmv %0, x0" : "=r"(d) : "r"(*a), "r"(*b)); \
		saw(d); \
	}

#define WITH_IMMEDIATE(name, a, i) do { \
		uint32_t d; \
		__asm__ volatile(#name " %0, %1, " #i : "=r"(d) : "r"(a)); \
		saw(d); \
	} while (0)

#define BODY_I(name) \
	FOR_EACH(a) { \
		WITH_IMMEDIATE(name, *a, 0); \
		WITH_IMMEDIATE(name, *a, 1); \
		WITH_IMMEDIATE(name, *a, -1); \
		WITH_IMMEDIATE(name, *a, 0x555); \
		WITH_IMMEDIATE(name, *a, -0x556); \
		WITH_IMMEDIATE(name, *a, 2047); \
		WITH_IMMEDIATE(name, *a, -2048); \
	}

#define BODY_SH(name) \
	FOR_EACH(a) { \
		WITH_IMMEDIATE(name, *a, 0); \
		WITH_IMMEDIATE(name, *a, 1); \
		WITH_IMMEDIATE(name, *a, 7); \
		WITH_IMMEDIATE(name, *a, 16); \
		WITH_IMMEDIATE(name, *a, 31); \
	}

/* Less the value for 0, so that where the program stands does not show. */
#define UPPER(name, i) do { \
		uint32_t d, zero; \
		__asm__ volatile(#name " %0, " #i "\n\t" #name " %1, 0" : "=&r"(d), "=&r"(zero)); \
		saw(d - zero); \
	} while (0)

#define BODY_U(name) \
	UPPER(name, 1); \
	UPPER(name, 0x7FFFF); \
	UPPER(name, 0x80000); \
	UPPER(name, 0xFFFFF);

#define BODY_B(name) \
	FOR_EACH(a) FOR_EACH(b) { \
		uint32_t d; \
		__asm__ volatile("li %0, 1\n\t" #name " %1, %2, 1f\n\tli %0, 2\n\tj 2f\n" \
		                 "3:\tli %0, 3\n\tj 2f\n1:\t" #name " %2, %1, 3b\n\tli %0, 4\n2:" \
		                 : "=&r"(d) : "r"(*a), "r"(*b)); \
		saw(d); \
	}

#define BODY_J(name) \
	uint32_t link, after; \
	__asm__ volatile("j 2f\n1:\tj 3f\n2:\t" #name " %0, 1b\n3:\tla %1, 3b" : "=&r"(link), "=&r"(after)); \
	saw(after - link);

#define JUMP(name, i) do { \
		uint32_t link, after; \
		__asm__ volatile("la %1, 1f + 1\n\taddi %1, %1, -(" #i ")\n\t" #name " %0, " #i "(%1)\n2:\tj 3f\n" \
		                 "1:\tla %1, 2b\n3:" : "=&r"(link), "=&r"(after)); \
		saw(link - after); \
		__asm__ volatile("la %0, 1f\n\taddi %0, %0, -(" #i ")\n\t" #name " %0, " #i "(%0)\n2:\tnop\n" \
		                 "1:\tla %1, 2b" : "=&r"(link), "=&r"(after)); \
		saw(link - after); \
	} while (0)

#define BODY_I_JUMP(name) \
	JUMP(name, 0); \
	JUMP(name, 2044); \
	JUMP(name, -2044);

static uint8_t window[3 * WINDOW] __attribute__((aligned(16)));

static uint8_t *fresh_window(void)
{
	for (unsigned i = 0; i < sizeof(window); i++)
		window[i] = (uint8_t)(i * 37 + 129);
	return window + WINDOW;
}

#define FROM(name, at, i) do { \
		uint32_t d; \
		__asm__ volatile(#name " %0, " #i "(%1)" : "=r"(d) : "r"(at) : "memory"); \
		saw(d); \
	} while (0)

#define BODY_LOAD(name) \
	for (uint8_t *at = fresh_window(); at < window + 2 * WINDOW; at++) { \
		FROM(name, at, 0); \
		FROM(name, at, 3); \
		FROM(name, at, -5); \
		FROM(name, at - 2000, 2000); \
		FROM(name, at + 2048, -2048); \
	}

#define BODY_STORE(name) \
	FOR_EACH(a) \
		for (unsigned shift = 0; shift < 8; shift++) { \
			uint8_t *at = fresh_window() + shift; \
			__asm__ volatile(#name " %0, 0(%1)\n\t" #name " %0, -9(%1)\n\t" #name " %0, 2047(%2)" \
			                 : : "r"(*a), "r"(at), "r"(window + 2 * WINDOW - 2047) : "memory"); \
			for (unsigned i = 0; i < 2 * WINDOW; i++) \
				saw(window[i]); \
		}

#define BODY_FENCE(name) \
	uint32_t d = 42; \
	__asm__ volatile(".option push\n\t.option arch, +zifencei\n\t" NAME_##name "\n\t.option pop" : "+r"(d)); \
	saw(d);

#define NAME_fence   "fence"
#define NAME_fence_i "fence.i"

#define BODY_WORD(name) saw(0); /* ecall and ebreak are each system's own */

/* ---- the table ---------------------------------------------------------- */

#define SYSTEM(name, format, match, class, effect)
#define INSN(name, format, match, class, effect) static void run_##name(void) { BODY_##format(name) }
#include "isa/isa.def"
#undef INSN
#undef OPCODE

int main(void)
{
#define SYSTEM(name, format, match, class, effect)
#define INSN(name, format, match, class, effect) tell(#name, sizeof(#name) - 1, run_##name);
#include "isa/isa.def"
	return 0;
}
