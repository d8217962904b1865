/* What picolibc asks of a system, given by the kernel's calls; and program.h.  Streams are
 * line-buffered to the terminal and else by the buffer.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio-bufio.h>
#include <sys/times.h>
#include <time.h>

#include "program.h"

int main(int argc, char **argv);
_Noreturn void program_main(int argc, char **argv);
void __libc_init_array(void);

static uint32_t address(const void *p) { return (uint32_t)(uintptr_t)p; }

/* A result as POSIX has it. */
static int result(int32_t value)
{
	if (value >= 0)
		return value;
	errno = -value;
	return -1;
}

#define CALL0(name)          result(os_call(0, 0, 0, CALL_##name))
#define CALL1(name, a)       result(os_call(a, 0, 0, CALL_##name))
#define CALL2(name, a, b)    result(os_call(a, b, 0, CALL_##name))
#define CALL3(name, a, b, c) result(os_call(a, b, c, CALL_##name))

/* ---- streams ------------------------------------------------------------- */

/* Something did not get where it should: a full disk, most likely.  Who has closed a pipe needs no more. */
static bool output_lost;

static ssize_t stream_write(int fd, const void *from, size_t n)
{
	ssize_t done = write(fd, from, n);
	output_lost |= done < 0 && errno != EPIPE;
	return done;
}

#define STREAM(fd, buffer, flag, buffering) \
	FDEV_SETUP_BUFIO(fd, buffer, sizeof(buffer), read, stream_write, lseek, close, flag, buffering)

static char buffers[3][512];

static struct __file_bufio streams[3] = {
	STREAM(STDIN_FILENO, buffers[0], __SRD, 0),
	STREAM(STDOUT_FILENO, buffers[1], __SWR, __BLBF),
	STREAM(STDERR_FILENO, buffers[2], __SWR, __BLBF),
};

FILE *const stdin = &streams[0].xfile.cfile.file;
FILE *const stdout = &streams[1].xfile.cfile.file;
FILE *const stderr = &streams[2].xfile.cfile.file;

_Noreturn void program_main(int argc, char **argv)
{
	static const char lost[] = ": output: not all of it could be written\n";
	__libc_init_array();
	int code = main(argc, argv);
	fflush(stdout);
	if (output_lost) {
		write(STDERR_FILENO, argv[0], strlen(argv[0]));
		write(STDERR_FILENO, lost, sizeof(lost) - 1);
		code = 1;
	}
	exit(code);
}

_Noreturn void _exit(int code)
{
	fflush(stdout);
	fflush(stderr);
	for (;;)
		os_call((uint32_t)code, 0, 0, CALL_exit);
}

/* ---- files --------------------------------------------------------------- */

ssize_t read(int fd, void *to, size_t n) { return CALL3(read, (uint32_t)fd, address(to), n); }

ssize_t write(int fd, const void *from, size_t n) { return CALL3(write, (uint32_t)fd, address(from), n); }

int open(const char *path, int flags, ...)
{
	static const uint32_t access[] = { [O_RDONLY] = OPEN_READ, [O_WRONLY] = OPEN_WRITE, [O_RDWR] = OPEN_READ | OPEN_WRITE };
	uint32_t ours = access[flags & O_ACCMODE];
	ours |= flags & O_CREAT ? OPEN_CREATE : 0;
	ours |= flags & O_TRUNC ? OPEN_TRUNCATE : 0;
	ours |= flags & O_APPEND ? OPEN_APPEND : 0;
	return CALL2(open, address(path), ours);
}

int close(int fd) { return CALL1(close, (uint32_t)fd); }

off_t lseek(int fd, off_t offset, int whence) { return CALL3(seek, (uint32_t)fd, (uint32_t)offset, (uint32_t)whence); }

static void to_posix(struct stat *to, const struct file_status *from)
{
	static const mode_t modes[] = { [TYPE_FILE] = S_IFREG | 0777, [TYPE_DIRECTORY] = S_IFDIR | 0777,
		[TYPE_TERMINAL] = S_IFCHR | 0666, [TYPE_PIPE] = S_IFIFO | 0666 };
	*to = (struct stat){ .st_mode = modes[from->type], .st_ino = (ino_t)from->inode,
		.st_nlink = (nlink_t)from->links, .st_size = (off_t)from->size, .st_blksize = 512 };
}

int os_status(const char *path, struct file_status *status) { return CALL2(stat, address(path), address(status)); }

int stat(const char *path, struct stat *to)
{
	struct file_status status;
	if (os_status(path, &status) < 0)
		return -1;
	to_posix(to, &status);
	return 0;
}

int fstat(int fd, struct stat *to)
{
	struct file_status status;
	if (CALL2(fstat, (uint32_t)fd, address(&status)) < 0)
		return -1;
	to_posix(to, &status);
	return 0;
}

int isatty(int fd)
{
	struct stat status;
	return fstat(fd, &status) == 0 && S_ISCHR(status.st_mode);
}

int dup(int fd) { return CALL2(dup, (uint32_t)fd, (uint32_t)-1); }
int dup2(int fd, int to) { return CALL2(dup, (uint32_t)fd, (uint32_t)to); }
int pipe(int fds[2]) { return CALL1(pipe, address(fds)); }
int link(const char *from, const char *to) { return CALL2(link, address(from), address(to)); }
int unlink(const char *path) { return CALL1(unlink, address(path)); }
int rename(const char *from, const char *to) { return CALL2(rename, address(from), address(to)); }
int mkdir(const char *path, mode_t mode) { return (void)mode, CALL1(mkdir, address(path)); }
int chdir(const char *path) { return CALL1(chdir, address(path)); }
int os_terminal(enum terminal_mode mode) { return CALL1(terminal, mode); }

/* ---- processes ----------------------------------------------------------- */

pid_t getpid(void) { return CALL0(getpid); }

/* What is buffered is the parent's to write. */
pid_t fork(void)
{
	fflush(stdout);
	return CALL0(fork);
}

int execv(const char *path, char *const argv[]) { return CALL2(exec, address(path), address(argv)); }
int os_wait(int *code) { return CALL1(wait, address(code)); }
int os_kill(int pid) { return CALL1(kill, (uint32_t)pid); }
int os_group(void) { return CALL0(group); }
int os_processes(struct process_status *table, int n) { return CALL2(processes, address(table), (uint32_t)n); }
int os_jail(const char *path, const struct jail_limits *limits) { return CALL2(jail, address(path), address(limits)); }
int os_guest_run(struct guest_state *guest) { return CALL1(guest_run, address(guest)); }

int kill(pid_t pid, int signal)
{
	if (pid == getpid())
		_exit(128 + signal);
	return os_kill(pid);
}

int os_halt(int code)
{
	fflush(stdout);
	return CALL1(halt, (uint32_t)code);
}

void *sbrk(ptrdiff_t bytes) { return (void *)(intptr_t)CALL1(sbrk, (uint32_t)bytes); }

/* ---- time: an instruction is a microsecond --------------------------------- */

uint64_t os_clock(void)
{
	uint64_t clock = 0;
	CALL1(clock, address(&clock));
	return clock;
}

void os_sleep(uint64_t instructions)
{
	uint64_t until = os_clock() + instructions;
	fflush(stdout);
	CALL1(sleep, address(&until));
}

clock_t times(struct tms *times)
{
	clock_t now = (clock_t)os_clock();
	*times = (struct tms){ .tms_utime = now };
	return now;
}

/* ---- errors -------------------------------------------------------------- */

int complain(const char *name, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", name, what, strerror(errno));
	return 1;
}
