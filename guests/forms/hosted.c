/* A hosted monitor (type II): the reference monitor's dispatcher, interpreter routines,
 * allocator and scheduler, as they are, in a process of the tiny operating system.
 * What they ask of a machine is given here by system calls: the world runs in guest_run, which
 * comes back with its trap; the console lines are the process's files, and the disk is a
 * file.
 *
 *     hosted IMAGE [KIB]      boots the boot image in a VM of so much storage
 *
 * Line 0 is the monitor's own, for messages (file 2); line 1 the VM's (files 0 and 1).  Input
 * is only looked for when the VM waits, since a process cannot ask whether there is any.
 */

#include "guests/os/os.h"
#include "monitor/monitor.h"

enum { STORAGE = 256, STORAGE_MOST = 4096 /* KiB */, PAGE = 1024, INPUT = 128 };
enum { OWN_LINE, VM_LINE, LINES };
enum { DIRECTORY_SECTOR = 1, IMAGE_SECTOR = 2 };
enum { EXIT_USAGE = 125, EXIT_CHECK_STOP = 126, EXIT_DISABLED_WAIT = 127 };

_Noreturn void hosted(int argc, char **argv);
int32_t os_call(uint32_t a, uint32_t b, uint32_t c, uint32_t number);

static struct {
	int32_t image;        /* the file that is the VM's minidisk, */
	uint32_t sectors;     /* and its length */
	uint32_t storage;     /* bytes, of the VM */
	char input[INPUT];    /* n bytes that nobody has read */
	uint32_t n;
	bool armed;           /* the VM's line */
} host;

static uint32_t address(const void *p) { return (uint32_t)p; }

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static _Noreturn void leave(uint32_t code)
{
	for (;;)
		os_call(code, 0, 0, CALL_exit);
}

/* ---- what the machine does at its end ------------------------------------ */

void halt_machine(uint32_t code) { leave(code); }
void check_stop_machine(void) { leave(EXIT_CHECK_STOP); }

/* Only their addresses are used: as the PSW of an idle machine, and for traps that do not
 * come here. */
const char idle[4], trap_entry[4];

/* ---- the console --------------------------------------------------------- */

static void write_all(int32_t fd, uint32_t from, uint32_t n)
{
	for (int32_t done; n > 0; from += (uint32_t)done, n -= (uint32_t)done)
		if ((done = os_call((uint32_t)fd, from, n, CALL_write)) <= 0)
			return;
}

/* Waits for input; false if there will never be any. */
static bool await_input(void)
{
	int32_t n = os_call(0, address(host.input), INPUT, CALL_read);
	host.n = n > 0 ? (uint32_t)n : 0;
	return host.n > 0;
}

static uint32_t take_input(char *to, uint32_t most)
{
	uint32_t n = least(most, host.n);
	for (uint32_t i = 0; i < n; i++)
		to[i] = host.input[i];
	host.n -= n;
	for (uint32_t i = 0; i < host.n; i++)
		host.input[i] = host.input[i + n];
	return n;
}

static enum condition console(struct command_block *block)
{
	if (block->unit >= LINES)
		return CC_REFUSED;
	bool vms = block->unit == VM_LINE;
	switch (block->command) {
	case CONSOLE_QUERY: block->result = vms ? host.n : 0; break;
	case CONSOLE_ARM: host.armed |= vms; break;
	case CONSOLE_DISARM: host.armed &= !vms; break;
	case CONSOLE_WRITE:
		write_all(vms ? 1 : 2, block->buffer, block->count);
		block->result = block->count;
		break;
	case CONSOLE_READ:
		if (!vms || host.n == 0)
			return CC_NOTHING;
		block->result = take_input((char *)block->buffer, block->count);
		break;
	default: return CC_REFUSED;
	}
	return CC_DONE;
}

/* ---- the disk: a directory of our own, and behind it the file ------------- */

static void fill_directory(struct directory_entry *directory)
{
	for (int i = 0; i < DIRECTORY_ENTRIES; i++)
		directory[i] = (struct directory_entry){ 0 };
	directory[0] = (struct directory_entry){ IMAGE_SECTOR, host.sectors, host.storage, 1, "hosted", { 0 } };
}

static enum condition disk(struct command_block *block)
{
	if (block->command == DISK_QUERY) {
		block->result = IMAGE_SECTOR + host.sectors;
		return CC_DONE;
	}
	if (block->unit == DIRECTORY_SECTOR) {
		fill_directory((struct directory_entry *)block->buffer);
		return CC_DONE;
	}
	uint32_t call = block->command == DISK_READ ? CALL_read : CALL_write, fd = (uint32_t)host.image;
	os_call(fd, (block->unit - IMAGE_SECTOR) * SECTOR, 0, CALL_seek);
	for (int32_t done; block->result < block->count; block->result += (uint32_t)done)
		if ((done = os_call(fd, block->buffer + block->result, block->count - block->result, call)) <= 0)
			return CC_REFUSED;
	return CC_DONE;
}

enum condition sio(struct command_block *block)
{
	block->result = 0;
	return block->device == DEVICE_CONSOLE ? console(block) : disk(block);
}

/* ---- the machine that runs the VM ---------------------------------------- */

/* As if the machine beneath had trapped. */
static void trap(const struct psw *old, uint32_t cause, uint32_t tval)
{
	cells.old = *old;
	cells.cause = cause;
	cells.tval = tval;
	dispatcher();
}

static void run_world(void)
{
	static struct guest_state world;
	world.psw = cells.resume;
	for (int i = 1; i < 32; i++)
		world.x[i] = cells.registers[i];
	os_call(address(&world), 0, 0, CALL_guest_run);
	for (int i = 1; i < 32; i++)
		cells.registers[i] = world.x[i];
	trap(&world.psw, world.cause, world.tval);
}

/* Attention goes before the world does. */
static _Noreturn void run(void)
{
	for (;;) {
		bool is_idle = !(cells.resume.status & STATUS_M);
		if (host.armed && host.n > 0) {
			host.armed = false;
			trap(&cells.resume, CAUSE_IO, DEVICE_CONSOLE << 16 | VM_LINE);
		} else if (!is_idle) {
			run_world();
		} else if (!host.armed || !await_input()) {
			leave(EXIT_DISABLED_WAIT);
		}
	}
}

/* ---- the beginning ------------------------------------------------------- */

static uint32_t number(const char *text)
{
	uint32_t n = 0;
	while (*text >= '0' && *text <= '9' && n <= STORAGE_MOST)
		n = 10 * n + (uint32_t)(*text++ - '0');
	return *text ? 0 : n;
}

static _Noreturn void refuse(const char *why)
{
	say(why, NULL);
	leave(EXIT_USAGE);
}

/* Our storage must reach as far as the VM's is to. */
static uint32_t get_storage(uint32_t end)
{
	uint32_t now = (uint32_t)os_call(0, 0, 0, CALL_sbrk);
	if (end > now && os_call(end - now, 0, 0, CALL_sbrk) < 0)
		refuse("there is not so much storage");
	return end > now ? end : now;
}

extern char image_end[];

/* The arguments stand where the VM's storage will be: they are read first. */
void hosted(int argc, char **argv)
{
	struct file_status status;
	uint32_t kib = argc > 2 ? number(argv[2]) : STORAGE;
	if (argc < 2 || argc > 3 || kib == 0 || kib > STORAGE_MOST)
		refuse("usage: hosted IMAGE [KIB], at most 4096 KiB");
	host.image = os_call(address(argv[1]), OPEN_READ | OPEN_WRITE, 0, CALL_open);
	if (host.image < 0 || os_call((uint32_t)host.image, address(&status), 0, CALL_fstat) < 0)
		refuse("the image cannot be opened");
	host.sectors = status.size / SECTOR;
	host.storage = kib * PAGE;
	cells.directory = DIRECTORY_SECTOR;
	cells.tval = get_storage(address(image_end) + host.storage);
	boot();
	run();
}
