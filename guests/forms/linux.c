/* System-call translation: programs made for Linux on RV32 run in a process of the tiny
 * operating system.  Their instructions are executed directly, by guest_run; only ECALL comes
 * back, and is done by our system's calls with other numbers, flags, layouts and errors.  The
 * idea of Wine (1993), FreeBSD's Linuxulator and gVisor.
 *
 *     linux PROGRAM [ARGUMENT]...     a static executable
 *
 * The program lives in a part of this process's storage under an R of its own: it can
 * reach nothing else, and every address that it passes is checked and moved.
 */

#include <elf.h>
#include <errno.h>

#include "program.h"

enum { HEAP = 256 << 10, STACK = 32 << 10, IMAGE_MOST = 2 << 20, ALIGNMENT = 16, WORDS_MOST = 64 };
enum { PAGE = 4096 /* of which the first is nobody's */ };

static struct {
	uint8_t *storage; /* size bytes, from 0 as the program sees it */
	uint32_t size;
	uint32_t heap, heap_least, heap_most;
	struct guest_state state;
} world;

/* ---- its addresses ------------------------------------------------------- */

static void *at(uint32_t address, uint32_t n)
{
	if (n > 0 && address < PAGE)
		return NULL;
	return address <= world.size && n <= world.size - address ? world.storage + address : NULL;
}

static const char *text_at(uint32_t address)
{
	const char *text = at(address, 0);
	return text && address >= PAGE && memchr(text, 0, world.size - address) ? text : NULL;
}

/* ---- results ------------------------------------------------------------- */

/* Our errors have newlib's numbers; up to ERANGE they are Linux's. */
static int32_t linux_error(int ours)
{
	enum { LINUX_NAMETOOLONG = 36, LINUX_NOSYS = 38, LINUX_NOTEMPTY = 39 };
	switch (ours) {
	case ENAMETOOLONG: return -LINUX_NAMETOOLONG;
	case ENOSYS: return -LINUX_NOSYS;
	case ENOTEMPTY: return -LINUX_NOTEMPTY;
	default: return -ours;
	}
}

static int32_t result(int32_t value) { return value < 0 ? linux_error(errno) : value; }

/* ---- files --------------------------------------------------------------- */

#define LINUX_CLOEXEC UINT32_C(02000000)

enum { LINUX_HERE = -100, LINUX_CREAT = 0100, LINUX_EXCL = 0200, LINUX_TRUNC = 01000, LINUX_APPEND = 02000 };

static bool is_directory(const struct stat *status) { return S_ISDIR(status->st_mode); }

/* A path, or below 0 why there is none. Those from an open directory we have not. */
static int32_t get_path(const char **path, uint32_t directory, uint32_t address)
{
	struct stat status;
	*path = text_at(address);
	if (!*path)
		return -EFAULT;
	if (**path == '/' || (int32_t)directory == LINUX_HERE)
		return 0;
	if (fstat((int)directory, &status) < 0)
		return linux_error(errno);
	return is_directory(&status) ? linux_error(ENOSYS) : -ENOTDIR;
}

static int32_t linux_openat(const uint32_t *a)
{
	const char *path;
	struct file_status status;
	int flags = (int)(a[2] & 3);
	int32_t error = get_path(&path, a[0], a[1]);
	if (error)
		return error;
	if (a[2] & LINUX_EXCL && a[2] & LINUX_CREAT && os_status(path, &status) == 0)
		return -EEXIST;
	flags |= a[2] & LINUX_CREAT ? O_CREAT : 0;
	flags |= a[2] & LINUX_TRUNC ? O_TRUNC : 0;
	flags |= a[2] & LINUX_APPEND ? O_APPEND : 0;
	return result(open(path, flags, 0666));
}

static int32_t linux_close(const uint32_t *a) { return result(close((int)a[0])); }
static int32_t linux_dup(const uint32_t *a) { return result(dup((int)a[0])); }

/* A program is never executed in its place, so nothing has to be closed then. */
static int32_t linux_dup3(const uint32_t *a)
{
	if (a[2] & ~LINUX_CLOEXEC || a[0] == a[1])
		return -EINVAL;
	return (int32_t)a[1] < 0 ? -EBADF : result(dup2((int)a[0], (int)a[1]));
}

static int32_t linux_fcntl64(const uint32_t *a)
{
	enum { GET_FLAGS = 1, SET_FLAGS }; /* of the descriptor: close on exec */
	struct stat status;
	if (fstat((int)a[0], &status) < 0)
		return linux_error(errno);
	return a[1] == GET_FLAGS || a[1] == SET_FLAGS ? 0 : -EINVAL;
}

static int32_t linux_read(const uint32_t *a)
{
	struct stat status;
	void *to = at(a[1], a[2]);
	if (fstat((int)a[0], &status) == 0 && is_directory(&status))
		return -EISDIR;
	return to ? result(read((int)a[0], to, a[2])) : -EFAULT;
}

static int32_t linux_write(const uint32_t *a)
{
	const void *from = at(a[1], a[2]);
	return from ? result(write((int)a[0], from, a[2])) : -EFAULT;
}

static bool lengths_fit(const uint32_t *parts, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if ((int32_t)parts[2 * i + 1] < 0)
			return false;
	return true;
}

/* One part after the other, until one is not done whole. */
static int32_t each_part(const uint32_t *a, int32_t (*move)(const uint32_t *a))
{
	enum { PARTS_MOST = 1024 };
	const uint32_t *parts = at(a[1], 8 * (a[2] % (PARTS_MOST + 1)));
	int32_t all = 0;
	if (a[2] > PARTS_MOST || !parts)
		return a[2] > PARTS_MOST ? -EINVAL : -EFAULT;
	if (!lengths_fit(parts, a[2]))
		return -EINVAL;
	for (uint32_t i = 0; i < a[2]; i++) {
		const uint32_t part[] = { a[0], parts[2 * i], parts[2 * i + 1] };
		int32_t n = move(part);
		if (n < 0)
			return all > 0 ? all : n;
		all += n;
		if ((uint32_t)n < part[2])
			break;
	}
	return all;
}

static int32_t linux_readv(const uint32_t *a) { return each_part(a, linux_read); }
static int32_t linux_writev(const uint32_t *a) { return each_part(a, linux_write); }

/* fd, offset high, low, where the result goes, whence.  No file of ours is as long as 2 GiB. */
static int32_t linux_llseek(const uint32_t *a)
{
	int64_t *to = at(a[3], sizeof(*to));
	int64_t offset = (int64_t)((uint64_t)a[1] << 32 | a[2]);
	if (!to)
		return -EFAULT;
	if (offset < INT32_MIN || offset > INT32_MAX)
		return -EINVAL;
	off_t where = lseek((int)a[0], (off_t)offset, (int)a[4]);
	if (where < 0)
		return linux_error(errno);
	int64_t wide = where;
	memcpy(to, &wide, sizeof(wide));
	return 0;
}

static int32_t linux_pipe2(const uint32_t *a)
{
	int *fds = at(a[0], 2 * sizeof(*fds));
	if (a[1] & ~LINUX_CLOEXEC)
		return -EINVAL;
	return fds ? result(pipe(fds)) : -EFAULT;
}

static int32_t linux_mkdirat(const uint32_t *a)
{
	const char *path;
	int32_t error = get_path(&path, a[0], a[1]);
	return error ? error : result(mkdir(path, 0777));
}

/* Ours takes away either; Linux must be told which. */
static int32_t linux_unlinkat(const uint32_t *a)
{
	enum { REMOVE_DIRECTORY = 0x200 };
	struct stat status;
	const char *path;
	int32_t error = a[2] & ~(uint32_t)REMOVE_DIRECTORY ? -EINVAL : get_path(&path, a[0], a[1]);
	if (error)
		return error;
	if (stat(path, &status) == 0 && is_directory(&status) != (a[2] == REMOVE_DIRECTORY))
		return is_directory(&status) ? -EISDIR : -ENOTDIR;
	return result(unlink(path));
}

static int32_t linux_linkat(const uint32_t *a)
{
	const char *from, *to;
	int32_t error = get_path(&from, a[0], a[1]);
	if (!error)
		error = get_path(&to, a[2], a[3]);
	return error ? error : result(link(from, to));
}

static int32_t linux_chdir(const uint32_t *a)
{
	const char *path = text_at(a[0]);
	return path ? result(chdir(path)) : -EFAULT;
}

/* Our system does not know a directory's path. */
static int32_t linux_getcwd(const uint32_t *a) { return (void)a, -ENOENT; }

/* TCGETS, by which libraries ask whether it is a terminal: it is in lines, with echo. */
static int32_t linux_ioctl(const uint32_t *a)
{
	enum { TCGETS = 0x5401, BYTES = 36 };
	struct stat status;
	void *to = at(a[2], BYTES);
	if (fstat((int)a[0], &status) < 0)
		return linux_error(errno);
	if (a[1] != TCGETS || !S_ISCHR(status.st_mode))
		return -ENOTTY;
	if (!to)
		return -EFAULT;
	memset(to, 0, BYTES);
	return 0;
}

/* struct statx, as far as it means something here. */
struct linux_statx {
	uint32_t mask, block_bytes;
	uint64_t attributes;
	uint32_t links, uid, gid;
	uint16_t mode, spare;
	uint64_t inode, size, blocks, attributes_mask;
	uint32_t rest[48];
};

_Static_assert(sizeof(struct linux_statx) == 256, "Linux's layout");

static int32_t linux_statx(const uint32_t *a)
{
	enum { EMPTY_PATH = 0x1000, BASIC = 0x7FF, UNIT = 512 };
	struct stat status;
	const char *path = text_at(a[1]);
	void *to = at(a[4], sizeof(struct linux_statx));
	bool by_descriptor = path && a[2] & EMPTY_PATH && *path == '\0';
	int32_t error = by_descriptor ? 0 : get_path(&path, a[0], a[1]);
	if (error || !to)
		return error ? error : -EFAULT;
	if ((by_descriptor ? fstat((int)a[0], &status) : stat(path, &status)) < 0)
		return linux_error(errno);
	const struct linux_statx x = { .mask = BASIC, .block_bytes = UNIT, .links = status.st_nlink, .mode = (uint16_t)status.st_mode,
		.inode = status.st_ino, .size = (uint64_t)status.st_size, .blocks = ((uint64_t)status.st_size + UNIT - 1) / UNIT };
	memcpy(to, &x, sizeof(x));
	return 0;
}

/* ---- the process --------------------------------------------------------- */

static int32_t linux_exit(const uint32_t *a) { exit((int)(a[0] & 0xFF)); }
static int32_t linux_exit_group(const uint32_t *a) { return linux_exit(a); }
static int32_t linux_getpid(const uint32_t *a) { return (void)a, getpid(); }
static int32_t linux_gettid(const uint32_t *a) { return (void)a, getpid(); }
static int32_t linux_set_tid_address(const uint32_t *a) { return (void)a, getpid(); }
static int32_t linux_getppid(const uint32_t *a) { return (void)a, 1; }
static int32_t linux_getuid(const uint32_t *a) { return (void)a, 0; }
static int32_t linux_geteuid(const uint32_t *a) { return (void)a, 0; }
static int32_t linux_getgid(const uint32_t *a) { return (void)a, 0; }
static int32_t linux_getegid(const uint32_t *a) { return (void)a, 0; }

/* Where the heap ends now, if it cannot end where it was to. */
static int32_t linux_brk(const uint32_t *a)
{
	if (a[0] >= world.heap_least && a[0] <= world.heap_most)
		world.heap = a[0];
	return (int32_t)world.heap;
}

/* Six texts of 65 bytes. */
static int32_t linux_uname(const uint32_t *a)
{
	enum { BYTES = 65 };
	static const char *const texts[] = { "Linux", "droste", "5.15.0", "translated", "riscv32", "" };
	char *to = at(a[0], sizeof(texts) / sizeof(texts[0]) * BYTES);
	if (!to)
		return -EFAULT;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		strncpy(to + i * BYTES, texts[i], BYTES);
	return 0;
}

enum { PER_SECOND = 1000000 /* instructions: one is a microsecond */, CLOCKS = 12 };

/* All of its clocks are ours. */
static int32_t give_time(const uint32_t *a, const void *time, uint32_t bytes)
{
	void *to = at(a[1], bytes);
	if (a[0] >= CLOCKS || !to)
		return a[0] >= CLOCKS ? -EINVAL : -EFAULT;
	memcpy(to, time, bytes);
	return 0;
}

static int32_t linux_clock_gettime64(const uint32_t *a)
{
	uint64_t now = os_clock();
	int64_t time[2] = { (int64_t)(now / PER_SECOND), (int64_t)(now % PER_SECOND * 1000) };
	return give_time(a, time, sizeof(time));
}

static int32_t linux_clock_gettime(const uint32_t *a)
{
	uint64_t now = os_clock();
	int32_t time[2] = { (int32_t)(now / PER_SECOND), (int32_t)(now % PER_SECOND * 1000) };
	return give_time(a, time, sizeof(time));
}

/* The same each time, as everything here. */
static int32_t linux_getrandom(const uint32_t *a)
{
	static uint32_t seed = 1974;
	enum { FLAGS = 7 };
	uint8_t *to = at(a[0], a[1]);
	if (a[2] & ~(uint32_t)FLAGS || !to)
		return a[2] & ~(uint32_t)FLAGS ? -EINVAL : -EFAULT;
	for (uint32_t i = 0; i < a[1]; i++)
		to[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
	return (int32_t)a[1];
}

/* ---- all of them --------------------------------------------------------- */

static int32_t carry_out(uint32_t number, const uint32_t *a)
{
	switch (number) {
#define LINUX(number, name) case number: return linux_##name(a);
#include "linux.def"
	default: return linux_error(ENOSYS);
	}
}

static const char *const cause_names[CAUSES] = {
#define CAUSE(symbol, name, tval) [CAUSE_##symbol] = name,
#include "isa/causes.def"
};

/* The signal that Linux would end it by.  At address 0 there is storage here, which R cannot take out; but a
 * program that has come to execute it has followed a null pointer. */
static int signal_for(uint32_t cause)
{
	enum { ILLEGAL = 4, TRAP = 5, BUS = 7, SEGMENT = 11 };
	if (cause == CAUSE_MEMORY || world.state.psw.pc < PAGE)
		return SEGMENT;
	return cause == CAUSE_BREAKPOINT ? TRAP : cause == CAUSE_MISALIGNED ? BUS : ILLEGAL;
}

static _Noreturn void fault(void)
{
	fprintf(stderr, "linux: %s trap at %lx, tval %lx\n", cause_names[world.state.cause], (unsigned long)world.state.psw.pc,
	        (unsigned long)world.state.tval);
	exit(128 + signal_for(world.state.cause));
}

static _Noreturn void run(void)
{
	uint32_t *x = world.state.x;
	for (;;) {
		if (os_guest_run(&world.state) < 0)
			exit(complain("linux", "guest_run"));
		if (world.state.cause != CAUSE_SVC)
			fault();
		x[10] = (uint32_t)carry_out(x[17], &x[10]);
		world.state.psw.pc += 4;
	}
}

/* ---- the beginning ------------------------------------------------------- */

static _Noreturn void refuse(const char *path, const char *why)
{
	fprintf(stderr, "linux: %s: %s\n", path, why);
	exit(126);
}

static bool read_at(int fd, uint32_t offset, void *to, uint32_t n)
{
	uint8_t *bytes = to;
	if (lseek(fd, (off_t)offset, SEEK_SET) < 0)
		return false;
	for (ssize_t done; n > 0; bytes += done, n -= (uint32_t)done)
		if ((done = read(fd, bytes, n)) <= 0)
			return false;
	return true;
}

static bool make_storage(uint32_t image_end)
{
	world.heap = world.heap_least = (image_end + ALIGNMENT - 1) & ~(uint32_t)(ALIGNMENT - 1);
	world.heap_most = world.heap + HEAP;
	world.size = world.heap_most + STACK;
	uint8_t *storage = calloc(1, world.size + ALIGNMENT);
	world.storage = storage + (-(uintptr_t)storage & (ALIGNMENT - 1));
	return storage != NULL;
}

/* The segments, twice: to see how far they reach, then into storage. */
static bool read_segments(int fd, const Elf32_Ehdr *header, uint32_t *end)
{
	for (uint32_t i = 0; i < header->e_phnum; i++) {
		Elf32_Phdr s;
		if (!read_at(fd, header->e_phoff + i * sizeof(s), &s, sizeof(s)))
			return false;
		if (s.p_type != PT_LOAD)
			continue;
		if (s.p_memsz > IMAGE_MOST || s.p_vaddr > IMAGE_MOST - s.p_memsz || s.p_filesz > s.p_memsz ||
		    (s.p_memsz > 0 && s.p_vaddr < PAGE))
			return false;
		if (world.storage && !read_at(fd, s.p_offset, at(s.p_vaddr, s.p_filesz), s.p_filesz))
			return false;
		if (s.p_vaddr + s.p_memsz > *end)
			*end = s.p_vaddr + s.p_memsz;
	}
	return *end > 0;
}

static void load(const char *path)
{
	enum { COMPRESSED = 1, FLOAT = 6 };
	Elf32_Ehdr header;
	uint32_t end = 0;
	int fd = open(path, O_RDONLY);
	if (fd < 0)
		exit(126 + complain("linux", path));
	if (!read_at(fd, 0, &header, sizeof(header)) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
	    header.e_ident[EI_CLASS] != ELFCLASS32 || header.e_machine != EM_RISCV || header.e_type != ET_EXEC ||
	    header.e_phentsize != sizeof(Elf32_Phdr) || !read_segments(fd, &header, &end))
		refuse(path, "not a static Linux program for RV32");
	if (header.e_flags & (COMPRESSED | FLOAT))
		refuse(path, "it has compressed or floating-point instructions: make it with -march=rv32im -mabi=ilp32");
	if (!make_storage(end) || !read_segments(fd, &header, &end))
		refuse(path, "there is not so much storage");
	close(fd);
	world.state.psw = (struct psw){ .pc = header.e_entry, .base = (uint32_t)(uintptr_t)world.storage, .bound = world.size };
}

/* As Linux does it: argc, argv, NULL, environment, NULL, auxiliary vector; the texts above. */
static void push_arguments(int argc, char **argv)
{
	enum { AT_NULL_ENTRY, AT_PAGE = 6, BEHIND = 6 };
	uint32_t words[WORDS_MOST] = { (uint32_t)argc }, top = world.size, n = 1 + (uint32_t)argc;
	if (n + BEHIND > WORDS_MOST)
		refuse(argv[0], "too many arguments");
	for (int i = 0; i < argc; i++) {
		uint32_t bytes = strlen(argv[i]) + 1;
		top -= bytes;
		memcpy(at(top, bytes), argv[i], bytes);
		words[1 + i] = top;
	}
	const uint32_t behind[BEHIND] = { 0, 0, AT_PAGE, PAGE, AT_NULL_ENTRY, 0 };
	memcpy(&words[n], behind, sizeof(behind));
	uint32_t sp = (top - 4 * (n + BEHIND)) & ~(uint32_t)(ALIGNMENT - 1);
	memcpy(at(sp, 4 * (n + BEHIND)), words, 4 * (n + BEHIND));
	world.state.x[2] = sp;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: linux PROGRAM [ARGUMENT]...\n");
		return 125;
	}
	load(argv[1]);
	push_arguments(argc - 1, argv + 1);
	run();
}
