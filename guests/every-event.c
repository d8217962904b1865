/* Every cause of a trap at every instruction at which it can come, in both modes, with
 * interrupts off, on, and off with one pending: the cells of what `droste check
 * --coverage` counts, gone through from the instruction table.
 */
// input: "an attention"
// expect-exit: 0
// expect-output: "events: 558 checks, 0 failed, digest 5d9d3acd\n"
#include "world.h"

enum { RS1 = 6, RS2 = 7 };

#define FAR UINT32_C(0xFFFFFFF0)

/* All operands are x0, which every instruction allows. */
static const struct row {
	uint32_t word;
	enum format format;
	const char *name;
} rows[] = {
#define FIXED(funct7, funct3, opcode) (funct7) << 25 | (funct3) << 12 | (opcode)
#define RS2(n) (n) << 20
#define INSN(name, format, match, class, effect) { match, FORMAT_##format, #name },
#include "isa/isa.def"
#undef FIXED
#undef RS2
};

#define EACH(type, x, array) (const type *x = array; x < array + sizeof(array) / sizeof(*array); x++)

static const uint32_t modes[] = { 0, STATUS_M };

/* Off; on; off with the timer's interrupt pending. */
static const uint32_t masks[] = { 0, STATUS_IE, STATUS_TE };

/* The instruction traps at once. */
static void trap(uint32_t status, uint32_t word, enum cause cause, uint32_t tval, const char *what)
{
	world_make(status, &word, 1);
	if (status & STATUS_TE)
		world.psw.timer = 0;
	world_set(RS1, FAR);
	world_set(RS2, 1);
	world_expect(0, cause, tval);
	world_check(what);
}

static void trap_under_every_mask(uint32_t mode, uint32_t word, enum cause cause, uint32_t tval, const char *what)
{
	for EACH(uint32_t, mask, masks)
		trap(mode | *mask, word, cause, tval, what);
}

/* ---- interrupts, before each instruction -------------------------------- */

static void arm(void)
{
	struct command_block block = { DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0 };
	check_equal(sio(&block), CC_DONE, "arm");
}

static void interrupts(uint32_t mode, const struct row *row)
{
	trap(mode | STATUS_IE | STATUS_TE, row->word, CAUSE_TIMER, 0, row->name);
	arm();
	trap(mode | STATUS_IE, row->word, CAUSE_IO, DEVICE_CONSOLE << 16, row->name);
}

/* ---- the instruction's own traps ---------------------------------------- */

/* SIE is there on a profile of its own only. */
static bool is_system(const struct row *row) { return (row->word & 0x7F) == ISA_OPCODE_SYSTEM && row->word != OP_sie; }

static bool has_operand(const struct row *row)
{
	return row->format == FORMAT_LOAD || row->format == FORMAT_STORE || (row->format == FORMAT_SYS_M && is_system(row)) || row->format == FORMAT_SYS_DM;
}

static void operand(uint32_t mode, const struct row *row)
{
	if (has_operand(row) && !(is_system(row) && mode))
		trap_under_every_mask(mode, row->word | RS1 << 15, CAUSE_MEMORY, FAR, row->name);
}

static void privilege(uint32_t mode, const struct row *row)
{
	if (is_system(row) && mode)
		trap_under_every_mask(mode, row->word, CAUSE_PRIVILEGED, row->word, row->name);
}

/* Taken branches compare x0 with x0 or with 1. */
static void target(uint32_t mode, const struct row *row)
{
	bool unlike = row->word == OP_bne || row->word == OP_blt || row->word == OP_bltu;
	if (row->format == FORMAT_J)
		trap_under_every_mask(mode, row->word | 2 << 20, CAUSE_MISALIGNED, WORLD_CODE + 2, row->name);
	else if (row->format == FORMAT_I_JUMP)
		trap_under_every_mask(mode, row->word | 2 << 20, CAUSE_MISALIGNED, 2, row->name);
	else if (row->format == FORMAT_B)
		trap_under_every_mask(mode, row->word | 2 << 7 | (unlike ? RS2 << 20 : 0), CAUSE_MISALIGNED, WORLD_CODE + 2, row->name);
}

static void others(uint32_t mode)
{
	trap_under_every_mask(mode, OP_ecall, CAUSE_SVC, 0, "ecall");
	trap_under_every_mask(mode, OP_ebreak, CAUSE_BREAKPOINT, 0, "ebreak");
	trap_under_every_mask(mode, 0, CAUSE_ILLEGAL, 0, "illegal");
}

static void fetch(uint32_t mode)
{
	for EACH(uint32_t, mask, masks) {
		world_make(mode | *mask, NULL, 0);
		if (*mask & STATUS_TE)
			world.psw.timer = 0;
		world.psw.pc = WORLD_BYTES;
		world_expect(0, CAUSE_MEMORY, WORLD_BYTES);
		world_check("fetch");
	}
}

/* One that reads the status completes whatever is pending. */
static void completes(uint32_t mode)
{
	const uint32_t word = insn(OP_rdst, RS2, 0, 0);
	for EACH(uint32_t, mask, masks) {
		world_make(mode | *mask, &word, 1);
		if (*mask & STATUS_TE)
			world.psw.timer = 0;
		world_expect(1, CAUSE_SVC, 0);
		expected.x[RS2] = mode | *mask;
		world_check("rdst");
	}
}

int main(void)
{
	static const struct row illegal = { 0, FORMAT_WORD, "illegal" };
	completes(0);
	for EACH(uint32_t, mode, modes) {
		interrupts(*mode, &illegal);
		for EACH(struct row, row, rows) {
			interrupts(*mode, row);
			operand(*mode, row);
			privilege(*mode, row);
			target(*mode, row);
		}
		others(*mode);
		fetch(*mode);
	}
	print("events: ");
	return check_report();
}
