/* How long it takes to go back: a guest that computes, stores all over its storage and
 * traps now and then, under 0 to 3 monitors, run for so many steps alone and in a
 * session, then stepped back.  Prints a table; `make bench-back` calls it with the
 * monitor.  Times are of the processor.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "assemble.h"
#include "inspector/session.h"

enum { MAIN = 0x200, HANDLER = 0x300, STORAGE = 16 << 20, DEPTHS = 4 };

#define STEPS UINT64_C(100000000)

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "back: %s\n", what);
	exit(1);
}

static void put(uint8_t *image, uint32_t at, const uint32_t *words, size_t n) { memcpy(image + at, words, 4 * n); }

#define PUT(at, ...) put(image, at, (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

/* Numbers at random places of 4 MiB, for ever; an ECALL every 4096 of them. */
static void write_guest(uint8_t *image)
{
	PUT(CELL_NEW_PSW, MAIN, 0, 0, BOUND_ALL, 0);
	PUT(CELL_MAGIC, BOOT_MAGIC, 2, 0);
	PUT(MAIN, as_addi(X5, X0, HANDLER), as_sw(X5, CELL_NEW_PSW, X0), as_lui(X6, 0x41C65), as_addi(X6, X6, -403),
	    as_lui(X7, 0x100), as_lui(X9, 1),
	    as_mul(X5, X5, X6), as_addi(X5, X5, 57), as_srli(X10, X5, 10), as_andi(X11, X5, 0x7FC), as_add(X10, X10, X7),
	    as_sw(X5, 0, X10), as_lw(X12, 0, X11), as_add(X13, X13, X12), as_addi(X9, X9, -1), as_bne(X9, X0, -36),
	    as_ecall(), as_jal(X0, -48));
	PUT(HANDLER, as_lw(X14, 0, X0), as_addi(X14, X14, 4), as_sw(X14, 0, X0), as_lpsw(0, X0));
}

static void *read_whole(const char *path, size_t *n)
{
	FILE *from = fopen(path, "re");
	void *bytes = malloc(1 << 22);
	if (!from || !bytes)
		fail("no monitor");
	*n = fread(bytes, 1, 1 << 22, from);
	fclose(from);
	return bytes;
}

static void build(struct vm_plan *machine, const struct pack_monitor *monitor, unsigned depth)
{
	static uint8_t image[2 * SECTOR];
	struct vm_plan guest = { .storage = STORAGE, .lines = 1, .name = "guest" };
	const struct pack_monitor monitors[DEPTHS] = { *monitor, *monitor, *monitor, *monitor };
	struct refusal why;
	write_guest(image);
	if (!disk_from_file(&guest.disk, image, sizeof(image), 0, &why))
		fail(why.text);
	if (depth == 0) {
		*machine = guest;
		return;
	}
	if (!pack_stack(machine, monitors, depth, &guest, 1, &why))
		fail(why.text);
	disk_free(&guest.disk);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double alone(const struct vm_plan *plan)
{
	struct machine *m = machine_new(&(struct machine_config){ .storage = plan->storage, .lines = plan->lines }, NULL);
	if (!m)
		fail("no memory");
	machine_attach_disk(m, plan->disk.image, plan->disk.sectors);
	machine_ipl(m);
	double start = now();
	machine_run(m, STEPS);
	double seconds = now() - start;
	machine_free(m);
	return seconds;
}

static double timed(struct session *s, enum motion_kind kind, bool back, unsigned level, uint64_t argument)
{
	double start = now();
	struct arrival at = session_move(s, &(struct motion){ .kind = kind, .back = back, .level = level, .argument = argument });
	double seconds = now() - start;
	if (at.why != ARRIVED)
		fail("it did not arrive");
	return seconds;
}

static void measure(const struct pack_monitor *monitor, unsigned depth)
{
	struct vm_plan plan;
	struct refusal why;
	build(&plan, monitor, depth);
	struct session *s = session_new(&(struct session_config){
		.machine = { .storage = plan.storage, .lines = plan.lines },
		.disk = plan.disk.image, .sectors = plan.disk.sectors }, &why);
	if (!s)
		fail(why.text);
	double machine = alone(&plan), session = timed(s, MOVE_STEPS, false, 0, STEPS);
	double first = timed(s, MOVE_STEP, true, depth, 0), next = timed(s, MOVE_STEP, true, depth, 0);
	double exit = timed(s, MOVE_EXIT, true, depth, 0);
	printf("%5u %12.3f s %10.3f s %14.1f ms %10.1f ms %10.1f ms\n", depth, machine, session, 1e3 * first, 1e3 * next, 1e3 * exit);
	session_free(s);
	disk_free(&plan.disk);
}

int main(int argc, char **argv)
{
	struct pack_monitor monitor = { .path = "monitor" };
	if (argc != 2)
		fail("usage: back MONITOR");
	void *elf = read_whole(argv[1], &monitor.size);
	monitor.elf = elf;
	printf("%llu steps, 16 MiB; steps back at the guest's level\n\n", (unsigned long long)STEPS);
	printf("depth  the run alone  in a session  first step back  the next   the last exit\n");
	for (unsigned depth = 0; depth < DEPTHS; depth++)
		measure(&monitor, depth);
	free(elf);
	return 0;
}
