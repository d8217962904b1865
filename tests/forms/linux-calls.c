/* A Linux program of bare system calls, which prints what each gives: the same under
 * qemu-riscv32 as when our system translates them (forms.sh).  Nothing here may depend on what
 * no two systems have in common: process numbers, times, addresses.
 */

#include <stddef.h>
#include <stdint.h>

_Noreturn void begin(const uint32_t *stack);

__asm__(".globl _start\n_start: mv a0, sp\n\tj begin");

static int32_t call(uint32_t number, uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e)
{
	register uint32_t a7 __asm__("a7") = number, a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c,
	                  a3 __asm__("a3") = d, a4 __asm__("a4") = e;
	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4) : "memory");
	return (int32_t)a0;
}

static uint32_t address(const void *p) { return (uint32_t)(uintptr_t)p; }

static uint32_t length(const char *text)
{
	uint32_t n = 0;
	while (text[n])
		n++;
	return n;
}

static void put(const char *text) { call(64, 1, address(text), length(text), 0, 0); }

static void tell(const char *what, int32_t value)
{
	char digits[12], *at = digits + sizeof(digits) - 1;
	uint32_t rest = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
	*at = '\0';
	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10) != 0);
	put(what);
	put(value < 0 ? " -" : " ");
	put(at);
	put("\n");
}

#define HERE ((uint32_t)-100)

static int32_t open_file(const char *path, uint32_t flags) { return call(56, HERE, address(path), flags, 0644, 0); }

static uint32_t sum(const uint8_t *bytes, uint32_t n)
{
	uint32_t all = 0;
	for (uint32_t i = 0; i < n; i++)
		all = all * 31 + bytes[i];
	return all & 0xFFFF;
}

static void files(const char *path)
{
	static uint8_t bytes[3000], back[3000];
	uint64_t where = 0;
	uint32_t parts[] = { address("one "), 4, address("two "), 4, address("three\n"), 6 };
	uint8_t statx[256];
	for (uint32_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * i + 7 * i);
	int32_t fd = open_file(path, 0102 | 01000);
	tell("open", fd);
	tell("write", call(64, (uint32_t)fd, address(bytes), sizeof(bytes), 0, 0));
	tell("writev", call(66, (uint32_t)fd, address(parts), 3, 0, 0));
	parts[3] = UINT32_MAX;
	tell("writev of a part below 0", call(66, (uint32_t)fd, address(parts), 3, 0, 0));
	tell("llseek beyond what a file can have", call(62, (uint32_t)fd, 0x7FFFFFFF, 0, address(&where), 0));
	tell("llseek", call(62, (uint32_t)fd, 0, 1000, address(&where), 0));
	tell("where", (int32_t)where);
	tell("read", call(63, (uint32_t)fd, address(back), sizeof(back), 0, 0));
	tell("sum", (int32_t)sum(back, 2014));
	tell("read at the end", call(63, (uint32_t)fd, address(back), 10, 0, 0));
	tell("statx", call(291, (uint32_t)fd, address(""), 0x1000, 0x7FF, address(statx)));
	tell("size", (int32_t)*(uint32_t *)(statx + 40));
	tell("mode", *(uint16_t *)(statx + 28) & 0170000);
	tell("exclusive", open_file(path, 0301));
	tell("dup", call(23, (uint32_t)fd, 0, 0, 0, 0));
	tell("close", call(57, (uint32_t)fd, 0, 0, 0, 0));
	tell("close again", call(57, (uint32_t)fd, 0, 0, 0, 0));
	fd = open_file(path, 02001);
	tell("append", call(64, (uint32_t)fd, address("end"), 3, 0, 0));
	tell("statx by name", call(291, HERE, address(path), 0, 0x7FF, address(statx)));
	tell("size", (int32_t)*(uint32_t *)(statx + 40));
	tell("unlink", call(35, HERE, address(path), 0, 0, 0));
	tell("open what is gone", open_file(path, 0));
	tell("a file as a directory", open_file("/proc-no-such/x", 0));
}

static void pipes(void)
{
	int32_t fds[2];
	char back[16] = "";
	tell("pipe", call(59, address(fds), 0, 0, 0, 0));
	tell("into it", call(64, (uint32_t)fds[1], address("through"), 7, 0, 0));
	tell("out of it", call(63, (uint32_t)fds[0], address(back), sizeof(back), 0, 0));
	put(back);
	put("\n");
}

static void storage(void)
{
	uint32_t end = (uint32_t)call(214, 0, 0, 0, 0, 0);
	uint32_t more = (uint32_t)call(214, end + 50000, 0, 0, 0, 0);
	tell("brk", (int32_t)(more - end));
	*(volatile uint32_t *)(uintptr_t)(end + 49996) = 42;
	tell("at its end", *(volatile int32_t *)(uintptr_t)(end + 49996));
	tell("read to nowhere", call(63, 0, 0xFFFFFFF0, 8, 0, 0));
	tell("no such call", call(4000, 0, 0, 0, 0, 0));
}

/* What must fail, and how. */
static void mistakes(void)
{
	enum { BAD = 77, DIRECTORY = 0x200 };
	static const char folder[] = "forms.dir", inside[] = "forms.dir/in";
	uint32_t parts[] = { address("x"), 1 };
	int32_t fds[2];
	uint8_t room[64];
	tell("open null", call(56, HERE, 0, 0, 0, 0));
	tell("open from what is not open", call(56, BAD, address("x"), 0, 0, 0));
	tell("open from a file", call(56, 1, address("x"), 0, 0, 0));
	tell("dup3 onto itself", call(24, 1, 1, 0, 0, 0));
	tell("dup3 with flags", call(24, 1, 9, 1, 0, 0));
	tell("dup3 onto nothing", call(24, 1, 0xFFFFFFFF, 0, 0, 0));
	tell("mkdir", call(34, HERE, address(folder), 0755, 0, 0));
	int32_t fd = open_file(folder, 0);
	tell("read a directory", call(63, (uint32_t)fd, address(room), sizeof(room), 0, 0));
	call(57, (uint32_t)fd, 0, 0, 0, 0);
	call(57, (uint32_t)open_file(inside, 0101), 0, 0, 0, 0);
	tell("unlink a directory", call(35, HERE, address(folder), 0, 0, 0));
	tell("rmdir a file", call(35, HERE, address(inside), DIRECTORY, 0, 0));
	tell("rmdir a full one", call(35, HERE, address(folder), DIRECTORY, 0, 0));
	tell("unlink with flags", call(35, HERE, address(inside), 0x999, 0, 0));
	tell("unlink", call(35, HERE, address(inside), 0, 0, 0));
	tell("rmdir", call(35, HERE, address(folder), DIRECTORY, 0, 0));
	tell("statx of what is not open", call(291, BAD, address("x"), 0, 0x7FF, address(room)));
	tell("statx null", call(291, HERE, 0, 0, 0x7FF, address(room)));
	tell("ioctl of what is not open", call(29, BAD, 0x5401, address(room), 0, 0));
	tell("fcntl of what is not open", call(25, BAD, 3, 0, 0, 0));
	tell("fcntl", call(25, 1, 2, 0, 0, 0));
	tell("pipe with flags", call(59, address(fds), 0x1234567, 0, 0, 0));
	tell("writev of -1", call(66, 1, address(parts), 0xFFFFFFFF, 0, 0));
	tell("writev from nowhere", call(66, 1, 0xF0000000, 1, 0, 0));
	tell("no such clock", call(403, 99, address(room), 0, 0, 0));
	tell("random with flags", call(278, address(room), 4, 0x99, 0, 0));
}

/* Ends by a signal. */
static void fault(char how)
{
	switch (how) {
	case 'b': __asm__ volatile("ebreak"); break;
	case 'i': __asm__ volatile(".word 0xFFFFFFFF"); break;
	case 'n': ((void (*)(void))(uintptr_t)0)(); break;
	default: *(volatile uint32_t *)(uintptr_t)0x7FF00000 = 0; break;
	}
}

void begin(const uint32_t *stack)
{
	const char *const *argv = (const char *const *)(stack + 1);
	tell("arguments", (int32_t)stack[0]);
	for (uint32_t i = 1; i < stack[0]; i++) {
		put(argv[i]);
		put("\n");
	}
	if (stack[0] > 2 && argv[1][0] == '-')
		fault(argv[2][0]);
	files(stack[0] > 1 ? argv[1] : "linux-calls.tmp");
	pipes();
	storage();
	mistakes();
	call(94, 42, 0, 0, 0, 0);
	for (;;)
		continue;
}
