/* The window: what it refuses, what it lets an observer see, machines of every
 * size, and many of them in one process and in threads (window.h).
 */

#include <pthread.h>
#include <time.h>

#include "rig.h"

/* ---- making ------------------------------------------------------------- */

static void expect_refused(uint32_t storage, unsigned lines, const char *word)
{
	struct refusal why = { "" };
	struct machine_config config = { storage, lines, NULL, false };
	cr_expect(machine_new(&config, &why) == NULL, "%u bytes, %u lines", storage, lines);
	cr_expect(strstr(why.text, word) != NULL, "'%s' does not say '%s'", why.text, word);
	cr_expect(machine_new(&config, NULL) == NULL);
}

Test(window, sizes_outside_the_limits_are_refused)
{
	expect_refused(0, 1, "512");
	expect_refused(508, 1, "512");
	expect_refused(514, 1, "multiple of 4");
	expect_refused(STORAGE_MOST + 4, 1, "1073741824");
	expect_refused(512, 0, "1 to 32");
	expect_refused(512, 33, "1 to 32");
}

Test(window, the_least_and_the_most_storage)
{
	static const uint32_t sizes[] = { STORAGE_LEAST, 516, 1020, STORAGE_MOST };
	for (int i = 0; i < 4; i++) {
		uint32_t q = sizes[i];
		struct machine *m = machine_new(&(struct machine_config){ .storage = q, .lines = 1 }, NULL);
		cr_assert(m != NULL);
		cr_expect(eq(u32, machine_storage_size(m), q));
		uint32_t code[] = { as_sw(X1, -4, X2), as_lw(X3, -4, X2), as_sw(X1, -3, X2) };
		machine_write(m, 0x100, code, sizeof(code));
		machine_set_psw(m, (struct psw){ 0x100, 0, 0, BOUND_ALL, 0 });
		machine_set_register(m, X1, 0xCAFE);
		machine_set_register(m, X2, q);
		machine_run(m, 3);
		cr_expect(eq(u32, machine_register(m, X3), 0xCAFE));
		uint32_t cells[2];
		machine_read(m, CELL_CAUSE, cells, sizeof(cells));
		cr_expect(cells[0] == CAUSE_MEMORY && cells[1] == q - 3);
		machine_free(m);
	}
}

Test(window, freeing_nothing_is_allowed) { machine_free(NULL); }

/* ---- reading and writing ------------------------------------------------ */

Test(window, bytes_outside_storage_are_neither_read_nor_written)
{
	struct rig *rig = rig_new();
	uint8_t bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, back[8] = { 0 };
	cr_expect(machine_write(rig->m, RIG_STORAGE - 8, bytes, 8));
	cr_expect(machine_read(rig->m, RIG_STORAGE - 8, back, 8));
	cr_expect(memcmp(bytes, back, 8) == 0);
	cr_expect(not(machine_write(rig->m, RIG_STORAGE - 7, bytes, 8)));
	cr_expect(not(machine_read(rig->m, RIG_STORAGE - 7, back, 8)));
	cr_expect(not(machine_read(rig->m, UINT32_MAX, back, 8)));
	cr_expect(not(machine_read(rig->m, 0, back, SIZE_MAX)));
	cr_expect(machine_read(rig->m, RIG_STORAGE, back, 0));
	cr_expect(eq(u8, machine_storage(rig->m)[RIG_STORAGE - 8], 1));
	rig_free(rig);
}

Test(window, a_write_to_code_is_seen_by_the_next_fetch)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_addi(X1, X1, 1), as_jal(X0, -4));
	rig_run(rig, 100);
	rig_put(rig, CODE, as_addi(X1, X1, 16));
	rig_run(rig, 100);
	cr_expect(eq(u32, rig_x(rig, X1), 50 + 50 * 16));
	rig_free(rig);
}

Test(window, the_psw_is_set_as_lpsw_would)
{
	struct rig *rig = rig_new();
	machine_set_psw(rig->m, (struct psw){ 0x1003, 0xFFFFFFFF, 0x2002, 5, 6 });
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ 0x1000, 7, 0x2000, 5, 6 }));
	rig_free(rig);
}

/* ---- running ------------------------------------------------------------ */

Test(window, steps_are_instructions_and_traps)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_addi(X1, X1, 1), as_ecall());
	RIG_PROGRAM_AT(rig, HANDLER, as_addi(X2, X2, 1), as_lw(X3, 0, X0), as_addi(X3, X3, -4), as_sw(X3, 0, X0), as_lpsw(0, X0));
	for (uint64_t steps = 0; steps < 100; steps++) {
		cr_expect(rig_run(rig, 1) == STOP_STEPS);
		cr_expect(eq(u64, machine_steps(rig->m), steps + 1));
	}
	struct machine_counts counts = machine_counts(rig->m);
	cr_expect(eq(u64, counts.traps[CAUSE_SVC] + counts.instructions, 100));
	cr_expect(eq(u32, rig_x(rig, X1), (100 + 6) / 7));
	rig_free(rig);
}

Test(window, running_0_steps_does_nothing)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_addi(X1, X1, 1));
	cr_expect(rig_run(rig, 0) == STOP_STEPS);
	cr_expect(eq(u64, machine_steps(rig->m), 0));
	rig_free(rig);
}

Test(window, user_instructions_are_counted_apart)
{
	struct rig *rig = rig_new();
	rig_set_x(rig, X2, CODE + 4);
	RIG_PROGRAM(rig, as_retu(X2), as_addi(X1, X1, 1), as_jal(X0, -4));
	rig_run(rig, 1001);
	cr_expect(eq(u64, machine_counts(rig->m).instructions, 1001));
	cr_expect(eq(u64, machine_counts(rig->m).user_instructions, 1000));
	rig_free(rig);
}

/* ---- observing ---------------------------------------------------------- */

struct seen {
	int traps, system, transfers, stores;
	enum cause cause;
	enum insn insn;
	uint32_t result, real, n;
};

static void see_trap(void *self, struct machine *m, struct psw old, enum cause cause, uint32_t tval)
{
	struct seen *seen = self;
	(void)m, (void)tval;
	seen->traps++;
	seen->cause = cause;
	cr_expect(eq(u32, old.pc & 3, 0));
}

static void see_system(void *self, struct machine *m, enum insn insn, struct psw before)
{
	struct seen *seen = self;
	(void)m, (void)before;
	seen->system++;
	seen->insn = insn;
}

static void see_transfer(void *self, struct machine *m, const struct command_block *block, enum condition cc)
{
	struct seen *seen = self;
	(void)m, (void)cc;
	seen->transfers++;
	seen->result = block->result;
}

static void see_store(void *self, struct machine *m, uint32_t real, uint32_t n)
{
	struct seen *seen = self;
	(void)m;
	seen->stores++;
	seen->real = real;
	seen->n = n;
}

static struct observer observer_of(struct seen *seen)
{
	return (struct observer){ seen, see_trap, see_system, see_transfer, see_store, NULL };
}

Test(window, observers_see_traps_system_instructions_and_transfers)
{
	struct rig *rig = rig_new();
	struct seen seen = { 0 };
	struct observer observer = observer_of(&seen);
	machine_observe(rig->m, &observer);
	machine_write(rig->m, 0x6000, "abc", 3);
	rig_sio(rig, (struct command_block){ DEVICE_CONSOLE, CONSOLE_WRITE, 0, 0x6000, 3, 0 });
	cr_expect(seen.system == 1 && seen.insn == INSN_sio && seen.transfers == 1 && seen.result == 3);
	rig_put(rig, CODE + 4, as_ecall());
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	cr_expect(seen.traps == 1 && seen.cause == CAUSE_SVC);
	machine_observe(rig->m, NULL);
	machine_set_trapped(rig->m, false);
	RIG_PROGRAM_AT(rig, HANDLER, as_ebreak());
	RIG_EXPECT_TRAP(rig, CAUSE_BREAKPOINT, 0);
	cr_expect(seen.traps == 1);
	rig_free(rig);
}

Test(window, observers_see_stores_to_watched_granules_only)
{
	struct rig *rig = rig_new();
	struct seen seen = { 0 };
	struct observer observer = observer_of(&seen);
	machine_observe(rig->m, &observer);
	machine_watch(rig->m, DATA + 70, true); /* the granule DATA + 64 to DATA + 127 */
	RIG_PROGRAM(rig, as_sw(X0, 60, X2), as_sw(X0, 61, X2), as_sb(X0, 127, X2), as_sw(X0, 128, X2));
	rig_set_x(rig, X2, DATA);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(int, seen.stores, 0));
	RIG_EXPECT_STEP(rig);
	cr_expect(seen.stores == 1 && seen.real == DATA + 61 && seen.n == 4, "a store that reaches into it");
	RIG_EXPECT_STEP(rig);
	cr_expect(seen.stores == 2 && seen.real == DATA + 127 && seen.n == 1);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(int, seen.stores, 2));
	machine_watch(rig->m, DATA + 64, false);
	rig_set_pc(rig, CODE + 8);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(int, seen.stores, 2));
	machine_watch(rig->m, UINT32_MAX, true); /* outside storage: nothing to watch */
	rig_free(rig);
}

/* A watch set after the code has run, as a debugger does. */
Test(window, a_watch_set_late_is_seen_by_code_that_ran_before)
{
	struct rig *rig = rig_new();
	struct seen seen = { 0 };
	struct observer observer = observer_of(&seen);
	machine_observe(rig->m, &observer);
	RIG_PROGRAM(rig, as_sw(X1, 0, X2), as_addi(X1, X1, 1), as_jal(X0, -8));
	rig_set_x(rig, X2, DATA);
	rig_run(rig, 300);
	cr_expect(eq(int, seen.stores, 0));
	machine_watch(rig->m, DATA, true);
	rig_run(rig, 300);
	cr_expect(eq(int, seen.stores, 100));
	machine_watch(rig->m, DATA, false);
	rig_run(rig, 300);
	cr_expect(eq(int, seen.stores, 100));
	cr_expect(eq(u32, rig_x(rig, X1), 300));
	rig_free(rig);
}

static void stop_at_trap(void *self, struct machine *m, struct psw old, enum cause cause, uint32_t tval)
{
	(void)self, (void)old, (void)cause, (void)tval;
	machine_ask_stop(m);
}

Test(window, an_observer_can_ask_for_a_stop)
{
	struct rig *rig = rig_new();
	struct observer observer = { .trap = stop_at_trap };
	machine_observe(rig->m, &observer);
	RIG_PROGRAM(rig, as_addi(X1, X1, 1), as_ecall());
	RIG_PROGRAM_AT(rig, HANDLER, as_jal(X0, 0));
	cr_expect(rig_run(rig, 1000) == STOP_ASKED);
	cr_expect(eq(u64, machine_steps(rig->m), 2), "right after the trap");
	cr_expect(rig_run(rig, 1000) == STOP_STEPS, "the request is used up");
	rig_free(rig);
}

static void *ask_soon(void *self)
{
	nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
	machine_ask_stop(self);
	return NULL;
}

Test(window, another_thread_can_ask_for_a_stop)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_jal(X0, 0));
	pthread_t thread;
	cr_assert(pthread_create(&thread, NULL, ask_soon, rig->m) == 0);
	cr_expect(rig_run(rig, UINT64_MAX) == STOP_ASKED);
	pthread_join(thread, NULL);
	rig_free(rig);
}

/* ---- many machines ------------------------------------------------------ */

/* 1 + 2 + ... + x2 into x1, then halt. */
static struct rig *summing(uint32_t n)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_add(X1, X1, X2), as_addi(X2, X2, -1), as_bne(X2, X0, -8), as_halt(X1));
	rig_set_x(rig, X2, n);
	return rig;
}

Test(window, machines_taken_in_turns_do_not_touch_each_other)
{
	enum { MACHINES = 20 };
	struct rig *rigs[MACHINES];
	for (uint32_t i = 0; i < MACHINES; i++)
		rigs[i] = summing(100 + i);
	for (int round = 0; round < 200; round++)
		for (uint32_t i = 0; i < MACHINES; i++)
			rig_run(rigs[i], 1 + i % 5);
	for (uint32_t i = 0; i < MACHINES; i++) {
		uint32_t n = 100 + i;
		cr_expect(rig_run(rigs[i], 10000) == STOP_END);
		cr_expect(eq(u32, rig_x(rigs[i], X1), n * (n + 1) / 2));
		cr_expect(eq(u64, machine_clock(rigs[i]->m), 3 * n + 1));
		rig_free(rigs[i]);
	}
}

static void *run_a_sum(void *self)
{
	struct rig *rig = self;
	rig_run(rig, UINT64_MAX);
	return NULL;
}

Test(window, machines_run_in_threads)
{
	enum { THREADS = 8 };
	struct rig *rigs[THREADS];
	pthread_t threads[THREADS];
	for (uint32_t i = 0; i < THREADS; i++) {
		rigs[i] = summing(100000 + i);
		cr_assert(pthread_create(&threads[i], NULL, run_a_sum, rigs[i]) == 0);
	}
	for (uint32_t i = 0; i < THREADS; i++) {
		uint64_t n = 100000 + i;
		pthread_join(threads[i], NULL);
		cr_expect(eq(u32, rig_x(rigs[i], X1), (uint32_t)(n * (n + 1) / 2)));
		cr_expect(eq(u64, machine_clock(rigs[i]->m), 3 * n + 1));
		rig_free(rigs[i]);
	}
}
