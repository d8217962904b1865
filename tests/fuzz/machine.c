/* Fuzzing: any program in any state, run by the engine and by the plain executor
 * and compared in everything.  The bytes are a small header, then instructions
 * as a row of the table and its operands, so that most of them mean something.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/assemble.h"
#include "tests/twins.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The bytes not used yet; zeros after the last. */
struct bytes {
	const uint8_t *at, *end;
};

static uint32_t take(struct bytes *b, unsigned n)
{
	uint32_t value = 0;
	while (n-- > 0)
		value = value << 8 | (b->at < b->end ? *b->at++ : 0);
	return value;
}

/* From a byte: a small number, or one near an edge of storage or of 32 bits. */
static uint32_t take_address(struct bytes *b, uint32_t size)
{
	uint32_t byte = take(b, 1);
	switch (byte >> 6) {
	case 0: return (byte & 63) * 4;
	case 1: return size - 32 + (byte & 63);
	case 2: return 0x200 + (byte & 63) * 4;
	default: return (byte & 63) - 40;
	}
}

static uint32_t take_instruction(struct bytes *b)
{
	enum insn insn = (enum insn)(take(b, 1) % INSNS);
	uint32_t d = take(b, 1) & 31, s = take(b, 1) & 31, t = take(b, 1) & 31;
	int32_t imm = (int32_t)isa_sign_extend(take(b, 1), 7);
	enum immediate kind = isa_formats[isa_insns[insn].format].immediate;
	return assemble(insn, d, s, t, (uint32_t)(kind == IMM_B || kind == IMM_J ? imm * 4 : imm));
}

static struct twins *make(struct bytes *b)
{
	static const uint32_t sizes[] = { 512, 1024, 2048, 8192 };
	uint32_t size = sizes[take(b, 1) % 4];
	struct twins *twins = twins_new(size, 2, &isa_profiles[take(b, 1) % PROFILES]);
	struct psw psw = { .status = take(b, 1) & STATUS_BITS, .base = take_address(b, size) % size & ~3u, .timer = take(b, 1) };
	psw.bound = take(b, 1) % 2 ? BOUND_ALL : take_address(b, size);
	psw.pc = take_address(b, size);
	twins_set_psw(twins, psw);
	struct psw handler = { take_address(b, size), take(b, 1), 0, BOUND_ALL, take(b, 1) };
	twins_write(twins, CELL_NEW_PSW, &handler, sizeof(handler));
	for (unsigned x = 1; x < 16; x++)
		twins_set_register(twins, x, take_address(b, size));
	if (take(b, 1) % 2)
		twins_input(twins, 0, "input", 5);
	return twins;
}

/* Instructions fill storage from pc on, and once more from the handler on. */
static void put_program(struct twins *twins, struct bytes *b)
{
	struct psw psw = machine_psw(twins->plain.m);
	uint32_t real = psw.base + psw.pc;
	for (; b->at + 16 < b->end; real += 4) {
		uint32_t word = take_instruction(b);
		twins_write(twins, real % (machine_storage_size(twins->plain.m) - 3), &word, sizeof(word));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct bytes b = { bytes, bytes + size };
	struct twins *twins = make(&b);
	put_program(twins, &b);
	for (int chunk = 0; chunk < 4; chunk++) {
		char why[128];
		twins_run(twins, 1 + take(&b, 1) * (chunk + 1));
		if (!twins_same(twins, why, sizeof(why))) {
			fprintf(stderr, "chunk %d: %s\n", chunk, why);
			abort();
		}
	}
	twins_free(twins);
	return 0;
}
