/* A Linux program on picolibc: start-up and the few calls that it asks for, by number. */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio-bufio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv);
_Noreturn void begin(const uintptr_t *stack);
extern char _end[];

__asm__(".globl _start\n_start: .option push\n.option norelax\nla gp, __global_pointer$\n.option pop\n"
        "la tp, __tls_base\nmv a0, sp\nj begin");

static long call(long number, long a, long b, long c, long d)
{
	register long a7 __asm__("a7") = number, a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c,
	              a3 __asm__("a3") = d;
	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3) : "memory");
	return a0;
}

static long result(long value)
{
	if (value >= 0 || value < -4095)
		return value;
	errno = (int)-value;
	return -1;
}

ssize_t read(int fd, void *to, size_t n) { return result(call(63, fd, (long)to, (long)n, 0)); }
ssize_t write(int fd, const void *from, size_t n) { return result(call(64, fd, (long)from, (long)n, 0)); }
int close(int fd) { return (int)result(call(57, fd, 0, 0, 0)); }
int unlink(const char *path) { return (int)result(call(35, -100, (long)path, 0, 0)); }

off_t lseek(int fd, off_t offset, int whence)
{
	int64_t where = 0;
	register long a4 __asm__("a4") = whence;
	__asm__ volatile("" : : "r"(a4));
	long error = result(call(62, fd, (long)(offset >> 31), (long)offset, (long)&where));
	return error < 0 ? -1 : (off_t)where;
}

/* newlib's flags are not Linux's. */
int open(const char *path, int flags, ...)
{
	long linux_flags = (flags & O_ACCMODE) | (flags & O_CREAT ? 0100 : 0) | (flags & O_TRUNC ? 01000 : 0) |
	                   (flags & O_APPEND ? 02000 : 0);
	return (int)result(call(56, -100, (long)path, linux_flags, 0644));
}

void *sbrk(ptrdiff_t bytes)
{
	static uintptr_t end;
	if (!end)
		end = (uintptr_t)call(214, 0, 0, 0, 0);
	uintptr_t old = end, got = (uintptr_t)call(214, (long)(end + (uintptr_t)bytes), 0, 0, 0);
	if (got != old + (uintptr_t)bytes) {
		errno = ENOMEM;
		return (void *)-1;
	}
	end = got;
	return (void *)old;
}

_Noreturn void _exit(int code)
{
	for (;;)
		call(94, code, 0, 0, 0);
}

static char buffers[2][256];

static struct __file_bufio streams[2] = {
	FDEV_SETUP_BUFIO(0, buffers[0], sizeof(buffers[0]), read, write, lseek, close, __SRD, 0),
	FDEV_SETUP_BUFIO(1, buffers[1], sizeof(buffers[1]), read, write, lseek, close, __SWR, __BLBF),
};

FILE *const stdin = &streams[0].xfile.cfile.file;
FILE *const stdout = &streams[1].xfile.cfile.file;
FILE *const stderr = &streams[1].xfile.cfile.file;

void begin(const uintptr_t *stack) { exit(main((int)stack[0], (char **)(stack + 1))); }
