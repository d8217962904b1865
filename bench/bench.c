/* How fast the engine is, beside qemu-riscv32 on the same kernels in the same
 * run.  `make bench` builds the kernels and calls this with their folder; it
 * prints a table, or with --json a document.  Speed is only reported: it fails
 * if a kernel computes something wrong, not if it is slow.
 *
 * Time is processor time, and each figure the median of pairs of runs, so that
 * other work on the host disturbs them little.  What qemu-riscv32 takes to start
 * is not counted.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "machine/window.h"

#define RUNS_MOST 99
#define SECONDS 1.0 /* that a run of the engine lasts, more or less */
#define PLAIN_SHARE 16 /* the plain executor does this part of the rounds */

struct kernel {
	const char *name, *title;
	double target; /* of qemu-riscv32's speed */
};

static const struct kernel kernels[] = {
	{ "coremark", "CoreMark-like", 0.27 },
	{ "dhrystone", "Dhrystone-like", 0.36 },
	{ "crc", "CRC-32", 0.40 },
	{ "matrix", "matrix product", 0.17 },
	{ "aes", "AES-128", 0.13 },
};

enum { KERNELS = sizeof(kernels) / sizeof(kernels[0]), TRAP_TARGET = 40, TRAP_ORDINARY = 5 };

struct result {
	double instructions;  /* in a run */
	double mips, of_qemu; /* the engine's speed, alone and beside qemu-riscv32's */
	double plain_mips, plain_of_qemu;
};

struct trap_result {
	double nanoseconds;   /* for a trap and its LPSW */
	double instructions;  /* that the engine does in this time, on the first kernel */
	double plain;         /* and the plain executor */
};

static _Noreturn void fail(const char *what, const char *which)
{
	fprintf(stderr, "bench: %s: %s\n", which, what);
	exit(1);
}

static double median(double *values, int n)
{
	for (int i = 1; i < n; i++)
		for (int j = i; j > 0 && values[j] < values[j - 1]; j--) {
			double swap = values[j];
			values[j] = values[j - 1];
			values[j - 1] = swap;
		}
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* ---- a run of Droste ------------------------------------------------------ */

struct image {
	char bytes[1 << 16];
	size_t size;
};

static struct image image_read(const char *folder, const char *name)
{
	static const char suffix[] = ".elf";
	char path[4096];
	struct image image;
	snprintf(path, sizeof(path), "%s/%s%s", folder, name, suffix);
	FILE *file = fopen(path, "rb");
	if (!file)
		fail("cannot be read: make it with `make bench`", path);
	image.size = fread(image.bytes, 1, sizeof(image.bytes), file);
	fclose(file);
	return image;
}

static double processor_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct run {
	double seconds, instructions;
};

static struct run run_droste(const char *name, const struct image *image, unsigned rounds, bool plain)
{
	struct machine_config config = { .storage = 1 << 20, .lines = 1, .plain = plain };
	struct refusal why;
	struct machine *m = machine_new(&config, &why);
	if (!m || !machine_load_elf(m, image->bytes, image->size, &why))
		fail(why.text, name);
	machine_set_register(m, 10, rounds); /* a0 */
	double began = processor_seconds();
	machine_run(m, UINT64_MAX);
	struct run run = { processor_seconds() - began, (double)machine_counts(m).instructions };
	if (machine_end(m) != MACHINE_HALTED || machine_exit_code(m) != 0)
		fail("wrong result", name);
	machine_free(m);
	return run;
}

/* Rounds that take the engine about SECONDS. */
static unsigned calibrate(const char *name, const struct image *image)
{
	for (unsigned rounds = 1;; rounds *= 2) {
		double seconds = run_droste(name, image, rounds, false).seconds;
		if (seconds > SECONDS / 8)
			return (unsigned)(rounds * SECONDS / seconds) + 1;
	}
}

/* ---- a run of qemu-riscv32 ------------------------------------------------ */

extern char **environ;

static double run_qemu(const char *folder, const char *name, unsigned rounds)
{
	char path[4096], argument[16];
	snprintf(path, sizeof(path), "%s/%s.linux", folder, name);
	snprintf(argument, sizeof(argument), "%u", rounds);
	char qemu[] = "qemu-riscv32", *arguments[] = { qemu, path, argument, NULL };
	pid_t child;
	int status;
	struct rusage used;
	if (posix_spawnp(&child, qemu, NULL, NULL, arguments, environ) != 0 || wait4(child, &status, 0, &used) < 0)
		fail("cannot be run: install qemu-user", qemu);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail("wrong result under qemu-riscv32", name);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

/* ---- measuring ------------------------------------------------------------ */

static struct result measure(const char *folder, const struct kernel *kernel, int runs)
{
	struct image image = image_read(folder, kernel->name);
	unsigned rounds = calibrate(kernel->name, &image);
	unsigned plain_rounds = rounds / PLAIN_SHARE + 1;
	double mips[RUNS_MOST], of_qemu[RUNS_MOST], plain_mips[RUNS_MOST], plain_of_qemu[RUNS_MOST];
	struct result result = { 0 };
	for (int i = 0; i < runs; i++) {
		struct run run = run_droste(kernel->name, &image, rounds, false);
		double start = run_qemu(folder, kernel->name, 1);
		double qemu = run_qemu(folder, kernel->name, rounds) - start;
		struct run plain = run_droste(kernel->name, &image, plain_rounds, true);
		double qemu_mips = run.instructions / qemu / 1e6;
		mips[i] = run.instructions / run.seconds / 1e6;
		of_qemu[i] = mips[i] / qemu_mips;
		plain_mips[i] = plain.instructions / plain.seconds / 1e6;
		plain_of_qemu[i] = plain_mips[i] / qemu_mips;
		result.instructions = run.instructions;
	}
	result.mips = median(mips, runs);
	result.of_qemu = median(of_qemu, runs);
	result.plain_mips = median(plain_mips, runs);
	result.plain_of_qemu = median(plain_of_qemu, runs);
	return result;
}

/* In pairs with a run of ordinary instructions, as everything else. */
static struct trap_result measure_trap(const char *folder, const struct kernel *ordinary, const struct result *speed,
                                       int runs)
{
	struct image image = image_read(folder, "trap"), other = image_read(folder, ordinary->name);
	unsigned rounds = calibrate("trap", &image), other_rounds = calibrate(ordinary->name, &other);
	double nanoseconds[RUNS_MOST], instructions[RUNS_MOST];
	for (int i = 0; i < runs; i++) {
		struct run run = run_droste(ordinary->name, &other, other_rounds, false);
		double each = run.seconds / run.instructions;
		double trap = run_droste("trap", &image, rounds, false).seconds / rounds - TRAP_ORDINARY * each;
		nanoseconds[i] = trap * 1e9;
		instructions[i] = trap / each;
	}
	double trap = median(nanoseconds, runs);
	return (struct trap_result){ trap, median(instructions, runs), trap * speed->plain_mips / 1e3 };
}

/* ---- reporting ------------------------------------------------------------ */

static void print_table(const struct result *results, struct trap_result trap, int runs)
{
	printf("%-16s %12s %8s %9s %8s %9s %9s\n", "kernel", "instructions", "MIPS", "of qemu", "target", "plain", "of qemu");
	for (int i = 0; i < KERNELS; i++) {
		const struct result *r = &results[i];
		printf("%-16s %12.0f %8.0f %9.3f %8.2f %9.0f %9.4f%s\n", kernels[i].title, r->instructions, r->mips,
		       r->of_qemu, kernels[i].target, r->plain_mips, r->plain_of_qemu,
		       r->of_qemu < kernels[i].target ? "  below target" : "");
	}
	printf("a privileged trap and its LPSW: %.1f ns, as long as %.1f instructions (target: less than %d)%s,\n"
	       "or %.1f of the plain executor\n", trap.nanoseconds, trap.instructions, TRAP_TARGET,
	       trap.instructions < TRAP_TARGET ? "" : "  above target", trap.plain);
	printf("medians of %d paired runs; `of qemu` is the speed as a part of qemu-riscv32's\n", runs);
}

static void print_json(const struct result *results, struct trap_result trap, int runs)
{
	printf("{ \"runs\": %d,\n  \"kernels\": {\n", runs);
	for (int i = 0; i < KERNELS; i++) {
		const struct result *r = &results[i];
		printf("    \"%s\": { \"instructions\": %.0f, \"mips\": %.1f, \"of_qemu\": %.4f, \"target\": %.2f, "
		       "\"plain_mips\": %.1f, \"plain_of_qemu\": %.4f }%s\n", kernels[i].name, r->instructions, r->mips,
		       r->of_qemu, kernels[i].target, r->plain_mips, r->plain_of_qemu, i + 1 < KERNELS ? "," : "");
	}
	printf("  },\n  \"trap\": { \"nanoseconds\": %.2f, \"instructions\": %.2f, \"plain\": %.2f, \"target\": %d }\n}\n",
	       trap.nanoseconds, trap.instructions, trap.plain, TRAP_TARGET);
}

static int runs_wanted(void)
{
	const char *text = getenv("RUNS");
	int runs = text ? atoi(text) : 5;
	if (runs < 1 || runs > RUNS_MOST)
		fail("RUNS must be a number from 1 to 99", text);
	return runs;
}

int main(int argc, char **argv)
{
	bool json = argc == 3 && strcmp(argv[1], "--json") == 0;
	if (argc != 2 && !json) {
		fprintf(stderr, "usage: bench [--json] FOLDER\n");
		return 2;
	}
	const char *folder = argv[argc - 1];
	int runs = runs_wanted();
	struct result results[KERNELS];
	for (int i = 0; i < KERNELS; i++)
		results[i] = measure(folder, &kernels[i], runs);
	struct trap_result trap = measure_trap(folder, &kernels[0], &results[0], runs);
	(json ? print_json : print_table)(results, trap, runs);
	return 0;
}
