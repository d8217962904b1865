/* What picolibc asks of the machine beneath it: streams, exit, the heap, time,
 * and the POSIX calls that a machine without files can only refuse.  Linked into
 * every program with a C library, together with start.S; it stands on console.c
 * and trap.c.
 *
 * Streams: stdout and stderr are line-buffered, so that a line is one transfer;
 * both are flushed before input is awaited and at every end.  stdin: CR, LF and CR LF
 * are all '\n'; byte 4 (Ctrl-D) is the end of input.  With console_echo, what is typed
 * is shown, and backspace works.  A program that waits for input which cannot come
 * any more leaves the machine in disabled wait.
 *
 * Time: the machine is one of 1 MIPS, an instruction a microsecond.  So clock() is
 * the number of instructions since reset, and the epoch is the reset.  To sleep takes
 * the timer, and no time of the host's.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio-bufio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "droste.h"

int main(int argc, char **argv);
int guest_main(void);
void __libc_init_array(void);

uint32_t storage_size;

int guest_main(void)
{
	static char *arguments[] = { "guest", NULL };
	__libc_init_array();
	exit(main(1, arguments));
}

/* ---- streams ------------------------------------------------------------ */

#define STREAM(fd, buffer, flag, buffering) \
	FDEV_SETUP_BUFIO(fd, buffer, sizeof(buffer), read, write, lseek, close, flag, buffering)

static char buffers[3][512];

static struct __file_bufio streams[3] = {
	STREAM(STDIN_FILENO, buffers[0], __SRD, 0),
	STREAM(STDOUT_FILENO, buffers[1], __SWR, __BLBF),
	STREAM(STDERR_FILENO, buffers[2], __SWR, __BLBF),
};

FILE *const stdin = &streams[0].xfile.cfile.file;
FILE *const stdout = &streams[1].xfile.cfile.file;
FILE *const stderr = &streams[2].xfile.cfile.file;

static void flush_streams(void)
{
	fflush(stdout);
	fflush(stderr);
}

/* Input that has arrived, bytes next to n, with '\n' at every end of line. */
static struct {
	char bytes[256];
	size_t next, n;
	bool after_cr; /* the last byte was a CR: an LF now belongs to it */
} input;

enum { END_OF_INPUT = 4, BACKSPACE = 8, DELETE = 127 };

bool console_echo;

static void input_keep(char c)
{
	bool second = c == '\n' && input.after_cr;
	input.after_cr = c == '\r';
	if (!second)
		input.bytes[input.n++] = c == '\r' ? '\n' : c;
}

/* One byte typed, into the line being edited and back to the screen. */
static void input_edit(char c)
{
	size_t before = input.n;
	if (c != BACKSPACE && c != DELETE) {
		input_keep(c);
		if (input.n > before && c != END_OF_INPUT)
			console_write(0, &input.bytes[before], 1);
	} else if (before > 0) {
		input.n--;
		console_write(0, "\b \b", 3);
	}
}

static bool line_is_complete(void)
{
	char last = input.n > 0 ? input.bytes[input.n - 1] : 0;
	return last == '\n' || last == END_OF_INPUT || input.n == sizeof(input.bytes);
}

static void input_await_line(void)
{
	char c;
	while (!line_is_complete() && console_read(0, &c, 1) > 0)
		input_edit(c);
}

static void input_await_bytes(void)
{
	char raw[sizeof(input.bytes)];
	while (input.n == 0) {
		size_t got = console_read(0, raw, sizeof(raw));
		for (size_t i = 0; i < got; i++)
			input_keep(raw[i]);
	}
}

static void input_await(void)
{
	flush_streams();
	input.next = input.n = 0;
	if (console_echo)
		input_await_line();
	else
		input_await_bytes();
}

static ssize_t refuse(int why)
{
	errno = why;
	return -1;
}

/* What has arrived, up to n bytes, but not beyond the end of input, which by itself
 * reads as 0 bytes. */
ssize_t read(int fd, void *to, size_t n)
{
	if (fd != STDIN_FILENO)
		return refuse(EBADF);
	if (n > 0 && input.next == input.n)
		input_await();
	size_t i = 0;
	while (i < n && input.next < input.n && input.bytes[input.next] != END_OF_INPUT)
		((char *)to)[i++] = input.bytes[input.next++];
	if (i == 0 && n > 0)
		input.next++;
	return (ssize_t)i;
}

ssize_t write(int fd, const void *from, size_t n)
{
	if (fd != STDOUT_FILENO && fd != STDERR_FILENO)
		return refuse(EBADF);
	console_write(0, from, n);
	return (ssize_t)n;
}

static bool is_open(int fd) { return fd >= STDIN_FILENO && fd <= STDERR_FILENO; }

int close(int fd) { return is_open(fd) ? 0 : (int)refuse(EBADF); }

off_t lseek(int fd, off_t offset, int whence)
{
	(void)offset, (void)whence;
	return (off_t)refuse(is_open(fd) ? ESPIPE : EBADF);
}

int isatty(int fd)
{
	if (!is_open(fd))
		refuse(EBADF);
	return is_open(fd);
}

int fstat(int fd, struct stat *status)
{
	if (!is_open(fd))
		return (int)refuse(EBADF);
	*status = (struct stat){ .st_mode = S_IFCHR | 0666, .st_blksize = sizeof(buffers[0]) };
	return 0;
}

/* There are no files. */
int open(const char *path, int flags, ...)
{
	(void)path;
	return (int)refuse((flags & O_ACCMODE) == O_RDONLY ? ENOENT : EROFS);
}

int stat(const char *path, struct stat *status) { return (void)path, (void)status, (int)refuse(ENOENT); }
int unlink(const char *path) { return (void)path, (int)refuse(ENOENT); }
int link(const char *from, const char *to) { return (void)from, (void)to, (int)refuse(ENOENT); }

/* ---- ends --------------------------------------------------------------- */

_Noreturn void _exit(int code)
{
	flush_streams();
	halt((uint32_t)code);
}

enum { THE_PROCESS = 1 };

pid_t getpid(void) { return THE_PROCESS; }

/* A signal that nobody handles: abort() comes here and so ends with 134. */
int kill(pid_t pid, int signal)
{
	if (pid != THE_PROCESS)
		return (int)refuse(ESRCH);
	if (signal != 0)
		_exit(128 + signal);
	return 0;
}

/* Says what the program said before, then what happened to it; unless saying
 * so traps again. */
__attribute__((weak)) void trap_handler(struct trap_frame *frame)
{
	static bool again;
	if (!again) {
		again = true;
		flush_streams();
	}
	trap_panic(frame);
}

/* ---- storage ------------------------------------------------------------ */

/* The stack's share of storage, at its top. */
static uint32_t stack_room(void) { return storage_size / 8; }

void *sbrk(ptrdiff_t increment)
{
	static uint32_t used;
	uint32_t start = (uint32_t)(uintptr_t)image_end, end = storage_size - stack_room();
	uint32_t room = end > start ? end - start : 0;
	if (increment < 0 ? 0 - (uint32_t)increment > used : (uint32_t)increment > room - used)
		return (void *)refuse(ENOMEM);
	void *old = image_end + used;
	used += (uint32_t)increment;
	return old;
}

/* ---- time --------------------------------------------------------------- */

enum { PER_SECOND = 1000000 }; /* instructions */

_Static_assert(CLOCKS_PER_SEC == PER_SECOND, "clock() counts instructions");

clock_t times(struct tms *times)
{
	clock_t now = (clock_t)stck();
	*times = (struct tms){ .tms_utime = now };
	return now;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
	(void)zone;
	uint64_t now = stck();
	*time = (struct timeval){ .tv_sec = (time_t)(now / PER_SECOND), .tv_usec = (suseconds_t)(now % PER_SECOND) };
	return 0;
}

int clock_gettime(clockid_t id, struct timespec *time)
{
	(void)id;
	uint64_t now = stck();
	*time = (struct timespec){ .tv_sec = (time_t)(now / PER_SECOND), .tv_nsec = (long)(now % PER_SECOND) * 1000 };
	return 0;
}

int clock_getres(clockid_t id, struct timespec *time)
{
	(void)id;
	*time = (struct timespec){ .tv_nsec = 1000 };
	return 0;
}

/* WAIT with the timer running, and no interrupt let in; then the mask is as before. */
static void sleep_for(uint32_t instructions)
{
	uint32_t mask = ssm(0);
	stmr(instructions);
	ssm(STATUS_TE);
	wait_for_interrupt();
	ssm(mask);
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
	uint64_t n = (uint64_t)time->tv_sec * PER_SECOND + (uint32_t)time->tv_nsec / 1000;
	for (; n > UINT32_MAX; n -= UINT32_MAX)
		sleep_for(UINT32_MAX);
	if (n > 0)
		sleep_for((uint32_t)n);
	if (left)
		*left = (struct timespec){ 0 };
	return 0;
}

int usleep(useconds_t microseconds)
{
	return nanosleep(&(struct timespec){ microseconds / PER_SECOND, (long)(microseconds % PER_SECOND) * 1000 }, NULL);
}

unsigned sleep(unsigned seconds)
{
	nanosleep(&(struct timespec){ .tv_sec = seconds }, NULL);
	return 0;
}
