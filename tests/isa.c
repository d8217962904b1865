/* The tables of machine/isa against themselves and against outside witnesses:
 * the stock RISC-V assembler and disassembler say what every encoding is, and a
 * linear scan of the rows says what every word decodes to.
 */

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "assemble.h"
#include "machine/window.h"
#include "random.h"

/* ---- the tables' own shape ---------------------------------------------- */

Test(isa, numbers_of_causes_are_the_manual_s)
{
	static const char *const names[] = { "reset", "privileged", "memory", "svc", "breakpoint",
	                                     "illegal", "misaligned", "timer", "io" };
	cr_assert(eq(int, CAUSES, 9));
	for (int cause = 0; cause < CAUSES; cause++)
		cr_expect(eq(str, (char *)isa_cause_names[cause], (char *)names[cause]));
}

Test(isa, numbers_of_device_commands_are_the_manual_s)
{
	cr_expect(DEVICE_CONSOLE == 0 && DEVICE_DISK == 1);
	cr_expect(CONSOLE_QUERY == 0 && CONSOLE_WRITE == 1 && CONSOLE_READ == 2);
	cr_expect(CONSOLE_DISARM == 3 && CONSOLE_ARM == 4);
	cr_expect(DISK_QUERY == 0 && DISK_WRITE == 1 && DISK_READ == 2);
}

Test(isa, every_row_fixes_its_opcode_and_no_bit_outside_its_mask)
{
	for (int i = 0; i < INSNS; i++) {
		const struct isa_insn *row = &isa_insns[i];
		cr_expect(eq(u32, row->mask & 0x7F, 0x7F), "%s", row->name);
		cr_expect(eq(u32, row->match & ~row->mask, 0), "%s", row->name);
		cr_expect(eq(u32, row->match & 3, 3), "%s: not a 32-bit encoding", row->name);
		cr_expect(strlen(row->effect) > 0, "%s", row->name);
	}
}

/* operand is a letter of formats.def; its field must be free in the mask. */
static uint32_t operand_bits(char operand, enum immediate kind)
{
	switch (operand) {
	case 'd': return UINT32_C(31) << 7;
	case 's': return UINT32_C(31) << 15;
	case 't': return UINT32_C(31) << 20;
	case 'i': case 'p': return isa_place_immediate(kind, UINT32_MAX);
	}
	return 0;
}

Test(isa, formats_leave_free_exactly_the_fields_they_write)
{
	for (int i = 0; i < INSNS; i++) {
		const struct isa_insn *row = &isa_insns[i];
		const struct isa_format *format = &isa_formats[row->format];
		if (row->format == FORMAT_FENCE)
			continue; /* its other fields are ignored, not written */
		uint32_t free = 0;
		for (const char *c = format->operands; *c; c++)
			free |= operand_bits(*c, format->immediate);
		cr_expect(eq(u32, free, ~row->mask), "%s", row->name);
	}
}

Test(isa, system_rows_are_all_of_custom_0_and_all_sensitive)
{
	cr_expect(eq(int, SYSTEM_INSNS, 13));
	for (int i = 0; i < INSNS; i++) {
		bool system = isa_opcode(isa_insns[i].match) == ISA_OPCODE_SYSTEM;
		cr_expect(eq(int, system, i >= INSN_SYSTEM), "%s", isa_insns[i].name);
		cr_expect(eq(int, isa_insns[i].sensitivity != INNOCUOUS, system), "%s", isa_insns[i].name);
	}
}

Test(isa, the_strict_profile_traps_every_system_instruction)
{
	cr_expect(eq(int, PROFILE_strict, 0));
	for (int i = 0; i < SYSTEM_INSNS; i++)
		cr_expect(eq(int, isa_profiles[PROFILE_strict].user[i], USER_TRAP));
}

Test(isa, immediates_survive_placing_and_reading)
{
	struct dice dice = { 1 };
	for (int i = 0; i < 100000; i++) {
		uint32_t w = dice_word(&dice);
		cr_assert(eq(u32, isa_imm_i(isa_place_immediate(IMM_I, w)), isa_sign_extend(w & 0xFFF, 11)));
		cr_assert(eq(u32, isa_imm_s(isa_place_immediate(IMM_S, w)), isa_sign_extend(w & 0xFFF, 11)));
		cr_assert(eq(u32, isa_imm_b(isa_place_immediate(IMM_B, w)), isa_sign_extend(w & 0x1FFE, 12)));
		cr_assert(eq(u32, isa_imm_j(isa_place_immediate(IMM_J, w)), isa_sign_extend(w & 0x1FFFFE, 20)));
		cr_assert(eq(u32, isa_imm_u(isa_place_immediate(IMM_U, w)), w << 12));
	}
}

/* ---- decoding ----------------------------------------------------------- */

/* What an instruction has no operand for is not to end in its immediate. */
Test(isa, encoding_leaves_out_operands_that_are_not_there)
{
	for (int i = 0; i < INSNS; i++) {
		enum immediate kind = (enum immediate)isa_formats[isa_insns[i].format].immediate;
		uint32_t word = isa_encode((enum insn)i, 31, 31, 31, 0);
		cr_expect(eq(u32, isa_immediate(kind, word), 0), "%s", isa_insns[i].name);
		cr_expect(eq(u32, word & isa_insns[i].mask, isa_insns[i].match), "%s", isa_insns[i].name);
	}
}

Test(isa, no_two_patterns_overlap)
{
	for (int i = 0; i < INSNS; i++)
		for (int j = 0; j < i; j++) {
			uint32_t both = isa_insns[i].mask & isa_insns[j].mask;
			cr_expect(ne(u32, (isa_insns[i].match ^ isa_insns[j].match) & both, 0),
			          "%s and %s share encodings", isa_insns[i].name, isa_insns[j].name);
		}
}

/* What the rows say of word, the slow way. */
static enum insn scan(uint32_t word)
{
	for (int i = 0; i < INSNS; i++)
		if ((word & isa_insns[i].mask) == isa_insns[i].match)
			return (enum insn)i;
	return INSN_NONE;
}

/* The word is decoded as the rows say; an assertion only if not, since there are
 * many millions. */
static void check_decoding(uint32_t word)
{
	if (isa_decode(word) != scan(word))
		cr_fatal("0x%08x decodes to row %d, not %d", word, isa_decode(word), scan(word));
}

Test(isa, random_words_decode_as_the_rows_say)
{
	struct dice dice = { 2 };
	for (int i = 0; i < 10000000; i++)
		check_decoding(dice_word(&dice));
}

/* A stride that is odd meets every opcode, and ends after 2^32. */
Test(isa, words_at_a_stride_decode_as_the_rows_say)
{
	for (uint64_t word = 0; word <= UINT32_MAX; word += 429)
		check_decoding((uint32_t)word);
}

Test(isa, words_around_every_row_decode_as_the_rows_say)
{
	for (int i = 0; i < INSNS; i++)
		for (int a = 0; a < 32; a++)
			for (int b = 0; b < 32; b++)
				check_decoding(isa_insns[i].match ^ UINT32_C(1) << a ^ UINT32_C(1) << b);
}

/* The manual's table of the System ISA again, in other words: a witness for the
 * rows themselves. */
static bool system_is_legal(uint32_t word)
{
	unsigned rd = isa_rd(word), rs1 = isa_rs1(word), rs2 = isa_rs2(word), funct7 = isa_funct7(word);
	switch (isa_funct3(word)) {
	case 0: case 1: case 3: case 5: return rd == 0;
	case 2: return true;
	case 4: break;
	default: return false;
	}
	switch (funct7) {
	case 0: return rd == 0;                         /* srb */
	case 1: case 2: case 3: return rs2 == 0;        /* lra, ssm, stmr */
	case 4: case 5: return rs1 == 0 && rs2 == 0;    /* rtmr, rdst */
	case 6: case 8: return rd == 0 && rs2 == 0;     /* retu, halt */
	case 7: return rd == 0 && rs1 == 0 && rs2 == 0; /* wait */
	}
	return false;
}

Test(isa, every_word_of_custom_0)
{
	for (uint32_t n = 0; n < UINT32_C(1) << 25; n++) {
		uint32_t word = n << 7 | ISA_OPCODE_SYSTEM;
		enum insn insn = isa_decode(word);
		if (insn != scan(word) || (insn != INSN_NONE) != system_is_legal(word))
			cr_fatal("0x%08x decodes to row %d", word, insn);
	}
}

Test(isa, of_system_only_ecall_and_ebreak_exist)
{
	for (uint32_t n = 0; n < UINT32_C(1) << 25; n++) {
		uint32_t word = n << 7 | 0x73;
		enum insn expected = word == 0x73 ? INSN_ecall : word == 0x00100073 ? INSN_ebreak : INSN_NONE;
		if (isa_decode(word) != expected)
			cr_fatal("0x%08x decodes to row %d", word, isa_decode(word));
	}
}

Test(isa, fence_and_fence_i_ignore_their_other_fields)
{
	for (uint32_t n = 0; n < UINT32_C(1) << 25; n++) {
		uint32_t word = n << 7 | 0x0F;
		unsigned funct3 = isa_funct3(word);
		enum insn expected = funct3 == 0 ? INSN_fence : funct3 == 1 ? INSN_fence_i : INSN_NONE;
		if (isa_decode(word) != expected)
			cr_fatal("0x%08x decodes to row %d", word, isa_decode(word));
	}
}

/* ---- outside witnesses -------------------------------------------------- */

/* A directory for one exchange with binutils. */
struct exchange {
	char folder[64];
	FILE *source;
};

static struct exchange exchange_open(void)
{
	struct exchange x = { "/tmp/droste-isa-XXXXXX", NULL };
	cr_assert(mkdtemp(x.folder) != NULL);
	char path[96];
	snprintf(path, sizeof(path), "%s/a.s", x.folder);
	x.source = fopen(path, "w");
	cr_assert(x.source != NULL);
	fputs(".option norelax\n", x.source);
	return x;
}

/* Assembles what was written for march and pipes what command makes of a.o. */
static FILE *exchange_ask(struct exchange *x, const char *march, const char *command)
{
	fclose(x->source);
	char line[512];
	snprintf(line, sizeof(line), "cd %s && " CROSS "as -march=%s -mabi=ilp32 a.s -o a.o && %s",
	         x->folder, march, command);
	FILE *answer = popen(line, "r");
	cr_assert(answer != NULL);
	return answer;
}

static void exchange_close(struct exchange *x, FILE *answer)
{
	cr_expect(eq(int, pclose(answer), 0), "binutils refused; see %s", x->folder);
	char line[128];
	snprintf(line, sizeof(line), "rm -rf %s", x->folder);
	cr_expect(eq(int, system(line), 0));
}

/* A random word of row insn. */
static uint32_t random_word(struct dice *dice, enum insn insn)
{
	return isa_insns[insn].match | (dice_word(dice) & ~isa_insns[insn].mask);
}

/* The text of word as the assembler takes it: targets relative, since it would
 * make relocations of absolute ones. */
static void write_source(FILE *to, uint32_t word, uint32_t pc)
{
	char text[128];
	disassemble(word, pc, text, sizeof(text));
	enum immediate kind = isa_formats[isa_insns[isa_decode(word)].format].immediate;
	if (kind == IMM_B || kind == IMM_J)
		sprintf(strstr(text, "0x"), ".+(%d)", (int32_t)isa_immediate(kind, word));
	fprintf(to, "%s\n", text);
}

#define PER_ROW 200

/* fence is left out: objdump has names for its fields, which PG-32 ignores, and
 * we do not write them.  fence.i is asked for by its one canonical word. */
Test(isa, stock_assembler_makes_our_words_of_our_text)
{
	struct dice dice = { 3 };
	static uint32_t words[INSN_SYSTEM * PER_ROW];
	size_t n = 0;
	struct exchange x = exchange_open();
	for (int i = 0; i < INSN_SYSTEM; i++)
		for (int k = 0; k < PER_ROW; k++) {
			if (i == INSN_fence)
				continue;
			uint32_t word = i == INSN_fence_i ? as_fence_i() : random_word(&dice, (enum insn)i);
			write_source(x.source, word, 4 * (uint32_t)n);
			words[n++] = word;
		}
	FILE *answer = exchange_ask(&x, "rv32im_zifencei", CROSS "objcopy -O binary a.o a.bin && cat a.bin");
	for (size_t i = 0; i < n; i++) {
		uint32_t word = 0;
		cr_assert(fread(&word, 4, 1, answer) == 1, "word %zu is missing", i);
		cr_expect(eq(u32, word, words[i]), "%s", isa_insns[isa_decode(words[i])].name);
	}
	cr_expect(fgetc(answer) == EOF, "the assembler made more words than lines");
	exchange_close(&x, answer);
}

/* The next instruction's text in objdump's answer, or NULL; *word is its word. */
static char *next_line(FILE *answer, char *line, int size, uint32_t *word)
{
	while (fgets(line, size, answer)) {
		char *hex = strstr(line, ":\t");
		if (!hex)
			continue;
		*word = (uint32_t)strtoul(hex + 2, NULL, 16);
		char *text = strchr(hex + 2, '\t');
		if (text)
			return text + 1;
	}
	return NULL;
}

/* objdump's text without what it adds in comments. */
static void strip(char *text)
{
	text[strcspn(text, "<#\n")] = '\0';
	size_t n = strlen(text);
	while (n > 0 && text[n - 1] == ' ')
		text[--n] = '\0';
}

/* Our text of word, with a target as objdump writes it. */
static void our_text(uint32_t word, uint32_t pc, char *text, size_t n)
{
	disassemble(word, pc, text, n);
	enum insn insn = isa_decode(word);
	enum immediate kind = insn < INSNS ? isa_formats[isa_insns[insn].format].immediate : IMM_NONE;
	char *target = strstr(text, "0x");
	if (kind == IMM_B || kind == IMM_J)
		memmove(target, target + 2, strlen(target + 2) + 1);
}

/* Where objdump is no witness: fence, whose fields have names for it while PG-32
 * ignores them; of opcode SYSTEM the privileged RISC-V instructions (mret, wfi
 * and so on), which PG-32 does not have; shifts by 32 and more, which it takes for
 * RV64's even when told rv32. */
static bool left_out(uint32_t word)
{
	unsigned opcode = isa_opcode(word), funct3 = isa_funct3(word);
	bool known = isa_decode(word) != INSN_NONE;
	return opcode == 0x0F || (opcode == 0x73 && !known) ||
	       (opcode == 0x13 && (funct3 == 1 || funct3 == 5) && !known && word >> 25 & 1);
}

/* Either both name the instruction alike, or objdump does not know it and it is
 * ours or nobody's. */
static void compare_texts(uint32_t word, uint32_t pc, char *theirs)
{
	if (left_out(word))
		return;
	char ours[128];
	strip(theirs);
	our_text(word, pc, ours, sizeof(ours));
	if (theirs[0] == '.')
		cr_assert(isa_decode(word) >= INSN_SYSTEM, "0x%08x: unknown to objdump, to us '%s'", word, ours);
	else
		cr_assert(eq(str, ours, theirs), "0x%08x", word);
}

/* A word that the assembler will take as a 32-bit instruction. */
static uint32_t instruction_like(uint32_t word)
{
	word |= 3;
	return (word & 0x1F) == 0x1F ? word & ~UINT32_C(0x10) : word;
}

static void compare_with_objdump(uint32_t (*make)(struct dice *dice, int i), int n)
{
	struct dice dice = { 4 };
	struct exchange x = exchange_open();
	for (int i = 0; i < n; i++)
		fprintf(x.source, ".insn 0x%08x\n", make(&dice, i));
	FILE *answer = exchange_ask(&x, "rv32im", CROSS "objdump -d -M no-aliases a.o");
	char line[256];
	uint32_t word;
	dice = (struct dice){ 4 };
	for (int i = 0; i < n; i++) {
		char *theirs = next_line(answer, line, sizeof(line), &word);
		cr_assert(theirs != NULL, "objdump stopped at word %d", i);
		cr_assert(eq(u32, word, make(&dice, i)));
		compare_texts(word, 4 * (uint32_t)i, theirs);
	}
	exchange_close(&x, answer);
}

static uint32_t any_word(struct dice *dice, int i)
{
	(void)i;
	return instruction_like(dice_word(dice));
}

static uint32_t word_of_some_row(struct dice *dice, int i)
{
	return random_word(dice, (enum insn)(i % INSNS));
}

/* One bit away from a row: where a decoder that is too generous shows. */
static uint32_t word_near_some_row(struct dice *dice, int i)
{
	uint32_t word = random_word(dice, (enum insn)(i % INSNS));
	return instruction_like(word ^ UINT32_C(1) << dice_below(dice, 32));
}

Test(isa, stock_disassembler_agrees_on_random_words) { compare_with_objdump(any_word, 40000); }
Test(isa, stock_disassembler_agrees_on_every_row) { compare_with_objdump(word_of_some_row, INSNS * PER_ROW); }
Test(isa, stock_disassembler_agrees_near_every_row) { compare_with_objdump(word_near_some_row, INSNS * PER_ROW); }

/* A System instruction by the assembler's .insn, which places the fields of the
 * standard R and I formats, with numbers from the manual. */
static void write_insn(FILE *to, enum insn insn, unsigned d, unsigned s, unsigned t, int imm)
{
	static const struct { char format; int funct3, funct7; } manual[SYSTEM_ROWS] = {
		{ 'i', 0, 0 }, { 'i', 1, 0 }, { 'i', 2, 0 }, { 'i', 3, 0 }, { 'r', 4, 0 }, { 'r', 4, 1 }, { 'r', 4, 2 },
		{ 'r', 4, 3 }, { 'r', 4, 4 }, { 'r', 4, 5 }, { 'r', 4, 6 }, { 'r', 4, 7 }, { 'r', 4, 8 }, { 'i', 5, 0 },
	};
	int i = insn - INSN_SYSTEM;
	if (manual[i].format == 'i')
		fprintf(to, ".insn i 0x0B, %d, x%u, %d(x%u)\n", manual[i].funct3, d, imm, s);
	else
		fprintf(to, ".insn r 0x0B, %d, %d, x%u, x%u, x%u\n", manual[i].funct3, manual[i].funct7, d, s, t);
}

Test(isa, system_words_are_what_the_assembler_s_insn_makes)
{
	static const char *const names[SYSTEM_ROWS] = { "lpsw", "spsw", "sio", "stck", "srb", "lra", "ssm",
	                                                 "stmr", "rtmr", "rdst", "retu", "wait", "halt", "sie" };
	static uint32_t words[SYSTEM_ROWS * PER_ROW];
	struct dice dice = { 5 };
	struct exchange x = exchange_open();
	for (int i = 0; i < SYSTEM_ROWS * PER_ROW; i++) {
		enum insn insn = (enum insn)(INSN_SYSTEM + i / PER_ROW);
		cr_assert(eq(str, (char *)isa_insns[insn].name, (char *)names[i / PER_ROW]));
		uint32_t free = ~isa_insns[insn].mask, word = dice_word(&dice) & free;
		write_insn(x.source, insn, isa_rd(word), isa_rs1(word), isa_rs2(word), (int)isa_imm_i(word));
		words[i] = isa_insns[insn].match | word;
	}
	FILE *answer = exchange_ask(&x, "rv32im", CROSS "objcopy -O binary a.o a.bin && cat a.bin");
	for (int i = 0; i < SYSTEM_ROWS * PER_ROW; i++) {
		uint32_t word = 0;
		cr_assert(fread(&word, 4, 1, answer) == 1);
		cr_expect(eq(u32, word, words[i]), "%s", isa_insns[INSN_SYSTEM + i / PER_ROW].name);
	}
	exchange_close(&x, answer);
}

/* ---- the disassembler as a function ------------------------------------- */

Test(isa, disassembler_writes_no_more_than_it_may)
{
	struct dice dice = { 6 };
	for (int i = 0; i < 100000; i++) {
		uint32_t word = i % 2 ? dice_word(&dice) : random_word(&dice, (enum insn)(i % INSNS));
		char text[64];
		memset(text, '*', sizeof(text));
		size_t room = dice_below(&dice, sizeof(text));
		int n = disassemble(word, dice_word(&dice), text, room);
		cr_assert(n > 0 && n < 64);
		cr_assert(room == 0 || strlen(text) == (room > (size_t)n ? (size_t)n : room - 1));
		for (size_t k = room; k < sizeof(text); k++)
			cr_assert(text[k] == '*');
	}
}
