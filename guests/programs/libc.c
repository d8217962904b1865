/* The C library on PG-32: what of it stands on guests/lib.  Streams and their ends of
 * line and of input, numbers long and broken, storage, time, jumps, errors, and
 * what happens before and after main.
 */
// input: "first line\r\n42 -7 0x1F 2.5e-3 word\runread\n\x04after the end\n\x04"
// expect-exit: 7
// expect-output: "main(1, { \"guest\", NULL }), 1 constructor, 17 and 0 of the thread\n"
// expect-output: "   42|42   |00042|+42|beef|010|c|str|%\n"
// expect-output: "-1234567890123456789 18446744073709551615 123456789abcdef 4 -5\n"
// expect-output: "3.141590 6.02e+23 1e-10 0.1     -2.500 0x1p+0\n"
// expect-output: "1.41421 0.841471 1.26765e+30 -3\n"
// expect-output: "17 0.333333333333333\n"
// expect-output: "998244359987710471 -142857142857 inf\n"
// expect-output: "[first line\n"
// expect-output: "] 5 read: 42 -7 31 0.0025 word\n"
// expect-output: "then 10, 88\n"
// expect-output: "[unread\n"
// expect-output: "] end of file 1, error 0\n"
// expect-output: "[after the end] after it\n"
// expect-output: "0 bytes spoilt; 16 MiB: NULL, errno ENOMEM\n"
// expect-output: "-3 0 5 7 9\n"
// expect-output: "setjmp returned 3, 4 times in all\n"
// expect-output: "fopen: NULL, No such file or directory\n"
// expect-output: "lseek: -1, ESPIPE\n"
// expect-output: "write to 9: -1, EBADF; a terminal: 1\n"
// expect-output: "signal caught: 1\n"
// expect-output: "clock: plausible, the others: in step\n"
// expect-output: "slept 10 hours\n"
// expect-output: "atexit, registered last\n"
// expect-output: "atexit, registered first\n"
// expect-output: "destructor\n"
// expect-output: "unfinished line, "
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static _Thread_local int thread_local_set = 17;
static _Thread_local int thread_local_zero;
static int constructed;

__attribute__((constructor)) static void construct(void) { constructed++; }
__attribute__((destructor)) static void destruct(void) { printf("destructor\n"); }
static void last(void) { printf("atexit, registered first\n"); }
static void first(void) { printf("atexit, registered last\n"); }

static void test_main(int argc, char **argv)
{
	printf("main(%d, { \"%s\", %s }), %d constructor, %d and %d of the thread\n", argc, argv[0],
	       argv[1] ? "more" : "NULL", constructed, thread_local_set, thread_local_zero);
}

static void test_printf(void)
{
	char text[40];
	printf("%5d|%-5d|%05d|%+d|%x|%#o|%c|%.3s|%%\n", 42, 42, 42, 42, 0xBEEFu, 8u, 'c', "string");
	printf("%lld %llu %llx %zu %td\n", -1234567890123456789LL, ~0ULL, 0x123456789ABCDEFULL, sizeof(long),
	       (ptrdiff_t)-5);
	printf("%f %.2e %g %.17g %10.3f %a\n", 3.14159, 6.02214e23, 1e-10, 0.1, -2.5, 1.0);
	printf("%g %g %g %d\n", sqrt(2), sin(1), pow(2, 100), (int)floor(-2.5));
	printf("%d %s\n", snprintf(text, sizeof(text), "%.15g", 1.0 / 3), text);
	printf("%lld %lld %g\n", 1000000007LL * 998244353LL, -1000000000000LL / 7, 1e300 * 1e10);
}

static void test_input(void)
{
	char line[40], word[10];
	int a, b, c;
	double d;
	printf("[%s]", fgets(line, sizeof(line), stdin) ? line : "?");
	int n = scanf("%d %d %i %lf %9s", &a, &b, &c, &d, word);
	printf(" %d read: %d %d %d %g %s\n", n, a, b, c, d, word);
	printf("then %d, ", getchar());
	ungetc('X', stdin);
	printf("%d\n", getchar());
	while (fgets(line, sizeof(line), stdin))
		printf("[%s]", line);
	printf(" end of file %d, error %d\n", feof(stdin) != 0, ferror(stdin) != 0);
	clearerr(stdin);
	printf("[%s] after it\n", fgets(line, sizeof(line), stdin) ? strtok(line, "\n") : "?");
}

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static void test_storage(void)
{
	enum { BLOCKS = 40 };
	char *blocks[BLOCKS];
	int spoilt = 0;
	for (int i = 0; i < BLOCKS; i++)
		memset(blocks[i] = malloc(100 * (size_t)i + 1), i, 100 * (size_t)i + 1);
	for (int i = 0; i < BLOCKS; i += 2)
		free(blocks[i]);
	for (int i = 1; i < BLOCKS; i += 2) {
		blocks[i] = realloc(blocks[i], 200 * (size_t)i);
		for (int j = 0; j <= 100 * i; j++)
			spoilt += blocks[i][j] != i;
		free(blocks[i]);
	}
	errno = 0;
	void *too_much = malloc(16 << 20);
	printf("%d bytes spoilt; 16 MiB: %s, errno %s\n", spoilt, too_much ? "got" : "NULL",
	       errno == ENOMEM ? "ENOMEM" : "?");
	int numbers[] = { 5, -3, 9, 0, 7 };
	qsort(numbers, 5, sizeof(int), compare);
	printf("%d %d %d %d %d\n", numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
}

static jmp_buf place;

static void test_jumps(void)
{
	volatile int turns = 0;
	int value = setjmp(place);
	turns++;
	if (value < 3)
		longjmp(place, value + 1);
	printf("setjmp returned %d, %d times in all\n", value, turns);
}

static volatile sig_atomic_t caught;

static void on_signal(int number) { caught = number; }

static void test_errors(void)
{
	errno = 0;
	FILE *none = fopen("none", "r");
	printf("fopen: %s, %s\n", none ? "open" : "NULL", strerror(errno));
	printf("lseek: %ld, %s\n", (long)lseek(1, 0, SEEK_SET), errno == ESPIPE ? "ESPIPE" : "?");
	printf("write to 9: %ld, %s; a terminal: %d\n", (long)write(9, "", 1), errno == EBADF ? "EBADF" : "?", isatty(0));
	signal(SIGUSR1, on_signal);
	raise(SIGUSR1);
	printf("signal caught: %d\n", caught == SIGUSR1);
}

/* A microsecond is an instruction. */
static void test_time(void)
{
	struct timespec t;
	struct timeval v;
	clock_t before = clock();
	for (volatile int i = 0; i < 1000; i = i + 1)
		;
	clock_t spent = clock() - before;
	clock_gettime(CLOCK_MONOTONIC, &t);
	gettimeofday(&v, NULL);
	long apart = (v.tv_sec - t.tv_sec) * 1000000 + v.tv_usec - t.tv_nsec / 1000;
	printf("clock: %s, the others: %s\n", spent > 3000 && spent < 10000 ? "plausible" : "wrong",
	       apart > 0 && apart < 1000 ? "in step" : "apart");
	time_t evening = time(NULL);
	sleep(10 * 3600);
	printf("slept %ld hours\n", (long)(time(NULL) - evening) / 3600);
}

int main(int argc, char **argv)
{
	atexit(last);
	atexit(first);
	test_main(argc, argv);
	test_printf();
	test_input();
	test_storage();
	test_jumps();
	test_errors();
	test_time();
	fprintf(stderr, "unfinished line, ");
	return 7;
}
