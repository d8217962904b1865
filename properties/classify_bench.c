/* A machine on which states are set up, stepped once by the plain executor, and read
 * out.  Called by classify.c for every state it tries, and by whoever replays a witness.
 */

#include "classify.h"

#include <stdlib.h>
#include <string.h>

#define Q CLASSIFY_STORAGE

struct classify_bench {
	struct machine *m;
	uint32_t region;          /* real address of the state's storage */
	uint8_t disk[SECTOR];
	uint8_t clean_disk[SECTOR];
	struct patterns {
		uint8_t outside[Q], window[Q]; /* by real and by virtual address */
		uint8_t poison[Q];             /* what stands below and above a region */
	} patterns;
	struct seen {
		bool trapped, device;
		enum cause cause;
		uint32_t tval;
		uint64_t moved;
	} seen;                   /* during the step */
};

/* ---- making ------------------------------------------------------------- */

static void on_trap(void *self, struct machine *m, struct psw old, enum cause cause, uint32_t tval)
{
	struct seen *seen = &((struct classify_bench *)self)->seen;
	(void)m, (void)old;
	seen->trapped = true;
	seen->cause = cause;
	seen->tval = tval;
}

static void on_transfer(void *self, struct machine *m, const struct command_block *block, enum condition cc)
{
	(void)m, (void)block;
	((struct classify_bench *)self)->seen.device |= cc == CC_DONE;
}

/* FNV-1a. */
static uint64_t digest(uint64_t hash, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001B3);
	return hash;
}

static void on_output(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct seen *seen = &((struct classify_bench *)self)->seen;
	seen->moved = digest(seen->moved + line + n, bytes, n);
}

/* No byte of a pattern stands at the same address in another. */
static void fill_patterns(struct patterns *patterns)
{
	for (uint32_t i = 0; i < Q; i++) {
		patterns->window[i] = (uint8_t)(i ^ 0x5A);
		patterns->outside[i] = (uint8_t)(i ^ 0xA5);
		patterns->poison[i] = (uint8_t)(i ^ 0xC3);
	}
}

struct classify_bench *classify_bench_new(const struct profile *profile, bool virtual, struct refusal *why)
{
	struct classify_bench *bench = calloc(1, sizeof(*bench));
	const struct machine_config config = { virtual ? 3 * Q : Q, 1, profile, true };
	if (bench)
		bench->m = machine_new(&config, why);
	if (!bench || !bench->m) {
		free(bench);
		return NULL;
	}
	bench->region = virtual ? Q : 0;
	fill_patterns(&bench->patterns);
	for (uint32_t i = 0; i < SECTOR; i++)
		bench->clean_disk[i] = (uint8_t)(i * 3 + 1);
	machine_observe(bench->m, &(struct observer){ .self = bench, .trap = on_trap, .transfer = on_transfer });
	machine_set_console(bench->m, &(struct console_host){ bench, on_output, NULL });
	machine_attach_disk(bench->m, bench->disk, 1);
	machine_ipl(bench->m);
	return bench;
}

void classify_bench_free(struct classify_bench *bench)
{
	if (bench)
		machine_free(bench->m);
	free(bench);
}

/* ---- setting up --------------------------------------------------------- */

/* Arms or disarms console line 0, by an SIO of the machine's own. */
static void command_line(struct classify_bench *bench, enum device_command command)
{
	const struct command_block block = { DEVICE_CONSOLE, command, 0, 0, 0, 0 };
	uint32_t word = isa_encode(INSN_sio, 0, 0, 0, 64);
	machine_write(bench->m, 64, &block, sizeof(block));
	machine_write(bench->m, 0, &word, sizeof(word));
	machine_set_psw(bench->m, (struct psw){ 0, 0, 0, BOUND_ALL, 0 });
	machine_run_plain(bench->m, 1);
}

/* A machine that has ended, or runs a guest, is reset; line 0 has input, and is pending or not armed. */
static void set_devices(struct classify_bench *bench, bool pending)
{
	struct machine_guest guest;
	if (machine_end(bench->m) != MACHINE_RUNNING || machine_guest(bench->m, &guest))
		machine_ipl(bench->m);
	if (machine_line(bench->m, 0).waiting == 0)
		machine_input(bench->m, 0, "ask", 3);
	struct line_state line = machine_line(bench->m, 0);
	if (line.armed || line.pending != pending)
		command_line(bench, pending ? CONSOLE_ARM : CONSOLE_DISARM);
	memcpy(bench->disk, bench->clean_disk, SECTOR);
}

size_t classify_block_words(enum classify_block block, uint32_t words[BLOCK_WORDS_MOST])
{
	const struct psw supervisor = { 0x40, STATUS_TE, 256, 1024, 7 }, user = { 0x80, STATUS_M, 1024, 256, 9 };
	struct command_block command = { DEVICE_CONSOLE, CONSOLE_WRITE, 0, CLASSIFY_BUFFER, 4, 0 };
	switch (block) {
	case BLOCK_NONE:
	case BLOCKS: return 0;
	case BLOCK_PSW_SUPERVISOR: memcpy(words, &supervisor, sizeof(supervisor)); return 5;
	case BLOCK_PSW_USER:       memcpy(words, &user, sizeof(user)); return 5;
	case BLOCK_STATE:
		memcpy(words, &(struct state_description){ .origin = 512, .extent = 1024, .psw = user }, 4 * STATE_WORDS);
		return STATE_WORDS;
	case BLOCK_CONSOLE_WRITE:  break;
	case BLOCK_CONSOLE_READ:   command.command = CONSOLE_READ; break;
	case BLOCK_CONSOLE_ARM:    command.command = CONSOLE_ARM; break;
	case BLOCK_DISK_READ:
	case BLOCK_DISK_WRITE:
		command.device = DEVICE_DISK;
		command.command = block == BLOCK_DISK_READ ? DISK_READ : DISK_WRITE;
		command.count = SECTOR;
	}
	memcpy(words, &command, sizeof(command));
	return 6;
}

/* n words at a virtual address, as far as the window holds them. */
static void put(uint8_t *window, uint32_t size, uint32_t at, const uint32_t *words, size_t n)
{
	if (at < size)
		memcpy(window + at, words, 4 * n < size - at ? 4 * n : size - at);
}

static void fill_storage(uint8_t storage[Q], const struct patterns *patterns, const struct classify_state *state)
{
	uint32_t size = classify_window(&state->psw), words[BLOCK_WORDS_MOST];
	memcpy(storage, patterns->outside, Q);
	if (size == 0)
		return;
	uint8_t *window = storage + state->psw.base;
	memcpy(window, patterns->window, size);
	put(window, size, classify_operand(state), words, classify_block_words(state->block, words));
	put(window, size, state->psw.pc, &state->word, 1);
}

void classify_storage(const struct classify_state *state, uint8_t storage[CLASSIFY_STORAGE])
{
	struct patterns patterns;
	fill_patterns(&patterns);
	fill_storage(storage, &patterns, state);
}

static void set_storage(struct classify_bench *bench, const struct classify_state *state)
{
	uint8_t storage[Q];
	fill_storage(storage, &bench->patterns, state);
	machine_write(bench->m, bench->region, storage, Q);
	if (bench->region > 0) {
		machine_write(bench->m, 0, bench->patterns.poison, Q);
		machine_write(bench->m, 2 * Q, bench->patterns.poison, Q);
	}
}

static void set_registers(struct classify_bench *bench, const struct classify_state *state)
{
	for (unsigned x = 1; x < 32; x++)
		machine_set_register(bench->m, x, x * 0x01010101);
	machine_set_register(bench->m, CLASSIFY_RS1, state->rs1);
	machine_set_register(bench->m, CLASSIFY_RS2, state->rs2);
}

/* ---- one step ----------------------------------------------------------- */

static enum classify_kind kind_of(const struct classify_bench *bench, enum stop stop)
{
	const struct seen *seen = &bench->seen;
	if (seen->trapped)
		return seen->cause == CAUSE_TIMER || seen->cause == CAUSE_IO ? CLASSIFY_INTERRUPTED : CLASSIFY_TRAPPED;
	return stop == STOP_STEPS ? CLASSIFY_COMPLETED : CLASSIFY_STOPPED;
}

static bool touched(const struct classify_bench *bench)
{
	const uint8_t *storage = machine_storage(bench->m);
	const uint8_t *poison = bench->patterns.poison;
	return bench->region > 0 && (memcmp(storage, poison, Q) != 0 || memcmp(storage + 2 * Q, poison, Q) != 0);
}

static void read_out(const struct classify_bench *bench, enum stop stop, struct classify_outcome *outcome)
{
	const struct machine *m = bench->m;
	struct line_state line = machine_line(m, 0);
	outcome->kind = kind_of(bench, stop);
	outcome->cause = bench->seen.cause;
	outcome->tval = bench->seen.tval;
	outcome->psw = machine_psw(m);
	for (unsigned x = 0; x < 32; x++)
		outcome->x[x] = machine_register(m, x);
	outcome->clock = machine_clock(m);
	outcome->end = machine_end(m);
	outcome->device = bench->seen.device;
	outcome->armed = line.armed;
	outcome->pending = line.pending;
	outcome->moved = bench->seen.moved + line.waiting;
	if (bench->seen.device)
		outcome->moved = digest(outcome->moved, bench->disk, SECTOR);
	outcome->touched = touched(bench);
	machine_read(m, bench->region, outcome->storage, Q);
}

static void run(struct classify_bench *bench, const struct classify_state *state, bool pending, struct psw psw,
                uint64_t clock, struct classify_outcome *outcome)
{
	set_devices(bench, pending);
	set_storage(bench, state);
	set_registers(bench, state);
	machine_set_psw(bench->m, psw);
	machine_set_clock(bench->m, clock);
	machine_set_trapped(bench->m, false);
	bench->seen = (struct seen){ 0 };
	enum stop stop = machine_run_plain(bench->m, 1);
	read_out(bench, stop, outcome);
}

void classify_run(struct classify_bench *bench, const struct classify_state *state, struct classify_outcome *outcome)
{
	run(bench, state, state->pending, state->psw, state->clock, outcome);
}

struct psw classify_real_psw(const struct classify_state *state)
{
	const struct psw *psw = &state->psw;
	return (struct psw){
		.pc = psw->pc,
		.status = STATUS_M | STATUS_IE | STATUS_TE,
		.base = Q + psw->base,
		.bound = classify_window(psw),
		.timer = psw->timer ^ 50000, /* a quantum, and never the virtual timer */
	};
}

void classify_run_virtual(struct classify_bench *bench, const struct classify_state *state,
                          struct classify_outcome *outcome)
{
	run(bench, state, false, classify_real_psw(state), state->clock + CLASSIFY_CLOCK_AHEAD, outcome);
}
