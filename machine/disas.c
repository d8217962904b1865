/* The disassembler: the instruction table read backwards.  Its text is that of GNU
 * objdump with -M no-aliases, so that a test can compare the two.
 */

#include <stdio.h>
#include <string.h>

#include "window.h"

const char *const isa_register_names[32] = {
	"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
	"a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

/* One operand letter of formats.def as text in to. */
static void operand(char letter, uint32_t word, uint32_t pc, enum immediate kind, char *to, size_t n)
{
	uint32_t imm = isa_immediate(kind, word);
	switch (letter) {
	case 'd': snprintf(to, n, "%s", isa_register_names[isa_rd(word)]); break;
	case 's': snprintf(to, n, "%s", isa_register_names[isa_rs1(word)]); break;
	case 't': snprintf(to, n, "%s", isa_register_names[isa_rs2(word)]); break;
	case 'p': snprintf(to, n, "0x%x", pc + imm); break;
	case 'i':
		if (kind == IMM_U || kind == IMM_SHAMT)
			snprintf(to, n, "0x%x", kind == IMM_U ? imm >> 12 : imm);
		else
			snprintf(to, n, "%d", (int32_t)imm);
		break;
	default:  snprintf(to, n, "%c", letter); break;
	}
}

int disassemble(uint32_t word, uint32_t pc, char *to, size_t n)
{
	enum insn insn = isa_decode(word);
	if (insn == INSN_NONE)
		return snprintf(to, n, ".word\t0x%08x", word);
	const struct isa_format *format = &isa_formats[isa_insns[insn].format];
	char text[64];
	size_t length = 0;
	for (const char *c = format->operands; *c; c++) {
		operand(*c, word, pc, (enum immediate)format->immediate, text + length, sizeof(text) - length);
		length += strlen(text + length);
	}
	text[length] = '\0';
	char name[16];
	snprintf(name, sizeof(name), "%s", isa_insns[insn].name);
	if (strchr(name, '_'))
		*strchr(name, '_') = '.';
	return snprintf(to, n, length > 0 ? "%s\t%s" : "%s%s", name, text);
}
