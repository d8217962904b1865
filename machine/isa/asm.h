/* The System ISA for the stock assembler, which knows only RV32IM: one macro
 * for each row of the instruction table, so that `lpsw 0x48(x0)` and
 * `ssm a0, a1` can be written in .S files and in inline assembly.  Include it once
 * in a file, before the first use.
 */
#ifndef DROSTE_ASM_H
#define DROSTE_ASM_H

#define FIXED(funct7, funct3, opcode) opcode, funct3, funct7

#define ASM_SYS_M(name, op, f3, f7)  ASM_LINES(.macro name a, .insn i op, f3, x0, ARG(a))
#define ASM_SYS_DM(name, op, f3, f7) ASM_LINES(.macro name d a, .insn i op, f3, ARG(d), ARG(a))
#define ASM_SYS_ST(name, op, f3, f7) ASM_LINES(.macro name s t, .insn r op, f3, f7, x0, ARG(s), ARG(t))
#define ASM_SYS_DS(name, op, f3, f7) ASM_LINES(.macro name d s, .insn r op, f3, f7, ARG(d), ARG(s), x0)
#define ASM_SYS_D(name, op, f3, f7)  ASM_LINES(.macro name d, .insn r op, f3, f7, ARG(d), x0, x0)
#define ASM_SYS_S(name, op, f3, f7)  ASM_LINES(.macro name s, .insn r op, f3, f7, x0, ARG(s), x0)
#define ASM_WORD(name, op, f3, f7)   ASM_LINES(.macro name, .insn r op, f3, f7, x0, x0, x0)

#define ASM_ROW(row, ...) row(__VA_ARGS__)
#define INSN(name, format, match, class, effect)
#define SYSTEM(name, format, match, class, effect) ASM_ROW(ASM_##format, name, match)

#ifdef __ASSEMBLER__
#define ARG(x) \x
#define ASM_LINES(head, ...) head; __VA_ARGS__; .endm
#include "isa.def"
#else
#define ARG(x) \\x
#define ASM_LINES(head, ...) ASM_STRING(head) "\n" ASM_STRING(__VA_ARGS__) "\n.endm\n"
#define ASM_STRING(...) ASM_STRING_(__VA_ARGS__)
#define ASM_STRING_(...) #__VA_ARGS__
__asm__(
#include "isa.def"
);
#endif

#undef FIXED
#undef ARG
#undef ASM_LINES

#endif
